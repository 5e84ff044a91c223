"""The RTP session of a call's pictures: what was lost is sent again, and the far side is told
which key frames are missed and how much the network bears.

Retransmissions go by RFC 4588 where both know it, and else as the packets that they were. The
feedback is that of RFC 4585 (NACK, PLI), RFC 5104 (FIR) and draft-alvestrand-rmcat-remb-03.
"""

import math
import random
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiortc import RTCDtlsTransport
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    pack_remb_fci,
    unpack_remb_fci,
    wrap_rtx,
)

from twocan.media.adaptation import Report
from twocan.media.descriptions import NACK, PLI, REMB, PictureCodecs
from twocan.media.pictures.receiving.assembled import Packet
from twocan.media.rtp import Inbound, RtpSession
from twocan.messages import HeaderExtension

_KEPT = 1024
"""Packets that can be sent again: two to four seconds at 2.5 Mb/s."""

_AGAIN, _AGAIN_SECONDS = 0.5, 0.2
"""Of the bit rate, what may be sent again all the time; and for how long the whole of it may.
Whoever misses more than that is helped sooner by a key frame."""

_MOST_A_SECOND, _MOST_AT_ONCE = 2000, 2000
"""Packets that are looked at: 19 Mb/s. What comes more often would take the time of the sound."""

_HEADERS = 12 + 8 + 10
"""Bytes around a payload: RTP, its extensions, the tag of SRTP."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet that came. ``sent``: its time in the 24 bits of abs-send-time, if it says so."""

    packet: Packet | None
    """None where it carries nothing: a probe."""
    size: int
    """In bytes, headers included."""
    sent: int | None
    at: float
    """When it came in, by the kernel's account: it may have been read later."""


class Repairs:
    """How much may be sent again, whatever is asked for. Pure."""

    def __init__(self) -> None:
        self._room = math.inf
        """In bytes."""
        self._at = 0.0

    def take(self, sizes: Mapping[int, int], bitrate: int, now: float) -> Collection[int]:
        """Those of the packets that fit in, where the stream has ``bitrate`` bit/s. ``sizes``: of
        the packets that are missed, by their numbers."""
        gained = _AGAIN * (now - self._at)
        self._room = min(self._room + gained * bitrate / 8, _AGAIN_SECONDS * bitrate / 8)
        self._at = now
        taken = []
        for sequence, size in sizes.items():
            if size > self._room:
                break
            self._room -= size
            taken.append(sequence)
        return taken


class Listener(Protocol):
    """Who is told what comes over the wire."""

    def arrived(self, arrived: Arrived) -> None: ...

    def reported(self, report: Report) -> None: ...

    def missed(self, sequences: Sequence[int]) -> None:
        """The far side did not get these packets."""

    def key_wanted(self) -> None:
        """The far side can show nothing before a key frame."""

    def estimated(self, bitrate: int) -> None:
        """The far side thinks that the network bears so many bit/s."""


class PictureRtp(RtpSession):
    """One stream of pictures out, and one in."""

    kind = "video"

    def __init__(self, cname: str, listener: Listener) -> None:
        super().__init__(cname, _nowhere, listener.reported)
        self._listener = listener
        self.rtx_ssrc = random.getrandbits(32)
        self._rtx_sequence = random.getrandbits(15)
        self._codecs: PictureCodecs | None = None
        self._sent: dict[int, RtpPacket] = {}
        self._far: int | None = None
        """The stream of the far side that is watched."""
        self.resent = 0
        self._allowance = float(_MOST_AT_ONCE)
        self._allowed_at = self._now()
        self.refused = 0
        """Packets that came too often, or of too many streams, to be looked at."""

    def begin(
        self,
        transport: RTCDtlsTransport,
        name: str,
        codecs: PictureCodecs,
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        """Send and receive. ``ssrcs``: the streams that the far side announced."""
        self._codecs = codecs
        self.start(transport, name, codecs.all, extensions, ssrcs)

    # The way out

    def size(self, payload: bytes) -> int:
        """What a payload comes to on the wire, in bytes."""
        return len(payload) + _HEADERS

    def resend_size(self, sequence: int) -> int | None:
        """What sending that packet again comes to, None if it is not known any more."""
        packet = self._sent.get(sequence)
        return None if packet is None else self.size(packet.payload) + 2

    async def resend(self, sequence: int) -> None:
        """Send a packet again, if it is still known."""
        packet = self._sent.get(sequence)
        if packet is None or self._codecs is None:
            return
        self.resent += 1
        if self._codecs.rtx is None:
            await self._put_packet(packet)
            return
        again = wrap_rtx(packet, self._codecs.rtx.id, self._rtx_sequence, self.rtx_ssrc)
        self._rtx_sequence = (self._rtx_sequence + 1) % (1 << 16)
        await self._put_packet(again)

    async def ask(self, missing: Sequence[int]) -> None:
        """Ask for packets again, by their numbers."""
        if self._far is not None and self._understands(NACK):
            await self._put(
                self._about_us()
                + bytes(RtcpRtpfbPacket(RTCP_RTPFB_NACK, self._ssrc, self._far, list(missing)))
            )

    async def ask_key(self) -> None:
        """Ask for a key frame."""
        if self._far is not None and self._understands(PLI):
            await self._put(
                self._about_us() + bytes(RtcpPsfbPacket(RTCP_PSFB_PLI, self._ssrc, self._far))
            )

    async def tell(self, bitrate: int) -> None:
        """Tell how many bit/s the network bears."""
        if self._far is not None and self._understands(REMB):
            fci = pack_remb_fci(bitrate, [self._far])
            await self._put(
                self._about_us() + bytes(RtcpPsfbPacket(RTCP_PSFB_APP, self._ssrc, 0, fci))
            )

    async def _put_packet(self, packet: RtpPacket) -> None:
        if packet.ssrc == self._ssrc:
            self._keep(packet)
        # 6.18 bits of seconds, of which any clock will do (draft-alvestrand-rmcat-remb-03 §3).
        packet.extensions.abs_send_time = int(self._now() * (1 << 18)) & 0xFFFFFF
        await super()._put_packet(packet)

    def _keep(self, packet: RtpPacket) -> None:
        self._sent[packet.sequence_number] = packet
        while len(self._sent) > _KEPT:
            del self._sent[next(iter(self._sent))]

    def _understands(self, feedback: object) -> bool:
        return self._codecs is not None and feedback in self._codecs.vp8.feedback

    # The way in

    def _take(self, packet: RtpPacket, arrival: float) -> bool:
        codecs = self._codecs
        if codecs is None or not self._bears(arrival):
            return False
        repaired = codecs.rtx is not None and packet.payload_type == codecs.rtx.id
        if not repaired:
            if not super()._take(packet, arrival):
                self.refused += 1
                return False
            self._far = packet.ssrc
        read = self._read_again(packet) if repaired else _read(packet)
        size = self.size(packet.payload) + packet.padding_size
        sent = packet.extensions.abs_send_time
        self._listener.arrived(Arrived(read, size, sent, arrival))
        return True

    def _bears(self, now: float) -> bool:
        """Whether one packet more is not too many."""
        gained = _MOST_A_SECOND * max(now - self._allowed_at, 0.0)
        self._allowance = min(self._allowance + gained, _MOST_AT_ONCE)
        self._allowed_at = max(now, self._allowed_at)
        if self._allowance < 1:
            self.refused += 1
            return False
        self._allowance -= 1
        return True

    def _read_again(self, packet: RtpPacket) -> Packet | None:
        if self._far is None or len(packet.payload) < 3:
            return None
        (sequence,) = struct.unpack("!H", packet.payload[:2])
        return Packet(
            self._far,
            sequence,
            packet.timestamp,
            bool(packet.marker),
            packet.payload[2:],
            repaired=True,
        )

    def _take_feedback(self, packet: RtcpRtpfbPacket | RtcpPsfbPacket) -> None:
        if isinstance(packet, RtcpRtpfbPacket):
            if packet.fmt == RTCP_RTPFB_NACK:
                self._listener.missed(packet.lost)
        elif packet.fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
            self._listener.key_wanted()
        elif packet.fmt == RTCP_PSFB_APP:
            try:
                bitrate, _ = unpack_remb_fci(packet.fci)
            except (ValueError, struct.error):
                # Other messages share the number, and what is short is not read.
                return
            self._listener.estimated(bitrate)


def _read(packet: RtpPacket) -> Packet | None:
    if not packet.payload:
        return None
    return Packet(
        packet.ssrc,
        packet.sequence_number,
        packet.timestamp,
        bool(packet.marker),
        packet.payload,
    )


def _nowhere(_inbound: Inbound) -> None:
    """The listener is told more of a packet than this."""
