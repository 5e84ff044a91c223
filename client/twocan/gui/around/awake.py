"""The screen stays on while pictures are seen: nobody touches a keyboard while they watch.

Each system has its way. What was asked of a service of the session bus ends with our connection to
it, so that a program that dies lets the screen sleep again.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, QProcess

from twocan.gui.around.session_bus import Place, SessionBus

PROGRAM = "twocan"
_IDLE = 8
"""Not to be taken for idle: GNOME SessionManager's flag, and the portal's."""


class Awake(Protocol):
    """Keeps the screen on."""

    def keep(self, on: bool) -> None:
        """Keep it on from now, or no more. Said again, it changes nothing."""


def awake(bus: SessionBus, parent: QObject) -> Awake:
    """The way of the system that this runs on."""
    match sys.platform:
        case "win32":
            return ThreadState(_execution_state())
        case "darwin":
            # -w: it ends with us, however we end.
            return Child("/usr/bin/caffeinate", ["-d", "-w", str(os.getpid())], parent)
        case _:
            return Inhibition(bus)


# --- Linux, BSD ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the services that keep a screen on, and how it is told."""

    place: Place
    signature: str
    body: Callable[[str], tuple[Any, ...]]
    """What is said to ``Inhibit``, given why."""
    release: Callable[[SessionBus, Any], None]
    """Takes it back, given what ``Inhibit`` said."""


SCREEN_SAVER = Place(
    "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"
)
SESSION_MANAGER = Place(
    "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager"
)
PORTAL = Place(
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Inhibit",
)


def _close_request(bus: SessionBus, handle: str) -> None:
    bus.call(Place(PORTAL.service, handle, "org.freedesktop.portal.Request"), "Close")


_WAYS = (
    _Way(
        SCREEN_SAVER,
        "ss",
        lambda why: (PROGRAM, why),
        lambda bus, cookie: bus.call(SCREEN_SAVER, "UnInhibit", "u", (cookie,)),
    ),
    _Way(
        SESSION_MANAGER,
        "susu",
        lambda why: (PROGRAM, 0, why, _IDLE),
        lambda bus, cookie: bus.call(SESSION_MANAGER, "Uninhibit", "u", (cookie,)),
    ),
    _Way(
        PORTAL,
        "sua{sv}",
        lambda why: ("", _IDLE, {"reason": ("s", why)}),
        _close_request,
    ),
)
"""The first that answers is used."""


class Inhibition:
    """Asks a service of the session bus. One that starts anew is asked again."""

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus
        self._on = False
        self._asked = 0
        self._held: tuple[_Way, Any] | None = None
        self._followed: set[str] = set()
        self._owners: dict[str, str] = {}

    def keep(self, on: bool) -> None:
        if on is self._on:
            return
        self._on = on
        self._asked += 1
        if on:
            self._ask(_WAYS)
        elif self._held is not None:
            (way, cookie), self._held = self._held, None
            way.release(self._bus, cookie)

    def _ask(self, ways: tuple[_Way, ...]) -> None:
        if not ways:
            return
        asked, way = self._asked, ways[0]

        def answered(said: tuple[Any, ...] | None) -> None:
            if said and asked != self._asked:
                way.release(self._bus, said[0])
            elif said:
                self._held = way, said[0]
                self._follow(way)
            elif asked == self._asked:
                self._ask(ways[1:])

        why = QCoreApplication.translate("words", "A video call")
        self._bus.call(way.place, "Inhibit", way.signature, way.body(why), answered)

    def _follow(self, way: _Way) -> None:
        service = way.place.service
        if service not in self._followed:
            self._followed.add(service)
            self._bus.watch(service, lambda owner: self._owned(service, owner))

    def _owned(self, service: str, owner: str) -> None:
        before = self._owners.get(service)
        self._owners[service] = owner
        if before is None or owner == before:
            return
        # What was asked of the one before went with it.
        if self._held is not None and self._held[0].place.service == service:
            self._held = None
        if owner and self._on and self._held is None:
            self._asked += 1
            self._ask(_WAYS)


# --- Windows ---------------------------------------------------------------------------------

ES_SYSTEM_REQUIRED = 0x00000001
ES_DISPLAY_REQUIRED = 0x00000002
ES_CONTINUOUS = 0x80000000


class ThreadState:
    """Says so for the thread that says it, which is Qt's (SetThreadExecutionState)."""

    def __init__(self, set_state: Callable[[int], object]) -> None:
        self._set_state = set_state

    def keep(self, on: bool) -> None:
        wanted = ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED if on else 0
        self._set_state(ES_CONTINUOUS | wanted)


def _execution_state() -> Callable[[int], object]:
    import ctypes

    libraries: Any = vars(ctypes)["windll"]
    set_state: Callable[[int], object] = libraries.kernel32.SetThreadExecutionState
    return set_state


# --- macOS -----------------------------------------------------------------------------------


class Child:
    """Runs a program that keeps it on for as long as it runs."""

    def __init__(self, program: str, arguments: list[str], parent: QObject) -> None:
        self._program, self._arguments, self._parent = program, arguments, parent
        self._running: QProcess | None = None

    def keep(self, on: bool) -> None:
        if on and self._running is None:
            self._running = QProcess(self._parent)
            self._running.finished.connect(self._running.deleteLater)
            self._running.errorOccurred.connect(self._running.deleteLater)
            self._running.start(self._program, self._arguments)
        elif not on and self._running is not None:
            self._running.terminate()
            self._running = None
