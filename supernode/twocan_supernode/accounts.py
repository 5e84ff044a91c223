"""Shadow accounts: the address and the token that a site makes for one of its people. Pure.

Both are signatures, so nothing is stored for a person. The address is an HMAC of the site's secret
and the person's ID there: the same person always has the same one, and nobody without the secret
can guess it or turn it back. The token is the password of that address: a JWT signed with the
site's private key, which ejabberd checks with the public one.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from jwt.algorithms import ECAlgorithm

# 20 of the 32 bytes of HMAC-SHA256: 160 bits, and exactly 32 letters of base32 without padding.
ID_BYTES = 20
SECRET_BYTES = 32

# RFC 6120 2.1 leaves the choice of domain open; this is the part of it that DNS and certificates
# can also carry.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_ONLY_NUMBERS = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Account:
    """One person of one site: the address to sign in as, and the token that is its password."""

    address: str
    token: str
    expires: datetime


def is_site_name(name: str) -> bool:
    """Whether a site can be called this: a lower-case domain name that is not an IP address."""
    return len(name) <= 253 and bool(_SITE.fullmatch(name)) and not _ONLY_NUMBERS.fullmatch(name)


def new_secret() -> bytes:
    """What a site's addresses are made from. Whoever has it can tell whose an address is."""
    return secrets.token_bytes(SECRET_BYTES)


def new_key() -> EllipticCurvePrivateKey:
    """What a site signs its tokens with (P-256, which every web platform can use)."""
    return generate_private_key(SECP256R1())


def address_of(secret: bytes, person: str, site: str) -> str:
    """The address of the site's person, e.g. ``mfrggzdfmztwq2lk...@site.example``."""
    digest = hmac.digest(secret, person.encode(), hashlib.sha256)
    return f"{base64.b32encode(digest[:ID_BYTES]).decode().lower()}@{site}"


def sign_in(key: EllipticCurvePrivateKey, address: str, now: datetime, valid: timedelta) -> Account:
    """The account of ``address`` from ``now`` on, for as long as ``valid`` says.

    ejabberd wants the claim ``jid`` to equal the address that signs in.
    """
    expires = (now + valid).replace(microsecond=0)
    claims = {"jid": address, "iat": int(now.timestamp()), "exp": int(expires.timestamp())}
    return Account(address, jwt.encode(claims, key, algorithm="ES256"), expires)


def public_jwk(key: EllipticCurvePrivateKey) -> str:
    """The public half of a site's key as JSON (RFC 7517), for ejabberd's ``jwt_key``.

    It names the algorithm, so that a token cannot choose another one.
    """
    jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return json.dumps({**jwk, "alg": "ES256", "use": "sig"})
