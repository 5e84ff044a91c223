"""The command ``twocan-supernode run``: a node in the foreground."""

import argparse
import asyncio
import json
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path

from twocan_supernode import installation, node
from twocan_supernode.commands import options
from twocan_supernode.errors import UsageError
from twocan_supernode.own_certificate import OwnCertificate
from twocan_supernode.state import Node, State

HELP = "run a node in the foreground"
DESCRIPTION = "Run a node in the foreground. One JSON line says where it is once it serves."


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_run)
    options.add_state(parser)
    parser.add_argument(
        *("--site",),
        type=options.site,
        action="append",
        default=[],
        metavar="NAME",
        help=f"a site to serve besides those in DIR, again for each (a new DIR: {node.FIRST_SITE})",
    )
    parser.add_argument(
        "--listen",
        type=options.address,
        default=ip_address("127.0.0.1"),
        metavar="IP",
        help="the address to listen on (%(default)s, for this machine alone)",
    )
    parser.add_argument(
        "--address", type=options.address, metavar="IP", help="where clients reach it, if elsewhere"
    )
    parser.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="a certificate of yours for every site, in PEM with its chain, instead of one by the "
        "node's own authority; a renewed one is taken up by itself",
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the key to it, in PEM")
    parser.add_argument(
        "--ejabberd",
        type=Path,
        metavar="DIR",
        help=f"where ejabberd was unpacked (also in {installation.VARIABLE})",
    )


def _run(given: argparse.Namespace) -> None:
    state = State(given.state)
    address = given.address or given.listen
    if address.is_unspecified:
        raise UsageError(f"--listen {given.listen} needs --address: where do clients reach it?")
    asked = node.Options(
        state, given.site, given.listen, address, given.ejabberd, _own_certificate(given)
    )
    asyncio.run(node.run(asked, lambda reached: _say_ready(state, reached)))


def _own_certificate(given: argparse.Namespace) -> OwnCertificate | None:
    if (given.certificate is None) != (given.key is None):
        raise UsageError("--certificate and --key go together: name both files")
    # As they are from here, wherever the node may go.
    files = [file.absolute() for file in (given.certificate, given.key) if file is not None]
    return OwnCertificate(*files) if files else None


def _say_ready(state: State, reached: Node) -> None:
    ready = {
        "event": "ready",
        **asdict(reached),
        "sites": [site.name for site in state.sites()],
        "state": str(state.folder),
        "ca": None if (ca := state.authority()) is None else str(ca),
    }
    print(json.dumps(ready), flush=True)
