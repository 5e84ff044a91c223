"""Files that are the old or the new one, whatever happens meanwhile; and folders that can be taken
away again."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_AGAIN = 3
"""Times that a file is read anew, since another program wrote it meanwhile."""
_MODE = 0o700


def read(path: Path) -> bytes | None:
    """What is in the file; None: there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def put(path: Path, content: bytes | None, *, mode: int = 0o644) -> None:
    """Write the file whole or not at all; None: away with it. Raises OSError.

    Through a link, to the file that it stands for. A file that was there keeps its mode. Half a
    file always has one name, so that one which a crash left behind is replaced by the next.
    """
    if content is None:
        path.unlink(missing_ok=True)
        beside(path).unlink(missing_ok=True)
        return
    target = Path(os.path.realpath(path))
    half = beside(target)
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
    try:
        with half.open("wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def beside(path: Path) -> Path:
    """Where a file is written before it takes its name."""
    return path.with_name(f".{path.name}.twocan")


class Folders:
    """Folders that were made here, and are removed once they are empty.

    ``record``: the file that lists them, one path a line. Without the folder that it is in nothing
    is installed, nor listed.
    """

    def __init__(self, record: Path) -> None:
        self._record = record

    def make(self, folder: Path) -> Path:
        """``folder``, which exists from now on. Raises OSError."""
        for each in missing(folder):
            # Before it is made: one that is listed and not there does no harm.
            self._list(each)
            try:
                each.mkdir(mode=_MODE)
            except FileExistsError:
                if not each.is_dir():
                    words = "there is a file where a folder has to be"
                    raise NotADirectoryError(errno.ENOTDIR, words, str(each)) from None
        return folder

    def expect(self, folders: Iterable[Path]) -> None:
        """List those of these that do not exist: others of us will make them."""
        known = set(self.made())
        wanted = dict.fromkeys(each for folder in folders for each in missing(folder))
        self.remember(each for each in wanted if each not in known)

    def remember(self, folders: Iterable[Path]) -> None:
        """List these, which were made just now."""
        for folder in folders:
            self._list(folder)

    def made(self) -> list[Path]:
        """Those that are listed, what is inside another one first."""
        lines = (read(self._record) or b"").split(b"\n")
        listed = {Path(os.fsdecode(line)) for line in lines if line.startswith(b"/")}
        return sorted(listed, key=lambda each: len(each.parts), reverse=True)

    def _list(self, folder: Path) -> None:
        line = os.fsencode(folder)
        if b"\n" not in line and self._record.parent.is_dir():
            with self._record.open("ab") as file:
                file.write(line + b"\n")


def missing(folder: Path) -> list[Path]:
    """What has to be made to have this folder, itself last."""
    return [each for each in reversed((folder, *folder.parents)) if not each.is_dir()]


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of these folders that are empty, in this order."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def why(error: OSError) -> str:
    """What did not work, in one line."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said
