"""What ``twocan [LINK]`` does: opens the window over the desk of whoever uses this computer."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from twocan.desk.folders import config_folder, made
from twocan.desk.settings_file import SettingsFile
from twocan.desk.state import DeskView
from twocan.gui.telling import can_show, missing, tell
from twocan.handover import Claim

if TYPE_CHECKING:
    from twocan.desk.desk import Desk
    from twocan.media.pictures.canvas import Canvas


def hurry() -> None:
    """Have nobody look for garbage until ``gui.app`` does: what is loaded is none."""
    gc.disable()


def settle(arguments: Sequence[str]) -> int | None:
    """Have the right one of several downloaded programs run: this one, if it comes back.

    An exit code, if none is to run here. ``arguments``: what it is started with.
    """
    from twocan.install import starting

    older = starting.settle(arguments)
    if older is None:
        return None
    if not can_show(os.environ) or _is_hidden(arguments):
        # Nobody is there to be asked.
        older.keep(arguments)
        return 1
    try:
        from twocan.gui.older import ask
    except ImportError as error:
        return tell(missing(error), 2)
    return ask(older, arguments, SettingsFile(config_folder() / "settings.json").load().language)


def _is_hidden(arguments: Sequence[str]) -> bool:
    """Whether it is to wait in the tray: whatever is no link says so."""
    return not all(each.startswith("twocan:") for each in arguments)


def _tend() -> None:
    from twocan.install.starting import tend

    tend()


def open_window(arguments: Sequence[str], claim: Claim | None = None) -> int:
    """Show the window until the person quits; the exit code.

    ``arguments``: links to follow, and ``--hidden`` to wait in the tray. ``claim``: of being the
    one phone of this person; None where that cannot be had.
    """
    hurry()
    links = tuple(each for each in arguments if each.startswith("twocan:"))
    hidden = _is_hidden(arguments)
    if not can_show(os.environ):
        return tell("there is no display to show the window on; see twocan --help", 2)
    try:
        from twocan.gui.app import Start, run
    except ImportError as error:
        return tell(missing(error), 2, quietly=hidden)
    settings = SettingsFile(made(config_folder()) / "settings.json")

    async def make(
        tell: Callable[[DeskView], None],
        far: Callable[["Canvas"], None],
        near: Callable[["Canvas"], None],
    ) -> "Desk":
        from twocan.desk.opening import open_desk

        return await open_desk(tell, far, near, settings)

    tend = _tend if getattr(sys, "frozen", False) else None
    return run(Start(make, settings.load(), links, hidden=hidden, claim=claim, tend=tend))
