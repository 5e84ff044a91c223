"""Is this the same speech? Decided by correlation, since a level alone would take noise for it.

What was sent is looked for in what was heard, whole, to find how late it came. It is then cut into
pieces, and each is looked for again close to that delay: a receiver may stretch or skip a little
on the way, and one lost packet must not hide that everything else arrived.
"""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

RATE = 8000  # Hz: the band in which every codec of speech keeps the shape of the wave
PIECE_SECONDS = 0.5
DRIFT_SECONDS = 0.2  # how far a piece may lie from where the whole was found
QUIET = 0.05  # of the loudest piece: less is a pause, which any silence would resemble
SAME_SPEECH = 0.6  # measured: other speech and noise stay below 0.2, Opus at 6 kb/s above 0.8
AUDIBLE = 1e-3  # of full scale, -60 dBFS


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples from -1 to 1, `rate` of them a second."""

    samples: Samples
    rate: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of one sound is in another.

    `correlation` goes from 0 to 1; `delay` is in seconds, below 0 where the start was not heard;
    `level` is that of the part heard, RMS, of full scale.
    """

    correlation: float
    delay: float
    level: float

    @property
    def same(self) -> bool:
        return self.correlation >= SAME_SPEECH and self.level >= AUDIBLE


def read_wav(path: Path) -> Sound:
    """A 16-bit PCM file, its channels mixed into one.

    Raises:
        ValueError: it is no such file, or it is empty.
    """
    try:
        with wave.open(str(path)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as fault:
        raise ValueError(f"{path} cannot be read as a wav file: {fault}") from fault
    if width != 2 or not data:
        raise ValueError(f"{path} holds no 16-bit sound")
    samples = np.frombuffer(data, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    return Sound(samples, rate)


def likeness(sent: Sound, heard: Sound) -> Likeness:
    """Look for `sent` in `heard`."""
    if not sent.samples.any() or not heard.samples.any():
        return Likeness(correlation=0.0, delay=0.0, level=0.0)
    wanted, there = _at_our_rate(sent), _at_our_rate(heard)
    lag = _lag(wanted, there)
    found = [_look_for(piece, there, start + lag) for start, piece in _pieces(wanted)]
    correlations, levels = np.array(found).T
    # The worst quarter may be lost, as the first words are while a call connects; the rest may not.
    correlation = float(np.quantile(correlations, 0.25))
    return Likeness(max(correlation, 0.0), lag / RATE, float(np.median(levels)))


def _at_our_rate(sound: Sound) -> Samples:
    """Resampled by cutting the spectrum, which is exact for any two rates."""
    count = round(len(sound.samples) * RATE / sound.rate)
    spectrum = np.fft.rfft(sound.samples)[: count // 2 + 1]
    return np.fft.irfft(spectrum, count) * count / len(sound.samples)


def _lag(wanted: Samples, there: Samples) -> int:
    """How many samples later `wanted` is found in `there`; below 0 where its start is cut off."""
    pad = len(wanted) // 2  # less than half of it would be likeness by chance
    padded = np.concatenate([np.zeros(pad), there, np.zeros(pad)])
    return int(np.argmax(_correlations(wanted, padded))) - pad


def _pieces(wanted: Samples) -> list[tuple[int, Samples]]:
    """The parts that are not pauses, each with its place."""
    length = int(PIECE_SECONDS * RATE)
    cut = [(at, wanted[at : at + length]) for at in range(0, len(wanted) - length + 1, length)]
    loudest = max((_level(piece) for _, piece in cut), default=0.0)
    return [(at, piece) for at, piece in cut if _level(piece) > QUIET * loudest] or [(0, wanted)]


def _look_for(piece: Samples, there: Samples, place: int) -> tuple[float, float]:
    """The best correlation and its level, no farther from `place` than a receiver may drift."""
    drift = int(DRIFT_SECONDS * RATE)
    padded = np.pad(there, drift + len(piece))
    start = min(max(place + len(piece), 0), len(padded) - len(piece) - 2 * drift)
    window = padded[start : start + len(piece) + 2 * drift]
    correlations = _correlations(piece, window)
    best = int(np.argmax(correlations))
    return float(correlations[best]), _level(window[best : best + len(piece)])


def _correlations(wanted: Samples, there: Samples) -> Samples:
    """The normalised correlation of `wanted` with each stretch of `there` that is as long."""
    size = 1 << (len(there) + len(wanted)).bit_length()
    products = np.fft.irfft(np.fft.rfft(there, size) * np.fft.rfft(wanted, size).conj(), size)
    energies = np.cumsum(np.concatenate([[0.0], there**2]))
    energies = energies[len(wanted) :] - energies[: -len(wanted)]
    # Where there is next to nothing, the error of the transform would pass for likeness.
    floor = len(wanted) * AUDIBLE**2 / 100
    found: Samples = products[: len(energies)] / np.sqrt(
        np.maximum(energies, floor) * (wanted**2).sum()
    )
    return found


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
