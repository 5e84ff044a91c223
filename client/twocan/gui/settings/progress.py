"""How far something is that takes a few seconds."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from twocan.gui.parts.painting import brush_for, paint_shape
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size, Space

STEPS_EVERY = 50
"""Milliseconds."""


class Progress(QProgressBar):
    """A line that fills within a given time."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=STEPS_EVERY)
        self._timer.timeout.connect(self._step)

    def run(self, milliseconds: int) -> None:
        """Fill within this time, from now on."""
        self.setRange(0, milliseconds)
        self.setValue(0)
        self._since.start()
        if self.isVisible():
            self._timer.start()

    @property
    def is_running(self) -> bool:
        """Whether it moves."""
        return self._timer.isActive()

    def _step(self) -> None:
        self.setValue(min(self._since.elapsed(), self.maximum()))
        if self.value() == self.maximum():
            self._timer.stop()

    def sizeHint(self) -> QSize:
        """A thin line."""
        return QSize(Size.NARROWEST // 2, Space.TINY)

    def minimumSizeHint(self) -> QSize:
        """As short as a control."""
        return QSize(Size.CONTROL, Space.TINY)

    def showEvent(self, event: QShowEvent) -> None:
        """What went on meanwhile is caught up with."""
        super().showEvent(event)
        if self._since.isValid() and self.value() < self.maximum():
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees does not move."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, and as much of it as is done."""
        painter = brush_for(self)
        whole = QRectF(self.rect())
        done = QRectF(whole)
        done.setWidth(whole.width() * self.value() / max(1, self.maximum()))
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            done.moveRight(whole.right())
        for rect, ink in ((whole, Ink.LINE), (done, Ink.ACCENT)):
            paint_shape(painter, rect, whole.height() / 2, theme().colour(ink))
