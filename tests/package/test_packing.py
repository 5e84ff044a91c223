"""What goes into the download, and what does not; that the same tree gives the same bytes."""

import lzma
import os
import random
import socket
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

import packing
from downloads import NEEDS_TOOLS, as_read, built, small_tree
from packed_tree import PackingError, entries, tar
from packing import QUICK, SMALL, compressed, crc64, pack

pytestmark = NEEDS_TOOLS


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("program"))


@pytest.fixture
def tree(tmp_path: Path, program: Path) -> Path:
    return small_tree(tmp_path / "tree", program)


def test_the_same_tree_gives_the_same_bytes(tree: Path, tmp_path: Path, program: Path) -> None:
    again = small_tree(tmp_path / "again", program)
    for path in again.rglob("*"):
        os.utime(path, (1, 1), follow_symlinks=False)
    (again / "_internal" / "data.txt").chmod(0o600)
    (again / "twocan").chmod(0o700)
    one = pack(tree, tmp_path / "one", "1.0")
    other = pack(again, tmp_path / "other", "1.0")
    assert one == other
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_it_says_of_itself(tree: Path, tmp_path: Path) -> None:
    packed = pack(tree, tmp_path / "dist" / "twocan", "0.1.0", quick=True)
    file = tmp_path / "dist" / "twocan"
    assert packed.id.startswith("0.1.0-")
    assert packed.file == file.stat().st_size
    assert os.access(file, os.X_OK)
    assert packed.unpacked == sum(
        path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink()
    )
    # twocan, _internal, lib, libprobe.so.1, libprobe.so, up.so, data, data.txt, nothing, empty
    assert packed.entries == 10
    assert [path.name for path in file.parent.iterdir()] == ["twocan"]


def test_contents_decide_on_the_name(tree: Path, tmp_path: Path) -> None:
    before = pack(tree, tmp_path / "twocan", "1.0").id
    (tree / "_internal" / "data.txt").write_text("other")
    after = pack(tree, tmp_path / "twocan", "1.0").id
    assert before != after


def test_nothing_of_this_machine_is_in_the_stub(tree: Path, tmp_path: Path) -> None:
    packed = pack(tree, tmp_path / "twocan", "1.0")
    stub = (tmp_path / "twocan").read_bytes()[: packed.stub]
    for path in (Path(__file__).parents[2], Path.home(), tmp_path):
        assert bytes(path) + b"/" not in stub


def test_sections_hold_the_whole_tree(tree: Path, tmp_path: Path) -> None:
    sections = packing._sections(entries(tree), SMALL)
    for section in sections:
        with tarfile.open(fileobj=BytesIO(lzma.decompress(section))) as archive:
            archive.extraction_filter = staticmethod(lambda member, _path: member)
            archive.extractall(tmp_path / "unpacked")  # noqa: S202 - it is our own
    assert as_read(tmp_path / "unpacked") == as_read(tree)


def test_large_trees_become_sections_of_about_the_same_size(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.bin").write_bytes(bytes(1000 + number))
    (tmp_path / "twocan").write_text("#!/bin/sh\n")
    (tmp_path / "twocan").chmod(0o755)
    found = entries(tmp_path)
    parts = packing._split(found, 6000)
    assert [entry for part in parts for entry in part] == found
    sizes = [packing._size(part) for part in parts]
    assert len(sizes) == 6
    assert max(sizes) <= 1.3 * min(sizes)


@pytest.mark.parametrize("version", ["", ".1", "-1", "1/2", "1 2", "..", "1" * 41, "1\n", "ä"])
def test_what_is_no_version_is_refused(version: str, tree: Path, tmp_path: Path) -> None:
    with pytest.raises(PackingError, match="is no version"):
        pack(tree, tmp_path / "twocan", version)
    assert not (tmp_path / "twocan").exists()


@pytest.mark.parametrize(
    "target",
    [
        "/etc/passwd",
        "../../outside",
        "../..",
        "lib/../../..",
        "..",
        ".",
        "./lib",
        "lib//data",
        "../",
    ],
)
def test_a_link_that_leads_outside_is_refused(target: str, tree: Path) -> None:
    (tree / "_internal" / "link").symlink_to(target)
    with pytest.raises(PackingError, match=r"the link _internal/link leads to"):
        entries(tree)


def test_a_link_to_a_folder_stays_a_link(tree: Path) -> None:
    (tree / "_internal" / "libraries").symlink_to("lib")
    [link] = [entry for entry in entries(tree) if entry.name == "_internal/libraries"]
    assert link.target == "lib"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


@pytest.mark.parametrize("make", [_fifo, _socket])
def test_what_is_no_file_is_refused(
    make: Callable[[Path], None], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)  # a socket's path has to be short
    make(Path("strange"))
    with pytest.raises(PackingError, match="strange is neither file, folder nor link"):
        entries(tree)


@pytest.mark.parametrize("name", ["new\nline", "\udcff", "bell\a"])
def test_a_name_that_cannot_be_printed_is_refused(name: str, tree: Path) -> None:
    (tree / name).touch()
    with pytest.raises(PackingError, match="is no name"):
        entries(tree)


def test_a_name_that_is_too_long_is_refused(tree: Path) -> None:
    (tree / ("x" * 120)).touch()
    with pytest.raises(PackingError, match="too long a name"):
        tar(entries(tree))


def test_a_tree_without_the_program_is_refused(tree: Path) -> None:
    (tree / "twocan").chmod(0o644)
    with pytest.raises(PackingError, match="no executable 'twocan'"):
        entries(tree)


def test_the_check_is_the_one_of_ecma_182() -> None:
    assert crc64(b"123456789") == 0x995DC9BBDF1939FA
    assert crc64(b"") == 0
    assert crc64(bytes(100_000)) != crc64(bytes(100_001))


def test_code_is_filtered_and_the_rest_is_not() -> None:
    noise = random.Random(1)
    calls = b"".join(
        b"\xe8" + ((1 << 20) - 16 * at).to_bytes(4, "little", signed=True) + noise.randbytes(11)
        for at in range(4000)
    )
    assert len(compressed(calls, QUICK, code=True)) < len(compressed(calls, QUICK))
