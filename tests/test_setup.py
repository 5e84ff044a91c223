"""What is installed, and what is said where it cannot be."""

import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
TOOLS = ("bash", "cat", "dirname", "env", "grep", "id", "make", "setsid", "sh", "sha256sum")

PYTHON_WITHOUT_VENV = """#!/bin/sh
case "$*" in *ensurepip*) exit 1 ;; *version_info\\ \\<*) exit 0 ;; esac
echo 3.11
"""
OLD_PYTHON = """#!/bin/sh
case "$*" in *version_info\\ \\<*) exit 1 ;; esac
echo 3.9
"""


# --- what is asked for -----------------------------------------------------------------------


def needed(requirement: str) -> dict[str, Requirement]:
    """By name, everything that installing `requirement` brings here."""
    found: dict[str, Requirement] = {}
    ahead = [Requirement(requirement)]
    while ahead:
        asked = ahead.pop()
        name = canonicalize_name(asked.name)
        if name not in found or not asked.extras <= found[name].extras:
            found[name] = asked
            ahead.extend(requirements(asked))
    return found


def requirements(asked: Requirement) -> Iterator[Requirement]:
    for line in metadata.requires(asked.name) or []:
        one = Requirement(line)
        if any(not one.marker or one.marker.evaluate({"extra": e}) for e in ["", *asked.extras]):
            yield one


def pinned() -> Mapping[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def test_every_package_is_pinned_and_is_here_as_pinned() -> None:
    names = needed("twocan[all]").keys() - {"twocan"}
    assert {name: metadata.version(name) for name in names}.items() <= pinned().items()
    assert {"aiortc", "pyside6-essentials", "pytest"} <= names


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="some pins are for Python 3.11 alone")
def test_nothing_is_pinned_that_is_not_needed() -> None:
    asked = [Requirement(line) for line in metadata.requires("twocan") or []]
    elsewhere = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker and ("bench" in str(one.marker) or "sys_platform !=" in str(one.marker))
    }
    assert pinned().keys() - {"setuptools"} - elsewhere <= needed("twocan[all]").keys()


def test_the_headless_phone_needs_no_window_camera_or_sound_card() -> None:
    heavy = {"pyside6-essentials", "opencv-python-headless", "sounddevice", "pulsectl"}
    heavy |= {"pywebrtc-audio", "keyring"}
    assert not heavy & needed("twocan").keys()
    assert heavy <= needed("twocan[all]").keys()


def test_libraries_whose_private_parts_we_use_are_exact() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {one.name: str(one.specifier) for one in map(Requirement, project["dependencies"])}
    assert asked["aiortc"].startswith("==")
    assert asked["aioice"].startswith("==")


# --- what is said ----------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of what setting up reads, and a `bin` with few tools: no apt, no sudo, no Python."""
    for name in ("Makefile", "build/setup", "pyproject.toml", "constraints.txt", ".ci/run"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def put(bare: Path, program: str, script: str) -> None:
    (bare / "bin" / program).unlink(missing_ok=True)
    (bare / "bin" / program).write_text(script)
    (bare / "bin" / program).chmod(0o755)


def words_of(bare: Path, *command: str) -> tuple[int, list[str]]:
    """The exit code of `command` there, and its lines on standard error."""
    done = subprocess.run(
        command,
        check=False,
        cwd=bare,
        env={"PATH": str(bare / "bin")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr.splitlines()


def test_a_machine_without_python_is_told_which_one(bare: Path) -> None:
    code, words = words_of(bare, "build/setup", "python", "ejabberd")
    assert code == 1
    assert words == ["Twocan needs Python 3.11 or newer, and there is no python3 here."]


def test_an_old_python_is_told_which_one(bare: Path) -> None:
    put(bare, "python3", OLD_PYTHON)

    code, words = words_of(bare, "build/setup", "python")

    assert code == 1
    assert len(words) == 1
    assert "needs Python 3.11 or newer; python3 is 3.9. Name a newer one: make PY" in words[0]


def test_without_apt_one_message_names_all_that_is_missing(bare: Path) -> None:
    put(bare, "python3", PYTHON_WITHOUT_VENV)

    code, words = words_of(bare, "build/setup", "python", "ejabberd")

    assert code == 1
    assert len(words) == 1
    assert "Please install" in words[0]
    assert "venv" in words[0]
    assert "ejabberd 23.01" in words[0]


def test_make_says_the_same(bare: Path) -> None:
    put(bare, "python3", PYTHON_WITHOUT_VENV)

    for goal in ("call", "test"):
        code, words = words_of(bare, "make", goal)
        assert code == 2
        assert "Please install" in words[0]


def test_without_sudo_the_command_for_root_is_said(bare: Path) -> None:
    put(bare, "python3", PYTHON_WITHOUT_VENV)
    put(bare, "id", "#!/bin/sh\necho 1000")
    put(bare, "apt-get", "#!/bin/sh\nexit 99")
    put(bare, "apt-cache", "#!/bin/sh\nexit 0")

    code, words = words_of(bare, "build/setup", "python")

    assert code == 1
    assert words[-1].endswith("apt-get install --no-install-recommends python3.11-venv")


# --- continuous integration ------------------------------------------------------------------


def test_ci_lints_then_tests_and_asks_nothing(bare: Path) -> None:
    put(bare, "make", '#!/bin/sh\nread answer || echo "$CI $*" >&2')

    assert words_of(bare, ".ci/run") == (
        0,
        ["true --no-print-directory lint", "true --no-print-directory test"],
    )


def test_ci_fails_when_lint_fails(bare: Path) -> None:
    put(bare, "make", "#!/bin/sh\nexit 2")

    assert words_of(bare, ".ci/run")[0] == 2


def test_ci_that_is_told_to_stop_stops_what_it_started(bare: Path) -> None:
    put(bare, "make", "#!/bin/sh\n/bin/sleep 60 & echo started; wait")
    ci = subprocess.Popen(
        [bare / ".ci/run"], env={"PATH": str(bare / "bin")}, stdout=subprocess.PIPE, text=True
    )
    assert ci.stdout
    with ci, ci.stdout as said:
        assert said.readline() == "started\n"
        ci.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert said.read() == ""  # the end of file: nobody holds our pipe any more
    assert ci.returncode == 143
    assert time.monotonic() - asked < 50  # it sleeps for 60 s


# --- what the repository does not say --------------------------------------------------------


def test_no_file_names_this_machine_or_where_it_gets_packages() -> None:
    private = private_names()
    telling = {
        str(path.relative_to(ROOT)): found.group()
        for path in committed()
        if (found := private.search(path.read_text(errors="replace")))
    }
    assert telling == {}


def test_such_a_name_would_be_noticed() -> None:
    private = private_names()
    assert all(private.search(f"get it from https://{host}/simple") for host in hosts())
    assert all(private.search(f'open("{folder}/notes.txt")') for folder in folders())
    assert not private.search(f"see the layout{ROOT}/client")


def private_names() -> re.Pattern[str]:
    """A host or a folder as a name of its own, not as the end of a longer one."""
    named = [rf"(?<![\w.-]){re.escape(host)}" for host in hosts()]
    named += [rf"(?<![\w./-]){re.escape(str(folder))}/" for folder in folders()]
    return re.compile("|".join(named))


def committed() -> list[Path]:
    """What git has, or would take; what it ignores is nobody's business."""
    git = shutil.which("git")
    listing = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if not git:
        pytest.skip("there is no git")
    done = subprocess.run([git, *listing], check=False, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is no clone")
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@cache
def hosts() -> set[str]:
    """Where pip and apt get packages, of themselves and as this machine is set up."""
    apt = Path("/etc/apt")
    told = [path.read_text() for path in (*apt.glob("*.list"), *apt.glob("*.list.d/*"))]
    told += [pip("config", "list"), pip("install", "--help")]
    addresses = re.findall(r"https?://[^\s'\"]+", "\n".join(told))
    return {host for address in addresses if (host := urlsplit(address).hostname)}


def pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def folders() -> set[Path]:
    """What only this machine has where it has it."""
    return {folder for folder in (ROOT, Path.home()) if len(folder.parts) > 1}
