"""Programs that do not outlive the one that starts them, whichever way that one ends."""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any, Self

PATIENCE_SECONDS = 10.0  # from the request to stop until it is enforced
_PR_SET_PDEATHSIG = 1

Event = dict[str, Any]


class ProgramError(Exception):
    """A program ended early, or did not say in time what it was waited for."""


class Program:
    """A program that says what happens to it in JSON lines on its standard output.

    It runs in a process group of its own, so that all of it can be stopped and Ctrl-C reaches only
    the one who starts it. What it says on standard error goes to `log`, or through where there is
    none.
    """

    def __init__(self, name: str, process: Process, log: Path | None) -> None:
        self._name = name
        self._process = process
        self._log = log

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, *command: str | Path, log: Path | None = None) -> AsyncIterator[Self]:
        """Start `command`; it is stopped at the end of the block."""
        with log.open("wb") if log else contextlib.nullcontext() as errors:
            program = cls(Path(command[0]).name, await _start(command, errors), log)
        try:
            yield program
        finally:
            await program._stop()

    async def event(self, name: str, within: float | None) -> Event:
        """The next event called `name`, passing over others, in at most `within` seconds if given.

        Raises:
            ProgramError: the program ended first, or the time was over.
        """
        try:
            async with asyncio.timeout(within):
                async for event in self._events():
                    if event.get("event") == name:
                        return event
                code = await self._process.wait()
        except TimeoutError:
            raise self._error(f"{self._name} did not say {name!r} in {within:.0f} s") from None
        raise self._error(f"{self._name} ended with code {code} before it said {name!r}")

    async def ended(self, within: float) -> int:
        """Its exit code, once it has ended of itself; what else it says meanwhile is dropped.

        Raises:
            ProgramError: it did not end in `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                async for _ in self._events():
                    pass
                return await self._process.wait()
        except TimeoutError:
            raise self._error(f"{self._name} did not end in {within:.0f} s") from None

    async def _events(self) -> AsyncIterator[Event]:
        assert self._process.stdout
        async for line in self._process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                raise self._error(f"{self._name} said what is not JSON: {line!r}") from None
            yield event

    async def _stop(self) -> None:
        try:
            self._signal(signal.SIGTERM)
            await self._wait()
        finally:  # also where waiting was cut short, and for what the program left behind
            self._signal(signal.SIGKILL)
        await self._wait()

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _error(self, message: str) -> ProgramError:
        said = self._log.read_text(errors="replace").strip() if self._log else ""
        return ProgramError("\n".join([message, *said.splitlines()[-10:]]))


async def _start(command: tuple[str | Path, ...], errors: IO[bytes] | None) -> Process:
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=errors,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    """Between fork and exec: even a parent that is killed takes this program with it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
