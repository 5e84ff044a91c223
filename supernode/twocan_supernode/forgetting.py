"""Has ejabberd forget what it keeps of people's calls: who called whom, and when.

A phone that comes back asks about the last day, and one that was long away is told of calls that it
missed. Beyond that nobody needs it; and the archive that is in files takes no more than 2 GB.
"""

import asyncio
import logging

from twocan_supernode.sessions import EjabberdSessions, SessionsAway
from twocan_supernode.state import State

log = logging.getLogger(__name__)

ARCHIVE_DAYS = 3
MISSED_DAYS = 30
"""Of who was away all that time: as long as their phone stays signed in without being used."""
_EVERY = 3600.0
"""Seconds."""


async def forgetting(state: State) -> None:
    """For ever, once an hour. Any node of a cluster may, and all may."""
    async with EjabberdSessions(state) as sessions:
        while True:
            try:
                await sessions.forget(ARCHIVE_DAYS, MISSED_DAYS)
            except SessionsAway as error:
                # A long archive takes longer than an answer may; it is done all the same.
                log.info("whether old calls are forgotten is not known: %s", error)
            await asyncio.sleep(_EVERY)
