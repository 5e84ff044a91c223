"""The frozen program as it goes into the download: its files, in order, as tars.

What is packed depends on names and contents alone: not on times, owners, or who built it where.
"""

import io
import os
import stat
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PROGRAM = "twocan"
"""The executable at the top of the tree, which the download becomes."""

_ELF = b"\x7fELF"
_FILE, _EXECUTABLE, _FOLDER, _LINK = 0o644, 0o755, 0o755, 0o777


class PackingError(Exception):
    """This tree cannot be packed; says which file, and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, an empty folder or a link. ``name`` is relative to the tree, with slashes."""

    name: str
    path: Path
    size: int = 0
    """In bytes; of a file."""
    mode: int = _FILE
    target: str | None = None
    """Of a link: relative, inside the tree."""
    is_folder: bool = False
    is_code: bool = False
    """Of a file: machine code, as ELF has it."""


def entries(tree: Path) -> list[Entry]:
    """Everything in the tree, by name. Folders that hold something go without saying.

    Raises:
        PackingError: there is no program in it, or something that is not to be packed.
    """
    found = sorted(_walk(tree), key=lambda entry: entry.name)
    if not any(entry.name == PROGRAM and entry.mode == _EXECUTABLE for entry in found):
        raise PackingError(f"{tree} has no executable {PROGRAM!r} at its top")
    return found


def folders(found: Iterable[Entry]) -> set[PurePosixPath]:
    """Every folder that these are in."""
    return {folder for entry in found for folder in PurePosixPath(entry.name).parents[:-1]}


def tar(found: Sequence[Entry]) -> bytes:
    """These entries as POSIX.1-1988 ustar, which the stub reads.

    Raises:
        PackingError: a name is too long for it, or a file changed meanwhile.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for entry in found:
            contents = entry.path.read_bytes() if entry.size else b""
            if len(contents) != entry.size:
                raise PackingError(f"{entry.name} changed while it was packed: try again")
            try:
                archive.addfile(_header(entry), io.BytesIO(contents))
            except ValueError as fault:
                raise PackingError(f"{entry.name} has too long a name: {fault}") from fault
    return packed.getvalue()


def _header(entry: Entry) -> tarfile.TarInfo:
    header = tarfile.TarInfo(entry.name)
    header.size, header.mode = entry.size, entry.mode
    if entry.target is not None:
        header.type, header.linkname = tarfile.SYMTYPE, entry.target
    elif entry.is_folder:
        header.type = tarfile.DIRTYPE
    return header


def _walk(tree: Path) -> Iterator[Entry]:
    for folder, subfolders, files in os.walk(tree, onerror=_refuse):
        for name in files + [name for name in subfolders if Path(folder, name).is_symlink()]:
            yield _entry(tree, Path(folder, name))
        if not subfolders and not files and Path(folder) != tree:
            yield Entry(_name(tree, Path(folder)), Path(folder), mode=_FOLDER, is_folder=True)


def _refuse(fault: OSError) -> None:
    raise PackingError(f"{fault.filename} cannot be read: {fault.strerror}")


def _name(tree: Path, path: Path) -> str:
    name = path.relative_to(tree).as_posix()
    if not name.isprintable():
        raise PackingError(f"{name!r} is no name for a file of ours")
    return name


def _entry(tree: Path, path: Path) -> Entry:
    name, status = _name(tree, path), path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return Entry(name, path, mode=_LINK, target=_target(name, path))
    if not stat.S_ISREG(status.st_mode):
        raise PackingError(f"{name} is neither file, folder nor link")
    with path.open("rb") as file:
        is_code = file.read(len(_ELF)) == _ELF
    mode = _EXECUTABLE if status.st_mode & stat.S_IXUSR else _FILE
    return Entry(name, path, status.st_size, mode, is_code=is_code)


def _target(name: str, link: Path) -> str:
    """Where the link leads, which must be inside the tree as the stub sees it: "../" at most at
    the beginning, and no more often than there are folders above."""
    target = os.readlink(link)  # noqa: PTH115 (as it is: a Path would tidy it up)
    parts = PurePosixPath(target).parts
    ups = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
    inside = ups < len(PurePosixPath(name).parts) and ups < len(parts)
    if target != "/".join(parts) or not inside or ".." in parts[ups:] or parts[0] == "/":
        raise PackingError(f"the link {name} leads to {target!r}, outside of the program")
    return target
