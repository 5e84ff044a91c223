"""Jingle sessions (XEP-0166), XML to messages and back. Pure: elements in, elements out.

What a content is made of is in ``jingle_rtp`` and ``jingle_ice``, what is said before a session
in ``initiation``. Elements and attributes that no specification here names are passed over, as
extensibility asks (RFC 6120 §8.4). What breaks a rule of one that is named raises ``Fault``.
"""

import base64
from dataclasses import replace
from xml.etree import ElementTree as ET

from twocan.jingle_ice import DTLS, ICE_UDP, TRANSPORT, parse_transport, transport_element
from twocan.jingle_rtp import (
    DESCRIPTION,
    RTCP_FB,
    RTP,
    RTP_AUDIO,
    RTP_HDREXT,
    RTP_VIDEO,
    SSMA,
    description_element,
    parse_description,
)
from twocan.messages import Action, Content, Fault, Info, Jingle, Reason, Senders
from twocan.stanza import (
    MAX_TEXT,
    build,
    build_text,
    children,
    choice,
    malformed,
    only,
    optional,
    required,
)

JINGLE = "urn:xmpp:jingle:1"
JINGLE_ERRORS = "urn:xmpp:jingle:errors:1"
JINGLE_MESSAGE = "urn:xmpp:jingle-message:0"
RTP_INFO = "urn:xmpp:jingle:apps:rtp:info:1"
GROUPING = "urn:xmpp:jingle:apps:grouping:0"
SDP_GROUPING = "urn:ietf:rfc:5888"
SDP_SOURCES = "urn:ietf:rfc:5576"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
VERIFICATION = "urn:twocan:verification:1"
TAG = f"{{{JINGLE}}}jingle"

FEATURES: tuple[str, ...] = (
    JINGLE,
    RTP,
    RTP_AUDIO,
    RTP_VIDEO,
    ICE_UDP,
    DTLS,
    RTCP_FB,
    RTP_HDREXT,
    # XEP-0339 and XEP-0338 name the RFC alone, and some phones look for the namespace.
    SSMA,
    SDP_SOURCES,
    GROUPING,
    SDP_GROUPING,
    # XEP-0353 has no discovery; Dino rings only phones that announce it.
    JINGLE_MESSAGE,
)
"""What a phone announces in service discovery (XEP-0030, XEP-0115)."""

MAX_CONTENTS = 16
"""A call has a voice, a face and a screen. Each content more may cost a transport."""

_CONTENT = f"{{{JINGLE}}}content"
_REASON = f"{{{JINGLE}}}reason"
_REASON_TEXT = f"{{{JINGLE}}}text"
_GROUP = f"{{{GROUPING}}}group"
_GROUP_CONTENT = f"{{{GROUPING}}}content"
_VERIFICATION = f"{{{VERIFICATION}}}verification"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_PARTIES = ("initiator", "responder")
_INFOS = {f"{{{RTP_INFO}}}{info}": info for info in Info}
_MUTING = (Info.MUTE, Info.UNMUTE)

_CONDITIONS = {
    f"{{{JINGLE}}}{condition}": condition
    for condition in (
        "alternative-session",
        "busy",
        "cancel",
        "connectivity-error",
        "decline",
        "expired",
        "failed-application",
        "failed-transport",
        "general-error",
        "gone",
        "incompatible-parameters",
        "media-error",
        "security-error",
        "success",
        "timeout",
        "unsupported-applications",
        "unsupported-transports",
    )
}
"""XEP-0166 §7.4."""

_DEFINITION = ("description", "transport")
_CONTENT_NEEDS: dict[Action, tuple[str, ...]] = {
    Action.CONTENT_ACCEPT: _DEFINITION,
    Action.CONTENT_ADD: _DEFINITION,
    Action.CONTENT_MODIFY: (),
    Action.CONTENT_REJECT: (),
    Action.CONTENT_REMOVE: (),
    Action.DESCRIPTION_INFO: (),
    Action.SESSION_ACCEPT: _DEFINITION,
    Action.SESSION_INITIATE: _DEFINITION,
    Action.TRANSPORT_ACCEPT: ("transport",),
    Action.TRANSPORT_INFO: ("transport",),
    Action.TRANSPORT_REJECT: (),
    Action.TRANSPORT_REPLACE: ("transport",),
}
"""The actions that are about contents, and what each content then holds (XEP-0166 §7.2)."""

_FAULT_TYPES = {
    "bad-request": "modify",
    "conflict": "cancel",
    "feature-not-implemented": "cancel",
    "forbidden": "auth",
    "gone": "cancel",
    "internal-server-error": "cancel",
    "item-not-found": "cancel",
    "jid-malformed": "modify",
    "not-acceptable": "modify",
    "not-allowed": "cancel",
    "not-authorized": "auth",
    "policy-violation": "modify",
    "recipient-unavailable": "wait",
    "redirect": "modify",
    "registration-required": "auth",
    "remote-server-not-found": "cancel",
    "remote-server-timeout": "wait",
    "resource-constraint": "wait",
    "service-unavailable": "cancel",
    "subscription-required": "auth",
    "undefined-condition": "cancel",
    "unexpected-request": "wait",
}
"""RFC 6120 §8.3.3; where it leaves a choice, the first that it names."""


def parse_jingle(element: ET.Element) -> Jingle:
    """What a ``TAG`` element says.

    A content of an application or a transport that is not known here has None for it. Raises
    ``Fault``, and nothing else.
    """
    if element.tag != TAG:
        raise malformed(element, "is not Jingle")
    action = Action(choice(element, "action", tuple(Action)))
    message = Jingle(
        action=action,
        sid=required(element, "sid"),
        contents=_parse_contents(element, action),
        reason=parse_reason(element),
        bundle=_parse_bundle(element),
        initiator=optional(element, "initiator", MAX_TEXT),
        responder=optional(element, "responder", MAX_TEXT),
        nonce=parse_verification(element, "nonce"),
    )
    return _with_info(message, element) if action is Action.SESSION_INFO else message


def jingle_element(message: Jingle) -> ET.Element:
    """The element that says so."""
    attributes = {
        "action": message.action,
        "sid": message.sid,
        "initiator": message.initiator,
        "responder": message.responder,
    }
    contents = [_content_element(content, message.action) for content in message.contents]
    element = build(TAG, attributes, *contents)
    if message.reason is not None:
        element.append(reason_element(message.reason))
    if message.bundle:
        names = (build(_GROUP_CONTENT, {"name": name}) for name in message.bundle)
        element.append(build(_GROUP, {"semantics": "BUNDLE"}, *names))
    if message.nonce is not None:
        element.append(verification_element("nonce", message.nonce))
    if message.info is not None:
        element.append(_info_element(message, message.info))
    return element


def parse_reason(parent: ET.Element) -> Reason | None:
    """Why, if the parent says so in a condition that is known."""
    element = only(parent, _REASON)
    if element is None:
        return None
    conditions = [_CONDITIONS[child.tag] for child in element if child.tag in _CONDITIONS]
    text = element.findtext(_REASON_TEXT) or None
    # Words for a person are cut, not refused: an end stays an end, however long its reason.
    return Reason(conditions[0], text and text[:MAX_TEXT]) if conditions else None


def reason_element(reason: Reason) -> ET.Element:
    """The element that says so."""
    element = build(_REASON, {}, build(f"{{{JINGLE}}}{reason.condition}", {}))
    if reason.text is not None:
        element.append(build_text(_REASON_TEXT, {}, reason.text))
    return element


def parse_verification(parent: ET.Element, name: str) -> bytes | None:
    """The bytes that ``verification`` needs of the other side: a commitment or a nonce."""
    element = only(parent, _VERIFICATION)
    if element is None or element.get(name) is None:
        return None
    try:
        return base64.b64decode(required(element, name), validate=True)
    except ValueError:
        raise malformed(element, f"{name} is not base64") from None


def verification_element(name: str, value: bytes) -> ET.Element:
    """The element that carries them."""
    return build(_VERIFICATION, {name: base64.b64encode(value).decode()})


def fault_elements(fault: Fault) -> tuple[ET.Element, ...]:
    """The children of a stanza's ``<error/>``, in the order of RFC 6120 §8.3.2."""
    condition = build(f"{{{STANZAS}}}{fault.condition}", {})
    text = build_text(f"{{{STANZAS}}}text", {_LANGUAGE: "en"}, fault.text)
    if fault.jingle is None:
        return condition, text
    return condition, text, build(f"{{{JINGLE_ERRORS}}}{fault.jingle}", {})


def fault_type(condition: str) -> str:
    """The ``type`` of a stanza's ``<error/>`` with that condition."""
    return _FAULT_TYPES[condition]


def _parse_contents(element: ET.Element, action: Action) -> tuple[Content, ...]:
    contents = tuple(
        _parse_content(child, action)
        for child in children(element, _CONTENT, MAX_CONTENTS)
        # Other dispositions, such as early media, are not offers to accept (XEP-0166 §7.2.8).
        if child.get("disposition", "session") == "session"
    )
    if action in _CONTENT_NEEDS and not contents:
        raise malformed(element, f"{action} without a content of the session")
    return contents


def _parse_content(element: ET.Element, action: Action) -> Content:
    held = {str(child.tag).rpartition("}")[2] for child in element}
    for need in _CONTENT_NEEDS.get(action, ()):
        if need not in held:
            raise malformed(element, f"has no {need} in {action}")
    # "OPTIONAL except when sending content-modify, in which case it is REQUIRED" (§7.3).
    senders_default = None if action is Action.CONTENT_MODIFY else Senders.BOTH
    description, transport = only(element, DESCRIPTION), only(element, TRANSPORT)
    return Content(
        name=required(element, "name"),
        creator=choice(element, "creator", _PARTIES, "initiator"),
        senders=Senders(choice(element, "senders", tuple(Senders), senders_default)),
        description=None if description is None else parse_description(description),
        transport=None if transport is None else parse_transport(transport),
    )


def _content_element(content: Content, action: Action) -> ET.Element:
    told = content.senders is not Senders.BOTH or action is Action.CONTENT_MODIFY
    senders = content.senders if told else None
    attributes = {"creator": content.creator, "name": content.name, "senders": senders}
    element = build(_CONTENT, attributes)
    if content.description is not None:
        element.append(description_element(content.description))
    if content.transport is not None:
        element.append(transport_element(content.transport))
    return element


def _parse_bundle(element: ET.Element) -> tuple[str, ...]:
    for group in children(element, _GROUP):
        if group.get("semantics") == "BUNDLE":
            names = children(group, _GROUP_CONTENT, MAX_CONTENTS)
            return tuple(required(name, "name") for name in names)
    return ()


def _with_info(message: Jingle, element: ET.Element) -> Jingle:
    ours = (_CONTENT, _REASON, _GROUP, _VERIFICATION)
    payload = [child for child in element if child.tag not in ours]
    # "a session ping": a session-info that says nothing (XEP-0166 §6.8).
    if not payload:
        return message
    known = next((child for child in payload if child.tag in _INFOS), None)
    if known is None:
        text = "session-info: nothing of it is known"
        raise Fault("feature-not-implemented", text, jingle="unsupported-info")
    info = _INFOS[known.tag]
    if info not in _MUTING:
        return replace(message, info=info)
    creator = choice(known, "creator", _PARTIES, "initiator")
    name = optional(known, "name") or None
    return replace(message, info=info, info_content=name, info_creator=creator)


def _info_element(message: Jingle, info: Info) -> ET.Element:
    named = {"creator": message.info_creator, "name": message.info_content}
    return build(f"{{{RTP_INFO}}}{info}", named if info in _MUTING else {})
