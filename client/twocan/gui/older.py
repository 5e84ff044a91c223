"""Asks what is to be done when somebody starts a download that is older than what is installed.

It comes before the window: either answer starts a program anew, this one or the newer one.
"""

import sys
from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox

from twocan.gui.languages import Language
from twocan.gui.theme import Application
from twocan.install.starting import Older

translate = QCoreApplication.translate


class Choice(Enum):
    """What is to run."""

    NEWER = auto()
    OLDER = auto()
    NEITHER = auto()


class OlderQuestion(QMessageBox):
    """A dialog. ``choice``: what was answered, once it is closed."""

    def __init__(self, mine: str, current: str) -> None:
        super().__init__()
        self.setWindowTitle("Twocan")
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(self.tr("A newer Twocan is installed"))
        words = self.tr("This download is version {mine}.\nVersion {current} is installed.")
        self.setInformativeText(words.format(mine=mine, current=current))
        role = QMessageBox.ButtonRole
        self.newer = self.addButton(
            self.tr("Use version {current}").format(current=current), role.AcceptRole
        )
        self.older = self.addButton(
            self.tr("Go back to {mine}").format(mine=mine), role.DestructiveRole
        )
        self.cancel = self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.newer)
        self.setEscapeButton(self.cancel)

    @property
    def choice(self) -> Choice:
        clicked = self.clickedButton()
        if clicked is self.newer:
            return Choice.NEWER
        return Choice.OLDER if clicked is self.older else Choice.NEITHER


def ask(older: Older, arguments: Sequence[str], language: str | None) -> int:
    """Ask, and become what the person chose; the exit code if they chose neither.

    ``arguments``: those of the program. ``language``: as in the settings.
    """
    application = Application(sys.argv[:1])
    application.setApplicationName("Twocan")
    application.setDesktopFileName("twocan")
    Language(application).speak(language)
    question = OlderQuestion(older.mine, older.current)
    question.exec()
    try:
        match question.choice:
            case Choice.NEWER:
                older.keep(arguments)
            case Choice.OLDER:
                older.go_back(arguments)
    except OSError as error:
        words = translate("Face", "Twocan cannot start: {why}").format(why=error)
        QMessageBox.critical(None, "Twocan", words)
        return 1
    return 0
