"""The programs that were downloaded, side by side in one folder, and which of them is current.

The folder holds, for each, ``<version>-<16 hex>/`` (its ID: the hex begins the SHA-256 of what was
unpacked), the links ``current`` and ``next``, and ``.lock``. Whatever is seen in it is whole: what
is half made is called ``.new-…``, what is half removed ``.old-…``, and whoever holds the lock may
remove either.

``current`` is what the menu and the scheme start. ``next`` is an update that waits: the next start
makes it current.
"""

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from twocan import versions
from twocan.desk.folders import data_folder, made

CURRENT, NEXT = "current", "next"
EXECUTABLE = "twocan"
PATIENCE = 5.0
"""Seconds to wait for whoever holds the lock; unpacking takes two."""
SETTLED = 60.0
"""Seconds after which nobody is any more on the way to a program that ``current`` led to before."""

_ID = re.compile(r"([0-9.]{1,40})-[0-9a-f]{16}")
_HALF = (".new-", ".old-")
_STEP = 0.02


def own() -> Path | None:
    """The folder of the frozen program that runs; None: it is not frozen."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def version(program: str) -> str:
    """The version in an ID. Raises ``ValueError`` if it is none."""
    found = _ID.fullmatch(program)
    if found is None:
        raise ValueError(f"{program[:80]!r} is no program of ours")
    versions.numbers(found[1])
    return found[1]


def is_older(program: str, than: str) -> bool:
    """Whether the first of two IDs is of an older version."""
    return versions.is_newer(version(than), version(program))


@dataclass(frozen=True, slots=True)
class Programs:
    """``folder``: where they are. It need not exist until something is written."""

    folder: Path

    @classmethod
    def of_this_person(cls) -> "Programs":
        return cls(data_folder() / "program")

    @property
    def stable(self) -> Path:
        """The path that starts the current one, whichever that is."""
        return self.folder / CURRENT / EXECUTABLE

    @property
    def mine(self) -> str | None:
        """The ID of the program that runs, if it is one of these."""
        folder = own()
        if folder is None or not _is_program(folder.name):
            return None
        with contextlib.suppress(OSError):
            if folder.parent.samefile(self.folder):
                return folder.name
        return None

    @property
    def current(self) -> str | None:
        """The ID of the current one, if there is one that is whole."""
        return self._led_to(CURRENT)

    @property
    def next(self) -> str | None:
        """The ID of the update that waits, if there is one."""
        return self._led_to(NEXT)

    def all(self) -> list[str]:
        """The IDs of all that are here."""
        with contextlib.suppress(OSError):
            return sorted(each.name for each in self.folder.iterdir() if _is_program(each.name))
        return []

    def has_remains(self) -> bool:
        """Whether there may be something for ``sweep``."""
        return len(self.all()) > 1 or any(
            each.name.startswith(_HALF) for each in self.folder.iterdir()
        )

    @contextlib.contextmanager
    def locked(self, within: float = PATIENCE) -> Iterator[None]:
        """Be the only one who changes anything here. Raises OSError, ``TimeoutError`` among them.

        ``within``: seconds to wait for another.
        """
        descriptor = self._hold_lock(time.monotonic() + within)
        try:
            yield
        finally:
            os.close(descriptor)

    def _hold_lock(self, deadline: float) -> int:
        path = self.folder / ".lock"
        while True:
            made(self.folder)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(descriptor, deadline)
                # Whoever uninstalled meanwhile took it away, and others may hold a new one.
                if _is_named(descriptor, path):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)

    # All below want the lock to be held, and raise OSError.

    def make_current(self, program: str) -> None:
        """Have ``current`` lead there. An update that waits and is not newer is forgotten."""
        self._lead(CURRENT, program)
        waiting = self.next
        if waiting is None or not is_older(program, waiting):
            self.forget_next()

    def make_next(self, program: str) -> None:
        """Have the next start make it current."""
        self._lead(NEXT, program)

    def forget_next(self) -> None:
        """No update waits."""
        (self.folder / NEXT).unlink(missing_ok=True)

    def take_next(self) -> None:
        """Make the update current that waits, if it is newer than what is."""
        waiting, current = self.next, self.current
        if waiting is not None and (current is None or is_older(current, waiting)):
            # Not renamed: when a link was made says when the switch was.
            self._lead(CURRENT, waiting)
        self.forget_next()

    def sweep(self, now: float) -> None:
        """Remove what nobody finished, and every program that nothing leads to and nobody runs.

        ``now``: seconds since 1970. Just after a switch nothing is removed: somebody may have
        followed ``current`` to where it led before, and not yet have come so far as to hold that.
        """
        for each in self.folder.iterdir():
            if each.name.startswith(_HALF):
                _remove(each)
        if not 0 <= now - self._switched() < SETTLED:
            for program in set(self.all()) - {self.current, self.next, self.mine}:
                self._remove_unused(self.folder / program)

    def remove_all(self) -> None:
        """Remove every program and the links to them; what else is in the folder stays."""
        for link in (CURRENT, NEXT):
            (self.folder / link).unlink(missing_ok=True)
        for each in self.folder.iterdir():
            if each.name.startswith(_HALF) or _is_program(each.name):
                _remove(self._set_aside(each) if _is_program(each.name) else each)

    def _led_to(self, link: str) -> str | None:
        try:
            program = os.readlink(self.folder / link)  # noqa: PTH115 (a Path would lose "./")
        except OSError:
            return None
        whole = _is_program(program) and (self.folder / program / EXECUTABLE).is_file()
        return program if whole else None

    def _lead(self, link: str, program: str) -> None:
        beside = self.folder / f".new-{os.getpid()}"
        _remove(beside)
        beside.symlink_to(program)
        beside.replace(self.folder / link)

    def _switched(self) -> float:
        """When ``current`` was made to lead where it does, in seconds since 1970."""
        try:
            return (self.folder / CURRENT).lstat().st_mtime
        except OSError:
            return 0.0

    def _remove_unused(self, program: Path) -> None:
        import fcntl

        with contextlib.suppress(OSError):
            descriptor = os.open(program, os.O_RDONLY | os.O_DIRECTORY)
            try:
                # Whoever runs it holds it; see holding.hold.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(self._set_aside(program))
            finally:
                os.close(descriptor)

    def _set_aside(self, program: Path) -> Path:
        aside = self.folder / f".old-{os.getpid()}"
        _remove(aside)
        return program.rename(aside)


def start(
    program: Path, arguments: list[str], more: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Become this program. Raises OSError if that cannot be.

    ``more``: of an environment that is else like ours.
    """
    environment = outward(os.environ) | dict(more)
    os.execve(program, [str(program), *arguments], environment)  # noqa: S606 (no shell is wanted)


def outward(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for another program: without what PyInstaller set for this one alone.

    It leads the loader to our own libraries, and keeps what was there before in a variable of the
    same name with ``_ORIG`` (PyInstaller manual, "LD_LIBRARY_PATH / LIBPATH considerations").
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("_PYI_")}
    before = kept.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        kept["LD_LIBRARY_PATH"] = before
    return kept


def _is_program(name: str) -> bool:
    try:
        version(name)
    except ValueError:
        return False
    return True


def _lock(descriptor: int, deadline: float) -> None:
    import fcntl

    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                why = "another Twocan is being unpacked or removed: try again in a moment"
                raise TimeoutError(why) from None
            time.sleep(_STEP)


def _is_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    """A file, a link or a whole folder; what cannot be removed is left for the next sweep."""
    if path.is_dir() and not path.is_symlink():
        # Not needed by a start that changes nothing.
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()
