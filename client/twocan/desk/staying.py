"""Staying signed in: an account is entered again and again until it is in, and leaves only when
the person, or the supernode, says so. A network that fails signs nobody out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from twocan.account import Account
from twocan.desk.freshness import Freshness, Refresh, Renewable, at_its_site
from twocan.desk.state import Problem, Standing, Trouble
from twocan.signalling import Reach, Signalling

if TYPE_CHECKING:
    from twocan.xmpp import SignInError

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds between two attempts: each wait is twice the one before it."""


class Session(Signalling, Renewable, Protocol):
    """A signed-in account that can be left."""

    async def close(self) -> None: ...


Enter = Callable[[Account], Awaitable[Session]]
"""Signs in. Raises ``twocan.xmpp.SignInError``."""


async def enter_by_xmpp(account: Account) -> Session:
    """Sign in to a real supernode. slixmpp is loaded by the first who does."""
    from twocan.xmpp import sign_in

    return await sign_in(account)


class Stay:
    """One account's stay at its supernode, from ``begin`` to ``end``.

    ``entered`` is given each session, of which there is one at a time; ``stands`` is told how it
    is; ``renewed`` is given the account with each new token. All have to return at once.
    ``refresh`` asks its site for one.
    """

    def __init__(
        self,
        account: Account,
        enter: Enter,
        entered: Callable[[Session], None],
        stands: Callable[[Standing, Problem | None], None],
        *,
        renewed: Callable[[Account], None] = lambda account: None,
        refresh: Refresh = at_its_site,
    ) -> None:
        self._fresh = Freshness(account, renewed, refresh=refresh)
        self._enter, self._entered, self._stands = enter, entered, stands
        self._session: Session | None = None
        self._trying: asyncio.Task[None] | None = None
        """Signs in, and then has what renews the token not grow old."""
        self._hurry = asyncio.Event()

    @property
    def account(self) -> Account:
        """Whose stay it is, with the newest that its site gave it."""
        return self._fresh.account

    @property
    def session(self) -> Session | None:
        """The session, once the account is in."""
        return self._session

    def begin(self) -> None:
        """Sign in, however long that takes."""
        self._stands(Standing.SIGNING_IN, None)
        self._trying = asyncio.create_task(self._try())

    def hurry(self) -> None:
        """Do not wait for the next attempt: the person is there."""
        self._hurry.set()

    def take(self, account: Account) -> None:
        """The site gave the same account anew: that is used from now on."""
        self._fresh.take(account)
        self.hurry()

    def reach_changed(self, reach: Reach) -> None:
        """The supernode went, came back, or threw us out."""
        match reach:
            case Reach.ONLINE:
                self._stands(Standing.ONLINE, None)
            case Reach.OFFLINE:
                self._stands(Standing.OFFLINE, Problem(Trouble.NO_NETWORK))
            case Reach.SIGNED_OUT:
                trouble = Trouble.EXPIRED if self.account.is_token else Trouble.WRONG_SECRET
                self._stands(Standing.REFUSED, Problem(trouble))

    async def end(self) -> None:
        """Sign out."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _try(self) -> None:
        from twocan.xmpp import Hindrance, SignInError

        wait = FIRST_WAIT
        while True:
            try:
                self._session = await self._fresh.enter(self._enter)
            except SignInError as error:
                problem = problem_of(error, self.account)
                if error.hindrance in (Hindrance.REFUSED, Hindrance.EXPIRED):
                    self._stands(Standing.REFUSED, problem)
                    return
                self._stands(Standing.OFFLINE, problem)
            else:
                self._entered(self._session)
                self._stands(Standing.ONLINE, None)
                break
            await self._pause(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        await self._fresh.last()

    async def _pause(self, seconds: float) -> None:
        self._hurry.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            log.debug("signing in again")


def problem_of(error: "SignInError", account: Account) -> Problem:
    """What a failed sign-in is to a person."""
    from twocan.xmpp import Hindrance

    match error.hindrance:
        case Hindrance.UNREACHABLE:
            trouble = Trouble.NO_NETWORK
        case Hindrance.UNTRUSTED:
            trouble = Trouble.NOT_SECURE
        case Hindrance.EXPIRED:
            trouble = Trouble.EXPIRED
        case Hindrance.REFUSED:
            # A token that is refused was good once: the site has a newer one.
            trouble = Trouble.EXPIRED if account.is_token else Trouble.WRONG_SECRET
    return Problem(trouble, str(error))
