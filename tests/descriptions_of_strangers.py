"""What browsers say as a session description (RFC 8866, JSEP), and what phones say as Jingle: the
one made of the other, as far as calls with sound and pictures need it (XEP-0167 §6, XEP-0176).
"""

import re
from collections.abc import Iterator, Sequence

from twocan.messages import (
    Candidate,
    Content,
    Description,
    Feedback,
    Fingerprint,
    HeaderExtension,
    PayloadType,
    Senders,
    Source,
    SourceGroup,
    Transport,
)

_HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
_DIRECTIONS = {
    "sendrecv": {Senders.BOTH: True},
    "inactive": {Senders.NONE: True},
}


# From Jingle


def sdp_of(
    contents: Sequence[Content], bundle: Sequence[str], *, role: str, offer: str | None = None
) -> str:
    """The description of who is ``role``, initiator or responder. ``offer``: what it answers, of
    which each medium that is not among the contents is rejected (RFC 3264 §6).
    """
    named = {content.name: content for content in contents}
    media = [_medium(content, role) for content in contents]
    if offer is not None:
        media = [
            _medium(named[mid], role) if mid in named else _rejected(lines, media[0])
            for mid, lines in _sections(offer)
        ]
    group = f"a=group:BUNDLE {' '.join(bundle)}\r\n" if bundle else ""
    return _HEAD + group + "".join(f"{line}\r\n" for medium in media for line in medium)


def _medium(content: Content, role: str) -> list[str]:
    described, transport = content.description, content.transport
    assert described is not None
    assert transport is not None
    numbers = " ".join(str(codec.id) for codec in described.payload_types)
    return [
        f"m={described.media} 9 UDP/TLS/RTP/SAVPF {numbers}",
        "c=IN IP4 0.0.0.0",
        f"a={_direction(content.senders, role)}",
        f"a=mid:{content.name}",
        "a=rtcp-mux",
        *(f"a=extmap:{each.id} {each.uri}" for each in described.extensions),
        *(line for codec in described.payload_types for line in _codec(codec, described.media)),
        *(
            f"a=ssrc-group:{g.semantics} {' '.join(map(str, g.ssrcs))}"
            for g in described.source_groups
        ),
        *(
            f"a=ssrc:{s.ssrc} {name}:{value}"
            for s in described.sources
            for name, value in s.parameters
        ),
        *_transport(transport),
    ]


def _codec(codec: PayloadType, media: str) -> Iterator[str]:
    channels = f"/{codec.channels}" if media == "audio" and codec.channels > 1 else ""
    yield f"a=rtpmap:{codec.id} {codec.name}/{codec.clockrate}{channels}"
    for each in codec.feedback:
        yield f"a=rtcp-fb:{codec.id} {each.type} {each.subtype or ''}".rstrip()
    if codec.parameters:
        told = ";".join(f"{name}={value}" if name else value for name, value in codec.parameters)
        yield f"a=fmtp:{codec.id} {told}"


def _transport(transport: Transport) -> Iterator[str]:
    yield f"a=ice-ufrag:{transport.ufrag}"
    yield f"a=ice-pwd:{transport.pwd}"
    for print_ in transport.fingerprints:
        yield f"a=fingerprint:{print_.hash} {print_.value}"
        yield f"a=setup:{print_.setup}"
    for c in transport.candidates:
        if c.type == "host":
            where = f"{c.protocol} {c.priority} {c.ip} {c.port}"
            yield f"a=candidate:{c.foundation} {c.component} {where} typ host"
    yield "a=end-of-candidates"


def _rejected(lines: Sequence[str], taken: Sequence[str]) -> list[str]:
    """An answer that takes nothing of a medium. aiortc wants to know its transport all the same."""
    first = re.sub(r"^(m=\S+) \d+", r"\1 0", lines[0])
    kept = [line for line in lines if line.startswith(("a=mid:", "a=rtpmap:", "a=fmtp:"))]
    way = [line for line in taken if line.startswith(("a=ice-", "a=fingerprint:", "a=setup:"))]
    return [first, "c=IN IP4 0.0.0.0", "a=inactive", "a=rtcp-mux", *kept, *way]


def _direction(senders: Senders, role: str) -> str:
    if senders in (Senders.BOTH, Senders.NONE):
        return "sendrecv" if senders is Senders.BOTH else "inactive"
    return "sendonly" if senders == role else "recvonly"


# To Jingle


def contents_of(sdp: str, *, role: str) -> tuple[tuple[Content, ...], tuple[str, ...]]:
    """The contents that who is ``role`` described, and those of them that share a path."""
    bundle = re.search(r"^a=group:BUNDLE (.*?)\r?$", sdp, re.MULTILINE)
    media = [
        _content(mid, lines, role) for mid, lines in _sections(sdp) if lines[0].split()[1] != "0"
    ]
    return tuple(media), tuple(bundle[1].split()) if bundle else ()


def _sections(sdp: str) -> list[tuple[str, list[str]]]:
    """The media, each with its name."""
    _, *media = re.split(r"^(?=m=)", sdp, flags=re.MULTILINE)
    every = [medium.splitlines() for medium in media]
    return [(_all(lines, "mid:")[0], lines) for lines in every]


def _all(lines: Sequence[str], name: str) -> list[str]:
    """What each attribute of that name says."""
    return [line[2 + len(name) :] for line in lines if line.startswith(f"a={name}")]


def _content(mid: str, lines: Sequence[str], role: str) -> Content:
    media = lines[0].removeprefix("m=").split()[0]
    described = Description(
        media,
        payload_types=tuple(_payload_type(told, lines) for told in _all(lines, "rtpmap:")),
        extensions=tuple(map(_extension, _all(lines, "extmap:"))),
        sources=_sources(lines),
        source_groups=tuple(map(_group, _all(lines, "ssrc-group:"))),
        rtcp_mux="a=rtcp-mux" in lines,
    )
    return Content(mid, "initiator", _senders(lines, role), described, _described_transport(lines))


def _senders(lines: Sequence[str], role: str) -> Senders:
    if "a=sendonly" in lines:
        return Senders(role)
    if "a=recvonly" in lines:
        return Senders.RESPONDER if role == "initiator" else Senders.INITIATOR
    return Senders.NONE if "a=inactive" in lines else Senders.BOTH


def _payload_type(told: str, lines: Sequence[str]) -> PayloadType:
    number, name = told.split()
    name, clockrate, *channels = name.split("/")
    parameters = [each for all_ in _all(lines, f"fmtp:{number} ") for each in all_.split(";")]
    return PayloadType(
        int(number),
        name,
        int(clockrate),
        int(channels[0]) if channels else 1,
        tuple(_parameter(each.strip()) for each in parameters),
        tuple(Feedback(*each.split(" ", 1)) for each in _all(lines, f"rtcp-fb:{number} ")),
    )


def _parameter(told: str) -> tuple[str, str]:
    name, is_, value = told.partition("=")
    return (name, value) if is_ else ("", name)


def _extension(told: str) -> HeaderExtension:
    number, uri, *_ = told.split()
    return HeaderExtension(int(number.partition("/")[0]), uri)


def _sources(lines: Sequence[str]) -> tuple[Source, ...]:
    told: dict[int, list[tuple[str, str | None]]] = {}
    for each in _all(lines, "ssrc:"):
        ssrc, said = each.split(" ", 1)
        name, _, value = said.partition(":")
        told.setdefault(int(ssrc), []).append((name, value))
    return tuple(Source(ssrc, tuple(said)) for ssrc, said in told.items())


def _group(told: str) -> SourceGroup:
    semantics, *ssrcs = told.split()
    return SourceGroup(semantics, tuple(map(int, ssrcs)))


def _described_transport(lines: Sequence[str]) -> Transport:
    setup = _all(lines, "setup:")[0]
    prints = [each.split() for each in _all(lines, "fingerprint:")]
    return Transport(
        _all(lines, "ice-ufrag:")[0],
        _all(lines, "ice-pwd:")[0],
        tuple(_candidate(told, n) for n, told in enumerate(_all(lines, "candidate:"))),
        tuple(Fingerprint(hash_, value, setup) for hash_, value in prints),
    )


def _candidate(told: str, number: int) -> Candidate:
    foundation, component, protocol, priority, ip, port, _typ, kind, *_ = told.split()
    return Candidate(
        int(component),
        foundation,
        ip,
        int(port),
        int(priority),
        protocol.lower(),
        kind,
        f"c{number}",
    )
