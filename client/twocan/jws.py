"""Signatures in JSON, and the keys for them: JSON Web Signature (RFC 7515) in its compact form with
ES256, which is ECDSA on P-256 with SHA-256 (RFC 7518 §3.4), and JSON Web Keys (RFC 7517, RFC 7518
§6.2). Pure.

A key is a text here: its JWK with what makes the key and nothing else, in the order that a
thumbprint is made of. ``cryptography`` does the mathematics, and is loaded by the first who signs.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

LONGEST = 8192
"""Characters of a token that is read."""

_BYTES = 32
_PUBLIC = ("crv", "kty", "x", "y")
"""What makes a public key, in the order of RFC 7638 §3.2."""
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")
_PART = r"[A-Za-z0-9_-]+"
_COMPACT = re.compile(rf"({_PART}\.{_PART})\.({_PART})")


class JwsError(ValueError):
    """It is no such key, or no such token: what is wrong, as the end of a sentence about it."""


# --- Keys ------------------------------------------------------------------------------------


def new_key() -> str:
    """A private key that nobody else has."""
    from cryptography.hazmat.primitives.asymmetric import ec

    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    at = numbers.public_numbers
    return _written({**_members(at.x, at.y), "d": _letters(_big_endian(numbers.private_value))})


def private_key(jwk: object) -> str:
    """The private key that a JWK, as JSON was read, is of. Raises ``JwsError``.

    Whether its parts belong together is found when it signs, or in nobody taking what it signed.
    """
    return _written({**_public_members(jwk), "d": _coordinate(jwk, "d")})


def public_key(jwk: object) -> str:
    """The public key that a JWK, as JSON was read, is of. Raises ``JwsError``."""
    return _written(_public_members(jwk))


def public_half(key: str) -> dict[str, str]:
    """The public key of a private one, as it goes into JSON."""
    return _public_members(json.loads(key))


def thumbprint(key: str) -> str:
    """Which key it is, in 43 letters (RFC 7638, with SHA-256). The same for both halves."""
    return _letters(hashlib.sha256(_written(public_half(key)).encode()).digest())


def _public_members(jwk: object) -> dict[str, str]:
    if not isinstance(jwk, dict):
        raise JwsError("is not a JWK")
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise JwsError("is no key of P-256")
    return {"crv": "P-256", "kty": "EC", "x": _coordinate(jwk, "x"), "y": _coordinate(jwk, "y")}


def _coordinate(jwk: object, name: str) -> str:
    value = jwk.get(name) if isinstance(jwk, dict) else None
    # A coordinate has all its bytes, leading zeros too (RFC 7518 §6.2.1.2).
    if not isinstance(value, str) or not _COORDINATE.fullmatch(value):
        raise JwsError(f'has no "{name}" of {_BYTES} bytes')
    return value


def _members(x: int, y: int) -> dict[str, str]:
    at = (_letters(_big_endian(x)), _letters(_big_endian(y)))
    return dict(zip(_PUBLIC, ("P-256", "EC", *at), strict=True))


# --- Tokens ----------------------------------------------------------------------------------


def sign(header: Mapping[str, object], claims: Mapping[str, object], key: str) -> str:
    """The token that says ``claims``. ``header`` is what it begins with, beside the algorithm."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    said = ".".join(
        _letters(_written(part).encode()) for part in ({"alg": "ES256", **header}, claims)
    )
    signature = _private(key).sign(said.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    return f"{said}.{_letters(_big_endian(r) + _big_endian(s))}"


def verified(token: str, key: str, kind: str) -> dict[str, object]:
    """The claims of a token that whoever has the private half of ``key`` signed. Raises
    ``JwsError``.

    ``kind``: the ``typ`` that it has to be of (RFC 8725 §3.11). Whether it is over, and whether it
    is about the right one, is for whoever reads the claims.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    said, signature = _parted(token)
    header = _object(said.partition(".")[0])
    # No token chooses how it is checked (RFC 8725 §3.1), nor asks for what we do not know
    # (RFC 7515 §4.1.11).
    if header.get("alg") != "ES256" or header.get("typ") != kind or "crit" in header:
        raise JwsError(f"is no {kind} signed with ES256")
    if len(signature) != 2 * _BYTES:
        raise JwsError("has a signature of another length")
    r, s = (int.from_bytes(half) for half in (signature[:_BYTES], signature[_BYTES:]))
    try:
        _public(key).verify(encode_dss_signature(r, s), said.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise JwsError("is not signed with this key") from None
    return _object(said.partition(".")[2])


def unproven(token: str) -> dict[str, object]:
    """The claims of a token of which nobody here can tell if they are true. Raises ``JwsError``."""
    return _object(token.split(".")[1] if token.count(".") == 2 else "")


def _parted(token: str) -> tuple[str, bytes]:
    found = _COMPACT.fullmatch(token) if len(token) <= LONGEST else None
    if found is None:
        raise JwsError("is not a token")
    return found[1], _bytes(found[2])


def _object(part: str) -> dict[str, object]:
    try:
        said = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise JwsError("has a part that is not JSON") from None
    if not isinstance(said, dict):
        raise JwsError("has a part that is not a JSON object")
    return said


def _private(key: str) -> "ec.EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    at = _numbers(key)
    secret = int.from_bytes(_bytes(json.loads(key)["d"]))
    try:
        return ec.EllipticCurvePrivateNumbers(secret, at).private_key()
    except ValueError:
        raise JwsError("is not a private key of P-256") from None


def _public(key: str) -> "ec.EllipticCurvePublicKey":
    try:
        return _numbers(key).public_key()
    except ValueError:
        raise JwsError("is not on the curve") from None


def _numbers(key: str) -> "ec.EllipticCurvePublicNumbers":
    from cryptography.hazmat.primitives.asymmetric import ec

    jwk = json.loads(key)
    x, y = (int.from_bytes(_bytes(jwk[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())


# --- Letters ---------------------------------------------------------------------------------


def _written(said: Mapping[str, object]) -> str:
    return json.dumps(said, separators=(",", ":"))


def _letters(content: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        raise JwsError("has a part that is not base64url") from None


def _big_endian(number: int) -> bytes:
    return number.to_bytes(_BYTES)
