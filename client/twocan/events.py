"""What can happen to a call: the events that ``Call.handle`` takes."""

from dataclasses import dataclass

from twocan.messages import Action, Content, Initiation, Jingle, Propose
from twocan.states import End, Liveness, Timer


@dataclass(frozen=True, slots=True)
class Dial:
    """A person wants to call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A person takes the call."""


@dataclass(frozen=True, slots=True)
class Decline:
    """A person does not take the call."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """A person, or the program on their behalf, ends the call."""

    end: End = End.HUNG_UP


@dataclass(frozen=True, slots=True)
class Hold:
    """A person puts the call on hold, or resumes it."""

    on: bool


@dataclass(frozen=True, slots=True)
class Mute:
    """A person mutes the microphone, or unmutes it."""

    on: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of XEP-0353 came from ``sender``, a full address. ``age`` is in seconds."""

    sender: str
    message: Initiation
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Engaged:
    """A proposal, or an offer without one, came while another call is up."""

    sender: str
    message: Propose | Jingle


@dataclass(frozen=True, slots=True)
class Asked:
    """A Jingle request came from ``sender``, a full address."""

    sender: str
    jingle: Jingle


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What we said came back, with the condition of RFC 6120 §8.3.3."""

    condition: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The far side answered a request of ours with an error, or not at all."""

    action: Action
    condition: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A timer ran out."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Found:
    """More local addresses were found after the first description."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Connected:
    """The media path is up and its keys are the promised ones."""


@dataclass(frozen=True, slots=True)
class FirstSound:
    """The first sound of the far side was decoded."""


@dataclass(frozen=True, slots=True)
class MediaLost:
    """The media cannot be, or cannot go on."""

    end: End


@dataclass(frozen=True, slots=True)
class MediaParted:
    """The far side closed the media path in good order."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time to look after the far side. ``quiet``: seconds since its last packet."""

    quiet: float


@dataclass(frozen=True, slots=True)
class Pinged:
    """The outcome of a ``Ping``."""

    liveness: Liveness


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Our supernode does not let us back in."""


Event = (
    Dial
    | Answer
    | Decline
    | HangUp
    | Hold
    | Mute
    | Heard
    | Engaged
    | Asked
    | Undelivered
    | Refused
    | Elapsed
    | Found
    | Connected
    | FirstSound
    | MediaLost
    | MediaParted
    | Tick
    | Pinged
    | SignedOut
)
