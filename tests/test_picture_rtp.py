"""Two sessions of pictures with a wire between them: what is lost comes again, what is wanted is
said, and what nobody agreed on is not."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

import pytest
from aiortc import RTCDtlsTransport
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    RtpPacket,
    is_rtcp,
)

from rtp_wire import Wire
from twocan.media.adaptation import Report
from twocan.media.descriptions import (
    PICTURE_EXTENSIONS,
    PICTURES_OFFERED,
    RTX,
    VP8,
    PictureCodecs,
)
from twocan.media.pictures.picture_rtp import Arrived, PictureRtp
from twocan.media.pictures.receiving.assembled import Packet
from twocan.media.rtp import Outbound
from virtual_time import in_virtual_time

FRAME = 3000
"""Ticks of 90 kHz: a thirtieth of a second."""


class End:
    """A session, and what it was told."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.got: list[Arrived] = []
        self.reports: list[Report] = []
        self.lost: list[int] = []
        self.bitrates: list[int] = []
        self.keys_wanted = 0
        self.session = PictureRtp("cname", self)

    def start(self, codecs: PictureCodecs, *ssrcs: int) -> None:
        transport = cast(RTCDtlsTransport, self.wire)
        self.session.begin(transport, "video", codecs, PICTURE_EXTENSIONS, ssrcs)

    async def show(self, pictures: int) -> None:
        """Send so many pictures of one packet each."""
        for number in range(pictures):
            await self.say(number)
            await asyncio.sleep(1 / 30)

    async def say(self, number: int) -> int:
        at = asyncio.get_running_loop().time()
        payload = b"picture %d" % number
        return await self.session.send(Outbound(VP8.id, payload, number * FRAME, at, marker=True))

    @property
    def payloads(self) -> list[bytes]:
        return [arrived.packet.payload for arrived in self.got if arrived.packet]

    @property
    def feedback(self) -> list[object]:
        """The RTCP feedback that this end sent."""
        packets = (p for data in self.wire.said if is_rtcp(data) for p in RtcpPacket.parse(data))
        return [p for p in packets if isinstance(p, RtcpRtpfbPacket | RtcpPsfbPacket)]

    # picture_rtp.Listener

    def arrived(self, arrived: Arrived) -> None:
        self.got.append(arrived)

    def reported(self, report: Report) -> None:
        self.reports.append(report)

    def missed(self, sequences: Sequence[int]) -> None:
        self.lost += sequences

    def key_wanted(self) -> None:
        self.keys_wanted += 1

    def estimated(self, bitrate: int) -> None:
        self.bitrates.append(bitrate)


def two(codecs: PictureCodecs = PICTURES_OFFERED) -> tuple[End, End]:
    one, other = Wire(0.03), Wire(0.03)
    one.far, other.far = other, one
    ends = End(one), End(other)
    ends[0].start(codecs, ends[1].session.ssrc, ends[1].session.rtx_ssrc)
    ends[1].start(codecs, ends[0].session.ssrc, ends[0].session.rtx_ssrc)
    return ends


async def close(*ends: End) -> None:
    await asyncio.sleep(0.1)  # what is under way
    for end in ends:
        await end.session.close()
    await asyncio.sleep(1.0)


@in_virtual_time
async def test_pictures_arrive_with_when_they_left() -> None:
    camera, screen = two()
    await camera.show(3)
    await close(camera, screen)
    assert screen.payloads == [b"picture 0", b"picture 1", b"picture 2"]
    left = [arrived.sent for arrived in screen.got if arrived.sent is not None]
    apart = [(after - before) % (1 << 24) / (1 << 18) for before, after in pairwise(left)]
    assert apart == pytest.approx([1 / 30, 1 / 30], abs=1e-4)
    assert all(arrived.size > len(b"picture 0") for arrived in screen.got)


@pytest.mark.parametrize("rtx", [RTX, None], ids=["as-rtx", "as-it-was"])
@in_virtual_time
async def test_what_was_lost_is_sent_again(rtx: object) -> None:
    camera, screen = two(PICTURES_OFFERED if rtx else PictureCodecs(VP8))
    camera.wire.loses = lambda data: b"picture 1" in data
    await camera.show(3)
    await asyncio.sleep(0.1)
    camera.wire.loses = lambda data: False
    [first, third] = [arrived.packet for arrived in screen.got]
    assert first is not None
    assert third is not None
    await screen.session.ask([(first.sequence + 1) % (1 << 16)])
    await asyncio.sleep(0.1)
    assert camera.lost == [(first.sequence + 1) % (1 << 16)]
    await camera.session.resend(camera.lost[0])
    await close(camera, screen)
    again = screen.got[-1].packet
    assert again is not None
    assert again.payload == b"picture 1"
    assert again.sequence == camera.lost[0]
    assert again.ssrc == first.ssrc
    assert again.timestamp == (first.timestamp + FRAME) % (1 << 32)
    assert again.marker
    assert again.repaired == (rtx is not None)
    assert camera.session.resent == 1


@in_virtual_time
async def test_what_was_never_sent_or_long_ago_is_not_sent_again() -> None:
    camera, screen = two()
    first = await camera.say(0)
    for number in range(1, 1100):
        await camera.say(number)
    assert camera.session.resend_size(first) is None
    sent = len(camera.wire.said)
    await camera.session.resend(first)
    await camera.session.resend((first - 1) % (1 << 16))
    assert len(camera.wire.said) == sent
    await close(camera, screen)


@in_virtual_time
async def test_a_key_frame_and_a_bit_rate_are_asked_for() -> None:
    camera, screen = two()
    await screen.session.ask_key()
    await screen.session.tell(1_000_000)
    await camera.show(1)
    await asyncio.sleep(0.1)
    # Before there was anything to watch there was nobody to ask.
    assert camera.keys_wanted == 0
    await screen.session.ask_key()
    await screen.session.tell(1_000_000)
    await close(camera, screen)
    assert camera.keys_wanted == 1
    assert camera.bitrates == [1_000_000]


@in_virtual_time
async def test_what_was_not_agreed_on_is_not_said() -> None:
    camera, screen = two(PictureCodecs(replace(VP8, feedback=())))
    await camera.show(2)
    await asyncio.sleep(0.1)
    await screen.session.ask([1, 2])
    await screen.session.ask_key()
    await screen.session.tell(1_000_000)
    await close(camera, screen)
    assert screen.feedback == []


@in_virtual_time
async def test_feedback_goes_with_a_report_as_rtcp_wants_it() -> None:
    camera, screen = two()
    await camera.show(2)
    await asyncio.sleep(0.1)
    said = len(screen.wire.said)
    await screen.session.ask_key()
    [first, *_] = RtcpPacket.parse(screen.wire.said[said])
    assert first.reports[0].ssrc == camera.session.ssrc  # type: ignore[union-attr]
    await close(camera, screen)


@in_virtual_time
async def test_a_full_intra_request_wants_a_key_frame_too() -> None:
    camera, screen = two()
    await camera.show(1)
    request = RtcpPsfbPacket(RTCP_PSFB_FIR, screen.session.ssrc, camera.session.ssrc, bytes(8))
    camera.wire.take(bytes(request))
    await close(camera, screen)
    assert camera.keys_wanted == 1


@pytest.mark.parametrize(
    "fci", [b"", b"REMB", b"REMB\x01\x00", b"REMB\xff" + bytes(3), b"XXXX" * 4]
)
@in_virtual_time
async def test_feedback_that_is_cut_short_is_survived(fci: bytes) -> None:
    camera, screen = two()
    await camera.show(1)
    for packet in (
        RtcpPsfbPacket(RTCP_PSFB_APP, screen.session.ssrc, camera.session.ssrc, fci),
        RtcpPsfbPacket(RTCP_PSFB_PLI, screen.session.ssrc, camera.session.ssrc, fci),
        RtcpRtpfbPacket(RTCP_RTPFB_NACK, screen.session.ssrc, camera.session.ssrc, []),
    ):
        await camera.session._handle_rtcp_packet(packet)
    await camera.show(1)
    await close(camera, screen)
    assert len(screen.got) == 2


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x01"])
@in_virtual_time
async def test_a_probe_counts_towards_the_rate_and_is_no_picture(payload: bytes) -> None:
    camera, screen = two()
    await camera.show(1)
    await asyncio.sleep(0.1)
    probe = RtpPacket(RTX.id, 0, 5, 0, camera.session.rtx_ssrc, payload)
    probe.padding_size = 200
    screen.wire.take(probe.serialize())
    await close(camera, screen)
    assert screen.got[-1].packet is None
    assert screen.got[-1].size > 200


@in_virtual_time
async def test_a_retransmission_of_what_was_never_sent_is_a_packet_like_any_other() -> None:
    camera, screen = two()
    lie = RtpPacket(RTX.id, 0, 5, 0, camera.session.rtx_ssrc, b"\x12\x34lie")
    screen.wire.take(lie.serialize())
    await asyncio.sleep(0.1)
    # Before the stream it says to repair.
    assert screen.payloads == []
    await camera.show(1)
    screen.wire.take(lie.serialize())
    await close(camera, screen)
    assert screen.got[-1].packet == Packet(
        camera.session.ssrc, 0x1234, 0, False, b"lie", repaired=True
    )


@in_virtual_time
async def test_what_is_sent_again_is_no_loss_of_the_stream() -> None:
    camera, screen = two()
    await camera.show(5)
    for number in range(5):
        await camera.session.resend((camera.session._first + number) % (1 << 16))
    await asyncio.sleep(2.0)
    await close(camera, screen)
    assert screen.session.packets_received == 5
    assert screen.session.packets_lost == 0
    assert camera.reports[-1].lost == 0


@in_virtual_time
async def test_a_sender_report_tells_when_a_picture_was_in_front_of_the_camera() -> None:
    camera, screen = two()
    at = asyncio.get_running_loop().time() - 0.25
    await camera.session.send(Outbound(VP8.id, b"late", 0, at))
    await asyncio.sleep(2.0)
    said = [p for data in camera.wire.said if is_rtcp(data) for p in RtcpPacket.parse(data)]
    [first, *_] = [p.sender_info for p in said if isinstance(p, RtcpSrPacket)]
    clocks = screen.session.clocks(camera.session.ssrc)
    assert clocks is not None
    start = camera.session._origin
    begun = clocks.ntp - (clocks.timestamp - start) % (1 << 32) / 90_000
    now = asyncio.get_running_loop().time()
    elapsed = (first.rtp_timestamp - start) % (1 << 32) / 90_000
    assert elapsed > 0.25
    assert clocks.ntp - begun == pytest.approx(now - at, abs=1.0)
    await close(camera, screen)
