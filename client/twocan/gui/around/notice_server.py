"""Notices on the desktop: the Desktop Notifications Specification (org.freedesktop.Notifications).

It is told which notices there are, and sees to it that the server shows them: also one that starts
later, or starts anew while a phone rings. What no server shows is ``unshown``.
"""

import html
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from twocan.gui.around.session_bus import Place, SessionBus
from twocan.gui.around.tray_icons import Sign, tray_icon

SERVER = Place(
    "org.freedesktop.Notifications",
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
)

OPEN = "default"
"""The action of a click on the notice itself, as the specification calls it."""

_NORMAL, _CRITICAL = 1, 2
_NEVER, _IN_TIME = 0, -1
"""When a notice goes away by itself."""
_FAILURES = 3
"""After so many a notice is not tried again: a server may break by it."""
_PICTURE = 64


class Kind(StrEnum):
    """What a notice is about: the specification's category."""

    RINGING = "call.incoming"
    MISSED = "call.unanswered"
    WORD = ""
    """Something to know, and to forget again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be read, and what can be pressed: pairs of a word of ours and its label."""

    kind: Kind
    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Posted:
    notice: Notice
    told: Notice | None = None
    """What the server was told last."""
    id: int | None = None
    """What the server calls it."""
    waiting: bool = False
    """For what the server says to it."""
    dismissed: bool = False
    failures: int = 0


class NoticeServer(QObject):
    """The desktop's notification server, if there is one."""

    pressed = Signal(str, str, str)
    """The notice of this key, which of its actions, and an activation token or nothing, with which
    a window may come to the front (XDG Activation)."""
    unshown = Signal(str)
    """The notice of this key is not shown by anybody."""

    def __init__(self, bus: SessionBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._posted: dict[str, _Posted] = {}
        self._abilities: frozenset[str] | None = None
        self._asked = 0
        self._found = False
        self._token = ""
        self._begun = False

    def show(self, key: str, notice: Notice) -> None:
        """Have this notice, or have the one of this key read like this from now on."""
        if key in self._posted:
            self._posted[key].notice = notice
        else:
            self._posted[key] = _Posted(notice)
        if self._begun:
            self._advance(key)
        else:
            self._begin()

    def withdraw(self, key: str) -> None:
        """Have this notice no more."""
        posted = self._posted.pop(key, None)
        if posted is not None and posted.id is not None:
            self._close(posted.id)

    def keys(self) -> tuple[str, ...]:
        """Those that there are to be, shown or not."""
        return tuple(self._posted)

    # The server comes and goes

    def _begin(self) -> None:
        self._begun = True
        self._bus.listen(SERVER, "ActionInvoked", self._invoked)
        self._bus.listen(SERVER, "ActivationToken", self._allowed)
        self._bus.listen(SERVER, "NotificationClosed", self._closed)
        self._bus.watch(SERVER.service, self._owned)

    def _owned(self, owner: str) -> None:
        self._found = True
        self._abilities = None
        for posted in self._posted.values():
            posted.id = posted.told = None
            posted.waiting = False
        # Asked also where there is none: the bus may know how to start one.
        if owner or self._posted:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        asked = self._asked
        self._bus.call(SERVER, "GetCapabilities", answer=lambda said: self._able(asked, said))

    def _able(self, asked: int, said: tuple[Any, ...] | None) -> None:
        if asked != self._asked:
            return
        match said:
            case (list(abilities),):
                self._abilities = frozenset(map(str, abilities))
                for key in self.keys():
                    self._advance(key)
            case _:
                for key in self.keys():
                    self.unshown.emit(key)

    # A notice comes and goes

    def _advance(self, key: str) -> None:
        posted = self._posted.get(key)
        if posted is None or posted.waiting or posted.dismissed:
            return
        if posted.told == posted.notice or posted.failures == _FAILURES:
            return
        if self._abilities is None:
            if self._found:
                self._ask()
            return
        posted.waiting, posted.told = True, posted.notice
        body = self._body(posted, self._abilities)
        asked = self._asked
        self._bus.call(
            SERVER,
            "Notify",
            "susssasa{sv}i",
            body,
            lambda said: self._answered(key, posted, asked, said),
        )

    def _answered(
        self, key: str, posted: _Posted, asked: int, said: tuple[Any, ...] | None
    ) -> None:
        if asked != self._asked:
            # It is of a server that is gone.
            return
        posted.waiting = False
        match said:
            case (int(number),):
                posted.id = number
            case _:
                posted.failures += 1
                self.unshown.emit(key)
                return
        if self._posted.get(key) is posted:
            self._advance(key)
        else:
            self._close(number)

    def _close(self, number: int) -> None:
        self._bus.call(SERVER, "CloseNotification", "u", (number,))

    def _body(self, posted: _Posted, abilities: frozenset[str]) -> tuple[Any, ...]:
        notice = posted.notice
        text = html.escape(notice.text, quote=False) if "body-markup" in abilities else notice.text
        actions = [word for pair in notice.actions for word in pair]
        return (
            "Twocan",
            posted.id or 0,
            "",
            notice.title,
            text,
            actions if "actions" in abilities else [],
            _hints(notice.kind),
            _IN_TIME if notice.kind is Kind.WORD else _NEVER,
        )

    # What the person does

    def _invoked(self, body: tuple[Any, ...]) -> None:
        match body:
            case (int(number), str(action)) if (key := self._key(number)) is not None:
                token, self._token = self._token, ""
                self.pressed.emit(key, action, token)

    def _allowed(self, body: tuple[Any, ...]) -> None:
        match body:
            case (int(number), str(token)) if self._key(number) is not None:
                self._token = token

    def _closed(self, body: tuple[Any, ...]) -> None:
        match body:
            case (int(number), *_) if (key := self._key(number)) is not None:
                posted = self._posted[key]
                posted.id, posted.dismissed = None, True

    def _key(self, number: int) -> str | None:
        posted = self._posted.items()
        return next((key for key, each in posted if each.id == number), None)


def _hints(kind: Kind) -> dict[str, tuple[str, Any]]:
    hints: dict[str, tuple[str, Any]] = {
        "urgency": ("y", _CRITICAL if kind is Kind.RINGING else _NORMAL),
        "desktop-entry": ("s", "twocan"),
        "sender-pid": ("x", os.getpid()),
        "image-data": ("(iiibiiay)", _picture(_SIGNS[kind])),
    }
    if kind is not Kind.WORD:
        hints["category"] = "s", str(kind)
    if kind is Kind.RINGING:
        # It is ours to take away, and we ring ourselves.
        hints |= {"resident": ("b", True), "suppress-sound": ("b", True)}
    return hints


_SIGNS = {Kind.RINGING: Sign.CALL, Kind.MISSED: Sign.MISSED, Kind.WORD: Sign.ONLINE}


def _picture(sign: Sign) -> tuple[int, int, int, bool, int, int, bytes]:
    """As the specification has it: width, height, bytes of a row, alpha, bits, channels, rows."""
    image = tray_icon(sign).pixmap(_PICTURE, _PICTURE).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = bytes(image.constBits())
    return image.width(), image.height(), image.bytesPerLine(), True, 8, 4, rows
