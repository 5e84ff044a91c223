"""What a phone says to strangers and to hostile peers, through the real supernode."""

import base64
import hashlib
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import pytest
from slixmpp.exceptions import IqError

from calling import Person, connect, sound_both_ways
from running import Supernode
from twocan.phone import Line
from twocan.states import State
from twocan.xmpp import capabilities
from whole.conftest import SITES
from xmpp_stream import NS, PRESENCE, Stream, signed_in

JINGLE = "urn:xmpp:jingle:1"
JINGLE_ERRORS = "{urn:xmpp:jingle:errors:1}"
STANZAS = f"{{{NS['error']}}}"

Refusal = tuple[str, ...]


@pytest.fixture
async def stranger(supernode: Supernode) -> AsyncIterator[Stream]:
    """Someone of the same site, who writes whatever XML they want."""
    async with signed_in(supernode.mint("stranger", SITES[0])) as stream:
        yield stream


def refusal(answer: ET.Element, request: str = "") -> Refusal:
    """The conditions of a stanza error: RFC 6120's, and XEP-0166's where it names one."""
    error = answer.find("c:error", NS)
    assert error is not None, f"{request[:300]} was not refused"
    words = [child.tag for child in error if child.tag != f"{STANZAS}text"]
    return tuple(word.removeprefix(STANZAS).removeprefix(JINGLE_ERRORS) for word in words)


def jingle(action: str, sid: str, content: str = "", **more: str) -> str:
    said = "".join(f" {name}='{value}'" for name, value in more.items())
    return f"<jingle xmlns='{JINGLE}' action='{action}' sid='{sid}'{said}>{content}</jingle>"


def content(name: str = "audio", inside: str = "", description: str = "") -> str:
    return (
        f"<content creator='initiator' name='{name}'>"
        f"<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>{description}</description>"
        f"<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>{inside}</transport></content>"
    )


CANDIDATE = (
    "<candidate component='1' foundation='1' generation='0' id='{}' ip='{}' network='0' "
    "port='{}' priority='1' protocol='udp' type='host'/>"
)
UNKNOWN = ("item-not-found", "unknown-session")
OUT_OF_ORDER = ("unexpected-request", "out-of-order")
BAD, TOO_MUCH = ("bad-request",), ("not-acceptable",)


# --- hostile requests


async def test_a_strangers_requests_are_refused_and_the_call_goes_on(
    caller: Person, callee: Person, stranger: Stream
) -> None:
    outgoing, incoming = await connect(caller, callee)
    sid = outgoing.call.sid
    nowhere = CANDIDATE.format("1", "192.0.2.9", "-1")
    requests: dict[str, Refusal] = {
        f"<jingle xmlns='{JINGLE}'/>": BAD,
        f"<jingle xmlns='{JINGLE}' action='session-info'/>": BAD,
        jingle("session-explode", "s1"): BAD,
        jingle("session-info", ""): BAD,
        jingle("session-info", "s" * 257): TOO_MUCH,
        jingle("session-info", "s" * 60_000): TOO_MUCH,
        jingle("session-initiate", "s2"): BAD,
        jingle("session-initiate", "s3", content("")): BAD,
        jingle("session-initiate", "s4", "<content creator='nobody' name='a'/>"): BAD,
        jingle("session-initiate", "s5", "".join(map(content, "abcdefghijklmnopq"))): TOO_MUCH,
        jingle("session-initiate", "s6", content(inside=nowhere)): BAD,
        jingle("session-info", "unheard-of"): UNKNOWN,
        jingle("session-accept", "unheard-of", content()): UNKNOWN,
        jingle("session-terminate", "unheard-of"): UNKNOWN,
        jingle("session-terminate", sid): UNKNOWN,
        jingle("session-accept", sid, content()): UNKNOWN,
        jingle("session-initiate", sid, content()): UNKNOWN,
        jingle("transport-info", sid, content()): UNKNOWN,
    }
    for request, expected in requests.items():
        answer = await stranger.ask(request, "set", callee.phone.address)
        assert (request, refusal(answer, request)) == (request, expected)
    await go_on((caller, outgoing), (callee, incoming))


async def test_the_far_sides_wrong_requests_are_refused_and_the_call_goes_on(
    caller: Person, callee: Person
) -> None:
    outgoing, incoming = await connect(caller, callee)
    sid = outgoing.call.sid
    many = "".join(CANDIDATE.format(n, "192.0.2.9", "9") for n in range(65))
    requests: dict[str, Refusal] = {
        jingle("session-initiate", sid, content()): OUT_OF_ORDER,
        jingle("session-accept", sid, content()): OUT_OF_ORDER,
        jingle("transport-accept", sid, content()): OUT_OF_ORDER,
        jingle("content-accept", sid, content()): OUT_OF_ORDER,
        jingle("content-reject", sid, content()): OUT_OF_ORDER,
        jingle("content-modify", sid, "<content creator='initiator' name='a' senders='both'/>"): (
            "item-not-found",
        ),
        jingle("transport-info", sid): BAD,
        jingle("transport-info", sid, content(inside=many)): TOO_MUCH,
        jingle("session-info", sid, "<tea xmlns='urn:example:tea'/>"): (
            "feature-not-implemented",
            "unsupported-info",
        ),
    }
    for sender, to in ((caller, callee), (callee, caller)):
        for request, expected in requests.items():
            assert await refused(sender, request, to) == expected, request[:200]
        # What is allowed is: a ping of the session, and a candidate that leads nowhere.
        useless = content(inside=CANDIDATE.format("1", "192.0.2.9", "9"))
        assert await refused(sender, jingle("session-info", sid), to) is None
        assert await refused(sender, jingle("transport-info", sid, useless), to) is None
    await go_on((caller, outgoing), (callee, incoming))


async def refused(sender: Person, request: str, to: Person) -> Refusal | None:
    """How ``to`` refuses what ``sender``'s phone is made to ask, if it does."""
    iq = sender.signalling._stream.make_iq_set(ito=to.phone.address)
    iq.xml.append(ET.fromstring(request))  # noqa: S314 - written here
    try:
        await iq.send()
    except IqError as error:
        return refusal(error.iq.xml)
    return None


async def test_a_stranger_who_opens_a_session_in_mid_call_hears_busy(
    caller: Person, callee: Person, stranger: Stream
) -> None:
    """XEP-0166 6.3.2: acknowledged first, then declined with a reason."""
    outgoing, incoming = await connect(caller, callee)
    offer = jingle("session-initiate", "s1", content())
    answer = await stranger.ask(offer, "set", callee.phone.address)
    assert answer.get("type") == "result"
    ended = await stranger.until(
        lambda element: element.find(f"{{{JINGLE}}}jingle[@action='session-terminate']") is not None
    )
    assert ended.find(f".//{{{JINGLE}}}reason/{{{JINGLE}}}busy") is not None
    await go_on((caller, outgoing), (callee, incoming))


async def test_messages_of_strangers_do_nothing_to_a_call(
    caller: Person, callee: Person, stranger: Stream
) -> None:
    outgoing, incoming = await connect(caller, callee)
    jmi, sid = NS["jmi"], outgoing.call.sid
    kinds = ("accept", "finish", "proceed", "reject", "retract", "ringing")
    messages = [
        *(f"<{kind} xmlns='{jmi}' id='{sid}'/>" for kind in kinds),
        *(f"<{kind} xmlns='{jmi}' id='unheard-of'/>" for kind in kinds),
        *(f"<{kind} xmlns='{jmi}'/>" for kind in (*kinds, "propose")),
        f"<propose xmlns='{jmi}' id='no-description'/>",
        f"<propose xmlns='{jmi}' id='{'i' * 60_000}'/>",
        f"<tea xmlns='{jmi}' id='{sid}'/>",
        f"<finish xmlns='{jmi}' id='{sid}'><migrated to='x'/><migrated to='y'/></finish>",
    ]
    for person in (caller, callee):
        for to in (person.address, person.phone.address):
            for message in messages:
                stranger.send(f"<message to='{to}' type='chat'>{message}</message>")
    await stranger.messages_so_far()
    for person in (caller, callee):
        answer = await stranger.ask(f"<ping xmlns='{capabilities.PING}'/>", to=person.phone.address)
        assert answer.get("type") == "result"
    await go_on((caller, outgoing), (callee, incoming))


async def test_the_far_sides_messages_out_of_order_do_nothing_to_a_call(
    caller: Person, callee: Person
) -> None:
    outgoing, incoming = await connect(caller, callee)
    sid = outgoing.call.sid
    for sender, to in ((caller, callee), (callee, caller)):
        for kind in ("accept", "proceed", "reject", "retract", "ringing"):
            stanza = sender.signalling._stream.make_message(mto=to.phone.address, mtype="chat")
            stanza.xml.append(ET.Element(f"{{{NS['jmi']}}}{kind}", {"id": sid}))
            stanza.send()
        await sender.is_heard()
    await go_on((caller, outgoing), (callee, incoming))


async def go_on(*sides: tuple[Person, Line]) -> None:
    """The call is as it was: heard both ways, and alone."""
    (one, ours), (other, theirs) = sides
    await sound_both_ways(one, other)
    assert (ours.call.state, theirs.call.state) == (State.ACTIVE, State.ACTIVE)
    assert [len(one.phone.lines), len(other.phone.lines)] == [1, 1]


async def test_carbons_that_a_stranger_made_up_are_ignored(
    caller: Person, callee: Person, stranger: Stream
) -> None:
    """XEP-0280 11: only one's own account copies messages to one's phones."""
    outgoing = caller.phone.dial(callee.address)
    incoming = await callee.rings()
    said = {
        ("sent", f"{callee.address}/another"): ("accept", "proceed", "reject"),
        ("received", caller.phone.address): ("retract", "finish"),
    }
    for (direction, sender), kinds in said.items():
        for kind in kinds:
            stranger.send(
                f"<message to='{callee.phone.address}' type='chat'>"
                f"<{direction} xmlns='{NS['carbons']}'><forwarded xmlns='{NS['forward']}'>"
                f"<message xmlns='jabber:client' from='{sender}' to='{callee.address}' type='chat'>"
                f"<{kind} xmlns='{NS['jmi']}' id='{outgoing.call.sid}'/>"
                f"</message></forwarded></{direction}></message>"
            )
    answer = await stranger.ask(f"<ping xmlns='{capabilities.PING}'/>", to=callee.phone.address)
    assert answer.get("type") == "result"
    assert incoming.call.state is State.INCOMING
    incoming.answer()
    await sound_both_ways(caller, callee)


# --- what it is asked politely


async def test_it_tells_what_it_can_do(caller: Person, stranger: Stream) -> None:
    query = f"<query xmlns='{capabilities.DISCO_INFO}'/>"
    answer = await stranger.ask(query, to=caller.phone.address)
    features = {found.get("var") for found in answer.iterfind("disco:query/disco:feature", NS)}
    assert features == set(capabilities.FEATURES)
    assert "urn:xmpp:jingle-message:0" in features


async def test_its_presence_names_a_hash_of_what_it_can_do(
    caller: Person, supernode: Supernode, request: pytest.FixtureRequest
) -> None:
    """XEP-0115 5.1, worked out anew from what the phone answers."""
    account = supernode.mint(f"caller of {request.node.name}", SITES[0])
    async with signed_in(account, "other") as stream:
        presence = await stream.until(
            lambda e: e.tag == PRESENCE and e.get("from") == caller.phone.address
        )
        caps = presence.find(f"{{{capabilities.CAPS}}}c")
        assert caps is not None
        assert caps.get("hash") == "sha-1"
        node = f"{caps.get('node')}#{caps.get('ver')}"
        query = f"<query xmlns='{capabilities.DISCO_INFO}' node='{node}'/>"
        answer = await stream.ask(query, to=caller.phone.address)
    told = answer.find("disco:query", NS)
    assert told is not None
    assert told.get("node") == node
    assert caps.get("ver") == version(told)


def version(told: ET.Element) -> str:
    identities = [
        f"{i.get('category')}/{i.get('type')}//{i.get('name')}<"
        for i in told.iterfind("disco:identity", NS)
    ]
    features = [f"{feature.get('var')}<" for feature in told.iterfind("disco:feature", NS)]
    said = "".join([*sorted(identities), *sorted(features)])
    return base64.b64encode(hashlib.sha1(said.encode(), usedforsecurity=False).digest()).decode()


async def test_it_answers_a_ping(caller: Person, stranger: Stream) -> None:
    answer = await stranger.ask(f"<ping xmlns='{capabilities.PING}'/>", to=caller.phone.address)
    assert answer.get("type") == "result"


async def test_it_refuses_what_it_does_not_know(caller: Person, stranger: Stream) -> None:
    """RFC 6120 8.2.3: every request is answered."""
    answer = await stranger.ask("<tea xmlns='urn:example:tea'/>", to=caller.phone.address)
    assert refusal(answer)[0] in {
        "service-unavailable",
        "feature-not-implemented",
    }
