"""The ``twocan`` command as a test runs it: what it says is heard, and it is gone at the end."""

import asyncio
import contextlib
import json
import os
import pty
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

TWOCAN = (sys.executable, "-m", "twocan")
HAPPENS_WITHIN = 40.0

Said = dict[str, Any]


class Command:
    """A running ``twocan``."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.events: list[Said] = []
        """What it said on standard output so far."""
        assert process.stdout
        self._stdout = process.stdout
        self._stderr = asyncio.create_task(_all(process.stderr))

    def command_line(self) -> str:
        """What everybody on this machine can see of it."""
        return Path(f"/proc/{self._process.pid}/cmdline").read_text()

    async def event(self, name: str) -> Said:
        """The next event of that name; AssertionError if there is none."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while line := await self._stdout.readline():
                self.events.append(json.loads(line))
                if self.events[-1]["event"] == name:
                    return self.events[-1]
        raise AssertionError(f"no {name!r} came: {self.events}, {await self._stderr!r}")

    async def ended(self) -> tuple[int, str]:
        """Wait for its end: the exit code, and all that it said on standard error."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while line := await self._stdout.readline():
                self.events.append(json.loads(line))
            return await self._process.wait(), await self._stderr

    @property
    def report(self) -> Said:
        """The report, which is the last that it says."""
        assert [said["event"] for said in self.events].index("report") == len(self.events) - 1
        return self.events[-1]

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)


async def _all(stream: asyncio.StreamReader | None) -> str:
    return (await stream.read()).decode() if stream else ""


class Terminal:
    """A terminal on which a program shows something: ``stderr`` is the program's end of it."""

    def __init__(self) -> None:
        self._screen, self.stderr = pty.openpty()
        os.set_blocking(self._screen, False)
        self._shown = b""

    async def shows(self, pattern: str) -> None:
        """Wait until that is, or was, to be seen."""
        async with asyncio.timeout(HAPPENS_WITHIN):
            while not re.search(pattern, self._read()):
                await asyncio.sleep(0.02)

    def close(self) -> str:
        """All that was shown. The program has ended."""
        os.close(self.stderr)
        shown = self._read()
        os.close(self._screen)
        return shown

    def _read(self) -> str:
        # EIO: nobody holds the other end any more. EAGAIN: there is nothing at the moment.
        with contextlib.suppress(OSError):
            while more := os.read(self._screen, 4096):
                self._shown += more
        return self._shown.decode(errors="replace")


@asynccontextmanager
async def twocan(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, stderr: int = PIPE
) -> AsyncIterator[Command]:
    """A ``twocan`` with these arguments, until the end of the context."""
    process = await asyncio.create_subprocess_exec(
        *TWOCAN,
        *map(str, arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=stderr,
        env={**os.environ, **(environment or {})},
    )
    command = Command(process)
    try:
        yield command
    finally:
        if process.returncode is None:
            process.kill()
        await command.ended()
        process._transport.close()  # type: ignore[attr-defined]  # which the child's end leaves open


async def run(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> tuple[int, str, Command]:
    """Run ``twocan`` to its end: exit code, standard error, and the rest."""
    async with twocan(*arguments, environment=environment) as command:
        code, said = await command.ended()
    return code, said, command
