"""What sound is to a call: blocks of 10 ms, where they come from and where they go, how loud.

Pure: no clock, no device, no file. Sound is mono, 48 kHz, 16 bit everywhere.

Two kinds of ends meet here. A ``Capture`` and a ``Playback`` have a clock of their own, as a
sound card has, and drive the call by it. A ``Source`` and a ``Sink`` have none, as a file has
none: ``media.clock`` lends them the event loop's.

Levels are the mean square against a full-scale square wave, as in RFC 6464, so the loudest
sine is at -3 dBFS.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import log10
from typing import Protocol

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 48000
BLOCK = 480
"""Samples in a block: 10 ms."""
BLOCK_SECONDS = BLOCK / SAMPLE_RATE

Samples = npt.NDArray[np.int16]
"""Sound; a block has the shape ``(BLOCK,)``."""

SILENCE: Samples = np.zeros(BLOCK, np.int16)
SILENCE.setflags(write=False)

FULL_SCALE = 32768
_FLOOR_DBFS = -127.0

Heard = Callable[[Samples, float], None]
"""Takes a block and the time at which its first sample was in the air, in seconds of
``time.monotonic``."""
Give = Callable[[float], Samples]
"""Gives the block whose first sample will be in the air at that time, in seconds of
``time.monotonic``."""


class SoundError(ValueError):
    """Sound that cannot be had or played: one line, what is wrong and what to do."""


class Source(Protocol):
    """Where sound comes from that has no clock."""

    @property
    def finished(self) -> bool:
        """Whether a file was said to its end; what has no end is never finished."""

    def read(self) -> Samples:
        """The next block, silence where there is nothing. Never waits, never raises."""

    def close(self) -> None: ...


class Sink(Protocol):
    """Where sound goes that has no clock."""

    def write(self, samples: Samples) -> None:
        """Take the next block. Raises SoundError once no more can be taken."""

    def close(self) -> None: ...


class Capture(Protocol):
    """A microphone, or what stands for one."""

    def start(self, heard: Heard, failed: Callable[[SoundError], None]) -> None:
        """Hand every block to ``heard`` from now on, on any one thread: it must not wait.

        Where no more can come, ``failed`` is told so, once.
        """

    def close(self) -> None:
        """Stop. Once this returned, ``heard`` is not called any more."""


class Playback(Protocol):
    """A speaker, or what stands for one."""

    def start(self, give: Give, failed: Callable[[SoundError], None]) -> None:
        """Ask ``give`` for every block from now on, on any one thread: it must not wait.

        Where no more can be played, ``failed`` is told so, once.
        """

    def close(self) -> None:
        """Stop. Once this returned, ``give`` is not called any more."""


class Room(Protocol):
    """What stands between a microphone and a speaker that it hears: echo, noise, gain."""

    def played(self, block: Samples, at: float) -> None:
        """The speaker will play this; said on its thread."""

    def clean(self, block: Samples, at: float) -> Samples:
        """What a person said, of what the microphone heard."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a call's sound comes from and goes to; all of it is closed with the call."""

    capture: Capture
    playback: Playback
    room: Room | None = None
    """None where no microphone hears the speaker."""


class Level:
    """How loud sound is, as RMS in dBFS; None before any was added, and never below -127."""

    _RECENT = 30

    def __init__(self) -> None:
        self._energy = 0.0
        self._count = 0
        self._latest: deque[tuple[float, int]] = deque(maxlen=self._RECENT)

    def add(self, samples: Samples) -> None:
        energy = energy_of(samples)
        self._energy += energy
        self._count += samples.size
        self._latest.append((energy, samples.size))

    @property
    def dbfs(self) -> float | None:
        """Of everything that was added."""
        return dbfs(self._energy, self._count)

    @property
    def recent(self) -> float | None:
        """Of the last 30 blocks (0.3 s)."""
        # A copy: the thread of a sound card may add while this is asked.
        latest = list(self._latest)
        return dbfs(sum(energy for energy, _ in latest), sum(count for _, count in latest))


def energy_of(samples: Samples) -> float:
    """The sum of the squares."""
    as_float = samples.astype(np.float64)
    return float(as_float @ as_float)


def dbfs(energy: float, count: int) -> float | None:
    """The level of ``count`` samples whose squares sum to ``energy``; None of no samples."""
    if not count:
        return None
    power = energy / count / FULL_SCALE**2
    return max(_FLOOR_DBFS, 10 * log10(power)) if power else _FLOOR_DBFS
