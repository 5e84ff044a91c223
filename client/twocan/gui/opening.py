"""What ``twocan [LINK]`` does: opens the window over the desk of whoever uses this computer."""

import gc
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from twocan.desk.folders import config_folder, made
from twocan.desk.settings_file import SettingsFile
from twocan.desk.state import DeskView

if TYPE_CHECKING:
    from twocan.desk.desk import Desk
    from twocan.media.pictures.canvas import Canvas


def hurry() -> None:
    """Have nobody look for garbage until ``gui.app`` does: what is loaded is none."""
    gc.disable()


def open_window(arguments: Sequence[str]) -> int:
    """Show the window until the person quits; the exit code.

    ``arguments``: links to follow, and ``--hidden`` to wait in the tray.
    """
    hurry()
    try:
        from twocan.gui.app import Start, run
    except ModuleNotFoundError as error:
        print(
            f"twocan: the window needs {error.name}: install twocan[window], or see twocan --help",
            file=sys.stderr,
        )
        return 2
    settings = SettingsFile(made(config_folder()) / "settings.json")

    async def make(
        tell: Callable[[DeskView], None],
        far: Callable[["Canvas"], None],
        near: Callable[["Canvas"], None],
    ) -> "Desk":
        from twocan.desk.opening import open_desk

        return await open_desk(tell, far, near, settings)

    links = tuple(each for each in arguments if each.startswith("twocan:"))
    return run(Start(make, settings.load(), links, hidden=len(links) < len(arguments)))
