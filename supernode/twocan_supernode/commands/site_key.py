"""The command ``twocan-supernode site-key``: makes, lists and retires the keys of a site."""

import argparse
import asyncio
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from twocan_supernode.commands import audited, database, options
from twocan_supernode.errors import SupernodeError
from twocan_supernode.state import State

if TYPE_CHECKING:
    from twocan_supernode.store import Store

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
        made, now = keys.new(), audited.now()
        key = SiteKey(made.id, given.site, made.digest, now)
        await store.add_key(key, audited.entry(given, "key.made", now))
        print(made.text)


async def _show(given: argparse.Namespace) -> None:
    async with _store(given) as store:
        for key in await store.keys(given.site):
            retired = f"retired {audited.date(key.retired)}" if key.retired else "valid"
            print(f"{key.id}  made {audited.date(key.made)}  {retired}")


async def _end(given: argparse.Namespace) -> None:
    async with _store(given) as store:
        now = audited.now()
        of_site = {key.id for key in await store.keys(given.site)}
        entry = audited.entry(given, "key.retired", now)
        if given.key not in of_site or not await store.retire_key(given.key, now, entry):
            raise SupernodeError(
                f"{given.site} has no valid key of that ID: site-key list says which there are"
            )


def _store(given: argparse.Namespace) -> AbstractAsyncContextManager["Store"]:
    State(given.state).site(given.site)
    return audited.store(given)
