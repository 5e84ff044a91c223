"""Starts the window, and joins what is around it: tray, notices, attention, the waking screen.

Only Qt is imported until the window has been painted; then the desk is loaded on its own thread.
"""

import gc
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
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
    from twocan.gui.around.around import Around
    from twocan.gui.handed import Handed
    from twocan.gui.signals import Signals
    from twocan.handover import Claim


_SWITCH_SECONDS = 0.0005
"""That Qt's thread and the phone's keep each other waiting, a tenth of what Python would let them:
nobody is signed in later because a page is being made."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the window is to begin.

    ``make``: opens the desk. ``settings``: those that it will open with. ``links``: to be
    followed. ``hidden``: it waits in the tray. ``lasting``: the phone goes on when the window is
    closed; else that ends it, and so does the end of all calls once ``over`` says so. ``claim``:
    where other starts hand their links to this one. ``tend``: what is to be looked after on a
    thread of its own, once nobody waits for anything.
    """

    make: MakeDesk
    settings: Settings
    links: tuple[str, ...] = ()
    hidden: bool = False
    lasting: bool = True
    over: Callable[[], bool] = lambda: False
    claim: "Claim | None" = None
    tend: Callable[[], None] | None = None


def run(start: Start) -> int:
    """Show the window until the person quits. The exit code of Qt's loop."""
    application = Application(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    face = Face(application, start)
    with ExitStack() as last:
        face.begun.connect(lambda: last.enter_context(_signals(face.quit)))
        face.complete.connect(_look_for_garbage)
        if start.tend is not None:
            face.complete.connect(partial(_tend, start.tend))
        code = application.exec()
    face.close()
    return code


def _look_for_garbage() -> None:
    """From now on, but not among what was loaded: that stays, and whoever looks through all of it
    keeps sound waiting."""
    gc.freeze()
    gc.enable()


def _tend(tend: Callable[[], None]) -> None:
    # Nobody who quits waits for it: it leaves nothing half done.
    threading.Thread(target=tend, name="tending", daemon=True).start()


def _signals(stop: Callable[[], None]) -> "Signals":
    from twocan.gui.signals import Signals

    return Signals(stop)


class Face(QObject):
    """The window and all that is around it, for as long as the program runs."""

    begun = Signal()
    """The window is painted, and the desk is being loaded."""
    complete = Signal()
    """There is a desk, and all that is around the window."""

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
        quitting = QShortcut(QKeySequence("Ctrl+Q"), self.window)
        quitting.activated.connect(self.quit)
        application.asked_to_open.connect(self._open)
        self._handed = self._hear(start.claim) if start.claim is not None else None
        self._around: Around | None = None
        self._resting: QTimer | None = None
        self._code = 0
        if start.hidden:
            QTimer.singleShot(0, self._begin)
        else:
            self.window.painted.connect(self._begin)
            self.window.show()

    def quit(self) -> None:
        """Hang up, and end the program."""
        self.window.hide()
        self._application.exit(self._code)

    def close(self) -> None:
        """Close everything; Qt's loop is over."""
        if self._handed is not None:
            self._handed.close()
        if self._around is not None:
            self._around.close()
        self.bridge.stop()
        self.window.deleteLater()

    def _hear(self, claim: "Claim") -> "Handed":
        """Do what other starts hand over, from now on."""
        from twocan.gui.handed import Handed

        handed = Handed(claim, self)
        handed.shown.connect(self._come)
        handed.followed.connect(self._follow)
        handed.quit_wanted.connect(self.quit)
        return handed

    def _come(self, token: str) -> None:
        from twocan.gui.around.attention import call_to

        call_to(self.window, token)

    def _open(self, link: str) -> None:
        self._follow(link)
        self._come("")

    def _follow(self, link: str) -> None:
        self.bridge.do(partial(_follow, link=link))

    def _begin(self) -> None:
        sys.setswitchinterval(_SWITCH_SECONDS)
        self.bridge.changed.connect(self._changed)
        for link in self._start.links:
            self._follow(link)
        self.bridge.start()
        self.begun.emit()

    def _surround(self) -> None:
        from twocan.gui.around.around import Around
        from twocan.gui.resting import RESTS_AFTER, rest

        self._application.setWindowIcon(QIcon(str(assets() / "twocan.svg")))
        self._around = Around(self.bridge, self.window, self)
        self._around.quit_wanted.connect(self.quit)
        self._resting = QTimer(self, interval=RESTS_AFTER, singleShot=True)
        self._resting.timeout.connect(rest)
        self.complete.emit()

    def _rest(self, view: DeskView) -> None:
        """Once nothing happens any more, take less of the memory."""
        if self._resting is not None:
            if view.calls:
                self._resting.stop()
            else:
                self._resting.start()

    def _changed(self, view: DeskView) -> None:
        if self._around is None:
            # Not before: the desk is loaded on a thread of its own, but by the same interpreter.
            self._surround()
        if self._language.speak(view.settings.language):
            self.window.speak()
            if self._around is not None:
                self._around.speak()
        self._rest(view)
        if self._handed is not None:
            self._handed.busy = bool(view.calls)
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
