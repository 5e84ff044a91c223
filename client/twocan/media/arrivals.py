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

from twocan.media.sound import SAMPLE_RATE

_MS = SAMPLE_RATE // 1000
_BIN = 2 * _MS
_BINS = 300
_MEMORY = 750
"""Frames that are remembered: 15 s. Fewer, and the one straggler in a hundred is forgotten before
the next comes; more, and a bad minute, or a drifting clock, is paid for longer."""

_LATE_COST_MS = 4000.0
"""The delay in ms that it would be worth to get every frame: one in a hundred is worth 40 ms."""

_DEAR = 90 * _MS
_DEARER = 8
"""What is held back beyond 90 ms costs eight times as much: with capture, packets and a network
it takes a call past 150 ms from mouth to ear, where talkers begin to trip (ITU-T G.114)."""

_CHANGE_COST_MS = 10.0
"""What another delay must be better by: to change it is heard, and comes dearer than a few ms."""

_MARGIN = 4 * _MS
"""Held back beyond what was learnt: a sound card and a network thread are not punctual."""

_OUTSIDE = 25
"""Packets in a row beyond all reach after which the old times are taken to be gone: half a second
of frames, longer than any queue that a network lets go of at once."""

_LEAD = 5
"""Bins that are kept free before the fastest."""


class Arrivals:
    """A histogram of the latest transits, and the best time to play."""

    def __init__(self, transit: float) -> None:
        self._outside = 0
        self._restart(transit)

    @property
    def target(self) -> float:
        """The transit at which frames are best played."""
        return self._target

    @property
    def fastest(self) -> float:
        """The transit of the fastest frames of late, to 2 ms."""
        return self._fastest

    def came(self, transit: float) -> None:
        """A frame can be played that could not be before."""
        place = int(transit // _BIN)
        if not -_BINS < place - self._origin < 2 * _BINS:
            self._outside += 1
            if self._outside < _OUTSIDE:
                return
            self._restart(transit)
        self._outside = 0
        self._latest.append(place)
        self._move(min(place - self._origin, 0))
        self._counts[self._bin(place)] += 1
        if len(self._latest) > _MEMORY:
            self._counts[self._bin(self._latest.popleft())] -= 1
        self._choose(transit)

    def _restart(self, transit: float) -> None:
        place = int(transit // _BIN)
        self._origin = place - _LEAD
        self._latest = deque([place])
        self._counts = np.zeros(_BINS)
        self._counts[_LEAD] = 1
        self._fastest = transit
        self._best: int | None = None
        self._choose(transit)

    def _bin(self, place: int) -> int:
        return min(max(place - self._origin, 0), _BINS - 1)

    def _choose(self, transit: float) -> None:
        """Where a millisecond more costs as much as the frames are worth that it would save."""
        early = np.cumsum(self._counts)
        first = int(np.searchsorted(early, 0.5))
        worth = _LATE_COST_MS / len(self._latest)
        cost = _COSTS[_BINS - first : 2 * _BINS - first] - worth * early
        cheapest = int(cost.argmin())
        held = None if self._best is None else self._bin(self._best)
        if held is None or cost[held] - cost[cheapest] > _CHANGE_COST_MS:
            held = cheapest
        self._best = self._origin + held
        self._target = _BIN * (self._best + 1) + _MARGIN
        edge = _BIN * (self._origin + first)
        self._fastest = min(max(self._fastest, edge), edge + _BIN, transit)
        if first > _BINS // 10:
            self._move(first - _LEAD)

    def _move(self, places: int) -> None:
        """Begin the histogram so many bins later: clocks drift, and networks change."""
        if not places:
            return
        moved = np.zeros(_BINS)
        if places > 0:
            moved[:-places] = self._counts[places:]
        else:
            moved[-places:] = self._counts[:places]
            moved[-1] += self._counts[places:].sum()
        self._counts = moved
        self._origin += places


_DELAYS = np.arange(1 - _BINS, _BINS + 1) * (_BIN / _MS)
_COSTS = _DELAYS + (_DEARER - 1) * np.maximum(_DELAYS - _DEAR / _MS, 0)
