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

_SPACE = " \t\r\n\ufeff"
"""Around JSON. The last is a mark with which some editors begin a file (RFC 8259 §8.1)."""

_SHOWN = 200


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
        return _read(Path(file), repr(file))
    given = environment.get(VARIABLE, "").strip(_SPACE)
    if not given:
        raise AccountError(f"no account: name its file with --account or in {VARIABLE}")
    if given.startswith("{"):
        return parse(given, VARIABLE)
    return _read(Path(given), f"that {VARIABLE} names")


def named_by_environment(environment: Mapping[str, str] = os.environ) -> Account | None:
    """The account that the environment names or holds; None where it names none."""
    return load(None, environment) if environment.get(VARIABLE, "").strip(_SPACE) else None


def parse(text: str, origin: str) -> Account:
    """The account that ``text`` describes. ``origin`` is what an error calls it."""
    try:
        said = json.loads(text.strip(_SPACE))
    except ValueError as error:
        raise AccountError(f"{origin} is not an account file: it is not JSON ({error})") from error
    except RecursionError:
        raise AccountError(f"{origin} is not an account file: it is not JSON (too deep)") from None
    if not isinstance(said, dict):
        raise AccountError(f"{origin} is not an account file: it is not a JSON object")
    return understand(said, origin)


def understand(said: dict[str, object], origin: str) -> Account:
    """The account that a JSON object describes. ``origin`` is what an error calls it."""
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


def dump(account: Account) -> str:
    """What ``parse`` makes the same account of. It holds the secret."""
    said = {
        "address": account.address,
        "token" if account.is_token else "password": account.secret,
        "host": account.host,
        "port": account.port,
        "ca": str(account.ca) if account.ca else None,
    }
    return json.dumps({name: value for name, value in said.items() if value is not None})


def _read(path: Path, called: str) -> Account:
    # A path in the environment is not repeated in an error: it may be a token put in its place.
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise AccountError(f"cannot read the account file {called}: it is not text") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this cannot be a name"
        raise AccountError(f"cannot read the account file {called}: {why}") from error
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
    # Unlike Path.is_file, this is False for whatever the system says of a name.
    if not os.path.isfile(name):  # noqa: PTH113
        raise AccountError(f'the "ca" in {origin} names {name[:_SHOWN]!r}, which is not a file')
    return Path(name)


def _expiry(token: str) -> float | None:
    """What a JWT says of its end (RFC 7519 §4.1.4). Only the supernode can tell if it is true."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None
