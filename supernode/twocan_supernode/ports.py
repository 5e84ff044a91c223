"""Which ports a node listens on: the usual ones where they are free, else any."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from typing import Self

LOOPBACK = "127.0.0.1"

_TRANSPORTS = {
    "xmpps": socket.SOCK_STREAM,
    "xmpp": socket.SOCK_STREAM,
    "https": socket.SOCK_STREAM,
    "stun": socket.SOCK_DGRAM,
    "ws": socket.SOCK_STREAM,
}


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one node. TURN shares its port with STUN."""

    xmpps: int  # direct TLS (XEP-0368), TCP
    xmpp: int  # STARTTLS (RFC 6120 5), TCP
    https: int  # WebSocket (RFC 7395), TCP
    stun: int  # STUN and TURN (RFC 8489, RFC 8656), UDP
    ws: int = 5280  # WebSocket without TLS, TCP, on loopback whatever the rest listens on

    @classmethod
    def free(cls, address: str, wishes: Iterable["Ports"]) -> Self:
        """For each service the first wish that is free on its address, else a port that is.

        All are held until all are found, so no two are the same.
        """
        wished = [asdict(wish) for wish in wishes]

        def held_for(name: str, kind: socket.SocketKind) -> socket.socket:
            on = LOOPBACK if name == "ws" else address
            return held.enter_context(closing(_bind(on, kind, [wish[name] for wish in wished])))

        with ExitStack() as held:
            found = {name: held_for(name, kind) for name, kind in _TRANSPORTS.items()}
            return cls(**{name: taken.getsockname()[1] for name, taken in found.items()})


USUAL = Ports(xmpps=5223, xmpp=5222, https=5443, stun=3478, ws=5280)


def _bind(address: str, kind: socket.SocketKind, wishes: Iterable[int]) -> socket.socket:
    for port in wishes:
        try:
            return _bound(address, kind, port)
        except OSError:
            continue  # taken, or not for this user
    return _bound(address, kind, 0)


def _bound(address: str, kind: socket.SocketKind, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    taken = socket.socket(family, kind)
    try:
        if kind == socket.SOCK_STREAM:
            # As ejabberd does: connections of a former run that are still closing are no hindrance.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((address, port))
        if kind == socket.SOCK_STREAM:
            taken.listen(1)
    except OSError:
        taken.close()
        raise
    return taken
