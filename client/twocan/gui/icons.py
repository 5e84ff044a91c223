"""Our own icons: lines on a grid of 24, tinted as they are drawn, sharp at any scale.

Each is ``assets/icons/NAME.svg`` and drawn in ``currentColor``. What points along the line of
reading is mirrored where that runs from right to left.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap

from twocan.gui.places import assets

MIRRORED = frozenset({"back", "forward", "incoming", "outgoing", "missed", "sign-out"})


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw an icon into the middle of ``rect``, as large as its shorter side."""
    side = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatioF()
    pixmap = icon_pixmap(name, round(side), colour, ratio)
    corner = rect.center() - QPointF(side / 2, side / 2)
    painter.drawPixmap(_on_pixels(corner, ratio), pixmap)


def icon_pixmap(name: str, size: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """An icon of ``size`` device-independent pixels, for a screen of this ratio."""
    mirrored = (
        name in MIRRORED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    )
    return _drawn(name, size, colour.rgba(), ratio, mirrored)


@lru_cache(maxsize=256)
def _drawn(name: str, size: int, rgba: int, ratio: float, mirrored: bool) -> QPixmap:
    # QtSvg is loaded here, because the first paint should not wait for it longer than it must.
    from PySide6.QtSvg import QSvgRenderer

    colour = QColor.fromRgba(rgba)
    side = round(size * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if mirrored:
        painter.translate(side, 0)
        painter.scale(-1, 1)
    painter.setOpacity(colour.alphaF())
    source = _source(name).replace(b"currentColor", colour.name().encode())
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=128)
def _source(name: str) -> bytes:
    return (assets() / "icons" / f"{name}.svg").read_bytes()


def _on_pixels(point: QPointF, ratio: float) -> QPointF:
    return QPointF(round(point.x() * ratio) / ratio, round(point.y() * ratio) / ratio)
