"""Phones without sound or pictures: two cans that are tied by a string as soon as both ends know
each other.

A `Can` is a small real `media.Media`. It connects when both ends were given each other's
description, it tells when the far end is put down, and it can be slow, fail, or have its string
cut. A `World` has people whose phones share a supernode in memory.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from twocan import events
from twocan.events import Event
from twocan.media import Incompatible
from twocan.media.figures import Figures
from twocan.messages import Content, Description, Fingerprint, PayloadType, Senders, Transport
from twocan.phone import Line, Phone
from twocan.signalling import Exchange, IceServer, Weather
from twocan.states import CallView, End, State

OPUS = PayloadType(111, "opus", 48000, 2)
VP8 = PayloadType(96, "VP8", 90000)
CONSENT_WITHIN = 30.0
"""Seconds after which a can whose string was cut gives up (RFC 7675)."""


@dataclass
class Street:
    """Where cans find each other."""

    latency: float = 0.03
    cans: dict[str, "Can"] = field(default_factory=dict)
    cut: bool = False

    def tie(self, can: "Can", other: str) -> None:
        can.tied_to = other
        far = self.cans.get(other)
        if far is not None and far.tied_to == can.name and not self.cut:
            assert {can.controlling, far.controlling} == {True, False}
            can.later(self.latency, can.connected)
            far.later(self.latency, far.connected)


class Can:
    """The media of one call, without sound."""

    def __init__(self, street: Street, report: Callable[[Event], None], gathering: float) -> None:
        self.name = f"can{len(street.cans):04}"
        self.street, self.report, self.gathering = street, report, gathering
        self.loop = asyncio.get_running_loop()
        self.tied_to: str | None = None
        self.controlling: bool | None = None
        self.failing: set[str] = set()
        """The names of what raises when it is called."""
        self.calls: Counter[str] = Counter()
        self.flows: list[tuple[bool, bool, bool]] = []
        self.showing = self.watching = False
        """Whether the camera is open, and whether theirs is looked at."""
        self.pictures: str | None = None
        """The name of the content of pictures, while there is one."""
        self.blind = False
        """It knows no codec of anybody's pictures."""
        self.bundling: tuple[str, ...] = ()
        self.candidates: list[Content] = []
        self.up = self.closing = False
        self.quiet_since: float | None = None
        self.timers: list[asyncio.TimerHandle] = []
        value = ":".join([f"{len(street.cans) % 256:02X}"] * 32)
        self.fingerprints: Sequence[Fingerprint] = (Fingerprint("sha-256", value),)
        street.cans[self.name] = self

    @property
    def quiet(self) -> float:
        return 0.0 if self.quiet_since is None else self.loop.time() - self.quiet_since

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        await asyncio.sleep(self.gathering)
        self.happens("prepare")

    async def offer(self, *, pictures: bool = False) -> tuple[Content, ...]:
        self.happens("offer")
        if not pictures:
            return (self.describe("audio"),)
        self.bundling, self.pictures = ("audio", "video"), "video"
        return (self.describe("audio"), self.draw("video", "initiator"))

    async def answer(
        self, offer: Sequence[Content], bundle: Sequence[str], *, showing: bool = False
    ) -> tuple[Content, ...]:
        self.happens("answer")
        audio = next((c for c in offer if _media(c) == "audio"), None)
        if audio is None:
            raise Incompatible("no audio")
        answer = self.describe(audio.name)
        video = next((c for c in offer if _media(c) == "video"), None)
        if video is None or self.blind or not _codecs(video):
            return (answer,)
        self.bundling = tuple(name for name in bundle if name in (audio.name, video.name))
        self.pictures = video.name
        senders = Senders.BOTH if showing else Senders.INITIATOR
        return (answer, replace(self.draw(video.name, video.creator), senders=senders))

    def connect(
        self, theirs: Sequence[Content], bundle: Sequence[str], *, controlling: bool
    ) -> None:
        self.happens("connect")
        audio = next((c for c in theirs if c.description and c.description.media == "audio"), None)
        if audio is None or audio.transport is None or audio.transport.ufrag is None:
            raise Incompatible("no transport")
        self.controlling = controlling
        self.street.tie(self, audio.transport.ufrag)

    def add_candidates(self, contents: Sequence[Content]) -> None:
        self.happens("add_candidates")
        self.candidates += contents

    @property
    def bundle(self) -> tuple[str, ...]:
        return self.bundling

    async def add_pictures(self, creator: str) -> Content:
        await asyncio.sleep(self.gathering)
        self.happens("add_pictures")
        self.bundling, self.pictures = ("audio", "video"), "video"
        return self.draw("video", creator)

    async def take_pictures(
        self, offered: Content, bundle: Sequence[str], *, showing: bool
    ) -> Content:
        await asyncio.sleep(self.gathering)
        self.happens("take_pictures")
        if self.blind or not _codecs(offered):
            raise Incompatible("no codec")
        self.bundling, self.pictures = tuple(bundle), offered.name
        return self.draw(offered.name, offered.creator)

    def connect_pictures(self, accepted: Content, bundle: Sequence[str]) -> None:
        self.happens("connect_pictures")
        assert self.pictures == accepted.name
        if self.blind or not _codecs(accepted):
            raise Incompatible("no codec")
        self.report(events.PicturesUp())

    def drop_pictures(self) -> None:
        self.happens("drop_pictures")
        self.pictures, self.showing, self.watching, self.bundling = None, False, False, ()

    def flow(
        self, *, sending: bool, muted: bool, playing: bool, showing: bool, watching: bool
    ) -> None:
        self.happens("flow")
        assert self.pictures is not None or not (showing or watching)
        self.flows.append((sending, muted, playing))
        self.showing, self.watching = showing, watching

    def press(self, keys: str) -> None:
        self.happens("press")

    async def figures(self) -> Figures | None:
        return None

    async def close(self) -> None:
        self.up, self.closing, self.showing = False, True, False
        for timer in self.timers:
            timer.cancel()
        far = self.street.cans.get(self.tied_to or "")
        if far is not None and far.up and not self.street.cut:
            far.later(self.street.latency, far.parted)
        await asyncio.sleep(self.street.latency)
        self.happens("close")

    def happens(self, name: str) -> None:
        self.calls[name] += 1
        if name in self.failing:
            raise RuntimeError(f"{name} fails")

    def describe(self, name: str) -> Content:
        transport = Transport(self.name, "p" * 22, (), tuple(self.fingerprints))
        return Content(name, description=Description("audio", (OPUS,)), transport=transport)

    def draw(self, name: str, creator: str) -> Content:
        description = Description("video", (VP8,))
        transport = Transport(self.name, "p" * 22, (), tuple(self.fingerprints))
        return Content(name, creator, description=description, transport=transport)

    # What the string does

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.timers.append(self.loop.call_later(seconds, do))

    def connected(self) -> None:
        far = self.street.cans[self.tied_to or ""]
        if not (self.closing or far.closing or self.up):
            self.up = True
            self.report(events.Connected())
            self.report(events.FirstSound())

    def parted(self) -> None:
        if self.up:
            self.falls_quiet()
            self.report(events.MediaParted())

    def falls_quiet(self) -> None:
        if self.up and self.quiet_since is None:
            self.quiet_since = self.loop.time()
            self.later(CONSENT_WITHIN, lambda: self.report(events.MediaLost(End.CONNECTION_LOST)))


def _media(content: Content) -> str | None:
    return content.description.media if content.description else None


def _codecs(content: Content) -> tuple[PayloadType, ...]:
    return content.description.payload_types if content.description else ()


class Person:
    """One phone, what it showed, and the cans of its calls."""

    def __init__(self, world: "World", address: str, calls: int = 1) -> None:
        self.world = world
        self.gathering = 0.01
        self.failing: set[str] = set()
        self.seen: list[CallView] = []
        self.cans: list[Can] = []
        self._news = asyncio.Event()
        self.signalling = world.exchange.join(address)
        clock = asyncio.get_running_loop().time
        self.phone = Phone(self.signalling, self.make_can, self.watch, clock=clock, calls=calls)

    @property
    def bare(self) -> str:
        return self.phone.address.partition("/")[0]

    def make_can(self, report: Callable[[Event], None]) -> Can:
        can = Can(self.world.street, report, self.gathering)
        can.failing = set(self.failing)
        self.cans.append(can)
        return can

    def watch(self, view: CallView) -> None:
        self.seen.append(view)
        self._news.set()

    @property
    def states(self) -> list[State]:
        """The states that were shown, in their order, each change once."""
        states = [view.state for view in self.seen]
        return [s for i, s in enumerate(states) if i == 0 or s is not states[i - 1]]

    @property
    def ends(self) -> list[End | None]:
        return [view.end for view in self.seen if view.state is State.ENDED]

    @property
    def active(self) -> list[Line]:
        return [line for line in self.phone.lines if line.call.state is State.ACTIVE]

    async def line(self, state: State) -> Line:
        """The line that is in that state, once there is one."""
        while True:
            for line in self.phone.lines:
                if line.call.state is state:
                    return line
            self._news.clear()
            await self._news.wait()

    async def quiet(self) -> None:
        """Until no line is left."""
        for line in self.phone.lines:
            await line.ended.wait()


class World:
    """People, a supernode, and a street for their strings."""

    def __init__(self, weather: Weather | None = None, seed: int = 0) -> None:
        later = asyncio.get_running_loop().call_later
        self.exchange = Exchange(later, weather=weather, random=Random(seed))
        self.street = Street()
        self.people: list[Person] = []

    def person(self, address: str, calls: int = 1) -> Person:
        person = Person(self, address, calls)
        self.people.append(person)
        return person

    def cut_the_strings(self) -> None:
        self.street.cut = True
        for can in self.street.cans.values():
            can.falls_quiet()

    async def close(self) -> None:
        """Put every phone down. Nothing may be left of any call."""
        for person in self.people:
            await person.phone.close()
        self.is_empty()

    def is_empty(self) -> None:
        for person in self.people:
            assert person.phone.lines == ()
            assert not person.phone.farewells
            assert [can.calls["close"] for can in person.cans] == [1] * len(person.cans)


async def in_a_call(one: Person, other: Person) -> tuple[Line, Line]:
    """Both ends of a call between them that is up."""
    ours = one.phone.dial(other.bare)
    (await other.line(State.INCOMING)).answer()
    theirs = await other.line(State.ACTIVE)
    await one.line(State.ACTIVE)
    assert ours.call.sid == theirs.call.sid
    return ours, theirs
