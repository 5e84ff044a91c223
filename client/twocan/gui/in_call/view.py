"""A call that is up: what is done in it, with the mouse and with the keyboard."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from twocan.desk.state import DeskView
from twocan.gui import words
from twocan.gui.aim import Aim
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.device_menu import DeviceMenu
from twocan.gui.in_call.fading import Fading
from twocan.gui.in_call.keypad import KEYS, Keypad
from twocan.gui.in_call.keys import KeyList, on_key
from twocan.gui.in_call.more import Offer, menu_of
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.in_call.overlays import Overlays
from twocan.gui.in_call.scene import Scene
from twocan.gui.in_call.statistics import Statistics
from twocan.gui.in_call.verbs import Verbs
from twocan.gui.in_call.verification import Verification
from twocan.gui.parts import announce
from twocan.gui.tokens import Time
from twocan.gui.words.facts import news, shown
from twocan.states import CallView


class InCallView(Scene):
    """Shows the call that is talked in. ``clock``: the phone's, in seconds."""

    full_screen_wanted = Signal(bool)

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(bridge, parent)
        self._clock = clock
        self._call: CallView | None = None
        self._pressed_keys = ""
        self._own_hidden = False
        self._verbs = Verbs(bridge, lambda: self._call)
        self._aim = Aim(lambda: self._call.sid if self._call is not None else None, self)
        self._overlays = Overlays(bridge, self, self.heading, self.controls)
        self._fading = Fading(self, (self.heading, self.controls), self._may_fade)
        self._ticks = QTimer(self, interval=Time.SECOND)
        self._ticks.timeout.connect(self._tick)
        self._connect_buttons()
        self._connect_keys()
        for child in self.findChildren(QWidget):
            child.setMouseTracking(True)

    def show_desk(self, view: DeskView) -> None:
        """Show the call that is talked in. The last one stands where there is none any more."""
        before, self._call = self._call, shown(view.calls)
        if before is None or self._call is None or before.sid != self._call.sid:
            self._overlays.close_all()
            self._pressed_keys = ""
        if (call := self._call) is None:
            return
        self.show_call(view, call, own=not self._own_hidden)
        self._fading.reconsider()
        if self._overlays.overlay is not None:
            self._overlays.overlay.show_call(call)
        if before is not None and before.sid == call.sid:
            for sentence in news(before, call, view.name(call.peer)):
                announce(self, sentence)
        self._show_time(call)
        self._place()

    # --- What is connected with what ----------------------------------------------------------

    def _connect_buttons(self) -> None:
        bar, take = self.controls, self._aim.take
        take(bar.mute, self._verbs.mute)
        take(bar.camera, self._verbs.camera)
        take(bar.hold, self._verbs.hold)
        take(bar.end, self._verbs.hang_up)
        take(self.person.resume, self._verbs.resume)
        for switch in (bar.mute, bar.camera, bar.hold):
            # Shows what is so, whatever was pressed: the desk says when it is otherwise.
            switch.clicked.connect(self._show_switches)
        bar.keypad.clicked.connect(lambda: self._toggle(Keypad))
        bar.more.clicked.connect(self._open_more)
        self.heading.statistics_wanted.connect(lambda: self._toggle(Statistics))
        self.heading.verification_wanted.connect(lambda: self._toggle(Verification))
        self.heading.full_screen_wanted.connect(self._toggle_full_screen)
        self.picture.double_clicked.connect(self._toggle_full_screen)
        self.troubles.devices_wanted.connect(lambda: self._toggle(DeviceMenu))
        self.own.hidden.connect(self._hide_own)
        self._overlays.changed.connect(self._fading.wake)
        self._overlays.changed.connect(self._place)

    def _connect_keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "M": lambda: self._aim.now(self._verbs.mute),
            "V": lambda: self._aim.now(self._verbs.camera),
            "H": lambda: self._aim.now(self._verbs.hold),
            "Ctrl+D": lambda: self._aim.now(self._verbs.hang_up),
            "K": lambda: self._toggle(Keypad),
            "S": self._swap,
            "F11": self._toggle_full_screen,
            "Esc": self._back_out,
        }
        acts |= {key: partial(self._press, key) for key in KEYS}
        for key, act in acts.items():
            on_key(self, key, partial(self._woken, act))

    def _show_switches(self) -> None:
        if self._call is not None:
            self.controls.show_call(self._call)

    def _show_time(self, call: CallView) -> None:
        began = call.times.get("connected")
        lasted = words.duration(self._clock() - began) if began is not None else ""
        self.show_progress(lasted, self._bridge.quality())

    def _tick(self) -> None:
        if (call := self._call) is None:
            return
        self._show_time(call)
        self.troubles.listen(call, self._bridge.levels())
        if self._overlays.overlay is not None:
            self._overlays.overlay.tick()

    def _place(self) -> None:
        self.place(self._overlays.place())
        # What is covered is not come to by the keyboard.
        over = self._overlays.overlay
        own = self.own.geometry()
        self.own.setEnabled(over is None or not over.geometry().intersects(own))

    # --- What the person does -----------------------------------------------------------------

    def _press(self, key: str) -> None:
        if self._call is None:
            return
        self._verbs.press(self._call.sid, key)
        self._pressed_keys += key
        if not isinstance(self._overlays.overlay, Keypad):
            self._open(Keypad, focus=False)
        if isinstance(keypad := self._overlays.overlay, Keypad):
            keypad.show_keys(self._pressed_keys)

    def _open(self, make: type[Overlay], *, focus: bool = True) -> None:
        if self._call is None:
            return
        overlay = self._overlays.open(make, self._call, focus=focus)
        if isinstance(overlay, Keypad):
            overlay.pressed.connect(self._press)
            overlay.show_keys(self._pressed_keys)
        for child in overlay.findChildren(QWidget):
            child.setMouseTracking(True)

    def _toggle(self, make: type[Overlay]) -> None:
        if type(self._overlays.overlay) is make:
            self._overlays.close()
        else:
            self._open(make)

    def _open_more(self) -> None:
        if (call := self._call) is not None:
            self._overlays.pop_up(menu_of(self._offers(call), self), self.controls.more)

    def _offers(self, call: CallView) -> tuple[Offer, ...]:
        left_out, sharing = self.controls.left_out(), self._bridge.view.sharing
        offers = []
        if self.controls.hold in left_out:
            text = self.tr("Resume") if call.held else self.tr("Hold")
            icon = "resume" if call.held else "hold"
            offers.append(Offer(icon, text, lambda: self._verbs.hold(call.sid)))
        if self.controls.keypad in left_out:
            offers.append(Offer("keypad", self.tr("Keypad"), lambda: self._toggle(Keypad)))
        if call.showing and self._own_hidden:
            offers.append(Offer("eye", self.tr("Show my picture"), self._show_own_again))
        share = self.tr("Share the screen")
        full = self.tr("Full screen")
        return (
            *offers,
            Offer("devices", self.tr("Devices"), lambda: self._open(DeviceMenu)),
            Offer("screen", share, lambda: self._verbs.share(call.sid), on=sharing),
            Offer("full-screen", full, self._toggle_full_screen, on=self.window().isFullScreen()),
            Offer("statistics", self.tr("How the call goes"), lambda: self._open(Statistics)),
            Offer("shield", self.tr("Safety code"), lambda: self._open(Verification)),
            Offer("info", self.tr("Keys"), lambda: self._open(KeyList)),
        )

    def _swap(self) -> None:
        if (waits := self.held.call) is not None:
            self._verbs.resume(waits.sid)

    def _hide_own(self) -> None:
        self._own_hidden = True
        self.own.hide()

    def _show_own_again(self) -> None:
        self._own_hidden = False
        self.show_desk(self._bridge.view)

    def _toggle_full_screen(self) -> None:
        self.full_screen_wanted.emit(not self.window().isFullScreen())

    def _back_out(self) -> None:
        if self._overlays.overlay is not None:
            self._overlays.close()
        elif self.window().isFullScreen():
            self.full_screen_wanted.emit(False)

    def _woken(self, act: Callable[[], object]) -> None:
        self._fading.wake()
        act()

    def _may_fade(self) -> bool:
        active = self.isVisible() and self.isActiveWindow()
        return active and self.picture.isVisible() and not self._overlays.any

    # --- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        self._ticks.start()
        self._fading.wake()
        self._place()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._focus_moved)
        self._ticks.stop()
        self._overlays.close_all()
        self._fading.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._fading.moved()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._fading.wake()
        self._overlays.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._fading.wake()
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # What faded away is hidden, and would be passed over.
        self._fading.wake()
        return super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return done

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ActivationChange, QEvent.Type.WindowStateChange):
            self._fading.wake()

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self._fading.wake()
