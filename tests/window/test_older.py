"""A download that is older than what is installed asks, before there is a window."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from twocan.gui import older
from twocan.gui.older import Choice, OlderQuestion
from twocan.gui.theme import Application
from twocan.install.programs import Programs
from twocan.install.starting import Older

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fr&code=0123456789abcdef"


@pytest.fixture
def question(qtbot: QtBot) -> OlderQuestion:
    question = OlderQuestion("0.9", "0.10")
    qtbot.addWidget(question)
    question.open()
    return question


def test_it_says_which_version_is_which(question: OlderQuestion) -> None:
    told = "This download is version 0.9.\nVersion 0.10 is installed."
    assert question.informativeText() == told
    assert isinstance(question.newer, QPushButton)
    assert question.newer.text() == "Use version 0.10"
    assert question.older.text() == "Go back to 0.9"


def test_enter_keeps_the_newer_one(question: OlderQuestion) -> None:
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert question.choice is Choice.NEWER


def test_escape_starts_neither(question: OlderQuestion) -> None:
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert question.choice is Choice.NEITHER


def test_to_go_back_has_a_button(question: OlderQuestion) -> None:
    question.older.click()
    assert question.choice is Choice.OLDER


@pytest.mark.parametrize(
    ("button", "became"),
    [("newer", ("keep", [LINK])), ("older", ("go_back", [LINK])), ("cancel", None)],
)
def test_what_is_answered_is_started_with_the_link(
    qapp: Application,
    monkeypatch: pytest.MonkeyPatch,
    button: str,
    became: object,
) -> None:
    started: list[object] = []
    for verb in ("keep", "go_back"):
        monkeypatch.setattr(
            Older, verb, lambda self, arguments, verb=verb: started.append((verb, arguments))
        )
    monkeypatch.setattr(older, "Application", lambda arguments: qapp)
    monkeypatch.setattr(older, "Language", lambda application: Silent())
    QTimer.singleShot(0, lambda: click(button))

    code = older.ask(Older(Programs.of_this_person(), "0.9", "0.10"), [LINK], None)

    assert code == 0
    assert started == ([] if became is None else [became])


def test_what_cannot_be_started_is_told(qapp: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Older, arguments: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere/twocan")

    told: list[str] = []
    monkeypatch.setattr(Older, "keep", refuse)
    monkeypatch.setattr(older, "Application", lambda arguments: qapp)
    monkeypatch.setattr(older, "Language", lambda application: Silent())
    monkeypatch.setattr(QMessageBox, "critical", lambda parent, title, text: told.append(text))
    QTimer.singleShot(0, lambda: click("newer"))

    assert older.ask(Older(Programs.of_this_person(), "0.9", "0.10"), [], None) == 1
    assert "Permission denied" in told[0]


class Silent:
    """Leaves the application's language as it is."""

    def speak(self, language: str | None) -> None: ...


def click(button: str) -> None:
    (question,) = (
        each for each in QApplication.topLevelWidgets() if isinstance(each, OlderQuestion)
    )
    getattr(question, button).click()
