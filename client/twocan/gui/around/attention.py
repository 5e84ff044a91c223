"""The window comes to the front when somebody calls, without taking an answer by accident."""

import os

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QMetaObject,
    QObject,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget

PAUSE = 700
"""Milliseconds without a key after which what is typed is meant for this window."""

AGAIN_AFTER = 60_000
"""Milliseconds after which who calls once more brings the window to the front once more."""

_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_CLICKS = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress})


def call_to(window: QWidget, token: str = "") -> None:
    """Have ``window`` seen: shown, not minimised, in front, and marked in the taskbar.

    What comes of it is the desktop's to decide. X11: the window manager may mark it in place of
    giving it the keyboard. Wayland: it comes to the front with an activation ``token``, as a
    notice has one, and is marked without. Windows: it comes to the front if the person was in
    this program last, else its button flashes. macOS: it comes to the front, and the dock's icon
    jumps.
    """
    if token:
        # Qt takes it from here when it asks the compositor, once (XDG Activation, "startup").
        os.environ["XDG_ACTIVATION_TOKEN"] = token
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window, 0)


def calm(window: QWidget) -> None:
    """Mark ``window`` in the taskbar no more: what it was called for is over."""
    handle = window.windowHandle()
    if handle is not None:
        # QApplication.alert has no opposite but the window's becoming active, or its time being
        # over; this is what Qt does then.
        QMetaObject.invokeMethod(handle, "_q_clearAlert")


class Callers:
    """Who brought the window to the front lately: calls that are taken back at once, again and
    again, would keep a person from whatever they do."""

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self._clock.start()
        self._came: dict[str, int] = {}

    def are_news(self, peer: str) -> bool:
        """Whether ``peer`` calls, and did not just call before."""
        now = self._clock.elapsed()
        self._came = {who: at for who, at in self._came.items() if now - at < AGAIN_AFTER}
        fresh = peer not in self._came
        self._came.setdefault(peer, now)
        return fresh


class TypingGuard(QObject):
    """Keeps from a window what a person was typing into another when it came to the front.

    ``hold`` begins it. No key reaches the window then, until it was the active one, and nobody
    typed, for ``PAUSE``; or until somebody clicks or taps it, which is meant for it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.release)
        self.holding = False
        """Whether keys are kept from the window."""

    def hold(self) -> None:
        """Keep keys from the window, from now on."""
        if not self.holding:
            self.holding = True
            self._everything().installEventFilter(self)
        self._pause.stop()
        if self._window.isActiveWindow():
            self._pause.start()

    def release(self) -> None:
        """Let them through again."""
        if self.holding:
            self.holding = False
            self._pause.stop()
            self._everything().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys, and see what else happens to the window."""
        kind = event.type()
        if kind in _KEYS:
            return self._is_ours(watched) and self._keep(event)
        if watched is self._window:
            if kind is QEvent.Type.WindowActivate:
                self._pause.start()
            elif kind is QEvent.Type.WindowDeactivate:
                self._pause.stop()
        if kind in _CLICKS and self._is_ours(watched):
            self.release()
        return False

    def _keep(self, event: QEvent) -> bool:
        # An override that is taken keeps shortcuts from it, too.
        event.accept()
        if event.type() is QEvent.Type.KeyPress and self._window.isActiveWindow():
            self._pause.start()
        return True

    def _everything(self) -> QCoreApplication:
        application = QCoreApplication.instance()
        assert application is not None
        return application

    def _is_ours(self, watched: QObject) -> bool:
        if isinstance(watched, QWidget):
            return watched.window() is self._window
        return watched is self._window.windowHandle()
