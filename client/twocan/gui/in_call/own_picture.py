"""One's own picture: small, in a corner, wherever the person put it.

It is dragged with the mouse, or moved with the arrow keys, and comes to rest in the nearest corner
of what its parent leaves free.
"""

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QMargins,
    QPoint,
    QPropertyAnimation,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QStyle, QWidget

from twocan.gui.bridge import Pane
from twocan.gui.parts import RoundButton
from twocan.gui.parts.painting import Ringed, brush_for, paint_edge, paint_shape
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Time

_UNKNOWN = QSize(4, 3)
"""Its shape until there is a picture."""
_SHARE, _LEAST = 3, 7
"""It takes no more than one in three of its parent's width, and on a large screen one in seven."""


class OwnPicture(Ringed, QWidget):
    """``pane``: where the own pictures come."""

    hidden = Signal()
    """The person wants it out of the way."""

    def __init__(self, pane: Pane, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._pane, self._mirrored = pane, True
        self._on_stage = False
        self._picture = self._make_picture()
        self.put_away = RoundButton(
            "close", self.tr("Hide my picture"), on_stage=True, size=Size.ROUND_SMALL
        )
        self.put_away.setParent(self)
        self.put_away.clicked.connect(self.hidden)
        self._start, self._top = False, False
        self._margins = QMargins()
        self._grabbed: QPoint | None = None
        self._motion = QPropertyAnimation(self, b"pos", self)
        self._motion.setDuration(Time.CALM)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Your own picture"))
        self.setAccessibleDescription(self.tr("The arrow keys move it to another corner."))
        self.put_away.hide()

    @property
    def corner(self) -> tuple[bool, bool]:
        """Where it rests: whether at the start of the line of reading, and whether at the top."""
        return self._start, self._top

    def mirror(self, on: bool) -> None:
        """Whether one sees oneself as in a mirror; a screen is to be read."""
        if on == self._mirrored:
            return
        self._mirrored = on
        self._picture.hide()
        self._picture.deleteLater()
        self._picture = self._make_picture()
        self._picture.show()
        self._lay_out()
        self.put_away.raise_()

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether it lies on a picture now."""
        if on_stage != self._on_stage:
            self._on_stage = on_stage
            self.update()

    def rest_in(self, start: bool, top: bool) -> None:
        """Go to this corner, in a short motion where things may move."""
        self._start, self._top = start, top
        self._motion.stop()
        if self.isVisible() and theme().animates:
            self._motion.setEndValue(self._resting_place().topLeft())
            self._motion.start()
        else:
            self.setGeometry(self._resting_place())

    def keep_clear(self, margins: QMargins) -> None:
        """Leave these free along the edges of the parent, and be where one rests."""
        self._margins = margins
        if self._grabbed is None:
            self._motion.stop()
            self.setGeometry(self._resting_place())

    def sizeHint(self) -> QSize:
        wide = self._host.width()
        longest = min(max(Size.OWN_PICTURE, wide // _LEAST), wide // _SHARE)
        shape = self._picture.picture_size
        if shape.isEmpty():
            shape = _UNKNOWN
        return shape.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._motion.stop()
            self._grabbed = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            super().mouseMoveEvent(event)
            return
        room = self._host.rect().adjusted(0, 0, -self.width(), -self.height())
        to = self.mapToParent(event.position().toPoint()) - self._grabbed
        x = max(room.left(), min(to.x(), room.right()))
        self.move(x, max(room.top(), min(to.y(), room.bottom())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grabbed is not None:
            self._let_go()
            middle, room = self.geometry().center(), self._room().center()
            self.rest_in(self._at_start(middle.x() <= room.x()), middle.y() <= room.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        start, top = self._start, self._top
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                self.rest_in(self._at_start(key == Qt.Key.Key_Left), top)
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                self.rest_in(start, key == Qt.Key.Key_Up)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._lay_out()
            self.keep_clear(self._margins)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.put_away.show()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._offer()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.put_away.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._offer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._let_go()
        self._motion.stop()
        self.setGeometry(self._resting_place())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = brush_for(self), QRectF(self.rect())
        radius = Radius.MEDIUM + Size.FOCUS
        if self.shows_focus():
            ink = Ink.ON_STAGE if self._on_stage else Ink.ACCENT
        else:
            ink = Ink.SCRIM if self._on_stage else Ink.LINE
        paint_shape(painter, rect, radius, theme().colour(Ink.STAGE))
        paint_edge(painter, rect, radius, theme().colour(ink), Size.FOCUS)

    def _make_picture(self) -> PictureView:
        picture = PictureView(
            self._pane, self, mirrored=self._mirrored, fills=True, rounded=Radius.MEDIUM
        )
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.picture_resized.connect(lambda: self.keep_clear(self._margins))
        return picture

    def _lay_out(self) -> None:
        around = Size.FOCUS
        self._picture.setGeometry(self.rect().adjusted(around, around, -around, -around))
        size = self.put_away.sizeHint()
        corner = QRect(self.width() - size.width(), 0, size.width(), size.height())
        self.put_away.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), corner))

    def _let_go(self) -> None:
        self._grabbed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def _offer(self) -> None:
        self.put_away.setVisible(self.underMouse() or self.hasFocus() or self.put_away.hasFocus())

    def _at_start(self, left: bool) -> bool:
        return left is (self.layoutDirection() is Qt.LayoutDirection.LeftToRight)

    def _room(self) -> QRect:
        around = QMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        return self._host.rect().marginsRemoved(self._margins + around)

    def _resting_place(self) -> QRect:
        room, size = self._room(), self.sizeHint()
        x = room.left() if self._start else room.right() - size.width() + 1
        y = room.top() if self._top else room.bottom() - size.height() + 1
        place = QRect(x, y, size.width(), size.height())
        return QStyle.visualRect(self.layoutDirection(), room, place)
