"""Staying signed in with tokens that last for minutes, at a site and a supernode of a few lines."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from twocan.account import Account, Refresh, Server
from twocan.desk import freshness
from twocan.desk.freshness import Freshness, Renew
from twocan.desk.state import Problem, Standing, Trouble
from twocan.desk.staying import Session, Stay
from twocan.signalling import Exchange, Extension, Reach
from twocan.xmpp import Hindrance, SignInError

NOW = 1_700_000_000.0
ME = Account(
    "x7f@site.example",
    "token 0",
    is_token=True,
    expires=NOW + 600,
    refresh=Refresh("https://site.example/refresh", "refresh 0", "{}"),
)
OVER = replace(ME, expires=NOW - 1)
AWAY = SignInError("cannot be reached")
REFUSED = SignInError("refused", Hindrance.REFUSED)
DELETED = SignInError("over", Hindrance.EXPIRED)


class Visit(Extension):
    """A session that keeps what it would come back by."""

    def __init__(self, account: Account) -> None:
        super().__init__(Exchange(asyncio.get_running_loop().call_later), account.address)
        self.renew: Renew | None = None
        self.closed = False

    def renew_by(self, renew: Renew) -> None:
        self.renew = renew

    async def close(self) -> None:
        self.closed = True


class World:
    """A supernode and a site. ``refuses`` and ``silent``: what they fail with, one after the
    other."""

    def __init__(self, *, refuses: list[SignInError] | None = None) -> None:
        self.now = NOW
        self.refuses = refuses or []
        self.silent: list[SignInError] = []
        self.said: list[str] = []
        self.visits: list[Visit] = []
        self.renewed: list[str] = []
        self.stood: asyncio.Queue[tuple[Standing, Problem | None]] = asyncio.Queue()

    async def enter(self, account: Account) -> Session:
        self.said.append(f"enter with {account.secret}")
        if self.refuses:
            raise self.refuses.pop(0)
        self.visits.append(Visit(account))
        return self.visits[-1]

    async def refresh(self, account: Account) -> Account:
        assert account.refresh is not None
        self.said.append(f"refresh with {account.refresh.token}")
        await asyncio.sleep(0)
        if self.silent:
            raise self.silent.pop(0)
        number = int(account.secret.split()[1]) + 1
        known = replace(account.refresh, token=f"refresh {number}")
        return replace(
            account, secret=f"token {number}", refresh=known, expires=self.now + 600, card="new"
        )

    def freshness(self, account: Account) -> Freshness:
        return Freshness(
            account,
            lambda account: self.renewed.append(account.secret),
            refresh=self.refresh,
            wall=lambda: self.now,
        )

    @asynccontextmanager
    async def staying(self, account: Account) -> AsyncIterator[Stay]:
        stay = Stay(
            account,
            self.enter,
            lambda session: None,
            lambda standing, problem: self.stood.put_nowait((standing, problem)),
            renewed=lambda account: self.renewed.append(account.secret),
            refresh=self.refresh,
        )
        stay.begin()
        try:
            yield stay
        finally:
            await stay.end()

    async def until(self, standing: Standing) -> Problem | None:
        while True:
            async with asyncio.timeout(40):
                now, problem = await self.stood.get()
            if now is standing:
                return problem


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.desk.staying.FIRST_WAIT", 0.01)


# --- To sign in ---------------------------------------------------------------------------------


async def test_a_token_that_is_good_is_used() -> None:
    world = World()
    await world.freshness(ME).enter(world.enter)
    assert world.said == ["enter with token 0"]


@pytest.mark.parametrize("left", [-1000, 0, 59, 60])
async def test_a_token_that_is_over_or_nearly_so_is_renewed_first(left: float) -> None:
    world = World()
    await world.freshness(replace(ME, expires=NOW + left)).enter(world.enter)
    assert world.said == ["refresh with refresh 0", "enter with token 1"]
    assert world.renewed == ["token 1"]


async def test_an_account_without_refresh_is_what_it_is() -> None:
    world = World()
    for account in (replace(OVER, refresh=None), replace(ME, refresh=None, expires=None)):
        await world.freshness(account).enter(world.enter)
    assert world.said == ["enter with token 0"] * 2
    assert [visit.renew for visit in world.visits] == [None, None]


async def test_a_token_that_is_refused_is_renewed_once() -> None:
    world = World(refuses=[REFUSED])
    await world.freshness(ME).enter(world.enter)
    assert world.said == ["enter with token 0", "refresh with refresh 0", "enter with token 1"]


@pytest.mark.parametrize(("account", "before"), [(ME, ["enter with token 0"]), (OVER, [])])
async def test_a_new_token_that_is_refused_too_is_the_end(
    account: Account, before: list[str]
) -> None:
    world = World(refuses=[REFUSED] * 3)
    with pytest.raises(SignInError) as error:
        await world.freshness(account).enter(world.enter)
    assert error.value.hindrance is Hindrance.REFUSED
    assert world.said == [*before, "refresh with refresh 0", "enter with token 1"]


async def test_who_cannot_be_reached_is_not_asked_for_another_token() -> None:
    world = World(refuses=[AWAY])
    with pytest.raises(SignInError):
        await world.freshness(ME).enter(world.enter)
    assert world.said == ["enter with token 0"]


async def test_a_token_with_a_moment_left_does_while_the_site_is_away() -> None:
    world = World()
    world.silent = [AWAY]
    fresh = world.freshness(replace(ME, expires=NOW + 30))
    await fresh.enter(world.enter)
    assert world.said == ["refresh with refresh 0", "enter with token 0"]


async def test_a_token_with_a_moment_left_is_over_once_the_site_says_so() -> None:
    world = World()
    world.silent = [DELETED]
    with pytest.raises(SignInError):
        await world.freshness(replace(ME, expires=NOW + 30)).enter(world.enter)
    assert world.said == ["refresh with refresh 0"]


async def test_one_server_after_the_other_is_tried() -> None:
    world = World(refuses=[AWAY, AWAY])
    servers = tuple(Server(f"node{number}.site.example", 5223) for number in (1, 2, 3))
    asked = []

    async def enter(account: Account) -> Session:
        asked.append((account.host, account.port))
        return await world.enter(account)

    await world.freshness(replace(ME, servers=servers)).enter(enter)
    assert asked == [(at.host, at.port) for at in servers]

    world.refuses, asked[:] = [DELETED, DELETED], []
    with pytest.raises(SignInError):
        await world.freshness(replace(OVER, servers=servers)).enter(enter)
    assert asked == [("node1.site.example", 5223)]


# --- To come back -------------------------------------------------------------------------------


async def test_a_session_comes_back_with_a_token_that_is_good() -> None:
    world = World()
    session = await world.freshness(ME).enter(world.enter)
    assert isinstance(session, Visit)
    assert session.renew is not None
    assert (await session.renew(None)).secret == "token 0"
    world.now += 3600
    assert (await session.renew(None)).secret == "token 1"
    assert (await session.renew(ME)).secret == "token 1"
    assert (await session.renew(replace(ME, secret="token 1", host="h"))).secret == "token 2"
    assert world.renewed == ["token 1", "token 2"]


async def test_many_who_ask_at_once_ask_the_site_once() -> None:
    world = World()
    fresh = world.freshness(OVER)
    got = await asyncio.gather(*(fresh.good() for _ in range(5)), fresh.good(OVER))
    assert {account.secret for account in got} == {"token 1"}
    assert len(world.said) == 1


async def test_what_the_site_gave_anew_is_used_from_then_on() -> None:
    world = World()
    fresh = world.freshness(OVER)
    fresh.take(replace(ME, secret="token 7"))
    assert (await fresh.good()).secret == "token 7"
    assert world.said == []


# --- For weeks ----------------------------------------------------------------------------------


async def test_what_it_is_renewed_with_does_not_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a day by the clock on the wall: the loop's stands still while the machine sleeps."""
    world = World()
    fresh = world.freshness(ME)
    hours = 0

    async def an_hour_passes(seconds: float) -> None:
        nonlocal hours
        assert seconds == freshness.LOOKS_EVERY
        hours, world.now = hours + 1, world.now + seconds
        if hours == 60:
            raise TimeoutError

    monkeypatch.setattr("twocan.desk.freshness.asyncio.sleep", an_hour_passes)
    world.refresh = renewing = _Renewing(world)  # type: ignore[method-assign]
    fresh = world.freshness(ME)
    renewing.fails = [AWAY, DELETED]
    with pytest.raises(TimeoutError):
        await fresh.last()
    # In its first hour, and as long as that fails in each that follows; then once a day.
    assert renewing.hours == [1, 2, 3, 27, 51]
    assert fresh.account.card == "card 5"


class _Renewing:
    def __init__(self, world: World) -> None:
        self._world, self.fails, self.hours = world, list[SignInError](), list[int]()

    async def __call__(self, account: Account) -> Account:
        self.hours.append(round((self._world.now - NOW) / 3600))
        if self.fails:
            raise self.fails.pop(0)
        count = len(self.hours)
        return replace(account, secret=f"token {count}", card=f"card {count}")


async def test_nobody_waits_for_days_where_nothing_is_renewed() -> None:
    await World().freshness(replace(ME, refresh=None)).last()


# --- A stay -------------------------------------------------------------------------------------


def at_hand(account: Account) -> Account:
    return replace(account, expires=time.time() + 600)


async def test_a_stay_begins_with_a_new_token() -> None:
    world = World()
    async with world.staying(OVER) as stay:
        await world.until(Standing.ONLINE)
        assert stay.account.secret == "token 1"
        assert stay.account.card == "new"
        assert world.renewed == ["token 1"]
    assert world.visits[0].closed


async def test_a_site_that_is_away_is_asked_again_and_again() -> None:
    world = World()
    world.silent = [AWAY, AWAY]
    async with world.staying(OVER):
        assert await world.until(Standing.OFFLINE) == Problem(Trouble.NO_NETWORK, str(AWAY))
        await world.until(Standing.ONLINE)
    assert world.said == ["refresh with refresh 0"] * 3 + ["enter with token 1"]


async def test_a_sign_in_that_is_over_is_said_and_not_tried_again() -> None:
    world = World()
    world.silent = [DELETED]
    async with world.staying(OVER):
        assert await world.until(Standing.REFUSED) == Problem(Trouble.EXPIRED, "over")
    assert world.said == ["refresh with refresh 0"]


async def test_a_person_who_was_deleted_is_let_in_nowhere() -> None:
    world = World(refuses=[REFUSED])
    world.silent = [DELETED]
    async with world.staying(at_hand(ME)):
        assert await world.until(Standing.REFUSED) == Problem(Trouble.EXPIRED, "over")
    assert world.said == ["enter with token 0", "refresh with refresh 0"]


async def test_who_is_thrown_out_in_mid_session_is_told() -> None:
    world = World()
    async with world.staying(at_hand(ME)) as stay:
        await world.until(Standing.ONLINE)
        stay.reach_changed(Reach.SIGNED_OUT)
        assert await world.until(Standing.REFUSED) == Problem(Trouble.EXPIRED)


async def test_what_a_new_link_brought_helps_at_once_who_cannot_get_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("twocan.desk.staying.FIRST_WAIT", 60.0)
    world = World()
    world.silent = [AWAY]
    async with world.staying(OVER) as stay:
        await world.until(Standing.OFFLINE)
        stay.take(at_hand(replace(ME, secret="token 7")))
        await world.until(Standing.ONLINE)
    assert world.said[-1] == "enter with token 7"


async def test_whoever_leaves_while_the_site_is_asked_leaves_nothing_behind() -> None:
    world = World()
    asked, never = asyncio.Event(), asyncio.Event()

    async def refresh(account: Account) -> Account:
        asked.set()
        await never.wait()
        return account

    world.refresh = refresh  # type: ignore[method-assign]
    async with world.staying(OVER):
        await asked.wait()
    assert world.said == world.renewed == []
