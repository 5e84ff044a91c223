"""What was played, found again at the time at which the microphone heard it.

The loudspeaker's and the microphone's clocks differ by up to some hundred parts per million, and
the times that a sound card tells jitter by milliseconds. ``Clock`` makes a steady line out of
such times; ``Reference`` keeps what was played and gives, for each block of the microphone, what
was in the air then, resampled from the one clock to the other.

Pure: no clock is read here, and nothing waits.
"""

from collections import deque
from math import isfinite

import numpy as np
import numpy.typing as npt

from twocan.media.sound import BLOCK, SAMPLE_RATE

Signal = npt.NDArray[np.float32]

_LIKELY = 1e-4
"""Of clocks: by how much one is off."""
_FARTHEST = 5e-4
"""No sound card's clock is farther off; the times of a sound server that starts anew may be, and
``Line`` reads a block with less than a sample of skew in it."""


class Clock:
    """A sound card's clock, from the times it tells of its blocks.

    ``skew`` is how much longer than it should be a second of its samples takes.
    """

    _RECENT = 9
    _SPAN = 50
    _POINTS = 120
    _LEAST_JITTER = 2e-5
    _LEAST_STEP, _MOST_STEP = 0.0008, 0.008
    """Seconds: a step that lasts and is larger is sound that was lost or held up, and no skew. The
    less the times jitter, the smaller it may be."""
    _SETTLES = SAMPLE_RATE // 2
    """A sound card that starts fills its buffers first: its times creep by milliseconds."""

    def __init__(self) -> None:
        self.skew = 0.0
        self.count = 0
        self._recent: deque[float] = deque(maxlen=self._RECENT)
        self._span: list[float] = []
        self._points: deque[tuple[float, float, float]] = deque(maxlen=self._POINTS)
        self._moved = 0.0
        self._suspects = 0
        self._start = 0.0
        self._step = self._MOST_STEP

    def add(self, at: float) -> None:
        """A block whose first sample is at ``at``, in seconds. A lasting step is followed."""
        nominal = self.count / SAMPLE_RATE
        self.count += BLOCK
        if not isfinite(at):
            return
        offset = at - nominal
        if self._recent:
            self._follow(offset, nominal)
        self._recent.append(offset - self.skew * nominal)
        self._start = sorted(self._recent)[len(self._recent) // 2]
        self._span.append(offset - self._moved)
        if len(self._span) == self._SPAN:
            if self.count > self._SETTLES:
                self._learn(nominal)
            self._span.clear()

    def time(self, index: float) -> float:
        """When sample ``index`` is in the air."""
        return self._start + index / SAMPLE_RATE * (1 + self.skew)

    def index(self, time: float) -> float:
        """Which sample is in the air at ``time``."""
        return (time - self._start) * SAMPLE_RATE / (1 + self.skew)

    def _follow(self, offset: float, nominal: float) -> None:
        """Blocks were lost or repeated: the line goes on from there, as steep as it was."""
        step = offset - self.skew * nominal - self._start
        if abs(step) < self._step:
            self._suspects = 0
            return
        self._suspects += 1
        if self._suspects > self._RECENT // 2:
            self._suspects = 0
            self._moved += step
            self._span.clear()
            self._recent = deque([offset - self.skew * nominal], maxlen=self._RECENT)

    def _learn(self, nominal: float) -> None:
        """Least squares over the points, held to a likely skew while they are few and unsure."""
        middle = nominal - BLOCK / SAMPLE_RATE * (self._SPAN - 1) / 2
        offsets = np.array(self._span)
        centre = float(np.median(offsets))
        jitter = max(1.5 * float(np.median(np.abs(offsets - centre))), self._LEAST_JITTER)
        self._step = min(max(6 * jitter, self._LEAST_STEP), self._MOST_STEP)
        self._points.append((middle, centre, 1.6 * jitter**2 / self._SPAN))
        times, offsets, doubts = np.array(self._points).T
        times = times - times.mean()
        spread = float((times**2).sum())
        if not spread:
            return
        doubt = float(np.median(doubts)) / spread
        turned = self.skew
        steep = float((times * offsets).sum()) / spread / (1 + doubt / _LIKELY**2)
        self.skew = min(max(steep, -_FARTHEST), _FARTHEST)
        # The line turns about the present, not about the start.
        self._recent = deque(
            (offset + (turned - self.skew) * nominal for offset in self._recent),
            maxlen=self._RECENT,
        )
        self._start = sorted(self._recent)[len(self._recent) // 2]


class Line:
    """The last two seconds of what was played, read at any place between its samples."""

    _LENGTH = 2 * SAMPLE_RATE

    def __init__(self) -> None:
        self._samples = np.zeros(2 * self._LENGTH, np.float32)
        self.end = 0

    def append(self, block: Signal) -> None:
        # Each sample is kept twice, so that no stretch is ever in two pieces.
        start = self.end % self._LENGTH
        self._samples[start : start + BLOCK] = block
        self._samples[start + self._LENGTH : start + self._LENGTH + BLOCK] = block
        self.end += BLOCK

    def read(self, position: float, rate: float) -> Signal | None:
        """A block from ``position``, ``rate`` samples a sample; None where it is not there."""
        whole = int(position // 1)
        start = whole - _TAPS // 2 + 1
        count = BLOCK + _TAPS
        if start < max(self.end - self._LENGTH + BLOCK, 0) or start + count > self.end:
            return None
        taken = self._samples[start % self._LENGTH :][:count]
        first = _between(taken, position - whole)
        if rate == 1:
            return first
        # The fraction moves by far less than a sample in a block: blending two filters is exact
        # enough (100 ppm: 0.05 samples).
        last = _between(taken, position - whole + (rate - 1) * BLOCK)
        return first + _RAMP * (last - first)


def _between(taken: Signal, fraction: float) -> Signal:
    """A block that is ``fraction`` of a sample, within -1 to 2, later than its first place."""
    whole = int(fraction // 1)
    sinc = _SINCS[round((fraction - whole) * _PHASES)]
    return np.convolve(taken[max(whole, 0) :][: BLOCK + _TAPS - 1], sinc, "valid")


def _sincs(taps: int, phases: int) -> Signal:
    """Windowed sincs that read the fractions of a sample after the middle; for np.convolve."""
    at = np.arange(taps) - (taps // 2 - 1) - np.arange(phases + 1)[:, np.newaxis] / phases
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(at / (taps // 2 + 0.5), -1, 1))
    return (np.sinc(at) * window)[:, ::-1].astype(np.float32)


_TAPS, _PHASES = 16, 1024
_SINCS = _sincs(_TAPS, _PHASES)
_RAMP = (np.arange(BLOCK) / BLOCK).astype(np.float32)


class Delay:
    """How long after the reference its echo comes, whatever the sound cards say of themselves.

    The way from the one to the other by least squares, at 4 kHz, over the last seconds.
    """

    _EVERY = 25
    _FACTOR = 12
    _SIZE = 4096
    _LONGEST = int(0.3 * SAMPLE_RATE / _FACTOR)
    _EARLIEST = int(0.1 * SAMPLE_RATE / _FACTOR)
    _KEPT = np.float32(0.85)
    _SURE = 14.0
    _RUNNING = 3
    _SAME = int(0.003 * SAMPLE_RATE / _FACTOR)

    def __init__(self) -> None:
        half = self._SIZE // 2
        self._mic = np.zeros(half, np.float32)
        self._far = np.zeros(half, np.float32)
        self._cross = np.zeros(half + 1, np.complex64)
        self._power = np.zeros(half + 1, np.float32)
        self._turn = 0
        self._found: int | None = None
        self._times = 0

    def add(self, mic: Signal, far: Signal) -> float | None:
        """Take a block of both: the delay in seconds when there is a sure one, else None."""
        self._push(self._mic, mic)
        self._push(self._far, far)
        self._turn = (self._turn + 1) % self._EVERY
        return None if self._turn else self._again(self._find())

    def _push(self, kept: Signal, block: Signal) -> None:
        few = np.add.reduceat(block, _SPARSE)
        kept[: -few.size] = kept[few.size :]
        kept[-few.size :] = few

    def _again(self, found: int | None) -> float | None:
        """One that was found three times running."""
        last = self._found
        same = found is not None and last is not None and abs(found - last) <= self._SAME
        self._times = self._times + 1 if same else 1
        self._found = found
        if found is None or self._times < self._RUNNING:
            return None
        return found * self._FACTOR / SAMPLE_RATE

    def _find(self) -> int | None:
        far = np.fft.rfft(self._far[: -self._LONGEST], self._SIZE)
        power = far.real**2 + far.imag**2
        if power.mean() < 1e-2:
            return None
        self._cross += np.fft.rfft(self._mic, self._SIZE) * far.conj()
        self._cross *= self._KEPT
        self._power += power
        self._power *= self._KEPT
        way = np.fft.irfft(self._cross / (self._power + 0.01 * self._power.mean()))
        way = np.abs(np.roll(way, self._EARLIEST)[: self._EARLIEST + self._LONGEST])
        peak = int(way.argmax())
        return peak - self._EARLIEST if way[peak] > self._SURE * np.median(way) else None


_SPARSE = np.arange(0, BLOCK, 12)


class Reference:
    """What was played, block by block of the microphone.

    ``LEAD``: it is given earlier than the times say, for sound cards that tell too long a way.
    """

    LEAD = 0.01
    _OFF_SECONDS = 0.02
    _SOON, _LATE = 0.002, 0.045

    def __init__(self) -> None:
        self._played = Clock()
        self._heard = Clock()
        self._line = Line()
        self._delay = Delay()
        self._bulk = -self.LEAD
        self._position: float | None = None
        self.realigned = 0

    @property
    def skew_ppm(self) -> float:
        """How much faster the loudspeaker's clock runs than the microphone's."""
        return (self._rate - 1) * 1e6

    @property
    def _rate(self) -> float:
        return (1 + self._heard.skew) / (1 + self._played.skew)

    def played(self, block: Signal, at: float) -> None:
        self._played.add(at)
        self._line.append(block)

    def heard(self, mic: Signal, at: float) -> tuple[Signal | None, bool]:
        """What was in the air at the microphone's block, None for nothing; whether it jumped."""
        start = self._heard.count
        self._heard.add(at)
        if not self._played.count:
            return None, False
        jumped = self._align(start)
        assert self._position is not None
        block = self._line.read(self._position, self._rate)
        self._position += BLOCK * self._rate
        if block is None:
            return None, jumped
        return block, self._settle(mic, block) or jumped

    def _align(self, start: int) -> bool:
        """Go where the times point if that is far from where the steady walk has come."""
        due = self._played.index(self._heard.time(start) - self._bulk)
        walked = self._position
        if walked is not None and abs(due - walked) < self._OFF_SECONDS * SAMPLE_RATE:
            return False
        self._position = due
        self.realigned += walked is not None
        return walked is not None

    def _settle(self, mic: Signal, block: Signal) -> bool:
        """Bring the echo near the start of the canceller's reach, where it is not."""
        delay = self._delay.add(mic, block)
        if delay is None or self._SOON <= delay <= self._LATE:
            return False
        assert self._position is not None
        move = delay - self.LEAD
        self._bulk += move
        self._position -= move * SAMPLE_RATE
        self._delay = Delay()
        self.realigned += 1
        return True
