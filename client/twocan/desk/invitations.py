"""Links that ask for a call, or to answer one: opened at their site, and put to the person unless
the site is trusted."""

import asyncio
from collections.abc import Awaitable, Callable

from twocan.desk.board import Board
from twocan.desk.redeeming import Launch, RedeemError
from twocan.desk.state import Problem, Trouble
from twocan.desk.work import Work
from twocan.links import LaunchLink, LinkError, parse
from twocan.states import CallView, State

Redeem = Callable[[LaunchLink], Awaitable[Launch]]


class Invitations:
    """``accept`` is given what the person, or their trust, agreed to, and whether with pictures."""

    def __init__(
        self, board: Board, work: Work, redeem: Redeem, accept: Callable[[Launch, bool], None]
    ) -> None:
        self._board, self._work, self._redeem, self._accept = board, work, redeem, accept
        self._link: LaunchLink | None = None
        """The one that is being opened, or asked about."""
        self._launch: Launch | None = None
        self._opening: asyncio.Task[None] | None = None
        self._agreed: tuple[LaunchLink, str] | None = None
        """The one that was agreed to last, and with whom its call is, until that is over."""

    def follow(self, text: str) -> None:
        """Open a link. One that was opened before, and not answered, is forgotten.

        The same link may come again: buttons try once more where a phone takes its time to start.
        Its code is good once, so that to ask the site again would lose the call.
        """
        try:
            link = parse(text)
        except LinkError as error:
            self.forget()
            self._board.trouble(Trouble.BAD_LINK, str(error))
            return
        if link == self._link or self._is_under_way(link):
            return
        self.forget()
        self._link, self._agreed = link, None
        self._board.show(opening_link=True, problem=None, ended=None)
        self._opening = self._work.begin(self._open(link))

    def accept(self, showing: bool) -> None:
        """The person agreed."""
        launch, link = self._launch, self._link
        self.forget()
        if launch is not None and link is not None:
            self._agreed = (link, launch.invitation.peer)
            self._accept(launch, showing)

    def forget(self) -> None:
        """Neither wait for a site nor for the person any longer."""
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self._launch = self._link = None
        self._board.show(invitation=None, opening_link=False)

    def saw(self, call: CallView) -> None:
        """How a call is. One that was taken, or is over, is not asked about any more."""
        if call.state is State.ENDED and self._agreed is not None and call.peer == self._agreed[1]:
            self._agreed = None
        asked = self._board.view.invitation
        is_it = asked is not None and (asked.answering, asked.peer) == (call.sid, call.peer)
        if is_it and call.state is not State.INCOMING:
            self.forget()

    def _is_under_way(self, link: LaunchLink) -> bool:
        """Whether this link's call is being made, or is up, and nothing is amiss."""
        agreed = self._agreed is not None and link == self._agreed[0]
        return agreed and self._board.view.problem is None

    async def _open(self, link: LaunchLink) -> None:
        try:
            launch = await self._redeem(link)
        except RedeemError as error:
            self._link = None
            self._board.show(opening_link=False, problem=Problem(error.trouble, str(error)))
            return
        except Exception:
            # Nobody waits for what is broken.
            self._link = None
            self._board.show(opening_link=False, problem=Problem(Trouble.OTHER))
            raise
        self._opening, self._launch = None, launch
        if link.site in self._board.view.settings.trusted_sites:
            self.accept(launch.invitation.showing)
        else:
            self._board.show(opening_link=False, invitation=launch.invitation)
