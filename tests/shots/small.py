"""Small files: a picture in the few colours that suit it best (median cut)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

Pixels = npt.NDArray[np.uint8]


def save_small(image: QImage, path: Path, colours: int = 192) -> None:
    """Write it as a PNG with a palette of so many colours."""
    palette = [QColor(*each).rgb() for each in _palette(_pixels(image), colours)]
    how = Qt.ImageConversionFlag
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    few = flat.convertToFormat(
        QImage.Format.Format_Indexed8, palette, how.ThresholdDither | how.AvoidDither
    )
    if not few.save(str(path), "PNG", 0):  # type: ignore[call-overload]
        raise OSError(f"{path} cannot be written")


def _pixels(image: QImage) -> Pixels:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(-1, 3)


def _palette(pixels: Pixels, colours: int) -> list[tuple[int, int, int]]:
    """Cut the colours there are in two where they differ most, until there are enough."""
    seen, counts = np.unique(pixels, axis=0, return_counts=True)
    boxes = [(seen, counts)]
    while len(boxes) < colours:
        spread = [_spread(box) for box, _ in boxes]
        widest = max(range(len(boxes)), key=lambda at: spread[at] * boxes[at][1].sum() ** 0.5)
        if not spread[widest]:
            break
        boxes[widest : widest + 1] = _cut(*boxes[widest])
    return [_mean(box, count) for box, count in boxes]


def _spread(box: Pixels) -> int:
    return int(np.ptp(box, axis=0).max())


def _cut(box: Pixels, counts: npt.NDArray[np.intp]) -> list[tuple[Pixels, npt.NDArray[np.intp]]]:
    axis = int(np.ptp(box, axis=0).argmax())
    order = np.argsort(box[:, axis], kind="stable")
    box, counts = box[order], counts[order]
    middle = int(np.searchsorted(np.cumsum(counts), counts.sum() / 2)) + 1
    middle = min(max(middle, 1), len(box) - 1)
    return [(box[:middle], counts[:middle]), (box[middle:], counts[middle:])]


def _mean(box: Pixels, counts: npt.NDArray[np.intp]) -> tuple[int, int, int]:
    red, green, blue = np.average(box, axis=0, weights=counts).round().astype(int)
    return int(red), int(green), int(blue)
