"""A PostgreSQL for tests: the real server, in a folder of its own, on a Unix socket.

`build/setup postgresql` unpacks its programs. The server refuses to run as root: then its programs
are copied to where everybody may go, and it runs as nobody.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from twocan_supernode.store.tables import metadata

# The database that tests use in turn: to make one for each takes longer.
MADE = "made"

_UNPACKED = Path(__file__).parent.parent / ".venv/opt/postgresql"
_WITHIN = 40.0
_EVERY = 0.005
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # no test cuts the power
    "full_page_writes": "off",
    "jit": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
}
_ENVIRONMENT = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "GMT"}
_LIBRARIES = ("usr/lib/*-linux-*", "lib/*-linux-*")
# Big, and of no use here.
_NOT_COPIED = shutil.ignore_patterns(
    "bitcode", "doc", "locale", "man", "libLLVM*", "libz3*", "perl*"
)
# The first line that fits counts.
_WHO_MAY = "local all guarded scram-sha-256\nlocal all all trust\n"


class Postgres:
    """The server. As a context its folder is there, and it runs while it is started."""

    def __init__(self) -> None:
        self.folder = self._data = self._log = Path()
        self._programs = _UNPACKED
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def __enter__(self) -> "Postgres":
        if not _UNPACKED.is_dir():
            pytest.fail("there is no PostgreSQL here: `build/setup postgresql` unpacks one")
        self.folder = Path(tempfile.mkdtemp(prefix="twocan-pg-", dir=_open_to_all()))
        self._data, self._log = self.folder / "data", self.folder / "log"
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty one."""
        self._databases += 1
        name = f"test{self._databases}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop(self, url: str) -> None:
        """The database at ``url``, whoever is still connected to it."""
        name = url.partition("@/")[2].partition("?")[0]
        self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, database: str) -> None:
        """Ends everybody's connection to it, and takes all rows out of its tables."""
        ending = "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = %s"
        with self.connected("postgres") as connection:
            connection.execute(ending, [database])
        self.tell(f"TRUNCATE {', '.join(metadata.tables)}", database)

    def connected(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the server's own administrator; as a context, one transaction."""
        return psycopg.connect(self.url(database))

    def tell(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What that administrator is answered."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            answer = connection.execute(statement.encode())
            return answer.fetchall() if answer.description else []

    def start(self) -> None:
        """Returns once it answers."""
        self._process = self._run("postgres", "-D", self._data, "-k", self.folder)
        deadline = time.monotonic() + _WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {self._log.read_text()}")
            time.sleep(_EVERY)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """It ends, and everybody's connection with it. SIGQUIT: as if it crashed."""
        assert self._process
        self._process.send_signal(how)
        self._process.wait(_WITHIN)
        self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It lives, and answers nobody."""
        assert self._process
        server = self._process.pid
        everyone = [server]
        # It rests first and goes on last: until then nobody comes, and nobody is quite gone.
        _rests(server)
        try:
            children = Path(f"/proc/{server}/task/{server}/children")
            everyone += map(int, children.read_text().split())
            for pid in everyone[1:]:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in reversed(everyone):
                os.kill(pid, signal.SIGCONT)

    def _make(self) -> None:
        if os.getuid() == 0:
            self._programs = self.folder / "programs"
            shutil.copytree(_UNPACKED, self._programs, symlinks=True, ignore=_NOT_COPIED)
            shutil.chown(self.folder, "nobody", "nogroup")
        options = ["--no-sync", "--no-locale", "--encoding=UTF8", "--username=postgres"]
        if self._run("initdb", *options, "--no-instructions", "-D", self._data).wait(_WITHIN):
            pytest.fail(f"initdb failed: {self._log.read_text()}")
        (self._data / "pg_hba.conf").write_text(_WHO_MAY)
        lines = (f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
        (self._data / "postgresql.auto.conf").write_text("".join(lines))

    def _run(self, name: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """One of its programs, with none of root's rights and of this person's environment."""
        (program,) = self._programs.glob(f"usr/lib/postgresql/*/bin/{name}")
        libraries = [path for where in _LIBRARIES for path in self._programs.glob(where)]
        root = os.getuid() == 0
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [program, *arguments],
                env=_ENVIRONMENT | {"LD_LIBRARY_PATH": ":".join(map(str, libraries))},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user="nobody" if root else None,
                group="nogroup" if root else None,
                extra_groups=[] if root else None,
            )

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            self.tell("SELECT 1")
            return True
        return False


def _rests(pid: int) -> None:
    """Stop a child of ours, and wait until it has stopped."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)


def _open_to_all() -> Path:
    """A folder for what is temporary to which everybody may go, and not only this person."""
    for folder in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108
        if all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents)):
            return folder
    return pytest.fail("there is no folder for a PostgreSQL that everybody may go to")
