"""How big the download is and what takes the room: a table by part, and a budget for each.

A part is measured twice: its files as they lie unpacked, and packed by itself with the filter of
the download, which is a little more than it takes in there, beside what resembles it.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from packed_tree import PROGRAM, entries
from packing import QUICK, SMALL, Effort, Packed, compressed

MOST_GROWTH = 0.05
FAST = "fast"
"""The variant of stock libraries; the other is "slim"."""
UNHEEDED = 20_000
"""Bytes that a part may grow whatever the share: a translated sentence is no reason to stop."""
LIMITS = {"file": 30_000_000, "unpacked": 100_000_000}
"""Bytes of the download that people get, and of its files once it is unpacked."""
MODULES = "PYZ.pyz"
"""PyInstaller's archive of Python modules, which is inside the executable."""

PARTS: tuple[tuple[str, str], ...] = (
    ("Twocan", r"twocan[/.]|assets/(?!licenses)"),
    ("licences", r"assets/licenses"),
    ("Qt", r"PySide6/Qt/|lib(Qt6|icu|xcb|xkb|X11)"),
    ("PySide", r"PySide6/|shiboken6|lib(pyside|shiboken)"),
    ("FFmpeg and PyAV", r"av[/.]|lib(av|sw|opus|vpx)"),
    ("OpenCV", r"cv2[/.]|opencv"),
    ("NumPy", r"numpy[/.]|numpy\.libs"),
    ("OpenSSL", r"lib(crypto|ssl)[-.]"),
    ("cryptography", r"(cryptography|OpenSSL)/|_cffi_backend"),
    (
        "signalling and transport",
        r"(aiodns|aioice|aiortc|dns|google_crc32c|ifaddr|lazy_importer|"
        r"pycares|pyee|pylibsrtp|slixmpp)[/.]|libsrtp",
    ),
    ("sound", r"(sounddevice|_sounddevice|pulsectl|pywebrtc_audio)|lib(portaudio|jack|db-)"),
    ("Python", r"python3|libpython|base_library|lib(ffi|sqlite3|expat|uuid)\b|twocan$"),
)
"""Whose a file is, by the beginning of its name inside; what fits nowhere is other Python."""
OTHER = "other"
OF_THE_MACHINE = {"Python", "sound"}
"""Parts that come from the machine where it is frozen: compared only where that has the same Python
as the one that the budget was made on."""
WHAT_TO_DO = (
    "Find out what brought it in (build/freezing.py leaves things out), or accept today's sizes:"
    " make package BUDGET=accept, FAST=1 as it was"
)


class SizeError(Exception):
    """Something is too big: a line for each, and what to do."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of a part. ``slim``: it, or what matters in it, was built small."""

    unpacked: int
    packed: int
    slim: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """What was measured of one download. ``python``: which one is inside."""

    variant: str
    version: str
    python: str
    file: int
    unpacked: int
    parts: Mapping[str, Weight]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        parts = {name: Weight(**each) for name, each in said["parts"].items()}
        return cls(**{**said, "parts": parts})


# --- Whose a file is -----------------------------------------------------------------------------


def part_of(name: str) -> str:
    """The part that a file or a module belongs to, by its name inside, with slashes."""
    return next((part for part, pattern in PARTS if re.match(pattern, name)), OTHER)


def module_part(module: str) -> str:
    """The part that a Python module belongs to: ``twocan.gui.app`` is ours."""
    first = module.partition(".")[0]
    known = part_of(f"{module.replace('.', '/')}/")
    return "Python" if known == OTHER and first in sys.stdlib_module_names else known


# --- Measuring -----------------------------------------------------------------------------------


def measured(tree: Path, packed: Packed, variant: str, version: str, slim: Iterable[str]) -> Sizes:
    """All sizes of a download. ``slim``: the parts that were built small."""
    effort = QUICK if variant == FAST else SMALL
    chunks: dict[tuple[str, bool], list[bytes]] = {}
    for part, contents, is_code in contents_of(tree):
        chunks.setdefault((part, is_code), []).append(contents)
    with ThreadPoolExecutor() as pool:  # liblzma lets go of Python's lock
        packs = pool.map(lambda each: _packed(each, effort), chunks.items())
    sizes: dict[str, tuple[int, int]] = {}
    for ((part, _), some), size in zip(chunks.items(), packs, strict=True):
        before = sizes.get(part, (0, 0))
        sizes[part] = before[0] + sum(map(len, some)), before[1] + size
    small = set(slim)
    parts = {part: Weight(*sizes[part], part in small) for part in sorted(sizes)}
    return Sizes(variant, version, sys.version, packed.file, packed.unpacked, parts)


def _packed(chunk: tuple[tuple[str, bool], list[bytes]], effort: Effort) -> int:
    (_, is_code), contents = chunk
    return len(compressed(b"".join(contents), effort, code=is_code))


def contents_of(tree: Path) -> Iterator[tuple[str, bytes, bool]]:
    """The part of each file, what is in it, and whether that is machine code."""
    for entry in entries(tree):
        if entry.name == PROGRAM:
            yield from _executable(entry.path)
        elif entry.size:
            name = entry.name.removeprefix("_internal/")
            yield part_of(name), entry.path.read_bytes(), entry.is_code


def _executable(file: Path) -> Iterator[tuple[str, bytes, bool]]:
    """The program that starts Python, and the modules that are in it."""
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(file)).open_embedded_archive(MODULES)
    held = 0
    for name in sorted(modules.toc):
        code = modules.extract(name, raw=True) or b""
        held += len(code)
        yield module_part(name), code, False
    # Whatever else it is: what starts Python, and the list of the modules.
    yield "Python", file.read_bytes()[held:], False


# --- The budget ----------------------------------------------------------------------------------


def within(sizes: Sizes, budget: Sizes | None) -> None:
    """Raises SizeError: something grew since ``budget``, or the download is too big."""
    wrong = [*_too_big(sizes), *(_grown(sizes, budget) if budget else _unknown(sizes))]
    if wrong:
        raise SizeError("\n".join([*wrong, WHAT_TO_DO]))


def _too_big(sizes: Sizes) -> Iterator[str]:
    if sizes.variant != FAST:
        for name, limit in LIMITS.items():
            if (size := getattr(sizes, name)) > limit:
                yield f"{name}: {_mb(size)}, and {_mb(limit)} is the most"


def _unknown(sizes: Sizes) -> Iterator[str]:
    yield f"there is no budget for a {sizes.variant} build yet"


def _grown(sizes: Sizes, budget: Sizes) -> Iterator[str]:
    for name, now in sizes.parts.items():
        if name in OF_THE_MACHINE and sizes.python != budget.python:
            continue
        before = budget.parts.get(name, Weight(0, 0))
        for what in ("unpacked", "packed"):
            was, is_ = getattr(before, what), getattr(now, what)
            if is_ > was * (1 + MOST_GROWTH) and is_ > was + UNHEEDED:
                yield f"{name} grew {what} from {_mb(was)} to {_mb(is_)}"


def budget_of(said: str, variant: str) -> Sizes | None:
    """The sizes that were accepted last for this variant. ``said``: JSON."""
    kept = json.loads(said or "{}").get(variant)
    return Sizes.read(kept) if kept else None


def with_budget(said: str, sizes: Sizes) -> str:
    """The JSON with these sizes accepted."""
    kept = json.loads(said or "{}")
    return json.dumps(kept | {sizes.variant: asdict(sizes)}, indent=2, sort_keys=True) + "\n"


# --- Saying it -----------------------------------------------------------------------------------


def table(sizes: Sizes) -> str:
    """For people: the file, what it unpacks to, and each part, the biggest first."""
    by_size = sorted(sizes.parts.items(), key=lambda each: -each[1].packed)
    rows = [_row("part", "unpacked", "packed", "libraries")]
    for name, part in by_size:
        kind = "slim" if part.slim else "stock"
        rows.append(_row(name, _mb(part.unpacked), _mb(part.packed), kind))
    head = f"file {_mb(sizes.file)}, unpacked {_mb(sizes.unpacked)}"
    if sizes.variant != FAST:
        head += f" (at most {_mb(LIMITS['file'])} and {_mb(LIMITS['unpacked'])})"
    return "\n".join(
        [head, *rows, "Each part is packed by itself here; in the file one helps another."]
    )


def as_json(sizes: Sizes) -> str:
    return json.dumps(asdict(sizes), indent=2) + "\n"


def _row(name: str, unpacked: str, packed: str, libraries: str) -> str:
    return f"{name:<26}{unpacked:>12}{packed:>12}   {libraries}"


def _mb(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
