"""A link answers a call that rings already: that call and no other, and nothing is left of it if
it does not come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from sitting import LINK, at_the_desk, went_wrong
from talking import Side
from town import ACCOUNT, ME, NEIGHBOUR, OTHER, SETTINGS, Session, Town, Watch, states
from twocan.account import Account
from twocan.desk.board import Board
from twocan.desk.desk import Desk
from twocan.desk.picking_up import COMES_WITHIN, KEPT_FOR, SIGNS_IN_WITHIN, PickingUp
from twocan.desk.redeeming import Launch
from twocan.desk.state import DeskView, Invitation, Outcome, Past, PickedUp, Standing, Trouble
from twocan.links import LaunchLink
from twocan.messages import Initiation, Jingle, Propose, Retract
from twocan.signalling import Extension, Reach
from twocan.states import End, State
from twocan.xmpp import Hindrance, SignInError
from virtual_time import in_virtual_time

SITE = "site.example"
TRUSTING = replace(SETTINGS, trusted_sites=(SITE,))


class Page:
    """A page in a browser: the person's only device, which has whatever calls them."""

    def __init__(self, extension: Extension) -> None:
        self.extension = extension
        self.heard_so_far: list[tuple[str, Initiation]] = []
        extension.attach(self)

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        self.heard_so_far.append((sender, message))

    def missed(self, sender: str, message: Propose, age: float) -> None:
        raise AssertionError

    def asked(self, sender: str, jingle: Jingle) -> None:
        raise AssertionError

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        raise AssertionError

    def reach_changed(self, reach: Reach) -> None:
        raise AssertionError


class Recalling(Session):
    """A session whose supernode has an archive of what the page has."""

    page: Page
    recalls = True

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        told.set_result(self.recalls)
        if self.recalls and self._listener is not None:
            taken_back = {said.sid for _, said in self.page.heard_so_far if is_retract(said)}
            for sender, said in self.page.heard_so_far:
                if isinstance(said, Propose) and said.sid in taken_back:
                    self._listener.missed(sender, said, 60.0)
                elif isinstance(said, Propose):
                    self._listener.heard(sender, said, 60.0)
        return told


def is_retract(said: Initiation) -> bool:
    return isinstance(said, Retract)


class Neighbourhood(Town):
    """A town in which the desk's person has a page open before they sign in."""

    def __init__(self, *, trusting: bool = False, recalls: bool = True) -> None:
        super().__init__(TRUSTING if trusting else SETTINGS, given=None)
        self.recalls = recalls
        self.page: Page | None = None
        self.redeem = self.asks

    def open_page(self) -> Page:
        self.page = Page(self._exchange().join(f"{ME}/page-1"))
        return self.page

    async def calls(self, side: Side) -> str:
        """The neighbour calls, and the page rings. The id of the call."""
        assert self.page is not None
        line = side.phone.dial(ME)
        while not any(said.sid == line.call.sid for _, said in self.page.heard_so_far):
            await asyncio.sleep(0)
        return line.call.sid

    async def asks(self, link: LaunchLink) -> Launch:
        """What a link is for: to answer the call of ``self.invitation``."""
        return Launch(ACCOUNT, self.invitation)

    def invite(self, sid: str, peer: str = NEIGHBOUR, *, showing: bool = False) -> None:
        self.invitation = Invitation(
            SITE, "Demo Me", peer, "Demo Ann", showing=showing, answering=sid
        )

    async def _enter(self, account: Account) -> Session:
        if self.hindrances:
            raise self.hindrances.pop(0)
        assert self.page is not None
        session = Recalling(self._exchange(), f"{account.address}/desk")
        session.page, session.recalls = self.page, self.recalls
        self.session = session
        return session


@asynccontextmanager
async def rung_at_the_page(
    town: Neighbourhood,
) -> AsyncIterator[tuple[Desk, Watch, Side, str]]:
    """Nobody is signed in at the desk, and a neighbour's call has been taken by the page."""
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.ready)
        town.open_page()
        side = town.move_in()
        sid = await town.calls(side)
        town.invite(sid)
        yield desk, watch, side, sid


async def asked(desk: Desk, watch: Watch) -> DeskView:
    desk.follow(LINK)
    return await watch.sees(lambda view: view.invitation)


# --- The desk -----------------------------------------------------------------------------------


async def test_who_agrees_is_signed_in_and_in_the_call_that_rings_already() -> None:
    async with rung_at_the_page(Neighbourhood()) as (desk, watch, side, sid):
        view = await asked(desk, watch)
        assert (view.standing, view.calls) == (Standing.NOBODY, ())
        desk.accept_invitation()
        assert watch.now.picked_up == PickedUp(sid, NEIGHBOUR, "Demo Ann")
        view = await watch.sees(lambda view: State.ACTIVE in states(view))
        assert [(call.sid, call.outgoing) for call in view.calls] == [(sid, False)]
        assert view.picked_up is None
        assert view.name(NEIGHBOUR) == "Demo Ann"
        await side.ear.hears(440.0)
        # It was never shown as one that rings.
        assert not any(State.INCOMING in states(view) for view in watch.views)


async def test_a_trusted_site_is_not_asked_about_and_the_camera_is_as_the_link_says() -> None:
    town = Neighbourhood(trusting=True)
    async with rung_at_the_page(town) as (desk, watch, _, sid):
        town.invite(sid, showing=True)
        desk.follow(LINK)
        view = await watch.sees(lambda view: State.ACTIVE in states(view))
        assert view.calls[0].showing
        assert not any(view.invitation for view in watch.views)


@pytest.mark.parametrize("other", ["sid", "peer"])
async def test_another_call_rings_as_any_does(other: str) -> None:
    town = Neighbourhood()
    async with rung_at_the_page(town) as (desk, watch, _, sid):
        town.invite("another" if other == "sid" else sid, OTHER if other == "peer" else NEIGHBOUR)
        await asked(desk, watch)
        desk.accept_invitation()
        view = await watch.sees(lambda view: State.INCOMING in states(view))
        assert view.picked_up is not None
        view = await watch.sees(lambda view: view.picked_up is None)
        assert went_wrong(view) is Trouble.CALL_OVER
        assert states(view) == [State.INCOMING]


async def test_a_call_that_was_given_up_is_shown_as_missed() -> None:
    town = Neighbourhood()
    async with rung_at_the_page(town) as (desk, watch, side, sid):
        await asked(desk, watch)
        for line in side.phone.lines:
            line.hang_up()
            await line.ended.wait()
        desk.accept_invitation()
        view = await watch.sees(lambda view: view.ended)
        assert view.ended is not None
        assert (view.ended.sid, view.ended.end) == (sid, End.NO_ANSWER)
        assert (view.picked_up, view.calls) == (None, ())
        view = await watch.sees(lambda view: view.past)
        assert [(past.sid, past.outcome) for past in view.past] == [(sid, Outcome.MISSED)]


async def test_a_call_that_nobody_knows_of_any_more_is_over() -> None:
    town = Neighbourhood()
    async with rung_at_the_page(town) as (desk, watch, _, _):
        assert town.page is not None
        town.page.heard_so_far.clear()
        await asked(desk, watch)
        desk.accept_invitation()
        view = await watch.sees(lambda view: went_wrong(view) is Trouble.CALL_OVER)
        assert (view.picked_up, view.calls, view.standing) == (None, (), Standing.ONLINE)


async def test_who_is_signed_in_already_answers_what_rings_here() -> None:
    town = Neighbourhood()
    async with rung_at_the_page(town) as (desk, watch, _, sid):
        await town_signs_in(desk, watch)
        await watch.sees(lambda view: State.INCOMING in states(view))
        await asked_while_it_rings(desk, watch)
        desk.accept_invitation(showing=True)
        view = await watch.sees(lambda view: State.ACTIVE in states(view))
        assert (view.calls[0].sid, view.calls[0].showing) == (sid, True)
        assert view.picked_up is None


async def town_signs_in(desk: Desk, watch: Watch) -> None:
    desk.sign_in(ME, "a made-up password")
    await watch.sees(lambda view: view.standing is Standing.ONLINE)


async def asked_while_it_rings(desk: Desk, watch: Watch) -> None:
    desk.follow(LINK)
    await watch.sees(lambda view: view.invitation)


async def test_what_was_answered_by_hand_is_not_asked_about_any_more() -> None:
    async with rung_at_the_page(Neighbourhood()) as (desk, watch, _, sid):
        await town_signs_in(desk, watch)
        await watch.sees(lambda view: State.INCOMING in states(view))
        await asked_while_it_rings(desk, watch)
        desk.answer(sid)
        await watch.sees(lambda view: State.ACTIVE in states(view) and view.invitation is None)


async def test_who_does_not_want_to_wait_lets_it_ring() -> None:
    town = Neighbourhood(recalls=False)
    async with rung_at_the_page(town) as (desk, watch, _, sid):
        await asked(desk, watch)
        desk.accept_invitation()
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        desk.refuse_invitation()
        assert watch.now.picked_up is None
        assert town.session is not None
        town.session.recalls = True  # type: ignore[attr-defined]
        await town.session.catch_up(None)
        assert await watch.call(State.INCOMING) == sid


async def test_who_is_not_let_in_does_not_wait() -> None:
    town = Neighbourhood()
    town.hindrances = [SignInError("refused", Hindrance.REFUSED)]
    async with rung_at_the_page(town) as (desk, watch, _, _):
        await asked(desk, watch)
        desk.accept_invitation()
        view = await watch.sees(
            lambda view: view.standing is Standing.REFUSED and view.picked_up is None
        )
        assert went_wrong(view) is Trouble.EXPIRED


async def test_who_called_too_often_is_still_who_is_answered() -> None:
    town = Neighbourhood()
    async with rung_at_the_page(town) as (desk, watch, _, sid):
        desk._porter.admits = lambda *_: False  # type: ignore[method-assign]
        await asked(desk, watch)
        desk.accept_invitation()
        assert await watch.call(State.ACTIVE) == sid


# --- Time ---------------------------------------------------------------------------------------


def waiting(view: DeskView | None = None) -> tuple[PickingUp, Board, list[str]]:
    board = Board(lambda _view: None, view or DeskView(standing=Standing.ONLINE))
    answered: list[str] = []
    up = PickingUp(board, lambda sid, _showing: answered.append(sid))
    up.begin(Invitation(SITE, "Demo Me", NEIGHBOUR, answering="a"), showing=False)
    return up, board, answered


def left(board: Board) -> tuple[PickedUp | None, Trouble | None]:
    return board.view.picked_up, went_wrong(board.view)


@in_virtual_time
async def test_it_is_waited_for_as_long_as_it_may_come_and_no_longer() -> None:
    up, board, answered = waiting()
    up.entered()
    await asyncio.sleep(COMES_WITHIN - 0.1)
    assert left(board) == (PickedUp("a", NEIGHBOUR), None)
    await asyncio.sleep(0.2)
    assert left(board) == (None, Trouble.CALL_OVER)
    assert answered == []


@in_virtual_time
async def test_without_a_network_it_is_not_said_to_be_over() -> None:
    _, board, _ = waiting(DeskView(standing=Standing.OFFLINE))
    await asyncio.sleep(SIGNS_IN_WITHIN + 0.1)
    assert board.view.picked_up is None
    assert went_wrong(board.view) is Trouble.NO_NETWORK


@in_virtual_time
async def test_once_all_that_came_was_told_there_is_little_to_wait_for() -> None:
    up, board, _ = waiting()
    up.entered()
    knew: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    knew.set_result(True)
    await up.until_caught_up(knew)
    await asyncio.sleep(KEPT_FOR + 0.1)
    assert went_wrong(board.view) is Trouble.CALL_OVER


@in_virtual_time
async def test_what_is_told_of_a_wait_that_was_given_up_ends_no_other() -> None:
    up, board, _ = waiting()
    knew: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    told = asyncio.ensure_future(up.until_caught_up(knew))
    await asyncio.sleep(0)
    up.begin(Invitation(SITE, "Demo Me", NEIGHBOUR, answering="b"), showing=False)
    knew.set_result(True)
    await told
    await asyncio.sleep(KEPT_FOR + 0.1)
    assert board.view.picked_up == PickedUp("b", NEIGHBOUR)
    up.forget()


@in_virtual_time
async def test_a_call_that_is_in_the_history_already_is_over() -> None:
    past = Past("a", NEIGHBOUR, False, Outcome.MISSED, 0.0)
    up, board, _ = waiting(DeskView(standing=Standing.ONLINE, past=(past,)))
    up.entered()
    assert board.view.picked_up is None
    assert went_wrong(board.view) is Trouble.CALL_OVER
