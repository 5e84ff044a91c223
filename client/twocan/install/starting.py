"""What a start of the window decides before Qt is loaded: which of several programs is to run.

    an update waits, and is newer       it becomes current, and runs
    started through ``current``         whatever that leads to runs
    newer than current, or none is      this one becomes current
    the same version                    this one becomes current: somebody downloaded it anew
    older than current                  the person is asked, see ``gui.older``

Nothing of it keeps a phone from starting: a folder that cannot be written, a full disk, another one
that does the same are told, and this program runs as it is.
"""

import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from twocan.install import programs as program
from twocan.install.programs import Programs

log = logging.getLogger(__name__)

_GO_BACK = "TWOCAN_GO_BACK"
"""Says in the environment of a program that it is to be current, old as it is: its version."""


@dataclass(frozen=True, slots=True)
class Older:
    """This program is older than the current one. ``mine``, ``current``: their versions."""

    programs: Programs
    mine: str
    current: str

    def keep(self, arguments: Sequence[str]) -> None:
        """Become the current one. Raises OSError."""
        program.start(self.programs.stable, list(arguments))

    def go_back(self, arguments: Sequence[str]) -> None:
        """Begin anew, and be the current one from then on. Raises OSError."""
        program.start(Path(sys.executable), list(arguments), {_GO_BACK: self.mine})


def settle(arguments: Sequence[str]) -> Older | None:
    """Decide which program runs: this one if it comes back, unless the person is to be asked.

    ``arguments``: what another one is started with.
    """
    programs = Programs.of_this_person()
    mine = programs.mine
    if mine is None:
        return None
    follows = _was_current(programs)
    try:
        if programs.next is not None or programs.current != mine:
            follows |= _choose(programs, mine)
    except OSError as error:
        _tell(error)
    current = programs.current
    if current is None or current == mine:
        return None
    if follows:
        _follow(programs, arguments)
    elif program.is_older(mine, current):
        return Older(programs, program.version(mine), program.version(current))
    # It, or the other one, could not be started or made current: this one runs as it is.
    return None


def tend() -> None:
    """See that the system knows the current program, and that nothing lies about which nobody uses.

    Waits for disks: on a thread of its own. Only the current program does it, so that no two of
    them ever disagree.
    """
    programs = Programs.of_this_person()
    if sys.platform == "win32":
        work = [_install_on_windows]
    elif programs.mine is not None and programs.mine == programs.current:
        work = [partial(_repair, programs), partial(_clear_away, programs)]
    else:
        work = []
    for each in work:
        try:
            each()
        except OSError as error:
            log.info("what is installed cannot be looked after: %s", error)


def _choose(programs: Programs, mine: str) -> bool:
    """Make current what is to be. Whether this one was, and runs in place of whatever is now."""
    # Before anything is made by other parts, on the first start of all.
    first = programs.current is None
    with programs.locked():
        if first:
            _expect_folders(programs)
        was = programs.current
        programs.take_next()
        current = programs.current
        if os.environ.pop(_GO_BACK, None) == program.version(mine):
            programs.forget_next()
            programs.make_current(mine)
            return False
        follows = was == mine or _was_current(programs)
        if current is None or not (follows or program.is_older(mine, current)):
            programs.make_current(mine)
    return follows


def _follow(programs: Programs, arguments: Sequence[str]) -> None:
    try:
        program.start(programs.stable, list(arguments))
    except OSError as error:
        _tell(error)


def _was_current(programs: Programs) -> bool:
    """Whether this one was started as the current one, which another has become meanwhile."""
    return Path(sys.argv[0]) == programs.stable


def _expect_folders(programs: Programs) -> None:
    from twocan.desk.folders import config_folder
    from twocan.install.registration import record

    record(programs).expect([config_folder().parent])


def _repair(programs: Programs) -> None:
    from twocan.install.registration import of_this_system

    known = of_this_system(programs)
    if known.is_right():
        return
    with programs.locked():
        for error in known.repair():
            log.warning("the system does not know Twocan as it should: %s", error)


def _install_on_windows() -> None:
    from twocan.install.windows_programs import install

    for error in install() or ():
        log.warning("Windows does not know Twocan as it should: %s", error)


def _clear_away(programs: Programs) -> None:
    if programs.has_remains():
        with programs.locked():
            programs.sweep(time.time())


def _tell(error: OSError) -> None:
    # Not logged: nobody reads the log of a program that a click started, and a terminal shows this.
    if sys.stderr is not None:
        sys.stderr.write(f"twocan: this version could not be made the current one: {error}\n")
