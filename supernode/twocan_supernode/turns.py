"""Turns between sites: what one asks for in crowds does not make the others wait."""

from asyncio import Semaphore
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class TooMany(Exception):
    """So much waits for that site already that more would wait for too long."""


class Turns:
    """Lets in ``at_once``, and ``of_one`` of each site; ``waiting``: how many of one may wait."""

    def __init__(self, at_once: int, of_one: int, waiting: int) -> None:
        self._all = Semaphore(at_once)
        self._of_site: defaultdict[str, Semaphore] = defaultdict(lambda: Semaphore(of_one))
        self._waiting: defaultdict[str, int] = defaultdict(int)
        self._most = waiting

    @asynccontextmanager
    async def turn(self, site: str) -> AsyncIterator[None]:
        """One turn of that site's. Raises TooMany, and then at once."""
        if self._waiting[site] >= self._most:
            raise TooMany
        self._waiting[site] += 1
        try:
            # Who waits for the second waits behind no more than `of_one` of each other site.
            async with self._of_site[site], self._all:
                yield
        finally:
            self._waiting[site] -= 1
