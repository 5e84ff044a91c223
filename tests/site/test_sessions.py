"""Who is there, and who may not be any more, asked of a real node about real phones."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from real_phones import Listening, entered
from running import Supernode
from twocan.signalling import Reach
from twocan.xmpp import Hindrance, SignInError
from twocan_supernode.errors import SupernodeError
from twocan_supernode.sessions import EjabberdSessions, SessionsAway
from twocan_supernode.state import State
from xmpp_stream import ANSWERS_WITHIN, NS, PRESENCE, Account, Refused, Stream, connected, signed_in

SITES = ("near.localhost", "other.localhost")
# Longer than a socket's name may be (unix(7)).
FOLDER = "a-folder-with-a-long-name-" * 5


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    with Supernode(tmp_path_factory.mktemp(FOLDER), SITES) as supernode:
        yield supernode


@pytest.fixture
async def sessions(node: Supernode) -> AsyncIterator[EjabberdSessions]:
    async with EjabberdSessions(State(node.state)) as sessions:
        yield sessions


@asynccontextmanager
async def ended(sessions: EjabberdSessions, account: Account) -> AsyncIterator[None]:
    await sessions.end(account["address"])
    try:
        yield
    finally:
        await sessions.readmit(account["address"])


async def admitted(account: Account) -> bool:
    """Whether somebody with that token gets a session."""
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        try:
            await stream.bind("any")
        except Refused as refused:
            return str(refused) != "not-allowed"
        return stream.address.startswith(account["address"])


async def shown(stream: Stream, show: str) -> None:
    """Sends a presence, and waits until the node took it."""
    stream.send(f"<presence>{show}</presence>")
    await stream.until(lambda element: element.tag == PRESENCE)


# --- who is there


async def test_a_phone_is_free_and_in_a_call_and_gone(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account = node.mint("seen")
    assert await sessions.of(account["address"]) == ()
    before = time.time_ns() // 1_000_000
    async with entered(account) as phone:
        resource = phone.address.partition("/")[2]
        (device,) = await sessions.of(account["address"])
        assert (device.id, device.presence) == (resource, "free")
        # The node counts whole seconds.
        assert before - 2000 <= device.since <= time.time_ns() // 1_000_000
        phone.engage(True)
        await phone.ping(account["address"])  # what was sent before it has come
        (device,) = await sessions.of(account["address"])
        assert (device.id, device.presence) == (resource, "in-a-call")
    assert await sessions.of(account["address"]) == ()


@pytest.mark.parametrize(
    ("show", "presence"),
    [
        ("", "free"),
        ("<show>chat</show>", "free"),
        ("<show>dnd</show>", "in-a-call"),
        ("<show>away</show>", "away"),
        ("<show>xa</show><status>back on Monday</status>", "away"),
    ],
)
async def test_presence_is_as_shown(
    node: Supernode, sessions: EjabberdSessions, show: str, presence: str
) -> None:
    account = node.mint("showing")
    async with signed_in(account, "desk") as stream:
        await shown(stream, show)
        assert [each.presence for each in await sessions.of(account["address"])] == [presence]


async def test_each_device_is_one_and_none_shows_from_where(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account = node.mint("twice")
    async with signed_in(account, "page-1"), signed_in(account, "desk") as desk:
        await shown(desk, "<show>away</show>")
        found = await sessions.of(account["address"])
        assert [(each.id, each.presence) for each in found] == [
            ("desk", "away"),
            ("page-1", "free"),
        ]
        assert "127.0.0.1" not in repr(found)


async def test_who_sent_no_presence_or_took_it_back_is_not_there(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account = node.mint("hidden")
    async with signed_in(account) as stream:
        await shown(stream, "")
        stream.send("<presence type='unavailable'/>")
        await stream.ask("<ping xmlns='urn:xmpp:ping'/>")
        assert await sessions.of(account["address"]) == ()


async def test_many_are_asked_about_at_once(node: Supernode, sessions: EjabberdSessions) -> None:
    accounts = [node.mint(f"one of many {number}") for number in range(100)]
    async with signed_in(accounts[7]):
        found = await asyncio.gather(*(sessions.of(each["address"]) for each in accounts))
    assert [number for number, devices in enumerate(found) if devices] == [7]


# --- who may not be any more


async def test_the_deleted_are_thrown_out_in_mid_session_and_their_token_is_refused(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account, another = node.mint("deleted"), node.mint("another")
    async with signed_in(another) as staying, connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind("desk")
        async with ended(sessions, account):
            with pytest.raises(EOFError):
                await stream.until(lambda _: False)
            assert not await admitted(account)
            assert not await admitted(node.mint("deleted"))
            assert await sessions.of(account["address"]) == ()
            # Nobody else notices: neither who is there, nor who comes.
            await staying.ask("<ping xmlns='urn:xmpp:ping'/>")
            assert staying.kept() == []
            assert await admitted(another)
        assert await admitted(account)


async def test_a_phone_of_the_deleted_is_signed_out(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account = node.mint("phoning")
    async with entered(account) as phone:
        listening = Listening()
        phone.attach(listening)
        async with ended(sessions, account):
            async with asyncio.timeout(ANSWERS_WITHIN):
                await listening.until(Reach.SIGNED_OUT)
            with pytest.raises(SignInError) as refused:
                async with entered(account):
                    pass
    assert refused.value.hindrance is Hindrance.REFUSED


async def test_a_session_that_waits_to_be_resumed_ends_too(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    """XEP-0198: it needs no binding to come back, so it must not be there any more."""
    account = node.mint("resuming")
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind("desk")
        stream.send(f"<enable xmlns='{NS['sm']}' resume='true'/>")
        name = (await stream.receive()).get("id")
        await shown(stream, "")
    assert [each.id for each in await sessions.of(account["address"])] == ["desk"]
    async with ended(sessions, account), connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        stream.send(f"<resume xmlns='{NS['sm']}' h='0' previd='{name}'/>")
        assert (await stream.receive()).tag == f"{{{NS['sm']}}}failed"


async def test_several_are_refused_and_taken_back_one_by_one(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    first, second = node.mint("first of two"), node.mint("second of two")
    async with ended(sessions, first):
        async with ended(sessions, second):
            assert not await admitted(first)
            assert not await admitted(second)
        assert not await admitted(first)
        assert await admitted(second)


async def test_the_same_person_of_another_site_is_not_touched(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account, elsewhere = (node.mint("both", site) for site in SITES)
    user = account["address"].partition("@")[0]
    async with signed_in(elsewhere) as stream, ended(sessions, account):
        await sessions.end(f"{user}@{SITES[1]}")  # nor who has the same ID there, by any chance
        await sessions.readmit(f"{user}@{SITES[1]}")
        await stream.ask("<ping xmlns='urn:xmpp:ping'/>")
        assert await admitted(elsewhere)


async def test_ending_and_taking_back_can_be_repeated(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    account = node.mint("again and again")
    async with ended(sessions, account), ended(sessions, account):
        assert not await admitted(account)
    assert await admitted(account)


async def test_nobody_sees_the_refused_among_their_contacts(
    node: Supernode, sessions: EjabberdSessions
) -> None:
    one, two, other = (node.mint(f"contact {number}") for number in range(3))
    async with ended(sessions, one), ended(sessions, two), signed_in(other) as stream:
        answer = await stream.ask("<query xmlns='jabber:iq:roster'/>")
        assert list(answer[0]) == []
    async with signed_in(one) as stream:
        assert list((await stream.ask("<query xmlns='jabber:iq:roster'/>"))[0]) == []


# --- who may ask


async def test_ejabberd_does_nothing_else_for_who_asks(node: Supernode) -> None:
    async with EjabberdSessions(State(node.state)) as sessions:
        with pytest.raises(SupernodeError, match="403"):
            await sessions._ask("unregister", {"user": "a", "host": SITES[0]})


def test_what_ejabberd_answers_on_is_for_its_owner_alone(node: Supernode) -> None:
    assert (node.state / "ejabberd/api.sock").is_socket()
    assert node.state.stat().st_mode & 0o777 == 0o700


async def test_where_no_node_runs_it_is_away_and_names_nobody(tmp_path: Path) -> None:
    async with EjabberdSessions(State(tmp_path)) as sessions:
        for ask in (sessions.of, sessions.end, sessions.readmit):
            with pytest.raises(SessionsAway, match="does it run") as away:
                await ask("somebody@site.example")
            assert "somebody" not in repr(away.value)
