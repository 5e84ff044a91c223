"""People whom a site deleted: nothing made for them until then is good any more."""

import asyncio

from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import DELETED_JUST_NOW, FieldError, Problem
from twocan_supernode.site.tokens import PHONE_TOKEN_LASTS

TOKENS_LAST = int(PHONE_TOKEN_LASTS.total_seconds() * 1000)
"""For so many ms ejabberd itself would still let an old token sign in: so long nobody of that
address signs in at all."""
KEPT = 10 * 365 * 86_400_000
"""For so many ms a deletion is remembered: ejabberd refuses the person until they are readmitted,
which is when they next sign in. Nothing that was made for them is good for longer than a month."""

_SECOND = 1000


class Deleted:
    """What the store knows about people who were deleted. Times are ms since 1970."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._clock = parts.clock

    async def before(self, address: str) -> bool:
        """Whether that person was deleted once. Raises a problem if it was just now."""
        at = await self._store.revoked(address)
        if at is not None:
            self._refuse(at)
        return at is not None

    async def ever(self, address: str) -> bool:
        """Whether that person was deleted once, as far back as it matters."""
        return await self._store.revoked(address) is not None

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
