"""Redeem a launch link: ask its site who calls whom, and for the account to call with.

The code of the link is sent once, as JSON in a POST, over TLS that the system's authorities vouch
for. What comes back is a stranger's word: it is bounded, every field is checked, and what people
will read is freed of all that could make it look like something else.
"""

import asyncio
import contextlib
import json
import logging
import socket
import ssl
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from twocan import __version__, address
from twocan.account import Account, AccountError, understand
from twocan.desk.state import Invitation, Trouble
from twocan.links import LaunchLink

log = logging.getLogger(__name__)

LONGEST = 64 * 1024
"""Bytes of an answer's content; its head may have half as many."""
LONGEST_NAME = 100
LONGEST_REASON = 200

_NEXT_ADDRESS_AFTER = 2.0
"""Seconds. That one of several addresses leads nowhere is common, of IPv6 most of all."""
_SHOWN = 300

_LATER = {408, 429}
_USED = {404, 410}

_JOINERS = "\u200c\u200d"
"""Without them some words of Persian and Hindi, and some emoji, are other ones."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Categories of what is not seen but changes what is: control characters, and the marks and
overrides of direction (UAX #9)."""


class RedeemError(Exception):
    """The link came to nothing: one line, what is wrong and what to do."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Launch:
    """What a link is for: who signs in, and what the person is asked."""

    account: Account
    invitation: Invitation


async def redeem(
    link: LaunchLink, *, within: float = 10.0, trust: ssl.SSLContext | None = None
) -> Launch:
    """Ask the link's site. Raises ``RedeemError``.

    ``within``: seconds for all of it. ``trust``: whose certificates are believed, None for those of
    the system. No redirection is followed: the link itself says where to ask.
    """
    site = link.site
    try:
        async with asyncio.timeout(within):
            answer = await _ask(link, trust)
    except TimeoutError:
        raise RedeemError(Trouble.SITE_AWAY, f"{site} does not answer: try again later") from None
    except ssl.SSLError as error:
        # Only the library's name for it: the other side can write into the rest.
        why = getattr(error, "verify_message", None) or error.reason or "TLS failed"
        raise RedeemError(
            Trouble.NOT_SECURE, f"{site} cannot prove that it is {site} ({why}): do not go on"
        ) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RedeemError(
            Trouble.SITE_AWAY, f"{site} cannot be reached ({why}): try again later"
        ) from None
    status, content = _parted(site, answer)
    log.info("%s was asked what a link is for: %d", site, status)
    _refuse(site, status)
    return _launch(site, _json(site, content))


# --- The wire (RFC 9112) ---------------------------------------------------------------------


async def _ask(link: LaunchLink, trust: ssl.SSLContext | None) -> bytes:
    """Everything that the site says until it closes the connection."""
    secure = (trust or ssl.create_default_context()) if link.secure else None
    reader, writer = await asyncio.open_connection(
        sock=await _reached(link.host, link.port),
        ssl=secure,
        server_hostname=link.host if secure else None,
    )
    try:
        writer.write(_request(link))
        answer = b""
        while some := await reader.read(LONGEST):
            answer += some
            if len(answer) > LONGEST + LONGEST // 2:
                raise _bad(link.site, "it is too long")
        return answer
    finally:
        # At once, also when nobody waits any longer: there are no last words to wait for.
        writer.transport.abort()


async def _reached(host: str, port: int) -> socket.socket:
    """A connection to the first address of the host that takes one.

    One after the other: asyncio's race of addresses (``happy_eyeballs_delay``) leaves the socket
    that won open if it is cancelled in that moment (Python 3.11).
    """
    loop = asyncio.get_running_loop()
    *found, last = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, _, _, _, where in found:
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_NEXT_ADDRESS_AFTER):
                return await _connected(family, where)
    return await _connected(last[0], last[4])


async def _connected(family: int, where: tuple[Any, ...]) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(0)
        await asyncio.get_running_loop().sock_connect(connection, where)
        return connection
    except BaseException:
        connection.close()
        raise


def _request(link: LaunchLink) -> bytes:
    content = json.dumps({"code": link.code}).encode()
    default = 443 if link.secure else 80
    host = f"[{link.host}]" if ":" in link.host else link.host
    head = (
        f"POST {link.target} HTTP/1.1",
        f"Host: {host}" + ("" if link.port == default else f":{link.port}"),
        f"User-Agent: Twocan/{__version__}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode("ascii") + content


def _parted(site: str, answer: bytes) -> tuple[int, bytes]:
    """The status and the content of an answer."""
    from http.client import HTTPException, HTTPResponse

    response = HTTPResponse(_Said(answer), method="POST")  # type: ignore[arg-type]
    try:
        with contextlib.closing(response):
            response.begin()
            content = response.read(LONGEST + 1)
            # Asked for so much, it takes less for granted.
            if response.length:
                raise HTTPException("cut short")
    except (HTTPException, ValueError):
        raise RedeemError(
            Trouble.SITE_AWAY, f"{site} gave no whole answer: try again later"
        ) from None
    if len(content) > LONGEST:
        raise _bad(site, "it is too long")
    return response.status, content


class _Said:
    """All that a socket said, for the library that knows how to part it."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._answer)


def _refuse(site: str, status: int) -> None:
    if status in _USED:
        raise RedeemError(
            Trouble.LINK_USED, f"{site} does not know this link any more: click the button again"
        )
    if status >= 500 or status in _LATER:
        raise RedeemError(
            Trouble.SITE_AWAY, f"{site} cannot answer now (status {status}): try again later"
        )
    if status != 200:
        raise _bad(site, f"its status is {status}")


# --- What it says ----------------------------------------------------------------------------


def _json(site: str, content: bytes) -> dict[str, object]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        # Not what is wrong with it: there may be a token in it.
        raise _bad(site, "it is not JSON") from None
    if not isinstance(said, dict):
        raise _bad(site, "it is not a JSON object")
    return said


def _launch(site: str, said: dict[str, object]) -> Launch:
    account = _account(site, _object(site, said, "account"))
    caller = _object(site, said, "caller")
    callee = _object(site, said, "callee")
    showing = said.get("video", False)
    if not isinstance(showing, bool):
        raise _bad(site, 'its "video" is neither true nor false')
    invitation = Invitation(
        site=site,
        caller=_shown(site, caller, "name", LONGEST_NAME) or account.address,
        peer=_address(site, callee, "callee"),
        peer_name=_shown(site, callee, "name", LONGEST_NAME),
        showing=showing,
        reason=_shown(site, said, "reason", LONGEST_REASON),
    )
    return Launch(account, invitation)


def _account(site: str, said: dict[str, object]) -> Account:
    # A site does not choose whom this computer believes, nor does it know anybody's password.
    for name in ("ca", "password"):
        if name in said:
            raise _bad(site, f'its "account" has a "{name}"')
    _address(site, said, "account")
    try:
        return understand(said, f"what {site} answered")
    except AccountError as error:
        raise RedeemError(Trouble.BAD_LINK, str(error)[:_SHOWN]) from None


def _object(site: str, said: dict[str, object], name: str) -> dict[str, object]:
    value = said.get(name)
    if not isinstance(value, dict):
        raise _bad(site, f'it has no "{name}"')
    return value


def _address(site: str, said: dict[str, object], whose: str) -> str:
    value = said.get("address")
    try:
        if isinstance(value, str) and address.check(value) == address.bare(value):
            return value
    except ValueError:
        pass
    raise _bad(site, f'the "address" of its "{whose}" is no bare address')


def _shown(site: str, said: dict[str, object], name: str, longest: int) -> str | None:
    """A text for people: one line, without what is not seen."""
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _bad(site, f'its "{name}" is not text')
    seen = "".join(map(_seen, value[: longest * 10]))
    return " ".join(seen.split())[:longest].strip(" " + _JOINERS) or None


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in _UNSEEN and character not in _JOINERS
    return "" if hidden else character


def _bad(site: str, why: str) -> RedeemError:
    return RedeemError(
        Trouble.BAD_LINK, f"{site} gave an answer that cannot be used: {why}; tell the site"
    )
