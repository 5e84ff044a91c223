"""Screens without a window: a WebM file of what was seen and heard, and none at all.

The coded pictures are written as they came, without being coded again; the sound is coded to
Opus. Both are placed by the time at which they were seen and heard, from the first key frame on.

A picture's size may change with any key frame, while a track's header says one size: the first.
Browsers and players take the size of each picture from the picture itself, and go on in a larger
or smaller window or scale to the first one; FFmpeg scales to the first one. None lose any.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from io import FileIO
from pathlib import Path
from queue import Full, Queue
from threading import Thread

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Stream

from twocan.media.pictures.picture import Coded, Picture, PictureError
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples

SUFFIX = ".webm"

_WAITING = 600
"""What may wait to be written: more than 4 s of sound and pictures."""
_SOUND_BITRATE = 64_000
_OPTIONS = {
    # What was written is playable up to a second ago, should this process be killed.
    "cluster_time_limit": "1000",
    "flush_packets": "1",
    # A call without sound, in microseconds: pictures do not wait longer for what is not heard.
    "max_interleave_delta": "1000000",
}


class NoScreen:
    """A screen that nobody looks at."""

    def __init__(self) -> None:
        self.shown = 0
        """How many pictures there were."""

    def show(self, picture: Picture, coded: Coded) -> None:
        self.shown += 1

    def hear(self, block: Samples, at: float) -> None:
        pass

    def close(self) -> None:
        pass


class WebmFile:
    """A file that a call is seen and heard in afterwards. Only ``close`` waits for the disk."""

    def __init__(self, path: Path, troubled: Callable[[PictureError], None]) -> None:
        """``troubled``: told, on another thread and once, that no more can be written.

        Raises PictureError where none can be written at all. What the file had in it is lost with
        the first picture, and not before.
        """
        existed = path.exists()
        try:
            # Python lets other threads go on while this one waits for the disk; PyAV does not.
            file = open(path, "wb", buffering=0, opener=_keeping)  # noqa: SIM115
        except OSError as error:
            raise PictureError(f"{path} cannot be written: {error.strerror}") from error
        self.dropped = 0
        """Pictures that were left out, because the disk was too slow."""
        self._waiting: Queue[_Seen | _Heard | None] = Queue(_WAITING)
        self._whole = False
        self._closed = False
        writer = _Writer(path, file, self._waiting, troubled, new=not existed)
        self._thread = Thread(target=writer.run, name="twocan-webm", daemon=True)
        self._thread.start()

    def show(self, picture: Picture, coded: Coded) -> None:
        if not (coded.key or self._whole) or self._closed:
            return
        # After one that is missing no other can be decoded, up to the next key frame.
        size = picture.width, picture.height
        self._whole = self._put((picture.at, coded.data, coded.key, size))
        self.dropped += not self._whole

    def hear(self, block: Samples, at: float) -> None:
        if not self._closed:
            self._put((at, block.copy()))

    def close(self) -> None:
        """Finish the file. Where no picture came there is none, or what was there before."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._thread.join()

    def _put(self, what: "_Seen | _Heard") -> bool:
        try:
            self._waiting.put_nowait(what)
        except Full:
            return False
        return True


_Seen = tuple[float, bytes, bool, tuple[int, int]]
_Heard = tuple[float, Samples]


class _Writer:
    """Writes what waits, on a thread of its own, until None comes."""

    def __init__(
        self,
        path: Path,
        disk: FileIO,
        waiting: "Queue[_Seen | _Heard | None]",
        troubled: Callable[[PictureError], None],
        *,
        new: bool,
    ) -> None:
        self._path, self._disk, self._new = path, disk, new
        self._waiting, self._troubled = waiting, troubled
        self._file: _File | None = None
        self._failed = False

    def run(self) -> None:
        while (what := self._waiting.get()) is not None:
            self._trying(lambda what=what: self._write(what))  # type: ignore[misc]
        self._trying(self._finish)
        self._disk.close()

    def _trying(self, step: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            step()
        except (av.FFmpegError, OSError) as error:
            self._failed = True
            self._abandon()
            reason = getattr(error, "strerror", None) or error
            self._troubled(PictureError(f"{self._path} cannot be written any further: {reason}"))

    def _write(self, what: _Seen | _Heard) -> None:
        if len(what) == 2:
            if self._file is not None:
                self._file.hear(what[1], what[0])
            return
        at, data, key, size = what
        if self._file is None:
            if not self._new:
                self._empty()
            self._file = _File(self._disk, size, at)
        self._file.show(data, at, key)

    def _finish(self) -> None:
        if self._file is not None:
            self._file.close()
        elif self._new:
            self._path.unlink(missing_ok=True)

    def _empty(self) -> None:
        # Neither a device nor a pipe can be, or has to.
        with suppress(OSError):
            self._disk.truncate(0)

    def _abandon(self) -> None:
        if self._file is not None:
            self._file.abandon()


class _File:
    """Both tracks. ``start``: the time, in seconds of ``time.monotonic``, that is the file's 0."""

    def __init__(self, disk: FileIO, size: tuple[int, int], start: float) -> None:
        self._container: OutputContainer = av.open(
            disk, "w", format="webm", container_options=_OPTIONS
        )
        self._pictures: Stream = self._container.add_mux_stream(
            "vp8", width=size[0], height=size[1], time_base=_MS
        )
        self._sound: AudioStream = self._container.add_stream(
            "libopus", SAMPLE_RATE, {"application": "audio"}, layout="mono"
        )
        self._sound.bit_rate = _SOUND_BITRATE
        self._start = start
        self._latest = -1
        self._line = SoundLine(start)
        self._written = 0

    def show(self, data: bytes, at: float, key: bool) -> None:
        # Players take times that do not grow for damage.
        self._latest = max(self._latest + 1, round((at - self._start) * 1000))
        packet = av.Packet(data)
        packet.stream = self._pictures
        packet.time_base = _MS
        packet.pts = packet.dts = self._latest
        packet.is_keyframe = key
        self._container.mux(packet)

    def hear(self, block: Samples, at: float) -> None:
        for samples in self._line.placed(block, at):
            frame = av.AudioFrame.from_ndarray(samples[None, :], "s16", "mono")
            frame.sample_rate = SAMPLE_RATE
            frame.time_base = Fraction(1, SAMPLE_RATE)
            frame.pts = self._written
            self._written += samples.size
            self._container.mux(self._sound.encode(frame))

    def close(self) -> None:
        self._container.mux(self._sound.encode(None))
        self._container.close()

    def abandon(self) -> None:
        # It was said already that the file cannot be written.
        with suppress(av.FFmpegError, OSError):
            self._container.close()


def _keeping(path: str, flags: int) -> int:
    """Open a file to write, with what it has in it."""
    return os.open(path, flags & ~os.O_TRUNC, 0o666)


_MS = Fraction(1, 1000)


class SoundLine:
    """Blocks with their times, laid in one line that starts at ``start`` and has no holes.

    The clock of a sound card is not that of ``time.monotonic``: where the line comes to be more
    than half a millisecond ahead or behind, blocks get a sample less or more, which nobody hears,
    until it is in step again.
    """

    _HOLE = 0.03
    """Seconds: what is missing is silence from here on, and what came twice is left out."""
    _STEP = 0.0005
    _SMOOTHING = 0.05

    def __init__(self, start: float) -> None:
        self._start = start
        self._length = 0
        self._off = 0.0

    def placed(self, block: Samples, at: float) -> list[Samples]:
        """What comes next in the line. ``at``: when the block's first sample is heard."""
        off = at - self._start - self._length / SAMPLE_RATE
        if self._length and abs(off) < self._HOLE:
            parts = [self._nudged(block, off)]
        else:
            self._off = 0.0
            parts = self._leapt(block, round(off * SAMPLE_RATE))
        self._length += sum(part.size for part in parts)
        return [part for part in parts if part.size]

    def _nudged(self, block: Samples, off: float) -> Samples:
        self._off += (off - self._off) * self._SMOOTHING
        if self._off > self._STEP:
            return np.append(block, block[-1:])
        return block[:-1] if self._off < -self._STEP else block

    @staticmethod
    def _leapt(block: Samples, by: int) -> list[Samples]:
        if by <= 0:
            return [block[-by:]]
        whole, rest = divmod(by, BLOCK)
        return [np.zeros(BLOCK, np.int16)] * whole + [np.zeros(rest, np.int16), block]
