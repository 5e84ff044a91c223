"""The command ``twocan-supernode signing-key``: gives a site a new key to sign its tokens with."""

import argparse
import asyncio

from twocan_supernode.commands import audited, database, options
from twocan_supernode.signing_keys import renew
from twocan_supernode.state import State

HELP = "make a new signing key for a site"
DESCRIPTION = (
    "Make a new key for a site to sign its tokens with. A node and a site API that run take it up "
    "within seconds. Who is signed in stays so."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="new")
    words = "make a key, in place of the one there is"
    new = actions.add_parser("new", help=words, description=DESCRIPTION, allow_abbrev=False)
    new.set_defaults(command=_new)
    options.add_state(new)
    new.add_argument("--site", type=options.site, required=True, metavar="NAME", help="whose key")
    new.add_argument(
        "--compromised",
        action="store_true",
        help="somebody has the one before: all that it signed is void, and everybody has to click "
        "on the site again",
    )
    database.add_option(new)


def _new(given: argparse.Namespace) -> None:
    asyncio.run(_renew(given))


async def _renew(given: argparse.Namespace) -> None:
    from twocan_supernode.site.tokens import REFRESH_TOKEN_LASTS

    site = State(given.state).site(given.site)
    now = audited.now()
    async with audited.store(given) as store:
        action = "signing-key.compromised" if given.compromised else "signing-key.made"
        # First: nothing is changed of which the audit does not know.
        await store.note(audited.entry(given, action, now))
    until = now + int(REFRESH_TOKEN_LASTS.total_seconds() * 1000)
    renew(site, now, until, compromised=given.compromised)
