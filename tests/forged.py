"""JWTs as an attacker writes them: any header, any claims, any text, signed or not."""

import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.utils import base64url_encode

Said = Mapping[str, object] | str


def encoded(content: bytes) -> str:
    return base64url_encode(content).decode()


def part(said: Said) -> str:
    """A part of a JWT; a text is taken as it is, be it JSON or not."""
    text = said if isinstance(said, str) else json.dumps(said)
    return encoded(text.encode())


def der(key: EllipticCurvePrivateKey, signed: str) -> bytes:
    """The signature as most of cryptography writes it."""
    return key.sign(signed.encode(), ECDSA(SHA256()))


def es256(key: EllipticCurvePrivateKey, signed: str) -> bytes:
    """The signature as RFC 7518 §3.4 wants it."""
    numbers = decode_dss_signature(der(key, signed))
    return b"".join(number.to_bytes(32) for number in numbers)


def token(key: EllipticCurvePrivateKey, header: Said, claims: Said) -> str:
    """Whatever it says, and rightly signed."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{encoded(es256(key, signed))}"
