"""Brings a database to what this program needs, when a store is opened.

However many nodes start at once, one does it and the others wait; one that is newer than the
program is left as it is.
"""

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text

from twocan_supernode.errors import SupernodeError
from twocan_supernode.store.tables import REVISION
from twocan_supernode.store.values import StoreAway

_FOLDER = Path(__file__).with_name("migrations")
# Any number that no other program's locks have.
_LOCK = 0x7477_6F63_616E
_WAITS_S = 60


def migrate(engine: Engine) -> None:
    """Raises SupernodeError for a newer database, and what SQLAlchemy raises for an absent one."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _keep_a_log(connection)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                _wait_for_others(connection)
            _upgrade(connection)


def _keep_a_log(connection: Connection) -> None:
    """Turns on WAL, which stays on: readers and a writer then do not wait for each other.

    SQLite does not wait where two want to turn it on at once, so this does.
    """
    file = connection.connection.driver_connection  # outside of any transaction
    assert isinstance(file, sqlite3.Connection)
    file.execute(f"PRAGMA busy_timeout={_WAITS_S * 1000}")
    deadline = time.monotonic() + _WAITS_S
    while (mode := _log_of(file)) != "wal":
        if mode is not None:
            raise SupernodeError("SQLite cannot share a database in this folder: is it remote?")
        if time.monotonic() > deadline:
            raise StoreAway("the database is locked by another program")
        time.sleep(0.01)


def _log_of(file: sqlite3.Connection) -> str | None:
    """The kind of log it has now; None when another process has the file locked."""
    try:
        return str(file.execute("PRAGMA journal_mode=WAL").fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return None


def _wait_for_others(connection: Connection) -> None:
    for name in ("statement_timeout", "lock_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {name} = '{_WAITS_S}s'")
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _upgrade(connection: Connection) -> None:
    there = revision_of(connection)
    if there == REVISION:
        return
    # Takes a tenth of a second, and most starts need nothing of it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if there is not None and there not in known:
        raise SupernodeError(
            f"the database was made by a newer Twocan (its revision is {there}, this program knows"
            f" {REVISION}): update this program"
        )
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """What the database is, in Alembic's words; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
