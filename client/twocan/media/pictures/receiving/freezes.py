"""How often and for how long the picture froze, counted as WebRTC counts it.

W3C, Identifiers for WebRTC's Statistics API, ``freezeCount`` and ``totalFreezesDuration``: a freeze
is an interval between two rendered frames of at least max(3 a, a + 150 ms), where a is the mean of
the last 30 intervals. As in libwebrtc, whose figures these are compared with, the interval itself
is among the 30, there must have been 5, and what follows a pause of the sender is none.

Pure: times are in seconds of one monotonic clock.
"""

from collections import deque
from dataclasses import dataclass

_WINDOW = 30
_FEWEST = 5
_INCREASE = 0.15


@dataclass(frozen=True, slots=True)
class Figures:
    """What was shown: frames, and the seconds during which there was to be something to see;
    freezes, how long they were in all, and the longest. All times in seconds."""

    frames: int = 0
    watched: float = 0.0
    count: int = 0
    seconds: float = 0.0
    longest: float = 0.0

    @property
    def fps(self) -> float:
        """Of the time that was watched, the freezes included."""
        return max(self.frames - 1, 0) / self.watched if self.watched else 0.0

    @property
    def share(self) -> float:
        """How much of the time the picture was frozen, 0 to 1."""
        return min(self.seconds / self.watched, 1.0) if self.watched else 0.0


class Freezes:
    """Is told whenever a frame is shown."""

    def __init__(self) -> None:
        self._intervals: deque[float] = deque(maxlen=_WINDOW)
        self._last: float | None = None
        self._figures = Figures()

    @property
    def count(self) -> int:
        """Freezes that are over."""
        return self._figures.count

    @property
    def seconds(self) -> float:
        """How long they were in all."""
        return self._figures.seconds

    @property
    def longest(self) -> float:
        """How long the longest of them was."""
        return self._figures.longest

    @property
    def fps(self) -> float:
        """Frames shown in a second, of late; 0 where fewer than two were."""
        total = sum(self._intervals)
        return len(self._intervals) / total if total else 0.0

    def shown(self, now: float) -> None:
        """A frame is on the screen."""
        self._figures = self._counted(now, frames=self._figures.frames + 1)
        if self._last is not None:
            self._intervals.append(now - self._last)
        self._last = now

    def paused(self, now: float) -> None:
        """The far side sends no pictures until further notice: nothing of this is a freeze, until
        a frame is shown again."""
        self._figures = self._counted(now, frames=self._figures.frames)
        self._last = None

    def figures(self, now: float) -> Figures:
        """Everything until now, a freeze that goes on included."""
        return self._counted(now, frames=self._figures.frames)

    def _counted(self, now: float, *, frames: int) -> Figures:
        """The figures, if the interval since the last frame ended now."""
        before = self._figures
        interval = max(now - self._last, 0.0) if self._last is not None else 0.0
        frozen = self._is_freeze(interval)
        return Figures(
            frames=frames,
            watched=before.watched + interval,
            count=before.count + frozen,
            seconds=before.seconds + interval * frozen,
            longest=max(before.longest, interval * frozen),
        )

    def _is_freeze(self, interval: float) -> bool:
        latest = [*self._intervals, interval][-_WINDOW:]
        if len(latest) < _FEWEST:
            return False
        mean = sum(latest) / len(latest)
        return interval >= max(3 * mean, mean + _INCREASE)
