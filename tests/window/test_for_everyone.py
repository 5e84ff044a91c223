"""Every page and state of the window, for everyone: who does not see it, who has no mouse, who
needs a strong contrast or large letters, who reads from the right."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFont, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QScrollArea, QWidget

from fitting import cut
from shots.scenes import Scene, scenes
from shots.taking import Studio
from twocan.gui.in_call.keypad import Key
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.theme import Application, theme
from twocan.gui.window import Page, Window

SIZE = (400, 660)
SEEN = [scene for scene in scenes() if scene.name != "in-call-more"]
"""All but a menu, which is a window of its own and has keys of its own."""
every_scene = pytest.mark.parametrize("scene", SEEN, ids=[scene.name for scene in SEEN])

CONTAINERS = (QAccessible.Role.Client,)
"""Pages and what can be moved about: what Qt calls a part of a window that takes the keyboard."""
CONTROLS = (
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Slider,
    QAccessible.Role.Link,
)
AA = 4.5
LARGE_AA = 3.0
"""WCAG 2.2, 1.4.3: of large letters, at least 18 pt, or 14 pt and bold."""
PARTS_AA = 3.0
"""1.4.11: of what shows where the keyboard is."""


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def either_way(qapp: Application, request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether one reads from the right."""
    qapp.setLayoutDirection(request.param)
    yield request.param is Qt.LayoutDirection.RightToLeft
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    theme().force(request.param == "dark")
    yield request.param
    theme().force(None)


def controls(window: Window) -> list[QWidget]:
    """What the tab key is to come to."""
    return [
        each
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
    ]


def said(widget: QWidget) -> tuple[str, QAccessible.Role, str]:
    """Its name, its role and its description, as a screen reader is told."""
    told = QAccessible.queryAccessibleInterface(widget)
    name = told.text(QAccessible.Text.Name)
    if isinstance(widget, QComboBox):
        # On Linux the name of a choice is what is chosen; what it is about its label says.
        name = " ".join(
            other.text(QAccessible.Text.Name)
            for other, kind in told.relations()
            if kind & QAccessible.RelationFlag.Label
        )
    return name, told.role(), told.text(QAccessible.Text.Description)


def walk(window: Window) -> list[QWidget]:
    """Where the tab key leads, until it is where it began."""
    at = first = QApplication.focusWidget()
    there: list[QWidget] = []
    while at is not None and (not there or at is not first):
        assert len(there) < 100, "the keyboard does not come back"
        there.append(at)
        key(window, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
    return there


@every_scene
def test_each_control_says_what_it_is_and_no_two_say_the_same(studio: Studio, scene: Scene) -> None:
    with studio.shown(scene, SIZE) as window:
        told = [said(control) for control in controls(window)]
    assert [each for each in told if not each[0]] == []
    assert [each for each in told if each[1] not in (*CONTROLS, *CONTAINERS)] == []
    assert [each for each, times in Counter(told).items() if times > 1] == []


@every_scene
def test_the_tab_key_comes_by_all_of_it_in_the_order_of_reading(
    studio: Studio, scene: Scene, either_way: bool
) -> None:
    with studio.shown(scene, SIZE) as window:
        there = walk(window)
        assert set(controls(window)) - set(there) == set()
        places = [place(each, window) for each in there if is_read_in_turn(each)]
        around = zip(places, places[1:] + places[:1], strict=True)
        back = [(a, b) for a, b in around if goes_back(a, b, mirrored=either_way)]
        # Once from the end to the beginning, and once from a sheet to what it lies over.
        assert len(back) <= 1 + (scene.page is Page.IN_CALL), back


def is_read_in_turn(control: QWidget) -> bool:
    """Neither the page itself, nor what floats where the person put it, nor telephone keys, which
    stand in the same order for everybody."""
    floats = isinstance(control.parentWidget(), OwnPicture) or isinstance(control, Key)
    return said(control)[1] not in CONTAINERS and not floats


def place(control: QWidget, window: Window) -> QRect:
    """Where it lies in the window, were nothing scrolled."""
    scroll = scrolls(control)
    if scroll is None:
        return control.rect().translated(control.mapTo(window, QPoint()))
    at = control.mapTo(cast("QWidget", scroll.widget()), QPoint()) + scroll.mapTo(window, QPoint())
    return control.rect().translated(at)


def goes_back(here: QRect, there: QRect, *, mirrored: bool) -> bool:
    """Whether ``there`` would have been read before ``here``."""
    if there.bottom() < here.top():
        return True
    beside = there.top() <= here.bottom() and here.top() <= there.bottom()
    if not beside:
        return False
    return there.left() > here.right() if mirrored else there.right() < here.left()


@every_scene
def test_the_keyboards_place_is_seen(studio: Studio, scene: Scene, scheme: str) -> None:
    with studio.shown(scene, SIZE) as window:
        for _ in walk(window):
            control = QApplication.focusWidget()
            assert control is not None
            name, role, _ = said(control)
            here = painted(control, window)
            at = control.mapTo(window, QPoint())
            key(window, Qt.Key.Key_Tab)
            scrolled = control.mapTo(window, QPoint()) != at
            seen = contrast(luminance(here), luminance(painted(control, window))) >= PARTS_AA
            # At least a ring around the knob of a slider.
            assert seen.sum() >= 50 or scrolled or role in CONTAINERS, name


def painted(control: QWidget, window: Window) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """What is seen in the window where the control is."""
    QApplication.processEvents()
    at = control.rect().translated(control.mapTo(window, QPoint()))
    return pixels(window.grab(at).toImage())


def key(window: Window, which: Qt.Key) -> None:
    native = window.windowHandle()
    assert native is not None
    QTest.keyClick(native, which)


# --- What is read -------------------------------------------------------------------------------


def pixels(image: QImage) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Rows of pixels of red, green and blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[..., 2::-1].copy()


def luminance(colours: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The relative luminance of WCAG 2.2."""
    share = colours.astype(float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen: np.ndarray[Any, Any] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return seen


def contrast(one: "np.ndarray[Any, Any]", other: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    ratio: np.ndarray[Any, Any] = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return ratio


def read(window: Window) -> list[QWidget]:
    """What has words that are wholly in sight."""
    return [
        each
        for each in window.findChildren(QWidget)
        if isinstance(each, QLabel | QAbstractButton)
        and each.isVisible()
        and each.isEnabled()
        and each.text()
        and each.visibleRegion() == QRegion(each.rect())
    ]


@every_scene
def test_what_is_read_stands_out_in_what_is_really_painted(
    studio: Studio, scene: Scene, scheme: str
) -> None:
    with studio.shown(scene, SIZE) as window:
        shot = window.grab()
        whole, ratio = pixels(shot.toImage()), shot.devicePixelRatio()
        faint = []
        for each in read(window):
            at = each.rect().translated(each.mapTo(window, QPoint()))
            x, y, w, h = (round(it * ratio) for it in (at.x(), at.y(), at.width(), at.height()))
            if (best := strongest(whole[y : y + h, x : x + w])) < AA:
                faint.append(f"{type(each).__name__} {said(each)[0]!r}: {best:.2f}")
    assert faint == []


def strongest(part: "np.ndarray[Any, Any]") -> float:
    """How far the strongest pixels of letters stand out from what most of the part is."""
    light = luminance(part).ravel()
    levels, times = np.unique(light.round(3), return_counts=True)
    ground = levels[times.argmax()]
    letters = np.sort(contrast(light, np.full_like(light, ground)))
    return float(letters[-10:].min()) if len(letters) >= 10 else 21.0


# --- Large letters, nothing that moves ---------------------------------------------------------


@every_scene
def test_letters_twice_as_large_are_all_there(
    studio: Studio, qapp: Application, scene: Scene
) -> None:
    before = qapp.font()
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * 2)
    qapp.setFont(larger)
    try:
        with studio.shown(scene, SIZE) as window:
            assert cut(window) == []
            hidden = [c for c in controls(window) if not within(c, window) and not scrolls(c)]
            assert [said(each) for each in hidden] == []
    finally:
        qapp.setFont(before)


def within(control: QWidget, window: Window) -> bool:
    at = control.rect().translated(control.mapTo(window, QPoint()))
    return window.rect().contains(at)


def scrolls(control: QWidget) -> QScrollArea | None:
    """What it lies in that can be scrolled, and brings it into sight with the keyboard."""
    above = control.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above
