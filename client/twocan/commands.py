"""What a call wants done: the commands that ``Call.handle`` returns."""

from dataclasses import dataclass

from twocan.messages import Content, Initiation, Jingle
from twocan.states import Timer


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a message of XEP-0353."""

    to: str
    message: Initiation


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a Jingle request; an error answer comes back as ``Refused``."""

    to: str
    jingle: Jingle


@dataclass(frozen=True, slots=True)
class Prepare:
    """Gather addresses while it rings. Nothing of them leaves for the far side."""


@dataclass(frozen=True, slots=True)
class Initiate:
    """Describe the media, once its addresses are gathered, and send it as session-initiate."""

    to: str
    sid: str
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Respond:
    """Take the offer, describe our side as session-accept, and connect."""

    to: str
    offer: Jingle
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect to what the far side described."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class AddCandidates:
    """The far side found more addresses."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Whether our sound is sent, whether it is muted, and whether theirs is played."""

    sending: bool
    muted: bool
    playing: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Start a timer, or start it anew."""

    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop a timer if it runs."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask whether the far phone lives; say ``Pinged``."""

    to: str


@dataclass(frozen=True, slots=True)
class Release:
    """The call ended: close its media and stop its timers."""


Command = (
    Tell
    | Ask
    | Prepare
    | Initiate
    | Respond
    | Connect
    | AddCandidates
    | Flow
    | Start
    | Stop
    | Ping
    | Release
)
