"""The call that ended: with whom, why, how long it was, and what to do now."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.pages.dialling import Dialling
from twocan.gui.pages.sheet import Actions, fill, sheet
from twocan.gui.parts import Avatar, Banner, PushButton, Tone, Words, announce, column, row
from twocan.gui.tokens import Ink, Size, Space, Time, Type
from twocan.states import CallView, End

_LEAVES_AFTER = 2 * Time.TOAST


class EndedView(QWidget):
    """Goes away by itself after a call that was simply hung up, and then only while nobody does
    anything here: a problem waits until it was read."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._dialling = bridge, Dialling(bridge)
        self._shown: CallView | None = None
        self._pointer = QPoint()
        self.timer = QTimer(self, interval=_LEAVES_AFTER, singleShot=True)
        self.timer.timeout.connect(self._go)
        self.avatar = Avatar(Size.AVATAR_HUGE)
        self.name = Words("", Type.TITLE, wrap=True, centred=True)
        self.headline = Words("", Type.STRONG, wrap=True, centred=True)
        self.advice = Words("", Type.BODY, Ink.MUTED, wrap=True, centred=True)
        self.lasted = Words("", Type.NUMERALS, Ink.MUTED, wrap=True, centred=True)
        self.trouble = Banner(tone=Tone.END)
        self.sound = PushButton(self.tr("Call again"), Tone.ACCENT, "call")
        self.camera = PushButton(self.tr("Call again"), Tone.ACCENT, "camera")
        self.camera.setAccessibleDescription(self.tr("With the camera"))
        self.done = PushButton(self.tr("Done"))
        actions = Actions(self.sound, self.camera, self.done)
        who = column(row(None, self.avatar, None), self.name, space=Space.LARGE)
        why = column(self.headline, self.lasted, self.advice, space=Space.TINY)
        said = column(who, why, space=Space.SMALL)
        fill(self, sheet(said, self.trouble, actions, floats=True, space=Space.WIDE))
        self.sound.clicked.connect(self._again)
        self.camera.clicked.connect(self._again)
        self.done.clicked.connect(self._dismiss)

    def show_desk(self, view: DeskView) -> None:
        call = view.ended
        if call is None:
            self._shown = None
            self.timer.stop()
            return
        name = view.name(call.peer)
        headline, advice = words.ending(call, name)
        self.avatar.show_person(call.peer, view.names.get(call.peer))
        self.name.setText(name)
        self.headline.setText(headline)
        self.advice.setText(advice or "")
        self.advice.setVisible(advice is not None)
        self._show_length(call)
        self._show_trouble(call)
        self.sound.setVisible(not call.showing)
        self.camera.setVisible(call.showing)
        if self._shown is None or self._shown.sid != call.sid:
            self._shown = call
            self._arrive(call, headline)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.timer.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Enter and Space, if they were meant for the call, do nothing worse than to close this.
        self.done.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.timer.stop()
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, on: bool) -> bool:
        self.timer.stop()
        return super().focusNextPrevChild(on)

    @property
    def leaves(self) -> bool:
        """Whether it goes away by itself."""
        return self.timer.isActive()

    def _arrive(self, call: CallView, headline: str) -> None:
        self.done.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        announce(self, headline)
        if call.end is End.HUNG_UP and "connected" in call.times and not call.camera_problem:
            self._pointer = QCursor.pos()
            self.timer.start()
        else:
            self.timer.stop()

    def _show_length(self, call: CallView) -> None:
        since, until = call.times.get("connected"), call.times.get("ended")
        talked = since is not None and until is not None
        if since is not None and until is not None:
            lasted = words.duration(until - since)
            self.lasted.setText(self.tr("You talked for {duration}").format(duration=lasted))
        self.lasted.setVisible(talked)

    def _show_trouble(self, call: CallView) -> None:
        self.trouble.setVisible(call.camera_problem is not None)
        if call.camera_problem is not None:
            why = words.camera_problem(call.camera_problem)
            told = self.tr("Your camera was not seen. {reason}").format(reason=why)
            self.trouble.show_text(told)

    def _go(self) -> None:
        at = QCursor.pos()
        if self.underMouse() and at != self._pointer:
            # Somebody is about to press something.
            self._pointer = at
            self.timer.start()
        else:
            self._dismiss()

    def _again(self) -> None:
        if (call := self._shown) is not None:
            self.timer.stop()
            self._dialling.call(call.peer, showing=call.showing)

    def _dismiss(self) -> None:
        self.timer.stop()
        self._bridge.do(lambda desk: desk.dismiss())
