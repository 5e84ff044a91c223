"""Tries out a finished download before anybody gets it:

    python build/trial.py [--quick] FILE

As a person who has nothing yet: an empty home, nothing in the environment, no Python on the PATH.
Everything is tried here, then in a bare Debian 12 that has no Python, no X and none of this
machine's libraries, and at last in one with no more than every desktop has. ``--quick`` leaves
both out; so does a machine where they cannot be had, and says so. Each trial is bounded in time and
gives one line: what, what came of it, how long it took.
"""

import argparse
import asyncio
import re
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import hearing
import seeing
import trial_bare
from first_call import BIN, REST_SECONDS, SPEECH, START_SECONDS, mint
from programs import Program, ProgramError
from trial_bare import BARE, DESK, CannotEnter
from trial_rooms import Room, Tried, expect, run
from trial_screen import own_screen, save
from twocan import __version__

OUT = Path(__file__).parent.parent / "out" / "trial"
INSIDE = ("Qt", "FFmpeg", "Opus", "libvpx", "OpenSSL", "Python", "aiortc", "slixmpp")
"""Of whose licences there is to be a text."""
UNPACKS_WITHIN, ENDS_WITHIN = 120.0, 60.0
"""Seconds; on an idle machine it is two, and less than one."""
CURRENT = ".local/share/twocan/program/current"
ENTRY = ".local/share/applications/twocan.desktop"
"""What is at home once the program is installed."""
OTHERS = re.compile(r"\.cache|\.cache/fontconfig(/.*)?")
"""What libraries of the desktop's make for themselves."""
NO_WINDOW = 2
"""The exit code where the system lacks what a window needs."""

Try = Callable[[Room], Awaitable[str]]
Say = Callable[[str], None]


class NotHeard(ProgramError):
    """A call was made, and what came through was not good enough."""


class TrialError(Exception):
    """The file does not do what it should: which trial, and the file's own last words."""


def try_out(file: Path, *, quick: bool = False, say: Say | None = None) -> None:
    """Try everything, and be through at the first trial that fails. Raises TrialError.

    ``quick``: without the bare systems. ``say``: is given a line for each trial.
    """
    try:
        asyncio.run(_until_stopped(file.absolute(), quick, say or _say))
    except asyncio.CancelledError:
        raise TrialError("stopped before all was tried out") from None
    except (ProgramError, OSError) as error:
        raise TrialError(str(error)) from error


async def _until_stopped(file: Path, quick: bool, say: Say) -> None:
    task = asyncio.current_task()
    assert task
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with tempfile.TemporaryDirectory(prefix="twocan-trial-") as folder:
        await Trials(file, Path(folder), say).all(quick=quick)


@dataclass(frozen=True, slots=True)
class Site:
    """A supernode on loopback. ``folder``: its state is in it."""

    folder: Path
    name: str

    async def account(self, room: Room, person: str) -> Path:
        """Who that person is, in a file there."""
        made = await mint(self.folder, self.folder / "supernode", self.name, person)
        return room.take_account(made)


class Trials:
    """``folder``: for all that is written."""

    def __init__(self, file: Path, folder: Path, say: Say) -> None:
        self._file, self._folder, self._say = file, folder, say

    async def all(self, *, quick: bool) -> None:
        """Everything. Raises ProgramError."""
        async with site(self._folder) as there:

            async def call(room: Room) -> str:
                return await make_call(room, there)

            headless = {
                "version": version,
                "licences": licences,
                "selftest": selftest,
                "devices": devices,
                "call": call,
            }
            here = Room("here", self._folder / "here", self._file)
            await self._in(here, {**headless, "window": window, "uninstall": uninstall})
            if not quick:
                await self._in_bare(headless)

    async def _in_bare(self, headless: Mapping[str, Try]) -> None:
        try:
            await trial_bare.check()
            for tree in (BARE, DESK):
                await tree.made()
        except CannotEnter as error:
            self._say(f"  not tried in a bare Debian: {error}")
            return
        bare, desk = (tree.room(self._folder / tree.name, self._file) for tree in (BARE, DESK))
        await self._in(bare, {**headless, "no window": no_window, "uninstall": uninstall})
        await self._in(desk, {"window": window, "uninstall": uninstall})

    async def _in(self, room: Room, trials: Mapping[str, Try]) -> None:
        room.furnish()
        for name, trial in trials.items():
            begun = time.monotonic()
            try:
                words = await self._tried(trial, room)
            except (ProgramError, ValueError) as error:
                self._say(f"  {room.name:<8} {name:<10} FAILED")
                raise ProgramError(f"{name} ({room.name}): {error}") from error
            took = time.monotonic() - begun
            self._say(f"  {room.name:<8} {name:<10} {took:6.2f} s  {words}")

    async def _tried(self, trial: Try, room: Room) -> str:
        """A machine that does much else can spoil what is heard, which is told; but not twice."""
        try:
            return await trial(room)
        except NotHeard as first:
            return f"{await trial(room)} (the second time; first: {first})"


# --- What is tried -------------------------------------------------------------------------------


async def version(room: Room) -> str:
    said = await run(room, "--version", within=UNPACKS_WITHIN)
    expect(said == f"twocan {__version__}\n", f"it said {said!r} instead of {__version__}")
    return said.strip()


async def licences(room: Room) -> str:
    said = await run(room, "--licenses", within=ENDS_WITHIN)
    missing = [name for name in INSIDE if name.lower() not in said.lower()]
    expect(not missing, f"there is nothing of {', '.join(missing)}")
    return f"{len(said) // 1000} kB, of {', '.join(INSIDE)} among others"


async def selftest(room: Room) -> str:
    said = await run(room, "selftest", within=ENDS_WITHIN)
    expect("each saw the other" in said, f"it saw nothing: {said}")
    return said.splitlines()[-1]


async def devices(room: Room) -> str:
    found = await run(room, "devices", within=ENDS_WITHIN)
    said = room.errors
    expect(not found and "no microphone" in said and "no speaker" in said, f"{found}{said}")
    return "there are none, and it says so"


async def window(room: Room) -> str:
    """The phone, as a double-click starts it."""
    log = room.folder / "window.log"
    async with AsyncExitStack() as running:
        screen = await running.enter_async_context(own_screen())
        words = room.words(DISPLAY=screen.name)
        phone = await running.enter_async_context(Tried.running(*words, log=log))
        try:
            picture = await screen.phone(UNPACKS_WITHIN)
        except ProgramError as error:
            raise ProgramError(f"{error}\n{log.read_text(errors='replace')}") from None
        save(picture, OUT / f"window-{room.name}.png")
        await room.has(ENTRY, ENDS_WITHIN)
        await phone.quit(ENDS_WITHIN)
    height, width = picture.shape[:2]
    return f"{width}x{height}, our name is on it, and it is in the menu"


async def no_window(room: Room) -> str:
    """Where there is no X, words say what to install."""
    await run(room, within=ENDS_WITHIN, code=NO_WINDOW, DISPLAY=":0")
    expect("the window needs lib" in room.errors, f"it said {room.errors!r}")
    return room.errors.strip().removeprefix("twocan: ")


async def make_call(room: Room, there: Site) -> str:
    """To an echo phone, through the supernode; each of them is the file."""
    caller, echo = [await there.account(room, who) for who in ("caller", "echo")]
    speech, heard, seen = room.take(SPEECH), room.folder / "heard.wav", room.folder / "seen.webm"
    sent = hearing.read_wav(SPEECH)
    seconds = len(sent.samples) / sent.rate + REST_SECONDS
    answer = room.words("answer", "--account", echo, "--echo", "--calls", "1")
    call: tuple[str | Path, ...] = ("--microphone", speech, "--speaker", heard)
    call += ("--camera", "pattern", "--screen", seen, "--for", f"{seconds:.1f}")
    async with AsyncExitStack() as running:
        start = running.enter_async_context
        echoing = await start(Tried.running(*answer, log=room.folder / "echo.log"))
        ready = await echoing.event("ready", START_SECONDS)
        words = room.words("call", ready["address"].partition("/")[0], "--account", caller, *call)
        calling = await start(Tried.running(*words, log=room.folder / "call.log"))
        report = await calling.event("report", START_SECONDS + seconds)
        for phone in (calling, echoing):
            await phone.said(ENDS_WITHIN)
    found, film = hearing.likeness(sent, hearing.read_wav(heard)), seeing.read_webm(seen)
    if not found.same:
        raise NotHeard(f"the speech that came back was {found.correlation:.0%} alike")
    frames = report["video"]["sent"]["frames"]
    if not film.same(frames):
        raise NotHeard(f"of {frames} pictures {len(film.marks)} came back")
    return (
        f"connected {report['times_ms']['connected']:.0f} ms after dialling,"
        f" speech {found.correlation:.0%} alike, {len(film.marks)} of {frames} pictures"
    )


async def uninstall(room: Room) -> str:
    """After everything else: nothing of it may stay."""
    await run(room, "install", "--quiet", within=UNPACKS_WITHIN)
    before = room.what_is_at_home()
    expect({CURRENT, ENTRY} <= before, f"of {CURRENT} and {ENTRY} not both were made")
    await run(room, "uninstall", "--quiet", "--history", within=ENDS_WITHIN)
    left = sorted(each for each in room.what_is_at_home() if not OTHERS.fullmatch(each))
    expect(not left, f"it left {', '.join(left[:10])}")
    return f"removed all {len(before)} files and folders"


# --- With whom -----------------------------------------------------------------------------------


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """A supernode on loopback, of the repository's own."""
    command = (BIN / "twocan-supernode", "run", "--state", folder / "supernode")
    async with Program.running(*command, log=folder / "supernode.log") as supernode:
        ready = await supernode.event("ready", START_SECONDS)
        yield Site(folder, ready["sites"][0])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 the file does all that it should, 1 it does not."""
    asked = argparse.ArgumentParser(prog="trial.py", description="Tries out a finished download.")
    asked.add_argument("--quick", action="store_true", help="not in bare systems")
    asked.add_argument("file", type=Path, metavar="FILE")
    options = asked.parse_args(arguments)
    begun = time.monotonic()
    try:
        try_out(options.file, quick=options.quick, say=print)
    except TrialError as error:
        print(f"{options.file} does not work: {error}", file=sys.stderr)
        return 1
    print(f"{options.file} does all that it should ({time.monotonic() - begun:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
