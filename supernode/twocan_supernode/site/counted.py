"""The outbox of webhooks, with what happens to them counted."""

from twocan_supernode.site.metrics import Metrics
from twocan_supernode.store import Hook, Store


class CountedOutbox:
    """What the deliverer needs of a store."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    async def post(self, hook: Hook) -> None:
        await self._store.post(hook)
        self._metrics.webhook("posted")

    async def claim(self, now: int, until: int, limit: int) -> tuple[Hook, ...]:
        return await self._store.claim(now, until, limit)

    async def delivered(self, name: str, /) -> None:
        await self._store.delivered(name)
        self._metrics.webhook("done")

    async def again(self, name: str, due: int, /) -> None:
        await self._store.again(name, due)
        self._metrics.webhook("put-off")
