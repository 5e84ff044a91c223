"""The pages that there are, and the list of them."""

from enum import StrEnum
from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import Ringed, paint_focus, paint_shape
from twocan.gui.parts.text import elided, width_of
from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Radius, Share, Size, Space, Type

AnyIndex = QModelIndex | QPersistentModelIndex

SECTION = Qt.ItemDataRole.UserRole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)


class Section(StrEnum):
    """A page of the settings, in the order of the list."""

    SOUND = "sound"
    CAMERA = "camera"
    ACCOUNTS = "accounts"
    SITES = "sites"
    GENERAL = "general"
    ABOUT = "about"


_ICONS = {
    Section.SOUND: "speaker",
    Section.CAMERA: "camera",
    Section.ACCOUNTS: "person",
    Section.SITES: "shield",
    Section.GENERAL: "settings",
    Section.ABOUT: "info",
}


class SectionList(Ringed, QListWidget):
    """The pages by name: beside the page that is shown, or alone and leading to it."""

    turned = Signal(object)
    """This ``Section`` is the current one now."""
    wanted = Signal(object)
    """A ``Section`` was clicked, or Enter pressed on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leads = False
        """Whether it stands alone, and each row leads to its page."""
        self.setAccessibleName(self.tr("Pages of the settings"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSpacing(Space.HAIR // 2)
        self.viewport().setAutoFillBackground(False)
        self.setItemDelegate(_Drawn(self))
        for section, title in self.titles().items():
            item = QListWidgetItem(title, self)
            item.setData(SECTION, section)
        self.setCurrentRow(0)
        self.currentItemChanged.connect(lambda item: self.turned.emit(item.data(SECTION)))
        self.itemClicked.connect(lambda item: self.wanted.emit(item.data(SECTION)))

    def titles(self) -> dict[Section, str]:
        """What each page is called."""
        return {
            Section.SOUND: self.tr("Sound"),
            Section.CAMERA: self.tr("Camera"),
            Section.ACCOUNTS: self.tr("Accounts"),
            Section.SITES: self.tr("Trusted sites"),
            Section.GENERAL: self.tr("General"),
            Section.ABOUT: self.tr("About Twocan"),
        }

    @property
    def section(self) -> Section:
        """The current one."""
        return Section(self.currentItem().data(SECTION))

    def turn_to(self, section: Section) -> None:
        """Make this the current one."""
        self.setCurrentRow(list(Section).index(section))

    def lead(self, on: bool) -> None:
        """Stand alone, or beside the page."""
        self.leads = on
        self.viewport().update()

    def natural_width(self) -> int:
        """How wide it is beside a page: as its longest name."""
        font = theme().font(Type.BODY)
        widest = max(width_of(title, font) for title in self.titles().values())
        return ceil(widest) + Size.ICON + 4 * Space.MEDIUM

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down turn, Enter leads into the page."""
        if event.key() in _ENTER:
            self.wanted.emit(self.section)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Drawn(QStyledItemDelegate):
    """Draws a row: an icon and a name, and an arrow where it leads to a page."""

    def __init__(self, rows: SectionList) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """As high as a line with room around it."""
        height = ceil(QFontMetricsF(theme().font(Type.BODY)).height()) + 2 * Space.MEDIUM
        return QSize(Size.CONTROL, max(Size.CONTROL, height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The row, chosen, pointed at, or neither."""
        state, flags = option.state, QStyle.StateFlag
        rect = QRectF(option.rect)
        chosen = bool(state & flags.State_Selected) and not self._rows.leads
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            paint_shape(painter, rect, Radius.MEDIUM, theme().colour(Ink.SOFT))
        elif state & flags.State_MouseOver:
            ground, on = theme().colour(Ink.BACKGROUND), theme().colour(Ink.TEXT)
            paint_shape(painter, rect, Radius.MEDIUM, mix(ground, on, Share.POINTED))
        self._paint_line(painter, rect, index, theme().colour(Ink.ON_SOFT if chosen else Ink.TEXT))
        if state & flags.State_HasFocus and self._rows.shows_focus():
            paint_focus(painter, rect, Radius.MEDIUM)
        painter.restore()

    def _paint_line(self, painter: QPainter, rect: QRectF, index: AnyIndex, colour: QColor) -> None:
        room = rect.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
        icon = QRectF(room.left(), room.top(), Size.ICON, room.height())
        text = room.adjusted(Size.ICON + Space.MEDIUM, 0, 0, 0)
        arrow = QRectF(room.right() - Size.ARROW, room.top(), Size.ARROW, room.height())
        side = Qt.AlignmentFlag.AlignLeft
        if self._rows.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            icon, text, arrow = (_mirrored(each, room) for each in (icon, text, arrow))
            side = Qt.AlignmentFlag.AlignRight
        paint_icon(painter, _ICONS[index.data(SECTION)], icon, colour)
        if self._rows.leads:
            paint_icon(painter, "forward", arrow, theme().colour(Ink.MUTED))
        font = theme().font(Type.BODY)
        painter.setFont(font)
        painter.setPen(colour)
        name = elided(str(index.data()), font, text.width())
        # A painter of a mirrored widget mirrors alignments once more.
        placed = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(text, int(placed), name)


def _mirrored(rect: QRectF, within: QRectF) -> QRectF:
    """Where ``rect`` is when the line is read from right to left."""
    mirrored = QRectF(rect)
    mirrored.moveRight(within.right() - (rect.left() - within.left()))
    return mirrored
