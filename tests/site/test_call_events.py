"""What a site is told of calls, from the messages that its people's phones really send."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan.initiation import initiation_element
from twocan.messages import (
    Accept,
    Finish,
    Initiation,
    Proceed,
    Propose,
    Reason,
    Reject,
    Retract,
    Ringing,
)
from twocan_supernode.site.calls import MAX_CALL, MAX_MESSAGE, CallEvent, noticed

NOW = 1_800_000_000_123
ANN, BEN = "ann@site.example", "ben@site.example"
ANNS_PHONE, BENS_PHONE, BENS_PAGE = f"{ANN}/desk", f"{BEN}/desk", f"{BEN}/page-1"
CALL = "5d3a7c1e"
TIE = Reason("expired")


def message(said: Initiation | str, **attributes: str) -> bytes:
    """A ``<message/>`` as ejabberd hands it on."""
    stanza = ET.Element("{jabber:client}message", attributes)
    child = ET.fromstring(said) if isinstance(said, str) else initiation_element(said)  # noqa: S314
    stanza.append(child)
    return ET.tostring(stanza)


def told(sender: str, to: str, said: Initiation | str) -> CallEvent | None:
    return noticed(sender, to, message(said, type="chat"), NOW)


def known(event: CallEvent | None) -> CallEvent:
    assert event is not None
    return event


def brief(event: CallEvent | None) -> tuple[str, ...] | None:
    """Its type, who called whom if that is told, and why."""
    if event is None:
        return None
    parts = (event.type, event.caller, event.callee, event.reason)
    return tuple(part for part in parts if part is not None)


# --- whole calls


def test_a_call_that_is_answered_and_ended() -> None:
    transcript: list[tuple[str, str, Initiation, tuple[str, ...] | None]] = [
        (ANNS_PHONE, BEN, Propose(CALL, ("audio",), bytes(32)), ("call.started", ANN, BEN)),
        (BENS_PAGE, ANN, Ringing(CALL), None),
        (BENS_PHONE, ANN, Ringing(CALL), None),
        (BENS_PHONE, ANNS_PHONE, Proceed(CALL, bytes(32)), ("call.answered", ANN, BEN)),
        (BENS_PHONE, BEN, Accept(CALL), None),
        (BENS_PHONE, ANN, Finish(CALL, Reason("success")), ("call.ended", "hung-up")),
        (ANNS_PHONE, BEN, Finish(CALL, Reason("success")), ("call.ended", "hung-up")),
    ]
    for sender, to, said, expected in transcript:
        assert brief(told(sender, to, said)) == expected


def test_an_end_that_both_tell_is_one() -> None:
    finish = Finish(CALL, Reason("success"))
    one, other = known(told(ANNS_PHONE, BEN, finish)), known(told(BENS_PHONE, ANN, finish))
    assert one == other
    assert one.people == (ANN, BEN)


def test_an_answer_by_two_phones_is_one() -> None:
    proceed = Proceed(CALL)
    assert known(told(BENS_PHONE, ANNS_PHONE, proceed)).id == (
        known(told(f"{BEN}/other", ANN, proceed)).id
    )


def test_a_no_and_a_giving_up_at_the_same_moment_are_one_missed_call() -> None:
    no, enough = Reject(CALL, Reason("decline")), Retract(CALL, Reason("cancel"))
    assert known(told(BENS_PHONE, ANN, no)).id == known(told(ANNS_PHONE, BEN, enough)).id


def test_each_event_of_a_call_has_an_id_of_its_own() -> None:
    said: list[Initiation] = [Propose(CALL, ("audio",)), Retract(CALL), Finish(CALL)]
    ids = {known(told(ANNS_PHONE, BEN, each)).id for each in said}
    ids.add(known(told(BENS_PHONE, ANN, Proceed(CALL))).id)
    assert len(ids) == 4


def test_calls_and_people_have_ids_of_their_own() -> None:
    ids = {
        known(told(sender, to, Propose(call, ("audio",)))).id
        for sender, to in [(ANN, BEN), (ANN, "cy@site.example"), ("a@b.example", "b@b.example")]
        for call in ["1", "2"]
    }
    assert len(ids) == 6


def test_nobody_takes_the_id_of_other_peoples_event() -> None:
    """Cy has learnt the call's ID, and says that it ended: Ann's and Ben's end is told as well."""
    finish = Finish(CALL)
    cys = known(told("cy@site.example/x", ANN, finish))
    assert cys.id != known(told(ANNS_PHONE, BEN, finish)).id


# --- how calls are missed


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason("cancel"), "cancelled"),
        (None, "cancelled"),
        (Reason("success"), "cancelled"),
        (Reason("timeout"), "no-answer"),
        (Reason("general-error"), "failed"),
    ],
)
def test_the_caller_gives_up(reason: Reason | None, why: str) -> None:
    event = told(ANNS_PHONE, BEN, Retract(CALL, reason))
    assert brief(event) == ("call.missed", ANN, BEN, why)


@pytest.mark.parametrize(
    ("reason", "why"),
    [(Reason("decline"), "declined"), (None, "declined"), (Reason("busy"), "busy")],
)
def test_the_callee_says_no(reason: Reason | None, why: str) -> None:
    event = told(BENS_PHONE, ANN, Reject(CALL, reason))
    assert brief(event) == ("call.missed", ANN, BEN, why)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason("success"), "hung-up"),
        (Reason("connectivity-error"), "connection-lost"),
        (Reason("security-error"), "failed"),
    ],
)
def test_who_had_answered_and_gives_up_before_it_connects(reason: Reason, why: str) -> None:
    """Our phone's farewell between proceed and session-initiate is a reject too."""
    assert brief(told(BENS_PHONE, ANN, Reject(CALL, reason))) == ("call.ended", why)


def test_when_both_dial_one_of_the_two_calls_is_replaced() -> None:
    """Ann's is taken back by her, or turned down by Ben, or both; the event is one."""
    back = told(ANNS_PHONE, BEN, Retract(CALL, TIE, tie_break=True))
    down = told(BENS_PHONE, ANN, Reject(CALL, TIE, tie_break=True))
    assert brief(back) == brief(down) == ("call.ended", "replaced")
    assert back == down


def test_a_call_that_goes_on_as_another_is_replaced() -> None:
    event = told(ANNS_PHONE, BEN, Finish(CALL, TIE, migrated_to="2"))
    assert brief(event) == ("call.ended", "replaced")


# --- what is none


@pytest.mark.parametrize(
    "said",
    [Propose(CALL, ("audio",)), Proceed(CALL), Accept(CALL), Reject(CALL), Retract(CALL)],
    ids=lambda said: type(said).__name__,
)
def test_a_word_to_ones_own_phones_is_no_call(said: Initiation) -> None:
    """So XEP-0353 before 0.4 told the other phones of a person, and clients still do."""
    assert told(ANNS_PHONE, ANN, said) is None


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        (ANN, "ben@other.example"),
        (ANN, "ben@sub.site.example"),
        (ANN, "site.example"),
        ("site.example", BEN),
        (ANN, ""),
        (ANN, "@site.example"),
        (ANN, "ben@"),
        (ANN, "ben@site.example@other.example"),
        (ANN, "ben@site example"),
        (ANN, "b" * 4000 + "@site.example"),
    ],
)
def test_no_call_leaves_its_site_or_comes_from_nobody(sender: str, to: str) -> None:
    assert told(sender, to, Propose(CALL, ("audio",))) is None


def test_an_address_in_capitals_is_the_same() -> None:
    plain, loud = (
        told(ANNS_PHONE, to, Propose(CALL, ("audio",))) for to in (BEN, "BEN@Site.Example")
    )
    assert plain == loud
    assert told(ANN, "Ann@Site.example/desk", Propose(CALL, ("audio",))) is None


MESSAGES = "xmlns='urn:xmpp:jingle-message:0'"
PROPOSE = f"<propose {MESSAGES} id='{CALL}'/>"


def test_the_plainest_proposal_is_one() -> None:
    assert brief(told(ANN, BEN, PROPOSE)) == ("call.started", ANN, BEN)


@pytest.mark.parametrize(
    "said",
    [
        f"<propose xmlns='jabber:client' id='{CALL}'/>",
        f"<propose xmlns='urn:xmpp:jingle-message:1' id='{CALL}'/>",
        f"<proposal {MESSAGES} id='{CALL}'/>",
        f"<propose {MESSAGES}/>",
        f"<propose {MESSAGES} id=''/>",
        f"<propose {MESSAGES} id='a b'/>",
        f"<propose {MESSAGES} id='&#9731;'/>",
        f"<propose {MESSAGES} id='{'a' * (MAX_CALL + 1)}'/>",
        f"<forwarded xmlns='urn:xmpp:forward:0'><message>{PROPOSE}</message></forwarded>",
        f"<sent xmlns='urn:xmpp:carbons:2'>{PROPOSE}</sent>",
        "<body xmlns='jabber:client'>hello</body>",
    ],
)
def test_what_only_looks_like_one_is_none(said: str) -> None:
    assert told(ANN, BEN, said) is None


@pytest.mark.parametrize("kind", ["error", "groupchat"])
def test_what_came_back_or_went_to_a_room_is_none(kind: str) -> None:
    assert noticed(ANN, BEN, message(PROPOSE, type=kind), NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        f"<message>{PROPOSE}",
        f"<message>{PROPOSE}{PROPOSE}</message>",
        f"<message xmlns='jabber:server'>{PROPOSE}</message>",
        f"<iq xmlns='jabber:client'>{PROPOSE}</iq>",
        f"<!DOCTYPE message><message>{PROPOSE}</message>",
        f"<!DOCTYPE m [<!ENTITY a 'aaaa'>]><message>{PROPOSE}&a;</message>",
        f"<!DOCTYPE m [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><message>&a;{PROPOSE}</message>",
        f"<?xml version='1.0'?><message>{PROPOSE}</message>",
        f"<message><!-- -->{PROPOSE}</message>",
        f"<message>{PROPOSE}&unknown;</message>",
        f"<message>{PROPOSE}{'a' * MAX_MESSAGE}</message>",
        "<a>" * 2000,
    ],
)
def test_hostile_text_is_none(text: str) -> None:
    assert noticed(ANN, BEN, text.encode(), NOW) is None


@pytest.mark.parametrize("coding", ["utf-16", "utf-32", "utf-7"])
def test_there_is_no_other_coding_to_hide_in(coding: str) -> None:
    text = f"<!DOCTYPE m [<!ENTITY a 'aaaa'>]><message>{PROPOSE}</message>"
    assert noticed(ANN, BEN, text.encode(coding), NOW) is None


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_whatever_comes_is_none(content: bytes) -> None:
    assert noticed(ANN, BEN, content, NOW) is None


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whoever_it_is_from_and_to_nothing_breaks(sender: str, to: str) -> None:
    event = noticed(sender, to, message(PROPOSE), NOW)
    assert event is None or sender.lower().partition("@")[2].startswith(event.site)


def test_what_a_message_says_of_its_sender_does_not_count() -> None:
    lie = message(PROPOSE, **{"from": "cy@site.example", "to": "dee@site.example"})
    assert brief(noticed(ANN, BEN, lie, NOW)) == ("call.started", ANN, BEN)


# --- what the site reads


def test_the_payload_of_a_missed_call() -> None:
    assert known(told(BENS_PHONE, ANN, Reject(CALL, Reason("busy")))).payload() == {
        "type": "call.missed",
        "timestamp": "2027-01-15T08:00:00.123Z",
        "data": {"call": CALL, "caller": ANN, "callee": BEN, "reason": "busy"},
    }


def test_the_payload_of_an_end_names_both_and_does_not_guess_who_called() -> None:
    assert known(told(BENS_PHONE, ANN, Finish(CALL))).payload() == {
        "type": "call.ended",
        "timestamp": "2027-01-15T08:00:00.123Z",
        "data": {"call": CALL, "people": [ANN, BEN], "reason": "hung-up"},
    }


def test_the_longest_card_fits_into_what_is_read() -> None:
    proposal = Propose(CALL, ("audio", "video"), bytes(32), card="a" * 4096)
    assert brief(told(ANNS_PHONE, BEN, proposal)) == ("call.started", ANN, BEN)
