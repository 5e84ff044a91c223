"""The media of one call: what is offered and answered, and the sound that flows.

The microphone and the speaker are opened when the far side's description is there, which is
after both people agreed, and closed with the call.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from aioice import Candidate as IceCandidate
from aiortc import RTCCertificate

from twocan import events
from twocan.events import Event
from twocan.media import Incompatible
from twocan.media.figures import Figures, Path
from twocan.media.sound import Ends, SoundError
from twocan.media.sound_rtp import NACK
from twocan.media.transport import MediaTransport, fingerprints
from twocan.media.voice import Codecs, Voice
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
    feedback=(NACK,),
)
"""RFC 7587 §7: the clock rate and the channels are always these."""

RED = PayloadType(
    id=63, name="red", clockrate=48000, channels=2, parameters=(("", f"{OPUS.id}/{OPUS.id}"),)
)
"""RFC 2198 §5: a format without a name, which lists what may be in its blocks."""

KEYS = PayloadType(id=126, name="telephone-event", clockrate=48000, parameters=(("", "0-15"),))
"""RFC 4733 §2.4.1: the ten digits, star, pound, A to D."""

OFFERED = Codecs(OPUS, RED, KEYS)

EXTENSIONS = (
    HeaderExtension(1, "urn:ietf:params:rtp-hdrext:sdes:mid"),
    # Header extensions are in the clear (RFC 6464 §6), but so is the length of every packet,
    # which tells of speech as much as its level does (RFC 6562).
    HeaderExtension(2, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
)


class CallMedia:
    """The media of one call (``media.Media``). ``open_ends`` opens its microphone and speaker."""

    def __init__(self, report: Callable[[Event], None], open_ends: Callable[[], Ends]) -> None:
        self._report = report
        self._open_ends = open_ends
        self._certificate = RTCCertificate.generateCertificate()
        # As RFC 7022 §4.2 has it: as many bits as are needed, for it is in every report.
        self._cname = secrets.token_urlsafe(12)
        self._transport = MediaTransport(self._certificate, self)
        self._voice = Voice(self._cname, self._first_sound, self._sound_failed)
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
    def voice(self) -> Voice:
        """The sound: its levels and its keys."""
        return self._voice

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        await self._transport.gather(servers)

    def offer(self) -> tuple[Content, ...]:
        return (self._describe(NAME, "initiator", OFFERED, EXTENSIONS, "actpass"),)

    def answer(self, offer: Sequence[Content]) -> tuple[Content, ...]:
        for content in offer:
            if theirs := _codecs(content):
                extensions = _common(content.description)
                setup = "passive" if _setup(content.transport) == "active" else "active"
                return (self._describe(content.name, content.creator, theirs, extensions, setup),)
        raise Incompatible("no audio content with Opus was offered")

    def connect(self, theirs: Sequence[Content], *, controlling: bool) -> None:
        content = next((c for c in theirs if self._ours and c.name == self._ours.name), None)
        codecs = _codecs(content) if content else None
        if content is None or codecs is None:
            raise Incompatible("no audio content with Opus was accepted")
        if content.transport is None or not content.transport.ufrag or not content.transport.pwd:
            raise Incompatible("the far side described no ICE transport")
        if not any(
            f.hash in ("sha-256", "sha-384", "sha-512") for f in content.transport.fingerprints
        ):
            raise Incompatible("the far side named no fingerprint: its media would be in the clear")
        self._work = asyncio.create_task(self._run(content, codecs, controlling))

    def add_candidates(self, contents: Sequence[Content]) -> None:
        candidates = [
            c for content in contents if content.transport for c in content.transport.candidates
        ]
        self._transport.add_candidates(candidates)

    def flow(self, *, sending: bool, muted: bool, playing: bool) -> None:
        self._voice.flow(sending=sending, muted=muted, playing=playing)

    def press(self, keys: str) -> None:
        self._voice.press(keys)

    async def figures(self) -> Figures | None:
        """What the media came to so far, or in all once it is closed. None: it never flowed."""
        if self._figures is not None or self._work is None:
            return self._figures
        sent, received, rtt = self._voice.figures()
        voice = self._voice
        path = _path(self._transport.pair)
        return Figures(
            sent, received, rtt, path, voice.heard_seconds, voice.keys_sent, voice.keys_heard
        )

    async def close(self) -> None:
        self._figures = await self.figures()
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._voice.close()
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

    async def _run(self, theirs: Content, codecs: Codecs, controlling: bool) -> None:
        assert theirs.transport is not None
        try:
            # While the path is found: a sound card takes its time to start.
            self._voice.open(self._open_ends())
            if not await self._transport.connect(theirs.transport, controlling=controlling):
                return
            extensions = _common(theirs.description)
            self._voice.start(self._transport.dtls, theirs.name, codecs, extensions, _ssrcs(theirs))
            self._report(events.Connected())
        except SoundError as error:
            self._sound_failed(error)

    def _sound_failed(self, error: SoundError) -> None:
        log.warning("%s", error)
        self._report(events.MediaLost(End.FAILED))

    def _first_sound(self) -> None:
        self._report(events.FirstSound())

    def _describe(
        self,
        name: str,
        creator: str,
        codecs: Codecs,
        extensions: tuple[HeaderExtension, ...],
        setup: str,
    ) -> Content:
        description = Description(
            "audio",
            payload_types=codecs.all,
            extensions=extensions,
            sources=(Source(self._voice.ssrc, (("cname", self._cname),)),),
            rtcp_mux=True,
        )
        self._ours = Content(
            name, creator, description=description, transport=self._transport.describe(setup)
        )
        return self._ours


def _codecs(content: Content) -> Codecs | None:
    """What we speak of what a content offers, under the numbers that it gave."""
    if content.description is None or content.description.media != "audio":
        return None
    offered = content.description.payload_types
    opus = _known(OPUS, offered)
    if opus is None:
        return None
    return Codecs(opus, _red(offered, opus), _known(KEYS, offered))


def _known(codec: PayloadType, offered: Sequence[PayloadType]) -> PayloadType | None:
    for theirs in offered:
        if _is(theirs, codec):
            feedback = tuple(each for each in codec.feedback if each in theirs.feedback)
            return replace(codec, id=theirs.id, feedback=feedback)
    return None


def _red(offered: Sequence[PayloadType], opus: PayloadType) -> PayloadType | None:
    """Redundancy that repeats this Opus, and not some other codec, if it says what."""
    for theirs in offered:
        named = dict(theirs.parameters).get("", "") if _is(theirs, RED) else None
        if named is not None and {*named.split("/")} <= {"", str(opus.id)}:
            return replace(RED, id=theirs.id, parameters=(("", f"{opus.id}/{opus.id}"),))
    return None


def _is(theirs: PayloadType, codec: PayloadType) -> bool:
    return theirs.name.lower() == codec.name and theirs.clockrate == codec.clockrate


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
