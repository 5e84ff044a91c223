"""Ctrl-C and being told to end, while Qt's loop runs.

A module of its own, because the window is painted before the sockets of Python are loaded.
"""

import signal
import socket
from collections.abc import Callable
from typing import Self

from PySide6.QtCore import QSocketNotifier


class Signals:
    """Ctrl-C and being told to end reach Qt's loop, which knows nothing of Python's signals."""

    _NUMBERS = tuple(
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    )

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def __enter__(self) -> Self:
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        self._wakes = signal.set_wakeup_fd(theirs.fileno())
        self._before = {number: signal.signal(number, self._note) for number in self._NUMBERS}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._take)
        return self

    def __exit__(self, *_: object) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakes)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ours.close()
        self._theirs.close()

    def _note(self, _number: int, _frame: object) -> None:
        """Python has to have a handler, or it would end the program at once."""

    def _take(self) -> None:
        self._ours.recv(64)
        self._stop()
