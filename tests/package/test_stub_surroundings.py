"""What is around a download: folders above, who else is there, and a system that does less."""

import fcntl
import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import installed
from downloads import NEEDS_TOOLS, TOLD, Home, as_read, built, small_tree, told
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


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as home:
        yield home


def refused(home: Home, file: Path, **more: str) -> str:
    """The one line that it says instead of running."""
    start = home.start(file, "--version", **more)
    assert (start.code, start.arguments) == (1, [])
    assert start.errors.startswith("twocan: ")
    assert start.errors.count("\n") == 1
    assert home.kept() == []
    return start.errors.removeprefix("twocan: ").rstrip()


# --- folders above ---------------------------------------------------------------------------


def test_folders_that_are_made_are_this_person_s_alone(file: Path, home: Home) -> None:
    (home.path / ".local").mkdir()
    (home.path / ".local").chmod(0o755)
    home.start(file)
    modes = [folder.stat().st_mode & 0o777 for folder in (home.programs, *home.programs.parents)]
    assert modes[:4] == [0o700, 0o700, 0o700, 0o755]


def test_folders_that_are_made_are_listed(file: Path, home: Home) -> None:
    (home.path / ".local").mkdir()
    for _ in ("first", "later"):
        home.start(file)
        made = (home.programs / ".made").read_text().splitlines()
        assert made == [str(home.programs.parents[1]), str(home.programs.parent)]


def test_what_is_listed_stays_listed(file: Path, home: Home) -> None:
    home.programs.parent.mkdir(parents=True)
    home.start(file)
    assert not (home.programs / ".made").exists()
    elsewhere = home.path / "a" / "b"
    assert home.start(file, XDG_DATA_HOME=str(elsewhere)).code == TOLD
    assert (elsewhere / "twocan" / "program" / ".made").read_text().splitlines() == [
        str(elsewhere.parent),
        str(elsewhere),
        str(elsewhere / "twocan"),
    ]


def test_what_does_not_go_into_a_line_is_not_listed(file: Path, tmp_path: Path) -> None:
    with Home(tmp_path / "two\nlines") as home:
        assert home.start(file).code == TOLD
        assert not (home.programs / ".made").exists()


def test_uninstalling_leaves_a_new_home_as_it_was(file: Path, tmp_path: Path) -> None:
    person = installed.Home(tmp_path / "person")
    with Home(person.folder) as home:
        assert home.start(file).code == TOLD
    assert person.command("", "uninstall", "--quiet", "--history")[:2] == (0, "")
    assert list(person.folder.iterdir()) == []


@pytest.mark.parametrize("mask", ["000", "022", "077", "777"])
def test_modes_are_the_same_with_any_umask(
    mask: str, file: Path, packed: Packed, home: Home
) -> None:
    ended = subprocess.run(
        ["sh", "-c", 'umask "$0"; exec "$1"', mask, file],
        env=home.environment,
        check=False,
        capture_output=True,
    )
    assert ended.returncode == TOLD
    inside = home.programs / packed.id / "_internal"
    paths = (home.programs, inside, inside / "data.txt", inside / "lib" / "libprobe.so.1")
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o700, 0o755, 0o644, 0o755]


@AS_ROOT
def test_another_user_s_folder_behind_our_link(file: Path, home: Home, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, STRANGER, STRANGER)
    home.programs.parent.mkdir(parents=True)
    home.programs.symlink_to(theirs)
    assert "belongs to another user" in refused(home, file)
    assert list(theirs.iterdir()) == []


# --- uninstalled meanwhile -------------------------------------------------------------------


def opened_by(process: "subprocess.Popen[bytes]") -> set[str]:
    """The names of the files that it has open."""
    names = set()
    for descriptor in Path(f"/proc/{process.pid}/fd").glob("*"):
        try:
            names.add(descriptor.readlink().name)
        except FileNotFoundError:  # closed meanwhile
            continue
    return names


def wait_for_lock(process: "subprocess.Popen[bytes]") -> None:
    while ".lock" not in opened_by(process):
        assert process.poll() is None


def test_uninstalled_while_it_waits(file: Path, packed: Packed, home: Home, tree: Path) -> None:
    home.programs.mkdir(parents=True, mode=0o700)
    with (home.programs / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = home.begin(file)
        wait_for_lock(process)
        shutil.rmtree(home.programs.parent)
    assert told(process).code == TOLD
    assert home.kept() == [packed.id]
    assert as_read(home.programs / packed.id) == as_read(tree)
    assert (home.programs / ".made").read_text() == f"{home.programs.parent}\n"


def test_a_lock_that_nobody_can_find_locks_nothing(file: Path, home: Home) -> None:
    home.programs.mkdir(parents=True, mode=0o700)
    with (home.programs / ".lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        process = home.begin(file)
        wait_for_lock(process)
        (home.programs / ".lock").unlink()
        second = (home.programs / ".lock").open("w")
        fcntl.flock(second, fcntl.LOCK_EX)
    wait_for_lock(process)  # the second one: the first has no such name any more
    assert home.kept() == []
    second.close()
    assert told(process).code == TOLD


# --- started in odd ways ---------------------------------------------------------------------


def test_removed_while_it_waits(file: Path, packed: Packed, home: Home, tmp_path: Path) -> None:
    shutil.copy2(file, tmp_path / "short-lived")
    home.programs.mkdir(parents=True, mode=0o700)
    with (home.programs / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = home.begin(tmp_path / "short-lived")
        wait_for_lock(process)
        (tmp_path / "short-lived").unlink()
    assert told(process).code == TOLD
    assert home.kept() == [packed.id]


def test_started_by_the_loader(file: Path, packed: Packed, home: Home) -> None:
    # As some do where nothing may run.
    [loader] = Path("/lib64").glob("ld-linux-x86-64.so.2")
    start = home.start(loader, str(file), "one")
    assert (start.code, start.errors) == (TOLD, "")
    assert start.arguments == [bytes(home.programs / packed.id / "twocan"), b"one"]


def test_without_proc(file: Path, home: Home) -> None:
    isolated = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*isolated, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system has no user namespaces")
    ended = subprocess.run(
        [*isolated, "sh", "-c", 'mount -t tmpfs none /proc && exec "$0" one', file],
        env={**home.environment, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        check=False,
        capture_output=True,
    )
    assert (ended.returncode, ended.stderr) == (TOLD, b"")


@AS_ROOT
@pytest.mark.parametrize("bit", [0o4755, 0o2755])
def test_with_another_user_s_rights(bit: int, file: Path, home: Home, tmp_path: Path) -> None:
    lent = tmp_path / "lent"
    shutil.copy(file, lent)
    os.chown(lent, STRANGER, STRANGER)
    lent.chmod(bit)
    assert refused(home, lent) == (
        "nobody lends their rights to Twocan: take them from this file (chmod u-s,g-s)"
    )
    assert not home.programs.exists()


# --- a system that does less -----------------------------------------------------------------

C = """
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
"""
HALF = """
static int turn;
static long half(long call, int file, const void *bytes, size_t size, long at) {
    if (turn++ % 3 == 0) { errno = EINTR; return -1; }
    return syscall(call, file, bytes, size > 100 ? 100 : size, at);
}
ssize_t write(int file, const void *bytes, size_t size) {
    return half(SYS_write, file, bytes, size, 0);
}
ssize_t pread(int file, void *bytes, size_t size, long at) {
    return half(SYS_pread64, file, bytes, size, at);
}
int sched_getaffinity(int a, size_t b, void *c) { errno = EINVAL; return -1; }
int flock(int file, int how) {
    static int locks;
    if (locks++ == 0) { errno = EINTR; return -1; }
    return syscall(SYS_flock, file, how);
}
"""
FAILING = {
    "int flock(int f, int how)": (
        "errno = ENOLCK; return -1;",
        "{} cannot be locked: No locks available (set XDG_DATA_HOME to a folder on a disk of this "
        "machine)",
    ),
    "int syncfs(int f)": (
        "errno = EIO; return -1;",
        "the disk did not take it all: Input/output error",
    ),
    "int close(int f)": (
        "syscall(SYS_close, f); errno = EDQUOT; return -1;",
        "the disk became full while unpacking: make room and start again",
    ),
    "int pthread_create(void *a, void *b, void *c, void *d)": (
        "return EAGAIN;",
        "no thread can be started: end some programs and start again",
    ),
    "void *calloc(size_t a, size_t b)": (
        "errno = ENOMEM; return NULL;",
        "there is not enough memory to unpack",
    ),
    "extern void *__libc_malloc(size_t); void *malloc(size_t size)": (
        "errno = ENOMEM; return size > 500000 ? NULL : __libc_malloc(size);",
        "there is not enough memory to unpack",
    ),
    "int sigaction(int a, void *b, void *c)": (
        "errno = EINVAL; return -1;",
        "signals cannot be noted: Invalid argument",
    ),
    "int fstatvfs(int f, void *b)": (
        "errno = EIO; return -1;",
        "{} cannot be read: Input/output error",
    ),
    "int mkdirat(int f, const char *b, unsigned c)": (
        "errno = EROFS; return -1;",
        "{} cannot be written: Read-only file system",
    ),
    "int renameat(int a, const char *b, int c, const char *d)": (
        "errno = EIO; return -1;",
        "{}/1.0-",
    ),
}


def library(folder: Path, source: str) -> str:
    """What is found before the system's own functions."""
    made = folder / "less.so"
    (folder / "less.c").write_text(C + source)
    command = ["cc", "-w", "-shared", "-fPIC", "-o", str(made), str(folder / "less.c")]
    subprocess.run(command, check=True)
    return str(made)


@pytest.mark.parametrize("function", FAILING, ids=lambda function: function.split("(")[0])
def test_what_fails_is_named(function: str, file: Path, home: Home, tmp_path: Path) -> None:
    body, words = FAILING[function]
    less = library(tmp_path, f"{function} {{ {body} }}")
    assert refused(home, file, LD_PRELOAD=less).startswith(words.format(home.programs))


RENAMES = """
#include <stdio.h>
#include <stdlib.h>
int flock(int file, int how) {
    static int often;
    if (often++ < atoi(getenv("OFTEN"))) rename(getenv("FROM"), getenv("TO"));
    return syscall(SYS_flock, file, how);
}
"""
REMOVES = """
#include <stdlib.h>
#include <string.h>
int openat(int folder, const char *name, int flags, unsigned mode) {
    static int removed;
    if (!strcmp(name, ".lock") && !removed++) rmdir(getenv("FOLDER"));
    return syscall(SYS_openat, folder, name, flags, mode);
}
"""


KNOWS = """
#include <pwd.h>
#include <stdlib.h>
struct passwd *getpwuid(unsigned user) {
    static struct passwd known;
    known.pw_dir = getenv("KNOWN");
    return &known;
}
"""


@pytest.mark.parametrize("said", ["", "relative", "~"])
def test_a_home_that_the_system_knows(
    said: str, file: Path, packed: Packed, home: Home, tmp_path: Path
) -> None:
    knows = {"LD_PRELOAD": library(tmp_path, KNOWS), "KNOWN": str(home.path)}
    assert home.start(file, HOME=said, **knows).code == TOLD
    assert home.kept() == [packed.id]
    knows["KNOWN"] = "nowhere"
    start = home.start(file, "--version", HOME=said, **knows)
    assert start.errors == "twocan: there is no home folder: set HOME to one\n"


OPENS = """
#include <stdlib.h>
#include <string.h>
int open(const char *path, int flags, unsigned mode) {
    int self = !strcmp(path, "/proc/self/exe");
    return syscall(SYS_open, self ? getenv("OTHER") : path, flags, mode);
}
"""
SECTIONS = struct.pack("<QQQII", 0, 0, 0, 1, 64) + bytes(72) + b"Twocan\n1"
UMASKS = """
#include <signal.h>
unsigned umask(unsigned mask) {
    static int often;
    if (often++ == 1) raise(SIGTERM);
    return syscall(SYS_umask, mask);
}
"""


@pytest.mark.parametrize("other", [b"", b"short", bytes(104) + SECTIONS[-8:], SECTIONS])
def test_another_file_in_its_place(other: bytes, file: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(other)
    opens = {"LD_PRELOAD": library(tmp_path, OPENS), "OTHER": str(tmp_path / "other")}
    assert refused(home, file, **opens) == "this download is damaged: download it again"


def test_told_to_end_while_the_disk_takes_it(file: Path, home: Home, tmp_path: Path) -> None:
    syncs = "#include <signal.h>\nint syncfs(int f) { raise(SIGTERM); return 0; }"
    start = home.start(file, "--version", LD_PRELOAD=library(tmp_path, syncs))
    assert (start.code, start.errors) == (
        -signal.SIGTERM,
        "twocan: stopped before it was unpacked\n",
    )
    assert home.kept() == []


def test_told_to_end_at_the_last_moment(
    file: Path, packed: Packed, home: Home, tmp_path: Path
) -> None:
    start = home.start(file, LD_PRELOAD=library(tmp_path, UMASKS))
    assert (start.code, start.arguments) == (-signal.SIGTERM, [])
    assert home.kept() == [packed.id]


def test_a_program_that_is_moved_before_it_is_held(
    file: Path, packed: Packed, home: Home, tmp_path: Path
) -> None:
    home.start(file)
    program = str(home.programs / packed.id)
    moves = {
        "LD_PRELOAD": library(tmp_path, RENAMES),
        "FROM": program,
        "TO": str(home.programs / ".old-1"),
    }
    start = home.start(file, **moves, OFTEN="1")
    assert (start.code, start.errors) == (TOLD, "")
    assert home.kept() == [packed.id]
    start = home.start(file, "--version", **moves, OFTEN="99")
    assert (start.code, start.errors) == (
        1,
        f"twocan: somebody took {program} away: start again\n",
    )


def test_a_folder_that_is_removed_before_it_is_locked(
    file: Path, packed: Packed, home: Home, tmp_path: Path
) -> None:
    home.programs.parent.mkdir(parents=True)  # or there is a list in it, and it stays
    removes = {"LD_PRELOAD": library(tmp_path, REMOVES), "FOLDER": str(home.programs)}
    start = home.start(file, **removes)
    assert (start.code, start.errors) == (TOLD, "")
    assert home.kept() == [packed.id]


def test_calls_that_do_half_of_it_are_made_again(
    file: Path, packed: Packed, tree: Path, home: Home, tmp_path: Path
) -> None:
    start = home.start(file, LD_PRELOAD=library(tmp_path, HALF))
    assert (start.code, start.errors) == (TOLD, "")
    assert as_read(home.programs / packed.id) == as_read(tree)
