"""What two phones say to each other: the messages of XEP-0353 and Jingle, as values.

Names are the specifications' own. Nothing here knows XML (that is ``jingle``) or how a
message travels (that is ``signalling`` and ``xmpp``).
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """The actions of a Jingle session (XEP-0166 §7.2)."""

    CONTENT_ACCEPT = "content-accept"
    CONTENT_ADD = "content-add"
    CONTENT_MODIFY = "content-modify"
    CONTENT_REJECT = "content-reject"
    CONTENT_REMOVE = "content-remove"
    DESCRIPTION_INFO = "description-info"
    SECURITY_INFO = "security-info"
    SESSION_ACCEPT = "session-accept"
    SESSION_INFO = "session-info"
    SESSION_INITIATE = "session-initiate"
    SESSION_TERMINATE = "session-terminate"
    TRANSPORT_ACCEPT = "transport-accept"
    TRANSPORT_INFO = "transport-info"
    TRANSPORT_REJECT = "transport-reject"
    TRANSPORT_REPLACE = "transport-replace"


class Info(StrEnum):
    """What a session-info can tell about a call (XEP-0167 §8)."""

    ACTIVE = "active"
    HOLD = "hold"
    MUTE = "mute"
    RINGING = "ringing"
    UNHOLD = "unhold"
    UNMUTE = "unmute"


class Senders(StrEnum):
    """Who sends a content's media (XEP-0166 §7.3)."""

    BOTH = "both"
    INITIATOR = "initiator"
    NONE = "none"
    RESPONDER = "responder"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something ended: a condition of XEP-0166 §7.4 and words for a person."""

    condition: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address at which media may be reached (XEP-0176 §5.5)."""

    component: int
    foundation: str
    ip: str
    port: int
    priority: int
    protocol: str
    type: str
    id: str
    generation: int = 0
    network: int = 0
    related_ip: str | None = None
    related_port: int | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hash of a DTLS certificate and the role its owner takes (XEP-0320).

    ``value`` is upper-case hex in pairs joined by colons; ``setup`` is one of
    ``actpass``, ``active``, ``passive``, ``holdconn``, or None where it was not said.
    """

    hash: str
    value: str
    setup: str | None = None


@dataclass(frozen=True, slots=True)
class Transport:
    """An ICE-UDP transport (XEP-0176): credentials, candidates, DTLS fingerprints."""

    ufrag: str | None = None
    pwd: str | None = None
    candidates: tuple[Candidate, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """An RTCP feedback message that is understood (XEP-0293)."""

    type: str
    subtype: str | None = None


@dataclass(frozen=True, slots=True)
class PayloadType:
    """A codec (XEP-0167 §5). ``clockrate`` is in Hz."""

    id: int
    name: str
    clockrate: int
    channels: int = 1
    parameters: tuple[tuple[str, str], ...] = ()
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderExtension:
    """An RTP header extension (XEP-0294)."""

    id: int
    uri: str
    senders: Senders = Senders.BOTH


@dataclass(frozen=True, slots=True)
class Source:
    """An RTP stream and what is said of it (XEP-0339)."""

    ssrc: int
    parameters: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """RTP streams that belong together, such as a retransmission's (XEP-0339)."""

    semantics: str
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What is sent and how it is coded (XEP-0167). ``media``: ``audio`` or ``video``."""

    media: str
    payload_types: tuple[PayloadType, ...] = ()
    extensions: tuple[HeaderExtension, ...] = ()
    sources: tuple[Source, ...] = ()
    source_groups: tuple[SourceGroup, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    rtcp_mux: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """One medium of a session: its description and its transport (XEP-0166 §7.3)."""

    name: str
    creator: str = "initiator"
    senders: Senders = Senders.BOTH
    description: Description | None = None
    transport: Transport | None = None


@dataclass(frozen=True, slots=True)
class Jingle:
    """A request within a session (XEP-0166). It is answered: done, or a ``Fault``."""

    action: Action
    sid: str
    contents: tuple[Content, ...] = ()
    reason: Reason | None = None
    info: Info | None = None
    info_content: str | None = None
    """The content that is muted or not; None means all of them (XEP-0167 §8.3)."""
    info_creator: str = "initiator"
    """Which party made that content, as for ``Content``."""
    bundle: tuple[str, ...] = ()
    """The contents that share one transport (XEP-0338)."""
    initiator: str | None = None
    responder: str | None = None
    nonce: bytes | None = None
    """What opens the commitment made while ringing: see ``verification``."""


@dataclass(frozen=True, slots=True)
class Propose:
    """The caller would like to talk (XEP-0353): every phone of the callee rings."""

    sid: str
    media: tuple[str, ...] = ("audio",)
    commitment: bytes | None = None
    card: str | None = field(default=None, repr=False)
    """Who calls, as their site says: a JWT, see ``cards``. What is in it is nothing before it was
    verified."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """A phone of the callee rings (XEP-0353)."""

    sid: str


@dataclass(frozen=True, slots=True)
class Proceed:
    """The callee took the call on the phone that says this (XEP-0353)."""

    sid: str
    commitment: bytes | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Said to one's own other phones: the call was taken here (XEP-0353 before 0.4)."""

    sid: str


@dataclass(frozen=True, slots=True)
class Reject:
    """The callee does not take the call (XEP-0353)."""

    sid: str
    reason: Reason | None = None
    tie_break: bool = False


@dataclass(frozen=True, slots=True)
class Retract:
    """The caller takes the proposal back (XEP-0353)."""

    sid: str
    reason: Reason | None = None
    tie_break: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """The call is over, for the record of every phone of both people (XEP-0353)."""

    sid: str
    reason: Reason | None = None
    migrated_to: str | None = None


Initiation = Propose | Ringing | Proceed | Accept | Reject | Retract | Finish
"""The messages of XEP-0353. They are told, not asked: nobody answers them."""


class Fault(Exception):
    """What a peer did wrong: the stanza error to answer with (RFC 6120 §8.3, XEP-0166 §10).

    ``condition`` is the stanza error's, ``jingle`` the more exact one of XEP-0166, if any.
    """

    def __init__(self, condition: str, text: str, *, jingle: str | None = None) -> None:
        super().__init__(text)
        self.condition = condition
        self.jingle = jingle
        self.text = text
