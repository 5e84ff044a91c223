"""Jingle and XEP-0353: whatever Twocan says comes back as it went, and no element tree at all
does more harm than a ``Fault``."""

import copy
from collections.abc import Callable
from typing import TypeVar
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from stanzas import all_recorded
from twocan.initiation import initiation_element, parse_initiation
from twocan.jingle import fault_elements, fault_type, jingle_element, parse_jingle
from twocan.messages import (
    Accept,
    Action,
    Candidate,
    Content,
    Description,
    Fault,
    Feedback,
    Fingerprint,
    Finish,
    HeaderExtension,
    Info,
    Initiation,
    Jingle,
    PayloadType,
    Proceed,
    Propose,
    Reason,
    Reject,
    Retract,
    Ringing,
    Senders,
    Source,
    SourceGroup,
    Transport,
)

T = TypeVar("T")
Mutation = Callable[[st.DrawFn, ET.Element], None]

LEGAL = st.characters(exclude_categories=["Cc", "Cn", "Cs"])
WORDS = st.text(LEGAL, min_size=1, max_size=20)
TEXTS = st.text(LEGAL, max_size=40)
ICE_CHARS = "abcXYZ019+/"
IPS = st.ip_addresses().map(str) | st.just("a1.local")
PORTS = st.integers(1, 65535)
REASONS = st.builds(
    Reason, st.sampled_from(["busy", "success", "timeout"]), st.none() | st.text(LEGAL, min_size=1)
)
SENDERS = st.sampled_from(list(Senders))
PARTIES = st.sampled_from(["initiator", "responder"])
SECRETS = st.none() | st.binary(min_size=1, max_size=64)


def tuples(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, max_size=3).map(tuple)


def ice(low: int, high: int) -> st.SearchStrategy[str]:
    return st.text(ICE_CHARS, min_size=low, max_size=high)


CANDIDATES = st.builds(
    Candidate,
    component=st.integers(1, 256),
    foundation=ice(1, 32),
    ip=IPS,
    port=PORTS,
    priority=st.integers(1, 2**31 - 1),
    protocol=st.just("udp"),
    type=st.sampled_from(["host", "srflx", "relay"]),
    id=WORDS,
    generation=st.integers(0, 255),
    network=st.integers(0, 255),
    related_ip=st.none() | st.ip_addresses().map(str),
    related_port=st.none() | st.integers(0, 65535),
)
FINGERPRINTS = st.builds(
    Fingerprint,
    st.just("sha-256"),
    st.binary(min_size=32, max_size=32).map(lambda value: value.hex(":").upper()),
    st.none() | st.sampled_from(["actpass", "active", "passive", "holdconn"]),
)
TRANSPORTS = st.builds(
    lambda ufrag_and_pwd, candidates, fingerprints: Transport(
        ufrag_and_pwd[0], ufrag_and_pwd[1], candidates, fingerprints
    ),
    st.just((None, None)) | st.tuples(ice(4, 9), ice(22, 30)),
    tuples(CANDIDATES),
    tuples(FINGERPRINTS),
)
FEEDBACK = tuples(st.builds(Feedback, WORDS, st.none() | TEXTS))
SSRCS = st.integers(0, 2**32 - 1)
DESCRIPTIONS = st.builds(
    Description,
    media=st.sampled_from(["audio", "video"]),
    payload_types=tuples(
        st.builds(
            PayloadType,
            id=st.integers(0, 127),
            name=WORDS,
            clockrate=st.integers(1, 2**32 - 1),
            channels=st.integers(1, 255),
            parameters=tuples(st.tuples(TEXTS, TEXTS)),
            feedback=FEEDBACK,
        )
    ),
    extensions=tuples(
        st.builds(HeaderExtension, st.integers(1, 256) | st.integers(4096, 4351), WORDS, SENDERS)
    ),
    sources=tuples(st.builds(Source, SSRCS, tuples(st.tuples(WORDS, st.none() | TEXTS)))),
    source_groups=tuples(st.builds(SourceGroup, WORDS, tuples(SSRCS))),
    feedback=FEEDBACK,
    rtcp_mux=st.booleans(),
)
CONTENTS = st.builds(Content, WORDS, PARTIES, SENDERS, DESCRIPTIONS, TRANSPORTS)
ADDRESSES = st.none() | TEXTS
JINGLES = st.builds(
    Jingle,
    action=st.sampled_from([a for a in Action if a is not Action.SESSION_INFO]),
    sid=WORDS,
    contents=st.lists(CONTENTS, min_size=1, max_size=2).map(tuple),
    reason=st.none() | REASONS,
    bundle=tuples(WORDS),
    initiator=ADDRESSES,
    responder=ADDRESSES,
    nonce=SECRETS,
)
INFOS = st.builds(
    Jingle,
    action=st.just(Action.SESSION_INFO),
    sid=WORDS,
    info=st.none() | st.sampled_from([Info.HOLD, Info.UNHOLD, Info.RINGING, Info.ACTIVE]),
) | st.builds(
    Jingle,
    action=st.just(Action.SESSION_INFO),
    sid=WORDS,
    info=st.sampled_from([Info.MUTE, Info.UNMUTE]),
    info_content=st.none() | WORDS,
    info_creator=PARTIES,
)
MEDIA = st.sampled_from([("audio",), ("video",), ("audio", "video")])
INITIATIONS: st.SearchStrategy[Initiation] = st.one_of(
    st.builds(Propose, WORDS, MEDIA, SECRETS),
    st.builds(Ringing, WORDS),
    st.builds(Proceed, WORDS, SECRETS),
    st.builds(Accept, WORDS),
    st.builds(Reject, WORDS, st.none() | REASONS, st.booleans()),
    st.builds(Retract, WORDS, st.none() | REASONS, st.booleans()),
    st.builds(Finish, WORDS, st.none() | REASONS, st.none() | WORDS),
)


def over_the_wire(element: ET.Element) -> ET.Element:
    return ET.fromstring(ET.tostring(element))  # noqa: S314 - written here


@settings(deadline=None, max_examples=60)
@given(JINGLES | INFOS)
def test_jingle_comes_back_as_it_went(message: Jingle) -> None:
    assert parse_jingle(over_the_wire(jingle_element(message))) == message


@settings(deadline=None)
@given(INITIATIONS)
def test_initiation_comes_back_as_it_went(message: Initiation) -> None:
    assert parse_initiation(over_the_wire(initiation_element(message))) == message


RECORDED = all_recorded()
TAGS = sorted({part.tag for root in RECORDED for part in root.iter()})
ATTRIBUTES = sorted({name for root in RECORDED for part in root.iter() for name in part.attrib})
GARBAGE = (
    st.text(max_size=8)
    | st.integers().map(str)
    | st.sampled_from(["", "0", "-0", "1_0", "٣", "\x00", "NaN", "9" * 5000, "a" * 5000, "::", "%"])
    | st.sampled_from(
        sorted({v for root in RECORDED for p in root.iter() for v in p.attrib.values()})
    )
)


def drop_an_attribute(draw: st.DrawFn, element: ET.Element) -> None:
    if element.attrib:
        del element.attrib[draw(st.sampled_from(sorted(element.attrib)))]


def change_an_attribute(draw: st.DrawFn, element: ET.Element) -> None:
    names = sorted(element.attrib) or ATTRIBUTES
    element.set(draw(st.sampled_from(names)), draw(GARBAGE))


def add_an_attribute(draw: st.DrawFn, element: ET.Element) -> None:
    element.set(draw(st.sampled_from(ATTRIBUTES)), draw(GARBAGE))


def change_the_text(draw: st.DrawFn, element: ET.Element) -> None:
    element.text = draw(st.none() | GARBAGE)


def rename(draw: st.DrawFn, element: ET.Element) -> None:
    element.tag = draw(st.sampled_from(TAGS) | st.text(max_size=8))


def drop_a_child(draw: st.DrawFn, element: ET.Element) -> None:
    if len(element):
        element.remove(draw(st.sampled_from(list(element))))


def repeat_a_child(draw: st.DrawFn, element: ET.Element) -> None:
    if len(element):
        child = draw(st.sampled_from(list(element)))
        times = draw(st.sampled_from([1, 2, 130]))
        element.extend([copy.copy(child) for _ in range(times)])


def adopt(draw: st.DrawFn, element: ET.Element) -> None:
    stranger = draw(st.sampled_from(RECORDED))
    part = draw(st.sampled_from(list(stranger.iter())))
    element.insert(0, copy.deepcopy(part))


def add_a_comment(draw: st.DrawFn, element: ET.Element) -> None:
    element.insert(0, ET.Comment(draw(st.text(max_size=8))))


MUTATIONS: list[Mutation] = [
    drop_an_attribute,
    change_an_attribute,
    add_an_attribute,
    change_the_text,
    rename,
    drop_a_child,
    repeat_a_child,
    adopt,
    add_a_comment,
]


@st.composite
def mutated(draw: st.DrawFn) -> ET.Element:
    root = copy.deepcopy(draw(st.sampled_from(RECORDED)))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=4)):
        parts = list(root.iter(None))
        mutate(draw, draw(st.sampled_from(parts)))
    return root


@st.composite
def grown(draw: st.DrawFn, depth: int = 3) -> ET.Element:
    element = ET.Element(draw(st.sampled_from(TAGS)))
    for _ in range(draw(st.integers(0, 4))):
        add_an_attribute(draw, element)
    if depth:
        element.extend(draw(st.lists(grown(depth - 1), max_size=3)))
    return element


def fault_of(parse: Callable[[ET.Element], object], element: ET.Element) -> Fault | None:
    try:
        message = parse(element)
    except Fault as fault:
        return fault
    assert message is None or isinstance(message, Jingle | Initiation)
    return None


def survives(element: ET.Element) -> None:
    """Whatever it is, it is understood, unknown, or answered with an error that can be sent."""
    for fault in (fault_of(parse_jingle, element), fault_of(parse_initiation, element)):
        if fault is not None:
            assert fault_type(fault.condition) in {"cancel", "modify", "wait", "auth"}
            assert len(fault.text) < 200
            assert fault.text.isprintable()
            for child in fault_elements(fault):
                over_the_wire(child)


@settings(deadline=None, max_examples=300)
@given(mutated())
def test_a_mutated_stanza_is_understood_or_a_fault(element: ET.Element) -> None:
    survives(element)


@settings(deadline=None, max_examples=150)
@given(grown())
def test_any_tree_is_understood_or_a_fault(element: ET.Element) -> None:
    survives(element)
