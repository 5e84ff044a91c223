"""Sound files: read as a source, whatever their kind, and written as WAV."""

import logging
import stat
import struct
import wave
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer

from twocan.media.sound import BLOCK, SAMPLE_RATE, SILENCE, Samples, SoundError

log = logging.getLogger(__name__)

SUFFIXES = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus")
"""The names under which a file can be a source."""


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
            return SILENCE
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


class _Blocks:
    """Cuts frames of any rate, layout and sample format into blocks."""

    def __init__(self) -> None:
        self._shape: tuple[str, str, int] | None = None
        self._resampler = _resampler()

    def cut(self, frame: av.AudioFrame) -> Iterator[Samples]:
        """The blocks that this frame completes."""
        # A resampler is set up for its first frame and refuses others; a file may change its mind.
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
    return av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=BLOCK)


def _block(frame: av.AudioFrame) -> Samples:
    samples: Samples = frame.to_ndarray()[0]
    return np.pad(samples, (0, BLOCK - samples.size))


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


def _unreadable(path: Path, error: Exception) -> SoundError:
    return SoundError(
        f"cannot read {str(path)!r}: {_reason(error)}; check its name and permissions"
    )


def _empty(path: Path) -> SoundError:
    return SoundError(f"{str(path)!r} is empty: there is no sound in it; give another file")


def _not_sound(path: Path) -> SoundError:
    return SoundError(
        f"{str(path)!r} is not sound that can be read; give WAV, FLAC, MP3, Ogg or Opus"
    )


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
