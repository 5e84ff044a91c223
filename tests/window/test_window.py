"""The window: which page it shows, what lies on it, and what the person opened besides."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import a_call, settle, the
from twocan.desk.equipment import Equipped
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Invitation, Known, Problem, Standing, Trouble
from twocan.gui.in_call import InCallView
from twocan.gui.settings import SettingsView
from twocan.gui.settings.sections import Section
from twocan.gui.theme import Application
from twocan.gui.window import Page, Window, page_of
from twocan.states import End, State

ME = Known("me@site.example")
ONLINE = {"standing": Standing.ONLINE, "account": ME}
ENDED = a_call("over", State.ENDED, end=End.DECLINED, ended_by="them")
ASKED = Invitation("site.example", "Demo caller", "ana@site.example")
KEY = Qt.Key


@pytest.fixture
def window(drawn: Drawn, qtbot: QtBot) -> Window:
    window = Window(drawn)
    qtbot.addWidget(window, before_close_func=lambda widget: widget.hide())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def shown(window: Window) -> Page:
    return window.page


def calls(*states: State) -> dict[str, object]:
    return {"calls": tuple(a_call(str(at), state) for at, state in enumerate(states))}


# --- Which page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("so", "page"),
    [
        ({"ready": False}, Page.BEGINNING),
        ({}, Page.SIGN_IN),
        ({"standing": Standing.SIGNING_IN, "account": ME}, Page.IDLE),
        ({"standing": Standing.SIGNING_IN, "account": ME, "entering": True}, Page.SIGN_IN),
        ({"standing": Standing.REFUSED, "account": ME, "entering": True}, Page.SIGN_IN),
        ({"standing": Standing.REFUSED, "account": ME}, Page.IDLE),
        ({"standing": Standing.OFFLINE, "account": ME}, Page.IDLE),
        (ONLINE, Page.IDLE),
        ({"opening_link": True}, Page.ASKING),
        ({"invitation": ASKED}, Page.ASKING),
        (ONLINE | {"invitation": ASKED, "ended": ENDED}, Page.ASKING),
        (ONLINE | {"ended": ENDED}, Page.ENDED),
        (ONLINE | calls(State.DIALLING), Page.CALLING),
        (ONLINE | calls(State.RINGING), Page.CALLING),
        (ONLINE | calls(State.CONNECTING), Page.CALLING),
        (ONLINE | calls(State.ACTIVE), Page.IN_CALL),
        (ONLINE | calls(State.INCOMING), Page.INCOMING),
        (ONLINE | calls(State.INCOMING) | {"invitation": ASKED}, Page.INCOMING),
        (ONLINE | calls(State.ACTIVE, State.INCOMING), Page.IN_CALL),
        (ONLINE | calls(State.RINGING, State.INCOMING), Page.CALLING),
        (ONLINE | calls(State.ACTIVE, State.DIALLING), Page.CALLING),
        (ONLINE | calls(State.ACTIVE, State.ACTIVE), Page.IN_CALL),
    ],
)
def test_the_page_that_matters_most(so: dict[str, object], page: Page) -> None:
    assert page_of(replace(DeskView(ready=True), **so)) is page  # type: ignore[arg-type]


def test_each_page_is_there_when_it_is_wanted(window: Window, drawn: Drawn) -> None:
    shows = {
        Page.SIGN_IN: {},
        Page.IDLE: ONLINE,
        Page.ASKING: {"invitation": ASKED},
        Page.CALLING: calls(State.RINGING),
        Page.INCOMING: calls(State.INCOMING),
        Page.IN_CALL: calls(State.ACTIVE),
        Page.ENDED: {"ended": ENDED},
    }
    for page, so in shows.items():
        drawn.show(DeskView(**so))  # type: ignore[arg-type]
        assert shown(window) is page


# --- Nothing but the window ---------------------------------------------------------------------


class Flashes(QObject):
    """Takes note of whatever is shown as a window of its own."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if (
            event.type() is QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched is not self._window
        ):
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}".strip())
        return False


@pytest.fixture
def flashes(window: Window, qapp: Application) -> Iterator[Flashes]:
    flashes = Flashes(window)
    qapp.installEventFilter(flashes)
    yield flashes
    qapp.removeEventFilter(flashes)


def test_no_part_of_a_page_ever_flashes_up_as_a_window(
    window: Window, drawn: Drawn, flashes: Flashes
) -> None:
    problem = Problem(Trouble.WRONG_SECRET)
    known = Known(ME.address, "site.example", "Demo person", "a keyring")
    some: list[dict[str, object]] = [
        {"problem": problem, "accounts": (known,)},
        {"standing": Standing.REFUSED, "account": ME, "problem": problem},
        {"opening_link": True},
        {"invitation": replace(ASKED, showing=True, reason="Demo reason")},
        calls(State.RINGING, State.INCOMING),
        calls(State.INCOMING),
        calls(State.ACTIVE, State.ACTIVE, State.INCOMING),
        {"ended": replace(ENDED, camera_problem="the camera is busy: close what uses it")},
    ]
    for so in some:
        drawn.show(DeskView(**so))  # type: ignore[arg-type]
    drawn.show(DeskView(**calls(State.ACTIVE)))  # type: ignore[arg-type]
    view = the(window, InCallView)
    for key in (KEY.Key_K, KEY.Key_5, KEY.Key_M, KEY.Key_V):
        QTest.keyClick(view, key)
    for name in ("safety", "full"):
        getattr(view.heading, name).click()
    window.full_screen(False)
    settle()
    assert flashes.seen == []


def test_nor_does_any_of_the_settings(window: Window, drawn: Drawn, flashes: Flashes) -> None:
    known = Known(ME.address, "site.example", "Demo person", "a keyring")
    settings = Settings(trusted_sites=("site.example",))
    drawn.wanted.answers["devices"] = Equipped()
    drawn.show(DeskView(accounts=(known,), settings=settings, **ONLINE))  # type: ignore[arg-type]
    window.open_settings()
    for section in Section:
        the(window, SettingsView).open_page(section)
        settle()
    assert flashes.seen == []


# --- What the person opened ---------------------------------------------------------------------


def test_settings_are_open_until_a_call_comes_or_they_are_closed(
    window: Window, drawn: Drawn
) -> None:
    drawn.wanted.answers["devices"] = Equipped()
    drawn.show(DeskView(**ONLINE))  # type: ignore[arg-type]
    QTest.keyClick(window, KEY.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert shown(window) is Page.SETTINGS
    drawn.show(ended=ENDED)
    assert shown(window) is Page.SETTINGS
    drawn.show(DeskView(**ONLINE | calls(State.INCOMING)))  # type: ignore[arg-type]
    assert shown(window) is Page.INCOMING
    drawn.show(calls=(), ended=None)
    assert shown(window) is Page.IDLE


def test_settings_opened_while_it_rings_do_not_hide_who_calls(window: Window, drawn: Drawn) -> None:
    drawn.show(DeskView(**calls(State.INCOMING)))  # type: ignore[arg-type]
    window.open_settings()
    assert shown(window) is Page.INCOMING


def test_who_is_refused_signs_in_anew_or_goes_back(window: Window, drawn: Drawn) -> None:
    drawn.show(DeskView(standing=Standing.REFUSED, account=ME))
    window.open_sign_in()
    assert shown(window) is Page.SIGN_IN
    focused = window.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert focused.echoMode() is QLineEdit.EchoMode.Password
    window.close_sign_in()
    assert shown(window) is Page.IDLE
    window.open_sign_in()
    drawn.show(standing=Standing.ONLINE)
    assert shown(window) is Page.IDLE


# --- The window itself --------------------------------------------------------------------------


def test_closing_it_is_told_and_closes_nothing(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert window.isVisible()


def test_it_says_once_when_it_was_painted(drawn: Drawn, qtbot: QtBot) -> None:
    window = Window(drawn)
    qtbot.addWidget(window, before_close_func=lambda widget: widget.hide())
    told: list[bool] = []
    window.painted.connect(lambda: told.append(True))
    with qtbot.waitSignal(window.painted):
        window.show()
    window.repaint()
    settle()
    assert told == [True]


def test_the_whole_screen_is_left_with_the_call(window: Window, drawn: Drawn) -> None:
    drawn.show(DeskView(**calls(State.ACTIVE)))  # type: ignore[arg-type]
    window.full_screen(True)
    assert window.isFullScreen()
    drawn.show(calls=(), ended=ENDED)
    assert not window.isFullScreen()


def test_a_maximised_window_is_so_again_after_the_whole_screen(
    window: Window, drawn: Drawn
) -> None:
    window.showMaximized()
    window.full_screen(True)
    window.full_screen(False)
    assert window.isMaximized()
    assert not window.isFullScreen()


def test_another_language_has_all_pages_made_anew(window: Window, drawn: Drawn) -> None:
    drawn.show(DeskView(**ONLINE))  # type: ignore[arg-type]
    drawn.show(DeskView(**ONLINE | calls(State.ACTIVE)))  # type: ignore[arg-type]
    before = window.findChildren(InCallView)
    window.speak()
    assert shown(window) is Page.IN_CALL
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [view in before for view in window.findChildren(InCallView)] == [False]
    drawn.show(calls=())
    assert shown(window) is Page.IDLE


def test_the_keyboard_is_where_a_page_begins_although_it_came_while_one_was_elsewhere(
    window: Window, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(DeskView(**calls(State.ACTIVE)))  # type: ignore[arg-type]
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    drawn.show(DeskView(**ONLINE))  # type: ignore[arg-type]
    with qtbot.waitActive(window):
        window.activateWindow()
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_on_the_first_run_nothing_is_asked_but_who_one_is(window: Window, drawn: Drawn) -> None:
    drawn.show(DeskView())
    assert shown(window) is Page.SIGN_IN
    drawn.show(opening_link=True)
    assert shown(window) is Page.ASKING
    drawn.show(invitation=ASKED, opening_link=False)
    assert shown(window) is Page.ASKING
    drawn.show(invitation=None, standing=Standing.SIGNING_IN, account=ME)
    assert shown(window) is Page.IDLE, "no form where a link brought the person"
