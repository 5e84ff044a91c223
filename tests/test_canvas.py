"""Pictures on their way to a window: their colours, their size, and two threads."""

import subprocess
import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from twocan.media.pictures import painting
from twocan.media.pictures.canvas import LARGEST, Canvas, drawn_size
from twocan.media.pictures.painting import Painter, Planes, Swscale
from twocan.media.pictures.picture import Picture, Plane

COLOURS = {
    "black": ((16, 128, 128), (0, 0, 0)),
    "white": ((235, 128, 128), (255, 255, 255)),
    "grey": ((126, 128, 128), (128, 128, 128)),
    "red": ((81, 90, 240), (255, 0, 0)),
    "green": ((145, 54, 34), (0, 255, 0)),
    "blue": ((41, 240, 110), (0, 0, 255)),
    "skin": ((163, 111, 150), (206, 160, 136)),
}
"""BT.601, limited range: Y, U, V, and red, green, blue."""
RED = COLOURS["red"][0]
BLUE = COLOURS["blue"][0]

GREY_128 = 126
"""The luma of a grey of 128."""


def flat(yuv: tuple[int, int, int], width: int = 64, height: int = 48) -> Picture:
    """A picture of one colour."""
    half = (height + 1) // 2, (width + 1) // 2
    y, u, v = (
        np.full(shape, level, np.uint8)
        for shape, level in zip(((height, width), half, half), yuv, strict=True)
    )
    return Picture(y, u, v, 1.0)


def apart(picture: Picture) -> Picture:
    """The same with rows further apart than they are wide, and not to be written to."""

    def within(plane: Plane) -> Plane:
        height, width = plane.shape
        room = np.full((height + 4, width + 37), 255, np.uint8)
        view = room[2 : height + 2, 5 : width + 5]
        view[:] = plane
        view.flags.writeable = False
        return view

    y, u, v = within(picture.y), within(picture.u), within(picture.v)
    return Picture(y, u, v, picture.at)


def shown(canvas: Canvas) -> Plane:
    """What is on the canvas."""
    page = canvas.newest()
    assert page is not None
    return page


@pytest.fixture(params=[Planes, Swscale])
def painter(request: pytest.FixtureRequest) -> Painter:
    made: Painter = request.param()
    return made


# --- painting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("size", [(64, 48), (24, 18), (160, 120)], ids=["as is", "small", "large"])
def test_colours_are_right_in_any_size(painter: Painter, name: str, size: tuple[int, int]) -> None:
    yuv, rgb = COLOURS[name]
    page = painter.paint(apart(flat(yuv)), size, None)
    assert page.shape == (size[1], size[0], 4)
    blue, green, red = page[..., 0], page[..., 1], page[..., 2]
    for channel, level in zip((red, green, blue), rgb, strict=True):
        assert abs(int(channel.min()) - level) <= 3
        assert abs(int(channel.max()) - level) <= 3
    assert page[..., 3].min() == 255


def test_left_is_left_and_above_is_above(painter: Painter) -> None:
    picture = flat(COLOURS["black"][0], 64, 48)
    picture.y[:24, :32] = 235
    picture.v[24 // 2 :, 32 // 2 :] = 240
    page = painter.paint(picture, (32, 24), None)
    white, black, red = page[5, 5], page[5, 25], page[18, 25]
    assert white[:3].min() > 250
    assert black[:3].max() < 5
    assert red[2] > red[0] + 100


@pytest.mark.parametrize(("width", "height"), [(65, 48), (64, 47), (161, 91), (3, 3), (2, 2)])
def test_odd_sizes_are_painted_whole(painter: Painter, width: int, height: int) -> None:
    size = drawn_size(width, height, (width + 1, height + 1))
    page = painter.paint(apart(flat(RED, width, height)), size, None)
    assert page.shape == (size[1], size[0], 4)
    assert page[..., 2].min() > 250
    assert page[..., :2].max() < 5


def test_fine_lines_do_not_flicker_where_the_picture_is_small(painter: Painter) -> None:
    lines = flat((0, 128, 128), 1280, 720)
    lines.y[:, ::2], lines.y[:, 1::2] = 16, 235
    page = painter.paint(lines, (480, 270), None)
    assert np.abs(page[..., :3].astype(int) - GREY_128).max() < 30


def test_a_page_that_fits_is_painted_on_again(painter: Painter) -> None:
    page = painter.paint(flat(RED), (32, 24), None)
    assert painter.paint(flat(BLUE), (32, 24), page) is page
    assert page[0, 0, 0] > 250
    other = painter.paint(flat(BLUE), (64, 48), page)
    assert other is not page


def test_without_opencv_swscale_paints() -> None:
    said = (
        "import sys; sys.modules['cv2'] = None\n"
        "import numpy as np\n"
        "from twocan.media.pictures.canvas import Canvas\n"
        "from twocan.media.pictures.picture import Picture\n"
        "canvas = Canvas(); canvas.want(64, 48)\n"
        "half = np.full((24, 32), 128, np.uint8)\n"
        "canvas.show(Picture(np.full((48, 64), 235, np.uint8), half, half, 0.0))\n"
        "print(canvas.newest().min())"
    )
    assert run(said) == "255"


def test_nothing_heavy_is_loaded_before_the_first_picture() -> None:
    said = (
        "import sys\n"
        "from twocan.media.pictures.canvas import Canvas\n"
        "canvas = Canvas(); canvas.want(64, 48); canvas.newest(); canvas.clear()\n"
        "print({'numpy', 'cv2', 'av'} & set(sys.modules))"
    )
    assert run(said) == "set()"


def run(said: str) -> str:
    command = [sys.executable, "-c", said]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


# --- how large ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "wanted", "drawn"),
    [
        ((1280, 720), (1280, 720), (1280, 720)),
        ((1280, 720), (640, 640), (640, 360)),
        ((1280, 720), (320, 720), (320, 180)),
        ((640, 360), (1280, 1000), (1280, 720)),
        ((161, 91), (161, 91), (162, 92)),
        ((720, 1280), (300, 300), (170, 300)),
        ((160, 90), (80, 45), (80, 46)),
        ((1280, 720), (1, 1), (2, 2)),
        ((5000, 3), (500, 500), (500, 2)),
    ],
)
def test_a_picture_fits_into_what_is_wanted(
    picture: tuple[int, int], wanted: tuple[int, int], drawn: tuple[int, int]
) -> None:
    assert drawn_size(*picture, wanted) == drawn


def test_the_largest_screens_are_left_to_who_draws() -> None:
    width, height = drawn_size(1280, 720, (3840, 2160))
    assert LARGEST * 0.99 < width * height < LARGEST * 1.01
    # What comes larger than that is not made smaller than it is drawn.
    assert drawn_size(2560, 1440, (3840, 2160)) == (2560, 1440)


# --- the meeting -------------------------------------------------------------------------------


class Untouchable:
    """A picture that must not be looked at."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was touched")


def test_while_nobody_looks_no_pixel_is_touched() -> None:
    told: list[None] = []
    canvas = Canvas(lambda: told.append(None))
    canvas.show(Untouchable())  # type: ignore[arg-type]
    canvas.want(64, 48)
    canvas.want(0, 0)
    canvas.show(Untouchable())  # type: ignore[arg-type]
    assert not told
    assert canvas.newest() is None
    assert canvas.size == (0, 0)


def test_who_was_told_and_did_not_look_is_not_told_again() -> None:
    told: list[None] = []
    canvas = Canvas(lambda: told.append(None))
    canvas.want(64, 48)
    canvas.show(flat(RED))
    canvas.show(flat(BLUE))
    assert len(told) == 1
    assert shown(canvas)[0, 0, 0] > 250
    canvas.show(flat(RED))
    assert len(told) == 2
    # There is nothing newer: the same one is given again.
    assert shown(canvas) is shown(canvas)


def test_who_comes_later_is_told_of_what_waits() -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    canvas.show(flat(RED))
    told: list[None] = []
    canvas.tell(lambda: told.append(None))
    assert len(told) == 1


def test_what_is_drawn_is_never_painted_on() -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    canvas.show(flat(RED))
    drawn = shown(canvas)
    before = drawn.copy()
    for _ in range(5):
        canvas.show(flat(BLUE))
    assert np.array_equal(drawn, before)
    assert shown(canvas)[0, 0, 0] > 250


def test_three_pages_go_around() -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    pages: list[Plane] = []
    for number in range(20):
        canvas.show(flat(RED))
        if number % 3:
            pages.append(shown(canvas))
    assert len({id(page) for page in pages}) <= 3


def test_size_changes_of_pictures_and_of_the_window_are_followed() -> None:
    canvas = Canvas()
    canvas.want(64, 64)
    for width, height, drawn in (
        (64, 48, (48, 64, 4)),
        (48, 64, (64, 48, 4)),
        (64, 48, (48, 64, 4)),
    ):
        canvas.show(flat(RED, width, height))
        assert shown(canvas).shape == drawn
        assert canvas.size == (width, height)
    canvas.want(32, 32)
    canvas.show(flat(RED))
    assert shown(canvas).shape == (24, 32, 4)
    assert canvas.size == (64, 48)
    assert shown(canvas)[..., 2].min() > 250


def test_a_page_has_no_gaps_between_its_rows() -> None:
    canvas = Canvas()
    canvas.want(65, 49)
    canvas.show(apart(flat(RED, 65, 49)))
    assert shown(canvas).flags.c_contiguous


def test_a_cleared_canvas_shows_nothing_and_says_so() -> None:
    told: list[None] = []
    canvas = Canvas(lambda: told.append(None))
    canvas.want(64, 48)
    canvas.show(flat(RED))
    page = shown(canvas)
    canvas.clear()
    assert len(told) == 2
    assert canvas.newest() is None
    assert canvas.size == (0, 0)
    assert page[0, 0, 2] > 250
    canvas.show(flat(BLUE))
    assert len(told) == 3


def test_who_is_over_does_not_clear_what_another_shows() -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    canvas.show(flat(RED), source="held")
    canvas.show(flat(BLUE), source="active")
    canvas.clear("held")
    assert canvas.newest() is not None
    canvas.clear("active")
    assert canvas.newest() is None


@pytest.mark.expects_log
def test_what_is_no_picture_costs_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    whole = flat(RED)
    for _ in range(3):
        canvas.show(Picture(whole.y, whole.u, whole.v[:, :, None, None], 0.0))
    assert len(caplog.records) == 1
    assert canvas.newest() is None
    canvas.show(whole)
    assert shown(canvas)[0, 0, 2] > 250


def test_two_threads_never_see_half_a_picture() -> None:
    canvas = Canvas()
    canvas.want(320, 180)
    levels = [flat((level, 128, 128), 640, 360) for level in (16, 90, 160, 235)]
    over = threading.Event()

    def decode() -> None:
        for number in range(400):
            canvas.show(levels[number % len(levels)])
            if number % 50 == 0:
                canvas.want(320 - number // 5 * 2, 180)
        over.set()

    decoder = threading.Thread(target=decode)
    decoder.start()
    torn = 0
    while not over.is_set():
        page = canvas.newest()
        if page is not None:
            torn += int(page[..., 0].max()) - int(page[..., 0].min()) > 2
    decoder.join()
    assert torn == 0


def test_news_may_take_the_picture_at_once() -> None:
    taken: list[int] = []
    canvas = Canvas()
    canvas.tell(lambda: taken.append(int(shown(canvas)[0, 0, 2])))
    canvas.want(64, 48)
    canvas.show(flat(RED))
    canvas.show(flat(BLUE))
    assert [level > 250 for level in taken] == [True, False]


def test_opencv_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: list[Callable[[], Painter]] = [Planes, Swscale]
    for there, kind in zip((True, False), kinds, strict=True):
        monkeypatch.setattr(painting, "_OPENCV", there)
        assert type(painting.new_painter()) is kind
