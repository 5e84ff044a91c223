"""Resting: what is given back is what the file of a library can bring again, and nothing else."""

import sys
from pathlib import Path

import pytest

from twocan.gui.resting import libraries, rest

CODE = """\
7f0000001000-7f0000005000 r-xp 00001000 fe:01 42                         /lib/libdemo.so.1
Rss:                  16 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd ex mr mw me sd
"""
LETTERS = CODE.replace("r-xp", "r--p").replace("7f000000", "7e000000")


def found(*smaps: str) -> list[tuple[int, int]]:
    return list(libraries("".join(smaps).splitlines()))


def test_code_and_constants_are_given_back() -> None:
    assert found(CODE, LETTERS) == [
        (0x7F0000001000, 0x7F0000005000),
        (0x7E0000001000, 0x7E0000005000),
    ]


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("r-xp", "rw-p"),
        CODE.replace("r-xp", "r-xs"),
        CODE.replace("r-xp", "rwxp"),
        CODE.replace("fe:01 42", "00:00 0"),
        # A linker wrote into it before it was closed to writing (RELRO).
        LETTERS.replace("Anonymous:             0", "Anonymous:             4"),
        LETTERS.replace("Private_Dirty:         0", "Private_Dirty:         4"),
        LETTERS.replace("Swap:                  0", "Swap:                  4"),
    ],
)
def test_nothing_that_a_file_could_not_bring_again(other: str) -> None:
    assert found(other) == []
    assert found(other, CODE) == [(0x7F0000001000, 0x7F0000005000)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is given back")
def test_who_rested_takes_less_and_goes_on() -> None:
    def of_files() -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssFile:"))

    before = of_files()
    rest()
    assert of_files() < before
