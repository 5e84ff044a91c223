"""The sound of one call as RTP: a microphone that is sent and a far side that is played.

Uses aiortc's sender and receiver. What it reaches into, and a test watches: the receiver's
``_track`` and ``_set_rtcp_ssrc``, which only ``RTCPeerConnection`` would set;
``_handle_rtp_packet``, to count bytes and note the time, which aiortc does not; and the jitter
buffer.
"""

import asyncio
from collections.abc import Callable, Sequence

from aiortc import RTCDtlsTransport, RTCRtpReceiver, RTCRtpSender
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtcrtpparameters import (
    RTCRtcpParameters,
    RTCRtpCodecParameters,
    RTCRtpDecodingParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpReceiveParameters,
    RTCRtpSendParameters,
)
from aiortc.rtcrtpreceiver import RemoteStreamTrack
from aiortc.rtp import RtpPacket
from aiortc.stats import (
    RTCInboundRtpStreamStats,
    RTCOutboundRtpStreamStats,
    RTCRemoteInboundRtpStreamStats,
)
from av.frame import Frame

from twocan.media.audio import SAMPLE_RATE, Microphone, Sink, Source, Speaker
from twocan.media.stats import Stream, bitrate_kbps, jitter_ms
from twocan.messages import HeaderExtension, PayloadType

PREFETCH = 1
"""Packets that wait before the first is played. What sinks and echoes take is not tied to a
clock, so that nothing runs dry; aiortc's four are 60 ms more of delay for nothing."""

_BUFFER_PACKETS = 16


_TIMED_PACKETS = 64
_TIMESTAMPS = 1 << 32


class TimedTrack(RemoteStreamTrack):
    """What was received, that knows how long it waited from its packet to whoever plays it."""

    def __init__(self) -> None:
        super().__init__(kind="audio")
        self._first: int | None = None
        self._arrivals: dict[int, float] = {}
        self._waited = 0.0
        self._played = 0

    @property
    def delay_ms(self) -> float | None:
        """The mean of what was played; None before anything was."""
        return self._waited / self._played * 1000 if self._played else None

    def arrived(self, timestamp: int) -> None:
        """A packet came that begins at ``timestamp`` (RFC 3550 §5.1)."""
        if self._first is None:
            self._first = timestamp
        since = (timestamp - self._first) % _TIMESTAMPS
        self._arrivals.setdefault(since, asyncio.get_running_loop().time())
        if len(self._arrivals) > _TIMED_PACKETS:
            del self._arrivals[next(iter(self._arrivals))]

    async def recv(self) -> Frame:
        frame = await super().recv()
        # aiortc counts a frame's time from the first packet, as ``arrived`` does.
        arrival = self._arrivals.pop((frame.pts or 0) % _TIMESTAMPS, None)
        if arrival is not None:
            self._waited += asyncio.get_running_loop().time() - arrival
            self._played += 1
        return frame


class CountingReceiver(RTCRtpReceiver):
    """An ``RTCRtpReceiver`` on its own, that knows how many bytes it received, and when."""

    def __init__(self, transport: RTCDtlsTransport, ssrc: int) -> None:
        super().__init__("audio", transport)
        self.bytes = 0
        self.timed = TimedTrack()
        self._track = self.timed
        self._set_rtcp_ssrc(ssrc)
        self._RTCRtpReceiver__jitter_buffer = JitterBuffer(_BUFFER_PACKETS, prefetch=PREFETCH)

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        self.bytes += len(packet.payload)
        self.timed.arrived(packet.timestamp)
        await super()._handle_rtp_packet(packet, arrival_time_ms)


class AudioStream:
    """Sound both ways over one DTLS transport."""

    def __init__(self, transport: RTCDtlsTransport, cname: str) -> None:
        self._cname = cname
        self._sender = RTCRtpSender("audio", transport)
        self._receiver = CountingReceiver(transport, self._sender._ssrc)
        self._source: Source | None = None
        self._sink: Sink | None = None
        self._started_at: float | None = None
        self.microphone: Microphone | None = None
        self.speaker: Speaker | None = None

    @property
    def ssrc(self) -> int:
        """Of the stream that we send."""
        return self._sender._ssrc

    @property
    def heard_seconds(self) -> float:
        """How much sound of the far side was played."""
        return self.speaker.seconds if self.speaker else 0.0

    def open(self, source: Source, sink: Sink, on_first: Callable[[], None]) -> None:
        """Take a microphone and a speaker, which are closed with the stream."""
        self._source, self._sink = source, sink
        self.microphone, self.speaker = Microphone(source), Speaker(sink, on_first)

    async def start(
        self,
        name: str,
        codec: PayloadType,
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        """Send and receive. ``ssrcs``: the streams that the far side announced."""
        self._started_at = asyncio.get_running_loop().time()
        codecs = [_codec(codec)]
        headers = [RTCRtpHeaderExtensionParameters(id=e.id, uri=e.uri) for e in extensions]
        streams = [RTCRtpDecodingParameters(ssrc=s, payloadType=codec.id) for s in ssrcs]
        await self._receiver.receive(
            RTCRtpReceiveParameters(
                codecs=codecs, headerExtensions=headers, muxId=name, encodings=streams
            )
        )
        self._sender.replaceTrack(self.microphone)
        await self._sender.send(
            RTCRtpSendParameters(
                codecs=codecs,
                headerExtensions=headers,
                muxId=name,
                rtcp=RTCRtcpParameters(cname=self._cname, ssrc=self.ssrc, mux=True),
            )
        )

    async def play(self) -> None:
        """Play until the far side's stream ends. Raises ``SoundError`` if that fails."""
        if self.speaker is not None:
            await self.speaker.play(self._receiver.track)

    def flow(self, *, sending: bool, muted: bool, playing: bool) -> None:
        """Send and play, or not."""
        if self.microphone is not None and self.speaker is not None:
            self.microphone.sending = sending
            self.microphone.muted = muted
            self.speaker.hearing = playing

    async def figures(self) -> tuple[Stream, Stream, float | None]:
        """What was sent, what was received, and the round trip in ms if RTCP told it."""
        outbound = list((await self._sender.getStats()).values())
        inbound = list((await self._receiver.getStats()).values())
        seconds = self._seconds()
        said = next((s for s in outbound if isinstance(s, RTCRemoteInboundRtpStreamStats)), None)
        rtt = said.roundTripTime if said else None
        sent = [s for s in outbound if isinstance(s, RTCOutboundRtpStreamStats)]
        received = [s for s in inbound if isinstance(s, RTCInboundRtpStreamStats)]
        octets = sum(s.bytesSent for s in sent)
        return (
            Stream(
                packets=sum(s.packetsSent for s in sent),
                bytes=octets,
                lost=max(said.packetsLost, 0) if said else 0,
                jitter_ms=jitter_ms(said.jitter, SAMPLE_RATE) if said else None,
                bitrate_kbps=bitrate_kbps(octets, seconds),
                level_dbfs=self.microphone.level.dbfs if self.microphone else None,
            ),
            Stream(
                packets=sum(s.packetsReceived for s in received),
                bytes=self._receiver.bytes,
                lost=max(sum(s.packetsLost for s in received), 0),
                jitter_ms=max((jitter_ms(s.jitter, SAMPLE_RATE) for s in received), default=None),
                bitrate_kbps=bitrate_kbps(self._receiver.bytes, seconds),
                concealed_ms=0.0,
                playout_delay_ms=self._receiver.timed.delay_ms,
                level_dbfs=self.speaker.level.dbfs if self.speaker else None,
            ),
            rtt * 1000 if rtt is not None else None,
        )

    async def close(self) -> None:
        """Stop sending and receiving, and close the microphone and the speaker."""
        await self._sender.stop()
        await self._receiver.stop()
        for end in (self._source, self._sink):
            if end is not None:
                end.close()

    def _seconds(self) -> float:
        if self._started_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._started_at


def _codec(codec: PayloadType) -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType=f"audio/{codec.name}",
        clockRate=codec.clockrate,
        channels=codec.channels,
        payloadType=codec.id,
        parameters=dict(codec.parameters),
    )
