"""The command ``twocan-supernode run``: a node in the foreground."""

import argparse
import asyncio
import json
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path

from twocan_supernode import installation, node
from twocan_supernode.cluster import USUAL_PORT, Cluster
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
    _add_cluster(parser)


def _add_cluster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cluster",
        type=options.address,
        metavar="IP",
        help="where the other nodes of its cluster reach it (it is the only one)",
    )
    parser.add_argument(
        "--cluster-port",
        type=options.port,
        metavar="N",
        help=f"the TCP port between nodes, the same on all ({USUAL_PORT})",
    )
    parser.add_argument(
        "--join",
        type=options.address,
        metavar="IP",
        help="with a new DIR: the --cluster of a node whose cluster it becomes part of",
    )
    parser.add_argument(
        "--without",
        type=options.address,
        action="append",
        default=[],
        metavar="IP",
        help="the --cluster of a node that is gone for good, again for each",
    )


def _run(given: argparse.Namespace) -> None:
    state = State(given.state)
    address = given.address or given.listen
    if address.is_unspecified:
        raise UsageError(f"--listen {given.listen} needs --address: where do clients reach it?")
    asked = node.Options(
        state,
        given.site,
        given.listen,
        address,
        given.ejabberd,
        certificate=_own_certificate(given),
        cluster=_cluster(given),
    )
    asyncio.run(node.run(asked, lambda reached: _say_ready(state, reached)))


def _own_certificate(given: argparse.Namespace) -> OwnCertificate | None:
    if (given.certificate is None) != (given.key is None):
        raise UsageError("--certificate and --key go together: name both files")
    # As they are from here, wherever the node may go.
    files = [file.absolute() for file in (given.certificate, given.key) if file is not None]
    return OwnCertificate(*files) if files else None


def _cluster(given: argparse.Namespace) -> Cluster | None:
    if given.cluster is None:
        if given.cluster_port is not None or given.join or given.without:
            raise UsageError("--cluster-port, --join and --without need --cluster")
        return None
    port = USUAL_PORT if given.cluster_port is None else given.cluster_port
    if not port:
        raise UsageError("--cluster-port 0 is no port that other nodes could know of")
    others = [*([given.join] if given.join else []), *given.without]
    for each in (given.cluster, *others):
        if each.version != 4 or each.is_unspecified or each.is_multicast:
            raise UsageError(f"{each} is no IPv4 address at which other nodes reach one")
    if given.cluster in others:
        raise UsageError(f"--join and --without mean other nodes, and {given.cluster} is this one")
    return Cluster(given.cluster, port, given.join, tuple(given.without))


def _say_ready(state: State, reached: Node) -> None:
    ready = {
        "event": "ready",
        **asdict(reached),
        "sites": [site.name for site in state.sites()],
        "state": str(state.folder),
        "ca": None if (ca := state.authority()) is None else str(ca),
    }
    print(json.dumps(ready), flush=True)
