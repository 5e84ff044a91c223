"""Where parts stand: in columns and rows, on cards, in what scrolls."""

from PySide6.QtCore import QMargins, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import brush_for, faded, paint_edge, paint_shape
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Share, Size, Space

Part = QWidget | QLayout | None
"""What stands in a column or row; None is room that stretches."""


def column(*parts: Part, space: int = Space.MEDIUM, margin: int = 0) -> QVBoxLayout:
    """These, one below the other."""
    box = QVBoxLayout()
    _fill(box, parts, space, margin)
    return box


def row(*parts: Part, space: int = Space.MEDIUM, margin: int = 0) -> QHBoxLayout:
    """These, one after the other."""
    box = QHBoxLayout()
    _fill(box, parts, space, margin)
    return box


def _fill(box: QBoxLayout, parts: tuple[Part, ...], space: int, margin: int) -> None:
    box.setSpacing(space)
    box.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)


class Card(QFrame):
    """A surface with things that belong together, with lines between them."""

    def __init__(self, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = column(space=Space.MEDIUM * 2 + Size.LINE, margin=Space.LARGE)
        self.setLayout(self._box)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        """Put this below the others."""
        self._box.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        rect = QRectF(self.rect())
        paint_shape(painter, rect, Radius.LARGE, theme().colour(Ink.SURFACE))
        paint_edge(painter, rect, Radius.LARGE, theme().colour(Ink.LINE), Size.LINE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(Ink.LINE))
        for widget in self._shown()[:-1]:
            below = widget.geometry().bottom() + 1 + Space.MEDIUM
            painter.drawRect(QRectF(Space.LARGE, below, self.width() - 2 * Space.LARGE, Size.LINE))

    def _shown(self) -> list[QWidget]:
        items = (self._box.itemAt(at) for at in range(self._box.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if widget is not None and not widget.isHidden()]


class Icon(QWidget):
    """An icon to be looked at. It says nothing that is not said in words beside it."""

    def __init__(
        self,
        name: str,
        ink: Ink = Ink.MUTED,
        size: int = Size.ICON,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._ink = name, ink
        self.setFixedSize(size, size)

    def show_icon(self, name: str, ink: Ink | None = None) -> None:
        """Be another icon."""
        self._name, self._ink = name, ink or self._ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        colour = faded(self, theme().colour(self._ink))
        paint_icon(painter, self._name, QRectF(self.rect()), colour)


class _Bar(QScrollBar):
    """A thin bar that takes its room beside what scrolls."""

    shown = Signal(bool)
    """It came, or went."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def sizeHint(self) -> QSize:
        return QSize(Size.BAR + Space.HAIR, Size.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        span = self.maximum() - self.minimum()
        if span <= 0:
            return
        painter = brush_for(self)
        room = self.height() - 2 * Space.HAIR
        long = max(Size.CONTROL, room * self.pageStep() / (span + self.pageStep()))
        top = Space.HAIR + (room - long) * (self.sliderPosition() - self.minimum()) / span
        held = self.underMouse() or self.isSliderDown()
        wide = Size.BAR if held else Size.BAR - Space.HAIR
        colour = theme().colour(Ink.EDGE)
        colour.setAlphaF(1.0 if held else Share.RESTING)
        thumb = QRectF((self.width() - wide) / 2, top, wide, long)
        paint_shape(painter, thumb, wide / 2, colour)


class Scroll(QScrollArea):
    """``widget``, which scrolls up and down where it is higher than its place."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = QMargins()
        """What the margins of what scrolls have given to the bar."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = _Bar(Qt.Orientation.Vertical)
        bar.shown.connect(self._balance)
        self.setVerticalScrollBar(bar)
        self.setWidget(widget)
        self.viewport().setAutoFillBackground(False)
        widget.setAutoFillBackground(False)

    def _balance(self, shown: bool) -> None:
        """Let the bar stand in the margin of what scrolls, which stays in the middle."""
        inside = self.widget()
        layout = inside.layout() if inside is not None else None
        if layout is None:
            return
        margins = layout.contentsMargins() + self._given
        self._given = QMargins()
        bar = self.verticalScrollBar().sizeHint().width()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if shown and (margins.left() if mirrored else margins.right()) >= bar:
            self._given = QMargins(bar, 0, 0, 0) if mirrored else QMargins(0, 0, bar, 0)
        layout.setContentsMargins(margins - self._given)
