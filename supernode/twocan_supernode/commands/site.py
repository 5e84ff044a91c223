"""The command ``twocan-supernode site``: the site API, in the foreground."""

import argparse
import gc
import json
import logging
import re
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from twocan_supernode.commands import database, options
from twocan_supernode.errors import UsageError
from twocan_supernode.hosts import is_this_machine
from twocan_supernode.state import State
from twocan_supernode.stopping import stop_asked

if TYPE_CHECKING:
    from twocan_supernode.site.limits import Rate
    from twocan_supernode.site.metrics import MetricsAccess
    from twocan_supernode.site.running import Options

HELP = "serve the site API in the foreground"
DESCRIPTION = (
    "Serve the API that sites and phones use, for every site in DIR, in the foreground. "
    "One JSON line says where it is once it serves."
)
# httpx would write down the URLs of webhooks.
_LIBRARIES = ("alembic", "httpcore", "httpx", "uvicorn")
# The collector looks at new objects this often; requests leave few that it has to find.
_OBJECTS_BETWEEN = 10_000
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_site)
    options.add_state(parser)
    database.add_option(parser)
    _add_places(parser)
    parser.add_argument(
        "--limit-per-address",
        type=_rate,
        metavar="COUNT/SECONDSs:BURST",
        help="how often one network address may redeem links, and as often ask for new tokens "
        "(60/60s:30: 60 a minute, 30 at once)",
    )
    figures = parser.add_mutually_exclusive_group()
    figures.add_argument(
        "--metrics-token",
        type=Path,
        metavar="FILE",
        help="/metrics is for whoever sends what is in FILE as bearer token (this machine alone)",
    )
    figures.add_argument("--open-metrics", action="store_true", help="/metrics is for everybody")


def _add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--listen",
        type=options.address,
        default=ip_address("127.0.0.1"),
        metavar="IP",
        help="the address to listen on (%(default)s), without TLS: a reverse proxy is before it",
    )
    parser.add_argument(
        "--port", type=options.port, default=0, metavar="N", help="the port (any that is free)"
    )
    parser.add_argument(
        "--url", type=_url, metavar="URL", help="where it is reached: https://calls.site.example"
    )
    parser.add_argument(
        "--xmpp",
        type=_server,
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="where phones sign in, again for each (where the node in DIR is)",
    )
    parser.add_argument(
        "--websocket",
        type=_websocket,
        metavar="URL",
        help="where pages do: wss://calls.site.example/ws (where the node in DIR is)",
    )
    parser.add_argument(
        "--downloads", type=Path, metavar="DIR", help="the programs that people may download"
    )


def _site(given: argparse.Namespace) -> None:
    from twocan_supernode.site.loop import run_in_loop
    from twocan_supernode.site.running import run

    asked = _asked(given)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)

    async def serve() -> None:
        with stop_asked() as stop:
            await run(asked, stop, _say_ready)

    run_in_loop(serve())


def _say_ready(url: str) -> None:
    _settle()
    print(json.dumps({"event": "ready", "url": url}), flush=True)


def _settle() -> None:
    """What was loaded until now stays, so no collector has to look through it again: that is a
    seventh of a request's CPU, and most of its longest waits."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN)


def _asked(given: argparse.Namespace) -> "Options":
    from twocan_supernode.site.parts import XmppServer
    from twocan_supernode.site.running import Options

    state = State(given.state)
    if not state.sites():
        raise UsageError(f"there are no sites in {state.folder}: run a node there first")
    if not given.listen.is_loopback and given.url is None:
        raise UsageError(f"--listen {given.listen} needs --url: where do phones reach it?")
    return Options(
        state,
        str(given.listen),
        given.port,
        database.url(given, state),
        given.url,
        tuple(XmppServer(host, port) for host, port in given.xmpp),
        given.websocket,
        given.downloads,
        _metrics_access(given),
        given.limit_per_address,
    )


def _metrics_access(given: argparse.Namespace) -> "MetricsAccess":
    from twocan_supernode.site.metrics import MetricsAccess

    if given.metrics_token is None:
        return MetricsAccess(everybody=given.open_metrics)
    token = given.metrics_token.read_text(encoding="utf-8", errors="replace").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(f"{given.metrics_token} holds no token: one line of printable ASCII")
    return MetricsAccess(token=token)


def _rate(text: str) -> "Rate":
    from twocan_supernode.site.limits import rate

    try:
        return rate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def _url(text: str) -> str:
    return _checked(text, {"https", "http"}, "https://calls.site.example").rstrip("/")


def _websocket(text: str) -> str:
    return _checked(text, {"wss", "ws"}, "wss://calls.site.example/ws")


def _checked(text: str, schemes: set[str], example: str) -> str:
    """A URL under TLS; without it only at this very machine."""
    try:
        split = urlsplit(text)
        host, _ = split.hostname, split.port
    except ValueError:
        host = None
    whole = host and split.scheme in schemes and not split.query and not split.fragment
    if not whole or "@" in split.netloc or not re.fullmatch(r"[!-~]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no URL such as {example}")
    if split.scheme in ("http", "ws") and not is_this_machine(str(host)):
        raise argparse.ArgumentTypeError(f"{text!r} is not secure: it needs {split.scheme}s://")
    return text


def _server(text: str) -> tuple[str, int]:
    match = _SERVER.fullmatch(text)
    if match is None or not 0 < int(match[2]) <= 0xFFFF:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no HOST:PORT such as calls.site.example:5223"
        )
    return match[1].strip("[]"), int(match[2])
