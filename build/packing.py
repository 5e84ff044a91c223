"""The download: [stub][payload][trailer], one executable file that unpacks itself once.

The payload is a few sections, each an .xz stream of a tar, so that the stub unpacks them on all
processors at once; then their sizes, eight bytes each. Machine code has sections of its own,
because a filter for it (x86 BCJ) saves a tenth. The trailer is described in build/stub/payload.c.
All numbers are little-endian. The same tree gives the same bytes.
"""

import hashlib
import lzma
import os
import re
import struct
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from packed_tree import Entry, PackingError, entries, folders, tar
from stub_program import stub_program

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
_MAGIC = b"Twocan\n1"
_ALIGNED = 16
_CODE: tuple[Mapping[str, Any], ...] = ({"id": lzma.FILTER_X86},)
_NOT_CODE: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. ``section``: bytes, at most, that go into one."""

    preset: int
    dictionary: int
    section: int
    nice: int


SMALL = Effort(preset=9 | lzma.PRESET_EXTREME, dictionary=64 << 20, section=64 << 20, nice=273)
QUICK = Effort(preset=0, dictionary=1 << 20, section=24 << 20, nice=64)


@dataclass(frozen=True, slots=True)
class Packed:
    """A download. Sizes in bytes."""

    id: str
    """<version>-<16 hex digits of the payload's SHA-256>: the name of its unpacked folder."""
    file: int
    stub: int
    sections: tuple[int, ...]
    """The .xz streams."""
    unpacked: int
    """All files, as long as they are."""
    entries: int
    """Files, links and folders."""


def pack(tree: Path, file: Path, version: str, *, quick: bool = False) -> Packed:
    """Pack the folder of a frozen program into one executable file.

    ``quick`` is for trying things out: a far larger file in far less time.

    Raises:
        PackingError: the version or something in the tree is not as it has to be.
    """
    found = entries(tree)
    stub = stub_program().read_bytes()
    packed, contents = assemble(stub, _sections(found, QUICK if quick else SMALL), version, found)
    partial = file.with_name(f"{file.name}.partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(contents)
    partial.chmod(0o755)
    partial.replace(file)
    return packed


def assemble(
    stub: bytes, sections: Sequence[bytes], version: str, found: Sequence[Entry]
) -> tuple[Packed, bytes]:
    """The bytes of the file: ``sections`` are .xz streams that hold the entries ``found``.

    Raises:
        PackingError: this is no version.
    """
    if not _VERSION.fullmatch(version):
        raise PackingError(f"{version!r} is no version: 1 to 40 letters, digits, '.', '+', '-'")
    stub = stub + bytes(-len(stub) % _ALIGNED)
    sizes = struct.pack(f"<{len(sections)}Q", *map(len, sections))
    payload = b"".join([*sections, sizes])
    name = f"{version}-{hashlib.sha256(payload).hexdigest()[:16]}"
    unpacked, count = sum(entry.size for entry in found), len(found) + len(folders(found))
    numbers = (len(stub), unpacked, crc64(stub), count, len(sections), name.encode())
    trailer = struct.pack("<QQQII64s", *numbers)
    trailer += struct.pack("<Q", crc64(sizes + trailer)) + _MAGIC
    contents = stub + payload + trailer
    packed = Packed(name, len(contents), len(stub), tuple(map(len, sections)), unpacked, count)
    return packed, contents


def compressed(contents: bytes, effort: Effort, *, code: bool = False) -> bytes:
    """An .xz stream of one block, with a CRC-64 of what is in it."""
    chain = [
        *(_CODE if code else _NOT_CODE),
        {
            "id": lzma.FILTER_LZMA2,
            "preset": effort.preset,
            "dict_size": effort.dictionary,
            "nice_len": effort.nice,
        },
    ]
    return lzma.compress(contents, lzma.FORMAT_XZ, lzma.CHECK_CRC64, filters=chain)


def crc64(contents: bytes) -> int:
    """As ECMA-182 has it, and .xz: what liblzma computes in the stub.

    Python's own modules have none, except that every .xz stream ends its block with it.
    """
    stream = compressed(contents, Effort(0, 4096, 0, 64))
    # The footer is 12 bytes; its second word says how long the index before it is (xz 2.1.2.2).
    (index,) = struct.unpack_from("<I", stream, len(stream) - 8)
    (check,) = struct.unpack_from("<Q", stream, len(stream) - 12 - 4 * (index + 1) - 8)
    return int(check) if contents else 0


# --- sections ----------------------------------------------------------------------------------


def _sections(found: Sequence[Entry], effort: Effort) -> list[bytes]:
    """The largest first, so that no processor begins the longest work last."""
    code = sorted((entry for entry in found if entry.is_code), key=_likeness)
    rest = sorted((entry for entry in found if not entry.is_code), key=_likeness)
    parts = [(part, True) for part in _split(code, effort.section)]
    parts += [(part, False) for part in _split(rest, effort.section)]
    parts.sort(key=lambda part: -_size(part[0]))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:  # liblzma lets go of the GIL
        return list(pool.map(lambda part: compressed(tar(part[0]), effort, code=part[1]), parts))


def _likeness(entry: Entry) -> tuple[bool, str, str]:
    """Libraries beside libraries, and the rest by kind: what is alike compresses best together."""
    name = PurePosixPath(entry.name)
    return not name.name.startswith("lib"), name.suffix, entry.name


def _split(found: Sequence[Entry], limit: int) -> list[list[Entry]]:
    """Neighbours into as few parts as the limit lets, of about the same size."""
    total = _size(found)
    count = max(1, -(-total // limit))
    parts: list[list[Entry]] = [[] for _ in range(count)]
    before = 0
    for entry in found:
        middle = before + entry.size // 2
        parts[min(count - 1, middle * count // max(1, total))].append(entry)
        before += entry.size
    return [part for part in parts if part]


def _size(found: Sequence[Entry]) -> int:
    return sum(entry.size for entry in found)


def main() -> int:
    """``packing.py TREE FILE VERSION [--quick]``."""
    tree, file, version, *quick = sys.argv[1:]
    try:
        packed = pack(Path(tree), Path(file), version, quick=quick == ["--quick"])
    except PackingError as fault:
        print(f"packing: {fault}", file=sys.stderr)
        return 1
    print(packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
