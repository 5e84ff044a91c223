"""Opens the desk of whoever uses this computer: its folders, its settings, its history."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from twocan import __version__, account, places
from twocan.desk.accounts import Accounts
from twocan.desk.desk import Desk
from twocan.desk.equipment import Equipment
from twocan.desk.folders import data_folder, made
from twocan.desk.history import History
from twocan.desk.settings_file import SettingsFile
from twocan.desk.state import DeskView, Trial
from twocan.desk.updates import Program, Updates
from twocan.releases import parse_key
from twocan.states import CallView

if TYPE_CHECKING:
    from twocan.media.figures import Figures
    from twocan.media.pictures.canvas import Canvas

Attach = Callable[["Canvas"], None]


async def open_desk(
    tell: Callable[[DeskView], None], far: Attach, near: Attach, settings: SettingsFile
) -> Desk:
    """The desk in this person's own folders, open. An account that the environment names is signed
    in without being kept."""
    given = account.named_by_environment()
    history = History(made(data_folder()) / "history.sqlite")
    return await furnish(
        tell,
        far,
        near,
        settings=settings,
        history=history,
        given=given,
        updates=updates_of(built_in_key()),
    )


def built_in_key() -> str | None:
    """What the versions that come after this one are signed with, as it was put into the frozen
    program; None: it is not frozen, or nobody signs for it."""
    key = Path(places.assets(), "release.pub")
    is_built_in = hasattr(sys, "_MEIPASS") and key.exists()
    return key.read_text("ascii") if is_built_in else None


def updates_of(key: str | None) -> Updates | None:
    """Who looks for new versions, if somebody signs them."""
    if key is None:
        return None
    return Updates(Program(__version__, parse_key(key)), data_folder() / "update")


async def furnish(
    tell: Callable[[DeskView], None],
    far: Attach,
    near: Attach,
    *,
    settings: SettingsFile,
    history: History,
    given: account.Account | None,
    accounts: Callable[[], Accounts] = Accounts.find,
    over: Callable[[CallView, "Figures | None"], None] | None = None,
    updates: Updates | None = None,
) -> Desk:
    """A desk with its equipment, open."""
    if given is not None or settings.load().account is not None:
        # Somebody will be signed in. What that takes is loaded before the desk is first shown: a
        # window that loads its page meanwhile would have to be waited for.
        import twocan.xmpp  # noqa: F401

    desk: Desk | None = None

    def tried(trial: Trial) -> None:
        if desk is not None:
            desk.trial_changed(trial)

    equipment = Equipment(settings.load(), far=far, near=near, changed=tried)
    desk = Desk(
        tell,
        equipment,
        settings=settings,
        history=history,
        accounts=accounts,
        given=given,
        over=over,
        updates=updates,
    )
    await desk.open()
    return desk
