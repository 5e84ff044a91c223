"""Other starts of the program, heard on Qt's thread: what they hand over is done at once, from
before there is a desk.

Whoever connects may be broken, or slow, or mean to be: each has a moment, few are heard at a time,
and the rest wait outside.
"""

import contextlib
import socket
from functools import partial

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from twocan.handover import Claim, Hearing, wire

AT_ONCE = 8
"""Connections that are heard at a time."""
MOMENT = 2000
"""Milliseconds that each has."""
_READ = 4096


class Handed(QObject):
    """Hears whoever connects to ``claim``, until it is closed."""

    shown = Signal(str)
    """The window is to be seen. With it comes what lets it to the front, or nothing."""
    followed = Signal(str)
    """A link is to be followed."""
    quit_wanted = Signal()

    def __init__(self, claim: Claim, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._claim = claim
        self.busy = False
        """Whether somebody is in a call."""
        self._guests: set[_Guest] = set()
        self._notifier = QSocketNotifier(claim.listening.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._let_in)

    def close(self) -> None:
        """Hear nobody any more. Other starts wait for the end of this one."""
        self._notifier.setEnabled(False)
        for guest in tuple(self._guests):
            guest.leave()
        self._claim.stop_listening()

    def _let_in(self) -> None:
        try:
            connection, _ = self._claim.listening.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError:
            # There are no more descriptors, and it still waits: it would be told of without end.
            self._notifier.setEnabled(False)
            QTimer.singleShot(MOMENT, self, self._open)
            return
        hearing = self._claim.hearing(connection)
        if hearing is None:
            connection.close()
            return
        guest = _Guest(connection, hearing, self._claim, self)
        guest.asks.connect(partial(self._do, guest))
        guest.left.connect(partial(self._gone, guest))
        self._guests.add(guest)
        self._notifier.setEnabled(len(self._guests) < AT_ONCE)

    def _do(self, guest: "_Guest", request: wire.Request) -> None:
        said = self._claim.answer(request, busy=self.busy)
        guest.hears(wire.answer(said))
        if said != wire.DONE:
            return
        if request.wanted != wire.SHOW:
            # Once this one has left.
            QTimer.singleShot(0, self, self.quit_wanted.emit)
            return
        for link in request.links:
            self.followed.emit(link)
        self.shown.emit(request.token)

    def _gone(self, guest: "_Guest") -> None:
        self._guests.discard(guest)
        guest.deleteLater()
        self._open()

    def _open(self) -> None:
        if self._claim.listening.fileno() >= 0:
            self._notifier.setEnabled(True)


class _Guest(QObject):
    """One connection."""

    asks = Signal(object)
    left = Signal()

    def __init__(
        self, connection: socket.socket, hearing: Hearing, claim: Claim, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._connection, self._hearing, self._claim = connection, hearing, claim
        connection.settimeout(0)
        self._notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)
        self._patience = QTimer(self, singleShot=True, interval=MOMENT)
        self._patience.timeout.connect(self.leave)
        self._patience.start()

    def leave(self) -> None:
        """Have it gone. Once."""
        if self._connection.fileno() >= 0:
            self._patience.stop()
            self._notifier.setEnabled(False)
            self._connection.close()
            self.left.emit()

    def hears(self, said: bytes) -> None:
        """Say this to it."""
        # A few bytes, which the kernel keeps; who does not want to hear has had their chance.
        with contextlib.suppress(OSError):
            self._connection.send(said)

    def _hear(self) -> None:
        try:
            said = self._connection.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        try:
            if reply := self._hearing.hear(said):
                self.hears(reply)
        except wire.Rubbish as rubbish:
            self.hears(self._claim.rejection(rubbish))
            said = b""
        if self._hearing.request is not None:
            self.asks.emit(self._hearing.request)
            said = b""
        if not said:
            self.leave()
