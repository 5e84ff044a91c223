"""The pictures of a call at both its ends, over a wire that loses: real VP8, real threads, and no
ICE. Cameras that a test gives pictures for, and screens that tell what they were shown."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import numpy as np
from aiortc import RTCDtlsTransport
from aiortc.rtp import RtcpPacket, RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket, is_rtcp

from rtp_wire import Wire
from talking import Eye
from twocan import events
from twocan.events import Event
from twocan.media.descriptions import PICTURE_EXTENSIONS, PICTURES_OFFERED, PictureCodecs
from twocan.media.pictures.figures import PictureStream
from twocan.media.pictures.picture import Camera, Picture, PictureError, Screen, Seen, Shape
from twocan.media.pictures.sight import Sight

SIZE = 160, 96


def picture(number: int, width: int = SIZE[0], height: int = SIZE[1]) -> Picture:
    """A picture unlike those before it, seen now."""
    y = (np.add.outer(np.arange(height), np.arange(width)) * 3 + 17 * number).astype(np.uint8)
    half = (height + 1) // 2, (width + 1) // 2
    at = time.monotonic()
    return Picture(y, np.full(half, 90, np.uint8), np.full(half, 160, np.uint8), at)


class Hand:
    """A camera that sees what a test gives it."""

    def __init__(self, *, text: bool = False) -> None:
        self.text = text
        self.asked: list[Shape] = []
        self.closed = 0
        self.seen: Seen
        self.troubled: Callable[[PictureError | None], None]

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        self.seen, self.troubled = seen, troubled

    def ask(self, shape: Shape) -> None:
        self.asked.append(shape)

    def close(self) -> None:
        self.closed += 1

    async def film(self, pictures: int, every: float = 1 / 60) -> None:
        """Give so many pictures, at this interval in seconds."""
        for number in range(pictures):
            self.seen(picture(number))
            await asyncio.sleep(every)


class End:
    """One end of a call's pictures, and what it tells."""

    def __init__(
        self, wire: Wire, open_camera: Callable[[], Camera | None], screen: Screen
    ) -> None:
        self.wire, self.screen = wire, screen
        self.events: list[Event] = []
        self.voice_waits: list[float] = []
        self.sight = Sight(
            "video",
            "cname",
            open_camera,
            self.events.append,
            lambda: None,
            self.voice_waits.append,
        )

    def start(self, codecs: PictureCodecs = PICTURES_OFFERED, *ssrcs: int) -> None:
        transport = cast(RTCDtlsTransport, self.wire)
        self.sight.start(transport, self.screen, codecs, PICTURE_EXTENSIONS, ssrcs)

    def show(self, *, on: bool = True) -> None:
        self.sight.flow(showing=on, watching=True)

    @property
    def sent(self) -> PictureStream:
        return self.sight.figures().sent

    @property
    def received(self) -> PictureStream:
        return self.sight.figures().received

    @property
    def problems(self) -> list[str | None]:
        """What was told of the camera."""
        return [e.problem for e in self.events if isinstance(e, events.CameraTrouble)]

    @property
    def packets(self) -> list[RtpPacket]:
        """What was sent of pictures."""
        return [RtpPacket.parse(data) for data in self.wire.said if not is_rtcp(data)]

    def feedback(self, kind: type[RtcpPsfbPacket | RtcpRtpfbPacket], fmt: int) -> int:
        """How many RTCP packets of this kind it sent."""
        said = (p for data in self.wire.said if is_rtcp(data) for p in RtcpPacket.parse(data))
        return sum(p.fmt == fmt for p in said if isinstance(p, kind))


@asynccontextmanager
async def two(
    open_camera: Callable[[], Camera | None],
    *,
    codecs: PictureCodecs = PICTURES_OFFERED,
    screen: Screen | None = None,
    loses: Callable[[bytes], bool] = lambda _data: False,
    delay: float = 0.005,
    within: float = 40.0,
) -> AsyncIterator[tuple[End, End]]:
    """A camera's end, whose packets may get lost, and a screen's."""
    one, other = Wire(delay), Wire(delay)
    one.far, other.far, one.loses = other, one, loses
    camera_end = End(one, open_camera, Eye())
    screen_end = End(other, lambda: None, screen or Eye())
    ends = (camera_end, screen_end)
    async with asyncio.timeout(within):
        camera_end.start(codecs, *screen_end.sight.ssrcs)
        screen_end.start(codecs, *camera_end.sight.ssrcs)
        screen_end.sight.flow(showing=False, watching=True)
        try:
            yield ends
        finally:
            for end in ends:
                await end.sight.close()
            # What is under way.
            await asyncio.sleep(delay + 0.02)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what nobody tells."""
    while not is_so():
        await asyncio.sleep(0.005)
