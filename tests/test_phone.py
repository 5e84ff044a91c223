"""Whole calls in memory: phones, a supernode that may misbehave, and time that passes at once."""

import asyncio
import gc
import warnings
from collections.abc import Awaitable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cans import Can, Person, World, in_a_call
from twocan.call import CONNECTS_WITHIN, NO_ANSWER_AFTER, RINGS_FOR
from twocan.contents import ADDS_AGAIN_AFTER, ADDS_AT_ONCE
from twocan.messages import (
    Action,
    Content,
    Description,
    Finish,
    Info,
    Initiation,
    Jingle,
    Propose,
    Reason,
    Reject,
    Retract,
    Ringing,
    Transport,
)
from twocan.phone import FAREWELL_WITHIN, Line
from twocan.signalling import Extension, Reach, Refusal, Weather
from twocan.states import CallView, End, State
from virtual_time import in_virtual_time

CALLER, CALLEE = "caller@site.example/desk", "callee@site.example/desk"
CALLEES_POCKET, CALLERS_POCKET = "callee@site.example/pocket", "caller@site.example/pocket"
THIRD = "third@site.example/desk"


def two(weather: Weather | None = None) -> tuple[World, Person, Person]:
    world = World(weather)
    return world, world.person(CALLER), world.person(CALLEE)


def now() -> float:
    return asyncio.get_running_loop().time()


class Stranger:
    """Somebody with a phone of their own making: says what it wants and keeps what it hears."""

    def __init__(self, world: World, address: str = "stranger@site.example/x") -> None:
        self.heard_messages: list[Initiation] = []
        self.requests: list[Jingle] = []
        self.signalling: Extension = world.exchange.join(address)
        self.signalling.attach(self)

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        self.heard_messages.append(message)

    def missed(self, sender: str, message: Propose, age: float) -> None:
        raise AssertionError

    def asked(self, sender: str, jingle: Jingle) -> None:
        self.requests.append(jingle)

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        raise AssertionError

    def reach_changed(self, reach: Reach) -> None:
        raise AssertionError

    async def refused(self, to: str, jingle: Jingle) -> str:
        with pytest.raises(Refusal) as caught:
            await self.signalling.ask(to, jingle)
        return caught.value.condition


AUDIO = Content("audio", description=Description("audio"), transport=Transport("ufrag", "p" * 22))
VIDEO = Content("video", description=Description("video"), transport=Transport("ufrag", "p" * 22))


# --- Whole calls --------------------------------------------------------------------------------


@in_virtual_time
async def test_a_call_from_dialling_to_hanging_up() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    assert ours.call.view().verification == theirs.call.view().verification is not None
    ours.hang_up()
    await asyncio.gather(ours.ended.wait(), theirs.ended.wait())

    assert caller.states == [
        State.DIALLING,
        State.RINGING,
        State.CONNECTING,
        State.ACTIVE,
        State.ENDED,
    ]
    assert callee.states == [State.INCOMING, State.CONNECTING, State.ACTIVE, State.ENDED]
    assert (ours.call.view().end, ours.call.view().ended_by) == (End.HUNG_UP, "us")
    assert (theirs.call.view().end, theirs.call.view().ended_by) == (End.HUNG_UP, "them")
    world.is_empty()


@in_virtual_time
async def test_the_one_who_was_called_hangs_up() -> None:
    world, caller, callee = two()
    _, theirs = await in_a_call(caller, callee)
    theirs.hang_up()
    await caller.quiet()

    assert (caller.seen[-1].end, caller.seen[-1].ended_by) == (End.HUNG_UP, "them")
    await world.close()


@in_virtual_time
async def test_every_change_is_shown_once_and_in_order() -> None:
    world, caller, callee = two()
    ours, _ = await in_a_call(caller, callee)
    ours.hold(True)
    ours.hold(True)
    ours.hold(False)
    ours.hang_up()
    ours.hang_up()
    await world.close()

    for person in (caller, callee):
        assert all(before != after for before, after in pairwise(person.seen))
        assert person.ends == [End.HUNG_UP]


@in_virtual_time
async def test_the_addresses_are_gathered_while_it_rings_and_told_after_both_agreed() -> None:
    world, caller, callee = two()
    caller.phone.dial(callee.bare)
    line = await callee.line(State.INCOMING)
    await asyncio.sleep(5)
    for person in (caller, callee):
        assert person.cans[0].calls == {"prepare": 1}
    line.answer()
    await callee.line(State.ACTIVE)
    assert caller.cans[0].calls["offer"] == callee.cans[0].calls["answer"] == 1
    await world.close()


@in_virtual_time
async def test_who_answers_before_the_addresses_are_there_waits_for_them() -> None:
    world, caller, callee = two()
    caller.gathering = callee.gathering = 0.5
    await in_a_call(caller, callee)
    assert 1.0 > now() > 0.5
    await world.close()


@in_virtual_time
async def test_they_decline() -> None:
    world, caller, callee = two()
    ours = caller.phone.dial(callee.bare)
    (await callee.line(State.INCOMING)).decline()
    await ours.ended.wait()
    assert (caller.ends, callee.ends) == ([End.DECLINED], [End.DECLINED])
    await world.close()


@in_virtual_time
async def test_we_cancel() -> None:
    world, caller, callee = two()
    ours = caller.phone.dial(callee.bare)
    theirs = await callee.line(State.INCOMING)
    ours.hang_up()
    await theirs.ended.wait()
    assert (caller.ends, callee.ends) == ([End.CANCELLED], [End.CANCELLED])
    await world.close()


@in_virtual_time
async def test_nobody_answers() -> None:
    world, caller, callee = two()
    await caller.phone.dial(callee.bare).ended.wait()
    await callee.quiet()
    assert now() == pytest.approx(NO_ANSWER_AFTER, abs=0.1)
    assert (caller.ends, callee.ends) == ([End.NO_ANSWER], [End.NO_ANSWER])
    await world.close()


@in_virtual_time
async def test_nobody_has_that_address() -> None:
    world, caller, _ = two()
    await caller.phone.dial("nobody@site.example").ended.wait()
    assert caller.ends == [End.UNREACHABLE]
    assert now() < 1
    await world.close()


@in_virtual_time
async def test_no_phone_says_that_it_rings() -> None:
    world, caller, callee = two()
    world.exchange.weather = Weather(loss=1)
    await caller.phone.dial(callee.bare).ended.wait()
    assert caller.ends == [End.UNREACHABLE]
    assert now() == pytest.approx(NO_ANSWER_AFTER, abs=0.1)
    await world.close()


@in_virtual_time
async def test_no_path_is_found() -> None:
    world, caller, callee = two()
    world.street.cut = True
    ours = caller.phone.dial(callee.bare)
    (await callee.line(State.INCOMING)).answer()
    await ours.ended.wait()
    await callee.quiet()
    assert (caller.ends, callee.ends) == ([End.CONNECTION_FAILED], [End.CONNECTION_FAILED])
    assert now() == pytest.approx(CONNECTS_WITHIN, abs=0.2)
    await world.close()


@in_virtual_time
async def test_hold_and_mute_are_seen_at_the_far_end() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    ours.hold(True)
    await asyncio.sleep(0.1)
    assert theirs.call.view().held_by_peer
    assert caller.cans[0].flows[-1] == (False, False, False)
    assert callee.cans[0].flows[-1] == (False, False, True)
    ours.hold(False)
    ours.mute(True)
    await asyncio.sleep(0.1)
    assert not theirs.call.view().held_by_peer
    assert theirs.call.view().muted_by_peer
    assert caller.cans[0].flows[-1] == (True, True, True)
    assert callee.cans[0].flows[-1] == (True, False, True)
    await world.close()


# --- Pictures -----------------------------------------------------------------------------------


def shown(here: Line, there: Line) -> tuple[bool, bool]:
    """Whether this end shows its camera, and whether the other knows and looks."""
    ours, theirs = here.media, there.media
    assert isinstance(ours, Can)
    assert isinstance(theirs, Can)
    assert theirs.watching == there.call.view().shown_by_peer
    assert ours.showing == here.call.view().showing
    return ours.showing, theirs.watching


@in_virtual_time
async def test_both_are_seen_from_the_start() -> None:
    world, caller, callee = two()
    ours = caller.phone.dial(callee.bare, showing=True)
    theirs = await callee.line(State.INCOMING)
    assert theirs.call.view().pictures
    theirs.answer(showing=True)
    await asyncio.sleep(1)
    assert shown(ours, theirs) == shown(theirs, ours) == (True, True)
    assert caller.cans[0].bundle == callee.cans[0].bundle == ("audio", "video")
    await world.close()
    assert not caller.cans[0].showing


@pytest.mark.parametrize("calls", [True, False])
@in_virtual_time
async def test_a_camera_is_switched_on_and_off_in_mid_call(calls: bool) -> None:
    world, caller, callee = two(Weather(delay=(0.05, 0.05)))
    lines = await in_a_call(caller, callee)
    here, there = lines if calls else lines[::-1]
    for _ in range(2):
        here.show(True)
        assert shown(there, here) == (False, False)
        await asyncio.sleep(1)
        assert shown(here, there) == (True, True)
        assert shown(there, here) == (False, False)
        here.show(False)
        assert here.media.bundle == ()
        await asyncio.sleep(1)
        assert shown(here, there) == (False, False)
        assert not there.call.view().pictures
    await world.close()


@in_virtual_time
async def test_both_cameras_are_switched_on_at_once_and_off_at_once() -> None:
    world, caller, callee = two(Weather(delay=(0.05, 0.05)))
    ours, theirs = await in_a_call(caller, callee)
    for on in (True, False, True):
        ours.show(on)
        theirs.show(on)
        await asyncio.sleep(1)
        assert shown(ours, theirs) == shown(theirs, ours) == (on, on)
        assert ours.call.view().pictures == theirs.call.view().pictures == on
    await world.close()


@in_virtual_time
async def test_a_camera_pauses_for_those_who_watch() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    ours.show(True)
    await asyncio.sleep(1)
    ours.pause(True)
    assert not caller.cans[0].showing
    await asyncio.sleep(0.1)
    assert (theirs.call.view().paused_by_peer, callee.cans[0].watching) == (True, False)
    ours.pause(False)
    await asyncio.sleep(0.1)
    assert shown(ours, theirs) == (True, True)
    await world.close()


@in_virtual_time
async def test_a_phone_without_a_codec_for_pictures_talks_all_the_same() -> None:
    world, caller, callee = two()
    ours = caller.phone.dial(callee.bare, showing=True)
    theirs = await callee.line(State.INCOMING)
    callee.cans[0].blind = True
    theirs.answer()
    await asyncio.sleep(1)
    for _ in range(2):
        view = ours.call.view()
        assert (view.state, view.pictures, view.showing) == (State.ACTIVE, False, False)
        assert view.camera_problem is not None
        ours.show(True)
        await asyncio.sleep(1)
    await world.close()


@pytest.mark.expects_log
@pytest.mark.parametrize("failing", ["add_pictures", "take_pictures"])
@in_virtual_time
async def test_a_fault_in_what_is_added_costs_the_pictures_and_not_the_call(failing: str) -> None:
    world, caller, callee = two()
    caller.failing = callee.failing = {failing}
    ours, theirs = await in_a_call(caller, callee)
    ours.show(True)
    await asyncio.sleep(1)
    for line in (ours, theirs):
        assert line.call.state is State.ACTIVE
        assert not line.call.view().pictures
    assert ours.call.view().camera_problem is not None
    await world.close()


@in_virtual_time
async def test_an_answer_that_cannot_be_connected_to_costs_the_pictures_and_not_the_call() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    caller.cans[0].blind = True
    ours.show(True)
    await asyncio.sleep(1)
    for line in (ours, theirs):
        assert line.call.state is State.ACTIVE
        assert not line.call.view().pictures
    assert not caller.cans[0].showing
    await world.close()


@in_virtual_time
async def test_who_cannot_decide_is_seen_in_the_end() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    for turn in range(2 * ADDS_AT_ONCE + 1):
        ours.show(turn % 2 == 0)
        await asyncio.sleep(0.1)
    assert ours.call.view().pictures
    assert not theirs.call.view().pictures
    await asyncio.sleep(ADDS_AGAIN_AFTER)
    assert theirs.call.view().shown_by_peer
    assert ours.call.view().camera_problem is None
    await world.close()


@in_virtual_time
async def test_a_wish_that_is_gone_in_the_same_moment_is_not_begun() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        ours.show(True)
        ours.show(False)
        await asyncio.sleep(1)
        gc.collect()
    assert [str(warning.message) for warning in warned] == []
    assert not theirs.call.view().pictures
    await world.close()


@in_virtual_time
async def test_what_is_being_described_is_not_waited_for_once_nobody_wants_it() -> None:
    world, caller, callee = two()
    ours, _ = await in_a_call(caller, callee)
    ours.show(True)
    await asyncio.sleep(0)
    ours.show(False)
    await asyncio.sleep(1)
    assert caller.cans[0].calls["add_pictures"] == 0
    assert caller.cans[0].pictures is None
    ours.show(True)
    await asyncio.sleep(0)
    ours.hang_up()
    await callee.quiet()
    assert caller.cans[0].calls["add_pictures"] == 0
    await world.close()


@in_virtual_time
async def test_who_was_seen_is_seen_in_the_new_call() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLERS_POCKET)
    _, theirs = await in_a_call(caller, callee)
    theirs.show(True)
    theirs.pause(True)
    pocket.phone.dial(callee.bare)
    there = await pocket.line(State.ACTIVE)
    await theirs.ended.wait()
    await asyncio.sleep(1)

    [going_on] = callee.phone.lines
    assert going_on.call.view().showing
    assert there.call.view().paused_by_peer
    going_on.pause(False)
    await asyncio.sleep(1)
    assert shown(going_on, there) == (True, True)
    await world.close()


# --- More than one call, more than one phone ----------------------------------------------------


@in_virtual_time
async def test_a_third_person_finds_them_busy_and_disturbs_nobody() -> None:
    world, caller, callee = two()
    third = world.person(THIRD)
    ours, theirs = await in_a_call(caller, callee)
    await third.phone.dial(callee.bare).ended.wait()

    assert third.ends == [End.BUSY]
    assert [view.state for view in callee.seen].count(State.INCOMING) == 1
    assert ours.call.state is theirs.call.state is State.ACTIVE
    await world.close()


@in_virtual_time
async def test_while_it_rings_another_caller_finds_them_busy() -> None:
    world, caller, callee = two()
    third = world.person(THIRD)
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    await third.phone.dial(callee.bare).ended.wait()

    assert third.ends == [End.BUSY]
    assert callee.phone.lines[0].call.state is State.INCOMING
    await world.close()


@in_virtual_time
async def test_a_phone_for_two_calls_rings_for_a_second_and_is_busy_for_a_third() -> None:
    world = World()
    caller, callee = world.person(CALLER), world.person(CALLEE, calls=2)
    second, third = world.person(THIRD), world.person("fourth@site.example/desk")
    ours, theirs = await in_a_call(caller, callee)
    waiting = second.phone.dial(callee.bare)
    knocking = await callee.line(State.INCOMING)
    await third.phone.dial(callee.bare).ended.wait()
    assert third.ends == [End.BUSY]

    theirs.hold(True)
    knocking.answer()
    await second.line(State.ACTIVE)
    assert (waiting.call.state, ours.call.view().held_by_peer) == (State.ACTIVE, True)
    assert theirs.call.state is knocking.call.state is State.ACTIVE
    waiting.hang_up()
    await knocking.ended.wait()
    assert ours.call.state is theirs.call.state is State.ACTIVE
    await world.close()


@in_virtual_time
async def test_an_offer_without_proposal_finds_them_busy_and_does_not_ring() -> None:
    world, caller, callee = two()
    stranger = Stranger(world)
    await in_a_call(caller, callee)
    seen = len(callee.seen)
    await stranger.signalling.ask(CALLEE, Jingle(Action.SESSION_INITIATE, "x", (AUDIO,)))
    await asyncio.sleep(1)

    assert stranger.requests == [
        Jingle(Action.SESSION_TERMINATE, "x", reason=Reason("busy")),
    ]
    assert [view.state for view in callee.seen[seen:]] == [State.ENDED]
    assert len(callee.active) == 1
    await world.close()


@in_virtual_time
async def test_both_phones_of_a_person_ring_and_one_answers() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLEES_POCKET)
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    (await pocket.line(State.INCOMING)).answer()
    await pocket.line(State.ACTIVE)
    await callee.quiet()

    assert callee.ends == [End.ANSWERED_ELSEWHERE]
    assert len(caller.active) == len(pocket.active) == 1
    await world.close()


@in_virtual_time
async def test_both_phones_of_a_person_ring_and_one_declines() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLEES_POCKET)
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    (await pocket.line(State.INCOMING)).decline()
    await asyncio.gather(callee.quiet(), caller.quiet())

    assert callee.ends == [End.DECLINED_ELSEWHERE]
    assert caller.ends == [End.DECLINED]
    await world.close()


@in_virtual_time
async def test_both_phones_of_a_person_ring_and_both_answer() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLEES_POCKET)
    caller.phone.dial(callee.bare)
    lines = [await callee.line(State.INCOMING), await pocket.line(State.INCOMING)]
    for line in lines:
        line.answer()
    await caller.line(State.ACTIVE)
    await asyncio.sleep(5)

    assert sorted(len(person.active) for person in (callee, pocket)) == [0, 1]
    assert callee.ends + pocket.ends == [End.ANSWERED_ELSEWHERE]
    assert len(caller.active) == 1
    await world.close()


@pytest.mark.parametrize("delay", [(0.0, 0.0), (0.05, 0.05), (0.0, 0.5)])
@pytest.mark.parametrize("seed", range(4))
@in_virtual_time
async def test_both_dial_at_the_same_moment_and_are_in_one_call(
    delay: tuple[float, float], seed: int
) -> None:
    world = World(Weather(delay=delay), seed)
    one, other = world.person(CALLER), world.person(CALLEE)
    lines = [one.phone.dial(other.bare), other.phone.dial(one.bare)]
    await asyncio.gather(one.line(State.ACTIVE), other.line(State.ACTIVE))
    await asyncio.sleep(5)

    assert [line.call.state for line in lines] == [State.ACTIVE] * 2
    assert one.phone.lines == (lines[0],)
    assert other.phone.lines == (lines[1],)
    assert lines[0].call.sid == lines[1].call.sid
    assert lines[0].call.view().verification == lines[1].call.view().verification is not None
    assert State.INCOMING not in one.states + other.states
    lines[0].hang_up()
    await asyncio.gather(*(line.ended.wait() for line in lines))
    await asyncio.sleep(1)
    world.is_empty()


@in_virtual_time
async def test_both_dial_and_their_other_phones_stop_ringing_for_the_true_reason() -> None:
    world, one, other = two()
    pockets = [world.person(CALLERS_POCKET), world.person(CALLEES_POCKET)]
    one.phone.dial(other.bare)
    other.phone.dial(one.bare)
    await asyncio.gather(one.line(State.ACTIVE), other.line(State.ACTIVE))
    await asyncio.sleep(1)

    assert sorted(end or "" for pocket in pockets for end in pocket.ends) == [
        End.ANSWERED_ELSEWHERE,
        End.REPLACED,
    ]
    await world.close()


@in_virtual_time
async def test_who_proposes_anew_in_a_call_goes_on_in_the_new_one() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLERS_POCKET)
    old, theirs = await in_a_call(caller, callee)
    rung = [view.state for view in callee.seen].count(State.INCOMING)
    new = pocket.phone.dial(callee.bare)
    await pocket.line(State.ACTIVE)
    await asyncio.gather(old.ended.wait(), theirs.ended.wait())

    assert old.call.view().end is theirs.call.view().end is End.REPLACED
    [going_on] = callee.phone.lines
    assert going_on.call.sid == new.call.sid
    assert [view.state for view in callee.seen].count(State.INCOMING) - rung <= 1
    assert caller.ends == [End.REPLACED]
    await world.close()


@in_virtual_time
async def test_what_was_muted_or_held_stays_so_in_the_new_call() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLERS_POCKET)
    _, theirs = await in_a_call(caller, callee)
    theirs.mute(True)
    theirs.hold(True)
    pocket.phone.dial(callee.bare)
    await pocket.line(State.ACTIVE)
    await theirs.ended.wait()

    [going_on] = callee.phone.lines
    assert going_on.call.view().muted
    assert going_on.call.view().held
    assert set(callee.cans[-1].flows) == {(False, True, False)}
    await world.close()


@in_virtual_time
async def test_a_proposal_that_waited_is_a_missed_call_and_ends_no_other() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    for sender in (CALLERS_POCKET, THIRD):
        callee.phone.heard(sender, Propose(f"old-{sender}"), 3600.0)
    await asyncio.sleep(5)

    assert ours.call.state is theirs.call.state is State.ACTIVE
    assert callee.ends == [End.NO_ANSWER, End.NO_ANSWER]
    await world.close()


@in_virtual_time
async def test_a_proposal_that_waited_does_not_break_into_dialling() -> None:
    world, caller, callee = two()
    ours = caller.phone.dial(callee.bare)
    caller.phone.heard(CALLEES_POCKET, Propose("!old"), 3600.0)
    assert ours.call.state is State.DIALLING
    assert caller.ends == [End.NO_ANSWER]
    await world.close()


@in_virtual_time
async def test_whoever_calls_again_while_it_rings_rings_once() -> None:
    world, caller, callee = two()
    pocket = world.person(CALLERS_POCKET)
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    again = pocket.phone.dial(callee.bare)
    await asyncio.sleep(1)

    assert caller.ends == callee.ends == [End.REPLACED]
    assert [line.call.sid for line in callee.phone.lines] == [again.call.sid]
    await world.close()


@in_virtual_time
async def test_a_proposal_that_comes_again_after_the_call_does_not_ring() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    ours.hang_up()
    await asyncio.gather(ours.ended.wait(), theirs.ended.wait())
    callee.phone.heard(CALLER, Propose(ours.call.sid), 0.0)

    assert callee.phone.lines == ()
    await world.close()


@in_virtual_time
async def test_a_proposal_that_was_overtaken_by_its_retraction_does_not_ring() -> None:
    world, _, callee = two()
    callee.phone.heard(CALLER, Retract("x", Reason("cancel")), 0.0)
    callee.phone.heard("stranger@site.example/x", Retract("y"), 0.0)
    callee.phone.heard(CALLER, Propose("x"), 0.0)
    callee.phone.heard(CALLER, Propose("y"), 0.0)

    assert [line.call.sid for line in callee.phone.lines] == ["y"]
    await world.close()


@in_virtual_time
async def test_who_calls_themselves_reaches_nobody() -> None:
    world, caller, _ = two()
    pocket = world.person(CALLERS_POCKET)
    await caller.phone.dial(caller.bare).ended.wait()
    assert caller.ends == [End.UNREACHABLE]
    assert pocket.seen == []
    await world.close()


# --- Who vanishes -------------------------------------------------------------------------------


@in_virtual_time
async def test_the_far_phone_vanishes() -> None:
    world, caller, callee = two()
    ours, _ = await in_a_call(caller, callee)
    await asyncio.sleep(20)
    world.exchange.leave(CALLEE)
    world.cut_the_strings()
    at = now()
    await ours.ended.wait()

    assert caller.ends == [End.VANISHED]
    assert now() - at < 6
    await world.close()


@in_virtual_time
async def test_the_far_session_is_gone_and_the_call_goes_on() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    world.exchange.leave(CALLEE)
    await asyncio.sleep(120)
    ours.mute(True)
    await asyncio.sleep(5)

    assert ours.call.state is theirs.call.state is State.ACTIVE
    ours.hang_up()
    await asyncio.gather(ours.ended.wait(), theirs.ended.wait())
    assert theirs.call.view().end is End.HUNG_UP
    await world.close()


@in_virtual_time
async def test_the_supernode_vanishes_and_the_call_goes_on() -> None:
    world, caller, callee = two()
    ours, theirs = await in_a_call(caller, callee)
    world.exchange.weather = Weather(loss=1)
    for person in (caller, callee):
        person.phone.reach_changed(Reach.OFFLINE)
        person.phone.reach_changed(Reach.SIGNED_OUT)
    await asyncio.sleep(300)
    assert ours.call.state is theirs.call.state is State.ACTIVE

    theirs.hang_up()
    await ours.ended.wait()
    assert (ours.call.view().end, ours.call.view().ended_by) == (End.HUNG_UP, "them")
    await world.close()


@in_virtual_time
async def test_the_supernode_lets_us_in_no_more_while_it_rings() -> None:
    world, caller, callee = two()
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    for person in (caller, callee):
        person.phone.reach_changed(Reach.SIGNED_OUT)
        assert person.ends == [End.SIGNED_OUT]
    await world.close()


class Unanswered(Extension):
    """A signalling whose requests come through while the answers to them do not."""

    def ask(self, to: str, jingle: Jingle) -> Awaitable[None]:
        return self._in_vain(asyncio.ensure_future(super().ask(to, jingle)))

    async def _in_vain(self, answer: Awaitable[None]) -> None:
        await answer
        await asyncio.sleep(self.ANSWER_WITHIN)
        raise Refusal("remote-server-timeout")


@in_virtual_time
async def test_the_answer_to_our_acceptance_is_lost_and_the_call_goes_on() -> None:
    world, caller, callee = two()
    callee.signalling.__class__ = Unanswered
    _, theirs = await in_a_call(caller, callee)
    await asyncio.sleep(30)
    assert callee.active == [theirs]
    assert len(caller.active) == 1
    await world.close()


# --- What fails ends its call, and no other -----------------------------------------------------


async def beside_another_call(failing: set[str]) -> tuple[World, Person, Person]:
    """A caller who is in a call, calls a third person, and one effect of that fails."""
    world, caller, callee = two()
    third = world.person(THIRD)
    await in_a_call(caller, callee)
    caller.failing = failing
    caller.phone.dial(third.bare)
    with_third = await third.line(State.INCOMING)
    with_third.answer()
    await asyncio.sleep(2)
    return world, caller, third


@pytest.mark.expects_log
@pytest.mark.parametrize("failing", ["prepare", "offer", "connect", "flow"])
@in_virtual_time
async def test_an_effect_that_fails_ends_its_call_and_no_other(failing: str) -> None:
    world, caller, third = await beside_another_call({failing})

    assert caller.ends == [End.FAILED]
    assert third.ends[0] in (End.FAILED, End.CANCELLED, End.HUNG_UP)
    assert len(caller.active) == 1
    assert len(caller.phone.lines) == 1
    await world.close()


@pytest.mark.expects_log
@pytest.mark.parametrize("failing", ["answer", "connect"])
@in_virtual_time
async def test_an_effect_that_fails_where_it_rang_ends_its_call(failing: str) -> None:
    world, caller, callee = two()
    callee.failing = {failing}
    caller.phone.dial(callee.bare)
    (await callee.line(State.INCOMING)).answer()
    await asyncio.gather(caller.quiet(), callee.quiet())

    assert callee.ends == caller.ends == [End.FAILED]
    await world.close()


@pytest.mark.expects_log
@in_virtual_time
async def test_an_address_that_cannot_be_taken_ends_the_call() -> None:
    world, caller, callee = two()
    callee.failing = {"add_candidates"}
    ours, _ = await in_a_call(caller, callee)
    await caller.signalling.ask(CALLEE, Jingle(Action.TRANSPORT_INFO, ours.call.sid, (AUDIO,)))
    await asyncio.gather(caller.quiet(), callee.quiet())

    assert callee.ends == caller.ends == [End.FAILED]
    await world.close()


class Faltering(Extension):
    """A signalling that cannot say one kind of thing."""

    cannot: type[Initiation] | Action | None = None

    def tell(self, to: str, message: Initiation) -> None:
        if type(message) is self.cannot:
            raise RuntimeError("cannot be said")
        super().tell(to, message)

    def ask(self, to: str, jingle: Jingle) -> Awaitable[None]:
        if jingle.action is self.cannot:
            raise RuntimeError("cannot be asked")
        return super().ask(to, jingle)


def faltering(person: Person, cannot: type[Initiation] | Action) -> None:
    person.signalling.__class__ = Faltering
    person.signalling.cannot = cannot  # type: ignore[attr-defined]


@pytest.mark.expects_log
@pytest.mark.parametrize("cannot", [Propose, Ringing, Reject, Finish, Action.SESSION_INITIATE])
@in_virtual_time
async def test_what_cannot_be_said_leaves_nothing_behind(cannot: type[Initiation] | Action) -> None:
    world, caller, callee = two()
    for person in (caller, callee):
        faltering(person, cannot)
    ours = caller.phone.dial(callee.bare)
    await asyncio.sleep(1)
    for line in callee.phone.lines:
        (line.decline if cannot is Reject else line.answer)()
    await asyncio.sleep(1)
    ours.hang_up()
    await asyncio.gather(ours.ended.wait(), callee.quiet())
    # Not even gathering, which would have begun after it.
    assert [can.calls["close"] for can in caller.cans] == [1]
    if cannot is Propose:
        assert caller.ends == [End.FAILED]
        assert caller.cans[0].calls["prepare"] == 0
    world.is_empty()


@pytest.mark.expects_log
@in_virtual_time
async def test_a_watcher_that_fails_ends_nothing() -> None:
    world, caller, callee = two()
    shown: list[CallView] = []

    def watch(view: CallView) -> None:
        shown.append(view)
        raise RuntimeError("cannot draw that")

    caller.phone._watch = watch
    line = caller.phone.dial(callee.bare)
    (await callee.line(State.INCOMING)).answer()
    await callee.line(State.ACTIVE)
    assert line.call.state is State.ACTIVE
    assert shown
    await world.close()


@in_virtual_time
async def test_a_watcher_may_answer_at_once() -> None:
    world, caller, callee = two()
    watch = callee.watch

    def answering(view: CallView) -> None:
        watch(view)
        line = callee.phone.line(view.sid)
        if view.state is State.INCOMING and line is not None:
            line.answer()

    callee.phone._watch = answering
    caller.phone.dial(callee.bare)
    await caller.line(State.ACTIVE)
    assert callee.states[:2] == [State.INCOMING, State.CONNECTING]
    await world.close()


@pytest.mark.expects_log
@in_virtual_time
async def test_media_that_cannot_be_closed_do_not_keep_the_line() -> None:
    world, caller, callee = two()
    caller.failing = {"close"}
    ours, _ = await in_a_call(caller, callee)
    ours.hang_up()
    await ours.ended.wait()
    assert caller.phone.lines == ()
    await world.close()


@in_virtual_time
async def test_media_that_are_never_done_closing_are_left() -> None:
    world, caller, callee = two()
    ours, _ = await in_a_call(caller, callee)
    world.street.latency = 1e6
    at = now()
    await caller.phone.close()

    assert now() - at == pytest.approx(FAREWELL_WITHIN)
    assert caller.phone.lines == ()
    assert ours.ended.is_set()
    await callee.phone.close()


@in_virtual_time
async def test_what_the_phones_have_not_in_common_ends_the_call() -> None:
    world, _, callee = two()
    stranger = Stranger(world)
    await stranger.signalling.ask(CALLEE, Jingle(Action.SESSION_INITIATE, "x", (VIDEO,)))
    (await callee.line(State.INCOMING)).answer()
    await callee.quiet()

    assert callee.ends == [End.INCOMPATIBLE]
    assert stranger.requests[-1].reason == Reason("incompatible-parameters")
    await world.close()


@in_virtual_time
async def test_a_picture_is_refused_before_the_sound_is_accepted() -> None:
    world, _, callee = two()
    stranger = Stranger(world)
    await stranger.signalling.ask(CALLEE, Jingle(Action.SESSION_INITIATE, "x", (AUDIO, VIDEO)))
    (await callee.line(State.INCOMING)).answer()
    await asyncio.sleep(1)

    ringing, refusal, acceptance = stranger.requests
    assert ringing.info is Info.RINGING
    assert (refusal.action, refusal.contents) == (Action.CONTENT_REMOVE, (Content("video"),))
    assert (acceptance.action, [c.name for c in acceptance.contents]) == (
        Action.SESSION_ACCEPT,
        ["audio"],
    )
    await world.close()


@in_virtual_time
async def test_a_caller_that_is_gone_when_the_picture_is_refused_is_not_answered() -> None:
    world, _, callee = two()
    stranger = Stranger(world)
    await stranger.signalling.ask(CALLEE, Jingle(Action.SESSION_INITIATE, "x", (AUDIO, VIDEO)))
    line = await callee.line(State.INCOMING)
    world.exchange.leave(stranger.signalling.address)
    line.answer()
    await line.ended.wait()

    assert callee.ends == [End.VANISHED]
    assert callee.cans[0].calls["close"] == 1
    await world.close()


# --- Hostile peers ------------------------------------------------------------------------------


@pytest.mark.parametrize("action", list(Action))
@in_virtual_time
async def test_a_stranger_cannot_ask_anything_of_a_call_of_others(action: Action) -> None:
    world, caller, callee = two()
    stranger = Stranger(world)
    ours, theirs = await in_a_call(caller, callee)
    before = callee.seen[:]
    for to in (CALLER, CALLEE):
        assert await stranger.refused(to, Jingle(action, ours.call.sid, (AUDIO,))) in (
            "item-not-found",
            "unexpected-request",
        )
    assert callee.seen == before
    assert ours.call.state is theirs.call.state is State.ACTIVE
    await world.close()


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.SESSION_INITIATE])
@in_virtual_time
async def test_a_session_that_is_not_is_answered_so(action: Action) -> None:
    world, _, callee = two()
    stranger = Stranger(world)
    assert await stranger.refused(CALLEE, Jingle(action, "none", (AUDIO,))) == "item-not-found"
    assert callee.phone.lines == ()
    await world.close()


@in_virtual_time
async def test_a_flood_of_proposals_is_answered_one_by_one_and_leaves_nothing() -> None:
    world, caller, callee = two()
    stranger = Stranger(world)
    ours, theirs = await in_a_call(caller, callee)
    for number in range(500):
        stranger.signalling.tell(callee.bare, Propose(f"flood-{number}"))
    await asyncio.sleep(1)

    assert stranger.heard_messages == [
        Reject(f"flood-{number}", Reason("busy")) for number in range(500)
    ]
    assert callee.phone.lines == (theirs,)
    assert [can.calls["close"] for can in callee.cans] == [0] + [1] * 500
    assert ours.call.state is State.ACTIVE
    await world.close()


@in_virtual_time
async def test_a_flood_of_offers_is_answered_one_by_one_and_leaves_nothing() -> None:
    world, caller, callee = two()
    stranger = Stranger(world)
    _, theirs = await in_a_call(caller, callee)
    for number in range(200):
        offer = Jingle(Action.SESSION_INITIATE, f"flood-{number}", (AUDIO,))
        await stranger.signalling.ask(CALLEE, offer)
    await asyncio.sleep(1)

    assert {request.reason for request in stranger.requests} == {Reason("busy")}
    assert callee.phone.lines == (theirs,)
    await world.close()


@in_virtual_time
async def test_a_flood_that_rings_rings_once_at_a_time() -> None:
    world, _, callee = two()
    stranger = Stranger(world)
    for number in range(200):
        stranger.signalling.tell(callee.bare, Propose(f"flood-{number}"))
    await asyncio.sleep(1)

    assert [line.call.sid for line in callee.phone.lines] == ["flood-199"]
    await asyncio.sleep(RINGS_FOR)
    assert callee.phone.lines == ()
    await world.close()


@in_virtual_time
async def test_a_flood_of_retractions_is_not_remembered_for_ever() -> None:
    world, _, callee = two()
    for number in range(5000):
        callee.phone.heard("stranger@site.example/x", Retract(f"flood-{number}"), 0.0)
    assert len(callee.phone._past) < 1000
    await world.close()


# --- Weather ------------------------------------------------------------------------------------

WEATHERS = st.builds(
    Weather,
    loss=st.sampled_from([0.0, 0.05, 0.3]),
    duplicates=st.sampled_from([0.0, 0.3]),
    delay=st.sampled_from([(0.0, 0.0), (0.1, 0.1), (0.0, 0.5), (0.0, 3.0)]),
)


async def auto_answer(person: Person) -> None:
    while True:
        (await person.line(State.INCOMING)).answer()


@settings(deadline=None, max_examples=150)
@given(WEATHERS, st.integers(0, 2**32), st.booleans(), st.booleans())
@in_virtual_time
async def test_whatever_the_weather_both_ends_agree_and_end(
    weather: Weather, seed: int, both_dial: bool, callee_hangs_up: bool
) -> None:
    world = World(weather, seed)
    caller, callee = world.person(CALLER), world.person(CALLEE)
    caller.phone.dial(callee.bare)
    if both_dial:
        callee.phone.dial(caller.bare)
    answering = [asyncio.create_task(auto_answer(person)) for person in (caller, callee)]

    await asyncio.sleep(100)
    assert len(caller.active) == len(callee.active) <= 1
    assert len(caller.phone.lines) == len(caller.active)
    assert len(callee.phone.lines) == len(callee.active)

    for line in (callee if callee_hangs_up else caller).phone.lines:
        line.hang_up()
    await asyncio.sleep(20)
    for task in answering:
        task.cancel()
    world.is_empty()


@settings(deadline=None, max_examples=150)
@given(WEATHERS, st.integers(0, 2**32), st.floats(0, 4))
@in_virtual_time
async def test_whatever_the_weather_a_phone_can_be_put_down_at_any_moment(
    weather: Weather, seed: int, moment: float
) -> None:
    world = World(weather, seed)
    caller, callee = world.person(CALLER), world.person(CALLEE)
    caller.phone.dial(callee.bare)
    answering = asyncio.create_task(auto_answer(callee))
    await asyncio.sleep(moment)
    await caller.phone.close()
    assert caller.phone.lines == ()
    await asyncio.sleep(RINGS_FOR + 15)
    answering.cancel()
    world.is_empty()


# --- Putting a phone down -----------------------------------------------------------------------


@pytest.mark.parametrize("moment", [0.0, 0.001, 0.02, 0.05, 1.0])
@in_virtual_time
async def test_a_phone_that_is_put_down_in_mid_dialling_leaves_nothing(moment: float) -> None:
    world, caller, callee = two(Weather(delay=(0.01, 0.01)))
    caller.phone.dial(callee.bare)
    await asyncio.sleep(moment)
    await caller.phone.close()
    await asyncio.sleep(1)
    assert caller.ends == [End.CANCELLED]
    assert callee.ends in ([], [End.CANCELLED])
    world.is_empty()


@in_virtual_time
async def test_a_phone_that_is_put_down_while_it_rings_declines() -> None:
    world, caller, callee = two()
    caller.phone.dial(callee.bare)
    await callee.line(State.INCOMING)
    await callee.phone.close()
    assert caller.ends == [End.DECLINED]
    await world.close()


@pytest.mark.parametrize("moment", [0.0, 0.005, 0.015, 0.02, 0.025, 0.05, 0.1])
@in_virtual_time
async def test_a_phone_that_is_put_down_in_mid_connecting_hangs_up(moment: float) -> None:
    world, caller, callee = two(Weather(delay=(0.01, 0.01)))
    caller.phone.dial(callee.bare)
    (await callee.line(State.INCOMING)).answer()
    await asyncio.sleep(moment)
    await callee.phone.close()
    await asyncio.sleep(1)
    assert caller.ends == callee.ends == [End.HUNG_UP]
    world.is_empty()


@in_virtual_time
async def test_a_phone_that_is_put_down_in_a_call_hangs_up() -> None:
    world, caller, callee = two()
    await in_a_call(caller, callee)
    await caller.phone.close()
    await asyncio.sleep(1)
    assert callee.ends == [End.HUNG_UP]
    world.is_empty()


@in_virtual_time
async def test_a_phone_that_is_being_put_down_takes_no_more_calls() -> None:
    world, caller, callee = two()
    stranger = Stranger(world)
    await in_a_call(caller, callee)
    closing = asyncio.create_task(callee.phone.close())
    await asyncio.sleep(0)
    callee.phone.heard(THIRD, Propose("x"), 0.0)
    offer = Jingle(Action.SESSION_INITIATE, "y", (AUDIO,))
    assert await stranger.refused(CALLEE, offer) == "service-unavailable"
    await closing
    callee.phone.heard(THIRD, Propose("z"), 0.0)
    assert callee.phone.lines == ()
    await world.close()
