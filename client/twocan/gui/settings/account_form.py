"""Signing in with what a person types: an address and a password."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent

from twocan.desk.state import DeskView, Standing, Trouble
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Field, PushButton, Tone
from twocan.gui.settings.pieces import Group, ProblemLine, help_line

LAST_PORT = 65535


class AccountForm(Group):
    """The form. What is typed stays until it proved right, or nobody looks any more."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._submitted: str | None = None
        self.address = Field(self.tr("Address"), "person@site.example")
        self.password = Field(self.tr("Password"), secret=True)
        self.more = PushButton(self.tr("Name the server myself"))
        by_address = self.tr("Found by the address")
        self.host = Field(self.tr("Server"), by_address)
        self.port = Field(self.tr("Port"), by_address)
        self.kept, self.status, self.problem = help_line(), help_line(), ProblemLine()
        self.submit = PushButton(self.tr("Sign in"), Tone.ACCENT)
        fields = (self.address, self.password, self.host, self.port)
        said, buttons = (self.problem, self.status), (self.submit, self.more)
        self.gather(self.tr("Add an account"), *fields, self.kept, *said, *buttons)
        self._listen()
        self._show_more(False)

    def _listen(self) -> None:
        for field in (self.address, self.password, self.host, self.port):
            field.entered.connect(self._submit)
            field.edited.connect(lambda _text, field=field: field.show_problem(None))
        self.more.clicked.connect(lambda: self._show_more(True))
        self.submit.clicked.connect(self._submit)

    def show_desk(self, view: DeskView) -> None:
        """Draw how the sign-in goes, and where it would be kept."""
        self.kept.setText(self._where(view.stores))
        self.kept.setVisible(view.stores != "")
        self.submit.setEnabled(not view.calls)
        if self._submitted is not None and self._proved(view):
            self._clear()
        problem = view.problem if self._is_ours(view) else None
        said = [line for line in words.problem(problem) if line] if problem else []
        self.problem.show_problem("\n".join(said))
        enters = view.entering and view.standing is not Standing.REFUSED and not problem
        self.status.setText(words.standing(view) if enters else "")
        self.status.setVisible(enters)

    def _where(self, store: str | None) -> str:
        if store is None:
            return self.tr(
                "This computer has no place for secrets that Twocan can use. The account is known "
                "until Twocan is closed; the next time you sign in again."
            )
        return self.tr("The password is kept in {store}.").format(store=store)

    def _proved(self, view: DeskView) -> bool:
        is_in = view.standing is Standing.ONLINE and not view.entering and view.problem is None
        return is_in and view.account is not None and view.account.address == self._submitted

    def _is_ours(self, view: DeskView) -> bool:
        """Whether what did not work is what was typed here."""
        if self._submitted is None or view.problem is None:
            return False
        return view.entering or view.problem.trouble is Trouble.BAD_ADDRESS

    def _submit(self) -> None:
        address, password = self.address.text(), self.password.text()
        if not address:
            self._miss(self.address, self.tr("Type your address."))
        elif not password:
            self._miss(self.password, self.tr("Type your password."))
        elif (port := self.port.text()) and not _is_port(port):
            self._miss(self.port, self.tr("A port is a number from 1 to 65535."))
        elif self.submit.isEnabled():
            self._submitted = address
            host, number = self.host.text() or None, int(port) if port else None
            self._bridge.do(lambda desk: desk.sign_in(address, password, host, number))

    def _miss(self, field: Field, what: str) -> None:
        field.show_problem(what)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more(self, on: bool) -> None:
        self.host.setVisible(on)
        self.port.setVisible(on)
        if on:
            self.host.setFocus(Qt.FocusReason.OtherFocusReason)
        self.more.setVisible(not on)

    def _clear(self) -> None:
        self._submitted = None
        for field in (self.address, self.password, self.host, self.port):
            field.set_text("")
            field.show_problem(None)
        self._show_more(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """A password is not left lying about; behind a minimised window it may wait."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._clear()


def _is_port(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= LAST_PORT
