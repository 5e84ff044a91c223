"""The media of one call: what is offered and answered, and the sound that flows.

The microphone and the speaker are opened when the far side's description is there, which is
after both people agreed, and closed with the call.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence

from aioice import Candidate as IceCandidate
from aiortc import RTCCertificate

from twocan import events
from twocan.events import Event
from twocan.media import Incompatible, audio
from twocan.media.figures import Figures, Path
from twocan.media.rtp import AudioStream
from twocan.media.transport import MediaTransport, fingerprints
from twocan.messages import (
    Candidate,
    Content,
    Description,
    Fingerprint,
    HeaderExtension,
    PayloadType,
    Source,
    Transport,
)
from twocan.signalling import IceServer
from twocan.states import End

log = logging.getLogger(__name__)

NAME = "audio"

OPUS = PayloadType(
    id=111,
    name="opus",
    clockrate=48000,
    channels=2,
    parameters=(("minptime", "10"), ("useinbandfec", "1")),
)
"""RFC 7587 §7: the clock rate and the channels are always these."""

EXTENSIONS = (HeaderExtension(1, "urn:ietf:params:rtp-hdrext:sdes:mid"),)
"""None that tells how loud it is: header extensions are not encrypted (RFC 6464 §6)."""


class CallMedia:
    """The media of one call (``media.Media``).

    ``open_source`` and ``open_sink`` open the microphone and the speaker.
    """

    def __init__(
        self,
        report: Callable[[Event], None],
        open_source: Callable[[], audio.Source],
        open_sink: Callable[[], audio.Sink],
    ) -> None:
        self._report = report
        self._open_source, self._open_sink = open_source, open_sink
        self._certificate = RTCCertificate.generateCertificate()
        self._cname = str(uuid.uuid4())
        self._transport = MediaTransport(self._certificate, self)
        self._stream = AudioStream(self._transport.dtls, self._cname)
        self._ours: Content | None = None
        self._work: asyncio.Task[None] | None = None
        self._figures: Figures | None = None

    @property
    def fingerprints(self) -> Sequence[Fingerprint]:
        return fingerprints(self._certificate)

    @property
    def quiet(self) -> float:
        return self._transport.quiet

    @property
    def stream(self) -> AudioStream:
        """The sound: its levels and its microphone."""
        return self._stream

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        await self._transport.gather(servers)

    def offer(self) -> tuple[Content, ...]:
        return (self._describe(NAME, "initiator", OPUS, EXTENSIONS, "actpass"),)

    def answer(self, offer: Sequence[Content]) -> tuple[Content, ...]:
        for content in offer:
            if theirs := _opus(content):
                extensions = _common(content.description)
                setup = "passive" if _setup(content.transport) == "active" else "active"
                return (self._describe(content.name, content.creator, theirs, extensions, setup),)
        raise Incompatible("no audio content with Opus was offered")

    def connect(self, theirs: Sequence[Content], *, controlling: bool) -> None:
        content = next((c for c in theirs if self._ours and c.name == self._ours.name), None)
        codec = _opus(content) if content else None
        if content is None or codec is None:
            raise Incompatible("no audio content with Opus was accepted")
        if content.transport is None or not content.transport.ufrag or not content.transport.pwd:
            raise Incompatible("the far side described no ICE transport")
        if not any(
            f.hash in ("sha-256", "sha-384", "sha-512") for f in content.transport.fingerprints
        ):
            raise Incompatible("the far side named no fingerprint: its media would be in the clear")
        self._work = asyncio.create_task(self._run(content, codec, controlling))

    def add_candidates(self, contents: Sequence[Content]) -> None:
        candidates = [
            c for content in contents if content.transport for c in content.transport.candidates
        ]
        self._transport.add_candidates(candidates)

    def flow(self, *, sending: bool, muted: bool, playing: bool) -> None:
        self._stream.flow(sending=sending, muted=muted, playing=playing)

    async def figures(self) -> Figures | None:
        """What the media came to so far, or in all once it is closed. None: it never flowed."""
        if self._figures is not None or self._work is None:
            return self._figures
        sent, received, rtt = await self._stream.figures()
        return Figures(sent, received, rtt, _path(self._transport.pair), self._stream.heard_seconds)

    async def close(self) -> None:
        self._figures = await self.figures()
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._stream.close()
        await self._transport.close()

    # What the path tells (transport.Watcher)

    def path_found(self, candidate: Candidate) -> None:
        if self._ours is not None and self._ours.transport is not None:
            ours = self._ours.transport
            transport = Transport(ours.ufrag, ours.pwd, (candidate,))
            content = Content(self._ours.name, self._ours.creator, transport=transport)
            self._report(events.Found((content,)))

    def path_parted(self) -> None:
        self._report(events.MediaParted())

    def path_lost(self, end: End) -> None:
        self._report(events.MediaLost(end))

    async def _run(self, theirs: Content, codec: PayloadType, controlling: bool) -> None:
        assert theirs.transport is not None
        try:
            self._stream.open(self._open_source(), self._open_sink(), self._first_sound)
            if not await self._transport.connect(theirs.transport, controlling=controlling):
                return
            extensions = _common(theirs.description)
            await self._stream.start(theirs.name, codec, extensions, _ssrcs(theirs))
            self._report(events.Connected())
            await self._stream.play()
        except audio.SoundError as error:
            log.warning("%s", error)
            self._report(events.MediaLost(End.FAILED))

    def _first_sound(self) -> None:
        self._report(events.FirstSound())

    def _describe(
        self,
        name: str,
        creator: str,
        codec: PayloadType,
        extensions: tuple[HeaderExtension, ...],
        setup: str,
    ) -> Content:
        description = Description(
            "audio",
            payload_types=(codec,),
            extensions=extensions,
            sources=(Source(self._stream.ssrc, (("cname", self._cname),)),),
            rtcp_mux=True,
        )
        self._ours = Content(
            name, creator, description=description, transport=self._transport.describe(setup)
        )
        return self._ours


def _opus(content: Content) -> PayloadType | None:
    """The Opus that a content offers, under the number that it gave it."""
    if content.description is None or content.description.media != "audio":
        return None
    for codec in content.description.payload_types:
        if codec.name.lower() == "opus" and codec.clockrate == OPUS.clockrate:
            return PayloadType(codec.id, OPUS.name, OPUS.clockrate, OPUS.channels, OPUS.parameters)
    return None


def _common(theirs: Description | None) -> tuple[HeaderExtension, ...]:
    """The header extensions that both know, numbered as they number them (XEP-0294)."""
    known = {extension.uri for extension in EXTENSIONS}
    return tuple(e for e in theirs.extensions if e.uri in known) if theirs else ()


def _setup(transport: Transport | None) -> str | None:
    return next((f.setup for f in transport.fingerprints), None) if transport else None


def _ssrcs(content: Content) -> tuple[int, ...]:
    return tuple(s.ssrc for s in content.description.sources) if content.description else ()


def _path(pair: tuple[IceCandidate, IceCandidate] | None) -> Path | None:
    if pair is None:
        return None
    local, remote = pair
    return Path(
        local=f"{local.host}:{local.port}",
        remote=f"{remote.host}:{remote.port}",
        protocol=local.transport,
        relayed="relay" in (local.type, remote.type),
    )
