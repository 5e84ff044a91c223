"""The pattern: read back from every size, through a coder, and never read wrongly."""

import threading
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmed import looking_at
from twocan.media.pictures.filming import pattern
from twocan.media.pictures.filming.filming import Beat, fit
from twocan.media.pictures.filming.frames import Framing
from twocan.media.pictures.filming.pace import Pace
from twocan.media.pictures.filming.pattern import Mark, Pattern, draw, read
from twocan.media.pictures.picture import Picture, PictureError, Shape

SIZES = [(160, 90), (320, 180), (640, 480), (854, 480), (480, 640), (1280, 720), (1920, 1080)]


def frame_of(picture: Picture) -> av.VideoFrame:
    planes = [np.ravel(plane) for plane in (picture.y, picture.u, picture.v)]
    rows = np.concatenate(planes).reshape(picture.height * 3 // 2, picture.width)
    return av.VideoFrame.from_ndarray(rows, "yuv420p")


def scaled(picture: Picture, width: int, height: int) -> Picture:
    return Framing().picture(frame_of(picture), width, height, picture.at)


@pytest.mark.parametrize("size", SIZES)
def test_the_mark_is_read_back_from_every_size(size: tuple[int, int]) -> None:
    assert read(draw(Mark(70_000, 86_400.125), *size)) == Mark(70_000, 86_400.125)


@pytest.mark.parametrize("size", [(1280, 720), (960, 540), (640, 360), (320, 180), (160, 90)])
def test_and_from_a_scaled_one(size: tuple[int, int]) -> None:
    assert read(scaled(draw(Mark(5, 12.5), 1280, 720), *size)) == Mark(5, 12.5)


@settings(max_examples=60, deadline=None)
@given(frame=st.integers(0, 2**24 - 1), ms=st.integers(0, 2**40 - 1))
def test_any_mark_can_be_said(frame: int, ms: int) -> None:
    assert read(draw(Mark(frame, ms / 1000), 160, 90)) == Mark(frame, ms / 1000)


def test_vp8_at_150_kbit_leaves_every_mark_legible() -> None:
    coder = av.CodecContext.create("libvpx", "w")
    coder.width, coder.height, coder.pix_fmt = 320, 180, "yuv420p"
    coder.time_base, coder.framerate, coder.bit_rate = Fraction(1, 30), Fraction(30), 150_000
    coder.options = {"deadline": "realtime", "cpu-used": "8", "minrate": "150k", "maxrate": "150k"}
    decoder = av.CodecContext.create("vp8", "r")
    framing = Framing()
    size = 0
    for number in range(90):
        mark = Mark(number, 1000 + number * 0.033)
        frame = frame_of(scaled(draw(mark, 1280, 720), 320, 180))
        frame.pts = number
        for packet in coder.encode(frame):
            size += packet.size
            for decoded in decoder.decode(packet):
                picture = framing.picture(decoded, 320, 180, 0)
                assert read(picture) == Mark(number, round(mark.at, 3))
    assert size * 8 < 3 * 200_000


@settings(max_examples=60, deadline=None)
@given(cells=st.sets(st.integers(0, 79), min_size=1, max_size=80))
def test_a_damaged_mark_is_no_mark(cells: set[int]) -> None:
    picture = draw(Mark(3, 4.0), 160, 90)
    for cell in cells:
        row, column = divmod(cell, 20)
        picture.y[row * 8 :, column * 8 :][:8, :8] ^= 0xFF
    found = read(picture)
    # A checksum of 16 bits may fail once in 65,536 times; never so for up to three cells.
    assert found is None or len(cells) > 3


@pytest.mark.parametrize("luma", [0, 16, 128, 235, 255])
def test_what_is_no_pattern_says_nothing(luma: int) -> None:
    chroma = np.full((45, 80), 128, np.uint8)
    assert read(Picture(np.full((90, 160), luma, np.uint8), chroma, chroma, 0)) is None


@pytest.mark.parametrize(("width", "height"), [(2, 2), (40, 40), (640, 20), (80, 2)])
def test_nor_does_what_is_too_small_for_it(width: int, height: int) -> None:
    plane = np.zeros((height, width), np.uint8)
    assert read(Picture(plane, plane, plane, 0)) is None


def test_the_same_mark_is_the_same_picture_and_another_one_is_not() -> None:
    one, again, later = (draw(mark, 640, 360) for mark in (Mark(8, 3), Mark(8, 3), Mark(38, 4)))
    below = slice(640 * 4 // 20, None)
    assert np.array_equal(one.y, again.y)
    assert np.array_equal(one.u, again.u)
    moved = np.abs(one.y[below].astype(int) - later.y[below]) > 20
    assert 0.05 < moved.mean() < 0.6


def test_another_program_draws_the_same() -> None:
    here = draw(Mark(8, 3), 320, 180)
    pattern._scene.cache_clear()  # which is all that a program keeps of it
    there = draw(Mark(8, 3), 320, 180)
    for plane in ("y", "u", "v"):
        assert np.array_equal(getattr(here, plane), getattr(there, plane))


def test_it_films_in_time_and_says_so() -> None:
    with looking_at(Pattern(320, 180, 100)) as audience:
        pictures = audience.wait_for(20)
    marks = [read(picture) for picture in pictures]
    assert all(marks)
    assert [mark.at for mark in marks if mark] == [round(p.at, 3) for p in pictures]
    for (mark, picture), (after, later) in pairwise(zip(marks, pictures, strict=True)):
        assert mark is not None
        assert after is not None
        steps = after.frame - mark.frame
        assert steps >= 1
        assert later.at - picture.at == pytest.approx(steps / 30)


def test_it_is_drawn_in_the_shape_that_is_asked_for() -> None:
    camera = Pattern(640, 480, 60)
    with looking_at(camera, Shape(640, 480, 60)) as audience:
        audience.wait_for_size(640, 480)
        camera.ask(Shape(320, 180, 60))
        assert read(audience.wait_for_size(240, 180)) is not None
        camera.ask(Shape(4000, 4000, 60))
        audience.wait_for_size(640, 480)


def test_it_may_be_closed_by_whom_it_shows_a_picture() -> None:
    camera = Pattern(160, 90, 120)
    seen: list[Picture] = []
    closed = threading.Event()

    def see(picture: Picture) -> None:
        seen.append(picture)
        camera.close()
        closed.set()

    camera.start(see, lambda trouble: None)
    assert closed.wait(10)
    camera.close()
    assert len(seen) == 1


@pytest.mark.parametrize("size", [(0, 0), (79, 79), (5000, 100), (640, 200), (640, 480, 0)])
def test_a_size_without_room_for_it_is_refused(size: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="no pattern of"):
        Pattern(*size)


# --- the clock and the shape of all that film --------------------------------------------------


def test_a_beat_does_not_drift_and_leaves_out_what_was_missed() -> None:
    beat = Beat(100.0)
    assert [beat.next(now, 10) for now in (100.0, 100.1, 100.24)] == pytest.approx(
        [100.1, 100.2, 100.3]
    )
    assert beat.number == 3
    # Stalled for half a second, of which the last two beats are still of use.
    assert beat.next(100.85, 10) == pytest.approx(100.8)
    assert beat.number == 8
    assert beat.next(100.85, 10) == pytest.approx(100.9)


@given(st.floats(1, 120), st.lists(st.floats(0, 0.5), min_size=1, max_size=50))
def test_a_beat_never_goes_back_and_is_never_long_over(rate: float, waits: list[float]) -> None:
    now, beat, last = 0.0, Beat(0.0), 0.0
    for wait in waits:
        now += wait
        at = beat.next(now, rate)
        assert at > last
        assert at > now - 2 / rate - 1e-6
        assert at == pytest.approx(beat.number / rate)
        last = at
        now = max(now, at)


@pytest.mark.parametrize(("rate", "taken"), [(30, 300), (60, 300), (20, 200), (15, 150), (10, 100)])
def test_pictures_are_taken_evenly_at_the_rate_that_is_asked_for(rate: float, taken: int) -> None:
    pace = Pace()
    # As a file has them: rounded to milliseconds.
    times = [at for n in range(300) if pace.lets_through(at := round(n / 30, 3), rate)]
    assert len(times) == taken
    assert max(b - a for a, b in pairwise(times)) < 1.5 / min(rate, 30) + 0.001


def test_after_a_gap_there_is_no_burst() -> None:
    pace = Pace()
    assert pace.lets_through(0, 10)
    assert [n for n in range(30) if pace.lets_through(5 + n / 100, 10)] == [0, 8, 18, 28]


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(16, 1920), st.integers(16, 1080))
def test_a_picture_fits_and_is_even(width: int, height: int, across: int, down: int) -> None:
    fitted = fit(width, height, Shape(across, down, 30))
    assert fitted[0] % 2 == fitted[1] % 2 == 0
    assert 2 <= fitted[0] <= across
    assert 2 <= fitted[1] <= down
    assert fitted[0] <= width + 1
    assert fitted[1] <= height + 1
