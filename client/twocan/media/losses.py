"""Which packets were lost, told by who missed them to who sent them.

A receiver report tells how many were lost, not how they lay, and what helps against losses in a
row is not what helps against scattered ones. The numbers of the lost ones go beside each report
as a generic NACK (RFC 4585 §6.2.1), each twice, since that message may be lost as well. Nobody
sends the packets again: they would come too late to be heard. Pure.
"""

from collections import deque
from collections.abc import Iterable

_SEQUENCES = 1 << 16

_OVERTAKEN = 6
"""So many packets later, what is missing counts as lost: 120 ms of speech."""

_MOST = 250
"""Numbers in one message at most. A longer gap is no row of losses but a pause of the way."""


class Missed:
    """Keeps count of what did not come, at the receiver."""

    def __init__(self) -> None:
        self._highest: int | None = None
        self._missing: set[int] = set()
        """Numbers as in ``_highest``, which does not wrap."""
        self._told: set[int] = set()

    def add(self, sequence: int) -> None:
        """A packet came."""
        if self._highest is None:
            self._highest = sequence
            return
        half = _SEQUENCES // 2
        step = (sequence - self._highest + half) % _SEQUENCES - half
        if step <= 0:
            self._missing.discard(self._highest + step)
            return
        new = range(self._highest + 1, self._highest + step)
        if len(self._missing) + len(new) <= _MOST:
            self._missing.update(new)
        self._highest += step

    def take(self) -> list[int]:
        """The numbers of those lost since this was asked the time before last, the lowest first.

        From 0 to 65535, as they are sent.
        """
        if self._highest is None:
            return []
        settled = self._highest - _OVERTAKEN
        lost = {number for number in self._missing if number <= settled}
        self._missing -= lost
        before, self._told = self._told, lost
        return sorted(number % _SEQUENCES for number in before | lost)


class Runs:
    """Counts the unbroken runs of what was lost, at the sender."""

    def __init__(self) -> None:
        self.count = 0
        self._recent: deque[int] = deque(maxlen=4 * _MOST)

    def add(self, lost: Iterable[int]) -> None:
        """Numbers of lost packets, as the far end sent them: any at all, and some again."""
        for number in lost:
            if number in self._recent:
                continue
            if (number - 1) % _SEQUENCES not in self._recent:
                self.count += 1
            self._recent.append(number)
