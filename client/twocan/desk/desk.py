"""The desk: one person's phone with everything around its calls.

It holds one call for another, writes the history, rings the bell, and shows all of it to a face as
frozen ``DeskView``s. Everything here happens on asyncio's thread and returns at once; what takes
its time (a disk, a keyring, a site) is waited for beside it.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from twocan import address as addresses
from twocan.account import Account
from twocan.call import WAITS_AT_MOST
from twocan.cards import name_on
from twocan.desk.accounts import Accounts
from twocan.desk.board import Board
from twocan.desk.equipment import Equipment, Equipped, Levels
from twocan.desk.gauge import Gauge
from twocan.desk.history import History
from twocan.desk.invitations import Invitations, Redeem
from twocan.desk.membership import Membership, typed
from twocan.desk.picking_up import PickingUp
from twocan.desk.porter import Porter
from twocan.desk.records import Records
from twocan.desk.redeeming import Launch, redeem
from twocan.desk.settings import Settings
from twocan.desk.settings_file import SettingsFile
from twocan.desk.state import DeskView, Outcome, Standing, Trial, Trouble
from twocan.desk.staying import Enter, Session, Stay, enter_by_xmpp
from twocan.desk.updates import Updates
from twocan.desk.work import Aside, Work
from twocan.media.figures import Figures
from twocan.phone import Line, Phone
from twocan.states import CallView, End, State

Over = Callable[[CallView, Figures | None], None]

CALLS_AT_ONCE = 2
"""One is talked in, one is held or knocks."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at how good a call is."""
CAUGHT_UP_AFTER = 2.0
"""Seconds that the calls of the time before wait where a person calls as soon as they are in: to
read of fifty messages takes as long as it takes to ring."""
WRITTEN_EVERY = 30
"""Looks after which it is written down how long the call has lasted, should the program die."""

_UNTOLD = {End.REPLACED, End.ANSWERED_ELSEWHERE, End.DECLINED_ELSEWHERE}
"""Ends that tell the person nothing."""

_AGREED = (State.CONNECTING, State.ACTIVE)

_OF_OURS = {Outcome.ANSWERED, Outcome.NOT_REACHED}
"""What becomes only of a call that the person made or took."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A call that is to be made as soon as somebody is signed in."""

    peer: str
    showing: bool


class Desk:
    """``tell`` is called with what there is to see, whenever that changed; it must return at once.

    ``given``: an account that is signed in without being kept. ``over``: told of each call that
    ended, and what it came to. ``updates``: look for new versions; without, nobody does. ``wall``:
    seconds since 1970.
    """

    def __init__(
        self,
        tell: Callable[[DeskView], None],
        equipment: Equipment,
        *,
        settings: SettingsFile,
        history: History,
        accounts: Callable[[], Accounts] = Accounts.find,
        given: Account | None = None,
        enter: Enter = enter_by_xmpp,
        redeem: Redeem = redeem,
        over: Over | None = None,
        updates: Updates | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._tell, self._updates = tell, updates
        self._equipment, self._settings = equipment, settings
        self._wall = wall
        self._given, self._over = given, over
        self._phone: Phone | None = None
        self._parting: Phone | None = None
        """The one that was put down last."""
        self._wish: _Wish | None = None
        self._gauges: dict[str, Gauge] = {}
        self._quality: float | None = None
        self._gauging: asyncio.Task[None] | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._work, self._saving = Work(), Aside("settings")
        self._board = Board(self._told, DeskView(settings=settings.load(), ready=True))
        self._records = Records(history, self._board, wall)
        self._porter = Porter(self._knows)
        self._invitations = Invitations(self._board, self._work, redeem, self._accept)
        self._picking_up = PickingUp(
            self._board, lambda sid, showing: self.answer(sid, showing=showing)
        )
        self._membership = Membership(
            self._board,
            self._work,
            accounts,
            enter,
            entered=self._entered,
            put_down=self._put_down,
            chosen=lambda address: self.change(account=address),
        )

    async def open(self) -> None:
        """Begin to sign in whoever was signed in last. What comes of it is shown."""
        self._work.begin(self._membership.open(self._given, self._view.settings.account))
        self._work.begin(self._records.read())
        if self._updates is not None:
            self._updates.open(lambda update: self._board.show(update=update))

    async def close(self) -> None:
        """Hang up, sign out, and put everything away."""
        self._invitations.forget()
        self._picking_up.forget()
        async with AsyncExitStack() as last:
            last.callback(self._saving.close)
            last.callback(self._membership.close)
            last.push_async_callback(self._records.close)
            last.push_async_callback(self._equipment.close)
            last.push_async_callback(self._work.finish)
            if self._gauging is not None:
                self._gauging.cancel()
            if self._updates is not None:
                await self._updates.close()
            await self._membership.leave()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Work at something while the desk is open."""
        self._work.begin(work)

    # --- Calls --------------------------------------------------------------------------------

    def dial(self, address: str, *, showing: bool = False) -> None:
        """Call ``address``; a call that is up is held."""
        try:
            peer = addresses.bare(addresses.check(address.strip()))
        except ValueError as error:
            self._board.trouble(Trouble.BAD_ADDRESS, str(error))
            return
        me = self._view.account
        if me is not None and peer == me.address:
            self._board.trouble(Trouble.BAD_ADDRESS, "this is your own address")
            return
        self.dismiss()
        if self._phone is None:
            self._wish = _Wish(peer, showing)
            self.try_again()
        elif len(self._phone.live) < CALLS_AT_ONCE:
            self._hold_all()
            self._phone.dial(peer, showing=showing, name=self._view.names.get(peer))

    def answer(self, sid: str, *, showing: bool = False) -> None:
        """Take the call; others are held, and one that nobody answered yet is given up."""
        if line := self._line(sid):
            for other in self._others(line):
                if other.call.state in (State.DIALLING, State.RINGING):
                    other.hang_up()
            self._hold_all(line)
            line.answer(showing=showing)

    def decline(self, sid: str) -> None:
        """Do not take the call."""
        if line := self._line(sid):
            line.decline()

    def hang_up(self, sid: str) -> None:
        """End the call."""
        if line := self._line(sid):
            line.hang_up()

    def hold(self, sid: str, on: bool) -> None:
        """Put the call on hold; resuming one holds the others."""
        if line := self._line(sid):
            if not on:
                self._hold_all(line)
            line.hold(on)

    def mute(self, sid: str, on: bool) -> None:
        """Mute the microphone."""
        if line := self._line(sid):
            line.mute(on)

    def show(self, sid: str, on: bool) -> None:
        """Be seen, or no more."""
        if line := self._line(sid):
            line.show(on)

    def share(self, sid: str, on: bool) -> None:
        """Show the screen in the camera's place, or the camera again."""
        if line := self._line(sid):
            self._equipment.share(on)
            self._board.show(sharing=on)
            if on:
                line.show(on)

    def pause(self, sid: str, on: bool) -> None:
        """Pause the camera."""
        if line := self._line(sid):
            line.pause(on)

    def press(self, sid: str, keys: str) -> None:
        """Press telephone keys."""
        if line := self._line(sid):
            line.press(keys)

    def dismiss(self) -> None:
        """The person has seen how the last call ended, and what did not work."""
        self._board.show(ended=None, problem=None)

    def levels(self) -> Levels | None:
        """How loud it is now. From any thread: only numbers are read."""
        return self._equipment.levels(self._talking())

    def quality(self) -> float | None:
        """How good the call is just now, 1 to 5. From any thread."""
        return self._quality

    async def figures(self, sid: str) -> Figures | None:
        """What the call came to so far."""
        line = self._line(sid)
        return await line.media.figures() if line else None

    # --- Links --------------------------------------------------------------------------------

    def follow(self, link: str) -> None:
        """Ask the link's site what it is for; then the person, unless they trust the site."""
        self._invitations.follow(link)

    def accept_invitation(self, *, trust: bool = False, showing: bool = False) -> None:
        """Sign in as the link says, and call, or answer."""
        invitation = self._view.invitation
        if invitation is not None and trust:
            trusted = self._view.settings.trusted_sites
            self.change(trusted_sites=tuple(dict.fromkeys((*trusted, invitation.site))))
        self._invitations.accept(showing)

    def refuse_invitation(self) -> None:
        """Neither call nor answer; wait for nothing of it any longer."""
        self._invitations.forget()
        self._picking_up.forget()

    def _accept(self, launch: Launch, showing: bool) -> None:
        me = self._view.account
        if self._live() and (me is None or me.address != launch.account.address):
            # Whoever is signed in is in a call, which another account would end.
            self._board.trouble(Trouble.IN_CALL)
            return
        if self._membership.is_of_another(launch.account.address, launch.invitation.site):
            self._board.trouble(Trouble.BAD_LINK, "it is of an account that another site gave")
            return
        if launch.invitation.answering is not None:
            self._picking_up.begin(launch.invitation, showing)
        self._work.begin(self._take_up(launch, showing))

    async def _take_up(self, launch: Launch, showing: bool) -> None:
        invitation = launch.invitation
        peer, name = invitation.peer, invitation.peer_name
        self._work.begin(self._records.learn(peer, name, invitation.site))
        await self._membership.admit(launch.account, invitation.site, invitation.caller)
        if invitation.answering is None:
            self.dial(peer, showing=showing)
        elif self._phone is not None:
            # Who was signed in before may have been away, or called too often, when it came.
            self._picking_up.entered()
            knew = self._phone.signalling.catch_up(WAITS_AT_MOST, peer)
            await self._picking_up.until_caught_up(knew)

    # --- Accounts -----------------------------------------------------------------------------

    def sign_in(
        self, address: str, password: str, host: str | None = None, port: int | None = None
    ) -> None:
        """Sign in with what was typed, and keep it once it proved right."""
        try:
            account = typed(address, password, host, port)
        except ValueError as error:
            self._board.trouble(Trouble.BAD_ADDRESS, str(error))
        else:
            self._work.begin(self._membership.enter(account))

    def use(self, address: str) -> None:
        """Sign in as another account that is kept."""
        self._work.begin(self._membership.use(address))

    def sign_out(self, address: str) -> None:
        """Forget this account, and sign out if it is in use."""
        self._work.begin(self._membership.forget(address))

    def try_again(self) -> None:
        """Do not wait for the next attempt to sign in."""
        self._work.begin(self._hurry())

    async def _hurry(self) -> None:
        if not await self._membership.hurry() and self._wish is not None:
            self._wish = None
            self._board.trouble(Trouble.NO_NETWORK, "nobody is signed in")

    def _entered(self, session: Session, stay: Stay) -> None:
        self._phone = Phone(
            session,
            self._equipment.make_media,
            self._watch,
            reached=stay.reach_changed,
            calls=CALLS_AT_ONCE,
            admits=self._admits,
            card=lambda: stay.account.card,
            name_on=lambda card, peer: name_on(card, peer, stay.account.names_key, self._wall()),
        )
        # Once it was shown that somebody is signed in.
        asyncio.get_running_loop().call_soon(self._call_as_wished)
        self._catching_up = self._work.begin(self._catch_up(self._phone))

    async def _catch_up(self, phone: Phone) -> None:
        # Behind a call that is wished for: nothing is asked of the supernode before that.
        away = await self._records.since_here(phone.address)
        if phone.live:
            await asyncio.sleep(CAUGHT_UP_AFTER)
        if self._phone is phone:
            self._picking_up.entered()
            if (peer := self._picking_up.peer) is not None:
                # Of them first: whoever else called may have filled what is told of at once.
                knew = phone.signalling.catch_up(WAITS_AT_MOST, peer)
                await self._picking_up.until_caught_up(knew)
        if self._phone is phone:
            await self._picking_up.until_caught_up(phone.signalling.catch_up(away))

    def _call_as_wished(self) -> None:
        if self._phone is not None and self._wish is not None:
            wish, self._wish = self._wish, None
            self.dial(wish.peer, showing=wish.showing)

    def _admits(self, peer: str, at: float) -> bool:
        asked_for = self._picking_up.is_from(peer)
        return asked_for or self._porter.admits(peer, at, self._clock())

    async def _put_down(self) -> None:
        if self._phone is not None:
            online = self._view.standing is Standing.ONLINE
            if self._catching_up is not None:
                self._catching_up.cancel()
            # Nobody dials on it any more; its calls are still told of.
            self._parting = parting = self._phone
            self._phone = None
            await parting.close()
            if online:
                await self._records.here(parting.address)

    # --- Settings, devices, history -----------------------------------------------------------

    def change(self, **changes: Any) -> None:
        """Change fields of ``Settings``, now and for the next start."""
        settings: Settings = replace(self._view.settings, **changes)
        if settings != self._view.settings:
            self._board.show(settings=settings)
            self._equipment.apply(settings)
            self._work.begin(self._save(settings))

    async def _save(self, settings: Settings) -> None:
        await self._saving.do(lambda: self._settings.save(settings))

    async def devices(self) -> Equipped:
        """What microphones, speakers and cameras there are."""
        return await self._equipment.devices()

    def try_microphone(self, on: bool) -> None:
        """Meter the microphone, outside a call."""
        self._equipment.try_microphone(on)

    def record(self) -> None:
        """Record five seconds, and play them."""
        self._equipment.record()

    def try_speaker(self) -> None:
        """Play something on the speaker."""
        self._equipment.try_speaker()

    def try_ringer(self) -> None:
        """Ring, once."""
        self._equipment.try_ringer()

    def try_camera(self, on: bool) -> None:
        """Show one's own picture, outside a call."""
        self._equipment.try_camera(on)

    def trial_changed(self, trial: Trial) -> None:
        """The equipment tells how a trial goes."""
        self._board.show(trial=trial)

    def clear_history(self) -> None:
        """Forget all calls that are over."""
        self._work.begin(self._clear())

    async def _clear(self) -> None:
        if self._phone is not None and self._view.standing is Standing.ONLINE:
            # What is forgotten is not to be told by the supernode again.
            await self._records.here(self._phone.address)
        await self._records.clear()

    def saw_missed(self) -> None:
        """The person has seen which calls were missed."""
        if self._view.missed:
            self._work.begin(self._records.saw_missed())

    # --- What happens to calls ----------------------------------------------------------------

    def _watch(self, view: CallView) -> None:
        if self._picking_up.takes(view):
            return
        self._see(view)
        self._picking_up.saw(view)
        self._invitations.saw(view)
        phone = self._phone or self._parting
        lines = {line.call.sid for line in phone.lines} if phone is not None else set()
        for call in self._view.calls:
            if call.sid not in lines:
                # Both called at once, and ours goes on as theirs (XEP-0353 §5.1, tie-breaking).
                times = MappingProxyType({**call.times, "ended": self._clock()})
                over = replace(call, state=State.ENDED, end=End.REPLACED, times=times)
                self._see(over)

    def _see(self, view: CallView) -> None:
        before = next((call for call in self._view.calls if call.sid == view.sid), None)
        self._draw(view, fresh=before is None)
        silent = self._view.settings.do_not_disturb and view.state is State.INCOMING
        self._equipment.show(view, silent=silent)
        if before is None or before.state is not view.state:
            self._learn(view)
            self._work.begin(self._records.write(view, self._clock()))
            self._gauge()
        if view.state in _AGREED and (before is None or before.state not in _AGREED):
            self._agreed(view)
        if view.state is State.ENDED:
            self._ended(view)

    def _learn(self, view: CallView) -> None:
        """What the caller's site calls them, if that is news."""
        peer, name = view.peer, view.peer_name
        if not view.outgoing and name and self._view.names.get(peer) != name:
            self._work.begin(self._records.learn(peer, name))

    def _agreed(self, view: CallView) -> None:
        # Whoever answers last, two people never hear the microphone at once.
        if not view.held:
            self._hold_all(self._line(view.sid))

    def _draw(self, view: CallView, *, fresh: bool) -> None:
        if view.state is State.ENDED:
            calls = tuple(call for call in self._view.calls if call.sid != view.sid)
            ended = view if is_told(view) else self._view.ended
            self._board.show(calls=calls, ended=ended, sharing=self._view.sharing and bool(calls))
        elif fresh:
            self._board.show(calls=(*self._view.calls, view), ended=None)
        else:
            same = (view if call.sid == view.sid else call for call in self._view.calls)
            self._board.show(calls=tuple(same))

    def _ended(self, view: CallView) -> None:
        self._gauges.pop(view.sid, None)
        if not self._view.calls:
            self._equipment.share(on=False)
        phone = self._phone or self._parting
        line = phone.line(view.sid) if phone is not None else None
        if line is not None and self._over is not None:
            self._work.begin(self._report(line, self._over))

    async def _report(self, line: Line, over: Over) -> None:
        await line.ended.wait()
        over(line.call.view(), await line.media.figures())

    def _gauge(self) -> None:
        if self._gauging is None and self._talking() is not None:
            self._gauging = self._work.begin(self._look())

    async def _look(self) -> None:
        looks = 0
        try:
            while (line := self._talking()) is not None:
                if (looks := looks + 1) % WRITTEN_EVERY == 0:
                    self._work.begin(self._records.write(line.call.view(), self._clock()))
                gauge = self._gauges.setdefault(line.call.sid, Gauge())
                figures = await line.media.figures()
                pictures = self._equipment.looks(line)
                self._quality = gauge.look(self._clock(), figures, pictures)
                await asyncio.sleep(LOOKS_EVERY)
        finally:
            self._gauging, self._quality = None, None

    def _told(self, view: DeskView) -> None:
        self._tell(view)
        if view.standing is Standing.REFUSED and view.picked_up is not None:
            asyncio.get_running_loop().call_soon(self._picking_up.forget)
        if self._updates is not None:
            self._updates.look(view)

    # --- Lines --------------------------------------------------------------------------------

    def _knows(self, peer: str) -> bool:
        """Whether the person ever called them, or took a call of theirs."""
        talked = (past.peer for past in self._view.past if past.outcome in _OF_OURS)
        return peer in self._records.introduced or peer in talked

    @property
    def _view(self) -> DeskView:
        return self._board.view

    def _live(self) -> tuple[Line, ...]:
        return tuple(self._phone.live) if self._phone is not None else ()

    def _line(self, sid: str) -> Line | None:
        return self._phone.line(sid) if self._phone is not None else None

    def _others(self, line: Line | None) -> tuple[Line, ...]:
        return tuple(other for other in self._live() if other is not line)

    def _hold_all(self, but: Line | None = None) -> None:
        for line in self._others(but):
            if line.call.state in _AGREED:
                line.hold(on=True)

    def _talking(self) -> Line | None:
        """The call that is talked in: the one that is not held, or else the newest."""
        active = [line for line in self._live() if line.call.state is State.ACTIVE]
        free = [line for line in active if not line.call.view().held]
        return next(reversed(free or active), None)

    def _clock(self) -> float:
        return self._phone.clock() if self._phone is not None else time.monotonic()


def is_told(view: CallView) -> bool:
    """Whether the end of this call is worth a page: not if it was only rung, or given up here."""
    if view.end in _UNTOLD:
        return False
    if "answered" in view.times:
        return True
    return view.outgoing and view.end is not End.CANCELLED
