"""The command ``twocan-supernode mint``: an account file for a person of a site."""

import argparse
import json
from datetime import timedelta
from pathlib import Path

from twocan_supernode.commands import options
from twocan_supernode.mint import account_file
from twocan_supernode.state import State, write_private

HELP = "make an account file for a person of a site"
DESCRIPTION = (
    "Make an account file, which signs a person of a site in for some time. "
    "Nothing is stored: the same person has the same address each time."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_mint)
    options.add_state(parser)
    parser.add_argument(
        "--site", type=options.site, required=True, metavar="NAME", help="the person's site"
    )
    parser.add_argument(
        "--person",
        type=options.person,
        required=True,
        metavar="ID",
        help="who it is for: their ID there",
    )
    parser.add_argument(
        "--valid",
        type=options.duration,
        default=timedelta(hours=1),
        metavar="TIME",
        help="how long one can sign in with it: 90s, 30m, 1h, 7d (1h)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it (standard output)"
    )


def _mint(given: argparse.Namespace) -> None:
    account = account_file(State(given.state), given.site, given.person, given.valid)
    text = json.dumps(account, indent=2)
    if given.output:
        write_private(given.output, f"{text}\n".encode())
    else:
        print(text)
