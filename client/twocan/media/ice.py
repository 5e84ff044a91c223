"""ICE whose gathering nobody has to wait for, and that prefers the direct path.

aioice gathers everything before it starts, so that one dead STUN server costs five seconds.
Here the addresses of this machine are there at once and STUN and TURN answer when they
answer: what comes late is told (``on_candidate``) and takes part from then on (RFC 8838).
aiortc is pinned exactly, since this reaches into ``aioice.Connection``.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aioice import Candidate, Connection, ice
from aioice.stun import TransactionError
from aiortc import RTCIceGatherer

from twocan.media.stamps import Stamped, stamp
from twocan.signalling import IceServer

GATHERING_WAIT = 0.5
"""Seconds that a description waits for STUN and TURN before it leaves without them."""
RELAY_AFTER = 1.0
"""Seconds for which direct paths are tried before relayed ones. aioice nominates the first
pair that works (aggressive nomination), and a relay answers before a NAT is pierced."""
GATHERING_LIMIT = 10.0
"""Seconds after which a server that did not answer is given up."""


class TricklingConnection(Connection):
    """An ICE agent for one component that gathers while it is already in use.

    ``on_candidate`` is called for every local candidate that comes after ``gather_candidates``
    returned.
    """

    def __init__(self, on_candidate: Callable[[Candidate], None]) -> None:
        super().__init__(ice_controlling=False)
        self.last_heard = 0.0
        """When the last packet other than STUN came, on the loop's clock."""
        self.arrived_at = 0.0
        """When the packet that was last received came in, on the loop's clock."""
        self._on_candidate = on_candidate
        self._working: set[asyncio.Task[object]] = set()
        self._binding: asyncio.Task[None] | None = None
        self._relay_from: float | None = None
        self._described = False
        self._complete = asyncio.Event()

    @property
    def closing(self) -> bool:
        """Whether this agent gave up, or was told to."""
        return self._closing

    async def gather_candidates(self) -> None:
        """Find the addresses of this machine, which takes no time."""
        if self._binding is None:
            self._local_candidates_start = True
            self._binding = asyncio.create_task(self._bind())
        # Cancelled between two addresses, aioice would forget the sockets that it has opened.
        await asyncio.shield(self._binding)

    async def _bind(self) -> None:
        self._local_candidates += await self.get_component_candidates(1, _addresses())
        self._local_candidates_end = True
        for protocol in self._protocols:
            stamp(protocol.transport)

    async def ask(self, servers: Sequence[IceServer], wait: float = GATHERING_WAIT) -> None:
        """Ask STUN and TURN; what they say after ``wait`` seconds is still taken."""
        queries = [self._begin(query) for query in self._queries(servers)]
        if queries:
            await asyncio.wait(queries, timeout=wait)
        self._described = True

    async def connect(self) -> None:
        self._relay_from = asyncio.get_running_loop().time() + RELAY_AFTER
        # aioice paces its checks and looks at their outcome every 20 ms only. A path that was
        # nominated carries data at once, so nobody waits for the rest of that.
        checking = self._begin(super().connect())
        complete = self._begin(self._complete.wait())
        await asyncio.wait({checking, complete}, return_when=asyncio.FIRST_COMPLETED)
        if not self._complete.is_set():
            complete.cancel()
            await checking

    async def close(self) -> None:
        working = list(self._working)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if self._binding is not None:
            await self._binding
        await super().close()

    def data_received(self, data: bytes, component: int) -> None:
        # Of nothing, aiortc would look at the first byte, and anybody may send it.
        if not data:
            return
        self.last_heard = asyncio.get_running_loop().time()
        super().data_received(data, component)

    async def recv(self) -> bytes:
        data: bytes = await super().recv()
        self.arrived_at = (
            data.at if isinstance(data, Stamped) else asyncio.get_running_loop().time()
        )
        return data

    def take(self, candidate: Candidate) -> None:
        """Take a remote candidate, at any time; one that cannot be used is left out."""
        if not candidate.host.endswith(".local"):
            self._add_remote_candidate(candidate, candidate.host)
            return
        # A browser's mDNS name takes a moment to resolve.
        self._begin(self.add_remote_candidate(candidate))

    def _begin(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    def _queries(self, servers: Sequence[IceServer]) -> list[Coroutine[Any, Any, None]]:
        queries = []
        for server in servers:
            if server.kind == "stun":
                queries += [
                    self._ask_stun(protocol, server)
                    for protocol in self._protocols
                    if ipaddress.ip_address(protocol.local_candidate.host).version == 4
                ]
            else:
                queries.append(self._ask_turn(server))
        return queries

    async def _ask_stun(self, protocol: ice.StunProtocol, server: IceServer) -> None:
        with contextlib.suppress(OSError, TransactionError, TimeoutError):
            async with asyncio.timeout(GATHERING_LIMIT):
                candidate, _ = await ice.server_reflexive_candidate(
                    protocol, (server.host, server.port)
                )
            self._found(candidate)

    async def _ask_turn(self, server: IceServer) -> None:
        with contextlib.suppress(OSError, TransactionError, TimeoutError):
            async with asyncio.timeout(GATHERING_LIMIT):
                candidate, protocol = await ice.relayed_candidate(
                    component=1,
                    hide_related_address=False,
                    protocol_factory=lambda: ice.StunProtocol(self),
                    turn_server=(server.host, server.port),
                    turn_username=server.username,
                    turn_password=server.password,
                    turn_ssl=server.kind == "turns",
                    turn_transport=server.transport,
                )
            self._protocols.append(protocol)
            for remote in self._remote_candidates:
                self._pair_remote_candidate(remote)
            self.sort_check_list()
            self._found(candidate)

    def _found(self, candidate: Candidate) -> None:
        # RFC 8445 §5.1.3: a server that sees our own address tells nothing new.
        if any(
            (c.host, c.port) == (candidate.host, candidate.port) for c in self._local_candidates
        ):
            return
        self._local_candidates.append(candidate)
        if self._described:
            self._on_candidate(candidate)

    def _check_list_maybe_complete(self) -> bool:
        complete = super()._check_list_maybe_complete()
        if complete:
            self._complete.set()
        return complete

    def _check_periodic(self) -> bool:
        direct = [pair for pair in self._check_list if not _is_relayed(pair)]
        if not self._prefers(direct):
            return super()._check_periodic()
        everything, self._check_list = self._check_list, direct
        try:
            super()._check_periodic()
        finally:
            self._check_list = everything
        return not self._check_list_done

    def _prefers(self, direct: Sequence[ice.CandidatePair]) -> bool:
        """Whether direct pairs are still given their chance before relayed ones."""
        hopeful = any(pair.state is not ice.CandidatePair.State.FAILED for pair in direct)
        now = asyncio.get_running_loop().time()
        return hopeful and self._relay_from is not None and now < self._relay_from


class TricklingGatherer(RTCIceGatherer):
    """An ``RTCIceGatherer`` over a ``TricklingConnection``."""

    def __init__(self, on_candidate: Callable[[Candidate], None]) -> None:
        super().__init__(iceServers=[])
        self.agent = TricklingConnection(on_candidate)
        self._connection = self.agent


def _is_relayed(pair: ice.CandidatePair) -> bool:
    return "relay" in (pair.local_candidate.type, pair.remote_candidate.type)


def _addresses() -> list[str]:
    """This machine's addresses; loopback only where there is no other."""
    return ice.get_host_addresses(use_ipv4=True, use_ipv6=True) or ["127.0.0.1"]
