"""Has ejabberd forget what it keeps of people's calls: who called whom, and when.

A phone that comes back asks about the last day, and one that was long away is told of calls that it
missed. Beyond that nobody needs it. Each of the two is a file that takes no more than 2 GB, and
ejabberd reads all of the archive into memory in order to forget some of it. So where one grows far
beyond what calls need, less is kept: what is left is better than nothing new being kept at all.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from twocan_supernode.installation import DATABASE
from twocan_supernode.sessions import EjabberdSessions, SessionsAway

log = logging.getLogger(__name__)

ARCHIVE_DAYS = 3
MISSED_DAYS = 30
"""Of who was away all that time: as long as their phone stays signed in without being used."""
FEWER_DAYS = {ARCHIVE_DAYS: (2, 1, 0), MISSED_DAYS: (7, 3, 1, 0)}
"""Where it is too much, one after the other. 0 is nothing: ejabberd counts in whole days."""
TOO_MUCH = 250_000_000
"""Bytes: an eighth of what there can be. ejabberd looks through a file that it was writing when it
was killed, and takes half a minute for this much before it serves again."""
_GROWN = 1.25
"""By so much more than when less was forgotten. A file does not always get smaller by it."""
_EVERY, _LOOKS_EVERY = 3600.0, 60.0
"""Seconds."""


class Days:
    """For how many days something is kept, by the size of its file. Pure."""

    def __init__(self, usual: int) -> None:
        self._steps = (usual, *FEWER_DAYS[usual])
        self._step = 0
        self._next = TOO_MUCH

    @property
    def now(self) -> int:
        return self._steps[self._step]

    def less(self, size: int) -> bool:
        """Whether something has to be forgotten right now, for its file is of ``size`` bytes."""
        if size <= TOO_MUCH:
            self._step, self._next = 0, TOO_MUCH
        if size <= self._next:
            return False
        self._step = min(self._step + 1, len(self._steps) - 1)
        self._next = int(size * _GROWN)
        return True


class Kept:
    """One of the files, and how what is in it is forgotten."""

    def __init__(
        self, name: str, file: Path, usual: int, forget: Callable[[int], Awaitable[None]]
    ) -> None:
        self._name = name
        self._file = file
        self._days = Days(usual)
        self._forget = forget
        self._due = 0.0

    async def look(self, now: float) -> None:
        """Forgets what is to be forgotten by now, in seconds. Raises SessionsAway."""
        size = self._file.stat().st_size if self._file.exists() else 0
        if less := self._days.less(size):
            log.warning(
                "%s has %d MB: what is older than %d days is forgotten",
                *(self._name, size // 1_000_000, self._days.now),
            )
        if less or now >= self._due:
            self._due = now + _EVERY
            await self._forget(self._days.now)


async def forgetting(folder: Path, sessions: EjabberdSessions) -> None:
    """For ever, once an hour, and at once where it is too much; ``folder``: ejabberd's own.

    Any node of a cluster may, and all may.
    """
    files = folder / DATABASE
    both = (
        Kept("the archive", files / "archive_msg.DAT", ARCHIVE_DAYS, sessions.forget_archived),
        Kept(
            "what waits for people", files / "offline_msg.DAT", MISSED_DAYS, sessions.forget_missed
        ),
    )
    while True:
        for each in both:
            try:
                await each.look(time.monotonic())
            except SessionsAway as error:
                # A long archive takes longer than an answer may; it is done all the same.
                log.info("whether old calls are forgotten is not known: %s", error)
        await asyncio.sleep(_LOOKS_EVERY)
