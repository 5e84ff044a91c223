"""What a camera of a demo person would show: drawn, so that nobody real is ever in a picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QPainterPath

from twocan.media.pictures.picture import Picture

SIZE = (1280, 720)


@dataclass(frozen=True, slots=True)
class Sitter:
    """The colours of somebody, and of where they sit."""

    wall: tuple[str, str]
    sky: tuple[str, str]
    hill: str
    skin: tuple[str, str]
    hair: str
    shirt: tuple[str, str]
    long_hair: bool


FAR = Sitter(
    wall=("#d9c3a0", "#b98f68"),
    sky=("#8fc1d9", "#f3dfb4"),
    hill="#6d8f71",
    skin=("#e2a983", "#c98a66"),
    hair="#3d2b25",
    shirt=("#2f7468", "#1f5148"),
    long_hair=True,
)
NEAR = Sitter(
    wall=("#a9bccb", "#71889b"),
    sky=("#27405e", "#e0926b"),
    hill="#2c3b4d",
    skin=("#b07a55", "#925f40"),
    hair="#1e1a1c",
    shirt=("#c9743c", "#9b5327"),
    long_hair=False,
)


def portrait(sitter: Sitter, size: tuple[int, int] = SIZE) -> Picture:
    """Head and shoulders before a window, in I420."""
    image = QImage(*size, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    width, height = size
    # Drawn on a field that is 100 high, with its middle at 0 across.
    painter.translate(width / 2, 0)
    painter.scale(height / 100, height / 100)
    wide = 100 * width / height
    _paint_room(painter, sitter, wide)
    _paint_body(painter, sitter)
    _paint_head(painter, sitter)
    painter.end()
    return _as_i420(image)


def _paint_room(painter: QPainter, sitter: Sitter, wide: float) -> None:
    painter.fillRect(QRectF(-wide / 2, 0, wide, 100), _down(sitter.wall, 0, 100))
    pane = QRectF(-wide * 0.42, 6, 50, 58)
    painter.setBrush(QColor("#f4ece0"))
    painter.drawRoundedRect(pane.adjusted(-2, -2, 2, 2), 1.5, 1.5)
    painter.fillRect(pane, _down(sitter.sky, pane.top(), pane.bottom()))
    _paint_hills(painter, sitter, pane)
    painter.fillRect(QRectF(pane.center().x() - 0.7, pane.top(), 1.4, pane.height()), "#f4ece0")
    painter.fillRect(QRectF(pane.left(), pane.top() + 24, pane.width(), 1.4), "#f4ece0")
    _paint_shelf(painter, wide)


def _paint_hills(painter: QPainter, sitter: Sitter, pane: QRectF) -> None:
    painter.save()
    painter.setClipRect(pane)
    hill = QColor(sitter.hill)
    painter.setBrush(hill.lighter(125))
    painter.drawEllipse(QPointF(pane.left() + 40, pane.bottom() + 14), 34, 30)
    painter.setBrush(hill)
    painter.drawEllipse(QPointF(pane.left() + 8, pane.bottom() + 12), 34, 24)
    painter.restore()


def _paint_shelf(painter: QPainter, wide: float) -> None:
    start = wide * 0.27
    painter.setBrush(QColor("#7a5a41"))
    painter.drawRoundedRect(QRectF(start, 46, 34, 2), 0.6, 0.6)
    books = (("#a44a3f", 2.8, 15), ("#3f6f84", 3.6, 13), ("#d0a24c", 2.4, 16), ("#57704f", 3.2, 14))
    left = start + 3
    for colour, thick, high in books:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(left, 46 - high, thick, high), 0.5, 0.5)
        left += thick + 0.5
    painter.setBrush(QColor("#c8683f"))
    painter.drawRoundedRect(QRectF(start + 22, 39, 8, 7), 1.5, 1.5)
    painter.setBrush(QColor("#4f7d4a"))
    for lean, high in ((-4.0, 9), (0.0, 12), (4.0, 9)):
        painter.drawEllipse(QPointF(start + 26 + lean, 39 - high / 2), 2.1, high / 2 + 1)


def _paint_body(painter: QPainter, sitter: Sitter) -> None:
    if sitter.long_hair:
        painter.setBrush(QColor(sitter.hair))
        painter.drawRoundedRect(QRectF(-18.5, 22, 37, 48), 17, 17)
    shoulders = QPainterPath(QPointF(-40, 101))
    shoulders.cubicTo(-39, 80, -26, 76, -10, 71)
    shoulders.lineTo(10, 71)
    shoulders.cubicTo(26, 76, 39, 80, 40, 101)
    shoulders.closeSubpath()
    painter.setBrush(_down(sitter.shirt, 70, 100))
    painter.drawPath(shoulders)
    painter.setBrush(QColor(sitter.skin[1]))
    painter.drawRoundedRect(QRectF(-6.5, 56, 13, 20), 6, 6)


def _paint_head(painter: QPainter, sitter: Sitter) -> None:
    painter.setBrush(QColor(sitter.skin[1]))
    for side in (-1, 1):
        painter.drawEllipse(QPointF(side * 14.6, 44), 2.4, 3.6)
    painter.setBrush(_down(sitter.skin, 22, 66))
    painter.drawRoundedRect(QRectF(-14.5, 22, 29, 41), 14.5, 17)
    _paint_hair(painter, sitter)
    painter.setBrush(QColor("#2a1d1b"))
    for side in (-1, 1):
        painter.drawEllipse(QPointF(side * 5.6, 44), 1.15, 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1, 1):
        _stroke(painter, sitter.hair, 1.0, (side * 8, 39.6), (side * 5.6, 38.2), (side * 3.4, 39.4))
    _stroke(painter, sitter.skin[1], 1.0, (0.2, 45), (1.8, 50.5), (-0.6, 50.8))
    _stroke(painter, "#8c3f37", 1.2, (-4.6, 55), (0, 59), (4.6, 55))
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_hair(painter: QPainter, sitter: Sitter) -> None:
    hair = QPainterPath(QPointF(-15.6, 43))
    hair.cubicTo(-19, 18, -8, 14.5, 1, 15)
    hair.cubicTo(12, 15.5, 18.5, 21, 15.6, 43)
    hair.cubicTo(13.5, 36, 12, 31, 6, 28)
    hair.cubicTo(-2, 33.5, -10, 32, -15.6, 43)
    painter.setBrush(QColor(sitter.hair))
    painter.drawPath(hair)


def _stroke(
    painter: QPainter,
    colour: str,
    width: float,
    start: tuple[float, float],
    over: tuple[float, float],
    end: tuple[float, float],
) -> None:
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.SolidLine)
    pen.setColor(QColor(colour))
    pen.setWidthF(width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    path = QPainterPath(QPointF(*start))
    path.quadTo(QPointF(*over), QPointF(*end))
    painter.drawPath(path)


def _down(colours: tuple[str, str], top: float, bottom: float) -> QBrush:
    gradient = QLinearGradient(0, top, 0, bottom)
    gradient.setColorAt(0, QColor(colours[0]))
    gradient.setColorAt(1, QColor(colours[1]))
    return QBrush(gradient)


def _as_i420(image: QImage) -> Picture:
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    rgb = np.ascontiguousarray(rows[:, : 3 * width]).reshape(height, width, 3)
    planes = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).astype(np.uint8)
    y, chroma = planes[:height], planes[height:].reshape(2, height // 2, width // 2)
    return Picture(y, chroma[0], chroma[1], at=0.0)
