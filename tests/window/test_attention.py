"""The window comes to the front, and what was meant for another program is no answer."""

import os

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from twocan.gui.around.attention import PAUSE, TypingGuard, call_to, calm


class Ringing(QWidget):
    """A window with a button and a shortcut that answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str] = []
        self.button = QPushButton("Accept")
        self.button.clicked.connect(lambda: self.answers.append("button"))
        QVBoxLayout(self).addWidget(self.button)
        self.shortcut = QShortcut(Qt.Key.Key_Return, self)
        self.shortcut.activated.connect(lambda: self.answers.append("shortcut"))
        self.guard = TypingGuard(self)


@pytest.fixture
def window(qtbot: QtBot) -> Ringing:
    made = Ringing()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.button.setFocus()
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.button.hasFocus())
    return made


def type_into(window: Ringing, key: Qt.Key) -> None:
    """As the keyboard does: through the window, with its shortcuts."""
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_without_a_guard_a_key_answers(window: Ringing, key: Qt.Key) -> None:
    type_into(window, key)
    assert len(window.answers) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_what_is_being_typed_does_not_answer(window: Ringing, key: Qt.Key) -> None:
    window.guard.hold()
    type_into(window, key)
    assert window.answers == []
    assert window.guard.holding


def test_after_a_pause_a_key_answers(window: Ringing, qtbot: QtBot) -> None:
    window.guard.hold()
    type_into(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.guard.holding)
    type_into(window, Qt.Key.Key_Space)
    assert window.answers == ["button"]


def test_who_types_on_is_kept_out_for_as_long(window: Ringing, qtbot: QtBot) -> None:
    pause = window.guard.findChild(QTimer)
    assert pause is not None
    # On a machine that stops for a moment, all of it may be over at once.
    while not window.guard.holding:
        window.guard.hold()
        qtbot.waitUntil(lambda: pause.remainingTime() < PAUSE / 2)
    type_into(window, Qt.Key.Key_A)
    assert pause.remainingTime() > PAUSE / 2
    assert window.guard.holding


def test_a_click_is_meant_and_ends_the_guard(window: Ringing) -> None:
    window.guard.hold()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert not window.guard.holding
    type_into(window, Qt.Key.Key_Space)
    assert window.answers == ["button"]


def test_a_click_on_the_button_answers_at_once(window: Ringing) -> None:
    window.guard.hold()
    QTest.mouseClick(window.button, Qt.MouseButton.LeftButton)
    assert window.answers == ["button"]


def test_while_another_window_is_typed_into_no_time_runs(window: Ringing, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    window.guard.hold()
    pause = window.guard.findChild(QTimer)
    assert pause is not None
    pause.setInterval(100 * PAUSE)
    assert not pause.isActive()
    QTest.keyClicks(other, "what is typed there")
    assert other.text() == "what is typed there"
    window.activateWindow()
    qtbot.waitUntil(pause.isActive)
    other.activateWindow()
    qtbot.waitUntil(lambda: not pause.isActive())
    assert window.guard.holding


def test_a_window_that_was_put_away_is_there_again(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    call_to(window)
    assert window.isVisible()
    assert not window.isMinimized()
    qtbot.waitUntil(window.isActiveWindow)
    window.hide()
    call_to(window)
    assert window.isVisible()


def test_a_maximised_window_stays_so(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowState(Qt.WindowState.WindowMaximized | Qt.WindowState.WindowMinimized)
    call_to(window)
    assert window.windowState() & Qt.WindowState.WindowMaximized


def test_the_token_of_a_notice_is_there_for_the_compositor(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    window = QWidget()
    qtbot.addWidget(window)
    call_to(window, "token-of-the-compositor")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-of-the-compositor"


def test_the_mark_in_the_taskbar_can_be_taken_back(window: Ringing) -> None:
    handle = window.windowHandle()
    assert handle is not None
    assert handle.metaObject().indexOfMethod("_q_clearAlert()") >= 0
    calm(window)
    calm(QWidget())
