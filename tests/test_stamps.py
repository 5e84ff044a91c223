"""Datagrams that say when they arrived, however late they are read."""

import asyncio
import socket
import sys
import time
from unittest.mock import Mock

import pytest

from twocan.media.stamps import Stamped, _arrival, stamp

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux says when a datagram arrived"
)


class Ear(asyncio.DatagramProtocol):
    """Keeps what comes, and when it was read."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[bytes, float]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.put_nowait((data, time.monotonic()))


async def test_a_datagram_that_waits_for_the_loop_says_when_it_came() -> None:
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(Ear, local_addr=("127.0.0.1", 0))
    stamp(transport)
    try:
        # Linux begins to stamp a moment after the first socket asked (net_enable_timestamp defers
        # it); what comes before is stamped when it is read.
        late, read_later = min([await waited(transport, ear) for _ in range(10)])
    finally:
        transport.close()
        await asyncio.sleep(0)
    assert late <= 0.005
    assert read_later > 0.04


async def waited(transport: asyncio.DatagramTransport, ear: Ear) -> tuple[float, float]:
    """Of a datagram that waits for the loop: how much later than it was sent it says that it came,
    and how much later than that it was read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        before = time.monotonic()
        mouth.sendto(b"early", transport.get_extra_info("sockname"))
        after = time.monotonic()
        # A loop that is held up.
        while time.monotonic() < after + 0.05:
            pass
    data, read_at = await ear.got.get()
    assert data == b"early"
    assert isinstance(data, Stamped)
    assert before - 0.005 <= data.at <= read_at
    return data.at - after, read_at - data.at


async def test_what_is_sent_leaves_as_before() -> None:
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(Ear, local_addr=("127.0.0.1", 0))
    stamp(transport)
    transport.sendto(b"to myself", transport.get_extra_info("sockname"))
    data, _ = await ear.got.get()
    assert data == b"to myself"
    transport.close()
    await asyncio.sleep(0)


def test_a_clock_that_was_set_is_not_believed() -> None:
    kind = 35
    for told in (0, int(time.time()) + 1000, int(time.time()) - 1000):
        data = told.to_bytes(8, sys.byteorder) + bytes(8)
        before = time.monotonic()
        assert before <= _arrival([(socket.SOL_SOCKET, kind, data)]) <= time.monotonic()


@pytest.mark.parametrize("told", [[], [(socket.SOL_SOCKET, 35, b"short")], [(0, 35, bytes(16))]])
def test_where_nothing_is_said_the_moment_of_reading_counts(
    told: list[tuple[int, int, bytes]],
) -> None:
    before = time.monotonic()
    assert before <= _arrival(told) <= time.monotonic()


def test_a_transport_without_a_socket_of_its_own_is_left_alone() -> None:
    transport = Mock(spec=["sendto"])
    stamp(transport)
    assert not hasattr(transport, "_sock")
