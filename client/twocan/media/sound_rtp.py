"""The RTP session of a call's sound, in which each side tells which packets it missed.

It tells by negative acknowledgements (RFC 4585 §6.2.1) that nobody answers: how losses come, one
by one or in a row, decides what is worth repeating beforehand (``adaptation``).
"""

from collections.abc import Callable, Sequence

from aiortc import RTCDtlsTransport
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket

from twocan.media.adaptation import Report
from twocan.media.descriptions import NACK
from twocan.media.losses import Missed, Runs
from twocan.media.rtp import Inbound, RtpSession
from twocan.messages import HeaderExtension, PayloadType


class SoundRtp(RtpSession):
    """A session that tells of losses, where that was agreed on."""

    def __init__(
        self,
        cname: str,
        received: Callable[[Inbound], None],
        reported: Callable[[Report], None],
    ) -> None:
        super().__init__(cname, received, reported)
        self._missed: dict[int, Missed] = {}
        self._runs: Runs | None = None

    def start(
        self,
        transport: RTCDtlsTransport,
        name: str,
        codecs: Sequence[PayloadType],
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        self._runs = Runs() if any(NACK in codec.feedback for codec in codecs) else None
        super().start(transport, name, codecs, extensions, ssrcs)

    def _take(self, packet: RtpPacket, arrival: float) -> bool:
        taken = super()._take(packet, arrival)
        if taken:
            self._missed.setdefault(packet.ssrc, Missed()).add(packet.sequence_number)
        return taken

    def _take_feedback(self, packet: RtcpRtpfbPacket | RtcpPsfbPacket) -> None:
        if isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK and self._runs:
            self._runs.add(packet.lost)

    def _lost_runs(self) -> int | None:
        return self._runs.count if self._runs else None

    def _about_more(self) -> bytes:
        if self._runs is None:
            return b""
        lost = ((ssrc, missed.take()) for ssrc, missed in self._missed.items())
        return b"".join(
            bytes(RtcpRtpfbPacket(RTCP_RTPFB_NACK, self._ssrc, ssrc, numbers))
            for ssrc, numbers in lost
            if numbers
        )
