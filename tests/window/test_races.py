"""What happens at the same moment on both sides of the window: none of it leads astray.

Whatever was pressed was meant for what was seen; who loses a race is told how it ended, and
nothing is left of a call that is over.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QListView

from house import CONTROL, House
from town import ME, NEIGHBOUR, OTHER, Session, Town
from twocan.desk.state import Outcome, Standing
from twocan.gui.in_call import InCallView
from twocan.gui.in_call.second_call import KnockingCall
from twocan.gui.window import Page
from twocan.phone import Line
from twocan.signalling import Reach
from twocan.states import End, State

Key = Qt.Key
Live = Callable[[Town], House]


# --- They give up as we answer ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Answer", "With camera", "Decline"])
def test_they_give_up_between_press_and_release(house: House, name: str) -> None:
    neighbour = house.neighbour()
    line = house.calls_us(neighbour, showing=True)
    house.turns_to(Page.INCOMING)
    button = house.button(name)
    house.presses_down(button)
    house.hangs_up(neighbour)
    house.turns_to(Page.IDLE)
    house.lets_go(button)
    house.settles()
    assert house.ended(line).end is End.CANCELLED
    assert house.sees(lambda view: view.past).past[0].outcome is Outcome.MISSED
    house.turns_to(Page.IDLE)
    assert house.view.calls == ()


def test_another_call_rings_in_its_place_between_press_and_release(house: House) -> None:
    first, second = house.neighbour(), house.neighbour(OTHER)
    house.calls_us(first)
    house.turns_to(Page.INCOMING)
    house.calls_us(second)
    house.sees(lambda view: len(view.calls) == 2)
    button = house.button("Answer")
    house.presses_down(button)
    house.hangs_up(first)
    house.sees(lambda view: [call.peer for call in view.calls] == [OTHER])
    house.lets_go(button)
    house.settles()
    assert house.call.state is State.INCOMING
    house.clicks("Answer")
    house.turns_to(Page.IN_CALL)
    assert house.call.peer == OTHER


def test_the_second_call_is_gone_between_press_and_release(house: House) -> None:
    first, second = house.neighbour(), house.neighbour(OTHER)
    house.talks_with(first)
    house.calls_us(second)
    house.part(KnockingCall)
    button = house.button("Answer")
    house.presses_down(button)
    house.hangs_up(second)
    house.waits(lambda: not house.parts(KnockingCall))
    house.lets_go(button)
    house.settles()
    assert (house.call.peer, house.call.held) == (NEIGHBOUR, False)
    house.hears(first)


def test_we_answer_and_they_give_up_at_once(house: House) -> None:
    neighbour = house.neighbour()
    line = house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.town.delay(0.05)
    house.key(Key.Key_Space)
    house.hangs_up(neighbour)
    assert house.ended(line).end in (End.CANCELLED, End.HUNG_UP)
    house.sees(lambda view: not view.calls)
    assert house.window.page in (Page.IDLE, Page.ENDED)


# --- Both at once -------------------------------------------------------------------------------


def test_both_call_each_other_at_once_and_talk(house: House) -> None:
    neighbour = house.neighbour()
    house.types(NEIGHBOUR)
    # Long enough that neither has heard of the other's call, however busy the machine is.
    house.town.delay(0.6)
    house.key(Key.Key_Return)

    async def dial() -> None:
        neighbour.phone.dial(ME)

    house.beside(dial)
    house.town.delay(0.0)
    house.turns_to(Page.IN_CALL)
    house.hears(neighbour)
    assert house.view.ended is None


def test_both_hang_up_at_once(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.town.delay(0.05)
    house.key(Key.Key_D, CONTROL)
    house.hangs_up(neighbour)
    house.turns_to(Page.ENDED)
    assert house.ended_call.end is End.HUNG_UP


def test_who_hangs_up_twice_ends_one_call_and_not_the_next_page(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_D, CONTROL)
    house.key(Key.Key_D, CONTROL)
    house.turns_to(Page.ENDED)
    house.key(Key.Key_D, CONTROL)
    house.settles()
    assert house.window.page is Page.ENDED


def test_a_double_click_on_a_call_of_the_past_calls_once(house: House) -> None:
    neighbour = house.neighbour()
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.key(Key.Key_Escape)
    house.turns_to(Page.IDLE)
    house.sees(lambda view: view.past)
    rows = house.part(QListView)
    place = rows.visualRect(rows.model().index(0, 0)).center()
    for _ in range(2):
        house.presses_down(rows.viewport(), place)
        house.lets_go(rows.viewport(), place)
    house.turns_to(Page.CALLING)
    house.rings_at(neighbour)
    house.settles()
    assert len(house.view.calls) == 1


def test_they_show_pictures_as_we_hang_up(house: House) -> None:
    neighbour = house.neighbour()
    line = house.talks_with(neighbour)
    house.town.delay(0.05)

    async def show() -> None:
        line.show(on=True)

    house.beside(show)
    house.key(Key.Key_V)
    house.key(Key.Key_D, CONTROL)
    house.turns_to(Page.ENDED)
    house.ended(line)
    house.waits(lambda: house.bridge.far.picture() is None and house.bridge.near.picture() is None)


# --- The end of it all --------------------------------------------------------------------------


def rung(house: House) -> Line:
    line = house.calls_us(house.neighbour())
    house.turns_to(Page.INCOMING)
    return line


def dialled(house: House) -> Line:
    neighbour = house.neighbour()
    house.types(NEIGHBOUR)
    house.key(Key.Key_Return)
    return house.rings_at(neighbour)


def connecting(house: House) -> Line:
    line = rung(house)
    house.town.delay(0.6)
    house.key(Key.Key_Space)
    house.turns_to(Page.CALLING)
    return line


def talked(house: House) -> Line:
    return house.talks_with(house.neighbour())


def seen(house: House) -> Line:
    neighbour = house.neighbour()
    line = house.talks_with(neighbour, showing=True)
    house.key(Key.Key_V)
    house.waits(lambda: house.part(InCallView).picture.isVisible())
    house.beside(lambda: neighbour.eye.sees())
    return line


SITUATIONS = [rung, dialled, connecting, talked, seen]


@pytest.mark.parametrize("begun", SITUATIONS)
def test_quitting_ends_the_call_for_both_and_leaves_nothing(
    house: House, begun: Callable[[House], Line]
) -> None:
    line = begun(house)
    # What is left of threads, sockets and processes is looked at after each test.
    QTimer.singleShot(0, house.face, lambda: house.key(Key.Key_Q, CONTROL))
    assert house.application.exec() == 0
    assert not house.window.isVisible()
    house.leave()
    assert line.call.state is State.ENDED
    assert line.call.view().ended_by == "them"


@pytest.mark.parametrize("begun", SITUATIONS)
def test_signing_out_ends_the_call_and_all_is_as_at_first(
    house: House, begun: Callable[[House], Line]
) -> None:
    line = begun(house)
    house.bridge.do(lambda desk: desk.sign_out(ME))
    house.sees(lambda view: view.standing is Standing.NOBODY and not view.calls)
    assert house.ended(line).ended_by == "them"
    house.waits(lambda: house.bridge.far.picture() is None)


def test_a_session_that_is_over_ends_what_rings_and_not_what_is_talked(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    session = house.town.session
    assert session is not None

    async def lose(session: Session, reach: Reach) -> None:
        session.reached(reach)

    house.beside(lambda: lose(session, Reach.OFFLINE))
    house.sees(lambda view: view.standing is Standing.OFFLINE)
    house.turns_to(Page.IN_CALL)
    house.hears(neighbour)
    house.beside(lambda: lose(session, Reach.ONLINE))
    house.sees(lambda view: view.standing is Standing.ONLINE)
    house.turns_to(Page.IN_CALL)
