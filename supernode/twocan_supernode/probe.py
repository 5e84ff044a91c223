"""Asks a node whether it serves, with the first thing that a client would say on each port."""

import asyncio
import os
import struct
from collections.abc import Awaitable, Callable

from twocan_supernode.ports import LOOPBACK, Ports

_LOOK_AGAIN = 0.02
_ANSWERS_WITHIN = 0.5
_STUN_BINDING = 0x0001  # RFC 8489 14 and 18
_STUN_COOKIE = 0x2112A442


async def wait_until_serving(address: str, ports: Ports, site: str) -> None:
    """Returns once every port answers. It never gives up: the caller bounds it."""
    await _until(lambda: _offers_features(address, ports.xmpp, site))
    await _until(lambda: _accepts(address, ports.xmpps))
    await _until(lambda: _accepts(address, ports.https))
    await _until(lambda: _accepts(LOOPBACK, ports.ws))
    await _until(lambda: _answers_stun(address, ports.stun))


async def _until(answered: Callable[[], Awaitable[bool]]) -> None:
    while True:
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                if await answered():
                    return
        except OSError:  # refused, or TimeoutError
            pass
        await asyncio.sleep(_LOOK_AGAIN)


async def _offers_features(address: str, port: int, site: str) -> bool:
    """Whether a stream open is answered by features (RFC 6120 4.3.2)."""
    reader, writer = await asyncio.open_connection(address, port)
    try:
        writer.write(
            f"<stream:stream to='{site}' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>".encode()
        )
        await reader.readuntil(b"</stream:features>")
        writer.write(b"</stream:stream>")
    except asyncio.IncompleteReadError:
        return False
    else:
        return True
    finally:
        writer.close()


async def _accepts(address: str, port: int) -> bool:
    _, writer = await asyncio.open_connection(address, port)
    writer.close()
    return True


async def _answers_stun(address: str, port: int) -> bool:
    """Whether a STUN binding request is answered at all."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[None] = loop.create_future()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _FirstAnswer(answered), remote_addr=(address, port)
    )
    try:
        transport.sendto(struct.pack(">HHI12s", _STUN_BINDING, 0, _STUN_COOKIE, os.urandom(12)))
        await answered
    finally:
        transport.close()
    return True


class _FirstAnswer(asyncio.DatagramProtocol):
    def __init__(self, answered: "asyncio.Future[None]") -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._answered.done():
            self._answered.set_result(None)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)
