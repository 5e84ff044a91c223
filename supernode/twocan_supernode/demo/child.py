"""A command of ``twocan-supernode`` as a child process, which never outlives the demo."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

from twocan_supernode.errors import SupernodeError
from twocan_supernode.stopping import end_with

_STOPS_WITHIN = 15.0
_STARTS_WITHIN = 60.0
_TAIL_LINES = 10


class Child:
    """A running command. ``ended`` is done when it is over, which it is not unasked."""

    def __init__(self, name: str, process: Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log
        self.ended = asyncio.create_task(process.wait(), name=name)

    @classmethod
    @asynccontextmanager
    async def started(cls, log: Path, *words: str | Path) -> AsyncIterator[Self]:
        """Stopped at the end. What it has to say to people goes into the file ``log``."""
        demo = os.getpid()
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "twocan_supernode", *words),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=said,
                start_new_session=True,  # a terminal's Ctrl-C is for the demo alone
                preexec_fn=lambda: end_with(demo),
            )
        child = cls(f"twocan-supernode {words[0]}", process, log)
        try:
            yield child
        finally:
            await child._stop()

    async def ready(self) -> dict[str, Any]:
        """What it says once it serves. Raises SupernodeError when it does not."""
        assert self._process.stdout
        try:
            async with asyncio.timeout(_STARTS_WITHIN):
                line = await self._process.stdout.readline()
        except TimeoutError:
            line = b""
        if not line:
            raise self.fault("did not start")
        said: dict[str, Any] = json.loads(line)
        return said

    async def output(self) -> str:
        """All that it says, once it has ended by itself. Raises SupernodeError where it failed."""
        said, _ = await self._process.communicate()
        if await self.ended != 0:
            raise self.fault("failed")
        return said.decode()

    def fault(self, what: str) -> SupernodeError:
        """What to raise: that, and the last that it said."""
        tail = self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return SupernodeError("\n".join([f"{self._name} {what}:", *tail]))

    async def _stop(self) -> None:
        for how in (signal.SIGTERM, signal.SIGKILL):
            if not self.ended.done():
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, how)
                await asyncio.wait([self.ended], timeout=_STOPS_WITHIN)
