"""What a site's database holds, as values, and what can go wrong with it. Pure.

All times are whole milliseconds since 1970. Of a key, a code or a proof only the SHA-256 is here.
"""

from dataclasses import dataclass, field

from twocan_supernode.errors import SupernodeError


@dataclass(frozen=True, slots=True)
class SiteKey:
    """What a site's backend signs in to the API with; ``digest`` is of the key's secret half."""

    id: str
    site: str
    digest: bytes = field(repr=False)
    made: int
    retired: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code, and what whoever redeems it is told: ``launch``, a JSON text."""

    digest: bytes = field(repr=False)
    site: str
    launch: str = field(repr=False)
    issued: int
    expires: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit. ``subject`` is an address or empty; there is never a secret in it."""

    at: int
    site: str
    actor: str
    action: str
    subject: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was made for ``address`` until ``at`` is void."""

    address: str
    at: int


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook to deliver at ``due``; ``id`` is the event's, so that posting it twice is one."""

    id: str
    site: str
    body: str
    due: int
    tries: int = 0


class StoreAway(SupernodeError):
    """The database cannot be reached, or answers nothing in time.

    Whether what was asked for has happened is then not known: ask again, as all of it may be.
    """


class CodeError(SupernodeError):
    """A code does not work."""


class Unknown(CodeError):
    """Nobody issued it, or it expired so long ago that it is forgotten."""

    def __init__(self) -> None:
        super().__init__("there is no such code")


class Expired(CodeError):
    """It was not redeemed in time."""

    def __init__(self) -> None:
        super().__init__("the code has expired")


class Used(CodeError):
    """Someone else redeemed it."""

    def __init__(self) -> None:
        super().__init__("the code was used already")


class TooManyKeys(SupernodeError):
    """A site has as many valid keys as it may have."""
