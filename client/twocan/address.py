"""Addresses of people and of their phones: ``local@domain/resource`` (RFC 7622)."""

import re
import unicodedata

# Surrogates are how Python writes bytes of the command line that are no text (PEP 383).
_NO_TEXT = r"\x00-\x1f\x7f\ud800-\udfff"
_FORBIDDEN_LOCAL = re.compile(rf"[\"&'/:<>@\s{_NO_TEXT}]")
_FORBIDDEN_RESOURCE = re.compile(rf"[{_NO_TEXT}]")
_DOMAIN = re.compile(rf"(?!-)[^\s@/\"'<>&:{_NO_TEXT}.]{{1,63}}(?<!-)")
_PART_BYTES = 1023
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
"""Categories of what is not seen but can make an address look like another (RFC 8264 §9.11, §9.13:
no identifier has them)."""


def bare(address: str) -> str:
    """An address without the resource that names one phone (RFC 7622 §3.1)."""
    return address.partition("/")[0]


def check(address: str) -> str:
    """``address`` if it is a person's bare or a phone's full address.

    Raises ``ValueError`` that says what is wrong with it.
    """
    rest, slash, resource = address.partition("/")
    local, at, domain = rest.partition("@")
    if any(_bytes(part) > _PART_BYTES for part in (local, domain, resource)):
        raise ValueError(f"the address that begins with {address[:20]!r} is too long")
    if not at or not local:
        raise ValueError(f"{address!r} is not an address: it has to look like person@site.example")
    if _FORBIDDEN_LOCAL.search(local) or _has_unseen(local):
        raise ValueError(
            f"{address!r} is not an address: {local!r} has a character it may not have"
        )
    labels = domain.removesuffix(".").split(".")
    if not all(map(_DOMAIN.fullmatch, labels)) or _has_unseen(domain):
        raise ValueError(f"{address!r} is not an address: {domain!r} is not the name of a site")
    if slash and not resource:
        raise ValueError(f"{address!r} is not an address: it ends in a slash")
    if _FORBIDDEN_RESOURCE.search(resource):
        raise ValueError(
            f"{address!r} is not an address: {resource!r} has a character it may not have"
        )
    return address


def _has_unseen(part: str) -> bool:
    return any(unicodedata.category(character) in _UNSEEN for character in part)


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))
