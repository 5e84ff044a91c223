"""Keeps out who sends more than calls need, until it is paid for.

Every message that somebody sends is heard (tap.py), and ejabberd keeps most of them for days. Its
own bound is on a stream, and who signs in anew has a new stream. So here each person has a sum, on
however many streams: so many bytes a second in the long run, and so many at once. Whose sum runs
over is signed out, and not let in before the long run has caught up with all that they sent.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from twocan_supernode.errors import SupernodeError

log = logging.getLogger(__name__)

GROUP = "flooding"
"""Whom ejabberd does not let in for that; ``ejabberd.yml`` has the name, too."""

RATE = 1_000
"""Bytes a second: a call takes up to 6,000 of messages, so that is ten a minute, day and night, as
someone may make who tests phones."""
AT_ONCE = 2_000_000
"""Bytes: 300 calls, one after another."""

_PEOPLE_KEPT = 100_000
_LOOKS_EVERY = 1.0
_ON_ITS_WAY = 10.0
"""Seconds in which something may still come of who is out. Whoever sends after that was let in by
another node of the cluster, which started and did not know of them."""


class Sessions(Protocol):
    """What of ``sessions`` is needed here. Both raise SupernodeError where it was not done."""

    async def end(self, address: str, group: str, /) -> None: ...
    async def readmit(self, address: str, group: str, /) -> None: ...


class Sums:
    """What people sent, as of each the time at which it will be paid for (as in site/limits.py).

    Times are seconds of a clock that does not go back. Pure.
    """

    def __init__(self, most: int = _PEOPLE_KEPT) -> None:
        self._most = most
        self._paid_at: OrderedDict[str, float] = OrderedDict()

    def sent(self, person: str, size: int, now: float) -> bool:
        """Notes it. Whether that is more than anybody may."""
        paid_at = max(self._paid_at.get(person, now), now) + size / RATE
        self._paid_at[person] = paid_at
        self._paid_at.move_to_end(person)
        if len(self._paid_at) > self._most:
            self._paid_at.popitem(last=False)
        return paid_at - now > AT_ONCE / RATE

    def paid_in(self, person: str, now: float) -> float:
        """Seconds until all that they sent is paid for."""
        return max(0.0, self._paid_at.get(person, now) - now)


class Flooding:
    """Who is kept out, as long as ``keeping_out`` runs. ``sent`` is told of all that is sent."""

    def __init__(self, sums: Sums, clock: Callable[[], float] = time.monotonic) -> None:
        self._sums = sums
        self._clock = clock
        self._out: dict[str, float | None] = {}
        """Whose sum ran over, and when ejabberd was told; None: it is to be told."""
        self._some = asyncio.Event()

    def sent(self, person: str, size: int) -> None:
        """``person``: their bare address; ``size``: bytes."""
        now = self._clock()
        over, told = self._sums.sent(person, size, now), self._out.get(person)
        if (over and person not in self._out) or (told is not None and now > told + _ON_ITS_WAY):
            self._out[person] = None
            self._some.set()

    async def keeping_out(self, sessions: Sessions) -> None:
        """For ever."""
        while True:
            self._some.clear()
            for person in list(self._out):
                try:
                    await self._look(sessions, person)
                except SupernodeError as error:
                    log.warning("who sends too much is not kept out for now: %s", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS_EVERY):
                    await self._some.wait()

    async def _look(self, sessions: Sessions, person: str) -> None:
        now = self._clock()
        left = self._sums.paid_in(person, now)
        if self._out[person] is None:
            await sessions.end(person, GROUP)
            self._out[person] = now
            log.warning("%s sent too much, and is kept out for %.0f min", person, left / 60)
        elif not left:
            await sessions.readmit(person, GROUP)
            del self._out[person]
