"""What is typed into, chosen from, and slid."""

from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import (
    Ringed,
    brush_for,
    faded,
    leading,
    paint_edge,
    paint_focus,
    paint_shape,
)
from twocan.gui.parts.text import elided
from twocan.gui.parts.words import Words
from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Radius, Share, Size, Space, Type


class Entry(QLineEdit):
    """A line to type into. Nothing but the line: see ``Field``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.wrong = False
        # The shape is painted below the text, which would paint its own ground over it.
        self._clear()

    def sizeHint(self) -> QSize:
        height = ceil(QFontMetricsF(self.font()).height()) + 2 * Space.SMALL
        return QSize(Size.NARROWEST // 2, max(Size.CONTROL, height))

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.CONTROL * 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        rect = QRectF(self.rect())
        paint_shape(painter, rect, Radius.MEDIUM, faded(self, theme().colour(Ink.SURFACE)))
        if self.hasFocus():
            paint_focus(painter, rect, Radius.MEDIUM)
        else:
            ink = Ink.BAD if self.wrong else Ink.EDGE
            paint_edge(painter, rect, Radius.MEDIUM, faded(self, theme().colour(ink)), Size.LINE)
        painter.end()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self._clear()

    def _clear(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.setTextMargins(Space.SMALL, 0, Space.SMALL, 0)


class Field(QWidget):
    """A line to type into, with its name above and what is wrong with it below.

    ``secret``: what is typed is not to be seen.
    """

    entered = Signal()
    """Enter was pressed in it."""
    edited = Signal(str)
    """Somebody typed: its text comes along."""

    def __init__(
        self,
        label: str,
        placeholder: str = "",
        *,
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = Entry()
        """The line itself."""
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        # What is shown before it belongs to anything flashes up as a window of its own.
        self._name = Words(label, Type.SMALL, Ink.MUTED, parent=self)
        self._name.setVisible(bool(label))
        self._problem = Words("", Type.SMALL, Ink.BAD, wrap=True)
        self._problem.hide()
        self.setFocusProxy(self.edit)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.TINY)
        for part in (self._name, self.edit, self._problem):
            box.addWidget(part)
        self.edit.returnPressed.connect(self.entered)
        self.edit.textEdited.connect(self.edited)

    def text(self) -> str:
        """What is in it, without space around."""
        return self.edit.text() if self._is_secret() else self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Put this into it, unless it is there already."""
        if text != self.edit.text():
            self.edit.setText(text)

    def show_problem(self, problem: str | None) -> None:
        """Say below it what is wrong with it; None: nothing is."""
        self._problem.setText(problem or "")
        self._problem.setVisible(problem is not None)
        self.edit.setAccessibleDescription(problem or "")
        self.edit.wrong = problem is not None
        self.edit.update()

    def _is_secret(self) -> bool:
        return self.edit.echoMode() is QLineEdit.EchoMode.Password


class Choice(Ringed, QComboBox):
    """One of several. ``label``: its name, which stands elsewhere. What is too long is elided.

    On Linux a screen reader takes its name from the words whose buddy it is: to Qt, the name of a
    combo box is what is chosen there.
    """

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(1)
        self._lines: QAbstractItemDelegate | None = None

    def showPopup(self) -> None:
        # The list is made when it is first asked for, and seldom is.
        if self._lines is None:
            from twocan.gui.parts.lines import Lines

            self._lines = Lines(self)
            self.setItemDelegate(self._lines)
        super().showPopup()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        texts = [self.itemText(at) for at in range(self.count())]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        width = min(ceil(widest) + self._around(), Size.NARROWEST)
        height = max(Size.CONTROL, ceil(metrics.height()) + 2 * Space.SMALL)
        return QSize(max(width, Size.CONTROL * 2), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.CONTROL * 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        rect = QRectF(self.rect())
        fill, on = theme().colour(Ink.SURFACE), theme().colour(Ink.TEXT)
        if self.isEnabled() and self.underMouse():
            fill = mix(fill, on, Share.POINTED)
        paint_shape(painter, rect, Radius.MEDIUM, faded(self, fill))
        if self.shows_focus():
            paint_focus(painter, rect, Radius.MEDIUM)
        else:
            edge = faded(self, theme().colour(Ink.EDGE))
            paint_edge(painter, rect, Radius.MEDIUM, edge, Size.LINE)
        room = rect.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
        arrow = QRectF(0, (self.height() - Size.ARROW) / 2, Size.ARROW, Size.ARROW)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            arrow.moveLeft(Space.SMALL)
            room.setLeft(arrow.right() + Space.TINY)
        else:
            arrow.moveRight(self.width() - Space.SMALL)
            room.setRight(arrow.left() - Space.TINY)
        paint_icon(painter, "open-list", arrow, faded(self, theme().colour(Ink.MUTED)))
        painter.setPen(faded(self, on))
        text = elided(self.currentText(), self.font(), room.width())
        painter.drawText(room, int(leading(self.layoutDirection())), text)

    def _around(self) -> int:
        return Space.MEDIUM + Space.TINY + Size.ARROW + Space.SMALL + Space.HAIR


class Slider(Ringed, QSlider):
    """How much. ``label``: its name, which stands elsewhere."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(label)
        self.setRange(0, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(Size.NARROWEST // 2, Size.SWITCH_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.CONTROL * 2, Size.SWITCH_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        thick, knob = Space.TINY, Size.KNOB
        span = self.maximum() - self.minimum() or 1
        share = (self.sliderPosition() - self.minimum()) / span
        way = (self.width() - knob) * share
        groove = QRectF(knob / 2, (self.height() - thick) / 2, self.width() - knob, thick)
        filled = QRectF(groove.left(), groove.top(), way, thick)
        middle = knob / 2 + way
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            filled.moveRight(groove.right())
            middle = self.width() - middle
        accent = faded(self, theme().colour(Ink.ACCENT))
        paint_shape(painter, groove, thick / 2, theme().colour(Ink.LINE))
        paint_shape(painter, filled, thick / 2, accent)
        handle = QRectF(middle - knob / 2, (self.height() - knob) / 2, knob, knob)
        paint_shape(painter, handle, knob / 2, accent)
        if self.shows_focus():
            inner = handle.adjusted(3, 3, -3, -3)
            paint_edge(painter, inner, inner.width() / 2, theme().colour(Ink.ON_ACCENT), Size.FOCUS)
