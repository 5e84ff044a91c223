"""Keeps others from removing the program that runs, and sees whether an update waits for it.

Read at every start: it imports next to nothing.
"""

import contextlib
import os
import sys


def hold() -> None:
    """Hold this frozen program's folder, shared, until the process ends; elsewhere do nothing.

    Whoever removes programs needs the folder's lock for itself alone, see ``programs.sweep``. The
    descriptor is never closed on purpose: the kernel lets go of the lock with the process.
    """
    if not getattr(sys, "frozen", False) or sys.platform in {"win32", "darwin"}:
        return
    import fcntl

    with contextlib.suppress(OSError):
        # pathlib would take longer than all the rest of this.
        folder = os.path.dirname(sys.executable)  # noqa: PTH120
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


def update_waits() -> bool:
    """Whether ``starting.settle`` has an update to take, although this program is the current one.

    For whoever is about to be the phone: a start that only hands over its links takes none.
    """
    if not getattr(sys, "frozen", False):
        return False
    programs = os.path.dirname(os.path.dirname(sys.executable))  # noqa: PTH120
    return os.path.lexists(os.path.join(programs, "next"))  # noqa: PTH118
