"""How long to hold sound back before it is played, learnt from when it came.

Sound is late or early against its timestamp by its transit: when it could first be played, minus
its timestamp. What counts is when a frame could be played at all, from whichever packet: a frame
that was lost and came again as redundancy has a transit too, so that waiting for repairs is
learnt in the same way as waiting for stragglers, and only where repairs do come.

All times here are samples at 48 kHz. A transit alone means nothing, since the two clocks began at
different times: only differences do.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from twocan.media.sound import SAMPLE_RATE

_MS = SAMPLE_RATE // 1000
_BIN = 2 * _MS
_BINS = 300
_MEMORY = 750
"""Frames that are remembered: 15 s. Fewer, and the one straggler in a hundred is forgotten before
the next comes; more, and a bad minute, or a drifting clock, is paid for longer."""

_MEMORY_OF_REPAIRS = 3 * _MEMORY
"""The same for frames that were lost and came again. They are few, and where losses come in rows
there may be none for 15 s: to wait less each time, and more again at the next row, is heard."""

_LATE_COST_MS = 4000.0
"""The delay in ms that it would be worth to get every frame: one in a hundred is worth 40 ms."""

_DEAR = 90 * _MS
_DEARER = 8
"""What is held back beyond 90 ms costs eight times as much: with capture, packets and a network
it takes a call past 150 ms from mouth to ear, where talkers begin to trip (ITU-T G.114)."""

_CHANGE_COST_MS = 10.0
"""What another delay must be better by: to change it is heard, and comes dearer than a few ms."""

_MARGIN = 3 * _MS
"""Held back beyond what was learnt: a sound card and a network thread are not punctual."""

_OUTSIDE = 25
"""Packets in a row beyond all reach after which the old times are taken to be gone: half a second
of frames, longer than any queue that a network lets go of at once."""

_FEW = 3
"""Frames that say nothing yet of how far they may lie apart."""

_LEAD = 5
"""Bins that are kept free before the fastest."""


class Arrivals:
    """Histograms of the latest transits, and the best time to play."""

    def __init__(self, transit: float) -> None:
        self.least = 0.0
        """Samples beyond the fastest by which all are held back, whatever was learnt."""
        self._outside = 0
        self._restart(transit)

    @property
    def target(self) -> float:
        """The transit at which frames are best played."""
        return max(self._target, self._fastest + self.least)

    @property
    def fastest(self) -> float:
        """The transit of the fastest frames of late, to 2 ms."""
        return self._fastest

    def came(self, transit: float, *, repaired: bool = False) -> None:
        """A frame can be played that could not be before; ``repaired``: it was lost, and this is
        from a later packet."""
        place = int(transit // _BIN)
        if not -_BINS < place - self._origin < 2 * _BINS:
            self._outside += 1
            if self._outside < _OUTSIDE:
                return
            self._restart(transit)
        self._outside = 0
        self._move(min(place - self._origin, 0))
        self._heard += 1
        (self._repaired if repaired else self._prompt).add(place, self._heard, self._origin)
        self._choose(transit)

    def _restart(self, transit: float) -> None:
        place = int(transit // _BIN)
        self._origin = place - _LEAD
        self._prompt, self._repaired = (
            _Histogram(_MEMORY),
            _Histogram(_MEMORY_OF_REPAIRS),
        )
        self._heard = 1
        self._prompt.add(place, 1, self._origin)
        self._fastest = transit
        self._best: int | None = None
        self._choose(transit)

    def _choose(self, transit: float) -> None:
        """Where a millisecond more costs as much as the frames are worth that it would save."""
        self._repaired.forget(self._heard, self._origin)
        early = self._prompt.early(self._heard) + self._repaired.early(self._heard)
        first = int(early.searchsorted(0, "right"))
        cost = _COSTS[_BINS - first : 2 * _BINS - first] - _LATE_COST_MS * early
        cheapest = int(cost.argmin())
        cheapest += self._unseen(cheapest - first)
        held = None if self._best is None else min(max(self._best - self._origin, 0), _BINS - 1)
        if held is None or cost[held] - cost[cheapest] > _CHANGE_COST_MS:
            held = cheapest
        self._best = self._origin + held
        self._target = _BIN * (self._best + 1) + _MARGIN
        edge = _BIN * (self._origin + first)
        self._fastest = min(max(self._fastest, edge), edge + _BIN, transit)
        if first > _BINS // 10:
            self._move(first - _LEAD)

    def _unseen(self, spread: int) -> int:
        """Bins by which what was seen falls short of what will be seen yet.

        Were all delays up to some limit alike, n frames would span (n - 1) / (n + 1) of it.
        """
        if self._heard <= _FEW:
            return 0
        room = max(_DEAR // _BIN - spread, 0)
        return min(round(spread * 2 / (self._heard - 1)), room)

    def _move(self, places: int) -> None:
        """Begin the histograms so many bins later: clocks drift, and networks change."""
        if places:
            self._origin += places
            self._prompt.move(places)
            self._repaired.move(places)


class _Histogram:
    """Transits of the frames among the latest ``memory`` ones, from an origin on."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._latest: deque[tuple[int, int]] = deque()
        self._counts = np.zeros(_BINS)

    def add(self, place: int, number: int, origin: int) -> None:
        """Count a transit, that of frame ``number``."""
        self._latest.append((number, place))
        self._counts[_bin(place, origin)] += 1
        self.forget(number, origin)

    def forget(self, number: int, origin: int) -> None:
        while self._latest and self._latest[0][0] <= number - self._memory:
            self._counts[_bin(self._latest.popleft()[1], origin)] -= 1

    def early(self, number: int) -> npt.NDArray[np.float64]:
        """The share of all frames that were here, and were so by the end of each bin."""
        return self._counts.cumsum() / min(number, self._memory)

    def move(self, places: int) -> None:
        moved = np.zeros(_BINS)
        if places > 0:
            moved[:-places] = self._counts[places:]
        else:
            moved[-places:] = self._counts[:places]
            moved[-1] += self._counts[places:].sum()
        self._counts = moved


def _bin(place: int, origin: int) -> int:
    return min(max(place - origin, 0), _BINS - 1)


_DELAYS = np.arange(1 - _BINS, _BINS + 1) * (_BIN / _MS)
_COSTS = _DELAYS + (_DEARER - 1) * np.maximum(_DELAYS - _DEAR / _MS, 0)
