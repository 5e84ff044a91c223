"""The phone's place in the tray: what it says, what can be done there, and trays that come late."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from desktop_bus import DAEMON, DesktopBus, TrayWatcher, without_a_bus
from drawn import Drawn
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Outcome, Past, Standing
from twocan.gui.around.session_bus import SessionBus
from twocan.gui.around.tray import Tray
from twocan.gui.around.tray_icons import SIDES, Sign, tray_icon
from twocan.states import CallView, State

CALL = CallView(
    "sid-1",
    "caller@site.example",
    outgoing=False,
    state=State.INCOMING,
    end=None,
    ended_by=None,
    held=False,
    held_by_peer=False,
    muted=False,
    muted_by_peer=False,
    verification=None,
    times=MappingProxyType({}),
)
TALKING = replace(CALL, state=State.ACTIVE)
NAMES = MappingProxyType({CALL.peer: "Demo Person"})
IDLE = DeskView(standing=Standing.ONLINE, ready=True, names=NAMES)
QUIET = replace(IDLE, settings=Settings(do_not_disturb=True))
MISSED = Past("sid-9", CALL.peer, False, Outcome.MISSED, 0.0, seen=False)


@pytest.fixture
def tray(qtbot: QtBot, drawn: Drawn) -> Iterator[Tray]:
    with without_a_bus():
        owner = QObject()
        bus = SessionBus(owner)
        made = Tray(drawn, bus, owner)
        yield made
        made.close()
        bus.close()
        owner.deleteLater()


def offered(tray: Tray) -> list[str]:
    """What can be chosen, as it is read."""
    return [action.text() for action in shown(tray) if action.isEnabled()]


def shown(tray: Tray) -> list[QAction]:
    actions = tray.menu.actions()
    return [action for action in actions if action.isVisible() and not action.isSeparator()]


def choose(tray: Tray, text: str) -> None:
    (action,) = (action for action in shown(tray) if action.text() == text)
    action.trigger()


# --- what it says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "sign", "words"),
    [
        (DeskView(), Sign.OFFLINE, "Starting…"),
        (IDLE, Sign.ONLINE, "Ready for calls"),
        (
            replace(IDLE, standing=Standing.OFFLINE),
            Sign.OFFLINE,
            "Offline, trying again by itself",
        ),
        (QUIET, Sign.QUIET, "Do not disturb: calls do not ring"),
        (replace(QUIET, standing=Standing.NOBODY), Sign.OFFLINE, "Nobody is signed in"),
        (replace(IDLE, past=(MISSED,)), Sign.MISSED, "1 missed call(s)"),
        (replace(QUIET, past=(MISSED,), calls=(CALL,)), Sign.CALL, "Demo Person is calling"),
        (
            replace(IDLE, calls=(replace(CALL, state=State.RINGING),)),
            Sign.CALL,
            "Calling Demo Person",
        ),
        (replace(IDLE, calls=(TALKING,)), Sign.CALL, "In a call with Demo Person"),
        (replace(IDLE, calls=(replace(TALKING, held=True),)), Sign.CALL, "Demo Person is on hold"),
        (
            replace(IDLE, calls=(TALKING, replace(CALL, sid="sid-2", peer="b@site.example"))),
            Sign.CALL,
            "b is calling",
        ),
    ],
)
def test_icon_and_words_say_what_matters_most(
    tray: Tray, view: DeskView, sign: Sign, words: str
) -> None:
    tray.show_desk(view)
    assert tray.sign is sign
    assert tray.words == words
    first = shown(tray)[0]
    assert first.text() == words
    assert not first.isEnabled()


@pytest.mark.parametrize("sign", list(Sign))
def test_every_sign_has_an_icon_of_its_own_at_every_size(qtbot: QtBot, sign: Sign) -> None:
    sizes = {size.width() for size in tray_icon(sign).availableSizes()}
    assert sizes == set(SIDES)
    images = [tray_icon(each).pixmap(22, 22).toImage() for each in Sign]
    assert images.count(tray_icon(sign).pixmap(22, 22).toImage()) == 1


def test_a_hostile_name_is_one_line_of_text(tray: Tray) -> None:
    names = MappingProxyType({CALL.peer: "<img src='x'>\nR&D" + "y" * 999})
    tray.show_desk(replace(IDLE, names=names, calls=(CALL,)))
    assert "<" not in tray.words
    assert len(tray.words) < 100
    # Two, or the desktop would take one for the mark of a key.
    assert "R&&D" in shown(tray)[0].text()


# --- what can be done ------------------------------------------------------------------------


def test_at_rest_it_offers_the_window_quiet_settings_and_an_end(tray: Tray) -> None:
    tray.show_desk(IDLE)
    assert offered(tray) == ["Open Twocan", "Do not disturb", "Settings", "Quit"]


@pytest.mark.parametrize(
    ("text", "signal"),
    [("Open Twocan", "open_wanted"), ("Settings", "settings_wanted"), ("Quit", "quit_wanted")],
)
def test_the_window_does_what_is_its_own(tray: Tray, qtbot: QtBot, text: str, signal: str) -> None:
    tray.show_desk(IDLE)
    with qtbot.waitSignal(getattr(tray, signal)):
        choose(tray, text)


@pytest.mark.parametrize(
    ("call", "text", "verb"),
    [
        (CALL, "Accept", ("answer", ("sid-1",), {"showing": False})),
        (
            replace(CALL, pictures=True),
            "Accept with camera",
            ("answer", ("sid-1",), {"showing": True}),
        ),
        (CALL, "Decline", ("decline", ("sid-1",), {})),
        (TALKING, "Mute", ("mute", ("sid-1", True), {})),
        (replace(TALKING, muted=True), "Mute", ("mute", ("sid-1", False), {})),
        (TALKING, "Hang up", ("hang_up", ("sid-1",), {})),
        (replace(CALL, state=State.RINGING), "Hang up", ("hang_up", ("sid-1",), {})),
    ],
)
def test_a_call_can_be_taken_muted_and_ended(
    tray: Tray, drawn: Drawn, call: CallView, text: str, verb: Any
) -> None:
    tray.show_desk(replace(IDLE, calls=(call,)))
    choose(tray, text)
    assert drawn.wanted.verbs == [verb]


def test_what_cannot_be_done_is_not_offered(tray: Tray) -> None:
    tray.show_desk(replace(IDLE, calls=(CALL,)))
    assert offered(tray)[:2] == ["Accept", "Decline"]
    tray.show_desk(replace(IDLE, calls=(TALKING,)))
    assert offered(tray)[:2] == ["Mute", "Hang up"]
    tray.show_desk(replace(IDLE, calls=(replace(CALL, state=State.DIALLING),)))
    assert offered(tray)[:2] == ["Hang up", "Open Twocan"]


def test_hanging_up_is_about_the_call_that_is_talked_in(tray: Tray, drawn: Drawn) -> None:
    held = replace(TALKING, sid="sid-held", held=True)
    ringing = replace(CALL, sid="sid-new")
    tray.show_desk(replace(IDLE, calls=(TALKING, held, ringing)))
    choose(tray, "Hang up")
    choose(tray, "Decline")
    assert [(verb, args) for verb, args, _ in drawn.wanted.verbs] == [
        ("hang_up", ("sid-1",)),
        ("decline", ("sid-new",)),
    ]


def test_an_end_during_a_call_says_that_it_ends_that_too(tray: Tray) -> None:
    tray.show_desk(replace(IDLE, calls=(TALKING,)))
    assert offered(tray)[-1] == "Quit, and end the call"
    tray.show_desk(replace(IDLE, calls=(replace(TALKING, state=State.ENDED),)))
    assert offered(tray)[-1] == "Quit"


def test_do_not_disturb_is_turned_on_and_off(tray: Tray, drawn: Drawn) -> None:
    tray.show_desk(IDLE)
    choose(tray, "Do not disturb")
    tray.show_desk(QUIET)
    (quiet,) = (action for action in shown(tray) if action.text() == "Do not disturb")
    assert quiet.isChecked()
    choose(tray, "Do not disturb")
    assert [about for _, _, about in drawn.wanted.verbs] == [
        {"do_not_disturb": True},
        {"do_not_disturb": False},
    ]


def test_what_is_checked_is_what_is_true_and_not_what_was_clicked(tray: Tray, drawn: Drawn) -> None:
    tray.show_desk(IDLE)
    choose(tray, "Do not disturb")
    tray.show_desk(IDLE)
    (quiet,) = (action for action in shown(tray) if action.text() == "Do not disturb")
    assert not quiet.isChecked()


class German(QTranslator):
    """Knows two texts of the menu."""

    def translate(
        self, context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        known = {("Tray", "Settings"): "Einstellungen", ("Tray", "Hang up"): "Auflegen"}
        return known.get((context, text))

    def isEmpty(self) -> bool:  # noqa: N802
        return False


def test_the_menu_changes_its_language(tray: Tray, drawn: Drawn, qapp: QApplication) -> None:
    tray.show_desk(replace(IDLE, calls=(TALKING,)))
    german = German()
    qapp.installTranslator(german)
    try:
        tray.speak()
        assert "Einstellungen" in offered(tray)
        choose(tray, "Auflegen")
        assert drawn.last == ("hang_up", ("sid-1",), {})
    finally:
        qapp.removeTranslator(german)


# --- trays -----------------------------------------------------------------------------------


def test_without_a_tray_there_is_no_way_back_and_it_says_so(tray: Tray) -> None:
    assert tray.available is QSystemTrayIcon.isSystemTrayAvailable()
    tray.say("A title", "a text")


PROGRAM = Path(__file__).parent / "in_a_tray.py"


@pytest.fixture
def display() -> Iterator[str]:
    """A display that nobody sees, on any free number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        process.terminate()


@pytest.mark.skipif(
    DAEMON is None or shutil.which("Xvfb") is None, reason="dbus-daemon or Xvfb is not installed"
)
def test_a_tray_that_starts_after_us_and_goes_and_comes(tmp_path: Path, display: str) -> None:
    # In a process of its own: Qt looks for the session's bus once.
    with DesktopBus(tmp_path) as session:
        environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "DBUS_SESSION_BUS_ADDRESS": session.address,
        }
        with subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            said = iter(child.stdout.readline, "")
            assert next(said) == "available: False\n"
            for _ in range(2):
                with TrayWatcher() as tray:
                    assert next(said) == "changed: True\n"
                    tray.click(tray.icons.get(timeout=30))
                    assert next(said) == "open wanted\n"
                    assert tray.icons.empty()
                assert next(said) == "changed: False\n"
            child.stdin.write("quit\n")
            child.stdin.close()
            assert child.wait(30) == 0
