"""One run at a time on one folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twocan_supernode.errors import SupernodeError

# An ejabberd whose launcher was killed stops by itself; its database takes a moment to close.
_ORPHAN_STOPS_WITHIN = 15.0
_LOOK_AGAIN = 0.05


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Makes the folder where it is missing and holds it; gives the lock's file descriptor.

    A child that inherits the descriptor holds the folder too, for as long as it lives. Raises
    SupernodeError when another run has the folder.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, folder)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    deadline = time.monotonic() + _ORPHAN_STOPS_WITHIN
    while not _locked(descriptor):
        holder = os.pread(descriptor, 20, 0).decode()
        if _lives(holder) or time.monotonic() > deadline:
            raise SupernodeError(
                f"{folder} is in use by another run (process {holder}): stop that one, "
                "or choose another --state"
            )
        time.sleep(_LOOK_AGAIN)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ProcessLookupError, ValueError):
        return False
    return True
