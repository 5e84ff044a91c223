"""What the pages are made of, beyond the parts that all of the window has."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLayout, QWidget

from twocan.gui.parts import Choice, PushButton, Words, announce, column
from twocan.gui.tokens import Ink, Space, Type


class Group(QWidget):
    """Things that are about one thing, below its name: for a card."""

    def gather(self, title: str | QLayout, *parts: QWidget) -> None:
        """Set what it is about, which is its name or a head of its own, and what is in it."""
        head = Words(title, Type.STRONG) if isinstance(title, str) else title
        for choice in parts:
            if isinstance(head, Words) and isinstance(choice, Choice):
                head.setBuddy(choice)
        down = column(head, *parts, space=Space.MEDIUM)
        for part in parts:
            if isinstance(part, PushButton):
                # As wide as its words, at the start of its line.
                down.setAlignment(part, Qt.AlignmentFlag.AlignLeading)
        self.setLayout(down)


def help_line(text: str = "") -> Words:
    """A line that explains."""
    return Words(text, Type.SMALL, Ink.MUTED, wrap=True)


class ProblemLine(Words):
    """What is wrong, and what to do: there only while something is."""

    def __init__(self) -> None:
        super().__init__("", Type.SMALL, Ink.BAD, wrap=True)
        self.hide()

    def show_problem(self, text: str | None) -> None:
        """Say this; None: nothing is wrong."""
        if (text or "") != self.text():
            self.setText(text or "")
            announce(self, text or "")
        self.setVisible(bool(text))


class SteadyChoice(Choice):
    """A choice that the wheel does not change: it is the page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For the page."""
        event.ignore()
