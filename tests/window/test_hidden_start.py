"""Waiting in the tray from the start, as after log-in: nothing is seen until somebody calls."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from house import House
from town import Town
from twocan.gui.window import Page
from twocan.states import State


@pytest.fixture
def waiting(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house whose window nobody has seen, with somebody signed in."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    house = House(qtbot, Town(), hidden=True)
    yield house.signed_in()
    house.leave()


def test_it_is_ready_for_calls_without_being_seen(waiting: House) -> None:
    assert not waiting.window.isVisible()
    assert len(waiting.town.entered) == 1


def test_a_call_has_the_window_seen_and_the_phone_is_the_same(waiting: House) -> None:
    neighbour = waiting.neighbour()
    waiting.calls_us(neighbour)
    waiting.turns_to(Page.INCOMING)
    waiting.waits(waiting.window.isVisible)
    waiting.clicks("Answer")
    waiting.turns_to(Page.IN_CALL)
    waiting.sees(lambda view: view.calls and view.calls[0].state is State.ACTIVE)
    waiting.hears(neighbour)
    # Being painted for the first time is no second beginning.
    assert len(waiting.town.entered) == 1
