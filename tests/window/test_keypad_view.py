"""The telephone's keys: on the screen, and on the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import BO, a_call, button, fits, put, seen, texts
from twocan.gui.in_call import InCallView
from twocan.gui.in_call.keypad import KEYS, Key, Keypad
from twocan.gui.parts.text import left_to_right

LEFT = Qt.MouseButton.LeftButton


def in_call(drawn: Drawn, qtbot: QtBot, **how: tuple[int, int]) -> InCallView:
    view = put(InCallView(drawn), drawn, qtbot, **how)
    drawn.show(calls=(a_call(),))
    return view


def keypad(view: InCallView) -> Keypad | None:
    found = [each for each in view.findChildren(Keypad) if each.isVisible()]
    return found[0] if found else None


def test_every_key_is_pressed_and_shown(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.keyClick(view, Qt.Key.Key_K)
    pad = keypad(view)
    assert pad is not None
    for key in pad.findChildren(Key):
        QTest.mouseClick(key, LEFT)
    assert [args for _, args, _ in drawn.wanted.verbs] == [("one", key) for key in KEYS]
    assert texts(pad) == [left_to_right(KEYS)]


def test_digits_of_the_keyboard_are_keys_too(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.keyClick(view, Qt.Key.Key_4)
    QTest.keyClick(view, Qt.Key.Key_Asterisk)
    QTest.keyClick(view, Qt.Key.Key_NumberSign)
    QTest.keyClick(view, Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier)
    assert [args[1] for _, args, _ in drawn.wanted.verbs] == ["4", "*", "#", "2"]
    pad = keypad(view)
    assert pad is not None
    assert texts(pad) == [left_to_right("4*#2")], "what was pressed is to be seen"
    assert pad.title.accessibleName() == "Pressed keys: 4 * # 2"


def test_what_is_typed_into_a_field_is_no_key(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    field = QLineEdit(view)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "12m")
    assert field.text() == "12m"
    assert drawn.wanted.verbs == []


def test_signs_have_a_name_that_is_heard(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.mouseClick(button(view, "Keypad"), LEFT)
    pad = keypad(view)
    assert pad is not None
    assert [key.accessibleName() for key in pad.findChildren(Key)][-3:] == ["Star", "0", "Hash"]


def test_keyboard_alone_opens_presses_and_closes(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.keyClick(view, Qt.Key.Key_K)
    one = view.focusWidget()
    assert isinstance(one, Key)
    QTest.keyClick(one, Qt.Key.Key_Space)
    assert drawn.last == ("press", ("one", "1"), {})
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert keypad(view) is None
    assert view.hasFocus()


def test_the_next_call_begins_with_nothing_pressed(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.keyClick(view, Qt.Key.Key_7)
    drawn.show(calls=(a_call("two", peer=BO),))
    assert keypad(view) is None
    QTest.keyClick(view, Qt.Key.Key_8)
    pad = keypad(view)
    assert pad is not None
    assert texts(pad) == [left_to_right("8")]


def test_keys_run_from_left_to_right_for_everybody(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.keyClick(view, Qt.Key.Key_K)
    pad = keypad(view)
    assert pad is not None
    one, two, three = pad.findChildren(Key)[:3]
    assert one.x() < two.x() < three.x()


def test_it_fits_into_the_smallest_window(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, size=(320, 440))
    drawn.show(calls=(seen(),))
    QTest.keyClick(view, Qt.Key.Key_K)
    pad = keypad(view)
    assert pad is not None
    qtbot.waitUntil(lambda: fits(pad, *pad.findChildren(Key)))
    assert fits(view, pad, view.controls)
