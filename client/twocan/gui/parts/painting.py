"""What all parts are painted with: rounded shapes, the ring of the focus, pointing and pressing."""

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Share, Size


class Tone(StrEnum):
    """What a control is about, which is how it looks."""

    PLAIN = "plain"
    ACCENT = "accent"
    """What is most likely wanted. One in a view."""
    ACCEPT = "accept"
    END = "end"
    QUIET = "quiet"
    """No shape of its own until it is pointed at."""


INKS = {
    Tone.PLAIN: (Ink.RAISED, Ink.TEXT),
    Tone.ACCENT: (Ink.ACCENT, Ink.ON_ACCENT),
    Tone.ACCEPT: (Ink.ACCEPT, Ink.ON_ACCEPT),
    Tone.END: (Ink.END, Ink.ON_END),
    Tone.QUIET: (Ink.BACKGROUND, Ink.ACCENT),
}
"""What each tone is filled with, and what lies on it."""

BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
POINTED = "pointed"
"""Property of a window: whether it was a mouse that something was last done with."""
BY_MOUSE = Qt.FocusReason.MouseFocusReason


if TYPE_CHECKING:
    AnyWidget = QWidget
else:
    # A widget of Qt has one base of Qt's; this one is only ever mixed in.
    AnyWidget = object


class Ringed(AnyWidget):
    """Mixed into a control: knows whether to show its focus, which is not after a click, nor where
    the program put it because of one."""

    ringed = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() is Qt.FocusReason.OtherFocusReason:
            self.ringed = not self.window().property(POINTED)
        elif event.reason() in BY_KEYBOARD:
            self.ringed = True
        elif event.reason() is BY_MOUSE:
            self.ringed = False
        super().focusInEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.window().setProperty(POINTED, True)
        self.ringed = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.show_ring()
        super().keyPressEvent(event)

    def show_ring(self) -> None:
        """The keyboard is in use."""
        self.window().setProperty(POINTED, False)
        if not self.ringed:
            self.ringed = True
            self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def shows_focus(self) -> bool:
        """Whether the ring is to be painted now."""
        return self.ringed and self.hasFocus()


if TYPE_CHECKING:
    AnyButton = QAbstractButton
else:
    AnyButton = object


class Entered(Ringed, AnyButton):
    """Mixed into a button: Enter presses it as Space does, on every desktop."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.show_ring()
            self.click()


def brush_for(widget: QWidget) -> QPainter:
    """A painter of this widget, for smooth shapes without an outline."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    return painter


def touched(button: QAbstractButton, fill: QColor, on: QColor) -> QColor:
    """What ``fill`` is under the pointer, or pressed; ``on`` lies on it."""
    if not button.isEnabled():
        return mix(fill, theme().colour(Ink.BACKGROUND), Share.OFF)
    if button.isDown():
        return mix(fill, on, Share.PRESSED)
    return mix(fill, on, Share.POINTED) if button.underMouse() else fill


def faded(widget: QWidget, colour: QColor) -> QColor:
    """``colour``, fainter where the widget cannot be used now."""
    if widget.isEnabled():
        return colour
    return mix(colour, theme().colour(Ink.BACKGROUND), Share.OFF)


def paint_shape(painter: QPainter, rect: QRectF, radius: float, fill: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, radius, radius)


def paint_edge(
    painter: QPainter, rect: QRectF, radius: float, colour: QColor, width: float
) -> None:
    """A line along the inside of ``rect``."""
    half = width / 2
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


def paint_focus(painter: QPainter, rect: QRectF, radius: float, ink: Ink = Ink.ACCENT) -> None:
    """The ring around what the keyboard is at: along the inside of ``rect``."""
    paint_edge(painter, rect, radius, theme().colour(ink), Size.FOCUS)


def leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """How a line lies on the screen that is read in this direction. A painter would go by the
    whole program's."""
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


def aligned(label: QLabel) -> Qt.AlignmentFlag:
    """How its text lies on the screen, the line of reading considered."""
    across = label.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
    if across & Qt.AlignmentFlag.AlignHCenter:
        return label.alignment()
    mirrored = label.layoutDirection() is Qt.LayoutDirection.RightToLeft
    end = bool(across & Qt.AlignmentFlag.AlignRight)
    side = Qt.AlignmentFlag.AlignRight if mirrored != end else Qt.AlignmentFlag.AlignLeft
    down = label.alignment() & Qt.AlignmentFlag.AlignVertical_Mask
    return side | down | Qt.AlignmentFlag.AlignAbsolute
