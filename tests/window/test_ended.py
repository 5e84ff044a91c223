"""The call that ended."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from fitting import cut, show_at
from twocan.gui.pages.ended import EndedView
from twocan.states import CallView, End, State

DEMO = "demo@site.example"
TALKED = CallView(
    "sid",
    DEMO,
    outgoing=True,
    state=State.ENDED,
    end=End.HUNG_UP,
    ended_by="them",
    held=False,
    held_by_peer=False,
    muted=False,
    muted_by_peer=False,
    verification=None,
    times=MappingProxyType({"started": 5.0, "connected": 10.0, "ended": 85.4}),
)
IN_VAIN = replace(
    TALKED,
    end=End.NO_ANSWER,
    ended_by=None,
    times=MappingProxyType({"started": 5.0, "ended": 65.0}),
)
BOTH = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[EndedView]:
    """The page, on the screen, before a call ended."""
    view = EndedView(drawn)
    qtbot.addWidget(view)
    drawn.changed.connect(view.show_desk)
    drawn.show(names=MappingProxyType({DEMO: "Demo Person"}))
    view.resize(400, 660)
    view.show()
    qtbot.waitExposed(view)
    yield view
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_it_says_with_whom_why_and_how_long(page: EndedView, drawn: Drawn) -> None:
    drawn.show(ended=TALKED)
    assert page.name.text() == "Demo Person"
    assert page.headline.text() == "Demo Person hung up"
    assert page.lasted.text() == "You talked for 1:15"
    assert not page.advice.isVisible()
    assert not page.trouble.isVisible()


def test_what_was_never_talked_has_no_length_but_advice(page: EndedView, drawn: Drawn) -> None:
    drawn.show(ended=IN_VAIN)
    assert page.headline.text() == "Demo Person did not answer"
    assert "Try again later" in page.advice.text()
    assert page.advice.isVisible()
    assert not page.lasted.isVisible()


@pytest.mark.parametrize("showing", [False, True])
def test_calling_again_is_the_same_kind_of_call(
    page: EndedView, drawn: Drawn, qtbot: QtBot, showing: bool
) -> None:
    drawn.show(ended=replace(IN_VAIN, showing=showing))
    show_at(page, 400, 660)
    (again,) = [each for each in (page.sound, page.camera) if each.isVisible()]
    assert again.text() == "Call again"
    for _ in range(2):
        qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert drawn.wanted.verbs == [("dial", (DEMO,), {"showing": showing})]


def test_escape_is_done(page: EndedView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(ended=IN_VAIN)
    qtbot.keyClick(page.done, Qt.Key.Key_Escape)
    assert drawn.last == ("dismiss", (), {})


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_that_was_meant_for_the_call_does_not_call_again(
    page: EndedView, drawn: Drawn, qtbot: QtBot, key: Qt.Key
) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    drawn.show(ended=IN_VAIN)
    qtbot.keyClick(QApplication.focusWidget(), key)
    assert [verb for verb, _, _ in drawn.wanted.verbs] == ["dismiss"]


def test_by_keyboard_alone(page: EndedView, drawn: Drawn, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    drawn.show(ended=IN_VAIN)
    order: list[QWidget | None] = [QApplication.focusWidget()]
    qtbot.keyClick(page.done, Qt.Key.Key_Tab)
    order.append(QApplication.focusWidget())
    assert order == [page.done, page.sound]
    qtbot.keyClick(page.sound, Qt.Key.Key_Return)
    assert drawn.last == ("dial", (DEMO,), {"showing": False})


def test_a_call_that_was_hung_up_goes_away_by_itself(
    page: EndedView, drawn: Drawn, qtbot: QtBot
) -> None:
    page.timer.setInterval(1)
    drawn.show(ended=TALKED)
    qtbot.waitUntil(lambda: drawn.wanted.verbs == [("dismiss", (), {})])


@pytest.mark.parametrize(
    "call",
    [
        IN_VAIN,
        *(replace(TALKED, end=end) for end in End if end is not End.HUNG_UP),
        replace(TALKED, times=IN_VAIN.times),
        replace(TALKED, camera_problem="there is no camera: plug one in"),
    ],
)
def test_a_problem_stays_until_it_was_read(page: EndedView, drawn: Drawn, call: CallView) -> None:
    drawn.show(ended=call)
    assert not page.leaves


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Shift])
def test_whoever_touches_the_keyboard_has_time(
    page: EndedView, drawn: Drawn, qtbot: QtBot, key: Qt.Key
) -> None:
    drawn.show(ended=TALKED)
    assert page.leaves
    qtbot.keyClick(page.done, key)
    assert not page.leaves


def test_it_does_not_go_away_twice(page: EndedView, drawn: Drawn) -> None:
    drawn.show(ended=TALKED)
    drawn.show(ended=None)
    assert not page.leaves
    drawn.show(ended=TALKED)
    page.hide()
    assert not page.leaves


def test_news_of_something_else_do_not_begin_its_time_anew(
    page: EndedView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(ended=TALKED)
    qtbot.keyClick(page.done, Qt.Key.Key_Shift)
    drawn.show(opening_link=True)
    assert not page.leaves


def test_a_camera_that_was_not_seen_is_told(page: EndedView, drawn: Drawn) -> None:
    drawn.show(ended=replace(TALKED, camera_problem="there is no camera: plug one in"))
    assert page.trouble.isVisible()
    assert page.trouble.text() == ("Your camera was not seen. There is no camera. Plug one in.")


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_cut(
    page: EndedView, drawn: Drawn, width: int, direction: Qt.LayoutDirection, scale: float
) -> None:
    before, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    QApplication.setFont(larger)
    QGuiApplication.setLayoutDirection(direction)
    try:
        for end in (End.NOT_SECURE, End.INCOMPATIBLE, End.HUNG_UP):
            drawn.show(ended=replace(TALKED, end=end, camera_problem="it rains in"))
            show_at(page, width, 440)
            assert cut(page) == []
    finally:
        QApplication.setFont(before)
