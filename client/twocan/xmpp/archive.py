"""What came while this phone was not there: asked of the archive that a supernode keeps of an
account's messages (XEP-0313), one page from its end (XEP-0059).

A supernode keeps a proposal for a phone that is away only if no other device is there. Where one
is, a page in a browser for one, it is that device's alone, and the archive has the only other copy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from twocan.address import bare
from twocan.call import WAITS_AT_MOST
from twocan.initiation import parse_initiation
from twocan.messages import Accept, Fault, Finish, Initiation, Proceed, Propose, Reject, Retract
from twocan.stanza import build, build_text
from twocan.xmpp.stanzas import CLIENT, FORWARD, age, initiation

MAM = "urn:xmpp:mam:2"
RSM = "http://jabber.org/protocol/rsm"
FORM = "jabber:x:data"

MOST = 50
"""Messages that are asked for. A call leaves up to six."""

_Key = tuple[str, str]
"""Who called, a bare address, and the call's id."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message of the archive, sent ``age`` seconds ago."""

    sender: str
    to: str
    message: Initiation
    age: float


@dataclass(frozen=True, slots=True)
class Rings:
    """A proposal that was neither answered nor taken back."""

    proposal: Kept


@dataclass(frozen=True, slots=True)
class Missed:
    """A proposal that nobody answered until it was given up, by ``end`` or by time alone."""

    proposal: Kept
    end: Kept | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What another device of ours did about a proposal, or what ended the call that came of it."""

    end: Kept


def query(name: str, since: datetime, peer: str | None = None) -> ET.Element:
    """The last messages ``since`` then, with ``peer`` if one is named; each comes on its own, under
    this ``name``."""
    start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return build(
        f"{{{MAM}}}query",
        {"queryid": name},
        build(
            f"{{{FORM}}}x",
            {"type": "submit"},
            _field("FORM_TYPE", MAM, "hidden"),
            _field("start", start),
            *([_field("with", peer)] if peer is not None else []),
        ),
        build(
            f"{{{RSM}}}set",
            {},
            build_text(f"{{{RSM}}}max", {}, str(MOST)),
            build(f"{{{RSM}}}before", {}),
        ),
    )


def _field(name: str, value: str, kind: str | None = None) -> ET.Element:
    text = build_text(f"{{{FORM}}}value", {}, value)
    return build(f"{{{FORM}}}field", {"var": name, "type": kind}, text)


def kept(stanza: ET.Element, me: str, name: str, now: datetime) -> Kept | None:
    """What a result under this ``name`` says of a call; None if it says nothing, or is no result.

    Anybody may write a message that looks like one; only one's own account may mean it.
    """
    result = stanza.find(f"{{{MAM}}}result")
    if result is None or result.get("queryid") != name or stanza.get("from", bare(me)) != bare(me):
        return None
    forwarded = result.find(f"{{{FORWARD}}}forwarded")
    message = forwarded.find(f"{{{CLIENT}}}message") if forwarded is not None else None
    if forwarded is None or message is None or message.get("type") == "error":
        return None
    element, since = initiation(message), age(now, forwarded, message)
    if element is None or since is None:
        return None
    try:
        said = parse_initiation(element)
    except Fault:
        return None
    if said is None:
        return None
    return Kept(message.get("from", me), message.get("to", bare(me)), said, since)


def fates(told: Sequence[Kept], me: str) -> Iterator[Rings | Missed | Settled]:
    """What became of each proposal that others made, the oldest first."""
    ends = {key: each for each in told if (key := _ended(each, bare(me))) is not None}
    proposed = {_key(each): each for each in told if _proposes(each, bare(me))}
    for key, proposal in proposed.items():
        end = ends.get(key)
        if end is not None and not isinstance(end.message, Retract):
            yield Settled(end)
        elif end is not None or proposal.age >= WAITS_AT_MOST:
            yield Missed(proposal, end)
        else:
            yield Rings(proposal)


def _proposes(each: Kept, me: str) -> bool:
    return isinstance(each.message, Propose) and bare(each.sender) != me


def _key(each: Kept) -> _Key:
    return bare(each.sender), each.message.sid


def _ended(each: Kept, me: str) -> _Key | None:
    """Which call of another's this is the end of, or which it takes."""
    match each.message, bare(each.sender) == me:
        case ((Retract() | Finish()), False):
            return _key(each)
        case ((Accept() | Proceed() | Reject() | Finish()), True):
            return bare(each.to), each.message.sid
        case _:
            return None
