"""How much a site's server can ask of the site API on one core, beside the framework by itself.

The API is the real command, on the disk: with SQLite (``twocan``), and with PostgreSQL where there
is one (``twocan-postgresql``). ``framework`` is what it is made of, answering an empty JSON object.
They take turns on one core; the others ask, and run PostgreSQL. What was answered has to be in the
database then.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from jwt.algorithms import ECAlgorithm
from sqlalchemy import Select, func, select

import processes
import served_programs
import wrk
from postgres import Postgres
from rows import Suite
from served_programs import Bare, Site, launch_of
from twocan_supernode import accounts
from twocan_supernode.store.tables import audit, codes, redeemed
from twocan_supernode.store.urls import url_of

RUNS = 3
SECONDS, WARM_SECONDS = 5, 1
_KEYS = 100
"""Phones' keys, which take turns: to make one takes longer than to use it."""
WHO = ("framework", "twocan", "twocan-postgresql")
_LAUNCHES_PER_SECOND, _P99_MS = 1500, 50
_IN_MEMORY = ("tmpfs", "ramfs")
_LEFT_OUT_BY_TESTS = ("fsync", "full_page_writes", "jit", "autovacuum", "shared_buffers")
# Kept over a restart (FHS 5.15), so hardly anybody has it in memory.
_ON_DISK = Path("/var/tmp")  # noqa: S108

Server = Bare | Site


@dataclass(frozen=True, slots=True)
class Case:
    """``bodies``: what is posted to ``path`` with each of some codes or names that nobody has used.
    ``stored``: what grows by one with each answer."""

    path: str
    bodies: Callable[[Sequence[str]], Iterator[str]]
    stored: Select[int]
    least: float | None = None


def _accounts(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield json.dumps({"person": name, "name": "Demo Ann"})


def _launches(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield json.dumps(launch_of(name))


def _redeems(names: Sequence[str]) -> Iterator[str]:
    phones = [_phone() for _ in range(_KEYS)]
    for number, name in enumerate(names):
        yield json.dumps({"code": name, "key": phones[number % _KEYS]})


def _phone() -> Mapping[str, str]:
    """The public key of a new one."""
    jwk: dict[str, str] = ECAlgorithm.to_jwk(accounts.new_key().public_key(), as_dict=True)
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


_SIGNED_IN = select(func.count()).where(audit.c.action == "account.signed-in")
CASES = {
    "accounts": Case("/v1/shadow-accounts", _accounts, _SIGNED_IN),
    "launches": Case(
        "/v1/launches", _launches, select(func.count(codes.c.digest)), _LAUNCHES_PER_SECOND
    ),
    "redeems": Case("/v1/launches/redeem", _redeems, select(func.count(redeemed.c.digest))),
}


def measure(suite: Suite) -> None:
    """Fill ``suite``."""
    cases, who = _chosen("CASES", tuple(CASES)), _chosen("WHO", WHO)
    try:
        if not wrk.is_there():
            raise processes.Failed("what asks the server is not installed: apt install wrk")
        suite.machine["load_before"] = round(os.getloadavg()[0], 2)
        with processes.one_core_free() as core, _servers(suite, who, core) as servers:
            for name in cases:
                _measure(suite, name, servers)
    except processes.Failed as error:
        sys.exit(f"site: {error}")


def _chosen(variable: str, names: Sequence[str]) -> Sequence[str]:
    wanted = [name.strip() for name in os.environ.get(variable, "").split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in names]:
        sys.exit(f"{variable}: there is no {', '.join(unknown)}; there is {', '.join(names)}")
    return wanted or names


def _measure(suite: Suite, name: str, servers: Mapping[str, Server]) -> None:
    """All servers in turn, again and again: what else the machine does is in all figures."""
    case = CASES[name]
    for server in servers.values():
        once(case, server, WARM_SECONDS)
    runs = [
        {who: once(case, server, SECONDS) for who, server in servers.items()} for _ in range(RUNS)
    ]
    for who in servers:
        loads = [run[who] for run in runs]
        least, most = (case.least, _P99_MS) if who == "twocan" else (None, None)
        suite.add(name, who, "per_second", [load.per_second for load, _ in loads], "/s", least)
        suite.add(name, who, "p50_ms", [load.p50_ms for load, _ in loads], "ms")
        suite.add(name, who, "p99_ms", [load.p99_ms for load, _ in loads], "ms", most)
        suite.add(name, who, "cpu_us", [cpu_us for _, cpu_us in loads], "us")


def once(case: Case, server: Server, seconds: float) -> tuple[wrk.Load, float]:
    """One run, and microseconds of the server's CPU for a request: what others do on the machine
    matters less to it. Raises Failed where an answer was no success, or is not in the database.
    """
    bodies = case.bodies(server.codes(int(seconds * server.most_per_second)))
    before, cpu = server.count(case.stored), processes.cpu_seconds([server.pid])
    load = wrk.load(server.at(case.path), server.headers, bodies, seconds)
    stored, cpu = server.count(case.stored) - before, processes.cpu_seconds([server.pid]) - cpu
    if load.late:
        print(f"{case.path}: {load.late} answers did not come in good time", file=sys.stderr)
    if server.stores and not load.answered <= stored <= load.answered + load.late:
        raise processes.Failed(
            f"{case.path} gave {load.answered} answers, and {stored} are in the database"
        )
    return load, cpu / load.answered * 1e6


# --- who is asked --------------------------------------------------------------------------------


@contextmanager
def _servers(suite: Suite, who: Sequence[str], core: int) -> Iterator[Mapping[str, Server]]:
    """All of them, on that core. Who is not asked costs next to nothing."""
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_ON_DISK)))
        if "framework" in who:
            servers["framework"] = stack.enter_context(served_programs.bare(core))
        if "twocan" in who:
            suite.machine["sqlite_on"] = _filesystem(folder)
            on_sqlite = served_programs.site(folder / "sqlite", url_of(folder / "sqlite"), core)
            servers["twocan"] = stack.enter_context(on_sqlite)
        if "twocan-postgresql" in who and (server := _postgresql(stack)):
            suite.machine["postgresql_on"] = _filesystem(server.folder)
            on_server = served_programs.site(folder / "other", server.new_database(), core)
            servers["twocan-postgresql"] = stack.enter_context(on_server)
        yield servers


def _postgresql(stack: ExitStack) -> Postgres | None:
    """One that keeps what it is told, as it comes: what tests leave out for speed is on."""
    try:
        server = stack.enter_context(Postgres())
    except pytest.fail.Exception as error:
        print(f"twocan-postgresql is left out: {error}", file=sys.stderr)
        return None
    server.start()
    for setting in _LEFT_OUT_BY_TESTS:
        server.tell(f"ALTER SYSTEM RESET {setting}")
    server.stop(signal.SIGINT)
    server.start()
    return server


def _filesystem(folder: Path) -> str:
    """Its kind, such as ext4; a word on standard error where that is only memory."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    above = [(mount[1], mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    kind = max(above, key=lambda one: len(one[0]), default=("", "unknown"))[1]
    if kind in _IN_MEMORY:
        print(f"{folder} is in memory: no disk is measured", file=sys.stderr)
    return kind
