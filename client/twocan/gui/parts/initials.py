"""The letters that stand for a person, and the colour behind them."""

from binascii import crc32
from itertools import pairwise

from PySide6.QtCore import QTextBoundaryFinder

from twocan.gui.tokens import PEOPLE

VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûåæøœ")
LONGEST_NAME = 14
"""Of one part of what stands before the @, for it to be taken for a name."""


def colour_of(address: str) -> str:
    """The colour of whoever has this address, as #rrggbb: the same always and everywhere."""
    bare = address.partition("/")[0].lower()
    return PEOPLE[crc32(bare.encode()) % len(PEOPLE)]


def initials(address: str, name: str | None) -> str | None:
    """One or two letters for a person; None where letters would mean nothing, as with the IDs that
    sites make up.

    Scripts with small and large letters have initials. Of all others the first sign stands for the
    whole name.
    """
    local = address.partition("@")[0]
    called = (name or "").strip()
    if called in ("", local, address):
        if not _is_a_name(local):
            return None
        called = _parted(local)
    return _letters(called)


def _letters(called: str) -> str | None:
    words = [sign for word in called.split() if (sign := _first_sign(word))]
    if not words:
        return _graphemes(called)[0] if called else None
    first, last = words[0], words[-1]
    if len(words) > 1 and _has_cases(first) and _has_cases(last):
        return (first + last).upper()
    return first.upper()


def _first_sign(word: str) -> str | None:
    """The first grapheme of a word that is a letter or a figure."""
    return next((sign for sign in _graphemes(word) if sign[0].isalnum()), None)


def _graphemes(text: str) -> list[str]:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    units = text.encode("utf-16-le", "surrogatepass")
    edges = [0]
    while (edge := finder.toNextBoundary()) != -1:
        edges.append(2 * edge)
    return [units[start:end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(edges)]


def _has_cases(sign: str) -> bool:
    return sign[0].lower() != sign[0].upper()


def _parted(local: str) -> str:
    return local.replace(".", " ").replace("_", " ").replace("-", " ")


def _is_a_name(local: str) -> bool:
    parts = _parted(local).split()
    return bool(parts) and all(_can_be_said(part) for part in parts)


def _can_be_said(part: str) -> bool:
    if not part.isalpha() or len(part) > LONGEST_NAME:
        return False
    return not part.isascii() or not VOWELS.isdisjoint(part.lower())
