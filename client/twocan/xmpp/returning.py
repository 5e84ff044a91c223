"""Coming back after a break: not at the same moment as everybody, and with a token that is good.

A token lasts for minutes and a stay for weeks, so the account is asked for anew beforehand, as
often as it takes. If the supernode refuses its token none the less, another one is asked for, once.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from twocan.account import Account
from twocan.xmpp.hindrance import Hindrance, SignInError

RETRIES_AT_MOST_EVERY = 15

Renew = Callable[[Account | None], Awaitable[Account]]
"""Gives the account with a token that is good, and with another one than it is given. Raises
``SignInError``."""


class Returning:
    """``connect``: again, with that account, None: with the one that there is. ``over``: the site
    has no more tokens for it."""

    def __init__(self, connect: Callable[[Account | None], None], over: Callable[[], None]) -> None:
        self._connect, self._over = connect, over
        self._renew: Renew | None = None
        self._refused: Account | None = None
        """As it was when its token was refused on coming back."""
        self._task: asyncio.Task[None] | None = None

    def renew_by(self, renew: Renew) -> None:
        self._renew = renew

    def begin(self, within: float) -> None:
        """Come back, for the first time within so many seconds."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._return(within))

    def came(self) -> None:
        self._refused = None

    def turned_away(self, account: Account) -> bool:
        """The token of this account was refused. Whether that is the end."""
        if self._renew is None or self._refused is not None:
            return True
        # It ended while we were away, whatever our clock says.
        self._refused = account
        return False

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _return(self, within: float) -> None:
        # A supernode that restarts was left by everybody at once.
        await asyncio.sleep(secrets.SystemRandom().uniform(0, within))
        account, wait = None, within
        while self._renew is not None and account is None:
            try:
                account = await self._renew(self._refused)
            except SignInError as error:
                if error.hindrance in (Hindrance.REFUSED, Hindrance.EXPIRED):
                    self._over()
                    return
                await asyncio.sleep(wait)
                wait = min(2 * wait, RETRIES_AT_MOST_EVERY)
        self._connect(account)
