"""Several downloaded programs: which one is current, who decides that, and what is removed when."""

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installed import Home
from twocan.install import programs, starting
from twocan.install.holding import hold, update_waits
from twocan.install.programs import SETTLED, Programs, is_older, outward, version
from twocan.install.starting import Older, settle, tend

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fr&code=0123456789abcdef"
SETTLE = """
from twocan.install.starting import settle
older = settle(arguments)
print("older" if older else "here", flush=True)
"""

numbers = st.lists(st.integers(0, 999), min_size=1, max_size=4)
digits = st.text("0123456789abcdef", min_size=16, max_size=16)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.enter(monkeypatch)
    return home


def long_after() -> float:
    return time.time() + SETTLED + 1


# --- IDs -------------------------------------------------------------------------------------


@given(numbers, numbers, digits, digits)
def test_programs_are_as_old_as_their_versions(
    one: list[int], other: list[int], first: str, second: str
) -> None:
    a, b = (f"{'.'.join(map(str, each))}" for each in (one, other))
    assert version(f"{a}-{first}") == a
    padded, other_padded = (each + [0] * (4 - len(each)) for each in (one, other))
    assert is_older(f"{a}-{first}", f"{b}-{second}") is (padded < other_padded)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "current",
        "1.2",
        "1.2-0123456789abcde",
        "1.2-0123456789abcdef0",
        "1.2-0123456789ABCDEF",
        "../1.2-0123456789abcdef",
        "1.2-0123456789abcdef/",
        "1.2-0123456789abcdef\n",
        "1..2-0123456789abcdef",
        "01-0123456789abcdef",
        "-0123456789abcdef",
    ],
)
def test_what_is_no_id_is_no_program(home: Home, name: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        version(name)


def test_a_link_out_of_the_folder_leads_to_no_program(home: Home) -> None:
    good = home.unpack("1.0")
    home.programs.folder.joinpath("current").symlink_to(f"../program/{good}")
    assert home.programs.current is None


def test_half_a_program_is_not_current(home: Home) -> None:
    good = home.unpack("1.0")
    home.make_current(good)
    (home.programs.folder / good / "twocan").unlink()
    assert home.programs.current is None


# --- Who becomes current ---------------------------------------------------------------------


def test_the_first_one_becomes_current(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = home.unpack("1.0")
    home.be(monkeypatch, mine)
    assert settle([]) is None
    assert home.programs.current == mine


def test_a_newer_one_takes_over(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    home.be(monkeypatch, new)
    assert settle([]) is None
    assert home.programs.current == new


def test_the_same_version_downloaded_anew_takes_over(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = home.unpack("1.0"), home.unpack("1.0", "another build")
    home.make_current(one)
    home.be(monkeypatch, other)
    assert settle([]) is None
    assert home.programs.current == other


def test_an_older_one_asks_and_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = home.unpack("0.9"), home.unpack("0.10")
    home.make_current(new)
    home.be(monkeypatch, old)
    assert settle([]) == Older(home.programs, "0.9", "0.10")
    assert home.programs.current == new


def test_an_older_one_hands_over_to_the_newer_one_or_is_current_at_its_next_start(
    home: Home,
) -> None:
    old, new = home.unpack("0.9"), home.unpack("0.10")
    home.make_current(new)

    home.run(old, SETTLE + "older.keep(arguments)", LINK)
    assert home.started() == [str(home.programs.stable), LINK]
    assert home.programs.current == new

    home.run(old, SETTLE + "older.go_back(arguments)", LINK)
    assert home.started() == [str(home.programs.folder / old / "twocan"), LINK]
    home.environment["TWOCAN_GO_BACK"] = "0.9"
    assert home.run(old, SETTLE) == "here\n"
    assert home.programs.current == old


def test_to_go_back_is_said_to_one_version_alone(home: Home) -> None:
    old, new = home.unpack("0.9"), home.unpack("0.10")
    home.make_current(new)
    home.environment["TWOCAN_GO_BACK"] = "0.8"
    assert home.run(old, SETTLE) == "older\n"
    assert home.programs.current == new


def test_one_that_was_started_as_the_current_one_gives_way_without_a_question(home: Home) -> None:
    # The link was clicked, and the phone upgraded before this came to its first line.
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(new)
    home.run(old, SETTLE, LINK, started_as=str(home.programs.stable))
    assert home.started() == [str(home.programs.stable), LINK]
    assert home.programs.current == new


# --- An update that waits --------------------------------------------------------------------


def prepare(home: Home, program: str) -> None:
    with home.programs.locked():
        home.programs.make_next(program)


def test_the_next_start_makes_an_update_current_and_becomes_it(home: Home) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    prepare(home, new)
    home.run(old, SETTLE, LINK, "--hidden", started_as=str(home.programs.stable))
    assert home.started() == [str(home.programs.stable), LINK, "--hidden"]
    assert (home.programs.current, home.programs.next) == (new, None)


def test_whether_an_update_waits_is_known_without_looking_far(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    assert not update_waits()
    home.be(monkeypatch, old)
    assert not update_waits()
    prepare(home, new)
    assert update_waits()
    with home.programs.locked():
        home.programs.take_next()
    assert not update_waits()


def test_whoever_double_clicks_what_was_current_gets_the_update_unasked(home: Home) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    prepare(home, new)
    home.run(old, SETTLE)
    assert home.started() == [str(home.programs.stable)]


def test_an_update_is_forgotten_once_something_newer_was_downloaded(home: Home) -> None:
    old, update, newest = home.unpack("1.0"), home.unpack("1.1"), home.unpack("1.2")
    home.make_current(old)
    prepare(home, update)
    assert home.run(newest, SETTLE) == "here\n"
    assert (home.programs.current, home.programs.next) == (newest, None)


def test_an_update_that_is_not_whole_is_none(home: Home) -> None:
    old, update = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    prepare(home, update)
    (home.programs.folder / update / "twocan").unlink()
    assert home.run(old, SETTLE) == "here\n"
    assert home.programs.current == old


# --- Nothing keeps a phone from starting -----------------------------------------------------


def test_a_folder_that_cannot_be_written_is_told_and_the_phone_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.be(monkeypatch, home.unpack("1.0"))

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr(os, "open", refused)
    assert settle([]) is None
    assert "could not be made the current one" in capsys.readouterr().err


def test_a_lock_that_was_removed_while_somebody_waited_for_it_is_made_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = home.programs.folder / ".lock"
    home.programs.folder.mkdir(parents=True, exist_ok=True)
    uninstalling = lock.open("w")
    fcntl.flock(uninstalling, fcntl.LOCK_EX)

    def uninstalled(_seconds: float) -> None:
        lock.unlink()
        uninstalling.close()

    monkeypatch.setattr(time, "sleep", uninstalled)
    with home.programs.locked(), lock.open() as third, pytest.raises(BlockingIOError):
        fcntl.flock(third, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_another_that_holds_the_lock_for_ever_is_told_and_the_phone_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.be(monkeypatch, home.unpack("1.0"))
    locked = Programs.locked
    with home.programs.locked():
        monkeypatch.setattr(Programs, "locked", lambda self: locked(self, within=0.05))
        assert settle([]) is None
    assert "another Twocan is being unpacked" in capsys.readouterr().err


def test_a_newer_one_that_could_not_become_current_still_runs(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    home.be(monkeypatch, new)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Programs, "_lead", full)
    assert settle([]) is None
    assert "No space left" in capsys.readouterr().err
    assert home.programs.current == old


def test_a_current_one_that_cannot_be_started_leaves_the_phone_to_this_one(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(new)
    (home.programs.folder / new / "twocan").chmod(0o644)
    home.be(monkeypatch, old, started_as=str(home.programs.stable))
    assert settle([]) is None
    assert "ermission" in capsys.readouterr().err


def test_a_checkout_installs_nothing_at_its_start(home: Home) -> None:
    assert settle([]) is None
    tend()
    assert home.tree() == {}


def test_a_frozen_program_that_lies_elsewhere_changes_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = home.unpack("1.0")
    elsewhere = (home.programs.folder / mine).rename(tmp_path / mine)
    home.be(monkeypatch, mine)
    monkeypatch.setattr(sys, "executable", str(elsewhere / "twocan"))
    before = home.tree()
    assert settle([]) is None
    assert home.tree() == before


# --- Two at once, and crashes ----------------------------------------------------------------


def test_many_that_start_at_once_agree_on_the_newest(home: Home) -> None:
    every = [home.unpack(f"1.{minor}") for minor in range(6)]
    wait = "import os, sys; sys.stdin.readline()\n"
    running = [start(home, program, wait + SETTLE) for program in every]
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    said = [each.communicate(timeout=50)[0] for each in running]
    assert home.programs.current == every[-1]
    assert said[-1] == "here\n"
    assert {path.name for path in home.programs.folder.iterdir()} - set(every) <= {
        "current", ".lock", ".made",
    }  # fmt: skip


def start(home: Home, program: str, code: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        home.words(program, code),
        env=home.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("dies_at", range(8))
def test_killed_at_any_step_the_old_or_the_new_is_current(home: Home, dies_at: int) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    prepare(home, new)
    die = f"""
import os, pathlib, signal
left = {dies_at}
def dying(call):
    def step(*arguments, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*arguments, **named)
    return step
for name in ("mkdir", "symlink_to", "replace", "rename", "unlink"):
    setattr(pathlib.Path, name, dying(getattr(pathlib.Path, name)))
"""
    with start(home, old, die + SETTLE) as killed:
        killed.communicate(timeout=50)
    assert home.programs.current in {old, new}
    # Whoever comes next finishes it, and clears away.
    home.started()
    home.run(home.programs.current or "", SETTLE)
    assert home.programs.current == new
    home.run(new, "from twocan.install.starting import tend; tend()")
    assert not list(home.programs.folder.glob(".new-*"))


# --- What is removed -------------------------------------------------------------------------


def test_what_nothing_leads_to_is_removed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, mine, current, update = (home.unpack(f"1.{minor}") for minor in range(4))
    home.make_current(current)
    prepare(home, update)
    home.be(monkeypatch, mine)
    (home.programs.folder / "a person's own").mkdir()
    for half in (".new-77", ".old-88"):
        (home.programs.folder / half / "_internal").mkdir(parents=True)

    with home.programs.locked():
        home.programs.sweep(long_after())

    assert home.programs.all() == [mine, current, update]
    assert not (home.programs.folder / gone).exists()
    assert not list(home.programs.folder.glob(".*-*"))
    assert (home.programs.folder / "a person's own").is_dir()


def test_just_after_a_switch_the_one_before_stays(home: Home) -> None:
    before, current = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(current)
    with home.programs.locked():
        home.programs.sweep(time.time())
        assert home.programs.all() == [before, current]
        home.programs.sweep(long_after())
        assert home.programs.all() == [current]


def test_an_update_that_waited_for_long_is_just_switched_to(home: Home) -> None:
    before, update = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(before)
    prepare(home, update)
    os.utime(home.programs.folder / "next", (0, 0), follow_symlinks=False)
    with home.programs.locked():
        home.programs.take_next()
        home.programs.sweep(time.time())
    assert home.programs.all() == [before, update]


def test_what_runs_is_not_removed(home: Home) -> None:
    running, current = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(current)
    holding = (
        "from twocan.install.holding import hold; hold()\n"
        "print('held', flush=True); sys.stdin.readline()"
    )
    with start(home, running, holding) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with home.programs.locked():
            home.programs.sweep(long_after())
        assert home.programs.all() == [running, current]
        process.communicate("\n", timeout=50)
    with home.programs.locked():
        home.programs.sweep(long_after())
    assert home.programs.all() == [current]


def test_holding_is_for_frozen_programs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise AssertionError("a checkout holds nothing")

    monkeypatch.setattr(os, "open", refused)
    hold()


def test_a_program_that_another_removes_right_now_does_not_fail(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = home.unpack("1.0")
    home.be(monkeypatch, mine)
    folder = os.open(home.programs.folder / mine, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = set(Path("/proc/self/fd").iterdir())
        hold()
    finally:
        os.close(folder)
    for left in {int(each.name) for each in set(Path("/proc/self/fd").iterdir()) - before}:
        if left > folder:
            os.close(left)


# --- What another program is given -----------------------------------------------------------


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)


@pytest.mark.usefixtures("frozen")
def test_another_program_gets_nothing_of_what_pyinstaller_set() -> None:
    ours = {"A": "b", "_PYI_ARCHIVE_FILE": "x", "LD_LIBRARY_PATH": "/ours"}
    assert outward(ours) == {"A": "b"}
    assert outward({**ours, "LD_LIBRARY_PATH_ORIG": "/theirs"}) == {
        "A": "b",
        "LD_LIBRARY_PATH": "/theirs",
    }


def test_a_checkout_leaves_the_libraries_of_a_person_alone() -> None:
    assert outward({"LD_LIBRARY_PATH": "/theirs"}) == {"LD_LIBRARY_PATH": "/theirs"}


# --- What it costs ---------------------------------------------------------------------------


def test_a_start_that_changes_nothing_reads_two_links_and_takes_no_lock(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = home.unpack("1.0")
    home.be(monkeypatch, mine)
    settle([])
    monkeypatch.setattr(starting, "_choose", None)
    assert settle([]) is None


def test_holding_loads_nothing_that_python_has_not(home: Home) -> None:
    ask = (
        "import sys; before = set(sys.modules)\n"
        "from twocan.install.holding import hold\n"
        "hold(); print(sorted(set(sys.modules) - before))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", ask], capture_output=True, text=True, check=True
    ).stdout
    assert "twocan.install.programs" not in said
    assert not {"asyncio", "json", "argparse", "pathlib"} & set(said.split("'"))
    assert programs.EXECUTABLE == "twocan"
