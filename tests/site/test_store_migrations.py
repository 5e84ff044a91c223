"""What an empty or an older database becomes, on SQLite and on PostgreSQL, and what is refused."""

import asyncio
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from stored import SITE, code, digest, entry, noting
from twocan_supernode.errors import SupernodeError
from twocan_supernode.store import Store, databases, migrating, tables, urls


async def opened_and_closed(url: str) -> None:
    await (await Store.open(url)).close()


@contextmanager
def inside(url: str) -> Iterator[Connection]:
    """A transaction of a test's own."""
    engine = databases.engine_of(urls.parsed(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


async def test_the_steps_make_exactly_the_tables(empty_database: str) -> None:
    await opened_and_closed(empty_database)
    with inside(empty_database) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []
        assert context.get_current_heads() == (tables.REVISION,)


def test_the_last_step_is_the_one_that_the_tables_are() -> None:
    folder = Path(migrating.__file__).with_name("migrations")
    assert ScriptDirectory(folder).get_heads() == [tables.REVISION]


async def test_a_second_start_changes_nothing(empty_database: str) -> None:
    await opened_and_closed(empty_database)
    store = await Store.open(empty_database)
    await store.issue(code(), entry("launch"))
    await store.close()
    store = await Store.open(empty_database)
    assert await store.redeem(code().digest, digest("x"), code().issued, noting()) == code()
    assert [one.action for one in await store.entries(SITE, 0, 9)] == ["launch", "redeem"]
    await store.close()


async def test_several_nodes_that_start_at_once(empty_database: str) -> None:
    await asyncio.gather(*(opened_and_closed(empty_database) for _ in range(6)))
    with inside(empty_database) as connection:
        assert migrating.revision_of(connection) == tables.REVISION


async def test_a_newer_database_is_left_as_it_is(empty_database: str) -> None:
    await opened_and_closed(empty_database)
    with inside(empty_database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SupernodeError, match=r"newer Twocan.*9999.*update this program"):
        await Store.open(empty_database)
    with inside(empty_database) as connection:
        assert migrating.revision_of(connection) == "9999"


async def test_an_sqlite_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    (tmp_path / "old.sqlite").touch(mode=0o644)
    for name in ("old.sqlite", "new.sqlite"):
        store = await Store.open(f"sqlite:///{tmp_path}/{name}")
        await store.note(entry())
        await store.ready()
        assert modes(tmp_path, name) == [0o600] * 3
        await store.close()
        assert modes(tmp_path, name) == [0o600]


def modes(folder: Path, name: str) -> list[int]:
    """Of a database and of what SQLite has beside it."""
    return [stat.S_IMODE(file.stat().st_mode) for file in folder.glob(f"{name}*")]


@pytest.mark.parametrize("content", [None, "This is not a database." * 100])
async def test_a_file_that_is_no_database(tmp_path: Path, content: str | None) -> None:
    if content is None:
        (tmp_path / "site.sqlite").mkdir()
    else:
        (tmp_path / "site.sqlite").write_text(content)
    with pytest.raises(SupernodeError, match=r"is not a file|is not a database"):
        await Store.open(f"sqlite:///{tmp_path}/site.sqlite")


async def test_a_commit_is_synced(database: str) -> None:
    with inside(database) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA synchronous")) == 2
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        else:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
            assert connection.scalar(text("SHOW statement_timeout")) == "3s"
