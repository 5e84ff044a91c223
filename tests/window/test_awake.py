"""The screen stays on while it is told to, and never longer than the program lives."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot

from desktop_bus import DAEMON, DesktopBus, Inhibitor, without_a_bus
from twocan.gui.around.awake import Child, Inhibition, ThreadState
from twocan.gui.around.session_bus import BUS, SessionBus

needs_a_bus = pytest.mark.skipif(DAEMON is None, reason="dbus-daemon is not installed")

SCREEN_SAVER = "org.freedesktop.ScreenSaver"
SESSION_MANAGER = "org.gnome.SessionManager"
PORTAL = "org.freedesktop.portal.Desktop"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[DesktopBus]:
    with DesktopBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def bus(session: DesktopBus, qtbot: QtBot) -> Iterator[SessionBus]:
    ours = SessionBus()
    yield ours
    ours.close()
    ours.deleteLater()


def settle(bus: SessionBus, qtbot: QtBot) -> None:
    """Wait until the bus has carried all that was said to it, and what was said to that."""
    for _ in range(2):
        answered: list[object] = []
        bus.call(BUS, "GetId", answer=answered.append)
        qtbot.waitUntil(lambda: bool(answered))  # noqa: B023


# --- Linux -----------------------------------------------------------------------------------


@needs_a_bus
@pytest.mark.parametrize("name", [SCREEN_SAVER, SESSION_MANAGER, PORTAL])
def test_whichever_service_there_is_is_asked_and_told_when_it_is_over(
    bus: SessionBus, qtbot: QtBot, name: str
) -> None:
    awake = Inhibition(bus)
    with Inhibitor(name) as service:
        awake.keep(True)
        qtbot.waitUntil(lambda: len(service.held) == 1)
        awake.keep(True)
        settle(bus, qtbot)
        assert len(service.held) == 1
        awake.keep(False)
        qtbot.waitUntil(lambda: not service.held)
        awake.keep(True)
        qtbot.waitUntil(lambda: len(service.held) == 1)


@needs_a_bus
def test_what_is_said_is_what_each_service_wants(bus: SessionBus, qtbot: QtBot) -> None:
    awake = Inhibition(bus)
    with Inhibitor(SCREEN_SAVER, refuses=True), Inhibitor(SESSION_MANAGER) as manager:
        awake.keep(True)
        qtbot.waitUntil(lambda: bool(manager.held))
        ((_, said),) = manager.held.values()
        # "8: Inhibit the session being marked as idle"
        assert said == ("twocan", 0, "A video call", 8)


@needs_a_bus
def test_a_call_that_is_over_before_the_answer_leaves_nothing_behind(
    bus: SessionBus, qtbot: QtBot
) -> None:
    awake = Inhibition(bus)
    with Inhibitor(SCREEN_SAVER) as service:
        for on in (True, False, True, False):
            awake.keep(on)
        qtbot.waitUntil(lambda: service.asked == 2 and not service.held)
        for on in (True, False, True):
            awake.keep(on)
        qtbot.waitUntil(lambda: service.asked == 4 and len(service.held) == 1)


@needs_a_bus
def test_a_service_that_starts_anew_is_asked_anew(bus: SessionBus, qtbot: QtBot) -> None:
    awake = Inhibition(bus)
    with Inhibitor(SCREEN_SAVER) as first:
        awake.keep(True)
        qtbot.waitUntil(lambda: bool(first.held))
        settle(bus, qtbot)
    with Inhibitor(SCREEN_SAVER) as second:
        qtbot.waitUntil(lambda: len(second.held) == 1)
        awake.keep(False)
        qtbot.waitUntil(lambda: not second.held)
    with Inhibitor(SCREEN_SAVER) as third:
        settle(bus, qtbot)
        assert third.asked == 0


@needs_a_bus
def test_the_end_of_the_program_lets_the_screen_sleep(session: DesktopBus, qtbot: QtBot) -> None:
    program = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from twocan.gui.around.awake import Inhibition\n"
        "from twocan.gui.around.session_bus import SessionBus\n"
        "application = QCoreApplication([])\n"
        "bus = SessionBus()\n"
        "Inhibition(bus).keep(True)\n"
        "application.exec()\n"
    )
    with Inhibitor(SCREEN_SAVER) as service:
        child = subprocess.Popen([sys.executable, "-c", program])
        try:
            qtbot.waitUntil(lambda: len(service.held) == 1, timeout=20_000)
        finally:
            child.kill()
            child.wait()
        qtbot.waitUntil(lambda: not service.held)


@needs_a_bus
def test_a_desktop_that_has_no_such_service_is_no_trouble(bus: SessionBus, qtbot: QtBot) -> None:
    awake = Inhibition(bus)
    awake.keep(True)
    settle(bus, qtbot)
    awake.keep(False)
    settle(bus, qtbot)


def test_no_bus_is_no_trouble(qtbot: QtBot) -> None:
    with without_a_bus():
        bus = SessionBus()
        answered: list[object] = []
        awake = Inhibition(bus)
        awake.keep(True)
        bus.call(BUS, "GetId", answer=answered.append)
        qtbot.waitUntil(lambda: answered == [None])
        awake.keep(False)
        bus.deleteLater()


# --- Windows, macOS --------------------------------------------------------------------------


def test_windows_is_told_of_display_and_system_until_it_is_over() -> None:
    told: list[int] = []
    awake = ThreadState(told.append)
    awake.keep(True)
    awake.keep(False)
    # ES_CONTINUOUS | ES_DISPLAY_REQUIRED | ES_SYSTEM_REQUIRED, then ES_CONTINUOUS alone.
    assert told == [0x80000003, 0x80000000]


def test_a_child_keeps_the_screen_on_and_is_ended(qtbot: QtBot) -> None:
    owner = QObject()
    waits = "import sys; sys.stdin.read()"
    awake = Child(sys.executable, ["-c", waits], owner)
    awake.keep(True)
    awake.keep(True)
    (child,) = owner.findChildren(QProcess)
    qtbot.waitUntil(lambda: child.state() is QProcess.ProcessState.Running)
    with qtbot.waitSignals([child.finished, child.destroyed]):
        awake.keep(False)
    assert owner.findChildren(QProcess) == []
    awake.keep(False)
    owner.deleteLater()


def test_a_child_that_cannot_start_is_no_trouble(qtbot: QtBot) -> None:
    owner = QObject()
    awake = Child("/nowhere/caffeinate", [], owner)
    awake.keep(True)
    awake.keep(False)
    qtbot.waitUntil(lambda: owner.findChildren(QProcess) == [])
    owner.deleteLater()
