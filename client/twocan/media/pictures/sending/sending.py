"""Our pictures on their way out: the camera, the thread that codes, the pacer, the wire.

The event loop owns all of this but the camera's thread and the coder's. What the network bears
decides how large pictures are, how many there are, and whether the next one is left out.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from twocan.media.adaptation import Report
from twocan.media.descriptions import PictureCodecs
from twocan.media.pictures.figures import PictureStream
from twocan.media.pictures.picture import Camera, Picture, PictureError, Shape
from twocan.media.pictures.picture_rtp import PictureRtp, Repairs
from twocan.media.pictures.sending.battery import Battery
from twocan.media.pictures.sending.encoding import Encoded, Encoding
from twocan.media.pictures.sending.pacing import Pacer
from twocan.media.pictures.sending.rate import CEILING, START, Rate
from twocan.media.pictures.sending.sizing import Sizing
from twocan.media.pictures.vp8.codec import Coding
from twocan.media.pictures.vp8.libvpx import Vp8Error
from twocan.media.pictures.vp8.payload import packets
from twocan.media.rtp import Outbound

log = logging.getLogger(__name__)

CLOCK_RATE = 90_000
"""RFC 7741 §4.1."""

_TICK = 0.1
"""Seconds between two looks at how pictures are to be."""

_PAYLOAD = 0.95
"""What of the bit rate is pictures; the rest is headers, and what is sent again."""

_KEYS_APART = 0.4
"""Seconds between two key frames, however often they are asked for: whoever asks while one is on
its way means that one."""

_UNEVEN = 0.02
"""By how much proportions differ for nothing but even numbers."""

Troubled = Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A packet that waits for its time. ``again``: the number of one that was sent before."""

    size: int
    outbound: Outbound | None = None
    again: int | None = None
    begins: bool = False
    """Whether it is the first of a key frame."""

    def __len__(self) -> int:
        return self.size


class Sending:
    """Sends what a camera sees over a session, from ``show`` on, until it is not shown any more.

    ``troubled`` is told on the event loop what keeps the camera from seeing, and None once it
    sees again.
    """

    def __init__(
        self,
        rtp: PictureRtp,
        open_camera: Callable[[], Camera | None],
        troubled: Troubled,
        ceiling: int = CEILING,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time
        self._rtp, self._open_camera, self._troubled = rtp, open_camera, troubled
        self._codecs: PictureCodecs | None = None
        self._rate = Rate(START, ceiling)
        self._pacer: Pacer[_Waiting] = Pacer(START)
        self._repairs = Repairs()
        self._news = asyncio.Event()
        self._camera: Camera | None = None
        self._sizing = Sizing()
        self._battery = Battery()
        self._encoding: Encoding | None = None
        self._retired: list[Encoding] = []
        self._coding: Coding | None = None
        self._seen = (0, 0)
        """The size of the last picture that was coded."""
        self._encode_seconds: float | None = None
        self._ticking: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._picture_id = random.getrandbits(15)
        self._origin: float | None = None
        self._timestamp = -1
        self._key_at = -_KEYS_APART
        self._key_from: int | None = None
        """The number of the latest key frame's first packet."""
        self._begun = False
        """The far side told that something arrived."""
        self._key_due: asyncio.TimerHandle | None = None
        self._shown_since: float | None = None
        self._seconds = 0.0
        self.frames = self.key_frames = self.skipped = 0

    def start(self, codecs: PictureCodecs) -> None:
        """The way is open."""
        self._codecs = codecs
        self._task = asyncio.create_task(self._send())

    def show(self, on: bool) -> None:
        """Open the camera and send what it sees, or close it: its light is off at once."""
        if not on:
            self._end()
        elif self._encoding is None and self._codecs is not None:
            self.warm()
            if self._camera is not None:
                self._begin()

    def warm(self) -> None:
        """Open the camera already, for it takes its time: nothing of what it sees is sent."""
        if self._camera is None:
            self._camera = self._open()

    def figures(self) -> PictureStream:
        """What was sent."""
        said = self._rtp.last_report
        return PictureStream(
            packets=self._rtp.packets_sent,
            bytes=self._rtp.bytes_sent,
            lost=max(said.lost, 0) if said else 0,
            jitter_ms=said.jitter * 1000 if said else None,
            frames=self.frames,
            key_frames=self.key_frames,
            width=self._seen[0],
            height=self._seen[1],
            seconds=self._seconds + self._since_shown(),
            repaired=self._rtp.resent,
        )

    async def close(self) -> None:
        """Close the camera, and send nothing more."""
        self.show(on=False)
        self._codecs = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for encoding in self._retired:
            if encoding.running:
                # A picture away, in which nobody waits for us.
                await asyncio.to_thread(encoding.join)

    # What the far side says

    def reported(self, report: Report) -> None:
        """How what was sent arrived."""
        self._rate.told_report(report, self._now())
        self._begin_for_sure()

    def estimated(self, bitrate: int) -> None:
        """How much the far side thinks that the network bears."""
        self._rate.told_estimate(bitrate, self._now())
        self._begin_for_sure()
        # Where it is far less, every picture that still leaves is one too many.
        self._adapt()

    def missed(self, sequences: Sequence[int]) -> None:
        """Send these again, as far as they are known and the rate allows."""
        if self._encoding is None:
            # Nothing of what was seen leaves once it is not shown any more.
            return
        now = self._now()
        useful = (sequence for sequence in sequences if not self._is_before_key(sequence))
        sizes = ((sequence, self._rtp.resend_size(sequence)) for sequence in useful)
        known = {sequence: size for sequence, size in sizes if size is not None}
        again = self._repairs.take(known, self._rate.target(now), now)
        if again:
            self._pacer.put([_Waiting(known[each], again=each) for each in again], now, repair=True)
            self._news.set()
        if self._pacer.overdue:
            self._pacer.forget_repairs()
        elif len(again) == len(known):
            return
        self.key_wanted()

    def key_wanted(self) -> None:
        """Begin anew with a key frame, now or as soon as it is time for one."""
        if self._encoding is None or self._key_due is not None:
            return
        due = self._key_at + _KEYS_APART
        if due <= self._now():
            self._make_key()
        else:
            self._key_due = self._loop.call_at(due, self._make_key)

    def _begin_for_sure(self) -> None:
        """One key frame more once packets arrive, for who sees nothing without and does not ask.

        Dino takes none of what comes before its own path is up, and GStreamer's depayloader then
        waits for a key frame in silence (``wait-for-keyframe``). Who speaks RTX asks.
        """
        if not self._begun and self._encoding is not None and self._codecs is not None:
            self._begun = True
            if self._codecs.rtx is None:
                self.key_wanted()

    def _is_before_key(self, sequence: int) -> bool:
        """Whether a packet is of a picture that nobody needs any more."""
        first = self._key_from
        return first is not None and 0 < (first - sequence) % (1 << 16) < 1 << 15

    def _answer_for_key(self) -> None:
        """Whoever asked until now is answered by the key frame that there is."""
        self._key_at = self._now()
        if self._key_due is not None:
            self._key_due.cancel()
            self._key_due = None

    def _make_key(self) -> None:
        self._key_due = None
        self._key_at = self._now()
        if self._encoding is not None:
            self._encoding.key()

    # The camera

    def _open(self) -> Camera | None:
        try:
            camera = self._open_camera()
        except PictureError as error:
            self._troubled(str(error))
            return None
        if camera is None:
            self._troubled("there is no camera: choose one")
            return None
        self._sizing = Sizing(1920, 1080, text=True) if camera.text else Sizing()
        try:
            camera.start(partial(self._see, camera), partial(self._tell_trouble, camera))
        except Exception as error:
            # Whatever a camera does, the call goes on.
            log.warning("a camera cannot be started: %r", error)
            _close(camera)
            self._troubled(f"the camera cannot be used ({error}): choose another")
            return None
        # Not before: a camera is opened for the most that there may be, and is scaled later.
        _ask(camera, self._sizing.update(self._now(), self._rate.target(self._now())))
        return camera

    def _begin(self) -> None:
        self._shown_since = self._now()
        shape = self._sizing.shape
        self._coding = self._code_for(shape, shape.width, shape.height)
        self._encoding = Encoding(self._coding, self._encoded, self._failed)
        self._key_at = self._now()
        self._adapt()

    def _end(self) -> None:
        camera, self._camera = self._camera, None
        encoding, self._encoding = self._encoding, None
        self._seconds += self._since_shown()
        self._shown_since = None
        for timer in (self._ticking, self._key_due):
            if timer is not None:
                timer.cancel()
        self._ticking = self._key_due = None
        if camera is not None:
            _close(camera)
        if encoding is not None:
            encoding.close()
            self._retired = [e for e in (*self._retired, encoding) if e.running]
        self._pacer.clear()

    def _see(self, camera: Camera, picture: Picture) -> None:
        """On the camera's thread; one that was closed may not know it yet."""
        encoding = self._encoding
        if encoding is not None and camera is self._camera:
            encoding.take(picture)

    def _tell_trouble(self, camera: Camera, error: PictureError | None) -> None:
        """On the camera's thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._hear_trouble, camera, error)

    def _hear_trouble(self, camera: Camera, error: PictureError | None) -> None:
        if camera is self._camera:
            self._troubled(str(error) if error else None)

    def _failed(self, error: Vp8Error) -> None:
        log.warning("%s", error)
        self.show(on=False)
        self._troubled(str(error))

    def _since_shown(self) -> float:
        return 0.0 if self._shown_since is None else self._now() - self._shown_since

    # How pictures are to be

    def _adapt(self) -> None:
        camera, encoding = self._camera, self._encoding
        if camera is None or encoding is None:
            return
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = self._loop.call_later(_TICK, self._adapt)
        now = self._now()
        rate = self._rate.target(now)
        before = self._sizing.shape
        level = self._battery.level(now)
        shape = self._sizing.update(now, rate, self._encode_seconds, level)
        self._encode_seconds = None
        if shape != before:
            _ask(camera, shape)
        self._set_pace(now, shape)
        coding = self._code_for(shape, *(self._seen if shape == before else (0, 0)))
        if coding != self._coding:
            self._coding = coding
            encoding.tune(coding)

    def _set_pace(self, now: float, shape: Shape) -> None:
        free_at = now + self._rate.blocked(now)
        self._pacer.set(
            self._rate.target(now),
            pace=self._rate.pace(now),
            burst=self._rate.burst(now),
            interval=1 / shape.rate,
            held_until=free_at,
            evenly=self._rate.is_probing(now),
        )
        if self._encoding is not None:
            self._encoding.hold(free_at if free_at > now else 0.0)
        self._news.set()

    def _code_for(self, shape: Shape, width: int, height: int) -> Coding:
        bitrate = min(self._rate.target(self._now()), self._sizing.useful)
        text = self._camera is not None and self._camera.text
        size = (width or shape.width, height or shape.height)
        return Coding(*size, int(bitrate * _PAYLOAD), shape.rate, text=text)

    def _learn_size(self, encoded: Encoded) -> None:
        size = (encoded.width, encoded.height)
        if size == self._seen:
            return
        self._seen = size
        shape = self._sizing.shape
        theirs, ours = encoded.width / encoded.height, shape.width / shape.height
        if abs(theirs / ours - 1) > _UNEVEN:
            self._sizing.resize(*size)

    # The wire

    def _encoded(self, encoded: Encoded) -> None:
        codecs = self._codecs
        if codecs is None or self._camera is None:
            return
        self._encode_seconds = encoded.seconds
        self._learn_size(encoded)
        self.frames += 1
        self.key_frames += encoded.key
        if encoded.key:
            self._pacer.forget_repairs()
            self._answer_for_key()
        self._picture_id = (self._picture_id + 1) % (1 << 15)
        payloads = packets(encoded.data, self._picture_id)
        timestamp = self._timestamp_of(encoded.at)
        self._pacer.put(
            [
                _Waiting(
                    self._rtp.size(payload),
                    Outbound(
                        codecs.vp8.id,
                        payload,
                        timestamp,
                        encoded.at,
                        marker=number == len(payloads),
                    ),
                    begins=encoded.key and number == 1,
                )
                for number, payload in enumerate(payloads, 1)
            ],
            self._now(),
        )
        self._set_pace(self._now(), self._sizing.shape)

    def _timestamp_of(self, at: float) -> int:
        if self._origin is None:
            self._origin = at
        # Never the same for two pictures, and never ahead, whatever a camera says of its times.
        ticks = round((min(at, self._now()) - self._origin) * CLOCK_RATE)
        self._timestamp = max(ticks, self._timestamp + 1)
        return self._timestamp

    async def _send(self) -> None:
        while True:
            now = self._now()
            for packet in self._pacer.take(now):
                if self._encoding is None:
                    break
                await self._put(packet)
                self._rate.sent(len(packet), now)
            if self._encoding is not None:
                self._encoding.wait(on=self._pacer.behind)
            await self._wait(self._pacer.next_at())

    async def _put(self, packet: _Waiting) -> None:
        if packet.again is not None:
            await self._rtp.resend(packet.again)
        elif packet.outbound is not None:
            sequence = await self._rtp.send(packet.outbound)
            if packet.begins:
                self._key_from = sequence

    async def _wait(self, until: float | None) -> None:
        timer = None if until is None else self._loop.call_at(until, self._news.set)
        await self._news.wait()
        self._news.clear()
        if timer is not None:
            timer.cancel()


def _ask(camera: Camera, shape: Shape) -> None:
    try:
        camera.ask(shape)
    except Exception as error:
        log.warning("a camera does not take what is asked for: %r", error)


def _close(camera: Camera) -> None:
    try:
        camera.close()
    except Exception as error:
        log.warning("a camera cannot be closed: %r", error)
