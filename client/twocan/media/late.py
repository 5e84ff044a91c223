"""Media of a call that are loaded while it rings: nobody rings later because of what only who is
answered needs.

This page is light, as ``media`` itself is.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from twocan.media.figures import Figures
from twocan.media.identity import Identity
from twocan.messages import Content, Fingerprint
from twocan.signalling import IceServer

if TYPE_CHECKING:
    from twocan.media.session import CallMedia


class LateMedia:
    """The media of one call (``media.Media``).

    ``load`` gives what makes them, once that is loaded; it is asked when the call prepares itself,
    which is before all that needs them.
    """

    def __init__(self, load: Callable[[], Awaitable[Callable[[Identity], "CallMedia"]]]) -> None:
        self._load = load
        self._identity = Identity.new()
        self._waiting: list[Sequence[Content]] = []
        self._keys = ""
        self._closed = False
        self.loaded: CallMedia | None = None
        """What they are, once they are."""

    @property
    def _media(self) -> "CallMedia":
        assert self.loaded is not None, "nothing of a session comes before it was prepared"
        return self.loaded

    @property
    def fingerprints(self) -> Sequence[Fingerprint]:
        return self._identity.fingerprints

    @property
    def quiet(self) -> float:
        return self.loaded.quiet if self.loaded is not None else 0.0

    @property
    def bundle(self) -> tuple[str, ...]:
        return self.loaded.bundle if self.loaded is not None else ()

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        make = await self._load()
        # A call may have ended in the moment in which it was cancelled.
        if not self._closed:
            self.loaded = make(self._identity)
            for contents in self._waiting:
                self.loaded.add_candidates(contents)
            self.loaded.press(self._keys)
            await self.loaded.prepare(servers)

    def add_candidates(self, contents: Sequence[Content]) -> None:
        if self.loaded is None:
            self._waiting.append(contents)
        else:
            self.loaded.add_candidates(contents)

    def press(self, keys: str) -> None:
        if self.loaded is None:
            from twocan.media.keypad import checked

            self._keys += checked(keys)
        else:
            self.loaded.press(keys)

    def drop_pictures(self) -> None:
        if self.loaded is not None:
            self.loaded.drop_pictures()

    async def figures(self) -> Figures | None:
        return await self.loaded.figures() if self.loaded is not None else None

    async def close(self) -> None:
        self._closed = True
        if self.loaded is not None:
            await self.loaded.close()

    # What comes once it was prepared

    async def offer(self, *, pictures: bool = False) -> tuple[Content, ...]:
        return await self._media.offer(pictures=pictures)

    async def answer(
        self, offer: Sequence[Content], bundle: Sequence[str], *, showing: bool = False
    ) -> tuple[Content, ...]:
        return await self._media.answer(offer, bundle, showing=showing)

    def connect(
        self, theirs: Sequence[Content], bundle: Sequence[str], *, controlling: bool
    ) -> None:
        self._media.connect(theirs, bundle, controlling=controlling)

    async def add_pictures(self, creator: str) -> Content:
        return await self._media.add_pictures(creator)

    async def take_pictures(
        self, offered: Content, bundle: Sequence[str], *, showing: bool
    ) -> Content:
        return await self._media.take_pictures(offered, bundle, showing=showing)

    def connect_pictures(self, accepted: Content, bundle: Sequence[str]) -> None:
        self._media.connect_pictures(accepted, bundle)

    def flow(
        self, *, sending: bool, muted: bool, playing: bool, showing: bool, watching: bool
    ) -> None:
        self._media.flow(
            sending=sending, muted=muted, playing=playing, showing=showing, watching=watching
        )
