"""A call on its way: what is said of it, what can be switched beforehand, and its end."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import BO, a_call, button, fits, put, running, texts, the
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.in_call.second_call import KnockingCall
from twocan.gui.pages.calling import CallingView
from twocan.gui.parts import Words
from twocan.gui.theme import theme
from twocan.states import CallView, State

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


def on_the_way(state: State = State.DIALLING, **what: object) -> CallView:
    return a_call("one", state, **what)


def calling(drawn: Drawn, qtbot: QtBot, *calls: CallView, **how: tuple[int, int]) -> CallingView:
    view = put(CallingView(drawn), drawn, qtbot, **how)
    drawn.show(calls=calls or (on_the_way(),))
    return view


def test_it_says_how_far_it_is(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    said = []
    for state in (State.DIALLING, State.RINGING, State.CONNECTING):
        drawn.show(calls=(on_the_way(state),))
        said.append(texts(view))
    assert [each[:2] for each in said] == [["Demo friend", "site.example"]] * 3
    assert [each[2] for each in said] == ["Calling…", "It rings there", "Connecting…"]


def test_it_moves_only_while_it_rings_and_is_seen(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    assert running(view) == []
    drawn.show(calls=(on_the_way(State.RINGING),))
    assert bool(running(view)) is theme().animates
    view.hide()
    assert running(view) == []


def test_esc_and_ctrl_d_end_it(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    QTest.keyClick(view, Key.Key_Escape)
    assert drawn.last == ("hang_up", ("one",), {})
    drawn.wanted.verbs.clear()
    QTest.keyClick(view, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert drawn.wanted.verbs == [("hang_up", ("one",), {})]


def test_microphone_and_camera_are_switched_beforehand(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    QTest.keyClick(view, Key.Key_M)
    QTest.mouseClick(button(view, "Camera"), LEFT)
    assert drawn.wanted.verbs == [("mute", ("one", True), {}), ("show", ("one", True), {})]
    assert not button(view, "Camera").isChecked(), "nothing is shown that is not so yet"
    drawn.show(calls=(on_the_way(muted=True, showing=True),))
    assert button(view, "Camera").isChecked()
    assert button(view, "Mute").isChecked()
    QTest.keyClick(view, Key.Key_V)
    assert drawn.last == ("show", ("one", False), {})


def test_the_own_picture_is_there_while_it_is_shown(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    own = the(view, OwnPicture)
    assert own.isHidden()
    drawn.show(calls=(on_the_way(showing=True),))
    assert own.isVisible()
    drawn.show(calls=(on_the_way(showing=True, camera_problem="no camera"),))
    assert own.isHidden()


def test_why_there_is_no_picture_is_said(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    problem = "there is no camera: plug one in"
    drawn.show(calls=(on_the_way(showing=True, camera_problem=problem),))
    assert "There is no camera. Plug one in." in texts(view)


def test_it_is_answered_while_end_is_being_clicked(drawn: Drawn, qtbot: QtBot) -> None:
    view = calling(drawn, qtbot)
    end = button(view, "End")
    QTest.mousePress(end, LEFT)
    drawn.show(calls=(a_call(),))
    QTest.mouseRelease(end, LEFT)
    assert drawn.wanted.verbs == []


def test_who_calls_meanwhile_can_be_answered_and_refused(drawn: Drawn, qtbot: QtBot) -> None:
    knocks = a_call("two", State.INCOMING, peer=BO, outgoing=False)
    view = calling(drawn, qtbot, on_the_way(), knocks)
    card = the(view, KnockingCall)
    assert "From other.example. If you answer, this call is given up." in texts(card)
    QTest.mouseClick(card.sound, LEFT)
    QTest.mouseClick(card.decline, LEFT)
    assert drawn.wanted.verbs == [("answer", ("two",), {}), ("decline", ("two",), {})]


def test_it_fits_from_the_smallest_window_up(drawn: Drawn, qtbot: QtBot) -> None:
    for size in ((320, 440), (1920, 1080)):
        view = calling(drawn, qtbot, on_the_way(showing=True), size=size)
        own = the(view, OwnPicture)
        name, *_ = (words for words in view.findChildren(Words) if words.text() == "Demo friend")
        switches = [button(view, each) for each in ("Mute", "Camera", "End")]
        assert fits(view, own, name, *switches)
