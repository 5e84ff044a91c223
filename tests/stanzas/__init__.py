"""Stanzas as Dino, Conversations, Gajim, the XEPs' examples and Twocan shape them.

Those named ``recorded-`` were taken from calls with the program itself (Dino 0.4.2), with other
addresses put in.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

_FILES = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.xml"))}

OURS = _FILES["twocan-session-accept"]
"""A stanza of Twocan's with one of everything that it ever writes."""


def payload(text: str) -> ET.Element:
    """The first child of a stanza."""
    return ET.fromstring(text)[0]  # noqa: S314 - written here


def recorded(name: str) -> ET.Element:
    """The first child of the stanza of that name."""
    return payload(_FILES[name])


def all_recorded() -> list[ET.Element]:
    """The first child of each stanza."""
    return [payload(text) for text in _FILES.values()]
