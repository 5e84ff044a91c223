"""Calls that came while no phone was there, as the supernode's archive tells of them."""

import asyncio
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slixmpp import Iq
from slixmpp.exceptions import IqError, IqTimeout

from twocan.call import WAITS_AT_MOST
from twocan.initiation import initiation_element
from twocan.messages import (
    Accept,
    Finish,
    Initiation,
    Proceed,
    Propose,
    Reject,
    Retract,
    Ringing,
)
from twocan.xmpp.archive import MOST, Kept, Missed, Rings, Settled, fates, kept, query
from twocan.xmpp.catching_up import FARTHEST, MARGIN, CatchingUp
from twocan.xmpp.kept import FOLLOWED_WITHIN, KeptProposals
from virtual_time import in_virtual_time

ME, PAGE = "me@site.example/phone", "me@site.example/page-1"
MINE = "me@site.example"
ANN, BEN = "ann@site.example/phone", "ben@site.example/phone"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def ago(seconds: float, sender: str, message: Initiation, to: str = MINE) -> Kept:
    return Kept(sender, to, message, seconds)


def came_of(*told: Kept) -> list[tuple[str, str]]:
    """What becomes of the calls: a word and an id each."""
    said = []
    for fate in fates(told, ME):
        match fate:
            case Rings(proposal) | Missed(proposal, _):
                said.append((type(fate).__name__, proposal.message.sid))
            case Settled(end):
                said.append(("Settled", end.message.sid))
    return said


# --- What became of a proposal ------------------------------------------------------------------


def test_one_that_nobody_answered_or_took_back_rings() -> None:
    assert came_of(ago(100, ANN, Propose("a")), ago(99, PAGE, Ringing("a"), ANN)) == [
        ("Rings", "a")
    ]


@pytest.mark.parametrize("seconds", [WAITS_AT_MOST, 3600.0])
def test_one_that_is_too_old_was_missed(seconds: float) -> None:
    assert came_of(ago(seconds, ANN, Propose("a"))) == [("Missed", "a")]


def test_one_that_was_taken_back_was_missed() -> None:
    assert came_of(ago(9, ANN, Propose("a")), ago(5, ANN, Retract("a"))) == [("Missed", "a")]


@pytest.mark.parametrize("answer", [Proceed("a"), Reject("a"), Finish("a"), Accept("a")])
@pytest.mark.parametrize("to", [ANN, "ann@site.example"])
def test_one_that_another_device_of_ours_answered_is_settled(answer: Initiation, to: str) -> None:
    assert came_of(ago(9, ANN, Propose("a")), ago(5, PAGE, answer, to)) == [("Settled", "a")]


def test_one_that_came_to_a_call_which_ended_is_settled() -> None:
    assert came_of(ago(9, ANN, Propose("a")), ago(5, ANN, Finish("a"))) == [("Settled", "a")]


def test_each_call_has_its_own_fate_whoever_else_chose_its_id() -> None:
    assert came_of(
        ago(9, ANN, Propose("a")),
        ago(8, BEN, Propose("a")),
        ago(7, ANN, Propose("b")),
        ago(6, BEN, Retract("b")),
        ago(5, BEN, Retract("a")),
        ago(4, PAGE, Reject("b"), BEN),
    ) == [("Rings", "a"), ("Missed", "a"), ("Rings", "b")]


def test_what_we_proposed_ourselves_rings_nowhere() -> None:
    assert came_of(ago(9, PAGE, Propose("a"), ANN), ago(5, ANN, Reject("a"))) == []


def test_what_came_after_only_its_end_is_told_of_says_nothing() -> None:
    assert came_of(ago(9, ANN, Retract("a")), ago(8, PAGE, Ringing("a"), ANN)) == []


# --- What the archive says ----------------------------------------------------------------------


def result(
    message: Initiation | None = None,
    *,
    name: str = "q1",
    sender: str | None = MINE,
    stamp: str = "2026-01-02T03:04:00Z",
    kind: str = "chat",
) -> ET.Element:
    said = "" if message is None else ET.tostring(initiation_element(message), "unicode")
    whose = "" if sender is None else f"from='{sender}'"
    return ET.fromstring(  # noqa: S314 - a test's own
        f"<message xmlns='jabber:client' {whose} to='{ME}'>"
        f"<result xmlns='urn:xmpp:mam:2' queryid='{name}' id='7'>"
        f"<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='{stamp}'/>"
        f"<message xmlns='jabber:client' from='{ANN}' to='{MINE}' type='{kind}'>{said}</message>"
        "</forwarded></result></message>"
    )


def test_a_result_is_read() -> None:
    proposal = Propose("a", ("audio", "video"))
    expected = Kept(ANN, MINE, proposal, 5.0)
    assert kept(result(proposal), ME, "q1", NOW) == expected
    assert kept(result(proposal, sender=None), ME, "q1", NOW) == expected


@pytest.mark.parametrize(
    "strange",
    [
        result(Propose("a"), sender=ANN),
        result(Propose("a"), sender="site.example"),
        result(Propose("a"), name="q2"),
        result(Propose("a"), stamp="yesterday"),
        result(Propose("a"), kind="error"),
        result(),
        ET.Element("{jabber:client}message"),
        ET.fromstring("<message xmlns='jabber:client'><result xmlns='urn:xmpp:mam:2'/></message>"),  # noqa: S314
    ],
)
def test_what_is_no_result_of_ours_says_nothing(strange: ET.Element) -> None:
    assert kept(strange, ME, "q1", NOW) is None


def test_it_is_asked_for_the_end_of_what_there_is_and_no_more() -> None:
    said = ET.tostring(query("q1", NOW - timedelta(hours=24)), "unicode")
    assert "2026-01-01T03:04:05Z" in said
    assert f"max>{MOST}<" in said.replace("ns1:", "").replace("ns2:", "")
    assert "before" in said


@given(st.lists(st.sampled_from([ANN, BEN, PAGE, ME, MINE, ""]), max_size=8), st.data())
def test_whatever_an_archive_says_each_proposal_has_one_fate(
    senders: list[str], data: st.DataObject
) -> None:
    kinds = st.sampled_from([Propose, Ringing, Proceed, Accept, Reject, Retract, Finish])
    told = [
        Kept(sender, data.draw(st.sampled_from([ANN, MINE, ""])), data.draw(kinds)("a"), age)
        for age, sender in zip((0.0, 1.0, math.inf, 500.0) * 2, senders, strict=False)
    ]
    proposed = {each.sender.partition("/")[0] for each in told if _is_proposal_of_others(each)}
    assert len(list(fates(told, ME))) == len(proposed)


def _is_proposal_of_others(each: Kept) -> bool:
    return isinstance(each.message, Propose) and each.sender.partition("/")[0] != MINE


# --- Asking -------------------------------------------------------------------------------------


class Wire:
    """As much of a stream as asking takes. ``answers``: what becomes of each request."""

    def __init__(self, answers: Callable[["Wire"], Exception | None]) -> None:
        self.answers = answers
        self.asked: list[ET.Element] = []
        self.take: Callable[[Any], None] = lambda _stanza: None
        self.boundjid = type("Jid", (), {"full": ME})

    def register_handler(self, handler: Any) -> None:
        self.take = handler._pointer

    def make_iq_set(self) -> Any:
        wire = self

        class Question:
            xml = ET.Element("iq")

            def send(self, timeout: float) -> "asyncio.Future[Iq]":
                wire.asked.append(self.xml[0])
                return asyncio.ensure_future(wire.answer())

        return Question()

    async def answer(self) -> Any:
        if error := self.answers(self):
            raise error

    def tells(self, *messages: Initiation, stamp: datetime | None = None) -> None:
        when = (stamp or datetime.now(UTC)).isoformat()
        name = self.asked[-1].get("queryid", "")
        for message in messages:
            stanza = result(message, name=name, stamp=when)
            self.take(type("Stanza", (), {"xml": stanza}))

    @property
    def back(self) -> float:
        """Seconds back of which was asked last."""
        start = next(e.text for e in self.asked[-1].iter() if (e.text or "").startswith("20"))
        return (datetime.now(UTC) - datetime.fromisoformat(start or "")).total_seconds()


Heard = list[tuple[str, str]]


def catching_up(answers: Callable[[Wire], Exception | None]) -> tuple[Wire, CatchingUp, Heard]:
    wire, heard = Wire(answers), list[tuple[str, str]]()
    asking = CatchingUp(
        wire,  # type: ignore[arg-type]
        lambda _sender, said, _age: heard.append((type(said).__name__, said.sid)),
        lambda _sender, said, _age: heard.append(("missed", said.sid)),
    )
    return wire, asking, heard


@in_virtual_time
async def test_all_that_came_is_told_once_it_was_all() -> None:
    def answers(wire: Wire) -> None:
        wire.tells(Propose("a"), Propose("b"), Retract("b"))
        assert heard == []

    wire, asking, heard = catching_up(answers)
    assert await asking.begin(None)
    assert heard == [("Propose", "a"), ("missed", "b"), ("Retract", "b")]
    assert wire.back == pytest.approx(FARTHEST, abs=5)


@pytest.mark.parametrize(
    "error",
    [IqError(Iq()), IqTimeout(Iq())],
    ids=["no archive", "no answer"],
)
def test_a_supernode_that_does_not_tell_does_no_harm(error: Exception) -> None:
    @in_virtual_time
    async def asked() -> None:
        def answers(wire: Wire) -> Exception:
            wire.tells(Propose("a"))
            return error

        wire, asking, heard = catching_up(answers)
        assert not await asking.begin(5.0)
        wire.tells(Propose("b"))
        assert heard == []
        assert wire.back == pytest.approx(5.0 + MARGIN, abs=5)

    asked()


@in_virtual_time
async def test_more_than_was_asked_for_is_not_taken() -> None:
    def answers(wire: Wire) -> None:
        wire.tells(*(Propose(f"{number}") for number in range(MOST + 10)))

    _, asking, heard = catching_up(answers)
    assert await asking.begin(None)
    assert len(heard) == MOST


@in_virtual_time
async def test_it_is_asked_again_after_a_break_only_in_a_new_session_and_if_it_was_wanted() -> None:
    wire, asking, _ = catching_up(lambda _wire: None)
    asking.away()
    asking.back(anew=True)
    assert wire.asked == []
    assert await asking.begin(None)
    for anew in (False, True, True):
        asking.away()
        asking.back(anew=anew)
        asking.back(anew=True)
    assert len(wire.asked) == 3
    assert wire.back < MARGIN + 5
    await asyncio.sleep(0.1)


# --- What a supernode kept in another way -------------------------------------------------------


@in_virtual_time
async def test_what_was_taken_back_before_we_came_is_missed_and_as_old_as_it_is() -> None:
    said: list[tuple[str, float]] = []
    proposals = KeptProposals(
        lambda _sender, message, age: said.append((type(message).__name__, age)),
        lambda _sender, _message, age: said.append(("missed", age)),
    )
    proposals.take(ANN, Propose("a"), 100.0)
    proposals.take(ANN, Retract("a"), 60.0)
    proposals.take(BEN, Propose("a"), 100.0)
    await asyncio.sleep(FOLLOWED_WITHIN)
    assert said == [("missed", 100.0), ("Retract", 60.0), ("Propose", 100.0 + FOLLOWED_WITHIN)]
