"""The lock that decides which of several starts is the phone. It is let go with the process."""
# ruff: noqa: PTH108, PTH116

import os
import sys


class Lock:
    """A file, locked from ``take`` to ``release``. It is not there while nobody has it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours from now on. Raises ``OSError``."""
        while self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
            if not _locked(file):
                os.close(file)
                return False
            if _is_at(self._path, file):
                self._file = file
            else:
                # Whoever had it removed it meanwhile: this one is nobody's any more.
                os.close(file)
        return True

    def release(self) -> None:
        """Let others have it."""
        if self._file is None:
            return
        # Windows removes no file that is open: it stays, and says nothing.
        if sys.platform != "win32" and _is_at(self._path, self._file):
            os.unlink(self._path)
        os.close(self._file)
        self._file = None


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def _is_at(path: str, file: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(file))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
