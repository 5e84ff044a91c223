"""aiortc as it comes, with pictures: its own tracks, and a screen that shows what comes at once."""

import asyncio
import time
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, VideoStreamTrack
from aiortc.mediastreams import MediaStreamError

from card import Card
from picture_clip import Clip
from picture_notes import Notes
from stock_phone import StockPhone


class StockPicturePhone(StockPhone):
    """``end.Phone`` of aiortc, with a camera and a screen."""

    def __init__(self, card: Card, clip: Clip, notes: Notes) -> None:
        super().__init__(card)
        self._notes = notes
        self._camera = ClipTrack(clip, notes)
        self._watching: asyncio.Task[None] | None = None
        self._call.addTrack(self._camera)

    async def close(self) -> None:
        self._camera.stop()
        await super().close()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def _play(self, track: MediaStreamTrack) -> None:
        if track.kind == "video":
            self._watching = asyncio.create_task(self._watch(track))
        else:
            super()._play(track)

    async def _watch(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.VideoFrame)
            plane = frame.planes[0]
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(frame.height, plane.line_size)
            self._notes.shown(rows[:, : frame.width], time.monotonic())


class ClipTrack(VideoStreamTrack):
    """A clip in frames that are ready-made, at aiortc's own pace."""

    def __init__(self, clip: Clip, notes: Notes) -> None:
        super().__init__()
        self._notes = notes
        shape = (clip.size.height * 3 // 2, clip.size.width)
        self._frames = [
            av.VideoFrame.from_numpy_buffer(picture.reshape(shape), "yuv420p")
            for picture in clip.pictures
        ]
        self._count = 0

    async def recv(self) -> av.VideoFrame:
        pts, time_base = await self.next_timestamp()
        number = self._count % len(self._frames)
        frame = self._frames[number]
        frame.pts, frame.time_base = pts, Fraction(time_base)
        self._count += 1
        self._notes.filmed(number)
        return frame
