"""A sheet that lies over a call for a while: the keypad, devices, figures. One at a time.

It is a part of the window, not a window: it cannot outlive the call, nor end up behind it.
"""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.parts import RoundButton, Scroll, Tone, Words
from twocan.gui.parts.painting import brush_for, paint_edge, paint_shape
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type
from twocan.states import CallView


class Overlay(QWidget):
    """Subclasses say what it is called (``entitle``), and fill ``body`` from the top."""

    done = Signal()
    """The person has seen enough."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        close = RoundButton("close", self.tr("Close"), Tone.QUIET, size=Size.ROUND_SMALL)
        close.clicked.connect(self.done)
        self.title = Words(type=Type.HEADING, elided=True)
        head = QHBoxLayout()
        head.setContentsMargins(Space.TINY, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(Space.TINY, 0, Space.TINY, 0)
        self.body.setSpacing(Space.SMALL)
        self._close, self._inside, self._scroll = close, inside, Scroll(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        self._box.addLayout(head)
        self._box.addWidget(self._scroll)

    def entitle(self, title: str) -> None:
        """Say what the sheet is called."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def show_call(self, call: CallView) -> None:
        """The call is this now. For subclasses that show something of it."""

    def tick(self) -> None:
        """A second went by while the sheet was seen. For subclasses that ask anew."""

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self._close

    def tallest(self, width: int) -> int:
        """How high it is if nothing has to be scrolled."""
        margins = self._box.contentsMargins()
        within = width - margins.left() - margins.right() - Space.MEDIUM
        high = self.body.heightForWidth(within) if self.body.hasHeightForWidth() else -1
        body = max(high, self._inside.sizeHint().height())
        head = self._close.sizeHint().height()
        return margins.top() + head + self._box.spacing() + body + margins.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = brush_for(self), QRectF(self.rect())
        paint_shape(painter, rect, Radius.LARGE, theme().colour(Ink.SURFACE))
        paint_edge(painter, rect, Radius.LARGE, theme().colour(Ink.LINE), Size.LINE)
