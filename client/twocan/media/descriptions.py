"""What a call's media are described as: what we offer, and what we take of what they offer (pure).

Numbers of payload types and header extensions are the offerer's. They are unlike each other in
sound and pictures, for both may go over one transport (RFC 8843 §9.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from twocan.messages import (
    Content,
    Description,
    Feedback,
    HeaderExtension,
    PayloadType,
    Source,
    SourceGroup,
    Transport,
)

AUDIO, VIDEO = "audio", "video"

NACK = Feedback("nack")
"""Each tells which packets it missed. Pictures are then sent again; of sound it tells how losses
come (``sound_rtp``)."""
PLI = Feedback("nack", "pli")
FIR = Feedback("ccm", "fir")
REMB = Feedback("goog-remb")

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

VP8 = PayloadType(id=96, name="VP8", clockrate=90000, feedback=(NACK, PLI, FIR, REMB))

RTX = PayloadType(id=97, name="rtx", clockrate=90000, parameters=(("apt", f"{VP8.id}"),))
"""RFC 4588 §8.6: what packets are sent again as."""

_MID = HeaderExtension(1, "urn:ietf:params:rtp-hdrext:sdes:mid")

SOUND_EXTENSIONS = (
    _MID,
    # Header extensions are in the clear (RFC 6464 §6), but so is the length of every packet,
    # which tells of speech as much as its level does (RFC 6562).
    HeaderExtension(2, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
)

PICTURE_EXTENSIONS = (
    _MID,
    HeaderExtension(3, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
)


@dataclass(frozen=True, slots=True)
class Codecs:
    """What both ends speak, under the numbers that both use."""

    opus: PayloadType
    red: PayloadType | None = None
    keys: PayloadType | None = None

    @property
    def all(self) -> tuple[PayloadType, ...]:
        return tuple(codec for codec in (self.opus, self.red, self.keys) if codec)


@dataclass(frozen=True, slots=True)
class PictureCodecs:
    """How both ends code pictures, under the numbers that both use."""

    vp8: PayloadType
    rtx: PayloadType | None = None

    @property
    def all(self) -> tuple[PayloadType, ...]:
        return (self.vp8, self.rtx) if self.rtx else (self.vp8,)


SOUND_OFFERED = Codecs(OPUS, RED, KEYS)
PICTURES_OFFERED = PictureCodecs(VP8, RTX)


def sound_codecs(content: Content) -> Codecs | None:
    """What we speak of the sound that a content offers, under the numbers that it gave."""
    if content.description is None or content.description.media != AUDIO:
        return None
    offered = content.description.payload_types
    opus = _known(OPUS, offered)
    if opus is None:
        return None
    return Codecs(opus, _red(offered, opus), _known(KEYS, offered))


def picture_codecs(content: Content) -> PictureCodecs | None:
    """What we speak of the pictures that a content offers, under the numbers that it gave."""
    if content.description is None or content.description.media != VIDEO:
        return None
    # XEP-0293 §3: feedback that stands beside the codecs is for all of them.
    common = content.description.feedback
    offered = tuple(
        replace(codec, feedback=(*codec.feedback, *common))
        for codec in content.description.payload_types
    )
    vp8 = _known(VP8, offered)
    return PictureCodecs(vp8, _rtx(offered, vp8)) if vp8 else None


def sound(
    codecs: Codecs, extensions: Sequence[HeaderExtension], ssrc: int, cname: str
) -> Description:
    """Our sound."""
    return Description(
        AUDIO,
        payload_types=codecs.all,
        extensions=tuple(extensions),
        sources=(Source(ssrc, (("cname", cname),)),),
        rtcp_mux=True,
    )


def pictures(
    codecs: PictureCodecs,
    extensions: Sequence[HeaderExtension],
    ssrc: int,
    rtx_ssrc: int,
    cname: str,
) -> Description:
    """Our pictures, and the stream in which they are sent again."""
    ssrcs = (ssrc, rtx_ssrc) if codecs.rtx else (ssrc,)
    return Description(
        VIDEO,
        payload_types=codecs.all,
        extensions=tuple(extensions),
        sources=tuple(Source(each, (("cname", cname),)) for each in ssrcs),
        # RFC 5576 §4.2: the flow, and what repairs it.
        source_groups=(SourceGroup("FID", ssrcs),) if codecs.rtx else (),
        rtcp_mux=True,
    )


def common(
    theirs: Description | None, ours: Sequence[HeaderExtension]
) -> tuple[HeaderExtension, ...]:
    """The header extensions that both know, numbered as they number them (XEP-0294)."""
    known = {extension.uri for extension in ours}
    return tuple(e for e in theirs.extensions if e.uri in known) if theirs else ()


def setup(transport: Transport | None) -> str | None:
    """Which DTLS role the far side takes, if it says so."""
    return next((f.setup for f in transport.fingerprints), None) if transport else None


def ssrcs(content: Content) -> tuple[int, ...]:
    """The streams that a content announces."""
    return tuple(s.ssrc for s in content.description.sources) if content.description else ()


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


def _rtx(offered: Sequence[PayloadType], vp8: PayloadType) -> PayloadType | None:
    """What this VP8, and not some other codec, is sent again as."""
    # Without negative acknowledgements nobody asks for anything again.
    if NACK not in vp8.feedback:
        return None
    for theirs in offered:
        apt = dict(theirs.parameters).get("apt") if _is(theirs, RTX) else None
        if apt == str(vp8.id) != str(theirs.id):
            return replace(RTX, id=theirs.id, parameters=(("apt", str(vp8.id)),))
    return None


def _is(theirs: PayloadType, codec: PayloadType) -> bool:
    return theirs.name.lower() == codec.name.lower() and theirs.clockrate == codec.clockrate
