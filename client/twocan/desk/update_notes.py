"""What is written down about new versions, from one start to the next, in a folder of its own:
when to ask next, what came of it last, and a release that is being downloaded.

Nothing that is wrong with these files stops anything: what is not understood is not heeded.
"""

import contextlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twocan.desk.folders import made
from twocan.desk.state import Finding
from twocan.desk.whole_file import replace
from twocan.versions import numbers

log = logging.getLogger(__name__)

LONGEST = 256 * 1024
"""Bytes that are read of a file."""
FARTHEST = 1e12
"""Seconds from 1970: what is farther away is no time."""


@dataclass(frozen=True, slots=True)
class Notes:
    """``due``: when to ask next, ``asked``: when that was last; both in seconds since 1970.
    ``came``: what came of it. ``version``: the newest that was heard of."""

    due: float | None = None
    asked: float | None = None
    came: Finding | None = None
    version: str | None = None

    @property
    def was_prepared(self) -> bool:
        return self.came is Finding.READY


class Notebook:
    """The folder, which nobody else may look into. All of it waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes, self._release = folder / "asked.json", folder / "release.json"

    def read(self) -> Notes:
        """What was written last, as far as it can be understood."""
        try:
            said = json.loads(_read(self._notes))
        except (ValueError, RecursionError):
            return Notes()
        if not isinstance(said, dict):
            return Notes()
        return Notes(
            _time(said.get("due")),
            _time(said.get("asked")),
            _finding(said.get("came")),
            _version(said.get("version")),
        )

    def write(self, notes: Notes) -> None:
        """If it cannot be written, it is for this run."""
        self._keep(self._notes, json.dumps(asdict(notes)).encode())

    def release(self) -> bytes:
        """The signed document of the release that is being downloaded; empty: there is none."""
        return _read(self._release)

    def keep_release(self, document: bytes) -> None:
        """Go on with this one, also after the next start."""
        self._keep(self._release, document)

    def clear(self, *, but: Path | None = None) -> None:
        """Take away whatever was downloaded, ``but`` this; without it the release as well."""
        kept = {self._notes, but} if but is None else {self._notes, self._release, but}
        for path in self._paths():
            if path not in kept:
                with contextlib.suppress(OSError):
                    path.unlink()

    def make(self) -> None:
        """Have the folder. Raises ``OSError``."""
        made(self.folder).chmod(0o700)

    def _paths(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return list(self.folder.iterdir())
        return []

    def _keep(self, path: Path, content: bytes) -> None:
        try:
            self.make()
            replace(path, content)
        except OSError as error:
            log.info("%s cannot be written: %s", path.name, error.strerror)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST)
    except OSError:
        return b""


def _time(said: Any) -> float | None:
    is_number = isinstance(said, int | float) and not isinstance(said, bool)
    # Whole numbers of JSON have no end, and Python reads NaN and Infinity there.
    return float(said) if is_number and abs(said) < FARTHEST else None


def _finding(said: Any) -> Finding | None:
    return Finding(said) if isinstance(said, str) and said in set(Finding) else None


def _version(said: Any) -> str | None:
    with contextlib.suppress(ValueError):
        if isinstance(said, str):
            numbers(said)
            return said
    return None
