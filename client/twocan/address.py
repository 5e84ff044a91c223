"""Addresses of people and of their phones: ``local@domain/resource`` (RFC 7622)."""

import re

_FORBIDDEN_LOCAL = re.compile(r"[\"&'/:<>@\s\x00-\x1f\x7f]")
_DOMAIN = re.compile(r"(?!-)[^\s@/\"'<>&:\x00-\x1f\x7f.]{1,63}(?<!-)")
_PART_BYTES = 1023


def bare(address: str) -> str:
    """An address without the resource that names one phone (RFC 7622 §3.1)."""
    return address.partition("/")[0]


def check(address: str) -> str:
    """``address`` if it is a person's bare or a phone's full address.

    Raises ``ValueError`` that says what is wrong with it.
    """
    rest, slash, resource = address.partition("/")
    local, at, domain = rest.partition("@")
    if not at or not local:
        raise ValueError(f"{address!r} is not an address: it has to look like person@site.example")
    if _FORBIDDEN_LOCAL.search(local):
        raise ValueError(
            f"{address!r} is not an address: {local!r} has a character it may not have"
        )
    if not all(_DOMAIN.fullmatch(label) for label in domain.removesuffix(".").split(".")):
        raise ValueError(f"{address!r} is not an address: {domain!r} is not the name of a site")
    if slash and not resource:
        raise ValueError(f"{address!r} is not an address: it ends in a slash")
    if any(len(part.encode()) > _PART_BYTES for part in (local, domain, resource)):
        raise ValueError(f"the address that begins with {address[:20]!r} is too long")
    return address
