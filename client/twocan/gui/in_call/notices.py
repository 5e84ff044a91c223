"""What is to be known at the head of a call, one below the other, no wider than a column."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from twocan.gui.parts import column
from twocan.gui.tokens import Size, Space

_ALL = 1000
"""Against the room at both sides: it takes what it may have first."""


def notices(*parts: QWidget) -> QHBoxLayout:
    """These in the middle. What of them is hidden takes no room."""
    middle = QWidget()
    middle.setMaximumWidth(Size.COLUMN)
    middle.setLayout(column(*parts, space=Space.SMALL))
    across = QHBoxLayout()
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(0)
    across.addStretch(1)
    across.addWidget(middle, _ALL)
    across.addStretch(1)
    return across
