"""A screen, and how long pictures took from the far side's camera to it, where they tell."""

from collections import deque
from statistics import median

from twocan.media.pictures.filming import pattern
from twocan.media.pictures.picture import Coded, Picture, Screen
from twocan.media.sound import Samples

_SEARCH, _RARELY = 30, 60
"""Pictures in which the marks of a test picture are looked for, and of which later each so many."""

_ONE_CLOCK = 60.0
"""Seconds beyond which a test picture's time is that of another machine, or a lie."""

_RECENT = 600
"""Pictures whose delay is remembered."""


class Glass:
    """A screen that reads test pictures (``pattern``)."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._looked = 0
        self._delays: deque[float] = deque(maxlen=_RECENT)
        self.showing = False
        """Whether pictures are to be seen."""

    @property
    def delay(self) -> float | None:
        """The median of late, in seconds; None where no test picture was seen."""
        return median(self._delays.copy()) if self._delays else None

    def hear(self, block: Samples, at: float) -> None:
        self._screen.hear(block, at)

    def show(self, picture: Picture, coded: Coded) -> None:
        if not self.showing:
            return
        self._screen.show(picture, coded)
        self._looked += 1
        if self._delays or self._looked <= _SEARCH or self._looked % _RARELY == 0:
            mark = pattern.read(picture)
            if mark is not None and 0 <= picture.at - mark.at < _ONE_CLOCK:
                self._delays.append(picture.at - mark.at)

    def close(self) -> None:
        """The screen is closed by who opened it."""
