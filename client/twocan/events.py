"""What can happen to a call: the events that ``Call.handle`` takes."""

from dataclasses import dataclass, field

from twocan.messages import Action, Content, Initiation, Jingle, Propose
from twocan.states import End, Liveness, Timer


@dataclass(frozen=True, slots=True)
class Dial:
    """A person wants to call, and to be seen from the start or not. ``card``: what the site says
    of who calls, to be shown to the callee. ``name``: what the site calls the callee."""

    showing: bool = False
    card: str | None = field(default=None, repr=False)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A person takes the call, and wants to be seen or not."""

    showing: bool = False


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
class Show:
    """A person wants our camera, or our screen, to be seen, or no more."""

    on: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Our camera pauses, and nothing is negotiated anew; or it goes on."""

    on: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of XEP-0353 came from ``sender``, a full address. ``age`` is in seconds.
    ``name``: what a proposal's card says of who calls, if it is to be believed."""

    sender: str
    message: Initiation
    age: float = 0.0
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A proposal was made ``age`` seconds ago, and taken back before this phone heard of it."""

    sender: str
    message: Propose
    age: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Engaged:
    """A proposal, or an offer without one, came while another call is up."""

    sender: str
    message: Propose | Jingle
    name: str | None = None


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
class Granted:
    """The far side answered a request about the call's contents, and not with an error."""

    action: Action


@dataclass(frozen=True, slots=True)
class Refused:
    """The far side answered a request of ours with an error, or not at all. ``about``: the names
    of the contents that it was about, if it was not about the call."""

    action: Action
    condition: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A timer ran out."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Found:
    """More local addresses were found after the first description."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """Our side of the session was described and is about to be sent: what we offer, or what we
    accept of what they offered, with the senders that are said."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class PicturesDescribed:
    """The outcome of ``AddPictures`` and ``TakePictures``: our side of the pictures' content.
    ``bundle``: the names of the contents that share a transport."""

    content: Content
    bundle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PicturesUp:
    """The path of the pictures is up."""


@dataclass(frozen=True, slots=True)
class PicturesFailed:
    """The pictures cannot be, or cannot go on; the sound does."""


@dataclass(frozen=True, slots=True)
class CameraTrouble:
    """What keeps our camera from giving pictures, for a person; None: nothing any more."""

    problem: str | None


@dataclass(frozen=True, slots=True)
class Connected:
    """The media path is up and its keys are the promised ones."""


@dataclass(frozen=True, slots=True)
class FirstSound:
    """The first sound of the far side was decoded."""


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """The first picture of the far side was decoded."""


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
    | Show
    | Pause
    | Heard
    | Missed
    | Engaged
    | Asked
    | Undelivered
    | Granted
    | Refused
    | Elapsed
    | Found
    | Described
    | PicturesDescribed
    | PicturesUp
    | PicturesFailed
    | CameraTrouble
    | Connected
    | FirstSound
    | FirstPicture
    | MediaLost
    | MediaParted
    | Tick
    | Pinged
    | SignedOut
)
