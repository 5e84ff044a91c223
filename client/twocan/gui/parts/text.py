"""Text that fits where it is put: broken into lines, and elided where even that is too long."""

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

UNLIMITED = 2**23
"""A width that no text has, in pixels."""

_MAY_BREAK = "\u200b"
_JOINTS = re.compile(r"(?<=\w)[.@_/-](?=\w)")


def lines_of(text: str, font: QFont, width: float, most: int | None = None) -> list[str]:
    """``text`` in lines that are no wider than ``width`` pixels, ``most`` of them, broken between
    words where that is possible. What is left over is elided."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _broken(paragraph, font, width)
    if most is not None and len(lines) > most:
        rest = " ".join(line.strip() for line in lines[most - 1 :])
        lines[most - 1 :] = [elided(rest, font, width)]
    return lines


def elided(
    text: str,
    font: QFont,
    width: float,
    where: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> str:
    """``text``, or as much of it as fits and an ellipsis."""
    return QFontMetricsF(font).elidedText(text, where, width)


def width_of(text: str, font: QFont) -> float:
    """How wide the widest line is, in pixels."""
    metrics = QFontMetricsF(font)
    return max(metrics.horizontalAdvance(line) for line in text.split("\n"))


def left_to_right(text: str) -> str:
    """``text``, read from left to right whatever is around it: its signs would otherwise turn
    around in a line from right to left (UAX #9 §2.4.2)."""
    return f"\u2066{text}\u2069"


def hint(widget: QWidget, text: str) -> None:
    """Have this shown where the pointer rests on the widget; "" for nothing.

    A tooltip that looks like HTML is taken for it by Qt, and names are written by others.
    """
    if "<" in text:
        text = f"<span>{text.replace('&', '&amp;').replace('<', '&lt;')}</span>"
    if text != widget.toolTip():
        widget.setToolTip(text)


def _broken(paragraph: str, font: QFont, width: float) -> list[str]:
    if not paragraph or QFontMetricsF(font).horizontalAdvance(paragraph) <= width:
        return [paragraph]
    paragraph = _breakable(paragraph, font, width)
    layout = QTextLayout(paragraph, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        piece = _piece(paragraph, line.textStart(), line.textLength())
        lines.append(piece.replace(_MAY_BREAK, "").rstrip())
    layout.endLayout()
    return lines


def _breakable(paragraph: str, font: QFont, width: float) -> str:
    """An address is one word to Qt, which breaks what is too long anywhere: it is to break after
    its dots and the like."""
    measure = QFontMetricsF(font).horizontalAdvance
    words = paragraph.split(" ")
    return " ".join(
        _JOINTS.sub(f"\\g<0>{_MAY_BREAK}", word) if measure(word) > width else word
        for word in words
    )


def _piece(text: str, start: int, length: int) -> str:
    # Qt counts in units of UTF-16.
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass")
