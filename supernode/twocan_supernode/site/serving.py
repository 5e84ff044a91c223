"""An app, served on a socket by uvicorn until it is asked to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from twocan_supernode.errors import SupernodeError
from twocan_supernode.site.connections import Connection, most_open

_STOPS_WITHIN = 10
"""Seconds for what is still being answered."""
_KEEPS_ALIVE = 75
"""Seconds: longer than reverse proxies keep an idle connection, so that they end it, not we."""
_WAITING = 2048
"""Connections that wait to be accepted."""
_PROXIES = "127.0.0.1,::1,::ffff:127.0.0.1"
"""Whose word about who asks is taken (X-Forwarded-For)."""


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it serves, and leaves the signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(address: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SupernodeError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(_WAITING)
    except OSError as error:
        listening.close()
        raise SupernodeError(
            f"cannot listen on {address} port {port} ({error.strerror}): is it taken?"
        ) from None
    return listening


async def serve(
    app: ASGIApp, listening: socket.socket, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Serves until ``stop``; then finishes what is being answered. Closes the socket."""
    bounded: Any = partial(Connection, most=most_open())
    config = uvicorn.Config(
        app,
        http=bounded,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=_PROXIES,
        timeout_keep_alive=_KEEPS_ALIVE,
        timeout_graceful_shutdown=_STOPS_WITHIN,
    )
    server = _Server(config, ready)
    stopping = asyncio.create_task(_stopped(stop, server))
    try:
        await server.serve(sockets=[listening])
    finally:
        stopping.cancel()
        listening.close()
    if not server.started:
        raise SupernodeError("the site API could not start: see its log")


async def _stopped(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True
