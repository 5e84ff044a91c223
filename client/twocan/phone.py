"""One account and its calls.

The phone stands between a ``Signalling`` and the calls: it gives each message to the line
it belongs to and opens lines for new calls. A ``Line`` holds everything that has one call's
lifetime: the ``Call``, its media, its timers and the tasks at work for it. A line turns the
call's commands into effects and what comes of them back into events. An exception in an
effect ends that call, with a reason, and nothing else.
"""

import asyncio
import contextlib
import logging
import secrets
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, assert_never

from twocan import commands, events, verification
from twocan.address import bare
from twocan.call import WAITS_AT_MOST, Call
from twocan.commands import Command
from twocan.contents import COUNTED
from twocan.events import Event
from twocan.media import Incompatible, MakeMedia
from twocan.messages import (
    Action,
    Content,
    Fault,
    Initiation,
    Jingle,
    Propose,
    Retract,
)
from twocan.signalling import IceServer, Reach, Refusal, Signalling
from twocan.states import CallView, End, State, Timer

log = logging.getLogger(__name__)

LOOKS_EVERY = 1.0
"""Seconds between two looks at how long the far side has been quiet."""
FAREWELL_WITHIN = 2.0
"""Seconds that a phone which is put down waits for its last words to be heard."""
_OURS = (State.DIALLING, State.RINGING)
"""Where a call of ours is that nobody took yet."""
_ENGAGED = (*_OURS, State.CONNECTING, State.ACTIVE)
"""Where a call is that occupies who is in it: one that only rings here does not."""
PAST_KEPT = 256
"""Calls that are over of which a phone remembers that they are."""


class Line:
    """A call and all that lives as long as it does."""

    def __init__(self, phone: "Phone", sid: str, peer: str) -> None:
        self._phone = phone
        self.media = phone.make_media(self.handle)
        nonce = secrets.token_bytes(verification.NONCE_BYTES)
        self.call = Call(sid, phone.address, peer, nonce, self.media.fingerprints)
        self.ended = asyncio.Event()
        """Set when the call is over and all of its media is closed."""
        self._timers: dict[Timer, asyncio.TimerHandle] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Future[None]] = set()
        self._prepared: asyncio.Future[None] | None = None
        self._describing: asyncio.Future[None] | None = None
        self._released = False
        self._told = self.call.view()

    # What a person can do

    def answer(self, *, showing: bool = False) -> None:
        """Take the call, and be seen or not."""
        self.handle(events.Answer(showing))

    def decline(self) -> None:
        """Do not take the call."""
        self.handle(events.Decline())

    def hang_up(self, end: End = End.HUNG_UP) -> None:
        """End the call, or take it back if nobody answered."""
        self.handle(events.HangUp(end))

    def hold(self, on: bool) -> None:
        """Put the call on hold, or resume it."""
        self.handle(events.Hold(on))

    def mute(self, on: bool) -> None:
        """Mute the microphone, or unmute it."""
        self.handle(events.Mute(on))

    def show(self, on: bool) -> None:
        """Have the far side see our camera, or our screen; or no more."""
        self.handle(events.Show(on))

    def pause(self, on: bool) -> None:
        """Pause our camera, or let it go on."""
        self.handle(events.Pause(on))

    def press(self, keys: str) -> None:
        """Press telephone keys, which the far side gets while the call is up.

        Raises ValueError for what is no key: digits, ``*``, ``#`` and A to D are.
        """
        self.media.press(keys)

    # The core

    def handle(self, event: Event) -> None:
        """Give ``event`` to the call and do what it wants. Raises ``Fault``."""
        before = self.call.view()
        try:
            wanted = self.call.handle(event, self._phone.clock())
        except Fault as fault:
            log.info("%s: %s in %s: %s", self.call.sid, _name(event), before.state, fault)
            raise
        except Exception:
            log.exception("%s: %s in %s", self.call.sid, _name(event), before.state)
            wanted = self.call.handle(events.HangUp(End.FAILED), self._phone.clock())
        log.info("%s: %s in %s -> %s", self.call.sid, _name(event), before.state, self.call.state)
        for command in wanted:
            self._perform(command)
        # An effect may have brought more events, which were told by now.
        if (after := self.call.view()) != self._told:
            self._told = after
            self._phone.tell(after)

    def _perform(self, command: Command) -> None:
        # An effect before this one may have failed, which ended the call.
        if self._released:
            return
        try:
            self._do(command)
        except Exception:
            log.exception("%s: %s failed", self.call.sid, _name(command))
            self.handle(events.HangUp(End.FAILED))

    def _do(self, command: Command) -> None:
        c = commands
        match command:
            case c.Tell(to, message):
                self._phone.signalling.tell(to, message)
            case c.Ask():
                self._ask(command)
            case c.Prepare():
                self._prepared = self._spawn(command, self._prepare())
            case c.Initiate():
                self._spawn(command, self._initiate(command))
            case c.Respond():
                self._spawn(command, self._respond(command))
            case c.Connect(contents, bundle):
                self._connect(contents, bundle)
            case c.AddCandidates(contents):
                self.media.add_candidates(contents)
            case c.AddPictures(creator):
                self._describe(command, lambda: self.media.add_pictures(creator))
            case c.TakePictures(content, showing, bundle):
                self._describe(
                    command,
                    lambda: self.media.take_pictures(content, bundle, showing=showing),
                )
            case c.ConnectPictures(content, bundle):
                self._connect_pictures(content, bundle)
            case c.DropPictures():
                self._stop_describing()
                self.media.drop_pictures()
            case c.Flow(sending, muted, playing, showing, watching):
                self.media.flow(
                    sending=sending,
                    muted=muted,
                    playing=playing,
                    showing=showing,
                    watching=watching,
                )
                self._look()
            case c.Start(timer, seconds):
                self._start(timer, seconds)
            case c.Stop(timer):
                self._stop(timer)
            case c.Ping(to):
                self._spawn(command, self._ping(to))
            case c.Release():
                self._release()
            case _:
                assert_never(command)

    # Effects that take their time

    def _ask(self, command: commands.Ask) -> None:
        # Sent at once, so that it leaves before whatever the call says next.
        answer = self._phone.signalling.ask(command.to, command.jingle)
        self._spawn(command, answer, parting=_parts(command.jingle))

    async def _prepare(self) -> None:
        await self.media.prepare(await self._phone.ice_servers())

    async def _initiate(self, command: commands.Initiate) -> None:
        await self._when_prepared()
        contents = await self.media.offer(pictures=command.showing)
        self.handle(events.Described(contents))
        offer = Jingle(
            Action.SESSION_INITIATE,
            command.sid,
            contents=contents,
            bundle=self.media.bundle,
            initiator=self._phone.address,
            nonce=command.nonce,
        )
        self._ask(commands.Ask(command.to, offer))

    async def _respond(self, command: commands.Respond) -> None:
        await self._when_prepared()
        offer = command.offer
        try:
            contents = await self.media.answer(
                offer.contents, offer.bundle, showing=command.showing
            )
            # Our checks leave together with our description, so that they are there when the
            # far side begins its own.
            self.media.connect(offer.contents, offer.bundle, controlling=False)
        except Incompatible:
            self.handle(events.MediaLost(End.INCOMPATIBLE))
            return
        self.handle(events.Described(contents))
        if self._released:
            return
        answer = Jingle(
            Action.SESSION_ACCEPT,
            offer.sid,
            contents=contents,
            bundle=self.media.bundle,
            responder=self._phone.address,
            nonce=command.nonce,
        )
        self._ask(commands.Ask(command.to, answer))

    def _describe(self, command: Command, describe: Callable[[], Awaitable[Content]]) -> None:
        # What was being described before is not wanted any more.
        self._stop_describing()
        self._describing = self._spawn(command, self._when_described(describe))

    def _stop_describing(self) -> None:
        if self._describing is not None and self._describing is not _current_task():
            self._describing.cancel()
        self._describing = None

    async def _when_described(self, describe: Callable[[], Awaitable[Content]]) -> None:
        # Begun here, so that what is stopped before its turn never begins.
        try:
            content = await describe()
        except Incompatible:
            self.handle(events.PicturesFailed())
        else:
            self.handle(events.PicturesDescribed(content, self.media.bundle))

    async def _ping(self, to: str) -> None:
        self.handle(events.Pinged(await self._phone.signalling.ping(to)))

    async def _when_prepared(self) -> None:
        if self._prepared is not None:
            await asyncio.shield(self._prepared)

    def _connect(self, contents: Sequence[Content], bundle: Sequence[str]) -> None:
        try:
            self.media.connect(contents, bundle, controlling=True)
        except Incompatible:
            self.handle(events.MediaLost(End.INCOMPATIBLE))

    def _connect_pictures(self, content: Content, bundle: Sequence[str]) -> None:
        try:
            self.media.connect_pictures(content, bundle)
        except Incompatible:
            # Once all that was wanted together with it is done.
            asyncio.get_running_loop().call_soon(self.handle, events.PicturesFailed())

    # Time

    def _start(self, timer: Timer, seconds: float) -> None:
        self._stop(timer)
        loop = asyncio.get_running_loop()
        self._timers[timer] = loop.call_later(seconds, self.handle, events.Elapsed(timer))

    def _stop(self, timer: Timer) -> None:
        if running := self._timers.pop(timer, None):
            running.cancel()

    def _look(self) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LOOKS_EVERY, self._look_again)

    def _look_again(self) -> None:
        self._looking = None
        self.handle(events.Tick(self.media.quiet))
        if self.call.state is State.ACTIVE:
            self._look()

    # The end

    def _spawn(
        self, command: Command, effect: Awaitable[None], *, parting: bool = False
    ) -> asyncio.Future[None]:
        task = asyncio.ensure_future(effect)
        tasks = self._phone.farewells if parting else self._tasks
        tasks.add(task)

        def done(task: asyncio.Future[None]) -> None:
            tasks.discard(task)
            if task.cancelled():
                return
            if error := task.exception():
                self._failed(command, error)
            elif isinstance(command, commands.Ask) and command.jingle.action in COUNTED:
                self.handle(events.Granted(command.jingle.action))

        task.add_done_callback(done)
        return task

    def _failed(self, command: Command, error: BaseException) -> None:
        match command, error:
            case commands.Ask(_, jingle), Refusal():
                self.handle(events.Refused(jingle.action, error.condition, _about(jingle)))
            case commands.AddPictures() | commands.TakePictures(), _:
                log.error("%s: %s failed", self.call.sid, _name(command), exc_info=error)
                self.handle(events.PicturesFailed())
            case _:
                log.error("%s: %s failed", self.call.sid, _name(command), exc_info=error)
                self.handle(events.HangUp(End.FAILED))

    def _release(self) -> None:
        self._released = True
        for timer in list(self._timers):
            self._stop(timer)
        if self._looking is not None:
            self._looking.cancel()
        for task in self._tasks - {_current_task()}:
            task.cancel()
        self._phone.farewells.add(task := asyncio.create_task(self._close()))
        task.add_done_callback(self._phone.farewells.discard)

    async def _close(self) -> None:
        try:
            await self.media.close()
        except Exception:
            log.exception("%s: closing the media failed", self.call.sid)
        finally:
            self._phone.forget(self)
            self.ended.set()


class Phone:
    """An account that can call and be called.

    ``watch`` is called with a frozen copy of a call whenever one changed, ``reached`` when our
    supernode went or came back; both have to return at once. ``clock`` gives seconds. ``calls``:
    how many calls there may be at once; who calls beyond that finds it busy. ``admits`` is asked
    about each call that comes: of which bare address, and at what time; who is not admitted finds
    nobody there. ``card``: what our site says of us now, for whomever we call. ``name_on``: what
    a card and its sender, a bare address, come to: a name, if they are to be believed.
    """

    def __init__(
        self,
        signalling: Signalling,
        make_media: MakeMedia,
        watch: Callable[[CallView], None],
        *,
        reached: Callable[[Reach], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        calls: int = 1,
        admits: Callable[[str, float], bool] = lambda _peer, _at: True,
        card: Callable[[], str | None] = lambda: None,
        name_on: Callable[[str, str], str | None] = lambda _card, _sender: None,
    ) -> None:
        self.signalling = signalling
        self.make_media = make_media
        self._watch = watch
        self._reached = reached
        self.clock = clock
        self._calls, self._admits = calls, admits
        self._card, self._name_on = card, name_on
        self._engaged = False
        self.farewells: set[asyncio.Future[None]] = set()
        """What outlives its call: last words, and the closing of its media."""
        self._lines: list[Line] = []
        self._past: deque[tuple[str, str]] = deque(maxlen=PAST_KEPT)
        self._closing = False
        signalling.attach(self)

    @property
    def address(self) -> str:
        """Our full address."""
        return self.signalling.address

    @property
    def lines(self) -> Sequence[Line]:
        """The calls that are, or are still being closed."""
        return tuple(self._lines)

    @property
    def live(self) -> Sequence[Line]:
        """The calls that are not over, the oldest first."""
        return tuple(line for line in self._lines if line.call.state is not State.ENDED)

    def line(self, sid: str) -> Line | None:
        """The line of a call, if there is one."""
        return next((line for line in self._lines if line.call.sid == sid), None)

    def dial(self, peer: str, *, showing: bool = False, name: str | None = None) -> Line:
        """Call ``peer``, a bare address, and be seen or not. ``name``: what the site calls them."""
        line = self._open(str(uuid.uuid4()), peer)
        line.handle(events.Dial(showing, self._card(), name))
        return line

    async def close(self) -> None:
        """Hang up every call, take no more, and wait a moment for the last words to be heard."""
        self._closing = True
        for line in self.lines:
            line.hang_up()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_WITHIN):
                while self.farewells:
                    await asyncio.wait(self.farewells)
        for task in list(self.farewells):
            task.cancel()
        await asyncio.gather(*self.farewells, return_exceptions=True)

    def tell(self, view: CallView) -> None:
        """A call changed: tell who watches. Their mistakes are no reason to end a call."""
        try:
            self._watch(view)
        except Exception:
            log.exception("%s: a watcher failed", view.sid)
        self._engage()

    def _engage(self) -> None:
        """Say to others whether we are in a call, when that changed."""
        engaged = any(line.call.state in _ENGAGED for line in self._lines)
        if engaged is not self._engaged:
            self._engaged = engaged
            self.signalling.engage(engaged)

    async def ice_servers(self) -> tuple[IceServer, ...]:
        """The supernode's STUN and TURN servers; a call goes on without them."""
        try:
            return await self.signalling.ice_servers()
        except Refusal as refusal:
            log.info("the supernode has no STUN or TURN for us: %s", refusal.condition)
            return ()

    def forget(self, line: Line) -> None:
        """The line's call is over and closed."""
        with contextlib.suppress(ValueError):
            self._lines.remove(line)
            self._past.append((line.call.peer, line.call.sid))

    # What comes in (signalling.Listener)

    def missed(self, sender: str, message: Propose, age: float) -> None:
        new = self.line(message.sid) is None and self._may_ring(sender, message.sid)
        peer = bare(sender)
        if new and self._admits(peer, self.clock() - age):
            # Nothing to the calls of now.
            name = self._named(sender, message)
            self._open(message.sid, peer).handle(events.Missed(sender, message, age, name))

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        event = events.Heard(sender, message, age)
        if line := self.line(message.sid):
            line.handle(event)
        elif isinstance(message, Propose) and self._may_ring(sender, message.sid):
            self._rung(sender, message, event)
        elif isinstance(message, Retract):
            # It may have overtaken its proposal.
            self._past.append((bare(sender), message.sid))

    def asked(self, sender: str, jingle: Jingle) -> None:
        if line := self.line(jingle.sid):
            line.handle(events.Asked(sender, jingle))
        elif jingle.action is not Action.SESSION_INITIATE or self._is_past(sender, jingle.sid):
            raise Fault("item-not-found", "there is no such session", jingle="unknown-session")
        elif self._may_ring(sender, jingle.sid) and self._admits(bare(sender), self.clock()):
            self._rung_without_proposal(sender, jingle)
        else:
            raise Fault("service-unavailable", "this phone takes no calls from you now")

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        line = self.line(sid)
        if line is not None and bare(to) == line.call.peer:
            line.handle(events.Undelivered(condition))

    def reach_changed(self, reach: Reach) -> None:
        if reach is Reach.SIGNED_OUT:
            for line in self.lines:
                line.handle(events.SignedOut())
        if self._reached is not None:
            self._reached(reach)

    def _is_past(self, sender: str, sid: str) -> bool:
        return (bare(sender), sid) in self._past

    def _may_ring(self, sender: str, sid: str) -> bool:
        ours = bare(sender) == bare(self.address)
        return not (ours or self._closing or self._is_past(sender, sid))

    def _rung(self, sender: str, message: Propose, event: events.Heard) -> None:
        if event.age >= WAITS_AT_MOST:
            self.missed(sender, message, event.age)
            return
        peer = bare(sender)
        live = self.live
        with_them = [line for line in live if line.call.peer == peer]
        ours = next((line for line in with_them if line.call.state in _OURS), None)
        if ours is None and not self._admits(peer, self.clock() - event.age):
            log.info("%s: who calls so often is not heard", message.sid)
            return
        event = replace(event, name=self._named(sender, message))
        if ours is not None:
            ours.handle(event)
            return
        if len(live) >= self._calls and not with_them:
            engaged = events.Engaged(sender, message, event.name)
            self._open(message.sid, peer).handle(engaged)
            return
        line = self._open(message.sid, peer)
        line.handle(event)
        self._go_on(line, [old for old in with_them if old.call.state is not State.INCOMING])
        for old in with_them:
            old.hang_up(End.REPLACED)

    def _go_on(self, line: Line, agreed: Sequence[Line]) -> None:
        # XEP-0353 §5.2: who is in a call with us and proposes anew lost that call, or moves to
        # another phone. It goes on without ringing, and as muted, held and seen as it was.
        if agreed:
            before = agreed[-1].call.view()
            line.mute(before.muted)
            line.hold(before.held)
            line.pause(before.paused)
            line.answer(showing=before.showing)

    def _named(self, sender: str, message: Propose) -> str | None:
        return None if message.card is None else self._name_on(message.card, bare(sender))

    def _rung_without_proposal(self, sender: str, offer: Jingle) -> None:
        ringing = [line.call.peer for line in self.live if line.call.state is State.INCOMING]
        # Nobody takes up two lines alone, and has others find us busy.
        busy = len(self.live) >= self._calls or bare(sender) in ringing
        event = events.Engaged(sender, offer) if busy else events.Asked(sender, offer)
        self._open(offer.sid, sender).handle(event)

    def _open(self, sid: str, peer: str) -> Line:
        line = Line(self, sid, peer)
        self._lines.append(line)
        return line


def _about(jingle: Jingle) -> tuple[str, ...]:
    """The names of the contents that it is about."""
    named = (jingle.info_content,) if jingle.info_content else ()
    return (*named, *(content.name for content in jingle.contents))


def _parts(jingle: Jingle) -> bool:
    return jingle.action is Action.SESSION_TERMINATE


def _name(event: Event | Command) -> str:
    """What happened, for the log: never a token, a key or an address of media."""
    match event:
        case events.Heard(_, message):
            return f"Heard {type(message).__name__}"
        case events.Asked(_, jingle):
            return f"Asked {jingle.action}"
        case events.Refused(action, condition, _):
            return f"Refused {action}: {condition}"
        case events.Granted(action):
            return f"Granted {action}"
        case events.Elapsed(timer):
            return f"Elapsed {timer}"
        case _:
            return type(event).__name__


def _current_task() -> "asyncio.Task[Any] | None":
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
