"""The store of a site: keys, codes, revocations, spent proofs, webhooks and the audit.

Many calls at once become one transaction, and each is answered once that is durable. Any number of
stores, in any number of processes and on any number of nodes, may stand on one database.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, Table
from sqlalchemy.exc import DBAPIError

from twocan_supernode.errors import SupernodeError
from twocan_supernode.store import databases, migrating, reading, session, urls, writing
from twocan_supernode.store.lane import Lane
from twocan_supernode.store.performing import Performing, read_together, write_together
from twocan_supernode.store.session import Session
from twocan_supernode.store.tables import audit, codes, hooks, proofs, redeemed, revocations
from twocan_supernode.store.values import Code, Entry, Hook, Revocation, SiteKey

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
# Many answers for as much that was asked; an error among them is raised at its one caller.
Writes = Callable[[Connection, Sequence[Asked], writing.Noted], Sequence[Answer | SupernodeError]]
Reads = Callable[[Connection, Sequence[Asked]], Sequence[Answer]]

# How long what has ended is kept, in milliseconds.
CODES_KEPT = 10 * 60 * 1000
AUDIT_KEPT = 30 * 24 * 3600 * 1000
HOOKS_KEPT = 3 * 24 * 3600 * 1000
# Which column says when it ended.
_KEPT: tuple[tuple[Table, str, int], ...] = (
    (codes, "expires", CODES_KEPT),
    (redeemed, "expires", CODES_KEPT),
    (proofs, "until", 0),
    (revocations, "until", 0),
    (audit, "at", AUDIT_KEPT),
    (hooks, "posted", HOOKS_KEPT),
)


class Store:
    """Open it with `open`. Every call raises StoreAway when the database cannot be reached."""

    def __init__(self, engine: Engine) -> None:
        writes, reads = Session(engine), Session(engine, reading=True)
        self._writer = Lane("store-writer", Performing(writes, write_together), writes.close)
        self._reader = Lane("store-reader", Performing(reads, read_together), reads.close)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """The store of the database at ``url``, whose tables are made or brought up to date.

        Raises UsageError for a wrong URL, SupernodeError for a database that is newer than this
        program, StoreAway.
        """
        parsed = urls.parsed(url)
        starting = ThreadPoolExecutor(1, "store-opening")
        try:
            loop = asyncio.get_running_loop()
            return cls(await loop.run_in_executor(starting, lambda: _prepared(parsed)))
        finally:
            starting.shutdown(wait=False)

    async def close(self) -> None:
        """Does what was asked for, and ends. More that is asked for gets StoreAway."""
        await asyncio.gather(self._writer.close(), self._reader.close())

    # --- site keys -----------------------------------------------------------------------

    async def add_key(self, key: SiteKey, entry: Entry) -> None:
        """Raises TooManyKeys when the site has two valid ones."""
        await self._write(writing.add_keys, (key, entry))

    async def keys(self, site: str) -> tuple[SiteKey, ...]:
        """All keys of the site, the retired ones too, from the oldest on."""
        return await self._read(reading.keys_of, site)

    async def key(self, id: str) -> SiteKey | None:  # noqa: A002 - what it is called everywhere
        """The key, be it retired or not."""
        return await self._read(reading.key, id)

    async def retire_key(self, id: str, at: int, entry: Entry) -> bool:  # noqa: A002
        """Whether there was such a valid key. It stays in `keys`, and no longer counts as valid."""
        return await self._write(writing.retire_keys, (id, at, entry))

    # --- codes ---------------------------------------------------------------------------

    async def issue(self, code: Code, entry: Entry, others: Sequence[bytes] = ()) -> Code:
        """``code``, stored, or the one that stands under its digest or one of ``others``, and then
        without an entry."""
        return await self._write(writing.issue, (code, entry, others))

    async def redeem(
        self, digest: bytes, by: bytes, now: int, noted: Callable[[Code], Entry]
    ) -> Code:
        """The code, to the first who asks for it, and to the same ``by`` again until it expires.

        What is ``noted`` of it is written the first time. Raises Unknown, Expired, or Used.
        """
        return await self._write(writing.redeem, (digest, by, now, noted))

    # --- revocations and proofs ----------------------------------------------------------

    async def revoke(self, site: str, address: str, at: int, until: int, entry: Entry) -> None:
        """What was made for the address until ``at`` is void; that is remembered ``until`` then."""
        await self._write(writing.revoke, (site, address, at, until, entry))

    async def revoked(self, address: str) -> int | None:
        """When, the last time; None when it was not, or long ago."""
        return await self._read(reading.revoked, address)

    async def revocations(self, since: int, until: int) -> tuple[Revocation, ...]:
        """Those since then and before ``until``, the oldest first, of all sites."""
        return await self._read(reading.revocations_of, (since, until))

    async def spend(self, digest: bytes, until: int) -> bool:
        """True the first time. It is remembered ``until`` then."""
        return await self._write(writing.spend, (digest, until))

    # --- audit ---------------------------------------------------------------------------

    async def note(self, entry: Entry) -> None:
        """For what changes nothing here."""
        await self._write(writing.note, entry)

    async def entries(self, site: str, since: int, limit: int) -> tuple[Entry, ...]:
        """The site's first ``limit`` lines from ``since`` on, in the order of their times."""
        return await self._read(reading.entries, (site, since, limit))

    # --- webhooks ------------------------------------------------------------------------

    async def post(self, hook: Hook) -> None:
        """Stores it, unless one of its id was posted before."""
        await self._write(writing.post, hook)

    async def claim(self, now: int, until: int, limit: int) -> tuple[Hook, ...]:
        """At most ``limit`` that are due by ``now``, for nobody else before ``until``."""
        return await self._write(writing.claim, (now, until, limit))

    async def delivered(self, id: str) -> None:  # noqa: A002
        """It is not to be claimed any more."""
        await self._write(writing.delivered, id)

    async def again(self, id: str, due: int) -> None:  # noqa: A002
        """It was tried once more, and is to be claimed again at ``due``."""
        await self._write(writing.again, (id, due))

    # --- housekeeping --------------------------------------------------------------------

    async def purge(self, now: int) -> None:
        """Forgets what has ended long enough ago, in many short transactions."""
        for table, column, kept in _KEPT:
            asked = (table, column, now - kept)
            while await self._write(writing.purge, asked) >= writing.PURGED_TOGETHER:
                pass

    async def ready(self) -> None:
        """Raises StoreAway when the database does not answer."""
        await self._read(reading.ready, None)

    async def _write(self, kind: Writes[Asked, Answer], asked: Asked) -> Answer:
        answer: Answer = await self._writer.ask(kind, asked)
        return answer

    async def _read(self, kind: Reads[Asked, Answer], asked: Asked) -> Answer:
        answer: Answer = await self._reader.ask(kind, asked)
        return answer


def _prepared(url: URL) -> Engine:
    if url.drivername == "sqlite":
        databases.make_file(Path(str(url.database)))
    engine = databases.engine_of(url)
    try:
        migrating.migrate(engine)
    except DBAPIError as error:
        raise session.said(url, error) from None
    except sqlite3.Error as error:
        raise SupernodeError(f"{urls.shown(url)} cannot be used: {error}") from None
    return engine
