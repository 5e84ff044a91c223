"""Calls with somebody else's phone: aiortc as it comes, with its own offers, answers, coders and
repairs, against our media. What flows can be lost on the way.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDtlsTransport,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from descriptions_of_strangers import contents_of, sdp_of
from talking import HIGH, LOW, Ear, Eye, Lens, Mouth
from twocan import events
from twocan.events import Event
from twocan.jingle import jingle_element, parse_jingle
from twocan.media import audio
from twocan.media.ends import clocked
from twocan.media.pictures.filming.pattern import Mark, draw, read
from twocan.media.pictures.picture import Picture, Sights
from twocan.media.session import CallMedia
from twocan.media.sound import Samples
from twocan.media.transport import MediaTransport
from twocan.messages import Action, Content, Jingle
from twocan.selftest import hears

WITHIN = 40.0
WIDTH, HEIGHT, RATE = 160, 90, 30

Contents = tuple[Content, ...]
Loses = Callable[[bytes], bool]
"""Whether a packet, of which the header is in the clear, is lost."""


class Camera(MediaStreamTrack):
    """The test pattern, in pictures of aiortc's kind and at its pace."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.filmed = 0
        self._began = time.monotonic()

    async def recv(self) -> av.VideoFrame:
        at = self._began + self.filmed / RATE
        await asyncio.sleep(at - time.monotonic())
        picture = draw(Mark(self.filmed, at), WIDTH, HEIGHT)
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, samples in zip(frame.planes, (picture.y, picture.u, picture.v), strict=True):
            rows = np.zeros((samples.shape[0], plane.line_size), np.uint8)
            rows[:, : samples.shape[1]] = samples
            plane.update(rows.tobytes())
        frame.pts, frame.time_base = self.filmed * 90_000 // RATE, Fraction(1, 90_000)
        self.filmed += 1
        return frame


class Voice(MediaStreamTrack):
    """A tone, in frames of 20 ms."""

    kind = "audio"
    _FRAME = 960

    def __init__(self) -> None:
        super().__init__()
        self._tone = audio.Tone(HIGH)
        self._began, self._said = time.monotonic(), 0

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(self._began + self._said / 48_000 - time.monotonic())
        blocks = [self._tone.read() for _ in range(2)]
        frame = av.AudioFrame.from_ndarray(np.concatenate(blocks)[np.newaxis], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._said, Fraction(1, 48_000)
        self._said += self._FRAME
        return frame


class Stranger:
    """One end of a call: aiortc, stock. ``bundles``: whether it knows of media that share a
    path.
    """

    def __init__(self, *, bundles: bool) -> None:
        self._bundles = bundles
        policy = RTCBundlePolicy.BALANCED if bundles else RTCBundlePolicy.MAX_COMPAT
        self.call = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=policy))
        self._voice, self.camera = Voice(), Camera()
        self.call.addTrack(self._voice)
        self.call.addTrack(self.camera)
        self.call.add_listener("track", self._watch)
        self.marks: list[Mark] = []
        self._heard: deque[Samples] = deque(maxlen=10)
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._role = "responder"

    @property
    def pictures(self) -> Any:
        """The transceiver of its pictures."""
        return self.call.getTransceivers()[1]

    async def offer(self) -> tuple[Contents, Sequence[str]]:
        self._role = "initiator"
        await self.call.setLocalDescription(await self.call.createOffer())
        return self._described()

    async def answer(
        self, theirs: Contents, bundle: Sequence[str]
    ) -> tuple[Contents, Sequence[str]]:
        await self._take("offer", sdp_of(theirs, self._both(bundle), role="initiator"))
        await self.call.setLocalDescription(await self.call.createAnswer())
        return self._described()

    async def accepted(self, theirs: Contents, bundle: Sequence[str]) -> None:
        offer = self.call.localDescription.sdp
        # It looks for the path even of what was rejected: that is the first one's.
        every = contents_of(offer, role="initiator")[1] if len(theirs) == 1 else bundle
        await self._take("answer", sdp_of(theirs, self._both(every), role="responder", offer=offer))

    async def sees(self, pictures: int = 3) -> list[Mark]:
        """So many of our pictures from now on, and what they say."""
        before = len(self.marks)
        while len(self.marks) < before + pictures:
            await self._more()
        return self.marks[before:]

    async def hears(self) -> None:
        """Until the last moment was the tone that we say."""
        self._heard.clear()
        while len(self._heard) < 10 or not hears(list(self._heard), LOW):
            await self._more()

    async def ask_for_key_picture(self) -> None:
        """Say PLI, as it does by itself where it has lost too much."""
        receiver = self.pictures.receiver
        [ssrc] = set(receiver._RTCRtpReceiver__active_ssrc)
        await receiver._send_rtcp_pli(ssrc)

    def lose(self, loses: Loses) -> None:
        """Lose these of the packets that it sends."""
        _lose(self.pictures.sender.transport, loses)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.camera.stop()
        self._voice.stop()
        await self.call.close()

    async def _take(self, kind: str, sdp: str) -> None:
        await self.call.setRemoteDescription(RTCSessionDescription(sdp, kind))

    def _described(self) -> tuple[Contents, Sequence[str]]:
        contents, bundle = contents_of(self.call.localDescription.sdp, role=self._role)
        return contents, self._both(bundle)

    def _both(self, bundle: Sequence[str]) -> Sequence[str]:
        return bundle if self._bundles else ()

    def _watch(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._receive(track)))

    async def _receive(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                self._keep(await track.recv())
                self._news.set()

    def _keep(self, frame: Any) -> None:
        if isinstance(frame, av.AudioFrame):
            # In s16, both channels, one after the other.
            left = frame.to_ndarray()[0, :: len(frame.layout.channels)]
            self._heard.append(left.astype(np.int16))
        elif mark := read(picture_of(frame)):
            self.marks.append(mark)

    async def _more(self) -> None:
        self._news.clear()
        await self._news.wait()


class Ours:
    """The other end: our media, with a mouth, an ear, a lens and an eye."""

    def __init__(self) -> None:
        self.ear, self.eye = Ear(), Eye()
        self.lenses: list[Lens] = []
        self.media = CallMedia(
            self._told, lambda: clocked(Mouth(LOW), self.ear), Sights(self._open, lambda: self.eye)
        )
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.events: list[Event] = []

    async def offer(self) -> tuple[Contents, Sequence[str]]:
        await self.media.prepare(())
        contents = await self.media.offer(pictures=True)
        return _said(Action.SESSION_INITIATE, contents, self.media.bundle)

    async def answer(
        self, theirs: Contents, bundle: Sequence[str]
    ) -> tuple[Contents, Sequence[str]]:
        await self.media.prepare(())
        theirs, bundle = _said(Action.SESSION_INITIATE, theirs, bundle)
        contents = await self.media.answer(theirs, bundle, showing=True)
        self.media.connect(theirs, bundle, controlling=False)
        return _said(Action.SESSION_ACCEPT, contents, self.media.bundle)

    def accepted(self, theirs: Contents, bundle: Sequence[str]) -> None:
        self.media.connect(*_said(Action.SESSION_ACCEPT, theirs, bundle), controlling=True)

    async def flows(self) -> None:
        """Once sound can; pictures flow as soon as they can."""
        self.media.flow(sending=True, muted=False, playing=True, showing=True, watching=True)
        await self._connected

    @property
    def paths(self) -> list[MediaTransport]:
        own = self.media._own_path
        return [self.media._path.transport, *([own.transport] if own else [])]

    def lose(self, loses: Loses) -> None:
        """Lose these of the packets that we send."""
        for path in self.paths:
            _lose(path.dtls, loses)

    async def figures(self) -> Any:
        figures = await self.media.figures()
        assert figures is not None
        return figures.pictures

    def _told(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, events.Connected) and not self._connected.done():
            self._connected.set_result(None)

    def _open(self) -> Lens:
        self.lenses.append(Lens())
        return self.lenses[-1]


@asynccontextmanager
async def met(
    *,
    we_offer: bool = True,
    bundled: bool = True,
    changed: Callable[[Content], Content] = lambda content: content,
    prepared: Callable[[Stranger], None] = lambda stranger: None,
) -> AsyncIterator[tuple[Ours, Stranger]]:
    """A call that is up. ``changed``: what is done to every content that is offered on its way."""
    async with asyncio.timeout(WITHIN):
        ours, stranger = Ours(), Stranger(bundles=bundled)
        prepared(stranger)
        try:
            if we_offer:
                offer, bundle = await ours.offer()
                answer = await stranger.answer(tuple(map(changed, offer)), bundle)
                ours.accepted(*answer)
            else:
                offer, bundle = await stranger.offer()
                answer = await ours.answer(tuple(map(changed, offer)), bundle)
                await stranger.accepted(*answer)
            await ours.flows()
            yield ours, stranger
        finally:
            await stranger.close()
            await ours.media.close()


def is_of(*payload_types: int) -> Loses:
    """Packets of RTP with these payload types."""
    return lambda data: data[1] & 0x7F in payload_types and not 192 <= data[1] <= 223


def every(nth: int, loses: Loses) -> Loses:
    """Every ``nth`` of them."""
    counted = 0

    def one(data: bytes) -> bool:
        nonlocal counted
        counted += loses(data)
        return loses(data) and counted % nth == 0

    return one


def picture_of(frame: av.VideoFrame) -> Picture:
    y, u, v = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    return Picture(y, u, v, 0.0)


def _said(
    action: Action, contents: Contents, bundle: Sequence[str]
) -> tuple[Contents, Sequence[str]]:
    """What arrives of it as Jingle."""
    told = parse_jingle(jingle_element(Jingle(action, "met", contents, bundle=tuple(bundle))))
    return told.contents, told.bundle


def _lose(transport: RTCDtlsTransport, loses: Loses) -> None:
    send = transport._send_rtp

    async def send_some(data: bytes) -> None:
        if not loses(data):
            await send(data)

    transport._send_rtp = send_some  # type: ignore[method-assign]
