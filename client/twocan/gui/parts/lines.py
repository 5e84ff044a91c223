"""The lines of a list that drops down, with room around them."""

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from twocan.gui.parts.painting import leading, paint_shape
from twocan.gui.parts.text import elided, width_of
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type

AnyIndex = QModelIndex | QPersistentModelIndex


class Lines(QStyledItemDelegate):
    """Paints what an item says; that which is chosen now on a ground of its own."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        font = theme().font(Type.BODY)
        high = max(Size.CONTROL, ceil(QFontMetricsF(font).height()) + 2 * Space.SMALL)
        return QSize(ceil(width_of(str(index.data()), font)) + 2 * Space.MEDIUM, high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect, states = QRectF(option.rect), QStyle.StateFlag
        chosen = bool(option.state & (states.State_Selected | states.State_MouseOver))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            ground = rect.adjusted(Space.HAIR, Space.HAIR, -Space.HAIR, -Space.HAIR)
            paint_shape(painter, ground, Radius.SMALL, theme().colour(Ink.SOFT))
        font, room = theme().font(Type.BODY), rect.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
        painter.setFont(font)
        painter.setPen(theme().colour(Ink.ON_SOFT if chosen else Ink.TEXT))
        text = elided(str(index.data()), font, room.width(), Qt.TextElideMode.ElideMiddle)
        painter.drawText(room, int(leading(option.direction)), text)
        painter.restore()
