"""Since when a phone was not there to hear of calls, and how that is remembered."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from pathlib import Path

import pytest
from slixmpp import JID

from sitting import at_the_desk, missed_call, signed_in
from town import ME, NEIGHBOUR, Session, Town
from twocan.account import Account
from twocan.desk.history import SAME_WITHIN, History
from twocan.desk.state import Standing
from twocan.messages import Proceed, Propose
from twocan.states import State
from twocan.xmpp import XmppSignalling
from twocan.xmpp.stanzas import CLIENT

ANN = "ann@site.example"


class Asked(Session):
    """A session that notes how far back it was to ask."""

    back: list[float | None]

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        self.back.append(seconds)
        return super().catch_up(seconds, peer)


class AskedTown(Town):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self.history = History(file)
        self.back: list[float | None] = []

    async def _enter(self, account: Account) -> Session:
        session = Asked(self._exchange(), f"{account.address}/desk")
        session.back = self.back
        return session


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


# --- The history --------------------------------------------------------------------------------


def test_a_history_knows_when_somebody_was_here(file: Path) -> None:
    history = History(file)
    assert history.was_here(ANN) is None
    history.here(ANN, 100.0)
    history.here(ANN, 200.5)
    history.clear()
    history.close()
    assert (history.was_here(ANN), history.was_here(ME)) == (200.5, None)
    history.close()


def test_a_history_of_an_earlier_program_learns_it(file: Path) -> None:
    history = History(file)
    history.name(ANN, "Demo Ann", "site.example")
    history.close()
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE here")
    db.close()
    history.here(ANN, 1.0)
    assert (history.was_here(ANN), history.names()) == (1.0, {ANN: "Demo Ann"})
    assert history.problem is None
    history.close()


def test_only_a_link_introduces_somebody_and_a_card_does_not_undo_it() -> None:
    history = History(None)
    history.name(ANN, "Demo Ann", "site.example")
    history.name(NEIGHBOUR, "Demo Neighbour")
    history.name(ANN, "Demo Ann the second")
    assert history.introduced() == {ANN}
    assert history.names() == {ANN: "Demo Ann the second", NEIGHBOUR: "Demo Neighbour"}
    history.close()


def test_a_call_that_rang_late_and_is_told_of_once_more_is_one() -> None:
    """The archive gives it with its whole age; when it rang here, it began for us."""
    history = History(None)
    missed = missed_call("a")
    history.write(missed, 1000.0, seen=False)
    history.write(missed, 1000.0 - 180.0, seen=False)
    assert len(history.recent()) == 1
    history.write(missed, 1000.0 + SAME_WITHIN + 1, seen=False)
    assert len(history.recent()) == 2
    history.close()


# --- The desk -----------------------------------------------------------------------------------


async def test_the_supernode_is_asked_from_when_the_person_was_here_last(file: Path) -> None:
    back: list[float | None] = []
    for _ in range(2):
        town = AskedTown(file)
        async with signed_in(town) as (_, desk, _watch):
            await desk._work.finish()
        back += town.back
    first, second = back
    assert first is None
    assert second is not None
    assert 0 <= second < 30


async def test_a_call_goes_before_the_calls_of_the_past(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twocan.desk.desk.CAUGHT_UP_AFTER", 3600.0)
    town = AskedTown(file)
    async with at_the_desk(town) as (desk, watch):
        town.move_in()
        desk.dial(NEIGHBOUR)
        await watch.call(State.RINGING)
        await asyncio.sleep(0.1)
        assert town.back == []


async def test_a_call_does_not_keep_the_calls_of_the_past_away(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twocan.desk.desk.CAUGHT_UP_AFTER", 0.1)
    town = AskedTown(file)
    async with at_the_desk(town) as (desk, watch):
        town.move_in()
        desk.dial(NEIGHBOUR)
        while not town.back:
            await asyncio.sleep(0.01)
        await watch.call(State.RINGING)


async def test_nobody_waits_for_it_who_leaves(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.desk.desk.CAUGHT_UP_AFTER", 3600.0)
    town = AskedTown(file)
    async with at_the_desk(town) as (desk, _watch):
        side = town.move_in()
        desk.dial(NEIGHBOUR)
        await side.line(State.INCOMING)
    assert town.back == []


async def test_what_was_cleared_is_not_asked_for_again(file: Path) -> None:
    async with signed_in(AskedTown(file)) as (_, desk, _watch):
        assert await desk._records.since_here(ME) is None
        desk.clear_history()
        await desk._work.finish()
        assert await desk._records.since_here(f"{ME}/desk") is not None


async def test_who_was_not_in_was_not_here(file: Path) -> None:
    async with signed_in(AskedTown(file)) as (_, desk, _watch):
        desk._board.show(standing=Standing.OFFLINE)
        desk.clear_history()
        await desk._work.finish()
        assert await desk._records.since_here(ME) is None
    history = History(file)
    assert history.was_here(ME) is None
    history.close()


# --- On the wire --------------------------------------------------------------------------------


async def test_a_new_session_says_again_that_we_are_in_a_call_and_a_stranger_hears_nothing() -> (
    None
):
    signalling = XmppSignalling(Account(ME, "made-up", is_token=True))
    signalling._stream.boundjid = JID(f"{ME}/phone")
    sent: list[tuple[str, str | None]] = []

    def send(stanza: object) -> None:
        xml = stanza.xml  # type: ignore[attr-defined]
        if xml.tag == "{jabber:client}presence":
            sent.append((xml.get("to", ""), xml.findtext(f"{{{CLIENT}}}show")))

    signalling._stream.send = send  # type: ignore[method-assign,assignment]
    signalling._fetch_servers = lambda: None  # type: ignore[method-assign]
    try:
        signalling._begin_session()
        signalling.engage(True)
        signalling.tell(ANN, Propose("a"))
        signalling.tell(f"{ANN}/phone", Proceed("b"))
        signalling._begin_session()
        signalling.engage(False)
    finally:
        signalling._stream.abort()
        await signalling.close()
    assert sent == [
        ("", None),
        ("", "dnd"),
        (ANN, None),
        (f"{ANN}/phone", None),
        ("", "dnd"),
        ("", None),
    ]
