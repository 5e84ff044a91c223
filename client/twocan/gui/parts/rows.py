"""A thing that has a name, and what it is set with: one line of a card."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLayout, QWidget

from twocan.gui.parts.arranging import Icon, column, row
from twocan.gui.parts.buttons import Switch
from twocan.gui.parts.words import Words
from twocan.gui.tokens import Ink, Share, Size, Space, Type

ACROSS, DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class Row(QWidget):
    """What it is, more about it below, and what it is set with.

    The control goes below where there is no room for it beside the words. A switch is switched by
    a click anywhere on the row.
    """

    def __init__(
        self,
        title: str,
        control: QWidget | None = None,
        detail: str | None = None,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = Words(title, wrap=True)
        self.detail = Words(detail or "", Type.SMALL, Ink.MUTED, wrap=True, parent=self)
        self.detail.setVisible(bool(detail))
        self._control = control
        words = row(column(self.title, self.detail, space=Space.HAIR))
        if icon is not None:
            words.insertWidget(0, Icon(icon))
        if control is None:
            self.setLayout(words)
            return
        self._name(control, title, detail)
        self.setLayout(Turning(words, self.title, control))

    def show_detail(self, detail: str | None) -> None:
        """Say this below the title; None: nothing."""
        self.detail.setText(detail or "")
        self.detail.setVisible(bool(detail))
        if self._control is not None:
            self._control.setAccessibleDescription(detail or "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if isinstance(self._control, Switch) and inside:
            self._control.click()

    def _name(self, control: QWidget, title: str, detail: str | None) -> None:
        if isinstance(control, Switch):
            control.show_text(shown=False)
        if isinstance(control, QComboBox):
            self.title.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(title)
        if detail and not control.accessibleDescription():
            control.setAccessibleDescription(detail)


class Turning(QBoxLayout):
    """Words and a control: side by side, or the control below where it is too narrow for that."""

    def __init__(self, words: QLayout, title: Words, control: QWidget) -> None:
        super().__init__(ACROSS)
        self._words, self._title, self._control = words, title, control
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(Space.MEDIUM)
        self.addLayout(words, 1)
        self.addWidget(control)

    def setGeometry(self, rect: QRect) -> None:
        way = ACROSS if self._is_beside(rect.width()) else DOWN
        if way != self.direction():
            self.setDirection(way)
            self.setSpacing(Space.MEDIUM if way is ACROSS else Space.SMALL)
        super().setGeometry(rect)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        control = self._control.sizeHint()
        if not self._is_beside(width):
            return self._words_height(width) + Space.SMALL + control.height()
        beside = width - control.width() - Space.MEDIUM
        return max(self._words_height(beside), control.height())

    def minimumSize(self) -> QSize:
        words, control = self._words.minimumSize(), self._control.minimumSizeHint()
        width, height = (max(words.width(), control.width()), max(words.height(), control.height()))
        return QSize(width, height)

    def _words_height(self, width: int) -> int:
        return self._words.heightForWidth(width)

    def _is_beside(self, width: int) -> bool:
        control = self._control.sizeHint().width()
        icon = Size.ICON + Space.MEDIUM if self._words.count() > 1 else 0
        title = icon + self._title.sizeHint().width() + Space.MEDIUM
        return control < width * Share.CONTROL or title + control <= width
