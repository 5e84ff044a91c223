"""How one call of the past is painted: who, what became of it and when, and a camera to be seen
by when calling back."""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from twocan.desk.state import Outcome, Past
from twocan.gui.icons import paint_icon
from twocan.gui.parts import Avatar
from twocan.gui.parts.painting import paint_focus, paint_shape
from twocan.gui.parts.text import elided, width_of
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type

PAST = Qt.ItemDataRole.UserRole
"""The role under which the model gives a whole ``Past``."""
SHOWN = Qt.ItemDataRole(PAST + 1)
"""And what of it is painted: a ``Shown``."""

_PORTRAITS_KEPT = 128
_CAMERA = Size.ROUND_SMALL


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see of a call. ``fresh``: a missed one that is news."""

    past: Past
    name: str
    outcome: str
    when: str
    fresh: bool


class PastRow(QStyledItemDelegate):
    """Paints the rows of ``view``. ``pointer``: where the mouse is in it, None elsewhere."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.pointer: QPoint | None = None
        self._portraits: dict[tuple[str, str, float], QPixmap] = {}

    def height(self) -> int:
        """Of a row, in pixels."""
        lines = sum(_line(kind) for kind in (Type.STRONG, Type.SMALL)) + Space.HAIR
        return max(Size.AVATAR_SMALL, lines) + 2 * Space.SMALL

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(Size.NARROWEST // 2, self.height())

    def camera(self, row: QRect) -> QRect:
        """Where in a row its camera is."""
        side = QRect(0, 0, _CAMERA, _CAMERA)
        side.moveCenter(row.center())
        side.moveRight(row.right() - Space.SMALL)
        return QStyle.visualRect(self._view.layoutDirection(), row, side)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        shown = index.data(SHOWN)
        if not isinstance(shown, Shown):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = option.rect
        current = self._view.hasFocus() and index == self._view.currentIndex()
        pointed = self.pointer is not None and row.contains(self.pointer)
        if pointed:
            paint_shape(painter, QRectF(row), Radius.MEDIUM, theme().colour(Ink.RAISED))
        self._paint_portrait(painter, row, shown)
        self._paint_words(painter, row, shown)
        if current or pointed:
            self._paint_camera(painter, row)
        if current:
            paint_focus(painter, QRectF(row), Radius.MEDIUM)
        painter.restore()

    def _paint_portrait(self, painter: QPainter, row: QRect, shown: Shown) -> None:
        place = QRect(0, 0, Size.AVATAR_SMALL, Size.AVATAR_SMALL)
        place.moveCenter(row.center())
        place.moveLeft(row.left() + Space.SMALL)
        place = QStyle.visualRect(self._view.layoutDirection(), row, place)
        painter.drawPixmap(place.topLeft(), self._portrait(shown))

    def _paint_words(self, painter: QPainter, row: QRect, shown: Shown) -> None:
        above, below = self._lines(row)
        kind = Type.STRONG if shown.fresh else Type.BODY
        self._write(painter, above, shown.name, kind, Ink.TEXT)
        missed = shown.past.outcome is Outcome.MISSED
        ink = Ink.BAD if missed else Ink.MUTED
        icon = QRect(below.left(), 0, Size.ARROW, Size.ARROW)
        icon.moveTop(below.center().y() - Size.ARROW // 2 + 1)
        icon = QStyle.visualRect(self._view.layoutDirection(), row, icon)
        paint_icon(painter, _icon(shown.past), QRectF(icon), theme().colour(ink))
        told = below.adjusted(Size.ARROW + Space.TINY, 0, 0, 0)
        self._write(painter, told, self.told(shown, told.width()), Type.SMALL, ink)

    def told(self, shown: Shown, room: int) -> str:
        """What became of it and when; where there is no room for both, the icon has the first."""
        both = self.tr("{outcome} · {when}").format(outcome=shown.outcome, when=shown.when)
        return both if width_of(both, theme().font(Type.SMALL)) <= room else shown.when

    def _lines(self, row: QRect) -> tuple[QRect, QRect]:
        """Where the name stands, and what is below it, as if read from left to right."""
        first, second = _line(Type.STRONG), _line(Type.SMALL)
        top = row.center().y() - (first + Space.HAIR + second) // 2 + 1
        start = row.left() + Space.SMALL + Size.AVATAR_SMALL + Space.MEDIUM
        room = row.right() - Space.SMALL - _CAMERA - Space.TINY - start
        return (
            QRect(start, top, room, first),
            QRect(start, top + first + Space.HAIR, room, second),
        )

    def _write(self, painter: QPainter, place: QRect, text: str, kind: Type, ink: Ink) -> None:
        row = QRect(self._view.viewport().rect())
        font = theme().font(kind)
        painter.setFont(font)
        painter.setPen(theme().colour(ink))
        direction = self._view.layoutDirection()
        start = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        painter.drawText(
            QStyle.visualRect(direction, row, place),
            int(start | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip),
            elided(text, font, place.width()),
        )

    def _paint_camera(self, painter: QPainter, row: QRect) -> None:
        place = QRectF(self.camera(row))
        if self.pointer is not None and place.contains(self.pointer):
            paint_shape(painter, place, _CAMERA / 2, theme().colour(Ink.SOFT))
        icon = QRectF(0, 0, Size.ICON, Size.ICON)
        icon.moveCenter(place.center())
        paint_icon(painter, "camera", icon, theme().colour(Ink.ACCENT))

    def _portrait(self, shown: Shown) -> QPixmap:
        ratio = self._view.devicePixelRatioF()
        key = (shown.past.peer, shown.name, ratio)
        if key not in self._portraits:
            if len(self._portraits) >= _PORTRAITS_KEPT:
                self._portraits.clear()
            self._portraits[key] = _portrait(*key)
        return self._portraits[key]


def _portrait(address: str, name: str, ratio: float) -> QPixmap:
    avatar = Avatar(Size.AVATAR_SMALL)
    avatar.show_person(address, name)
    pixmap = QPixmap(QSize(Size.AVATAR_SMALL, Size.AVATAR_SMALL) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    avatar.render(pixmap, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    return pixmap


def _icon(past: Past) -> str:
    if past.outcome is Outcome.MISSED:
        return "missed"
    return "outgoing" if past.outgoing else "incoming"


def _line(kind: Type) -> int:
    return ceil(QFontMetricsF(theme().font(kind)).height())
