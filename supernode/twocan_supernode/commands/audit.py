"""The command ``twocan-supernode audit``: what was changed at a site, when, and by whom."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

from twocan_supernode.commands import audited, database, options
from twocan_supernode.state import State

if TYPE_CHECKING:
    from twocan_supernode.store import Entry, Store

HELP = "show what was changed at a site"
DESCRIPTION = (
    "Show the audit of a site, from the oldest line on: a JSON object each. It holds addresses, "
    "and nothing secret."
)
_TOGETHER = 1_000


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_audit)
    options.add_state(parser)
    parser.add_argument(
        "--site", type=options.site, required=True, metavar="NAME", help="which site"
    )
    parser.add_argument(
        "--since",
        type=options.duration,
        default=timedelta(days=30),
        metavar="TIME",
        help="from how long ago on: 90s, 30m, 1h, 7d (30d, which is all that is kept)",
    )
    database.add_option(parser)


def _audit(given: argparse.Namespace) -> None:
    asyncio.run(_show(given))


async def _show(given: argparse.Namespace) -> None:
    State(given.state).site(given.site)
    since = audited.now() - int(given.since.total_seconds() * 1000)
    async with audited.store(given) as store:
        async for entry in entries(store, given.site, since):
            sys.stdout.write(json.dumps(_shown(entry)) + "\n")


async def entries(
    store: "Store", site: str, since: int, together: int = _TOGETHER
) -> AsyncIterator["Entry"]:
    """All of the site's since then, in the order of their times. Raises StoreAway."""
    while True:
        found = await store.entries(site, since, together)
        last = found[-1].at if len(found) == together else None
        # There may be more of the last moment: all of it comes with the next ones.
        for entry in found:
            if entry.at != last:
                yield entry
        if last is None:
            return
        together = together * 2 if last == since else together
        since = last


def _shown(entry: "Entry") -> dict[str, str]:
    return {
        "at": audited.date(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "outcome": entry.outcome,
    }
