"""What changes the database: each function does one kind of request for many callers at once.

Each gets the open transaction, what was asked, and the audit's new lines, and answers in order.
An exception among the answers is for its one caller; the others' requests stand. Rows are inserted
in the order of their keys, so that two nodes never wait for each other.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, case, delete, func, select, update

from twocan_supernode.errors import SupernodeError
from twocan_supernode.store.tables import (
    audit,
    codes,
    hooks,
    keys,
    proofs,
    redeemed,
    revocations,
)
from twocan_supernode.store.values import (
    Code,
    CodeError,
    Entry,
    Expired,
    Hook,
    SiteKey,
    TooManyKeys,
    Unknown,
    Used,
)

MOST_VALID_KEYS = 2
# Rows that one transaction purges: others wait for it meanwhile.
PURGED_TOGETHER = 500
_BEGINNING_OF_LOCKS = 0x7763_6B65  # any number that no other program's locks have

Row = dict[str, Any]
Noted = list[Entry]
Kind = Callable[[Connection, Sequence[Any], Noted], Sequence[Any]]


def add_keys(
    db: Connection, asked: Sequence[tuple[SiteKey, Entry]], noted: Noted
) -> list[SupernodeError | None]:
    return [_add_key(db, key, entry, noted) for key, entry in asked]


def _add_key(db: Connection, key: SiteKey, entry: Entry, noted: Noted) -> TooManyKeys | None:
    if db.dialect.name == "postgresql":
        # One node at a time counts them; in SQLite only one writes.
        db.execute(select(func.pg_advisory_xact_lock(_BEGINNING_OF_LOCKS, func.hashtext(key.site))))
    valid = select(func.count()).where(keys.c.site == key.site, keys.c.retired.is_(None))
    if (db.scalar(valid) or 0) >= MOST_VALID_KEYS:
        return TooManyKeys(
            f"the site {key.site} has {MOST_VALID_KEYS} valid keys already: retire one first"
        )
    row = {"id": key.id, "site": key.site, "digest": key.digest}
    db.execute(keys.insert().values(**row, made=key.made, retired=key.retired))
    noted.append(entry)
    return None


def retire_keys(
    db: Connection, asked: Sequence[tuple[str, int, Entry]], noted: Noted
) -> list[bool]:
    done = []
    for name, at, entry in asked:
        valid = update(keys).where(keys.c.id == name, keys.c.retired.is_(None))
        done.append(db.execute(valid.values(retired=at)).rowcount == 1)
        if done[-1]:
            noted.append(entry)
    return done


def issue(
    db: Connection, asked: Sequence[tuple[Code, Entry, Sequence[bytes]]], noted: Noted
) -> list[Code]:
    standing = _codes(db, [each for code, _, others in asked for each in (code.digest, *others)])
    answers: list[Code] = []
    new: list[Row] = []
    for code, entry, others in asked:
        stands = next((standing[each] for each in (code.digest, *others) if each in standing), None)
        if stands is None:
            stands = standing[code.digest] = code
            new.append(_columns(code))
            noted.append(entry)
        answers.append(stands)
    _insert(db, codes, new, "digest")
    return answers


def redeem(
    db: Connection,
    asked: Sequence[tuple[bytes, bytes, int, Callable[[Code], Entry]]],
    noted: Noted,
) -> list[Code | SupernodeError]:
    digests = [digest for digest, *_ in asked]
    standing = _codes(db, digests)
    by_whom = select(redeemed.c.digest, redeemed.c.by).where(redeemed.c.digest.in_(digests))
    winners: dict[bytes, bytes] = dict(db.execute(by_whom).all())
    answers: list[Code | SupernodeError] = []
    new: list[Row] = []
    for digest, by, now, entry_of in asked:
        answer = _redeemable(standing.get(digest), by, now, winners.get(digest))
        answers.append(answer)
        if isinstance(answer, Code) and digest not in winners:
            winners[digest] = by
            new.append({"digest": digest, "by": by, "expires": answer.expires})
            noted.append(entry_of(answer))
    _insert(db, redeemed, new, "digest")
    return answers


def _redeemable(code: Code | None, by: bytes, now: int, winner: bytes | None) -> Code | CodeError:
    if code is None:
        return Unknown()
    if now >= code.expires:
        return Expired()
    return code if winner in (None, by) else Used()


def revoke(
    db: Connection, asked: Sequence[tuple[str, str, int, int, Entry]], noted: Noted
) -> list[None]:
    latest: dict[str, Row] = {}
    for site, address, at, until, entry in asked:
        row = latest.setdefault(address, {"address": address, "site": site, "at": at, "until": 0})
        row |= {"at": max(at, row["at"]), "until": max(until, row["until"])}
        noted.append(entry)
    named = select(revocations.c.address).where(revocations.c.address.in_(list(latest)))
    for address in sorted(db.scalars(named)):
        _move_forward(db, latest.pop(address))
    _insert(db, revocations, list(latest.values()), "address")
    return [None] * len(asked)


def _move_forward(db: Connection, row: Row) -> None:
    columns = (revocations.c.at, revocations.c.until)
    later = {one.name: case((one < row[one.name], row[one.name]), else_=one) for one in columns}
    db.execute(update(revocations).where(revocations.c.address == row["address"]).values(later))


def spend(db: Connection, asked: Sequence[tuple[bytes, int]], _: Noted) -> list[bool]:
    digests = [digest for digest, _ in asked]
    spent = set(db.scalars(select(proofs.c.digest).where(proofs.c.digest.in_(digests))))
    answers = []
    new: list[Row] = []
    for digest, until in asked:
        answers.append(digest not in spent)
        if digest not in spent:
            spent.add(digest)
            new.append({"digest": digest, "until": until})
    _insert(db, proofs, new, "digest")
    return answers


def post(db: Connection, asked: Sequence[Hook], _: Noted) -> list[None]:
    posted = select(hooks.c.id).where(hooks.c.id.in_([hook.id for hook in asked]))
    known = set(db.scalars(posted))
    new = {
        hook.id: {**_columns(hook), "posted": hook.due} for hook in asked if hook.id not in known
    }
    _insert(db, hooks, list(new.values()), "id")
    return [None] * len(asked)


def delivered(db: Connection, asked: Sequence[str], _: Noted) -> list[None]:
    done = update(hooks).where(hooks.c.id.in_(asked))
    db.execute(done.values(due=None, body=""))
    return [None] * len(asked)


def again(db: Connection, asked: Sequence[tuple[str, int]], _: Noted) -> list[None]:
    for name, due in sorted(asked):
        later = update(hooks).where(hooks.c.id == name, hooks.c.due.is_not(None))
        db.execute(later.values(due=due, tries=hooks.c.tries + 1))
    return [None] * len(asked)


def claim(
    db: Connection, asked: Sequence[tuple[int, int, int]], _: Noted
) -> list[tuple[Hook, ...]]:
    return [_claim(db, now, until, limit) for now, until, limit in asked]


def _claim(db: Connection, now: int, until: int, limit: int) -> tuple[Hook, ...]:
    due = select(hooks.c.id, hooks.c.site, hooks.c.body, hooks.c.due, hooks.c.tries)
    due = due.where(hooks.c.due <= now).order_by(hooks.c.due, hooks.c.id).limit(limit)
    found = tuple(Hook(*row) for row in db.execute(due.with_for_update(skip_locked=True)))
    if found:
        names = [hook.id for hook in found]
        db.execute(update(hooks).where(hooks.c.id.in_(names)).values(due=until))
    return found


def purge(db: Connection, asked: Sequence[tuple[Table, str, int]], _: Noted) -> list[int]:
    """How many rows went whose time, in that column, is before that."""
    return [_purge(db, table, column, before) for table, column, before in asked]


def _purge(db: Connection, table: Table, column: str, before: int) -> int:
    (key,) = table.primary_key.columns
    old = select(key).where(table.c[column] < before).order_by(table.c[column])
    old = old.limit(PURGED_TOGETHER).with_for_update(skip_locked=True)
    return db.execute(delete(table).where(key.in_(old))).rowcount


def note(_: Connection, asked: Sequence[Entry], noted: Noted) -> list[None]:
    noted.extend(asked)
    return [None] * len(asked)


# In this order in every transaction; the new lines of the audit come last.
KINDS: tuple[Kind, ...] = (
    add_keys,
    retire_keys,
    issue,
    redeem,
    revoke,
    spend,
    post,
    delivered,
    again,
    claim,
    purge,
    note,
)


def append(db: Connection, noted: Noted) -> None:
    """The audit's new lines."""
    if noted:
        db.execute(audit.insert(), [_columns(entry) for entry in noted])


def _codes(db: Connection, digests: Sequence[bytes]) -> dict[bytes, Code]:
    named = select(codes.c.digest, codes.c.site, codes.c.launch, codes.c.issued, codes.c.expires)
    found = db.execute(named.where(codes.c.digest.in_(digests)))
    return {row.digest: Code(*row) for row in found}


def _insert(db: Connection, table: Table, rows: list[Row], key: str) -> None:
    """Where another node has just inserted one of them, the whole transaction is done again."""
    if rows:
        rows.sort(key=lambda row: row[key])
        db.execute(table.insert(), rows)


def _columns(value: Code | Entry | Hook) -> Row:
    return {name: getattr(value, name) for name in value.__slots__}
