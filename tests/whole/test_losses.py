"""What goes missing in mid-call: the far side, the connection, the supernode, the token."""

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from calling import Ear, Person, connect, person, sound_both_ways
from commanding import twocan
from running import Supernode
from twocan import call
from twocan.media import audio
from twocan.media.clock import ClockedPlayback
from twocan.signalling import Reach
from twocan.states import End, State
from twocan.xmpp import SignInError
from whole.conftest import SITES

COMES_BACK_WITHIN = 40.0
ICE_ALONE = 30.0
"""Seconds that it takes ICE to miss somebody (RFC 7675)."""


async def test_a_far_side_that_is_killed_is_missed_soon(
    caller: Person, supernode: Supernode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supernode alone waits for the session to resume."""
    monkeypatch.setattr(call, "VANISHED_AFTER", 6.0)
    account = supernode.mint("is killed", SITES[0])
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account))
    async with twocan("answer", "--account", file, "--microphone", "tone:660") as answering:
        await answering.event("ready")
        line = caller.phone.dial(account["address"])
        await caller.ear.hears(660.0)
        answering.signal(signal.SIGKILL)
        killed = time.monotonic()
        view = await caller.ended(line)
    assert (view.end, view.ended_by) == (End.VANISHED, None)
    assert view.times["ended"] - killed < ICE_ALONE


async def test_a_connection_that_breaks_is_resumed_and_nothing_is_lost(
    caller: Person, callee: Person
) -> None:
    """XEP-0198: what was said meanwhile arrives, and the call never noticed."""
    outgoing, incoming = await connect(caller, callee)
    before = caller.phone.address
    cut(caller)
    await caller.reaches_it(Reach.OFFLINE)
    incoming.hold(True)
    await caller.reaches_it(Reach.ONLINE)
    await caller.until(outgoing, lambda view: view.held_by_peer)
    assert caller.phone.address == before
    incoming.hold(False)
    await sound_both_ways(caller, callee)
    outgoing.hang_up()
    assert (await callee.ended(incoming)).ended_by == "them"


async def test_what_was_said_while_away_is_sent_on_return(caller: Person, callee: Person) -> None:
    outgoing, incoming = await connect(caller, callee)
    cut(caller)
    await caller.reaches_it(Reach.OFFLINE)
    outgoing.mute(True)
    await callee.until(incoming, lambda view: view.muted_by_peer)


def cut(who: Person) -> None:
    """The network drops the connection, without a word."""
    transport = who.signalling._stream.transport
    assert transport
    transport.abort()


async def test_a_call_outlives_its_supernode(tmp_path: Path, people: AsyncExitStack) -> None:
    """The sound goes on, and everybody comes back to the same address; whose token expired
    meanwhile learns that they are signed out.
    """
    with Supernode(tmp_path / "state", SITES) as node:
        caller = await people.enter_async_context(person(node.mint("caller"), 440.0))
        callee = await people.enter_async_context(person(node.mint("callee"), 660.0))
        addresses = caller.phone.address, callee.phone.address
        outgoing, incoming = await connect(caller, callee)
        await sound_both_ways(caller, callee)
        guest, expired = await has_little_time(node, people)
        waiting = guest.phone.dial(node.mint("is not there")["address"])

        ruler = people.enter_context(clocked_ear())
        blocks = heard_so_far(caller, callee)
        await asyncio.to_thread(node.crash)
        await asyncio.gather(*(who.reaches_it(Reach.OFFLINE) for who in (caller, callee, guest)))
        await sound_both_ways(caller, callee)
        await asyncio.sleep(max(expired - time.time(), 0))
        await asyncio.to_thread(node.start)
        await asyncio.gather(
            *(who.reaches_it(Reach.ONLINE, within=COMES_BACK_WITHIN) for who in (caller, callee)),
            guest.reaches_it(Reach.SIGNED_OUT, within=COMES_BACK_WITHIN),
        )
        for count, before in zip(heard_so_far(caller, callee), blocks, strict=True):
            assert count - before > 0.9 * ruler.blocks

        ended = await guest.ended(waiting)
        assert (ended.end, ended.ended_by) == (End.SIGNED_OUT, None)
        assert (caller.phone.address, callee.phone.address) == addresses
        assert (outgoing.call.state, incoming.call.state) == (State.ACTIVE, State.ACTIVE)
        outgoing.hang_up()
        assert (await callee.ended(incoming)).end is End.HUNG_UP
        for one, other in ((caller, callee), (callee, caller)):
            line, _ = await connect(one, other)
            await sound_both_ways(one, other)
            line.hang_up()
            await one.ended(line)
        await people.aclose()


async def has_little_time(node: Supernode, people: AsyncExitStack) -> tuple[Person, float]:
    """Someone whose token is over soon, and when it is, in seconds of ``time.time``."""
    for seconds in (2, 4, 8, 16):
        brief = node.mint("has little time", valid=timedelta(seconds=seconds))
        expired = time.time() + seconds
        # A busy machine may take longer than that to let them in.
        with contextlib.suppress(SignInError):
            return await people.enter_async_context(person(brief)), expired
    raise AssertionError("nobody gets in within so short a time")


@contextmanager
def clocked_ear() -> Iterator[Ear]:
    """A speaker that nothing keeps from being given its sound, but what holds up all of them."""
    ear, silence = Ear(), audio.Silence()
    playback = ClockedPlayback(ear)
    playback.start(lambda _at: silence.read(), lambda error: pytest.fail(str(error)))
    try:
        yield ear
    finally:
        playback.close()


def heard_so_far(*people: Person) -> list[int]:
    return [who.ear.blocks for who in people]
