"""The URL of a site's database: what is taken, and what is said of the others. Pure.

A URL may hold a password. What is wrong with one is said without repeating it, since a password
with an `@` or a `/` in it is read as part of something else.
"""

import re
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from twocan_supernode.errors import UsageError

FILE = "site.sqlite"
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
_HOST = re.compile(r"[A-Za-z0-9._:%-]*")
_FORMS = (
    "The URL of a database is sqlite:////FOLDER/site.sqlite"
    " or postgresql://USER:PASSWORD@HOST/DATABASE"
)


def url_of(folder: Path) -> str:
    """The URL of the SQLite database in a node's folder."""
    return f"sqlite:///{quote(str(folder.absolute() / FILE), safe='/')}"


def parsed(url: str) -> URL:
    """The URL for SQLAlchemy, or UsageError."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError(f"this is not the URL of a database. {_FORMS}") from None
    if found.drivername == "sqlite":
        return _file(found)
    if found.drivername in _POSTGRESQL:
        return _server(found)
    raise UsageError(f"only SQLite and PostgreSQL can be used. {_FORMS}")


def shown(url: URL) -> str:
    """What may be said of a URL: never its user, password or options."""
    if url.drivername == "sqlite":
        return str(url.database)
    where = f"{url.host or 'this machine'}{f':{url.port}' if url.port else ''}"
    return f"the PostgreSQL database {url.database} on {where}"


def _file(url: URL) -> URL:
    if url.host or url.query or not url.database or url.database == ":memory:":
        raise UsageError(f"an SQLite database is a file, with four slashes before it. {_FORMS}")
    path = Path(url.database)
    if not path.absolute().parent.is_dir():
        raise UsageError(
            f"there is no folder {path.absolute().parent} for the database {path.name}"
        )
    return url.set(database=str(path.absolute()))


def _server(url: URL) -> URL:
    if not _HOST.fullmatch(url.host or ""):
        raise UsageError(
            "the host in the database's URL is not one: in a password, write @ as %40, / as %2F,"
            f" : as %3A. {_FORMS}"
        )
    if not url.database:
        raise UsageError(f"the URL of the database does not name the database. {_FORMS}")
    from psycopg.pq import Conninfo  # not needed where the database is a file

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name in sorted(url.query.keys() - known):
        raise UsageError(f"PostgreSQL knows no option {name}, as in the URL of the database")
    return url.set(drivername="postgresql+psycopg")
