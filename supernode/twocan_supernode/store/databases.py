"""The two kinds of database: how each is opened, and what is set so that nobody waits for ever.

Both answer a commit only once it would survive a power cut, and let no transaction hang on to what
others need.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from twocan_supernode.errors import SupernodeError

# How long SQLite waits for another process's transaction; they are a few milliseconds long.
SQLITE_BUSY_MS = 2000
# Each is the server's to enforce; libpq's own, for a server that is gone without a word.
POSTGRESQL_SETTINGS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    # A node that hangs in the middle holds its rows no longer than this.
    "idle_in_transaction_session_timeout": "5s",
}
POSTGRESQL_CONNECTS_WITHIN_S = 3
_GONE_WITHOUT_A_WORD: dict[str, int] = {
    "tcp_user_timeout": 4000,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


def engine_of(url: URL) -> Engine:
    """Makes nothing and connects to nothing yet. Its errors never show parameters."""
    engine = _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)
    # Many rows in one statement: a statement for each would let go of the GIL as often.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def make_file(path: Path) -> None:
    """An empty file for its owner's eyes only, unless there is one: SQLite's would be for all.

    Its `-wal` and `-shm` get the same mode from SQLite. Raises SupernodeError.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return
        if not path.is_file():
            raise SupernodeError(f"the database {path} cannot be used: it is not a file")
        # Not opened here: closing it would undo the locks of whoever in this process has it open.
        path.chmod(0o600)
    except OSError as error:
        raise SupernodeError(f"the database {path} cannot be used: {error.strerror}") from None


def _sqlite(url: URL) -> Engine:
    waits = {"timeout": SQLITE_BUSY_MS / 1000, "isolation_level": None}
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={**waits, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _: object) -> None:
        # In WAL mode only FULL syncs at each commit.
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def for_writing(connection: Connection) -> None:
        # Not upgraded later from reading, which fails instead of waiting where another has written.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    connecting: dict[str, Any] = {
        "application_name": "twocan-supernode",
        # Of the many lengths that a statement has, few come often enough to be prepared.
        "prepare_threshold": None,
        "connect_timeout": POSTGRESQL_CONNECTS_WITHIN_S,
        **_GONE_WITHOUT_A_WORD,
    }
    for name in url.query:
        connecting.pop(name, None)
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args=connecting,
    )

    @event.listens_for(engine, "connect")
    def bounded_and_durable(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            for name, value in POSTGRESQL_SETTINGS.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        connection.commit()

    return engine
