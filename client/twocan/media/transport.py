"""The path of one call's media: ICE finds it, DTLS secures it (RFC 8445, RFC 5764).

aiortc's ORTC-style objects map onto a Jingle transport one to one. This is the one place
that reaches into them: ``_set_role``, since a Jingle peer says which DTLS role it takes and
aiortc would guess it from ICE; and the ICE role, which ``RTCIceTransport.start`` cannot be
told.
"""

import asyncio
import hashlib
import logging
import struct
from collections.abc import Sequence
from typing import Protocol

import pylibsrtp
from aioice import Candidate as IceCandidate
from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceParameters,
    RTCIceTransport,
)
from pylibsrtp import Session

from twocan.media.ice import TricklingConnection, TricklingGatherer
from twocan.messages import Candidate, Fingerprint, Transport
from twocan.signalling import IceServer
from twocan.states import End

log = logging.getLogger(__name__)

HASH = "sha-256"


MOST_STREAMS = 64
"""Streams of which a path takes packets. libsrtp looks through all of them for each packet, and
forgets none."""


class Watcher(Protocol):
    """Who is told how the path fares."""

    def path_found(self, candidate: Candidate) -> None:
        """One more local address."""

    def path_parted(self) -> None:
        """The far side closed the path in good order."""

    def path_lost(self, end: End) -> None:
        """There is no path, or none any more."""


class SturdyDtlsTransport(RTCDtlsTransport):
    """Survives what aiortc's does not: a header extension that is shorter than it says, a REMB that
    names fewer streams than it says, and a far side that begins a new stream with every packet.

    And it says of each packet when it arrived, in milliseconds of ``time.monotonic``, instead of
    when it was read.
    """

    def __init__(
        self, ice: RTCIceTransport, agent: TricklingConnection, certificate: RTCCertificate
    ) -> None:
        super().__init__(ice, [certificate])
        self._agent = agent

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: float) -> None:
        try:
            await super()._handle_rtp_data(data, self._agent.arrived_at * 1000)  # type: ignore[arg-type]
        except struct.error as error:
            log.debug("an RTP header that cannot be read: %s", error)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        try:
            await super()._handle_rtcp_data(data)
        except struct.error as error:
            log.debug("an RTCP packet that cannot be read: %s", error)

    async def start(self, remoteParameters: RTCDtlsParameters) -> None:  # noqa: N803
        await super().start(remoteParameters)
        if self._rx_srtp is not None:
            self._rx_srtp = _FewStreams(self._rx_srtp)  # type: ignore[assignment]


class _FewStreams:
    """What opens SRTP packets, of some streams and no more."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: set[bytes] = set()
        self.unprotect_rtcp = session.unprotect_rtcp

    def unprotect(self, packet: bytes) -> bytes:
        """Raises pylibsrtp.Error, as the session does."""
        ssrc = packet[8:12]
        if ssrc in self._known:
            return self._session.unprotect(packet)
        if len(self._known) >= MOST_STREAMS:
            raise pylibsrtp.Error("one stream too many")
        opened = self._session.unprotect(packet)
        # Only now is it known that the far side sent it.
        self._known.add(ssrc)
        return opened


class MediaTransport:
    """One ICE and DTLS transport, from gathering to close."""

    def __init__(self, certificate: RTCCertificate, watcher: Watcher) -> None:
        self._certificate = certificate
        self._watcher = watcher
        self._gatherer = TricklingGatherer(self._found)
        self._agent = self._gatherer.agent
        self._ice = RTCIceTransport(self._gatherer)
        self.dtls = SturdyDtlsTransport(self._ice, self._agent, certificate)
        self._setup: str | None = None
        self._closed = False

    @property
    def quiet(self) -> float:
        """Seconds since the last packet of the far side; 0 before the first."""
        if not self._agent.last_heard:
            return 0.0
        return asyncio.get_running_loop().time() - self._agent.last_heard

    @property
    def pair(self) -> tuple[IceCandidate, IceCandidate] | None:
        """The local and the remote candidate that carry the media."""
        chosen = self._agent._nominated.get(1)
        return (chosen.local_candidate, chosen.remote_candidate) if chosen else None

    async def gather(self, servers: Sequence[IceServer]) -> None:
        """Find local addresses; wait for STUN and TURN, but not long."""
        await self._gatherer.gather()
        await self.ask(servers)

    async def ask(self, servers: Sequence[IceServer]) -> None:
        """Find the addresses that STUN and TURN servers give; those that take long come later."""
        await self._agent.ask(servers)

    def describe(self, setup: str) -> Transport:
        """Our side. ``setup``: ``actpass`` in an offer, ``active`` or ``passive`` in an answer."""
        self._setup = setup
        ours = self._gatherer.getLocalParameters()
        return Transport(
            ufrag=ours.usernameFragment,
            pwd=ours.password,
            candidates=tuple(_described(c) for c in self._agent.local_candidates),
            fingerprints=tuple(
                Fingerprint(f.hash, f.value, setup) for f in fingerprints(self._certificate)
            ),
        )

    def add_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Take remote addresses, at any time."""
        for candidate in candidates:
            if candidate.component == 1 and candidate.protocol.lower() == "udp":
                self._agent.take(_spoken(candidate))

    async def connect(self, theirs: Transport, *, controlling: bool) -> bool:
        """Find the path and secure it. False if it failed, after the watcher was told why."""
        self._agent.ice_controlling = controlling
        self.dtls._set_role("server" if self._is_passive(theirs) else "client")
        self.add_candidates(theirs.candidates)
        await self._ice.start(RTCIceParameters(theirs.ufrag, theirs.pwd))
        if self._ice.state != "completed":
            return self._lost(End.CONNECTION_FAILED)
        self._ice.add_listener("statechange", self._ice_changed)
        expected = [RTCDtlsFingerprint(f.hash, f.value) for f in theirs.fingerprints]
        await self.dtls.start(RTCDtlsParameters(expected))
        if self.dtls.state != "connected":
            # A handshake that was done and then refused: the certificate is another one.
            return self._lost(End.NOT_SECURE if self.dtls.encrypted else End.CONNECTION_FAILED)
        self.dtls.add_listener("statechange", self._dtls_changed)
        return True

    async def close(self) -> None:
        """Say goodbye on the path, and close it."""
        self._closed = True
        await self.dtls.stop()
        await self._ice.stop()

    def _is_passive(self, theirs: Transport) -> bool:
        """Whether we wait for the far side's handshake (RFC 5763 §5)."""
        said = next((f.setup for f in theirs.fingerprints), None)
        return said == "active" or (said != "passive" and self._setup != "active")

    def _found(self, candidate: IceCandidate) -> None:
        self._watcher.path_found(_described(candidate))

    def _ice_changed(self) -> None:
        if self._ice.state == "failed":
            self._lost(End.CONNECTION_LOST)

    def _dtls_changed(self) -> None:
        if self.dtls.state == "closed" and not self._closed and not self._agent.closing:
            self._watcher.path_parted()

    def _lost(self, end: End) -> bool:
        if not self._closed:
            self._watcher.path_lost(end)
        return False


def fingerprints(certificate: RTCCertificate) -> tuple[Fingerprint, ...]:
    """What is said of our certificate: one SHA-256 hash (RFC 8122 §5)."""
    return tuple(
        Fingerprint(f.algorithm, f.value)
        for f in certificate.getFingerprints()
        if f.algorithm == HASH
    )


def _described(candidate: IceCandidate) -> Candidate:
    where = f"{candidate.host} {candidate.port} {candidate.type}"
    return Candidate(
        component=candidate.component,
        foundation=candidate.foundation,
        ip=candidate.host,
        port=candidate.port,
        priority=candidate.priority,
        protocol=candidate.transport,
        type=candidate.type,
        id=hashlib.sha256(where.encode()).hexdigest()[:10],
        related_ip=candidate.related_address,
        related_port=candidate.related_port,
    )


def _spoken(candidate: Candidate) -> IceCandidate:
    return IceCandidate(
        component=candidate.component,
        foundation=candidate.foundation,
        host=candidate.ip,
        port=candidate.port,
        priority=candidate.priority,
        transport=candidate.protocol,
        type=candidate.type,
        related_address=candidate.related_ip,
        related_port=candidate.related_port,
    )
