"""What was asked: a request whose body is bounded while it is read, and is strict JSON.

A body that two readers could understand differently is understood by none: see ``strict_json``.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from twocan_supernode.site.problems import MALFORMED, TOO_LARGE, WRONG_TYPE, Problem
from twocan_supernode.site.strict_json import JsonError, read_object

LONGEST_BODY = 64 * 1024
"""Bytes."""
_JSON = "application/json"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Asked(Request):
    """A request as our endpoints read it."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            check_type(self.headers.get("Content-Type"))
            check_length(self.headers.get("Content-Length"))
            self._body = await self._read()
        return self._body

    async def json(self) -> Any:
        return parsed(await self.body())

    async def _read(self) -> bytes:
        body = bytearray()
        async for chunk in self.stream():
            body += chunk
            check_size(len(body))
        if not body:
            raise Problem(MALFORMED, "the body is empty: it should be a JSON object")
        return bytes(body)


class AskedRoute(APIRoute):
    """A route whose endpoint is given an ``Asked``."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            asked = Asked(request.scope, request.receive)
            await self.admit(asked)
            return await answer(asked)

        return handle

    async def admit(self, request: Request) -> None:
        """Raises a problem for whoever may not ask, before anything of the body is read."""


def check_type(content_type: str | None) -> None:
    """Raises a problem unless it is JSON (RFC 8259 8.1: a charset means nothing, and is let be)."""
    named = (content_type or "").partition(";")[0].strip().lower()
    if named != _JSON:
        raise Problem(WRONG_TYPE, f"send a JSON object, and the header Content-Type: {_JSON}")


def check_length(content_length: str | None) -> None:
    """Raises a problem when a body says that it is too long."""
    if content_length and content_length.isdecimal():
        check_size(int(content_length[:20]))


def check_size(size: int) -> None:
    if size > LONGEST_BODY:
        # The rest is not read, so nothing else can be asked on this connection.
        raise Problem(
            TOO_LARGE, f"it has more than {LONGEST_BODY} bytes", headers={"Connection": "close"}
        )


def parsed(body: bytes) -> dict[str, object]:
    """The JSON object that the body is. Raises a problem."""
    try:
        return read_object(body.decode())
    except UnicodeDecodeError as error:
        raise Problem(MALFORMED, f"the body is not UTF-8 from byte {error.start} on") from None
    except JsonError as error:
        raise Problem(MALFORMED, f"the body {error}") from None
