"""Whether anything of a window is to be seen: where it is covered, nothing needs to be painted.

Wayland and macOS tell Qt that a window is hidden behind others (``QWindow.isExposed``). X tells it
to whoever asks (``VisibilityNotify``), and Qt does not ask: so we do, over a connection of our own,
since any client may ask about any window. A compositing manager keeps all of a window for itself,
and then X says of every one that it is seen. Windows tells only those who draw by DXGI, so that
there a covered window counts as seen; one that is minimised does not, on any system.
"""

import ctypes
import logging
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_uint8, c_uint32, c_void_p
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

_TELLING = {
    QEvent.Type.Expose,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.WinIdChange,
    QEvent.Type.WindowStateChange,
}


class Covered(QObject):
    """Watches a top-level window, whose child it is. ``of`` gives the one that there is."""

    changed = Signal()
    """``seen`` is another."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._native: QWindow | None = None
        self._obscured: Obscured | None = None
        self._seen = False
        window.installEventFilter(self)
        self._follow()

    @staticmethod
    def of(window: QWidget) -> "Covered":
        """What watches this window, whoever else asks."""
        return window.findChild(Covered) or Covered(window)

    @property
    def seen(self) -> bool:
        """Whether any part of the window may be on a screen."""
        return self._seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A window tells more while it is being destroyed.
        if event.type() in _TELLING and shiboken6.isValid(self._window):
            self._follow()
        return False

    def _follow(self) -> None:
        native = self._window.windowHandle()
        if native is not self._native:
            self._native = native
            if native is not None:
                native.installEventFilter(self)
        self._ask_x(native if self._window.isVisible() else None)
        self._look()

    def _ask_x(self, native: QWindow | None) -> None:
        """Follow what X says of this window; none: ask no more."""
        if native is None or QGuiApplication.platformName() != "xcb":
            if self._obscured is not None:
                self._obscured.close()
                self._obscured = None
            return
        if self._obscured is None:
            self._obscured = Obscured(self._look, self)
        # It may not be there yet: then it is asked again when the window is exposed.
        self._obscured.watch(int(native.winId()))

    def _look(self) -> None:
        before, self._seen = (
            self._seen,
            (
                self._window.isVisible()
                and not self._window.isMinimized()
                and self._native is not None
                and self._native.isExposed()
                and not (self._obscured is not None and self._obscured.fully)
            ),
        )
        if self._seen != before:
            self.changed.emit()


_CW_EVENT_MASK = 1 << 11
_VISIBILITY_CHANGE = 1 << 16
_VISIBILITY_NOTIFY = 15
_FULLY_OBSCURED = 2
"""X protocol, version 11: appendix B, encodings."""

_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "xcb_change_window_attributes_checked": (
        c_uint32,
        (c_void_p, c_uint32, c_uint32, POINTER(c_uint32)),
    ),
    "xcb_connect": (c_void_p, (c_char_p, c_void_p)),
    "xcb_connection_has_error": (c_int, (c_void_p,)),
    "xcb_disconnect": (None, (c_void_p,)),
    "xcb_get_file_descriptor": (c_int, (c_void_p,)),
    "xcb_poll_for_event": (c_void_p, (c_void_p,)),
    "xcb_request_check": (c_void_p, (c_void_p, c_uint32)),
}


class _Event(ctypes.Structure):
    """An xcb_visibility_notify_event_t."""

    _fields_ = (
        ("kind", c_uint8),
        ("detail", c_uint8),
        ("sequence", ctypes.c_uint16),
        ("window", c_uint32),
        ("state", c_uint8),
    )


class Obscured:
    """What X says of one window. ``changed`` is called when ``fully`` is another."""

    def __init__(self, changed: Callable[[], None], parent: QObject) -> None:
        self.fully = False
        """Whether other windows cover all of it. False as long as nobody says so."""
        self._changed = changed
        self._window = 0
        self._xcb = _load()
        self._connection: int | None = self._xcb.xcb_connect(None, None) if self._xcb else None
        self._notifier: QSocketNotifier | None = None
        if self._is_broken():
            log.info("X does not tell whether the window is covered")
            self.close()
        elif self._xcb is not None:
            handle = self._xcb.xcb_get_file_descriptor(self._connection)
            self._notifier = QSocketNotifier(handle, QSocketNotifier.Type.Read, parent)
            self._notifier.activated.connect(self._read)
        # Not of the parent's own: what it has is not called any more by then.
        parent.destroyed.connect(self.close)

    def watch(self, window: int) -> None:
        """Be told of this window, by its number at the X server. It may not be there yet."""
        if self._xcb is None or not self._connection or window == self._window:
            return
        self.fully = False
        mask = c_uint32(_VISIBILITY_CHANGE)
        asked = self._xcb.xcb_change_window_attributes_checked(
            self._connection, window, _CW_EVENT_MASK, ctypes.byref(mask)
        )
        refused = self._xcb.xcb_request_check(self._connection, asked)
        self._window = 0 if refused else window
        _free(refused)
        self._read()

    def close(self) -> None:
        """Be told no more."""
        notifier, self._notifier = self._notifier, None
        if notifier is not None and shiboken6.isValid(notifier):
            notifier.setEnabled(False)
            notifier.deleteLater()
        if self._xcb is not None and self._connection:
            self._xcb.xcb_disconnect(self._connection)
        self._connection = None

    def _read(self) -> None:
        if self._xcb is None:
            return
        before = self.fully
        while self._connection and (event := self._xcb.xcb_poll_for_event(self._connection)):
            said = _Event.from_address(event)
            # The highest bit: another client sent it.
            if said.kind & 0x7F == _VISIBILITY_NOTIFY and said.window == self._window:
                self.fully = said.state == _FULLY_OBSCURED
            _free(event)
        if self._is_broken():
            self.close()
            self.fully = False
        if self.fully != before:
            self._changed()

    def _is_broken(self) -> bool:
        if self._xcb is None or not self._connection:
            return True
        return bool(self._xcb.xcb_connection_has_error(self._connection))


def _load() -> ctypes.CDLL | None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Qt's own plugin would not have been loaded either.
        return None
    for name, (answer, given) in _FUNCTIONS.items():
        function = getattr(xcb, name)
        function.restype, function.argtypes = answer, given
    return xcb


def _free(memory: int | None) -> None:
    free = ctypes.CDLL(None).free
    free.argtypes, free.restype = (c_void_p,), None
    free(memory)
