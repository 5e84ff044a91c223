"""What a site signs for its people: three kinds of JWT, none of which passes for another.

=============  ===================  ==========  ==========================================
kind           typ                  lasts       says
=============  ===================  ==========  ==========================================
access token   JWT                  5, 10 min   jid: ejabberd lets whoever has it sign in
refresh token  twocan-refresh+jwt   30 days     sub, cnf.jkt: the phone with that key may
                                                have new tokens for that address
card           twocan-card+jwt      30 days     sub, name, picture: so the site calls them
=============  ===================  ==========  ==========================================

ejabberd refuses what has no claim ``jid``, so neither a refresh token nor a card is a password;
``read_refresh_token`` refuses every other ``typ``. Times are milliseconds since 1970. Pure.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

from twocan_supernode import accounts
from twocan_supernode.accounts import Account
from twocan_supernode.site import signed
from twocan_supernode.site.signed import SignedError

PHONE_TOKEN_LASTS = timedelta(minutes=10)
"""A stolen one dies within minutes; a phone that is online has to ask six times an hour."""
PAGE_TOKEN_LASTS = timedelta(minutes=5)
"""A page asks its own site for the next one, and keeps nothing."""
REFRESH_TOKEN_LASTS = timedelta(days=30)
"""Slides with each use: who opens the phone once a month stays signed in."""
CARD_LASTS = timedelta(days=30)

REFRESH_TYPE = "twocan-refresh+jwt"
CARD_TYPE = "twocan-card+jwt"

MAX_TOKEN = 8192
"""Characters. A name of 100 characters and a picture's URL of 2048 make some 5,000."""
MAX_CARD = 4096
"""Characters that phones take of a card."""
_MAX_ADDRESS = 32 + 1 + 253
_MAX_NAME = 100
_MAX_PICTURE = 2048
_THUMBPRINT = 43


class TokenError(Exception):
    """Why a refresh token is refused. It never holds any of the token."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their site names them."""

    address: str
    name: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh token says. ``thumbprint``: of the phone's key (RFC 7638), base64url."""

    person: Person
    thumbprint: str
    issued: int
    expires: int


def phone_account(key: EllipticCurvePrivateKey, address: str, now: int) -> Account:
    """The account with which a phone signs in at ejabberd."""
    return accounts.sign_in(key, address, _moment(now), PHONE_TOKEN_LASTS)


def page_account(key: EllipticCurvePrivateKey, address: str, now: int) -> Account:
    """The account with which a page of the site signs in at ejabberd."""
    return accounts.sign_in(key, address, _moment(now), PAGE_TOKEN_LASTS)


def refresh_token(key: EllipticCurvePrivateKey, person: Person, thumbprint: str, now: int) -> str:
    """What the phone with the key of ``thumbprint`` gets new tokens with (RFC 7800 §3.1)."""
    claims = {**_claims(person, now, REFRESH_TOKEN_LASTS), "cnf": {"jkt": thumbprint}}
    return signed.sign(claims, key, REFRESH_TYPE)


def card(key: EllipticCurvePrivateKey, person: Person, now: int) -> str:
    """What the person's phone shows to whom it calls: the site's word for their name.

    A picture that makes it too long for a proposal is left out.
    """
    text = signed.sign(_claims(person, now, CARD_LASTS), key, CARD_TYPE)
    if len(text) <= MAX_CARD or person.picture is None:
        return text
    return card(key, replace(person, picture=None), now)


def names_key(key: EllipticCurvePrivateKey) -> dict[str, str]:
    """The public JWK that cards are checked with."""
    jwk: dict[str, str] = json.loads(accounts.public_jwk(key))
    return jwk


def site_claimed(token: str) -> str:
    """The site whose refresh token it says it is: which key to ask. Nobody vouches for it yet.

    Raises TokenError.
    """
    try:
        return _site_of(_address(signed.read(token, REFRESH_TYPE, MAX_TOKEN).claims))
    except SignedError as error:
        raise TokenError(f"the refresh token {error}") from None


def read_refresh_token(token: str, key: EllipticCurvePublicKey, site: str, now: int) -> Refresh:
    """What a refresh token of ``site`` says that its ``key`` signed. Raises TokenError."""
    try:
        claims = signed.verify(signed.read(token, REFRESH_TYPE, MAX_TOKEN), key)
        refresh = _refresh(claims)
        of_another = _site_of(refresh.person.address) != site
    except SignedError as error:
        raise TokenError(f"the refresh token {error}") from None
    if of_another:
        raise TokenError("the refresh token is of another site")
    if not refresh.issued < refresh.expires:
        raise TokenError("the refresh token ends before it begins")
    if now >= refresh.expires:
        raise TokenError("the refresh token has expired: sign in to the site again")
    # What was made before a revocation is refused by its time, so that time is not of tomorrow.
    if refresh.issued > now + _CLOCKS_DIFFER:
        raise TokenError("the refresh token is of a time to come")
    return refresh


_CLOCKS_DIFFER = 5_000
"""Milliseconds between the clocks of two nodes of one site."""


def _claims(person: Person, now: int, lasts: timedelta) -> dict[str, object]:
    made = now // 1000
    return {
        "sub": person.address,
        "name": person.name,
        "picture": person.picture,
        "iat": made,
        "exp": made + int(lasts.total_seconds()),
    }


def _refresh(claims: dict[str, object]) -> Refresh:
    confirmation = claims.get("cnf")
    if not isinstance(confirmation, dict):
        raise SignedError("is bound to no key (cnf)")
    thumbprint = signed.string(confirmation, "jkt", _THUMBPRINT)
    if "jid" in claims:
        raise SignedError("is a password as well (jid)")
    name = signed.optional_string(claims, "name", _MAX_NAME)
    picture = signed.optional_string(claims, "picture", _MAX_PICTURE)
    issued, expires = (int(signed.number(claims, each) * 1000) for each in ("iat", "exp"))
    return Refresh(Person(_address(claims), name, picture), thumbprint, issued, expires)


def _address(claims: dict[str, object]) -> str:
    return signed.string(claims, "sub", _MAX_ADDRESS)


def _site_of(address: str) -> str:
    person, _, site = address.partition("@")
    if not person or not accounts.is_site_name(site):
        raise SignedError("names nobody of a site (sub)")
    return site


def _moment(now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC)
