"""Peers that send what nobody should: it is counted, it is bounded, and it ends nothing, above all
not the sound of the call."""

import asyncio
import random
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing

import pytest
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    pack_remb_fci,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peace import in_peace
from sights import SIZE, Hand, picture, two, until
from talking import LOW, Ear, Eye, Lens, Mouth, Side, in_a_call
from twocan.media.descriptions import RTX, VP8
from twocan.media.ends import clocked
from twocan.media.pictures.picture_rtp import _MOST_A_SECOND, _MOST_AT_ONCE
from twocan.media.pictures.receiving.gathering import MOST_PACKETS
from twocan.media.pictures.vp8.codec import Coding, Encoder
from twocan.media.pictures.vp8.payload import packets
from twocan.media.session import CallMedia
from twocan.media.sound import Ends
from twocan.states import State

pytestmark = pytest.mark.timeout(60)

SSRC = 77
WITHIN = 40.0


def film(count: int, *sizes: tuple[int, int]) -> list[bytes]:
    """Coded pictures, each of the next of these sizes."""
    with closing(Encoder(Coding(*SIZE, 300_000, 30))) as encoder:
        coded = (
            encoder.encode(picture(number, *(sizes[number % len(sizes)] if sizes else SIZE)))
            for number in range(count)
        )
        return [one.data for one in coded if one]


class Peer:
    """Makes the packets of a stream."""

    def __init__(self, ssrc: int = SSRC, sequence: int = 0) -> None:
        self.ssrc, self.sequence, self.timestamp = ssrc, sequence, 0

    def packet(self, payload: bytes, *, marker: bool = True, kind: int = VP8.id) -> bytes:
        said = RtpPacket(kind, int(marker), self.sequence, self.timestamp, self.ssrc, payload)
        self.sequence = (self.sequence + 1) % (1 << 16)
        return said.serialize()

    def frame(self, data: bytes) -> Iterator[bytes]:
        payloads = packets(data, self.timestamp // 3000)
        for number, payload in enumerate(payloads, 1):
            yield self.packet(payload, marker=number == len(payloads))
        self.next()

    def next(self) -> None:
        self.timestamp = (self.timestamp + 3000) % (1 << 32)


FILM = film(30)


def lying(width: int, height: int) -> bytes:
    """A key frame that says it is of this size."""
    return FILM[0][:6] + struct.pack("<HH", width, height) + FILM[0][10:]


def damaged() -> list[bytes]:
    """Frames as they should not be, always the same ones."""
    chance = random.Random(1)
    made = []
    for data in FILM[:10]:
        changed = bytearray(data)
        for _ in range(5):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        made += [bytes(changed), data[: chance.randrange(1, len(data))], chance.randbytes(300)]
    return made


@pytest.mark.parametrize(
    "frames",
    [
        damaged(),
        [lying(16383, 16383), lying(7680, 4320), lying(0, 0), lying(1, 1), lying(4000, 2000)],
        film(20, (640, 360), (16, 16), (321, 181), (1, 1)),
        FILM[1:],
        [b"\x00" * 5000, b"\xff" * 5000, b"\x01"],
    ],
    ids=["damaged", "lying-sizes", "another-size-each-time", "never-a-key-frame", "no-frames"],
)
async def test_bad_pictures_do_no_harm_and_good_ones_are_shown_after_them(
    frames: list[bytes],
) -> None:
    async with two(Hand) as (_camera_end, screen_end):
        peer = Peer()
        for data in frames:
            for packet in peer.frame(data):
                screen_end.wire.take(packet)
            await asyncio.sleep(0.01)
        assert isinstance(screen_end.screen, Eye)
        before = len(screen_end.screen.sizes)
        while len(screen_end.screen.sizes) < before + 3 or screen_end.screen.sizes[-1] != SIZE:
            for data in FILM[:5]:
                for packet in peer.frame(data):
                    screen_end.wire.take(packet)
                await asyncio.sleep(0.03)
        assert screen_end.feedback(RtcpPsfbPacket, RTCP_PSFB_PLI) < 20


async def test_a_peer_that_never_sends_a_key_frame_is_asked_ever_more_rarely() -> None:
    async with two(Hand) as (_camera_end, screen_end):
        peer = Peer()
        for number in range(100):
            for packet in peer.frame(FILM[1 + number % 20]):
                screen_end.wire.take(packet)
            await asyncio.sleep(0.01)
        assert 1 <= screen_end.feedback(RtcpPsfbPacket, RTCP_PSFB_PLI) <= 8
        assert screen_end.received.frames == 0


async def test_a_repair_of_what_was_never_sent_does_no_harm() -> None:
    async with two(Hand) as (_camera_end, screen_end):
        peer, liar = Peer(), Peer(SSRC + 1)
        assert isinstance(screen_end.screen, Eye)
        for number, data in enumerate(FILM):
            for sequence in (peer.sequence + 500, 40_000, number):
                payload = struct.pack("!H", sequence % (1 << 16)) + b"\x10\x00lie"
                screen_end.wire.take(liar.packet(payload, kind=RTX.id))
            for packet in peer.frame(data):
                screen_end.wire.take(packet)
            await asyncio.sleep(0.02)
        while not screen_end.screen.sizes:
            for data in FILM[:3]:
                for packet in peer.frame(data):
                    screen_end.wire.take(packet)
                await asyncio.sleep(0.03)


async def test_packets_of_ever_new_streams_are_counted_and_kept_out() -> None:
    async with two(Hand) as (_camera_end, screen_end):
        for number in range(500):
            screen_end.wire.take(Peer(1000 + number).packet(b"\x10\x00x"))
        await asyncio.sleep(0.05)
        rtp = screen_end.sight._rtp
        assert len(rtp._streams) == 8
        assert rtp.refused == 492


async def test_more_packets_than_anybody_sends_are_counted_and_not_looked_at() -> None:
    async with two(Hand) as (_camera_end, screen_end):
        peer, loop = Peer(), asyncio.get_running_loop()
        rtp, began = screen_end.sight._rtp, loop.time()
        for _ in range(6000):
            screen_end.wire.take(peer.packet(b"\x00x"))
        await asyncio.sleep(0.05)
        bearable = _MOST_AT_ONCE + _MOST_A_SECOND * (loop.time() - began)
        assembly = screen_end.sight._watching._assembly
        assert assembly.counters.received <= bearable
        assert assembly.counters.received + rtp.refused == 6000
        assert len(assembly._gathering) <= MOST_PACKETS


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from([VP8.id, RTX.id]),
            st.sampled_from([1, 2, 3]),
            st.integers(0, 65535),
            st.integers(0, (1 << 32) - 1),
            st.booleans(),
            st.binary(max_size=40),
        ),
        max_size=40,
    )
)
async def test_packets_of_any_kind_are_survived(
    said: list[tuple[int, int, int, int, bool, bytes]],
) -> None:
    async with two(Hand, delay=0.0) as (_camera_end, screen_end):
        failed: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, what: failed.append(what))
        for kind, ssrc, sequence, timestamp, marker, payload in said:
            packet = RtpPacket(kind, int(marker), sequence, timestamp, ssrc, payload)
            now = asyncio.get_running_loop().time()
            await screen_end.sight._rtp._handle_rtp_packet(packet, 1000 * now)
        assert failed == []


# Of a call with sound


Attack = Callable[[Side, Side], Coroutine[None, None, None]]


def threads() -> Counter[str]:
    """What works beside the loop."""
    names = (thread.name for thread in threading.enumerate())
    return Counter(name for name in names if name in {"encoding", "decoding", "twocan-lens"})


async def throw(side: Side, data: bytes) -> None:
    """Send this to the far side, over the path that the sound takes."""
    await side.media[-1]._path.transport.dtls._send_rtp(data)


async def garbage(side: Side, _other: Side) -> None:
    """10,000 packets a second, as far as this machine can."""
    peer = Peer()
    loop = asyncio.get_running_loop()
    began = loop.time()
    while loop.time() < began + 1.5:
        for _ in range(50):
            await throw(side, peer.packet(bytes([peer.sequence % 256]) * 200))
            peer.next()
        await asyncio.sleep(0.005)


async def new_streams(side: Side, _other: Side) -> None:
    """A thousand packets, each of another stream."""
    for number in range(1000):
        await throw(side, Peer(5000 + number).packet(b"\x10\x00\x00" + bytes(50)))
        if number % 10 == 0:
            await asyncio.sleep(0.01)


async def feedback(side: Side, other: Side, *said: bytes) -> None:
    """A thousand times a second, for a second."""
    for number in range(100):
        for _ in range(10):
            await throw(side, said[number % len(said)])
        await asyncio.sleep(0.01)


def streams(side: Side, other: Side) -> tuple[int, int]:
    """Of the one that attacks, and of the one that is told."""
    ours, theirs = side.media[-1].sight, other.media[-1].sight
    assert ours is not None
    assert theirs is not None
    return ours.ssrcs[0], theirs.ssrcs[0]


async def key_requests(side: Side, other: Side) -> None:
    ours, theirs = streams(side, other)
    await feedback(side, other, bytes(RtcpPsfbPacket(RTCP_PSFB_PLI, ours, theirs)))


async def negative_acknowledgements(side: Side, other: Side) -> None:
    ours, theirs = streams(side, other)
    rtp = other.media[-1].sight._rtp  # type: ignore[union-attr]
    known = [sequence % (1 << 16) for sequence in range(rtp._sequence - 300, rtp._sequence)]
    await feedback(side, other, bytes(RtcpRtpfbPacket(RTCP_RTPFB_NACK, ours, theirs, known)))


async def estimates(side: Side, other: Side) -> None:
    ours, theirs = streams(side, other)
    said = (
        bytes(RtcpPsfbPacket(RTCP_PSFB_APP, ours, 0, pack_remb_fci(bitrate, [theirs])))
        for bitrate in (0, 1 << 80, 500_000)
    )
    await feedback(side, other, *said)


async def huge_pictures(side: Side, _other: Side) -> None:
    """Pictures of changing sizes, with some of what is too large."""
    peer = Peer()
    frames = [*film(6, (1280, 720), (1920, 1080)), lying(7680, 4320), *damaged()[:20]]
    for data in frames:
        for packet in peer.frame(data):
            await throw(side, packet)
        await asyncio.sleep(0.03)


@pytest.mark.parametrize(
    "attack",
    [garbage, new_streams, key_requests, negative_acknowledgements, estimates, huge_pictures],
)
async def test_the_sound_goes_on_whatever_the_far_side_does(attack: Attack) -> None:
    async def heard_meanwhile() -> int:
        async with in_a_call(within=WITHIN) as (caller, ours, callee, theirs):
            theirs.show(on=True)
            await caller.eye.sees(3)
            ours.show(on=True)
            await callee.sees(lambda view: view.shown_by_peer)
            await callee.eye.sees(1)
            before = threads()
            attacking = asyncio.create_task(attack(caller, callee))
            times = 0
            while not attacking.done():
                await callee.ear.hears(LOW)
                times += 1
            await attacking
            await callee.ear.hears(LOW)
            assert theirs.call.view().state == ours.call.view().state
            await until(lambda: threads() == before)
            # Its own pictures are still to be seen, by whoever wants to.
            await caller.eye.sees(3)
            return times

    assert await in_peace(heard_meanwhile, lambda times: times >= 2) >= 2


async def test_what_a_camera_does_is_not_heard() -> None:
    class Stalls(Lens):
        """A camera that floods, and stalls, and floods."""

        def film(self) -> None:
            number = 0
            while not self._closed.is_set():
                number += 1
                self._seen(picture(number))
                self._closed.wait(1.0 if number % 1000 == 0 else 0.001)

    async with in_a_call(within=WITHIN) as (caller, ours, callee, _theirs):
        caller.open_lens = Stalls
        ours.show(on=True)
        await callee.sees(lambda view: view.shown_by_peer)
        await until(lambda: bool(callee.eyes and callee.eye.sizes))
        for _ in range(5):
            await callee.ear.hears(LOW)


async def test_the_last_wish_counts_of_two_hundred() -> None:
    async with in_a_call(within=WITHIN) as (caller, ours, callee, _theirs):
        for number in range(7):
            ours.show(on=number % 2 == 0)
            await asyncio.sleep(0)
        await callee.sees(lambda view: view.shown_by_peer)
        await callee.eye.sees(1)
        for number in range(200):
            ours.pause(on=number % 2 == 0)
            if number % 10 == 0:
                await asyncio.sleep(0)
        await callee.sees(lambda view: view.shown_by_peer)
        await callee.eye.sees(3)
        # One films, one codes, and one decodes.
        await until(lambda: threads() == {"encoding": 1, "decoding": 1, "twocan-lens": 1})
        assert all(lens.closed for lens in caller.lenses[:-1])
        assert not caller.lenses[-1].closed
        await callee.ear.hears(LOW)


async def test_a_call_that_ends_before_its_path_is_found_takes_its_pictures_with_it() -> None:
    def ends() -> Ends:
        return clocked(Mouth(LOW), Ear())

    offering, answering = (CallMedia(lambda _event: None, ends) for _ in range(2))
    for media in (offering, answering):
        await media.prepare(())
    offer = await offering.offer(pictures=True)
    answer = await answering.answer(offer, offering.bundle, showing=True)
    # The far side never hears of it, so that no path is found.
    offering.connect(answer, answering.bundle, controlling=True)
    await asyncio.sleep(0.05)
    await asyncio.wait_for(offering.close(), 40)
    await asyncio.wait_for(answering.close(), 40)


async def test_an_estimate_that_names_more_streams_than_it_holds_ends_nothing() -> None:
    async with in_a_call(within=WITHIN) as (caller, _ours, callee, theirs):
        await callee.ear.hears(LOW)
        for fci in (b"REMB\xff\x00\x00\x00", b"REMB\x02\x00\x00\x00abcd"):
            await throw(caller, bytes(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, fci)))
        await callee.ear.hears(LOW)
        assert theirs.call.view().state is State.ACTIVE
