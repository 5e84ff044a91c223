"""Taking the loudspeaker's sound out of the microphone's, and what is left of it.

``Filter`` learns the way from the loudspeaker to the microphone and subtracts what comes along
it. It is a partitioned block Kalman filter in the frequency domain (Enzner and Vary, "Frequency-
domain adaptive Kalman filter for acoustic echo control", 2006): how far it trusts each block
follows from what it does not explain, so that a person who talks at the same time does not
lead it astray. ``Suppressor`` turns down what is left: a loudspeaker distorts, rooms outlast the
filter, clocks drift.

Pure: float32 in units of full scale, blocks of 10 ms.
"""

import numpy as np
import numpy.typing as npt

from twocan.media.drift import Signal
from twocan.media.sound import BLOCK, SAMPLE_RATE

_Bins = npt.NDArray[np.complex64]


def _power(bins: _Bins) -> Signal:
    return bins.real**2 + bins.imag**2


def _spectrum(sound: Signal) -> _Bins:
    return np.fft.rfft(sound).astype(np.complex64, copy=False)


def _sound(bins: _Bins, size: int) -> Signal:
    return np.fft.irfft(bins, size).astype(np.float32, copy=False)


class Filter:
    """The way from the loudspeaker to the microphone, 120 ms of it."""

    _PARTS = 12
    _FORGETTING = np.float32(0.996)
    """Of what is known, kept for the next block: rooms change, and clocks drift."""
    _RING_DB = 2.4
    """How much quieter a room is expected to be, 10 ms later."""
    _NEVER_BELOW = np.float32(1e-3)
    _SILENCE = BLOCK * 1e-8
    """Of the loudspeaker, at -80 dBFS: what it gives back is not heard."""
    _WORTH, _LOST = 0.25, -0.25
    """Of what is heard, the echo that is worth a judgement; of that echo, what must come off."""
    _LEARNT = 0.1
    _TRIAL = 150
    """Blocks in which all is taken for echo while the loudspeaker is heard and nothing known."""

    def __init__(self) -> None:
        shape = self._PARTS, BLOCK + 1
        self._far, self._far_power = np.zeros(shape, np.complex64), np.zeros(shape, np.float32)
        self._last = np.zeros(2 * BLOCK, np.float32)
        self._padded = np.zeros(2 * BLOCK, np.float32)
        self._turn = 0
        self._quiet = self._PARTS
        self.forget()

    def forget(self) -> None:
        """The way is another: learn it anew."""
        fading = 10 ** (-self._RING_DB / 10 * np.arange(self._PARTS, dtype=np.float32))
        self._way = np.zeros_like(self._far)
        self._doubt = np.repeat(fading[:, np.newaxis], BLOCK + 1, 1)
        self._unexplained = np.full(BLOCK + 1, 1e-2, np.float32)
        self._energies = np.zeros(3)
        self._untried = self._TRIAL

    def take(self, mic: Signal, far: Signal | None) -> tuple[Signal, Signal]:
        """What is left of a block, and the echo that was found in it."""
        self._shift(far)
        if self._quiet >= self._PARTS:
            return mic, np.zeros_like(mic)
        echo = _sound((self._far * self._way).sum(0), 2 * BLOCK)[BLOCK:]
        rest = mic - echo
        self._learn(rest)
        return self._judge(mic, rest, echo)

    def _shift(self, far: Signal | None) -> None:
        loud = far is not None and float(far @ far) > self._SILENCE
        self._quiet = 0 if loud else self._quiet + 1
        self._last[:BLOCK] = self._last[BLOCK:]
        self._last[BLOCK:] = far if loud else 0
        self._far[1:], self._far_power[1:] = self._far[:-1], self._far_power[:-1]
        self._far[0] = _spectrum(self._last) if self._quiet < 2 else 0
        self._far_power[0] = _power(self._far[0])

    def _learn(self, rest: Signal) -> None:
        self._padded[BLOCK:] = rest
        error = _spectrum(self._padded)
        self._unexplained += np.float32(0.2) * (_power(error) - self._unexplained)
        # Half: a block is half of what a spectrum is of.
        share = self._far_power * self._doubt
        share *= np.float32(0.5)
        total = share.sum(0) + np.maximum(self._unexplained, self._NEVER_BELOW)
        gain = self._doubt * (error / total)
        gain *= self._far.conj()
        self._way += gain
        share /= total
        np.subtract(1, share, out=share)
        self._doubt *= share
        self._doubt *= self._FORGETTING
        self._doubt += (1 - self._FORGETTING) * _power(self._way)
        self._bound()

    def _bound(self) -> None:
        """Each part answers for its own 10 ms; one part a block is often enough to hold it so."""
        answer = _sound(self._way[self._turn], 2 * BLOCK)
        answer[BLOCK:] = 0
        self._way[self._turn] = _spectrum(answer)
        self._turn = (self._turn + 1) % self._PARTS

    def _judge(self, mic: Signal, rest: Signal, echo: Signal) -> tuple[Signal, Signal]:
        """What is taken off is missing from the rest, or the way has changed."""
        now = np.array([mic @ mic, rest @ rest, echo @ echo], np.float64)
        self._energies += 0.05 * (now - self._energies)
        before, after, taken = self._energies
        if taken > self._WORTH * before + self._SILENCE and before - after < self._LOST * taken:
            self.forget()
        if self._untried:
            # Not known yet: all that is heard may be echo.
            self._untried = 0 if after < self._LEARNT * before else self._untried - 1
            return rest, mic
        return rest, echo


class Suppressor:
    """Turns down what is left of an echo, to no less than the noise of the room.

    It hears in bands, over windows that overlap by 5 ms: by that much its sound is later.
    """

    _OVERLAP = 240
    _SIZE = BLOCK + _OVERLAP
    _TAIL = 0.75
    """Of an echo's power, what a room still gives 10 ms later."""
    _LEAK_RISE = np.float32(1.02)
    _NOISE_RISE = np.float32(1.002)
    _EAGER, _DEEP = 4.0, 300.0
    """How many times its likely size the rest is taken for, with a near voice and without."""
    _LOOKS = 8
    """Blocks from one look at the noise to the next while there is no echo."""
    _OPEN = 0.999
    """Of all gains: nothing is turned down any more."""
    _ALONE_DB, _TALKING_DB = -3.0, 2.0
    """How loud the rest is beside the echo where nobody, and where somebody talks here."""

    def __init__(self) -> None:
        slope = np.sin(np.pi / 2 * (np.arange(self._OVERLAP) + 0.5) / self._OVERLAP)
        flat = np.ones(BLOCK - self._OVERLAP)
        self._window = np.concatenate([slope, flat, slope[::-1]]).astype(np.float32)
        self._edges, self._widths = _bands(self._SIZE // 2 + 1)
        self._per_bin = self._widths.astype(np.float32)
        self._voice = slice(3, int(np.searchsorted(self._edges, 4000 * self._SIZE / SAMPLE_RATE)))
        self._heard = np.zeros((2, self._SIZE), np.float32)
        self._overlap = np.zeros(self._OVERLAP, np.float32)
        self._smooth, self._ringing = (np.zeros(self._widths.size, np.float32) for _ in range(2))
        self._noise = 1e-3 * self._per_bin
        self._gain = np.ones(self._widths.size, np.float32)
        self._talking = 1.0
        self._turn, self._idle = 0, False
        self.forget()

    def forget(self) -> None:
        """How much is left of an echo is not known: as much as it is."""
        self._leak = np.ones(self._widths.size, np.float32)

    def take(self, rest: Signal, echo: Signal) -> Signal:
        """A block, 5 ms later. ``rest`` is what the filter left, ``echo`` what it took."""
        heard = self._hear(rest, echo)
        self._turn = (self._turn + 1) % self._LOOKS
        # While the far side says nothing there is nothing to turn down, and most of the work is
        # saved; now and then the noise is looked at all the same.
        if self._turn and self._idle and not echo.any():
            sound: Signal = heard[0] * self._window
        else:
            bins, taken = _spectrum(heard)
            power = self._in_bands(bins) + np.float32(1e-9)
            self._follow(power, self._in_bands(taken))
            gains = np.repeat(self._gains(power), self._widths)
            self._idle = not self._active.any() and bool(self._gain.min() > self._OPEN)
            sound = _sound(bins * gains, self._SIZE) * self._window
        sound[: self._OVERLAP] += self._overlap
        self._overlap = sound[BLOCK:].copy()
        return sound[:BLOCK]

    def _hear(self, rest: Signal, echo: Signal) -> Signal:
        self._heard[:, : self._OVERLAP] = self._heard[:, BLOCK:]
        self._heard[0, self._OVERLAP :] = rest
        self._heard[1, self._OVERLAP :] = echo
        heard: Signal = self._heard * self._window
        return heard

    def _in_bands(self, bins: _Bins) -> Signal:
        return np.add.reduceat(_power(bins), self._edges)

    def _follow(self, power: Signal, echo: Signal) -> None:
        """The least that is left of an echo is what leaks: a near voice only adds to it."""
        self._ringing = np.maximum(echo, self._TAIL * self._ringing)
        self._smooth += np.float32(0.6) * (power - self._smooth)
        self._noise = np.minimum(self._smooth, self._noise * self._NOISE_RISE)
        self._active = self._ringing > 0.1 * self._noise + 1e-7 * self._per_bin
        ratio = self._smooth / np.maximum(self._ringing, 1e-9)
        down = self._leak + np.float32(0.3) * (ratio - self._leak)
        up = np.minimum(self._leak * self._LEAK_RISE, 4)
        self._leak = np.where(self._active, np.where(ratio < self._leak, down, up), self._leak)

    def _gains(self, power: Signal) -> Signal:
        left = self._leak * self._ringing
        self._talking = max(self._near(power, left), 0.9 * self._talking)
        eager = self._EAGER * self._DEEP ** (1 - self._talking)
        gain = np.sqrt(np.maximum(1 - np.float32(eager) * left / power, 0))
        gain = np.maximum(gain, np.minimum(np.sqrt(self._noise / power), 1))
        gain = np.where(self._active, gain, np.float32(1))
        rise = self._gain + np.float32(0.5) * (gain - self._gain)
        self._gain = np.where(gain < self._gain, gain, rise)
        return self._gain

    def _near(self, power: Signal, left: Signal) -> float:
        """How surely somebody talks here: 0 to 1, by the loudness of all of a voice's bands."""
        voice = self._voice
        rest = float(power[voice].sum() - 3 * self._noise[voice].sum())
        echo = max(float(self._ringing[voice].sum()), 30 * float(left[voice].sum()), 1e-9)
        over = 10 * np.log10(max(rest, 1e-9) / echo)
        return float(np.clip((over - self._ALONE_DB) / (self._TALKING_DB - self._ALONE_DB), 0, 1))


def _bands(bins: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Bands of two bins below 1.6 kHz, then ever wider: where each starts, and how wide it is."""
    edges = np.concatenate([np.arange(0, 24, 2), np.geomspace(24, bins, 19)])
    starts = np.unique(np.round(edges).astype(np.intp))
    return starts[:-1], np.diff(starts)
