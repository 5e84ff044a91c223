"""The camera and the screen that a person chose, by their names; and the mirror."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from filmed import looking_at
from twocan.media.pictures import chosen, sources
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.chosen import ChosenSights, mirrored
from twocan.media.pictures.filming.pattern import Pattern
from twocan.media.pictures.picture import Coded, Picture, PictureError, Shape
from twocan.media.pictures.webm import NoScreen, WebmFile

CODED = Coded(b"", 0, key=True)


def grey(at: float = 1.0) -> Picture:
    y, half = np.full((90, 160), 128, np.uint8), np.full((45, 80), 128, np.uint8)
    return Picture(y, half, half.copy(), at)


def test_a_camera_and_a_screen_are_opened_for_each_call() -> None:
    sights = ChosenSights("pattern:160x90@15", "null").sights()
    first, second = sights.camera(), sights.camera()
    assert isinstance(first, Pattern)
    assert first is not second
    assert isinstance(sights.screen(), NoScreen)


def test_none_is_no_camera() -> None:
    chosen = ChosenSights("none", "null")
    assert not chosen.shows
    assert chosen.camera() is None
    chosen.check()
    assert ChosenSights("pattern", "null").shows


@pytest.mark.parametrize(
    ("camera", "screen"),
    [("pattern:1x1", "null"), ("nowhere.mp4", "null"), ("none", "picture.gif")],
    ids=["pattern", "file", "screen"],
)
def test_what_cannot_be_is_told_before_there_is_a_call(camera: str, screen: str) -> None:
    with pytest.raises(PictureError) as told:
        ChosenSights(camera, screen).check()
    assert "\n" not in str(told.value)


def test_a_folder_that_is_not_there_is_told_before_there_is_a_call(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be written"):
        ChosenSights("none", str(tmp_path / "no" / "call.webm")).check()


def test_a_check_leaves_no_file_open(tmp_path: Path) -> None:
    chosen = ChosenSights("pattern", str(tmp_path / "call.webm"))
    chosen.check()
    screen = chosen.screen()
    assert isinstance(screen, WebmFile)
    screen.close()
    chosen.close()


@pytest.mark.expects_log
def test_a_screen_that_cannot_be_written_any_more_is_complained_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chosen._complain(PictureError("the disk is full: make room"))
    assert "the disk is full" in caplog.text


def test_opencv_is_loaded_only_for_a_device() -> None:
    said = (
        "import sys;"
        "from twocan.media.pictures.chosen import ChosenSights;"
        "chosen = ChosenSights('pattern', 'null');"
        "chosen.check(); chosen.close();"
        "print('cv2' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_what_the_camera_sees_is_seen_here_as_well() -> None:
    near = Canvas()
    near.want(80, 45)
    chosen = ChosenSights("pattern:160x90@60", "null", near=near)
    camera = chosen.camera()
    assert camera is not None
    with looking_at(camera) as audience:
        audience.first(2)
        page = near.newest()
        assert page is not None
        assert page.shape == (46, 80, 4)
    assert near.newest() is None
    chosen.close()


def test_what_films_already_is_not_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = ChosenSights("pattern:160x90@60", "null", near=Canvas())
    first = chosen.camera()
    assert first is not None
    with looking_at(first) as audience:
        audience.first(1)
        monkeypatch.delattr(sources, "open_camera")
        second = chosen.camera()
        assert second is not None
        with looking_at(second) as others:
            others.first(1)
        audience.wait_for(1)
    chosen.close()


def test_another_camera_is_chosen_for_the_call_that_shows_and_for_later_ones() -> None:
    near = Canvas()
    chosen = ChosenSights("pattern:160x90@60", "null", near=near)
    camera = chosen.camera()
    assert camera is not None
    with looking_at(camera, Shape(1280, 720, 60)) as audience:
        audience.first(1)
        chosen.choose(camera="pattern:320x180@60")
        audience.wait_for_size(320, 180)
        chosen.choose(camera="pattern:160x90@60")
        audience.wait_for_size(160, 90)
    chosen.choose(camera="none")
    assert not chosen.shows
    assert chosen.camera() is None
    chosen.close()


def test_a_camera_that_cannot_be_is_told_to_the_call_that_shows() -> None:
    chosen = ChosenSights("pattern:160x90@60", "null", near=Canvas())
    camera = chosen.camera()
    assert camera is not None
    with looking_at(camera) as audience:
        audience.first(1)
        chosen.choose(camera="pattern:1x1")
        audience.wait(lambda: bool(audience.troubles))
        assert "no pattern of 1x1" in str(audience.troubles[0])
        chosen.choose(camera="pattern:320x180@60")
        audience.wait_for_size(320, 180)
        assert audience.troubles[1:] == [None]
    chosen.close()


def test_without_a_canvas_a_choice_is_for_later_calls() -> None:
    chosen = ChosenSights("none", "null")
    chosen.choose(camera="pattern:160x90@60")
    assert isinstance(chosen.camera(), Pattern)


def test_the_far_side_is_seen_here_as_well() -> None:
    far = Canvas()
    far.want(160, 90)
    chosen = ChosenSights("none", "null", far=far)
    screen = chosen.screen()
    screen.show(grey(), CODED)
    assert far.newest() is not None
    screen.close()
    assert far.newest() is None
    chosen.close()


def test_a_mirror_gives_back_a_copy_of_what_it_is_shown() -> None:
    sights = mirrored()
    camera, screen = sights.camera(), sights.screen()
    assert camera is not None
    assert screen is not None
    seen: list[Picture] = []
    screen.show(grey(), CODED)
    camera.start(seen.append, lambda _error: None)
    camera.ask(Shape(320, 180, 15))
    shown = grey(2.0)
    screen.show(shown, CODED)
    screen.hear(np.zeros(480, np.int16), 0.0)
    shown.y[:] = 0
    [back] = seen
    assert back.at == 2.0
    assert back.y.min() == 128
    assert not np.shares_memory(back.u, shown.u)
    camera.close()
    screen.show(grey(), CODED)
    assert len(seen) == 1
    # It may be opened again in the same call.
    again = sights.camera()
    assert again is not None
    again.start(seen.append, lambda _error: None)
    screen.show(grey(), CODED)
    assert len(seen) == 2


def test_two_calls_have_a_mirror_each() -> None:
    first, second = mirrored(), mirrored()
    assert first.camera() is not second.camera()
    assert first.camera() is first.camera()
