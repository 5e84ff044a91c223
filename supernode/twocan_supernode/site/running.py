"""The process of the site API: everything that has a lifetime is opened and closed here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from twocan_supernode import events, page
from twocan_supernode.errors import SupernodeError
from twocan_supernode.hosts import in_url, is_this_machine
from twocan_supernode.sessions import EjabberdSessions
from twocan_supernode.site import app, calls, limits, serving, webhooks
from twocan_supernode.site.counted import CountedOutbox
from twocan_supernode.site.keeping_out import keeping_out
from twocan_supernode.site.limits import Limiter, Rate
from twocan_supernode.site.metrics import ONLY_HERE, MetricsAccess
from twocan_supernode.site.parts import Parts, Where, XmppServer
from twocan_supernode.site.settings import Webhook
from twocan_supernode.site.sites import Sites
from twocan_supernode.site.webhooks import Deliverer
from twocan_supernode.state import Node, State
from twocan_supernode.store import Store

log = logging.getLogger(__name__)

Heard = Callable[[str, str, bytes], Coroutine[None, None, None]]
"""Takes a message: by whom, to whom, and the stanza."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the process is asked for. What is None comes from the node that runs in the folder.

    ``url``: where the API is reached, ``websocket``: where pages reach XMPP, ``servers``: where
    phones do. ``database``: its URL.
    """

    state: State
    listen: str
    port: int
    database: str
    url: str | None = None
    servers: tuple[XmppServer, ...] = ()
    websocket: str | None = None
    downloads: Path | None = None
    metrics_access: MetricsAccess = ONLY_HERE
    per_address: Rate | None = None


async def run(options: Options, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Serves until ``stop``; calls ``ready`` with the URL once it does. Raises SupernodeError."""
    sites = Sites(options.state)
    sites.check()
    with serving.bound(options.listen, options.port) as listening:
        where = found(options, listening.getsockname()[1])
        async with _parts(options, sites, where) as parts:
            await serving.serve(app.create(parts), listening, stop, lambda: ready(where.url))


@asynccontextmanager
async def _parts(options: Options, sites: Sites, where: Where) -> AsyncIterator[Parts]:
    async with AsyncExitStack() as opened:
        store = await Store.open(options.database)
        opened.push_async_callback(store.close)
        sessions = EjabberdSessions(options.state)
        opened.push_async_callback(sessions.close)
        parts = Parts(
            *(store, sessions, sites, where, _scripts()),
            metrics_access=options.metrics_access,
            per_address=options.per_address,
        )
        keeping = keeping_out(options.state, store, sessions, parts.clock)
        await opened.enter_async_context(keeping)
        await opened.enter_async_context(_telling(options.state, parts))
        yield parts


@asynccontextmanager
async def _telling(state: State, parts: Parts) -> AsyncIterator[None]:
    """What the supernode sees of calls is told to the sites meanwhile."""

    def webhook_of(name: str) -> Webhook | None:
        site = parts.sites.get(name, parts.clock())
        return site.settings.webhook if site else None

    async with webhooks.new_client() as client:
        outbox = CountedOutbox(parts.store, parts.metrics)
        async with (
            Deliverer(outbox, webhook_of, client, parts.clock) as deliverer,
            events.listening(state, telling(deliverer, parts)),
        ):
            yield


def telling(deliverer: Deliverer, parts: Parts) -> Heard:
    """Posts what a message tells of a call: of each sender so many as one may have told."""
    limiter = Limiter(limits.CALL_EVENTS)

    async def heard(sender: str, to: str, message: bytes) -> None:
        event = calls.noticed(sender, to, message, parts.clock())
        if event is None:
            return
        if limiter.take(sender.partition("/")[0], parts.ticks()):
            parts.metrics.webhook("dropped")
        else:
            await deliverer.post(event)

    return heard


def _scripts() -> dict[str, Path]:
    try:
        return page.scripts()
    except SupernodeError as error:
        log.warning("pages get no call button from here: %s", error)
        return {}


# --- where things are ------------------------------------------------------------------------


def found(options: Options, port: int) -> Where:
    """Where things are reached, once it is known on which port we are. Raises SupernodeError."""
    url = options.url or f"http://{in_url(options.listen)}:{port}"
    node = options.state.node()
    servers, websocket = options.servers, options.websocket
    if node:
        servers = servers or (XmppServer(node.host, node.ports.xmpps),)
        websocket = websocket or _websocket(url, node)
    if not servers or not websocket:
        raise SupernodeError(
            f"no node ran in {options.state.folder} yet: run one first, or name where XMPP is by "
            "--xmpp and --websocket"
        )
    return Where(url, websocket, servers, _authority(options.state, url), options.downloads)


def _websocket(url: str, node: Node) -> str:
    """Here without TLS: no browser knows the authority of the node's certificate."""
    if _is_here(url):
        return f"ws://127.0.0.1:{node.ports.ws}/ws"
    return f"wss://{in_url(node.host)}:{node.ports.https}/ws"


def _authority(state: State, url: str) -> Path | None:
    """The node's own authority, told only to phones on this very machine."""
    return state.authority() if _is_here(url) else None


def _is_here(url: str) -> bool:
    split = urlsplit(url)
    return split.scheme == "http" and is_this_machine(split.hostname or "")
