"""What reads the database: as in `writing`, each function does one kind for many callers at once.

Reads stand on a connection of their own: they do not wait for a commit, and see all that were.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from twocan_supernode.store.tables import audit, keys, revocations
from twocan_supernode.store.values import Entry, Revocation, SiteKey

_KEY = select(keys.c.id, keys.c.site, keys.c.digest, keys.c.made, keys.c.retired)
_ENTRY = select(
    audit.c.at, audit.c.site, audit.c.actor, audit.c.action, audit.c.subject, audit.c.outcome
)


def key(db: Connection, asked: Sequence[str]) -> list[SiteKey | None]:
    rows = db.execute(_KEY.where(keys.c.id.in_(set(asked))))
    found = {row.id: SiteKey(*row) for row in rows}
    return [found.get(name) for name in asked]


def keys_of(db: Connection, asked: Sequence[str]) -> list[tuple[SiteKey, ...]]:
    return [_keys_of(db, site) for site in asked]


def _keys_of(db: Connection, site: str) -> tuple[SiteKey, ...]:
    rows = db.execute(_KEY.where(keys.c.site == site).order_by(keys.c.made, keys.c.id))
    return tuple(SiteKey(*row) for row in rows)


def revoked(db: Connection, asked: Sequence[str]) -> list[int | None]:
    named = select(revocations.c.address, revocations.c.at)
    rows = db.execute(named.where(revocations.c.address.in_(set(asked))))
    found = dict(rows.all())
    return [found.get(address) for address in asked]


def revocations_of(
    db: Connection, asked: Sequence[tuple[int, int]]
) -> list[tuple[Revocation, ...]]:
    return [_revocations_of(db, since, until) for since, until in asked]


def _revocations_of(db: Connection, since: int, until: int) -> tuple[Revocation, ...]:
    those = select(revocations.c.address, revocations.c.at)
    those = those.where(revocations.c.at >= since, revocations.c.at < until)
    return tuple(Revocation(*row) for row in db.execute(those.order_by(revocations.c.at)))


def entries(db: Connection, asked: Sequence[tuple[str, int, int]]) -> list[tuple[Entry, ...]]:
    return [_entries(db, site, since, limit) for site, since, limit in asked]


def _entries(db: Connection, site: str, since: int, limit: int) -> tuple[Entry, ...]:
    lines = _ENTRY.where(audit.c.site == site, audit.c.at >= since)
    rows = db.execute(lines.order_by(audit.c.at, audit.c.number).limit(limit))
    return tuple(Entry(*row) for row in rows)


def ready(db: Connection, asked: Sequence[None]) -> list[None]:
    db.execute(select(1))
    return [None] * len(asked)
