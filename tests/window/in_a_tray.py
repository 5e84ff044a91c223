"""A program that has a tray, and says what becomes of it until it is told to quit."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

from twocan.gui.around.session_bus import SessionBus
from twocan.gui.around.tray import Tray
from twocan.gui.bridge import Bridge
from twocan.gui.theme import Application

if TYPE_CHECKING:
    from twocan.desk.desk import Desk


async def never(tell: object, far: object, near: object) -> "Desk":
    raise AssertionError("the tray is all there is: no desk is opened")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


application = Application([])
bus = SessionBus()
tray = Tray(Bridge(never), bus)
tray.available_changed.connect(lambda there: say(f"changed: {there}"))
tray.open_wanted.connect(lambda: say("open wanted"))
say(f"available: {tray.available}")
told = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
told.activated.connect(application.quit)
application.exec()
tray.close()
bus.close()
