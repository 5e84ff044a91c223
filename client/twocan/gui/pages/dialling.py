"""Calling somebody from a list or a field."""

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication

from twocan.gui.bridge import Bridge


class Dialling:
    """Calls once, however often a button is pressed within a double click."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._since = QElapsedTimer()
        self._called: tuple[str, bool] | None = None

    def call(self, address: str, *, showing: bool) -> None:
        """Call this bare address, and be seen or not."""
        wanted = (address, showing)
        again = self._since.isValid() and not self._since.hasExpired(
            QApplication.doubleClickInterval()
        )
        if again and self._called == wanted:
            return
        self._called = wanted
        self._since.start()
        self._bridge.do(lambda desk: desk.dial(address, showing=showing))
