"""The download unpacks itself once, whole or not at all, and becomes the program in it."""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from downloads import NEEDS_TOOLS, TOLD, Home, as_read, built, parsed, small_tree, told
from packing import Packed, pack

pytestmark = NEEDS_TOOLS
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
STRANGER = 12345
"""Another user's number."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = built(tmp_path_factory.mktemp("program"))
    return small_tree(tmp_path_factory.mktemp("tree") / "tree", program)


@pytest.fixture(scope="module")
def download_of(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed]:
    file = tmp_path_factory.mktemp("download") / "twocan"
    return file, pack(tree, file, "1.0", quick=True)


@pytest.fixture
def file(download_of: tuple[Path, Packed]) -> Path:
    return download_of[0]


@pytest.fixture
def packed(download_of: tuple[Path, Packed]) -> Packed:
    return download_of[1]


@pytest.fixture(scope="module")
def slow(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed, Path]:
    """A download that takes a while, and the tree in it."""
    large = tmp_path_factory.mktemp("large") / "tree"
    shutil.copytree(tree, large, symlinks=True)
    noise = random.Random(6)
    for number in range(200):
        (large / "_internal" / f"{number}.txt").write_text(noise.randbytes(45_000).hex())
    file = tmp_path_factory.mktemp("slow") / "twocan"
    return file, pack(large, file, "1.0", quick=True), large


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as home:
        yield home


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """What one who unpacks holds."""
    home.programs.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home.programs / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


Begin = Callable[[], "subprocess.Popen[bytes]"]


def half_unpacked(home: Home, begin: Begin) -> "subprocess.Popen[bytes]":
    """One that has begun to unpack, and is stopped there."""
    for _ in range(20):
        process = begin()
        if is_stopped_at_half(home, process):
            return process
        told(process)  # it was unpacked before anybody saw it
        shutil.rmtree(home.programs)
    raise AssertionError("it is always unpacked before anybody sees it")


def is_stopped_at_half(home: Home, process: "subprocess.Popen[bytes]") -> bool:
    while process.poll() is None:
        for folder in home.programs.glob(".new-*/_internal"):
            process.send_signal(signal.SIGSTOP)
            # Once all of its threads have stopped, or it has ended before.
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if folder.exists():
                return True
            process.send_signal(signal.SIGCONT)
    return False


# --- starts ----------------------------------------------------------------------------------


def test_the_first_start_unpacks_and_runs(
    file: Path, packed: Packed, tree: Path, home: Home
) -> None:
    start = home.start(file)
    assert (start.code, start.errors) == (TOLD, "")
    assert home.kept() == [packed.id]
    assert as_read(home.programs / packed.id) == as_read(tree)
    assert start.arguments == [bytes(home.programs / packed.id / "twocan")]


def test_only_this_person_can_look_into_it(file: Path, packed: Packed, home: Home) -> None:
    home.start(file)
    for folder in (home.programs, home.programs.parent, home.programs / packed.id):
        assert folder.stat().st_mode & 0o777 == 0o700
    modes = {
        name: (home.programs / packed.id / name).stat().st_mode & 0o777
        for name in ("twocan", "_internal", "_internal/data.txt")
    }
    assert modes == {"twocan": 0o755, "_internal": 0o755, "_internal/data.txt": 0o644}


def test_later_starts_write_nothing(file: Path, packed: Packed, home: Home) -> None:
    first = home.start(file)
    before = home.programs.stat().st_mtime_ns
    later = home.start(file)
    assert later.inode == first.inode
    assert home.programs.stat().st_mtime_ns == before


def test_later_starts_work_where_nothing_can_be_written(file: Path, home: Home) -> None:
    first = home.start(file)
    home.programs.chmod(0o500)
    (home.programs / ".lock").unlink()
    assert home.start(file).inode == first.inode


def test_later_starts_wait_for_nobody(file: Path, home: Home) -> None:
    first = home.start(file)
    with lock(home):
        assert home.start(file).inode == first.inode


def test_arguments_arrive_as_they_are(file: Path, home: Home) -> None:
    given = [
        b"twocan:?to=%41%s%n&x='\";$(reboot)`id`",
        b"",
        b"two words\nand a line",
        b"\xff\xfe\x01",
        b"--hidden",
        b"-",
        b"x" * 100_000,
    ]
    for _ in ("first", "later"):
        assert home.start(file, *given).arguments[1:] == given


def test_the_environment_arrives_as_it_is(file: Path, home: Home) -> None:
    for _ in ("first", "later"):
        start = home.start(file, "--version", LD_LIBRARY_PATH="/nowhere", ODD="a=b%s")
        assert start.environment == {
            **home.environment,
            "LD_LIBRARY_PATH": "/nowhere",
            "ODD": "a=b%s",
        }


def test_nothing_but_the_lock_is_left_open(file: Path, packed: Packed, home: Home) -> None:
    for _ in ("first", "later"):
        opened = home.start(file).descriptors
        more = {number: target for number, target in opened.items() if number > 2}
        assert list(more.values()) == [str(home.programs / packed.id)]


def test_umask_and_signals_arrive_as_they_are(file: Path, home: Home) -> None:
    process = subprocess.Popen(
        ["nohup", "sh", "-c", 'umask 077; "$0" linger', file],
        env=home.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    start = told(process)
    assert (start.code, start.umask) == (TOLD, 0o077)


def test_without_any_output_nothing_takes_its_place(
    file: Path, packed: Packed, home: Home, tmp_path: Path
) -> None:
    into = tmp_path / "told"
    for _ in ("first", "later"):
        code = subprocess.run(
            ["sh", "-c", '"$0" <&- >&- 2>&-', file],
            env={**home.environment, "PROBE_INTO": str(into)},
            check=False,
        ).returncode
        opened = parsed(code, into.read_bytes(), "").descriptors
        assert {opened[number] for number in (0, 1, 2)} == {"/dev/null"}
        assert str(home.programs / packed.id) in opened.values()


def test_a_running_program_holds_its_folder(file: Path, packed: Packed, home: Home) -> None:
    process = home.begin(file, "linger")
    assert process.stdout
    assert process.stdout.read(1) == b"a"  # it runs
    folder = os.open(home.programs / packed.id, os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (home.programs / ".lock").open() as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
    told(process)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)


def test_two_versions_stand_side_by_side(
    file: Path, packed: Packed, tree: Path, home: Home, tmp_path: Path
) -> None:
    newer = pack(tree, tmp_path / "newer", "1.1", quick=True)
    home.start(file)
    home.start(tmp_path / "newer")
    assert home.kept() == [packed.id, newer.id]


# --- where -----------------------------------------------------------------------------------


def test_data_go_where_xdg_says(file: Path, packed: Packed, home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    start = home.start(file, XDG_DATA_HOME=str(elsewhere))
    assert start.code == TOLD
    assert (elsewhere / "twocan" / "program" / packed.id).is_dir()
    assert home.kept() == []


@pytest.mark.parametrize("data", ["", "relative", "./x", "~/data"])
def test_what_is_not_absolute_counts_as_not_set(
    data: str, file: Path, packed: Packed, home: Home
) -> None:
    home.start(file, XDG_DATA_HOME=data)
    assert home.kept() == [packed.id]


def test_a_home_with_everything_in_its_name(file: Path, tmp_path: Path) -> None:
    with Home(tmp_path / "ein Zuhause %s ' \" \\ ä\n") as home:
        assert home.start(file).code == TOLD
        assert home.start(file).code == TOLD


def test_a_folder_of_programs_on_another_disk(file: Path, packed: Packed, home: Home) -> None:
    (home.path / "disk").mkdir()
    home.programs.parent.mkdir(parents=True)
    home.programs.symlink_to(home.path / "disk")
    assert home.start(file).code == TOLD
    assert (home.path / "disk" / packed.id).is_dir()


# --- several at once -------------------------------------------------------------------------


@pytest.mark.parametrize("many", [2, 8])
def test_of_several_at_once_one_unpacks(many: int, file: Path, packed: Packed, home: Home) -> None:
    with lock(home):
        started = [home.begin(file, str(number)) for number in range(many)]
    starts = [told(process) for process in started]
    assert [start.code for start in starts] == [TOLD] * many
    assert len({start.inode for start in starts}) == 1
    assert home.kept() == [packed.id]


def test_it_waits_for_one_that_unpacks(slow: tuple[Path, Packed, Path], home: Home) -> None:
    file, packed, large = slow
    first = half_unpacked(home, lambda: home.begin(file))
    second = home.begin(file)
    first.send_signal(signal.SIGCONT)
    starts = told(first), told(second)
    assert starts[0].inode == starts[1].inode != 0
    assert as_read(home.programs / packed.id) == as_read(large)


def test_one_that_is_killed_lets_the_next_one_in(
    slow: tuple[Path, Packed, Path], home: Home
) -> None:
    file, packed, _ = slow
    first = half_unpacked(home, lambda: home.begin(file))
    second = home.begin(file)
    first.kill()
    assert told(first).code == -signal.SIGKILL
    assert told(second).code == TOLD
    assert home.kept() == [packed.id]


# --- ends in the middle ----------------------------------------------------------------------


@pytest.mark.timeout(180)
def test_killed_anywhere_it_leaves_all_or_nothing(
    slow: tuple[Path, Packed, Path], home: Home
) -> None:
    file, packed, large = slow
    whole = as_read(large)
    begun = time.monotonic()
    assert home.start(file).code == TOLD
    lasted = time.monotonic() - begun
    shutil.rmtree(home.programs)
    noise, tries, halves = random.Random(7), 0, 0
    while (tries := tries + 1) <= 10 or not halves:
        process = home.begin(file)
        time.sleep(lasted * noise.random())  # the point is that it may be anywhere
        process.kill()
        told(process)
        halves += any(name.startswith(".new-") for name in home.kept())
        if (home.programs / packed.id).exists():
            assert as_read(home.programs / packed.id) == whole
            shutil.rmtree(home.programs)
    assert home.start(file).code == TOLD
    assert home.kept() == [packed.id]
    assert as_read(home.programs / packed.id) == whole


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_end_it_cleans_up(
    number: signal.Signals, slow: tuple[Path, Packed, Path], home: Home
) -> None:
    process = half_unpacked(home, lambda: home.begin(slow[0], "--version"))
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    start = told(process)
    assert start.code == -number
    assert start.errors == "twocan: stopped before it was unpacked\n"
    assert home.kept() == []


def test_told_to_end_while_it_waits(file: Path, home: Home) -> None:
    with lock(home):
        process = home.begin(file, "--version")
        while ".lock" not in opened_by(process):
            assert process.poll() is None
        process.terminate()
        assert told(process).code == -signal.SIGTERM
    assert home.kept() == []


def opened_by(process: "subprocess.Popen[bytes]") -> set[str]:
    """The names of the files that it has open."""
    names = set()
    for descriptor in Path(f"/proc/{process.pid}/fd").glob("*"):
        try:
            names.add(descriptor.readlink().name)
        except FileNotFoundError:  # closed meanwhile
            continue
    return names


def test_a_signal_that_was_ignored_stays_so(slow: tuple[Path, Packed, Path], home: Home) -> None:
    def begin() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["sh", "-c", "trap '' HUP; exec \"$0\"", slow[0]],
            env=home.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    process = half_unpacked(home, begin)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGCONT)
    assert told(process).code == TOLD


def test_leftovers_of_others_go(file: Path, packed: Packed, home: Home, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "letter").touch()
    home.programs.mkdir(parents=True, mode=0o700)
    for name in (".new-1", ".old-2"):
        deep = home.programs / name / "a" / "b"
        deep.mkdir(parents=True)
        (deep / "file").touch()
        (deep / "link").symlink_to(precious)
    (home.programs / ".new-3").touch()
    (home.programs / ".new-4").symlink_to(precious)
    (home.programs / ".old-5").symlink_to(precious)
    os.mkfifo(home.programs / ".new-6")
    home.start(file)
    assert home.kept() == [packed.id]
    assert (precious / "letter").exists()


def test_what_somebody_still_runs_is_no_leftover(file: Path, packed: Packed, home: Home) -> None:
    (home.programs / ".old-2").mkdir(parents=True)
    home.programs.chmod(0o700)
    (home.programs / ".new-3").symlink_to(".old-2")  # only a way to it
    held = os.open(home.programs / ".old-2", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    home.start(file)
    os.close(held)
    assert home.kept() == [".old-2", packed.id]


@AS_ROOT
def test_leftovers_of_other_users_are_theirs(file: Path, packed: Packed, home: Home) -> None:
    (home.programs / ".old-2" / "theirs").mkdir(parents=True)
    home.programs.chmod(0o700)
    os.chown(home.programs / ".old-2", STRANGER, STRANGER)
    home.start(file)
    assert home.kept() == [".old-2", packed.id]
    assert (home.programs / ".old-2" / "theirs").is_dir()


# --- what is broken --------------------------------------------------------------------------


def _without_program(folder: Path) -> None:
    (folder / "twocan").unlink()


def _not_executable(folder: Path) -> None:
    (folder / "twocan").chmod(0o644)


def _a_folder_instead(folder: Path) -> None:
    (folder / "twocan").unlink()
    (folder / "twocan").mkdir()


def _a_link_instead(folder: Path) -> None:
    (folder / "twocan").unlink()
    (folder / "twocan").symlink_to("/bin/true")


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def _a_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("/")


@pytest.mark.parametrize(
    "breaking",
    [_without_program, _not_executable, _a_folder_instead, _a_link_instead, _a_file, _a_link],
)
def test_a_broken_program_is_replaced(
    breaking: Callable[[Path], None], file: Path, packed: Packed, tree: Path, home: Home
) -> None:
    home.start(file)
    breaking(home.programs / packed.id)
    assert home.start(file).code == TOLD
    assert home.kept() == [packed.id]
    assert as_read(home.programs / packed.id) == as_read(tree)


# --- where it cannot be ----------------------------------------------------------------------


def refused(home: Home, file: Path, **more: str) -> str:
    """The one line that it says instead of running."""
    start = home.start(file, "--version", **more)
    assert start.code == 1
    assert start.arguments == []
    assert start.errors.startswith("twocan: ")
    assert start.errors.count("\n") == 1
    assert home.kept() == []
    return start.errors.removeprefix("twocan: ").rstrip()


def test_home_is_a_file(file: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(home, file, HOME=str(tmp_path / "file"))
    assert said == f"{tmp_path}/file/.local cannot be made: Not a directory (is HOME right?)"


def test_home_is_very_long(file: Path, home: Home) -> None:
    said = refused(home, file, HOME="/" + "x/" * 2100)
    assert said == "the home folder's name is too long: set XDG_DATA_HOME to another"


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_others_could_write_there(mode: int, file: Path, home: Home) -> None:
    home.programs.mkdir(parents=True)
    home.programs.chmod(mode)
    said = refused(home, file)
    assert said == f"others can write to {home.programs}: take that right from them (chmod go-w)"


@AS_ROOT
def test_the_folder_is_another_user_s(file: Path, home: Home) -> None:
    home.programs.mkdir(parents=True, mode=0o700)
    os.chown(home.programs, STRANGER, STRANGER)
    said = refused(home, file)
    assert said == (
        f"{home.programs} belongs to another user: start Twocan as yourself, without sudo"
    )


@AS_ROOT
def test_the_folder_is_another_user_s_link(file: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    home.programs.parent.mkdir(parents=True)
    home.programs.symlink_to(tmp_path / "ours")
    os.chown(home.programs, STRANGER, STRANGER, follow_symlinks=False)
    assert "belongs to another user" in refused(home, file)
    assert list((tmp_path / "ours").iterdir()) == []


@AS_ROOT
def test_root_makes_nothing_in_another_user_s_home(file: Path, home: Home) -> None:
    os.chown(home.path, STRANGER, STRANGER)
    assert "belongs to another user" in refused(home, file)
    assert list(home.path.iterdir()) == []


@AS_ROOT
def test_a_home_that_cannot_be_written(file: Path, home: Home) -> None:
    home.path.chmod(0o755)
    process = subprocess.Popen(
        ["setpriv", f"--reuid={STRANGER}", "--clear-groups", file, "--version"],
        env=home.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    start = told(process)
    said = f"twocan: {home.path}/.local cannot be made: Permission denied (is HOME right?)\n"
    reached = os.access(file, os.X_OK) and _open_to_all(file) and _open_to_all(home.path)
    assert not reached or (start.code, start.errors) == (1, said)


def _open_to_all(path: Path) -> bool:
    return all(above.stat().st_mode & 0o005 == 0o005 for above in path.parents)


def test_files_may_not_grow_so_large(slow: tuple[Path, Packed, Path], home: Home) -> None:
    process = subprocess.Popen(
        ["prlimit", "--fsize=50000", slow[0], "--version"],
        env=home.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    start = told(process)
    assert (start.code, start.errors) == (1, "twocan: unpacking stopped: File too large\n")
    assert home.kept() == []


def in_a_disk(options: str, home: Home, file: Path) -> tuple[int, str, str]:
    """The exit code, what was said, and what is left, where the home is such a tmpfs of its own."""
    script = 'mount -t tmpfs -o "$0" none "$HOME" && { "$1" --version; code=$?;'
    script += ' find "$HOME" -name "*-*"; exit $code; }'
    isolated = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*isolated, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system has no user namespaces")
    ended = subprocess.run(
        [*isolated, "sh", "-c", script, options, file],
        env={**home.environment, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )
    return ended.returncode, ended.stderr, ended.stdout


def test_a_disk_that_is_too_small(slow: tuple[Path, Packed, Path], home: Home) -> None:
    code, said, left = in_a_disk("size=3m", home, slow[0])
    needed = (slow[1].unpacked + (1 << 20) + 4096 * slow[1].entries) // 1_000_000 + 1
    assert code == 1
    assert said == (
        f"twocan: {needed} MB are needed in {home.programs}, and 3 MB are free: make room there\n"
    )
    assert left == ""


def test_a_disk_that_becomes_full(slow: tuple[Path, Packed, Path], home: Home) -> None:
    # So many bytes are free, but not so many files: nothing can know before.
    code, said, left = in_a_disk("size=200m,nr_inodes=100", home, slow[0])
    assert code == 1
    assert said == "twocan: the disk became full while unpacking: make room and start again\n"
    assert left == ""


def test_a_disk_where_nothing_may_run(file: Path, home: Home) -> None:
    code, said, left = in_a_disk("noexec", home, file)
    assert code == 1
    assert said == (
        f"twocan: programs may not run in {home.programs}: set XDG_DATA_HOME to a folder where "
        "they may\n"
    )
    assert left == ""
