"""Signed JSON (JWS compact form, RFC 7515; claims of RFC 7519) under P-256, read with suspicion.

There is one algorithm, ES256, which no header can talk us out of, and one way to write each part.
Times are the reader's business: nothing here looks at a clock. Pure.
"""

import re
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from jwt.utils import base64url_decode

from twocan_supernode.site.strict_json import JsonError, read_object

ALGORITHM = "ES256"

# The signature is r and s of 32 bytes each (RFC 7518 §3.4), which DER never is.
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{86}")
_JWS = jwt.PyJWS(algorithms=[ALGORITHM])


class SignedError(Exception):
    """What is wrong with it, without anything that it says."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """What a text says of itself. Nobody vouches for it before ``verify``."""

    text: str
    header: dict[str, object]
    claims: dict[str, object]


def sign(claims: dict[str, object], key: EllipticCurvePrivateKey, typ: str) -> str:
    """The claims as a JWT of that type. Those that are None are left out."""
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(said, key, algorithm=ALGORITHM, headers={"typ": typ})


def read(text: str, typ: str, most: int) -> Unverified:
    """The parts of a JWT of that type, of ``most`` characters. Raises SignedError."""
    if len(text) > most:
        raise SignedError(f"has more than {most} characters")
    match = _COMPACT.fullmatch(text)
    if match is None:
        raise SignedError("is no JWT under ES256")
    header, claims = _part(match[1]), _part(match[2])
    # RFC 8725 §3.1 and §3.11: the reader says which algorithm and which type.
    if header.get("alg") != ALGORITHM or header.get("typ") != typ:
        raise SignedError(f"is no {typ} under {ALGORITHM}")
    if "crit" in header or "b64" in header:
        raise SignedError("asks for extensions (crit, b64) that are not known here")
    return Unverified(text, header, claims)


def verify(unverified: Unverified, key: EllipticCurvePublicKey) -> dict[str, object]:
    """The claims, if it was ``key`` that signed them; else raises SignedError."""
    try:
        _JWS.decode(unverified.text, key, algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        raise SignedError("is not signed by the key that it should be") from None
    return unverified.claims


def number(claims: dict[str, object], name: str) -> float:
    """A claim that is a number of seconds since 1970 (NumericDate, RFC 7519 §2)."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        raise SignedError(f"has no time in {name}")
    return value


def string(claims: dict[str, object], name: str, most: int) -> str:
    """A claim that is a text, not empty, of ``most`` characters."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise SignedError(f"has no {name} of 1 to {most} characters")
    return value


def optional_string(claims: dict[str, object], name: str, most: int) -> str | None:
    """The same of a claim that need not be there."""
    return string(claims, name, most) if name in claims else None


_LATEST = 2**40
"""Seconds: the year 36812. Whatever is greater is no time, and may be no finite number."""


def _part(segment: str) -> dict[str, object]:
    try:
        return read_object(base64url_decode(segment))
    except JsonError as error:
        raise SignedError(f"has a part that {error}") from None
    except ValueError:
        raise SignedError("has a part that is no base64url") from None
