"""The font that the pictures are taken with, and the scripts for which there is none."""

from PySide6.QtGui import QFont, QFontDatabase

_POINTS = 10
_LIKED = ("Inter", "Adwaita Sans", "Cantarell", "Noto Sans", "Open Sans", "DejaVu Sans")
"""What desktops have as their own font."""

_System = QFontDatabase.WritingSystem
_SCRIPTS = {
    "en": _System.Latin,
    "de": _System.Latin,
    "es": _System.Latin,
    "ar": _System.Arabic,
    "zh_CN": _System.SimplifiedChinese,
}


def desktop_font() -> QFont:
    """As a desktop would have it: the first of those that are installed, else Qt's choice."""
    there = set(QFontDatabase.families())
    font = QFont()
    if liked := next((family for family in _LIKED if family in there), None):
        font = QFont(liked)
    font.setPointSize(_POINTS)
    return font


def without_font(languages: list[str]) -> list[str]:
    """Those of the languages whose script no font here has."""
    return [code for code in languages if not QFontDatabase.families(_SCRIPTS[code])]
