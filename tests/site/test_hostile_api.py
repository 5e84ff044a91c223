"""Whoever reaches the server API and means no good: what they can have it keep, and wait for."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from site_api import OTHER, SITE
from twocan_supernode import node
from twocan_supernode.installation import API
from twocan_supernode.near_sockets import short_name
from twocan_supernode.sessions import EjabberdSessions
from twocan_supernode.site import connections, serving
from twocan_supernode.state import State
from twocan_supernode.turns import TooMany, Turns

WITHIN = 30.0
MOST = 8
"""Connections of the server here."""
JSON = b"Host: x\r\nContent-Type: application/json\r\n"
REDEEM = b"POST /v1/launches/redeem HTTP/1.1\r\n" + JSON
CHUNKED = REDEEM + b"Transfer-Encoding: chunked\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


async def answers(request: Request) -> Response:
    with contextlib.suppress(ClientDisconnect):
        await request.body()
    return Response("ok")


@pytest.fixture
async def served() -> AsyncIterator[int]:
    """The port of the real server, with little behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "most_open", lambda: MOST)
        patch.setattr(connections, "REQUEST_WITHIN", 2 * WITHIN)  # it is not time that cuts them
        async with serving_little() as port:
            yield port


@contextlib.asynccontextmanager
async def serving_little() -> AsyncIterator[int]:
    stop, ready = asyncio.Event(), asyncio.Event()
    app = Starlette(routes=[Route("/{any:path}", answers, methods=["GET", "POST"])])
    with serving.bound("127.0.0.1", 0) as listening:
        serves = asyncio.create_task(serving.serve(app, listening, stop, ready.set))
        await ready.wait()
        yield listening.getsockname()[1]
        stop.set()
        await serves


class Wire:
    """A connection on which anything can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def sends(self, *parts: bytes) -> None:
        """All of it, or as much as is taken."""
        with contextlib.suppress(ConnectionError):
            for part in parts:
                self.writer.write(part)
                await self.writer.drain()

    async def hears(self) -> bytes:
        """All that comes until the server closes; TimeoutError if it does not."""
        heard = b""
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(WITHIN):
                while some := await self.reader.read(65536):
                    heard += some
        return heard

    async def status(self) -> int:
        """Of the one answer that comes next."""
        async with asyncio.timeout(WITHIN):
            head = await self.reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1])


@contextlib.asynccontextmanager
async def wire(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


# --- what a connection costs -------------------------------------------------------------------


WITHOUT_END = (
    (b"GET / HTTP/1.1\r\nX: ", b"a" * 65536),
    (b"GET /", b"a" * 65536),
    (b"GET / HTTP/1.1\r\n", b"X: a\r\n" * 10_000),
    (CHUNKED + b"2;", b"a" * 65536),
    (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: a\r\n" * 10_000),
    (CHUNKED + b"2\r\n{}\r\n0\r\nX: ", b"a" * 65536),
)


@pytest.mark.expects_log
async def test_a_request_without_end_is_cut_off(served: int) -> None:
    """llhttp has no bound of its own: a stranger's headers filled the memory."""
    for head, more in WITHOUT_END:
        async with wire(served) as stranger:
            await stranger.sends(head, *[more] * 64)  # 4 MB; not even one is kept
            await stranger.hears()
    async with wire(served) as talkative:
        await talkative.sends(b"GET / HTTP/1.1\r\n", b"X: a\r\n" * 101, b"\r\n")
        assert await talkative.status() == 400
    async with wire(served) as somebody:
        await somebody.sends(HEALTH)
        assert await somebody.status() == 200


async def test_who_never_finishes_a_request_is_not_waited_for(
    served: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_WITHIN", 0.3)
    begun = (b"", b"GET /heal", REDEEM, REDEEM + b"Content-Length: 9\r\n\r\n{")
    async with contextlib.AsyncExitStack() as all_at_once:
        for part in begun:
            slow = await all_at_once.enter_async_context(wire(served))
            await slow.sends(part)
            assert b"HTTP" not in await slow.hears()


async def test_who_is_silent_makes_room_and_who_asks_is_answered(served: int) -> None:
    async with contextlib.AsyncExitStack() as open_ones:
        first = await open_ones.enter_async_context(wire(served))
        await first.sends(HEALTH)
        assert await first.status() == 200
        for _ in range(5 * MOST):
            last = await open_ones.enter_async_context(wire(served))
            await last.sends(HEALTH)
            assert await last.status() == 200
        assert await first.hears() == b"ok"  # and then it was closed


# --- what two servers could read differently -----------------------------------------------------


TWOFOLD = (
    REDEEM + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    REDEEM + b"Content-Length: 2, 2\r\n\r\n{}",
    REDEEM + b"Content-Length: +2\r\n\r\n{}",
    REDEEM + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    REDEEM + b"Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    REDEEM + b"Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    REDEEM + b"Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    REDEEM.replace(b"\r\n", b"\n") + b"Transfer-Encoding: chunked\n\n2\n{}\n0\n\n",
    CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    CHUNKED + b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
)


@pytest.mark.expects_log
async def test_a_request_with_two_meanings_has_none(served: int) -> None:
    """It is refused and the connection is closed: nothing after it passes for a request."""
    for twofold in TWOFOLD:
        async with wire(served) as smuggler:
            await smuggler.sends(twofold + HEALTH)
            heard = await smuggler.hears()
        assert heard.startswith(b"HTTP/1.1 400 "), twofold
        assert heard.count(b"HTTP/1.1 ") == 1, twofold


# --- among sites ---------------------------------------------------------------------------------


async def test_a_site_that_asks_in_crowds_holds_up_itself_alone() -> None:
    turns, order = Turns(at_once=2, of_one=1, waiting=100), list[str]()

    async def looks(site: str) -> None:
        async with turns.turn(site):
            await asyncio.sleep(0)
            order.append(site)

    crowd = [asyncio.create_task(looks(OTHER)) for _ in range(100)]
    await asyncio.sleep(0)
    with pytest.raises(TooMany):
        await looks(OTHER)
    await looks(SITE)

    assert len(order) < 5
    await asyncio.gather(*crowd)
    await looks(OTHER)


@dataclass
class SlowNode:
    """Answers on the socket of a node's API that nobody is there; counts who asks at once."""

    state: State
    asking: int = 0
    most: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split()[0])
                await reader.readexactly(length)
                self.asking += 1
                self.most = max(self.most, self.asking)
                await asyncio.sleep(0.005)
                self.asking -= 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        writer.close()


@pytest.fixture
async def slow_node(tmp_path: Path) -> AsyncIterator[SlowNode]:
    made = SlowNode(State(tmp_path))
    made.state.ejabberd.mkdir()
    with short_name(tmp_path) as folder:
        server = await asyncio.start_unix_server(made.answer, folder / "ejabberd" / API)
    async with server:
        yield made


async def test_many_questions_about_presence_are_a_few_at_once(slow_node: "SlowNode") -> None:
    """Once it was asked all of them at once, and answered nobody for minutes."""
    async with EjabberdSessions(slow_node.state) as sessions:
        asked = [asyncio.create_task(sessions.of(f"p{n}@{OTHER}")) for n in range(2500)]
        await asyncio.sleep(0)  # until each of them has asked
        async with asyncio.timeout(WITHIN):
            assert await sessions.of(f"ann@{SITE}") == ()
        refused = [one for one in asked if one.done() and one.exception()]
        assert len(refused) == 500
        assert sum(one.done() for one in asked) < len(asked), "nobody waited for all of these"
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    assert slow_node.most <= 4


# --- somebody else on the server's machine -------------------------------------------------------


@pytest.fixture
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless_umask")
def test_nothing_of_a_node_is_for_others_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    (folder / "ejabberd").mkdir(mode=0o777)  # as an earlier version left it
    here = ip_address("127.0.0.1")

    node.prepare(node.Options(State(folder), [SITE], here, here))

    open_to_others = [path for path in folder.rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []
