"""The history: what became of calls, and a file that lasts whatever happens to the program."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from twocan.desk import history as module
from twocan.desk.history import RANG, History, outcome
from twocan.desk.state import Outcome, Past
from twocan.states import CallView, End, State

THEM = "them@site.example"
NOW = 1_700_000_000.0


def view(sid: str = "one", state: State = State.ENDED, **changes: Any) -> CallView:
    """A call that began at 100 on its own clock."""
    times = {"started": 100.0} | changes.pop("times", {})
    end = changes.pop("end", End.NO_ANSWER if state is State.ENDED else None)
    whole: dict[str, Any] = {
        "peer": THEM,
        "outgoing": False,
        "ended_by": None,
        "held": False,
        "held_by_peer": False,
        "muted": False,
        "muted_by_peer": False,
        "verification": None,
    }
    given = whole | changes
    return CallView(sid=sid, state=state, end=end, times=MappingProxyType(times), **given)


def talked(sid: str = "one", **changes: Any) -> CallView:
    times = {"answered": 103.0, "connected": 104.0, "ended": 164.5}
    return view(sid, end=End.HUNG_UP, times=times, **changes)


class Wall:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture(params=["file", "memory"])
def history(request: pytest.FixtureRequest, file: Path, wall: Wall) -> Iterator[History]:
    history = History(file if request.param == "file" else None, wall)
    yield history
    assert history.problem is None
    history.close()


@pytest.fixture
def opened(file: Path, wall: Wall) -> Iterator["Opener"]:
    opener = Opener(file, wall)
    yield opener
    opener.close()


class Opener:
    """Starts the program again and again."""

    def __init__(self, file: Path, wall: Wall) -> None:
        self._file, self._wall = file, wall
        self._all: list[History] = []

    def __call__(self) -> History:
        self._all.append(History(self._file, self._wall))
        return self._all[-1]

    def close(self) -> None:
        for history in self._all:
            history.close()


# --- What became of a call ----------------------------------------------------------------------


def test_the_table_knows_every_end() -> None:
    assert set(RANG) == {*End, None}


@pytest.mark.parametrize("end", End)
def test_a_call_that_was_talked_in_was_answered_however_it_ended(end: End) -> None:
    for outgoing in (True, False):
        connected = {"answered": 101.0, "connected": 102.0, "ended": 103.0}
        assert outcome(view(outgoing=outgoing, end=end, times=connected)) is Outcome.ANSWERED


@pytest.mark.parametrize("end", [each for each in End if each is not End.REPLACED])
def test_a_call_of_ours_that_came_to_nothing(end: End) -> None:
    assert outcome(view(outgoing=True, end=end)) is Outcome.NOT_REACHED


@pytest.mark.parametrize(
    ("end", "became"),
    [
        (End.NO_ANSWER, Outcome.MISSED),
        (End.CANCELLED, Outcome.MISSED),
        (End.BUSY, Outcome.MISSED),
        (End.VANISHED, Outcome.MISSED),
        (End.DECLINED, Outcome.DECLINED),
        (End.ANSWERED_ELSEWHERE, Outcome.DECLINED),
        (End.DECLINED_ELSEWHERE, Outcome.DECLINED),
        (End.REPLACED, None),
    ],
)
def test_a_call_that_rang_here(end: End, became: Outcome | None) -> None:
    assert outcome(view(end=end)) is became


def test_a_call_that_the_person_took_is_not_missed_though_no_path_was_found() -> None:
    taken = {"answered": 101.0}
    assert outcome(view(end=End.CONNECTION_FAILED, times=taken)) is Outcome.ANSWERED
    assert outcome(view(end=End.ANSWERED_ELSEWHERE, times=taken)) is Outcome.DECLINED


# --- What is noted ------------------------------------------------------------------------------


def test_a_call_is_of_the_past_once_it_is_over(history: History) -> None:
    history.write(view(state=State.INCOMING), NOW)
    history.write(view(state=State.CONNECTING, times={"answered": 103.0}), NOW)
    assert history.recent() == ()

    history.write(talked(pictures=True), NOW)

    answered = Past("one", THEM, False, Outcome.ANSWERED, NOW, seconds=60.5, pictures=True)
    assert history.recent() == (answered,)


def test_a_call_had_pictures_if_it_ever_had() -> None:
    history = History(None)
    history.write(view(state=State.ACTIVE, pictures=True, times={"connected": 104.0}), NOW)
    history.write(talked(pictures=False), NOW)
    assert history.recent()[0].pictures
    history.close()


def test_again_and_again_is_as_good_as_once(history: History) -> None:
    for _ in range(3):
        history.write(view(), NOW, seen=False)
    assert history.recent() == (Past("one", THEM, False, Outcome.MISSED, NOW, seen=False),)


def test_the_newest_is_first_and_as_many_as_were_asked_for(history: History) -> None:
    for second, sid in enumerate(["one", "two", "three"]):
        history.write(view(sid), NOW + second)
    history.write(view("kept by the supernode"), NOW - 3600)

    assert [past.sid for past in history.recent()] == [
        "three",
        "two",
        "one",
        "kept by the supernode",
    ]
    assert [past.sid for past in history.recent(2)] == ["three", "two"]


def test_two_people_may_give_their_calls_the_same_name(history: History) -> None:
    history.write(view(peer="one@site.example"), NOW)
    history.write(view(peer="two@site.example"), NOW)
    history.write(view(peer="two@site.example", outgoing=True), NOW)
    assert len(history.recent()) == 3


def test_a_name_that_is_used_again_does_not_rewrite_the_past(history: History) -> None:
    history.write(view(), NOW)
    history.write(view(state=State.INCOMING), NOW + 3600)
    history.write(view(end=End.DECLINED), NOW + 3600)

    assert [past.outcome for past in history.recent()] == [Outcome.DECLINED, Outcome.MISSED]


def test_a_call_that_went_on_as_a_newer_one_has_no_row(history: History) -> None:
    history.write(view(state=State.DIALLING, outgoing=True), NOW)
    history.write(view(end=End.REPLACED, outgoing=True), NOW)
    history.write(view("never seen before", end=End.REPLACED), NOW)
    history.write(talked("newer"), NOW)

    assert [past.sid for past in history.recent()] == ["newer"]


def test_only_missed_calls_are_unseen(history: History) -> None:
    history.write(talked(), NOW, seen=False)
    assert history.recent()[0].seen


def test_the_person_has_seen_the_missed_calls(history: History) -> None:
    history.write(view(), NOW, seen=False)

    history.saw_missed()
    history.write(view(), NOW, seen=False)

    assert history.recent()[0].seen


def test_the_clock_of_the_call_tells_how_long_was_talked(history: History, wall: Wall) -> None:
    wall.now = NOW - 7200  # somebody set the clock back meanwhile
    history.write(talked(), NOW)
    assert history.recent()[0].seconds == 60.5


def test_the_oldest_go(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(5):
        history.write(view(str(number)), NOW + number)
        history.name(f"{number}@site.example", str(number), None)
    history.name("2@site.example", "two", None)
    history.name("5@site.example", "5", None)

    assert [past.sid for past in history.recent()] == ["4", "3", "2"]
    assert set(history.names().values()) == {"4", "two", "5"}


# --- Names --------------------------------------------------------------------------------------


def test_the_last_word_on_a_name_counts(history: History) -> None:
    history.name(THEM, "Demo person", "site.example")
    history.name(THEM, "Another demo person", None)
    assert history.names() == {THEM: "Another demo person"}


# --- Cleared ------------------------------------------------------------------------------------


def test_cleared_is_all_but_the_call_that_is_up(history: History) -> None:
    history.write(view("over", peer="other@site.example"), NOW)
    history.name("other@site.example", "Demo person", None)
    history.write(view("up", state=State.ACTIVE, times={"connected": 104.0}), NOW)
    history.name(THEM, "Another demo person", None)

    history.clear()

    assert (history.recent(), history.names()) == ((), {THEM: "Another demo person"})
    history.write(talked("up"), NOW)
    assert [past.sid for past in history.recent()] == ["up"]


def test_what_was_cleared_is_not_on_the_disk_any_more(opened: Opener, file: Path) -> None:
    history = opened()
    history.write(view(peer="unforgettable@site.example"), NOW)
    assert any(b"unforgettable" in path.read_bytes() for path in file.parent.iterdir())

    history.clear()

    assert not any(b"unforgettable" in path.read_bytes() for path in file.parent.iterdir())


# --- From one start to the next -----------------------------------------------------------------


def test_nothing_is_opened_before_it_is_needed(file: Path) -> None:
    History(file).close()
    assert not file.parent.exists()


def test_the_module_is_light() -> None:
    ask = "import sys, twocan.desk.history; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_file_is_the_persons_alone(opened: Opener, file: Path) -> None:
    before = os.umask(0)
    try:
        opened().write(view(), NOW)
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(("history.db", "history.db-wal", "history.db-shm"), 0o600)


def test_the_next_start_knows_everything(opened: Opener) -> None:
    history = opened()
    history.write(talked(), NOW)
    history.write(view("two"), NOW + 1, seen=False)
    history.name(THEM, "Demo person", "site.example")
    before = history.recent(), history.names()
    history.close()

    after = opened()

    assert (after.recent(), after.names()) == before


def test_a_history_that_was_closed_opens_again(opened: Opener) -> None:
    history = opened()
    history.write(view(), NOW)
    history.close()
    assert len(history.recent()) == 1


WRITES = """
import sys
from pathlib import Path
from test_history import *
history = History(Path(sys.argv[1]), wall=lambda: NOW + 64.0)
history.write(view("ringing", state=State.INCOMING), NOW)
history.write(view("ours", state=State.RINGING, outgoing=True), NOW)
history.write(view("talking", state=State.ACTIVE, times={"connected": 104.0}), NOW)
number = 0
while True:
    history.write(view(str(number)), NOW - number, seen=False)
    print(number, flush=True)
    number += 1
"""


def test_a_program_that_is_killed_loses_nothing(opened: Opener, file: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITES, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
    )
    with child:
        assert child.stdout is not None
        while child.stdout.readline() != "20\n":
            pass
        child.send_signal(signal.SIGKILL)
        written = 20 + len(child.stdout.read().splitlines())
    assert child.returncode == -signal.SIGKILL

    known = {past.sid: past for past in opened().recent(10_000)}

    assert set(map(str, range(written + 1))) <= set(known)
    assert known["talking"] == Past("talking", THEM, False, Outcome.ANSWERED, NOW, seconds=60.0)
    assert known["ringing"] == Past("ringing", THEM, False, Outcome.MISSED, NOW, seen=False)
    assert known["ours"] == Past("ours", THEM, True, Outcome.NOT_REACHED, NOW)


def test_a_call_that_rings_again_after_a_start_is_the_same_call(opened: Opener) -> None:
    opened().write(view(state=State.INCOMING), NOW)  # and the program is gone

    history = opened()
    history.write(view(state=State.INCOMING), NOW + 0.5)
    assert history.recent() == ()
    history.write(talked(), NOW + 0.5)

    assert [past.outcome for past in history.recent()] == [Outcome.ANSWERED]


def test_a_missed_call_that_the_supernode_tells_of_again_stays_seen(opened: Opener) -> None:
    first = opened()
    first.write(view(), NOW, seen=False)
    first.saw_missed()
    first.close()

    history = opened()
    history.write(view(), NOW + 2.0, seen=False)

    assert history.recent() == (Past("one", THEM, False, Outcome.MISSED, NOW),)


# --- Files that cannot be used ------------------------------------------------------------------


def spoil(file: Path) -> None:
    file.write_bytes(b"this was never a database" * 1000)


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    file.write_bytes(content)


def another(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()


def newer(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("hurt", "why"),
    [
        (spoil, "file is not a database"),
        (damage, "damaged"),
        (another, "it is not ours"),
        (newer, "another version of this program wrote it, with tables 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside(
    hurt: Any, why: str, opened: Opener, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = opened()
    before.write(view(), NOW)
    before.close()
    hurt(file)
    left = file.read_bytes()

    history = opened()

    assert history.recent() == ()
    assert file.with_name("history.db.broken").read_bytes() == left
    (record,) = caplog.records
    assert why in record.getMessage()
    assert "history.db.broken" in record.getMessage()
    history.write(view(), NOW)
    history.close()
    assert len(opened().recent()) == 1
    assert history.problem is None


def test_the_last_changes_of_a_file_that_is_gone_are_not_taken_for_the_new_ones(
    opened: Opener, file: Path
) -> None:
    changes = Path(f"{file}-wal")
    history = opened()
    history.write(view("gone"), NOW)
    kept = changes.read_bytes()
    history.close()
    file.unlink()
    changes.write_bytes(kept)

    history = opened()
    history.write(view("new"), NOW)

    assert [past.sid for past in history.recent()] == ["new"]


def test_an_empty_file_is_as_good_as_none(opened: Opener, file: Path) -> None:
    file.parent.mkdir()
    file.touch()
    history = opened()
    history.write(view(), NOW)
    assert len(history.recent()) == 1
    assert not file.with_name("history.db.broken").exists()


@pytest.mark.expects_log
@pytest.mark.parametrize("place", ["file/history.db", "folder"])
def test_where_nothing_can_be_written_it_lives_for_this_run(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    history = History(tmp_path / place)

    history.write(view(), NOW)

    assert len(history.recent()) == 1
    assert str(history.problem).startswith("the history cannot be kept in ")
    assert "\n" not in str(history.problem)
    history.close()


@pytest.mark.expects_log
@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_a_folder_that_may_only_be_read(opened: Opener, file: Path) -> None:
    file.parent.mkdir(mode=0o500)
    history = opened()
    history.write(view(), NOW)
    assert (len(history.recent()), "denied" in str(history.problem)) == (1, True)


@pytest.mark.expects_log
def test_a_disk_that_is_full_loses_nothing_of_this_run(opened: Opener, file: Path) -> None:
    history = opened()
    history.write(view("over"), NOW - 1)
    history.write(view("before", state=State.INCOMING), NOW)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    written = file.with_name("history.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (written + 100, unlimited[1]))
    try:
        history.write(view("during"), NOW + 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    history.write(talked("before"), NOW)

    assert str(history.problem).startswith("the history cannot be kept in ")
    assert [past.sid for past in history.recent()] == ["during", "before", "over"]


@pytest.mark.expects_log
def test_a_file_that_another_program_holds_is_not_waited_for(
    opened: Opener, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_FOR", 0.01)
    first = opened()
    first.write(view("before"), NOW)
    first.close()
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        history = opened()
        history.write(view(), NOW)
        assert "locked" in str(history.problem)
        assert [past.sid for past in history.recent()] == ["one"]
    other.close()
    assert not file.with_name("history.db.broken").exists()
