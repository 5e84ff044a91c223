"""Chromium, headless, with pictures: a browser an end, its camera and its microphone files.

Pictures are read from the tracks, the camera's and the far side's; nothing is painted. Both that
and the recorder of sound take CPU time, so what a call costs is measured in one where nothing is
read (``noting``). Sound is recorded as the page hears it, the microphone's as well as the far
side's; on a machine that is too busy one of the two lags, and ``av_skew_ms`` with it.
"""

import base64
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np

import processes
import speech
from chromium_calls import Browser, described, moved, sound_of
from peers import Described, Wire, meet
from picture_clip import Clip
from picture_scoring import Seen, Way, shown_of
from scoring import Sound, Take, Unheard, from_the_start

_PAGE = Path(__file__).with_name("chromium_pictures.html")
_GLANCES = 20


class ChromiumEnd:
    """One end."""

    def __init__(
        self, program: str, clip: Path, said: Path, profile: Path, settings: dict[str, bool]
    ) -> None:
        self._browser = Browser(
            program,
            profile,
            f"--use-file-for-fake-audio-capture={said}%noloop",
            f"--use-file-for-fake-video-capture={clip}",
        )
        try:
            self._page = self._browser.open(_PAGE)
            size = Clip(clip).size
            self.call("ready", size.width, size.height, settings)
            self._clock = self._compare_clocks()
        except BaseException:
            self._browser.close()
            raise

    def close(self) -> None:
        self._browser.close()

    def call(self, function: str, *arguments: Any) -> Any:
        return self._browser.call(self._page, function, *arguments)

    def cpu_seconds(self) -> float:
        return processes.cpu_seconds(processes.tree(self._browser.pid))

    def stop(self) -> tuple[Seen, Sound, Sound, float]:
        """What it noted, what it said and heard, and when the first sample of both was there."""
        told = self.call("stop")
        shown = [(n, self._time(at), width) for n, at, width in told["shown"]]
        kept = [(n, _luma(height, width, octets)) for n, height, width, octets in told["kept"]]
        said, heard = map(sound_of, told["sound"])
        seen = Seen(self._filmed(told["filmed"]), shown_of(shown), kept)
        return seen, said, heard, self._time(told["began"])

    def _filmed(self, told: list[tuple[int, float, float]]) -> list[tuple[int, float]]:
        """A picture may be read late, but never early; how far they lie apart its own time says."""
        first = min((at - own for _, at, own in told), default=0.0)
        return [(number, self._time(own + first)) for number, _, own in told]

    def _time(self, told: float) -> float:
        """In seconds of ``time.monotonic``."""
        return told / 1000 + self._clock

    def _compare_clocks(self) -> float:
        """How many seconds ``time.monotonic`` is ahead of the page's clock."""
        glances: list[tuple[float, float]] = []
        for _ in range(_GLANCES):
            began = time.monotonic()
            told = self.call("now")
            took = time.monotonic() - began
            glances.append((took, began + took / 2 - told / 1000))
        return min(glances)[1]


class ChromiumPicturePair:
    """``picture_calls.Pair`` of Chromium.

    Its settings: ``noting``: what it shows can be had from ``stop``. ``steady``: it keeps the size
    of its pictures, as it does not by itself.
    """

    def __init__(
        self, program: str, clip: Path, said: Path, folder: Path, settings: dict[str, bool]
    ) -> None:
        self._said = said
        self._ends: list[ChromiumEnd] = []
        with ExitStack() as starting:
            for name in "ab":
                end = ChromiumEnd(program, clip, said, folder / f"profile-{name}", settings)
                starting.callback(end.close)
                self._ends.append(end)
            self._stack = starting.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def call(self, wire: Wire) -> float:
        return meet(self, wire)

    def offer(self) -> Described:
        return described(self._ends[0].call("offer"))

    def answer(self, offer: Described) -> Described:
        return described(self._ends[1].call("answer", moved(offer)))

    def connect(self, answer: Described) -> None:
        self._ends[0].call("connect", moved(answer))
        self._ends[1].call("connect", None)

    def say(self) -> None:
        for end in self._ends:
            end.call("say")

    def cpu_seconds(self) -> float:
        return sum(end.cpu_seconds() for end in self._ends) / 2

    def stop(self) -> tuple[Way, Way]:
        a, b = (end.stop() for end in self._ends)
        return self._way(a, b), self._way(b, a)

    def _way(
        self, one: tuple[Seen, Sound, Sound, float], other: tuple[Seen, Sound, Sound, float]
    ) -> Way:
        (filming, said, _, said_at), (showing, _, heard, heard_at) = one, other
        try:
            take = from_the_start(Take(said, said_at, heard, heard_at), speech.read(self._said))
        except Unheard:
            take = None
        return Way(filming, showing, take)


def _luma(height: int, width: int, octets: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(base64.b64decode(octets), np.uint8).reshape(height, width)
