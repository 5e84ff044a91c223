"""A second call: one that knocks while another is up, and one that waits on hold."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from twocan.gui.aim import Aim
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Avatar, PushButton, Tone, Words, announce, column, row
from twocan.gui.parts.painting import brush_for, paint_edge, paint_shape
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Type
from twocan.gui.words.facts import site
from twocan.states import CallView


class _Strip(QWidget):
    """A person on a surface, and what can be done: beside them, or below where it is narrow."""

    def __init__(self, bridge: Bridge, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.call: CallView | None = None
        self.aim = Aim(lambda: self.call.sid if self.call is not None else None, self)
        self.avatar = Avatar(Size.AVATAR_SMALL)
        self.headline = Words(type=Type.STRONG, elided=True)
        self.detail = Words(type=Type.SMALL, ink=Ink.MUTED, wrap=True)
        self._buttons: tuple[PushButton, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def offer(self, *buttons: tuple[PushButton, Callable[[str], None]]) -> None:
        """Lay out, with these buttons: each does something to the call that is shown."""
        for button, act in buttons:
            self.aim.take(button, act)
        self._buttons = tuple(button for button, _ in buttons)
        who = row(self.avatar, column(self.headline, self.detail, space=0), space=Space.MEDIUM)
        who.setStretch(1, 1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self._box.setSpacing(Space.MEDIUM)
        self._box.addLayout(who, 1)
        self._does = row(*self._buttons, space=Space.SMALL)
        self._box.addLayout(self._does)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = brush_for(self), QRectF(self.rect())
        paint_shape(painter, rect, Radius.LARGE, theme().colour(Ink.SURFACE))
        paint_edge(painter, rect, Radius.LARGE, theme().colour(Ink.LINE), Size.LINE)

    def _arrange(self) -> None:
        wide = sum(button.sizeHint().width() + Space.SMALL for button in self._buttons)
        words = max(self.headline.sizeHint().width(), Size.NARROWEST // 2)
        around = Size.AVATAR_SMALL + 4 * Space.MEDIUM
        beside = self.width() >= wide + min(words, Size.NARROWEST) + around
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        for button in self._buttons:
            policy = QSizePolicy.Policy.Preferred if beside else QSizePolicy.Policy.Expanding
            button.setSizePolicy(policy, QSizePolicy.Policy.Fixed)


class KnockingCall(_Strip):
    """Somebody else calls. Nothing happens by itself: the call that is up goes on until then."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.decline = PushButton(self.tr("Decline"), Tone.END)
        self.sound = PushButton(self.tr("Answer"), Tone.ACCEPT)
        self.camera = PushButton("", Tone.ACCEPT, "camera")
        self.camera.setAccessibleName(self.tr("Answer with camera"))
        self.camera.setToolTip(self.tr("Answer with camera"))
        self.offer(
            (self.decline, lambda sid: bridge.do(lambda desk: desk.decline(sid))),
            (self.camera, lambda sid: bridge.do(lambda desk: desk.answer(sid, showing=True))),
            (self.sound, lambda sid: bridge.do(lambda desk: desk.answer(sid))),
        )

    def show_call(self, call: CallView | None, name: str, *, ends: bool = False) -> None:
        """Show who calls, None: nobody. ``ends``: an answer ends what is up, else holds it."""
        before, self.call = self.call, call
        self.setVisible(call is not None)
        if call is None:
            return
        self.avatar.show_person(call.peer, name)
        self.headline.setText(self._headline(call).format(name=name))
        where = site(call.peer)
        says = self._ending() if ends else self._holding()
        self.detail.setText(says.format(site=where))
        self._arrange()
        if before is None or before.sid != call.sid:
            announce(self, f"{self.headline.text()}. {self.detail.text()}")

    def _headline(self, call: CallView) -> str:
        return self.tr("{name} calls, with camera") if call.pictures else self.tr("{name} calls")

    def _holding(self) -> str:
        return self.tr("From {site}. If you answer, this call is put on hold.")

    def _ending(self) -> str:
        return self.tr("From {site}. If you answer, this call is given up.")


class HeldCall(_Strip):
    """The call that waits, and a button to go back to it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.detail.hide()
        self.end = PushButton(self.tr("Hang up"), Tone.QUIET)
        self.swap = PushButton(self.tr("Swap"), Tone.PLAIN, "swap")
        self.offer(
            (self.end, lambda sid: bridge.do(lambda desk: desk.hang_up(sid))),
            (self.swap, lambda sid: bridge.do(lambda desk: desk.hold(sid, on=False))),
        )

    def show_call(self, call: CallView | None, name: str) -> None:
        """Show who waits; None: nobody."""
        self.call = call
        self.setVisible(call is not None)
        if call is not None:
            self.avatar.show_person(call.peer, name)
            self.headline.setText(self.tr("{name} is on hold").format(name=name))
            told = self.tr("Talk with {name}, and put the other one on hold").format(name=name)
            self.swap.setAccessibleDescription(told)
            self.end.setAccessibleName(self.tr("Hang up on {name}").format(name=name))
            self._arrange()
