"""Contact sheets: all pictures of one language and scheme on one, each with its name."""

from collections.abc import Mapping, Sequence
from math import sqrt

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap

_GAP, _CAPTION = 24, 28
_PROPORTION = 1.6
_PAPER, _INK = "#8a8d93", "#ffffff"


def contact_sheet(shots: Mapping[str, Sequence[QPixmap]], *, share: float = 0.5) -> QImage:
    """The pictures of each scene side by side, below its name, on a sheet of the proportions of a
    screen. ``share``: of their own size."""
    cells = {name: [_small(shot, share) for shot in taken] for name, taken in shots.items()}
    cell = _largest(cells)
    across = max(1, round(sqrt(len(cells) * _PROPORTION * cell.height() / cell.width())))
    down = -(-len(cells) // across)
    sheet = QImage(
        across * (cell.width() + _GAP) + _GAP,
        down * (cell.height() + _GAP) + _GAP,
        QImage.Format.Format_RGB32,
    )
    sheet.fill(QColor(_PAPER))
    with QPainter(sheet) as painter:
        font = QFont()
        font.setPixelSize(_CAPTION // 2)
        painter.setFont(font)
        painter.setPen(QColor(_INK))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for at, (name, images) in enumerate(cells.items()):
            row, column = divmod(at, across)
            corner = QPoint(
                _GAP + column * (cell.width() + _GAP), _GAP + row * (cell.height() + _GAP)
            )
            painter.drawText(QRect(corner, QSize(cell.width(), _CAPTION)), name)
            _paste(painter, corner + QPoint(0, _CAPTION), images)
    return sheet


def _small(shot: QPixmap, share: float) -> QImage:
    image = shot.toImage()
    image.setDevicePixelRatio(1.0)
    size = shot.deviceIndependentSize().toSize() * share
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _paste(painter: QPainter, corner: QPoint, images: Sequence[QImage]) -> None:
    left = corner.x()
    for image in images:
        painter.drawImage(left, corner.y(), image)
        left += image.width() + _GAP // 2


def _largest(cells: Mapping[str, Sequence[QImage]]) -> QSize:
    width = max(
        sum(image.width() for image in images) + _GAP // 2 * (len(images) - 1)
        for images in cells.values()
    )
    height = max(image.height() for images in cells.values() for image in images)
    return QSize(width, height + _CAPTION)
