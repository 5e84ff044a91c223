"""The frozen program does what it is tried out for, on its command line and within itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import frozen
from own_display import XVFB
from trial_rooms import Room, run

ROOT = Path(__file__).parents[2]
PROGRAMS = ".local/share/twocan/program"
WITHIN = 120.0
"""Seconds, for a program to be unpacked on a machine that does much else."""

pytestmark = pytest.mark.timeout(300, func_only=True)


@pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")
def test_it_passes_its_trial_of_which_nothing_stays(finished: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "build" / "trial.py", "--quick", finished],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    *trials, verdict = done.stdout.splitlines()
    names = ["version", "licences", "selftest", "devices", "call", "window", "uninstall"]
    assert [line.split()[1] for line in trials] == names
    assert "does all that it should" in verdict
    assert (ROOT / "out" / "trial" / "window-here.png").exists()
    assert list(tmp_path.iterdir()) == []


async def test_commands_are_answered_in_words_and_register_nothing(
    room: Room, finished: Path
) -> None:
    assert (await run(room, "--version", within=WITHIN)).startswith("twocan ")
    await run(room, "answer", "--calls", "none", within=WITHIN, code=2)
    assert "'none' is not a number from 1" in room.errors
    await run(room, "call", "somebody@site.example", within=WITHIN, code=2)
    assert room.errors.startswith("twocan: no account")

    kept = frozen.id_of(finished)
    assert {each.name for each in (room.home / PROGRAMS).iterdir()} == {kept, ".lock", ".made"}
    elsewhere = {name for name in room.what_is_at_home() if not name.startswith(PROGRAMS)}
    assert elsewhere == {".local", ".local/share", ".local/share/twocan"}

    await run(room, within=WITHIN, code=2)
    assert room.errors == "twocan: there is no display to show the window on; see twocan --help\n"
