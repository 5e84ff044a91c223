"""What `make call` runs: the whole of it, and that nothing of it stays."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from first_call import has_display, pictures_verdict, told, window_verdict
from twocan.media.pictures.filming.pattern import Mark, draw

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where everything is kept; short, since a socket's path is."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def first_call(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        [sys.executable, ROOT / "build" / "first_call.py"],
        env={**os.environ, "TMPDIR": str(folder), "HEADLESS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        try:
            yield running
        finally:
            running.terminate()


def seen(running: "subprocess.Popen[str]", step: str) -> None:
    """Wait until it says that it is at `step`."""
    assert running.stderr
    assert any(step in line for line in iter(running.stderr.readline, ""))


def at_work_in(folder: Path, name: str = "") -> dict[int, str]:
    """By id, the command lines of what runs, was told of `folder`, and is called `name`."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile
            continue
        if str(folder) in line and name in line:
            found[int(process.name)] = line
    return found


@pytest.mark.timeout(200)
def test_the_same_speech_and_pictures_come_back_and_nothing_stays(folder: Path) -> None:
    # A machine that stops for a second leaves a gap in one of them.
    for _ in range(3):
        with first_call(folder) as running:
            said, shown = running.communicate(timeout=60)
        if "did not come back" not in said:
            break

    assert running.returncode == 0, said + shown
    assert "The same speech came back" in said
    assert "The same pictures came back" in said
    assert "verification" in said
    assert "Traceback" not in shown
    assert list(folder.iterdir()) == []
    assert at_work_in(folder) == {}


@pytest.mark.parametrize(
    ("step", "number"),
    [
        ("Starting a supernode", signal.SIGINT),
        ("Starting an echo phone", signal.SIGTERM),
        ("Calling", signal.SIGHUP),
    ],
)
def test_told_to_stop_it_leaves_nothing(folder: Path, step: str, number: signal.Signals) -> None:
    with first_call(folder) as running:
        seen(running, step)
        running.send_signal(number)
        said, shown = running.communicate(timeout=50)

    assert running.returncode == 130, said + shown
    assert shown.endswith("Stopped.\n")
    assert "Traceback" not in shown
    assert list(folder.iterdir()) == []
    assert at_work_in(folder) == {}


def test_killed_it_still_leaves_nothing_running(folder: Path) -> None:
    with first_call(folder) as running:
        seen(running, "Calling")
        assert at_work_in(folder)
        running.kill()

    deadline = time.monotonic() + 40
    while at_work_in(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert at_work_in(folder) == {}


def test_a_supernode_that_dies_is_named(folder: Path) -> None:
    with first_call(folder) as running:
        seen(running, "Starting a supernode")
        deadline = time.monotonic() + 40
        while not (nodes := at_work_in(folder, "twocan-supernode run")):
            assert time.monotonic() < deadline
        for node in nodes:
            os.kill(node, signal.SIGKILL)
        said, shown = running.communicate(timeout=50)

    assert running.returncode == 1, said + shown
    assert "The call could not be made: twocan-supernode ended with code -9" in shown
    assert at_work_in(folder) == {}


def test_the_report_is_told_with_units() -> None:
    report = {
        "event": "report",
        "outcome": "completed",
        "times_ms": {"ringing": 8.24, "first_video": None},
        "audio": {"sent": {"packets": 3, "bitrate_kbps": 32.0}, "received": {"level_dbfs": -21.0}},
        "video": {"sent": {"packets": 0, "fps": 0.0}, "received": None},
        "path": {"remote": "127.0.0.1:9", "relayed": False},
    }
    assert list(told(report)) == [
        "  outcome         completed",
        "  times           ringing 8.2 ms",
        "  audio sent      packets 3, bitrate 32.0 kb/s",
        "  audio received  level -21.0 dBFS",
        "  path            remote 127.0.0.1:9, relayed no",
    ]


# --- what came of the pictures


def filmed(path: Path, numbers: Iterable[int | None]) -> Path:
    """The film of a call: pictures of the pattern of these numbers, or grey ones, and silence."""
    with av.open(str(path), "w") as film:
        pictures, sound = film.add_stream("libvpx", 25), film.add_stream("libopus", 48000)
        assert isinstance(pictures, VideoStream)
        assert isinstance(sound, AudioStream)
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        pictures.bit_rate, sound.layout = 2_000_000, "mono"
        for at, number in enumerate(numbers):
            frame = av.VideoFrame.from_ndarray(planes(number), "yuv420p")
            frame.pts, frame.time_base = at, Fraction(1, 25)
            film.mux(pictures.encode(frame))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.int16), "s16", "mono")
        silence.sample_rate, silence.pts = 48000, 0
        for last in (pictures.encode(None), sound.encode(silence), sound.encode(None)):
            film.mux(last)
    return path


def planes(number: int | None) -> Any:
    if number is None:
        return np.full((270, 320), 128, np.uint8)
    picture = draw(Mark(number, 0.0), 320, 180)
    return np.concatenate([p.ravel() for p in (picture.y, picture.u, picture.v)]).reshape(270, 320)


@pytest.mark.parametrize(
    ("environment", "system", "window"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "HEADLESS": "1"}, "linux", False),
        ({}, "darwin", True),
        ({"HEADLESS": "1"}, "darwin", False),
    ],
)
def test_the_window_calls_where_it_would_be_seen(
    environment: dict[str, str], system: str, window: bool
) -> None:
    assert has_display(environment, system) is window


@pytest.mark.parametrize(
    ("code", "level", "verdict", "words"),
    [
        (0, -30.0, 0, "Sound came back"),
        (0, -127.0, 1, "only silence"),
        (0, None, 1, "only silence"),
        (1, None, 1, "no-answer"),
    ],
)
def test_it_was_a_call_only_if_sound_came_back(
    code: int, level: float | None, verdict: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {"reason": "no-answer", "audio": {"received": {"level_dbfs": level}}}
    assert window_verdict(code, report) == verdict
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([0, 1, 3, 4, 6], "The same pictures came back: 5 of 8, 127 ms after they were filmed."),
        ([0, 1, 3], "The pictures did not come back as they were sent (3 of 8)."),
        ([0, 1, 3, 2, 4, 5], "The pictures did not come back as they were sent (6 of 8)."),
        ([0, 1, 1, 3, 4, 5], "The pictures did not come back as they were sent (6 of 8)."),
        ([None] * 8, "The pictures did not come back as they were sent (0 of 8)."),
    ],
)
def test_whether_the_same_pictures_came_back_is_said(
    tmp_path: Path, numbers: list[int | None], words: str
) -> None:
    video = {"sent": {"frames": 8}, "received": {"glass_to_glass_ms": 127.3}}
    assert pictures_verdict(filmed(tmp_path / "seen.webm", numbers), video) == words


def test_that_no_picture_came_back_is_said(tmp_path: Path) -> None:
    video = {"sent": {"frames": 8}, "received": {}}
    assert pictures_verdict(tmp_path / "seen.webm", video) == "No picture came back."
