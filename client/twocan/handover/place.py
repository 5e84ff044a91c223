"""Where the phones of one person meet: a folder that is theirs alone, and a name in it.

The name depends on the folders of history and settings: whoever uses others is another phone.

Without ``pathlib``, which takes longer to load than all of a second start.
"""
# ruff: noqa: PTH102, PTH103, PTH112, PTH117, PTH118, PTH120

import os
import stat
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress

from twocan.places import config_folder, data_folder

PRIVATE = 0o700


class Unusable(Exception):
    """Phones cannot meet: one line, what is wrong and what to do."""


class Place:
    """``folder`` exists, and is the person's alone. ``name``: which phone of theirs."""

    __slots__ = ("folder", "name")

    def __init__(self, folder: str, name: str) -> None:
        self.folder, self.name = folder, name

    def file(self, kind: str) -> str:
        """The path of this phone's file of that kind: ``lock``, ``sock`` or ``key``."""
        return os.path.join(self.folder, f"{self.name}.{kind}")


def find(environment: Mapping[str, str], system: str = sys.platform) -> Place:
    """The place to meet. Raises ``Unusable``.

    A folder of the session that is not as it should be is passed over, in favour of one beside the
    history: all that start in this session do the same.
    """
    complaints = []
    for folder in _folders(environment, system):
        try:
            return Place(private(folder), name(environment, system))
        except Unusable as error:
            complaints.append(str(error))
    raise Unusable("; ".join(complaints))


def name(environment: Mapping[str, str], system: str = sys.platform) -> str:
    """Eight hexadecimal digits, others for other folders of data or settings."""
    used = "\0".join((data_folder(environment, system), config_folder(environment, system)))
    return f"{zlib.crc32(os.fsencode(used)):08x}"


def private(folder: str) -> str:
    """``folder``, which exists from now on, if it is the person's alone. Raises ``Unusable``."""
    try:
        os.makedirs(os.path.dirname(folder), PRIVATE, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(folder, PRIVATE)
        found = os.lstat(folder)
    except OSError as error:
        raise Unusable(f"cannot make the folder {folder}: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise Unusable(f"{folder} is no folder: remove it")
    # Windows keeps what is in a person's own folders from others by itself.
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise Unusable(f"{folder} belongs to somebody else: have it removed")
    if hasattr(os, "geteuid") and stat.S_IMODE(found.st_mode) & 0o077:
        raise Unusable(f"others may enter {folder}: chmod 700 it, or remove it")
    return folder


def _folders(environment: Mapping[str, str], system: str) -> Iterator[str]:
    session = environment.get("XDG_RUNTIME_DIR", "")
    if system not in ("win32", "darwin") and os.path.isabs(session) and os.path.isdir(session):
        yield os.path.join(session, "twocan")
    yield os.path.join(data_folder(environment, system), "run")
