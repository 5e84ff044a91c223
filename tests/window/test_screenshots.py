"""Every view of the window, small, with a large font and mirrored: whole, and told without a
warning."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from fitting import cut
from shots.question import question
from shots.scenes import Scene, scenes
from shots.session import README
from shots.small import save_small
from shots.taking import Studio
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.older import OlderQuestion
from twocan.gui.settings.sections import Section
from twocan.gui.theme import Application
from twocan.gui.window import Page, Window

T = TypeVar("T", bound=QWidget)

SMALL, FULL = (320, 480), (1920, 1080)
ALL = scenes()
ROOT = Path(__file__).parents[2]

every_scene = pytest.mark.parametrize("scene", ALL, ids=[scene.name for scene in ALL])


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


@pytest.fixture(params=["as it is", "larger and mirrored"])
def looks(qapp: Application, request: pytest.FixtureRequest) -> Iterator[None]:
    font = qapp.font()
    if request.param == "larger and mirrored":
        larger = QFont(font)
        larger.setPointSizeF(font.pointSizeF() * 1.5)
        qapp.setFont(larger)
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setFont(font)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def lying_on_each_other(window: Window) -> list[str]:
    """What is read or pressed, and covers something else that is. A sheet may cover what it lies
    over."""
    parts = [part for part in window.findChildren(QWidget) if _is_read(part)]
    places = [(part, _seen_at(part, window)) for part in parts]
    return [
        f"{_told(one)} {at} on {_told(other)} {there}"
        for number, (one, at) in enumerate(places)
        for other, there in places[:number]
        if at.intersects(there)
        and not (one.isAncestorOf(other) or other.isAncestorOf(one))
        and _sheet(one) is _sheet(other)
    ]


def sticking_out(window: Window) -> list[str]:
    """What is read or pressed, and is not wholly in the window, unless it scrolls there."""
    parts = [part for part in window.findChildren(QWidget) if _is_read(part)]
    loose = [part for part in parts if _scroll(part) is None]
    return [
        _told(part)
        for part in loose
        if not window.rect().contains(part.rect().translated(part.mapTo(window, QRect().topLeft())))
    ]


def _is_read(part: QWidget) -> bool:
    kinds = (QLabel, QAbstractButton, QLineEdit, QComboBox, OwnPicture)
    return part.isVisible() and isinstance(part, kinds) and not isinstance(part.parent(), QComboBox)


def _seen_at(part: QWidget, window: Window) -> QRect:
    """Where in the window it is seen, as far as what scrolls shows it."""
    seen = part.rect().translated(part.mapTo(window, QRect().topLeft()))
    scroll = _scroll(part)
    while scroll is not None:
        place = scroll.viewport()
        seen &= place.rect().translated(place.mapTo(window, QRect().topLeft()))
        scroll = _scroll(scroll)
    return seen


def _scroll(part: QWidget) -> QScrollArea | None:
    return _within(part, QScrollArea)


def _sheet(part: QWidget) -> Overlay | None:
    return _within(part, Overlay)


def _within(part: QWidget, kind: type[T]) -> T | None:
    outer = part.parentWidget()
    while outer is not None and not isinstance(outer, kind):
        outer = outer.parentWidget()
    return outer


def _told(part: QWidget) -> str:
    return f"{type(part).__name__} {part.accessibleName() or getattr(part, 'text', str)()!r}"


# --- The scenes are all there is --------------------------------------------------------------


def test_every_page_has_a_scene() -> None:
    assert {scene.page for scene in ALL} == set(Page)


def test_every_page_of_the_settings_has_a_scene() -> None:
    assert {scene.section for scene in ALL} >= set(Section)


def test_each_scene_has_a_name_of_its_own_which_begins_with_its_page() -> None:
    assert len({scene.name for scene in ALL}) == len(ALL)
    assert all(scene.name.startswith(scene.page) for scene in ALL)


@every_scene
def test_a_scene_shows_its_page(scene: Scene, studio: Studio) -> None:
    with studio.shown(scene, (400, 660)) as window:
        assert window.page is scene.page


# --- They fit ---------------------------------------------------------------------------------


@every_scene
@pytest.mark.usefixtures("looks")
def test_all_words_have_their_room_in_the_smallest_window(scene: Scene, studio: Studio) -> None:
    with studio.shown(scene, SMALL) as window:
        assert cut(window) == []
        assert lying_on_each_other(window) == []
        assert sticking_out(window) == []


@pytest.mark.parametrize("scene", [scene for scene in ALL if scene.far], ids=lambda each: each.name)
def test_pictures_fill_a_screen(scene: Scene, studio: Studio) -> None:
    with studio.shown(scene, FULL) as window:
        assert lying_on_each_other(window) == []
        image = window.grab().toImage()
    middle, corner = image.pixelColor(960, 450), image.pixelColor(2, 540)
    assert middle != corner
    assert all(colour.lightness() > 60 for colour in (middle, corner)), "a picture is missing"


# --- They are taken ---------------------------------------------------------------------------


def test_a_menu_that_is_open_is_in_the_picture(studio: Studio) -> None:
    by_name = {scene.name: scene for scene in ALL}
    plain = studio.take(by_name["in-call"], SMALL).toImage()
    with_menu = studio.take(by_name["in-call-more"], SMALL).toImage()
    differ = [
        (x, y)
        for x in range(0, 320, 8)
        for y in range(100, 400, 8)
        if plain.pixelColor(x, y) != with_menu.pixelColor(x, y)
    ]
    assert len(differ) > 50


def test_what_is_asked_before_there_is_a_window_is_taken_as_well() -> None:
    image = question().toImage()
    assert image.width() > image.height() > 80
    colours = {image.pixel(x, image.height() // 2) for x in range(image.width())}
    assert len(colours) > 10, "there are no words"
    left = [each for each in QApplication.topLevelWidgets() if isinstance(each, OlderQuestion)]
    assert left == []


def test_a_small_file_looks_like_the_picture(studio: Studio, tmp_path: Path) -> None:
    by_name = {scene.name: scene for scene in ALL}
    image = studio.take(by_name["in-call-pictures"], SMALL).toImage()
    save_small(image, tmp_path / "small.png")
    small = QImage(str(tmp_path / "small.png"))
    assert small.size() == image.size()
    assert (tmp_path / "small.png").stat().st_size < 60_000
    for x, y in ((160, 240), (20, 20), (300, 200)):
        one, other = small.pixelColor(x, y), image.pixelColor(x, y)
        assert abs(one.red() - other.red()) < 12
        assert abs(one.green() - other.green()) < 12
        assert abs(one.blue() - other.blue()) < 12


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    pictures = sorted((ROOT / "assets" / "screenshots").glob("*.png"))
    assert [picture.stem for picture in pictures] == sorted(README)
    assert all(picture.stat().st_size < 60_000 for picture in pictures)


def test_the_command_writes_pictures_and_contact_sheets(tmp_path: Path) -> None:
    command = (sys.executable, ROOT / "tests" / "screenshots.py", "--into", tmp_path)
    some = ("--languages", "en", "ar", "--schemes", "dark", "--sizes", "small", "--only", "asking")
    done = subprocess.run(
        (*command, *some),
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png"))
    assert "ar-dark.png" in written
    assert "en-dark.png" in written
    assert "ar-dark/asking-camera-small.png" in written
    assert len(written) == 14
