"""Connections that cost only so much: uvicorn's, with bounds to what a stranger can have it keep.

llhttp, which reads for uvicorn, takes a request's head of any length, and uvicorn waits for the
rest of a request for ever. A reverse proxy has such bounds itself; this server has them too, since
not every path to it leads through one.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

REQUEST_WITHIN = 30.0
"""Seconds for the whole of a request to come, and for the first one of a connection to begin."""
TAKEN_WITHIN = 60.0
"""Seconds in which whoever is sent an answer takes none of it."""
LONGEST_REQUEST = 512 * 1024
"""Bytes as they come: head, body, and what chunks cost. What the endpoints take has a quarter."""
MOST_HEADERS = 100
MOST_OPEN = 8192
"""Connections. Beyond, who has been silent for the longest makes room."""
_OTHER_FILES = 200
"""What else a process has open."""


def most_open() -> int:
    """As many as there may be with the files that this process may have open."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit
    except ImportError:  # not on Windows, which has no such limit
        return MOST_OPEN
    return max(1, min(MOST_OPEN, getrlimit(RLIMIT_NOFILE)[0] - _OTHER_FILES))


class Connection(HttpToolsProtocol):
    """One connection. ``most``: how many there may be."""

    def __init__(self, *given: Any, most: int = MOST_OPEN, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most = most
        self._whole = True
        self._came = 0
        self._silent_since = self.loop.time()
        self._waiting: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    @property
    def silent_since(self) -> float | None:
        """Since when it waits for whoever asks; None while they wait for us."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's first is none at all
        answered = cycle is None or cycle.response_complete
        return self._silent_since if answered or not self._whole else None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait()
        if len(self.connections) > self._most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        began = not self._whole
        super().data_received(data)
        if self._whole or self.transport.is_closing():
            return
        self._wait()
        # Only what lies wholly in this request: the rest of one before it may have come with it.
        self._came = self._came + len(data) if began else 0
        if self._came > LONGEST_REQUEST:
            self.send_400_response("This request is too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._whole = False
        self._silent_since = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= MOST_HEADERS:
            raise ValueError("too many headers")  # llhttp stops, and it is answered with 400
        super().on_header(name, value)

    def on_message_complete(self) -> None:
        self._whole = True
        self._wait_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._silent_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(TAKEN_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(REQUEST_WITHIN, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _make_room(self) -> None:
        silent = [each for each in self.connections if _silent_since(each) is not None]
        longest = min(silent, key=lambda each: _silent_since(each) or 0.0, default=self)
        self.connections.discard(longest)
        longest.transport.abort()


def _silent_since(connection: object) -> float | None:
    return connection.silent_since if isinstance(connection, Connection) else None
