"""The program as a site hands it out: which file of a folder is for which system.

The folder is what ``make package`` fills, and whatever was built elsewhere and put beside it. Its
``release.json``, if there is one, is the signed document that phones ask for.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RELEASE = "release.json"

# Platforms as a release calls them. `twocan` alone is what a build on Linux is called, a name with
# a machine in it says for which.
_NAMES = (
    (re.compile(r"twocan(-linux-x86_64)?"), "linux-x86_64"),
    (re.compile(r"twocan-linux-(aarch64|arm64)"), "linux-aarch64"),
    (re.compile(r"[\w.-]+\.exe", re.ASCII), "windows-x86_64"),
    (re.compile(r"[\w.-]*x86_64\.dmg", re.ASCII), "macos-x86_64"),
    (re.compile(r"[\w.-]+\.dmg", re.ASCII), "macos-aarch64"),
)

# The first that a browser's User-Agent has in it. Phones name desktops' systems too, so they are
# looked for before.
_SYSTEMS = (
    (re.compile(r"Android|iPhone|iPad|iPod|Mobile|CrOS"), None),
    (re.compile(r"Windows NT"), "windows"),
    (re.compile(r"Macintosh|Mac OS X"), "macos"),
    (re.compile(r"Linux|X11"), "linux"),
)


@dataclass(frozen=True, slots=True)
class Download:
    """One file. ``platform``: as a release calls it; ``size``: in bytes."""

    platform: str
    name: str
    size: int

    @property
    def system(self) -> str:
        """``linux``, ``windows`` or ``macos``."""
        return self.platform.partition("-")[0]


def offered(folder: Path | None) -> tuple[Download, ...]:
    """What the folder has for people, by platform; nothing where there is no folder.

    Only files in it that have the name of a program: no link to elsewhere, nothing below it.
    """
    if folder is None:
        return ()
    found = {download.platform: download for download in _programs(folder)}
    return tuple(found[platform] for platform in sorted(found))


def system_of(user_agent: str) -> str | None:
    """What a browser runs on: ``linux``, ``windows``, ``macos``; None: something else."""
    return next((system for pattern, system in _SYSTEMS if pattern.search(user_agent)), None)


def _programs(folder: Path) -> Iterator[Download]:
    try:
        with os.scandir(folder) as entries:
            files = sorted(entries, key=lambda entry: entry.name, reverse=True)
    except (FileNotFoundError, NotADirectoryError):  # it is made when something is built
        return
    for file in files:
        platform = _platform(file.name)
        if platform and file.is_file(follow_symlinks=False):
            yield Download(platform, file.name, file.stat(follow_symlinks=False).st_size)


def _platform(name: str) -> str | None:
    return next((platform for pattern, platform in _NAMES if pattern.fullmatch(name)), None)
