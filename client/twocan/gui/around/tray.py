"""The phone's place in the tray: what it is at, and what can be done without the window.

A desktop may have no tray, or one that starts after us. ``Tray.available`` says whether there is
one now. Without it a closed window would leave no way back: a window that is closed then should be
minimised instead of hidden, and one that is hidden should come back, minimised, when
``available_changed`` says that the tray is gone.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from twocan.desk.state import DeskView
from twocan.gui import words
from twocan.gui.around.plain import plain
from twocan.gui.around.session_bus import SessionBus
from twocan.gui.around.tray_icons import Sign, sign, tray_icon
from twocan.gui.bridge import Bridge
from twocan.states import CallView, State

WATCHER = "org.kde.StatusNotifierWatcher"
"""Who knows of the trays on a desktop of today (StatusNotifierItem)."""


class Tray(QObject):
    """An icon in the tray, where there is one, with its menu."""

    open_wanted = Signal()
    settings_wanted = Signal()
    quit_wanted = Signal()
    message_clicked = Signal()
    available_changed = Signal(bool)
    """The desktop's tray came or went."""

    def __init__(self, bridge: Bridge, bus: SessionBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._view = DeskView()
        self._icon: QSystemTrayIcon | None = None
        self._drawn: tuple[Sign, str] | None = None
        self._left = False
        self._asked = False
        self.menu = QMenu()
        self._make_menu()
        self._appear()
        self._was_available = self.available
        self.show_desk(bridge.view)
        if sys.platform not in ("win32", "darwin"):
            bus.watch(WATCHER, self._watched)

    @property
    def available(self) -> bool:
        """Whether the desktop has a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_desk(self, view: DeskView) -> None:
        """Say what the phone is at."""
        self._view = view
        self._offer(view)
        self._draw()

    def speak(self) -> None:
        """Say it all in another language: the window's was changed."""
        self.menu.clear()
        self._make_menu()
        self.show_desk(self._view)

    def say(self, title: str, text: str) -> None:
        """Say this beside the tray, where there is one."""
        if self._icon is not None and self.available:
            self._icon.showMessage(title, text, tray_icon(self.sign))

    def close(self) -> None:
        """Leave the tray, for good."""
        self._left = True
        self._disappear()
        self.menu.deleteLater()

    @property
    def sign(self) -> Sign:
        """What the icon shows."""
        return sign(self._view)

    @property
    def words(self) -> str:
        """The same in words."""
        view = self._view
        if (call := _foremost(view)) is not None:
            return self._of_call(call).format(name=plain(view.name(call.peer)))
        if view.missed:
            return self.tr("%n missed call(s)", "", view.missed)
        return words.standing(view)

    def _of_call(self, call: CallView) -> str:
        match call.state:
            case State.INCOMING:
                return self.tr("{name} is calling")
            case State.DIALLING | State.RINGING | State.NEW:
                return self.tr("Calling {name}")
            case _ if call.held:
                return self.tr("{name} is on hold")
            case _:
                return self.tr("In a call with {name}")

    # The icon

    def _watched(self, owner: str) -> None:
        first, self._asked = not self._asked, True
        # Not ``available``, which may be ahead of what is told here.
        there = bool(owner)
        if self._left or (first and (self._was_available or not there)):
            return
        # A tray that came is of another kind, and of one that went nothing is left.
        self._disappear()
        if there:
            self._appear()
            self._draw()
        if there is not self._was_available:
            self._was_available = there
            self.available_changed.emit(there)

    def _appear(self) -> None:
        # On X11 an icon waits for a tray of the old kind (XEmbed), which says so to Qt alone.
        if not self.available and QApplication.platformName() != "xcb":
            return
        self._icon = QSystemTrayIcon(tray_icon(self.sign), self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(self.message_clicked)
        self._icon.show()

    def _disappear(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = self._drawn = None

    def _draw(self) -> None:
        # Each is said to the desktop's tray anew, and a call can change many times a second.
        drawn = self.sign, self.words
        if self._icon is not None and drawn != self._drawn:
            self._drawn = drawn
            self._icon.setIcon(tray_icon(self.sign))
            self._icon.setToolTip(self.words)

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, and is told all the same.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.open_wanted.emit()

    # The menu

    def _make_menu(self) -> None:
        self._state = self._action("", lambda: None)
        self._state.setEnabled(False)
        self.menu.addSeparator()
        self._accept = self._action(self.tr("Accept"), self._answer)
        self._accept_showing = self._action(self.tr("Accept with camera"), self._answer_showing)
        self._decline = self._action(self.tr("Decline"), self._refuse)
        self._mute = self._action(self.tr("Mute"), self._silence)
        self._mute.setCheckable(True)
        self._hang_up = self._action(self.tr("Hang up"), self._part)
        self._under_calls = self.menu.addSeparator()
        self._action(self.tr("Open Twocan"), self.open_wanted.emit)
        self._quiet = self._action(self.tr("Do not disturb"), self._disturb)
        self._quiet.setCheckable(True)
        self._action(self.tr("Settings"), self.settings_wanted.emit)
        self.menu.addSeparator()
        self._quit = self._action("", self.quit_wanted.emit)

    def _action(self, text: str, chosen: Callable[[], object]) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda _checked: chosen())
        return action

    def _offer(self, view: DeskView) -> None:
        ringing, up = _ringing(view), _up(view)
        self._state.setText(self.words.replace("&", "&&"))
        self._accept.setVisible(ringing is not None)
        self._accept_showing.setVisible(ringing is not None and ringing.pictures)
        self._decline.setVisible(ringing is not None)
        self._mute.setVisible(up is not None and up.state is State.ACTIVE)
        self._mute.setChecked(up is not None and up.muted)
        self._hang_up.setVisible(up is not None)
        self._under_calls.setVisible(ringing is not None or up is not None)
        self._quiet.setChecked(view.settings.do_not_disturb)
        ends = _foremost(view) is not None
        self._quit.setText(self.tr("Quit, and end the call") if ends else self.tr("Quit"))

    def _answer(self, *, showing: bool = False) -> None:
        if (call := _ringing(self._view)) is not None:
            self._bridge.do(lambda desk: desk.answer(call.sid, showing=showing))

    def _answer_showing(self) -> None:
        self._answer(showing=True)

    def _refuse(self) -> None:
        if (call := _ringing(self._view)) is not None:
            self._bridge.do(lambda desk: desk.decline(call.sid))

    def _silence(self) -> None:
        if (call := _up(self._view)) is not None:
            self._bridge.do(lambda desk: desk.mute(call.sid, not call.muted))

    def _part(self) -> None:
        if (call := _up(self._view)) is not None:
            self._bridge.do(lambda desk: desk.hang_up(call.sid))

    def _disturb(self) -> None:
        quiet = not self._view.settings.do_not_disturb
        self._bridge.do(lambda desk: desk.change(do_not_disturb=quiet))


def _ringing(view: DeskView) -> CallView | None:
    """The call that asks to be taken, if one does."""
    return next((call for call in view.calls if call.state is State.INCOMING), None)


def _up(view: DeskView) -> CallView | None:
    """The call that hanging up is about: the one that is talked in, else the newest held one."""
    ours = [call for call in view.calls if call.state not in (State.INCOMING, State.ENDED)]
    talking = [call for call in ours if not call.held]
    return next(reversed(talking or ours), None)


def _foremost(view: DeskView) -> CallView | None:
    return _ringing(view) or _up(view)
