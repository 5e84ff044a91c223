"""A small web site on this machine: a page with a call button, and where its links are redeemed and
its tokens are renewed."""

import asyncio
import hashlib
import html
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import quote

import jwt
from jwt.utils import base64url_encode

REDEEM = "/redeem?for=it's*(me)!~&$HOME;id=$(id),+@:"
"""All that may be in such an address, of which a shell would make something else."""
_AS_SCRIPTS_ENCODE = "!~*'()"
"""What encodeURIComponent leaves as it is."""
REFRESH = "/refresh"
_OK, _GONE = "200 OK", "404 Not Found"
_UNPROVEN = "401 Unauthorized"


class CallSite:
    """``says``: what each of its links is for; None: none of them is known any more. ``renews``:
    what comes of a refresh token; None: it is good no more."""

    def __init__(self, says: Mapping[str, Any] | None = None) -> None:
        self.says = says
        self.codes: list[str] = []
        """What was redeemed here, in turn."""
        self.requests: set[str] = set()
        """What the requests were called that it was redeemed by."""
        self.keys: list[dict[str, str]] = []
        """Of whoever redeemed: public JWKs."""
        self.renews: Mapping[str, Any] | None = None
        self.nonce: str | None = None
        """What has to be in a proof."""
        self.refreshed: list[str] = []
        """The refresh tokens that were shown with a proof, in turn."""
        self._proofs: set[str] = set()
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
    def refresh(self) -> str:
        """Where tokens are renewed."""
        return f"http://{self.host}{REFRESH}"

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
        if method != "POST" or target not in (REDEEM, REFRESH):
            return _said(_GONE, "text/plain", "")
        said = json.loads(await reader.readexactly(int(_field(head, "Content-Length"))))
        if target == REFRESH:
            return self._renew(said["refresh_token"], _field(head, "DPoP"))
        self.codes.append(said["code"])
        self.keys.append(said["key"])
        self.requests.add(_field(head, "Idempotency-Key"))
        self._asked.set()
        status = _GONE if self.says is None else _OK
        return _said(status, "application/json", json.dumps(self.says))

    def _renew(self, token: str, proof: str) -> bytes:
        """RFC 9449 §4.3."""
        header = jwt.get_unverified_header(proof)
        assert (header["typ"], header["alg"], set(header["jwk"])) == (
            "dpop+jwt",
            "ES256",
            {"kty", "crv", "x", "y"},
        )
        said = jwt.decode(proof, jwt.PyJWK(header["jwk"]), algorithms=["ES256"])
        assert (said["htm"], said["htu"]) == ("POST", self.refresh)
        assert said["jti"] not in self._proofs
        self._proofs.add(said["jti"])
        assert abs(said["iat"] - time.time()) < 300
        if said.get("nonce") != self.nonce:
            return _said(_UNPROVEN, "application/json", "{}", f"DPoP-Nonce: {self.nonce}\r\n")
        if self.renews is None or thumbprint(header["jwk"]) not in map(thumbprint, self.keys):
            return _said(_UNPROVEN, "application/problem+json", "{}")
        self.refreshed.append(token)
        return _said(_OK, "application/json", json.dumps(self.renews))


def thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638, written down a second time."""
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")})
    return base64url_encode(hashlib.sha256(members.replace(" ", "").encode()).digest()).decode()


def _field(head: bytes, name: str) -> str:
    lines = head.decode("latin-1").split("\r\n")[1:]
    fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}
    return fields[name.lower()]


def _said(status: str, kind: str, content: str, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n{content}".encode()
