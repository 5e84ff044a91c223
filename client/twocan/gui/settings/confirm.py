"""A question in place of the button that was pressed: nothing that cannot be undone happens at
one click, and no window opens for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from twocan.gui.parts import PushButton, Tone, Words, column, row
from twocan.gui.tokens import Space


class Confirm(QWidget):
    """A button that asks before it does.

    ``text``: what the button says; ``question``, ``yes`` and ``no``: what is asked then, and how
    it is answered. ``beside``: stands beside the button, and makes room for the question. Escape
    is a no.
    """

    confirmed = Signal()

    def __init__(
        self, text: str, question: str, yes: str, no: str, beside: QWidget | None = None
    ) -> None:
        super().__init__()
        self.button = PushButton(text)
        self.question = Words(question, wrap=True)
        self.yes, self.no = PushButton(yes, Tone.END), PushButton(no)
        self._resting, self._asking = QWidget(), QWidget()
        at_start = (self.button,) if beside is None else (beside, self.button)
        self._resting.setLayout(row(*at_start, None, space=Space.SMALL))
        answers = row(self.no, self.yes, None, space=Space.SMALL)
        self._asking.setLayout(column(self.question, answers, space=Space.SMALL))
        self._asking.hide()
        self.setLayout(column(self._resting, self._asking, space=0))
        self.button.clicked.connect(self._ask)
        self.no.clicked.connect(self.stop_asking)
        self.yes.clicked.connect(self._agree)

    @property
    def is_asking(self) -> bool:
        """Whether the question is on the screen."""
        return not self._asking.isHidden()

    def ask_about(self, question: str) -> None:
        """Put the question anew, as its subject changed."""
        self.question.setText(question)
        self.no.setAccessibleDescription(question)
        self.yes.setAccessibleDescription(question)

    def stop_asking(self) -> None:
        """Nothing is to be done; there is only the button again."""
        if self.is_asking:
            had_focus = self.yes.hasFocus() or self.no.hasFocus()
            self._resting.show()
            if had_focus:
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
            self._asking.hide()

    def _ask(self) -> None:
        self._asking.show()
        # The answer that loses nothing is the one at hand.
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)
        self._resting.hide()

    def _agree(self) -> None:
        self.stop_asking()
        self.confirmed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape says no, before it leaves the page."""
        if event.key() == Qt.Key.Key_Escape and self.is_asking:
            self.stop_asking()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A question that nobody looks at is not asked any more."""
        super().hideEvent(event)
        self.stop_asking()
