"""What is seen and heard as a WebM file: in step to the millisecond, valid however it ends."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from twocan.media.pictures.filming.frames import Framing
from twocan.media.pictures.filming.pattern import Mark, draw, read
from twocan.media.pictures.picture import Coded, Picture, PictureError
from twocan.media.pictures.webm import NoScreen, SoundLine, WebmFile
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples

Sound = npt.NDArray[np.floating]

START = 5000.0
"""A time of the call, at which its first picture is shown."""


def coded(marks: Sequence[Mark], size: tuple[int, int] = (320, 180)) -> list[tuple[Picture, Coded]]:
    """The pattern as VP8; the first is a key frame."""
    coder = av.CodecContext.create("libvpx", "w")
    coder.width, coder.height, coder.pix_fmt = *size, "yuv420p"
    coder.time_base, coder.bit_rate = Fraction(1, 1000), 600_000
    coder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    made = []
    for mark in marks:
        picture = draw(mark, *size)
        planes = np.concatenate([p.ravel() for p in (picture.y, picture.u, picture.v)])
        rows = planes.reshape(size[1] * 3 // 2, size[0])
        frame = av.VideoFrame.from_ndarray(rows, "yuv420p")
        frame.pts = round(mark.at * 1000)
        (packet,) = coder.encode(frame)
        timestamp = round(mark.at * 90_000) & 0xFFFFFFFF
        made.append((picture, Coded(bytes(packet), timestamp, packet.is_keyframe)))
    return made


def a_second_each(count: int, rate: int = 30) -> list[Mark]:
    return [Mark(n, START + n / rate) for n in range(count)]


def film(count: int) -> list[tuple[Picture, Coded]]:
    """So many pictures of `a_second_each`."""
    return _film()[:count]


@cache
def _film() -> list[tuple[Picture, Coded]]:
    return coded(a_second_each(100))


def clicks(begin: float, seconds: float, *, pace: float = 1.0) -> list[tuple[Samples, float]]:
    """Blocks with a click at every whole half second; ``pace``: of the sound card's clock."""
    blocks = []
    for number in range(round(seconds * 100)):
        at = begin + number * BLOCK / SAMPLE_RATE / pace
        times = at + np.arange(BLOCK) / SAMPLE_RATE / pace
        away = times - np.round(times * 2) / 2
        tone = np.sin(2 * np.pi * 2000 * away) * (np.abs(away) < 0.002)
        blocks.append(((tone * 20000).astype(np.int16), at))
    return blocks


def record(
    path: Path, pictures: Sequence[tuple[Picture, Coded]], sound: Sequence[tuple[Samples, float]]
) -> None:
    screen = WebmFile(path, refused)
    waiting = list(pictures)
    for block, at in sound:
        while waiting and waiting[0][0].at <= at:
            screen.show(*waiting.pop(0))
        screen.hear(block, at)
    for picture, data in waiting:
        screen.show(picture, data)
    screen.close()


def refused(error: PictureError) -> None:
    raise AssertionError(error)


def seen(path: Path) -> list[tuple[float, Mark | None, tuple[int, int]]]:
    """The pictures of a file: when each is shown, what it says of itself, and its size."""
    framing = Framing()
    with av.open(str(path)) as container:
        return [
            (
                float(frame.time or 0),
                read(framing.picture(frame, frame.width, frame.height, 0)),
                (frame.width, frame.height),
            )
            for frame in container.decode(video=0)
        ]


def heard(path: Path) -> tuple[Sound, float]:
    """The sound of a file as one piece, and when it begins."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    for frame, after in pairwise(frames):
        assert frame.time is not None
        assert after.time == pytest.approx(frame.time + frame.samples / SAMPLE_RATE, abs=0.002)
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return samples, float(frames[0].time or 0)


def clicked(samples: Sound, begin: float = 0.0) -> list[float]:
    """When clicks are heard, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 0.15)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > SAMPLE_RATE // 10) + 1)
    return [begin + float(group[0] + group[-1]) / 2 / SAMPLE_RATE for group in groups]


def test_pictures_and_sound_are_in_step_to_the_millisecond(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    record(path, film(90), clicks(START - 1, 4))
    shown = seen(path)
    assert len(shown) == 90
    for at, mark, _ in shown:
        assert mark is not None
        assert at == pytest.approx(mark.at - START, abs=0.0011)
    # Half seconds of the call are half seconds of the file.
    assert clicked(*heard(path))[1:6] == pytest.approx([0.5, 1, 1.5, 2, 2.5], abs=0.001)


@pytest.mark.parametrize("pace", [0.9995, 1.0005])
def test_also_with_a_sound_card_that_runs_fast_or_slow(pace: float) -> None:
    line = SoundLine(START)
    sound = clicks(START, 30.2, pace=pace)
    samples = np.concatenate([part for block, at in sound for part in line.placed(block, at)])
    assert clicked(samples / 32768)[1:60] == pytest.approx(
        [n / 2 for n in range(1, 60)], abs=0.0015
    )


def test_and_after_a_silence_in_which_nothing_was_played(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    sound = clicks(START, 1.2) + clicks(START + 2.3, 1)
    record(path, film(90), sound)
    assert clicked(*heard(path))[1:] == pytest.approx([0.5, 1, 2.5, 3], abs=0.001)


def test_a_file_begins_with_the_first_key_frame(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    first, second = film(5), coded(a_second_each(40)[10:])
    record(path, first[1:] + second, clicks(START, 1))
    assert [mark.frame for _, mark, _ in seen(path) if mark] == list(range(10, 40))
    with av.open(str(path)) as container:
        assert next(container.demux(video=0)).is_keyframe


def test_the_coded_pictures_are_written_as_they_came(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    pictures = film(20)
    record(path, pictures, [])
    with av.open(str(path)) as container:
        assert [bytes(packet) for packet in container.demux(video=0) if packet.size] == [
            coded.data for _, coded in pictures
        ]


def test_a_change_of_size_in_mid_file_is_shown_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    marks = a_second_each(20)
    record(path, coded(marks[:10], (320, 180)) + coded(marks[10:], (640, 360)), [])
    shown = seen(path)
    assert [size for _, _, size in shown] == [(320, 180)] * 10 + [(640, 360)] * 10
    assert [mark for _, mark, _ in shown] == [Mark(m.frame, round(m.at, 3)) for m in marks]


def test_times_that_do_not_grow_are_made_to(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    pictures = coded([Mark(n, START) for n in range(3)])
    record(path, pictures, [])
    assert [at for at, _, _ in seen(path)] == pytest.approx([0, 0.001, 0.002])


def test_without_a_picture_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    record(path, [], clicks(START, 1))
    assert not path.exists()


def test_without_a_picture_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    path.write_bytes(b"an earlier call")
    record(path, [], clicks(START, 1))
    assert path.read_bytes() == b"an earlier call"


def test_nothing_is_left_of_a_longer_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    path.write_bytes(bytes(1_000_000))
    pictures = coded([Mark(n, START + n / 30) for n in range(3)])
    record(path, pictures, [])
    assert len(seen(path)) == 3
    assert path.stat().st_size < 500_000


def test_a_file_that_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"call\.webm cannot be written: No such file"):
        WebmFile(tmp_path / "nowhere" / "call.webm", refused)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_a_full_disk_is_told_once_and_the_call_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    path.symlink_to("/dev/full")
    troubles: list[PictureError] = []
    screen = WebmFile(path, troubles.append)
    for picture, data in film(60):
        screen.show(picture, data)
    screen.close()
    assert len(troubles) == 1
    assert "No space left on device" in str(troubles[0])
    screen.show(picture, data)
    screen.close()


def test_a_disk_that_does_not_keep_up_costs_pictures_and_no_time(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    os.mkfifo(path)
    # Whoever writes to a pipe that nobody reads waits.
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    screen = WebmFile(path, lambda error: None)
    key, delta = film(2)
    big = Coded(key[1].data + bytes(200_000), 0, key=True)
    for _ in range(700):
        screen.show(key[0], big)
        screen.show(delta[0], delta[1])
    assert screen.dropped > 0
    os.close(reader)
    screen.close()


KILLED = """
import pickle, sys, time
from pathlib import Path
from twocan.media.pictures.webm import WebmFile
pictures, sound, path = pickle.load(sys.stdin.buffer)
screen = WebmFile(Path(path), print)
for (block, at) in sound:
    screen.hear(block, at)
    while pictures and pictures[0][0].at <= at:
        screen.show(*pictures.pop(0))
print("written", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_a_file_that_plays(tmp_path: Path) -> None:
    path = tmp_path / "call.webm"
    work = pickle.dumps((film(100), clicks(START, 3.4), str(path)))
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(work)
        process.stdin.close()
        assert process.stdout.readline() == b"written\n"
        wait_for_a_second_and_a_half(path)
        process.send_signal(signal.SIGKILL)
    shown = seen(path)
    assert shown[-1][0] > 1.5
    assert all(mark for _, mark, _ in shown)
    assert len(heard(path)[0]) > 1.5 * SAMPLE_RATE


def wait_for_a_second_and_a_half(path: Path) -> None:
    """Until more than that of each is in the file."""
    while length(path) <= 1.5:
        time.sleep(0.05)


def length(path: Path) -> float:
    """Seconds for which a file that grows has both so far."""
    try:
        return min(seen(path)[-1][0], len(heard(path)[0]) / SAMPLE_RATE)
    except (av.FFmpegError, IndexError, ValueError):  # nothing yet
        return 0.0


def test_nobody_looks_at_no_screen() -> None:
    screen = NoScreen()
    for picture, data in film(3):
        screen.show(picture, data)
    screen.hear(np.zeros(BLOCK, np.int16), START)
    screen.close()
    assert screen.shown == 3


def test_a_line_of_sound_has_every_sample_once_where_the_clock_is_right() -> None:
    line = SoundLine(START)
    block = np.arange(BLOCK, dtype=np.int16)
    parts = [part for n in range(100) for part in line.placed(block, START + n / 100)]
    assert np.array_equal(np.concatenate(parts), np.tile(block, 100))


def test_what_was_heard_before_the_line_begins_is_cut_off_to_the_sample() -> None:
    line = SoundLine(START)
    block = np.arange(BLOCK, dtype=np.int16)
    assert line.placed(block, START - 0.5) == []
    (part,) = line.placed(block, START - 0.004)
    assert np.array_equal(part, block[192:])
