"""A call that is on its way: until both hear each other."""

from PySide6.QtCore import QEvent, QMargins, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from twocan.desk.state import DeskView
from twocan.gui.aim import Aim
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.controls import switch
from twocan.gui.in_call.keys import on_key
from twocan.gui.in_call.notices import notices
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.in_call.second_call import KnockingCall
from twocan.gui.in_call.troubles import Troubles
from twocan.gui.in_call.verbs import Verbs
from twocan.gui.parts import Avatar, PulseRing, RoundButton, Tone, Words, announce
from twocan.gui.tokens import Ink, Size, Space, Type
from twocan.gui.words.facts import ringing, site
from twocan.states import CallView, State

_ON_THE_WAY = (State.NEW, State.DIALLING, State.RINGING, State.CONNECTING)


class CallingView(QWidget):
    """The newest call that is on its way. Microphone and camera can be switched beforehand.
    Esc ends it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._call: CallView | None = None
        self._aim = Aim(lambda: self._call.sid if self._call is not None else None, self)
        self._verbs = Verbs(bridge, lambda: self._call)
        self._own_hidden = False
        self._make_parts()
        self._lay_out()
        self._connect()

    def show_desk(self, view: DeskView) -> None:
        """Show who is called. Shows the last one on where nobody is any more."""
        on_the_way = [call for call in view.calls if call.state in _ON_THE_WAY]
        before, self._call = self._call, on_the_way[-1] if on_the_way else None
        if (call := self._call) is None:
            return
        name = view.name(call.peer)
        self._avatar.show_person(call.peer, name)
        self._name.setText(name)
        self._site.setText(site(call.peer))
        self._state.setText(self._in_words(call))
        self._ring.ring(call.state is State.RINGING)
        self._troubles.show_call(call)
        knocks = ringing(view.calls)
        ends = call.state in (State.DIALLING, State.RINGING)
        who = view.name(knocks.peer) if knocks is not None else ""
        self._knocking.show_call(knocks, who, ends=ends)
        self._show_switches()
        self._show_own(view, call)
        if before is None or (before.sid, before.state) != (call.sid, call.state):
            announce(self, self._spoken(call).format(name=name))

    def _make_parts(self) -> None:
        self._avatar = Avatar(Size.AVATAR_HUGE)
        self._ring = PulseRing(self._avatar)
        self._name = Words(type=Type.TITLE, wrap=True, centred=True)
        self._site = Words(type=Type.SMALL, ink=Ink.MUTED, centred=True)
        self._state = Words(wrap=True, centred=True)
        self._knocking = KnockingCall(self._bridge)
        self._troubles = Troubles()
        self._mute = switch("microphone", self.tr("Mute"), "microphone-off")
        self._camera = switch("camera-off", self.tr("Camera"), "camera")
        self._end = RoundButton("hang-up", self.tr("End"), Tone.END, captioned=True)
        self._own = OwnPicture(self._bridge.near, self)
        self._own.rest_in(start=False, top=True)
        self._own.hide()

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Calling"))
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.LARGE)
        buttons.addStretch(1)
        for button in (self._mute, self._camera, self._end):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addStretch(1)
        layout = self._box = QVBoxLayout(self)
        layout.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.WIDE)
        # The own picture has this room where it does not fit beside the avatar.
        self._clear = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        layout.addLayout(notices(self._knocking, self._troubles))
        layout.addSpacerItem(self._clear)
        layout.addStretch(2)
        layout.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self._name, self._site, self._state):
            layout.addWidget(words)
        layout.addStretch(3)
        layout.addLayout(buttons)
        # What is pressed in a call comes before what is moved about in it.
        self.setTabOrder(self._end, self._own)
        self.setTabOrder(self._own, self._own.put_away)

    def _connect(self) -> None:
        self._aim.take(self._mute, self._verbs.mute)
        self._aim.take(self._camera, self._verbs.camera)
        self._aim.take(self._end, self._verbs.hang_up)
        for button in (self._mute, self._camera):
            button.clicked.connect(self._show_switches)
        self._own.hidden.connect(self._hide_own)
        on_key(self, "M", lambda: self._aim.now(self._verbs.mute))
        on_key(self, "V", lambda: self._aim.now(self._verbs.camera))
        on_key(self, "Esc", lambda: self._aim.now(self._verbs.hang_up))
        on_key(self, "Ctrl+D", lambda: self._aim.now(self._verbs.hang_up))

    def _show_switches(self) -> None:
        if self._call is not None:
            self._mute.setChecked(self._call.muted)
            self._camera.setChecked(self._call.showing)

    def _show_own(self, view: DeskView, call: CallView) -> None:
        seen = call.showing and call.camera_problem is None and not self._own_hidden
        # Who else calls needs the room more.
        seen = seen and (self._knocking.isHidden() or self.height() >= Size.FIRST_HEIGHT)
        self._own.mirror(not view.sharing)
        self._own.setVisible(seen)
        self._own.raise_()

    def _hide_own(self) -> None:
        self._own_hidden = True
        self._own.hide()

    def _in_words(self, call: CallView) -> str:
        match call.state:
            case State.RINGING:
                return self.tr("It rings there")
            case State.CONNECTING:
                return self.tr("Connecting…")
        return self.tr("Calling…")

    def _spoken(self, call: CallView) -> str:
        match call.state:
            case State.RINGING:
                return self.tr("It rings at {name}")
            case State.CONNECTING:
                return self.tr("Connecting with {name}")
        return self.tr("Calling {name}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        noticed = [part for part in (self._knocking, self._troubles) if part.isVisible()]
        below = [part.mapTo(self, part.rect().bottomLeft()).y() for part in noticed]
        self._own.keep_clear(QMargins(0, max(below, default=0), 0, self.height() - self._end.y()))
        beside = self._ring.sizeHint().width() + 2 * (self._own.width() + 2 * Space.MEDIUM)
        room = self._own.height() if self._own.isVisible() and self.width() < beside else 0
        if room != self._clear.sizeHint().height():
            self._clear.changeSize(0, room)
            self._box.invalidate()
