"""Shows the pictures of a pane, and asks for them only while they are to be seen.

A picture is painted in the size in which it is drawn, off Qt's thread (``media.pictures.canvas``),
so that drawing it is a copy of its rows. Qt would scale it itself, but for more, and it holds
Python's lock all the while, which sound waits for. Measured with 1280x720, 30 in a second, in
percent of a core for everything from the planes to the X server:

| window | painted in its size | painted as it is, scaled by Qt | OpenGL, by llvmpipe |
|---|---|---|---|
| 1280x720 | 5.7 | 5.7 | 89 |
| 960x540 | 6.7 | 11.3 | - |
| 640x360 | 3.7 | 8.3 | 24 |
| 1920x1080 | 13 | 17.3 | 134 |

OpenGL takes 65 to 95 MB besides, where no graphics processor does it.
"""

from math import ceil

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from twocan.gui.bridge import Pane
from twocan.gui.pictures.covered import Covered
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Time

_NEAR_ENOUGH = 2
"""Pixels by which a picture is drawn as it stands instead of being scaled: sizes are even."""

_SMOOTH = 2560 * 1440
"""Pixels beyond which Qt scales without smoothing, which would cost 40 % of a core more. What is
scaled there was made that large before (``media.pictures.canvas.LARGEST``)."""


class PictureView(QWidget):
    """The newest picture of a pane, whole, before ``Ink.STAGE``.

    ``mirrored``: as in a mirror. ``fills``: nothing is left free, and what does not fit is cut
    off. ``rounded``: the corners' radius. Its owner gives it an accessible name.
    """

    double_clicked = Signal()
    picture_resized = Signal()
    """``picture_size`` is another."""

    def __init__(
        self,
        pane: Pane,
        parent: QWidget | None = None,
        *,
        mirrored: bool = False,
        fills: bool = False,
        rounded: int = 0,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._mirrored, self._fills, self._rounded = mirrored, fills, rounded
        self._size = QSize()
        self._ratio = self.devicePixelRatioF()
        self._covered: Covered | None = None
        self._settling = QTimer(self, interval=Time.QUICK, singleShot=True)
        self._settling.timeout.connect(self._ask)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, not rounded)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._place = place = object()
        self.destroyed.connect(lambda: pane.want(0, 0, place))
        pane.came.connect(self._take_news)

    @property
    def picture_size(self) -> QSize:
        """How large the pictures are by themselves; empty while there are none."""
        return self._size

    @property
    def looked_at(self) -> bool:
        """Whether anything of it may be on a screen."""
        return self.isVisible() and self._covered is not None and self._covered.seen

    # When to paint

    def _take_news(self) -> None:
        size = QSize(*self._pane.picture_size())
        if size != self._size:
            self._size = size
            self._ask()
            self.picture_resized.emit()
        self.update()

    def _follow(self) -> None:
        """Whether it is looked at may have changed."""
        self._settling.stop()
        self._ask()
        if self.looked_at:
            self.update()

    def _ask(self) -> None:
        if not self.looked_at:
            self._pane.want(0, 0, self._place)
            return
        wanted = self._pixels()
        if self._fills and not self._size.isEmpty():
            wanted = self._size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        self._pane.want(wanted.width(), wanted.height(), self._place)

    def _pixels(self) -> QSize:
        """How large it is, in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return QSize(ceil(self.width() * ratio), ceil(self.height() * ratio))

    def _watch(self, window: QWidget) -> None:
        covered = Covered.of(window)
        if covered is self._covered:
            return
        if self._covered is not None:
            self._covered.changed.disconnect(self._follow)
        self._covered = covered
        covered.changed.connect(self._follow)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch(self.window())
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # While an edge is dragged each picture is scaled by Qt, which is cheaper than new pages.
        self._settling.start()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()
        else:
            super().mouseDoubleClickEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # From here on lengths are pixels of the screen: a picture is drawn as it was painted.
        ratio = self.devicePixelRatioF()
        if ratio != self._ratio:
            # It was moved to another screen.
            self._ratio = ratio
            self._settling.start()
        painter.scale(1 / ratio, 1 / ratio)
        whole = QRect(QPoint(), self._pixels())
        image = self._pane.picture()
        area = self._area(image, whole) if image is not None else QRect()
        if self._rounded:
            self._paint_rounded(painter, image, area, whole, self._rounded * ratio)
            return
        stage = theme().colour(Ink.STAGE)
        for free in _around(area, whole):
            painter.fillRect(free, stage)
        if image is not None:
            self._paint(painter, image, area)

    def _area(self, image: QImage, whole: QRect) -> QRect:
        """Where the picture goes."""
        how = Qt.AspectRatioMode
        mode = how.KeepAspectRatioByExpanding if self._fills else how.KeepAspectRatio
        size = image.size().scaled(whole.size(), mode)
        if self._fills:
            covers = image.width() >= whole.width() and image.height() >= whole.height()
        else:
            covers = True
        if covers and _near(size, image.size()):
            size = image.size()
        area = QRect(QPoint(), size)
        area.moveCenter(whole.center())
        return area

    def _paint(self, painter: QPainter, image: QImage, area: QRect) -> None:
        if self._mirrored:
            painter.setTransform(_mirror(area), combine=True)
        if area.size() == image.size():
            painter.drawImage(area.topLeft(), image)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_worth_it(area))
        painter.drawImage(area, image)

    def _is_worth_it(self, area: QRect) -> bool:
        """Whether scaling is to be smooth: not while an edge is dragged, nor of too much."""
        return not self._settling.isActive() and area.width() * area.height() <= _SMOOTH

    def _paint_rounded(
        self,
        painter: QPainter,
        image: QImage | None,
        area: QRect,
        whole: QRect,
        radius: float,
    ) -> None:
        brush = QBrush(theme().colour(Ink.STAGE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        if image is None or not area.contains(whole):
            painter.drawRoundedRect(QRectF(whole), radius, radius)
        if image is not None:
            painter.setRenderHint(
                QPainter.RenderHint.SmoothPixmapTransform, area.size() != image.size()
            )
            painter.setBrush(self._picture_brush(image, area))
            painter.drawRoundedRect(QRectF(area & whole), radius, radius)

    def _picture_brush(self, image: QImage, area: QRect) -> QBrush:
        """Paints the picture where it goes, and in any shape."""
        place = QTransform.fromTranslate(area.x(), area.y())
        place.scale(area.width() / image.width(), area.height() / image.height())
        brush = QBrush(image)
        brush.setTransform(place * _mirror(area) if self._mirrored else place)
        return brush


def _around(area: QRect, whole: QRect) -> tuple[QRect, ...]:
    """What of the whole is left free: above and below, and at both sides."""
    right, bottom = area.x() + area.width(), area.y() + area.height()
    return (
        QRect(0, 0, whole.width(), area.y()),
        QRect(0, bottom, whole.width(), whole.height() - bottom),
        QRect(0, area.y(), area.x(), area.height()),
        QRect(right, area.y(), whole.width() - right, area.height()),
    )


def _near(one: QSize, other: QSize) -> bool:
    across, down = one.width() - other.width(), one.height() - other.height()
    return max(abs(across), abs(down)) <= _NEAR_ENOUGH


def _mirror(area: QRect) -> QTransform:
    """Turns left and right around within this."""
    return QTransform(-1, 0, 0, 1, 2 * area.x() + area.width(), 0)
