"""Where things stand as the room for them changes, and when the keyboard's place is shown."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import a_call, put, seen, settle
from twocan.desk.equipment import Equipped
from twocan.gui.in_call import InCallView
from twocan.gui.in_call.keypad import Keypad
from twocan.gui.pages.sheet import Actions
from twocan.gui.parts import Avatar, PushButton, Scroll, column
from twocan.gui.parts.text import lines_of
from twocan.gui.tokens import Size, Space
from twocan.states import CallView

LEFT, BOTH = Qt.MouseButton.LeftButton, tuple(Qt.LayoutDirection)[:2]


def shown(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    settle()


# --- Buttons beside each other ----------------------------------------------------------------


def widths(qtbot: QtBot, room: int) -> tuple[list[int], bool]:
    """Of two buttons with a short and a long text, and whether they are side by side."""
    short, long = PushButton("Call"), PushButton("Call with your camera")
    actions = Actions(short, long)
    shown(qtbot, actions, room, 80)
    return [short.width(), long.width()], short.y() == long.y()


def test_buttons_are_of_one_width_where_there_is_room(qtbot: QtBot) -> None:
    (short, long), beside = widths(qtbot, 600)
    assert beside
    assert short == long


def test_buttons_are_as_wide_as_their_words_where_there_is_less(qtbot: QtBot) -> None:
    least = PushButton("Call with your camera").sizeHint().width()
    (short, long), beside = widths(qtbot, least + PushButton("Call").sizeHint().width() + 20)
    assert beside
    assert least <= long
    assert short < long


def test_buttons_are_below_each_other_where_there_is_least(qtbot: QtBot) -> None:
    (short, long), beside = widths(qtbot, PushButton("Call with your camera").sizeHint().width())
    assert not beside
    assert short == long


# --- What scrolls -----------------------------------------------------------------------------


@pytest.mark.parametrize("direction", BOTH)
def test_what_scrolls_stays_in_the_middle_beside_its_bar(
    qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    inner, high = QWidget(), QWidget()
    high.setMinimumHeight(100)
    inner.setLayout(column(high, margin=Space.LARGE))
    scroll = Scroll(inner)
    scroll.setLayoutDirection(direction)
    shown(qtbot, scroll, 300, 400)
    before = high.mapTo(scroll, QPoint()).x(), high.width()
    high.setMinimumHeight(1000)
    qtbot.waitUntil(scroll.verticalScrollBar().isVisible)
    settle()
    assert (high.mapTo(scroll, QPoint()).x(), high.width()) == before
    high.setMinimumHeight(100)
    qtbot.waitUntil(lambda: not scroll.verticalScrollBar().isVisible())
    settle()
    assert (high.mapTo(scroll, QPoint()).x(), high.width()) == before


# --- Words ------------------------------------------------------------------------------------


def test_a_long_address_breaks_at_its_joints() -> None:
    font = QFont(QApplication.font())
    lines = lines_of("somebody.with.names@quite.long.site.example", font, 160)
    assert len(lines) > 1
    assert "".join(lines) == "somebody.with.names@quite.long.site.example"
    assert all(line[-1] in ".-@_/" for line in lines[:-1])


def test_an_address_that_fits_on_a_line_is_not_broken() -> None:
    font = QFont(QApplication.font())
    lines = lines_of("It is a call from somebody@site.example", font, 180)
    assert any("somebody@site.example" in line for line in lines)


# --- In a call --------------------------------------------------------------------------------


def in_call(drawn: Drawn, qtbot: QtBot, call: CallView, size: tuple[int, int]) -> InCallView:
    drawn.wanted.answers["devices"] = Equipped()
    view = put(InCallView(drawn, clock=lambda: 175.0), drawn, qtbot, size)
    drawn.show(calls=(call,))
    settle()
    return view


def test_who_one_talks_with_gives_way_to_the_keypad(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(), (400, 660))
    view.controls.keypad.click()
    settle()
    sheet = view.findChild(Keypad)
    assert sheet is not None
    read = [view.person.name, view.person.duration, *view.person.findChildren(Avatar)]
    for part in read:
        if part.isVisible():
            assert part.mapTo(view, part.rect().bottomLeft()).y() < sheet.y(), part
    QTest.keyClick(view, Qt.Key.Key_Escape)
    settle()
    avatar = next(each for each in view.person.findChildren(Avatar) if each.isVisible())
    assert avatar.width() == Size.AVATAR_HUGE


def test_ones_own_picture_grows_with_a_large_window(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen(), (400, 660))
    assert view.own.width() == Size.OWN_PICTURE
    view.resize(1920, 1080)
    settle()
    assert view.own.width() == 1920 // 7


# --- The keyboard's place ---------------------------------------------------------------------


def test_what_opens_after_a_click_shows_no_ring_until_a_key_is_pressed(
    drawn: Drawn, qtbot: QtBot
) -> None:
    view = in_call(drawn, qtbot, a_call(), (400, 660))
    QTest.mouseClick(view.controls.keypad, LEFT)
    sheet = view.findChild(Keypad)
    assert sheet is not None
    key = sheet.first()
    assert key.hasFocus()
    assert not key.shows_focus()  # type: ignore[attr-defined]
    QTest.keyClick(key, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is not None
    QTest.keyClick(view, Qt.Key.Key_Escape)
    settle()
    QTest.keyClick(view.controls.keypad, Qt.Key.Key_Space)
    sheet = view.findChildren(Keypad)[-1]
    assert sheet.first().shows_focus()  # type: ignore[attr-defined]
