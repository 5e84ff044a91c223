"""What ``served.py`` asks: the real site API on a database, and the framework by itself."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Select

import processes
from running import SUPERNODE
from twocan_supernode.site import keys, launches, links, sites
from twocan_supernode.site.bodies import Launch
from twocan_supernode.state import State
from twocan_supernode.store import Code, Entry, SiteKey, Store, databases, urls

SITE = "site.example"
_VARIABLE = "TWOCAN_DATABASE"
_FRAMEWORK = (sys.executable, str(Path(__file__).parent / "bare_framework.py"))
# There is no node: where it would be is only repeated in answers.
_PLACES = ("--xmpp", "127.0.0.1:5223", "--websocket", "ws://127.0.0.1:5280/ws")
_STARTS_WITHIN = 30.0
_ISSUED_TOGETHER = 2000


@dataclass(frozen=True, slots=True)
class Bare:
    """The framework by itself, which takes anything for a code."""

    url: str
    pid: int
    headers: Sequence[str] = ()
    stores: ClassVar = False
    most_per_second: ClassVar = 15_000

    def at(self, _: str) -> str:
        """Where it is asked what the site API is asked at that path."""
        return self.url

    def codes(self, count: int) -> list[str]:
        return [links.new_code() for _ in range(count)]

    def count(self, _: Select[int]) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Site:
    """The site API. ``headers``: one for each key of its site; ``database``: its URL."""

    url: str
    pid: int
    headers: Sequence[str] = field(repr=False)
    state: State
    database: str
    stores: ClassVar = True
    most_per_second: ClassVar = 4_000
    """Requests to be prepared: a run ends earlier when they are used up."""

    def at(self, path: str) -> str:
        return self.url + path

    def codes(self, count: int) -> list[str]:
        """So many new ones, each of a launch, good for two minutes. The API is not asked for
        them: they are put into its database as it would do it."""
        made = [links.new_code() for _ in range(count)]
        asyncio.run(self._issue(made))
        return made

    def count(self, counted: Select[int]) -> int:
        """What its database counts."""
        with databases.engine_of(urls.parsed(self.database)).connect() as database:
            return database.execute(counted).scalar_one()

    async def _issue(self, codes: Sequence[str]) -> None:
        now = _now()
        site = sites.Sites(self.state).get(SITE, now)
        assert site
        store = await Store.open(self.database)
        try:
            for first in range(0, len(codes), _ISSUED_TOGETHER):
                some = codes[first : first + _ISSUED_TOGETHER]
                await asyncio.gather(*(store.issue(*_issued(site, code, now)) for code in some))
        finally:
            await store.close()


def launch_of(name: str) -> dict[str, object]:
    """A launch between two people whom nobody has asked for before."""
    caller = {"person": f"a-{name}", "name": "Demo Ann"}
    return {"caller": caller, "callee": {"person": f"b-{name}", "name": "Demo Ben"}, "video": True}


def _issued(site: sites.Site, code: str, now: int) -> tuple[Code, Entry]:
    body = Launch.model_validate(launch_of(code))
    caller, callee = (launches.person_of(site, each) for each in (body.caller, body.callee))
    stored = launches.written(body, caller, callee)
    digest, expires = links.digest_of(code), now + launches.CODE_LASTS
    entry = Entry(now, site.name, "bench", "launch.issued", caller.address, "ok")
    return Code(digest, site.name, stored, now, expires), entry


# --- their processes -----------------------------------------------------------------------------


@contextmanager
def bare(core: int) -> Iterator[Bare]:
    """The framework, on that core."""
    with _running("framework", _FRAMEWORK, core) as program:
        yield Bare(*program)


@contextmanager
def site(folder: Path, database: str, core: int) -> Iterator[Site]:
    """The site API of a new state folder, on that core. Raises Failed."""
    folder.mkdir(mode=0o700)
    state = State(folder)
    state.add_site(SITE)
    headers = asyncio.run(_new_keys(database))
    command = [*SUPERNODE, "site", "--state", str(folder), *_PLACES]
    with _running("twocan-supernode site", command, core, {_VARIABLE: database}) as program:
        yield Site(*program, headers, state, database)


async def _new_keys(database: str) -> list[str]:
    """As many as a site may have: what one may ask for is limited."""
    store = await Store.open(database)
    try:
        made = [keys.new() for _ in range(keys.MOST_VALID)]
        for key in made:
            entry = Entry(_now(), SITE, "bench", "key.made", "", "ok")
            await store.add_key(SiteKey(key.id, SITE, key.digest, _now()), entry)
    finally:
        await store.close()
    return [f"Authorization: Bearer {key.text}" for key in made]


@contextmanager
def _running(
    name: str, command: Sequence[str], core: int, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """A program that says in one JSON line at which URL it is ready: that, and its process."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        preexec_fn=processes.alone_on(core),  # noqa: PLW1509 - no threads here
    ) as process:
        assert process.stdout
        pipe = process.stdout.fileno()
        try:
            line, _ = processes.read_until(pipe, b"\n", b"", _STARTS_WITHIN, name)
            yield json.loads(line)["url"], process.pid
        finally:
            processes.end_group(process)


def _now() -> int:
    return time.time_ns() // 1_000_000
