"""Asking a host of the web for something (RFC 9112).

One question a connection, over TLS that the system's authorities vouch for. The answer is a
stranger's word: it is bounded, and sends nobody elsewhere.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from enum import StrEnum
from http.client import HTTPException, HTTPMessage, HTTPResponse
from io import BytesIO
from typing import Any

from twocan.trust import by_the_system
from twocan.urls import Url

LONGEST = 64 * 1024
"""Bytes of an answer's content; its head may have half as many."""

_NEXT_ADDRESS_AFTER = 2.0
"""Seconds. That one of several addresses leads nowhere is common, of IPv6 most of all."""


class Hitch(StrEnum):
    """Why there is no answer."""

    SILENT = "silent"
    """It takes too long."""
    UNREACHABLE = "unreachable"
    NOT_SECURE = "not-secure"
    """Whoever answers cannot prove to be the host."""
    NOT_WHOLE = "not-whole"
    """It is no HTTP, or ends too early."""
    TOO_LONG = "too-long"


class AskError(Exception):
    """There is no answer: why, in a few words of this computer's own."""

    def __init__(self, hitch: Hitch, why: str) -> None:
        super().__init__(why)
        self.hitch = hitch


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered. ``fields``: those of its head, found by their names in any case."""

    status: int
    content: bytes = field(repr=False)
    fields: Message = field(repr=False)


async def ask(
    url: Url,
    fields: Mapping[str, str],
    content: bytes | None = None,
    *,
    within: float,
    trust: ssl.SSLContext | None = None,
) -> tuple[int, bytes]:
    """The status and the content of the answer, see ``answer_of``."""
    answer = await answer_of(url, fields, content, within=within, trust=trust)
    return answer.status, answer.content


async def answer_of(
    url: Url,
    fields: Mapping[str, str],
    content: bytes | Callable[[], Awaitable[bytes]] | None = None,
    *,
    within: float,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """The answer to one question. Raises ``AskError``.

    ``content`` is posted; without it, it is a GET. One that takes a moment to be made
    is awaited once there is a connection. ``within``: seconds for all of it. ``trust``:
    whose certificates are believed, None for those of the system.
    """
    method = "GET" if content is None else "POST"
    with hitches():
        async with asyncio.timeout(within), connected(url, trust) as (reader, writer):
            said = await content() if callable(content) else content
            if said is not None:
                fields = {**fields, "Content-Length": str(len(said))}
            writer.write(head(method, url, fields) + (said or b""))
            answer = await _all(reader)
    return _parted(method, answer)


def head(method: str, url: Url, fields: Mapping[str, str]) -> bytes:
    """What a question begins with. ``fields``: what it says beside what each one says."""
    said = {"Host": url.authority, "Accept-Encoding": "identity", "Connection": "close", **fields}
    lines = (f"{method} {url.target} HTTP/1.1", *(f"{name}: {said[name]}" for name in said))
    return "\r\n".join((*lines, "", "")).encode("ascii")


async def begun(reader: asyncio.StreamReader) -> tuple[int, HTTPMessage]:
    """The status and the fields that an answer begins with; its content comes after. Raises
    ``AskError``."""
    try:
        said = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise AskError(Hitch.NOT_WHOLE, "it is not whole") from None
    response = HTTPResponse(_Said(said), method="HEAD")  # type: ignore[arg-type]
    with _http(), contextlib.closing(response):
        response.begin()
        return response.status, response.headers


@contextlib.asynccontextmanager
async def connected(
    url: Url, trust: ssl.SSLContext | None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the host of ``url``, closed at the end."""
    secure = (trust or by_the_system()) if url.secure else None
    reader, writer = await asyncio.open_connection(
        sock=await _reached(url.host, url.port),
        ssl=secure,
        server_hostname=url.host if secure else None,
    )
    try:
        yield reader, writer
    finally:
        # At once, also when nobody waits any longer: there are no last words to wait for.
        writer.transport.abort()


@contextlib.contextmanager
def hitches() -> Iterator[None]:
    """Whatever goes wrong with a connection, as an ``AskError``."""
    try:
        yield
    except TimeoutError:
        raise AskError(Hitch.SILENT, "it does not answer in time") from None
    except ssl.SSLError as error:
        # Only the library's name for it: the other side can write into the rest.
        why = getattr(error, "verify_message", None) or error.reason or "TLS failed"
        raise AskError(Hitch.NOT_SECURE, why) from None
    except OSError as error:
        raise AskError(Hitch.UNREACHABLE, error.strerror or type(error).__name__) from None


async def _all(reader: asyncio.StreamReader) -> bytes:
    """Everything that is said until the connection is closed."""
    answer = b""
    while some := await reader.read(LONGEST):
        answer += some
        if len(answer) > LONGEST + LONGEST // 2:
            raise AskError(Hitch.TOO_LONG, "it is too long")
    return answer


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


def _parted(method: str, answer: bytes) -> Answer:
    response = HTTPResponse(_Said(answer), method=method)  # type: ignore[arg-type]
    with _http(), contextlib.closing(response):
        response.begin()
        content = response.read(LONGEST + 1)
        # Asked for so much, it takes less for granted.
        if response.length:
            raise HTTPException("cut short")
    if len(content) > LONGEST:
        raise AskError(Hitch.TOO_LONG, "it is too long")
    return Answer(response.status, content, response.headers)


@contextlib.contextmanager
def _http() -> Iterator[None]:
    try:
        yield
    except (HTTPException, ValueError):
        raise AskError(Hitch.NOT_WHOLE, "it is not whole") from None


class _Said:
    """All that a socket said, for the library that knows how to part it."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._answer)
