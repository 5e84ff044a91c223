"""Our pictures on their way out: the camera, the thread that codes, and what leaves.

The event loop owns all of this but the camera's thread and the coder's. What the network bears
decides how large pictures are, how many there are, and whether the next one is left out.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from twocan.media.adaptation import Report
from twocan.media.descriptions import PictureCodecs
from twocan.media.pictures.figures import PictureStream
from twocan.media.pictures.picture import Camera, Picture, Shape
from twocan.media.pictures.picture_rtp import PictureRtp
from twocan.media.pictures.sending.battery import Battery
from twocan.media.pictures.sending.encoding import Encoded, Encoding
from twocan.media.pictures.sending.lens import Lens, Troubled
from twocan.media.pictures.sending.outlet import Outlet
from twocan.media.pictures.sending.rate import CEILING, START, Rate
from twocan.media.pictures.sending.sizing import Sizing
from twocan.media.pictures.vp8.codec import Coding
from twocan.media.pictures.vp8.libvpx import Vp8Error

log = logging.getLogger(__name__)

_TICK = 0.1
"""Seconds between two looks at how pictures are to be."""

_PAYLOAD = 0.95
"""What of the bit rate is pictures; the rest is headers, and what is sent again."""

_KEYS_APART = 0.4
"""Seconds between two key frames, however often they are asked for: whoever asks while one is on
its way means that one."""

_UNEVEN = 0.02
"""By how much proportions differ for nothing but even numbers."""


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
        self._rtp, self._troubled = rtp, troubled
        self._codecs: PictureCodecs | None = None
        self._rate = Rate(START, ceiling)
        self._outlet = Outlet(rtp, self._rate, self._wait, self.key_wanted)
        self._lens = Lens(open_camera, self._see, troubled)
        self._sizing = Sizing()
        self._battery = Battery()
        self._encoding: Encoding | None = None
        self._retired: list[Encoding] = []
        self._coding: Coding | None = None
        self._seen = (0, 0)
        """The size of the last picture that was coded."""
        self._encode_seconds: float | None = None
        self._ticking: asyncio.TimerHandle | None = None
        self._key_at = -_KEYS_APART
        self._key_due: asyncio.TimerHandle | None = None
        self._begun = False
        """The far side told that something arrived."""
        self._shown_since: float | None = None
        self._seconds = 0.0
        self.frames = self.key_frames = 0

    def start(self, codecs: PictureCodecs) -> None:
        """The way is open."""
        self._codecs = codecs
        self._outlet.start(codecs)

    def show(self, on: bool) -> None:
        """Open the camera and send what it sees, or close it: its light is off at once."""
        if not on:
            self._end()
        elif self._encoding is None and self._codecs is not None:
            self.warm()
            if self._lens.is_open:
                self._begin()

    def warm(self) -> None:
        """Open the camera already, for it takes its time: nothing of what it sees is sent."""
        if not self._lens.is_open and self._lens.open():
            self._sizing = self._sized()
            # Not before: a camera is opened for the most that there may be, and is scaled later.
            self._lens.ask(self._sizing.update(self._now(), self._rate.target(self._now())))

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
        await self._outlet.close()
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
        self._outlet.missed(sequences)

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

    def _make_key(self) -> None:
        self._key_due = None
        self._key_at = self._now()
        if self._encoding is not None:
            self._encoding.key()

    def _answer_for_key(self) -> None:
        """Whoever asked until now is answered by the key frame that there is."""
        self._key_at = self._now()
        if self._key_due is not None:
            self._key_due.cancel()
            self._key_due = None

    # From the camera to the wire

    def _begin(self) -> None:
        self._shown_since = self._key_at = self._now()
        shape = self._sizing.shape
        self._coding = self._code_for(shape, (shape.width, shape.height))
        self._encoding = Encoding(self._coding, self._encoded, self._failed)
        self._outlet.open(on=True)
        self._adapt()

    def _end(self) -> None:
        encoding, self._encoding = self._encoding, None
        self._seconds += self._since_shown()
        self._shown_since = None
        for timer in (self._ticking, self._key_due):
            if timer is not None:
                timer.cancel()
        self._ticking = self._key_due = None
        self._lens.close()
        self._outlet.open(on=False)
        if encoding is not None:
            encoding.close()
            self._retired = [e for e in (*self._retired, encoding) if e.running]

    def _see(self, picture: Picture) -> None:
        """On the camera's thread."""
        encoding = self._encoding
        if encoding is not None:
            encoding.take(picture)

    def _encoded(self, encoded: Encoded) -> None:
        self._encode_seconds = encoded.seconds
        self._learn_size(encoded.width, encoded.height)
        self.frames += 1
        self.key_frames += encoded.key
        if encoded.key:
            self._answer_for_key()
        self._outlet.put(encoded)
        self._set_pace()

    def _wait(self, behind: bool) -> None:
        if self._encoding is not None:
            self._encoding.wait(on=behind)

    def _failed(self, error: Vp8Error) -> None:
        log.warning("%s", error)
        self.show(on=False)
        self._troubled(str(error))

    def _since_shown(self) -> float:
        return 0.0 if self._shown_since is None else self._now() - self._shown_since

    # How pictures are to be

    def _adapt(self) -> None:
        if self._encoding is None:
            return
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = self._loop.call_later(_TICK, self._adapt)
        before = self._sizing.shape
        if self._sizing.text != self._lens.text:
            # The screen is shown in the camera's place, or the camera again.
            self._sizing = self._sized()
        shape = self._choose_shape()
        if shape != before:
            self._lens.ask(shape)
        self._set_pace()
        size = self._seen if shape == before and all(self._seen) else (shape.width, shape.height)
        coding = self._code_for(shape, size)
        if coding != self._coding:
            self._coding = coding
            self._encoding.tune(coding)

    def _sized(self) -> Sizing:
        return Sizing(1920, 1080, text=True) if self._lens.text else Sizing()

    def _choose_shape(self) -> Shape:
        now = self._now()
        seconds, self._encode_seconds = self._encode_seconds, None
        return self._sizing.update(now, self._rate.target(now), seconds, self._battery.level(now))

    def _set_pace(self) -> None:
        free_at = self._outlet.pace(1 / self._sizing.shape.rate)
        if self._encoding is not None:
            self._encoding.hold(free_at)

    def _code_for(self, shape: Shape, size: tuple[int, int]) -> Coding:
        bitrate = min(self._rate.target(self._now()), self._sizing.useful)
        return Coding(*size, int(bitrate * _PAYLOAD), shape.rate, text=self._lens.text)

    def _learn_size(self, width: int, height: int) -> None:
        if (width, height) == self._seen:
            return
        self._seen = (width, height)
        shape = self._sizing.shape
        if abs(width / height / (shape.width / shape.height) - 1) > _UNEVEN:
            self._sizing.resize(width, height)
