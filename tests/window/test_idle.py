"""The page of a phone that waits."""

import time
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from fitting import cut, show_at
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Known, Outcome, Past, Problem, Standing, Trouble
from twocan.gui.pages.idle import IdleView
from twocan.gui.pages.past_model import PastModel
from twocan.gui.pages.past_row import SHOWN, PastRow
from twocan.gui.theme import theme
from twocan.gui.tokens import DARK, LIGHT

NOW = time.time()
ME, DEMO, OTHER = "me@site.example", "demo@site.example", "k3v9x8q2mz7t@calls.site.example"
MISSED = Past("m", DEMO, outgoing=False, outcome=Outcome.MISSED, began=NOW - 60, seen=False)
CALLED = Past("c", OTHER, outgoing=True, outcome=Outcome.ANSWERED, began=NOW - 99, seconds=75.0)
IN_VAIN = Past("v", DEMO, outgoing=True, outcome=Outcome.NOT_REACHED, began=NOW - 900)
VIEW = DeskView(
    standing=Standing.ONLINE,
    account=Known(ME, name="Demo Caller"),
    names=MappingProxyType({DEMO: "Demo Person"}),
)
BOTH = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture
def idle(drawn: Drawn, qtbot: QtBot) -> Iterator[IdleView]:
    """The page, on the screen."""
    view = IdleView(drawn)
    qtbot.addWidget(view)
    drawn.changed.connect(view.show_desk)
    drawn.show(VIEW)
    view.resize(400, 660)
    view.show()
    qtbot.waitExposed(view)
    yield view
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def typed(qtbot: QtBot, idle: IdleView, text: str) -> None:
    """A person types this, and presses Enter."""
    qtbot.keyClicks(idle.callee.field.edit, text)
    qtbot.keyClick(idle.callee.field.edit, Qt.Key.Key_Return)


def focused(idle: IdleView, widget: QWidget, qtbot: QtBot) -> None:
    """The window is the one in use, and the keyboard is at this widget."""
    idle.activateWindow()
    qtbot.waitUntil(idle.isActiveWindow)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)


def spot(idle: IdleView, row: int) -> QPoint:
    return idle.past.rows.visualRect(idle.past.rows.model().index(row, 0)).center()


# --- whom to call -----------------------------------------------------------------------------


def test_an_address_and_enter_call(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    typed(qtbot, idle, DEMO)
    assert drawn.last == ("dial", (DEMO,), {"showing": False})


def test_the_second_button_calls_with_the_camera(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    qtbot.keyClicks(idle.callee.field.edit, f"  {DEMO}/phone ")
    qtbot.mouseClick(idle.callee.camera, Qt.MouseButton.LeftButton)
    assert drawn.last == ("dial", (DEMO,), {"showing": True})


def test_pressing_twice_calls_once(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    qtbot.keyClicks(idle.callee.field.edit, DEMO)
    for _ in range(2):
        qtbot.mouseClick(idle.callee.sound, Qt.MouseButton.LeftButton)
    assert [verb for verb, _, _ in drawn.wanted.verbs] == ["dial"]


@pytest.mark.parametrize("text", ["demo", "demo@", "a b@site.example", "", "xmpp:", "xmpp://me"])
def test_what_is_no_address_stays_and_is_told(
    idle: IdleView, drawn: Drawn, qtbot: QtBot, text: str
) -> None:
    typed(qtbot, idle, text)
    assert drawn.wanted.verbs == []
    assert idle.callee.field.edit.text() == text
    told = idle.callee.field.edit.accessibleDescription()
    assert told
    qtbot.keyClicks(idle.callee.field.edit, "x")
    assert not idle.callee.field.edit.accessibleDescription()


def test_nobody_calls_themselves(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    typed(qtbot, idle, ME)
    assert drawn.wanted.verbs == []
    assert "own address" in idle.callee.field.edit.accessibleDescription()


def test_a_pasted_link_is_followed(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    typed(qtbot, idle, "TWOCAN:site.example/abc?code=xyz")
    assert drawn.last == ("follow", ("TWOCAN:site.example/abc?code=xyz",), {})
    assert idle.callee.field.edit.text() == ""


@pytest.mark.parametrize(
    "uri",
    [
        "xmpp:demo@site.example",
        "XMPP:demo@site.example?call;type=audio",
        "xmpp:demo%40site.example#later",
        "xmpp://me@site.example/demo@site.example/phone?message",
    ],
)
def test_a_pasted_xmpp_uri_is_understood(
    idle: IdleView, drawn: Drawn, qtbot: QtBot, uri: str
) -> None:
    typed(qtbot, idle, uri)
    assert drawn.last == ("dial", (DEMO,), {"showing": False})


def test_a_part_of_a_name_finds_the_address(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(past=(CALLED,))
    focused(idle, idle.callee.field.edit, qtbot)
    qtbot.keyClicks(idle.callee.field.edit, "perso")
    people = idle.callee.people
    assert people.completionCount() == 1
    qtbot.keyClick(people.popup(), Qt.Key.Key_Down)
    assert idle.callee.field.edit.text() == DEMO
    qtbot.keyClick(people.popup(), Qt.Key.Key_Return)
    assert drawn.last == ("dial", (DEMO,), {"showing": False})


def test_what_is_being_typed_outlives_news(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    qtbot.keyClicks(idle.callee.field.edit, "de")
    drawn.show(past=(MISSED,), standing=Standing.OFFLINE)
    assert idle.callee.field.edit.text() == "de"


# --- who I am ---------------------------------------------------------------------------------


def test_it_says_who_is_signed_in_and_how_that_goes(idle: IdleView, drawn: Drawn) -> None:
    assert (idle.me.name.text(), idle.me.standing.text()) == ("Demo Caller", "Ready for calls")
    drawn.show(account=Known(ME), standing=Standing.OFFLINE)
    assert (idle.me.name.text(), idle.me.standing.text()) == (
        ME,
        "Offline, trying again by itself",
    )


def test_not_to_be_disturbed_is_a_key_away_and_drawn_from_the_desk(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    qtbot.keyClick(idle.me.quiet, Qt.Key.Key_Space)
    assert drawn.last == ("change", (), {"do_not_disturb": True})
    drawn.show(settings=Settings(do_not_disturb=True))
    assert idle.me.quiet.isChecked()
    assert "do not ring" in idle.me.standing.text()
    drawn.show(settings=Settings())
    assert not idle.me.quiet.isChecked()


def test_the_settings_are_asked_for(idle: IdleView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(idle.settings_wanted):
        qtbot.keyClick(idle.me.settings, Qt.Key.Key_Space)


def test_offline_can_be_tried_at_once(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(standing=Standing.OFFLINE, problem=Problem(Trouble.NO_NETWORK))
    assert idle.notice.isVisible()
    qtbot.mouseClick(idle.notice.button, Qt.MouseButton.LeftButton)
    assert drawn.last == ("try_again", (), {})


def test_a_problem_is_put_away(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(problem=Problem(Trouble.LINK_USED))
    assert "used before" in idle.notice.text()
    qtbot.mouseClick(idle.notice.button, Qt.MouseButton.LeftButton)
    assert drawn.last == ("dismiss", (), {})
    drawn.show(problem=None)
    assert not idle.notice.isVisible()


def test_who_is_not_let_in_can_sign_in_again(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    assert not idle.again.isVisible()
    drawn.show(standing=Standing.REFUSED, problem=Problem(Trouble.EXPIRED))
    with qtbot.waitSignal(idle.sign_in_wanted):
        qtbot.mouseClick(idle.again, Qt.MouseButton.LeftButton)


# --- calls of the past ------------------------------------------------------------------------


def test_where_there_are_no_calls_yet_it_says_how_to_begin(idle: IdleView, drawn: Drawn) -> None:
    assert idle.empty.isVisible()
    assert not idle.past.isVisible()
    drawn.show(past=(CALLED,))
    assert not idle.empty.isVisible()
    assert idle.past.isVisible()


def test_a_click_on_a_row_calls_back(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(past=(MISSED, CALLED))
    qtbot.mouseClick(idle.past.rows.viewport(), Qt.MouseButton.LeftButton, pos=spot(idle, 1))
    assert drawn.last == ("dial", (OTHER,), {"showing": False})


@pytest.mark.parametrize("direction", BOTH)
def test_a_click_on_a_rows_camera_calls_back_with_it(
    idle: IdleView, drawn: Drawn, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    QGuiApplication.setLayoutDirection(direction)
    drawn.show(past=(CALLED,))
    rows = idle.past.rows
    show_at(idle, 400, 660)
    edge = rows.visualRect(rows.model().index(0, 0))
    to_the_right = direction is Qt.LayoutDirection.LeftToRight
    at = QPoint(edge.right() - 20 if to_the_right else edge.left() + 20, edge.center().y())
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert drawn.last == ("dial", (OTHER,), {"showing": True})


def test_a_row_that_moves_under_the_finger_calls_nobody(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(past=(CALLED,))
    rows, at = idle.past.rows.viewport(), spot(idle, 0)
    qtbot.mousePress(rows, Qt.MouseButton.LeftButton, pos=at)
    drawn.show(past=(MISSED, CALLED))
    qtbot.mouseRelease(rows, Qt.MouseButton.LeftButton, pos=at)
    assert "dial" not in [verb for verb, _, _ in drawn.wanted.verbs]


def test_by_keyboard_alone(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(past=(replace(MISSED, seen=True), CALLED))
    focused(idle, idle.callee.field.edit, qtbot)
    order: list[QWidget | None] = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    assert order == [idle.callee.sound, idle.callee.camera, idle.past.rows]
    qtbot.keyClick(idle.past.rows, Qt.Key.Key_Return)
    assert drawn.last == ("dial", (DEMO,), {"showing": False})
    qtbot.keyClick(idle.past.rows, Qt.Key.Key_Down)
    qtbot.keyClick(idle.past.rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert drawn.last == ("dial", (OTHER,), {"showing": True})


def test_the_list_follows_the_keyboard(idle: IdleView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(past=tuple(replace(CALLED, sid=str(n)) for n in range(60)))
    show_at(idle, 320, 440)
    rows = idle.past.rows
    focused(idle, rows, qtbot)
    qtbot.keyClick(rows, Qt.Key.Key_End)
    last = rows.visualRect(rows.model().index(59, 0))
    shown = idle.past.viewport().rect().translated(0, idle.past.verticalScrollBar().value())
    assert shown.contains(last)


def test_the_row_that_the_keyboard_is_at_stays_so_when_a_call_is_added(
    idle: IdleView, drawn: Drawn
) -> None:
    drawn.show(past=(CALLED,))
    rows = idle.past.rows
    rows.setCurrentIndex(rows.model().index(0, 0))
    drawn.show(past=(MISSED, CALLED))
    assert rows.currentIndex().row() == 1


def test_missed_calls_are_seen_once_the_window_is_looked_at(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    drawn.show(past=(MISSED, CALLED))
    assert drawn.wanted.verbs == []
    idle.activateWindow()
    qtbot.waitUntil(lambda: drawn.wanted.verbs == [("saw_missed", (), {})])


def test_a_missed_call_is_news_until_the_page_is_left(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(past=(MISSED, CALLED))
    rows = idle.past.rows.model()
    assert [rows.index(row, 0).data(SHOWN).fresh for row in range(2)] == [True, False]
    assert "1" in idle.heading.text()
    drawn.show(past=(replace(MISSED, seen=True), CALLED))
    assert "1" in idle.heading.text()
    idle.hide()
    idle.show()
    assert idle.heading.text() == "Recent calls"


def test_rows_say_all_of_it_to_a_screen_reader(idle: IdleView, drawn: Drawn) -> None:
    drawn.show(past=(MISSED, CALLED, IN_VAIN))
    spoken = QAccessible.queryAccessibleInterface(idle.past.rows)
    assert spoken.childCount() == 3
    rows = [spoken.child(row).text(QAccessible.Text.Name) for row in range(3)]
    assert rows[0].startswith("Missed call from Demo Person, ")
    assert rows[1].startswith("You called k3v9x8q2mz7t, ")
    assert rows[1].endswith(": 1:15")
    assert rows[2].endswith(": Not reached")


def test_a_long_history_is_painted_only_where_it_is_seen(
    idle: IdleView, drawn: Drawn, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    answer = PastModel.data

    def counted(self: PastModel, index: QModelIndex, role: int = 0) -> object:
        if role == SHOWN:
            asked.append(index.row())
        return answer(self, index, role)

    monkeypatch.setattr(PastModel, "data", counted)
    drawn.show(past=tuple(replace(CALLED, sid=str(n)) for n in range(200)))
    show_at(idle, 400, 660)
    idle.grab()
    assert 0 < max(asked) < 20


def test_the_menu_copies_an_address_and_clears_the_history_after_a_question(
    idle: IdleView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(past=(CALLED,))
    menu = idle.past.rows.menu(CALLED)
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy address"].trigger()
    assert QGuiApplication.clipboard().text() == OTHER
    actions["Clear history…"].trigger()
    assert "clear_history" not in [verb for verb, _, _ in drawn.wanted.verbs]
    show_at(idle, 400, 660)
    assert idle.clearing.isVisible()
    qtbot.keyClick(idle.clearing.clear, Qt.Key.Key_Return)
    assert drawn.last == ("clear_history", (), {})
    assert not idle.clearing.isVisible()
    menu.deleteLater()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_the_history_is_kept_unless_somebody_means_it(
    idle: IdleView, drawn: Drawn, qtbot: QtBot, key: Qt.Key
) -> None:
    drawn.show(past=(CALLED,))
    focused(idle, idle.past.rows, qtbot)
    idle.clearing.ask()
    qtbot.keyClick(QApplication.focusWidget(), key)
    assert drawn.wanted.verbs == []
    assert not idle.clearing.isVisible()


# --- looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_cut(
    idle: IdleView, drawn: Drawn, width: int, direction: Qt.LayoutDirection, scale: float
) -> None:
    before = QApplication.font()
    larger = QApplication.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    QApplication.setFont(larger)
    QGuiApplication.setLayoutDirection(direction)
    try:
        for changes in (
            {"past": (MISSED, CALLED, IN_VAIN)},
            {"standing": Standing.REFUSED, "problem": Problem(Trouble.EXPIRED)},
            {"past": (), "problem": None, "settings": Settings(do_not_disturb=True)},
        ):
            drawn.show(None, **changes)
            show_at(idle, width, 440)
            assert cut(idle) == []
    finally:
        QApplication.setFont(before)


def test_it_turns_dark_with_the_system(idle: IdleView, drawn: Drawn) -> None:
    drawn.show(past=(MISSED, CALLED))
    show_at(idle, 400, 660)
    try:
        for dark, colours in ((True, DARK), (False, LIGHT)):
            theme().force(dark)
            QApplication.processEvents()
            row = idle.past.rows.grab().toImage()
            painted = {row.pixelColor(x, y).name() for x in range(48, 200) for y in range(52)}
            assert {colours.background, colours.bad} <= painted
    finally:
        theme().force(None)


def test_where_there_is_no_room_for_both_a_row_says_when_and_its_icon_what(
    idle: IdleView,
) -> None:
    row = PastRow(idle.past.rows)
    shown = PastModel(idle)
    shown.show_desk(replace(VIEW, past=(IN_VAIN,)), frozenset())
    seen = shown.index(0, 0).data(SHOWN)
    assert row.told(seen, 1000).startswith("Not reached · ")
    assert row.told(seen, 20) == seen.when
