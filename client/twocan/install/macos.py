"""How macOS knows us: through the bundle itself.

Launch Services reads the scheme out of its ``Info.plist`` (``CFBundleURLTypes``) as soon as the
bundle lies in a folder of applications; there is nothing to be written. What can be wrong is where
it lies: a disk image goes away, and a bundle that was opened where it was downloaded runs from a
random place that lasts until the next start (App Translocation).
"""

import errno
from pathlib import Path

_PASSING = ("/Volumes/", "/private/var/folders/", "/var/folders/")
_BUNDLE = ".app"


class Bundle:
    """``program``: the folder of the frozen program that runs; None: a checkout."""

    def __init__(self, program: Path | None) -> None:
        self._program = program

    def is_right(self) -> bool:
        return why_not(self._program) is None

    def repair(self, *, take: bool = False) -> list[OSError]:
        why = why_not(self._program)
        return [] if why is None else [OSError(errno.EROFS, why)]

    def remove(self) -> list[OSError]:
        """A bundle is put into the bin by whoever put it where it is."""
        bundle = None if self._program is None else bundle_of(self._program)
        if bundle is None:
            return []
        return [OSError(errno.EPERM, "put it into the Bin", str(bundle))]


def bundle_of(program: Path) -> Path | None:
    """The bundle that a program is in (Bundle Programming Guide, "Application Bundles")."""
    inside = (each for each in (program, *program.parents) if each.suffix == _BUNDLE)
    return next(inside, None)


def why_not(program: Path | None) -> str | None:
    """Why links cannot open this program, and what to do; None: they can."""
    if program is None:
        return "macOS opens links by a bundle alone: build one, and start that"
    if bundle_of(program) is None:
        return "macOS opens links by Twocan.app alone: start that"
    if str(program).startswith(_PASSING):
        return "move Twocan into the folder Applications, and start it there"
    return None
