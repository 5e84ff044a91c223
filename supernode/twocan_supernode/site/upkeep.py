"""What the server itself answers: whether it works, its figures, its documents. And what it does
meanwhile: forgetting what has ended."""

import asyncio
import hmac
import logging

from fastapi import Request
from starlette.responses import Response

from twocan_supernode.hosts import is_this_machine
from twocan_supernode.site import metrics
from twocan_supernode.site.answers import answer
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import FORBIDDEN, Problem
from twocan_supernode.store import StoreAway

log = logging.getLogger(__name__)

PURGES_EVERY = 60.0
"""Seconds."""


class Upkeep:
    """The endpoints ``/healthz`` and ``/metrics``, and the purge."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def health(self) -> Response:
        """Whether this process can do its work now."""
        await self._parts.store.ready()
        return answer({"status": "ok"})

    async def figures(self, request: Request) -> Response:
        """Figures for Prometheus, for this very machine or whoever has the token for it."""
        if not self._may_read(request):
            raise Problem(FORBIDDEN, "figures are for this machine alone, or need a token")
        return Response(self._parts.metrics.text(), headers={"Content-Type": metrics.MEDIA_TYPE})

    def _may_read(self, request: Request) -> bool:
        access = self._parts.metrics_access
        if access.everybody:
            return True
        if access.token is not None:
            wanted = f"Bearer {access.token}".encode()
            said = request.headers.get("Authorization", "").encode()
            return hmac.compare_digest(said, wanted)
        return _from_here(request)

    async def purge(self) -> None:
        """Forgets what has ended, from time to time, for ever."""
        while True:
            try:
                await self._parts.store.purge(self._parts.clock())
            except StoreAway as error:
                log.warning("nothing is forgotten for now: %s", error)
            await asyncio.sleep(PURGES_EVERY)


def _from_here(request: Request) -> bool:
    """Whether it came from here, and was meant for here: a proxy here passes on another Host."""
    host = request.client.host if request.client else ""
    return is_this_machine(host) and is_this_machine(request.url.hostname or "")
