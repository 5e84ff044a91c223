"""Where a call can be in its life, why it can end, and the frozen copy that watchers get."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a call is in its life."""

    NEW = "new"
    """Nothing was said yet."""
    DIALLING = "dialling"
    """We proposed; no phone is known to ring."""
    RINGING = "ringing"
    """We proposed, and a phone of theirs rings."""
    INCOMING = "incoming"
    """They proposed, and this phone rings."""
    CONNECTING = "connecting"
    """Both agreed; addresses are exchanged and keys negotiated."""
    ACTIVE = "active"
    """Media flows, or is held."""
    ENDED = "ended"
    """Over, with a reason. Final."""


class End(StrEnum):
    """Why a call ended. One meaning each, whoever looks; ``CallView.ended_by`` says who did it."""

    HUNG_UP = "hung-up"
    """Someone hung up after both had agreed to talk."""
    DECLINED = "declined"
    """The callee said no."""
    BUSY = "busy"
    """The callee is in another call."""
    CANCELLED = "cancelled"
    """The caller gave up before anybody answered."""
    NO_ANSWER = "no-answer"
    """It rang until the time was up."""
    UNREACHABLE = "unreachable"
    """No phone of theirs rang: nobody has the address, or no phone is signed in."""
    FORBIDDEN = "forbidden"
    """A supernode does not let these two people reach each other."""
    ANSWERED_ELSEWHERE = "answered-elsewhere"
    """Another phone of the same person took the call."""
    DECLINED_ELSEWHERE = "declined-elsewhere"
    """The same person said no on another phone."""
    REPLACED = "replaced"
    """The same two people went on in a newer call (XEP-0353, tie-breaking)."""
    CONNECTION_FAILED = "connection-failed"
    """Both agreed, but no path was found for the media."""
    CONNECTION_LOST = "connection-lost"
    """The path of the media broke and did not come back."""
    VANISHED = "vanished"
    """The far phone is gone without a word."""
    NOT_SECURE = "not-secure"
    """The keys are not the ones that were promised: somebody may sit between."""
    INCOMPATIBLE = "incompatible"
    """The phones have no codec or transport in common."""
    PROTOCOL_ERROR = "protocol-error"
    """The far phone refused what the protocol allows, or the reverse."""
    SIGNED_OUT = "signed-out"
    """The supernode ended our session before both had agreed."""
    FAILED = "failed"
    """A fault in the program of the one who ended it."""


class Timer(StrEnum):
    """The timers that a call may have running."""

    RING = "ring"
    CONNECT = "connect"
    TAKEN = "taken"
    PARTING = "parting"
    PICTURES = "pictures"


class Liveness(StrEnum):
    """What a ping told of the far phone."""

    ALIVE = "alive"
    GONE = "gone"
    """Its supernode says that there is no such session."""
    SILENT = "silent"
    """No answer."""
    UNKNOWN = "unknown"
    """We could not ask: our own supernode is away."""


@dataclass(frozen=True, slots=True)
class CallView:
    """A frozen copy of a call, for whoever draws it or reports it.

    ``times`` are on the clock that ``handle`` is given, in seconds: ``started``, ``ringing``,
    ``answered``, ``connected``, ``first_audio``, ``first_video``, ``ended``, as far as they
    happened.
    """

    sid: str
    peer: str
    outgoing: bool
    state: State
    end: End | None
    ended_by: str | None
    """``us``, ``them``, or None where nobody did."""
    held: bool
    held_by_peer: bool
    muted: bool
    muted_by_peer: bool
    verification: str | None
    times: MappingProxyType[str, float]
    pictures: bool = False
    """There is a content of pictures, or one is being added; before the session: one is wanted."""
    showing: bool = False
    """A person here wants our camera, or our screen, to be seen."""
    shown_by_peer: bool = False
    """They may send pictures, and do not pause."""
    paused: bool = False
    paused_by_peer: bool = False
    peer_name: str | None = None
    """What the peer is called, as far as the site vouches for it."""
    camera_problem: str | None = None
    """Why our pictures are not seen although somebody wanted it: one line, for a person."""
