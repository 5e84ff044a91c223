"""Programs that `make call` starts: what they say is heard, and none outlives it."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from programs import Program, ProgramError

READY = 'echo \'{"event": "noise"}\'; echo \'{"event": "ready", "port": 5}\'; '


def shell(script: str) -> tuple[str, str, str]:
    return ("/bin/sh", "-c", script)


async def test_an_event_is_waited_for_past_others() -> None:
    async with Program.running(*shell(READY + "exec sleep 60")) as program:
        assert (await program.event("ready", within=40))["port"] == 5


async def test_an_early_end_is_told_with_its_last_words(tmp_path: Path) -> None:
    script = "echo no free port >&2; exit 3"
    async with Program.running(*shell(script), log=tmp_path / "log") as program:
        with pytest.raises(ProgramError, match=r"sh ended with code 3.*'ready'\nno free port"):
            await program.event("ready", within=40)


async def test_silence_has_its_limit() -> None:
    async with Program.running(*shell("exec sleep 60")) as program:
        with pytest.raises(ProgramError, match="did not say 'ready' in 0 s"):
            await program.event("ready", within=0.01)


async def test_words_that_are_not_json_are_refused() -> None:
    async with Program.running(*shell("echo hello; exec sleep 60")) as program:
        with pytest.raises(ProgramError, match="not JSON: b'hello"):
            await program.event("ready", within=40)


async def test_an_end_of_its_own_gives_the_exit_code() -> None:
    async with Program.running(*shell(READY + "exit 4")) as program:
        assert await program.ended(within=40) == 4


async def test_what_the_program_started_ends_with_it(life: "Life") -> None:
    """Even one that does not listen to SIGTERM, and that the program does not wait for."""
    left_behind = f"(trap '' TERM; {life.held}; {READY} exec >&9; while :; do sleep 1; done) & "
    async with Program.running(*shell(left_behind + "exec sleep 60")) as program:
        await program.event("ready", within=40)
        assert life.lasts()

    await life.end()


async def test_a_parent_that_is_killed_takes_its_programs_along(life: "Life") -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, f"{life.held}; {READY} exec sleep 60"),
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout
    assert await parent.stdout.readline() == b"started\n"
    assert life.lasts()

    parent.kill()
    await parent.wait()

    await life.end()


PARENT = """
import asyncio, sys
from programs import Program

async def main():
    async with Program.running("/bin/sh", "-c", sys.argv[1]) as program:
        await program.event("ready", within=40)
        print("started", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


class Life:
    """Whether any process still has open what a script opened by `held`."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.held = f"exec 9>{path}"
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def lasts(self) -> bool:
        try:
            return os.read(self._end, 1) != b""
        except BlockingIOError:  # nobody wrote, and somebody could
            return True

    async def end(self) -> None:
        async with asyncio.timeout(40):
            while self.lasts():
                await asyncio.sleep(0.01)

    def close(self) -> None:
        os.close(self._end)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path / "life")
    yield life
    life.close()
