"""What ``twocan install`` and ``twocan uninstall`` do, in words and exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from twocan import __version__
from twocan.desk.folders import data_folder
from twocan.install import programs as program
from twocan.install.programs import Programs, outward, own
from twocan.install.registration import of_this_system, record, words
from twocan.install.writing import missing, why

Say = Callable[[str], None]

DONE, NOT_DONE, USAGE = 0, 1, 2
SELFTEST_WITHIN = 60.0
"""Seconds for a whole call within a program; it takes four."""
_QUIT_WITHIN = 10.0


class NotDone(Exception):
    """It was not done: one line, why and what to do. ``code``: what to exit with."""

    def __init__(self, words: str, code: int = NOT_DONE) -> None:
        super().__init__(words)
        self.code = code


def install(say: Say, complain: Say, *, older: bool = False) -> int:
    """Make this program the current one, and have the system know it; the exit code.

    ``older``: even if a newer one is. A checkout becomes what opens links: its ``python -m
    twocan``. Raises ``NotDone``.
    """
    programs = Programs.of_this_person()
    try:
        troubles = _install(programs, older=older)
    except OSError as error:
        raise NotDone(f"it could not be installed: {why(error)}") from error
    for trouble in troubles:
        complain(f"not all is as it should be: {why(trouble)}")
    say(f"Twocan {__version__} opens links to calls, for you alone. It is started by:")
    say("  " + " ".join(words(programs)))
    return NOT_DONE if troubles else DONE


def install_next(say: Say) -> int:
    """Try this program, and have it be current from the next start on; the exit code.

    Nothing else is touched. Raises ``NotDone``.
    """
    programs = Programs.of_this_person()
    mine = programs.mine
    if mine is None and (sys.platform != "win32" or own() is None):
        raise NotDone("--next is for a program that was downloaded, which this is not", USAGE)
    _check_itself()
    try:
        if mine is None:
            _install(programs, older=False)
        else:
            with programs.locked():
                _refuse_older(programs, mine, older=False)
                if programs.current != mine:
                    programs.make_next(mine)
    except OSError as error:
        raise NotDone(f"it could not be made the next one: {why(error)}") from error
    say(f"Twocan {__version__} runs from the next start on.")
    return DONE


def uninstall(say: Say, complain: Say, *, history: bool = False) -> int:
    """Remove every trace of us, but not the history of calls unless told; the exit code.

    A phone that runs is ended before. Raises ``NotDone``.
    """
    from twocan import handover
    from twocan.install.removing import HISTORY, Removal

    removal = Removal(Programs.of_this_person(), history)
    try:
        ended = handover.quit_running(_QUIT_WITHIN)
    except handover.Unusable:
        # Where no phone can be met, none was.
        ended = True
    if not ended:
        raise NotDone("Twocan is running, and did not end: close it, and try again")
    removal.run()
    for each in removal.left:
        complain(f"not removed: {each}")
    for each in removal.notes:
        complain(each)
    say("Twocan is removed.")
    if any(data_folder().glob(f"{HISTORY}*")):
        say(f"The history of your calls is still in {data_folder()}: --history removes that.")
    return NOT_DONE if removal.left else DONE


def _install(programs: Programs, *, older: bool) -> list[OSError]:
    if sys.platform == "win32" and own() is not None:
        return _install_on_windows(older=older)
    mine, made = programs.mine, missing(programs.folder)
    with programs.locked():
        record(programs).remember(made)
        if mine is not None:
            _refuse_older(programs, mine, older=older)
            if programs.current != mine or programs.next is not None:
                programs.make_current(mine)
        return of_this_system(programs).repair(take=True)


def _install_on_windows(*, older: bool) -> list[OSError]:
    from twocan.install.windows_programs import install as install_copy

    troubles = install_copy(older=older)
    if troubles is None:
        raise NotDone(_refusal("a newer version"), USAGE)
    return troubles


def _refuse_older(programs: Programs, mine: str, *, older: bool) -> None:
    current = programs.current
    if current is not None and program.is_older(mine, current) and not older:
        raise NotDone(_refusal(f"version {program.version(current)}"), USAGE)


def _refusal(what: str) -> str:
    return f"{what} is installed, which is newer than {__version__}: --older goes back to this one"


def _check_itself() -> None:
    """Have this very program make a whole call within itself."""
    try:
        done = subprocess.run(
            [Path(sys.executable), "selftest"],
            env=outward(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SELFTEST_WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDone(f"this program does not work here ({type(error).__name__})") from error
    if done.returncode:
        raise NotDone(f"this program does not work here: its selftest gave {done.returncode}")
