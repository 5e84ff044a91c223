"""What is said before a session: Jingle Message Initiation (XEP-0353), XML to messages and back.

These are children of a ``<message/>``: nobody answers them. A ``Fault`` here says what to log
before the message is dropped.
"""

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from twocan.jingle import (
    JINGLE_MESSAGE,
    MAX_CONTENTS,
    parse_reason,
    parse_verification,
    reason_element,
    verification_element,
)
from twocan.jingle_rtp import DESCRIPTION
from twocan.messages import (
    Accept,
    Fault,
    Finish,
    Initiation,
    Proceed,
    Propose,
    Reject,
    Retract,
    Ringing,
)
from twocan.stanza import build, build_text, children, only, optional, required


def _tag(name: str) -> str:
    return f"{{{JINGLE_MESSAGE}}}{name}"


CARD = "{urn:twocan:card:0}card"
"""Our own element, in a ``<propose/>``: who calls, as their site says. Its text is a JWT."""
LONGEST_CARD = 4096
"""Characters of a card that are taken. A name of 100 letters and a picture's URL fit in."""
_JWT = re.compile(r"[A-Za-z0-9_.-]+")

_TIE_BREAK = _tag("tie-break")
_MIGRATED = _tag("migrated")


def parse_initiation(element: ET.Element) -> Initiation | None:
    """What a child of a ``<message/>`` says, None if it is not one of XEP-0353 that we know.

    Reasons may be missing: XEP-0353 knew none before its version 0.4, and Dino gives none.
    Raises ``Fault``, and nothing else.
    """
    parse = _PARSERS.get(element.tag)
    return None if parse is None else parse(element, required(element, "id"))


def initiation_element(message: Initiation) -> ET.Element:
    """The element that says so."""
    name = type(message).__name__.lower()
    return build(_tag(name), {"id": message.sid}, *_content(message))


def _parse_propose(element: ET.Element, sid: str) -> Propose:
    described = children(element, DESCRIPTION, MAX_CONTENTS)
    media = dict.fromkeys(required(child, "media") for child in described)
    # The description of a file or a screen's remote control is no call for this phone.
    if not media:
        raise Fault("feature-not-implemented", "propose: no description of a known medium")
    commitment = parse_verification(element, "commitment")
    return Propose(sid, tuple(media), commitment, _parse_card(element))


def _parse_card(element: ET.Element) -> str | None:
    # Whatever is wrong with a card, it is the call that counts: then it is one without a card.
    cards = element.findall(CARD)
    if len(cards) != 1 or len(cards[0]):
        return None
    text = (cards[0].text or "").strip()
    return text if len(text) <= LONGEST_CARD and _JWT.fullmatch(text) else None


def _parse_proceed(element: ET.Element, sid: str) -> Proceed:
    return Proceed(sid, parse_verification(element, "commitment"))


def _parse_reject(element: ET.Element, sid: str) -> Reject:
    return Reject(sid, parse_reason(element), only(element, _TIE_BREAK) is not None)


def _parse_retract(element: ET.Element, sid: str) -> Retract:
    return Retract(sid, parse_reason(element), only(element, _TIE_BREAK) is not None)


def _parse_finish(element: ET.Element, sid: str) -> Finish:
    migrated = only(element, _MIGRATED)
    to = None if migrated is None else optional(migrated, "to")
    return Finish(sid, parse_reason(element), to)


_PARSERS: dict[str, Callable[[ET.Element, str], Initiation]] = {
    _tag("accept"): lambda _, sid: Accept(sid),
    _tag("finish"): _parse_finish,
    _tag("proceed"): _parse_proceed,
    _tag("propose"): _parse_propose,
    _tag("reject"): _parse_reject,
    _tag("retract"): _parse_retract,
    _tag("ringing"): lambda _, sid: Ringing(sid),
}


def _content(message: Initiation) -> Iterator[ET.Element]:
    match message:
        case Propose(media=media, card=card):
            yield from (build(DESCRIPTION, {"media": medium}) for medium in media)
            if card is not None:
                yield build_text(CARD, {}, card)
        case Reject(reason=reason) | Retract(reason=reason) | Finish(reason=reason) if reason:
            yield reason_element(reason)
    match message:
        case Propose(commitment=bytes(value)) | Proceed(commitment=bytes(value)):
            yield verification_element("commitment", value)
        case Reject(tie_break=True) | Retract(tie_break=True):
            yield build(_TIE_BREAK, {})
        case Finish(migrated_to=str(to)):
            yield build(_MIGRATED, {"to": to})
