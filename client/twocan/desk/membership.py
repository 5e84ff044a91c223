"""Who is signed in, of the accounts that this desk knows; one at a time."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from twocan import address as addresses
from twocan.account import Account, AccountError
from twocan.desk.accounts import Accounts
from twocan.desk.board import Board
from twocan.desk.state import Known, Problem, Standing, Trouble
from twocan.desk.staying import Enter, Session, Stay
from twocan.desk.work import Aside, Work

_PORT = re.compile(r":[0-9]+$")

Entered = Callable[[Session, Stay], None]


class Membership:
    """``entered`` is given each session, ``put_down`` is awaited before one ends, ``chosen`` is
    told which kept account is in use."""

    def __init__(
        self,
        board: Board,
        work: Work,
        find: Callable[[], Accounts],
        enter: Enter,
        *,
        entered: Entered,
        put_down: Callable[[], Awaitable[None]],
        chosen: Callable[[str | None], None],
    ) -> None:
        self._board, self._work, self._find, self._enter = board, work, find, enter
        self._entered, self._put_down, self._chosen = entered, put_down, chosen
        self._accounts = Accounts(None)
        self._stay: Stay | None = None
        self._switching = asyncio.Lock()
        self._found, self._opened = asyncio.Event(), asyncio.Event()
        self._asked: object = None
        """Which kept account was asked for last, while its secret is waited for."""
        self._closing = False
        self._aside = Aside("accounts")

    async def open(self, given: Account | None, last: str | None) -> None:
        """Sign in whom the program was ``given``, or else the account that was in use ``last``."""
        try:
            await self._open(given, last)
        finally:
            self._opened.set()

    async def _open(self, given: Account | None, last: str | None) -> None:
        if given is not None:
            await self._sign_in(given, Known(given.address), lasting=False)
        self._accounts = await self._aside.do(self._find)
        if self._closing:
            return
        # What is there may have to be unlocked first.
        self._board.show(stores=self._accounts.stores)
        self._board.show(accounts=await self._aside.do(self._accounts.list))
        self._found.set()
        if self._stay is None and last is not None:
            await self.use(last)

    async def leave(self) -> None:
        """Sign out for good, and wait for no keyring any longer."""
        self._closing = True
        self._accounts.close()
        self._found.set()
        await self._sign_off()

    def close(self) -> None:
        """Once nothing is at work any more."""
        self._aside.close()

    async def hurry(self) -> bool:
        """Do not wait for the next attempt to sign in. Whether anybody is to be signed in."""
        if self._stay is None:
            await self._opened.wait()
        if self._stay is None or self._board.view.standing is Standing.REFUSED:
            return False
        self._stay.hurry()
        return True

    async def enter(self, account: Account) -> None:
        """Sign in what a person typed, and keep it once it proved right."""
        await self._sign_in(account, Known(account.address), unproven=True)

    async def use(self, address: str) -> None:
        """Sign in as an account that is kept."""
        known = next((k for k in self._board.view.accounts if k.address == address), None)
        if known is not None:
            self._asked = asked = object()
            if self._stay is None:
                self._board.show(standing=Standing.SIGNING_IN, account=known, problem=None)
            try:
                account = await self._aside.do(lambda: self._accounts.load(address))
            except AccountError as error:
                if self._asked is asked:
                    self._cannot_use(Problem(Trouble.SECRET_LOST, str(error)))
                return
            # A keyring may have taken a minute, in which a link brought somebody else.
            if self._asked is asked:
                await self._sign_in(account, known)
                self._chosen(address)

    def is_of_another(self, address: str, site: str) -> bool:
        """Whether this account is kept, and it was not a link of ``site`` that brought it: any site
        can name any address, and would put its own word in the place of what is kept."""
        known = (known for known in self._board.view.accounts if known.address == address)
        kept = (each for each in known if each.site or each.stored)
        return any(_host(each.site) != _host(site) for each in kept)

    async def admit(self, account: Account, site: str, name: str) -> None:
        """Sign in the account that a site gave, unless it is in already, and keep it."""
        in_use = self._board.view.account
        here = self._board.view.standing in (Standing.ONLINE, Standing.OFFLINE)
        if not here or in_use is None or in_use.address != account.address:
            await self._sign_in(account, Known(account.address, site, name))
        elif self._stay is not None:
            self._stay.take(account)
        # A keyring may have to be unlocked first; nobody waits for that to call.
        self._work.begin(self._keep(account, site=site, name=name))

    async def forget(self, address: str) -> None:
        """Sign this account out, if it is in, and keep it no longer."""
        in_use = self._board.view.account
        if in_use is not None and in_use.address == address:
            self._asked = None
            async with self._switching:
                await self._sign_off()
            self._board.show(account=None, standing=Standing.NOBODY, problem=None, entering=False)
            self._chosen(None)
        await self._aside.do(lambda: self._accounts.forget(address))
        self._board.show(accounts=await self._aside.do(self._accounts.list))

    def _cannot_use(self, problem: Problem) -> None:
        # Whoever is signed in stays so.
        if self._stay is None:
            self._board.show(standing=Standing.NOBODY, problem=problem)
        else:
            self._board.show(problem=problem)

    async def _sign_in(
        self, account: Account, known: Known, *, unproven: bool = False, lasting: bool = True
    ) -> None:
        self._asked = None
        async with self._switching:
            await self._sign_off()
            if self._closing:
                return
            self._board.show(account=known, problem=None, entering=unproven)

            def entered(session: Session) -> None:
                self._entered(session, stay)
                self._board.show(entering=False)
                if unproven:
                    self._work.begin(self._keep(account))

            def renewed(account: Account) -> None:
                if lasting:
                    self._work.begin(self._renew(account))

            self._stay = stay = Stay(account, self._enter, entered, self._stands, renewed=renewed)
            stay.begin()

    async def _keep(
        self, account: Account, *, site: str | None = None, name: str | None = None
    ) -> None:
        await self._found.wait()
        if site is not None and self.is_of_another(account.address, site):
            # Nobody knew when it was signed in: the keyring was locked.
            return
        known = await self._aside.do(lambda: self._accounts.keep(account, site=site, name=name))
        accounts = await self._aside.do(self._accounts.list)
        in_use = self._board.view.account
        if in_use is not None and in_use.address == known.address:
            self._board.show(accounts=accounts, account=known)
            self._chosen(known.address)
        else:
            self._board.show(accounts=accounts)

    async def _renew(self, account: Account) -> None:
        await self._found.wait()
        await self._aside.do(lambda: self._accounts.renew(account))

    async def _sign_off(self) -> None:
        await self._put_down()
        if self._stay is not None:
            stay, self._stay = self._stay, None
            await stay.end()

    def _stands(self, standing: Standing, problem: Problem | None) -> None:
        if not self._closing:
            self._board.show(standing=standing, problem=problem)


def _host(site: str | None) -> str | None:
    # Whoever has another port there is as much the host; one that is tried out has a new one daily.
    return site and _PORT.sub("", site)


def typed(address: str, password: str, host: str | None, port: int | None) -> Account:
    """An account as a person types it. Raises ValueError."""
    whole = addresses.bare(addresses.check(address.strip()))
    return Account(whole, password, is_token=False, host=host or None, port=port)
