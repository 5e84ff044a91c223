"""A database that is away, hangs, is locked or full: StoreAway soon, and nothing twice or lost."""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from postgres import Postgres
from stored import ADDRESS, NOW, SITE, code, digest, entry, noting
from twocan_supernode.store import Store, StoreAway, Used, databases, lane

ANN, BOB = digest("Ann's phone"), digest("Bob's phone")
WITHIN = 20.0
"""Seconds: soon, on a machine that does much else."""
FOR_EVER = 3600.0

pytestmark = pytest.mark.expects_log


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


# --- PostgreSQL ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_its_own() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture
def mortal(of_its_own: Postgres) -> Iterator[Postgres]:
    """A server that may be stopped and started again, since nobody else uses it."""
    of_its_own.start()
    yield of_its_own
    of_its_own.stop()


async def test_a_server_that_is_stopped_and_started_again(
    mortal: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "ANSWERS_WITHIN", FOR_EVER)  # it is not waiting that tells
    async with opened(mortal.new_database()) as store:
        await store.issue(code(), entry())
        mortal.stop()
        for asked in (
            store.issue(code("another"), entry()),
            store.redeem(code().digest, ANN, NOW, noting()),
            store.revoked(ADDRESS),
            store.ready(),
        ):
            with pytest.raises(StoreAway, match="does not answer"):
                await asyncio.wait_for(asked, WITHIN)
        mortal.start()
        await store.ready()
        assert await store.redeem(code().digest, ANN, NOW, noting()) == code()
        assert await store.issue(code("another"), entry()) == code("another")


async def test_a_server_that_restarts_between_two_calls_is_not_noticed(mortal: Postgres) -> None:
    async with opened(mortal.new_database()) as store:
        await store.issue(code(), entry())
        assert await store.revoked(ADDRESS) is None
        mortal.stop()
        mortal.start()
        assert await store.redeem(code().digest, ANN, NOW, noting()) == code()
        assert await store.revoked(ADDRESS) is None


async def test_a_server_that_dies_under_load_loses_no_code(mortal: Postgres) -> None:
    async with opened(mortal.new_database()) as store:
        asked = [asyncio.create_task(store.issue(code(f"{n}"), entry())) for n in range(500)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        mortal.stop()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        mortal.start()
        issued = [one for one in answers if not isinstance(one, BaseException)]
        assert issued
        assert all(isinstance(one, StoreAway) for one in answers if one not in issued)
        redeemed = (store.redeem(one.digest, ANN, NOW, noting()) for one in issued)
        assert await asyncio.gather(*redeemed) == issued


async def test_a_server_that_hangs_keeps_nobody_waiting(
    mortal: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(mortal.new_database()) as store:
        await store.ready()
        with mortal.hanging():
            monkeypatch.setattr(lane, "ANSWERS_WITHIN", 0.6)
            with pytest.raises(StoreAway, match="does not answer"):
                await asyncio.wait_for(store.ready(), WITHIN)
            with pytest.raises(StoreAway):
                await asyncio.wait_for(store.issue(code(), entry()), WITHIN)
            monkeypatch.setattr(lane, "ANSWERS_WITHIN", FOR_EVER)  # that it hangs is known by now
            with pytest.raises(StoreAway, match="does not answer"):
                await asyncio.wait_for(store.ready(), WITHIN)
        while True:
            try:
                assert await store.issue(code(), entry()) == code()
            except StoreAway:
                await asyncio.sleep(0.01)
            else:
                break


async def test_a_transaction_that_another_holds_up(
    mortal: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(databases.POSTGRESQL_SETTINGS, "lock_timeout", "50ms")
    url = mortal.new_database()
    async with opened(url) as store:
        await store.issue(code(), entry())
        name = url.partition("@/")[2].partition("?")[0]
        with mortal.connected(name) as other:
            other.execute("LOCK TABLE redeemed IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreAway, match="lock timeout"):
                await store.redeem(code().digest, ANN, NOW, noting())
        assert await store.redeem(code().digest, ANN, NOW, noting()) == code()


async def test_a_wrong_password_is_not_repeated(mortal: Postgres) -> None:
    mortal.tell("CREATE ROLE guarded LOGIN PASSWORD 'the right one'")
    url = mortal.new_database().replace("postgres@", "guarded:hunter2@")
    with pytest.raises(StoreAway, match="password authentication failed") as told:
        await Store.open(url)
    assert "hunter2" not in str(told.value) + repr(told.value.__context__)


# --- the line to PostgreSQL ------------------------------------------------------------------


class Torn:
    """A line to the server that tears at the next COMMIT: before it gets there, or after."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server / ".s.PGSQL.5432"
        self._here = folder / ".s.PGSQL.5432"
        self.tears: str | None = None
        self._both: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Torn":
        self._listening = await asyncio.start_unix_server(self._connect, self._here)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        for writer in self._both:
            writer.close()
            await writer.wait_closed()
        self._here.unlink(missing_ok=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server)
        self._both |= {writer, back}
        asked = asyncio.create_task(self._ask(reader, back, writer))
        while (data := await there.read(65536)) and not writer.is_closing():
            if self.tears == "the answer" and b"C\0\0\0\x0bCOMMIT\0" in data:
                self.tears = None
                break
            writer.write(data)
        asked.cancel()
        writer.close()
        back.close()

    async def _ask(
        self, reader: asyncio.StreamReader, back: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            if self.tears == "the question" and b"Q\0\0\0\x0bCOMMIT\0" in data:
                self.tears = None
                break
            back.write(data)
        writer.close()
        back.close()


@pytest.mark.parametrize("tears", ["the question", "the answer"])
async def test_a_line_that_tears_at_the_commit(
    postgres: Postgres, tmp_path: Path, tears: str
) -> None:
    url = postgres.new_database()
    async with (
        Torn(postgres.folder, tmp_path) as line,
        opened(url.partition("?")[0] + f"?host={tmp_path}") as store,
    ):
        await store.note(entry("connected"))
        line.tears = tears
        with pytest.raises(StoreAway):
            await store.issue(code(), entry("launch"))
        assert await store.issue(code(), entry("launch")) == code()

        line.tears = tears
        with pytest.raises(StoreAway):
            await store.redeem(code().digest, ANN, NOW, noting("redeem"))
        assert await store.redeem(code().digest, ANN, NOW, noting("redeem")) == code()
        with pytest.raises(Used):
            await store.redeem(code().digest, BOB, NOW, noting("redeem"))
        lines = await store.entries(SITE, 0, 9)
        assert [one.action for one in lines] == ["connected", "launch", "redeem"]
    postgres.drop(url)


# --- SQLite ----------------------------------------------------------------------------------


async def test_a_file_that_another_program_has_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "SQLITE_BUSY_MS", 50)
    async with opened(f"sqlite:///{tmp_path}/site.sqlite") as store:
        with closing(sqlite3.connect(tmp_path / "site.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreAway, match="locked"):
                await store.issue(code(), entry())
            assert await store.revoked(ADDRESS) is None  # reading goes on
            other.execute("ROLLBACK")
        assert await store.issue(code(), entry()) == code()


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """As good as a full disk, to this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk(tmp_path: Path) -> None:
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    async with opened(f"sqlite:///{tmp_path}/site.sqlite") as store:
        await store.issue(code(), entry())
        long = code("another", launch=" " * 100_000)
        with files_no_longer_than((tmp_path / "site.sqlite-wal").stat().st_size):
            with pytest.raises(StoreAway, match=r"disk"):
                await store.issue(long, entry())
            with pytest.raises(StoreAway, match=r"disk"):
                await store.redeem(code().digest, ANN, NOW, noting())
        assert await store.redeem(code().digest, BOB, NOW, noting()) == code()
        assert await store.issue(long, entry()) == long
