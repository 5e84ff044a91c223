"""Somebody's session on a display, where links are opened as a system does: by real programs.

What is started there belongs to nobody who waits for it. It is known by the home that it has, and
is gone at the end.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from installed import Home
from own_display import Display
from twocan.handover import quit_running

WITHIN = 40.0
"""Seconds for what a person would not wait for, on a machine that has more to do."""
CHECKOUT = [sys.executable, "-m", "twocan"]
"""How a program that is not frozen is started."""
_DEVICES = ("ALSA_CONFIG_PATH", "PULSE_SERVER")


class Session:
    """``environment``: what every program of the session has."""

    def __init__(self, folder: Path, display: Display, more: dict[str, str]) -> None:
        self.home = Home(folder / "home")
        here = {name: os.environ[name] for name in _DEVICES}
        self.environment = {
            **self.home.environment,
            **display.environment,
            **here,
            "LC_ALL": "C.UTF-8",
            # Without it xdg-open tries one browser after the other with what nobody opens.
            "BROWSER": "false",
            **more,
        }

    @classmethod
    @contextmanager
    def of(cls, folder: Path, display: Display, **environment: str) -> Iterator[Self]:
        """A session of somebody who has used nothing yet; at its end nothing of it runs."""
        session = cls(folder, display, environment)
        try:
            yield session
        finally:
            session.end()

    def install(self) -> int:
        """Have this checkout open links: the exit code."""
        return self.home.command("", "install", "--quiet")[0]

    async def start(self, *command: str | Path) -> Process:
        """Start a program here."""
        return await asyncio.create_subprocess_exec(
            *command, env=self.environment, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )

    async def runs(self, *command: str | Path) -> int:
        """Run a program here to its end: the exit code."""
        process = await self.start(*command)
        code = await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # which the child's end leaves open
        return code

    def started(self, program: list[str]) -> list[list[str]]:
        """What each program that runs was given, and that was started by these words."""
        words = [os.fsencode(word) for word in program]
        found = (_read(pid, "cmdline").split(b"\0")[:-1] for pid in self._pids())
        return [
            [os.fsdecode(word) for word in each[len(words) :]]
            for each in found
            if each[: len(words)] == words
        ]

    async def quits(self) -> None:
        """The phone is told to end, and does."""
        assert await asyncio.to_thread(quit_running, WITHIN, self.environment)

    def end(self) -> None:
        """Whatever runs here is ended."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            last = time.monotonic() + WITHIN
            while self._pids() and time.monotonic() < last:
                time.sleep(0.02)

    def _pids(self) -> list[int]:
        """Of every process here."""
        mine = b"HOME=" + os.fsencode(self.home.folder)
        every = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
        return [pid for pid in every if mine in _read(pid, "environ").split(b"\0")]


def _read(pid: int, name: str) -> bytes:
    """A file of a process that may be gone, or another person's."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
