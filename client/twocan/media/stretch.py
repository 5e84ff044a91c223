"""Makes sound shorter or longer without changing its pitch, and joins pieces without a click.

Waveform-similarity overlap-add: a voice repeats itself every 2.5 to 15 ms, and whole periods can
be left out or said twice. Everything is mono at 48 kHz, 16 bit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twocan.media.sound import SAMPLE_RATE, Samples

FADE = SAMPLE_RATE // 200
"""Over how many samples one piece goes over into the next: 5 ms, the period of a high voice."""

LONGEST = SAMPLE_RATE * 15 // 1000
"""The longest period: that of a voice of 67 Hz."""

SHORTEST = SAMPLE_RATE * 5 // 2000
"""The shortest: 400 Hz. Higher voices repeat within it as well."""

_STEP = 6
_WINDOW = SAMPLE_RATE // 100
"""What is compared: long enough to hold a period of most voices."""

_UP = np.linspace(0, 1, FADE, dtype=np.float32)
_DOWN = 1 - _UP

_Wave = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """``lag``: how far apart two like pieces begin. ``likeness``: 1 if they are the same."""

    lag: int
    likeness: float


def repeats_ahead(sound: Samples, longest: int = LONGEST) -> Match:
    """After how long ``sound`` does what it does at its beginning."""
    return _search(_coarse(sound), 0, SHORTEST, min(longest, len(sound) - FADE))


def repeats_behind(before: Samples, sound: Samples) -> Match:
    """How long ago, in ``before``, what ``sound`` begins with was there already."""
    both = np.concatenate((before, sound[:_WINDOW]))[::-1]
    return _search(_coarse(both), 0, SHORTEST, min(LONGEST, len(before)))


def without(sound: Samples, lag: int) -> Samples:
    """``sound`` shorter by ``lag``, at its beginning. It is at least ``lag + FADE`` long."""
    return np.concatenate((_over(sound, sound[lag:]), sound[lag + FADE :]))


def twice(before: Samples, sound: Samples, lag: int) -> Samples:
    """``sound``, longer by the last ``lag`` of ``before``, which are said again.

    ``lag`` is at most the length of ``before``; ``sound`` is at least ``FADE`` long.
    """
    again = np.concatenate((before[len(before) - lag :], sound))
    return np.concatenate((_over(sound, again), again[FADE:]))


def join(tail: Samples, sound: Samples, reach: int) -> tuple[Samples, int]:
    """``sound`` after what ``tail`` would go on with, and how much of it was left out.

    Up to ``reach`` samples are left out so that the two are alike where they meet.
    """
    lag = 0
    reach = min(reach, len(sound) - FADE)
    if reach >= _STEP:
        lag = _best(_coarse(tail[:_WINDOW]), _coarse(sound), 0, reach).lag
    return np.concatenate((_over(tail, sound[lag:]), sound[lag + FADE :])), lag


def _over(tail: Samples, sound: Samples) -> Samples:
    fade = min(FADE, len(sound))
    return (tail[:fade] * _DOWN[-fade:] + sound[:fade] * _UP[-fade:]).astype(np.int16)


def _coarse(sound: Samples) -> _Wave:
    """At 8 kHz, where a search costs little and a period is still found to a sixtieth."""
    whole = len(sound) // _STEP * _STEP
    coarse: _Wave = sound[:whole].reshape(-1, _STEP).mean(1, dtype=np.float32)
    return coarse


def _search(wave: _Wave, start: int, shortest: int, longest: int) -> Match:
    window = min(_WINDOW // _STEP, len(wave) - longest // _STEP)
    return _best(wave[start : start + window], wave, shortest, longest)


def _best(piece: _Wave, wave: _Wave, shortest: int, longest: int) -> Match:
    """Where in ``wave``, between the two lags, it is most like ``piece``."""
    low, high = shortest // _STEP, longest // _STEP
    size = min(len(piece), len(wave) - high)
    piece = piece[:size]
    places = np.lib.stride_tricks.sliding_window_view(wave, size)[low : high + 1]
    powers = np.einsum("ij,ij->i", places, places) * (piece @ piece)
    likeness = (places @ piece) / np.sqrt(powers + 1)
    best = int(likeness.argmax())
    return Match((low + best) * _STEP, float(likeness[best]))
