"""What `make call` runs: a supernode on loopback, an echo phone, and a call to it.

Where there is a display the window calls, and a person speaks until they hang up. Else (or with
HEADLESS=1) the caller sends a few seconds of speech, films a test pattern, and records what comes
back. It was a call if sound came back, and headless the same speech: then the exit code is 0.
Whether the same pictures came back is said as well.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hearing
import seeing
from hearing import Likeness
from programs import Event, Program, ProgramError

BIN = Path(sys.executable).parent
SPEECH = Path(__file__).parent.parent / "assets" / "speech.wav"
START_SECONDS = 60.0
UNITS = {"ms": " ms", "kbps": " kb/s", "dbfs": " dBFS"}
SILENT_DBFS = -60.0  # what a call with somebody who spoke is louder than, in the mean
REST_SECONDS = 2.0  # after the speech, for the echo to come back


def main() -> int:
    """Returns the exit code: 0 the speech came back, 1 it did not, 130 it was stopped."""
    try:
        return asyncio.run(until_stopped())
    except (ProgramError, ValueError) as fault:
        print(f"The call could not be made: {fault}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("Stopped.", file=sys.stderr)
        return 130


async def until_stopped() -> int:
    """Ctrl-C, being told to end and losing the terminal stop everything alike.

    Ctrl-C is named as well, since what a script starts in the background begins with it ignored.
    """
    call = asyncio.current_task()
    assert call
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, call.cancel)
    with tempfile.TemporaryDirectory(prefix="twocan-") as folder:
        return await first_call(Path(folder))


async def first_call(folder: Path) -> int:
    async with contextlib.AsyncExitStack() as running:
        say("Starting a supernode on loopback")
        state = folder / "supernode"
        supernode = await running.enter_async_context(
            Program.running(
                BIN / "twocan-supernode", "run", "--state", state, log=folder / "supernode.log"
            )
        )
        ready = await supernode.event("ready", START_SECONDS)
        caller, echo = [
            await mint(folder, state, ready["sites"][0], person) for person in ("caller", "echo")
        ]

        say("Starting an echo phone")
        answerer = await running.enter_async_context(
            Program.running(
                *(BIN / "twocan", "answer", "--account", echo, "--echo", "--calls", "1"),
                log=folder / "echo.log",
            )
        )
        phone = (await answerer.event("ready", START_SECONDS))["address"]
        address = phone.partition("/")[0]

        say(f"Calling {address}")
        if has_display(os.environ):
            say("Speak: everything comes back to you. Hang up when you have heard enough.")
            return await call_in_window(folder, caller, address)
        return await call(folder, caller, address)


def has_display(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether a window would be seen, and is wanted."""
    if environment.get("HEADLESS") == "1":
        return False
    return system in ("darwin", "win32") or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


async def mint(folder: Path, state: Path, site: str, person: str) -> Path:
    """An account file for `person` of `site`, readable by its owner alone."""
    account = folder / f"{person}.json"
    async with Program.running(
        *(BIN / "twocan-supernode", "mint", "--state", state, "--site", site),
        *("--person", person, "--output", account),
        log=folder / "mint.log",
    ) as minting:
        if await minting.ended(START_SECONDS) != 0:
            raise ProgramError((folder / "mint.log").read_text().strip())
    return account


async def call_in_window(folder: Path, account: Path, address: str) -> int:
    async with Program.running(
        *(BIN / "twocan", "call", address, "--window", "--account", account),
        *("--report", folder / "report.json"),
    ) as caller:
        report = await caller.event("report", None)
        code = await caller.ended(START_SECONDS)
    print("", *told(report), "", sep="\n")
    return window_verdict(code, report)


def window_verdict(code: int, report: Event) -> int:
    if code != 0:
        print(f"The call failed: {report.get('reason')} (exit code {code}).")
        return 1
    level = report["audio"]["received"]["level_dbfs"]
    if level is None or level < SILENT_DBFS:
        print("The call was made, but only silence came back: is the microphone there, and on?")
        return 1
    print("Sound came back.")
    return 0


async def call(folder: Path, account: Path, address: str) -> int:
    sent = hearing.read_wav(SPEECH)
    heard, seen = folder / "heard.wav", folder / "seen.webm"
    seconds = len(sent.samples) / sent.rate + REST_SECONDS
    async with Program.running(
        *(BIN / "twocan", "call", address, "--account", account),
        *("--microphone", SPEECH, "--speaker", heard, "--for", f"{seconds:.1f}"),
        *("--camera", "pattern", "--screen", seen, "--report", folder / "report.json"),
    ) as caller:
        report = await caller.event("report", START_SECONDS + seconds)
        code = await caller.ended(START_SECONDS)
    print("", *told(report), "", sep="\n")
    if code != 0:
        print(f"The call failed: {report.get('reason')} (exit code {code}).")
        return 1
    code = verdict(hearing.likeness(sent, hearing.read_wav(heard)))
    print(pictures_verdict(seen, report["video"]))
    return code


def verdict(found: Likeness) -> int:
    likeness = f"{100 * found.correlation:.0f} % alike"
    if not found.same:
        print(f"The call was made, but the speech did not come back ({likeness}).")
        return 1
    print(f"The same speech came back: {likeness}, {1000 * found.delay:.0f} ms after it was sent.")
    return 0


def pictures_verdict(seen: Path, video: Event) -> str:
    """What became of the pictures, in words. `video`: what the report says of them."""
    sent = video["sent"]["frames"]
    try:
        film = seeing.read_webm(seen)
    except ValueError:  # where no picture came there is no film
        return "No picture came back."
    came = f"{len(film.marks)} of {sent}"
    if not film.same(sent):
        return f"The pictures did not come back as they were sent ({came})."
    delay = video["received"]["glass_to_glass_ms"]
    return f"The same pictures came back: {came}, {delay:.0f} ms after they were filmed."


# --- the report, for people ------------------------------------------------------------------


def told(report: Event) -> Iterator[str]:
    """A line for each part of the report that has something to say; figures have their units."""
    for name, value in report.items():
        match value:
            case {"sent": _} | {"received": _}:
                parts = [(f"{name} {way}", part) for way, part in value.items() if any_flowed(part)]
            case _:
                parts = [(name, value)]
        yield from (row(*part) for part in parts if part[0] != "event" and part[1] is not None)


def any_flowed(part: Event | None) -> bool:
    return bool(part and part.get("packets", True))


def row(name: str, value: Any) -> str:
    title, unit = split_unit(name)
    if not isinstance(value, dict):
        return f"  {title:<16}{figure(value)}{unit}"
    measures = ((*split_unit(key), figure(one)) for key, one in value.items() if one is not None)
    return f"  {title:<16}" + ", ".join(f"{key} {one}{own or unit}" for key, own, one in measures)


def split_unit(name: str) -> tuple[str, str]:
    """`jitter_ms` is a jitter in milliseconds."""
    stem, _, last = name.rpartition("_")
    return (stem.replace("_", " "), UNITS[last]) if last in UNITS else (name.replace("_", " "), "")


def figure(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.1f}"
        case _:
            return str(value)


def say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
