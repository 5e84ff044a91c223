"""Thousands of changed tars: each is unpacked below its folder, or refused, and memory stays whole.

``FUZZ_SECONDS`` has it go on for so long, from a seed that nobody chose: a failure says which.
"""

import os
import random
import subprocess
import tarfile
from pathlib import Path

import pytest

from downloads import NEEDS_TOOLS, PROBE
from stub_program import LANGUAGE, SANITIZED, SOURCES

pytestmark = NEEDS_TOOLS
PARTS = ("entry.c", "failing.c", "removing.c", "untar.c")
ROUNDS, WITHIN = 1500, 60
SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, compiled to watch its own memory."""
    made = tmp_path_factory.mktemp("rounds") / "untar_rounds"
    sources = [Path(__file__).with_name("untar_rounds.c"), *(SOURCES / name for name in PARTS)]
    command = ["cc", *LANGUAGE, *SANITIZED, f"-I{SOURCES}", *map(str, sources), "-o", str(made)]
    subprocess.run(command, check=True)
    return made


def good_tar(file: Path) -> Path:
    """Everything that there may be, a little of each."""
    entries = [tarfile.TarInfo(name) for name in ("a/b", "a/link", "l", "d/e", "a/c/" + "x" * 95)]
    entries[0].size, entries[0].mode = 700, 0o755
    for link, target in ((entries[1], "../d/e"), (entries[2], "a/b")):
        link.type, link.linkname = tarfile.SYMTYPE, target
    entries[3].type = tarfile.DIRTYPE
    headers = [entry.tobuf(tarfile.USTAR_FORMAT) for entry in entries]
    contents = PROBE.encode()[:700].ljust(1024, b"\0")
    file.write_bytes(headers[0] + contents + b"".join(headers[1:]) + bytes(1024))
    return file


def test_changed_tars_break_nothing(rounds: Path, tmp_path: Path) -> None:
    inside = tmp_path / "one" / "two" / "three"
    inside.mkdir(parents=True)
    seed = random.randrange(1 << 31) if SECONDS else 3
    limits = [str(SECONDS), str(1 << 40)] if SECONDS else [str(WITHIN), str(ROUNDS)]
    tar = good_tar(tmp_path / "good.tar")
    ended = subprocess.run(
        [rounds, inside, tar, str(seed), *limits], check=False, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, ""), f"from {seed}"
    whole, refused = map(int, ended.stdout.split())
    assert min(whole, refused) > 50, f"from {seed}"
    left = {path.name for path in tmp_path.rglob("*")}
    assert left == {"one", "two", "three", "good.tar"}
