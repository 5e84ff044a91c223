"""The desk among strangers who mean no good, sites that say anything, and stores that fail."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cans import Can, Street, World
from sitting import LINK, WITHIN, signed_in
from town import ACCOUNT, ME, NEIGHBOUR, OTHER, SETTINGS, Town, Watch
from twocan.account import Account, AccountError
from twocan.desk.accounts import Accounts
from twocan.desk.desk import CALLS_AT_ONCE, Desk
from twocan.desk.equipment import Equipment, Levels
from twocan.desk.history import MOST_MISSED, History
from twocan.desk.porter import CALLER, STRANGERS
from twocan.desk.redeeming import Launch
from twocan.desk.state import Invitation, Known, Standing, Trouble
from twocan.events import Event
from twocan.links import LaunchLink
from twocan.messages import (
    Action,
    Content,
    Description,
    Fingerprint,
    Jingle,
    PayloadType,
    Propose,
    Retract,
    Transport,
)
from twocan.phone import Line
from twocan.signalling import Extension, Refusal
from twocan.states import CallView, End, State

AUDIO = Content(
    "audio",
    description=Description("audio", (PayloadType(111, "opus", 48000, 2),)),
    transport=Transport("ufrag", "p" * 22, (), (Fingerprint("sha-256", ":".join(["AB"] * 32)),)),
)


def stranger(town: Town, who: str = "stranger@bad.example") -> Extension:
    assert town.exchange is not None
    return town.exchange.join(f"{who}/x")


async def rings_in_vain(caller: Extension, sid: str) -> None:
    """They call and take it back at once, until that is seen or passed over."""
    caller.tell(ME, Propose(sid))
    caller.tell(ME, Retract(sid))
    await told(caller)


async def told(caller: Extension) -> None:
    """Until all that was said so far was heard."""
    heard = asyncio.Event()
    caller._exchange.carry(heard.set)
    await heard.wait()


# --- Calls without end --------------------------------------------------------------------------


async def test_who_calls_and_takes_it_back_without_end_is_soon_not_heard() -> None:
    async with signed_in() as (town, _, watch):
        caller = stranger(town)
        for at in range(100):
            await rings_in_vain(caller, f"call-{at}")
        view = await watch.sees(lambda view: len(view.past) == CALLER.in_a_row)
        assert view.missed == CALLER.in_a_row
        rang = {call.sid for view in watch.views for call in view.calls}
        assert len(rang) == CALLER.in_a_row


async def test_nor_is_who_proposes_anew_while_it_rings() -> None:
    async with signed_in() as (town, _, watch):
        caller = stranger(town)
        for at in range(100):
            caller.tell(ME, Propose(f"call-{at}"))
        await told(caller)
        rang = {call.sid for view in watch.views for call in view.calls}
        assert len(rang) == CALLER.in_a_row
        assert len(watch.now.calls) == 1


async def test_ever_new_strangers_are_not_heard_either_and_a_friend_is() -> None:
    async with signed_in() as (town, desk, watch):
        friend = town.move_in()
        desk.dial(NEIGHBOUR)
        line = await friend.line(State.INCOMING)
        line.decline()
        await watch.sees(lambda view: view.past and not view.calls)
        for at in range(2 * STRANGERS.in_a_row):
            await rings_in_vain(stranger(town, f"stranger-{at}@bad.example"), f"call-{at}")
        await watch.sees(lambda view: view.missed == STRANGERS.in_a_row)
        friend.phone.dial(ME)
        sid = await watch.call(State.INCOMING)
        assert next(call.peer for call in watch.now.calls if call.sid == sid) == NEIGHBOUR
        desk.decline(sid)


async def test_a_friend_who_tries_a_few_times_is_heard_each_time() -> None:
    async with signed_in() as (town, _, watch):
        friend = town.move_in()
        for _ in range(3):
            line = friend.phone.dial(ME)
            await watch.call(State.INCOMING)
            line.hang_up()
            await watch.sees(lambda view: not view.calls)
        await watch.sees(lambda view: view.missed == 3)


async def test_who_never_proposes_is_told_so_and_not_heard() -> None:
    async with signed_in() as (town, _, watch):
        caller = stranger(town)
        assert town.session is not None
        refused = 0
        for at in range(20):
            offer = Jingle(
                Action.SESSION_INITIATE, f"call-{at}", initiator=caller.address, contents=(AUDIO,)
            )
            try:
                await caller.ask(town.session.address, offer)
            except Refusal as refusal:
                refused += refusal.condition == "service-unavailable"
        assert refused == 20 - CALLER.in_a_row
        # The others find us busy: nobody takes up both lines alone.
        assert [call.sid for call in watch.now.calls] == ["call-0"]


async def test_calls_without_end_do_not_push_out_the_calls_of_before() -> None:
    history = History(None)
    history.write(ended("talked", {"started": 0.0, "connected": 1.0, "ended": 60.0}), 0.0)
    for at in range(MOST_MISSED + 10):
        history.write(ended(f"call-{at}", {"started": 0.0, "ended": 1.0}), 10.0 + at, seen=False)
    kept = history.recent(2 * MOST_MISSED)
    assert len(kept) == MOST_MISSED + 1
    assert (kept[-1].sid, kept[-2].sid) == ("talked", "call-10")
    history.close()


# --- What waits ---------------------------------------------------------------------------------


class Locked(Accounts):
    """A keyring that has one account, and gives it once it is unlocked."""

    def __init__(self, *, has: Account | None) -> None:
        super().__init__(None)
        self._has = has
        self.asked, self.unlocked = asyncio.Event(), threading.Event()
        self._loop = asyncio.get_running_loop()

    def list(self) -> tuple[Known, ...]:
        return (Known(OTHER, stored="a keyring"),)

    def load(self, address: str) -> Account:
        self._loop.call_soon_threadsafe(self.asked.set)
        self.unlocked.wait()
        if self._has is None:
            raise AccountError("the secret is not known any more: sign in again")
        return self._has

    def close(self) -> None:
        self.unlocked.set()


@pytest.mark.parametrize("has", [Account(OTHER, "a made-up token", is_token=True), None])
async def test_a_link_does_not_wait_for_the_keyring_and_its_call_outlives_the_answer(
    has: Account | None,
) -> None:
    town = Town(replace(SETTINGS, account=OTHER, trusted_sites=("site.example",)), given=None)
    town.accounts = keyring = Locked(has=has)
    town.redeem = gives_a_launch
    watch = Watch()
    async with asyncio.timeout(WITHIN):
        desk = await town.open_desk(watch)
        try:
            neighbour = town.move_in()
            await keyring.asked.wait()
            desk.follow(LINK)
            (await neighbour.line(State.INCOMING)).answer()
            sid = await watch.call(State.ACTIVE)
            keyring.unlocked.set()
            # What is asked of the keyring next is answered after what was asked before.
            await watch.sees(lambda view: view.settings.account == ME)
            assert watch.now.account is not None
            assert (watch.now.account.address, watch.now.standing) == (ME, Standing.ONLINE)
            assert [call.sid for call in watch.now.calls] == [sid]
            assert watch.now.problem is None
        finally:
            await desk.close()
            await town.close()


async def test_another_account_whose_secret_is_lost_signs_nobody_out() -> None:
    town = Town()
    town.accounts = keyring = Locked(has=None)
    keyring.unlocked.set()
    async with signed_in(town) as (_, desk, watch):
        await watch.sees(lambda view: view.accounts)
        desk.use(OTHER)
        view = await watch.sees(lambda view: view.problem)
        assert view.problem is not None
        assert view.problem.trouble is Trouble.SECRET_LOST
        assert (view.standing, view.account) == (Standing.ONLINE, Known(ME))


async def gives_a_launch(link: LaunchLink) -> Launch:
    return Launch(ACCOUNT, Invitation(link.site, "Demo person", NEIGHBOUR))


# --- Links --------------------------------------------------------------------------------------


async def test_a_link_that_is_followed_a_thousand_times_asks_once() -> None:
    town = Town()
    asked: list[LaunchLink] = []

    async def redeem(link: LaunchLink) -> Launch:
        asked.append(link)
        return await gives_a_launch(link)

    town.redeem = redeem
    async with signed_in(town) as (_, desk, watch):
        for _ in range(1000):
            desk.follow(LINK)
        view = await watch.sees(lambda view: view.invitation)
        assert len(asked) == 1
        assert not view.opening_link
        desk.refuse_invitation()


async def test_a_link_that_is_opened_while_another_asks_takes_its_place() -> None:
    town = Town()
    town.redeem = gives_a_launch
    async with signed_in(town) as (_, desk, watch):
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.follow(LINK.replace("site.example", "other.example"))
        assert watch.now.invitation is None
        view = await watch.sees(lambda view: view.invitation)
        assert view.invitation is not None
        assert view.invitation.site == "other.example"


@pytest.mark.expects_log
async def test_a_site_that_breaks_us_does_not_leave_the_person_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    town = Town()

    async def breaks(_: LaunchLink) -> Launch:
        raise ZeroDivisionError

    town.redeem = breaks
    async with signed_in(town) as (_, desk, watch):
        desk.follow(LINK)
        view = await watch.sees(lambda view: not view.opening_link and view.problem)
        assert view.problem is not None
        assert view.problem.trouble is Trouble.OTHER
    assert "ZeroDivisionError" in caplog.text


# --- Whatever a person does, in whatever order --------------------------------------------------


class Muffled(Equipment):
    """Equipment for calls between cans."""

    street: Street

    def make_media(self, report: Callable[[Event], None]) -> Can:  # type: ignore[override]
        return Can(self.street, report, gathering=0.0)

    def levels(self, line: Line | None) -> Levels:
        return Levels()

    def looks(self, line: Line) -> float | None:
        return None


PEOPLE = (NEIGHBOUR, OTHER)
OURS = (
    "answer",
    "answer showing",
    "decline",
    "hang up",
    "hold",
    "resume",
    "mute",
    "show",
    "share",
    "pause",
    "press",
    "dismiss",
    "follow",
    "accept",
    "refuse",
    "use",
    "sign out",
    "quiet",
    "clear",
)
STEPS = st.one_of(
    st.tuples(st.sampled_from(("dial", "dial showing", *OURS)), st.integers(0, 1)),
    st.tuples(st.sampled_from(("they call", "they answer", "they hang up")), st.integers(0, 1)),
    st.tuples(st.sampled_from(("they call", "they answer", "settle")), st.integers(0, 1)),
)


class Evening:
    """A desk whose neighbours have cans."""

    def __init__(self, town: Town) -> None:
        self.town, self.watch = town, Watch()
        self.world = World()
        self.world.street.latency = 0.0
        town.exchange = self.world.exchange
        self.people = [self.world.person(f"{who}/phone", calls=2) for who in PEOPLE]
        for person in self.people:
            person.gathering = 0.0
        self.equipment = Muffled(
            town.settings.load(),
            far=lambda canvas: None,
            near=lambda canvas: None,
            changed=lambda trial: None,
        )
        self.equipment.street = self.world.street
        self.desk = Desk(
            self.watch,
            self.equipment,
            settings=town.settings,
            history=town.history,
            accounts=lambda: town.accounts,
            given=ACCOUNT,
            enter=town._enter,
            redeem=gives_a_launch,
        )

    def does(self, what: str, which: int) -> None:
        """One step: of ours about the call ``which``, or of a neighbour."""
        desk, calls = self.desk, self.watch.now.calls
        sid = calls[which].sid if which < len(calls) else "none"
        person = self.people[which]
        verbs: dict[str, Callable[[], object]] = {
            "dial": lambda: desk.dial(PEOPLE[which]),
            "dial showing": lambda: desk.dial(PEOPLE[which], showing=True),
            "answer": lambda: desk.answer(sid),
            "answer showing": lambda: desk.answer(sid, showing=True),
            "decline": lambda: desk.decline(sid),
            "hang up": lambda: desk.hang_up(sid),
            "hold": lambda: desk.hold(sid, True),
            "resume": lambda: desk.hold(sid, False),
            "mute": lambda: desk.mute(sid, True),
            "show": lambda: desk.show(sid, True),
            "share": lambda: desk.share(sid, True),
            "pause": lambda: desk.pause(sid, True),
            "press": lambda: desk.press(sid, "1"),
            "dismiss": desk.dismiss,
            "follow": lambda: desk.follow(LINK),
            "accept": desk.accept_invitation,
            "refuse": desk.refuse_invitation,
            "use": lambda: desk.use(ME),
            "sign out": lambda: desk.sign_out(ME),
            "quiet": lambda: desk.change(do_not_disturb=bool(which)),
            "clear": desk.clear_history,
            "they call": lambda: person.phone.dial(ME),
            "they answer": lambda: each_of(person.phone.live, Line.answer),
            "they hang up": lambda: each_of(person.phone.live, Line.hang_up),
            "settle": lambda: None,
        }
        verbs[what]()

    async def settle(self) -> None:
        """Until what was begun has had its turn."""
        for _ in range(20):
            happened = asyncio.Event()
            self.world.exchange.carry(happened.set)
            await happened.wait()

    def is_sound(self) -> None:
        calls = self.watch.now.calls
        assert len(calls) <= CALLS_AT_ONCE
        assert len({call.sid for call in calls}) == len(calls)
        agreed = [call for call in calls if call.state in (State.CONNECTING, State.ACTIVE)]
        assert sum(not call.held for call in agreed) <= 1, agreed

    async def close(self) -> None:
        await self.desk.close()
        assert self.desk._live() == ()
        await self.world.close()


def each_of(lines: Sequence[Line], verb: Callable[[Line], None]) -> None:
    for line in lines:
        verb(line)


BOTH_RING = [("they call", 0), ("they call", 1), ("settle", 0), ("answer", 0), ("answer", 1)]
BOTH_ANSWER = [
    ("dial", 0),
    ("settle", 0),
    ("dial", 1),
    ("settle", 0),
    ("they answer", 0),
    ("they answer", 1),
]


@example(BOTH_RING)
@example(BOTH_ANSWER)
@given(st.lists(STEPS, max_size=14))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_in_whatever_order(steps: list[tuple[str, int]]) -> None:
    async def evening() -> None:
        async with asyncio.timeout(WITHIN):
            here = Evening(Town())
            await here.desk.open()
            await here.watch.sees(lambda view: view.standing is Standing.ONLINE)
            try:
                for what, which in steps:
                    here.does(what, which)
                    if what == "settle":
                        await here.settle()
                    here.is_sound()
                for _ in range(4):
                    await here.settle()
                here.is_sound()
            finally:
                await here.close()

    asyncio.run(evening())


def ended(sid: str, times: dict[str, float]) -> CallView:
    talked = "connected" in times
    return CallView(
        sid=sid,
        peer="stranger@bad.example",
        outgoing=False,
        state=State.ENDED,
        end=End.HUNG_UP if talked else End.CANCELLED,
        ended_by="them",
        held=False,
        held_by_peer=False,
        muted=False,
        muted_by_peer=False,
        verification=None,
        times=MappingProxyType(times),
    )
