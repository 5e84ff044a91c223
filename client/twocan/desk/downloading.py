"""Downloading a file of a release, and making sure that it is the one that was signed.

What is there of it already is gone on with, if the host can do that (RFC 9110 §14): a call, or the
end of the program, may come at any moment. The host has to say how long the file is, and to keep
up a pace; it sends nobody elsewhere.
"""

import asyncio
import errno
import hashlib
import shutil
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from http.client import HTTPMessage
from io import FileIO
from pathlib import Path
from typing import TypeVar

from twocan.desk.asking import AskError, Hitch, begun, connected, head, hitches
from twocan.desk.state import Finding
from twocan.desk.work import Aside
from twocan.releases import File

T = TypeVar("T")

PIECE = 128 * 1024
"""Bytes that come, are written, and have to come within a time, one after the other."""
UNPACKED = 5
"""How many times its own size a file needs, to be downloaded and unpacked."""

FIELDS = {"User-Agent": "Twocan", "Accept": "application/octet-stream"}
"""Some hosts answer nobody without a name. Which version asks is nobody's business."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FINDINGS = {
    Hitch.SILENT: Finding.SILENT,
    Hitch.UNREACHABLE: Finding.UNREACHABLE,
    Hitch.NOT_SECURE: Finding.NOT_SECURE,
    Hitch.NOT_WHOLE: Finding.BAD_ANSWER,
    Hitch.TOO_LONG: Finding.BAD_ANSWER,
}


class UpdateError(Exception):
    """It came to nothing, and ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def failure(error: AskError) -> UpdateError:
    """What an answer that did not come is to an update."""
    return UpdateError(_FINDINGS[error.hitch])


class Download:
    """``file``, downloaded to ``to``, a file in a folder that is nobody else's. ``aside`` waits for
    the disk. ``answer_within``, ``piece_within``: seconds for the beginning of an answer, and for
    each ``PIECE``. ``trust``: see ``asking.ask``."""

    def __init__(
        self,
        file: File,
        to: Path,
        aside: Aside,
        *,
        answer_within: float,
        piece_within: float,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._file, self._to, self._aside = file, to, aside
        self._answer_within, self._piece_within = answer_within, piece_within
        self._trust = trust

    async def finish(self) -> None:
        """Until all of it is there, is what was signed, and may be run. Raises ``UpdateError``.

        What was cut short is gone on with by the next one; what is wrong is to be thrown away.
        """
        have = await self._disk(self._begin)
        if have < self._file.size:
            try:
                with hitches():
                    await self._fetch(have)
            except AskError as error:
                raise failure(error) from None
        if await self._disk(self._digest) != self._file.sha256:
            raise UpdateError(Finding.WRONG_FILE)
        await self._disk(lambda: self._to.chmod(0o700))

    async def _fetch(self, have: int) -> None:
        fields = {**FIELDS, "Range": f"bytes={have}-"} if have else FIELDS
        url = self._file.url
        async with AsyncExitStack() as connection:
            async with asyncio.timeout(self._answer_within):
                ends = await connection.enter_async_context(connected(url, self._trust))
                reader, writer = ends
                writer.write(head("GET", url, fields))
                status, said = await begun(reader)
            await self._pour(reader, self._starts(status, said, have))

    def _starts(self, status: int, said: HTTPMessage, have: int) -> int:
        """With which of its bytes what comes begins. RFC 9110 §14.4, §15.3.7."""
        size = self._file.size
        whole, rest = status == 200, status == 206 and have > 0
        if rest and said.get("Content-Range") != f"bytes {have}-{size - 1}/{size}":
            raise UpdateError(Finding.WRONG_FILE)
        if not (whole or rest) or "Transfer-Encoding" in said or "Content-Encoding" in said:
            raise UpdateError(Finding.BAD_ANSWER)
        start = have if rest else 0
        if said.get("Content-Length") != str(size - start):
            raise UpdateError(Finding.WRONG_FILE)
        return start

    async def _pour(self, reader: asyncio.StreamReader, start: int) -> None:
        at = start
        while at < self._file.size:
            piece = await self._piece(reader, min(self._file.size - at, PIECE))
            await self._disk(partial(self._write, at, piece))
            at += len(piece)

    async def _piece(self, reader: asyncio.StreamReader, size: int) -> bytes:
        try:
            async with asyncio.timeout(self._piece_within):
                return await reader.readexactly(size)
        except TimeoutError:
            raise UpdateError(Finding.TOO_SLOW) from None
        except asyncio.IncompleteReadError as error:
            if error.partial:
                # The next one ends it.
                return error.partial
            raise UpdateError(Finding.CUT_SHORT) from None

    async def _disk(self, do: Callable[[], T]) -> T:
        try:
            return await self._aside.do(do)
        except OSError as error:
            full = error.errno in _FULL
            raise UpdateError(Finding.NO_ROOM if full else Finding.NOT_WRITTEN) from None

    # --- On the disk's thread -----------------------------------------------------------------

    def _begin(self) -> int:
        """How many bytes there are already."""
        have = self._to.stat().st_size if self._to.exists() else 0
        if have > self._file.size:
            have = 0
        if shutil.disk_usage(self._to.parent).free < UNPACKED * self._file.size - have:
            raise OSError(errno.ENOSPC, "there is not enough room for it")
        return have

    def _write(self, at: int, piece: bytes) -> None:
        """The next of its bytes, the first of which is its byte ``at``.

        It is opened for each: whoever stops waiting for it leaves nothing open.
        """
        with FileIO(self._to, "a") as to:
            to.truncate(at)
            left = memoryview(piece)
            while left:
                left = left[to.write(left) :]

    def _digest(self) -> str:
        with self._to.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
