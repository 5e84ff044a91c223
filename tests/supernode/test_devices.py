"""One person on several devices, and one that comes back, against the running server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from running import Supernode
from xmpp_stream import NS, Stream, connected, signed_in

CALL_MESSAGES = ("propose", "ringing", "proceed", "reject", "retract", "accept", "finish")
ARRIVES_WITHIN = 30.0


@dataclass
class Two:
    """A caller and a callee, each with two devices."""

    caller: Stream
    caller_also: Stream
    callee: Stream
    callee_also: Stream

    @property
    def callee_bare(self) -> str:
        return self.callee.address.partition("/")[0]


@pytest.fixture
async def two(supernode: Supernode, request: pytest.FixtureRequest) -> AsyncIterator[Two]:
    caller, callee = (supernode.mint(f"{who} of {request.node.name}") for who in ("one", "other"))
    async with AsyncExitStack() as stack:
        yield Two(
            *[
                await stack.enter_async_context(signed_in(account, resource))
                for account in (caller, callee)
                for resource in ("one", "two")
            ]
        )


def call_message(kind: str, to: str) -> str:
    return f"<message to='{to}' type='chat'><{kind} xmlns='{NS['jmi']}' id='c1'/></message>"


async def carbon(stream: Stream, direction: str, kind: str) -> bool:
    """Whether the next message is a carbon of that call message."""
    message = await stream.message()
    copied = f"carbons:{direction}/forward:forwarded/c:message/jmi:{kind}"
    return message.find(copied, NS) is not None


async def test_a_call_message_to_a_person_reaches_all_devices_of_both(two: Two) -> None:
    """To the bare address: the callee's devices get it itself, the caller's other one a carbon."""
    for kind in CALL_MESSAGES:
        two.caller.send(call_message(kind, two.callee_bare))
        for stream in (two.callee, two.callee_also):
            assert (await stream.message()).find(f"jmi:{kind}", NS) is not None, kind
        assert await carbon(two.caller_also, "sent", kind), kind


async def test_a_call_message_to_a_device_is_copied_to_the_others_of_both(two: Two) -> None:
    """XEP-0280 6.1: no body and no hint is needed, only ``type='chat'``."""
    for kind in CALL_MESSAGES:
        two.caller.send(call_message(kind, two.callee.address))
        assert (await two.callee.message()).find(f"jmi:{kind}", NS) is not None, kind
        assert await carbon(two.callee_also, "received", kind), kind
        assert await carbon(two.caller_also, "sent", kind), kind


async def test_a_person_tells_their_own_other_devices(two: Two) -> None:
    """XEP-0353: ``accept`` goes to one's own bare address."""
    two.callee.send(call_message("accept", two.callee_bare))
    assert await carbon(two.callee_also, "sent", "accept")
    assert (await two.callee_also.message()).find("jmi:accept", NS) is not None


async def test_a_message_can_be_found_again(supernode: Supernode) -> None:
    callee = supernode.mint("archived")
    async with signed_in(supernode.mint("caller")) as caller:
        caller.send(f"<message to='{callee['address']}' type='chat'><body>one</body></message>")
        await caller.messages_so_far()
    async with signed_in(callee) as stream:
        await stream.messages_so_far()
        answer = await stream.ask(f"<query xmlns='{NS['mam']}'/>", "set")
        assert answer.find("mam:fin[@complete='true']", NS) is not None
        (found,) = await stream.messages_so_far()
        text = "mam:result/forward:forwarded/c:message/c:body"
        assert found.findtext(text, None, NS) == "one"


async def test_a_session_resumes_and_loses_nothing(supernode: Supernode) -> None:
    """XEP-0198 5: what was sent while the connection was gone comes after it resumed."""
    callee = supernode.mint("resumes")
    async with signed_in(supernode.mint("caller")) as caller, connected(callee) as before:
        await before.authenticate(callee["address"], callee["token"])
        await before.bind("one")
        before.send(f"<enable xmlns='{NS['sm']}' resume='true'/><presence/>")
        enabled = await before.until(lambda element: element.tag == f"{{{NS['sm']}}}enabled")
        assert enabled.get("resume") == "true"
        before.cut()
        caller.send(f"<message to='{before.address}' type='chat'><body>one</body></message>")
        await caller.messages_so_far()
        async with connected(callee) as after:
            await after.authenticate(callee["address"], callee["token"])
            after.send(f"<resume xmlns='{NS['sm']}' previd='{enabled.get('id')}' h='0'/>")
            async with asyncio.timeout(ARRIVES_WITHIN):
                await after.until(lambda element: element.tag == f"{{{NS['sm']}}}resumed")
                assert (await after.message()).findtext("c:body", None, NS) == "one"
            await after.close()
