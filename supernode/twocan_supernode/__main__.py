"""The command ``twocan-supernode``: ``run`` a node, ``mint`` an account file for a person."""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from twocan_supernode import accounts, installation, node
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.mint import account_file
from twocan_supernode.state import Node, State, write_private

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FAILED, _WRONG_USAGE, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done, 1 it could not be done, 2 wrong usage, 130 Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except UsageError as error:
        return _complain(str(error), _WRONG_USAGE)
    except SupernodeError as error:
        return _complain(str(error), _FAILED)
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror}", _FAILED)
    except KeyboardInterrupt:  # before there was anything to stop
        return _INTERRUPTED
    return 0


def _complain(what: str, code: int) -> int:
    print(f"twocan-supernode: {what}", file=sys.stderr)
    return code


# --- run


def _run(options: argparse.Namespace) -> None:
    state = State(options.state)
    address = options.address or options.listen
    if address.is_unspecified:
        raise UsageError(f"--listen {options.listen} needs --address: where do clients reach it?")
    asked = node.Options(state, options.site, options.listen, address, options.ejabberd)
    asyncio.run(node.run(asked, lambda reached: _say_ready(state, reached)))


def _say_ready(state: State, reached: Node) -> None:
    ready = {
        "event": "ready",
        **asdict(reached),
        "sites": [site.name for site in state.sites()],
        "state": str(state.folder),
        "ca": str(state.ca),
    }
    print(json.dumps(ready), flush=True)


# --- mint


def _mint(options: argparse.Namespace) -> None:
    account = account_file(State(options.state), options.site, options.person, options.valid)
    text = json.dumps(account, indent=2)
    if options.output:
        write_private(options.output, f"{text}\n".encode())
    else:
        print(text)


# --- the command line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twocan-supernode", description="The server side of Twocan.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="run a node in the foreground",
        description="Run a node in the foreground. One JSON line says where it is once it serves.",
        allow_abbrev=False,
    )
    _add_run_options(run)
    mint = commands.add_parser(
        "mint",
        help="make an account file for a person of a site",
        description="Make an account file, which signs a person of a site in for some time. "
        "Nothing is stored: the same person has the same address each time.",
        allow_abbrev=False,
    )
    _add_mint_options(mint)
    return parser


def _add_run_options(run: argparse.ArgumentParser) -> None:
    run.set_defaults(command=_run)
    _add_state_option(run)
    run.add_argument(
        *("--site",),
        type=_site,
        action="append",
        default=[],
        metavar="NAME",
        help=f"a site to serve besides those in DIR, again for each (a new DIR: {node.FIRST_SITE})",
    )
    run.add_argument(
        "--listen",
        type=_address,
        default=ip_address("127.0.0.1"),
        metavar="IP",
        help="the address to listen on (%(default)s, for this machine alone)",
    )
    run.add_argument(
        "--address", type=_address, metavar="IP", help="where clients reach it, if elsewhere"
    )
    run.add_argument(
        "--ejabberd",
        type=Path,
        metavar="DIR",
        help=f"where ejabberd was unpacked (also in {installation.VARIABLE})",
    )


def _add_mint_options(mint: argparse.ArgumentParser) -> None:
    mint.set_defaults(command=_mint)
    _add_state_option(mint)
    mint.add_argument("--site", type=_site, required=True, metavar="NAME", help="the person's site")
    mint.add_argument(
        "--person", type=_person, required=True, metavar="ID", help="who it is for: their ID there"
    )
    mint.add_argument(
        "--valid",
        type=_duration,
        default=timedelta(hours=1),
        metavar="TIME",
        help="how long one can sign in with it: 90s, 30m, 1h, 7d (1h)",
    )
    mint.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it (standard output)"
    )


def _add_state_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state",
        type=Path,
        required=True,
        metavar="DIR",
        help="the node's folder: keys, database, log",
    )


def _site(text: str) -> str:
    if not accounts.is_site_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no lower-case domain name")
    return text


def _person(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("a person's ID is not empty")
    return text


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address") from None


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([smhd])", text)
    if not match or not int(match[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 90s, 30m, 1h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


if __name__ == "__main__":
    sys.exit(main())
