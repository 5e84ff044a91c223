"""When datagrams arrived, by the kernel's own account.

An event loop reads a datagram when it gets round to it. On a busy machine that is milliseconds
later, now for one and then for another, which looks like a network that is filling up. Linux says
when each came in (socket(7), SO_TIMESTAMPNS); elsewhere the moment of reading has to do.
"""

import socket
import struct
import sys
import time
from asyncio import DatagramTransport
from typing import Any

_TIMESTAMPNS = 35
"""SO_TIMESTAMPNS, and the type of its message: Python 3.11 has no name for it."""
_TIMESPEC = struct.Struct("@ll")
_ROOM = socket.CMSG_SPACE(_TIMESPEC.size) if hasattr(socket, "CMSG_SPACE") else 0

_MOST = 1.0
"""Seconds that a datagram can have waited. More of them are a clock that was set."""


class Stamped(bytes):
    """A datagram. ``at``: when it arrived, in seconds of ``time.monotonic``."""

    at: float


def stamp(transport: DatagramTransport) -> None:
    """Let every datagram of a transport be ``Stamped`` from now on, where the system can.

    It stands between asyncio's transport and its socket, for there is no way to hand a socket of
    one's own to who opens these.
    """
    real = getattr(transport, "_sock", None)
    if not sys.platform.startswith("linux") or real is None:
        return
    try:
        real.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
    except OSError:
        return
    transport._sock = _Socket(real)  # type: ignore[attr-defined]


class _Socket:
    """A socket whose datagrams say when they arrived."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        # What is called for each datagram is found at once.
        self.sendto = real.sendto
        self._receive = real.recvmsg

    def recvfrom(self, size: int) -> tuple[bytes, Any]:
        data, told, _flags, address = self._receive(size, _ROOM)
        stamped = Stamped(data)
        stamped.at = _arrival(told)
        return stamped, address

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _arrival(told: list[tuple[int, int, bytes]]) -> float:
    now = time.monotonic()
    for level, kind, data in told:
        if (level, kind) == (socket.SOL_SOCKET, _TIMESTAMPNS) and len(data) == _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack(data)
            waited = time.time() - seconds - nanoseconds / 1e9
            return now - waited if 0 <= waited <= _MOST else now
    return now
