"""What a finished download is tried out for. One that does less fails, in its own words."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import trial
import trial_bare
from programs import ProgramError
from trial import NotHeard, Trials
from trial_bare import BARE, CannotEnter, Tree
from trial_rooms import Room, Tried, run
from trial_screen import Grabbed, is_painted, title
from twocan import __version__

ROOT = Path(__file__).parents[2]
SOON = 50.0


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = Room("test", tmp_path / "room", tmp_path / "download")
    room.furnish()
    return room


def download(room: Room, script: str) -> None:
    """What is tried out: a script, of which nothing is on the PATH either."""
    room.file.write_text(f"#!/bin/sh\n{script}\n")
    room.file.chmod(0o755)


# --- Where it runs -------------------------------------------------------------------------------


async def test_it_knows_nothing_of_this_machine(room: Room) -> None:
    download(room, "/usr/bin/env")
    said = await run(room, within=SOON)

    names = {line.partition("=")[0] for line in said.splitlines()} - {"PWD", "SHLVL", "_"}
    assert names == {
        "ALSA_CONFIG_PATH",
        "DBUS_SESSION_BUS_ADDRESS",
        "HOME",
        "PATH",
        "PULSE_SERVER",
        "XDG_RUNTIME_DIR",
    }
    assert list((room.folder / "path").iterdir()) == list(room.home.iterdir()) == []


async def test_its_own_last_words_are_told(room: Room) -> None:
    download(room, "echo half a result; echo libfoo.so.1 is missing >&2; exit 127")
    with pytest.raises(ProgramError) as failed:
        await trial.version(room)
    assert str(failed.value).splitlines() == [
        "it ended with code 127",
        "half a result",
        "libfoo.so.1 is missing",
    ]


async def test_it_has_to_end_in_time(room: Room) -> None:
    download(room, "echo asleep >&2; exec /bin/sleep 60")
    with pytest.raises(ProgramError, match="it did not end in 3 s\nasleep"):
        await run(room, within=3.0)


async def test_a_phone_is_asked_to_end_once_it_minds(room: Room) -> None:
    download(room, "/bin/sleep 0.3; trap 'exit 0' TERM; while :; do /bin/sleep 0.05; done")
    async with Tried.running(*room.words(), log=room.folder / "log") as phone:
        await phone.quit(SOON)


# --- What it has to do ---------------------------------------------------------------------------


async def test_it_has_to_be_this_version(room: Room) -> None:
    download(room, "echo twocan 0.0.1")
    with pytest.raises(ProgramError, match=f"instead of {__version__}"):
        await trial.version(room)


async def test_it_has_to_name_the_licences_of_what_is_inside(room: Room) -> None:
    download(room, "echo Qt, Opus, libvpx, OpenSSL, Python, aiortc and slixmpp")
    with pytest.raises(ProgramError, match=r"there is nothing of FFmpeg$"):
        await trial.licences(room)


async def test_its_call_within_itself_has_to_have_pictures(room: Room) -> None:
    download(room, "echo ok: both heard each other")
    with pytest.raises(ProgramError, match="it saw nothing"):
        await trial.selftest(room)


async def test_it_has_to_say_that_there_are_no_devices(room: Room) -> None:
    download(room, "echo no microphone >&2; echo HDA Intel")
    with pytest.raises(ProgramError, match="HDA Intel"):
        await trial.devices(room)


async def test_without_x_it_has_to_say_what_is_needed(room: Room) -> None:
    download(room, "echo Segmentation fault >&2; exit 2")
    with pytest.raises(ProgramError, match="Segmentation fault"):
        await trial.no_window(room)


async def test_it_has_to_take_away_all_that_it_made(room: Room) -> None:
    made = "$HOME/.local/share/twocan/program $HOME/.local/share/applications"
    install = f"/bin/mkdir -p {made}; : >$HOME/{trial.CURRENT}; : >$HOME/{trial.ENTRY}"
    download(room, f'case $1 in install) {install};; *) /bin/rm "$HOME/{trial.ENTRY}";; esac')
    with pytest.raises(ProgramError, match=r"it left \.local, \.local/share, "):
        await trial.uninstall(room)


async def test_it_has_to_install_itself(room: Room) -> None:
    download(room, ":")
    with pytest.raises(ProgramError, match="not both were made"):
        await trial.uninstall(room)


class Calls:
    """Trials that end like this, one after the other."""

    def __init__(self, *ends: str | Exception) -> None:
        self._ends = iter(ends)

    async def __call__(self, room: Room) -> str:
        end = next(self._ends)
        if isinstance(end, Exception):
            raise end
        return end


async def tried(room: Room, *ends: str | Exception) -> list[str]:
    said: list[str] = []
    room = replace(room, folder=room.folder / "other")
    await Trials(room.file, room.folder, said.append)._in(room, {"call": Calls(*ends)})
    return said


async def test_what_is_badly_heard_may_be_said_again_once(room: Room) -> None:
    [line] = await tried(room, NotHeard("31 % alike"), "82 % alike")
    assert line.endswith("82 % alike (the second time; first: 31 % alike)")


@pytest.mark.parametrize(
    "ends",
    [(NotHeard("31 %"), NotHeard("32 %")), (ProgramError("it crashed"), "82 % alike")],
    ids=["bad twice", "no call at all"],
)
async def test_nothing_else_is_tried_again(room: Room, ends: tuple[str | Exception, ...]) -> None:
    with pytest.raises(ProgramError, match=r"^call \(test\): (32 %|it crashed)$"):
        await tried(room, *ends)


# --- What is to be seen --------------------------------------------------------------------------


def page(*letters: int, words: tuple[int, ...] = (7, 9)) -> Grabbed:
    """A page with a line of so wide letters; words end after so many. Their edges are soft."""
    picture = np.full((400, 400, 4), 240, np.uint8)
    picture[200:240, :, 0] = np.arange(400) % 100 + 100
    at = 50
    for number, width in enumerate(letters):
        at += 8 if number in words else 2
        picture[100:116, at : at + width] = 20
        at += width
    return picture


WELCOME_TO_TWOCAN = (18, 9, 3, 7, 10, 15, 9, 6, 10, 10, 15, 9, 7, 9, 10)


def test_a_page_with_our_name_is_painted() -> None:
    picture = page(*WELCOME_TO_TWOCAN)
    assert [len(word) for word in title(picture)] == [7, 2, 6]
    assert is_painted(picture)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((400, 400, 4), 240, np.uint8),
        np.zeros((400, 400, 4), np.uint8),
        page(),
        page(9),
        page(*[9] * 15),
        page(*WELCOME_TO_TWOCAN, words=(2, 9)),
    ],
    ids=["one colour", "black", "no text", "one letter", "boxes for letters", "other words"],
)
def test_any_other_is_not(picture: Grabbed) -> None:
    assert not is_painted(picture)


# --- Bare systems --------------------------------------------------------------------------------


async def test_without_root_no_system_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_bare, "TREES", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CannotEnter, match="only root can make a system there"):
        await Tree("none").made()


async def test_where_nobody_may_mount_words_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_bare, "_unshare", lambda: ("false",))
    with pytest.raises(CannotEnter, match="it takes root"):
        await trial_bare.check()


def test_another_list_of_packages_is_another_system() -> None:
    assert len({Tree("one", packages).folder for packages in ((), ("a",), ("a", "b"))}) == 3


@pytest.fixture
def bare(tmp_path: Path) -> Room:
    if not BARE.folder.is_dir() or os.geteuid() != 0:
        pytest.skip("no bare system was made here; build/trial.py does, as root")
    room = BARE.room(tmp_path / "room", tmp_path / "download")
    room.furnish()
    return room


def mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


async def test_in_a_bare_system_only_its_own_folder_is_shared(bare: Room, tmp_path: Path) -> None:
    before = mounts()
    script = "id -u; command -v python3; command -v apt-get; echo here >$HOME/kept; ls /"
    (tmp_path / "download").write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    (tmp_path / "download").chmod(0o755)
    user, apt, *top = (await run(bare, within=SOON)).split()

    assert (user, apt) == (str(trial_bare.USER), "/usr/bin/apt-get")
    assert {"download", "etc", "usr", "tmp"} <= set(top)
    assert (bare.home / "kept").read_text() == "here\n"
    assert mounts() == before
    assert list((BARE.folder / "tmp").iterdir()) == list((BARE.folder / "mnt").iterdir()) == []


# --- Its end -------------------------------------------------------------------------------------


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A trial of what never ends, once it is being tried."""
    (tmp_path / "t").mkdir()
    begun = tmp_path / "begun"
    (tmp_path / "download").write_text(f"#!/bin/sh\n: >{begun}\nexec /bin/sleep 60\n")
    (tmp_path / "download").chmod(0o755)
    command = [sys.executable, str(ROOT / "build" / "trial.py"), str(tmp_path / "download")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "t")}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            deadline = time.monotonic() + SOON
            while not begun.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def at_work_in(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def test_told_to_stop_it_leaves_nothing(stuck: "subprocess.Popen[str]", tmp_path: Path) -> None:
    stuck.send_signal(signal.SIGTERM)
    said, complaints = stuck.communicate(timeout=50)

    assert (stuck.returncode, said) == (1, "")
    assert complaints.endswith("does not work: stopped before all was tried out\n")
    assert "Traceback" not in complaints
    assert list((tmp_path / "t").iterdir()) == []
    assert at_work_in(tmp_path) == []
