"""That this system knows us: the same three verbs on each."""

import sys
from pathlib import Path
from typing import Protocol

from twocan import places
from twocan.install.programs import Programs, own
from twocan.install.writing import Folders


class Registration(Protocol):
    """What one system knows of us."""

    def is_right(self) -> bool:
        """Whether nothing is to be repaired. Raises OSError."""

    def repair(self, *, take: bool = False) -> list[OSError]:
        """Have the system know us; what of it did not work.

        ``take``: have links open us, even where the person has another program for that.
        """

    def remove(self) -> list[OSError]:
        """Have the system know nothing of us any more; what of it did not work."""


def of_this_system(programs: Programs, system: str = sys.platform) -> Registration:
    """What starts the current program, whichever that is; from a checkout, what runs it."""
    match system:
        case "win32":
            from twocan.install.windows import Registry

            return Registry.of_this_person(Path(sys.executable))
        case "darwin":
            from twocan.install.macos import Bundle

            return Bundle(own())
        case _:
            from twocan.install.linux import Desktop, Places

            return Desktop(
                Places.of_this_person(), words(programs), Path(places.assets()), record(programs)
            )


def words(programs: Programs) -> list[str]:
    """What starts the phone; a link may be added."""
    if programs.mine is not None:
        return [str(programs.stable)]
    if own() is not None:
        return [sys.executable]
    return [sys.executable, "-m", "twocan"]


def record(programs: Programs) -> Folders:
    """The folders that were made for us."""
    return Folders(programs.folder / ".made")
