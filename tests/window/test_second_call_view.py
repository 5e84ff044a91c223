"""A second call: it knocks, it is answered or not, the first waits, the two are swapped."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import BO, a_call, fits, put, seen, texts
from twocan.gui.in_call import InCallView
from twocan.states import CallView, State

LEFT = Qt.MouseButton.LeftButton


def knock(sid: str = "two", **what: object) -> CallView:
    return a_call(sid, State.INCOMING, outgoing=False, **({"peer": BO} | what))


def in_call(
    drawn: Drawn, qtbot: QtBot, *calls: CallView, size: tuple[int, int] = (400, 660)
) -> InCallView:
    view = put(InCallView(drawn), drawn, qtbot, size)
    drawn.show(calls=calls)
    return view


def test_it_knocks_and_nothing_happens_by_itself(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(), knock())
    assert texts(view.knocking)[:2] == [
        "Bo Demo calls",
        "From other.example. If you answer, this call is put on hold.",
    ]
    assert view.person.name.text() == "Demo friend"
    assert drawn.wanted.verbs == []


def test_it_is_declined_answered_and_answered_with_camera(drawn: Drawn, qtbot: QtBot) -> None:
    card = in_call(drawn, qtbot, a_call(), knock(pictures=True)).knocking
    assert card.headline.text() == "Bo Demo calls, with camera"
    for each in (card.decline, card.camera, card.sound):
        QTest.mouseClick(each, LEFT)
    assert drawn.wanted.verbs == [
        ("decline", ("two",), {}),
        ("answer", ("two",), {"showing": True}),
        ("answer", ("two",), {}),
    ]


def test_space_answers_nothing_unless_the_keyboard_is_there(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(), knock())
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert drawn.wanted.verbs == []
    view.knocking.sound.setFocus()
    QTest.keyClick(view.knocking.sound, Qt.Key.Key_Space)
    assert drawn.last == ("answer", ("two",), {})


def test_it_gives_up_while_answer_is_clicked(drawn: Drawn, qtbot: QtBot) -> None:
    card = in_call(drawn, qtbot, a_call(), knock()).knocking
    QTest.mousePress(card.sound, LEFT)
    drawn.show(calls=(a_call(),))
    QTest.mouseRelease(card.sound, LEFT)
    assert card.isHidden()
    assert drawn.wanted.verbs == []


def test_a_third_takes_its_place_while_decline_is_clicked(drawn: Drawn, qtbot: QtBot) -> None:
    card = in_call(drawn, qtbot, a_call(), knock()).knocking
    QTest.mousePress(card.decline, LEFT)
    drawn.show(calls=(a_call(), knock("three", peer="cy@site.example")))
    QTest.mouseRelease(card.decline, LEFT)
    assert drawn.wanted.verbs == []


def test_the_one_that_waits_is_shown_and_swapped(drawn: Drawn, qtbot: QtBot) -> None:
    first, second = a_call(held=True), a_call("two", peer=BO)
    view = in_call(drawn, qtbot, first, second)
    assert view.person.name.text() == "Bo Demo"
    assert view.held.headline.text() == "Demo friend is on hold"
    QTest.mouseClick(view.held.swap, LEFT)
    assert drawn.wanted.verbs == [("hold", ("one",), {"on": False})]
    drawn.show(calls=(a_call(), a_call("two", peer=BO, held=True)))
    assert view.person.name.text() == "Demo friend"
    assert view.held.headline.text() == "Bo Demo is on hold"
    QTest.keyClick(view, Qt.Key.Key_S)
    assert drawn.last == ("hold", ("two",), {"on": False})


def test_the_one_that_waits_can_be_hung_up(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(held=True), a_call("two", peer=BO))
    QTest.mouseClick(view.held.end, LEFT)
    assert drawn.last == ("hang_up", ("one",), {})
    drawn.show(calls=(a_call("two", peer=BO),))
    assert view.held.isHidden()


def test_of_two_on_hold_the_newer_is_shown(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(held=True), a_call("two", peer=BO, held=True))
    assert view.person.name.text() == "Bo Demo"
    assert view.person.facts.texts() == ("You put Bo Demo on hold",)


def test_one_ends_while_mute_is_clicked_on_it(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(held=True), a_call("two", peer=BO))
    QTest.mousePress(view.controls.mute, LEFT)
    drawn.show(calls=(a_call(),))
    QTest.mouseRelease(view.controls.mute, LEFT)
    assert drawn.wanted.verbs == [], "the other call is not muted in its place"


def test_both_fit_into_the_smallest_window(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen(), knock(), size=(320, 440))
    assert fits(view, view.heading, view.knocking, view.controls)
    assert fits(view.knocking, view.knocking.sound, view.knocking.camera, view.knocking.decline)
