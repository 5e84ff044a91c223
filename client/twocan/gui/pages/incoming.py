"""It rings here: who calls, from which site, and what to do about it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from twocan.desk.state import DeskView
from twocan.gui.aim import Aim
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Avatar, PulseRing, RoundButton, Tone, Words, announce
from twocan.gui.tokens import Ink, Size, Space, Type
from twocan.gui.words.facts import ringing, site
from twocan.states import CallView

_ACCEPTS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class IncomingView(QWidget):
    """The oldest call that rings here. Space or Enter answers with sound, V with the camera too,
    Esc declines; whatever the keyboard is at is pressed instead, if that is a button."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._call: CallView | None = None
        self._aim = Aim(self._sid, self)
        self._avatar = Avatar(Size.AVATAR_HUGE)
        self._ring = PulseRing(self._avatar)
        self._name = Words(type=Type.TITLE, wrap=True, centred=True)
        self._site = Words(ink=Ink.MUTED, wrap=True, centred=True)
        self._accept = RoundButton("accept", self.tr("Answer"), Tone.ACCEPT, captioned=True)
        self._camera = RoundButton(
            "call-video", self.tr("With camera"), Tone.ACCEPT, captioned=True
        )
        self._decline = RoundButton("hang-up", self.tr("Decline"), Tone.END, captioned=True)
        self._lay_out()
        self._connect()

    def show_desk(self, view: DeskView) -> None:
        """Show who calls. Shows the last one on where nobody calls any more."""
        before, self._call = self._call, ringing(view.calls)
        if self._call is None:
            return
        name = view.name(self._call.peer)
        self._avatar.show_person(self._call.peer, name)
        self._name.setText(name)
        self._site.setText(self._from(self._call))
        if before is None or before.sid != self._call.sid:
            announce(self, self.tr("{name} calls").format(name=name))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not on a button: a space that is being typed elsewhere as the window comes to the front
        # would be its first key. Held keys repeat, and are not taken for an answer either.
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ACCEPTS or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.hasFocus():
            focused.click()
        else:
            self._aim.now(self._answer)

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Incoming call"))
        self._ring.ring(on=True)
        answers = QWidget()
        # At hand, however wide the window is.
        answers.setMaximumWidth(Size.COLUMN)
        buttons = QHBoxLayout(answers)
        buttons.setContentsMargins(0, 0, 0, 0)
        for button in (self._decline, self._camera, self._accept):
            buttons.addWidget(button, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.MEDIUM, Space.WIDE, Space.MEDIUM, Space.WIDE)
        layout.addStretch(2)
        layout.addWidget(self._ring, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._name)
        layout.addWidget(self._site)
        layout.addStretch(3)
        across = QHBoxLayout()
        across.addWidget(answers)
        layout.addLayout(across)

    def _connect(self) -> None:
        self._aim.take(self._accept, self._answer)
        self._aim.take(self._camera, self._answer_showing)
        self._aim.take(self._decline, self._refuse)
        for key, act in (("V", self._answer_showing), ("Esc", self._refuse)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda act=act: self._aim.now(act))

    def _sid(self) -> str | None:
        return self._call.sid if self._call is not None else None

    def _from(self, call: CallView) -> str:
        if call.pictures:
            return self.tr("calls you from {site}, with camera").format(site=site(call.peer))
        return self.tr("calls you from {site}").format(site=site(call.peer))

    def _answer(self, sid: str) -> None:
        self._bridge.do(lambda desk: desk.answer(sid))

    def _answer_showing(self, sid: str) -> None:
        self._bridge.do(lambda desk: desk.answer(sid, showing=True))

    def _refuse(self, sid: str) -> None:
        self._bridge.do(lambda desk: desk.decline(sid))
