"""What there is to see of a desk: frozen values, for whoever draws them."""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from twocan.desk.settings import Settings
from twocan.states import CallView

LONGEST_NAME = 60
"""Characters of a name that are shown."""


class Standing(StrEnum):
    """Whether calls can come and go."""

    NOBODY = "nobody"
    """No account is signed in, and none is being."""
    SIGNING_IN = "signing-in"
    ONLINE = "online"
    OFFLINE = "offline"
    """The supernode cannot be reached for now; it is tried again by itself."""
    REFUSED = "refused"
    """The supernode does not let this account in: its secret is wrong or is over."""


class Trouble(StrEnum):
    """Why something did not work. The face has the words."""

    NO_NETWORK = "no-network"
    """The supernode cannot be reached."""
    NOT_SECURE = "not-secure"
    """Whoever answers cannot prove to be the supernode."""
    WRONG_SECRET = "wrong-secret"  # noqa: S105
    EXPIRED = "expired"
    """The token is over: the site gives a new one."""
    SECRET_LOST = "secret-lost"  # noqa: S105
    """The keyring has the account no more, or does not give it."""
    BAD_ADDRESS = "bad-address"
    """What was typed is not an address."""
    BAD_LINK = "bad-link"
    """It is no link of a site, or a broken one."""
    LINK_USED = "link-used"
    """The site does not know its code any more: it was used, or is over."""
    SITE_AWAY = "site-away"
    """The site that the link names does not answer."""
    IN_CALL = "in-call"
    """A link is for another account than the one that is in a call."""
    CALL_OVER = "call-over"
    """A link was to answer a call that does not ring any more."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Problem:
    """What did not work. ``detail``: one line in English, for who wants to know more."""

    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """An account that this desk has. ``stored``: where its secret lasts, as the system calls it
    (``GNOME Keyring``); None: it is known for this run alone."""

    address: str
    site: str | None = None
    """The host whose link brought it."""
    name: str | None = None
    stored: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link asks: may it call? ``site``: the host that it is of."""

    site: str
    caller: str
    """Who calls, or answers: the name of whoever signs in for it, or their address."""
    peer: str
    """Whom: a bare address."""
    peer_name: str | None = None
    showing: bool = False
    """Whether it is a call with pictures."""
    reason: str | None = None
    """What it is about, in the site's words."""
    answering: str | None = None
    """The id (sid) of a call that rings already, from ``peer``: it is answered, none is made."""


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A call that the person agreed to answer, and that is answered as soon as it rings here."""

    sid: str
    peer: str
    peer_name: str | None = None

    def is_it(self, sid: str, peer: str) -> bool:
        """Whether a call is this one: both, for who calls chooses the id."""
        return (sid, peer) == (self.sid, self.peer)


class Outcome(StrEnum):
    """What became of a call of the past, in a word."""

    ANSWERED = "answered"
    MISSED = "missed"
    """It rang here and nobody took it."""
    DECLINED = "declined"
    """It rang here and the person said no, or took it on another phone."""
    NOT_REACHED = "not-reached"
    """We called, and it came to nothing."""


@dataclass(frozen=True, slots=True)
class Past:
    """A call of the past. ``began`` is in seconds since 1970, ``seconds`` how long was talked."""

    sid: str
    peer: str
    outgoing: bool
    outcome: Outcome
    began: float
    seconds: float = 0.0
    pictures: bool = False
    seen: bool = True
    """Whether the person knows of it; only missed ones may be unseen."""


class Step(StrEnum):
    """How far a trial of the microphone is."""

    METERING = "metering"
    RECORDING = "recording"
    PLAYING = "playing"


@dataclass(frozen=True, slots=True)
class Trial:
    """What of the devices is being tried out, outside a call. All off: nothing is open."""

    microphone: Step | None = None
    camera: bool = False
    """Whether the own picture is shown."""
    problem: str | None = None
    """Why it does not work: one line, what is wrong and what to do."""


class Stage(StrEnum):
    """How far the phone is with a new version of itself."""

    NEVER = "never"
    """It does not look for any: nobody signed for this build."""
    RESTING = "resting"
    """Nothing is being done."""
    ASKING = "asking"
    FETCHING = "fetching"
    PREPARING = "preparing"
    """It is here, and is being unpacked beside this one."""
    READY = "ready"
    """It starts with the next start."""


class Finding(StrEnum):
    """What came of looking for a new version."""

    NEWEST = "newest"
    """This is the newest."""
    READY = "ready"
    """There was one, and it was prepared."""
    NO_RELEASES = "no-releases"
    """The domain says nothing about versions."""
    NONE_FOR_US = "none-for-us"
    """There is one, but not for this kind of computer."""
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    NOT_SECURE = "not-secure"
    """Whoever answers cannot prove to be the host that was asked."""
    BAD_ANSWER = "bad-answer"
    NOT_SIGNED = "not-signed"
    METERED = "metered"
    """There is one, but this network counts what is downloaded."""
    TOO_SLOW = "too-slow"
    CUT_SHORT = "cut-short"
    WRONG_FILE = "wrong-file"
    """What was downloaded is not what was signed."""
    NO_ROOM = "no-room"
    NOT_WRITTEN = "not-written"
    NOT_PREPARED = "not-prepared"
    """It was downloaded, but could not be unpacked."""


@dataclass(frozen=True, slots=True)
class Update:
    """A newer ``version`` of the program, if one is known of, and what is done about it.

    ``asked``: when that was last, in seconds since 1970. ``came``: what came of it, once that is
    known.
    """

    version: str | None = None
    stage: Stage = Stage.NEVER
    asked: float | None = None
    came: Finding | None = None


@dataclass(frozen=True, slots=True)
class DeskView:
    """All that a face draws. ``calls``: those that are, the oldest first."""

    standing: Standing = Standing.NOBODY
    problem: Problem | None = None
    """Why nobody is signed in, or why what was just asked for did not work."""
    account: Known | None = None
    """Who is, or is being, signed in."""
    entering: bool = False
    """Whether that account was typed in just now, and has not proved right yet."""
    accounts: tuple[Known, ...] = ()
    stores: str | None = ""
    """Where accounts last, as the system calls it; None: nowhere, they live for this run. Empty
    until it is known."""
    calls: tuple[CallView, ...] = ()
    ended: CallView | None = None
    """The call that ended last, until ``Desk.dismiss``."""
    invitation: Invitation | None = None
    picked_up: PickedUp | None = None
    opening_link: bool = False
    """A link came, and its site is being asked what it is for."""
    past: tuple[Past, ...] = ()
    """The history, the newest first."""
    names: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What people are called, by bare address, as far as a site said so."""
    settings: Settings = field(default_factory=Settings)
    sharing: bool = False
    """Whether the screen is shown in the camera's place."""
    trial: Trial = field(default_factory=Trial)
    update: Update = field(default_factory=Update)
    ready: bool = False
    """Whether the desk is there at all: False only until it has been loaded."""

    @property
    def missed(self) -> int:
        """How many missed calls the person does not know of yet."""
        return sum(not past.seen for past in self.past)

    def name(self, address: str) -> str:
        """What to call the person at this address, at a length that leaves room for the rest:
        strangers choose their addresses, which may have 1,023 letters before the @."""
        name = self._vouched(address) or self.names.get(address) or address.partition("@")[0]
        name = name or address
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

    def _vouched(self, address: str) -> str | None:
        """What the site says just now, before it was written down."""
        calls = (*self.calls, self.ended) if self.ended is not None else self.calls
        named = (call.peer_name for call in calls if call.peer == address)
        return next(filter(None, named), None)
