"""A press is for the call that it was aimed at.

Between the moment that a finger goes down and the moment that it comes up, the call on the screen
may end and another stand in its place. What was aimed at the one must never happen to the other.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton


class Aim(QObject):
    """``shown``: the sid of the call that is on the screen now, or None."""

    def __init__(self, shown: Callable[[], str | None], parent: QObject) -> None:
        super().__init__(parent)
        self._shown = shown
        self._pressed: str | None = None

    def take(self, button: QAbstractButton, act: Callable[[str], None]) -> None:
        """Have this button ``act`` on the call that was shown when it was pressed, if that call
        still is when it is let go."""
        button.pressed.connect(self._press)
        button.clicked.connect(lambda: self._release(act))

    def now(self, act: Callable[[str], None]) -> None:
        """Act on the call that is shown, if there is one: for a key."""
        if (sid := self._shown()) is not None:
            act(sid)

    def _press(self) -> None:
        self._pressed = self._shown()

    def _release(self, act: Callable[[str], None]) -> None:
        sid, self._pressed = self._pressed, None
        if sid is not None and sid == self._shown():
            act(sid)
