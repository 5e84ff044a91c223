"""The command ``twocan-supernode site-key``: makes, lists and retires the keys of a site.

The database is loaded by whoever uses it, and not by other commands, which start at once.
"""

import argparse
import asyncio
import getpass
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twocan_supernode.commands import database, options
from twocan_supernode.errors import SupernodeError
from twocan_supernode.state import State

if TYPE_CHECKING:
    from twocan_supernode.store import Entry, Store

HELP = "make, list or retire the keys of a site"
DESCRIPTION = (
    "Make, list or retire the keys with which a site's server uses the site API. A site has two "
    "at most, so that one can take the other's place. A key is printed once, when it is made."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="new|list|retire")
    for name, action, words in (
        ("new", _new, "make a key, and print it"),
        ("list", _list, "the keys that there are: ID, since when, until when"),
        ("retire", _retire, "make a key worthless, within seconds"),
    ):
        one = actions.add_parser(name, help=words, description=words, allow_abbrev=False)
        one.set_defaults(command=action)
        options.add_state(one)
        one.add_argument(
            "--site", type=options.site, required=True, metavar="NAME", help="whose key"
        )
        database.add_option(one)
        if action is _retire:
            one.add_argument("key", metavar="KEY-ID", help="the ID, which is the key's 2nd part")


def _new(given: argparse.Namespace) -> None:
    asyncio.run(_make(given))


def _list(given: argparse.Namespace) -> None:
    asyncio.run(_show(given))


def _retire(given: argparse.Namespace) -> None:
    asyncio.run(_end(given))


async def _make(given: argparse.Namespace) -> None:
    from twocan_supernode.site import keys
    from twocan_supernode.store import SiteKey

    async with _store(given) as store:
        made, now = keys.new(), _now()
        key = SiteKey(made.id, given.site, made.digest, now)
        await store.add_key(key, _entry(given, "key.made", now))
        print(made.text)


async def _show(given: argparse.Namespace) -> None:
    async with _store(given) as store:
        for key in await store.keys(given.site):
            retired = f"retired {_date(key.retired)}" if key.retired else "valid"
            print(f"{key.id}  made {_date(key.made)}  {retired}")


async def _end(given: argparse.Namespace) -> None:
    async with _store(given) as store:
        now = _now()
        of_site = {key.id for key in await store.keys(given.site)}
        entry = _entry(given, "key.retired", now)
        if given.key not in of_site or not await store.retire_key(given.key, now, entry):
            raise SupernodeError(
                f"{given.site} has no valid key of that ID: site-key list says which there are"
            )


@asynccontextmanager
async def _store(given: argparse.Namespace) -> AsyncIterator["Store"]:
    from twocan_supernode.store import Store

    state = State(given.state)
    state.site(given.site)
    store = await Store.open(database.url(given, state))
    try:
        yield store
    finally:
        await store.close()


def _entry(given: argparse.Namespace, action: str, now: int) -> "Entry":
    from twocan_supernode.store import Entry

    return Entry(now, given.site, f"command by {getpass.getuser()}", action, "", "ok")


def _now() -> int:
    return time.time_ns() // 1_000_000


def _date(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat().replace("+00:00", "Z")
