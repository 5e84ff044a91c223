"""A host of releases that does as a test likes, over real sockets, and the releases that it has.

What it gives away as a program is a small script that writes down how it was run.
"""

import asyncio
import base64
import hashlib
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from twocan.releases import WHERE
from twocan.urls import Url

OWNER = Ed25519PrivateKey.generate()
KEY = OWNER.public_key().public_bytes_raw()
PLATFORM = "linux-x86_64"

_RANGE = re.compile(rb"\r\nRange: bytes=([0-9]+)-\r\n")


def program(log: Path, then: str = "exit 0", size: int = 300_000) -> bytes:
    """A program that adds a line with its arguments to ``log``, and ``then`` does that."""
    script = f'#!/bin/sh\necho "$@" >> {log}\n{then}\nexit 0\n'.encode()
    return script + b"#" * (size - len(script))


def document(
    url: str,
    content: bytes,
    version: str = "9.1",
    platform: str = PLATFORM,
    by: Ed25519PrivateKey = OWNER,
    **about: Any,
) -> bytes:
    """What the owner says of a release with one file. ``about``: said of the file in its place."""
    file = {"url": url, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps({"version": version, "files": {platform: file | about}})
    signature = base64.b64encode(by.sign(text.encode())).decode()
    return json.dumps({"release": text, "signature": signature}).encode()


class Host:
    """Says ``document`` and gives away ``content``.

    ``resumes``: it goes on in the middle where it is asked to. ``gives``: bytes of the file after
    which it gives no more, while ``holds``; then it hangs up.
    """

    def __init__(self, content: bytes = b"", *, secure: bool = False) -> None:
        self.content, self.document = content, b""
        self.status, self.file_status = "200 OK", "200 OK"
        self.head = ""
        self.file_head = ""
        self.length: int | None = None
        self.resumes = True
        self.range: str | None = None
        """What it says it goes on with, in place of what it was asked for."""
        self.answers = True
        """Whether it says anything to who wants the file."""
        self.gives: int | None = None
        self.holds = False
        self.asked: list[bytes] = []
        self.fetched: list[int] = []
        """With which byte each download began."""
        self.news = asyncio.Condition()
        self.open = 0
        self.port = 0
        self._secure = secure

    def url(self, path: str = "/twocan") -> str:
        return f"{'https' if self._secure else 'http'}://127.0.0.1:{self.port}{path}"

    def where(self, domain: str) -> Url:
        """Where releases are told of."""
        return Url(self.url(WHERE))

    def release(self, version: str = "9.1", **about: Any) -> None:
        """Tell of its content as this version."""
        self.document = document(self.url(), self.content, version, **about)

    async def sees(self, count: int) -> None:
        """Until so many files were begun."""
        async with self.news:
            await self.news.wait_for(lambda: len(self.fetched) >= count)

    async def hears(self, count: int) -> None:
        """Until it was asked so often."""
        async with self.news:
            await self.news.wait_for(lambda: len(self.asked) >= count)

    async def is_left(self) -> None:
        """Until nobody is connected."""
        async with self.news:
            await self.news.wait_for(lambda: not self.open)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            question = await reader.readuntil(b"\r\n\r\n")
            if question.split()[1] == WHERE.encode():
                writer.write(_answer(self.status, self.head, len(self.document)) + self.document)
                self.asked.append(question)
            else:
                await self._give(question, reader, writer)
            await self._tell()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self.open -= 1
            await self._tell()

    async def _give(
        self, question: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked = _RANGE.search(question)
        start = int(asked[1]) if asked and self.resumes else 0
        rest, size = self.content[start:], len(self.content)
        status, head = self.file_status, self.file_head
        if asked and self.resumes:
            said = self.range or f"bytes {start}-{size - 1}/{size}"
            status, head = "206 Part", head + f"Content-Range: {said}\r\n"
        length = len(rest) if self.length is None else self.length
        if self.answers:
            writer.write(_answer(status, head, length) + rest[: self.gives])
        self.fetched.append(start)
        await self._tell()
        if self.holds:
            await reader.read()

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()


def _answer(status: str, head: str, length: int) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{head}\r\n".encode()


@asynccontextmanager
async def hosting(host: Host, tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    """The host, to be reached. At the end nobody is connected."""
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=tls)
    host.port = server.sockets[0].getsockname()[1]
    async with server:
        yield host
        await host.is_left()
