"""An RTP session and another one, with a wire between them that loses, delays and doubles."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest
from aiortc import RTCDtlsTransport
from aiortc.rtp import (
    RtcpByePacket,
    RtcpPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtpPacket,
    is_rtcp,
)

from rtp_wire import Wire
from twocan.media.adaptation import Report
from twocan.media.descriptions import KEYS, OPUS, SOUND_EXTENSIONS
from twocan.media.rtp import Inbound, Outbound
from twocan.media.sound_rtp import SoundRtp
from twocan.messages import PayloadType
from virtual_time import in_virtual_time

FRAME = 960


class End:
    """A session, and what it was given."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.got: list[Inbound] = []
        self.told: list[Report] = []
        self.session = SoundRtp("cname", self.got.append, self.told.append)

    def start(self, *ssrcs: int, codecs: Sequence[PayloadType] = (OPUS, KEYS)) -> None:
        transport = cast(RTCDtlsTransport, self.wire)
        self.session.start(transport, "audio", codecs, SOUND_EXTENSIONS, ssrcs)

    async def talk(self, seconds: float, payload: bytes = b"speech") -> None:
        for number in range(round(seconds * 50)):
            await self.session.send(outbound(payload, number))
            await asyncio.sleep(0.02)

    @property
    def reports(self) -> list[list[object]]:
        """The RTCP that this end sent, packet by packet."""
        return [list(RtcpPacket.parse(data)) for data in self.wire.said if is_rtcp(data)]


def outbound(payload: bytes, number: int) -> Outbound:
    """A packet that is sent when its last sample is there."""
    at = asyncio.get_running_loop().time() - 0.02
    return Outbound(OPUS.id, payload, number * FRAME, at, number == 0, 20)


def two(delay: float = 0.03) -> tuple[End, End]:
    one, other = Wire(delay), Wire(delay)
    one.far, other.far = other, one
    ends = End(one), End(other)
    ends[0].start(ends[1].session.ssrc)
    ends[1].start(ends[0].session.ssrc)
    return ends


async def close(*ends: End) -> None:
    await asyncio.sleep(0.1)  # what is under way
    for end in ends:
        await end.session.close()
    await asyncio.sleep(1.0)


@in_virtual_time
async def test_what_is_sent_arrives_in_order_with_its_time_and_its_mark() -> None:
    one, other = two()
    began = asyncio.get_running_loop().time()
    await one.talk(0.1)
    await close(one, other)
    first, *rest = other.got
    assert first.arrival - began == pytest.approx(0.03, abs=1e-4)
    assert [p.marker for p in other.got] == [True, False, False, False, False]
    assert [(p.sequence - first.sequence) % 65536 for p in rest] == [1, 2, 3, 4]
    assert [(p.timestamp - first.timestamp) % 2**32 for p in rest] == [
        FRAME * number for number in (1, 2, 3, 4)
    ]
    assert {(p.ssrc, p.payload_type, p.payload) for p in other.got} == {
        (one.session.ssrc, OPUS.id, b"speech")
    }
    assert (one.session.packets_sent, one.session.bytes_sent) == (5, 30)
    assert (other.session.packets_received, other.session.bytes_received) == (5, 30)


@in_virtual_time
async def test_each_is_told_how_the_other_receives_it_and_how_far_away_it_is() -> None:
    one, other = two(delay=0.04)
    await asyncio.gather(one.talk(3.0), other.talk(3.0))
    await close(one, other)
    for end in (one, other):
        assert len(end.told) >= 3
        last = end.told[-1]
        assert last.rtt == pytest.approx(0.08, abs=0.002)
        assert last.lost == 0
        assert 100 < last.expected <= 150
        assert last.jitter < 0.001


@in_virtual_time
async def test_losses_are_counted_by_who_receives_and_told_to_who_sends() -> None:
    one, other = two()
    one.wire.loses = lambda data: not is_rtcp(data) and data[3] % 4 == 0
    await one.talk(4.0)
    await close(one, other)
    assert other.session.packets_lost == pytest.approx(50, abs=1)
    assert one.told[-1].lost == pytest.approx(0.25 * one.told[-1].expected, abs=2)


@in_virtual_time
async def test_who_sends_is_told_in_how_many_runs_the_losses_lay() -> None:
    one, other = two()
    # Three in a row of every thirty, from the stream's first on.
    one.wire.loses = lambda data: not is_rtcp(data) and (int.from_bytes(data[2:4]) - first) % 30 < 3
    first = one.session._sequence + 10
    await one.talk(6.0)
    await asyncio.sleep(1.0)
    await close(one, other)
    last = one.told[-1]
    assert last.lost == 30
    assert last.runs == 10


@in_virtual_time
async def test_who_does_not_know_such_messages_is_not_sent_any() -> None:
    one, other = Wire(0.01), Wire(0.01)
    one.far, other.far = other, one
    ends = End(one), End(other)
    for end in ends:
        end.start(codecs=[replace(OPUS, feedback=())])
    one.loses = lambda data: not is_rtcp(data) and data[3] % 4 == 0
    await ends[0].talk(2.0)
    await close(*ends)
    assert ends[0].told[-1].lost
    assert ends[0].told[-1].runs is None
    assert not any(
        isinstance(said, RtcpRtpfbPacket) for report in ends[1].reports for said in report
    )


@in_virtual_time
async def test_who_only_listens_reports_too() -> None:
    one, other = two()
    await one.talk(2.0)
    await close(one, other)
    assert one.told
    assert one.told[-1].rtt == pytest.approx(0.06, abs=0.002)
    assert other.told == []


@in_virtual_time
async def test_every_report_says_who_it_is_from_and_the_last_says_goodbye() -> None:
    one, other = two()
    await one.talk(2.0)
    await close(one, other)
    assert all(isinstance(said[1], RtcpSdesPacket) for said in one.reports)
    assert [type(said[-1]) for said in one.reports][-1] is RtcpByePacket
    sizes = [len(data) for data in one.wire.said if is_rtcp(data)]
    # RFC 3550 §6.2: reports take 5 % of a session's bit rate, which is 40 kbit/s, at most.
    assert sum(sizes) * 8 / 3.0 < 2000


@in_virtual_time
async def test_a_far_side_that_reports_more_than_was_sent_is_not_believed() -> None:
    one, other = two()
    await one.talk(0.1)
    await asyncio.sleep(0.1)
    [stream] = other.session._streams.values()
    stream.add(other.got[-1].sequence + 900, 0, 0.0)
    await asyncio.sleep(1.0)
    await close(one, other)
    assert one.told[-1].expected == 5


@in_virtual_time
async def test_a_crowd_of_streams_is_not_kept() -> None:
    one, other = two()
    for ssrc in range(100):
        packet = RtpPacket(OPUS.id, 0, 0, 0, ssrc, b"")
        await other.session._handle_rtp_packet(packet, 0)
    await close(one, other)
    assert other.session.packets_received < 20
    assert len({inbound.ssrc for inbound in other.got}) < 20


@in_virtual_time
async def test_on_a_path_that_closed_nothing_is_sent_and_nothing_fails() -> None:
    one, other = two()
    one.wire.closed = True
    await one.talk(1.0)
    await close(one, other)
    assert one.wire.said == []


@in_virtual_time
async def test_what_never_started_closes() -> None:
    end = End(Wire(0.0))
    await end.session.close()
    assert end.wire.said == []
