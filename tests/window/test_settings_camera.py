"""The page of the camera: it films only while somebody looks, and says what is wrong."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drawn import Drawn
from settings_pages import choose, last, minimise, on_screen, talking, texts, verbs
from twocan.desk.equipment import Equipped
from twocan.desk.settings import NO_CAMERA, Settings
from twocan.desk.state import Trial
from twocan.gui.settings.camera import CameraPage

UNPLUGGED = "Webcam is unplugged: plug it in again, or choose another camera"


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[CameraPage]:
    """The page, on the screen, with one camera plugged in."""
    drawn.wanted.answers["devices"] = Equipped(cameras=("Webcam",))
    drawn.show()
    page = CameraPage(drawn)
    drawn.changed.connect(page.show_desk)
    page.show_desk(drawn.view)
    on_screen(page, qtbot)
    yield page
    page.hide()


def test_the_camera_is_open_only_while_the_page_is_looked_at(
    drawn: Drawn, page: CameraPage
) -> None:
    assert verbs(drawn) == ["try_camera"]
    assert last(drawn) == ("try_camera", (True,), {})
    assert page.plugged.is_looking

    page.hide()

    assert last(drawn) == ("try_camera", (False,), {})
    assert not page.plugged.is_looking


def test_a_minimised_window_does_not_film(drawn: Drawn, page: CameraPage) -> None:
    minimise(page)
    seen = page.seen
    assert not seen
    assert last(drawn) == ("try_camera", (False,), {})

    minimise(page, back=True)
    assert page.seen
    assert last(drawn) == ("try_camera", (True,), {})


def test_a_call_that_shows_the_camera_has_it(drawn: Drawn, page: CameraPage) -> None:
    drawn.show(calls=(talking(showing=True),))

    assert last(drawn) == ("try_camera", (False,), {})
    assert not page.picture.isHidden()

    drawn.show(calls=())
    assert last(drawn) == ("try_camera", (True,), {})


def test_in_a_call_without_the_camera_it_says_when_there_is_a_picture(
    drawn: Drawn, page: CameraPage
) -> None:
    drawn.show(calls=(talking(),))

    assert last(drawn) == ("try_camera", (False,), {})
    assert page.picture.isHidden()
    assert page.note.text() == "Your picture is shown here when the call is over."


def test_another_camera_is_chosen_and_tried(drawn: Drawn, page: CameraPage) -> None:
    assert texts(page.choice) == ["System default", "No camera", "Webcam"]

    choose(page.choice, "Webcam")

    change, again = drawn.wanted.verbs[-2:]
    assert change == ("change", (), {"camera": "Webcam"})
    assert again == ("try_camera", (True,), {})


def test_without_a_camera_nothing_is_opened(drawn: Drawn, page: CameraPage) -> None:
    choose(page.choice, "No camera")
    assert last(drawn) == ("change", (), {"camera": NO_CAMERA})

    drawn.show(settings=Settings(camera=NO_CAMERA))

    assert last(drawn) == ("try_camera", (False,), {})
    assert page.picture.isHidden()
    assert page.note.text() == "Without a camera, others hear you and do not see you."


@pytest.mark.parametrize("in_call", [False, True])
def test_a_problem_stands_where_the_picture_was(
    drawn: Drawn, page: CameraPage, in_call: bool
) -> None:
    if in_call:
        drawn.show(calls=(talking(showing=True, problem=UNPLUGGED),))
    else:
        drawn.show(trial=Trial(camera=True, problem=UNPLUGGED))

    told = "Webcam is unplugged. Plug it in again, or choose another camera."
    assert page.problem.text() == told
    assert not page.problem.isHidden()
    assert page.picture.isHidden()

    drawn.show(calls=(), trial=Trial(camera=True))
    assert page.problem.isHidden()
    assert not page.picture.isHidden()


def test_where_there_is_none_it_says_what_to_do(
    drawn: Drawn, page: CameraPage, qtbot: QtBot
) -> None:
    gone = Equipped(camera_problem="there is no camera: plug one in")
    drawn.wanted.answers["devices"] = gone

    qtbot.waitUntil(lambda: page.problem.text() == "There is no camera. Plug one in.")
    assert page.picture.isHidden()


@pytest.mark.parametrize("width", [320, 1000])
def test_the_picture_has_the_shape_of_one(page: CameraPage, width: int) -> None:
    page.resize(QSize(width, 700))

    QApplication.processEvents()
    ratio = page.picture.width() / page.picture.height()
    assert abs(ratio - 16 / 9) < 0.02
    assert page.picture.width() > 200
