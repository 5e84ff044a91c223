"""What ejabberd is told: settings in, the text of its ``ejabberd.yml`` out."""

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from string import Template

from twocan_supernode import cluster, installation, isuser
from twocan_supernode.ports import Ports

# Names are looked up nowhere (Erlang's "Inet Configuration"): a node reaches no other server.
RESOLVER = "{lookup, [file]}.\n"

# To ejabberd an empty list means anybody: this is a page that there cannot be (RFC 6761 6.4).
_NO_ORIGIN = ("https://origin.invalid",)

# Where TURN must never relay to on behalf of people elsewhere: the server itself, the networks
# behind it, and what is no host at all (RFC 6890; RFC 8656 21.2). ejabberd refuses clients there,
# too. An IPv4-mapped network must not be named: to ejabberd it holds all of IPv4, while it looks up
# mapped addresses among the IPv4 networks anyway.
_NOT_FOR_RELAYING = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/128", "::1/128", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from node to node."""

    listen: IPv4Address | IPv6Address  # the interface to listen on
    address: IPv4Address | IPv6Address  # where clients reach it
    ports: Ports
    sites: Mapping[str, Path]  # each site's public jwk
    ca: Path
    certificate: Path  # beside the folder that ejabberd runs in
    turn_secret: str
    origins: Sequence[str] = ()  # of pages that may open a WebSocket


def render(settings: Settings) -> str:
    """The whole configuration. Every value goes in as JSON, which YAML includes."""
    values: dict[str, object] = {
        "hosts": list(settings.sites),
        "jwt_keys": {name: {"jwt_key": str(jwk)} for name, jwk in settings.sites.items()},
        "ca": str(settings.ca),
        # As seen from ejabberd's folder: it reads no absolute name with letters beyond ASCII here
        # (its search for wildcards takes them for bytes).
        "certificate": f"../{settings.certificate.name}",
        "isuser": shlex.join([sys.executable, "-IS", isuser.__file__]),
        "listen": str(settings.listen),
        "address": str(settings.address),
        "family": settings.address.version,
        "turn_secret": settings.turn_secret,
        "origins": list(settings.origins or _NO_ORIGIN),
        "api": f"unix:{installation.API}",
        "messages": installation.MESSAGES,
        "tick_seconds": cluster.TICK_SECONDS,
        "not_for_relaying": not_for_relaying(settings.address),
        **{f"{name}_port": getattr(settings.ports, name) for name in Ports.__slots__},
    }
    template = resources.files("twocan_supernode").joinpath("ejabberd.yml").read_text()
    return Template(template).substitute({k: json.dumps(v) for k, v in values.items()})


def not_for_relaying(address: IPv4Address | IPv6Address) -> list[str]:
    """The networks that TURN refuses as peers, for a node that clients reach at ``address``.

    On loopback every client is on this machine, and so are the peers that they relay to.
    """
    return [] if address.is_loopback else list(_NOT_FOR_RELAYING)
