"""How good calls sound, how late and at what cost, beside the peers, through bad networks.

Every peer says the same speech through the same network (``wire.py``) and is judged alike
(``scoring.py``). One call is measured at a time, for its CPU time counts.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import chromium_calls
import echo_room
import processes
import scoring
import selfcheck
import sound_devices
import speech
from impairment import Impairment
from peers import TwoEnds, converse
from plot import Panel, draw
from rows import FOLDER, Suite

CASES = (
    Impairment(0, 0),
    Impairment(1, 0),
    Impairment(5, 30),
    Impairment(10, 60),
    Impairment(5, 30, burst=3),
    Impairment(20, 0),
)

SEEDS = ("60",)
"""One call a seed. With 60, 322 and 241 what is lost of one call's packets is within a tenth of
what each case says; other seeds are as random and less like their case."""

_TRIES = 2
"""A machine may be too busy once."""

_PESQ = {"0/0": 4.3, "5/30": 4.15, "10/60": 4.0, "5/30 burst 3": 3.7}
_DELAY_MS = {"0/0": 45, "5/30": 90, "10/60": 120, "5/30 burst 3": 130}
_MOUTH_TO_EAR_MS = {Impairment(0, 0): 95, Impairment(5, 30): 130}
_DEVICE_TURNS = 3
_CPU_PCT = 4
_CPU_ROOM_PCT = 6
"""With echo cancelling."""
_ROOM_BUDGETS = {
    ("echo +100 ppm", "erle_db"): 35,
    ("echo -100 ppm", "erle_db"): 35,
    ("echo 18 dB under", "double_talk_stoi"): 0.8,
}
_ROOM_UNITS = {"_db": "dB", "_ms": "ms", "_pesq": "MOS", "_us_per_block": "us"}
_KBPS_CLEAN, _KBPS_REDUNDANT = 40, 75

_UNITS = {
    "pesq_wb": "MOS",
    "stoi": "",
    "delay_ms": "ms",
    "silence_ms": "ms",
    "cpu_pct": "% of a core",
    "kbps": "kb/s",
}
_PANELS = (
    Panel("pesq_wb", "Quality: PESQ, wideband", floor=1, ceiling=5, digits=2),
    Panel("delay_ms", "Delay from capture to playout"),
    Panel("stoi", "Intelligibility: STOI", floor=0.6, ceiling=1, digits=2),
    Panel("silence_ms", "Speech that came out as silence"),
    Panel("cpu_pct", "CPU of one end", digits=1),
    Panel("kbps", "Bit rate on the wire, one way"),
)

Figures = dict[str, float]
Start = Callable[[], TwoEnds | chromium_calls.ChromiumPair]


def measure(suite: Suite) -> None:
    """Fill ``suite``, and draw it."""
    try:
        said = speech.say()
        selfcheck.check(said)
    except (speech.SpeechError, selfcheck.Untrue) as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        speech.write(file, said)
        peers = _peers(file, Path(folder))
        for impairment in CASES:
            for who, start in peers.items():
                _add(suite, impairment, who, _runs(start, impairment, who))
    _draw(suite)
    _devices(suite, said)
    _rooms(suite)


def _peers(said: Path, folder: Path) -> dict[str, Start]:
    """How to start each of those that are here. Twocan is the last: it is held to the others."""
    peers: dict[str, Start] = {"aiortc": lambda: TwoEnds("aiortc", said, folder)}
    if program := chromium_calls.installed():
        peers["chromium"] = lambda: chromium_calls.ChromiumPair(program, said, folder)
    else:
        print("chromium is not installed: it is left out", file=sys.stderr)
    return peers | {"twocan": lambda: TwoEnds("twocan", said, folder)}


def _runs(start: Start, impairment: Impairment, who: str) -> list[Figures]:
    """The figures of one call a seed; of those that failed twice there are none."""
    tries = ((seed, trial) for seed in SEEDS for trial in range(_TRIES))
    figures: dict[str, Figures] = {}
    for seed, _ in tries:
        if seed in figures:
            continue
        try:
            figures[seed] = _run(start, impairment, seed)
        except (processes.Failed, scoring.Unheard) as error:
            print(f"{impairment.case}, {who}: {error}", file=sys.stderr)
    return list(figures.values())


def _run(start: Start, impairment: Impairment, seed: str) -> Figures:
    with start() as pair:
        call = converse(pair, impairment, seed, speech.SECONDS)
    score = scoring.judge(call.take, speech.turns())
    return {
        "pesq_wb": score.pesq_wb,
        "stoi": score.stoi,
        "delay_ms": score.delay_ms,
        "silence_ms": score.silence_ms,
        "cpu_pct": call.cpu_pct,
        "kbps": call.kbps,
    }


def _add(suite: Suite, impairment: Impairment, who: str, runs: Sequence[Figures]) -> None:
    for metric, unit in _UNITS.items():
        if runs:
            budget = _budget(suite, impairment.case, metric) if who == "twocan" else None
            suite.add(impairment.case, who, metric, [run[metric] for run in runs], unit, budget)


def _budget(suite: Suite, case: str, metric: str) -> float | None:
    """What Twocan is held to."""
    match metric:
        case "pesq_wb":
            theirs = [
                row.value
                for row in suite.rows
                if (row.case, row.who, row.metric) == (case, "chromium", metric)
            ]
            return max([*theirs, *filter(None, [_PESQ.get(case)])], default=None)
        case "delay_ms":
            return _DELAY_MS.get(case)
        case "cpu_pct":
            return _CPU_PCT
        case "kbps":
            return _KBPS_CLEAN if case == "0/0" else _KBPS_REDUNDANT
    return None


def _devices(suite: Suite, said: speech.Sound) -> None:
    """From mouth to ear."""
    if program := sound_devices.missing():
        print(f"{program} is not installed: calls through devices are left out", file=sys.stderr)
        return
    turns = speech.turns()[:_DEVICE_TURNS]
    spoken = said[: turns[-1].stop]
    for impairment, budget in _MOUTH_TO_EAR_MS.items():
        case = f"devices {impairment.case}"
        with tempfile.TemporaryDirectory() as folder:
            try:
                with (
                    sound_devices.rooms(Path(folder)) as rooms,
                    sound_devices.DevicePair(rooms, spoken) as pair,
                ):
                    call = converse(pair, impairment, SEEDS[0], sound_devices.UNSAID_SECONDS)
                score = scoring.judge(call.take, turns)
            except (processes.Failed, scoring.Unheard) as error:
                print(f"{case}: {error}", file=sys.stderr)
                continue
        suite.add(case, "twocan", "delay_ms", [score.delay_ms], "ms", budget)
        suite.add(case, "twocan", "pesq_wb", [score.pesq_wb], "MOS")
        suite.add(case, "twocan", "silence_ms", [score.silence_ms], "ms")
        suite.add(case, "twocan", "cpu_pct", [call.cpu_pct], _UNITS["cpu_pct"], _CPU_ROOM_PCT)


def _rooms(suite: Suite) -> None:
    """What echo, noise and double talk come to in a simulated room."""
    for case, figures in echo_room.figures().items():
        for metric, value in figures.items():
            unit = next((u for end, u in _ROOM_UNITS.items() if metric.endswith(end)), "")
            suite.add(case, "twocan", metric, [value], unit, _ROOM_BUDGETS.get((case, metric)))


def _draw(suite: Suite) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    note = (
        "Case: packets lost in % (burst: so many in a row), and the most that one is late in ms. "
        "Same speech, same network."
    )
    drawn = draw("How calls sound, and what they cost", note, _PANELS, suite.rows)
    (FOLDER / "sound.svg").write_text(drawn)
