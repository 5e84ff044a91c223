"""aiortc as it comes: RTCPeerConnection, its own tracks, and the simplest player there can be."""

import asyncio
from collections import deque
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

import sdp
from card import BLOCK, Card
from end import Described
from speech import RATE, Sound

_FRAME = 960


class StockPhone:
    """``end.Phone`` of aiortc."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._track = CardTrack(card)
        self._player = Player(card)
        self._call = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._call.addTrack(self._track)
        self._call.add_listener("track", self._play)
        self._call.add_listener("connectionstatechange", self._changed)
        self._connected = asyncio.Event()

    async def offer(self) -> Described:
        await self._call.setLocalDescription(await self._call.createOffer())
        return self._described()

    async def answer(self, theirs: Described) -> Described:
        await self._take(theirs, "offer")
        await self._call.setLocalDescription(await self._call.createAnswer())
        return self._described()

    async def connect(self, theirs: Described | None) -> None:
        if theirs is not None:
            await self._take(theirs, "answer")
        await self._connected.wait()

    async def close(self) -> None:
        self._track.stop()
        await self._call.close()
        await self._player.close()

    async def _take(self, theirs: Described, kind: str) -> None:
        moved = sdp.moved(theirs["sdp"], theirs["address"])
        await self._call.setRemoteDescription(RTCSessionDescription(moved, kind))

    def _play(self, track: MediaStreamTrack) -> None:
        self._player.play(track)

    def _described(self) -> Described:
        text = self._call.localDescription.sdp
        return {"address": sdp.address_of(text), "sdp": text}

    def _changed(self) -> None:
        if self._call.connectionState == "connected":
            self._connected.set()


class CardTrack(MediaStreamTrack):
    """A sound card's microphone in frames of 20 ms, as aiortc's own players send them."""

    kind = "audio"

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._blocks: asyncio.Queue[Sound] = asyncio.Queue()
        self._sent = 0
        self._running = asyncio.get_running_loop()
        card.microphone.start(self._hear)

    async def recv(self) -> av.AudioFrame:
        if self._sent == 0:
            # What was captured before anybody listened is no sound of this call.
            while self._blocks.qsize():
                self._blocks.get_nowait()
        blocks = [await self._blocks.get() for _ in range(_FRAME // BLOCK)]
        frame = av.AudioFrame.from_ndarray(np.concatenate(blocks)[np.newaxis], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, Fraction(1, RATE)
        self._sent += _FRAME
        return frame

    def _hear(self, block: Sound, at: float) -> None:
        self._running.call_soon_threadsafe(self._blocks.put_nowait, block)


class Player:
    """Plays every frame as soon as the one before was played, and silence where none is there."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._waiting: deque[Sound] = deque()
        self._task: asyncio.Task[None] | None = None

    def play(self, track: MediaStreamTrack) -> None:
        self._task = asyncio.create_task(self._take(track))
        self._card.speaker.start(self._give)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _take(self, track: MediaStreamTrack) -> None:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=BLOCK)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.AudioFrame)
            self._waiting.extend(each.to_ndarray()[0] for each in resampler.resample(frame))

    def _give(self, at: float) -> Sound:
        return self._waiting.popleft() if self._waiting else np.zeros(BLOCK, np.int16)
