"""The ends of a call's sound that need no sound card: silence, a tone, an echo, files.

Sources and sinks as ``media.sound`` describes them: who opened one closes it, or hands it to
``media.clock``, which then does.
"""

from collections import deque
from collections.abc import Sequence
from math import nan, pi, sqrt
from pathlib import Path

import numpy as np

from twocan.media.files import SUFFIXES, SoundFile, WaveFile
from twocan.media.sound import (
    BLOCK,
    FULL_SCALE,
    SAMPLE_RATE,
    SILENCE,
    Samples,
    Sink,
    SoundError,
    Source,
)


def is_source(spec: str) -> bool:
    """Whether this names a source, and not a device."""
    return spec == "silence" or spec.startswith("tone:") or _is_file(spec, SUFFIXES)


def is_sink(spec: str) -> bool:
    """Whether this names a sink, and not a device."""
    return spec == "null" or _is_file(spec, (".wav",))


def open_source(spec: str) -> Source:
    """A sound file, ``tone:HZ`` or ``silence``. Raises SoundError."""
    if spec == "silence":
        return Silence()
    if spec.startswith("tone:"):
        return Tone(_pitch(spec.partition(":")[2]))
    return SoundFile(Path(spec))


def open_sink(spec: str) -> Sink:
    """``FILE.wav``, written anew, or ``null``. Raises SoundError."""
    return Null() if spec == "null" else WaveFile(Path(spec))


def _is_file(spec: str, suffixes: Sequence[str]) -> bool:
    return Path(spec).suffix.lower() in suffixes


class Silence:
    """A source of nothing."""

    finished = False

    def read(self) -> Samples:
        return SILENCE

    def close(self) -> None:
        pass


class Tone:
    """A source of one sine at -20 dBFS, ``pitch`` in Hz. It swells over 10 ms, not to click."""

    finished = False

    _PEAK = FULL_SCALE * 0.1 * sqrt(2)
    _SWELL = SAMPLE_RATE // 100

    def __init__(self, pitch: float) -> None:
        self._pitch = pitch
        self._position = 0

    def read(self) -> Samples:
        at = np.arange(self._position, self._position + BLOCK)
        self._position += BLOCK
        swell = np.minimum(at / self._SWELL, 1)
        sine = np.sin(2 * pi * (self._pitch * at / SAMPLE_RATE % 1))
        return np.rint(self._PEAK * swell * sine).astype(np.int16)

    def close(self) -> None:
        pass


class Null:
    """A sink that forgets."""

    def write(self, samples: Samples) -> None:
        pass

    def close(self) -> None:
        pass


class Echo:
    """A source and a sink in one, which gives back what it takes.

    Two clocks of one pace write and read in turn, so that one block waits. Where one leapt
    further than the other after a stall, more would wait for ever: so what was not needed for
    a whole second goes, and of more than ``depth`` blocks the oldest go at once.
    """

    finished = False

    _PATIENCE = 100
    """Reads: a second."""

    def __init__(self, depth: int = 4) -> None:
        self._waiting: deque[Samples] = deque(maxlen=depth)
        self._spare = depth
        """The least that was left after a read of late."""
        self._reads = 0

    def write(self, samples: Samples) -> None:
        self._waiting.append(samples.copy())

    def read(self) -> Samples:
        self._drain()
        block = self._waiting.popleft() if self._waiting else SILENCE
        self._spare = min(self._spare, len(self._waiting))
        return block

    def close(self) -> None:
        self._waiting.clear()

    def _drain(self) -> None:
        self._reads += 1
        if self._reads % self._PATIENCE == 0:
            for _ in range(min(self._spare, len(self._waiting))):
                self._waiting.popleft()
            self._spare = len(self._waiting)


def _pitch(text: str) -> float:
    try:
        pitch = float(text)
    except ValueError:
        pitch = nan
    if not 20 <= pitch <= 20000:
        raise SoundError(f"bad tone {text!r}: give a pitch of 20 to 20000 Hz, such as tone:440")
    return pitch
