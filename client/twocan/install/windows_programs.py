"""The programs of a person on Windows: one folder a version, and the registry names one of them.

A download is one file, which unpacks itself at each start, or a folder; either is copied to where
programs of one person belong. What runs can be neither renamed nor removed there, so nothing needs
to be held.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from twocan import __version__, versions
from twocan.install.programs import own
from twocan.install.windows import EXECUTABLE, Registry


def programs_folder(environment: Mapping[str, str]) -> Path:
    """Where they are ("FOLDERID_UserProgramFiles")."""
    named = environment.get("LOCALAPPDATA")
    base = Path(named) if named else Path.home() / "AppData" / "Local"
    return base / "Programs" / "Twocan"


def source(executable: Path, bundle: Path) -> Path:
    """What makes up the program that runs: its folder; or the one file, if what it reads (the
    ``bundle``) is unpacked elsewhere."""
    return executable.parent if bundle.is_relative_to(executable.parent) else executable


def copied(source: Path, folder: Path, version: str = __version__) -> Path:
    """The executable in ``folder`` of a program like ``source``, there whole or not at all.

    Raises OSError.
    """
    program = folder / version
    if not program.is_dir():
        half = folder / f".new-{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        try:
            _copy(source, half)
            half.rename(program)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            # Two at once: the other one was first.
            if not program.is_dir():
                raise
    return program / EXECUTABLE


def is_newest(folder: Path, version: str = __version__) -> bool:
    """Whether no program in ``folder`` is newer."""
    return not any(versions.is_newer(each.name, version) for each in _programs(folder))


def sweep(folder: Path, version: str = __version__) -> None:
    """Remove every other version, and what is half made, but for what runs."""
    for each in _programs(folder):
        if each.name != version:
            aside = folder / f".old-{os.getpid()}"
            # Windows renames no folder out of which something runs.
            with contextlib.suppress(OSError):
                each.rename(aside)
                shutil.rmtree(aside, ignore_errors=True)
    for each in [*folder.glob(".old-*"), *folder.glob(".new-*")]:
        shutil.rmtree(each, ignore_errors=True)


def install(*, older: bool = False) -> list[OSError] | None:
    """Have the program that runs be the installed one, and known; what of it did not work.

    None: a newer one is installed, and stays. Raises OSError.
    """
    folder = programs_folder(os.environ)
    if own() is None or not (older or is_newest(folder)):
        return None
    bundle = Path(getattr(sys, "_MEIPASS", sys.executable))
    registry = Registry.of_this_person(copied(source(Path(sys.executable), bundle), folder))
    troubles = [] if registry.is_right() else registry.repair()
    sweep(folder)
    return troubles


def _programs(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [each for each in folder.iterdir() if _is_version(each.name)]
    return []


def _is_version(name: str) -> bool:
    try:
        versions.numbers(name)
    except ValueError:
        return False
    return True


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to)
    else:
        to.mkdir(parents=True)
        shutil.copy2(source, to / EXECUTABLE)
