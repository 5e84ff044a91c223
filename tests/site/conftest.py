"""Databases for the tests of a site's API, each test that asks has its own, once of each kind; the
API on them, asked in memory; and a browser for all that need no window."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from chromium import without_window
from postgres import MADE, Postgres
from site_api import Phone, SiteApi, in_memory
from twocan_supernode.store import Store

KINDS = ("sqlite", "postgresql")
SETTLE_SECONDS = 10.0


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        server.start()
        yield server


@pytest.fixture(scope="session")
def made(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables. PostgreSQL's are in the database MADE."""
    file = tmp_path_factory.mktemp("made") / "site.sqlite"
    postgres.tell(f"CREATE DATABASE {MADE} TEMPLATE template0")

    async def make() -> None:
        for url in (f"sqlite:///{file}", postgres.url(MADE)):
            await (await Store.open(url)).close()

    asyncio.run(make())
    return file


@pytest.fixture(params=KINDS)
def empty_database(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres
) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/site.sqlite"
        return
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres, made: Path
) -> Iterator[str]:
    """The URL of a database that has its tables, and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(made, tmp_path)
        yield f"sqlite:///{tmp_path}/{made.name}"
        return
    yield postgres.url(MADE)
    postgres.empty(MADE)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = await Store.open(database)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables."""
    file = tmp_path_factory.mktemp("made") / "site.sqlite"

    async def make() -> None:
        await (await Store.open(f"sqlite:///{file}")).close()

    asyncio.run(make())
    return file


@pytest.fixture
async def api(tmp_path: Path, made_sqlite: Path) -> AsyncIterator[SiteApi]:
    """The API on SQLite."""
    shutil.copy(made_sqlite, tmp_path)
    async with in_memory(tmp_path / "state", f"sqlite:///{tmp_path}/site.sqlite") as api:
        yield api


@pytest.fixture
async def either(tmp_path: Path, database: str) -> AsyncIterator[SiteApi]:
    """The API on SQLite, and on PostgreSQL."""
    async with in_memory(tmp_path / "state", database) as api:
        yield api


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def headless(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Chromium, whose start takes longer than most tests: each has a visitor of its own in it."""
    async with without_window(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def session_loop() -> None:
    """The session's loop, made before any test: it has sockets, which the first one would leave."""


@pytest_asyncio.fixture(loop_scope="session")
async def no_task_left_in_session(session_loop: None) -> AsyncIterator[None]:
    """For tests in the session's loop, which goes on: else nobody would look at it."""
    before = asyncio.all_tasks()
    yield
    deadline = time.monotonic() + SETTLE_SECONDS
    ours = {asyncio.current_task()}
    while (left := asyncio.all_tasks() - before - ours) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    if left:
        pytest.fail(f"tasks left running: {', '.join(map(repr, left))}", pytrace=False)
