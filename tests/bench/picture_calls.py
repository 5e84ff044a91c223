"""How one measured call with pictures goes, whoever makes it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

import processes
import speech
from impairment import Impairment
from peers import TwoPrograms, Wire, meet
from picture_clip import Size
from picture_notes import KEEPS_AFTER_SECONDS
from picture_scoring import Way, read
from scoring import Take

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured. ``steps``: seconds, and the kb/s that either way carries meanwhile."""

    name: str
    size: Size
    seconds: float = 30.0
    impairment: Impairment = field(default=Impairment(0, 0))
    steps: Sequence[tuple[float, float]] = ()
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """How one call went. Times are ``time.monotonic``'s; ``kbps`` is UDP payload one way and
    ``cpu_pct`` of one core, both the mean of both ends from ``steady_at`` on."""

    answered_at: float
    said_at: float
    steady_at: float
    ended_at: float
    cpu_pct: float
    kbps: float


class Pair(Protocol):
    """Both ends of a call."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def call(self, wire: Wire) -> float:
        """Until media can flow; when the call was answered."""

    def say(self) -> None: ...

    def stop(self) -> tuple[Way, Way]:
        """What came from the first end to the other, and back."""

    def cpu_seconds(self) -> float:
        """So far, the mean of both ends."""


def watch(pair: Pair, case: Case, seed: str) -> tuple[Course, list[Way]]:
    """One call of a case, and what was seen in it until it ended."""
    with Wire(case.impairment, seed) as wire:
        course = live(pair, wire, case)
        return course, [way.until(course.ended_at) for way in pair.stop()]


def live(pair: Pair, wire: Wire, case: Case) -> Course:
    """The call, as long as the case lasts."""
    if case.steps:
        wire.ask({"kbps": case.steps[0][1]})
    answered_at = pair.call(wire)
    pair.say()
    said_at = time.monotonic()
    _sleep_until(said_at + min(KEEPS_AFTER_SECONDS, case.seconds / 2))
    wire.ask({})
    cpu, steady_at = pair.cpu_seconds(), time.monotonic()
    _step(wire, case, said_at)
    _sleep_until(said_at + case.seconds)
    cpu, ended_at = pair.cpu_seconds() - cpu, time.monotonic()
    took, octets = ended_at - steady_at, sum(wire.ask({}).values()) / 2
    kbps = octets * 8 / took / 1000
    return Course(answered_at, said_at, steady_at, ended_at, 100 * cpu / took, kbps)


def _step(wire: Wire, case: Case, began: float) -> None:
    due = began
    for (lasts, _), (_, kbps) in zip(case.steps, case.steps[1:], strict=False):
        due += lasts
        _sleep_until(due)
        wire.ask({"kbps": kbps})


def _sleep_until(at: float) -> None:
    time.sleep(max(at - time.monotonic(), 0))


class TwoPictureEnds(TwoPrograms):
    """``Pair`` of two that run ``picture_end.py``."""

    def __init__(self, who: str, clip: Path, said: Path, folder: Path) -> None:
        self._said, self._folder = said, folder
        super().__init__(
            _HERE / "picture_end.py",
            *([who, str(clip), str(said), *map(str, self._paths(name))] for name in "ab"),
        )

    def call(self, wire: Wire) -> float:
        # To start a program is no part of a call: both are there once they have answered.
        self.cpu_seconds()
        return meet(self, wire)

    def stop(self) -> tuple[Way, Way]:
        told = [self.ask(end, "stop") for end in (0, 1)]
        for failure in (each["failure"] for each in told):
            if failure:
                raise processes.Failed(failure)
        said = speech.read(self._said)
        paths = [self._paths(name) for name in "ab"]
        a, b = (read(seen) for _, seen in paths)
        to_a, to_b = (speech.read(heard) for heard, _ in paths)
        return (
            Way(a, b, Take(said, told[0]["said_at"], to_b, told[1]["heard_at"])),
            Way(b, a, Take(said, told[1]["said_at"], to_a, told[0]["heard_at"])),
        )

    def _paths(self, name: str) -> tuple[Path, Path]:
        """Where an end writes what it heard and what it saw."""
        return self._folder / f"heard-{name}.wav", self._folder / f"seen-{name}"
