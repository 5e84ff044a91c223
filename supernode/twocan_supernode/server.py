"""ejabberd as a child process: started, listened to, stopped, and never left behind."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from twocan_supernode.installation import LOG, Installation
from twocan_supernode.stopping import end_with

_STOPS_WITHIN = 10.0
_GIVES_UP_WITHIN = 2.0
"""While it starts it heeds no signal, and has nothing yet that would be lost."""
_TAIL_BYTES = 8192
_TAIL_LINES = 20
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Three parts of base64url with dots between (RFC 7515 7.1): the password that someone signs in
# with.
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


class Server:
    """A running ejabberd."""

    def __init__(self, process: Process, log: Path, secrets: list[str]) -> None:
        self.log = log
        self._process = process
        self._secrets = secrets
        self._said = b""
        self.serves = False
        """Whether it got so far that it has something to put in order before it ends."""
        self.ended = asyncio.create_task(self._listen(), name="ejabberd")

    @classmethod
    @asynccontextmanager
    async def started(
        cls,
        installation: Installation,
        folder: Path,
        keep_open: int,
        secrets: list[str],
        clustered: Sequence[str] = (),
    ) -> AsyncIterator["Server"]:
        """ejabberd with its configuration and database in ``folder``; stopped at the end.

        It inherits the file descriptor ``keep_open``, and what it says is never shown with one of
        ``secrets`` in it.
        """
        launcher = os.getpid()
        process = await asyncio.create_subprocess_exec(
            *installation.command(folder, clustered),
            env=installation.environment(folder),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            pass_fds=[keep_open],
            umask=0o077,  # its socket and database are for its owner
            start_new_session=True,  # a terminal's Ctrl-C is for the launcher alone
            preexec_fn=lambda: end_with(launcher),
        )
        server = cls(process, folder / LOG, secrets)
        try:
            yield server
        finally:
            await server._stop()

    def tail(self) -> str:
        """The last lines that it said."""
        text = _COLOUR.sub("", self._said.decode(errors="replace"))
        for secret in self._secrets:
            text = text.replace(secret, "***")
        lines = _TOKEN.sub("***", text).splitlines()
        if len(self._said) == _TAIL_BYTES:
            del lines[0]  # cut, and perhaps within a secret
        return "\n".join(lines[-_TAIL_LINES:])

    async def _listen(self) -> None:
        """Ends when ejabberd and the programs that it started are gone: they share its output."""
        assert self._process.stdout
        while said := await self._process.stdout.read(_TAIL_BYTES):
            self._said = (self._said + said)[-_TAIL_BYTES:]
        await self._process.wait()

    async def _stop(self) -> None:
        within = _STOPS_WITHIN if self.serves else _GIVES_UP_WITHIN
        for how in (signal.SIGTERM, signal.SIGKILL):
            if not self.ended.done():
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, how)
                await asyncio.wait([self.ended], timeout=within)
