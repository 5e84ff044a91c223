"""Sounds to test with: sines, WAV files byte by byte, and what can be said of what came out."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from twocan.media.audio import open_source
from twocan.media.sound import SAMPLE_RATE, Level, Samples, SoundError, Source

Wave = npt.NDArray[np.float64]

PEAK = 0.1 * sqrt(2)
"""Of a sine at -20 dBFS, full scale being 1."""


def sine(rate: int, seconds: float, pitch: float = 440) -> Wave:
    return PEAK * np.sin(2 * np.pi * pitch * np.arange(round(rate * seconds)) / rate)


def tone(seconds: float, pitch: float = 440) -> Samples:
    return (sine(SAMPLE_RATE, seconds, pitch) * 32768).astype(np.int16)


def as_24_bit(sound: Wave) -> bytes:
    return (sound * 2**31).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()


ENCODINGS: dict[str, tuple[int, int, Callable[[Wave], bytes]]] = {
    "8-bit": (1, 8, lambda sound: np.rint(sound * 127 + 128).astype(np.uint8).tobytes()),
    "16-bit": (1, 16, lambda sound: np.rint(sound * 32767).astype("<i2").tobytes()),
    "24-bit": (1, 24, as_24_bit),
    "32-bit": (1, 32, lambda sound: (sound * 2**31).astype("<i4").tobytes()),
    "float": (3, 32, lambda sound: sound.astype("<f4").tobytes()),
}
"""How samples are written in a WAV: format tag, bits, and the bytes of sound within -1 to 1."""


def wav(
    path: Path, sound: Wave, rate: int = 48000, channels: int = 1, encoding: str = "16-bit"
) -> Path:
    tag, bits, encode = ENCODINGS[encoding]
    return raw_wav(path, encode(np.repeat(sound, channels)), rate, channels, bits, tag)


def raw_wav(
    path: Path, data: bytes, rate: int = 48000, channels: int = 1, bits: int = 16, tag: int = 1
) -> Path:
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    path.write_bytes(
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt "
        + struct.pack("<I", len(form))
        + form
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )
    return path


@contextmanager
def opened(spec: str | Path) -> Iterator[Source]:
    source = open_source(str(spec))
    try:
        yield source
    finally:
        source.close()


def take(source: Source, blocks: int) -> Samples:
    return np.concatenate([source.read() for _ in range(blocks)])


def take_all(source: Source) -> Samples:
    blocks = []
    while not source.finished:
        blocks.append(source.read())
    return np.concatenate(blocks)


def refusal(spec: str | Path, opener: Callable[[str], object] = open_source) -> str:
    """The one line in which a source or a sink is refused."""
    with pytest.raises(SoundError) as caught:
        opener(str(spec))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def pitch_of(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / sound.size


def level_of(sound: Samples) -> float | None:
    level = Level()
    level.add(sound)
    return level.dbfs
