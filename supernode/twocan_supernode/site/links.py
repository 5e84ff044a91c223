"""Launch links and their codes. Pure.

A code is 32 random bytes as 43 letters of base64url. Where the site named its request with an
idempotency key, they come from that and the site's secret instead: the same key makes the same
code, which therefore need not be stored to be said again.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

CODE_BYTES = 32
REDEEM = "/v1/launches/redeem"
REFRESH = "/v1/tokens/refresh"


def new_code() -> str:
    return secrets.token_urlsafe(CODE_BYTES)


def repeatable_code(secret: bytes, idempotency_key: str) -> str:
    """The code of the site's request of that name."""
    made = hmac.digest(secret, b"code\0" + idempotency_key.encode(), hashlib.sha256)
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
