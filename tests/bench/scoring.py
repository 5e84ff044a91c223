"""How good the sound is that came out of a call, against the sound that went in.

What was said and what was heard lie on one clock. Each turn of speech is found in what was heard
by cross-correlation and judged by itself (PESQ, which aligns what is inside it on its own); the
delay, the silence and STOI go by pieces of a second, for a playout buffer that stretches time
moves within a turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from pesq import PesqError, pesq
from pystoi import stoi
from scipy.signal import correlate, resample_poly

RATE = 48000
_RATE_JUDGED = 16000
_PIECE = RATE
_FRAME = RATE // 100
_MOST_DELAY_SECONDS = 1.5
_ENOUGH_SECONDS = 5.0
"""Of a script, to be found by."""
_SURE = 0.5
"""The correlation from which on a piece was found."""
_SPEECH_DBOV, _SILENCE_DBOV = -48.0, -60.0
_AROUND = 2
"""Frames on either side that have to be speech as well before one has to be heard: what is left of
the alignment's error, and the edges that a fade may have."""
_WORST_PESQ = 1.0

Sound = npt.NDArray[np.int16]
Signal = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Take:
    """What was said at one end and heard at the other, 48 kHz mono, each with the time in seconds
    at which its first sample was in the air there."""

    said: Sound
    said_at: float
    heard: Sound
    heard_at: float

    def starts(self, delay: int) -> int:
        """Where in ``heard`` is what was said at 0, if it took ``delay`` samples."""
        return round((self.said_at - self.heard_at) * RATE) + delay


@dataclass(frozen=True, slots=True)
class Score:
    """Of one take. ``pesq_wb`` is the mean over the turns, ``delay_ms`` the median over pieces."""

    pesq_wb: float
    stoi: float
    delay_ms: float
    silence_ms: float


class Unheard(Exception):
    """Nothing of what was said came out: there is nothing to judge."""


def from_the_start(take: Take, script: Sound) -> Take:
    """A take whose ``said`` was recorded as well, cut to where ``script`` begins in it.

    Raises Unheard where it was not said.
    """
    among = take.said.astype(np.float64)
    wanted = script[: int(_ENOUGH_SECONDS * RATE)].astype(np.float64)
    if among.size < wanted.size:
        raise Unheard("what was said was not recorded to its end")
    start, likeness = _likest(among, wanted)
    if likeness < _SURE:
        raise Unheard("what was to be said is not in what was recorded of it")
    return replace(take, said=take.said[start:], said_at=take.said_at + start / RATE)


def judge(take: Take, turns: Sequence[slice]) -> Score:
    """Raises Unheard where no piece of the speech is in what was heard."""
    pieces = [_Found(piece, lag) for piece, lag in _pieces(take, turns)]
    if not pieces:
        raise Unheard("nothing that was said could be found in what was heard")
    lags = _lag_of_each(pieces, turns)
    said = np.concatenate([take.said[piece] for piece, _ in lags])
    heard = np.concatenate([_cut(take, piece, lag) for piece, lag in lags])
    return Score(
        pesq_wb=float(np.mean([_pesq(take, turn, pieces) for turn in turns])),
        stoi=float(stoi(_narrow(said), _narrow(heard), _RATE_JUDGED)),
        delay_ms=float(np.median([found.lag for found in pieces])) / RATE * 1000,
        silence_ms=float(sum(_silence_ms(take, piece, lag) for piece, lag in lags)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece of what was said, and how many samples later it was heard."""

    piece: slice
    lag: int


def _pieces(take: Take, turns: Sequence[slice]) -> Iterator[tuple[slice, int]]:
    for piece in _cut_up(turns):
        lag, likeness = _find(take, piece)
        if likeness >= _SURE:
            yield piece, lag


def _cut_up(turns: Sequence[slice]) -> Iterator[slice]:
    for turn in turns:
        for start in range(turn.start, turn.stop, _PIECE):
            yield slice(start, min(start + _PIECE, turn.stop))


def _lag_of_each(found: Sequence[_Found], turns: Sequence[slice]) -> list[tuple[slice, int]]:
    """Every piece, those that were not found with the lag of the nearest that was."""
    return [
        (piece, min(found, key=lambda f: abs(f.piece.start - piece.start)).lag)
        for piece in _cut_up(turns)
    ]


def _find(take: Take, piece: slice) -> tuple[int, float]:
    """How much later it was heard, in samples, and how like it what was heard there is (0 to 1)."""
    wanted = take.said[piece].astype(np.float64)
    longest = int(_MOST_DELAY_SECONDS * RATE)
    among = _stretch(take, piece.start, 0, wanted.size + longest)
    return _likest(among, wanted)


def _likest(among: Signal, wanted: Signal) -> tuple[int, float]:
    likeness = correlate(among, wanted, "valid", "fft")
    energy = _running_energy(among, wanted.size)
    norm = np.sqrt(energy * (wanted @ wanted))
    likeness = np.divide(likeness, norm, out=np.zeros_like(likeness), where=norm > _FRAME)
    best = int(np.argmax(likeness))
    return best, float(likeness[best])


def _running_energy(signal: Signal, length: int) -> Signal:
    total = np.concatenate([[0.0], np.cumsum(signal**2)])
    energy: Signal = np.maximum(total[length:] - total[:-length], 0.0)
    return energy


def _cut(take: Take, piece: slice, lag: int) -> Sound:
    return _stretch(take, piece.start, lag, piece.stop - piece.start).astype(np.int16)


def _stretch(take: Take, start: int, lag: int, length: int) -> Signal:
    """What was heard from then on; silence before the first sample and behind the last."""
    at = take.starts(lag) + start
    inside = take.heard[max(at, 0) : max(at + length, 0)].astype(np.float64)
    before = min(max(-at, 0), length)
    return np.pad(inside, (before, length - before - inside.size))


def _pesq(take: Take, turn: slice, found: Sequence[_Found]) -> float:
    inside = [f.lag for f in found if turn.start <= f.piece.start < turn.stop]
    if not inside:
        return _WORST_PESQ
    said, heard = take.said[turn], _cut(take, turn, int(np.median(inside)))
    score = pesq(
        _RATE_JUDGED, _narrow(said), _narrow(heard), "wb", on_error=PesqError.RETURN_VALUES
    )
    return max(float(score), _WORST_PESQ)


def _silence_ms(take: Take, piece: slice, lag: int) -> float:
    """How much of what has to be heard came out as silence."""
    edge = _AROUND * _FRAME
    around = slice(max(piece.start - edge, 0), piece.stop + edge)
    speech = _levels(take.said[around]) > _SPEECH_DBOV
    silent = _levels(_cut(take, around, lag)) < _SILENCE_DBOV
    count = min(speech.size, silent.size)
    wanted = np.array([speech[max(i - _AROUND, 0) : i + _AROUND + 1].all() for i in range(count)])
    inner = slice(_AROUND, count - _AROUND)
    return float(np.sum(wanted[inner] & silent[:count][inner])) * 1000 * _FRAME / RATE


def _levels(sound: Sound) -> Signal:
    """Of each frame, in dBov."""
    frames = sound[: sound.size // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    levels: Signal = 10 * np.log10(np.mean(frames**2, axis=1) / 32768**2 + 1e-12)
    return levels


def _narrow(sound: Sound) -> Sound:
    narrow = resample_poly(sound.astype(np.float64), _RATE_JUDGED, RATE)
    judged: Sound = np.rint(narrow.clip(-32768, 32767)).astype(np.int16)
    return judged
