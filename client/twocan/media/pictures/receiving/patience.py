"""How long the voice waits for the lips, where pictures take longer than sound. Pure.

Sound is what a call is about, so it waits only where lips would be seen to be late, for as long as
they are, and never beyond what a talk bears.
"""

from collections import deque

EVERY = 0.5
"""Seconds between two looks."""
MOST = 0.12
"""Seconds that the voice waits at most, beyond what it needs itself."""
TOLERATED = 0.025
"""Seconds by which lips are late without anybody noticing (``showing``), and some are later."""

_MORE, _LESS = 0.02, 0.01
"""Seconds that a look adds at most, or takes away."""
_SHORT_FOR = 4
"""Looks in a row for which lips have to be late."""
_SETTLED = 8
"""Looks after which it is known how late they are: a first picture is larger than any other."""


class Patience:
    """Looks at how late the lips are, twice a second."""

    def __init__(self, now: float) -> None:
        self._looked_at = now
        self._shorts: deque[float] = deque(maxlen=_SETTLED)
        self.seconds = 0.0
        """How long the voice is to wait."""

    def is_due(self, now: float) -> bool:
        """Whether it is time for another look."""
        return now - self._looked_at >= EVERY

    def look(self, short: float, now: float) -> None:
        """``short``: seconds by which the voice is sooner than the pictures could be."""
        self._looked_at = now
        self._shorts.append(short)
        lasting = min(list(self._shorts)[-_SHORT_FOR:]) if len(self._shorts) == _SETTLED else 0.0
        step = min(max(lasting - TOLERATED, -_LESS), _MORE)
        self.seconds = min(max(self.seconds + step, 0.0), MOST)
