"""What strangers want people to read: one line, freed of all that could make it look like something
else (a site's words, and names on cards)."""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Without them some words of Persian and Hindi, and some emoji, are other ones."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Categories of what is not seen but changes what is: control characters, and the marks and
overrides of direction (UAX #9)."""


def one_line(text: str, longest: int) -> str | None:
    """At most so many characters of it; None if nothing is left to be seen."""
    seen = "".join(map(_seen, text[: longest * 10]))
    return " ".join(seen.split())[:longest].strip(" " + _JOINERS) or None


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in _UNSEEN and character not in _JOINERS
    return "" if hidden else character
