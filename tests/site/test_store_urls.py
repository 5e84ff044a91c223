"""Which URLs of a database are taken, and what is said of the others: never what is in them."""

from pathlib import Path

import pytest

from twocan_supernode.errors import UsageError
from twocan_supernode.store import url_of, urls

SECRET = "hunter2"


def test_the_database_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a ? folder % #"
    folder.mkdir()
    assert urls.parsed(url_of(folder)).database == str(folder / "site.sqlite")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@db.example:5433/calls",
        f"postgres://ann:{SECRET}@db.example:5433/calls",
        f"postgresql+psycopg://ann:{SECRET}@db.example:5433/calls?sslpassword={SECRET}",
    ],
)
def test_a_server(url: str) -> None:
    parsed = urls.parsed(url)
    assert parsed.drivername == "postgresql+psycopg"
    assert parsed.password == SECRET
    assert urls.shown(parsed) == "the PostgreSQL database calls on db.example:5433"


def test_a_server_on_this_machine() -> None:
    parsed = urls.parsed("postgresql:///calls?host=/run/postgresql")
    assert urls.shown(parsed) == "the PostgreSQL database calls on this machine"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (SECRET, "not the URL"),
        (f"postgresql://ann:{SECRET}@db.example:port/calls", "not the URL"),
        (f"postgresql://ann:a@{SECRET}@db.example/calls", "write @ as %40"),
        (f"postgresql://ann:{SECRET}@db.example", "does not name the database"),
        (f"postgresql://ann:{SECRET}@db.example/calls?pasword={SECRET}", "option pasword"),
        (f"mysql://ann:{SECRET}@db.example/calls", "only SQLite and PostgreSQL"),
        (f"postgresql+asyncpg://ann:{SECRET}@db.example/calls", "only SQLite and PostgreSQL"),
        ("sqlite://", "four slashes"),
        ("sqlite:///:memory:", "four slashes"),
        ("sqlite:////tmp/site.sqlite?mode=memory", "four slashes"),
        ("sqlite://site.sqlite", "four slashes"),
        ("sqlite:////nonexistent/site.sqlite", "no folder /nonexistent"),
        ("", "not the URL"),
    ],
)
def test_what_is_refused(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        urls.parsed(url)
    assert SECRET not in str(told.value)
    assert told.value.__context__ is None or told.value.__suppress_context__
