"""What tests of the store put into it: codes, keys and lines of the audit, from little."""

from collections.abc import Callable
from hashlib import sha256

from twocan_supernode.store import Code, Entry, Hook, SiteKey

NOW = 1_800_000_000_000
SECOND = 1000
MINUTE = 60 * SECOND
DAY = 24 * 3600 * SECOND
SITE = "site.example"
ADDRESS = f"mfrggzdfmztwq2lkmfrggzdfmztwq2lk@{SITE}"


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def code(text: str = "a code", launch: str = "{}", issued: int = NOW) -> Code:
    return Code(digest(text), SITE, launch, issued, issued + 120 * SECOND)


def entry(action: str = "launch", at: int = NOW, site: str = SITE) -> Entry:
    return Entry(at, site, "key:abcdefgh", action, ADDRESS, "done")


def noting(action: str = "redeem") -> Callable[[Code], Entry]:
    """What is noted of a code."""
    return lambda redeemed: entry(action, site=redeemed.site)


def key(name: str = "abcdefgh", site: str = SITE, made: int = NOW) -> SiteKey:
    return SiteKey(name, site, digest(name), made)


def hook(
    name: str = "a call:started", due: int = NOW, body: str = '{"type": "call.started"}'
) -> Hook:
    return Hook(name, SITE, body, due)
