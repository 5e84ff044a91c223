"""The telephone's keys, for the machines that ask for them."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.parts.painting import Entered, brush_for, paint_focus, paint_shape, touched
from twocan.gui.parts.text import left_to_right
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type

KEYS = "123456789*0#"
_LETTERS = {
    "2": "ABC",
    "3": "DEF",
    "4": "GHI",
    "5": "JKL",
    "6": "MNO",
    "7": "PQRS",
    "8": "TUV",
    "9": "WXYZ",
}
"""ITU-T E.161; the same in every language."""
_IN_A_ROW = 3
_SHOWN = 18
"""How many of the keys that were pressed are shown, at most."""


class Keypad(Overlay):
    """Shows what was pressed, here and on the keyboard."""

    pressed = Signal(str)
    """A key was pressed here."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(bridge, parent)
        self.entitle(self.tr("Keypad"))
        self.body.addWidget(self._keys())

    def show_keys(self, keys: str) -> None:
        """Show at the head what was pressed in this call: of much, the end."""
        shown = keys[-_SHOWN:]
        self.title.setText(left_to_right(shown) if shown else self.tr("Keypad"))
        self.title.setAccessibleName(self.tr("Pressed keys: {keys}").format(keys=" ".join(keys)))

    def first(self) -> QWidget:
        return self._buttons[0]

    def _keys(self) -> QWidget:
        # A telephone's keys run from left to right for everybody.
        keys = QWidget()
        keys.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(keys)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.SMALL)
        self._buttons = tuple(Key(key, _LETTERS.get(key, "")) for key in KEYS)
        for at, (key, button) in enumerate(zip(KEYS, self._buttons, strict=True)):
            button.setAccessibleName(self._spoken(key))
            button.clicked.connect(lambda _=None, key=key: self.pressed.emit(key))
            grid.addWidget(button, at // _IN_A_ROW, at % _IN_A_ROW)
        return keys

    def _spoken(self, key: str) -> str:
        return {"*": self.tr("Star"), "#": self.tr("Hash")}.get(key, key)


class Key(Entered, QAbstractButton):
    """A digit or a sign, with the letters that belong to it."""

    def __init__(self, key: str, letters: str) -> None:
        super().__init__()
        self.setText(key)
        self._letters = letters
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        high = QFontMetrics(theme().font(Type.HEADING)).height()
        high += QFontMetrics(theme().font(Type.SMALL)).height() + Space.SMALL
        return QSize(Size.ROUND, max(Size.ROUND, high))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        self._paint_ground(painter)
        box = QRectF(self.rect())
        digit = QRectF(box)
        if self._letters:
            letters = QRectF(box.left(), box.center().y(), box.width(), box.height() / 2)
            digit.setBottom(box.center().y() + Space.SMALL)
            painter.setFont(theme().font(Type.SMALL))
            painter.setPen(theme().colour(Ink.MUTED))
            painter.drawText(letters, Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.setFont(theme().font(Type.HEADING))
        painter.setPen(theme().colour(Ink.TEXT))
        painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        ground = touched(self, theme().colour(Ink.RAISED), theme().colour(Ink.TEXT))
        rect = QRectF(self.rect())
        paint_shape(painter, rect, Radius.MEDIUM, ground)
        if self.shows_focus():
            paint_focus(painter, rect, Radius.MEDIUM)
