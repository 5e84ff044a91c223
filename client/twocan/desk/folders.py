"""Where a person's files of ours are, on each system."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_MODE = 0o700


def data_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Where the history is. It need not exist; see ``made``."""
    match system:
        case "win32":
            return _windows(environment, "LOCALAPPDATA", "Local")
        case "darwin":
            return _macos(environment)
        case _:
            return _xdg(environment, "XDG_DATA_HOME", ".local/share")


def config_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Where the settings are. It need not exist; see ``made``."""
    match system:
        case "win32":
            return _windows(environment, "APPDATA", "Roaming")
        case "darwin":
            return _macos(environment)
        case _:
            return _xdg(environment, "XDG_CONFIG_HOME", ".config")


def made(folder: Path) -> Path:
    """``folder``, which exists from now on and is the person's alone. Raises ``OSError``.

    One that was there keeps its mode: "If the destination directory exists already the
    permissions should not be changed" (XDG Base Directory Specification).
    """
    if not folder.is_dir():
        made(folder.parent)
        folder.mkdir(mode=_MODE, exist_ok=True)
    return folder


def set_aside(path: Path) -> Path:
    """Give a file that cannot be used another name, which nothing has; that name.

    Raises ``OSError``.
    """
    aside = path.with_name(path.name + ".broken")
    number = 1
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.name}.broken-{number}")
    return path.rename(aside)


def _xdg(environment: Mapping[str, str], variable: str, default: str) -> Path:
    # "All paths set in these environment variables must be absolute. If an implementation
    # encounters a relative path [...] it should consider the path invalid and ignore it."
    named = environment.get(variable, "")
    base = Path(named) if os.path.isabs(named) else _home(environment) / default  # noqa: PTH117
    return base / "twocan"


def _windows(environment: Mapping[str, str], variable: str, default: str) -> Path:
    named = environment.get(variable)
    base = Path(named) if named else Path.home() / "AppData" / default
    return base / "Twocan"


def _macos(environment: Mapping[str, str]) -> Path:
    return _home(environment) / "Library" / "Application Support" / "Twocan"


def _home(environment: Mapping[str, str]) -> Path:
    named = environment.get("HOME")
    return Path(named) if named else Path.home()
