"""Where a person's files of ours are, how their folders are made, and how a file makes way."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from twocan import places

_MODE = 0o700


def data_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Where the history is. It need not exist; see ``made``."""
    return Path(places.data_folder(environment, system))


def config_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Where the settings are. It need not exist; see ``made``."""
    return Path(places.config_folder(environment, system))


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
