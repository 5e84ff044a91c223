"""Sitting at a desk in a town in memory, and what can be seen from there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import MappingProxyType

from talking import Side
from town import NEIGHBOUR, Town, Watch
from twocan.desk.desk import Desk
from twocan.desk.state import DeskView, Standing, Trouble
from twocan.states import CallView, End, State

WITHIN = 30.0
LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=0123456789abcdef"


@asynccontextmanager
async def at_the_desk(town: Town) -> AsyncIterator[tuple[Desk, Watch]]:
    """The desk, open, and what it shows."""
    watch = Watch()
    async with asyncio.timeout(WITHIN):
        desk = await town.open_desk(watch)
        try:
            yield desk, watch
        finally:
            await desk.close()
            await town.close()


@asynccontextmanager
async def signed_in(town: Town | None = None) -> AsyncIterator[tuple[Town, Desk, Watch]]:
    """The same, and the town, once the person is signed in."""
    town = town or Town()
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        yield town, desk, watch


async def talks_with(desk: Desk, watch: Watch, neighbour: Side) -> str:
    """We call them, and they answer. The call's id."""
    address = neighbour.phone.address.partition("/")[0]
    desk.dial(address)
    (await neighbour.line(State.INCOMING)).answer()
    view = await watch.sees(
        lambda view: any(c.peer == address and c.state is State.ACTIVE for c in view.calls)
    )
    return next(call.sid for call in view.calls if call.peer == address)


def went_wrong(view: DeskView) -> Trouble | None:
    return view.problem.trouble if view.problem else None


def missed_call(sid: str) -> CallView:
    """A call of the neighbour's that nobody took."""
    return CallView(
        sid=sid,
        peer=NEIGHBOUR,
        outgoing=False,
        state=State.ENDED,
        end=End.NO_ANSWER,
        ended_by=None,
        held=False,
        held_by_peer=False,
        muted=False,
        muted_by_peer=False,
        verification=None,
        times=MappingProxyType({"started": 0.0, "ended": 20.0}),
    )
