"""What others wrote, made fit for one line of the desktop's: a name cannot pretend to be more."""

import unicodedata

LONGEST = 60
"""Characters of a name that are shown outside the window."""

_JOINERS = "\u200c\u200d"
"""Needed inside words of Persian and of Indic scripts, and in emoji."""
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_NO_TAG = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"


def plain(text: str, longest: int = LONGEST) -> str:
    """``text`` on one line of at most ``longest`` characters, without anything that is not seen.

    Control characters would break lines, and marks of direction turn what stands around them
    (Unicode, UAX #9; categories C*, Zl and Zp). A "<" would begin a tag: dunst reads markup
    without saying so, and so does a tool tip of Qt's.
    """
    seen = "".join(_seen(character) for character in text).replace("<", _NO_TAG)
    line = " ".join(seen.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _seen(character: str) -> str:
    if character in _JOINERS:
        return character
    return " " if unicodedata.category(character) in _UNSEEN else character
