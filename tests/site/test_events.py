"""What people say about calls, from a real node to whoever listens: each message once."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from real_phones import Listening, entered
from running import Supernode
from twocan.messages import Finish, Proceed, Propose, Retract, Ringing
from twocan_supernode import events, tap
from twocan_supernode.errors import SupernodeError
from twocan_supernode.events import handing_on, listening
from twocan_supernode.heard import Heard
from twocan_supernode.state import State
from xmpp_stream import ANSWERS_WITHIN, NS, connected, signed_in

SITES = ("near.localhost", "other.localhost")
FOLDER = "a-folder-with-a-long-name-" * 5  # longer than a socket's name may be (unix(7))
FLOOD = 2000


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    with Supernode(tmp_path_factory.mktemp(FOLDER), SITES) as supernode:
        yield supernode


class Site:
    """What listens to calls, while it is ``open``. It fails as often as it is told."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[str, str, str, str]] = asyncio.Queue()
        self.open = asyncio.Event()
        self.open.set()
        self.failures = 0

    async def heard(self, sender: str, to: str, message: bytes) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is away")
        await self.open.wait()
        (said,) = ET.fromstring(message)  # noqa: S314 - our own
        self.came.put_nowait((sender, to, said.tag.partition("}")[2], said.get("id", "")))

    async def next(self) -> tuple[str, str, str, str]:
        async with asyncio.timeout(ANSWERS_WITHIN):
            return await self.came.get()


@pytest.fixture
async def site(node: Supernode) -> AsyncIterator[Site]:
    site = Site()
    async with listening(State(node.state), site.heard):
        yield site
        assert site.came.empty()


def call_message(kind: str, to: str, sid: str) -> str:
    return f"<message to='{to}' type='chat'><{kind} xmlns='{NS['jmi']}' id='{sid}'/></message>"


# --- through a real node


async def test_all_that_is_said_of_a_whole_call_comes_once_each_and_in_order(
    node: Supernode, site: Site
) -> None:
    """And no copies, though the caller and the callee each have another device."""
    one, other = node.mint("caller"), node.mint("callee")
    async with entered(one) as caller, entered(one), entered(other) as callee, entered(other):
        ringing = Listening()
        callee.attach(ringing)
        caller.tell(other["address"], Propose("c1"))
        async with asyncio.timeout(ANSWERS_WITHIN):
            await ringing.said.get()
        callee.tell(caller.address, Ringing("c1"))
        callee.tell(caller.address, Proceed("c1"))
        assert await site.next() == (caller.address, other["address"], "propose", "c1")
        assert await site.next() == (callee.address, caller.address, "ringing", "c1")
        assert await site.next() == (callee.address, caller.address, "proceed", "c1")
        caller.tell(callee.address, Finish("c1"))
        assert await site.next() == (caller.address, callee.address, "finish", "c1")


async def test_who_is_called_while_away_is_heard_of_once(node: Supernode, site: Site) -> None:
    one, other = node.mint("caller"), node.mint("away")
    async with entered(one) as caller:
        caller.tell(other["address"], Propose("c2"))
        caller.tell(other["address"], Retract("c2"))
        assert (await site.next())[1:] == (other["address"], "propose", "c2")
        assert (await site.next())[1:] == (other["address"], "retract", "c2")
    async with signed_in(other) as callee:  # gets what was kept, which is no event again
        assert len(await callee.messages_so_far()) == 2
        callee.send(call_message("reject", one["address"], "c2"))
        assert (await site.next())[2:] == ("reject", "c2")


async def test_nothing_else_that_is_sent_is_heard(node: Supernode, site: Site) -> None:
    account = node.mint("talker")
    elsewhere = node.mint("talker", SITES[1])
    jingle = "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='c3'/>"
    async with signed_in(account) as stream:
        stream.send(f"<message to='{elsewhere['address']}'><body>dear</body></message>")
        stream.send(call_message("propose", elsewhere["address"], "to another site"))
        stream.send("<message type='chat'><body>urn:xmpp:jingle-message:0</body></message>")
        await stream.ask(jingle, "set", account["address"])
        stream.send(call_message("propose", account["address"], "c3"))
        assert (await site.next())[2:] == ("propose", "c3")


async def test_each_site_of_a_node_is_heard(node: Supernode, site: Site) -> None:
    account = node.mint("neighbour", SITES[1])
    async with signed_in(account) as stream:
        stream.send(call_message("propose", account["address"], "c4"))
        assert (await site.next())[0] == stream.address


@pytest.mark.parametrize("resource", ['"><x', "a 'b' &amp; &lt;/packet&gt;", "ä€"])
async def test_a_resource_of_any_kind_is_who_it_was(
    node: Supernode, site: Site, resource: str
) -> None:
    account = node.mint("odd")
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind(resource.replace("<", "&lt;"))
        stream.send(call_message("propose", account["address"], "c5"))
        assert (await site.next())[0] == stream.address


async def test_a_flood_is_heard_whole_and_holds_nobody_up(node: Supernode, site: Site) -> None:
    """Of a site process that takes none of it, too: people write to each other meanwhile."""
    site.open.clear()
    flooding, waiting = node.mint("flooding"), node.mint("waiting")
    async with signed_in(flooding) as flood, signed_in(waiting) as stream:
        for number in range(FLOOD):
            flood.send(call_message("ringing", "nobody@near.localhost", f"f{number}"))
        stream.send(f"<message to='{waiting['address']}' type='chat'><body>1</body></message>")
        await stream.message()
        assert site.came.empty()
        site.open.set()
        assert [(await site.next())[3] for _ in range(FLOOD)] == [f"f{n}" for n in range(FLOOD)]
        assert len(await flood.messages_so_far()) == FLOOD  # come back: there is no such person


async def test_with_nobody_to_listen_all_goes_on(node: Supernode) -> None:
    account = node.mint("unheard")
    log = node.state / "ejabberd/log/ejabberd.log"
    before = log.read_text()
    async with signed_in(account) as stream:
        for number in range(10):
            stream.send(call_message("propose", account["address"], f"u{number}"))
            await stream.message()
        # Who comes soon afterwards still hears of it.
        site = Site()
        async with listening(State(node.state), site.heard):
            assert [(await site.next())[3] for _ in range(10)] == [f"u{n}" for n in range(10)]
    assert log.read_text() == before


def test_what_is_said_is_written_nowhere(node: Supernode) -> None:
    (messages,) = node.state.glob("ejabberd/messages")
    assert {entry.name: entry.is_fifo() for entry in messages.iterdir()} == dict.fromkeys(
        SITES, True
    )
    assert messages.stat().st_mode & 0o777 == 0o700


# --- between the two, without a node


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a second here."""
    monkeypatch.setattr(events, "_LOOK_AGAIN", 0.01)


def heard(sid: str) -> Heard:
    message = f"<message><propose xmlns='{NS['jmi']}' id='{sid}'/></message>"
    return Heard("a@site.example/x", "b@site.example", message.encode())


async def emptied(tell: Callable[[Heard], None]) -> None:
    """Until nothing waits to be handed on."""
    async with asyncio.timeout(ANSWERS_WITHIN):
        while tell.__self__._told:  # type: ignore[attr-defined]
            await asyncio.sleep(0.001)


@pytest.mark.expects_log
async def test_what_could_not_be_dealt_with_comes_again(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site()
    site.failures = 2
    async with handing_on(tmp_path) as tell, listening(State(tmp_path), site.heard):
        for number in range(3):
            tell(heard(f"c{number}"))
        assert [(await site.next())[3] for _ in range(3)] == ["c0", "c1", "c2"]
    assert [record.message for record in caplog.records if "event" in record.message] == [
        "an event was not taken (ConnectionError); it will come again"
    ] * 2


async def test_who_ends_over_an_event_hears_it_again(tmp_path: Path, quick: None) -> None:
    site = Site()
    async with handing_on(tmp_path) as tell:
        begun = asyncio.Event()

        async def never(*said: str | bytes) -> None:
            begun.set()
            await asyncio.Event().wait()

        async with listening(State(tmp_path), never):
            tell(heard("c1"))
            tell(heard("c2"))
            await begun.wait()
        async with listening(State(tmp_path), site.heard):
            assert [(await site.next())[3] for _ in range(2)] == ["c1", "c2"]
            tell(heard("c3"))  # over the same connection
            assert (await site.next())[3] == "c3"


async def test_of_two_who_listen_the_later_one_hears(tmp_path: Path, quick: None) -> None:
    earlier, later = Site(), Site()
    async with handing_on(tmp_path) as tell:
        async with (
            listening(State(tmp_path), earlier.heard),
            listening(State(tmp_path), later.heard),
        ):
            tell(heard("c1"))
            assert (await later.next())[3] == "c1"
        assert earlier.came.empty()
        assert not (tmp_path / events.SOCKET).exists()


async def test_the_end_of_an_earlier_one_is_nothing_to_the_later_one(
    tmp_path: Path, quick: None
) -> None:
    earlier, later = Site(), Site()
    first = listening(State(tmp_path), earlier.heard)
    await first.__aenter__()
    async with listening(State(tmp_path), later.heard):
        await first.__aexit__(None, None, None)
        async with handing_on(tmp_path) as tell:
            tell(heard("c1"))
            assert (await later.next())[3] == "c1"


async def test_what_a_process_that_was_killed_left_is_no_hindrance(
    tmp_path: Path, quick: None
) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / events.SOCKET))
    site = Site()
    async with handing_on(tmp_path) as tell:
        tell(heard("c1"))
        async with listening(State(tmp_path), site.heard):
            assert (await site.next())[3] == "c1"


async def test_what_is_old_is_not_told_to_who_comes_late(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    async with handing_on(tmp_path) as tell:
        monkeypatch.setattr(events, "KEPT_SECONDS", -1.0)
        tell(heard("old"))
        await emptied(tell)
        monkeypatch.setattr(events, "KEPT_SECONDS", 60.0)
        async with listening(State(tmp_path), site.heard):
            tell(heard("new"))
            assert (await site.next())[3] == "new"


async def test_there_is_a_bound_to_what_is_kept_for_nobody(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_MOST_KEPT", 2)
    site = Site()
    async with handing_on(tmp_path) as tell:
        for number in range(4):
            tell(heard(f"c{number}"))
        async with listening(State(tmp_path), site.heard):
            assert [(await site.next())[3] for _ in range(2)] == ["c0", "c1"]
            await emptied(tell)
            tell(heard("c9"))
            assert (await site.next())[3] == "c9"


async def test_its_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with listening(State(tmp_path), Site().heard):
        assert (tmp_path / events.SOCKET).stat().st_mode & 0o777 == 0o600


# --- the pipes


async def test_ejabberd_finds_a_pipe_under_the_name_of_any_second(tmp_path: Path) -> None:
    told: list[Heard] = []
    folder = tmp_path / "messages"
    with tap.laid(folder, ["site.example"], 30, told.append):
        now = time.time()
        for moment in (now, now + 30):
            name = time.strftime("site.example-%Y%m%dT%H:%M:%S.xml", time.gmtime(moment))
            assert (folder / name).is_fifo()
        tap.settle(folder)
        assert [entry.name for entry in folder.iterdir()] == ["site.example"]


async def test_where_ejabberd_would_write_into_a_file_the_node_does_not_serve(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "messages"
    with tap.laid(folder, ["site.example"], 1, lambda _: None):
        stray = folder / "site.example-19700101T00:00:00.xml"
        stray.write_text("<log>")
        with pytest.raises(SupernodeError, match="clock"):
            tap.settle(folder)
        assert not stray.exists()


async def test_what_a_former_run_left_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    for _ in range(2):
        with tap.laid(folder, ["site.example"], 1, lambda _: None):
            pass
