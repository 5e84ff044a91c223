"""A second start hands its links to the phone that runs; the first one is the phone."""

import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering import Answering
from twocan import links
from twocan.handover import (
    Claim,
    Hearing,
    NotHanded,
    begin,
    locking,
    place,
    quit_running,
    wire,
)
from twocan.handover.doors import LocalDoor, LoopbackDoor
from twocan.handover.locking import Lock
from twocan.handover.place import Place

if TYPE_CHECKING:
    from twocan.handover.doors import Door

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=a-one-time-code_0123"
CLIENT = Path(__file__).parents[2] / "client"

MakeDoor = Callable[[Place], "Door"]
Home = dict[str, str]


@pytest.fixture(params=[LocalDoor, LoopbackDoor], ids=["local", "loopback"])
def door(request: pytest.FixtureRequest) -> MakeDoor:
    made: MakeDoor = request.param
    return made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The environment of somebody's session."""
    session = tmp_path / "session"
    session.mkdir(mode=0o700)
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(session)}


def files(home: Mapping[str, str]) -> list[str]:
    return sorted(path.name for path in Path(home["HOME"]).rglob("*") if not path.is_dir())


def first(home: Home, door: MakeDoor, **others: bool) -> Claim:
    claim = begin((), home, make_door=door, **others)
    assert claim is not None
    return claim


# --- What is said ----------------------------------------------------------------------------

requests = st.builds(
    wire.Request,
    st.sampled_from(sorted(wire.WANTED)),
    st.lists(st.text(st.characters(exclude_categories=())), max_size=4).map(tuple),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=256),
    st.sampled_from([b"", bytes(range(16))]),
)


@given(requests, st.data())
def test_what_was_written_is_read_and_no_sooner_than_it_is_whole(
    request: wire.Request, data: st.DataObject
) -> None:
    said = wire.written(request)
    assert wire.read(said) == request
    cut = data.draw(st.integers(0, len(said) - 1))
    assert wire.read(said[:cut]) is None
    with pytest.raises(wire.Rubbish):
        wire.read(said + b"\0")


@given(st.binary(max_size=80), st.booleans())
def test_whatever_else_is_said_is_rubbish_or_awaits_more(said: bytes, marked: bool) -> None:
    hearing = Hearing()
    try:
        hearing.hear(wire.MARK + said if marked else said)
    except wire.Rubbish:
        assert hearing.request is None


@given(requests, st.integers(1, 50))
def test_it_is_heard_in_pieces_of_any_size(request: wire.Request, size: int) -> None:
    said, hearing = wire.written(request), Hearing()
    for at in range(0, len(said), size):
        assert hearing.request is None
        assert hearing.hear(said[at : at + size]) == b""
    assert hearing.request == request


def test_a_link_that_is_too_long_is_still_refused_for_that() -> None:
    request = wire.Request(wire.SHOW, ("twocan:launch?" + "é" * 100_000,))
    [link] = wire.read(wire.written(request)).links  # type: ignore[union-attr]
    with pytest.raises(links.LinkError, match="too long"):
        links.parse(link)


def test_of_many_links_the_last_are_handed_on_which_win_anyway() -> None:
    many = tuple(f"twocan:{number}" for number in range(100))
    assert wire.Request(wire.SHOW, many).links == many[-wire.MOST_LINKS :]


# --- Where they meet -------------------------------------------------------------------------


def test_other_folders_are_another_phone_and_the_same_by_another_name_are_not() -> None:
    home = {"HOME": "/home/somebody"}
    assert place.name(home) == place.name(home | {"XDG_DATA_HOME": "/home/somebody/.local/share"})
    assert place.name(home) != place.name(home | {"XDG_DATA_HOME": "/elsewhere"})
    assert place.name(home) != place.name(home | {"XDG_CONFIG_HOME": "/elsewhere"})
    assert place.name(home) != place.name({"HOME": "/home/eva"})


def test_without_a_session_they_meet_beside_the_history(home: Home) -> None:
    del home["XDG_RUNTIME_DIR"]
    claim = first(home, LocalDoor)
    assert len(list(Path(home["HOME"]).glob(".local/share/twocan/run/*.sock"))) == 1
    claim.close()
    assert files(home) == []


def test_a_home_whose_name_is_longer_than_that_of_a_socket_may_be(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path / ("h" * 200))}
    with Answering(first(home, LocalDoor)) as phone:
        assert begin([LINK], home) is None
    assert phone.asked[0].links == (LINK,)


# --- Meeting ---------------------------------------------------------------------------------


def test_the_second_start_hands_its_link_to_the_first(home: Home, door: MakeDoor) -> None:
    with Answering(first(home, door)) as phone:
        assert begin([LINK], home, make_door=door) is None
        assert begin([], home, make_door=door) is None
    assert phone.asked == [wire.Request(wire.SHOW, (LINK,)), wire.Request(wire.SHOW)]
    assert files(home) == []


def test_the_desktop_lets_the_window_to_the_front(home: Home) -> None:
    tokens = [("kwin-1", ""), ("", "shell_TIME77"), ("x" * 300, "shell_TIME78"), ("a\nb", "é")]
    with Answering(first(home, LocalDoor)) as phone:
        for wayland, x in tokens:
            given = {"XDG_ACTIVATION_TOKEN": wayland, "DESKTOP_STARTUP_ID": x}
            assert begin([], home | given) is None
    said = [request.token for request in phone.asked]
    assert said == ["kwin-1", "shell_TIME77", "shell_TIME78", ""]


def test_a_hidden_second_start_does_nothing(home: Home) -> None:
    with Answering(first(home, LocalDoor)) as phone:
        assert begin([], home, hidden=True) is None
        assert begin([LINK], home, hidden=True) is None
    assert phone.asked == [wire.Request(wire.SHOW, (LINK,))]


def test_other_folders_are_another_phone(home: Home, door: MakeDoor) -> None:
    claim = first(home, door)
    other = first(home | {"XDG_DATA_HOME": home["HOME"] + "/other"}, door)
    claim.close()
    other.close()


def test_a_start_for_another_account_is_not_handed_over(home: Home, tmp_path: Path) -> None:
    given = home | {"TWOCAN_ACCOUNT": str(tmp_path / "account.json")}
    with Answering(first(given, LocalDoor)) as phone:
        with pytest.raises(NotHanded, match="without the account that TWOCAN_ACCOUNT names"):
            begin([LINK], home | {"TWOCAN_ACCOUNT": '{"address": "eva@site.example"}'})
        assert begin([LINK], given) is None
        assert begin([LINK], home) is None
    assert [request.account == b"" for request in phone.asked] == [False, False, True]
    assert b"account.json" not in b"".join(map(wire.written, phone.asked))


def test_whoever_comes_while_it_starts_is_heard_once_it_has(home: Home, door: MakeDoor) -> None:
    claim = first(home, door)
    with ThreadPoolExecutor() as starts:
        handed = [starts.submit(begin, [LINK], home, make_door=door) for _ in range(3)]
        select.select([claim.listening], [], [], 30)
        with Answering(claim) as phone:
            assert [each.result(30) for each in handed] == [None] * 3
    assert phone.asked == [wire.Request(wire.SHOW, (LINK,))] * 3


def test_whoever_comes_while_it_ends_is_the_next(home: Home, door: MakeDoor) -> None:
    claim = first(home, door)
    with ThreadPoolExecutor() as starts:
        waiting = starts.submit(begin, [LINK], home, make_door=door)
        select.select([claim.listening], [], [], 30)
        claim.stop_listening()
        claim.close()
        following = waiting.result(30)
    assert following is not None
    following.close()
    assert files(home) == []


def test_a_phone_that_hangs_is_told_of_in_words(home: Home, door: MakeDoor) -> None:
    claim = first(home, door)
    with pytest.raises(NotHanded, match="does not answer: end it, and start it again"):
        begin([LINK], home, within=0.2, make_door=door)
    assert not quit_running(0.2, home, make_door=door)
    claim.close()


def test_a_phone_that_neither_listens_nor_ends_is_told_of_in_words(home: Home) -> None:
    claim = first(home, LocalDoor)
    claim.stop_listening()
    with pytest.raises(NotHanded, match="does not answer"):
        begin([LINK], home, within=0.2)
    claim.close()


# --- Being asked to end ----------------------------------------------------------------------


def test_it_ends_when_it_is_asked_to(home: Home, door: MakeDoor) -> None:
    assert quit_running(1.0, home, make_door=door)
    with Answering(first(home, door)) as phone:
        assert quit_running(30.0, home, make_door=door)
        assert phone.asked == [wire.Request(wire.QUIT)]
    assert files(home) == []


def test_a_newer_program_takes_the_place_of_an_idle_one(home: Home, door: MakeDoor) -> None:
    with Answering(first(home, door)) as phone:
        newer = begin([LINK], home, instead=True, make_door=door)
        assert newer is not None
        assert [request.wanted for request in phone.asked] == [wire.YIELD]
        newer.close()


def test_nobody_is_cut_off_by_a_newer_program(home: Home, door: MakeDoor) -> None:
    with Answering(first(home, door), busy=True) as phone:
        assert begin([LINK], home, instead=True, make_door=door) is None
    assert [request.wanted for request in phone.asked] == [wire.YIELD, wire.SHOW]
    assert phone.asked[1].links == (LINK,)


# --- Crowds and crashes ----------------------------------------------------------------------

START = """
import os, sys
from twocan.handover import begin
claim = begin(["twocan:nobody"], os.environ)
print("the phone" if claim else "handed over", flush=True)
if claim:
    sys.stdin.read()
"""


def start(home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-S", "-c", START],
        env=home | {"PYTHONPATH": str(CLIENT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_whoever_is_killed_is_followed_by_the_next(home: Home) -> None:
    with start(home) as killed:
        assert said_by(killed) == "the phone"
        killed.kill()
    assert [name.rpartition(".")[2] for name in files(home)] == ["lock", "sock"]
    with Answering(first(home, LocalDoor)) as phone:
        assert begin([LINK], home) is None
    assert phone.asked == [wire.Request(wire.SHOW, (LINK,))]
    assert files(home) == []


def test_the_lock_is_taken_by_one_of_many_again_and_again(home: Home) -> None:
    held, most = threading.Semaphore(1), 0

    def begins() -> bool:
        nonlocal most
        claim = begin([], home, hidden=True)
        if claim is None:
            return False
        assert held.acquire(blocking=False), "two are the phone"
        most += 1
        held.release()
        claim.close()
        return True

    with ThreadPoolExecutor(8) as starts:
        outcomes = list(starts.map(lambda _: begins(), range(200)))
    assert any(outcomes)
    assert most == sum(outcomes)
    assert files(home) == []


def test_a_lock_that_its_last_holder_removed_is_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    ends, begins, later = (Lock(str(path)) for _ in range(3))
    assert ends.take()
    lock_it = locking._locked

    def just_as_it_ends(file: int) -> bool:
        ends.release()
        return lock_it(file)

    monkeypatch.setattr(locking, "_locked", just_as_it_ends)
    assert begins.take()
    assert path.exists()
    assert not later.take()
    path.unlink()
    assert later.take()
    begins.release()
    assert path.exists(), "it is another one's"
    later.release()
    assert not path.exists()


# --- What it takes ---------------------------------------------------------------------------

HEAVY = {
    *("PySide6", "argparse", "asyncio", "collections", "dataclasses", "enum", "hashlib", "hmac"),
    *("inspect", "json", "logging", "pathlib", "re", "ssl", "subprocess", "traceback", "typing"),
}
MINE = {"collections", "enum"}
"""What ``socket`` itself loads of them."""

SECOND = """
import sys
from twocan.__main__ import main
sys.argv = ["twocan", "twocan:nobody"]
code = main()
print(code, *sys.modules)
"""


def test_a_second_start_loads_next_to_nothing(home: Home) -> None:
    with Answering(first(home, LocalDoor)):
        command = [sys.executable, "-S", "-c", SECOND]
        path = {"PYTHONPATH": str(CLIENT)}
        second = subprocess.run(
            command, env=home | path, capture_output=True, text=True, check=False, timeout=50
        )
    code, *loaded = second.stdout.split()
    assert (code, second.stderr) == ("0", "")
    assert set(loaded) & HEAVY - MINE == set()
    assert not [name for name in loaded if name.startswith("twocan.gui")]
