"""The media of one call: what is offered and answered, the sound that flows, and the pictures.

The microphone and the speaker are opened when the far side's description is there, which is
after both people agreed, and closed with the call. The camera is open only while a person shows
pictures.

Sound and pictures share one path where the far side bundles (XEP-0338), as nearly all do. One
that does not gets a path for each.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aioice import Candidate as IceCandidate
from aiortc import RTCCertificate

from twocan import events
from twocan.events import Event
from twocan.media import Incompatible, descriptions
from twocan.media.descriptions import AUDIO, VIDEO, Codecs, PictureCodecs
from twocan.media.figures import Figures, Path
from twocan.media.identity import Identity
from twocan.media.pictures.figures import NO_PICTURES, together
from twocan.media.pictures.picture import PictureError, Screen, Sights
from twocan.media.pictures.webm import NoScreen
from twocan.media.sound import Ends, SoundError
from twocan.media.transport import MediaTransport, fingerprints
from twocan.media.voice import Voice
from twocan.messages import (
    Candidate,
    Content,
    Description,
    Fingerprint,
    HeaderExtension,
    Senders,
    Transport,
)
from twocan.signalling import IceServer
from twocan.states import End

if TYPE_CHECKING:
    from twocan.media.pictures.sight import Sight

log = logging.getLogger(__name__)

Report = Callable[[Event], None]


class ContentPath:
    """The transport of a content, and of those that share it: what it finds, the call is told."""

    def __init__(
        self, certificate: RTCCertificate, report: Report, failed: Callable[[End], Event]
    ) -> None:
        self.transport = MediaTransport(certificate, self)
        self._report, self._failed = report, failed
        self._content: Content | None = None

    def describe(self, content: Content, setup: str) -> Content:
        """``content`` with our side of this transport, found for it from now on."""
        self._content = replace(content, transport=self.transport.describe(setup))
        return self._content

    def share(self, content: Content) -> Content:
        """``content`` on this transport, which another was described with."""
        ours = self._content.transport if self._content else None
        return replace(content, transport=replace(ours, candidates=()) if ours else None)

    # What the path tells (transport.Watcher)

    def path_found(self, candidate: Candidate) -> None:
        if self._content is not None and self._content.transport is not None:
            ours = self._content.transport
            transport = Transport(ours.ufrag, ours.pwd, (candidate,))
            content = Content(self._content.name, self._content.creator, transport=transport)
            self._report(events.Found((content,)))

    def path_parted(self) -> None:
        self._report(events.MediaParted())

    def path_lost(self, end: End) -> None:
        self._report(self._failed(end))


class CallMedia:
    """The media of one call (``media.Media``). ``open_ends`` opens its microphone and speaker.
    ``identity``: its certificate, if that was made before."""

    def __init__(
        self,
        report: Report,
        open_ends: Callable[[], Ends],
        sights: Sights | None = None,
        identity: Identity | None = None,
    ) -> None:
        self._report = report
        self._open_ends = open_ends
        self._sights = sights or Sights()
        identity = identity or Identity.new()
        self._certificate = RTCCertificate(identity.key, identity.certificate)
        # As RFC 7022 §4.2 has it: as many bits as are needed, for it is in every report.
        self._cname = secrets.token_urlsafe(12)
        self._path = ContentPath(self._certificate, report, events.MediaLost)
        self._own_path: ContentPath | None = None
        """The pictures' own, as long as it is not known that they share the sound's."""
        self._voice = Voice(self._cname, self._first_sound, self._sound_failed)
        self._screen: Screen | None = None
        self._sight: Sight | None = None
        self._past = NO_PICTURES
        """Of the pictures that are over."""
        self._ours: Content | None = None
        self._servers: Sequence[IceServer] = ()
        self._bundle: tuple[str, ...] = ()
        self._controlling = False
        self._connected = asyncio.Event()
        self._showing = self._watching = False
        self._work: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._figures: Figures | None = None

    @property
    def fingerprints(self) -> Sequence[Fingerprint]:
        return fingerprints(self._certificate)

    @property
    def quiet(self) -> float:
        return self._path.transport.quiet

    @property
    def voice(self) -> Voice:
        """The sound: its levels and its keys."""
        return self._voice

    @property
    def sight(self) -> "Sight | None":
        """The pictures, if there are any now: what they come to."""
        return self._sight

    @property
    def bundle(self) -> tuple[str, ...]:
        return self._bundle

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        self._servers = servers
        await self._path.transport.gather(servers)

    # The session

    async def offer(self, *, pictures: bool = False) -> tuple[Content, ...]:
        # Whether they bundle is not known yet: each has a path of its own (RFC 8843 §7.2.1).
        self._showing = pictures
        own = await self._open_own_path() if pictures else None
        sound = self._describe_sound(AUDIO, "initiator", descriptions.SOUND_OFFERED, None)
        self._ours = self._path.describe(sound, "actpass")
        self._bundle = (AUDIO,)
        if own is None:
            return (self._ours,)
        self._bundle = (AUDIO, VIDEO)
        return (self._ours, own.describe(self._offered_pictures("initiator"), "actpass"))

    async def answer(
        self, offer: Sequence[Content], bundle: Sequence[str], *, showing: bool = False
    ) -> tuple[Content, ...]:
        sound = next((c for c in offer if descriptions.sound_codecs(c)), None)
        codecs = descriptions.sound_codecs(sound) if sound else None
        if sound is None or codecs is None:
            raise Incompatible("no audio content with Opus was offered")
        self._showing = showing
        self._bundle = _both(bundle, (sound.name,))
        pictures = next((c for c in offer if self._can_take(c, bundle)), None)
        # All that takes time first: what is described is told at once, and nothing of it before.
        way = await self._way_for(pictures, bundle) if pictures else None
        ours = self._describe_sound(sound.name, sound.creator, codecs, sound.description)
        self._ours = self._path.describe(ours, _answering(sound.transport))
        if pictures is None or way is None:
            return (self._ours,)
        return (self._ours, self._take(pictures, way, showing=showing))

    def connect(
        self, theirs: Sequence[Content], bundle: Sequence[str], *, controlling: bool
    ) -> None:
        content = next((c for c in theirs if self._ours and c.name == self._ours.name), None)
        codecs = descriptions.sound_codecs(content) if content else None
        if content is None or codecs is None:
            raise Incompatible("no audio content with Opus was accepted")
        if problem := _problem(content.transport):
            raise Incompatible(problem)
        self._controlling = controlling
        if self._sight is not None and self._showing:
            self._sight.warm()
        self._work = asyncio.create_task(self._run(content, codecs))
        pictures = next((c for c in theirs if self._is_pictures(c)), None)
        if pictures is None:
            self._bundle = _both(self._bundle, bundle)
            self.drop_pictures()
        else:
            self.connect_pictures(pictures, bundle)

    def add_candidates(self, contents: Sequence[Content]) -> None:
        for content in contents:
            own = self._own_path if self._is_pictures(content) else None
            if content.transport:
                (own or self._path).transport.add_candidates(content.transport.candidates)

    def flow(
        self, *, sending: bool, muted: bool, playing: bool, showing: bool, watching: bool
    ) -> None:
        self._voice.flow(sending=sending, muted=muted, playing=playing)
        self._showing, self._watching = showing, watching
        if self._sight is not None:
            self._sight.flow(showing=showing, watching=watching)

    def press(self, keys: str) -> None:
        self._voice.press(keys)

    # Pictures, from the beginning or in mid-call

    async def add_pictures(self, creator: str) -> Content:
        if not self._bundle:
            own = await self._open_own_path()
            return own.describe(self._offered_pictures(creator), "actpass")
        self._bundle = (*self._bundle, VIDEO)
        return self._path.share(self._offered_pictures(creator))

    async def take_pictures(
        self, offered: Content, bundle: Sequence[str], *, showing: bool
    ) -> Content:
        if not self._can_take(offered, bundle):
            raise Incompatible("no video content with VP8 was offered")
        answered = self._take(offered, await self._way_for(offered, bundle), showing=showing)
        self._open_pictures(offered)
        return answered

    def connect_pictures(self, accepted: Content, bundle: Sequence[str]) -> None:
        if descriptions.picture_codecs(accepted) is None:
            raise Incompatible("no video content with VP8 was accepted")
        self._bundle = _both(self._bundle, bundle)
        if accepted.name in self._bundle:
            self._drop_own_path()
        self._open_pictures(accepted)

    def drop_pictures(self) -> None:
        sight, self._sight = self._sight, None
        if sight is not None:
            self._past = together((self._past, sight.figures()))
            self._bundle = tuple(name for name in self._bundle if name != sight.name)
            self._spawn(sight.close())
        self._drop_own_path()

    # The end

    async def figures(self) -> Figures | None:
        """What the media came to so far, or in all once it is closed. None: it never flowed."""
        if self._figures is not None or self._work is None:
            return self._figures
        sent, received, rtt = self._voice.figures()
        voice = self._voice
        path = _path(self._path.transport.pair)
        pictures = (self._past, self._sight.figures()) if self._sight else (self._past,)
        return Figures(
            sent,
            received,
            rtt,
            path,
            voice.heard_seconds,
            voice.keys_sent,
            voice.keys_heard,
            together(pictures),
        )

    async def close(self) -> None:
        self._figures = await self.figures()
        self.drop_pictures()
        # Pictures that wait for the path find that there are none any more.
        self._connected.set()
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._voice.close()
        if self._screen is not None:
            # What is recorded is finished on the disk.
            await asyncio.to_thread(self._screen.close)
        await self._path.transport.close()

    async def _run(self, theirs: Content, codecs: Codecs) -> None:
        assert theirs.transport is not None
        try:
            # While the path is found: a sound card takes its time to start.
            self._voice.open(self._open_ends())
            self._open_screen()
            transport = self._path.transport
            if not await transport.connect(theirs.transport, controlling=self._controlling):
                return
            extensions = descriptions.common(theirs.description, descriptions.SOUND_EXTENSIONS)
            ssrcs = descriptions.ssrcs(theirs)
            self._voice.start(transport.dtls, theirs.name, codecs, extensions, ssrcs)
            self._connected.set()
            self._report(events.Connected())
        except SoundError as error:
            self._sound_failed(error)
        except Exception:
            # It is our fault, but nobody waits for a sound that will not come.
            log.exception("the media of a call failed")
            self._report(events.MediaLost(End.FAILED))

    def _sound_failed(self, error: SoundError) -> None:
        log.warning("%s", error)
        self._report(events.MediaLost(End.FAILED))

    def _first_sound(self) -> None:
        self._report(events.FirstSound())

    def _describe_sound(
        self, name: str, creator: str, codecs: Codecs, theirs: Description | None
    ) -> Content:
        extensions = _extensions(theirs, descriptions.SOUND_EXTENSIONS)
        described = descriptions.sound(codecs, extensions, self._voice.ssrc, self._cname)
        return Content(name, creator, description=described)

    # How pictures come to be

    def _is_pictures(self, content: Content) -> bool:
        return self._sight is not None and self._sight.name == content.name

    def _new_sight(self, name: str) -> "Sight":
        from twocan.media.pictures.sight import Sight

        return Sight(
            name,
            self._cname,
            self._sights.camera,
            self._report,
            lambda: self._voice.heard,
            self._voice.wait,
        )

    def _open_screen(self) -> Screen:
        """The call's screen, which stays open whatever becomes of its pictures."""
        if self._screen is None:
            self._screen = screen = self._try_screen() or NoScreen()
            self._voice.overhear(screen.hear)
            return screen
        return self._screen

    def _try_screen(self) -> Screen | None:
        try:
            return self._sights.screen()
        except PictureError as error:
            # It costs its pictures, and no call.
            log.warning("%s", error)
            return None

    def _offered_pictures(self, creator: str) -> Content:
        self._sight = self._new_sight(VIDEO)
        return self._describe_pictures(VIDEO, creator, descriptions.PICTURES_OFFERED, None)

    def _together(self, content: Content, bundle: Sequence[str]) -> bool:
        """Whether a content goes over the sound's path."""
        return bool(self._bundle) and content.name in bundle

    def _can_take(self, offered: Content, bundle: Sequence[str]) -> bool:
        if descriptions.picture_codecs(offered) is None:
            return False
        return self._together(offered, bundle) or _problem(offered.transport) is None

    async def _way_for(self, offered: Content, bundle: Sequence[str]) -> ContentPath:
        if self._together(offered, bundle):
            return self._path
        return await self._open_own_path()

    def _take(self, offered: Content, way: ContentPath, *, showing: bool) -> Content:
        """Our answer to pictures that they offer, on the path that they go over."""
        codecs = descriptions.picture_codecs(offered)
        assert codecs is not None
        self._sight = self._new_sight(offered.name)
        content = replace(
            self._describe_pictures(offered.name, offered.creator, codecs, offered.description),
            # Ours may be seen as well, or they alone are.
            senders=Senders.BOTH if showing else Senders(offered.creator),
        )
        if way is not self._path:
            return way.describe(content, _answering(offered.transport))
        self._bundle = (*self._bundle, offered.name)
        return way.share(content)

    def _describe_pictures(
        self, name: str, creator: str, codecs: PictureCodecs, theirs: Description | None
    ) -> Content:
        assert self._sight is not None
        extensions = _extensions(theirs, descriptions.PICTURE_EXTENSIONS)
        described = descriptions.pictures(codecs, extensions, *self._sight.ssrcs, self._cname)
        return Content(name, creator, description=described)

    def _open_pictures(self, theirs: Content) -> None:
        if self._own_path is not None and (problem := _problem(theirs.transport)):
            raise Incompatible(problem)
        if self._sight is not None:
            self._spawn(self._start_pictures(self._sight, self._own_path, theirs))

    async def _start_pictures(
        self, sight: "Sight", own: ContentPath | None, theirs: Content
    ) -> None:
        if own is None:
            await self._connected.wait()
        elif theirs.transport is None or not await own.transport.connect(
            theirs.transport, controlling=self._controlling
        ):
            return
        codecs = descriptions.picture_codecs(theirs)
        if sight is not self._sight or codecs is None:
            return
        extensions = descriptions.common(theirs.description, descriptions.PICTURE_EXTENSIONS)
        dtls = (own or self._path).transport.dtls
        ssrcs = descriptions.ssrcs(theirs)
        sight.start(dtls, self._open_screen(), codecs, extensions, ssrcs)
        sight.flow(showing=self._showing, watching=self._watching)
        self._report(events.PicturesUp())

    async def _open_own_path(self) -> ContentPath:
        path = self._own_path = ContentPath(
            self._certificate, self._report, lambda _end: events.PicturesFailed()
        )
        # What STUN and TURN say is told when they say it: nobody waits for it.
        await path.transport.gather(())
        self._spawn(path.transport.ask(self._servers))
        return path

    def _drop_own_path(self) -> None:
        path, self._own_path = self._own_path, None
        if path is not None:
            self._spawn(path.transport.close())

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _both(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """The contents that share a path: those of which both sides said so."""
    return tuple(name for name in ours if name in theirs)


def _answering(transport: Transport | None) -> str:
    """The DTLS role that an answer takes (RFC 5763 §5)."""
    return "passive" if descriptions.setup(transport) == "active" else "active"


def _extensions(
    theirs: Description | None, ours: Sequence[HeaderExtension]
) -> Sequence[HeaderExtension]:
    return ours if theirs is None else descriptions.common(theirs, ours)


def _problem(transport: Transport | None) -> str | None:
    """Why a transport cannot be connected to, or not safely."""
    if transport is None or not transport.ufrag or not transport.pwd:
        return "the far side described no ICE transport"
    if not any(f.hash in ("sha-256", "sha-384", "sha-512") for f in transport.fingerprints):
        return "the far side named no fingerprint: its media would be in the clear"
    return None


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
