"""The frozen program, for tests: made of stock libraries, once, and kept as long as nothing changes
that goes into it. And downloads made of it: of other versions, and with more inside.

``TWOCAN_FROZEN`` names a download that is to be tested in its place, as ``dist/twocan``.
"""

import hashlib
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from packed_tree import Entry, tar
from packing import QUICK, assemble, compressed, pack
from stripping import strip
from twocan import __version__

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".cache" / "frozen"
GIVEN = "TWOCAN_FROZEN"
_GOES_IN = ("client", "assets", "build", "installer.spec", "pyproject.toml", "constraints.txt")
_TRAILER = struct.Struct("<QQQII64sQ8s")
"""See ``struct trailer`` in build/stub/payload.c."""


def why_not() -> str:
    """Why nothing can be frozen here; empty if it can."""
    if GIVEN in os.environ or find_spec("PyInstaller"):
        return ""
    return "PyInstaller is not installed"


def download() -> Path:
    """The file, as somebody downloads it. A minute or two, if something changed."""
    if given := os.environ.get(GIVEN):
        return Path(given).absolute()
    # What makes downloads also tries them out, and loads half of the phone for that.
    import package

    file, stamp = FOLDER / "twocan", FOLDER / "made-of"
    with package.alone(FOLDER):
        wanted = made_of()
        if not (file.exists() and stamp.exists() and stamp.read_text() == wanted):
            stamp.unlink(missing_ok=True)
            tree = package.freeze(package.Kit(Path(sys.executable)), FOLDER, None)
            strip(tree / "_internal")
            pack(tree, file, __version__, quick=True)
            stamp.write_text(wanted)
    return file


def made_of() -> str:
    """A digest of all that goes in."""
    digest = hashlib.sha256(sys.version.encode())
    for name in sorted(f"{each.name} {each.version}" for each in distributions()):
        digest.update(name.encode())
    for path in _sources():
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in _GOES_IN:
        found = ROOT / name
        paths = sorted(found.rglob("*")) if found.is_dir() else [found]
        for path in paths:
            is_made = "__pycache__" in path.parts or path.name.startswith("trial")
            if path.is_file() and not is_made:
                yield path


# --- Others of its kind --------------------------------------------------------------------------


def variant(file: Path, to: Path, version: str, more: Mapping[str, bytes] | None = None) -> str:
    """The same download as another version, with files ``more`` inside, by their names: its ID.

    The program in it is the same, and tells versions by the names of folders alone.
    """
    contents = file.read_bytes()
    at, unpacked, _, entries, count, _, _, _ = _TRAILER.unpack(contents[-_TRAILER.size :])
    end = len(contents) - _TRAILER.size - 8 * count
    sizes = struct.unpack_from(f"<{count}Q", contents, end)
    ends = [at + sum(sizes[: number + 1]) for number in range(count)]
    sections = [contents[e - size : e] for e, size in zip(ends, sizes, strict=True)]
    # What is told of them is only how many there are, and how large all of them are.
    found = [Entry("", file, unpacked), *(Entry("", file) for _ in range(1, entries))]
    if more:
        added = list(_added(to.parent, more))
        sections.append(compressed(tar(added), QUICK))
        found += added
    packed, made = assemble(contents[:at], sections, version, found)
    to.write_bytes(made)
    to.chmod(0o755)
    return packed.id


def _added(folder: Path, more: Mapping[str, bytes]) -> Iterator[Entry]:
    for name, content in more.items():
        kept = folder / Path(name).name
        kept.write_bytes(content)
        yield Entry(name, kept, len(content))


def id_of(file: Path) -> str:
    """The name of the folder that it is unpacked into."""
    with file.open("rb") as opened:
        opened.seek(-_TRAILER.size, os.SEEK_END)
        name: bytes = _TRAILER.unpack(opened.read())[5]
    return name.rstrip(b"\0").decode()


if __name__ == "__main__":
    download()
