"""Sharing a real X display, with real windows on it."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator

import pytest

from filmed import looking_at
from twocan.media.pictures.filming.screens import SharedScreen, open_screen, open_window
from twocan.media.pictures.filming.windows import Window, Wire, named
from twocan.media.pictures.picture import Picture, PictureError, Shape

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")

BLUE, RED, GREEN = 0x0000FF, 0xFF0000, 0x00FF00
LUMA = {BLUE: 41, RED: 81, GREEN: 145, 0: 16}
"""BT.601, limited range."""
SHAPE = Shape(640, 480, 50)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A display of 640x480 that nobody sees, on any free number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        process.terminate()


@pytest.fixture
def display(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DISPLAY", server)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return server


class Program:
    """A program with windows of one colour each, by the X protocol's own requests."""

    CREATE, CHANGE, MAP, UNMAP, CONFIGURE, DESTROY, PROPERTY = 1, 2, 8, 10, 12, 4, 18

    def __init__(self) -> None:
        self.wire = Wire()

    def show(self, title: str, colour: int, area: tuple[int, int, int, int]) -> int:
        window = self.wire.new_id()
        background, override = 1 << 1, 1 << 9
        head = struct.pack("=IIhhHHHHI", window, self.wire.root(), *area, 0, 1, 0)
        values = struct.pack("=III", background | override, colour, 1)
        self.wire.order(self.CREATE, 24, head + values)
        name = title.encode()
        padded = name.ljust((len(name) + 3) // 4 * 4, b"\0")
        body = struct.pack("=IIIB3xI", window, 39, 31, 8, len(name)) + padded
        self.wire.order(self.PROPERTY, 0, body)
        self.tell(self.MAP, window)
        return window

    def tell(self, what: int, window: int) -> None:
        self.wire.order(what, 0, struct.pack("=I", window))
        self.settle()

    def resize(self, window: int, width: int, height: int) -> None:
        self.wire.order(self.CONFIGURE, 0, struct.pack("=IH2xII", window, 4 | 8, width, height))
        self.settle()

    def settle(self) -> None:
        """Return once the server did all of it: it answers in turn."""
        self.wire.ask(14, 0, struct.pack("=I", self.wire.root()))


@pytest.fixture
def program(display: str) -> Iterator[Program]:
    program = Program()
    yield program
    program.wire.close()


def luma(picture: Picture, x: int, y: int) -> int:
    return int(picture.y[y, x])


def test_the_whole_screen_is_seen(program: Program) -> None:
    program.show("Red", RED, (100, 50, 200, 100))
    camera = open_screen()
    assert camera.text
    with looking_at(camera, SHAPE) as audience:
        picture = audience.first(1)[0]
    assert (picture.width, picture.height) == (640, 480)
    corners = [luma(picture, x, y) for x, y in ((98, 48), (102, 52), (297, 147), (302, 152))]
    assert corners == pytest.approx([LUMA[0], LUMA[RED], LUMA[RED], LUMA[0]], abs=2)
    assert [int(plane[50, 100]) for plane in (picture.u, picture.v)] == pytest.approx(
        [90, 240], abs=2
    )


def test_what_changes_is_sent_and_what_stands_still_is_not(program: Program) -> None:
    with looking_at(open_screen(), SHAPE) as audience:
        audience.first(1)
        program.show("Green", GREEN, (0, 0, 320, 240))
        audience.wait(
            lambda: luma(audience.seen[-1], 100, 100) == pytest.approx(LUMA[GREEN], abs=2)
        )
        changed = audience.seen[-1]
        (after,) = audience.wait_for(1)
    assert after.at - changed.at > 0.5


def test_a_smaller_shape_is_kept_to(program: Program) -> None:
    program.show("Red", RED, (0, 0, 320, 480))
    with looking_at(open_screen(), Shape(320, 180, 50)) as audience:
        picture = audience.first(1)[0]
    assert (picture.width, picture.height) == (240, 180)
    assert [luma(picture, 100, 90), luma(picture, 140, 90)] == pytest.approx(
        [LUMA[RED], LUMA[0]], abs=2
    )


def test_a_window_is_seen_alone_also_where_another_lies_over_it(program: Program) -> None:
    program.show("Text Editor", BLUE, (50, 50, 200, 100))
    with looking_at(open_window("editor"), SHAPE) as audience:
        audience.first(1)
        program.show("Secrets", RED, (0, 0, 640, 480))
        (picture,) = audience.wait_for(1)
    assert (picture.width, picture.height) == (200, 100)
    assert picture.y.min() == pytest.approx(LUMA[BLUE], abs=2)
    assert picture.y.max() == pytest.approx(LUMA[BLUE], abs=2)


def test_a_window_is_followed_as_it_grows_hides_and_closes(program: Program) -> None:
    window = program.show("Editor", BLUE, (10, 10, 200, 100))
    with looking_at(open_window("Editor"), SHAPE) as audience:
        audience.wait_for_size(200, 100)
        program.resize(window, 300, 200)
        audience.wait_for_size(300, 200)
        program.tell(Program.UNMAP, window)
        audience.wait(lambda: len(audience.troubles) == 1)
        program.tell(Program.MAP, window)
        audience.wait(lambda: len(audience.troubles) == 2)
        program.tell(Program.DESTROY, window)
        audience.wait(lambda: len(audience.troubles) == 3)
    hidden, shown, closed = audience.troubles
    assert "is minimised: show it again" in str(hidden)
    assert shown is None
    assert "was closed: share another" in str(closed)


def test_a_window_that_is_not_there_is_a_word_with_those_that_are(program: Program) -> None:
    program.show("Mail", BLUE, (0, 0, 10, 10))
    program.show("Music", BLUE, (0, 0, 10, 10))
    with pytest.raises(PictureError, match="no window 'Editor'; there are: 'Mail', 'Music'"):
        open_window("Editor")


def test_the_title_itself_goes_before_one_that_has_it_in_it() -> None:
    windows = [Window(1, "Mail"), Window(2, "Mail of today"), Window(3, "Music")]
    assert [named(title, windows).id for title in ("mail", "MUS", "Mail of")] == [1, 3, 2]
    with pytest.raises(PictureError, match="there is no window ''"):
        named("", windows)


def test_a_screen_that_is_not_there_is_a_word(display: str) -> None:
    with pytest.raises(PictureError, match="there is no screen 2; there "):
        open_screen(2)


def test_so_is_a_display_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":none")
    with pytest.raises(PictureError, match="the X server cannot be reached"):
        open_window("Editor")
    with pytest.raises(PictureError, match="the screen cannot be reached"):
        open_screen()


def test_on_wayland_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(PictureError, match="desktop portal and PipeWire"):
        open_screen()


def test_what_was_never_started_can_be_closed(program: Program) -> None:
    program.show("Editor", BLUE, (0, 0, 10, 10))
    cameras: list[SharedScreen] = [open_window("Editor"), open_screen()]
    for camera in cameras:
        camera.close()
