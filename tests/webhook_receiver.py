"""A site's endpoint for webhooks: a real HTTP server that fails, hangs or goes when told to."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from typing import Self

HEARS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """One request. The names of headers are in small letters."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Open as a context. What it answers is ``answer`` but for the first ``answers``.

    An answer is a status, "hang" (nothing comes), "drip" (one letter after another, for ever) or
    "stall" (a good status, and then nothing of what it said would follow).
    """

    def __init__(self) -> None:
        self.answer: int | str = 204
        self.answers: deque[int | str] = deque()
        self.received: asyncio.Queue[Received] = asyncio.Queue()
        self.connections = 0
        self._port = 0
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._gone = asyncio.Event()
        self._hung = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.come()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go()

    async def come(self) -> None:
        """Listens, where it was before."""
        self._gone.clear()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def go(self) -> None:
        """Whoever calls is refused."""
        if self._server is None:
            return
        self._server.close()
        self._gone.set()
        self.let_go()
        # Not cancelled: asyncio's streams log that of Python 3.11 as an error.
        for writer in self._talks.values():
            writer.transport.abort()
        await asyncio.gather(*self._talks)
        await self._server.wait_closed()
        self._server = None

    def let_go(self) -> None:
        """Hangs up on all that it let hang."""
        self._hung.set()
        self._hung = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/calls?key=hidden"

    async def next(self) -> Received:
        """The next request that nobody asked about yet."""
        async with asyncio.timeout(HEARS_WITHIN):
            return await self.received.get()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks[talk] = writer
        self.connections += 1
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while not self._gone.is_set():
                    self.received.put_nowait(await _request(reader))
                    await self._answer(writer)
        finally:
            del self._talks[talk]
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        answer = self.answers.popleft() if self.answers else self.answer
        if answer == "hang":
            await self._hung.wait()
            raise ConnectionAbortedError
        if answer == "stall":
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
            await self._gone.wait()
        if answer == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nx-more: ")
            while not self._gone.is_set():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.01)
        more = "location: /elsewhere\r\n" if answer in (301, 302, 307, 308) else ""
        words = b"ok" if answer == 200 else b""
        head = f"HTTP/1.1 {answer} Said\r\n{more}content-length: {len(words)}\r\n\r\n"
        writer.write(head.encode() + words)
        await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Received:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[:-1]
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers["content-length"]))
    return Received(first.split()[1], headers, body)
