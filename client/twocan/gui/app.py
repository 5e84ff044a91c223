"""Starts the window, and joins what is around it: tray, notices, attention, the waking screen.

Only Qt is imported until the window has been painted; then the desk is loaded on its own thread.
"""

import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QIcon, QKeySequence, QShortcut

from twocan.desk.settings import Settings
from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge, MakeDesk
from twocan.gui.languages import Language
from twocan.gui.places import assets
from twocan.gui.theme import Application
from twocan.gui.window import Window

if TYPE_CHECKING:
    from twocan.desk.desk import Desk
    from twocan.gui.around import Around


@dataclass(frozen=True, slots=True)
class Start:
    """How the window is to begin.

    ``make``: opens the desk. ``settings``: those that it will open with. ``links``: to be
    followed. ``hidden``: it waits in the tray. ``lasting``: the phone goes on when the window is
    closed; else that ends it, and so does the end of all calls once ``over`` says so.
    """

    make: MakeDesk
    settings: Settings
    links: tuple[str, ...] = ()
    hidden: bool = False
    lasting: bool = True
    over: Callable[[], bool] = lambda: False


def run(start: Start) -> int:
    """Show the window until the person quits. The exit code of Qt's loop."""
    application = Application(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    face = Face(application, start)
    with _Signals(face.quit):
        code = application.exec()
    face.close()
    return code


class Face(QObject):
    """The window and all that is around it, for as long as the program runs."""

    def __init__(self, application: Application, start: Start) -> None:
        super().__init__()
        self._application, self._start = application, start
        self._language = Language(application)
        self._language.speak(start.settings.language)
        application.setApplicationName("Twocan")
        application.setDesktopFileName("twocan")
        self.bridge = Bridge(start.make, self)
        self.bridge.failed.connect(self._failed)
        self.window = Window(self.bridge)
        self.window.closed.connect(self._closed)
        self.window.painted.connect(self._begin)
        quitting = QShortcut(QKeySequence("Ctrl+Q"), self.window)
        quitting.activated.connect(self.quit)
        self._around: Around | None = None
        self._code = 0
        if start.hidden:
            QTimer.singleShot(0, self._begin)
        else:
            self.window.show()

    def quit(self) -> None:
        """Hang up, and end the program."""
        self.window.hide()
        self._application.exit(self._code)

    def close(self) -> None:
        """Close everything; Qt's loop is over."""
        if self._around is not None:
            self._around.close()
        self.bridge.stop()
        self.window.deleteLater()

    def _begin(self) -> None:
        self.bridge.changed.connect(self._changed)
        for link in self._start.links:
            self.bridge.do(partial(_follow, link=link))
        self.bridge.start()
        self._application.setWindowIcon(QIcon(str(assets() / "twocan.svg")))
        from twocan.gui.around import Around

        self._around = Around(self.bridge, self.window, self)
        self._around.quit_wanted.connect(self.quit)

    def _changed(self, view: DeskView) -> None:
        if self._language.speak(view.settings.language):
            self.window.speak()
            if self._around is not None:
                self._around.speak()
        if not view.calls and view.ended is None and self._start.over():
            self.quit()

    def _closed(self) -> None:
        if not self._start.lasting or self._around is None:
            self.quit()
        else:
            self._around.put_away()

    def _failed(self, why: str) -> None:
        from PySide6.QtWidgets import QMessageBox

        QMessageBox.critical(
            self.window, "Twocan", self.tr("Twocan cannot start: {why}").format(why=why)
        )
        self._code = 1
        self.quit()


def _follow(desk: "Desk", link: str) -> None:
    desk.follow(link)


class _Signals:
    """Ctrl-C and being told to end reach Qt's loop, which knows nothing of Python's signals."""

    _NUMBERS = tuple(
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    )

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        self._wakes = signal.set_wakeup_fd(theirs.fileno())
        self._before = {number: signal.signal(number, self._note) for number in self._NUMBERS}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._take)

    def __exit__(self, *_: object) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakes)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ours.close()
        self._theirs.close()

    def _note(self, _number: int, _frame: object) -> None:
        """Python has to have a handler, or it would end the program at once."""

    def _take(self) -> None:
        self._ours.recv(64)
        self._stop()
