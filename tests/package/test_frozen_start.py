"""The frozen program is unpacked whole or not at all, whatever happens to its first start."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from trial_rooms import Room, Tried, run

PROGRAMS = ".local/share/twocan/program"
WITHIN = 120.0

pytestmark = pytest.mark.timeout(300, func_only=True)


def programs(room: Room) -> set[str]:
    return {each.name for each in (room.home / PROGRAMS).iterdir()} - {".lock", ".made"}


async def half(room: Room) -> Path:
    """What is being unpacked, once some of it is there."""
    async with asyncio.timeout(WITHIN):
        while not (found := list((room.home / PROGRAMS).glob(".new-*/_internal"))):
            await asyncio.sleep(0.002)
    return found[0]


async def test_asked_to_end_while_it_is_unpacked_it_leaves_nothing(room: Room) -> None:
    async with Tried.running(*room.words("--version"), log=room.folder / "ended.log") as first:
        await half(room)
        first.signal(signal.SIGTERM)
        await first.said(WITHIN, -signal.SIGTERM)
    assert programs(room) == set()


def shortened(file: Path, to: Path) -> Path:
    """The same without some of its middle, as a bad download has it."""
    contents = file.read_bytes()
    to.write_bytes(contents[: len(contents) // 2] + contents[-(1 << 20) :])
    to.chmod(0o755)
    return to


async def test_a_damaged_download_is_told_and_leaves_nothing(room: Room, finished: Path) -> None:
    damaged = shortened(finished, room.folder / "damaged")
    await run(replace(room, file=damaged), "--version", within=WITHIN, code=1)
    assert "download it again" in room.errors
    assert room.what_is_at_home() == set()
