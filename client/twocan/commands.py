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
    """Describe the media, once its addresses are gathered, and send it as session-initiate; with
    pictures if ``showing``. Say ``Described`` before."""

    to: str
    sid: str
    nonce: bytes
    showing: bool = False


@dataclass(frozen=True, slots=True)
class Respond:
    """Take the offer, describe our side as session-accept, and connect. ``showing``: our pictures
    are to be seen, if they offer any. Say ``Described`` before."""

    to: str
    offer: Jingle
    nonce: bytes
    showing: bool = False


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect to what the far side described. ``bundle``: the contents that are to share a
    transport."""

    contents: tuple[Content, ...]
    bundle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddCandidates:
    """The far side found more addresses."""

    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class AddPictures:
    """Describe a content of pictures that is to be added, ``creator`` being our role in the
    session; say ``PicturesDescribed`` or ``PicturesFailed``."""

    creator: str


@dataclass(frozen=True, slots=True)
class TakePictures:
    """Take the pictures' content that they added, and describe our side of it; say
    ``PicturesDescribed`` or ``PicturesFailed``. ``showing``: ours are to be seen as well."""

    content: Content
    showing: bool
    bundle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectPictures:
    """They took the pictures' content that we added: connect to what they described."""

    content: Content
    bundle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DropPictures:
    """There is no content of pictures any more, nor will there be the one that is described."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Whether our sound is sent, whether it is muted, and whether theirs is played; whether our
    pictures are sent, and whether theirs are shown."""

    sending: bool
    muted: bool
    playing: bool
    showing: bool = False
    watching: bool = False


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
    | AddPictures
    | TakePictures
    | ConnectPictures
    | DropPictures
    | Flow
    | Start
    | Stop
    | Ping
    | Release
)
