"""What is said in measured calls with pictures: a hum that never stops, with a mark now and then.

By the hum it is known when nothing was heard, and by the marks how late the sound was there, to be
held against how late the pictures were.
"""

from collections.abc import Iterator
from random import Random

import numpy as np
from scipy.signal import chirp, correlate

from scoring import RATE, Signal, Sound, Take

_EVERY_SECONDS = 1.8, 2.8
"""From one mark to the next, at least and at most: never the same, so that each is known by when
the others are."""
_MARK_SECONDS = 0.04
_MOST_DELAY_SECONDS = 1.5
_SURE = 0.5
_HUM, _MARK = 0.1, 0.35
"""How loud, of full scale."""
_FRAME = RATE // 100
_UNHEARD = 0.003
"""The loudest that a frame may be that was not heard, root mean square of full scale: 30 dB under
the hum."""


def say(seconds: float) -> Sound:
    """So much of it, 48 kHz."""
    time = np.arange(int(seconds * RATE)) / RATE
    # Louder and softer as speech is, so that nobody takes it for a noise to be left out.
    swelling = 0.7 + 0.3 * np.sin(2 * np.pi * 4 * time)
    said = _HUM * swelling * sum(np.sin(2 * np.pi * f * time) / f * 200 for f in (200, 400, 600))
    mark = _MARK * _mark()
    for start in _starts(said.size):
        said[start : start + mark.size] += mark
    sound: Sound = np.rint(said * 32767).astype(np.int16)
    return sound


def delays(take: Take) -> list[tuple[float, float]]:
    """When each mark was said, and how many seconds later it was heard, if it was."""
    heard = take.heard.astype(np.float64) / 32768
    found = []
    for start in _starts(take.said.size):
        at = take.starts(start)
        among = heard[max(at, 0) : max(at, 0) + int(_MOST_DELAY_SECONDS * RATE)]
        late = _find(among) if at >= 0 else None
        if late is not None:
            found.append((take.said_at + start / RATE, late))
    return found


def longest_gap(take: Take, since: float, until: float) -> float:
    """The longest time, in seconds, in which nothing was heard, between two points in time."""
    first, last = (max(int((at - take.heard_at) * RATE), 0) for at in (since, until))
    heard = take.heard[first:last].astype(np.float64) / 32768
    frames = heard[: heard.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    silent = np.sqrt(np.mean(frames**2, axis=1)) < _UNHEARD
    longest = run = 0
    for is_silent in silent:
        run = run + 1 if is_silent else 0
        longest = max(longest, run)
    return longest * _FRAME / RATE


def _starts(samples: int) -> Iterator[int]:
    """Of the marks in so much sound that are whole."""
    dice = Random(0)
    start = RATE
    while start + int(_MARK_SECONDS * RATE) < samples:
        yield start
        start += int(dice.uniform(*_EVERY_SECONDS) * RATE)


def _mark() -> Signal:
    time = np.arange(int(_MARK_SECONDS * RATE)) / RATE
    mark: Signal = chirp(time, 1500, _MARK_SECONDS, 3500) * np.hanning(time.size)
    return mark


def _find(among: Signal) -> float | None:
    """How many seconds into it the mark is."""
    mark = _mark()
    if among.size < mark.size:
        return None
    likeness = correlate(among, mark, "valid", "fft")
    best = int(np.argmax(likeness))
    there = among[best : best + mark.size]
    norm = float(np.sqrt(there @ there * (mark @ mark)))
    return best / RATE if norm and likeness[best] / norm > _SURE else None
