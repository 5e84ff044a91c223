"""The pictures in the window: how they are drawn, and when they are not even painted."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from twocan.gui.bridge import Pane
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.picture import Picture, Plane

RED, BLUE = (81, 90, 240), (41, 240, 110)
SIZE = QSize(320, 240)


def halves(width: int, height: int) -> Picture:
    """Red at the left, blue at the right."""
    half = (width + 1) // 2, (height + 1) // 2
    sizes = (width, height), half, half
    y, u, v = (
        halved(size, left, right) for size, left, right in zip(sizes, RED, BLUE, strict=True)
    )
    return Picture(y, u, v, 1.0)


def halved(size: tuple[int, int], left: int, right: int) -> Plane:
    plane = np.full((size[1], size[0]), left, np.uint8)
    plane[:, size[0] // 2 :] = right
    return plane


class Counted(PictureView):
    """Counts how often it was painted."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.painted += 1


class Sized(Canvas):
    """Tells what is wanted of it."""

    wanted = (0, 0)

    def want(self, width: int, height: int) -> None:
        super().want(width, height)
        self.wanted = (width, height)


@pytest.fixture
def canvas() -> Sized:
    return Sized()


@pytest.fixture
def pane(qtbot: QtBot, canvas: Canvas) -> Iterator[Pane]:
    pane = Pane()
    pane.attach(canvas)
    yield pane
    pane.deleteLater()


def open_view(
    qtbot: QtBot,
    pane: Pane,
    *,
    mirrored: bool = False,
    fills: bool = False,
    rounded: int = 0,
) -> Counted:
    """A view in a window of its own."""
    view = Counted(pane, mirrored=mirrored, fills=fills, rounded=rounded)
    qtbot.addWidget(view)
    view.resize(SIZE)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: view.looked_at and view.painted > 0)
    return view


def is_red(colour: QColor) -> bool:
    return colour.red() > 240 and colour.blue() < 15


def is_blue(colour: QColor) -> bool:
    return colour.blue() > 240 and colour.red() < 15


def is_stage(colour: QColor) -> bool:
    return colour == theme().colour(Ink.STAGE)


def seen(view: QWidget) -> QImage:
    return view.grab().toImage()


# --- how it is drawn ---------------------------------------------------------------------------


def test_without_a_picture_there_is_the_empty_stage(qtbot: QtBot, pane: Pane) -> None:
    view = open_view(qtbot, pane)
    image = seen(view)
    assert is_stage(image.pixelColor(0, 0))
    assert is_stage(image.pixelColor(160, 120))
    assert view.picture_size.isEmpty()


def test_a_picture_is_whole_and_the_stage_is_around_it(
    qtbot: QtBot, pane: Pane, canvas: Canvas
) -> None:
    view = open_view(qtbot, pane)
    with qtbot.waitSignal(view.picture_resized):
        canvas.show(halves(1280, 720))
    image = seen(view)
    # 320x180 within 320x240.
    assert is_red(image.pixelColor(2, 120))
    assert is_blue(image.pixelColor(317, 120))
    assert is_red(image.pixelColor(2, 31))
    assert is_blue(image.pixelColor(317, 208))
    assert is_stage(image.pixelColor(160, 28))
    assert is_stage(image.pixelColor(160, 211))
    assert view.picture_size == QSize(1280, 720)


def test_a_tall_picture_leaves_the_sides_free(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    canvas.show(halves(360, 720))
    image = seen(view)
    assert is_red(image.pixelColor(103, 1))
    assert is_blue(image.pixelColor(216, 238))
    assert is_stage(image.pixelColor(97, 120))
    assert is_stage(image.pixelColor(222, 120))


def test_one_that_fills_leaves_nothing_free(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    view = open_view(qtbot, pane, fills=True)
    with qtbot.waitSignal(view.picture_resized):
        canvas.show(halves(1280, 720))
    # It is asked for as large as it is drawn, with what is cut off.
    assert canvas.wanted == (426, 240)
    canvas.show(halves(1280, 720))
    image = seen(view)
    for x, y in ((0, 0), (0, 239), (158, 0)):
        assert is_red(image.pixelColor(x, y))
    for x, y in ((319, 0), (319, 239), (162, 120)):
        assert is_blue(image.pixelColor(x, y))


@pytest.mark.parametrize("rounded", [0, 12])
def test_a_mirror_has_left_at_the_right(
    qtbot: QtBot, pane: Pane, canvas: Canvas, rounded: int
) -> None:
    view = open_view(qtbot, pane, mirrored=True, rounded=rounded)
    canvas.show(halves(320, 180))
    image = seen(view)
    assert is_blue(image.pixelColor(2, 120))
    assert is_blue(image.pixelColor(157, 120))
    assert is_red(image.pixelColor(162, 120))
    assert is_red(image.pixelColor(317, 120))


def test_rounded_corners_show_what_is_behind(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    palette = window.palette()
    palette.setColor(window.backgroundRole(), QColor("white"))
    window.setPalette(palette)
    view = Counted(pane, fills=True, rounded=20)
    layout = QHBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(view)
    window.resize(SIZE)
    with qtbot.waitExposed(window):
        window.show()
    canvas.show(halves(320, 240))
    image = seen(window)
    assert image.pixelColor(0, 0) == QColor("white")
    assert image.pixelColor(319, 239) == QColor("white")
    assert is_red(image.pixelColor(20, 20))
    assert is_blue(image.pixelColor(300, 220))


def test_pixels_are_those_that_were_painted(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    noise = np.random.default_rng(1).integers(16, 236, (240, 320)).astype(np.uint8)
    half = np.full((120, 160), 128, np.uint8)
    canvas.show(Picture(noise, half, half, 1.0))
    image = seen(view).convertToFormat(QImage.Format.Format_RGB32)
    painted = canvas.newest()
    assert painted is not None
    assert np.array_equal(np.frombuffer(image.constBits(), np.uint8).reshape(240, 320, 4), painted)


def test_an_odd_size_costs_no_sharpness(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    view.setFixedSize(319, 239)
    qtbot.waitUntil(lambda: not view._settling.isActive())
    noise = np.random.default_rng(1).integers(16, 236, (480, 640)).astype(np.uint8)
    half = np.full((240, 320), 128, np.uint8)
    canvas.show(Picture(noise, half, half, 1.0))
    image = seen(view).convertToFormat(QImage.Format.Format_RGB32)
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(239, 319, 4)
    painted = canvas.newest()
    assert painted is not None
    assert painted.shape == (240, 320, 4)
    parts = (painted[y : y + 239, x : x + 319] for y in (0, 1) for x in (0, 1))
    assert any(np.array_equal(drawn, part) for part in parts)


def test_what_does_not_fit_yet_is_scaled(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    canvas.show(halves(320, 240))
    view.resize(640, 480)
    image = seen(view)
    assert is_red(image.pixelColor(1, 478))
    assert is_blue(image.pixelColor(638, 1))


# --- when it is painted ------------------------------------------------------------------------


def test_it_is_asked_for_in_the_pixels_of_the_screen(
    qtbot: QtBot, pane: Pane, canvas: Sized
) -> None:
    view = open_view(qtbot, pane)
    ratio = view.devicePixelRatioF()
    assert canvas.wanted == (320 * ratio, 240 * ratio)


def test_dragging_an_edge_asks_once_at_its_end(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    view = open_view(qtbot, pane)
    qtbot.waitUntil(lambda: not view._settling.isActive())
    for width in range(320, 400, 10):
        view.resize(width, 240)
        assert canvas.wanted == (320, 240)
    qtbot.waitUntil(lambda: canvas.wanted == (390, 240))


def test_a_hidden_one_wants_nothing(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    view = open_view(qtbot, pane)
    view.hide()
    assert canvas.wanted == (0, 0)
    canvas.show(halves(320, 240))
    assert canvas.newest() is None
    view.show()
    qtbot.waitUntil(lambda: canvas.wanted == (320, 240))


def test_one_on_a_page_that_is_not_shown_wants_nothing(
    qtbot: QtBot, pane: Pane, canvas: Sized
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    view = PictureView(pane, page)
    view.resize(SIZE)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: canvas.wanted == (320, 240))
    page.hide()
    assert canvas.wanted == (0, 0)


def test_a_minimised_window_wants_nothing(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    view = open_view(qtbot, pane)
    view.showMinimized()
    qtbot.waitUntil(lambda: canvas.wanted == (0, 0))
    view.showNormal()
    qtbot.waitUntil(lambda: canvas.wanted != (0, 0))


def open_two(qtbot: QtBot, pane: Pane) -> tuple[PictureView, PictureView]:
    """A small and a large one in the same window."""
    window = QWidget()
    qtbot.addWidget(window)
    small, large = PictureView(pane, window), PictureView(pane, window)
    small.resize(100, 80)
    large.resize(SIZE)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: small.looked_at and large.looked_at)
    return small, large


def test_of_two_that_look_the_larger_decides(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    small, large = open_two(qtbot, pane)
    assert canvas.wanted == (320, 240)
    large.hide()
    assert canvas.wanted == (100, 80)
    small.hide()
    assert canvas.wanted == (0, 0)


def test_one_that_is_gone_wants_nothing(qtbot: QtBot, pane: Pane, canvas: Sized) -> None:
    _, large = open_two(qtbot, pane)
    large.deleteLater()
    qtbot.waitUntil(lambda: canvas.wanted == (100, 80))


def test_a_window_that_goes_takes_its_views_with_it(
    qtbot: QtBot, pane: Pane, canvas: Sized
) -> None:
    window = QWidget()
    view = PictureView(pane, window)
    view.resize(SIZE)
    window.show()
    qtbot.waitUntil(lambda: canvas.wanted == (320, 240))
    window.deleteLater()
    qtbot.waitUntil(lambda: not isValid(window))
    assert canvas.wanted == (0, 0)


def test_pictures_from_another_thread_are_painted(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    before = view.painted
    decoder = threading.Thread(target=lambda: canvas.show(halves(320, 240)))
    decoder.start()
    decoder.join()
    qtbot.waitUntil(lambda: view.painted > before)
    assert is_red(seen(view).pixelColor(0, 0))


def test_a_burst_is_painted_once(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    canvas.show(halves(320, 240))
    qtbot.waitUntil(lambda: not view.picture_size.isEmpty())
    qtbot.waitUntil(lambda: canvas._fresh is None)
    before = view.painted
    with qtbot.waitSignal(pane.came):
        for _ in range(10):
            canvas.show(halves(320, 240))
    qtbot.waitUntil(lambda: canvas._fresh is None)
    assert view.painted == before + 1


def test_nothing_is_painted_while_nothing_comes(qtbot: QtBot, pane: Pane) -> None:
    view = open_view(qtbot, pane)
    qtbot.waitUntil(lambda: not view._settling.isActive())
    before = view.painted
    other = open_view(qtbot, Pane(pane))
    other.update()
    qtbot.waitUntil(lambda: other.painted > 1)
    assert view.painted == before


def test_a_cleared_canvas_leaves_the_stage(qtbot: QtBot, pane: Pane, canvas: Canvas) -> None:
    view = open_view(qtbot, pane)
    canvas.show(halves(320, 240))
    assert is_red(seen(view).pixelColor(0, 0))
    with qtbot.waitSignal(view.picture_resized):
        canvas.clear()
    assert is_stage(seen(view).pixelColor(0, 0))
    assert view.picture_size.isEmpty()


def test_a_double_click_is_told(qtbot: QtBot, pane: Pane) -> None:
    view = open_view(qtbot, pane)
    with qtbot.waitSignal(view.double_clicked):
        double_click(view, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(view.double_clicked):
        double_click(view, Qt.MouseButton.RightButton)


def double_click(view: QWidget, button: Qt.MouseButton) -> None:
    """As a hand does it; QTest's own ends with the button still down."""
    QTest.mouseDClick(view, button, pos=QPoint(5, 5))
    QTest.mouseRelease(view, button, pos=QPoint(5, 5))


def test_a_pane_without_a_canvas_is_empty_and_remembers_who_looks(qtbot: QtBot) -> None:
    pane = Pane()
    view = open_view(qtbot, pane)
    assert pane.picture() is None
    assert pane.picture_size() == (0, 0)
    canvas = Sized()
    canvas.want(320, 240)
    canvas.show(halves(320, 240))
    with qtbot.waitSignal(view.picture_resized):
        pane.attach(canvas)
    assert canvas.wanted == (320, 240)
    assert is_red(seen(view).pixelColor(0, 0))
    pane.deleteLater()
