"""How good a call is just now, as one figure for a person.

The figures of a call are counted from its beginning; what is felt is the last few seconds.
"""

from collections import deque
from dataclasses import replace
from typing import TypeVar

from twocan.media.figures import Figures
from twocan.report import opinion

Count = TypeVar("Count", int, float)

SPAN = 5.0
"""Seconds that a look back goes."""
SILENT_SCORE = 1.0
"""Of a call in which nothing arrives any more, though it should."""


class Gauge:
    """Takes a call's figures once in a while, and says how good it was since a moment ago."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Figures]] = deque()

    def look(self, at: float, figures: Figures | None, pictures: float | None) -> float | None:
        """The opinion score, 1 to 5, of what was heard and seen lately; None: nothing is known.

        ``at``: seconds, on any clock that only goes forward. ``pictures``: the score of what is
        seen, None where nothing is.
        """
        if figures is None:
            return None
        before = self._looks[0][1] if self._looks else None
        self._looks.append((at, figures))
        while len(self._looks) > 1 and at - self._looks[1][0] >= SPAN:
            self._looks.popleft()
        heard = opinion(figures if before is None else _since(before, figures))
        if heard is None and figures.received.packets:
            heard = SILENT_SCORE
        scores = [score for score in (heard, pictures) if score is not None]
        return min(scores, default=None)


def _since(before: Figures, now: Figures) -> Figures:
    """What came between two looks."""
    was, has = before.received, now.received
    received = replace(
        has,
        packets=has.packets - was.packets,
        lost=_less(has.lost, was.lost),
        concealed_ms=_less(has.concealed_ms, was.concealed_ms),
    )
    return replace(now, received=received, heard_seconds=now.heard_seconds - before.heard_seconds)


def _less(now: Count | None, before: Count | None) -> Count | None:
    return None if now is None or before is None else now - before
