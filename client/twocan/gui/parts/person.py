"""A person in a circle, and the ring around them while it rings."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from twocan.gui.icons import paint_icon
from twocan.gui.parts.initials import colour_of, initials
from twocan.gui.parts.painting import brush_for
from twocan.gui.theme import theme
from twocan.gui.tokens import ON_PEOPLE, PEOPLE, Ink, Size, Time, Type

LETTERS, SIGN = 0.4, 0.54
"""How large the letters, and the sign of a person, are in their circle."""


class Avatar(QLabel):
    """Who it is: initials on a colour that goes by the address. ``size``: across."""

    def __init__(self, size: int = Size.AVATAR, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._letters: str | None = None
        self._colour = QColor(PEOPLE[0])
        self.setFixedSize(size, size)

    def show_person(self, address: str, name: str | None) -> None:
        """Be this person. ``name``: what they are called; None where only the address is known."""
        self._letters = initials(address, name)
        self._colour = QColor(colour_of(address))
        self.setAccessibleName(name or address)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        circle = QRectF(self.rect())
        painter.setBrush(self._colour)
        painter.drawEllipse(circle)
        if self._letters is None:
            sign = QRectF(0, 0, self._size * SIGN, self._size * SIGN)
            sign.moveCenter(circle.center())
            paint_icon(painter, "person", sign, QColor(ON_PEOPLE))
            return
        font = theme().font(Type.STRONG)
        # The circle does not grow with the system's font, nor do the letters in it.
        font.setPixelSize(round(self._size * LETTERS))
        painter.setFont(font)
        painter.setPen(QColor(ON_PEOPLE))
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), self._letters)


class PulseRing(QWidget):
    """Rings go out from what is in its middle while it rings. ``within``: what is there.

    Nothing moves while it is hidden, or where people want no motion: then one ring stands still.
    """

    def __init__(self, within: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._within = within
        self._rings = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=Time.FRAME)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(within, 0, Qt.AlignmentFlag.AlignCenter)

    @property
    def pulses(self) -> bool:
        """Whether it moves now."""
        return self._timer.isActive()

    def ring(self, on: bool) -> None:
        """Whether it rings."""
        if on and not self._rings:
            self._clock.start()
        self._rings = on
        self._go()
        self.update()

    def sizeHint(self) -> QSize:
        return self._within.sizeHint().expandedTo(self._within.minimumSize()) * Size.PULSE

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._go()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rings:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not theme().animates:
            self._paint_ring(painter, 0.5)
            return
        gone = self._clock.elapsed() % Time.PULSE / Time.PULSE
        self._paint_ring(painter, gone)
        self._paint_ring(painter, (gone + 0.5) % 1)

    def _paint_ring(self, painter: QPainter, gone: float) -> None:
        """``gone``: how far out it is, from 0 to 1, where it cannot be seen any more."""
        inner, outer = self._within.width() / 2, min(self.width(), self.height()) / 2
        colour = theme().colour(Ink.ACCENT)
        colour.setAlphaF((1 - gone) * 0.7)
        width = Size.FOCUS
        radius = inner + (outer - inner - width) * (1 - (1 - gone) ** 2)
        painter.setPen(QPen(colour, width))
        middle = QRectF(self._within.geometry()).center()
        painter.drawEllipse(middle, radius, radius)

    def _go(self) -> None:
        if self._rings and self.isVisible() and theme().animates:
            self._timer.start()
        else:
            self._timer.stop()
