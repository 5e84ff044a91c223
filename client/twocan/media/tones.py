"""What a phone sounds by itself: it rings, is called, is busy, begins and ends.

All of it is reckoned, nothing is recorded. Each is a ``media.sound`` source of blocks of 10 ms.
Levels are peaks; nothing comes near those of speech that is turned up. Every note swells and
fades by half a cosine, so that none clicks.

    | tone      | heard by                   | what                              | peak, dBFS |
    |-----------|----------------------------|-----------------------------------|------------|
    | Ringing   | who is called              | D5 A5 F#5 on a soft bar, twice,   | -10        |
    |           |                            | every 4 s; the first time half as |            |
    |           |                            | loud                              |            |
    | Ringback  | who calls                  | 440 and 480 Hz, 2 s on, 4 s off   | -24        |
    | Busy      | who called in vain         | 425 Hz, 0.5 s on, 0.5 s off, four | -26        |
    | Rung      | who tries the ringer       | Ringing, once and loud            | -10        |
    | Trying    | who tries the speaker      | D5 F#5 A5, rising                 | -16        |
    | Connected | both, when the call begins | D5 A5, rising                     | -20        |
    | Waiting   | who talks, of another call | 440 Hz, two short ones every 5 s  | -28        |
    | Ended     | both, when it is over      | A5 D5, falling                    | -20        |
    | Key       | who presses a key          | two pitches of ITU-T Q.23, 160 ms | -22        |

The cadences of Ringback, Busy and Waiting are those that people know (ITU-T E.180, Supplement 2).
"""

from math import pi

import numpy as np
import numpy.typing as npt

from twocan.media.sound import BLOCK, FULL_SCALE, SAMPLE_RATE, SILENCE, Samples
from twocan.media.telephone_event import KEYS, USUAL

_Wave = npt.NDArray[np.float64]

_D5, _F5_SHARP, _A5 = 587.33, 739.99, 880.0

_ROWS = (697.0, 770.0, 852.0, 941.0)
_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
_PAD = ("123A", "456B", "789C", "*0#D")
"""ITU-T Q.23: a key sounds the pitches of its row and its column."""


class Tune:
    """A source of ``first``, and then of ``again`` without end, if there is any."""

    def __init__(self, first: _Wave, again: _Wave | None = None) -> None:
        self._now = _samples(first)
        self._again = None if again is None else _samples(again)
        self._at = 0

    @property
    def ends(self) -> bool:
        """Whether it ever will be finished."""
        return self._again is None

    @property
    def finished(self) -> bool:
        return self._at >= len(self._now) and self._again is None

    def read(self) -> Samples:
        """The next 10 ms; silence once it is finished."""
        if self._at >= len(self._now):
            if self._again is None:
                return SILENCE
            self._now, self._at = self._again, 0
        block = self._now[self._at : self._at + BLOCK]
        self._at += BLOCK
        return block

    def close(self) -> None:
        """End it where it is: only silence is left."""
        self._now, self._again, self._at = self._now[:0], None, 0


class Ringing(Tune):
    """Somebody calls. Without end."""

    def __init__(self) -> None:
        wave = _loudest(np.concatenate([_ring(), _rest(2.0)]), dbfs=-10)
        super().__init__(0.5 * wave, wave)


class Rung(Tune):
    """How it would ring if somebody called."""

    def __init__(self) -> None:
        super().__init__(_loudest(_ring(), dbfs=-10))


class Trying(Tune):
    """How loud the speaker is."""

    def __init__(self) -> None:
        notes = (0.0, _D5, 0.9), (0.2, _F5_SHARP, 0.9), (0.4, _A5, 1.0)
        super().__init__(_loudest(_score(*notes, seconds=1.2), dbfs=-16))


class Ringback(Tune):
    """The far side rings. Without end."""

    def __init__(self) -> None:
        sound = _swelling(_sine(440, 2.0) + _sine(480, 2.0), 0.04)
        wave = _loudest(np.concatenate([sound, _rest(4.0)]), dbfs=-24)
        super().__init__(wave, wave)


class Waiting(Tune):
    """Somebody else calls who talks. Without end."""

    def __init__(self) -> None:
        beep = _swelling(_sine(440, 0.2), 0.02)
        wave = np.concatenate([beep, _rest(0.2), beep, _rest(4.4)])
        wave = _loudest(wave, dbfs=-28)
        super().__init__(wave, wave)


class Busy(Tune):
    """The far side is busy, declined, or does not answer. Four times."""

    def __init__(self) -> None:
        sound = _swelling(_sine(425, 0.5), 0.02)
        once = np.concatenate([sound, _rest(0.5)])
        super().__init__(_loudest(np.tile(once, 4), dbfs=-26))


class Connected(Tune):
    """The call has begun: short, so as not to be in the way of the first word."""

    def __init__(self) -> None:
        super().__init__(_loudest(_score((0.0, _D5, 0.8), (0.1, _A5, 1.0), seconds=0.5), dbfs=-20))


class Ended(Tune):
    """The call is over."""

    def __init__(self) -> None:
        super().__init__(_loudest(_score((0.0, _A5, 1.0), (0.14, _D5, 0.8), seconds=0.7), dbfs=-20))


class Key(Tune):
    """A key is pressed. Raises ValueError for what is no key."""

    def __init__(self, key: str, seconds: float = USUAL / SAMPLE_RATE) -> None:
        low, high = _pitches(key)
        both = _sine(low, seconds) + _sine(high, seconds)
        super().__init__(_loudest(_swelling(both, 0.005), dbfs=-22))


def _pitches(key: str) -> tuple[float, float]:
    for keys, row in zip(_PAD, _ROWS, strict=True):
        if len(key) == 1 and key in keys:
            return row, _COLUMNS[keys.index(key)]
    raise ValueError(f"{key!r} is no key: give one of {KEYS}")


def _ring() -> _Wave:
    motif = _score((0.0, _D5, 1.0), (0.16, _A5, 0.9), (0.32, _F5_SHARP, 0.8), seconds=1.0)
    return np.concatenate([motif, 0.7 * motif])


def _score(*notes: tuple[float, float, float], seconds: float) -> _Wave:
    """Notes of (start in seconds, pitch in Hz, loudness), each left to die away."""
    wave = _rest(seconds)
    for start, pitch, loudness in notes:
        begin = round(start * SAMPLE_RATE)
        wave[begin:] += loudness * _bar(pitch, seconds - start)
    return wave


def _bar(pitch: float, seconds: float) -> _Wave:
    # A bar of wood: the second partial of one that is tuned is two octaves up and soon gone.
    t = _times(seconds)
    body = np.exp(-t / 0.22) * _sine(pitch, seconds)
    strike = 0.12 * np.exp(-t / 0.035) * _sine(4 * pitch, seconds)
    warmth = 0.15 * np.exp(-t / 0.10) * _sine(2 * pitch, seconds)
    return _swelling(body + strike + warmth, 0.008, 0.12)


def _swelling(wave: _Wave, swell: float, fade: float | None = None) -> _Wave:
    """Half a cosine of ``swell`` seconds at its start, one of ``fade`` (or the same) at its end."""
    up = _half_cosine(swell)
    down = _half_cosine(swell if fade is None else fade)[::-1]
    shape = np.ones_like(wave)
    shape[: len(up)] *= up
    shape[len(shape) - len(down) :] *= down
    return wave * shape


def _half_cosine(seconds: float) -> _Wave:
    count = round(seconds * SAMPLE_RATE)
    return 0.5 - 0.5 * np.cos(pi * np.arange(count) / count)


def _sine(pitch: float, seconds: float) -> _Wave:
    return np.sin(2 * pi * pitch * _times(seconds))


def _times(seconds: float) -> _Wave:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _rest(seconds: float) -> _Wave:
    return np.zeros(round(seconds * SAMPLE_RATE))


def _loudest(wave: _Wave, *, dbfs: float) -> _Wave:
    """The wave with its peak there; full scale being 1."""
    peak: float = np.abs(wave).max()
    return wave * (10 ** (dbfs / 20) / peak)


def _samples(wave: _Wave) -> Samples:
    whole = np.pad(wave, (0, -len(wave) % BLOCK))
    return np.rint(whole * FULL_SCALE).astype(np.int16)
