"""A link asks whether it may call."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from fitting import cut, show_at
from twocan.desk.state import Invitation, PickedUp
from twocan.gui.pages.asking import AskingView, in_ascii

ASKED = Invitation(
    site="calls.site.example",
    caller="Demo Caller",
    peer="k3v9x8q2mz7t@calls.site.example",
    peer_name="Demo Person",
    reason="Your appointment on Thursday",
)
BOTH = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[AskingView]:
    """The page, on the screen, while the site is asked."""
    view = AskingView(drawn)
    qtbot.addWidget(view)
    drawn.changed.connect(view.show_desk)
    drawn.show(opening_link=True)
    view.resize(400, 660)
    view.show()
    qtbot.waitExposed(view)
    yield view
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def shown(buttons: tuple[QAbstractButton, ...]) -> QAbstractButton:
    (button,) = [each for each in buttons if each.isVisible()]
    return button


def test_the_wait_for_the_site_can_be_cancelled(
    page: AskingView, drawn: Drawn, qtbot: QtBot
) -> None:
    assert page.waiting.isVisible()
    qtbot.keyClick(page.waiting.cancel, Qt.Key.Key_Space)
    assert drawn.last == ("refuse_invitation", (), {})


def test_it_says_who_calls_whom_for_which_site(page: AskingView, drawn: Drawn) -> None:
    drawn.show(opening_link=False, invitation=ASKED)
    question = page.question
    assert question.isVisible()
    assert question.site.name.text() == "calls.site.example"
    assert question.who.text() == "Call Demo Person?"
    assert question.address.text() == ASKED.peer
    assert question.caller.text() == "You call as Demo Caller."
    assert question.reason.text() == "The site says: Your appointment on Thursday"
    for part in (question.site.name, question.who, question.address, question.reason):
        assert part.isVisible()
    assert page.accessibleName() == (
        "calls.site.example asks: Call Demo Person? You call as Demo Caller."
    )


def test_without_a_name_and_a_reason_the_address_has_to_do(page: AskingView, drawn: Drawn) -> None:
    drawn.show(invitation=replace(ASKED, peer_name=None, reason=None))
    assert page.question.who.text() == "Call this address?"
    assert page.question.address.text() == ASKED.peer
    assert not page.question.reason.isVisible()


def test_yes_with_sound(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(invitation=ASKED)
    qtbot.mouseClick(shown(page.question.sound), Qt.MouseButton.LeftButton)
    assert drawn.last == ("accept_invitation", (), {"trust": False, "showing": False})


def test_yes_with_camera_and_from_now_on(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(invitation=ASKED)
    qtbot.keyClick(page.question.always, Qt.Key.Key_Space)
    qtbot.mouseClick(shown(page.question.camera), Qt.MouseButton.LeftButton)
    assert drawn.last == ("accept_invitation", (), {"trust": True, "showing": True})


@pytest.mark.parametrize("showing", [False, True])
@pytest.mark.parametrize("direction", BOTH)
def test_what_the_site_suggests_comes_first(
    page: AskingView, drawn: Drawn, showing: bool, direction: Qt.LayoutDirection
) -> None:
    QGuiApplication.setLayoutDirection(direction)
    drawn.show(invitation=replace(ASKED, showing=showing))
    show_at(page, 400, 660)
    sound, camera = shown(page.question.sound), shown(page.question.camera)
    first, second = (camera, sound) if showing else (sound, camera)
    if direction is Qt.LayoutDirection.RightToLeft:
        first, second = second, first
    assert first.x() < second.x()


def test_no(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(invitation=ASKED)
    qtbot.mouseClick(page.question.refuse, Qt.MouseButton.LeftButton)
    assert drawn.last == ("refuse_invitation", (), {})


@pytest.mark.parametrize("waiting", [False, True])
def test_escape_is_no(page: AskingView, drawn: Drawn, qtbot: QtBot, waiting: bool) -> None:
    drawn.show(opening_link=waiting, invitation=None if waiting else ASKED)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert drawn.last == ("refuse_invitation", (), {})


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_that_was_meant_for_something_else_is_no_yes(
    page: AskingView, drawn: Drawn, qtbot: QtBot, key: Qt.Key
) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    drawn.show(invitation=ASKED)
    qtbot.keyClick(QApplication.focusWidget(), key)
    assert drawn.wanted.verbs == []


def test_by_keyboard_alone(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    drawn.show(invitation=replace(ASKED, showing=True))
    order: list[QWidget | None] = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    question = page.question
    assert order == [question.camera[1], question.sound[1], question.refuse, question.always]
    qtbot.keyClick(question.camera[1], Qt.Key.Key_Space)
    assert drawn.last == ("accept_invitation", (), {"trust": False, "showing": True})


# --- Answering ----------------------------------------------------------------------------------


RINGS = replace(ASKED, answering="a", reason=None)


def test_a_link_that_answers_says_who_calls(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(invitation=RINGS)
    question = page.question
    assert question.who.text() == "Demo Person is calling. Answer?"
    assert question.caller.text() == "You answer as Demo Caller."
    assert page.accessibleName() == (
        "calls.site.example asks: Demo Person is calling. Answer? You answer as Demo Caller."
    )
    words = [shown(question.sound).accessibleName(), shown(question.camera).accessibleName()]
    assert words == ["Answer", "Answer with camera"]
    assert question.refuse.accessibleName() == "Not now"
    qtbot.mouseClick(shown(question.camera), Qt.MouseButton.LeftButton)
    assert drawn.last == ("accept_invitation", (), {"trust": False, "showing": True})


def test_who_calls_without_a_name_is_an_address(page: AskingView, drawn: Drawn) -> None:
    drawn.show(invitation=replace(RINGS, peer_name=None))
    assert page.question.who.text() == "Somebody is calling. Answer?"
    assert page.question.address.text() == ASKED.peer


def test_the_next_link_that_calls_says_so_again(page: AskingView, drawn: Drawn) -> None:
    drawn.show(invitation=RINGS)
    drawn.show(invitation=ASKED)
    assert page.question.who.text() == "Call Demo Person?"
    assert shown(page.question.sound).accessibleName() == "Call"
    assert page.question.refuse.accessibleName() == "Don't call"


def test_what_is_being_answered_is_shown_and_can_be_left(
    page: AskingView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(
        opening_link=False, invitation=None, picked_up=PickedUp("a", ASKED.peer, "Demo\nAnn")
    )
    assert page.picking_up.isVisible()
    assert page.picking_up.said.text() == page.accessibleName() == "Answering Demo Ann…"
    qtbot.keyClick(page.picking_up.cancel, Qt.Key.Key_Space)
    assert drawn.last == ("refuse_invitation", (), {})
    drawn.show(opening_link=True)
    assert page.waiting.isVisible()


def test_escape_leaves_what_is_being_answered(page: AskingView, drawn: Drawn, qtbot: QtBot) -> None:
    drawn.show(opening_link=False, picked_up=PickedUp("a", ASKED.peer))
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert drawn.last == ("refuse_invitation", (), {})


def test_trust_in_one_site_is_none_in_the_next(page: AskingView, drawn: Drawn) -> None:
    drawn.show(invitation=ASKED)
    page.question.always.setChecked(True)
    drawn.show(opening_link=False)
    assert page.question.always.isChecked()
    drawn.show(invitation=replace(ASKED, site="other.example"))
    assert not page.question.always.isChecked()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("site.example", "site.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("а.example", "xn--80a.example"),  # noqa: RUF001, a Cyrillic one
        ("ü" * 70, "\\xfc" * 70),
    ],
)
def test_a_host_is_shown_so_that_it_looks_like_no_other(host: str, told: str) -> None:
    assert in_ascii(host) == told


def test_what_a_site_says_is_one_line_and_not_endless(page: AskingView, drawn: Drawn) -> None:
    drawn.show(invitation=replace(ASKED, reason="a\n\nb " + "long " * 1000))
    said = page.question.reason.text()
    assert said.startswith("The site says: a b long")
    assert "\n" not in said
    assert len(said) < 330


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_cut(
    page: AskingView, drawn: Drawn, width: int, direction: Qt.LayoutDirection, scale: float
) -> None:
    before, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    QApplication.setFont(larger)
    QGuiApplication.setLayoutDirection(direction)
    try:
        for invitation in (None, ASKED, replace(ASKED, showing=True)):
            drawn.show(invitation=invitation)
            show_at(page, width, 440)
            assert cut(page) == []
    finally:
        QApplication.setFont(before)
