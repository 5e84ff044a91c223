"""Who may ring, where somebody calls again and again: from one address, or from ever new ones.

Each caller may ring a few times in a row, and then now and then. All whom the person does not know
share what is left to strangers. Who is turned away finds nobody there: it neither rings nor is
written down, so that calls without end neither wear a person out nor push out their history.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """So many in a row, and one more after so many seconds each."""

    in_a_row: int
    every: float


CALLER = Pace(6, 20.0)
"""Who got no answer tries again; nobody does so more often for long."""
STRANGERS = Pace(30, 10.0)


class Porter:
    """``knows``: whether the person has to do with whoever is at a bare address."""

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._callers: dict[str, Turn] = {}
        """Of those who called lately."""
        self._strangers = Turn(STRANGERS)

    def admits(self, peer: str, at: float) -> bool:
        """Whether a call from ``peer`` at ``at``, in seconds, may ring."""
        self._callers = {who: turn for who, turn in self._callers.items() if turn.until > at}
        caller = self._callers.get(peer) or Turn(CALLER)
        if not caller.free(at) or not (self._knows(peer) or self._strangers.takes(at)):
            return False
        self._callers[peer] = caller
        return caller.takes(at)


class Turn:
    """Counts by time alone: each call taken moves ``until`` on, which time catches up with."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.until = float("-inf")
        """When everything was made up for."""

    def free(self, at: float) -> bool:
        """Whether one more may come."""
        return max(self.until, at) - at <= (self._pace.in_a_row - 1) * self._pace.every

    def takes(self, at: float) -> bool:
        """Take one more, if it may come."""
        free = self.free(at)
        if free:
            self.until = max(self.until, at) + self._pace.every
        return free
