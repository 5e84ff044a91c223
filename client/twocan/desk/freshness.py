"""Keeping an account's token fresh: it lasts for minutes, and a person stays for weeks.

A token is needed to sign in and to come back, not to stay. So it is renewed when one of these is
due and it is over, or refused; and once a day, for what renews it grows old as well.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from twocan.account import Account

log = logging.getLogger(__name__)

MARGIN = 60.0
"""Seconds before its end at which a token is renewed: to sign in takes its time."""
RENEWED_EVERY = 24 * 3600.0
LOOKS_EVERY = 3600.0
"""Seconds between two looks whether a day is over. A machine that sleeps stops the clock that
waiting is measured with."""

Renew = Callable[[Account | None], Awaitable[Account]]
Refresh = Callable[[Account], Awaitable[Account]]
"""Gives the account with a new token. Raises ``twocan.xmpp.SignInError``."""


async def at_its_site(account: Account) -> Account:
    """Ask the site itself. What that takes is loaded by the first who does."""
    from twocan.desk.refreshing import refresh

    return await refresh(account)


class Renewable(Protocol):
    """A session that comes back by itself after the network was away."""

    def renew_by(self, renew: Renew) -> None:
        """Ask for the account before coming back; for another one than that it is given, if its
        token was refused."""


S = TypeVar("S", bound=Renewable)


class Freshness:
    """One account's. ``renewed`` is told of every new token, and has to return at once. ``wall``:
    seconds since 1970."""

    def __init__(
        self,
        account: Account,
        renewed: Callable[[Account], None] = lambda account: None,
        *,
        refresh: Refresh = at_its_site,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.account = account
        """As it is now."""
        self._renewed, self._refresh, self._wall = renewed, refresh, wall
        self._renewed_at = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def enter(self, enter: Callable[[Account], Awaitable[S]]) -> S:
        """Sign in with a token that is good, whatever this computer's clock says. Raises
        ``twocan.xmpp.SignInError``."""
        from twocan.xmpp import Hindrance, SignInError

        before = self.account
        account = await self.good()
        try:
            session = await _entered(enter, account)
        except SignInError as error:
            refused = error.hindrance in (Hindrance.REFUSED, Hindrance.EXPIRED)
            if not refused or account.refresh is None or account is not before:
                raise
            session = await _entered(enter, await self.good(account))
        if self.account.refresh is not None:
            session.renew_by(self.good)
        return session

    async def good(self, instead_of: Account | None = None) -> Account:
        """The account with a token that can be signed in with, and with another one than
        ``instead_of`` has. Raises ``twocan.xmpp.SignInError``."""
        from twocan.xmpp import Hindrance, SignInError

        async with self._one_at_a_time:
            refused = instead_of is not None and instead_of.secret == self.account.secret
            if self.account.refresh is None or not (refused or self._lasts_less_than(MARGIN)):
                return self.account
            try:
                self._take(await self._refresh(self.account))
            except SignInError as error:
                over = error.hindrance is Hindrance.EXPIRED
                if over or refused or self._lasts_less_than(0):
                    raise
                log.info("the old token is used, which is good for a moment: %s", error)
            return self.account

    def take(self, account: Account) -> None:
        """The site gave this person an account anew."""
        self.account = account

    async def last(self) -> None:
        """Have what the token is renewed with never grow old. Until cancelled."""
        from twocan.xmpp import SignInError

        while self.account.refresh is not None:
            await asyncio.sleep(LOOKS_EVERY)
            if self._wall() - self._renewed_at < RENEWED_EVERY:
                continue
            try:
                await self.good(self.account)
            except SignInError as error:
                # Whoever is in stays in: the supernode ends what has to end.
                log.info("the token is not renewed: %s", error)

    def _take(self, account: Account) -> None:
        self.account, self._renewed_at = account, self._wall()
        self._renewed(account)

    def _lasts_less_than(self, seconds: float) -> bool:
        expires = self.account.expires
        return expires is not None and expires - self._wall() <= seconds


async def _entered(enter: Callable[[Account], Awaitable[S]], account: Account) -> S:
    """Sign in at the first server that is there. Raises ``twocan.xmpp.SignInError``."""
    from twocan.xmpp import Hindrance, SignInError

    for at in account.servers[:-1]:
        try:
            return await enter(replace(account, host=at.host, port=at.port))
        except SignInError as error:
            if error.hindrance is not Hindrance.UNREACHABLE:
                raise
            log.info("another server is tried: %s", error)
    last = account.servers[-1:]
    return await enter(replace(account, host=last[0].host, port=last[0].port) if last else account)
