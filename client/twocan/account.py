"""Accounts: who signs in, where, and with what, and how that is written down.

An account file is JSON: ``address`` and either ``token`` (a shadow account) or ``password``
(an account of any XMPP provider), and where they are not to be looked up in the DNS, ``host``
and ``port``, or several of these as ``servers``. ``ca`` names a file with the certificate authority
to trust instead of the system's.

A site that has the phone renew its token also gives ``refresh`` (``url``, ``token``), for which the
phone shows that it has ``key``: its own P-256 key as a JWK (RFC 7517), private half and all. And
what names are believed by: ``card``, the site's word for who this is, and ``names_key``, the public
JWK to check such a word with. A file is only read: what was renewed is known until the program
ends, and the file is good for as long as the ``refresh`` in it is.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from twocan import address, jws
from twocan.urls import Url, UrlError

VARIABLE = "TWOCAN_ACCOUNT"
"""The environment variable that names an account file, or holds what would be in it."""

_SPACE = " \t\r\n\ufeff"
"""Around JSON. The last is a mark with which some editors begin a file (RFC 8259 §8.1)."""

_SHOWN = 200

MOST_SERVERS = 8
"""Of how many is known; a site that has more has told of enough."""


_RENEWED = ("token", "servers", "card", "names_key")
"""What a site gives anew."""


class AccountError(Exception):
    """The account cannot be used: one line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a supernode takes connections over TLS."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """How a new token is come by. ``url``: where the site is asked, see ``urls.Url``. ``token``:
    what it wants to hear. ``key``: what has to be proved to be here, a private JWK as JSON."""

    url: str
    token: str = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in. ``secret`` is a token if ``is_token``, else a password. ``host`` and ``port``
    are those of the first of the ``servers``, if there are any."""

    address: str
    secret: str = field(repr=False)
    is_token: bool
    host: str | None = None
    port: int | None = None
    ca: Path | None = None
    expires: float | None = None
    """When the token stops to be good for signing in, in seconds since 1970."""
    servers: tuple[Server, ...] = ()
    refresh: Refresh | None = None
    card: str | None = field(default=None, repr=False)
    """A JWT in which the site says who this is: shown to whoever is called."""
    names_key: str | None = field(default=None, repr=False)
    """With what the site signs cards: a public JWK (P-256) as JSON."""


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
    servers = _servers(said, origin)
    if servers:
        host, port = servers[0].host, servers[0].port
    return Account(
        address=_address(said, origin),
        secret=token or password or "",
        is_token=bool(token),
        host=host,
        port=port,
        ca=_ca(said, origin),
        expires=_expiry(token) if token else None,
        servers=servers,
        refresh=_refresh(said, origin) if token else None,
        card=_text(said, "card", origin),
        names_key=_names_key(said, origin),
    )


def renewed(account: Account, said: dict[str, object], origin: str) -> Account:
    """The account with what a site gave for its refresh token: what it does not say stays."""
    given = {name: value for name, value in said.items() if value is not None}
    token, refresh = given.get("token"), account.refresh
    if refresh is None or token is None:
        raise AccountError(f'{origin} has no "token"')
    again = {"url": refresh.url, "token": given.get("refresh_token", refresh.token)}
    told: dict[str, object] = {**_said(account), "refresh": again}
    told |= {name: given[name] for name in _RENEWED if name in given}
    return understand(told, origin)


def on_our_clock(account: Account, now: float) -> Account:
    """The account whose token was made just ``now``: how long it lasts is true whatever the clock
    of this computer shows, when it ends is not."""
    if not account.is_token or account.expires is None:
        return account
    made = _moment(account.secret, "iat")
    return account if made is None else replace(account, expires=now + account.expires - made)


def dump(account: Account) -> str:
    """What ``parse`` makes the same account of. It holds the secrets."""
    return json.dumps(_said(account))


def _said(account: Account) -> dict[str, object]:
    refresh, names_key = account.refresh, account.names_key
    said = {
        "address": account.address,
        "token" if account.is_token else "password": account.secret,
        # An older version of this program, if it is gone back to, reads these and no servers.
        "host": account.host,
        "port": account.port,
        "ca": str(account.ca) if account.ca else None,
        "servers": [{"host": at.host, "port": at.port} for at in account.servers] or None,
        "refresh": {"url": refresh.url, "token": refresh.token} if refresh else None,
        "key": json.loads(refresh.key) if refresh else None,
        "card": account.card,
        "names_key": json.loads(names_key) if names_key else None,
    }
    return {name: value for name, value in said.items() if value is not None}


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


def _servers(said: dict[str, object], origin: str) -> tuple[Server, ...]:
    listed = said.get("servers")
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise AccountError(f'the "servers" in {origin} are not a list')
    return tuple(_server(one, origin) for one in listed[:MOST_SERVERS])


def _server(said: object, origin: str) -> Server:
    called = f'"servers" in {origin}'
    if not isinstance(said, dict):
        raise AccountError(f'the {called} are not {{"host": …, "port": …}}')
    host, port = _text(said, "host", called), _port(said, called)
    if host is None or port is None:
        raise AccountError(f'the {called} need "host" and "port"')
    try:
        check_host(host, port)
    except UrlError as error:
        raise AccountError(f"one of the {called} {error}") from None
    return Server(host, port)


def check_host(host: str, port: int, scheme: str = "https") -> None:
    """That these may be connected to. Raises ``UrlError``; with the scheme "http" also where they
    are not of this very machine."""
    url = Url(f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}")
    if (url.host, url.port) != (host.lower(), port):
        raise UrlError("names no host")


def _refresh(said: dict[str, object], origin: str) -> Refresh | None:
    given = said.get("refresh")
    if given is None:
        return None
    called = f'"refresh" in {origin}'
    if not isinstance(given, dict):
        raise AccountError(f'the {called} is not {{"url": …, "token": …}}')
    url, token = _text(given, "url", called), _text(given, "token", called)
    if url is None or token is None:
        raise AccountError(f'the {called} needs "url" and "token"')
    try:
        return Refresh(Url(url).text, token, jws.private_key(said.get("key")))
    except UrlError as error:
        raise AccountError(f'the "url" of the {called} {error}') from None
    except jws.JwsError as error:
        raise AccountError(f'the "key" in {origin} {error}') from None


def _names_key(said: dict[str, object], origin: str) -> str | None:
    given = said.get("names_key")
    try:
        return None if given is None else jws.public_key(given)
    except jws.JwsError as error:
        raise AccountError(f'the "names_key" in {origin} {error}') from None


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
    """What a JWT says of its end. Only the supernode can tell if it is true."""
    return _moment(token, "exp")


def _moment(token: str, claim: str) -> float | None:
    """A time in a JWT, in seconds since 1970 (RFC 7519 §4.1.4, §4.1.6)."""
    try:
        return float(jws.unproven(token)[claim])  # type: ignore[arg-type]
    except (jws.JwsError, KeyError, TypeError, ValueError, OverflowError):
        return None
