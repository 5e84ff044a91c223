"""A page in a browser is a person's only device, and has what calls them; then a phone signs in.

The page is a stream that does what a page does, with the resource of one; the phone asks the
supernode's archive.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from call_site import CallSite
from calling import HAPPENS_WITHIN, Person, person, sound_both_ways
from commanding import run, twocan
from running import Supernode
from twocan import call
from twocan.phone import Line
from twocan.states import End, State, Timer
from whole.conftest import SITES
from xmpp_stream import NS, PRESENCE, Stream, signed_in

STORE = "<store xmlns='urn:xmpp:hints'/>"


@pytest.fixture
def account(supernode: Supernode, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Of who has only a page open at first."""
    return supernode.mint(f"visitor of {request.node.name}", SITES[0])


@pytest.fixture
async def page(account: dict[str, Any]) -> AsyncIterator[Stream]:
    async with signed_in(account, "page-1") as stream:
        yield stream


async def proposal(page: Stream) -> tuple[str, str]:
    """Who calls, by their full address, and the id of the call."""
    message = await page.until(lambda each: each.find("jmi:propose", NS) is not None)
    propose = message.find("jmi:propose", NS)
    assert propose is not None
    return message.get("from", ""), propose.get("id", "")


def says(page: Stream, to: str, what: str, sid: str) -> None:
    page.send(
        f"<message to='{to}' type='chat'><{what} xmlns='{NS['jmi']}' id='{sid}'/>{STORE}</message>"
    )


async def caught_up(somebody: Person) -> None:
    """Until the supernode has told what came before."""
    assert await somebody.signalling.catch_up(None)


async def test_a_phone_that_comes_later_rings_and_answers_with_sound_both_ways(
    caller: Person, page: Stream, account: dict[str, Any], people: AsyncExitStack
) -> None:
    outgoing = caller.phone.dial(account["address"])
    far, sid = await proposal(page)
    says(page, far, "ringing", sid)
    await caller.until(outgoing, State.RINGING)
    phone = await people.enter_async_context(person(account, 660.0))
    await phone.is_heard()
    assert phone.phone.lines == ()
    await caught_up(phone)
    incoming = await phone.rings()
    assert (incoming.call.sid, incoming.call.peer) == (sid, caller.address)
    incoming.answer()
    await sound_both_ways(caller, phone)
    outgoing.hang_up()
    await phone.ended(incoming)
    await caught_up(phone)
    assert phone.phone.live == ()


async def test_what_the_page_declined_or_the_caller_took_back_does_not_ring(
    caller: Person, page: Stream, account: dict[str, Any], people: AsyncExitStack
) -> None:
    declined = caller.phone.dial(account["address"])
    far, sid = await proposal(page)
    says(page, far, "reject", sid)
    await caller.ended(declined)
    taken_back = caller.phone.dial(account["address"])
    await proposal(page)
    taken_back.hang_up()
    await caller.ended(taken_back)
    await caller.is_heard()
    phone = await people.enter_async_context(person(account))
    for _ in range(2):
        await caught_up(phone)
    assert [(view.sid, view.end) for view in phone.all_views()] == [
        (taken_back.call.sid, End.NO_ANSWER)
    ]


async def test_a_call_is_missed_once_however_many_tell_of_it(
    caller: Person, account: dict[str, Any], people: AsyncExitStack
) -> None:
    """Nobody was there at all: the supernode kept it for the next device, and in the archive."""
    outgoing = caller.phone.dial(account["address"])
    outgoing.hang_up()
    await caller.ended(outgoing)
    await caller.is_heard()
    phone = await people.enter_async_context(person(account))
    await caught_up(phone)
    view = await phone.knows(lambda view: view.state is State.ENDED)
    await asyncio.sleep(0.3)
    assert phone.all_views() == [view]
    assert 0 <= view.times["ended"] - view.times["started"] < 60


async def test_the_caller_waits_while_the_page_says_that_it_rings(
    caller: Person, page: Stream, account: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    outgoing = caller.phone.dial(account["address"])
    far, sid = await proposal(page)
    until = waits_until(outgoing)
    for _ in range(3):
        says(page, far, "ringing", sid)
        # The whole time anew, each time.
        async with asyncio.timeout(HAPPENS_WITHIN):
            while waits_until(outgoing) <= until:
                await asyncio.sleep(0.01)
        until = waits_until(outgoing)
    monkeypatch.setattr(call, "NO_ANSWER_AFTER", 0.3)
    says(page, far, "ringing", sid)
    view = await caller.ended(outgoing)
    assert (view.end, view.ended_by) == (End.NO_ANSWER, None)


def waits_until(line: Line) -> float:
    """Until when a call of ours waits to be answered, on the loop's clock."""
    return line._timers[Timer.RING].when()


async def test_others_of_the_same_person_see_that_they_are_in_a_call(
    caller: Person, page: Stream, account: dict[str, Any], people: AsyncExitStack
) -> None:
    phone = await people.enter_async_context(person(account))
    mine = phone.phone.address

    async def presence() -> str | None:
        stanza = await page.until(lambda each: each.tag == PRESENCE and each.get("from") == mine)
        return stanza.findtext("c:show", None, NS)

    shown = [await presence()]
    outgoing = caller.phone.dial(account["address"])
    incoming = await phone.rings()
    incoming.answer()
    shown.append(await presence())
    await caller.until(outgoing, State.ACTIVE)
    outgoing.hang_up()
    await phone.ended(incoming)
    shown.append(await presence())
    assert shown == [None, "dnd", None]


async def test_a_link_to_answer_is_answered_by_the_command(
    caller: Person, page: Stream, account: dict[str, Any], supernode: Supernode, tmp_path: Path
) -> None:
    outgoing = caller.phone.dial(account["address"])
    far, sid = await proposal(page)
    says(page, far, "ringing", sid)
    del account["ca"]
    launch = {
        "account": account,
        "caller": {"address": caller.address, "name": "Demo Ann"},
        "callee": {"address": account["address"]},
        "answer": sid,
    }
    options = ("--microphone", "tone:660", "--speaker", "null")
    authority = {"SSL_CERT_FILE": str(supernode.ca)}
    async with CallSite.serving(launch) as site:
        async with twocan("call", site.link, *options, environment=authority) as answering:
            assert (await answering.event("incoming"))["call"] == sid
            await answering.event("first-audio")
            await caller.ear.hears(660.0)
            outgoing.hang_up()
            assert (await answering.ended())[0] == 0
        assert (answering.report["direction"], answering.report["peer"]) == (
            "incoming",
            caller.address,
        )
        await caller.ended(outgoing)
        site.renew()
        code, said, again = await run("call", site.link, *options, environment=authority)
    assert code == 1
    assert "the call is over" in said
    assert (again.report["outcome"], again.report["reason"]) == ("not-called", "call-over")
