"""The life of one node: make what is missing, start ejabberd, say when it serves, stop it."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from twocan_supernode import cluster, configuration, events, installation, lock, tap
from twocan_supernode.cluster import Cluster
from twocan_supernode.configuration import Settings
from twocan_supernode.errors import SupernodeError
from twocan_supernode.flooding import Flooding, Sums
from twocan_supernode.heard import Heard
from twocan_supernode.installation import Installation
from twocan_supernode.own_certificate import OwnCertificate
from twocan_supernode.ports import USUAL, Ports
from twocan_supernode.probe import wait_until_serving
from twocan_supernode.server import Server
from twocan_supernode.state import Node, State, write_private
from twocan_supernode.stopping import stop_asked
from twocan_supernode.taking_up import TakingUp, origins

FIRST_SITE = "site.localhost"
_SERVES_WITHIN = 240.0
"""Long files take their time: after a crash it looks through them first (forgetting.py), and in a
cluster they are copied, up to 2 GB of each."""
_TRIES = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for."""

    state: State
    sites: list[str]  # to add to those there are
    listen: IPv4Address | IPv6Address
    address: IPv4Address | IPv6Address
    ejabberd: Path | None = None
    certificate: OwnCertificate | None = None  # in place of one by the node's own authority
    cluster: Cluster | None = None


async def run(options: Options, ready: Callable[[Node], None]) -> None:
    """Runs a node until a signal asks it to stop; calls ``ready`` once it serves.

    Raises SupernodeError when it cannot start, or when ejabberd ends unasked.
    """
    found = installation.find(options.ejabberd)
    with lock.held(options.state.folder) as descriptor, stop_asked() as stop:
        async with events.handing_on(options.state.folder) as tell:
            flooding = Flooding(Sums())
            tries_left = _TRIES
            while True:
                settings = prepare(options)
                server = _started(found, options, settings, descriptor, tell, flooding.sent)
                try:
                    async with server as ejabberd:
                        await _serve(ejabberd, options, settings, stop, ready, flooding)
                except _PortTakenError:
                    tries_left -= 1
                    if not tries_left:
                        raise
                except cluster.Apart as error:
                    log.warning("%s", error)
                    options = replace(options, cluster=cluster.again(options.cluster))
                else:
                    return


@asynccontextmanager
async def _started(
    found: Installation,
    options: Options,
    settings: Settings,
    keep_open: int,
    tell: Callable[[Heard], None],
    sent: Callable[[str, int], None],
) -> AsyncIterator[Server]:
    """ejabberd, and what is heard through it told."""
    folder = options.state.ejabberd
    within, place = int(_SERVES_WITHIN), options.cluster
    secrets = [settings.turn_secret, *([place.cookie(options.state)] if place else [])]
    clustered = place.arguments(folder) if place else []
    with tap.laid(folder / installation.MESSAGES, settings.sites, within, tell, sent):
        server = Server.started(found, folder, keep_open, secrets, clustered)
        async with server as ejabberd:
            yield ejabberd


async def _serve(
    ejabberd: Server,
    options: Options,
    settings: Settings,
    stop: asyncio.Event,
    ready: Callable[[Node], None],
    flooding: Flooding,
) -> None:
    beginning = begun(options, settings)
    if not await _unless_ended(ejabberd, stop, beginning, within=_SERVES_WITHIN):
        return
    ejabberd.serves = True
    tap.settle(options.state.ejabberd / installation.MESSAGES)
    node = Node(os.getpid(), str(options.address), settings.ports)
    options.state.note(node)
    ready(node)
    await _unless_ended(ejabberd, stop, _keeping_house(options, settings, flooding))


async def begun(options: Options, settings: Settings) -> None:
    """Returns once ejabberd serves, and has what its rules for signing in ask about.

    It never gives up: the caller bounds it. Raises SupernodeError when ejabberd does not do that.
    """
    # Its HTTP client is slow to import; ejabberd takes longer to start.
    from twocan_supernode.sessions import EjabberdSessions

    site = next(iter(settings.sites))
    await wait_until_serving(_reachable(options.listen), settings.ports, site)
    async with EjabberdSessions(options.state) as sessions:
        await sessions.begin(settings.sites)


async def _keeping_house(options: Options, settings: Settings, flooding: Flooding) -> None:
    from twocan_supernode.forgetting import forgetting  # slow to import, as said above
    from twocan_supernode.sessions import EjabberdSessions

    state = options.state
    async with EjabberdSessions(state) as sessions, asyncio.TaskGroup() as work:
        work.create_task(forgetting(state.ejabberd, sessions))
        work.create_task(flooding.keeping_out(sessions))
        work.create_task(TakingUp(state, settings, options.certificate).run(sessions))


class _PortTakenError(SupernodeError):
    """Someone took a port between our look and ejabberd's."""


def prepare(options: Options) -> Settings:
    """Makes whatever is missing in the folder, and the configuration anew.

    Raises SupernodeError when it cannot listen there, UsageError for a certificate that is no use.
    """
    state = options.state
    if options.cluster:
        options.cluster.prepare(state)
    elif known := cluster.members(state.ejabberd / installation.DATABASE):
        raise SupernodeError(
            f"the node in {state.folder} is part of a cluster ({', '.join(known)}): run it with "
            f"--cluster and its own address, or move {state.ejabberd / installation.DATABASE} away "
            "and do without what it holds, which is calls that people missed"
        )
    for name in options.sites or ([] if state.sites() else [FIRST_SITE]):
        state.add_site(name)
    state.issue_certificate(sorted({ip_address("127.0.0.1"), options.address}, key=str))
    last = state.node()
    sites = state.sites()
    if options.certificate:
        names = [site.name for site in sites]
        write_private(state.certificate, options.certificate.read(names, datetime.now(UTC)))
    settings = Settings(
        listen=options.listen,
        address=options.address,
        # Where it was before, first: phones come back to where they were.
        ports=_free_ports(options.listen, [*([last.ports] if last else []), USUAL]),
        sites={site.name: site.public_jwk for site in sites},
        ca=state.ca,
        certificate=state.certificate,
        turn_secret=state.turn_secret(),
        origins=origins(sites),
    )
    # Each by itself: what mkdir makes above a folder is as open as the umask lets it be.
    for folder in (Path(), Path(installation.DATABASE), Path(installation.LOG).parent):
        (state.ejabberd / folder).mkdir(mode=0o700, exist_ok=True)
        (state.ejabberd / folder).chmod(0o700)
    write_private(state.ejabberd / installation.RESOLVER, configuration.RESOLVER.encode())
    text = configuration.render(settings)
    write_private(state.ejabberd / installation.CONFIGURATION, text.encode())
    return settings


def _free_ports(listen: IPv4Address | IPv6Address, wishes: list[Ports]) -> Ports:
    try:
        return Ports.free(str(listen), wishes)
    except OSError as error:
        raise SupernodeError(
            f"cannot listen on {listen} ({error.strerror}): is it an address of this machine?"
        ) from None


def _reachable(listen: IPv4Address | IPv6Address) -> str:
    """Where this machine itself reaches what listens on all of its addresses."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not listened on
    return everywhere.get(str(listen), str(listen))


async def _unless_ended(
    server: Server,
    stop: asyncio.Event,
    work: Coroutine[object, object, object],
    within: float | None = None,
) -> bool:
    """Whether ``work`` was done, rather than a stop asked for, whichever was first.

    Raises SupernodeError when ejabberd ended before either, or neither came in time.
    """
    done = asyncio.create_task(work)
    asked = asyncio.create_task(stop.wait())
    try:
        first, _ = await asyncio.wait(
            [done, asked, server.ended], timeout=within, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        done.cancel()
        asked.cancel()
    if asked in first:
        return False
    if done in first:
        done.result()
        return True
    what = "ended unasked" if first else f"did not serve within {within:.0f} s"
    tail = server.tail()
    if known := cluster.why_ended(tail, server.log.parents[1] / installation.DATABASE):
        raise known
    kind = _PortTakenError if "eaddrinuse" in tail else SupernodeError
    raise kind(f"ejabberd {what}. The end of its log, {server.log}:\n{tail}")
