"""New versions, from the question to the program that unpacks itself, over real sockets."""

import asyncio
import hashlib
import json
import logging
import os
import resource
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from release_host import KEY, PLATFORM, Host, document, hosting, program
from twocan import __version__
from twocan.desk import update_times
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Finding, Known, Stage, Standing, Update
from twocan.desk.updates import Pace, Program, Updates
from twocan.states import CallView, State
from twocan_supernode.certificates import Authority

WITHIN = 50.0
PACE = Pace(quiet=0.01, look=0.01, answer=40.0, piece=40.0, unpack=40.0)
HERE = DeskView(standing=Standing.ONLINE, account=Known("me@site.example"))
BEGAN = 1_000_000.0
ASKED = "install --quiet --next"
"""Of a program that was downloaded."""
CALL = CallView(
    sid="one",
    peer="somebody@site.example",
    outgoing=True,
    state=State.ACTIVE,
    end=None,
    ended_by=None,
    held=False,
    held_by_peer=False,
    muted=False,
    muted_by_peer=False,
    verification=None,
    times=MappingProxyType({"started": 0.0}),
)
TALKING = replace(HERE, calls=(CALL,))


@dataclass
class Phone:
    """Whoever has the updates, on a clock that a test sets."""

    host: Host
    folder: Path
    pace: Pace = PACE
    metered: bool = False
    trust: ssl.SSLContext | None = None
    version: str = "1.0"
    now: float = BEGAN
    shown: list[Update] = field(default_factory=list)
    asking_since: float | None = None
    """When it began to ask for the first time, in the loop's time."""

    def __post_init__(self) -> None:
        self.time = asyncio.get_running_loop().time
        self._news = asyncio.Event()
        self.updates = Updates(
            Program(self.version, KEY, PLATFORM),
            self.folder,
            pace=self.pace,
            wall=lambda: self.now,
            chance=lambda: 0.0,
            where=self.host.where,
            metered=lambda: self.metered,
            trust=self.trust,
        )

    def show(self, update: Update) -> None:
        if update.stage is Stage.ASKING and self.asking_since is None:
            self.asking_since = self.time()
        self.shown.append(update)
        self._news.set()

    @property
    def update(self) -> Update:
        return self.shown[-1]

    async def sees(self, is_so: Callable[[Update], object]) -> Update:
        async with asyncio.timeout(WITHIN):
            while not self.shown or not is_so(self.update):
                self._news.clear()
                await self._news.wait()
        return self.update

    async def comes_to(self, finding: Finding) -> Update:
        """Until nothing is being done, and that came of it."""
        at_rest = (Stage.RESTING, Stage.READY)
        return await self.sees(lambda update: update.came is finding and update.stage in at_rest)

    @property
    def files(self) -> set[str]:
        """What it has downloaded."""
        return names(self.folder) - {"asked.json", "release.json"}

    @property
    def notes(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads((self.folder / "asked.json").read_text())
        return said


@asynccontextmanager
async def at(host: Host, folder: Path, view: DeskView = HERE, **about: Any) -> AsyncIterator[Phone]:
    """A phone that is open, with this to see."""
    phone = Phone(host, folder, **about)
    phone.updates.open(phone.show)
    try:
        phone.updates.look(view)
        yield phone
    finally:
        await phone.updates.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "update"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "runs.txt"


@pytest.fixture
async def host(log: Path) -> AsyncIterator[Host]:
    """It has version 9.1."""
    async with hosting(Host(program(log))) as host:
        host.release()
        yield host


def plant(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, mode=0o755)
    for name, said in files.items():
        (folder / name).write_text(said)


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def runs(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


# --- All of it -----------------------------------------------------------------------------------


async def test_a_new_version_is_found_downloaded_and_prepared(
    host: Host, folder: Path, log: Path
) -> None:
    async with at(host, folder) as phone:
        update = await phone.comes_to(Finding.READY)

        assert update == Update("9.1", Stage.READY, asked=BEGAN, came=Finding.READY)
        stages = list(dict.fromkeys(each.stage for each in phone.shown))
        assert stages == [
            Stage.RESTING,
            Stage.ASKING,
            Stage.FETCHING,
            Stage.PREPARING,
            Stage.READY,
        ]
        assert runs(log) == [ASKED]
        assert phone.files == set()
        assert (host.fetched, len(host.asked)) == ([0], 1)


async def test_over_tls_that_somebody_vouches_for(log: Path, folder: Path, tmp_path: Path) -> None:
    authority = Authority.new()
    trust = ssl.create_default_context(cadata=authority.certificate_pem().decode())
    pem = tmp_path / "host.pem"
    pem.write_bytes(authority.issue(["localhost"], [ip_address("127.0.0.1")]))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    async with hosting(Host(program(log), secure=True), tls) as host:
        host.release()
        async with at(host, folder / "none") as phone:
            await phone.comes_to(Finding.NOT_SECURE)
            assert (host.asked, runs(log)) == ([], [])
        async with at(host, folder, trust=trust) as phone:
            await phone.comes_to(Finding.READY)
        assert runs(log) == [ASKED]


async def test_nothing_is_said_of_who_asks(host: Host, folder: Path) -> None:
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)

    [question] = host.asked
    assert question.decode().split("\r\n") == [
        "GET /.well-known/twocan/release.json HTTP/1.1",
        f"Host: 127.0.0.1:{host.port}",
        "Accept-Encoding: identity",
        "Connection: close",
        "User-Agent: Twocan",
        "Accept: application/json",
        "",
        "",
    ]
    assert __version__.encode() not in question


async def test_the_folder_is_nobody_elses(host: Host, folder: Path) -> None:
    plant(folder, {})
    host.gives, host.holds = 1000, True
    async with at(host, folder) as phone:
        await host.sees(1)
        assert mode(folder) == 0o700
        assert phone.update.stage is Stage.FETCHING


# --- What is not news ----------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "0.9"])
async def test_the_same_version_or_an_older_one(host: Host, folder: Path, version: str) -> None:
    host.release(version)
    async with at(host, folder) as phone:
        update = await phone.comes_to(Finding.NEWEST)

        assert (update.version, update.stage) == (None, Stage.RESTING)
        assert host.fetched == []


async def test_a_version_for_other_computers_only(host: Host, folder: Path) -> None:
    host.release(platform="windows-x86_64")
    async with at(host, folder) as phone:
        assert (await phone.comes_to(Finding.NONE_FOR_US)).version == "9.1"
        assert host.fetched == []


async def test_what_was_signed_once_is_not_news_again(host: Host, folder: Path, log: Path) -> None:
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
        host.release("5.0")
        phone.now += update_times.LONGEST
        await host.hears(2)

        update = await phone.sees(lambda update: update.asked == phone.now)
        assert (update.version, update.stage) == ("9.1", Stage.READY)
    assert runs(log) == [ASKED]


async def test_a_still_newer_one_is_prepared_as_well(host: Host, folder: Path, log: Path) -> None:
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
        host.release("9.2")
        phone.now += update_times.LONGEST

        await phone.sees(lambda update: update.version == "9.2" and update.came is Finding.READY)
    assert len(runs(log)) == 2


async def test_the_new_one_that_runs_now_knows_that_it_is_the_newest(
    host: Host, folder: Path
) -> None:
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
    async with at(host, folder, version="9.1", view=DeskView()) as phone:
        update = await phone.sees(lambda update: True)

        assert update == Update(None, Stage.RESTING, asked=BEGAN, came=Finding.NEWEST)


# --- Answers that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "finding", "hours"),
    [
        ("404 Not Found", Finding.NO_RELEASES, 24),
        ("403 Forbidden", Finding.NO_RELEASES, 24),
        ("204 No Content", Finding.NO_RELEASES, 24),
        ("429 Too Many Requests", Finding.SILENT, 4),
        ("500 Internal Server Error", Finding.SILENT, 4),
        ("503 Service Unavailable", Finding.SILENT, 4),
    ],
)
async def test_a_status_that_is_not_200(
    host: Host, folder: Path, status: str, finding: Finding, hours: int
) -> None:
    host.status = status
    async with at(host, folder) as phone:
        await phone.comes_to(finding)
        assert phone.notes["due"] == BEGAN + hours * update_times.HOUR
        assert host.fetched == []


async def test_nobody_is_sent_elsewhere(host: Host, folder: Path, log: Path) -> None:
    async with hosting(Host(program(log))) as other:
        other.release()
        host.status, host.head = "302 Found", f"Location: {other.where('').text}\r\n"
        async with at(host, folder) as phone:
            await phone.comes_to(Finding.NO_RELEASES)
        host.status, host.head = "200 OK", ""
        host.file_status, host.file_head = "302 Found", f"Location: {other.url()}\r\n"
        async with at(host, folder / "again") as phone:
            await phone.comes_to(Finding.BAD_ANSWER)
        assert (other.asked, other.fetched) == ([], [])


@pytest.mark.parametrize("said", [b"", b"<html>", b"{}", b" " * 70_000])
async def test_an_answer_that_cannot_be_used(host: Host, folder: Path, said: bytes) -> None:
    host.document = said
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.BAD_ANSWER)


async def test_a_release_that_a_stranger_signed(host: Host, folder: Path) -> None:
    host.release(by=Ed25519PrivateKey.generate())
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NOT_SIGNED)
        assert host.fetched == []


async def test_nobody_is_there(folder: Path) -> None:
    host = Host()
    async with hosting(host):
        pass
    async with at(host, folder) as phone:
        update = await phone.comes_to(Finding.UNREACHABLE)
        assert update.asked == BEGAN


async def test_a_host_that_never_answers_is_not_waited_for(folder: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    host = Host()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        host.port = server.sockets[0].getsockname()[1]
        async with at(host, folder, pace=replace(PACE, answer=0.05)) as phone:
            await phone.comes_to(Finding.SILENT)


# --- Files that are none -------------------------------------------------------------------------


async def test_a_file_that_is_not_the_signed_one_is_thrown_away(
    host: Host, folder: Path, log: Path
) -> None:
    host.content = host.content[:-1] + b"!"
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.WRONG_FILE)
        assert (phone.files, runs(log)) == (set(), [])


@pytest.mark.parametrize("more", [-1, 1, 10**12])
async def test_a_file_of_another_length_is_not_even_begun(
    host: Host, folder: Path, more: int
) -> None:
    host.length = len(host.content) + more
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.WRONG_FILE)
        assert phone.files == set()


@pytest.mark.parametrize(
    ("status", "head"),
    [
        ("200 OK", "Transfer-Encoding: chunked\r\n"),
        ("200 OK", "Content-Encoding: gzip\r\n"),
        ("206 Part", ""),
        ("404 Not Found", ""),
        ("500 Internal Server Error", ""),
    ],
)
async def test_a_host_that_does_not_give_the_file(
    host: Host, folder: Path, status: str, head: str
) -> None:
    host.file_status, host.file_head = status, head
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.BAD_ANSWER)


async def test_a_host_that_trickles_is_left(host: Host, folder: Path) -> None:
    host.gives, host.holds = 1000, True
    async with at(host, folder, pace=replace(PACE, piece=0.05)) as phone:
        await phone.comes_to(Finding.TOO_SLOW)
        await host.is_left()


async def test_a_host_that_says_nothing_of_the_file_is_not_waited_for(
    host: Host, folder: Path
) -> None:
    host.answers, host.holds = False, True
    async with at(host, folder) as phone:
        await host.sees(1)
        assert phone.update.stage is Stage.FETCHING
    async with at(host, folder, pace=replace(PACE, answer=0.2)) as phone:
        await phone.comes_to(Finding.SILENT)
    assert len(host.asked) == 1, "it is of the file that nothing was said"


@pytest.mark.parametrize("said", ["bytes 0-299999/300000", "bytes 200000-299999/*", "all"])
async def test_a_host_that_goes_on_with_other_bytes_is_not_believed(
    host: Host, folder: Path, said: str
) -> None:
    host.gives, host.range = 200_000, said
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.CUT_SHORT)
        phone.now += update_times.AGAIN_AFTER
        await phone.comes_to(Finding.WRONG_FILE)
        assert phone.files == set()


async def test_what_is_there_already_and_too_long_is_begun_anew(host: Host, folder: Path) -> None:
    name = f"twocan-9.1-{hashlib.sha256(host.content).hexdigest()[:16]}"
    plant(folder, {name: "x" * 400_000})
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
    assert host.fetched == [0]


async def test_a_file_that_is_cut_short_is_gone_on_with_hours_later(
    host: Host, folder: Path, log: Path
) -> None:
    host.gives = 200_000
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.CUT_SHORT)
        host.gives = None
        phone.now += update_times.AGAIN_AFTER
        await phone.comes_to(Finding.READY)

    assert (host.fetched, len(host.asked)) == ([0, 200_000], 1)
    assert runs(log) == [ASKED]


async def test_where_there_is_no_room_nothing_is_begun(
    host: Host, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = type("Room", (), {"free": 5 * len(host.content) - 1})
    monkeypatch.setattr("shutil.disk_usage", lambda path: room)
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NO_ROOM)
        assert (host.fetched, phone.files) == ([], set())


async def test_a_disk_that_is_full_in_the_middle(host: Host, folder: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        async with at(host, folder) as phone:
            await phone.comes_to(Finding.NO_ROOM)
            assert phone.files == set(), "the room is given back"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_folder_that_cannot_be_written(host: Host, folder: Path) -> None:
    plant(folder.parent, {folder.name: "a file where a folder should be"})
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NOT_WRITTEN)


async def test_a_metered_network_is_not_used_for_it(host: Host, folder: Path, log: Path) -> None:
    async with at(host, folder, metered=True) as phone:
        assert (await phone.comes_to(Finding.METERED)).version == "9.1"
        assert host.fetched == []
        phone.metered = False
        phone.now += update_times.AGAIN_AFTER
        await phone.comes_to(Finding.READY)
    assert len(host.asked) == 1


@pytest.mark.parametrize("then", ["exit 1", "echo no room >&2; exit 3", "kill -9 $$"])
async def test_a_version_that_does_not_unpack_is_tried_again_a_day_later(
    host: Host, folder: Path, log: Path, then: str
) -> None:
    host.content = program(log, then)
    host.release()
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NOT_PREPARED)
        assert phone.files == set()

        host.content = program(log)
        host.release()
        phone.now += update_times.DAY
        await phone.comes_to(Finding.READY)
    assert len(host.asked) == 2


async def test_what_is_no_program_does_not_unpack(host: Host, folder: Path) -> None:
    host.content = b"\x7fELF, but only that"
    host.release()
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NOT_PREPARED)


async def test_a_version_that_never_ends_to_unpack_is_ended(
    host: Host, folder: Path, log: Path
) -> None:
    host.content = program(log, "exec sleep 60")
    host.release()
    async with at(host, folder, pace=replace(PACE, unpack=0.3)) as phone:
        await phone.comes_to(Finding.NOT_PREPARED)


async def test_the_version_is_unpacked_behind_everything_else(
    host: Host, folder: Path, log: Path
) -> None:
    go = folder.parent / "go"
    os.mkfifo(log.with_suffix(".nice"))
    host.content = program(log, f"read go < {log.with_suffix('.nice')}; nice > {go}")
    host.release()
    async with at(host, folder) as phone:
        await phone.sees(lambda update: update.stage is Stage.PREPARING)
        await has_run(log, ASKED)
        with log.with_suffix(".nice").open("w") as fifo:
            fifo.write("go\n")
        await phone.comes_to(Finding.READY)
    assert int(go.read_text()) == max(10, os.getpriority(os.PRIO_PROCESS, 0))


# --- Calls ---------------------------------------------------------------------------------------


async def test_a_call_that_begins_closes_the_connection_and_the_end_goes_on(
    host: Host, folder: Path, log: Path
) -> None:
    host.gives, host.holds = 200_000, True
    async with at(host, folder) as phone:
        await host.sees(1)
        await some_of_it_is_there(phone, 128 * 1024)

        phone.updates.look(TALKING)
        await host.is_left()
        waiting = await phone.sees(lambda update: update.stage is Stage.RESTING)
        assert waiting.version == "9.1"
        assert runs(log) == []

        host.gives, host.holds = None, False
        phone.updates.look(HERE)
        await phone.comes_to(Finding.READY)
    first, second = host.fetched
    assert (first, second >= 128 * 1024) == (0, True)
    assert len(host.asked) == 1


async def test_a_host_that_cannot_go_on_begins_anew(host: Host, folder: Path, log: Path) -> None:
    host.gives, host.holds, host.resumes = 200_000, True, False
    async with at(host, folder) as phone:
        await some_of_it_is_there(phone, 128 * 1024)
        phone.updates.look(TALKING)
        await host.is_left()
        host.gives, host.holds = None, False
        phone.updates.look(HERE)
        await phone.comes_to(Finding.READY)
    assert (host.fetched, runs(log)) == ([0, 0], [ASKED])


async def test_the_end_of_the_program_is_gone_on_after_without_another_question(
    host: Host, folder: Path, log: Path
) -> None:
    host.gives, host.holds = 200_000, True
    async with at(host, folder) as phone:
        await some_of_it_is_there(phone, 128 * 1024)
    host.gives, host.holds = None, False
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
    assert host.fetched[1] >= 128 * 1024
    assert (len(host.asked), runs(log)) == (1, [ASKED])


async def test_a_release_on_the_disk_that_was_meddled_with_is_not_gone_on_with(
    host: Host, folder: Path
) -> None:
    host.gives, host.holds = 200_000, True
    async with at(host, folder) as phone:
        await some_of_it_is_there(phone, 128 * 1024)
    stranger = Ed25519PrivateKey.generate()
    (folder / "release.json").write_bytes(document(host.url(), b"x", by=stranger))
    async with at(host, folder) as phone:
        await phone.sees(lambda update: True)
        phone.now += update_times.DAY
        await host.hears(2)


async def test_a_call_that_begins_ends_what_is_unpacked_and_the_end_begins_it_anew(
    host: Host, folder: Path, log: Path
) -> None:
    slow = log.with_name("slow")
    slow.touch()
    host.content = program(log, f"if [ -e {slow} ]; then exec sleep 60; fi")
    host.release()
    async with at(host, folder) as phone:
        await has_run(log, ASKED)
        phone.updates.look(TALKING)
        await phone.sees(lambda update: update.stage is Stage.RESTING)
        slow.unlink()

        phone.updates.look(HERE)
        await phone.comes_to(Finding.READY)
    assert (host.fetched, len(runs(log))) == ([0], 2)


async def test_what_is_unpacked_anew_waits_until_the_one_before_is_over(
    host: Host, folder: Path, log: Path
) -> None:
    slow, pid = log.with_name("slow"), log.with_name("pid")
    slow.touch()
    looks = f"[ -e {pid} ] && kill -0 $(cat {pid}) && echo both >> {log}; echo $$ > {pid}"
    lingers = f"trap 'sleep 0.3; exit 1' TERM; echo ready >> {log}"
    waits = f"while [ -e {slow} ]; do sleep 0.05; done"
    host.content = program(log, "\n".join((looks, lingers, waits)))
    host.release()
    async with at(host, folder) as phone:
        await has_run(log, "ready")
        phone.updates.look(TALKING)
        phone.updates.look(HERE)
        await has_run(log, "ready", times=2)
        slow.unlink()
        await phone.comes_to(Finding.READY)
    assert runs(log) == [ASKED, "ready", ASKED, "ready"], "never both at once"


async def test_once_it_is_closed_nothing_begins_any_more(host: Host, folder: Path) -> None:
    async with at(host, folder, view=TALKING) as phone:
        await phone.sees(lambda update: True)
        await phone.updates.close()
        phone.updates.look(HERE)
        phone.updates.look(replace(HERE, settings=Settings(updates=False)))
        await asyncio.sleep(10 * PACE.quiet)
    assert host.asked == []


async def test_nothing_begins_while_a_call_is_up(host: Host, folder: Path) -> None:
    async with at(host, folder, view=TALKING) as phone:
        await phone.sees(lambda update: True)
        await asyncio.sleep(10 * PACE.quiet)
        assert (host.asked, phone.update.stage) == ([], Stage.RESTING)


async def test_a_minute_has_to_pass_without_a_call(host: Host, folder: Path) -> None:
    async with at(host, folder, pace=replace(PACE, quiet=0.5)) as phone:
        ends = [phone.time()]
        while len(ends) < 12 and phone.asking_since is None:
            phone.updates.look(TALKING)
            phone.updates.look(HERE)
            ends.append(phone.time())
            await asyncio.sleep(0.1)
        await phone.comes_to(Finding.READY)
    asked = phone.asking_since
    assert asked is not None
    assert asked - max(end for end in ends if end < asked) >= 0.5


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.ONLINE])
async def test_nobody_who_is_not_signed_in_asks(
    host: Host, folder: Path, standing: Standing
) -> None:
    async with at(host, folder, view=replace(HERE, standing=standing)) as phone:
        await phone.sees(lambda update: True)
        await asyncio.sleep(10 * PACE.quiet)
        assert host.asked == []


# --- The switch ----------------------------------------------------------------------------------


async def test_the_switch_stops_it_at_once_and_takes_away_what_there_is(
    host: Host, folder: Path
) -> None:
    host.gives, host.holds = 200_000, True
    async with at(host, folder) as phone:
        await some_of_it_is_there(phone, 128 * 1024)
        phone.updates.look(replace(HERE, settings=Settings(updates=False)))
        await host.is_left()
        await phone.sees(lambda update: update.stage is Stage.RESTING)
    assert names(folder) == {"asked.json"}


async def test_switched_off_it_never_asks(host: Host, folder: Path) -> None:
    off = replace(HERE, settings=Settings(updates=False))
    async with at(host, folder, view=off) as phone:
        await phone.sees(lambda update: True)
        await asyncio.sleep(10 * PACE.quiet)
        assert host.asked == []
        phone.updates.look(HERE)
        await phone.comes_to(Finding.READY)


# --- When ----------------------------------------------------------------------------------------


async def test_it_is_asked_once_a_day(host: Host, folder: Path) -> None:
    host.release("1.0")
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NEWEST)
        phone.now += update_times.DAY - 1
        await asyncio.sleep(10 * PACE.look)
        assert len(host.asked) == 1
        phone.now += 1
        await host.hears(2)


async def test_another_start_does_not_ask_again(host: Host, folder: Path) -> None:
    host.release("1.0")
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.NEWEST)
    async with at(host, folder, now=BEGAN + update_times.HOUR) as phone:
        await phone.sees(lambda update: update.asked == BEGAN)
        await asyncio.sleep(10 * PACE.look)
        assert len(host.asked) == 1
    async with at(host, folder, now=BEGAN + update_times.DAY):
        await host.hears(2)


async def test_a_host_that_fails_is_asked_again_after_hours(host: Host, folder: Path) -> None:
    host.status = "500 Internal Server Error"
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.SILENT)
        phone.now += update_times.AGAIN_AFTER - 1
        await asyncio.sleep(10 * PACE.look)
        assert len(host.asked) == 1
        host.status = "200 OK"
        phone.now += 1
        await phone.comes_to(Finding.READY)


async def test_a_clock_that_is_set_back_by_years_does_not_stop_it(host: Host, folder: Path) -> None:
    host.release("1.0")
    async with at(host, folder, now=BEGAN + 10_000 * update_times.DAY) as phone:
        await phone.comes_to(Finding.NEWEST)
        phone.now = BEGAN
        await asyncio.sleep(10 * PACE.look)
        assert len(host.asked) == 1
        phone.now += update_times.LONGEST
        await host.hears(2)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 60_000,
        '{"due": "soon"}',
        '{"due": 1e999}',
        '{"due": true, "came": 5}',
        '{"came": "gone", "version": "../1", "asked": -1e400}',
    ],
)
async def test_notes_that_cannot_be_understood_are_not_heeded(
    host: Host, folder: Path, said: str
) -> None:
    plant(folder, {"asked.json": said})
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)


async def test_no_address_is_logged(
    host: Host, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with at(host, folder) as phone:
        await phone.comes_to(Finding.READY)
    assert "me@" not in caplog.text


async def has_run(log: Path, line: str, times: int = 1) -> None:
    """Until programs wrote this line so often."""
    async with asyncio.timeout(WITHIN):
        while runs(log).count(line) < times:
            await asyncio.sleep(0.01)


async def some_of_it_is_there(phone: Phone, size: int) -> None:
    """Until so many bytes were written."""
    async with asyncio.timeout(WITHIN):
        while not any(path.stat().st_size >= size for path in phone.folder.glob("twocan-*")):
            await asyncio.sleep(0.01)
