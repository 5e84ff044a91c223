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
LATE = 5.0
"""Seconds from when somebody called to when it is told, from which on a call is one of before."""
CALLER_BEFORE = Pace(10, 360.0)
STRANGERS_BEFORE = Pace(100, 36.0)
"""Calls of before, by when they are told: when they came may be the caller's own word (XEP-0203),
who would have a day's worth of times to call at in a moment."""


class Porter:
    """``knows``: whether the person has to do with whoever is at a bare address."""

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._when_called = _Counter(knows, CALLER, STRANGERS)
        self._when_told = _Counter(knows, CALLER_BEFORE, STRANGERS_BEFORE)

    def admits(self, peer: str, at: float, now: float) -> bool:
        """Whether a call from ``peer`` at ``at``, in seconds, that is told ``now`` may ring."""
        if now - at < LATE:
            return self._when_called.admits(peer, at)
        return self._when_told.free(peer, now) and (
            self._when_called.admits(peer, at) and self._when_told.admits(peer, now)
        )


class _Counter:
    """Counts by one clock."""

    def __init__(self, knows: Callable[[str], bool], caller: Pace, strangers: Pace) -> None:
        self._knows, self._pace = knows, caller
        self._callers: dict[str, Turn] = {}
        """Of those who called lately."""
        self._strangers = Turn(strangers)

    def free(self, peer: str, at: float) -> bool:
        """Whether this peer may call once more, and if it is a stranger, strangers may."""
        free = self._knows(peer) or self._strangers.free(at)
        return free and self._turn(peer).free(at)

    def admits(self, peer: str, at: float) -> bool:
        """The same; and if so, it is counted."""
        self._callers = {who: turn for who, turn in self._callers.items() if turn.until > at}
        if not self.free(peer, at):
            return False
        if not self._knows(peer):
            self._strangers.takes(at)
        caller = self._callers[peer] = self._turn(peer)
        return caller.takes(at)

    def _turn(self, peer: str) -> "Turn":
        return self._callers.get(peer) or Turn(self._pace)


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
