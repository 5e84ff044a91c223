"""It rings here: answered, refused and gone, with mouse and keyboard."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import BO, a_call, button, fits, focused, put, running, texts
from twocan.gui.pages.incoming import IncomingView
from twocan.gui.parts import Words
from twocan.gui.theme import theme
from twocan.states import CallView, State

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


def ringing(sid: str = "one", **what: object) -> CallView:
    return a_call(sid, State.INCOMING, outgoing=False, **what)


def rung(drawn: Drawn, qtbot: QtBot, *calls: CallView, **how: tuple[int, int]) -> IncomingView:
    view = put(IncomingView(drawn), drawn, qtbot, **how)
    drawn.show(calls=calls or (ringing(),))
    return view


def test_who_calls_and_from_where(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    assert texts(view) == ["Demo friend", "calls you from site.example"]
    drawn.show(calls=(ringing(pictures=True),))
    assert texts(view) == ["Demo friend", "calls you from site.example, with camera"]


def test_space_or_enter_answers_with_sound(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    for key in (Key.Key_Space, Key.Key_Return, Key.Key_Enter):
        drawn.wanted.verbs.clear()
        QTest.keyClick(view, key)
        assert drawn.wanted.verbs == [("answer", ("one",), {})]


def test_v_answers_with_the_camera_and_esc_declines(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    QTest.keyClick(view, Key.Key_V)
    assert drawn.last == ("answer", ("one",), {"showing": True})
    QTest.keyClick(view, Key.Key_Escape)
    assert drawn.last == ("decline", ("one",), {})


def test_each_button_does_what_it_says(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    for name in ("Answer", "With camera", "Decline"):
        QTest.mouseClick(button(view, name), LEFT)
    assert drawn.wanted.verbs == [
        ("answer", ("one",), {}),
        ("answer", ("one",), {"showing": True}),
        ("decline", ("one",), {}),
    ]


def test_enter_on_decline_declines(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    button(view, "Decline").setFocus()
    for key in (Key.Key_Return, Key.Key_Space):
        drawn.wanted.verbs.clear()
        QTest.keyClick(button(view, "Decline"), key)
        assert drawn.wanted.verbs == [("decline", ("one",), {})]


def test_a_key_that_is_held_down_answers_nothing(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    plain, repeats = Qt.KeyboardModifier.NoModifier, True
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        view.event(QKeyEvent(kind, Key.Key_Space, plain, " ", repeats))
    assert drawn.wanted.verbs == []


def test_tab_reaches_every_button(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    reached = set()
    for _ in range(4):
        QTest.keyClick(focused(view), Key.Key_Tab)
        reached.add(focused(view).accessibleName())
    assert {"Decline", "With camera", "Answer"} <= reached


def test_it_is_gone_while_the_mouse_is_down(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    answer = button(view, "Answer")
    QTest.mousePress(answer, LEFT)
    drawn.show(calls=())
    QTest.mouseRelease(answer, LEFT)
    QTest.keyClick(view, Key.Key_Space)
    assert drawn.wanted.verbs == []


def test_another_call_takes_its_place_while_the_mouse_is_down(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    answer = button(view, "Answer")
    QTest.mousePress(answer, LEFT)
    drawn.show(calls=(ringing("two", peer=BO),))
    QTest.mouseRelease(answer, LEFT)
    assert drawn.wanted.verbs == []
    QTest.mouseClick(answer, LEFT)
    assert drawn.wanted.verbs == [("answer", ("two",), {})]


def test_the_oldest_of_two_is_shown(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot, ringing("one"), ringing("two", peer=BO))
    assert texts(view)[0] == "Demo friend"


def test_nothing_moves_while_hidden(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    assert bool(running(view)) is theme().animates
    view.hide()
    assert running(view) == []


def test_it_fits_from_the_smallest_window_up(drawn: Drawn, qtbot: QtBot) -> None:
    for size in ((320, 440), (1920, 1080)):
        view = rung(drawn, qtbot, size=size)
        names = ("Answer", "With camera", "Decline")
        assert fits(view, *view.findChildren(Words), *(button(view, name) for name in names))


def test_it_is_mirrored(drawn: Drawn, qtbot: QtBot) -> None:
    view = rung(drawn, qtbot)
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.resize(401, 660)
    assert button(view, "Decline").x() > button(view, "Answer").x()
