"""A call that rings already and that a person agreed to answer, by a link, before this phone was
there: it is taken as soon as it rings here. Nothing else is."""

import asyncio
from collections.abc import Awaitable, Callable

from twocan.desk.board import Board
from twocan.desk.state import Invitation, PickedUp, Problem, Standing, Trouble
from twocan.states import CallView, State

COMES_WITHIN = 10.0
"""Seconds from being signed in. What a supernode kept comes in a moment, or never."""
KEPT_FOR = 1.0
"""Seconds after a supernode has told of all that came while nobody was here: what it kept for us in
another way comes as soon."""
SIGNS_IN_WITHIN = 20.0
"""Seconds from the person's word to being signed in: who calls does not wait for ever."""


class PickingUp:
    """``answer`` is given the call's id, and whether the person wants to be seen."""

    def __init__(self, board: Board, answer: Callable[[str, bool], None]) -> None:
        self._board, self._answer = board, answer
        self._wanted: PickedUp | None = None
        self._showing = False
        self._clock: asyncio.TimerHandle | None = None

    def begin(self, invitation: Invitation, showing: bool) -> None:
        """The person wants the call of this invitation, as soon as it rings."""
        assert invitation.answering is not None
        self.forget()
        name = invitation.peer_name
        self._wanted = wanted = PickedUp(invitation.answering, invitation.peer, name)
        self._showing = showing
        self._board.show(picked_up=wanted, problem=None, ended=None)
        self._wait(SIGNS_IN_WITHIN)

    def entered(self) -> None:
        """Somebody is signed in: it rings now, or it is over."""
        if self._wanted is None:
            return
        self._wait(COMES_WITHIN)
        view, wanted = self._board.view, self._wanted
        here = [call for call in view.calls if wanted.is_it(call.sid, call.peer)]
        if here:
            self._take(here[0])
        elif any(wanted.is_it(past.sid, past.peer) for past in view.past):
            self._give_up()

    async def until_caught_up(self, knew: Awaitable[bool]) -> None:
        """``knew``: once the supernode told of all that came, whether it could."""
        wanted = self._wanted
        if await knew and wanted is not None and self._wanted is wanted:
            self._wait(KEPT_FOR)

    @property
    def peer(self) -> str | None:
        """Who is to be answered, a bare address."""
        return self._wanted.peer if self._wanted is not None else None

    def is_from(self, peer: str) -> bool:
        """Whether ``peer`` is who is to be answered, and so may ring however often they called."""
        return self._wanted is not None and self._wanted.peer == peer

    def takes(self, view: CallView) -> bool:
        """Whether this is the call, and rings: then it is answered, and nobody is rung up."""
        wanted = self._wanted
        if wanted is None or not wanted.is_it(view.sid, view.peer):
            return False
        self._take(view)
        return view.state is State.INCOMING

    def saw(self, view: CallView) -> None:
        """The board shows how a call is. Of the one that was waited for, it shows no more."""
        if self._wanted is not None and self._wanted.is_it(view.sid, view.peer):
            if view.state is State.ENDED:
                self._board.show(picked_up=None, ended=view)
            self.forget()

    def forget(self) -> None:
        """Let it ring, if it does."""
        if self._clock is not None:
            self._clock.cancel()
        self._clock = self._wanted = None
        self._board.show(picked_up=None)

    def _take(self, view: CallView) -> None:
        # Once whoever told of it is done with it.
        if view.state is State.INCOMING:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._answer, view.sid, self._showing)

    def _wait(self, seconds: float) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._clock = asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self.forget()
        view = self._board.view
        if view.standing is Standing.ONLINE:
            self._board.show(problem=Problem(Trouble.CALL_OVER))
        elif view.problem is None:
            self._board.show(problem=Problem(Trouble.NO_NETWORK))
