"""What is around the window: tray, notices, attention, and a screen that stays awake.

Loaded once there is a desk to be drawn.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView, Invitation
from twocan.gui.around.attention import Callers, TypingGuard, call_to, calm
from twocan.gui.around.awake import awake
from twocan.gui.around.notices import Notices
from twocan.gui.around.session_bus import SessionBus
from twocan.gui.around.tray import Tray
from twocan.gui.bridge import Bridge
from twocan.gui.window import Window
from twocan.states import CallView, State


class Around(QObject):
    """Draws the desk where the window is not looked at, and brings the window to the front."""

    quit_wanted = Signal()

    def __init__(self, bridge: Bridge, window: Window, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._window = bridge, window
        self._rung: frozenset[str] = frozenset()
        self._callers = Callers()
        self._asked: Invitation | None = None
        self._bus = SessionBus(self)
        self._tray = Tray(bridge, self._bus, self)
        self._notices = Notices(bridge, self._bus, self._tray, self)
        self._awake = awake(self._bus, self)
        self._guard = TypingGuard(window)
        self._tray.open_wanted.connect(self._come)
        self._notices.open_wanted.connect(self._come)
        self._tray.settings_wanted.connect(self._come)
        self._tray.settings_wanted.connect(window.open_settings)
        self._tray.quit_wanted.connect(self.quit_wanted)
        self._tray.available_changed.connect(self._tray_changed)
        window.activated.connect(lambda: self._draw(bridge.view))
        bridge.changed.connect(self._changed)
        self._changed(bridge.view)

    def put_away(self) -> None:
        """The window was closed: the phone stays within reach, which is said the first time."""
        if self._tray.available:
            self._window.hide()
            words = self.tr(
                "You can be called while the window is closed. Quit from the tray menu."
            )
        else:
            # Without a tray a hidden window could not be had back.
            self._window.showMinimized()
            words = self.tr("You can be called while the window is put away. Ctrl+Q quits.")
        if not self._bridge.view.settings.told_of_closing:
            self._notices.tell(self.tr("Twocan is still here"), words)
            self._bridge.do(lambda desk: desk.change(told_of_closing=True))

    def close(self) -> None:
        """Leave the tray and the bus, and let the screen sleep."""
        self._awake.keep(False)
        self._notices.close()
        self._tray.close()
        self._bus.close()

    def speak(self) -> None:
        """The language changed."""
        self._tray.speak()
        self._draw(self._bridge.view)

    def _tray_changed(self, available: bool) -> None:
        if not available and not self._window.isVisible():
            # The way back to it is gone.
            self._window.showMinimized()

    def _come(self, token: str = "") -> None:
        call_to(self._window, token)

    def _changed(self, view: DeskView) -> None:
        self._draw(view)
        self._awake.keep(any(map(_is_seen, view.calls)))
        calls = [call for call in view.calls if call.state is State.INCOMING]
        ringing = frozenset(call.sid for call in calls)
        fresh = [call.peer for call in calls if call.sid not in self._rung]
        if fresh and not view.settings.do_not_disturb:
            self._ring(self._window, fresh)
        elif self._rung and not ringing:
            self._guard.release()
            calm(self._window)
        self._rung = ringing
        asked, self._asked = self._asked, view.invitation
        if view.invitation not in (None, asked) and not self._window.isActiveWindow():
            self._come()

    def _draw(self, view: DeskView) -> None:
        self._tray.show_desk(view)
        self._notices.show_desk(view, self._window.isActiveWindow())

    def _ring(self, window: QWidget, peers: list[str]) -> None:
        # Of all of them: each is to be remembered, whether or not another is news.
        news = [peer for peer in peers if self._callers.are_news(peer)]
        if not news:
            # Who calls again at once has the bell and a notice, and no more.
            return
        if not window.isActiveWindow() or window.isMinimized():
            # What somebody is typing elsewhere is no answer.
            self._guard.hold()
            self._come()


def _is_seen(call: CallView) -> bool:
    return call.state is State.ACTIVE and (call.showing or call.shown_by_peer)
