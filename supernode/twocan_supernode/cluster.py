"""Several nodes of the same sites as one ejabberd: what makes them one, and how each starts.

Each node is called ``ejabberd@`` and the address at which the others reach it. They speak Erlang's
distribution protocol over TLS, without epmd: all listen on the same port, and each believes the
cluster's own authority alone. Whoever has a certificate of that one, and the cookie, may do
anything on every node; both are in ``cluster/`` in the state's folder, which new nodes get a copy
of. Tables are mnesia's; every node has all of them.

A node that starts does so in one of three ways: as the first of its cluster, with an empty database
of its own; joining, with copies of another's tables; or coming back, with those of whoever stopped
last. Nodes that lost each other and went on by themselves (mnesia calls them partitioned) can put
nothing together again: one side starts anew with copies of the other's tables.
"""

import re
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path

from twocan_supernode.certificates import Authority
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.state import State, write_private

USUAL_PORT = 5210
TICK_SECONDS = 8
"""A node that says nothing for so long, give or take a quarter, is taken for gone (net_ticktime).
Until then nobody signs in anywhere, as tables wait for it."""
ABSENT_SECONDS = 20
"""How long a node that starts waits for others that it cannot start without."""
_LOOK_SECONDS = 2
_COOKIE = ".erlang.cookie"  # Erlang looks for it there, in what it takes for its home
_CERTIFICATE = "cluster.pem"
_TLS = "cluster.conf"
_SCRIPT = Path(__file__).with_suffix(".script")
_NODE = re.compile(rb"ejabberd@([0-9]{1,3}(?:\.[0-9]{1,3}){3})")
_SAID = re.compile(r"^twocan-cluster: ([a-z]+)((?: ejabberd@[0-9.]+| nonode@nohost)*)$", re.M)


class Apart(SupernodeError):
    """It and others went on without each other; it has to start again, with their tables."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A node's place in its cluster. Addresses are those at which nodes reach each other."""

    address: IPv4Address
    port: int = USUAL_PORT
    join: IPv4Address | None = None  # a node whose cluster a new one becomes part of
    without: tuple[IPv4Address, ...] = ()  # nodes that never come back

    def prepare(self, state: State) -> None:
        """Makes what is missing in ``cluster/``, and this node's own part anew.

        Raises SupernodeError where it cannot listen, and UsageError where what a new node needs of
        the others was not copied.
        """
        if self.join and not ((state.folder / "cluster").is_dir() and state.sites()):
            raise UsageError(
                f"{state.folder} is not ready to join {self.join}: copy sites/, cluster/, ca.pem "
                "and ca-key.pem there from that node's folder"
            )
        _look_whether_free(self.address, self.port)
        authority, cookie = _shared(state.folder / "cluster")
        name = str(self.address)
        # Erlang looks for the address among the names; to TLS it is none.
        certificate = authority.issue([name], [self.address], peer=True)
        state.ejabberd.mkdir(mode=0o700, exist_ok=True)
        write_private(state.ejabberd / _COOKIE, cookie)
        write_private(state.ejabberd / _CERTIFICATE, certificate)
        believed = state.folder / "cluster/ca.pem"
        write_private(state.ejabberd / _TLS, _tls(state.ejabberd / _CERTIFICATE, believed))

    def cookie(self, state: State) -> str:
        return (state.folder / "cluster/cookie").read_text()

    def arguments(self, folder: Path) -> list[str]:
        """For the command of the node that lives in ``folder``."""
        return [
            *("-name", _name(self.address)),
            *("-proto_dist", "inet_tls", "-ssl_dist_optfile", str(folder / _TLS)),
            *("-start_epmd", "false", "-erl_epmd_port", str(self.port)),
            *("-kernel", "inet_dist_use_interface", f"{{{str(self.address).replace('.', ',')}}}"),
            *("-kernel", "net_ticktime", str(TICK_SECONDS)),
            *("-eval", self._script()),
        ]

    def _script(self) -> str:
        """What Erlang does before ejabberd starts."""
        known = {
            "Join": _atom(self.join) if self.join else "none",
            "Without": _list(map(_atom, self.without)),
            "Absent": str(ABSENT_SECONDS),
            "Look": str(_LOOK_SECONDS * 1000),
        }
        bindings = _list(f"{{'{name}', {value}}}" for name, value in known.items())
        return f"{{ok, _}} = file:script({_string(_SCRIPT)}, {bindings})."


def again(cluster: Cluster | None) -> Cluster | None:
    """The same place, for a start after the first."""
    return replace(cluster, join=None, without=()) if cluster else None


def members(database: Path) -> list[str]:
    """The addresses of the nodes whose tables are in the folder; none of one that ran alone."""
    schema = database / "schema.DAT"  # mnesia's; nodes are in it by name
    found = _NODE.findall(schema.read_bytes()) if schema.exists() else []
    return sorted({address.decode() for address in found})


def why_ended(tail: str, database: Path) -> SupernodeError | None:
    """What the last lines of an ejabberd that ended say of its cluster, if anything; ``database``
    is the folder of its tables."""
    if not (said := _SAID.search(tail)):
        return None
    nodes = " or ".join(name.removeprefix("ejabberd@") for name in said[2].split())
    kind = Apart if said[1] == "apart" else SupernodeError
    return kind(_WORDS[said[1]].format(nodes=nodes, database=database))


_WORDS = {
    "alone": "what is in {database} is of a node that ran alone or under another address "
    "({nodes}), and cannot be part of this cluster: run it as before, or move that folder away and "
    "do without what it holds, which is calls that people missed",
    "own": "what is in {database} is of a cluster without {nodes}: to join that one, move the "
    "folder away and do without what it holds, which is calls that people missed",
    "away": "the node at {nodes} does not answer: does it run, with the same --cluster-port, and "
    "is this folder's cluster/ a copy of its own?",
    "refused": "the node at {nodes} could not be joined: the end of this node's log says why",
    "waits": "this node waits for {nodes}, which may have gone on after it stopped: start that "
    "one, too. If it is gone for good, start this node once with --without and its address",
    "runs": "the node at {nodes} runs: stop it before this one starts without it",
    "apart": "this node and {nodes} had lost each other: it starts again, with their tables",
}


def _name(address: IPv4Address) -> str:
    return f"ejabberd@{address}"


def _atom(address: IPv4Address) -> str:
    return f"'{_name(address)}'"


def _look_whether_free(address: IPv4Address, port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((str(address), port))
    except OSError as error:
        raise SupernodeError(
            f"cannot listen on {address}, port {port}, for the other nodes ({error.strerror}): "
            "--cluster is an address of this machine, and --cluster-port one that is free on all"
        ) from None


def _shared(folder: Path) -> tuple[Authority, bytes]:
    """The authority and the cookie, which are made once."""
    folder.mkdir(mode=0o700, exist_ok=True)
    certificate, key, cookie = folder / "ca.pem", folder / "ca-key.pem", folder / "cookie"
    if not certificate.exists():
        made = Authority.new()
        write_private(cookie, secrets.token_urlsafe(32).encode())
        write_private(key, made.key_pem())
        write_private(certificate, made.certificate_pem())
    return Authority.load(certificate.read_bytes(), key.read_bytes()), cookie.read_bytes()


def _tls(certificate: Path, believed: Path) -> bytes:
    """Erlang's options for TLS, for both ends of a connection ("Using TLS for Erlang
    Distribution")."""
    files = {"certfile": certificate, "keyfile": certificate, "cacertfile": believed}
    both = [*(f"{{{name}, {_string(file)}}}" for name, file in files.items())]
    both += ["{verify, verify_peer}", "{versions, ['tlsv1.3']}"]
    server = [*both, "{fail_if_no_peer_cert, true}"]
    return f"[{{server, {_list(server)}}},\n {{client, {_list(both)}}}].\n".encode()


def _list(terms: Iterable[str]) -> str:
    return f"[{', '.join(terms)}]"


def _string(file: Path) -> str:
    # In ASCII alone: what reads the options for TLS takes each byte for a character.
    plain = "".join(
        c if c.isascii() and c not in '"\\' else f"\\x{{{ord(c):x}}}" for c in str(file)
    )
    return f'"{plain}"'
