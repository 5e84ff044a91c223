"""Two real nodes of one site as one: at 127.0.0.1 and 127.0.0.2, killed, stopped and frozen."""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from subprocess import PIPE
from typing import Self
from xml.etree import ElementTree as ET

import pytest

from running import SUPERNODE, Supernode
from twocan_supernode.certificates import Authority
from twocan_supernode.events import Take, listening
from twocan_supernode.sessions import EjabberdSessions, SessionsAway
from twocan_supernode.state import State
from xmpp_stream import (
    ANSWERS_WITHIN,
    MESSAGE,
    NS,
    PRESENCE,
    Account,
    Refused,
    Stream,
    connected,
    signed_in,
)

ADDRESSES = ("127.0.0.1", "127.0.0.2")
AWAY = "127.0.0.3"
SITE = "near.localhost"
COPIED = ("sites", "cluster", "ca.pem", "ca-key.pem")
"""What the guide says that a new node gets of another."""
IN_TURN = """
more = input().split()
import sys
from twocan_supernode import cluster
from twocan_supernode.__main__ import main
cluster.TICK_SECONDS, cluster._LOOK_SECONDS = 3, 1
sys.exit(main([*sys.argv[1:], *more]))
"""
"""The command, begun when it is told to, and less patient than elsewhere."""
NOTICED_WITHIN = 40.0


class InTurn(Supernode):
    """A node that can be started as often as there are ``turns``.

    Their processes wait from the beginning: no test may leave one that was not there before it.
    """

    def __init__(self, state: Path, place: list[str], turns: int) -> None:
        super().__init__(state)
        run = [sys.executable, "-c", IN_TURN, "run", "--state", str(state), *place]
        self._turns = [
            subprocess.Popen(run, text=True, stdin=PIPE, stdout=PIPE, stderr=PIPE)
            for _ in range(turns)
        ]

    def __enter__(self) -> Self:
        return self

    def start(self, *options: str) -> None:
        self._process = self._turns.pop()
        assert self._process.stdin
        self._process.stdin.write(f"{' '.join(options)}\n")
        self._process.stdin.close()
        self._process.stdin = None
        self.wait_until_ready()

    def __exit__(self, *_: object) -> None:
        if self._process:
            self.crash()
        for waiting in self._turns:
            waiting.kill()
            waiting.communicate()


@dataclass(frozen=True)
class Two:
    """A cluster. The first one goes on if they lose each other."""

    port: int
    first: InTurn
    second: InTurn


def place(address: str, port: int) -> list[str]:
    return ["--listen", address, "--cluster", address, "--cluster-port", str(port)]


def free_port() -> int:
    """One that is free on both addresses."""
    while True:
        with ExitStack() as held:
            port = 0
            for address in ADDRESSES:
                try:
                    taken = held.enter_context(socket.create_server((address, port)))
                except OSError:
                    break
                port = taken.getsockname()[1]
            else:
                return port


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder, port = tmp_path_factory.mktemp("two nodes"), free_port()
    one, other = (State(folder / name) for name in ("first", "second"))
    for each in (one, other):
        each.folder.mkdir()
    one.add_site(SITE)
    with (
        InTurn(one.folder, place(ADDRESSES[0], port), 3) as first,
        InTurn(other.folder, place(ADDRESSES[1], port), 4) as second,
    ):
        first.start()
        packed = ["tar", "-C", str(one.folder), "-c", *COPIED]
        files = subprocess.run(packed, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-C", str(other.folder), "-xp"], check=True, input=files)
        second.start("--join", ADDRESSES[0])
        yield Two(port, first, second)


def sessions_at(node: Supernode) -> EjabberdSessions:
    return EjabberdSessions(State(node.state))


@asynccontextmanager
async def there(account: Account) -> AsyncIterator[str]:
    """The address of somebody who is signed in, whose connection may end in any way."""
    async with signed_in_until_ended(account):
        yield account["address"]


@asynccontextmanager
async def there_in_the_end(account: Account) -> AsyncIterator[str]:
    """The same, of a phone: cut off while one node loses another, it signs in once more."""
    async with AsyncExitStack() as entered:
        async with asyncio.timeout(NOTICED_WITHIN):
            while True:
                with suppress(EOFError, ConnectionError):
                    address = await entered.enter_async_context(there(account))
                    break
                await asyncio.sleep(0.05)
        yield address


@asynccontextmanager
async def signed_in_until_ended(account: Account) -> AsyncIterator[Stream]:
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind("phone")
        stream.send("<presence/>")
        await stream.until(lambda element: element.tag == PRESENCE)
        yield stream


async def nobody_is(sessions: EjabberdSessions, address: str) -> None:
    """Waits until the node has noticed that the other one, where they were, is gone."""
    async with asyncio.timeout(NOTICED_WITHIN):
        while True:
            with suppress(SessionsAway):  # what it asks its database waits for the other one
                if not await sessions.of(address):
                    return
            await asyncio.sleep(0.05)


async def is_reachable(address: str, port: int) -> None:
    """Waits until a node has begun to look for the others."""
    async with asyncio.timeout(NOTICED_WITHIN):
        while True:
            with suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection(address, port)
                writer.transport.abort()
                return
            await asyncio.sleep(0.05)


def said_by(state: Path, *options: str) -> tuple[int, str]:
    """Exit code and standard error of a node that does not get to run."""
    command = [*SUPERNODE, "run", "--state", str(state), *options]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


async def is_refused(account: Account) -> bool:
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        try:
            await stream.bind("any")
        except Refused as refused:
            return str(refused) == "not-allowed"
        return False


def message(to: str, said: str) -> str:
    return f"<message to='{to}' type='chat'>{said}</message>"


def of_a_call(kind: str, sid: str) -> str:
    return f"<{kind} xmlns='{NS['jmi']}' id='{sid}'/>"


# --- as one


async def test_a_call_rings_at_the_other_node_and_is_answered(two: Two) -> None:
    one, other = two.first.mint("caller"), two.second.mint("callee")
    async with signed_in(one) as caller, signed_in(other) as callee:
        caller.send(message(other["address"], of_a_call("propose", "c1")))
        rang = await callee.message()
        assert rang.get("from") == caller.address
        assert rang.find("jmi:propose", NS) is not None
        callee.send(message(caller.address, of_a_call("proceed", "c1")))
        assert (await caller.message()).find("jmi:proceed", NS) is not None


async def test_what_people_say_is_told_beside_their_own_node(two: Two) -> None:
    told: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()

    def beside(node: str) -> Take:
        async def take(sender: str, _to: str, said: bytes) -> None:
            sid = ET.fromstring(said)[0].get("id", "")  # noqa: S314
            if sid.startswith("told"):  # what other tests said is handed on for a minute
                told.put_nowait((node, sender, sid))

        return take

    one, other = two.first.mint("caller"), two.second.mint("callee")
    async with (
        listening(State(two.first.state), beside("first")),
        listening(State(two.second.state), beside("second")),
        signed_in(one) as caller,
        signed_in(other) as callee,
        asyncio.timeout(ANSWERS_WITHIN),
    ):
        caller.send(message(callee.address, of_a_call("propose", "told-1")))
        assert await told.get() == ("first", caller.address, "told-1")
        callee.send(message(caller.address, of_a_call("ringing", "told-2")))
        assert await told.get() == ("second", callee.address, "told-2")
        caller.send(message(callee.address, of_a_call("finish", "told-3")))
        assert await told.get() == ("first", caller.address, "told-3")
        assert told.empty()


async def test_either_node_sees_who_is_at_the_other_and_ends_it(two: Two) -> None:
    for here, there, person in ((two.first, two.second, "one"), (two.second, two.first, "two")):
        account = there.mint(person)
        async with sessions_at(here) as sessions, signed_in_until_ended(account) as stream:
            (device,) = await sessions.of(account["address"])
            assert device.presence == "free"
            await sessions.end(account["address"])
            with pytest.raises(EOFError):
                await stream.until(lambda element: element.tag == MESSAGE)
        assert await is_refused(here.mint(person))
        assert await is_refused(there.mint(person))


async def test_what_somebody_missed_is_at_the_other_node(two: Two) -> None:
    """Because it waits for them, and in the archive."""
    callee = two.second.mint("away")
    async with signed_in(two.first.mint("caller")) as caller:
        caller.send(message(callee["address"], "<body>one</body>"))
        await caller.messages_so_far()
    async with signed_in(callee) as stream:
        assert (await stream.message()).findtext("c:body", None, NS) == "one"
        answer = await stream.ask(f"<query xmlns='{NS['mam']}'/>", "set")
        assert answer.find("mam:fin[@complete='true']", NS) is not None
        (found,) = await stream.messages_so_far()
        text = "mam:result/forward:forwarded/c:message/c:body"
        assert found.findtext(text, None, NS) == "one"


@pytest.mark.parametrize("at", ["first", "second"])
async def test_a_session_resumes(two: Two, at: str) -> None:
    """XEP-0198 5: what was sent from the other node while the connection was gone comes."""
    callee = two.second.mint(f"resumes at {at}")
    back = (two.first if at == "first" else two.second).mint(f"resumes at {at}")
    async with signed_in(two.first.mint("caller")) as caller, connected(callee) as before:
        await before.authenticate(callee["address"], callee["token"])
        await before.bind("one")
        before.send(f"<enable xmlns='{NS['sm']}' resume='true'/><presence/>")
        enabled = await before.until(lambda element: element.tag == f"{{{NS['sm']}}}enabled")
        before.cut()
        caller.send(message(before.address, "<body>one</body>"))
        await caller.messages_so_far()
        async with connected(back) as after:
            await after.authenticate(back["address"], back["token"])
            after.send(f"<resume xmlns='{NS['sm']}' previd='{enabled.get('id')}' h='0'/>")
            async with asyncio.timeout(ANSWERS_WITHIN):
                await after.until(lambda element: element.tag == f"{{{NS['sm']}}}resumed")
                assert (await after.message()).findtext("c:body", None, NS) == "one"
            await after.close()


# --- among themselves


def said_to(address: str, port: int, context: ssl.SSLContext) -> str:
    """What becomes of somebody who comes to where nodes reach each other."""
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((address, port), ANSWERS_WITHIN) as plain,
        context.wrap_socket(plain) as line,
    ):
        try:
            return repr(line.recv(1))
        except ssl.SSLError as error:
            return str(error.reason)


def test_nobody_gets_in_between_without_a_certificate_of_the_cluster(
    two: Two, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    name = ip_address(ADDRESSES[1])
    stranger.write_bytes(Authority.new().issue([str(name)], [name], peer=True))
    for address in ADDRESSES:
        context = ssl.create_default_context()
        assert said_to(address, two.port, context) == "TLSV13_ALERT_CERTIFICATE_REQUIRED"
        context.load_cert_chain(stranger)
        assert said_to(address, two.port, context) == "TLSV1_ALERT_UNKNOWN_CA"


def test_its_secrets_are_its_own(two: Two) -> None:
    cookie = (two.first.state / "cluster/cookie").read_bytes()
    for node in (two.first, two.second):
        shared, own = node.state / "cluster", node.state / "ejabberd"
        for file in (*shared.iterdir(), own / ".erlang.cookie", own / "cluster.pem"):
            assert file.stat().st_mode & 0o777 == 0o600
        process = Path(f"/proc/{node.ejabberd()}")
        assert b"-proto_dist" in (process / "cmdline").read_bytes()
        assert cookie not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()


# --- one goes, and comes back


async def test_one_goes_on_without_a_killed_one_and_who_ended_first_waits(two: Two) -> None:
    """What happened after its end comes to it when both are there again, whichever starts first."""
    one, other = two.first.mint("refused meanwhile"), two.second.mint("refused meanwhile")
    async with sessions_at(two.first) as sessions:
        async with there(two.second.mint("falls")) as falls:
            two.second.crash()
            await nobody_is(sessions, falls)
        await sessions.end(one["address"])
        async with there_in_the_end(two.first.mint("comes")) as comes:
            assert await sessions.of(comes)
    two.first.stop()
    with ThreadPoolExecutor() as both:
        waits = both.submit(two.second.start)
        await is_reachable(ADDRESSES[1], two.port)
        both.submit(two.first.start).result()
        waits.result()
    assert await is_refused(one)
    assert await is_refused(other | {"port": two.second.ports["xmpps"]})


async def test_one_starts_without_the_other_and_has_it_back(two: Two) -> None:
    """Who is told that the other is gone for good has what it knew; the other gets that."""
    two.second.crash()
    async with sessions_at(two.first) as sessions:
        await sessions.end(two.first.mint("refused at last")["address"])
    two.first.stop()
    two.second.start("--without", ADDRESSES[0])
    async with sessions_at(two.second) as sessions:
        await sessions.end(two.second.mint("refused alone")["address"])
    two.first.start()
    assert await is_refused(two.first.mint("refused alone"))
    assert not await is_refused(two.first.mint("refused at last"))
    async with sessions_at(two.first) as sessions, there(two.second.mint("seen")) as seen:
        assert await sessions.of(seen)


async def test_one_whose_tables_are_lost_joins_again(two: Two) -> None:
    gone = two.second.mint("refused and lost")
    async with sessions_at(two.second) as sessions:
        await sessions.end(gone["address"])
    two.second.crash()
    shutil.rmtree(two.second.state / "ejabberd/db")
    two.second.start("--join", ADDRESSES[0])
    assert await is_refused(two.second.mint("refused and lost"))


async def test_nodes_that_lost_each_other_are_one_again(two: Two) -> None:
    """The second takes what the first has; its own people sign in again."""
    refused, frozen = two.second.mint("refused apart"), two.second.ejabberd()
    async with sessions_at(two.first) as sessions, there(two.second.mint("frozen")) as person:
        os.kill(frozen, signal.SIGSTOP)
        try:
            await nobody_is(sessions, person)
            await sessions.end(refused["address"])
        finally:
            os.kill(frozen, signal.SIGCONT)
        two.second.wait_until_ready()
        assert two.second.ejabberd() != frozen
        assert await is_refused(two.second.mint("refused apart"))
        async with there(two.second.mint("frozen")) as again:
            assert await sessions.of(again)


# --- what keeps a node from it


def test_a_node_to_join_that_is_away(two: Two, tmp_path: Path) -> None:
    for each in COPIED:
        subprocess.run(["cp", "-rp", str(two.first.state / each), str(tmp_path)], check=True)
    code, said = said_by(tmp_path, *place(AWAY, two.port), "--join", "127.0.0.4")
    assert (code, said) == (
        1,
        "twocan-supernode: the node at 127.0.0.4 does not answer: does it run, with the same "
        "--cluster-port, and is this folder's cluster/ a copy of its own?\n",
    )
    assert not (tmp_path / "ejabberd/db/schema.DAT").exists()


def test_a_node_that_ran_alone_stays_what_it_is(
    two: Two, supernode: Supernode, tmp_path: Path
) -> None:
    database = tmp_path / "ejabberd/db"
    database.mkdir(parents=True)
    shutil.copy(supernode.state / "ejabberd/db/schema.DAT", database)
    for each in COPIED:
        subprocess.run(["cp", "-rp", str(two.first.state / each), str(tmp_path)], check=True)
    code, said = said_by(tmp_path, *place(AWAY, two.port), "--join", ADDRESSES[0])
    assert code == 1
    assert said.startswith(
        f"twocan-supernode: what is in {database} is of a node that ran alone or under another "
        "address (nonode@nohost), and cannot be part of this cluster: run it as before, or"
    )
    assert (database / "schema.DAT").exists()


def test_a_node_of_a_cluster_does_not_run_alone(two: Two, tmp_path: Path) -> None:
    database = tmp_path / "ejabberd/db"
    database.mkdir(parents=True)
    shutil.copy(two.second.state / "ejabberd/db/schema.DAT", database)
    code, said = said_by(tmp_path)
    assert code == 1
    assert said.startswith(
        f"twocan-supernode: the node in {tmp_path} is part of a cluster (127.0.0.1, 127.0.0.2): "
        "run it with --cluster and its own address, or move"
    )
