"""From the node to the site's server API: what people say about calls, each message once.

The two find each other by a socket in the node's folder, whichever starts first. The node sends a
line for each message, a JSON object, and the other side answers with a byte once it has dealt with
it. What was not dealt with is sent again when there is somebody again, unless it is too old by
then: who was told of a call long afterwards would be told wrongly. Where nobody listens, nothing is
kept for longer than that.
"""

import asyncio
import json
import logging
import secrets
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path

from twocan_supernode.heard import Heard
from twocan_supernode.near_sockets import short_name
from twocan_supernode.state import State

SOCKET = "events.sock"
KEPT_SECONDS = 60.0
_MOST_KEPT = 10_000
_AT_ONCE = 100
_LOOK_AGAIN = 0.5
_MAX_LINE = 1 << 21
_DONE = b"\n"

log = logging.getLogger(__name__)

Take = Callable[[str, str, bytes], Awaitable[None]]


# --- the node's side


@asynccontextmanager
async def handing_on(folder: Path) -> AsyncIterator[Callable[[Heard], None]]:
    """Gives what takes an event, at once: it is handed on to whoever listens in the folder."""
    relay = _Relay(folder)
    running = asyncio.create_task(relay.run(), name="events")
    try:
        yield relay.tell
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class _Relay:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: deque[tuple[float, Heard]] = deque()
        self._some = asyncio.Event()

    def tell(self, heard: Heard) -> None:
        if len(self._told) < _MOST_KEPT:
            self._told.append((time.monotonic(), heard))
            self._some.set()

    async def run(self) -> None:
        while True:
            await self._some.wait()
            # Nobody there, or gone again: OSError; EOFError when they went with work undone.
            with suppress(OSError, EOFError):
                await self._hand_on()
            self._forget()
            await asyncio.sleep(_LOOK_AGAIN)

    async def _hand_on(self) -> None:
        with short_name(self._folder) as folder:
            reader, writer = await asyncio.open_unix_connection(folder / SOCKET)
        try:
            while await self._some.wait():
                now = list(islice(self._told, _AT_ONCE))
                writer.writelines(_line(heard) for _, heard in now)
                for _ in now:
                    await reader.readexactly(len(_DONE))
                    self._told.popleft()
                self._note_whether_some()
        finally:
            writer.close()

    def _forget(self) -> None:
        while self._told and self._told[0][0] < time.monotonic() - KEPT_SECONDS:
            self._told.popleft()
        self._note_whether_some()

    def _note_whether_some(self) -> None:
        if not self._told:
            self._some.clear()


def _line(heard: Heard) -> bytes:
    said = {"sender": heard.sender, "to": heard.to, "message": heard.message.decode()}
    return json.dumps(said).encode() + b"\n"


# --- the server API's side


@asynccontextmanager
async def listening(state: State, heard: Take) -> AsyncIterator[None]:
    """Calls ``heard`` with the sender's full address, to whom, and the message, one after another.

    The messages are those of XEP-0353 that people of the node's sites send from now on, and in the
    minute before if nobody listened then; they hold no text, only what is said about a call. One
    comes again if ``heard`` raised an exception, or this process ended over it. Of several who
    listen on one folder the last one is told.
    """
    taking: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        taking.add(task)
        # Python 3.11's streams complain of a task that was cancelled.
        with suppress(asyncio.CancelledError):
            await _take(reader, writer, heard)
        taking.discard(task)
        writer.close()

    with short_name(state.folder) as folder:
        listener = _bound(folder / SOCKET)
        there = (folder / SOCKET).stat().st_ino
        server = await asyncio.start_unix_server(take, sock=listener, limit=_MAX_LINE)
        try:
            yield
        finally:
            server.close()
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)
            await server.wait_closed()
            with suppress(FileNotFoundError):
                if (folder / SOCKET).stat().st_ino == there:
                    (folder / SOCKET).unlink()


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Take) -> None:
    with suppress(ConnectionError):
        while line := await reader.readline():
            said = json.loads(line)
            try:
                await heard(said["sender"], said["to"], said["message"].encode())
            except Exception as error:
                # Not what it says: an exception may well name a person.
                log.warning("an event was not taken (%s); it will come again", type(error).__name__)
                return
            writer.write(_DONE)
            await writer.drain()


def _bound(path: Path) -> socket.socket:
    """In the place of one that an earlier process may have left, and never not there."""
    listener = socket.socket(socket.AF_UNIX)
    partial = path.with_name(f".{SOCKET}-{secrets.token_hex(4)}")
    try:
        listener.bind(str(partial))
        partial.chmod(0o600)
        listener.listen()
        partial.replace(path)
    except BaseException:
        listener.close()
        partial.unlink(missing_ok=True)
        raise
    return listener
