"""Takes away every trace of us, the program that runs among them; the history only if wanted.

What is ours: what the system knows of us, the start at log-in, the secrets of accounts, our folders
of settings and of data with whatever is in them, where phones meet, and every program. The program
goes last: what is not loaded by then cannot be loaded any more.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twocan.desk import autostart
from twocan.desk.accounts import INDEX, Accounts
from twocan.desk.folders import config_folder, data_folder
from twocan.desk.safe import Safe, SafeError
from twocan.handover import place
from twocan.install.programs import Programs, own
from twocan.install.registration import of_this_system, record
from twocan.install.writing import missing, remove_empty, why

HISTORY = "history."
"""What the files of the history begin with."""
_WITHIN = 20.0
"""Seconds for a keyring to answer, each time that it is asked."""

FindSafe = Callable[[], Safe | None]


def _find_safe() -> Safe | None:
    return Safe.find(within=_WITHIN)


@dataclass
class Removal:
    """``history``: whether that goes, too. ``find_safe``: where secrets are."""

    programs: Programs
    history: bool
    find_safe: FindSafe = _find_safe
    left: list[str] = field(default_factory=list)
    """What could not be removed, and why: a line each."""
    notes: list[str] = field(default_factory=list)
    """What the person may want to know besides: a line each."""
    _missing: list[Path] = field(default_factory=list)
    """Folders that were not there, and that whoever looks for a phone may make."""

    def __post_init__(self) -> None:
        self._missing = missing(data_folder())[::-1]

    def run(self) -> None:
        """Remove it all. Whatever fails, the rest goes; what is stopped half way is run again."""
        made = record(self.programs).made()
        with self._alone():
            self.left += map(why, of_this_system(self.programs).remove())
            with self._told():
                autostart.remove()
            self._remove_secrets()
            self._remove_meeting_place()
            self._remove_tree(config_folder(), keep=())
            kept = () if self.history else (HISTORY,)
            self._remove_tree(data_folder(), keep=(*kept, self.programs.folder.name))
            self._remove_programs()
            # As long as they are listed: whoever is stopped here begins anew.
            remove_empty([config_folder(), *made])
            with self._told():
                for name in (".made", ".lock"):
                    (self.programs.folder / name).unlink(missing_ok=True)
        remove_empty([self.programs.folder, data_folder(), *made, *self._missing])

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with contextlib.ExitStack() as last:
            if self.programs.folder.is_dir():
                with self._told():
                    last.enter_context(self.programs.locked())
            yield

    def _remove_secrets(self) -> None:
        try:
            safe = self.find_safe()
            if safe is None:
                words = "no keyring answers: if accounts were kept in one, they still are"
                self.notes.append(words)
                return
            accounts = Accounts(safe)
            for known in accounts.list():
                accounts.forget(known.address)
            if accounts.problem is None:
                safe.delete(INDEX)
            else:
                self.left.append(f"accounts: {accounts.problem}")
        except SafeError as error:
            self.left.append(f"accounts: {error}")

    def _remove_meeting_place(self) -> None:
        with self._told(), contextlib.suppress(place.Unusable):
            here = place.find(os.environ)
            for each in Path(here.folder).glob(f"{here.name}.*"):
                each.unlink(missing_ok=True)
            remove_empty([Path(here.folder)])

    def _remove_tree(self, folder: Path, keep: tuple[str, ...]) -> None:
        """All that is in a folder of ours, but for names that begin so. No link is followed."""
        with self._told(), contextlib.suppress(FileNotFoundError):
            for each in list(folder.iterdir()):
                if not each.name.startswith(keep):
                    with self._told():
                        _remove(each)

    def _remove_programs(self) -> None:
        with self._told(), contextlib.suppress(FileNotFoundError):
            if sys.platform == "win32":
                self._remove_windows_programs()
            elif self.programs.folder.is_dir():
                self.programs.remove_all()

    def _remove_windows_programs(self) -> None:
        from twocan.install.windows import remove_after_us
        from twocan.install.windows_programs import programs_folder

        folder, mine = programs_folder(os.environ), own()
        if mine is not None and mine.is_relative_to(folder):
            remove_after_us(folder)
        elif folder.is_dir():
            shutil.rmtree(folder)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.left.append(why(error))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
