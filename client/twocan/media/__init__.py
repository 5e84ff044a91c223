"""The sound and the pictures of calls: what a phone needs of them.

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

    async def offer(self, *, pictures: bool = False) -> tuple[Content, ...]:
        """Our side of a session that we open; with a content of pictures as well, or without."""

    async def answer(
        self, offer: Sequence[Content], bundle: Sequence[str], *, showing: bool = False
    ) -> tuple[Content, ...]:
        """Our side of a session that they opened: what we accept of it, with its senders.

        Pictures are accepted wherever a codec of theirs is ours; ``showing`` says whether ours
        are to be seen as well. ``bundle``: the contents that they want on one transport. Raises
        ``Incompatible`` if there is no sound to accept.
        """

    def connect(
        self, theirs: Sequence[Content], bundle: Sequence[str], *, controlling: bool
    ) -> None:
        """Connect to what they described. Raises ``Incompatible``."""

    @property
    def bundle(self) -> tuple[str, ...]:
        """The names of the contents that share a transport; none if the far side does not bundle.

        It goes along with every description of ours (XEP-0338).
        """

    async def add_pictures(self, creator: str) -> Content:
        """Our side of a content of pictures that we add to the session.

        ``creator`` is our role in the session. It may gather addresses, half a second at most, and
        be cancelled; ``drop_pictures`` then closes what it had opened. Addresses that are found
        later are reported once this has returned.
        """

    async def take_pictures(
        self, offered: Content, bundle: Sequence[str], *, showing: bool
    ) -> Content:
        """Our side of a content of pictures that they add, and connect to it.

        As ``add_pictures``. Raises ``Incompatible``.
        """

    def connect_pictures(self, accepted: Content, bundle: Sequence[str]) -> None:
        """They took the content that we added. Raises ``Incompatible``."""

    def drop_pictures(self) -> None:
        """Close what there is of pictures; the sound goes on. The camera is off at once."""

    def add_candidates(self, contents: Sequence[Content]) -> None:
        """They found more addresses; this may be said before ``connect``."""

    def flow(
        self, *, sending: bool, muted: bool, playing: bool, showing: bool, watching: bool
    ) -> None:
        """Send and play, show and watch, or not. The camera is open while ``showing`` alone."""

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
