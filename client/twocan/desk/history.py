"""The calls of the past, in a small SQLite file that a crash leaves whole.

A call has a row as soon as it is there, and each change of it is one transaction that is on the
disk when ``write`` returns. What was up when the program was killed is ended by the next start, at
the last that is known of it.

A file that cannot be used is set aside under another name and a new one begun. Where nothing can be
written at all, the history lives for this run, and ``problem`` says so.
"""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from twocan.desk.folders import made, set_aside
from twocan.desk.state import Outcome, Past
from twocan.states import CallView, End, State

if TYPE_CHECKING:
    from sqlite3 import Connection, Error, Row

T = TypeVar("T")

log = logging.getLogger(__name__)

MOST = 10_000
"""Calls that are kept, and names; the oldest go."""
MOST_MISSED = 2_000
"""Of those, the missed ones: who calls without end does not push out the rest."""
SAME_WITHIN = 300.0
"""Seconds from a call's beginning in which its proposal may come once more: as long as it may ring,
and by how much the supernode's clock may differ. A name of a call (``sid``) that is used again
later is another call's."""
BUSY_FOR = 1.0
"""Seconds to wait for another program that reads or writes the file."""

APPLICATION = 0x54776F63
"""What tells our files from others' SQLite files: "Twoc"."""
VERSION = 1
"""Of the tables below."""

_TABLES = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    sid TEXT NOT NULL,
    peer TEXT NOT NULL,
    outgoing INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    began REAL NOT NULL,
    seconds REAL NOT NULL,
    pictures INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    over INTEGER NOT NULL
);
CREATE INDEX by_time ON calls (began);
CREATE TABLE names (address TEXT PRIMARY KEY, name TEXT NOT NULL, site TEXT);
"""
_HERE = "CREATE TABLE IF NOT EXISTS here (address TEXT PRIMARY KEY, at REAL NOT NULL)"
"""Beside those: programs of this version that do not know it leave it alone."""

_FIND = """
SELECT id, over, seen, pictures FROM calls
WHERE sid = :sid AND peer = :peer AND outgoing = :outgoing
  AND (NOT over OR abs(:began - began) < :same)
ORDER BY id DESC LIMIT 1
"""
_INSERT = """
INSERT INTO calls (sid, peer, outgoing, outcome, began, seconds, pictures, seen, over)
VALUES (:sid, :peer, :outgoing, :outcome, :began, :seconds, :pictures, :seen, :over)
"""
_UPDATE = """
UPDATE calls SET outcome = :outcome, seconds = :seconds, pictures = :pictures OR pictures,
                 seen = :seen, over = :over
WHERE id = :id
"""
_END_ALL = "UPDATE calls SET over = 1, seen = outcome != ? WHERE NOT over"
_TRIM_MISSED = """
DELETE FROM calls WHERE id IN (
    SELECT id FROM calls WHERE outcome = :missed AND over
    ORDER BY began DESC, id DESC LIMIT -1 OFFSET :most
)
"""
_TRIM = "DELETE FROM {0} WHERE rowid IN (SELECT rowid FROM {0} ORDER BY {1} LIMIT -1 OFFSET {2})"
_NAME = """
INSERT OR REPLACE INTO names
VALUES (:address, :name, coalesce(:site, (SELECT site FROM names WHERE address = :address)))
"""
_RECENT = """
SELECT sid, peer, outgoing, outcome, began, seconds, pictures, seen FROM calls
WHERE over ORDER BY began DESC, id DESC LIMIT ?
"""


class Unusable(Exception):
    """The file is whole, but none that this program may write: one line, why."""


class History:
    """Used on one thread, which it blocks for as long as the disk takes to write.

    ``path`` None: it lives for this run. ``wall``: seconds since 1970. The file is opened at the
    first use.
    """

    def __init__(self, path: Path | None, wall: Callable[[], float] = time.time) -> None:
        self._path, self._wall = path, wall
        self._opened: Connection | None = None
        self._on_disk = False
        self.problem: str | None = None
        """Why the history does not last: one line. None while it does."""

    def write(self, view: CallView, at: float, *, seen: bool = True) -> None:
        """Note how a call is now; again and again is as good as once.

        ``at``: when it began, in seconds since 1970. ``seen``: whether the person knows of it.
        """
        row = _row(view, at, self._wall(), seen)
        self._change(lambda db: _write(db, row))

    def recent(self, count: int = 200) -> tuple[Past, ...]:
        """The calls that are over, the newest first."""
        rows = self._change(lambda db: db.execute(_RECENT, (count,)).fetchall())
        return tuple(_past(row) for row in rows)

    def saw_missed(self) -> None:
        """The person knows now of all calls that are over."""
        self._change(lambda db: db.execute("UPDATE calls SET seen = 1 WHERE over AND NOT seen"))

    def clear(self) -> None:
        """Forget the calls that are over, and the names of people with whom none is up."""
        self._change(_clear)
        # What was deleted is gone from the disk once the log of changes is.
        self._change(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    def name(self, address: str, name: str, site: str | None = None) -> None:
        """Learn what a person is called, and the site whose link said so, if one did."""
        self._change(lambda db: _name(db, address, name, site))

    def names(self) -> dict[str, str]:
        """What people are called, by bare address."""
        rows = self._change(lambda db: db.execute("SELECT address, name FROM names").fetchall())
        return dict(map(tuple, rows))

    def introduced(self) -> frozenset[str]:
        """Of whom links have told, by bare address."""
        asked = "SELECT address FROM names WHERE site IS NOT NULL"
        rows = self._change(lambda db: db.execute(asked).fetchall())
        return frozenset(row["address"] for row in rows)

    def here(self, address: str, at: float) -> None:
        """Note that whoever has this address hears of all calls themselves, until ``at``."""
        row = (address, at)
        self._change(lambda db: db.execute("INSERT OR REPLACE INTO here VALUES (?, ?)", row))

    def was_here(self, address: str) -> float | None:
        """Until when that was, in seconds since 1970; None if it never was."""
        asked = "SELECT at FROM here WHERE address = ?"
        row = self._change(lambda db: db.execute(asked, (address,)).fetchone())
        return None if row is None else float(row["at"])

    def close(self) -> None:
        """Put the file away. It opens again if it is used again."""
        if self._opened is not None:
            opened, self._opened = self._opened, None
            opened.close()

    def _change(self, work: Callable[["Connection"], T]) -> T:
        import sqlite3

        try:
            with self._database() as db:
                return work(db)
        except sqlite3.Error as error:
            if not self._on_disk:
                raise
            self._fall_back(error)
        with self._database() as db:
            return work(db)

    def _database(self) -> "Connection":
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> "Connection":
        import sqlite3

        if self._path is not None and self.problem is None:
            try:
                opened = _open_or_begin_anew(self._path)
                self._on_disk = True
                return opened
            except (OSError, sqlite3.Error) as error:
                self._complain(error)
        return _connected(":memory:", _begin)

    def _fall_back(self, error: "Error") -> None:
        """Go on in memory, with what can still be read."""
        import sqlite3

        broken, self._opened, self._on_disk = self._opened, None, False
        self._complain(error)
        memory = self._database()
        if broken is not None:
            try:
                broken.backup(memory)
            except sqlite3.Error:
                memory.close()
                self._opened = None
            broken.close()

    def _complain(self, error: Exception) -> None:
        why = error.strerror if isinstance(error, OSError) else str(error)
        self.problem = f"the history cannot be kept in {str(self._path)!r}: {why}"
        log.warning("%s", self.problem)


# --- The file --------------------------------------------------------------------------------


def _open_or_begin_anew(path: Path) -> "Connection":
    import sqlite3

    made(path.parent)
    try:
        return _opened(path)
    except (Unusable, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):
            # Not the file's fault: it is locked, the disk is full, nobody may write.
            raise
        aside = set_aside(path)
        log.warning(
            "the history in %s cannot be used: %s; it is kept as %s and begun anew",
            path, error, aside.name,
        )  # fmt: skip
        return _opened(path)


def _opened(path: Path) -> "Connection":
    # SQLite gives its own files beside it the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return _connected(path, _prepare)


def _prepare(db: "Connection") -> None:
    """Look at a file before anything in it is changed, and make it ready."""
    marked = _said(db, "application_id"), _said(db, "user_version")
    if marked == (0, 0) and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
        _begin(db)
    elif marked[0] != APPLICATION:
        raise Unusable("it is not ours")
    elif marked[1] != VERSION:
        raise Unusable(f"another version of this program wrote it, with tables {marked[1]}")
    elif (found := _said(db, "quick_check(1)")) != "ok":
        raise Unusable(f"it is damaged ({str(found)[:80]!r})")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")
    with db:
        db.execute(_HERE)
        # Of calls that nobody saw end, this is all there is to know.
        db.execute(_END_ALL, (Outcome.MISSED,))


def _begin(db: "Connection") -> None:
    db.executescript(f"BEGIN;{_TABLES}{_HERE};COMMIT;")


def _connected(path: Path | str, prepare: "Callable[[Connection], None]") -> "Connection":
    import sqlite3

    db = sqlite3.connect(path, timeout=BUSY_FOR)
    db.row_factory = sqlite3.Row
    try:
        prepare(db)
        return db
    except BaseException:
        db.close()
        raise


def _said(db: "Connection", pragma: str) -> object:
    return db.execute(f"PRAGMA {pragma}").fetchone()[0]


# --- Rows ------------------------------------------------------------------------------------


def _write(db: "Connection", row: dict[str, object]) -> None:
    known = db.execute(_FIND, row | {"same": SAME_WITHIN}).fetchone()
    if known is not None and row["outcome"] is None:
        db.execute("DELETE FROM calls WHERE id = ?", (known["id"],))
    elif known is not None and known["over"] and row["over"]:
        db.execute("UPDATE calls SET seen = seen OR ? WHERE id = ?", (row["seen"], known["id"]))
    elif known is not None:
        db.execute(_UPDATE, row | {"id": known["id"]})
        db.execute(_TRIM_MISSED, {"missed": Outcome.MISSED, "most": MOST_MISSED})
    elif row["outcome"] is not None:
        db.execute(_INSERT, row)
        db.execute(_TRIM.format("calls", "began DESC, id DESC", MOST))
        db.execute(_TRIM_MISSED, {"missed": Outcome.MISSED, "most": MOST_MISSED})


def _clear(db: "Connection") -> None:
    db.execute("DELETE FROM calls WHERE over")
    db.execute("DELETE FROM names WHERE address NOT IN (SELECT peer FROM calls)")


def _name(db: "Connection", address: str, name: str, site: str | None) -> None:
    # Replaced, not updated: whoever was named last is the last to go.
    db.execute(_NAME, {"address": address, "name": name, "site": site})
    db.execute(_TRIM.format("names", "rowid DESC", MOST))


def _row(view: CallView, began: float, now: float, seen: bool) -> dict[str, object]:
    result = outcome(view)
    return {
        "sid": view.sid,
        "peer": view.peer,
        "outgoing": view.outgoing,
        "outcome": result,
        "began": began,
        "seconds": _talked(view, began, now),
        "pictures": view.pictures,
        "seen": seen or result is not Outcome.MISSED,
        "over": view.state is State.ENDED,
    }


def _talked(view: CallView, began: float, now: float) -> float:
    """Seconds that were talked. The clock of a call tells them, once it is over."""
    if "connected" not in view.times:
        return 0.0
    since = view.times["connected"]
    until = view.times.get("ended", view.times["started"] + now - began)
    return max(0.0, until - since)


def _past(row: "Row") -> Past:
    return Past(
        sid=row["sid"],
        peer=row["peer"],
        outgoing=bool(row["outgoing"]),
        outcome=Outcome(row["outcome"]),
        began=row["began"],
        seconds=row["seconds"],
        pictures=bool(row["pictures"]),
        seen=bool(row["seen"]),
    )


# --- What became of a call -------------------------------------------------------------------

RANG: MappingProxyType[End | None, Outcome | None] = MappingProxyType(
    {
        None: Outcome.MISSED,
        End.HUNG_UP: Outcome.MISSED,
        End.DECLINED: Outcome.DECLINED,
        End.BUSY: Outcome.MISSED,
        End.CANCELLED: Outcome.MISSED,
        End.NO_ANSWER: Outcome.MISSED,
        End.UNREACHABLE: Outcome.MISSED,
        End.FORBIDDEN: Outcome.MISSED,
        End.ANSWERED_ELSEWHERE: Outcome.DECLINED,
        End.DECLINED_ELSEWHERE: Outcome.DECLINED,
        End.REPLACED: None,
        End.CONNECTION_FAILED: Outcome.MISSED,
        End.CONNECTION_LOST: Outcome.MISSED,
        End.VANISHED: Outcome.MISSED,
        End.NOT_SECURE: Outcome.MISSED,
        End.INCOMPATIBLE: Outcome.MISSED,
        End.PROTOCOL_ERROR: Outcome.MISSED,
        End.SIGNED_OUT: Outcome.MISSED,
        End.FAILED: Outcome.MISSED,
    }
)
"""What an end makes of a call that rang here and was not taken here. As an end, None: nobody saw
it. As an outcome: it went on as a newer call, which has a row of its own."""


def outcome(view: CallView) -> Outcome | None:
    """What became of a call, or would if it went no further; None: it is part of a newer one."""
    if "connected" in view.times:
        return Outcome.ANSWERED
    if view.end is End.REPLACED:
        return None
    if view.outgoing:
        return Outcome.NOT_REACHED
    if "answered" in view.times and RANG[view.end] is Outcome.MISSED:
        # It came to nothing, but the person took it.
        return Outcome.ANSWERED
    return RANG[view.end]
