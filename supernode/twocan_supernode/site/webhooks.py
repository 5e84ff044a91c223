"""Telling a site what happened to its people's calls: signed, at least once, for 24 hours.

What is to be told waits in the store, so that no restart loses it and any node can tell it. Each
takes what is due for the time of a lease, and a site that is slow holds up itself alone. Times are
milliseconds since 1970.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Protocol, Self
from urllib.parse import urlsplit

import httpx

from twocan_supernode.site.calls import CallEvent
from twocan_supernode.site.settings import Webhook
from twocan_supernode.site.webhook_signing import sign
from twocan_supernode.store import Hook, StoreAway

log = logging.getLogger(__name__)

ANSWERS_WITHIN = 10.0
"""Seconds for a site to take one. It has only to note it down."""
WAITS = (5, 30, 2 * 60, 10 * 60, 3600, 3 * 3600, 6 * 3600, 6 * 3600, 7 * 3600 + 2845)
"""Seconds from one try to the next. After 24 hours in all nobody wants to know any more."""
JITTER = 0.1
"""By how much of itself a wait differs, so that those that failed together come apart."""

AT_ONCE = 8
"""Requests to one site. A site that hangs holds up itself alone."""
WAITING_MOST = 10_000
"""Webhooks of one site in this process's hands; those beyond are claimed anew after LEASE."""
IN_HAND_MOST = 20_000
"""Of all sites: some 20 MB."""
CLAIMED_TOGETHER = 100
LEASE = 120_000
"""Milliseconds for which what was claimed is this process's to tell, and no other's."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at the store: some fall due, and other nodes post as well."""

_LEAST_OF_LEASE = int(ANSWERS_WITHIN * 1000) + 5_000
_READ_AWAY = 64 * 1024
_READ_WITHIN = 0.1
_GONE = 410


def wait_after(tries: int, chance: float) -> int | None:
    """Milliseconds to wait after that many tries failed; None: no more. ``chance``: 0 to 1."""
    if tries > len(WAITS):
        return None
    return round(WAITS[tries - 1] * 1000 * (1 + JITTER * (2 * chance - 1)))


class Outbox(Protocol):
    """What of the store is needed here."""

    async def post(self, hook: Hook) -> None: ...
    async def claim(self, now: int, until: int, limit: int) -> tuple[Hook, ...]: ...
    async def delivered(self, name: str, /) -> None: ...
    async def again(self, name: str, due: int, /) -> None: ...


@dataclass(slots=True)
class _Queue:
    """What one site is to be told, each with the end of its lease, and how many tell it."""

    waiting: deque[tuple[Hook, int]] = field(default_factory=deque)
    workers: int = 0


def new_client() -> httpx.AsyncClient:
    """The client that tells sites: as many connections as there are sites times AT_ONCE."""
    # They would log whole URLs, and the query of one may hold a key.
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    bounds = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    return httpx.AsyncClient(limits=bounds, timeout=ANSWERS_WITHIN, follow_redirects=False)


class Deliverer:
    """Tells the sites, as long as it is entered (``async with``).

    ``webhook_of`` a site's name is where it wants to be told now, None for nowhere.
    """

    def __init__(
        self,
        store: Outbox,
        webhook_of: Callable[[str], Webhook | None],
        client: httpx.AsyncClient,
        clock: Callable[[], int],
        answers_within: float = ANSWERS_WITHIN,
    ) -> None:
        self._store = store
        self._webhook_of = webhook_of
        self._client = client
        self._clock = clock
        self._answers_within = answers_within
        self._chance = SystemRandom().random
        self._queues: dict[str, _Queue] = {}
        self._in_hand: dict[str, Hook] = {}
        self._wake = asyncio.Event()
        self._away = False
        self._claiming: asyncio.Future[tuple[Hook, ...]] | None = None
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.run(), name="webhooks")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def post(self, event: CallEvent) -> None:
        """Has the site told, if it wants to be. Returns once that is kept; raises StoreAway."""
        if self._webhook_of(event.site) is not None:
            body = json.dumps(event.payload())
            await self._store.post(Hook(event.id, event.site, body, due=event.at, tries=0))
            self.wake()

    def wake(self) -> None:
        """Look at the store now: something is due."""
        self._wake.set()

    async def run(self) -> None:
        """Tells the sites until it is cancelled. What is in hand then goes back to the store."""
        try:
            async with asyncio.TaskGroup() as workers:
                while True:
                    self._wake.clear()
                    if not await self._take(workers):
                        await self._next_look()
        finally:
            await self._hand_back()

    async def _take(self, workers: asyncio.TaskGroup) -> bool:
        """Claims what is due. Whether there may be more."""
        if len(self._in_hand) > IN_HAND_MOST:
            return False
        now = self._clock()
        claim = self._store.claim(now, now + LEASE, CLAIMED_TOGETHER)
        self._claiming = asyncio.ensure_future(claim)
        try:
            # A stop in between does not lose what the store gives: see _hand_back.
            hooks = await asyncio.shield(self._claiming)
        except StoreAway as away:
            self._note_away(away)
            return False
        except Exception:
            log.exception("no webhook could be claimed")
            return False
        self._note_away(None)
        for hook in hooks:
            self._queue(hook, now + LEASE, workers)
        self._claiming = None
        return len(hooks) == CLAIMED_TOGETHER

    def _queue(self, hook: Hook, until: int, workers: asyncio.TaskGroup) -> None:
        queue = self._queues.setdefault(hook.site, _Queue())
        if len(queue.waiting) >= WAITING_MOST or hook.id in self._in_hand:
            return
        self._in_hand[hook.id] = hook
        queue.waiting.append((hook, until))
        if queue.workers < AT_ONCE:
            queue.workers += 1
            workers.create_task(self._work(hook.site, queue), name=f"webhooks of {hook.site}")

    async def _work(self, site: str, queue: _Queue) -> None:
        while queue.waiting:
            hook, until = queue.waiting.popleft()
            if until - self._clock() >= _LEAST_OF_LEASE:
                await self._tell(hook)
            # Else somebody claims it anew.
            del self._in_hand[hook.id]
        queue.workers -= 1
        if not queue.workers:
            self._queues.pop(site, None)
        self._wake.set()

    async def _tell(self, hook: Hook) -> None:
        try:
            webhook = self._webhook_of(hook.site)
            if webhook is None or await self._told(webhook, hook):
                await self._store.delivered(hook.id)
            else:
                await self._put_off(hook)
        except StoreAway as away:
            # It is told again after the lease; who was told knows it by its id.
            self._note_away(away)
        except Exception:
            # A fault of ours: it costs this one a wait, and the others nothing.
            log.exception("a webhook of %s was not sent", hook.site)

    async def _told(self, webhook: Webhook, hook: Hook) -> bool:
        """Whether there is no more to do."""
        host = urlsplit(webhook.url).hostname
        try:
            async with asyncio.timeout(self._answers_within):
                status = await self._posted(webhook, hook)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            log.info("webhook to %s: %s", host, type(error).__name__)
            return False
        log.info("webhook to %s: %d", host, status)
        return status == _GONE or 200 <= status < 300

    async def _posted(self, webhook: Webhook, hook: Hook) -> int:
        body = hook.body.encode()
        headers = sign(webhook, hook.id, body, self._clock())
        headers |= {"content-type": "application/json", "user-agent": "Twocan-Webhooks"}
        async with self._client.stream(
            "POST", webhook.url, content=body, headers=headers, follow_redirects=False
        ) as response:
            await _read_away(response)
            return response.status_code

    async def _put_off(self, hook: Hook) -> None:
        wait = wait_after(hook.tries + 1, self._chance())
        if wait is not None:
            await self._store.again(hook.id, self._clock() + wait)
            return
        log.warning("site %s was not told of an event: no try of 24 hours came through", hook.site)
        await self._store.delivered(hook.id)

    async def _next_look(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOKS_EVERY):
                await self._wake.wait()

    async def _hand_back(self) -> None:
        names = list(self._in_hand)
        if self._claiming is not None:
            with contextlib.suppress(Exception):
                names += [hook.id for hook in await self._claiming]
        self._in_hand.clear()
        now = self._clock()
        back = (self._store.again(name, now) for name in dict.fromkeys(names))
        # With the store away they come back by themselves, after the lease.
        await asyncio.gather(*back, return_exceptions=True)

    def _note_away(self, away: StoreAway | None) -> None:
        if away is not None and not self._away:
            log.warning("webhooks wait: %s", away)
        self._away = away is not None


async def _read_away(response: httpx.Response) -> None:
    """Reads a short answer to its end, so that the connection can be used again; else it is closed.

    Nothing hangs on it: the status has come.
    """
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= _READ_AWAY:
        with contextlib.suppress(httpx.HTTPError, TimeoutError):
            async with asyncio.timeout(_READ_WITHIN):
                async for _ in response.aiter_raw():
                    pass
