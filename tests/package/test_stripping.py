"""Libraries without debuggers' notes and without the folders of the machine that made them."""

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from stripping import foreign_paths, strip, without

needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("cc", "strip", "objdump"))),
    reason="it takes a compiler and binutils",
)


def library(file: Path, *options: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    source = "int twice(int x) { return 2 * x; }"
    command = ["cc", "-g", "-shared", "-fPIC", *options, "-x", "c", "-", "-o", str(file)]
    subprocess.run(command, input=source, text=True, check=True)
    return file


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("  RUNPATH              /opt/made/lib\n", ["/opt/made/lib"]),
        ("  RPATH                $ORIGIN/../x:/opt/made/lib\n", ["$ORIGIN/../x:/opt/made/lib"]),
        ("  RUNPATH              $ORIGIN/../av.libs\n  NEEDED  libc.so.6\n", []),
        ("", []),
    ],
)
def test_a_folder_of_another_machine_is_noticed(told: str, found: list[str]) -> None:
    assert foreign_paths(told) == found


def test_it_becomes_the_librarys_own_folder_and_nothing_moves() -> None:
    contents = b"a\0/opt/made/lib\0b/opt/made/lib\0"
    assert without(contents, ["/opt/made/lib"]) == b"a\0$ORIGIN\0\0\0\0\0\0\0b/opt/made/lib\0"
    with pytest.raises(ValueError, match="cannot be taken out"):
        without(b"\0/opt\0", ["/opt"])


@needs_tools
@pytest.mark.parametrize("tags", ["--enable-new-dtags", "--disable-new-dtags"])
def test_a_stripped_library_works_and_tells_no_path(tmp_path: Path, tags: str) -> None:
    file = library(tmp_path / "deep" / "liba.so", f"-Wl,-rpath,/opt/made/lib,{tags}")
    was = file.stat().st_size

    strip(tmp_path)

    assert ctypes.CDLL(str(file)).twice(21) == 42
    assert file.stat().st_size < was
    assert b"/opt/made" not in file.read_bytes()


@needs_tools
def test_what_a_wheels_tools_have_moved_is_not_stripped(tmp_path: Path) -> None:
    file = library(tmp_path / "av.libs" / "libb-0a1b.so.1")
    was = file.read_bytes()
    (tmp_path / "link.so").symlink_to("av.libs/libb-0a1b.so.1")
    (tmp_path / "words.txt").write_text("words")

    strip(tmp_path)

    assert file.read_bytes() == was
    assert (tmp_path / "words.txt").read_text() == "words"
