"""A path between two RTP sessions that loses, delays and doubles, without ICE and ciphers."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from aiortc.rtcdtlstransport import RtpRouter
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters, RTCRtpSendParameters
from aiortc.rtp import HeaderExtensionsMap, RtcpPacket, RtpPacket, is_rtcp


class Wire:
    """One end of a path as aiortc's transport is one, with its router and without its ciphers."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.loses: Callable[[bytes], bool] = lambda _data: False
        self.far: Wire
        self.said: list[bytes] = []
        self.closed = False
        self._router, self._extensions = RtpRouter(), HeaderExtensionsMap()
        self._tasks: set[asyncio.Task[None]] = set()

    def _register_rtp_sender(self, sender: Any, parameters: RTCRtpSendParameters) -> None:
        self._extensions.configure(parameters)
        self._router.register_sender(sender, ssrc=sender._ssrc)

    def _register_rtp_receiver(self, receiver: Any, parameters: RTCRtpReceiveParameters) -> None:
        types = [codec.payloadType for codec in parameters.codecs]
        self._router.register_receiver(
            receiver,
            ssrcs=[each.ssrc for each in parameters.encodings],
            payload_types=cast(list[int], types),
            mid=parameters.muxId,
        )

    def _unregister_rtp_sender(self, sender: Any) -> None:
        self._router.unregister_sender(sender)

    def _unregister_rtp_receiver(self, receiver: Any) -> None:
        self._router.unregister_receiver(receiver)

    async def _send_rtp(self, data: bytes) -> None:
        if self.closed:
            raise ConnectionError
        self.said.append(data)
        if not self.loses(data):
            asyncio.get_running_loop().call_later(self.delay, self.far.take, data)

    def take(self, data: bytes) -> None:
        task = asyncio.create_task(self._hand_on(data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hand_on(self, data: bytes) -> None:
        if is_rtcp(data):
            for report in RtcpPacket.parse(data):
                for recipient in self._router.route_rtcp(report):
                    await recipient._handle_rtcp_packet(report)
            return
        packet = RtpPacket.parse(data, self._extensions)
        if receiver := self._router.route_rtp(packet):
            now = asyncio.get_running_loop().time()
            await receiver._handle_rtp_packet(packet, arrival_time_ms=round(now * 1000))
