"""The store of a site as commands use it, and how what they change comes into its audit.

The database is loaded by whoever uses it, and not by other commands, which start at once.
"""

import argparse
import getpass
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twocan_supernode.commands import database
from twocan_supernode.state import State

if TYPE_CHECKING:
    from twocan_supernode.store import Entry, Store


@asynccontextmanager
async def store(given: argparse.Namespace) -> AsyncIterator["Store"]:
    """That of the options ``state`` and ``database``. Raises UsageError, StoreAway."""
    from twocan_supernode.store import Store

    opened = await Store.open(database.url(given, State(given.state)))
    try:
        yield opened
    finally:
        await opened.close()


def entry(given: argparse.Namespace, action: str, at: int) -> "Entry":
    """What the command did to the option ``site``, as whoever typed it."""
    from twocan_supernode.store import Entry

    return Entry(at, given.site, f"command by {getpass.getuser()}", action, "", "ok")


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def date(ms: int) -> str:
    """To a second, as RFC 3339 has it."""
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat().replace("+00:00", "Z")
