"""A link asks: who wants to call whom, for which site; or whether to answer who calls. Nothing
happens before the person agrees."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from twocan.desk.state import DeskView, Invitation, PickedUp
from twocan.gui.bridge import Bridge
from twocan.gui.pages.sheet import Actions, fill, sheet
from twocan.gui.parts import (
    Avatar,
    Badge,
    Icon,
    PushButton,
    Row,
    Switch,
    Tone,
    Words,
    announce,
    column,
)
from twocan.gui.parts import row as beside
from twocan.gui.tokens import Ink, Space, Type

_LONGEST_REASON = 300


class AskingView(QWidget):
    """The link's question, or the wait for it while its site is asked; and the wait for the call
    that is to be answered.

    The keyboard is at neither button at first: a key that was meant for something else, when the
    window came up, is no answer.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.waiting, self.question = Waiting(), Question()
        self.picking_up = PickingUp()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self.question)
        self._stack.addWidget(self.picking_up)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.waiting.cancel.clicked.connect(self._refuse)
        self.picking_up.cancel.clicked.connect(self._refuse)
        self.question.refuse.clicked.connect(self._refuse)
        for button in self.question.sound:
            button.clicked.connect(lambda: self._accept(showing=False))
        for button in self.question.camera:
            button.clicked.connect(lambda: self._accept(showing=True))

    def show_desk(self, view: DeskView) -> None:
        asked, picked_up = view.invitation, view.picked_up
        if asked is None and not view.opening_link and picked_up is not None:
            self._show_picked_up(view, picked_up)
        elif asked is None:
            self._stack.setCurrentWidget(self.waiting)
            self.setAccessibleName(self.waiting.said.text())
        elif asked != self.question.asked:
            self.question.show_invitation(asked)
            self._stack.setCurrentWidget(self.question)
            self.setAccessibleName(self.question.sentence())
            announce(self, self.question.sentence())
            self.setFocus()
        else:
            self._stack.setCurrentWidget(self.question)

    def _show_picked_up(self, view: DeskView, wanted: PickedUp) -> None:
        self.picking_up.show_call(wanted, view.name(wanted.peer))
        self.setAccessibleName(self.picking_up.said.text())
        if self._stack.currentWidget() is not self.picking_up:
            self._stack.setCurrentWidget(self.picking_up)
            announce(self, self.picking_up.said.text())
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._refuse()
        else:
            super().keyPressEvent(event)

    def _accept(self, *, showing: bool) -> None:
        trust = self.question.always.isChecked()
        self._bridge.do(lambda desk: desk.accept_invitation(trust=trust, showing=showing))

    def _refuse(self) -> None:
        self._bridge.do(lambda desk: desk.refuse_invitation())


class Waiting(QWidget):
    """The site is being asked what its link is for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = beside(None, Badge("link"), None)
        self.said = Words(self.tr("Opening the link…"), Type.TITLE, wrap=True, centred=True)
        how = Words(
            self.tr("The site is being asked whom it is for."),
            Type.BODY,
            Ink.MUTED,
            wrap=True,
            centred=True,
        )
        self.cancel = PushButton(self.tr("Cancel"))
        fill(self, sheet(icon, self.said, how, Actions(self.cancel), floats=True))


class PickingUp(QWidget):
    """The person wants to answer a call that does not ring here yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.avatar = Avatar()
        self.said = Words("", Type.TITLE, wrap=True, centred=True)
        how = Words(
            self.tr("You are signed in first. If it still rings then, it is answered."),
            Type.BODY,
            Ink.MUTED,
            wrap=True,
            centred=True,
        )
        self.cancel = PushButton(self.tr("Don't answer"))
        person = column(beside(None, self.avatar, None), self.said, space=Space.SMALL)
        fill(self, sheet(person, how, Actions(self.cancel), floats=True))

    def show_call(self, wanted: PickedUp, name: str) -> None:
        """Show who is to be answered."""
        self.avatar.show_person(wanted.peer, wanted.peer_name)
        name = _line(wanted.peer_name or name)
        self.said.setText(self.tr("Answering {name}…").format(name=name))


class Question(QWidget):
    """Who wants to call whom, or who calls. ``sound`` and ``camera``: the buttons that say yes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked: Invitation | None = None
        self.site = Host()
        self.avatar = Avatar()
        self.who = Words("", Type.TITLE, wrap=True, centred=True)
        self.address = Words("", Type.BODY, Ink.MUTED, wrap=True, centred=True)
        self.caller = Words("", wrap=True, centred=True)
        self.reason = Words("", Type.BODY, Ink.MUTED, wrap=True, centred=True)
        self.always = Switch(self.tr("Always allow calls from this site"))
        trust = Row(
            self.tr("Always allow calls from this site"),
            self.always,
            self.tr("Its links then call without asking. You can take that back in the settings."),
        )
        self.refuse = PushButton("")
        self._with_sound, self._with_camera = self._answers()
        self._name_answers(answering=False)
        person = column(beside(None, self.avatar, None), self.who, self.address, space=Space.SMALL)
        answers = column(
            self._with_sound, self._with_camera, Actions(self.refuse), space=Space.SMALL
        )
        fill(
            self,
            sheet(self.site, person, self.caller, self.reason, answers, trust, floats=True),
        )

    def show_invitation(self, asked: Invitation) -> None:
        """Ask this. Whether the site is trusted is asked anew."""
        self.asked = asked
        self.site.show_host(asked.site)
        self.avatar.show_person(asked.peer, asked.peer_name)
        self._name_answers(answering=asked.answering is not None)
        name = _line(asked.peer_name or "")
        self.who.setText(self._question(asked, name))
        self.address.setText(asked.peer)
        self.caller.setText(self._self(asked).format(caller=_line(asked.caller)))
        said = self.tr("The site says: {reason}").format(reason=_line(asked.reason or ""))
        self.reason.setText(said)
        self.reason.setVisible(bool(asked.reason))
        self.always.setChecked(False)
        self._with_camera.setVisible(asked.showing)
        self._with_sound.setVisible(not asked.showing)

    def sentence(self) -> str:
        """All of it at once, to be heard."""
        if self.asked is None:
            return ""
        told = self.tr("{site} asks: {question} {caller}")
        return told.format(
            site=self.asked.site, question=self.who.text(), caller=self.caller.text()
        )

    def _question(self, asked: Invitation, name: str) -> str:
        if asked.answering:
            rings = self.tr("{name} is calling. Answer?")
            return (rings if name else self.tr("Somebody is calling. Answer?")).format(name=name)
        return (self.tr("Call {name}?") if name else self.tr("Call this address?")).format(
            name=name
        )

    def _self(self, asked: Invitation) -> str:
        if asked.answering:
            return self.tr("You answer as {caller}.")
        return self.tr("You call as {caller}.")

    def _name_answers(self, *, answering: bool) -> None:
        """Have the buttons say what pressing them does."""
        sound, seen, no = self.tr("Call"), self.tr("Call with camera"), self.tr("Don't call")
        if answering:
            sound, seen, no = self.tr("Answer"), self.tr("Answer with camera"), self.tr("Not now")
        for buttons, text in ((self.sound, sound), (self.camera, seen), ((self.refuse,), no)):
            for button in buttons:
                button.setText(text)

    def _answers(self) -> tuple[Actions, Actions]:
        """The buttons that say yes, twice: what the site suggests comes first."""
        self.sound = (PushButton("", Tone.ACCENT, "call"), PushButton("", icon="call"))
        self.camera = (
            PushButton("", icon="camera"),
            PushButton("", Tone.ACCENT, "camera"),
        )
        return Actions(self.sound[0], self.camera[0]), Actions(self.camera[1], self.sound[1])


class Host(QWidget):
    """Which site it is: the one thing on the page that the site does not choose itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lock = Icon("lock", Ink.GOOD)
        self.name = Words("", Type.HEADING, wrap=True)
        # The parts of a host stand from left to right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.SMALL)
        box.addStretch(1)
        box.addWidget(lock)
        box.addWidget(self.name)
        box.addStretch(1)

    def show_host(self, host: str) -> None:
        """Show it in the letters that it has on the wire, so that none can look like another."""
        self.name.setText(in_ascii(host))


def in_ascii(host: str) -> str:
    """A host as punycode (RFC 3492), where it is not plain already."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def _line(text: str) -> str:
    """What a site wrote, on one line that is not endless."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
