"""A page of the window: one column in its middle, that scrolls where it is taller than the window.

Nothing on it is ever wider than the window: long words wrap, and buttons stand below each other.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLayout,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from twocan.gui.parts import Scroll, column
from twocan.gui.tokens import Size, Space


def sheet(
    *parts: QWidget | QLayout,
    floats: bool = False,
    space: int = Space.LARGE,
    aside: int = Space.LARGE,
    below: int = Space.LARGE,
) -> Scroll:
    """A page with these on it, one below the other. ``floats``: they are in the middle of a page
    that is taller; else the last one takes the room that is left. ``space``: between them,
    ``aside``: at either side of them, ``below``: below them."""
    ends = (None,) if floats else ()
    down = column(*ends, *parts, *ends, space=space)
    if not floats:
        down.setStretch(len(parts) - 1, 1)
    middle = QWidget()
    middle.setMaximumWidth(Size.COLUMN + 2 * (Space.LARGE - aside))
    middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    middle.setLayout(down)
    whole = QWidget()
    across = QHBoxLayout(whole)
    across.setContentsMargins(aside, Space.LARGE, aside, below)
    across.addWidget(middle)
    scroll = Scroll(whole)
    # The keyboard goes from control to control, and the sheet scrolls to them.
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll


def fill(widget: QWidget, page: QWidget) -> None:
    """Let ``page`` be all that there is of ``widget``."""
    box = QVBoxLayout(widget)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(page)


class Actions(QWidget):
    """Buttons side by side, the first at the start of the line: of one width, or each as wide as
    its words where that is too much. One below the other where the width holds them neither way.

    It has no layout of its own: Qt would ask that one for the height at a width, and none of Qt's
    turns a row into a column.
    """

    def __init__(self, *buttons: QAbstractButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = buttons
        for button in buttons:
            button.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(self._beside(), self._tallest())

    def minimumSizeHint(self) -> QSize:
        widest = max((button.minimumSizeHint().width() for button in self._shown()), default=0)
        return QSize(widest, self._tallest())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = 1 if width >= self._least_beside() else len(self._shown())
        return rows * self._tallest() + max(rows - 1, 0) * Space.SMALL

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange):
            # A button came, went, or has other words.
            self.updateGeometry()
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        left = top = 0
        high, beside = self._tallest(), self.width() >= self._least_beside()
        for button, wide in zip(self._shown(), self._widths(), strict=True):
            place = QRect(left, top, wide, high)
            button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
            left += (wide + Space.SMALL) * beside
            top += (high + Space.SMALL) * (not beside)

    def _widths(self) -> list[int]:
        """Of each that is shown."""
        shown = self._shown()
        gaps = Space.SMALL * max(len(shown) - 1, 0)
        if self.width() >= self._beside():
            return [(self.width() - gaps) // max(len(shown), 1)] * len(shown)
        if self.width() < (least := self._least_beside()):
            return [self.width()] * len(shown)
        more = (self.width() - least) // len(shown)
        return [button.sizeHint().width() + more for button in shown]

    def _shown(self) -> list[QAbstractButton]:
        return [button for button in self._buttons if not button.isHidden()]

    def _beside(self) -> int:
        widest = max((button.sizeHint().width() for button in self._shown()), default=0)
        count = len(self._shown())
        return widest * count + Space.SMALL * max(count - 1, 0)

    def _least_beside(self) -> int:
        widths = [button.sizeHint().width() for button in self._shown()]
        return sum(widths) + Space.SMALL * max(len(widths) - 1, 0)

    def _tallest(self) -> int:
        return max((button.sizeHint().height() for button in self._shown()), default=0)
