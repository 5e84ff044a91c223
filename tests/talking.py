"""Two phones in one process with their real media: ICE, DTLS, SRTP and Opus over loopback.

Only the signalling is in memory. Each says a tone and tells what it hears.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from twocan.events import Event
from twocan.media import audio
from twocan.media.ends import clocked
from twocan.media.figures import Figures
from twocan.media.pictures.filming.pattern import Mark, Pattern, read
from twocan.media.pictures.picture import Camera, Coded, Picture, Sights
from twocan.media.session import CallMedia
from twocan.media.sound import Ends, Samples
from twocan.media.stats import Stream
from twocan.messages import Content
from twocan.phone import Line, Phone
from twocan.selftest import hears
from twocan.signalling import Exchange, Extension, IceServer
from twocan.states import CallView, State

CALLER, CALLEE = "caller@site.example/desk", "callee@site.example/desk"
LOW, HIGH = 440.0, 660.0
WITHIN = 40.0


class Mouth(audio.Tone):
    """A microphone that knows how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


class Ear:
    """A speaker that keeps the last moment, and knows how often it was closed."""

    _BLOCKS = 20

    def __init__(self) -> None:
        self.closed = self.written = 0
        self._latest: deque[Samples] = deque(maxlen=self._BLOCKS)
        self._news = asyncio.Event()

    def write(self, samples: Samples) -> None:
        self.written += 1
        self._latest.append(samples.copy())
        self._news.set()

    def close(self) -> None:
        self.closed += 1

    async def hears(self, pitch: float) -> None:
        """Until the last moment was that tone, and nothing of what was before."""
        await self._until(lambda blocks: hears(blocks, pitch))

    async def hears_a_little(self, pitch: float) -> None:
        """Until that tone was a part of the last moment."""
        await self._until(lambda blocks: hears(blocks, pitch, share=0.01))

    async def hears_silence(self) -> None:
        await self._until(lambda blocks: max(int(np.abs(b).max()) for b in blocks) <= 1)

    async def _until(self, is_so: Callable[[list[Samples]], bool]) -> None:
        self._latest.clear()
        while len(self._latest) < self._BLOCKS or not is_so(list(self._latest)):
            self._news.clear()
            await self._news.wait()


class Lens(Pattern):
    """A camera that knows whether it is open."""

    def __init__(self) -> None:
        super().__init__(160, 90)
        self.closed = False

    def close(self) -> None:
        super().close()
        self.closed = True


class Eye:
    """A screen that reads what the far side's camera says of its pictures."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.sizes: list[tuple[int, int]] = []
        self.closed = 0
        self.blocks = 0
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def hear(self, block: Samples, at: float) -> None:
        self.blocks += 1

    def show(self, picture: Picture, coded: Coded) -> None:
        mark = read(picture)
        if mark is not None:
            self.marks.append(mark)
        self.sizes.append((picture.width, picture.height))
        self._loop.call_soon_threadsafe(self._news.set)

    def close(self) -> None:
        self.closed += 1

    async def sees(self, pictures: int = 3) -> list[Mark]:
        """So many pictures from now on, and what they say."""
        before = len(self.marks)
        while len(self.marks) < before + pictures:
            self._news.clear()
            await self._news.wait()
        return self.marks[before:]


class WatchedMedia(CallMedia):
    """The real media, of which a test sees the addresses that came and how long it gathered."""

    gathered_in = 0.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.late: list[Content] = []

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        began = asyncio.get_running_loop().time()
        await super().prepare(servers)
        self.gathered_in = asyncio.get_running_loop().time() - began

    def add_candidates(self, contents: Sequence[Content]) -> None:
        self.late += contents
        super().add_candidates(contents)


class Served(Extension):
    """An extension whose supernode has STUN servers."""

    servers: tuple[IceServer, ...] = ()

    async def ice_servers(self) -> tuple[IceServer, ...]:
        return self.servers


class Side:
    """One phone, with a mouth and an ear for each call, a lens and an eye."""

    make: type[WatchedMedia] = WatchedMedia

    def __init__(
        self,
        exchange: Exchange,
        address: str,
        pitch: float,
        open_ends: Callable[[], Ends] | None = None,
    ) -> None:
        self.pitch = pitch
        self._open_ends = open_ends or self._open_own
        self.mouths: list[Mouth] = []
        self.ears: list[Ear] = []
        self.media: list[WatchedMedia] = []
        self.lenses: list[Lens] = []
        self.open_lens: Callable[[], Camera] | None = None
        """What there is instead of a lens of ours."""
        self.open_eye: Callable[[], Eye] | None = None
        self.eyes: list[Eye] = []
        self._news = asyncio.Event()
        self.extension = exchange.join(address)
        self.phone = Phone(self.extension, self._make_media, self._watch)

    @property
    def ear(self) -> Ear:
        return self.ears[-1]

    @property
    def eye(self) -> Eye:
        return self.eyes[-1]

    async def line(self, state: State) -> Line:
        while True:
            for line in self.phone.lines:
                if line.call.state is state:
                    return line
            self._news.clear()
            await self._news.wait()

    async def sees(self, is_so: Callable[[CallView], bool]) -> None:
        [line] = self.phone.lines
        while not is_so(line.call.view()):
            self._news.clear()
            await self._news.wait()

    async def figures(self) -> Figures:
        figures = await self.media[-1].figures()
        assert figures is not None
        return figures

    async def received(self, packets: int) -> Stream:
        """What was received, once that many packets more were."""
        target = (await self.figures()).received.packets + packets
        while (stream := (await self.figures()).received).packets < target:
            await asyncio.sleep(0.02)
        return stream

    def _watch(self, _view: CallView) -> None:
        self._news.set()

    def _make_media(self, report: Callable[[Event], None]) -> WatchedMedia:
        sights = Sights(self._open_lens, self._open_eye)
        media = self.make(report, self._open_ends, sights)
        self.media.append(media)
        return media

    def _open_lens(self) -> Camera:
        if self.open_lens is not None:
            return self.open_lens()
        self.lenses.append(Lens())
        return self.lenses[-1]

    def _open_eye(self) -> Eye:
        if self.open_eye is not None:
            return self.open_eye()
        self.eyes.append(Eye())
        return self.eyes[-1]

    def _open_own(self) -> Ends:
        return clocked(self._open_mouth(), self._open_ear())

    def _open_mouth(self) -> Mouth:
        self.mouths.append(Mouth(self.pitch))
        return self.mouths[-1]

    def _open_ear(self) -> Ear:
        self.ears.append(Ear())
        return self.ears[-1]


@asynccontextmanager
async def two(
    callers: Callable[[], Ends] | None = None,
    callees: Callable[[], Ends] | None = None,
    *,
    within: float = WITHIN,
) -> AsyncIterator[tuple[Side, Side]]:
    """Two sides. ``callers``, ``callees``: what one has instead of a mouth and an ear of ours."""
    exchange = Exchange(asyncio.get_running_loop().call_later)
    caller = Side(exchange, CALLER, LOW, callers)
    callee = Side(exchange, CALLEE, HIGH, callees)
    async with asyncio.timeout(within):
        try:
            yield caller, callee
        finally:
            await caller.phone.close()
            await callee.phone.close()


@asynccontextmanager
async def in_a_call(
    callers: Callable[[], Ends] | None = None, *, within: float = WITHIN, showing: bool = False
) -> AsyncIterator[tuple[Side, Line, Side, Line]]:
    """Both lines of a call that is up, each with its side."""
    async with two(callers, within=within) as (caller, callee):
        ours = caller.phone.dial("callee@site.example", showing=showing)
        (await callee.line(State.INCOMING)).answer()
        theirs = await callee.line(State.ACTIVE)
        await caller.line(State.ACTIVE)
        yield caller, ours, callee, theirs
