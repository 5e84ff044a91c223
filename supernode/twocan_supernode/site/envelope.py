"""What goes around every request and answer of the app, as pure ASGI.

Headers that keep browsers from doing more than they should, a line in the log, figures, and a
last answer where something broke. Neither paths nor queries are logged: they hold people's IDs.
"""

import logging
import time
import traceback
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twocan_supernode.site import problems
from twocan_supernode.site.metrics import Metrics

log = logging.getLogger(__name__)

_HEADERS = {
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-resource-policy": b"same-origin",
}
_SECURE = {b"strict-transport-security": b"max-age=31536000"}
_NEVER_KEPT = {b"cache-control": b"no-store"}
_WRONG = 400
_ELSEWHERE = "other"
"""The endpoint of a request that met none."""


class Envelope:
    def __init__(self, app: ASGIApp, metrics: Metrics, *, secure: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = {**_HEADERS, **(_SECURE if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = _Sending(send, self._headers_for(scope["path"]))
        began = time.perf_counter()
        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            _log_fault(error)
            if not sending.status:
                await problems.internal().response()(scope, receive, sending)
        finally:
            self._note(scope, sending.status, time.perf_counter() - began)

    def _headers_for(self, path: str) -> dict[bytes, bytes]:
        return self._headers | _NEVER_KEPT if path.startswith("/v1/") else self._headers

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        endpoint = getattr(scope.get("route"), "path_format", _ELSEWHERE)
        self._metrics.answered(endpoint, scope["method"], status, seconds)
        # What went well is in the figures; a line for each would cost as much as some of them.
        level = logging.INFO if status >= _WRONG else logging.DEBUG
        log.log(level, "%s %s %d %.1f ms", scope["method"], endpoint, status, seconds * 1000)


class _Sending:
    """Sends an answer with more headers: those that it has not got already."""

    def __init__(self, send: Send, headers: MutableMapping[bytes, bytes]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._with_ours(message["headers"])}
        await self._send(message)

    def _with_ours(self, headers: Any) -> list[tuple[bytes, bytes]]:
        given = [(name.lower(), value) for name, value in headers]
        names = {name for name, _ in given}
        return given + [one for one in self._headers.items() if one[0] not in names]


def _log_fault(error: Exception) -> None:
    """Where it happened, and of what kind. Not its words: they may repeat what was sent."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request failed by %s:\n%s", type(error).__qualname__, frames)
