"""How good pictures look, in all and of late, from what was counted. Pure."""

from collections import deque
from dataclasses import dataclass

from twocan.media.pictures.quality import quality

_LATELY = 10
"""So many counts are remembered: at two a second, 5 s."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted until a moment. Times in seconds."""

    packets: int = 0
    bytes: int = 0
    lost: int = 0
    repaired: int = 0
    frames: int = 0
    watched: float = 0.0
    freezes: int = 0
    frozen: float = 0.0


class Looks:
    """Remembers what was counted of late."""

    def __init__(self) -> None:
        self._lately: deque[Counted] = deque([Counted()], maxlen=_LATELY)

    def remember(self, counted: Counted) -> None:
        """Until now; said twice a second."""
        self._lately.append(counted)

    def lately(self, counted: Counted, size: tuple[int, int], delay: float) -> float:
        """The opinion of the last few seconds, 1 to 5. ``delay``: camera to screen, in seconds."""
        return _opinion(self._lately[0], counted, size, delay)

    def whole(self, counted: Counted, size: tuple[int, int], delay: float) -> float:
        """The opinion of all."""
        return _opinion(Counted(), counted, size, delay)


def _opinion(since: Counted, until: Counted, size: tuple[int, int], delay: float) -> float:
    watched, packets = until.watched - since.watched, until.packets - since.packets
    if watched <= 0 or packets <= 0:
        return 1.0
    missing = max(until.lost - since.lost - (until.repaired - since.repaired), 0)
    return quality(
        *size,
        (until.frames - since.frames) / watched,
        (until.bytes - since.bytes) * 8 / 1000 / watched,
        (until.frozen - since.frozen) / watched,
        missing / (packets + missing),
        delay * 1000,
    )
