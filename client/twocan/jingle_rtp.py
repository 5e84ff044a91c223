"""The description of a content: RTP (XEP-0167) with RTCP feedback (XEP-0293), header
extensions (XEP-0294) and sources (XEP-0339)."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from twocan.messages import (
    Description,
    Feedback,
    HeaderExtension,
    PayloadType,
    Senders,
    Source,
    SourceGroup,
)
from twocan.stanza import (
    BITS_8,
    BITS_32,
    MAX_TEXT,
    build,
    children,
    choice,
    malformed,
    number,
    only,
    optional,
    required,
)

RTP = "urn:xmpp:jingle:apps:rtp:1"
RTP_AUDIO = "urn:xmpp:jingle:apps:rtp:audio"
RTP_VIDEO = "urn:xmpp:jingle:apps:rtp:video"
RTCP_FB = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
RTP_HDREXT = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"
SSMA = "urn:xmpp:jingle:apps:rtp:ssma:0"
DESCRIPTION = f"{{{RTP}}}description"

MAX_PAYLOAD_TYPES = 128
"""An RTP packet has seven bits for the payload type (RFC 3550 §5.1)."""

_PAYLOAD_TYPE = f"{{{RTP}}}payload-type"
_PARAMETER = f"{{{RTP}}}parameter"
_RTCP_MUX = f"{{{RTP}}}rtcp-mux"
_RTCP_FB = f"{{{RTCP_FB}}}rtcp-fb"
_HDREXT = f"{{{RTP_HDREXT}}}rtp-hdrext"
_SOURCE = f"{{{SSMA}}}source"
_SOURCE_PARAMETER = f"{{{SSMA}}}parameter"
_SSRC_GROUP = f"{{{SSMA}}}ssrc-group"

_PAYLOAD_IDS = range(MAX_PAYLOAD_TYPES)
_FIRST_DYNAMIC = 96
_CLOCKRATES = range(1, 2**32)
# XEP-0294 §3: "1-256, 4096-4351".
_EXTENSION_IDS = range(1, 4352)
_BETWEEN_EXTENSION_IDS = range(257, 4096)


def parse_description(element: ET.Element) -> Description:
    """What a ``DESCRIPTION`` element says. ``Fault`` if it is malformed."""
    payload_types = map(_parse_payload_type, children(element, _PAYLOAD_TYPE, MAX_PAYLOAD_TYPES))
    return Description(
        media=required(element, "media"),
        payload_types=tuple(known for known in payload_types if known),
        extensions=tuple(map(_parse_extension, children(element, _HDREXT))),
        sources=tuple(map(_parse_source, children(element, _SOURCE))),
        source_groups=tuple(map(_parse_source_group, children(element, _SSRC_GROUP))),
        feedback=_parse_feedback(element),
        rtcp_mux=only(element, _RTCP_MUX) is not None,
    )


def description_element(description: Description) -> ET.Element:
    """The element that says so."""
    return build(
        DESCRIPTION,
        {"media": description.media},
        *map(_payload_type_element, description.payload_types),
        *([build(_RTCP_MUX, {})] if description.rtcp_mux else []),
        *_feedback_elements(description.feedback),
        *map(_extension_element, description.extensions),
        *map(_source_group_element, description.source_groups),
        *map(_source_element, description.sources),
    )


def _parse_payload_type(element: ET.Element) -> PayloadType | None:
    payload_id = number(element, "id", _PAYLOAD_IDS)
    name = optional(element, "name")
    clockrate = number(element, "clockrate", _CLOCKRATES, 0)
    # XEP-0167 §4: the name is "RECOMMENDED for static payload types, REQUIRED for dynamic",
    # the clock rate RECOMMENDED. What says less than SDP's rtpmap is no codec of this phone's.
    if not name and payload_id >= _FIRST_DYNAMIC:
        raise malformed(element, f"the dynamic payload type {payload_id} has no name")
    if not name or not clockrate:
        return None
    return PayloadType(
        id=payload_id,
        name=name,
        clockrate=clockrate,
        # Older Gajim says 0 for video.
        channels=number(element, "channels", BITS_8, 1) or 1,
        parameters=tuple(map(_parse_parameter, children(element, _PARAMETER))),
        feedback=_parse_feedback(element),
    )


def _payload_type_element(payload_type: PayloadType) -> ET.Element:
    return build(
        _PAYLOAD_TYPE,
        {
            "id": payload_type.id,
            "name": payload_type.name,
            "clockrate": payload_type.clockrate,
            "channels": payload_type.channels if payload_type.channels != 1 else None,
        },
        *(
            build(_PARAMETER, {"name": name, "value": value})
            for name, value in payload_type.parameters
        ),
        *_feedback_elements(payload_type.feedback),
    )


def _parse_parameter(element: ET.Element) -> tuple[str, str]:
    # Phones that carry SDP over have formats without names ("111/111" of RED, RFC 2198), and
    # flags without values.
    return optional(element, "name") or "", optional(element, "value", MAX_TEXT) or ""


def _parse_feedback(element: ET.Element) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(required(child, "type"), optional(child, "subtype"))
        for child in children(element, _RTCP_FB)
    )


def _feedback_elements(feedback: Iterable[Feedback]) -> Iterable[ET.Element]:
    return (build(_RTCP_FB, {"type": item.type, "subtype": item.subtype}) for item in feedback)


def _parse_extension(element: ET.Element) -> HeaderExtension:
    extension_id = number(element, "id", _EXTENSION_IDS)
    if extension_id in _BETWEEN_EXTENSION_IDS:
        raise malformed(element, f"id {extension_id} is in neither range of XEP-0294")
    senders = choice(element, "senders", tuple(Senders), Senders.BOTH)
    return HeaderExtension(extension_id, required(element, "uri", MAX_TEXT), Senders(senders))


def _extension_element(extension: HeaderExtension) -> ET.Element:
    senders = None if extension.senders is Senders.BOTH else extension.senders
    return build(_HDREXT, {"id": extension.id, "uri": extension.uri, "senders": senders})


def _parse_ssrc(element: ET.Element) -> int:
    return number(element, "ssrc", BITS_32)


def _parse_source(element: ET.Element) -> Source:
    parameters = (
        (required(child, "name"), optional(child, "value", MAX_TEXT))
        for child in children(element, _SOURCE_PARAMETER)
    )
    return Source(_parse_ssrc(element), tuple(parameters))


def _source_element(source: Source) -> ET.Element:
    parameters = (
        build(_SOURCE_PARAMETER, {"name": name, "value": value})
        for name, value in source.parameters
    )
    return build(_SOURCE, {"ssrc": source.ssrc}, *parameters)


def _parse_source_group(element: ET.Element) -> SourceGroup:
    ssrcs = tuple(map(_parse_ssrc, children(element, _SOURCE)))
    return SourceGroup(required(element, "semantics"), ssrcs)


def _source_group_element(group: SourceGroup) -> ET.Element:
    sources = (build(_SOURCE, {"ssrc": ssrc}) for ssrc in group.ssrcs)
    return build(_SSRC_GROUP, {"semantics": group.semantics}, *sources)
