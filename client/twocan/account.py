"""Accounts: who signs in, where, and with what.

An account file is JSON: ``address`` and either ``token`` (a shadow account) or ``password``
(an account of any XMPP provider), and where they are not to be looked up in the DNS, ``host``
and ``port``. ``ca`` names a file with the certificate authority to trust instead of the
system's.
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twocan import address

VARIABLE = "TWOCAN_ACCOUNT"
"""The environment variable that names an account file, or holds what would be in it."""


class AccountError(Exception):
    """The account cannot be used: one line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in. ``secret`` is a token if ``is_token``, else a password."""

    address: str
    secret: str = field(repr=False)
    is_token: bool
    host: str | None = None
    port: int | None = None
    ca: Path | None = None
    expires: float | None = None
    """When the token stops to be good for signing in, in seconds since 1970."""


def load(file: str | None, environment: Mapping[str, str] = os.environ) -> Account:
    """The account in ``file``, or in the environment if no file is named."""
    if file is not None:
        return _read(Path(file))
    given = environment.get(VARIABLE, "").strip()
    if not given:
        raise AccountError(f"no account: name its file with --account or in {VARIABLE}")
    return parse(given, VARIABLE) if given.startswith("{") else _read(Path(given))


def parse(text: str, origin: str) -> Account:
    """The account that ``text`` describes. ``origin`` is what an error calls it."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise AccountError(f"{origin} is not an account file: it is not JSON ({error})") from error
    if not isinstance(said, dict):
        raise AccountError(f"{origin} is not an account file: it is not a JSON object")
    token, password = _text(said, "token", origin), _text(said, "password", origin)
    if bool(token) == bool(password):
        raise AccountError(f'{origin} needs either a "token" or a "password"')
    host, port = _text(said, "host", origin), _port(said, origin)
    if (host is None) != (port is None):
        raise AccountError(f'{origin} needs both "host" and "port", or neither')
    return Account(
        address=_address(said, origin),
        secret=token or password or "",
        is_token=bool(token),
        host=host,
        port=port,
        ca=_ca(said, origin),
        expires=_expiry(token) if token else None,
    )


def _read(path: Path) -> Account:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise AccountError(f"cannot read the account file {str(path)!r}: {why}") from error
    return parse(text, repr(str(path)))


def _text(said: dict[str, object], name: str, origin: str) -> str | None:
    value = said.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise AccountError(f'the "{name}" in {origin} is not text')
    return value


def _address(said: dict[str, object], origin: str) -> str:
    whole = _text(said, "address", origin)
    if whole is None:
        raise AccountError(f'{origin} needs an "address"')
    try:
        return address.bare(address.check(whole))
    except ValueError as error:
        raise AccountError(f'the "address" in {origin} is wrong: {error}') from error


def _port(said: dict[str, object], origin: str) -> int | None:
    port = said.get("port")
    if port is None:
        return None
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise AccountError(f'the "port" in {origin} is not a number from 1 to 65535')
    return port


def _ca(said: dict[str, object], origin: str) -> Path | None:
    name = _text(said, "ca", origin)
    if name is None:
        return None
    if not Path(name).is_file():
        raise AccountError(f'the "ca" in {origin} names {name!r}, which is not a file')
    return Path(name)


def _expiry(token: str) -> float | None:
    """What a JWT says of its end (RFC 7519 §4.1.4). Only the supernode can tell if it is true."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None
