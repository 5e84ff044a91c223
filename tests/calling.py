"""People on a real supernode: phones in this process that say a tone, and tell what they hear."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from twocan import account
from twocan.events import Event
from twocan.media import Media, audio
from twocan.media.ends import clocked
from twocan.media.session import CallMedia
from twocan.media.sound import Samples, Source
from twocan.messages import Initiation, Jingle, Propose
from twocan.phone import Line, Phone
from twocan.selftest import hears
from twocan.signalling import Reach
from twocan.states import CallView, Liveness, State
from twocan.xmpp import XmppSignalling, sign_in

HAPPENS_WITHIN = 30.0
LISTENS_BLOCKS = 20
"""200 ms: a tone, or silence, that lasts as long is meant."""
QUIET = 30
"""Samples below this are silence; a tone has 4600."""


class Ear:
    """A sink that can be asked what it hears."""

    def __init__(self) -> None:
        self.blocks = 0
        """How many blocks of 10 ms it took."""
        self._recent: deque[Samples] = deque(maxlen=LISTENS_BLOCKS)
        self._more = asyncio.Event()

    def write(self, samples: Samples) -> None:
        self.blocks += 1
        self._recent.append(samples.copy())
        self._more.set()

    def close(self) -> None:
        pass

    async def hears(self, pitch: float) -> None:
        """Wait until what comes from now on is a tone of ``pitch``."""
        await self._until(lambda blocks: hears(blocks, pitch))

    async def hears_silence(self) -> None:
        """Wait until what comes from now on is silence."""
        await self._until(lambda blocks: max(int(abs(block).max()) for block in blocks) < QUIET)

    async def _until(self, heard: Callable[[list[Samples]], bool]) -> None:
        self._recent.clear()
        async with asyncio.timeout(HAPPENS_WITHIN):
            while len(self._recent) < LISTENS_BLOCKS or not heard(list(self._recent)):
                self._more.clear()
                await self._more.wait()


class Person:
    """Someone with a phone, who says a tone of ``pitch`` Hz. Also the phone's listener, who
    takes note of what comes from the supernode before the phone does.
    """

    def __init__(self, signalling: XmppSignalling, pitch: float) -> None:
        self.signalling = signalling
        self.pitch = pitch
        self.ear = Ear()
        self.opened = 0
        """How many microphones were opened."""
        self.reaches: asyncio.Queue[Reach] = asyncio.Queue()
        self.heard_so_far: list[Initiation] = []
        self.asked_so_far: list[Jingle] = []
        self._views: dict[str, list[CallView]] = {}
        self._changed = asyncio.Event()
        self.phone = Phone(signalling, self._make_media, self._watch)
        signalling.attach(self)

    @property
    def address(self) -> str:
        """Whom to call."""
        return self.phone.address.partition("/")[0]

    def views(self, line: Line) -> list[CallView]:
        """Every view of a call, from its first."""
        return self._views.get(line.call.sid, [])

    def all_views(self) -> list[CallView]:
        """Every view of every call."""
        return [view for views in self._views.values() for view in views]

    def states(self, line: Line) -> list[State]:
        """The states that a call was in, each once."""
        return list(dict.fromkeys(view.state for view in self.views(line)))

    async def rings(self) -> Line:
        """Wait for a call that rings here."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while True:
                for line in self.phone.lines:
                    if line.call.state is State.INCOMING:
                        return line
                await self._change()

    async def until(self, line: Line, what: State | Callable[[CallView], bool]) -> CallView:
        """Wait until a call is, or was, in a state or as described."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while True:
                for view in self._views.get(line.call.sid, []):
                    if view.state is what or (callable(what) and what(view)):
                        return view
                await self._change()

    async def knows(self, what: Callable[[CallView], bool]) -> CallView:
        """Wait until any call is, or was, as described."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while not (found := list(filter(what, self.all_views()))):
                await self._change()
            return found[0]

    async def is_heard(self) -> None:
        """Wait until the supernode has taken everything that was sent so far."""
        assert await self.phone.signalling.ping(self.phone.address) is Liveness.ALIVE

    async def ended(self, line: Line) -> CallView:
        """Wait until a call is over and all of it closed."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            await line.ended.wait()
        return line.call.view()

    async def reaches_it(self, *reaches: Reach, within: float = HAPPENS_WITHIN) -> None:
        """Wait for what the supernode's going and coming looks like from here."""
        async with asyncio.timeout(within):
            assert [await self.reaches.get() for _ in reaches] == list(reaches)

    # signalling.Listener

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        self.heard_so_far.append(message)
        self.phone.heard(sender, message, age)

    def missed(self, sender: str, message: Propose, age: float) -> None:
        self.phone.missed(sender, message, age)

    def asked(self, sender: str, jingle: Jingle) -> None:
        self.asked_so_far.append(jingle)
        self.phone.asked(sender, jingle)

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        self.phone.undelivered(to, sid, condition)

    def reach_changed(self, reach: Reach) -> None:
        self.reaches.put_nowait(reach)
        self.phone.reach_changed(reach)

    def _make_media(self, report: Callable[[Event], None]) -> Media:
        return CallMedia(report, lambda: clocked(self._open_source(), self.ear))

    def _open_source(self) -> Source:
        self.opened += 1
        return audio.Tone(self.pitch)

    def _watch(self, view: CallView) -> None:
        self._views.setdefault(view.sid, []).append(view)
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


@asynccontextmanager
async def person(who: dict[str, Any], pitch: float = 440.0) -> AsyncIterator[Person]:
    """Someone who signs in with an account file's content, and is gone at the end."""
    signalling = await sign_in(account.parse(json.dumps(who), "the test's account"))
    try:
        somebody = Person(signalling, pitch)
        try:
            yield somebody
        finally:
            await somebody.phone.close()
    finally:
        await signalling.close()


async def connect(caller: Person, callee: Person) -> tuple[Line, Line]:
    """Make a call, until both are in it: the caller's and the callee's line."""
    there = caller.phone.dial(callee.address)
    here = await callee.rings()
    here.answer()
    await caller.until(there, State.ACTIVE)
    await callee.until(here, State.ACTIVE)
    return there, here


async def sound_both_ways(one: Person, other: Person) -> None:
    """Wait until each hears the other's tone."""
    await asyncio.gather(one.ear.hears(other.pitch), other.ear.hears(one.pitch))
