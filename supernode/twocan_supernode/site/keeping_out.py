"""Has ejabberd keep out those who were deleted, for as long as a token of theirs may live.

ejabberd writes down whom it refuses some seconds later, so a crash lets somebody in again; and a
deletion while no node ran never came to one. The store knows all of them: so a node that started is
told anew. Any number of processes may do this at once.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from twocan_supernode.sessions import Sessions, SessionsAway
from twocan_supernode.site.deleted import TOKENS_LAST, readmit
from twocan_supernode.state import State
from twocan_supernode.store import Revocation, Store, StoreAway

log = logging.getLogger(__name__)

LOOKS_EVERY = 1.0
"""Seconds."""


class KeepingOut:
    """``started`` tells one start of the node from the next; None: there was none yet."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        started: Callable[[], object | None],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._started = started
        self._clock = clock
        self._told: object | None = None
        """The start after which the node was told all."""
        self._readmitted = 0
        """Whoever was deleted before that, ms since 1970, is let in again."""
        self._away = False

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY)

    async def look(self) -> None:
        """Tells the node what it has to know by now, if it can be told."""
        try:
            await self._tell()
        except (StoreAway, SessionsAway) as error:
            if not self._away:
                log.warning("who was deleted is not kept out anew for now: %s", error)
            self._away = True
        else:
            self._away = False

    async def _tell(self) -> None:
        started = self._started()
        if started is None:
            return
        now = self._clock()
        dead = now - TOKENS_LAST + 1
        if started != self._told:
            for each in await self._store.revocations(dead, now + TOKENS_LAST):
                await self._sessions.end(each.address)
            self._readmitted = 0
        await self._readmit(await self._store.revocations(self._readmitted, dead))
        self._told, self._readmitted = started, dead

    async def _readmit(self, revocations: tuple[Revocation, ...]) -> None:
        for each in revocations:
            await readmit(self._sessions, self._store, each.address, self._clock())


@asynccontextmanager
async def keeping_out(
    state: State, store: Store, sessions: Sessions, clock: Callable[[], int]
) -> AsyncIterator[None]:
    """The node of that folder keeps out whom it should meanwhile."""
    keeping = KeepingOut(store, sessions, state.last_start, clock)
    task = asyncio.create_task(keeping.run(), name="keeping out")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
