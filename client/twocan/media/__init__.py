"""The sound, and later the pictures, of calls: what a phone needs of them.

This page is light; ``session`` and what it builds on bring aiortc.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from twocan.events import Event
from twocan.media.figures import Figures
from twocan.messages import Content, Fingerprint
from twocan.signalling import IceServer


class Incompatible(Exception):
    """What the far side described has nothing in common with what we can do."""


class Media(Protocol):
    """The media of one call. What happens to it is reported as ``events``."""

    @property
    def fingerprints(self) -> Sequence[Fingerprint]:
        """Of the certificate that this call uses; known from the start."""

    @property
    def quiet(self) -> float:
        """Seconds since the last packet of the far side."""

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        """Gather addresses. Bounded: a dead server costs half a second.

        It may be cancelled; ``close`` then closes what it had opened.
        """

    def offer(self) -> tuple[Content, ...]:
        """Our side of a session that we open."""

    def answer(self, offer: Sequence[Content]) -> tuple[Content, ...]:
        """Our side of a session that they opened. Raises ``Incompatible``."""

    def connect(self, theirs: Sequence[Content], *, controlling: bool) -> None:
        """Connect to what they described. Raises ``Incompatible``."""

    def add_candidates(self, contents: Sequence[Content]) -> None:
        """They found more addresses; this may be said before ``connect``."""

    def flow(self, *, sending: bool, muted: bool, playing: bool) -> None:
        """Send and play, or not."""

    def press(self, keys: str) -> None:
        """Send telephone keys, one after the other: digits, ``*``, ``#``, A to D.

        Raises ValueError for any other. A far side that takes none is not sent any.
        """

    async def figures(self) -> Figures | None:
        """What it came to so far, or in all once closed. None: media never flowed."""

    async def close(self) -> None:
        """Close everything that was opened."""


MakeMedia = Callable[[Callable[[Event], None]], Media]
"""Makes the media of a new call, which reports its events to the function it is given."""
