"""Calls of the window with a headless phone, through a real supernode: painted, resized, muted."""

import time
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import processes
import sound_devices
from sound_server import SoundServer, Speaker
from window_programs import COUNTED, TWOCAN, Desktop, Program, seconds_of, threads_of
from window_screen import Place

WIDTH, HEIGHT = 1280, 720
CAMERA = f"pattern:{WIDTH}x{HEIGHT}@30"
PAINTING_SECONDS, LOOKS = 3.0, 5
RESIZING_SECONDS, MOVES_PER_SECOND = 10.0, 60
CLICKS = 9

_TONE = "tone:440"
_QTS = ("QXcbEventQueue",)
_SETTLES_WITHIN = 30.0
_SILENT = 200
"""Of 32,767: what is fainter is no voice."""
_PIECE = 480
"""Samples: 10 ms."""
_LOOKS_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Painted:
    """One value a look. CPU in percent of a core."""

    fps: Sequence[float]
    painting: Sequence[float]
    whole: Sequence[float]


@dataclass(frozen=True, slots=True)
class Sounded:
    """What became of the sound for a while. ``gaps``: times that the speaker was silent."""

    underflows: int
    late: int
    concealed_ms: float
    gaps: int


@dataclass(frozen=True, slots=True)
class Resized:
    """The sound of a window that is let alone, and of one that is resized without pause."""

    alone: Sounded
    resized: Sounded
    moves_per_s: float


@dataclass(frozen=True, slots=True)
class _Call:
    window: Program
    far: Program
    place: Place


# --- Painted -------------------------------------------------------------------------------------


def painting(around: Desktop) -> Painted:
    """Looks at a call whose pictures are drawn as large as they are."""
    with _call(around, "painting", far=("--camera", CAMERA)) as call:
        _fill(around, call)
        _until(lambda: call.window.ask("mute") is None, "the controls stay on the picture")
        threads = threads_of(call.window.pid, _QTS)
        looks = [_look(call.window, threads)]
        for _ in range(LOOKS):
            time.sleep(PAINTING_SECONDS)
            looks.append(_look(call.window, threads))
        per_second = [_between(*pair) for pair in pairwise(looks)]
        painted, ours, whole = zip(*per_second, strict=True)
        return Painted([round(fps, 1) for fps in painted], _percent(ours), _percent(whole))


def _look(window: Program, threads: Sequence[int]) -> tuple[float, float, float, float]:
    """When, pictures, and the seconds of CPU of painting and of all, so far."""
    counted = window.ask("counted")
    qts = seconds_of(window.pid, threads=threads)
    whole = seconds_of(window.pid)
    return counted["now"], counted["painted"], qts + counted["converting"], whole


def _between(before: tuple[float, ...], after: tuple[float, ...]) -> tuple[float, float, float]:
    took = after[0] - before[0]
    painted, ours, whole = (
        (then - now) / took for now, then in zip(before[1:], after[1:], strict=True)
    )
    return painted, ours, whole


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]


def _fill(around: Desktop, call: _Call) -> None:
    """Have pictures come in full size, in an active window of that size."""
    around.screen.move(call.place.window, 0, 0, WIDTH, HEIGHT)
    around.screen.focus(call.place.window)
    # Far from all that could be pointed at.
    around.screen.point(WIDTH + 100, HEIGHT + 100)
    whole = [WIDTH, HEIGHT]

    def filled() -> bool:
        counted = call.window.ask("counted")
        return bool(counted["picture"] == counted["size"] == whole)

    _until(filled, "no picture of the whole size came")


# --- Resized -------------------------------------------------------------------------------------


def resizing(around: Desktop) -> Resized:
    """Resizes and moves the window of a call with pictures, whose sound goes to a real device."""
    if missing := sound_devices.missing():
        raise processes.Failed(f"{missing} is not installed")
    with _speaker(around.folder / "sound") as (server, speaker):
        options = ("--speaker", "Ear")
        with _call(
            around, "resizing", far=("--camera", CAMERA), near=options, more=server.environment
        ) as call:
            _fill(around, call)
            alone = _sounded(call.window, speaker, lambda: time.sleep(RESIZING_SECONDS))
            moves: list[int] = []
            resized = _sounded(
                call.window, speaker, lambda: moves.append(_move(around, call.place))
            )
            return Resized(alone, resized, moves[0] / RESIZING_SECONDS)


def _sounded(window: Program, speaker: Speaker, meanwhile: Callable[[], object]) -> Sounded:
    before, heard = _sound(window), len(speaker._ear.heard)
    meanwhile()
    after = _sound(window)
    pieces = [sound for _, sound in speaker._ear.heard[heard:]]
    return Sounded(
        after["underflows"] - before["underflows"],
        round(after["late"] - before["late"]),
        after["concealed_ms"] - before["concealed_ms"],
        _gaps(np.concatenate(pieces)),
    )


@contextmanager
def _speaker(folder: Path) -> Iterator[tuple[SoundServer, Speaker]]:
    try:
        with SoundServer(folder, cables=0) as server:
            yield server, server.plug_speaker("Ear")
    except pytest.fail.Exception as error:
        raise processes.Failed(str(error)) from error


def _sound(window: Program) -> dict[str, Any]:
    call = window.ask("call")
    if call is None:
        raise processes.Failed("the call is over before its time")
    return {**call, "underflows": window.ask("counted")["underflows"]}


def _move(around: Desktop, place: Place) -> int:
    """Ask for another place and size of the window as often as a screen is drawn; how often."""
    began, count = time.monotonic(), 0
    while (now := time.monotonic() - began) < RESIZING_SECONDS:
        # Around in four seconds, and between half and full size in two.
        x, y = (round(150 * (1 + f(now * np.pi / 2))) for f in (np.cos, np.sin))
        share = 0.75 + 0.25 * float(np.sin(now * np.pi))
        around.screen.move(place.window, x, y, round(WIDTH * share), round(HEIGHT * share))
        count += 1
        time.sleep(max(0.0, began + count / MOVES_PER_SECOND - time.monotonic()))
    return count


def _gaps(sound: Any) -> int:
    """How often a tone that does not end breaks off."""
    pieces = np.abs(sound[: sound.size // _PIECE * _PIECE].astype(np.int32)).reshape(-1, _PIECE)
    silent = pieces.max(axis=1) < _SILENT
    return int(np.count_nonzero(silent[1:] & ~silent[:-1]))


# --- Muted ---------------------------------------------------------------------------------------


def mute(around: Desktop) -> list[float]:
    """Milliseconds from each click on "mute" to the last frame with voice that left the encoder."""
    heard = around.folder / "heard.wav"
    times = []
    with _call(around, "mute", far=("--speaker", str(heard))) as call:
        window = call.window
        _until(lambda: _speaks(window), "no voice is sent")
        for _ in range(CLICKS):
            clicked = _click(around, window)
            _until(lambda: not _speaks(window), "a click on mute silences nobody")
            times.append(max(0.0, (window.ask("counted")["voice_at"] - clicked) * 1000))
            _click(around, window)
            _until(lambda: _speaks(window), "a click on mute gives nobody a voice")
    # What was sent is what was heard, but for the end of the call.
    if (silences := _silences(heard)) < CLICKS:
        raise processes.Failed(f"muted {CLICKS} times, heard to be silent {silences} times")
    return times


def _speaks(window: Program) -> bool:
    counted = window.ask("counted")
    return bool(counted["now"] - counted["voice_at"] < _LOOKS_EVERY / 2)


def _click(around: Desktop, window: Program) -> float:
    place = window.ask("mute")
    if place is None:
        raise processes.Failed("there is no button to mute")
    return around.screen.click(*place)


def _silences(file: Path) -> int:
    with wave.open(str(file)) as recorded:
        sound = np.frombuffer(recorded.readframes(recorded.getnframes()), "<i2")
    return _gaps(sound)


# --- Calls ---------------------------------------------------------------------------------------


@contextmanager
def _call(
    around: Desktop,
    name: str,
    *,
    far: Sequence[str],
    near: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> Iterator[_Call]:
    """A call of the window that is up. ``far``, ``near``: options of the other phone, and of the
    window's; ``more``: what else is in its environment."""
    theirs, address = around.account(f"{name}-far")
    ours, _ = around.account(f"{name}-near")
    plain = ("--microphone", _TONE, "--speaker", "null", "--processing", "none")
    answer = (*TWOCAN, "answer", "--account", str(theirs), *plain, *far)
    dial = (*COUNTED, "call", address, "--window", "--account", str(ours), *plain, *near)
    with ExitStack() as stack:
        other = stack.enter_context(Program(answer, around.environment))
        other.event("ready")
        environment = {**around.environment, **(more or {})}
        window = stack.enter_context(Program(dial, environment, spoken_to=True))
        window.event("connected")
        yield _Call(window, other, around.screen.until_window(_SETTLES_WITHIN))


def _until(so: Callable[[], bool], failing: str) -> None:
    last = time.monotonic() + _SETTLES_WITHIN
    while not so():
        if time.monotonic() > last:
            raise processes.Failed(failing)
        time.sleep(_LOOKS_EVERY)
