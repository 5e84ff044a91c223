"""Makes the icon of the program for Windows (.ico) and macOS (.icns) out of the drawing.

Both are a table and, behind it, the same picture in several sizes, as PNG.
"""

import struct
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

WINDOWS = (16, 20, 24, 32, 40, 48, 64, 256)
"""Pixels: what the desktop, the taskbar and lists show on screens of 100 to 250 %."""
MACOS: Mapping[bytes, int] = {
    b"ic11": 32,  # 16 points on a screen of twice the pixels, and so on
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
"""Pixels, by the kind of the picture (Apple Icon Image format)."""
# Apple's icons leave a margin around themselves (Human Interface Guidelines, App icons).
_MARGIN = 100 / 1024


def ico(drawing: Path, file: Path) -> str:
    """Write an .ico; where it is, for PyInstaller."""
    pictures = [(size, png(drawing, size)) for size in WINDOWS]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    for size, picture in pictures:
        side = size % 256  # 256 is written as 0
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    file.write_bytes(head + b"".join(picture for _, picture in pictures))
    return str(file)


def icns(drawing: Path, file: Path) -> str:
    """Write an .icns; where it is, for PyInstaller."""
    pictures = ((kind, png(drawing, size, _MARGIN)) for kind, size in MACOS.items())
    body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in pictures)
    file.write_bytes(b"icns" + struct.pack(">I", 8 + len(body)) + body)
    return str(file)


def png(drawing: Path, size: int, margin: float = 0.0) -> bytes:
    """The drawing as PNG, ``size`` pixels wide and high; ``margin``: of that, on each side."""
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise ValueError(f"{drawing} is no drawing (SVG)")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    around = round(size * margin)
    painter.setViewport(around, around, size - 2 * around, size - 2 * around)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # its types say bytes, which it refuses
    return bytes(buffer.data().data())
