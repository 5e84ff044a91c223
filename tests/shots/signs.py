"""The icons of the tray, as panels show them: at several sizes, on light and on dark."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap

from twocan.gui.around.tray_icons import SIDES, Sign, tray_icon

_CELL = 80
_PANELS = ("#f1f1f1", "#2b2b2b", "#5b7fa6")


def signs() -> QPixmap:
    """A row for each sign, on panels of each colour."""
    block = _CELL * len(SIDES)
    sheet = QPixmap(block * len(_PANELS), _CELL * len(Sign))
    with QPainter(sheet) as painter:
        for at, panel in enumerate(_PANELS):
            painter.fillRect(QRect(at * block, 0, block, sheet.height()), QColor(panel))
            for row, sign in enumerate(Sign):
                _paint_row(painter, sign, at * block, row * _CELL)
    return sheet


def _paint_row(painter: QPainter, sign: Sign, left: int, top: int) -> None:
    for at, side in enumerate(SIDES):
        pixmap = tray_icon(sign).pixmap(side, side)
        inset = (_CELL - side) // 2
        painter.drawPixmap(left + at * _CELL + inset, top + inset, side, side, pixmap)
