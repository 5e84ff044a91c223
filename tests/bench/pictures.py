"""How good the pictures of calls are, how late and at what cost, beside the peers.

All film the same clip and hum the same sound, through the same network (``wire.py``), and are
judged alike (``picture_scoring.py``). One call is measured at a time, for its CPU time counts.
``CASES`` and ``WHO``, names with commas between them, choose some in the environment.

All speak as well as show, and what that costs is in their figures. aiortc and Chromium are as they
come, but that in the cases where pictures are compared Chromium is asked to keep their size: by
itself it takes half a minute to send the size that it is given. How much each sends, ``kbps``, is
its own choice: Chromium's most is 1.7 Mb/s at 480p and 2.5 Mb/s at 720p, aiortc's 1.5 Mb/s.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import chromium_calls
import marks
import picture_selfcheck
import processes
import speech
from chromium_pictures import ChromiumPicturePair
from impairment import Impairment
from peers import Wire
from picture_calls import Case, TwoPictureEnds, live, watch
from picture_clip import Clip, ClipError, Size, make
from picture_figures import Figures, Unseen, figures
from rows import Suite
from selfcheck import Untrue

SMALL, LARGE = Size(640, 480), Size(1280, 720)
STEPS = ((15.0, 2000.0), (15.0, 400.0), (20.0, 2000.0))
"""Seconds, and kb/s."""

COMPARED = (Case("480p", SMALL), Case("720p", LARGE))
LOSSY = Case("720p 2%/30", LARGE, impairment=Impairment(2, 30))
STEP = Case("720p step", LARGE, seconds=sum(lasts for lasts, _ in STEPS), steps=STEPS)
JOIN = Case("720p join", LARGE, seconds=3, runs=3)
CASES = (*COMPARED, LOSSY, STEP, JOIN)
_LASTS_LONGEST = max(case.seconds for case in CASES)

_TRIES = 2
"""A machine may be too busy once."""

_UNITS = {
    "cpu_pct": "% of a core",
    "fps": "1/s",
    "kbps": "kb/s",
    "width": "px",
    "glass_ms": "ms",
    "freezes": "1/min",
    "freeze_ms": "ms",
    "ssim": "",
    "av_skew_ms": "ms",
    "first_frame_ms": "ms",
    "sound_gap_ms": "ms",
    "back_s": "s",
}
_BUDGETS = {
    ("480p", "cpu_pct"): 18.0,
    ("720p", "cpu_pct"): 33.0,
    ("480p", "glass_ms"): 80.0,
    ("720p", "glass_ms"): 80.0,
    (LOSSY.name, "freezes"): 1.0,
    (STEP.name, "freeze_ms"): 1000.0,
    (STEP.name, "sound_gap_ms"): 0.0,
    (STEP.name, "back_s"): 10.0,
    (JOIN.name, "first_frame_ms"): 250.0,
}
_SKEW_MS = 45.0

_PEERS = ("aiortc", "chromium", "twocan")
Run = Callable[[Case, Path, str], Figures]


def measure(suite: Suite) -> None:
    """Fill ``suite``."""
    cases, who = _chosen("CASES", [case.name for case in CASES]), _chosen("WHO", _PEERS)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.wav"
        speech.write(said, marks.say(_LASTS_LONGEST))
        try:
            clips = {size: _clip(Path(folder), size) for size in (SMALL, LARGE)}
            picture_selfcheck.check(Clip(clips[LARGE]))
        except (ClipError, Untrue) as error:
            sys.exit(str(error))
        peers = _peers(said, Path(folder), who)
        for case in (case for case in CASES if case.name in cases):
            for name, run in peers.items():
                _add(suite, case, name, _runs(run, case, clips[case.size], name))


def _chosen(variable: str, names: Sequence[str]) -> Sequence[str]:
    chosen = os.environ.get(variable)
    if not chosen:
        return names
    wanted = [name.strip() for name in chosen.split(",")]
    if unknown := [name for name in wanted if name not in names]:
        sys.exit(f"{variable}: there is no {', '.join(unknown)}; there is {', '.join(names)}")
    return wanted


def _clip(folder: Path, size: Size) -> Path:
    path = folder / f"{size.height}.y4m"
    make(path, size)
    return path


def _peers(said: Path, folder: Path, who: Sequence[str]) -> dict[str, Run]:
    """How to measure each of those that are here. Twocan is the last: it is held to the others."""
    peers: dict[str, Run] = {"aiortc": partial(_run_ours, "aiortc", said, folder)}
    if program := chromium_calls.installed():
        peers["chromium"] = partial(_run_chromium, program, said)
    elif "chromium" in who:
        print("chromium is not installed: it is left out", file=sys.stderr)
    peers["twocan"] = partial(_run_ours, "twocan", said, folder)
    return {name: run for name, run in peers.items() if name in who}


def _run_ours(who: str, said: Path, folder: Path, case: Case, clip: Path, seed: str) -> Figures:
    with TwoPictureEnds(who, clip, said, folder) as pair:
        return figures(*watch(pair, case, seed), case, Clip(clip))


def _run_chromium(program: str, said: Path, case: Case, clip: Path, seed: str) -> Figures:
    with _chromium(program, said, case, clip, noting=True) as pair:
        found = figures(*watch(pair, case, seed), case, Clip(clip))
    # In it is what it costs to read pictures and to record sound.
    found.pop("cpu_pct", None)
    if case not in COMPARED:
        return found
    with (
        _chromium(program, said, case, clip, noting=False) as pair,
        Wire(case.impairment, seed) as wire,
    ):
        return found | {"cpu_pct": live(pair, wire, case).cpu_pct}


@contextmanager
def _chromium(
    program: str, said: Path, case: Case, clip: Path, *, noting: bool
) -> Iterator[ChromiumPicturePair]:
    settings = {"noting": noting, "steady": case in (*COMPARED, LOSSY)}
    with (
        tempfile.TemporaryDirectory() as profiles,
        ChromiumPicturePair(program, clip, said, Path(profiles), settings) as pair,
    ):
        yield pair


def _runs(run: Run, case: Case, clip: Path, who: str) -> list[Figures]:
    """The figures of each call; of those that failed twice there are none."""
    done = []
    for number in range(case.runs):
        for _ in range(_TRIES):
            try:
                done.append(run(case, clip, str(60 + number)))
                break
            except (processes.Failed, Unseen) as error:
                print(f"{case.name}, {who}: {error}", file=sys.stderr)
    return done


def _add(suite: Suite, case: Case, who: str, runs: Sequence[Figures]) -> None:
    for metric, unit in _UNITS.items():
        if values := [run[metric] for run in runs if metric in run]:
            budget = _budget(suite, case.name, metric) if who == "twocan" else None
            suite.add(case.name, who, metric, values, unit, budget)


def _budget(suite: Suite, case: str, metric: str) -> float | None:
    """What Twocan is held to."""
    if metric == "av_skew_ms":
        return _SKEW_MS
    if metric == "ssim" and case in [compared.name for compared in COMPARED]:
        theirs = [
            row.value
            for row in suite.rows
            if (row.case, row.who, row.metric) == (case, "chromium", metric)
        ]
        return max(theirs, default=None)
    return _BUDGETS.get((case, metric))
