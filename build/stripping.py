"""Libraries as they are given away: without what only debuggers read, and without the folders of
the machine that they were made on."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_ELF = b"\x7fELF"
_BESIDE = b"$ORIGIN"


def strip(folder: Path) -> None:
    """Strip each ELF library in ``folder`` and below. Raises subprocess.CalledProcessError."""
    for file in libraries(folder):
        # What a wheel's tools have moved and renamed does not load any more once it is stripped.
        if not file.parent.name.endswith(".libs"):
            _told("strip", "--strip-unneeded", str(file))
        paths = foreign_paths(_told("objdump", "-p", str(file)))
        if paths:
            file.write_bytes(without(file.read_bytes(), paths))


def libraries(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                if opened.read(len(_ELF)) == _ELF:
                    yield file


def foreign_paths(told: str) -> list[str]:
    """Where a library would look for others that is no folder of the program's: of what
    ``objdump -p`` tells of it."""
    paths = re.findall(r"^  R(?:UN)?PATH +(\S+)$", told, re.MULTILINE)
    return [path for path in paths if any(each.startswith("/") for each in path.split(":"))]


def without(contents: bytes, paths: list[str]) -> bytes:
    """The library with its own folder in the place of each of ``paths``.

    Raises ValueError: there is no room for that.
    """
    for path in paths:
        old = path.encode() + b"\0"
        if len(old) <= len(_BESIDE):
            raise ValueError(f"a library looks for others in {path}, which cannot be taken out")
        contents = contents.replace(b"\0" + old, b"\0" + _BESIDE.ljust(len(old), b"\0"))
    return contents


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
