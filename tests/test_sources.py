"""Cameras and screens by what a person calls them."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from twocan.media.pictures import sources
from twocan.media.pictures.filming.pattern import Pattern
from twocan.media.pictures.picture import Camera, PictureError
from twocan.media.pictures.webm import NoScreen, WebmFile

if TYPE_CHECKING:
    from twocan.media.pictures.cameras import Cameras


class Devices:
    """A house with one camera in it."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.camera: Camera = Pattern()

    def open(self, name: str) -> Camera:
        self.opened.append(name)
        return self.camera


def opened(spec: str, devices: Devices | None = None) -> Camera | None:
    return sources.open_camera(spec, lambda: cast("Cameras", devices or unneeded()))


def unneeded() -> Devices:
    raise AssertionError("no device is needed")


def ignored(error: PictureError) -> None:
    raise AssertionError(error)


@pytest.mark.parametrize("name", ["default", "HD Webcam C525", "/dev/video0"])
def test_what_is_nothing_else_is_a_device(name: str) -> None:
    devices = Devices()
    assert sources.is_device(name)
    assert opened(name, devices) is devices.camera
    assert devices.opened == [name]


@pytest.mark.parametrize(
    "spec",
    ["none", "pattern", "pattern:x", "screen", "screen:2", "window:Editor", "a.mp4", "B.WEBM"],
)
def test_what_stands_for_a_device_is_none(spec: str) -> None:
    assert not sources.is_device(spec)


def test_none_is_no_camera() -> None:
    assert opened("none") is None


@pytest.mark.parametrize("spec", ["pattern", "pattern:640x480", "pattern:640x480@29.97"])
def test_a_pattern_is_had_without_a_device(spec: str) -> None:
    assert isinstance(opened(spec), Pattern)


@pytest.mark.parametrize("spec", ["pattern:", "pattern:640", "pattern:640x480@", "pattern:axb"])
def test_a_pattern_of_no_size_says_how_it_is_said(spec: str) -> None:
    with pytest.raises(PictureError, match="give pattern, or such as pattern:640x480@30"):
        opened(spec)


def test_a_film_that_is_not_there_says_so() -> None:
    with pytest.raises(PictureError, match=r"there is no file nothing\.mkv"):
        opened("nothing.mkv")


def test_a_file_of_another_kind_is_no_device(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_text("words")
    with pytest.raises(PictureError, match="cannot be read as a video file"):
        opened(str(path))


@pytest.mark.parametrize("spec", ["screen", "window:Editor"])
def test_where_there_is_no_display_it_is_said(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(PictureError, match="DISPLAY is not set"):
        opened(spec)


def test_a_screen_is_null_or_a_file(tmp_path: Path) -> None:
    assert isinstance(sources.open_screen("null", ignored), NoScreen)
    path = tmp_path / "call.webm"
    screen = sources.open_screen(str(path), ignored)
    assert isinstance(screen, WebmFile)
    screen.close()
    assert [sources.is_screen(spec) for spec in ("null", "a.webm", "a.mp4", "default")] == [
        True,
        True,
        False,
        False,
    ]


def test_any_other_screen_says_what_there_is() -> None:
    with pytest.raises(PictureError, match="give null, or a file to write such as call"):
        sources.open_screen("call.mp4", ignored)
