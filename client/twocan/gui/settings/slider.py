"""How loud it rings, to be slid."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from twocan.gui.parts import Slider
from twocan.gui.tokens import Size

STEP, PAGE, FULL = 5, 20, 100
"""Percent."""


class VolumeSlider(Slider):
    """From silent to full. ``slid`` tells of what the person did, not of what was shown."""

    slid = Signal(float)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.setSingleStep(STEP)
        self.setPageStep(PAGE)
        self._told: list[int] = []
        self._showing = False
        self.valueChanged.connect(self._moved)

    def show_volume(self, volume: float) -> None:
        """Draw this, 0 to 1.

        What comes back of the person's own slide while further steps of it are on their way, or
        the handle is held, does not pull the handle back.
        """
        value = round(volume * FULL)
        if value in self._told:
            del self._told[: self._told.index(value) + 1]
        else:
            self._told.clear()
        if not self._told and not self.isSliderDown():
            self._showing = True
            self.setValue(value)
            self._showing = False

    def _moved(self, value: int) -> None:
        if not self._showing:
            self._told.append(value)
            self.slid.emit(value / FULL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle comes to where the line is pressed."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And goes along."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Until it is let go."""
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For the page, which scrolls."""
        event.ignore()

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - Size.KNOB / 2) / max(1, self.width() - Size.KNOB)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        self.setValue(round(share * FULL))
