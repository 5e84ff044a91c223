"""A page of the window: one column in its middle, that scrolls where it is taller than the window.

Nothing on it is ever wider than the window: long words wrap, and buttons stand below each other.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from twocan.gui.parts import Scroll, column
from twocan.gui.tokens import Size, Space


def sheet(*parts: QWidget | QLayout, floats: bool = False) -> Scroll:
    """A page with these on it, one below the other. ``floats``: they are in the middle of a page
    that is taller; else the last one takes the room that is left."""
    ends = (None,) if floats else ()
    down = column(*ends, *parts, *ends, space=Space.LARGE)
    if not floats:
        down.setStretch(len(parts) - 1, 1)
    middle = QWidget()
    middle.setMaximumWidth(Size.COLUMN)
    middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    middle.setLayout(down)
    whole = QWidget()
    across = QHBoxLayout(whole)
    across.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
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
    """Buttons of one width side by side, the first at the start of the line, or one below the
    other where the width does not hold them.

    It has no layout of its own: Qt would ask that one for the height at a width, and none of Qt's
    turns a row into a column.
    """

    def __init__(self, *buttons: QAbstractButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = buttons
        for button in buttons:
            button.setParent(self)
            if isinstance(button, QPushButton):
                # Enter, too, presses the one that the keyboard is at.
                button.setAutoDefault(True)
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
        rows = 1 if width >= self._beside() else len(self._shown())
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
        shown = self._shown()
        across = len(shown) if self.width() >= self._beside() else 1
        gaps = Space.SMALL * max(across - 1, 0)
        wide, high = (self.width() - gaps) // max(across, 1), self._tallest()
        for at, button in enumerate(shown):
            down, along = divmod(at, across)
            place = QRect(along * (wide + Space.SMALL), down * (high + Space.SMALL), wide, high)
            button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _shown(self) -> list[QAbstractButton]:
        return [button for button in self._buttons if not button.isHidden()]

    def _beside(self) -> int:
        widest = max((button.sizeHint().width() for button in self._shown()), default=0)
        count = len(self._shown())
        return widest * count + Space.SMALL * max(count - 1, 0)

    def _tallest(self) -> int:
        return max((button.sizeHint().height() for button in self._shown()), default=0)
