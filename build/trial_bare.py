"""Bare Debian 12 systems in folders, for a file to be tried out in: this machine is not there.

Debian's servers are those of apt's own configuration. Each tree is made once (debootstrap), kept in
.cache, and never written to again. What is mounted is mounted in a namespace of its own.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from native_sources import debian_servers
from programs import Program, ProgramError
from trial_rooms import Room, Tried

ROOT = Path(__file__).parent.parent
TREES = ROOT / ".cache" / "bare"
ENTER = ROOT / "build" / "enter"
SUITE = "bookworm"
USER = 1000
"""Who lives there: nobody that a bare system knows."""

DESKTOP = (
    *("fonts-dejavu-core", "libasound2", "libdbus-1-3", "libdrm2", "libegl1", "libexpat1"),
    *("libfontconfig1", "libfreetype6", "libgbm1", "libgl1", "libglib2.0-0", "libwayland-client0"),
    *("libwayland-cursor0", "libwayland-egl1", "libx11-6", "libxcb1"),
)
"""What is on every desktop, and what linking.HOST leaves to it."""

_MADE_WITHIN = 1200.0


class CannotEnter(Exception):
    """No such system can be had here: one line, why."""


@dataclass(frozen=True, slots=True)
class Tree:
    """``packages``: what is there besides the least that Debian is."""

    name: str
    packages: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        said = "\n".join([SUITE, *self.packages])
        return TREES / f"{self.name}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    async def made(self) -> Path:
        """The folder, which is whole. Raises CannotEnter."""
        if self.folder.is_dir():
            return self.folder
        with _alone(TREES):
            if not self.folder.is_dir():
                partial = TREES / f".new-{self.name}"
                shutil.rmtree(partial, ignore_errors=True)
                await _make(partial, self.packages)
                partial.rename(self.folder)
        return self.folder

    def room(self, folder: Path, file: Path) -> Room:
        """A room in it. ``folder`` and ``file`` are outside, see ``build/enter``."""
        user = USER if os.geteuid() == 0 else None
        enter: tuple[str | Path, ...] = (ENTER, self.folder, folder, file, str(user or ""))
        return Room(self.name, folder, Path("/download"), (*_unshare(), *enter), user)


BARE = Tree("bare")
"""The least that Debian is."""
DESK = Tree("desktop", DESKTOP)
"""With what every desktop has, and not a library more."""


async def check() -> None:
    """Whether mounts of one's own can be had here. Raises CannotEnter."""
    try:
        async with Tried.running(*_unshare(), "true", log=Path(os.devnull)) as tried:
            await tried.said(10.0)
    except (ProgramError, OSError) as error:
        words = "it takes root, or a kernel that lets others have mounts of their own"
        raise CannotEnter(words) from error


async def _make(folder: Path, packages: Sequence[str]) -> None:
    if os.geteuid() != 0:
        raise CannotEnter(f"{TREES} is empty, and only root can make a system there")
    bootstrap = shutil.which("debootstrap")
    if bootstrap is None:
        raise CannotEnter("install debootstrap")
    more = [f"--include={','.join(packages)}"] if packages else []
    log = TREES / "debootstrap.log"
    how: tuple[str | Path, ...] = ("--variant=minbase", *more, SUITE, folder, _server())
    async with _Making.running(*_unshare(), bootstrap, *how, log=log) as making:
        try:
            await making.finish()
        except ProgramError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise CannotEnter(f"debootstrap did not work, see {log}: {error}") from error


class _Making(Program):
    """debootstrap, which says what it does on standard output."""

    async def finish(self) -> None:
        assert self._process.stdout
        async with asyncio.timeout(_MADE_WITHIN):
            lines = (await self._process.stdout.read()).decode(errors="replace").splitlines()
            if await self._process.wait() != 0:
                raise ProgramError(lines[-1] if lines else "it said nothing")


def _server() -> str:
    """Where this machine has Debian from."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise CannotEnter("Debian comes through apt, which is not here")
    servers = debian_servers(apt, f"Codename: {SUITE}")
    if not servers:
        raise CannotEnter(f"apt knows no server of Debian's {SUITE}")
    return servers[0]


def _unshare() -> tuple[str, ...]:
    """Words that lead into mounts of one's own."""
    own = () if os.geteuid() == 0 else ("--map-root-user",)
    return ("unshare", *own, "--mount", "--propagation", "private")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two at once in one folder would make neither; the second waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
