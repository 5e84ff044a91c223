"""A small web site on this machine: a page with a call button, and where its links are redeemed."""

import asyncio
import html
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import quote

REDEEM = "/redeem?for=it's*(me)!~&$HOME;id=$(id),+@:"
"""All that may be in such an address, of which a shell would make something else."""
_AS_SCRIPTS_ENCODE = "!~*'()"
"""What encodeURIComponent leaves as it is."""
_OK, _GONE = "200 OK", "404 Not Found"


class CallSite:
    """``says``: what each of its links is for; None: none of them is known any more."""

    def __init__(self, says: Mapping[str, Any] | None = None) -> None:
        self.says = says
        self.codes: list[str] = []
        """What was redeemed here, in turn."""
        self.link = ""
        """Where the page's button leads."""
        self._asked = asyncio.Event()
        self._port = 0

    @classmethod
    @asynccontextmanager
    async def serving(cls, says: Mapping[str, Any] | None = None) -> AsyncIterator[Self]:
        """The site, for as long as this lasts."""
        site = cls(says)
        server = await asyncio.start_server(site._serve, "127.0.0.1", 0)
        site._port = server.sockets[0].getsockname()[1]
        site.renew()
        async with server:
            yield site

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def page(self) -> str:
        """The address of the page with the button, whose id is ``call``."""
        return f"http://{self.host}/"

    def renew(self) -> str:
        """Have the button lead to a new link from now on, and nobody have asked."""
        url = quote(f"http://{self.host}{REDEEM}", safe=_AS_SCRIPTS_ENCODE)
        self.link = f"twocan:launch?redeem={url}&code={secrets.token_urlsafe(24)}"
        self._asked.clear()
        return self.link

    async def asked(self, within: float) -> str:
        """What somebody redeems, once they do; TimeoutError if nobody does."""
        async with asyncio.timeout(within):
            await self._asked.wait()
        return self.codes[-1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(await self._answer(head, reader))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # a browser connects before it needs to
        finally:
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader) -> bytes:
        method, target = head.decode("latin-1").split()[:2]
        if (method, target) == ("GET", "/"):
            page = f'<title>Site</title><a id="call" href="{html.escape(self.link)}">Call</a>'
            return _said(_OK, "text/html", page)
        if (method, target) != ("POST", REDEEM):
            return _said(_GONE, "text/plain", "")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        self.codes.append(json.loads(await reader.readexactly(length))["code"])
        self._asked.set()
        status = _GONE if self.says is None else _OK
        return _said(status, "application/json", json.dumps(self.says))


def _said(status: str, kind: str, content: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n{content}".encode()
