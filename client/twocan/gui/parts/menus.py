"""Menus that open over the window, in the window's own looks."""

from math import ceil

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionMenuItem,
    QWidget,
)

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import brush_for, leading, paint_edge, paint_shape
from twocan.gui.parts.text import width_of
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type


class Menu(QMenu):
    """Lines to choose from, with room around them. Only how it is painted is our own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures = _Measures(self)
        self.setStyle(self._measures)
        # Its corners are round: what is outside of them is not its own.
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def line_size(self, words: str) -> QSize:
        """How large a line with these words has to be."""
        font = theme().font(Type.BODY)
        high = max(Size.CONTROL, ceil(QFontMetricsF(font).height()) + 2 * Space.SMALL)
        marked = any(action.isCheckable() for action in self.actions())
        mark = Space.LARGE + Size.ARROW if marked else 0
        wide = self._indent() + ceil(width_of(words, font)) + mark
        return QSize(2 * Space.MEDIUM + wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        with brush_for(self) as painter:
            whole = QRectF(self.rect())
            paint_shape(painter, whole, Radius.MEDIUM, theme().colour(Ink.SURFACE))
            paint_edge(painter, whole, Radius.MEDIUM, theme().colour(Ink.LINE), Size.LINE)
            for action in self.actions():
                if action.isVisible():
                    self._paint(painter, action, self.actionGeometry(action))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if QGuiApplication.platformName() == "xcb":
            # Without a compositor the corners would be black.
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), Radius.MEDIUM, Radius.MEDIUM)
            self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def _paint(self, painter: QPainter, action: QAction, line: QRect) -> None:
        if action.isSeparator():
            middle = QRect(line.left(), line.center().y(), line.width(), Size.LINE)
            painter.fillRect(middle, theme().colour(Ink.LINE))
            return
        if action is self.activeAction() and action.isEnabled():
            paint_shape(painter, QRectF(line), Radius.SMALL, theme().colour(Ink.RAISED))
        room = line.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
        words = room.adjusted(self._indent(), 0, 0, 0)
        icon = QRect(room.left(), 0, Size.ICON, Size.ICON)
        icon.moveTop(line.center().y() - Size.ICON // 2 + 1)
        action.icon().paint(painter, self._placed(icon, line))
        painter.setFont(theme().font(Type.BODY))
        painter.setPen(theme().colour(Ink.TEXT if action.isEnabled() else Ink.MUTED))
        start = leading(self.layoutDirection())
        painter.drawText(self._placed(words, line), int(start), _plain(action.text()))
        if action.isChecked():
            mark = QRect(room.right() - Size.ARROW + 1, line.top(), Size.ARROW, line.height())
            colour = theme().colour(Ink.ACCENT)
            paint_icon(painter, "check", QRectF(self._placed(mark, line)), colour)

    def _placed(self, part: QRect, line: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), line, part)

    def _indent(self) -> int:
        """Of the words, where any line has an icon."""
        icons = any(not action.icon().isNull() for action in self.actions())
        return Size.ICON + Space.MEDIUM if icons else 0


def _plain(text: str) -> str:
    """An ampersand is one, and marks no key."""
    return text.replace("&&", "&")


class _Measures(QProxyStyle):
    """Qt asks the style how large the lines of a menu are, and nobody else."""

    def __init__(self, menu: Menu) -> None:
        super().__init__("fusion")
        self.setParent(menu)
        self._menu = menu

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        match metric:
            case QStyle.PixelMetric.PM_MenuPanelWidth:
                return Size.LINE
            case QStyle.PixelMetric.PM_MenuHMargin | QStyle.PixelMetric.PM_MenuVMargin:
                return Space.TINY
        return super().pixelMetric(metric, option, widget)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        if kind is not QStyle.ContentsType.CT_MenuItem:
            return super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
        assert isinstance(option, QStyleOptionMenuItem)
        if option.menuItemType is QStyleOptionMenuItem.MenuItemType.Separator:
            return QSize(0, Size.LINE + 2 * Space.TINY)
        return self._menu.line_size(_plain(option.text))
