"""Where a call's sound comes from and where it goes.

A ``Source`` gives and a ``Sink`` takes blocks of 20 ms, mono, 48 kHz, 16 bit. ``Microphone``
makes a source into the track that aiortc sends; ``Speaker`` plays a track that aiortc
received into a sink. A call owns neither: who opened a source or a sink closes it.

Levels are the mean square against a full-scale square wave, as in RFC 6464, so the loudest
sine is at -3 dBFS.
"""

import asyncio
import logging
import stat
import struct
import wave
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from math import log10, nan, pi, sqrt
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import numpy.typing as npt
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.container import InputContainer

log = logging.getLogger(__name__)

SAMPLE_RATE = 48000
FRAME = 960
"""Samples in a block: 20 ms."""

Samples = npt.NDArray[np.int16]
"""A block: shape ``(FRAME,)``."""

SUFFIXES = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus")
"""The names under which a file can be a source."""

_BLOCK_SECONDS = FRAME / SAMPLE_RATE
_FULL_SCALE = 32768
_FLOOR_DBFS = -127.0
_SILENCE: Samples = np.zeros(FRAME, np.int16)
_SILENCE.setflags(write=False)


class SoundError(ValueError):
    """A source or sink that cannot be used: one line, what is wrong and what to do."""


class Source(Protocol):
    """Where sound comes from."""

    @property
    def finished(self) -> bool:
        """Whether a file was said to its end; what has no end is never finished."""

    def read(self) -> Samples:
        """The next 20 ms, silence where there is nothing. Never waits, never raises."""

    def close(self) -> None: ...


class Sink(Protocol):
    """Where sound goes."""

    def write(self, samples: Samples) -> None:
        """Take the next 20 ms. Raises SoundError once no more can be taken."""

    def close(self) -> None: ...


def open_source(spec: str) -> Source:
    """The source that a person named: a sound file, ``tone:HZ`` or ``silence``."""
    match spec.partition(":"):
        case ("silence", "", ""):
            return Silence()
        case ("tone", _, pitch):
            return Tone(_pitch(pitch))
    if Path(spec).suffix.lower() in SUFFIXES:
        return SoundFile(Path(spec))
    raise SoundError(
        f"unknown microphone {spec!r}: give a sound file ({', '.join(SUFFIXES)}), "
        "tone:HZ or silence"
    )


def open_sink(spec: str) -> Sink:
    """The sink that a person named: ``FILE.wav``, written anew, or ``null``."""
    if spec == "null":
        return Null()
    if Path(spec).suffix.lower() == ".wav":
        return WaveFile(Path(spec))
    raise SoundError(f"unknown speaker {spec!r}: give FILE.wav or null")


class Silence:
    """A source of nothing."""

    finished = False

    def read(self) -> Samples:
        return _SILENCE

    def close(self) -> None:
        pass


class Tone:
    """A source of one sine at -20 dBFS, ``pitch`` in Hz. It swells over 10 ms, not to click."""

    finished = False

    _PEAK = _FULL_SCALE * 0.1 * sqrt(2)
    _SWELL = SAMPLE_RATE // 100

    def __init__(self, pitch: float) -> None:
        self._pitch = pitch
        self._position = 0

    def read(self) -> Samples:
        at = np.arange(self._position, self._position + FRAME)
        self._position += FRAME
        swell = np.minimum(at / self._SWELL, 1)
        sine = np.sin(2 * pi * (self._pitch * at / SAMPLE_RATE % 1))
        return np.rint(self._PEAK * swell * sine).astype(np.int16)

    def close(self) -> None:
        pass


class SoundFile:
    """A source that says a file once, decoded as it is read, and then is silent.

    Raises SoundError where there is no file, or no sound in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _open_container(path)
        self._blocks = _decode(self._file)
        try:
            # One block ahead, so that the last one is known when it is given.
            self._ahead = next(self._blocks, None)
        except av.FFmpegError as error:
            self.close()
            raise _not_sound(path) from error
        if self._ahead is None:
            self.close()
            raise _empty(path)

    @property
    def finished(self) -> bool:
        return self._ahead is None

    def read(self) -> Samples:
        block = self._ahead
        if block is None:
            return _SILENCE
        try:
            self._ahead = next(self._blocks, None)
        except (av.FFmpegError, OSError) as error:
            log.warning("%s breaks off: %s", self._path, _reason(error))
            self._ahead = None
        return block

    def close(self) -> None:
        self._ahead = None
        self._blocks.close()
        self._file.close()


class Null:
    """A sink that forgets."""

    def write(self, samples: Samples) -> None:
        pass

    def close(self) -> None:
        pass


class WaveFile:
    """A sink that is a new WAV file: 48 kHz, mono, 16 bit.

    Nothing is held back and the header always fits what was written, so that a program that
    dies leaves a file that plays. Raises SoundError where the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("wb", buffering=0)
        except (OSError, ValueError) as error:
            raise self._failure(error) from error
        self._wave = wave.Wave_write(self._file)
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(SAMPLE_RATE)
        try:
            self._put(b"")
        except SoundError:
            with suppress(SoundError):
                self.close()
            raise

    def write(self, samples: Samples) -> None:
        self._put(samples.astype("<i2").tobytes())

    def close(self) -> None:
        """End the file. Raises SoundError where its header could not be put right."""
        try:
            self._wave.close()
        except (OSError, struct.error) as error:
            raise self._failure(error) from error
        finally:
            self._file.close()

    def _put(self, pcm: bytes) -> None:
        try:
            self._wave.writeframes(pcm)
        except (OSError, struct.error) as error:  # struct's: a length over 4 GiB
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> SoundError:
        return SoundError(
            f"cannot write {str(self._path)!r}: {_reason(error)}; give another file, or null"
        )


class Echo:
    """A source and a sink in one, which gives back what it takes.

    ``depth`` bounds the blocks that wait. The oldest go where more come: by default more than
    aiortc's jitter buffer can let go at once, which is 16.
    """

    finished = False

    def __init__(self, depth: int = 20) -> None:
        self._waiting: deque[Samples] = deque(maxlen=depth)

    def write(self, samples: Samples) -> None:
        self._waiting.append(samples.copy())

    def read(self) -> Samples:
        return self._waiting.popleft() if self._waiting else _SILENCE

    def close(self) -> None:
        self._waiting.clear()


class Level:
    """How loud sound is, as RMS in dBFS; None before any was added, and never below -127."""

    _RECENT = 15

    def __init__(self) -> None:
        self._energy = 0.0
        self._count = 0
        self._latest: deque[tuple[float, int]] = deque(maxlen=self._RECENT)

    def add(self, samples: Samples) -> None:
        energy = float(np.square(samples, dtype=np.float64).sum())
        self._energy += energy
        self._count += samples.size
        self._latest.append((energy, samples.size))

    @property
    def dbfs(self) -> float | None:
        """Of everything that was added."""
        return _dbfs(self._energy, self._count)

    @property
    def recent(self) -> float | None:
        """Of the last 15 blocks (0.3 s)."""
        return _dbfs(sum(energy for energy, _ in self._latest), sum(n for _, n in self._latest))


class Microphone(MediaStreamTrack):
    """A source as a track: 20 ms of it each 20 ms of the loop's clock, without drift.

    A loop that was held up catches up with a few frames at once; after more than 200 ms it
    goes on with the present instead, and the timestamps tell of the gap.

    ``muted``: silence is sent, while the source runs on. ``sending`` False (hold): nothing is
    sent, and the timestamps tell of the pause. ``level`` is that of what was sent.
    """

    kind = "audio"

    _TOO_LATE_SECONDS = 0.2

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.muted = False
        self.level = Level()
        self._source = source
        self._start: float | None = None
        self._turn = 0
        self._may_send = asyncio.Event()
        self._may_send.set()

    @property
    def sending(self) -> bool:
        return self._may_send.is_set()

    @sending.setter
    def sending(self, sending: bool) -> None:
        (self._may_send.set if sending else self._may_send.clear)()

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms: s16, 48 kHz, two like channels. Raises MediaStreamError once stopped."""
        await self._may_send.wait()
        await self._wait()
        # Stopped, perhaps while it waited: the source may be closed by now.
        if self.readyState != "live":
            raise MediaStreamError
        heard = self._source.read()
        sent = _SILENCE if self.muted else heard
        self.level.add(sent)
        frame = _frame(sent, self._turn * FRAME)
        self._turn += 1
        return frame

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        if self._start is None:
            self._start = loop.time()
        due = self._start + self._turn * _BLOCK_SECONDS
        if (early := due - loop.time()) > 0:
            await asyncio.sleep(early)
        if (late := loop.time() - due) > self._TOO_LATE_SECONDS:
            self._turn += int(late / _BLOCK_SECONDS)


class Speaker:
    """Plays tracks into a sink.

    ``hearing`` False (hold): what comes is dropped. ``frames``, ``seconds`` and ``level`` are of
    what was played. ``on_first`` is called once, at the first frame that was decoded.
    """

    def __init__(self, sink: Sink, on_first: Callable[[], None]) -> None:
        self.hearing = True
        self.frames = 0
        self.seconds = 0.0
        self.level = Level()
        self._sink = sink
        self._on_first: Callable[[], None] | None = on_first
        self._blocks = _Blocks()

    async def play(self, track: MediaStreamTrack) -> None:
        """Play until the track ends. Raises SoundError when the sink takes no more."""
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, av.AudioFrame)
                self._take(frame)
        self._write(self._blocks.rest())

    def _take(self, frame: av.AudioFrame) -> None:
        if self._on_first:
            on_first, self._on_first = self._on_first, None
            on_first()
        if self.hearing:
            self.frames += 1
            self.seconds += frame.samples / frame.sample_rate
            self._write(self._blocks.cut(frame))

    def _write(self, blocks: Iterable[Samples]) -> None:
        for block in blocks:
            self.level.add(block)
            self._sink.write(block)


class _Blocks:
    """Cuts frames of any rate, layout and sample format into blocks."""

    def __init__(self) -> None:
        self._shape: tuple[str, str, int] | None = None
        self._resampler = _resampler()

    def cut(self, frame: av.AudioFrame) -> Iterator[Samples]:
        """The blocks that this frame completes."""
        # A resampler is set up for its first frame and refuses others; a peer may change codec.
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            yield from self.rest()
            self._shape = shape
        yield from map(_block, self._resampler.resample(frame))

    def rest(self) -> Iterator[Samples]:
        """What is left of a block, filled up with silence."""
        yield from map(_block, self._resampler.resample(None))
        self._shape, self._resampler = None, _resampler()


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=FRAME)


def _block(frame: av.AudioFrame) -> Samples:
    samples: Samples = frame.to_ndarray()[0]
    return np.pad(samples, (0, FRAME - samples.size))


def _frame(samples: Samples, pts: int) -> av.AudioFrame:
    # Two channels alike: aiortc's encoder is stereo, and makes mono 3 dB quieter.
    both = np.repeat(samples, 2)[np.newaxis]
    frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = pts
    frame.time_base = Fraction(1, SAMPLE_RATE)
    return frame


def _open_container(path: Path) -> InputContainer:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    # A pipe would make the call wait for whoever writes it.
    if not stat.S_ISREG(found.st_mode):
        raise SoundError(f"{str(path)!r} is not a file: give a sound file")
    if not found.st_size:
        raise _empty(path)
    # The name is this person's, the content may be anybody's: FFmpeg is to open this one file
    # only, and not to take it for a playlist that names others.
    only = {"protocol_whitelist": "file", "format_whitelist": "wav,flac,mp3,mov,ogg"}
    try:
        # Titles in old encodings are common, and nothing here reads them.
        return av.open(f"file:{path}", options=only, metadata_errors="replace")
    except OSError as error:
        raise _unreadable(path, error) from error
    except av.FFmpegError as error:
        raise _not_sound(path) from error


def _decode(container: InputContainer) -> Generator[Samples]:
    blocks = _Blocks()
    for stream in container.streams.audio[:1]:
        for packet in container.demux(stream):
            # A damaged packet is left out; the file goes on.
            with suppress(av.InvalidDataError):
                for frame in stream.decode(packet):
                    yield from blocks.cut(frame)
    yield from blocks.rest()


def _pitch(text: str) -> float:
    try:
        pitch = float(text)
    except ValueError:
        pitch = nan
    if not 20 <= pitch <= 20000:
        raise SoundError(f"bad tone {text!r}: give a pitch of 20 to 20000 Hz, such as tone:440")
    return pitch


def _dbfs(energy: float, count: int) -> float | None:
    if not count:
        return None
    power = energy / count / _FULL_SCALE**2
    return max(_FLOOR_DBFS, 10 * log10(power)) if power else _FLOOR_DBFS


def _unreadable(path: Path, error: Exception) -> SoundError:
    return SoundError(
        f"cannot read {str(path)!r}: {_reason(error)}; check its name and permissions"
    )


def _empty(path: Path) -> SoundError:
    return SoundError(f"{str(path)!r} is empty: there is no sound in it; give another file")


def _not_sound(path: Path) -> SoundError:
    return SoundError(f"{str(path)!r} is not sound that can be read; give another file")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
