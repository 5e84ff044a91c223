"""What the window costs: until it is painted and reachable, while it waits, and in a call.

Everything is seen from outside, on a screen of its own (``window_screen.py``), but for what is
counted within a call (``window_counted.py``).
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import processes
import window_calls
from rows import Suite
from window_programs import TWOCAN, Desktop, Program, desktop, pss_mb, wakeups

RUNS = 9
IDLE_RUNS, IDLE_SECONDS = 2, 10.0
_PAINTED_WITHIN = 20.0

PEERS = {
    "dino-im": ("dino-im",),
    "twinkle": ("twinkle",),
    "linphone": ("linphone",),
    "gajim": ("gajim",),
    "jami": ("jami",),
}
"""Others that have a window: the program, and its arguments."""


def measure(suite: Suite) -> None:
    """Fill ``suite``."""
    chosen, who = _chosen("CASES", list(CASES)), _chosen("WHO", [*PEERS, "twocan"])
    with tempfile.TemporaryDirectory() as folder:
        try:
            with desktop(Path(folder)) as around:
                for case in (case for case in CASES if case in chosen):
                    _run(CASES[case], suite, around, who, case)
        except processes.Failed as error:
            sys.exit(f"window: {error}")


def _run(
    case: Callable[[Suite, Desktop, Sequence[str]], None],
    suite: Suite,
    around: Desktop,
    who: Sequence[str],
    name: str,
) -> None:
    try:
        case(suite, around, who)
    except processes.Failed as error:
        print(f"{name}: {error}", file=sys.stderr)


def _chosen(variable: str, names: Sequence[str]) -> Sequence[str]:
    wanted = [name.strip() for name in os.environ.get(variable, "").split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in names]:
        sys.exit(f"{variable}: there is no {', '.join(unknown)}; there is {', '.join(names)}")
    return wanted or names


# --- Until it is there ---------------------------------------------------------------------------


def start(suite: Suite, around: Desktop, who: Sequence[str]) -> None:
    """From the start of the program to its first painted pixels, and to signed in."""
    for name, command in PEERS.items():
        if name not in who:
            continue
        if shutil.which(command[0]) is None:
            print(f"{name} is not installed: it is left out", file=sys.stderr)
            continue
        _add_start(suite, name, partial(_painted_ms, around, command), None)
    if "twocan" in who:
        _add_start(suite, "twocan", partial(_painted_ms, around, TWOCAN), 200)
        _ready_ms(around)
        times = [_ready_ms(around) for _ in range(RUNS)]
        suite.add("start", "twocan", "ready_ms", times, "ms", 600)


def _add_start(suite: Suite, who: str, once: Callable[[], float], budget: float | None) -> None:
    try:
        # The first run warms the system's cache, and makes a program's folders.
        once()
        times = [once() for _ in range(RUNS)]
    except processes.Failed as error:
        print(f"{who}: {error}", file=sys.stderr)
        return
    suite.add("start", who, "first_paint_ms", times, "ms", budget)


def _painted_ms(around: Desktop, command: Sequence[str]) -> float:
    """Milliseconds until there is a picture of its window on the screen."""
    with Program(command, around.environment) as program:
        painted = around.screen.until_painted(_PAINTED_WITHIN, lambda: program.running)
        took = (painted - program.began) * 1000
        # Whoever starts is not interrupted in the middle of it: it may not like that.
        time.sleep(0.3)
    around.screen.until_bare(_PAINTED_WITHIN)
    return took


def _ready_ms(around: Desktop) -> float:
    """Milliseconds until it is signed in, and so can be called."""
    account, _ = around.account("ready")
    command = (*TWOCAN, "answer", "--window", "--account", str(account))
    with Program(command, around.environment) as program:
        program.event("signed-in")
        took = (time.monotonic() - program.began) * 1000
    around.screen.until_bare(_PAINTED_WITHIN)
    return took


# --- While it waits ------------------------------------------------------------------------------


def idle(suite: Suite, around: Desktop, who: Sequence[str]) -> None:
    """Signed in, with its window on the screen, before any call."""
    if "twocan" not in who:
        return
    account, _ = around.account("idle")
    command = (*TWOCAN, "answer", "--window", "--account", str(account))
    memory, cpu, woken = [], [], []
    for _ in range(IDLE_RUNS):
        with Program(command, around.environment) as program:
            program.event("signed-in")
            time.sleep(IDLE_SECONDS)
            memory.append(pss_mb(program.pid))
            before = processes.cpu_seconds([program.pid]), wakeups(program.pid)
            time.sleep(IDLE_SECONDS)
            after = processes.cpu_seconds([program.pid]), wakeups(program.pid)
        cpu.append((after[0] - before[0]) / IDLE_SECONDS * 100)
        woken.append((after[1] - before[1]) / IDLE_SECONDS)
        around.screen.until_bare(_PAINTED_WITHIN)
    suite.add("idle", "twocan", "pss_mb", memory, "MB", 65)
    suite.add("idle", "twocan", "cpu_percent", cpu, "%", 0.0)
    suite.add("idle", "twocan", "wakeups_per_s", woken, "/s")


# --- In a call -----------------------------------------------------------------------------------


def painting(suite: Suite, around: Desktop, who: Sequence[str]) -> None:
    """1280x720, 30 in a second, in a window in which they are as large."""
    if "twocan" in who:
        found = window_calls.painting(around)
        suite.add("painting", "twocan", "painted_fps", found.fps, "/s", 30)
        suite.add("painting", "twocan", "painting_cpu_percent", found.painting, "%", 10)
        suite.add("painting", "twocan", "cpu_percent", found.whole, "%")


def resizing(suite: Suite, around: Desktop, who: Sequence[str]) -> None:
    """The sound of a call while its window is resized and moved without pause."""
    if "twocan" in who:
        found = window_calls.resizing(around)
        # What a machine does to the sound that has other things to do is in both.
        for name, sound, most in (("let alone", found.alone, None), ("resizing", found.resized, 0)):
            suite.add(name, "twocan", "underflows", [sound.underflows], "", most)
            suite.add(name, "twocan", "late", [sound.late], "", most)
            suite.add(name, "twocan", "concealed_ms", [sound.concealed_ms], "ms", most)
            suite.add(name, "twocan", "heard_gaps", [sound.gaps], "", most)
        suite.add("resizing", "twocan", "moves_per_s", [found.moves_per_s], "/s")


def mute(suite: Suite, around: Desktop, who: Sequence[str]) -> None:
    """From a click on the button to the last frame with voice that goes out."""
    if "twocan" in who:
        found = window_calls.mute(around)
        suite.add("mute", "twocan", "silenced_ms", found, "ms", 20)
        suite.add("mute", "twocan", "silenced_at_worst_ms", [max(found)], "ms")


CASES: dict[str, Callable[[Suite, Desktop, Sequence[str]], None]] = {
    "start": start,
    "idle": idle,
    "painting": painting,
    "resizing": resizing,
    "mute": mute,
}
