"""How long a downloaded program takes until its window is painted: at first, and ever after."""

import ctypes
import mmap
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from processes import Failed
from rows import Suite
from window_programs import Desktop, Program
from window_screen import Place

FIRST_RUNS, RUNS = 5, 9
PEER = "dino-im"
"""Another phone with a window, measured in the same run where it is installed."""
PHONE = 300
"""Points down that a phone's window has at least; what shows how far a first start is has fewer."""

_PAINTED_WITHIN, _INSTALLED_WITHIN = 30.0, 120.0
_EVERY = 0.002
_SETTLES = 0.5
"""Seconds after the first painting until a program is asked to end: it still registers itself."""


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody's own folders, and the environment of their session."""

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def new(cls, around: Desktop, name: str, **more: str) -> Self:
        """One in which nobody has used anything yet."""
        folder = around.folder / name
        folder.mkdir(mode=0o700)
        own = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        inherited = {
            name: value
            for name, value in around.environment.items()
            if name not in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        }
        return cls(folder, inherited | own | more)

    @property
    def current(self) -> Path:
        """What the menu and the links start, once it is installed."""
        return self.folder / ".local/share/twocan/program/current/twocan"


def install(file: Path, home: Home) -> None:
    """Have the download unpack itself there, and be known. Raises Failed."""
    try:
        done = subprocess.run(
            [file, "install", "--quiet"],
            env=dict(home.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALLED_WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{file} cannot be installed: {error}") from error
    if done.returncode or not home.current.is_file():
        raise Failed(f"{file} install gave {done.returncode}: {done.stderr.strip()}")


def first_run(suite: Suite, around: Desktop, file: Path) -> None:
    """From the double-click on a new download until it shows how far it is, and is a phone."""
    found = [_first_run(around, file, number) for number in range(FIRST_RUNS)]
    progress = [each for each, _ in found if each is not None]
    if progress:
        suite.add("first-run", "twocan", "progress_ms", progress, "ms", 300)
    suite.add("first-run", "twocan", "first_paint_ms", [paint for _, paint in found], "ms", 2000)


def _first_run(around: Desktop, file: Path, number: int) -> tuple[float | None, float]:
    """Milliseconds until either is painted. None: it was a phone before it had to show anything."""
    home = Home.new(around, f"first-{number}")
    try:
        with Program([str(file)], home.environment) as program:
            soon = _until(around, program, lambda _: True)
            progress = None if _is_phone(soon[1]) else _since(program, soon[0])
            painted, _ = soon if progress is None else _until(around, program, _is_phone)
            time.sleep(_SETTLES)
        around.screen.until_bare(_PAINTED_WITHIN)
        return progress, _since(program, painted)
    finally:
        shutil.rmtree(home.folder)


def start(suite: Suite, around: Desktop, home: Home) -> None:
    """From the start of the installed program to its first painted pixels, warm and cold."""
    _add_peer(suite, around)
    command = [str(home.current)]
    # The first run warms the system's cache, and makes the program's folders.
    _painted_ms(around, command, home.environment)
    warm = [_painted_ms(around, command, home.environment) for _ in range(RUNS)]
    suite.add("start", "twocan", "first_paint_warm_ms", warm, "ms", 200)
    cold = [_cold_ms(around, home) for _ in range(RUNS)]
    suite.add("start", "twocan", "first_paint_cold_ms", cold, "ms", 350)


def _add_peer(suite: Suite, around: Desktop) -> None:
    if shutil.which(PEER) is None:
        print(f"{PEER} is not installed: it is left out", file=sys.stderr)
        return
    try:
        _painted_ms(around, [PEER], around.environment)
        times = [_painted_ms(around, [PEER], around.environment) for _ in range(RUNS)]
    except Failed as error:
        print(f"{PEER}: {error}", file=sys.stderr)
        return
    suite.add("start", PEER, "first_paint_warm_ms", times, "ms")


def _painted_ms(around: Desktop, command: Sequence[str], environment: Mapping[str, str]) -> float:
    with Program(command, environment) as program:
        painted, _ = _until(around, program, lambda _: True)
        time.sleep(_SETTLES)
    around.screen.until_bare(_PAINTED_WITHIN)
    return _since(program, painted)


def _until(
    around: Desktop, program: Program, wanted: Callable[[Place], bool]
) -> tuple[float, Place]:
    """When such a window had been painted (``time.monotonic``), and where. Raises Failed."""
    last = time.monotonic() + _PAINTED_WITHIN
    while time.monotonic() < last:
        for place in around.screen.windows():
            if wanted(place) and around.screen.is_painted(place):
                return time.monotonic(), place
        if not program.running:
            raise Failed("it ended before it painted a window")
        time.sleep(_EVERY)
    raise Failed(f"it painted no window within {_PAINTED_WITHIN:.0f} s")


def _is_phone(place: Place) -> bool:
    return place.height >= PHONE


def _since(program: Program, moment: float) -> float:
    return (moment - program.began) * 1000


# --- Cold ----------------------------------------------------------------------------------------


def _cold_ms(around: Desktop, home: Home) -> float:
    """All of the program has to come from the disk. Of the system's own files what was in its cache
    is still there: they are everybody's."""
    tree = home.current.parent.resolve()
    forget(tree)
    if (share := remembered(tree)) > 0.01:
        raise Failed(f"{share:.0%} of {tree} stay in memory: TMPDIR=... names a folder on a disk")
    return _painted_ms(around, [str(home.current)], home.environment)


def forget(tree: Path) -> None:
    """Have the page cache hold nothing of the files in it (posix_fadvise)."""
    for descriptor in _opened(tree):
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def remembered(tree: Path) -> float:
    """The share of the files in it that is in the page cache. Looking reads nothing."""
    held, pages = 0, 0
    for descriptor in _opened(tree):
        told = _pages(descriptor)
        held, pages = held + sum(each & 1 for each in told), pages + len(told)
    return held / max(1, pages)


def _pages(descriptor: int) -> bytes:
    """What mincore(2) says of each page of a file: its lowest bit is set if it is in memory."""
    size = os.fstat(descriptor).st_size
    told = ctypes.create_string_buffer(-(-size // mmap.PAGESIZE))
    # Private, and never written to: Python gives the address of what can be written only.
    with mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY) as mapped:
        at = ctypes.c_char.from_buffer(mapped)
        libc = ctypes.CDLL(None, use_errno=True)
        refused = libc.mincore(ctypes.c_void_p(ctypes.addressof(at)), ctypes.c_size_t(size), told)
        del at
    if refused:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return told.raw


def _opened(tree: Path) -> Iterator[int]:
    """Each file that has something in it, one after the other."""
    for path in tree.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                yield descriptor
            finally:
                os.close(descriptor)
