"""The life of a node: started, stopped, killed, started again; what it says when it cannot."""

import asyncio
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from running import SUPERNODE, Supernode
from twocan_supernode import node
from twocan_supernode.errors import SupernodeError
from twocan_supernode.ports import USUAL, Ports
from twocan_supernode.server import Server
from twocan_supernode.sessions import EjabberdSessions
from twocan_supernode.state import Node, State
from xmpp_stream import Refused, signed_in

pytestmark = pytest.mark.timeout(180)

GONE_WITHIN = 40.0
LOOPBACK = ip_address("127.0.0.1")


def descendants(pid: int) -> list[int]:
    """A process and all that it started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(found for child in children for found in descendants(child))]


@contextmanager
def all_end(pids: list[int]) -> Iterator[None]:
    """All of these processes end, for a reason that the block gives them."""
    with ExitStack() as stack:
        ends = [os.pidfd_open(pid) for pid in pids]
        for end in ends:
            stack.callback(os.close, end)
        yield
        for pid, end in zip(pids, ends, strict=True):
            assert select.select([end], [], [], GONE_WITHIN)[0], f"process {pid} still runs"


async def signs_in(supernode: Supernode, account: dict[str, object]) -> bool:
    async with signed_in(account | {"port": supernode.ports["xmpps"]}) as stream:
        return stream.address.startswith(str(account["address"]))


def said_by(*arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a command that does not get to run a node."""
    ended = subprocess.run([*SUPERNODE, *arguments], check=False, capture_output=True, text=True)
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


def ended_unasked(state: Path) -> str:
    log = state / "ejabberd/log/ejabberd.log"
    return f"twocan-supernode: ejabberd ended unasked. The end of its log, {log}:\n"


# --- while it runs


def test_what_is_ready_is_said_in_one_line(supernode: Supernode) -> None:
    ready = supernode.ready
    assert ready["event"] == "ready"
    assert ready["host"] == "127.0.0.1"
    assert ready["sites"] == ["near.localhost", "other.localhost"]
    assert ready["state"] == str(supernode.state)
    assert set(ready["ports"]) == {"xmpps", "xmpp", "https", "stun", "ws"}
    assert State(supernode.state).node() == Node(
        ready["pid"], ready["host"], Ports(**ready["ports"])
    )


def test_nothing_listens_but_on_loopback_and_on_its_ports(supernode: Supernode) -> None:
    """No epmd, no Erlang distribution, no port for administrators."""
    listening = set()
    for pid in descendants(supernode.ready["pid"]):
        own = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
        for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in own:
                listening.add(local)
        tcp6 = Path(f"/proc/{pid}/net/tcp6").read_text()
        assert not [line for line in tcp6.splitlines()[1:] if f"[{line.split()[9]}]" in str(own)]
    ports = {supernode.ports[name] for name in ("xmpps", "xmpp", "https", "ws")}
    assert listening == {f"0100007F:{port:04X}" for port in ports}


def test_only_its_owner_reads_its_folder(supernode: Supernode) -> None:
    site = State(supernode.state).site(supernode.site)
    for file in (site.folder / "secret", site.folder / "key.pem", supernode.state / "ca-key.pem"):
        assert file.stat().st_mode & 0o777 == 0o600
    for file in (supernode.state / "node.pem", supernode.state / "ejabberd/ejabberd.yml"):
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_serves_one_run_at_a_time(supernode: Supernode) -> None:
    code, said = said_by("run", "--state", str(supernode.state))
    assert code == 1
    assert said == (
        f"twocan-supernode: {supernode.state} is in use by another run (process "
        f"{supernode.ready['pid']}): stop that one, or choose another --state\n"
    )


# --- its end


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    with Supernode(tmp_path) as supernode, all_end(descendants(supernode.ready["pid"])):
        os.kill(supernode.ready["pid"], how)
        assert supernode.wait() == (0, "")


def test_a_stop_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    command = [*SUPERNODE, "run", "--state", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as launcher:
        while len(found := descendants(launcher.pid)) < 2:
            assert launcher.poll() is None
            select.select([], [], [], 0.01)
        with all_end(found):
            launcher.send_signal(signal.SIGTERM)
            assert launcher.communicate() == (b"", b"")
    assert launcher.returncode == 0


async def test_after_a_crash_it_starts_with_what_it_had(tmp_path: Path) -> None:
    supernode = Supernode(tmp_path, ["one.localhost", "two.localhost"])
    with supernode:
        account, elsewhere = supernode.mint("person-1"), supernode.mint("person-1", "two.localhost")
        with all_end(descendants(supernode.ready["pid"])):
            supernode.crash()
    with Supernode(tmp_path) as again:
        assert again.ready["sites"] == ["one.localhost", "two.localhost"]
        assert again.mint("person-1")["address"] == account["address"]
        assert await signs_in(again, account)
        assert await signs_in(again, elsewhere)


async def test_ejabberd_does_not_outlive_its_launcher(tmp_path: Path) -> None:
    """And the folder can be used again at once, while the orphan still closes its database."""
    with Supernode(tmp_path) as supernode, all_end(descendants(supernode.ready["pid"])):
        async with EjabberdSessions(State(tmp_path)) as sessions:
            await sessions.end(supernode.mint("person-2")["address"])
        supernode.orphan()
        supernode.start()
        assert await signs_in(supernode, supernode.mint("person-1"))
        with pytest.raises(Refused, match="not-allowed"):
            await signs_in(supernode, supernode.mint("person-2"))


def test_an_ejabberd_that_ends_unasked_is_an_error(tmp_path: Path) -> None:
    with Supernode(tmp_path) as supernode, all_end(descendants(supernode.ready["pid"])):
        os.kill(supernode.ejabberd(), signal.SIGKILL)
        code, said = supernode.wait()
    assert code == 1
    assert said.startswith(ended_unasked(tmp_path))


# --- what keeps it from starting


async def test_ports_that_are_taken_are_not_needed(supernode: Supernode, tmp_path: Path) -> None:
    """The usual ones that the other node does not hold are held here."""
    taken = set(supernode.ports.values())
    with ExitStack() as stack:
        for port in (USUAL.xmpps, USUAL.xmpp, USUAL.https):
            with suppress(OSError):  # by someone else on this machine
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
                taken.add(port)
        with Supernode(tmp_path) as late:
            assert not taken & set(late.ports.values())
            account = late.mint("person-1")
            assert account["port"] == late.ports["xmpps"]
            assert await signs_in(late, account)


async def test_a_port_that_is_lost_at_the_last_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Ports.free("127.0.0.1", [])
    offers = [free]
    find = Ports.free
    monkeypatch.setattr(Ports, "free", lambda *asked: offers.pop() if offers else find(*asked))
    reached: asyncio.Queue[Node] = asyncio.Queue()
    options = node.Options(State(tmp_path), [], LOOPBACK, LOOPBACK)
    with socket.create_server(("127.0.0.1", free.xmpp)):
        running = asyncio.create_task(node.run(options, reached.put_nowait))
        assert (await reached.get()).ports != free
        os.kill(os.getpid(), signal.SIGTERM)
        await running


def test_without_ejabberd_it_says_where_to_get_it(tmp_path: Path) -> None:
    state, nothing = tmp_path / "state", tmp_path / "nothing"
    code, said = said_by("run", "--state", str(state), "--ejabberd", str(nothing))
    assert code == 1
    assert said == (
        "twocan-supernode: there is no ejabberd with mod_isolation and mod_logxml in "
        f"{nothing}: unpack one with `make ejabberd`, or install the packages ejabberd, "
        "ejabberd-mod-isolation and ejabberd-mod-logxml\n"
    )
    assert not state.exists()


def test_an_ejabberd_that_cannot_start_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    database = tmp_path / "ejabberd/db"
    database.mkdir(parents=True)
    (database / "schema.DAT").write_bytes(b"this is no database")
    code, said = said_by("run", "--state", str(tmp_path))
    assert code == 1
    assert said.startswith(ended_unasked(tmp_path))
    assert "ejabberd" in said.partition("\n")[2]
    assert State(tmp_path).turn_secret() not in said


async def test_last_words_hold_no_secret(tmp_path: Path) -> None:
    token = "eyJhbGciOiJFUzI1NiJ9.eyJqaWQiOiJhIn0.c2lnbmVk"
    process = await asyncio.create_subprocess_exec(
        *("printf", rf"\033[31mhush\033[0m and {token}, no more"), stdout=asyncio.subprocess.PIPE
    )
    server = Server(process, tmp_path, ["hush"])
    await server.ended
    assert server.tail() == "*** and ***, no more"


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (["--listen", "::"], "--listen :: needs --address: where do clients reach it?"),
        (["--listen", "here"], "'here' is no IP address"),
        (["--site", "Upper.example"], "'Upper.example' is no lower-case domain name"),
        (["--site", "../up"], "'../up' is no lower-case domain name"),
        (["--site", "192.0.2.1"], "'192.0.2.1' is no lower-case domain name"),
    ],
)
def test_wrong_usage_is_said_so(tmp_path: Path, wrong: list[str], complaint: str) -> None:
    code, said = said_by("run", "--state", str(tmp_path / "state"), *wrong)
    assert code == 2
    assert said.endswith(f"{complaint}\n")
    assert not (tmp_path / "state").exists()


def test_an_address_of_another_machine_cannot_be_listened_on(tmp_path: Path) -> None:
    options = node.Options(State(tmp_path), [], ip_address("203.0.113.1"), LOOPBACK)
    with pytest.raises(SupernodeError, match=r"^cannot listen on 203\.0\.113\.1 \(.*\): is it an"):
        node.prepare(options)
