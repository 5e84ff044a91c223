"""Whole calls through a real supernode, with sound: how they begin, go on and end."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from calling import Person, connect, person, sound_both_ways
from running import Supernode
from twocan import call
from twocan.phone import Line
from twocan.states import CallView, End, State
from whole.conftest import SITES
from xmpp_stream import NS, signed_in


def how(view: CallView) -> tuple[End | None, str | None]:
    """Why a call ended, and who did it."""
    return view.end, view.ended_by


async def ends(*sides: tuple[Person, Line]) -> list[tuple[End | None, str | None]]:
    return [how(await who.ended(line)) for who, line in sides]


# --- the life of a call


async def test_a_call_rings_is_answered_and_heard_both_ways(caller: Person, callee: Person) -> None:
    outgoing = caller.phone.dial(callee.address)
    incoming = await callee.rings()
    await caller.until(outgoing, State.RINGING)
    # No microphone, and nothing of where the media would go, before both agreed.
    assert (caller.opened, callee.opened, callee.asked_so_far) == (0, 0, [])
    incoming.answer()
    await sound_both_ways(caller, callee)
    ours, theirs = outgoing.call.view(), incoming.call.view()
    assert ours.verification == theirs.verification is not None
    outgoing.hang_up()
    assert await ends((caller, outgoing), (callee, incoming)) == [
        (End.HUNG_UP, "us"),
        (End.HUNG_UP, "them"),
    ]
    assert caller.states(outgoing) == ["dialling", "ringing", "connecting", "active", "ended"]
    assert callee.states(incoming) == ["incoming", "connecting", "active", "ended"]


async def test_the_callee_hangs_up(caller: Person, callee: Person) -> None:
    outgoing, incoming = await connect(caller, callee)
    incoming.hang_up()
    assert await ends((caller, outgoing), (callee, incoming)) == [
        (End.HUNG_UP, "them"),
        (End.HUNG_UP, "us"),
    ]


async def test_a_call_is_declined(caller: Person, callee: Person) -> None:
    outgoing = caller.phone.dial(callee.address)
    incoming = await callee.rings()
    incoming.decline()
    assert await ends((caller, outgoing), (callee, incoming)) == [
        (End.DECLINED, "them"),
        (End.DECLINED, "us"),
    ]
    assert (caller.opened, callee.opened) == (0, 0)


async def test_a_caller_gives_up(caller: Person, callee: Person) -> None:
    outgoing = caller.phone.dial(callee.address)
    incoming = await callee.rings()
    outgoing.hang_up()
    assert await ends((caller, outgoing), (callee, incoming)) == [
        (End.CANCELLED, "us"),
        (End.CANCELLED, "them"),
    ]


async def test_nobody_answers(
    caller: Person, callee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    outgoing = caller.phone.dial(callee.address)
    # From when it rings there.
    monkeypatch.setattr(call, "NO_ANSWER_AFTER", 0.5)
    incoming = await callee.rings()
    assert await ends((caller, outgoing), (callee, incoming)) == [
        (End.NO_ANSWER, None),
        (End.NO_ANSWER, "them"),
    ]


async def test_who_is_in_a_call_is_busy_and_stays_in_it(
    caller: Person, callee: Person, supernode: Supernode, people: AsyncExitStack
) -> None:
    third = await people.enter_async_context(person(supernode.mint("third", SITES[0])))
    await connect(caller, callee)
    for engaged in (caller, callee):
        attempt = third.phone.dial(engaged.address)
        assert await ends((third, attempt)) == [(End.BUSY, "them")]
        assert third.states(attempt) == ["dialling", "ended"]
    await sound_both_ways(caller, callee)


async def test_both_dial_at_once(caller: Person, callee: Person) -> None:
    """XEP-0353 5.1: one call comes of it, and nobody has to answer."""
    one, other = caller.phone.dial(callee.address), callee.phone.dial(caller.address)
    await sound_both_ways(caller, callee)
    assert one.call.sid == other.call.sid
    assert [len(who.phone.lines) for who in (caller, callee)] == [1, 1]
    assert one.call.view().verification == other.call.view().verification is not None
    one.hang_up()
    assert await ends((caller, one), (callee, other)) == [
        (End.HUNG_UP, "us"),
        (End.HUNG_UP, "them"),
    ]


async def test_two_calls_in_a_row(caller: Person, callee: Person) -> None:
    for one, other in ((caller, callee), (callee, caller), (caller, callee)):
        line, _ = await connect(one, other)
        await sound_both_ways(one, other)
        line.hang_up()
        await one.ended(line)


# --- hold and mute


async def test_hold_stops_the_sound_and_resuming_brings_it_back_both_ways(
    caller: Person, callee: Person
) -> None:
    outgoing, incoming = await connect(caller, callee)
    await sound_both_ways(caller, callee)
    for holder, ours, other, theirs in (
        (caller, outgoing, callee, incoming),
        (callee, incoming, caller, outgoing),
    ):
        ours.hold(True)
        await other.until(theirs, lambda view: view.held_by_peer)
        await asyncio.gather(caller.ear.hears_silence(), callee.ear.hears_silence())
        ours.hold(False)
        await sound_both_ways(holder, other)
        assert not theirs.call.view().held_by_peer


async def test_both_hold_and_sound_waits_for_both_to_resume(caller: Person, callee: Person) -> None:
    outgoing, incoming = await connect(caller, callee)
    outgoing.hold(True)
    incoming.hold(True)
    await caller.until(outgoing, lambda view: view.held_by_peer)
    await callee.until(incoming, lambda view: view.held_by_peer)
    outgoing.hold(False)
    await asyncio.gather(caller.ear.hears_silence(), callee.ear.hears_silence())
    incoming.hold(False)
    await sound_both_ways(caller, callee)


async def test_mute_is_silence_one_way_and_sound_the_other(caller: Person, callee: Person) -> None:
    outgoing, incoming = await connect(caller, callee)
    await sound_both_ways(caller, callee)
    outgoing.mute(True)
    await callee.until(incoming, lambda view: view.muted_by_peer)
    await asyncio.gather(callee.ear.hears_silence(), caller.ear.hears(callee.pitch))
    outgoing.mute(False)
    await sound_both_ways(caller, callee)
    assert not incoming.call.view().muted_by_peer


async def test_muted_while_it_rings_is_muted_when_it_is_answered(
    caller: Person, callee: Person
) -> None:
    outgoing = caller.phone.dial(callee.address)
    incoming = await callee.rings()
    incoming.mute(True)
    incoming.answer()
    await caller.until(outgoing, lambda view: view.muted_by_peer)
    await asyncio.gather(caller.ear.hears_silence(), callee.ear.hears(caller.pitch))


# --- the same person on two phones


@pytest.fixture
async def callee_also(
    callee: Person,
    supernode: Supernode,
    people: AsyncExitStack,
    request: pytest.FixtureRequest,
) -> Person:
    account = supernode.mint(f"callee of {request.node.name}", SITES[0])
    also = await people.enter_async_context(person(account, 880.0))
    assert also.address == callee.address
    return also


async def test_one_phone_answers_and_the_other_stops_ringing(
    caller: Person, callee: Person, callee_also: Person
) -> None:
    outgoing = caller.phone.dial(callee.address)
    here, there = await callee.rings(), await callee_also.rings()
    there.answer()
    assert await ends((callee, here)) == [(End.ANSWERED_ELSEWHERE, "us")]
    await sound_both_ways(caller, callee_also)
    assert callee.opened == 0
    outgoing.hang_up()
    assert await ends((callee_also, there)) == [(End.HUNG_UP, "them")]
    assert await ends((callee, here)) == [(End.ANSWERED_ELSEWHERE, "us")]


async def test_both_phones_answer_at_once_and_one_has_the_call(
    caller: Person, callee: Person, callee_also: Person
) -> None:
    outgoing = caller.phone.dial(callee.address)
    here, there = await callee.rings(), await callee_also.rings()
    here.answer()
    there.answer()
    await caller.until(outgoing, State.ACTIVE)
    lines = {callee.phone.address: (callee, here), callee_also.phone.address: (callee_also, there)}
    taken, line = lines.pop(outgoing.call.far or "")
    ((left, other),) = lines.values()
    assert await ends((left, other)) == [(End.ANSWERED_ELSEWHERE, "us")]
    await sound_both_ways(caller, taken)
    assert left.opened == 0
    assert line.call.state is State.ACTIVE


async def test_one_phone_declines_for_both(
    caller: Person, callee: Person, callee_also: Person
) -> None:
    outgoing = caller.phone.dial(callee.address)
    here, there = await callee.rings(), await callee_also.rings()
    here.decline()
    assert await ends((caller, outgoing), (callee, here), (callee_also, there)) == [
        (End.DECLINED, "them"),
        (End.DECLINED, "us"),
        (End.DECLINED_ELSEWHERE, "us"),
    ]


async def test_a_caller_who_gives_up_stops_both(
    caller: Person, callee: Person, callee_also: Person
) -> None:
    outgoing = caller.phone.dial(callee.address)
    here, there = await callee.rings(), await callee_also.rings()
    outgoing.hang_up()
    assert await ends((callee, here), (callee_also, there)) == [(End.CANCELLED, "them")] * 2


async def test_the_callers_other_phone_does_not_ring(
    caller: Person,
    callee: Person,
    supernode: Supernode,
    people: AsyncExitStack,
    request: pytest.FixtureRequest,
) -> None:
    account = supernode.mint(f"caller of {request.node.name}", SITES[0])
    also = await people.enter_async_context(person(account))
    line, _ = await connect(caller, callee)
    line.hang_up()
    await caller.ended(line)
    await also.is_heard()
    assert also.heard_so_far
    assert also.phone.lines == ()


# --- those who are not there


async def test_a_person_who_is_offline_is_unreachable_and_does_not_ring_afterwards(
    caller: Person, supernode: Supernode, people: AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "NO_ANSWER_AFTER", 0.3)
    account = supernode.mint("comes too late", SITES[0])
    outgoing = caller.phone.dial(account["address"])
    assert await ends((caller, outgoing)) == [(End.UNREACHABLE, None)]
    assert caller.states(outgoing) == ["dialling", "ended"]
    await caller.is_heard()
    assert await missed(await people.enter_async_context(person(account))) == [End.NO_ANSWER]


async def test_a_call_that_was_taken_back_does_not_ring_who_signs_in_afterwards(
    caller: Person, supernode: Supernode, people: AsyncExitStack
) -> None:
    account = supernode.mint("comes after it was taken back", SITES[0])
    outgoing = caller.phone.dial(account["address"])
    outgoing.hang_up()
    assert await ends((caller, outgoing)) == [(End.CANCELLED, "us")]
    await caller.is_heard()
    assert await missed(await people.enter_async_context(person(account))) == [End.NO_ANSWER]


async def test_a_proposal_that_is_too_old_does_not_ring(
    supernode: Supernode, people: AsyncExitStack
) -> None:
    """Nor does one whose caller was gone before it could be taken back."""
    account = supernode.mint("comes much too late", SITES[0])
    stamp = "2020-02-02T20:20:20Z"
    async with signed_in(supernode.mint("raw caller", SITES[0])) as stream:
        stream.send(
            f"<message to='{account['address']}' type='chat'><propose xmlns='{NS['jmi']}' id='c1'>"
            "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>"
            f"<delay xmlns='{NS['delay']}' stamp='{stamp}'/>"
            "<store xmlns='urn:xmpp:hints'/></message>"
        )
        await stream.messages_so_far()
    assert await missed(await people.enter_async_context(person(account))) == [End.NO_ANSWER]


async def missed(late: Person) -> list[End | None]:
    """How those calls ended that someone who just signed in finds: none of them rang."""
    await late.knows(lambda view: view.state is State.ENDED)
    assert [view for view in late.all_views() if view.state is State.INCOMING] == []
    return [view.end for view in late.all_views() if view.state is State.ENDED]


async def test_who_signs_in_while_it_rings_can_answer(
    caller: Person, supernode: Supernode, people: AsyncExitStack
) -> None:
    account = supernode.mint("comes in time", SITES[0])
    outgoing = caller.phone.dial(account["address"])
    await caller.is_heard()
    late = await people.enter_async_context(person(account, 660.0))
    incoming = await late.rings()
    await caller.until(outgoing, State.RINGING)
    incoming.answer()
    await sound_both_ways(caller, late)


async def test_an_address_that_nobody_has_is_unreachable(caller: Person) -> None:
    outgoing = caller.phone.dial(f"nobody@{SITES[0]}")
    assert await ends((caller, outgoing)) == [(End.UNREACHABLE, None)]


@pytest.mark.parametrize("address", [f"{'a' * 32}@{SITES[1]}", "person@another.example"])
async def test_an_address_of_another_site_is_forbidden(caller: Person, address: str) -> None:
    outgoing = caller.phone.dial(address)
    assert await ends((caller, outgoing)) == [(End.FORBIDDEN, None)]
