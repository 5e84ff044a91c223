"""Elements of a stanza: read with suspicion, written plainly.

Each reader returns a checked value or raises the ``Fault`` to answer the sender with, so that
the modules above hold the rules of one specification each. No element tree makes a reader
raise anything else.
"""

import re
from collections.abc import Collection, Mapping
from xml.etree import ElementTree as ET

from twocan.messages import Fault

MAX_WORD = 256
"""Characters of a name or an identifier. The longest that a specification allows for are ICE's
credentials (RFC 8839 §5.4); a UUID has 36."""

MAX_TEXT = 3071
"""Characters of any other value. The longest that is meant to be read is an address, of so
many bytes at most (RFC 7622 §3.1)."""

MAX_ELEMENTS = 64
"""Elements of one kind within one parent. What phones send has a dozen: more only costs."""

BITS_8 = range(2**8)
BITS_16 = range(2**16)
BITS_32 = range(2**32)

_DIGITS = re.compile("[0-9]{1,10}")
_SHOWN = 40


def malformed(element: ET.Element, problem: str) -> Fault:
    """The answer to what breaks a rule: "it MUST return a bad-request" (XEP-0166 §6.3.2)."""
    return Fault("bad-request", f"{_name(element)}: {problem}")


def oversized(element: ET.Element, problem: str) -> Fault:
    """The answer to what is legal, and more than this phone takes (RFC 6120 §8.3.3.9)."""
    return Fault("not-acceptable", f"{_name(element)}: {problem}")


def shown(value: str) -> str:
    """A peer's value as it may stand in an error or a log: short, and nothing unprintable."""
    return ascii(value if len(value) <= _SHOWN else value[:_SHOWN] + "...")


def children(element: ET.Element, tag: str, most: int = MAX_ELEMENTS) -> list[ET.Element]:
    """The children of that tag, ``most`` of them at most."""
    found = [child for child in element if child.tag == tag]
    if len(found) > most:
        raise oversized(element, f"has {len(found)} {_name(found[0])} elements, {most} are taken")
    return found


def only(element: ET.Element, tag: str) -> ET.Element | None:
    """The one child of that tag. Two would mean what their order is taken to mean."""
    found = [child for child in element if child.tag == tag]
    if len(found) > 1:
        raise malformed(element, f"has more than one {_name(found[0])}")
    return found[0] if found else None


def optional(element: ET.Element, name: str, most: int = MAX_WORD) -> str | None:
    """An attribute's value, None where it is absent."""
    value = element.get(name)
    if value is not None and len(value) > most:
        raise oversized(element, f"{name} has {len(value)} characters, {most} are taken")
    return value


def required(element: ET.Element, name: str, most: int = MAX_WORD) -> str:
    """The value of an attribute that must be there and say something."""
    value = optional(element, name, most)
    if not value:
        raise malformed(element, f"has no {name}")
    return value


def matching(element: ET.Element, name: str, pattern: re.Pattern[str]) -> str:
    """The value of an attribute that must be there and match from end to end."""
    value = required(element, name)
    if not pattern.fullmatch(value):
        raise malformed(element, f"{name} cannot be {shown(value)}")
    return value


def choice(
    element: ET.Element, name: str, choices: Collection[str], default: str | None = None
) -> str:
    """One of a specification's words. Without a default the attribute must be there."""
    value = element.get(name, default)
    if value is None:
        raise malformed(element, f"has no {name}")
    if value not in choices:
        raise malformed(element, f"{name} cannot be {shown(value)}")
    return value


def number(element: ET.Element, name: str, allowed: range, default: int | None = None) -> int:
    """A whole number. Without a default the attribute must be there."""
    value = element.get(name)
    if value is None:
        if default is None:
            raise malformed(element, f"has no {name}")
        return default
    # Digits alone: int() would also take signs, spaces, underscores and other scripts' digits.
    if not _DIGITS.fullmatch(value) or int(value) not in allowed:
        limits = f"{allowed.start} to {allowed.stop - 1}"
        raise malformed(element, f"{name} is {shown(value)}, not a number from {limits}")
    return int(value)


def build(tag: str, attributes: Mapping[str, str | int | None], *content: ET.Element) -> ET.Element:
    """An element. Attributes that are None are left out."""
    given = {name: str(value) for name, value in attributes.items() if value is not None}
    element = ET.Element(tag, given)
    element.extend(content)
    return element


def build_text(tag: str, attributes: Mapping[str, str | int | None], text: str) -> ET.Element:
    """An element around a text."""
    element = build(tag, attributes)
    element.text = text
    return element


def _name(element: ET.Element) -> str:
    # The root of what is parsed may be called anything, so its name is a peer's value as well.
    return shown(str(element.tag).rpartition("}")[2])[1:-1]
