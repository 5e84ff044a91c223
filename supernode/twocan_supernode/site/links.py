"""Launch links and their codes. Pure.

A code is 32 random bytes as 43 letters of base64url. Where the site named its request with an
idempotency key, they come from that, the site's secret and the time instead: for some minutes the
same key makes the same code, which therefore need not be stored to be said again.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

CODE_BYTES = 32
_WINDOW = 600_000
"""Milliseconds in which the same idempotency key makes the same code. A code is stored for longer,
ten minutes after it expired; two minutes longer, so that the clocks of two nodes may differ."""
REDEEM = "/v1/launches/redeem"
REFRESH = "/v1/tokens/refresh"


def new_code() -> str:
    return secrets.token_urlsafe(CODE_BYTES)


def repeatable_codes(secret: bytes, idempotency_key: str, now: int) -> tuple[str, ...]:
    """The code of the site's request of that name; then those that it may have been given already.

    Each window of time has a code of its own, so that none is made anew once it was forgotten. It
    may stand two windows later, and be of the next one where another node's clock is ahead.
    """
    window = now // _WINDOW
    windows = (window, window + 1, window - 1, window - 2)
    return tuple(_repeatable_code(secret, idempotency_key, each) for each in windows)


def _repeatable_code(secret: bytes, idempotency_key: str, window: int) -> str:
    named = b"code\0%d\0%b" % (window, idempotency_key.encode())
    made = hmac.digest(secret, named, hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def digest_of(code: str) -> bytes:
    """What is stored in the code's place."""
    return hashlib.sha256(code.encode()).digest()


def link(url: str, code: str) -> str:
    """What a button opens; ``url``: where this server is reached, without a slash at the end."""
    return f"twocan:launch?redeem={quote(url + REDEEM, safe='')}&code={code}"


def page(url: str, code: str) -> str:
    """The page for whoever has no phone yet. No browser sends what stands behind the #."""
    return f"{url}/launch#{code}"
