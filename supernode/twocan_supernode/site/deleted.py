"""People whom a site deleted: nothing made for them until then is good any more."""

import asyncio

from twocan_supernode.sessions import Sessions
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import DELETED_JUST_NOW, FieldError, Problem
from twocan_supernode.site.tokens import PHONE_TOKEN_LASTS, REFRESH_TOKEN_LASTS
from twocan_supernode.store import Store

_SECOND = 1000

TOKENS_LAST = int(PHONE_TOKEN_LASTS.total_seconds() * _SECOND)
"""For so many ms ejabberd itself would still let an old token sign in: so long nobody of that
address signs in at all."""
KEPT = int(REFRESH_TOKEN_LASTS.total_seconds() * _SECOND) + 60 * _SECOND
"""For so many ms a deletion is remembered: nothing that was made for them is good for longer."""


class Deleted:
    """What the store knows about people who were deleted. Times are ms since 1970."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._sessions = parts.sessions
        self._clock = parts.clock

    async def refuse(self, address: str) -> None:
        """Raises a problem if that person was deleted just now."""
        at = await self._store.revoked(address)
        if at is not None:
            self._refuse(at)

    async def readmit(self, address: str) -> None:
        """Has ejabberd let that person in now, if they were deleted once: see ``keeping_out``."""
        if await self._store.revoked(address) is not None:
            await readmit(self._sessions, self._store, address, self._clock())

    async def since(self, made: int, *addresses: str) -> bool:
        """Whether one of them was deleted after ``made``, or so shortly before that it counts."""
        now = self._clock()
        return any(
            at is not None and (made <= at or now < at + TOKENS_LAST)
            for at in await asyncio.gather(*map(self._store.revoked, addresses))
        )

    def _refuse(self, at: int) -> None:
        wait = at + TOKENS_LAST - self._clock()
        if wait > 0:
            seconds = -(-wait // _SECOND)
            detail = f"was deleted just now, and can begin anew in {seconds} s"
            raise Problem(
                DELETED_JUST_NOW,
                f"person: {detail}",
                [FieldError("person", detail)],
                {"Retry-After": str(seconds)},
            )


async def readmit(sessions: Sessions, store: Store, address: str, now: int) -> None:
    """Has ejabberd let the person in again; unless they were deleted once more meanwhile.

    Raises StoreAway, SessionsAway.
    """
    await sessions.readmit(address)
    at = await store.revoked(address)
    if at is not None and now < at + TOKENS_LAST:
        await sessions.end(address)
