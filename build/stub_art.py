"""Draws what the small window of the download shows while it unpacks: `stub_art.py FILE.xz`.

The file holds, as build/stub/picture.h declares them: the window with logo and word for light and
dark desktops, letters to say what is wrong with, each once as it is and once at twice the size,
and the icon. It is drawn here because the window has neither fonts nor SVG.
"""

import lzma
import os
import sys
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).parent.parent
LOGO = ROOT / "assets" / "twocan.svg"
sys.path.insert(0, str(ROOT / "client"))

from twocan.gui.tokens import DARK, LIGHT, Colours  # noqa: E402 (found where it was put just now)

# Lengths and places for a usual screen, in pixels, as in picture.h.
WIDTH, HEIGHT = 360, 140
LOGO_AT = QRectF(24, 22, 48, 48)
WORD_AT = QRectF(86, 22, 250, 48)
WORD_SIZE, TEXT_SIZE = 27, 13
CELL_WIDTH, CELL_HEIGHT = 18, 18
ICON = 64
FAMILIES = ["Noto Sans", "DejaVu Sans"]
PRINTABLE = [chr(code) for code in range(32, 127)]


def main() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _application = QGuiApplication(sys.argv[:1])
    parts = [
        _palette(LIGHT),
        _palette(DARK),
        *(part for scale in (1, 2) for part in _scaled(scale)),
        _icon(),
    ]
    chain = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 20}]
    Path(sys.argv[1]).write_bytes(
        lzma.compress(b"".join(parts), check=lzma.CHECK_CRC64, filters=chain)
    )
    return 0


def _palette(colours: Colours) -> bytes:
    inks = (colours.background, colours.line, colours.accent, colours.text)
    return b"".join(bytes.fromhex(ink.removeprefix("#")) for ink in inks)


def _scaled(scale: int) -> tuple[bytes, ...]:
    return _window(LIGHT, scale), _window(DARK, scale), _letters(scale)


def _font(pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(FAMILIES)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    return painter


def _window(colours: Colours, scale: int) -> bytes:
    """Red, green, blue; row by row."""
    image = QImage(WIDTH * scale, HEIGHT * scale, QImage.Format.Format_RGB888)
    image.fill(QColor(colours.background))
    painter = _painter(image)
    painter.scale(scale, scale)
    QSvgRenderer(str(LOGO)).render(painter, LOGO_AT)
    painter.setFont(_font(WORD_SIZE, QFont.Weight.DemiBold))
    painter.setPen(QColor(colours.text))
    painter.drawText(WORD_AT, Qt.AlignmentFlag.AlignVCenter, "Twocan")
    painter.end()
    return _rows(image, WIDTH * scale * 3)


def _letters(scale: int) -> bytes:
    """How far each letter goes, in pixels; then how much of each pixel it covers, 0 to 255."""
    advances, cells = bytearray(), bytearray()
    for letter in PRINTABLE:
        cell = QImage(CELL_WIDTH * scale, CELL_HEIGHT * scale, QImage.Format.Format_Grayscale8)
        cell.fill(0)
        painter = _painter(cell)
        painter.setFont(_font(TEXT_SIZE * scale, QFont.Weight.Normal))
        painter.setPen(QColor("white"))
        measured = painter.fontMetrics()
        painter.drawText(QPointF(2 * scale, 14 * scale), letter)
        painter.end()
        advances.append(measured.horizontalAdvance(letter))
        cells += _rows(cell, CELL_WIDTH * scale)
    return bytes(advances + cells)


def _icon() -> bytes:
    """Blue, green, red, opacity."""
    image = QImage(ICON, ICON, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = _painter(image)
    QSvgRenderer(str(LOGO)).render(painter, QRectF(0, 0, ICON, ICON))
    painter.end()
    return _rows(image, ICON * 4)


def _rows(image: QImage, width: int) -> bytes:
    """Without what Qt adds to each row."""
    bits, stride = bytes(image.constBits()), image.bytesPerLine()
    return b"".join(bits[row * stride : row * stride + width] for row in range(image.height()))


if __name__ == "__main__":
    sys.exit(main())
