"""A download that is damaged, or made to do harm, says so and leaves nothing, wherever it is bad.

All of it runs with a stub that watches its own memory (AddressSanitizer, leaks, undefined
behaviour): what it complains of would be on standard error, beside the one line.
"""

import io
import random
import shutil
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from downloads import NEEDS_TOOLS, TOLD, Home, as_read, built, carrying, download, small_tree
from packed_tree import Entry, entries, tar
from packing import QUICK, compressed, crc64

pytestmark = NEEDS_TOOLS
DAMAGED = "twocan: this download is damaged: download it again\n"
TRAILER = 112
BLOCK = 512


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("program"))


@pytest.fixture(scope="module")
def whole(program: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A good download."""
    tree = small_tree(tmp_path_factory.mktemp("tree") / "tree", program)
    found = entries(tree)
    parts = [[e for e in found if e.is_code], [e for e in found if not e.is_code]]
    file = tmp_path_factory.mktemp("whole") / "twocan"
    return download(file, [tar(part) for part in parts], found, sanitized=True).read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as home:
        yield home


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "twocan"


def begins(whole: bytes) -> int:
    """Where the payload does."""
    [at] = struct.unpack_from("<Q", whole, len(whole) - TRAILER)
    return int(at)


def refused(home: Home, file: Path) -> None:
    start = home.start(file)
    assert (start.code, start.errors) == (1, DAMAGED)
    assert home.kept() == []


def test_the_watching_stub_runs_as_the_other_does(whole: bytes, home: Home, file: Path) -> None:
    write(file, whole)
    for _ in ("first", "later"):
        start = home.start(file, "one", "two")
        assert (start.code, start.errors) == (TOLD, "")


def write(file: Path, contents: bytes) -> Path:
    file.write_bytes(contents)
    file.chmod(0o755)
    return file


# --- damage ----------------------------------------------------------------------------------


def test_a_changed_byte_is_noticed_anywhere(whole: bytes, home: Home, file: Path) -> None:
    first, noise = begins(whole), random.Random(1)
    places = [noise.randrange(first, len(whole)) for _ in range(40)]
    for place in [*places, first, len(whole) - 1, *range(len(whole) - TRAILER, len(whole), 16)]:
        changed = bytearray(whole)
        changed[place] ^= 1 << noise.randrange(8)
        refused(home, write(file, bytes(changed)))


def test_a_changed_stub_is_noticed(whole: bytes, home: Home, file: Path) -> None:
    # In what it pictures, so that it still runs.
    changed = bytearray(whole)
    changed[whole.index(b"\xfd7zXZ\0", 4096) + 20_000] ^= 1
    refused(home, write(file, bytes(changed)))


def test_a_file_that_is_cut_short_is_noticed(whole: bytes, home: Home, file: Path) -> None:
    first = begins(whole)
    for size in (*range(first, len(whole), (len(whole) - first) // 12), len(whole) - 1):
        refused(home, write(file, whole[:size]))


def test_more_at_the_end_is_noticed(whole: bytes, home: Home, file: Path) -> None:
    refused(home, write(file, whole + b"\n"))


# --- the trailer -----------------------------------------------------------------------------


def resealed(
    whole: bytes,
    sizes: Callable[[int, int], tuple[int, int]] = lambda one, other: (one, other),
    fields: Mapping[int, object] = MappingProxyType({}),
) -> bytes:
    """The file with other numbers at its end, and their check made right again."""
    table = len(whole) - TRAILER - 2 * 8
    said = struct.pack("<QQ", *sizes(*struct.unpack_from("<QQ", whole, table)))
    numbers = list(struct.unpack_from("<QQQII64s", whole, table + 16))
    for field, value in fields.items():
        numbers[field] = value
    trailer = struct.pack("<QQQII64s", *numbers)
    return whole[:table] + said + trailer + struct.pack("<Q", crc64(said + trailer)) + whole[-8:]


def test_bytes_between_sections_and_sizes_are_refused(whole: bytes, home: Home, file: Path) -> None:
    table = len(whole) - TRAILER - 2 * 8
    refused(home, write(file, whole[:table] + bytes(16) + whole[table:]))


def test_resealing_alone_changes_nothing(whole: bytes) -> None:
    assert resealed(whole) == whole


HUGE = (1 << 64) - 1
PAYLOAD_AT, UNPACKED, SECTIONS, NAME = 0, 1, 4, 5
FIELDS: dict[str, tuple[int, int]] = {
    "payload far behind the end": (PAYLOAD_AT, 1 << 40),
    "payload as far as can be": (PAYLOAD_AT, HUGE),
    "payload at the beginning": (PAYLOAD_AT, 0),
    "less than there is": (UNPACKED, 100),
    "nothing": (UNPACKED, 0),
    "more than there is": (UNPACKED, 1_000_000),
    "no sections": (SECTIONS, 0),
    "more sections": (SECTIONS, 3),
    "65 sections": (SECTIONS, 65),
    "as many sections as can be": (SECTIONS, (1 << 32) - 1),
}
SIZES: dict[str, Callable[[int, int], tuple[int, int]]] = {
    "an empty section": lambda one, other: (0, other),
    "a huge section": lambda one, other: (HUGE, other),
    "sections that wrap": lambda one, other: (HUGE, one + other + 1),
    "sections that overlap": lambda one, other: (one - 1, other),
    "sections that swap": lambda one, other: (other, one),
}


@pytest.mark.parametrize("lie", FIELDS)
def test_a_trailer_that_lies_is_refused(lie: str, whole: bytes, home: Home, file: Path) -> None:
    refused(home, write(file, resealed(whole, fields=dict([FIELDS[lie]]))))


@pytest.mark.parametrize("lie", SIZES)
def test_sizes_that_lie_are_refused(lie: str, whole: bytes, home: Home, file: Path) -> None:
    refused(home, write(file, resealed(whole, SIZES[lie])))


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b"1.0",
        b"-0123456789abcdef",
        b"1.0-0123456789abcde",
        b"1.0-0123456789abcdeF",
        b"1/0-0123456789abcdef",
        b"..-0123456789abcdef",
        b".new-0123456789abcdef",
        b"../x-0123456789abcdef",
        b"1" * 41 + b"-0123456789abcdef",
        b"1" * 64,
        b"%s%n-0123456789abcdef",
    ],
)
def test_a_name_that_is_none_is_refused(name: bytes, whole: bytes, home: Home, file: Path) -> None:
    refused(home, write(file, resealed(whole, fields={NAME: name})))


def test_more_than_any_disk_has(whole: bytes, home: Home, file: Path) -> None:
    write(file, resealed(whole, fields={UNPACKED: 1 << 62}))
    start = home.start(file)
    assert start.code == 1
    assert start.errors.startswith(f"twocan: 4611686018429 MB are needed in {home.programs}, and ")
    assert home.kept() == []


# --- tars ------------------------------------------------------------------------------------


def header(name: str, **more: object) -> bytes:
    entry = tarfile.TarInfo(name)
    for field, value in more.items():
        setattr(entry, field, value)
    return entry.tobuf(tarfile.USTAR_FORMAT)


def changed(block: bytes, at: int, field: bytes) -> bytes:
    """A header with another field, and its sum made right again."""
    block = block[:at] + field + block[at + len(field) :]
    summed = sum(block[:148]) + 8 * 32 + sum(block[156:])
    return block[:148] + b"%06o\0 " % summed + block[156:]


LINK, FOLDER = tarfile.SYMTYPE, tarfile.DIRTYPE
END = bytes(2 * BLOCK)
NAMES = ["/etc/x", "../x", "a/../../x", "a/..", "..", ".", "./x", "a//x", "x/", "/", "a/./x", ""]
TARGETS = ["/etc", "..", "../..", "../x", ".", "", "a/../../x", "a/..", "./a", "a//b", "../../x"]
HOSTILE: dict[str, bytes] = {
    **{
        f"named {name!r}": changed(header("x"), 0, name.encode().ljust(100, b"\0"))
        for name in NAMES
    },
    **{f"link to {target!r}": header("x", type=LINK, linkname=target) for target in TARGETS},
    "a link above, from below": header("a/b/x", type=LINK, linkname="../../../x"),
    "a hard link": header("x", type=tarfile.LNKTYPE, linkname="twocan"),
    "a device": header("x", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    "a disk": header("x", type=tarfile.BLKTYPE, devmajor=8),
    "a pipe": header("x", type=tarfile.FIFOTYPE),
    "a long name of GNU's": changed(header("x", size=10), 156, b"L") + b"../../etc\0".ljust(512),
    "more of POSIX": changed(header("x", size=20), 156, b"x") + b"20 path=../../etc/x\n".ljust(512),
    "a file with holes": changed(header("x"), 156, b"S"),
    "old kind of file": changed(header("x"), 156, b"\0"),
    "a folder with contents": header("y", size=600)
    + bytes(1024)
    + header("x", type=FOLDER, size=512)
    + bytes(512),
    "a link with contents": header("y", size=600)
    + bytes(1024)
    + header("x", type=LINK, linkname="y", size=512)
    + bytes(512),
    "too large": header("x", size=(1 << 20) + 1) + bytes(4096),
    "far too large": header("x", size=(1 << 33) - 1) + bytes(4096),
    "as large as can be": changed(header("x"), 124, b"7" * 12) + bytes(4096),
    "a size below zero": changed(header("x"), 124, b"-0000000001\0"),
    "a size of GNU's": changed(header("x"), 124, b"\x80" + bytes(10) + b"\1"),
    "no size": changed(header("x"), 124, bytes(12)),
    "a wrong sum": header("x")[:148] + b"000000\0 " + header("x")[156:],
    "not ustar": changed(header("x"), 257, b"ustar  \0"),
    "not a tar": random.Random(2).randbytes(BLOCK),
    "half a header": header("x")[:300],
    "cut in its contents": header("x", size=5000) + bytes(1000),
    "through a link": header("x", type=LINK, linkname="y") + header("x/z"),
    "into a link's folder": header("y", type=FOLDER)
    + header("x", type=LINK, linkname="y")
    + header("x/z"),
    "through a file": header("x") + header("x/z"),
    "twice the same": header("x") + header("x"),
    "a link, then a file": header("x", type=LINK, linkname="y") + header("x"),
    "more after the end": END + header("x"),
    "a bit after the end": END + bytes(2 * BLOCK) + b"x",
    "one end": header("x") + bytes(BLOCK),
}
WITHOUT_END = ("half a header", "cut in its contents", "one end", "a bit after the end")
CONTENTS = {
    "a long name of GNU's": 10,
    "more of POSIX": 20,
    "cut in its contents": 5000,
    "a size of GNU's": 1,
    "a folder with contents": 600,
    "a link with contents": 600,
}
"""Bytes that would be unpacked if it was believed."""

SCRIPT = b"#!/bin/sh\nexit 7\n"
PROGRAM = header("twocan", mode=0o755, size=len(SCRIPT)) + SCRIPT.ljust(BLOCK, b"\0")


def beside_a_program(file: Path, *tars: bytes, more: int = 0) -> Path:
    """A download that would run, if it was not for what else these tars hold."""
    said = [Entry("twocan", Path("twocan"), size=len(SCRIPT) + more)]
    return download(file, [PROGRAM + tars[0], *tars[1:]], said, sanitized=True)


def test_the_program_alone_would_run(home: Home, file: Path) -> None:
    assert home.start(beside_a_program(file, END)).code == TOLD


GOOD = {
    "a file": header("a/b/x", mode=0o600),
    "links inside": header("a/x", type=LINK, linkname="../b/c")
    + header("x", type=LINK, linkname="a..b"),
    "folders": header("a", type=FOLDER) + header("a/b", type=FOLDER) + header("a", type=FOLDER),
    "names with dots": header("..x") + header("x..") + header("...") + header(".x"),
    "a long name": header("/".join(["x" * 90] * 2)),
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_not_hostile_is_let_in(kind: str, home: Home, file: Path) -> None:
    start = home.start(beside_a_program(file, GOOD[kind] + END))
    assert (start.code, start.errors) == (TOLD, "")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_tar_leaves_nothing(kind: str, home: Home, file: Path, tmp_path: Path) -> None:
    contents = HOSTILE[kind] + (b"" if kind in WITHOUT_END else END)
    refused(home, beside_a_program(file, contents, more=CONTENTS.get(kind, 0)))
    assert not list(tmp_path.rglob("x"))


def test_links_and_files_of_different_sections_do_not_meet(
    home: Home, file: Path, tmp_path: Path
) -> None:
    link = header("x", type=LINK, linkname="y") + END
    below = header("x/z") + END
    refused(home, beside_a_program(file, link, below))


def test_a_tree_without_the_program_is_damage(home: Home, file: Path) -> None:
    contents = header("other", mode=0o755, size=0) + END
    refused(home, download(file, [contents], [], sanitized=True))


def test_a_program_that_cannot_run_is_named(home: Home, file: Path) -> None:
    text = b"not a program\0"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as made:
        entry = tarfile.TarInfo("twocan")
        entry.mode, entry.size = 0o755, len(text)
        made.addfile(entry, io.BytesIO(text))
    found = [Entry("twocan", Path("twocan"), size=len(text))]
    download(file, [archive.getvalue()], found, sanitized=True)
    start = home.start(file)
    [kept] = home.kept()
    assert start.code == 1
    assert start.errors == (
        f"twocan: {home.programs / kept}/twocan cannot be run: Exec format error\n"
    )


def test_a_stream_that_needs_too_much_memory_is_refused(home: Home, file: Path) -> None:
    greedy = compressed(PROGRAM + END, QUICK)
    # In a block's header: LZMA2 (0x21), one byte of properties, the size of its dictionary.
    at = greedy.index(b"\x21\x01", 12)
    block = bytearray(greedy[12 : 12 + (greedy[12] + 1) * 4])
    block[at - 12 + 2] = 40  # 4 GiB
    block[-4:] = struct.pack("<I", zlib.crc32(block[:-4]))
    greedy = greedy[:12] + bytes(block) + greedy[12 + len(block) :]
    found = [Entry("twocan", Path("twocan"), size=len(SCRIPT))]
    refused(home, carrying(file, [greedy], found, sanitized=True))


@pytest.mark.parametrize("more", [b"\0", bytes(4), bytes(200_000), b"junk"])
def test_more_after_a_stream_is_damage(more: bytes, home: Home, file: Path) -> None:
    found = [Entry("twocan", Path("twocan"), size=len(SCRIPT))]
    section = compressed(PROGRAM + END, QUICK) + more
    refused(home, carrying(file, [section], found, sanitized=True))


READ_AT_ONCE = 1 << 16


def test_more_after_a_stream_that_ends_where_a_read_does(home: Home, file: Path) -> None:
    noise, size, section = random.Random(4).randbytes(READ_AT_ONCE), READ_AT_ONCE, b""
    while len(section) != READ_AT_ONCE:
        size += (READ_AT_ONCE - len(section)) * bool(section)
        contents = noise[:size].ljust(READ_AT_ONCE, b"\0")
        archive = PROGRAM + header("x", size=len(contents)) + contents + END
        section = compressed(archive, QUICK)
    found = [Entry("twocan", Path("twocan"), size=len(SCRIPT) + len(contents))]
    assert home.start(carrying(file, [section], found, sanitized=True)).code == TOLD
    shutil.rmtree(home.programs)
    refused(home, carrying(file, [section + b"junk"], found, sanitized=True))


def test_what_is_read_back_is_what_was_packed(whole: bytes, home: Home, file: Path) -> None:
    home.start(write(file, whole))
    [kept] = home.kept()
    assert "twocan" in as_read(home.programs / kept)
