"""What a site is told of its people's calls, from the messages that ejabberd sees (XEP-0353). Pure.

Each message gives one event at most, without memory of earlier ones, so that any node can tell:

=========  ========================  ===========================================================
message    who sends it to whom      event
=========  ========================  ===========================================================
propose    the caller to the callee  call.started
proceed    the callee to the caller  call.answered
retract    the caller to the callee  call.missed: cancelled, no-answer or failed
reject     the callee to the caller  call.missed: declined or busy; call.ended with any other
                                     reason, which only a phone gives that had answered, or failed
finish     each to the other         call.ended: hung-up, connection-lost, replaced or failed
ringing    the callee to the caller  none
accept     a phone to its person     none: the caller is told by proceed
=========  ========================  ===========================================================

A retract or reject that breaks a tie (§5.1: both dialled at the same moment) ends a call that was
started and goes on as the other's: call.ended, replaced. Both sides of a finish say it, and it does
not tell which of them had called: call.ended names the two, call.started of the same call tells who
is who. What is told twice, by both sides or by two phones of a person, has the same ``id``.

A call may have call.missed after call.answered: the caller gave up at the moment of the answer, and
it never came to be. One whose phones both vanish has no end: nobody is there to tell.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from twocan_supernode import accounts

MAX_MESSAGE = 8192
"""Bytes. A proposal with a card has some 6,000 at most."""
MAX_CALL = 200
"""Characters of a call's ID. A UUID has 36."""
MAX_ADDRESS = 3071
"""RFC 7622 §3.1."""

STARTED, ANSWERED, MISSED, ENDED = "call.started", "call.answered", "call.missed", "call.ended"

_CLIENT = "jabber:client"
_INITIATION = "{urn:xmpp:jingle-message:0}"
_JINGLE = "{urn:xmpp:jingle:1}"
_CALL = re.compile(f"[!-~]{{1,{MAX_CALL}}}")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """What happened to a call of ``site`` at ``at`` (ms since 1970), between bare addresses.

    ``caller`` and ``callee`` are None where the message does not tell them (call.ended).
    """

    type: str
    site: str
    call: str
    at: int
    people: tuple[str, str]
    caller: str | None = None
    callee: str | None = None
    reason: str | None = None

    @property
    def id(self) -> str:
        """The same for the same event, whoever tells it. Nobody has a say in that of others'."""
        told = json.dumps([self.site, *self.people, self.call, self.type])
        return f"call_{hashlib.sha256(told.encode()).hexdigest()}"

    def payload(self) -> dict[str, object]:
        """As the site is told it."""
        moment = datetime.fromtimestamp(self.at / 1000, UTC)
        between = (
            {"people": list(self.people)}
            if self.caller is None
            else {"caller": self.caller, "callee": self.callee}
        )
        why = {} if self.reason is None else {"reason": self.reason}
        return {
            "type": self.type,
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "data": {"call": self.call, **between, **why},
        }


def noticed(sender: str, to: str, message: bytes, now: int) -> CallEvent | None:
    """What a ``<message/>`` of ``sender`` to ``to`` tells of a call, None if nothing.

    The addresses are the supernode's word, full or bare; what the message says of itself does not
    count. There is no message that makes it raise.
    """
    one, other = _bare(sender), _bare(to)
    # A word to one's own phones is no call, and no site's people call another's.
    if one is None or other is None or one == other or _site(one) != _site(other):
        return None
    said = _initiation(message)
    call = None if said is None else said.get("id")
    if said is None or call is None or not _CALL.fullmatch(call):
        return None
    means = _MEANINGS.get(said.tag)
    meant = None if means is None else means(said)
    if meant is None:
        return None
    caller, callee = {"sender": (one, other), "receiver": (other, one)}.get(meant.caller, _UNTOLD)
    people = (min(one, other), max(one, other))
    return CallEvent(meant.type, _site(one), call, now, people, caller, callee, meant.reason)


class _Meant(NamedTuple):
    type: str
    caller: str
    reason: str | None = None


_UNTOLD = (None, None)


def _bare(address: str) -> str | None:
    # RFC 7622 §3.2 and §3.3: capitals and small letters are the same, and each may be sent.
    bare = address.partition("/")[0].lower()
    person, _, site = bare.partition("@")
    return bare if len(bare) <= MAX_ADDRESS and person and accounts.is_site_name(site) else None


def _site(bare: str) -> str:
    return bare.partition("@")[2]


def _initiation(message: bytes) -> ET.Element | None:
    """The one child of a message that is of XEP-0353."""
    root = _parsed(message)
    if root is None or root.tag not in (f"{{{_CLIENT}}}message", "message"):
        return None
    if root.get("type", "normal") in ("error", "groupchat"):
        return None
    found = [child for child in root if child.tag.startswith(_INITIATION)]
    return found[0] if len(found) == 1 else None


def _parsed(message: bytes) -> ET.Element | None:
    if len(message) > MAX_MESSAGE:
        return None
    try:
        text = message.decode()
        # RFC 6120 §11.1 forbids comments, instructions and document types, so there are no entities
        # but XML's own five, and nothing that grows or is fetched.
        return None if "<!" in text or "<?" in text else ET.fromstring(text)  # noqa: S314
    except (UnicodeDecodeError, ET.ParseError):
        return None


# --- what each message means


def _retracted(said: ET.Element) -> _Meant:
    condition = _condition(said)
    if _breaks_tie(said) or condition in _REPLACED:
        return _Meant(ENDED, "untold", "replaced")
    return _Meant(MISSED, "sender", _MISSED_BY_CALLER.get(condition, "failed"))


def _rejected(said: ET.Element) -> _Meant:
    condition = _condition(said)
    if _breaks_tie(said) or condition in _REPLACED:
        return _Meant(ENDED, "untold", "replaced")
    if condition in _MISSED_BY_CALLEE:
        return _Meant(MISSED, "receiver", _MISSED_BY_CALLEE[condition])
    return _finished(said)


def _finished(said: ET.Element) -> _Meant:
    return _Meant(ENDED, "untold", _ENDED.get(_condition(said), "failed"))


def _breaks_tie(said: ET.Element) -> bool:
    return said.find(f"{_INITIATION}tie-break") is not None


def _condition(said: ET.Element) -> str | None:
    """Why (XEP-0166 §7.4); None where no reason is given, as phones older than 0.4 of it do."""
    for child in said.iterfind(f"{_JINGLE}reason/*"):
        if child.tag.startswith(_JINGLE) and child.tag != f"{_JINGLE}text":
            return child.tag.removeprefix(_JINGLE)
    return None


_MEANINGS: dict[str, Callable[[ET.Element], _Meant]] = {
    f"{_INITIATION}propose": lambda _: _Meant(STARTED, "sender"),
    f"{_INITIATION}proceed": lambda _: _Meant(ANSWERED, "receiver"),
    f"{_INITIATION}retract": _retracted,
    f"{_INITIATION}reject": _rejected,
    f"{_INITIATION}finish": _finished,
}
_REPLACED = ("expired", "alternative-session")
_MISSED_BY_CALLER = {
    None: "cancelled",
    "cancel": "cancelled",
    "decline": "cancelled",
    "success": "cancelled",
    "gone": "cancelled",
    "timeout": "no-answer",
}
_MISSED_BY_CALLEE = {None: "declined", "decline": "declined", "cancel": "declined", "busy": "busy"}
_ENDED = {
    None: "hung-up",
    "success": "hung-up",
    "gone": "hung-up",
    "cancel": "hung-up",
    "decline": "hung-up",
    "busy": "hung-up",
    "connectivity-error": "connection-lost",
    "failed-transport": "connection-lost",
    "timeout": "connection-lost",
    "expired": "replaced",
    "alternative-session": "replaced",
}
