"""Texts that are written down in tables, and translated when they are shown."""

from collections.abc import Callable
from typing import cast

from PySide6 import QtCore

QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)
"""Gives its second argument. ``pyside6-lupdate`` finds texts by this name; PySide's own stub says
that it gives an object."""
