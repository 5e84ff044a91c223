"""Signing in with an address, for who has one: a link from a site brings its own account."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from twocan.desk.state import DeskView, Known, Standing
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.pages.sheet import Actions, fill, sheet
from twocan.gui.pages.typed import meant
from twocan.gui.parts import (
    Banner,
    Field,
    Mark,
    PushButton,
    RoundButton,
    Tone,
    Words,
    column,
    row,
)
from twocan.gui.tokens import Ink, Size, Space, Type

_HIGHEST_PORT = 65535


class SignInView(QWidget):
    """``closed``: the person does not want to sign in after all, where ``begin`` asked for it."""

    closed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._begun = False
        self.trying = False
        """Whether what was typed here is being tried: until it proved right, the page stays."""
        self.kept = Kept(bridge)
        self.notice = Banner(tone=Tone.END)
        self.notice.hide()
        self.address = Field(self.tr("Address"), self.tr("person@site.example"))
        self.address.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.address.edit.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.password, self.server = Password(), Server()
        self.stored = Words("", Type.SMALL, Ink.MUTED, wrap=True)
        self.submit = PushButton(self.tr("Sign in"), Tone.ACCENT)
        self.cancel = PushButton(self.tr("Cancel"))
        typed = column(self.address, self.password, self.server, self.stored)
        buttons = Actions(self.submit, self.cancel)
        self.welcome = Welcome()
        fill(self, sheet(self.welcome, self.kept, self.notice, typed, buttons, floats=True))
        for field in (self.address, self.password.field, self.server.host, self.server.port):
            field.entered.connect(self._submit)
        self.submit.clicked.connect(self._submit)
        self.cancel.clicked.connect(self._cancel)

    def begin(self, address: str) -> None:
        """Ask for the password of this address; the person may have enough of it."""
        self._begun = True
        self.address.set_text(address)
        self.show_desk(self._bridge.view)
        self.password.setFocus()

    def show_desk(self, view: DeskView) -> None:
        busy = view.standing is Standing.SIGNING_IN
        if view.standing is Standing.ONLINE:
            self.trying = self._begun = False
            self.password.forget()
        self.kept.show_desk(view)
        self.notice.setVisible(view.problem is not None and not busy)
        if view.problem is not None:
            headline, advice = words.problem(view.problem)
            told = self.tr("{headline}. {advice}").format(headline=headline, advice=advice or "")
            self.notice.show_text(told.strip())
        self.stored.setText(self._place(view.stores))
        self.stored.setVisible(view.stores != "")
        self.submit.setText(self.tr("Signing in…") if busy else self.tr("Sign in"))
        self.submit.setEnabled(not busy)
        self.cancel.setVisible(self._begun or (busy and not _is_kept(view)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not as a focus proxy: the tabulator would come to it in place of what stands before it.
        first = self.password if self._begun else self.address
        first.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What is to be filled in needs the room more.
        self.welcome.mark.setVisible(self.height() >= Size.FIRST_HEIGHT)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.password.forget()

    def _place(self, stores: str | None) -> str:
        if stores is None:
            return self.tr(
                "This computer has no safe place for passwords. Yours is known until Twocan is "
                "closed, and asked for the next time."
            )
        return self.tr("The password will be kept in {place}.").format(place=stores)

    def _submit(self) -> None:
        if not self.submit.isEnabled() or not self._is_whole():
            return
        address, password = meant(self.address.text()), self.password.text()
        host, port = self.server.given()
        self.trying = True
        self._bridge.do(lambda desk: desk.sign_in(address, password, host, port))

    def _is_whole(self) -> bool:
        """Whether what was typed can be tried; if not, says where it cannot."""
        try:
            meant(self.address.text())
        except ValueError:
            self.address.show_problem(
                self.tr("This is not an address. It has to look like person@site.example.")
            )
            self.address.setFocus()
            return False
        self.address.show_problem(None)
        return self.password.is_given() and self.server.is_right()

    def _cancel(self) -> None:
        view = self._bridge.view
        self.trying = False
        if view.standing is Standing.SIGNING_IN and view.account and not _is_kept(view):
            address = view.account.address
            self._bridge.do(lambda desk: desk.sign_out(address))
        if self._begun:
            self._begun = False
            self.closed.emit()


class Welcome(QWidget):
    """Why most people have nothing to fill in here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = Words(self.tr("Welcome to Twocan"), Type.TITLE, wrap=True, centred=True)
        how = Words(
            self.tr(
                "The call button of a site brings its own account, so there is nothing to fill in "
                "here. If you have an address, sign in with it."
            ),
            Type.BODY,
            Ink.MUTED,
            wrap=True,
            centred=True,
        )
        self.mark = Mark()
        self.setLayout(column(row(None, self.mark, None), title, how, space=Space.SMALL))


class Password(QWidget):
    """A secret to type, which an eye shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field(self.tr("Password"), secret=True)
        self.eye = RoundButton(
            "eye",
            self.tr("Show the password"),
            Tone.QUIET,
            text_on=self.tr("Hide the password"),
            checkable=True,
            size=Size.ROUND_SMALL,
        )
        self.missing = Words(self.tr("Type the password."), Type.SMALL, Ink.BAD, wrap=True)
        self.missing.hide()
        line = row(self.field, self.eye, space=Space.TINY)
        line.setAlignment(self.eye, Qt.AlignmentFlag.AlignBottom)
        self.setLayout(column(line, self.missing, space=Space.TINY))
        self.setFocusProxy(self.field)
        self.eye.toggled.connect(self._show)
        self.field.edited.connect(lambda _text: self.missing.hide())

    def text(self) -> str:
        """What was typed, with every space of it, seen or not."""
        return self.field.edit.text()

    def is_given(self) -> bool:
        """Whether there is one; if not, says so."""
        given = bool(self.text())
        self.missing.setVisible(not given)
        if not given:
            self.field.setFocus()
        return given

    def forget(self) -> None:
        """Let nothing of it stay in the window."""
        # ``clear`` could be undone.
        self.field.edit.setText("")
        self.eye.setChecked(False)

    def _show(self, on: bool) -> None:
        modes = QLineEdit.EchoMode
        self.field.edit.setEchoMode(modes.Normal if on else modes.Password)


class Server(QWidget):
    """Where to sign in, for sites that do not say so themselves. It is closed until opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opener = PushButton(self.tr("Server and port"), Tone.QUIET, "forward")
        self.opener.setCheckable(True)
        self.host = Field(self.tr("Server"), self.tr("As the site says"))
        self.port = Field(self.tr("Port"), "5222")
        self.host.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.port.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.SMALL)
        box.addWidget(self.opener, 0, Qt.AlignmentFlag.AlignLeading)
        for field in (self.host, self.port):
            field.hide()
            box.addWidget(field)
        self.opener.toggled.connect(self._open)

    def given(self) -> tuple[str | None, int | None]:
        """The server and the port, as far as they were typed."""
        if not self.opener.isChecked():
            return None, None
        port = self.port.text()
        return self.host.text() or None, int(port) if port else None

    def is_right(self) -> bool:
        """Whether the port is one; if not, says so."""
        port = self.port.text()
        # The digits of any language.
        number = int(port) if port.isdecimal() else 0
        right = not self.opener.isChecked() or not port or 0 < number <= _HIGHEST_PORT
        wrong = self.tr("A port is a number from 1 to 65535.")
        self.port.show_problem(None if right else wrong)
        if not right:
            self.port.setFocus()
        return right

    def _open(self, on: bool) -> None:
        self.opener.set_icon("open-list" if on else "forward")
        self.host.setVisible(on)
        self.port.setVisible(on)
        if on:
            self.host.setFocus()


class Kept(QWidget):
    """The accounts that this computer keeps: a click signs in."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._shown: tuple[Known, ...] = ()
        self.buttons: list[PushButton] = []
        self._box = column(Words(self.tr("Sign in again as"), Type.STRONG), space=Space.SMALL)
        self._or = Words(self.tr("Or with another address"), Type.STRONG)
        self._box.addWidget(self._or)
        self.setLayout(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_desk(self, view: DeskView) -> None:
        """Offer those that this desk knows."""
        if view.accounts == self._shown:
            return
        self._shown = view.accounts
        for old in self.buttons:
            old.setParent(None)
            old.deleteLater()
        self.buttons = [self._button(known) for known in view.accounts]
        for at, button in enumerate(self.buttons, 1):
            self._box.insertWidget(at, button)
        self.setVisible(bool(view.accounts))

    def _button(self, known: Known) -> PushButton:
        button = PushButton(known.name or known.address, Tone.PLAIN, "person")
        button.setAccessibleDescription(known.address)
        button.clicked.connect(lambda: self._bridge.do(lambda desk: desk.use(known.address)))
        return button


def _is_kept(view: DeskView) -> bool:
    """Whether the account that is being signed in is kept, and would be forgotten with it."""
    me = view.account
    return me is not None and me.address in {known.address for known in view.accounts}
