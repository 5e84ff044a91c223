"""An RTP session (RFC 3550) over one DTLS transport of aiortc's: packets out, packets in, reports.

It stands where aiortc's ``RTCRtpSender`` and ``RTCRtpReceiver`` would: those code and play the
sound themselves, and neither lets a packet choose its payload type or says what the reports said.
What it uses of aiortc is the transport's five private functions for just those two classes
(a test watches them) and the packets of ``aiortc.rtp``.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiortc import RTCDtlsTransport, clock
from aiortc.rtcrtpparameters import (
    RTCRtcpParameters,
    RTCRtpCodecParameters,
    RTCRtpDecodingParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpReceiveParameters,
    RTCRtpSendParameters,
)
from aiortc.rtp import (
    AnyRtcpPacket,
    HeaderExtensionsMap,
    RtcpByePacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
    RtpPacket,
)

from twocan.media.adaptation import Report
from twocan.media.reports import Received
from twocan.messages import HeaderExtension, PayloadType

REPORTS_EVERY = 0.5
"""Seconds, half as much more or less (RFC 3550 §6.2). A report with its description is 100 bytes:
2 kbit/s, which is the 5 % of a call's bit rate that the RFC allows."""

_CNAME = 1
_SHORT_NTP = 65536
_MOST_STREAMS = 8
_RECENT_REPORTS = 8


@dataclass(frozen=True, slots=True)
class Outbound:
    """A packet to be sent. ``timestamp``: ticks of the stream's clock since its first."""

    payload_type: int
    payload: bytes
    timestamp: int
    at: float
    """When what ``timestamp`` stands for was in the air, in seconds of ``time.monotonic``."""
    marker: bool = False
    level: int = 127
    """Below the loudest there is, in dB, 0 to 127 (RFC 6464)."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A packet that came. ``arrival``: when it could be used, in seconds of ``time.monotonic``."""

    ssrc: int
    payload_type: int
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes
    arrival: float


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a sender report says: the moment ``timestamp`` of a stream is ``ntp`` in seconds."""

    ntp: float
    timestamp: int


class RtpSession:
    """One stream out, and the stream that comes in.

    ``received`` is called with each packet, ``reported`` with each report on what was sent. What
    sound and pictures do apart from each other are their own sessions, made from this one.
    """

    kind = "audio"

    def __init__(
        self,
        cname: str,
        received: Callable[[Inbound], None],
        reported: Callable[[Report], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        # It is time.monotonic, which sound cards are timed by.
        self._now = self._loop.time
        self._transport: RTCDtlsTransport | None = None
        self._cname = cname
        self._received, self._reported = received, reported
        self._ssrc = random.getrandbits(32)
        # Below the half, since a sequence that wraps while its first packets are lost breaks SRTP.
        self._first = self._sequence = random.getrandbits(15)
        self._origin = random.getrandbits(32)
        self._latest: tuple[int, float] = (0, self._now())
        """The last timestamp that was sent, and when what it stands for was."""
        self._extensions = HeaderExtensionsMap()
        self._name = ""
        self._clockrates: dict[int, int] = {}
        self._streams: dict[int, Received] = {}
        self._clocks: dict[int, Clocks] = {}
        self._asked: dict[int, tuple[int, float]] = {}
        """The middle of the NTP time of their last report, and when it came, by stream."""
        self._told: dict[int, float] = {}
        """When we sent our last reports, by the middle of their NTP time."""
        self._reporting: asyncio.Task[None] | None = None
        self.packets_sent = self.bytes_sent = self.bytes_received = 0
        self.last_report: Report | None = None

    @property
    def ssrc(self) -> int:
        """Of the stream that we send."""
        return self._ssrc

    @property
    def packets_received(self) -> int:
        return sum(stream.received for stream in self._streams.values())

    @property
    def packets_lost(self) -> int:
        return max(sum(stream.lost for stream in self._streams.values()), 0)

    @property
    def jitter(self) -> float | None:
        """Of what comes in, in units of its clock; None before anything came."""
        return max((stream.jitter for stream in self._streams.values()), default=None)

    def clocks(self, ssrc: int) -> Clocks | None:
        """What the far side last said of a stream of its own."""
        return self._clocks.get(ssrc)

    def start(
        self,
        transport: RTCDtlsTransport,
        name: str,
        codecs: Sequence[PayloadType],
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        """Send and receive. ``ssrcs``: the streams that the far side announced."""
        self._transport, self._name = transport, name
        self._clockrates = {codec.id: codec.clockrate for codec in codecs}
        wanted = [_codec(codec, self.kind) for codec in codecs]
        headers = [RTCRtpHeaderExtensionParameters(id=e.id, uri=e.uri) for e in extensions]
        streams = [RTCRtpDecodingParameters(ssrc=s, payloadType=codecs[0].id) for s in ssrcs]
        sending = RTCRtpSendParameters(
            codecs=wanted,
            headerExtensions=headers,
            muxId=name,
            rtcp=RTCRtcpParameters(cname=self._cname, ssrc=self._ssrc, mux=True),
        )
        self._extensions.configure(sending)
        transport._register_rtp_sender(self, sending)
        transport._register_rtp_receiver(
            self,
            RTCRtpReceiveParameters(
                codecs=wanted, headerExtensions=headers, muxId=name, encodings=streams
            ),
        )
        self._reporting = asyncio.create_task(self._report())

    async def send(self, outbound: Outbound) -> int:
        """Send a packet, and say its number; on a transport that is closed nothing happens."""
        sequence = self._sequence
        packet = RtpPacket(
            payload_type=outbound.payload_type,
            marker=int(outbound.marker),
            sequence_number=sequence,
            timestamp=(self._origin + outbound.timestamp) % (1 << 32),
            ssrc=self._ssrc,
            payload=outbound.payload,
        )
        packet.extensions.mid = self._name
        packet.extensions.audio_level = (False, outbound.level)
        self._sequence = (sequence + 1) % (1 << 16)
        self._latest = (packet.timestamp, outbound.at)
        self.packets_sent += 1
        self.bytes_sent += len(outbound.payload)
        await self._put_packet(packet)
        return sequence

    async def close(self) -> None:
        """Say goodbye, and send and receive no more."""
        if self._transport is None or self._reporting is None:
            return
        self._transport._unregister_rtp_sender(self)
        self._transport._unregister_rtp_receiver(self)
        reporting, self._reporting = self._reporting, None
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
        await self._put(self._about_us() + bytes(RtcpByePacket(sources=[self._ssrc])))

    # What the transport calls

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: float) -> None:
        self.bytes_received += len(packet.payload)
        self._take(packet, arrival_time_ms / 1000)

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket) and packet.ssrc in self._streams:
            info = packet.sender_info
            self._asked[packet.ssrc] = (info.ntp_timestamp >> 16 & 0xFFFFFFFF, self._now())
            self._clocks[packet.ssrc] = Clocks(info.ntp_timestamp / 2**32, info.rtp_timestamp)
        if isinstance(packet, RtcpRtpfbPacket | RtcpPsfbPacket):
            self._take_feedback(packet)
        if isinstance(packet, RtcpSrPacket | RtcpRrPacket):
            for report in packet.reports:
                if report.ssrc == self._ssrc:
                    # After what else the datagram holds, which is about the same packets.
                    self._loop.call_soon(self._take_report, report)

    def _handle_disconnect(self) -> None:
        """The transport ended; its owner is told as well, and ends the call."""

    # What comes in

    def _take(self, packet: RtpPacket, arrival: float) -> bool:
        """Count a packet and hand it on; False where it belongs to one stream too many.

        ``arrival``: when it came in, which may be before it could be read.
        """
        stream = self._stream(packet)
        if stream is None:
            return False
        stream.add(packet.sequence_number, packet.timestamp, arrival)
        self._received(
            Inbound(
                packet.ssrc,
                packet.payload_type,
                packet.sequence_number,
                packet.timestamp,
                bool(packet.marker),
                packet.payload,
                self._now(),
            )
        )
        return True

    def _take_feedback(self, packet: RtcpRtpfbPacket | RtcpPsfbPacket) -> None:
        """What the far side says of what we send, beside its reports (RFC 4585)."""

    # Reports

    def _stream(self, packet: RtpPacket) -> Received | None:
        if packet.ssrc not in self._streams:
            if len(self._streams) == _MOST_STREAMS:
                return None
            clockrate = self._clockrates[packet.payload_type]
            self._streams[packet.ssrc] = Received(clockrate)
        return self._streams[packet.ssrc]

    def _take_report(self, info: RtcpReceiverInfo) -> None:
        rtt = self.last_report.rtt if self.last_report else None
        if info.lsr in self._told:
            away = self._now() - self._told[info.lsr]
            rtt = max(away - info.dlsr / _SHORT_NTP, 0.0)
        rate = next(iter(self._clockrates.values()))
        self.last_report = Report(
            # They can have seen no more than was sent, whatever they say.
            expected=min((info.highest_sequence - self._first) % (1 << 32) + 1, self.packets_sent),
            lost=info.packets_lost,
            jitter=info.jitter / rate,
            rtt=rtt,
            runs=self._lost_runs(),
        )
        self._reported(self.last_report)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORTS_EVERY * random.uniform(0.5, 1.5))  # noqa: S311
            await self._put(self._about_us() + self._about_more())

    def _about_us(self) -> bytes:
        """What is said in every report: what we sent, what we got, who we are (§6.1)."""
        about = [self._report_block(ssrc, got) for ssrc, got in self._streams.items()]
        name = RtcpSourceInfo(ssrc=self._ssrc, items=[(_CNAME, self._cname.encode())])
        said = RtcpSrPacket(self._ssrc, self._sender_info(), about) if self.packets_sent else None
        first = said or RtcpRrPacket(self._ssrc, about)
        return bytes(first) + bytes(RtcpSdesPacket(chunks=[name]))

    def _about_more(self) -> bytes:
        """RTCP packets that go with each report."""
        return b""

    def _lost_runs(self) -> int | None:
        """In how many unbroken runs packets of ours were lost; None: the far side does not tell."""
        return None

    def _sender_info(self) -> RtcpSenderInfo:
        now, ntp = self._now(), clock.current_ntp_time()
        self._told[ntp >> 16 & 0xFFFFFFFF] = now
        if len(self._told) > _RECENT_REPORTS:
            del self._told[next(iter(self._told))]
        timestamp, at = self._latest
        rate = next(iter(self._clockrates.values()))
        return RtcpSenderInfo(
            ntp_timestamp=ntp,
            # The same moment on the stream's clock (§6.4.1), which pictures are timed by.
            rtp_timestamp=(timestamp + int((now - at) * rate)) % (1 << 32),
            packet_count=self.packets_sent % (1 << 32),
            octet_count=self.bytes_sent % (1 << 32),
        )

    def _report_block(self, ssrc: int, stream: Received) -> RtcpReceiverInfo:
        said = stream.report()
        middle, at = self._asked.get(ssrc, (0, 0.0))
        delay = int((self._now() - at) * _SHORT_NTP) if middle else 0
        return RtcpReceiverInfo(
            ssrc=ssrc,
            fraction_lost=said.fraction_lost,
            packets_lost=said.lost,
            highest_sequence=said.highest,
            jitter=said.jitter,
            lsr=middle,
            dlsr=min(delay, (1 << 32) - 1),
        )

    async def _put_packet(self, packet: RtpPacket) -> None:
        await self._put(packet.serialize(self._extensions))

    async def _put(self, data: bytes) -> None:
        # Where the path is gone or closed, whoever owns it knows.
        with contextlib.suppress(ConnectionError):
            if self._transport is not None:
                await self._transport._send_rtp(data)


def ahead(timestamp: int, before: int) -> int:
    """By how many ticks ``timestamp`` is after ``before``, of 32 bits each; negative: earlier."""
    return (timestamp - before + (1 << 31)) % (1 << 32) - (1 << 31)


def _codec(codec: PayloadType, kind: str) -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType=f"{kind}/{codec.name}",
        clockRate=codec.clockrate,
        channels=codec.channels,
        payloadType=codec.id,
        parameters=dict(codec.parameters),
    )
