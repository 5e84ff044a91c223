"""A phone among sites and people who mean no good: what they answer, and what they say of calls."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from town import ACCOUNT, ME, NEIGHBOUR, SETTINGS, Session, Town, Watch, states
from twocan.account import Account
from twocan.desk.porter import CALLER_BEFORE, STRANGERS_BEFORE, Porter
from twocan.desk.redeeming import Launch
from twocan.desk.state import Invitation, Standing, Trouble
from twocan.links import LaunchLink
from twocan.messages import Propose
from twocan.states import State
from twocan.xmpp.archive import query

WITHIN = 30.0
HOSTILE = "twocan:launch?redeem=https%3A%2F%2Fhostile.example%2Fr&code=0123456789abcdef"


async def follows(town: Town, link: str) -> Watch:
    """The desk opened that link and its person agreed, if they were asked; it is closed then."""
    watch = Watch()
    async with asyncio.timeout(WITHIN):
        desk = await town.open_desk(watch)
        try:
            await watch.sees(lambda view: view.standing is Standing.ONLINE and view.accounts)
            desk.follow(link)
            await watch.sees(lambda view: view.problem or view.calls)
        finally:
            await desk.close()
            await town.close()
    return watch


def kept(site: str) -> Town:
    """Somebody whose account came by a link of that site, and is in use."""
    town = Town(replace(SETTINGS, account=ME, trusted_sites=("hostile.example",)), given=None)
    town.accounts.keep(ACCOUNT, site=site, name="Me")

    async def redeem(link: LaunchLink) -> Launch:
        theirs = Account(ME, "a token of theirs", is_token=True, host="hostile.example", port=5223)
        return Launch(theirs, Invitation(link.site, "Me", NEIGHBOUR))

    town.redeem = redeem
    return town


@pytest.mark.parametrize("site", ["calls.site.example", "calls.site.example:8443"])
async def test_a_site_does_not_take_the_place_of_another_sites_account(site: str) -> None:
    """Any site can name any address: neither the session nor what is kept becomes its word."""
    town = kept(site)

    watch = await follows(town, HOSTILE)

    assert watch.now.problem is not None
    assert watch.now.problem.trouble is Trouble.BAD_LINK
    assert [account.secret for account in town.entered] == [ACCOUNT.secret]
    assert town.accounts.load(ME).secret == ACCOUNT.secret


async def test_the_same_site_on_another_port_does() -> None:
    town = kept("hostile.example:4711")

    watch = await follows(town, HOSTILE)

    assert watch.now.problem is None


# --- What people say of calls -------------------------------------------------------------------


def test_who_makes_up_when_they_called_has_no_more_calls_for_it() -> None:
    """A stamp of long ago (XEP-0203) can be anybody's word, and each one is another moment."""
    porter, now = Porter(lambda _: False), 1_000_000.0
    day = range(0, 86_400, 25)
    rang = [porter.admits("stranger@bad.example", now - 86_400 + at, now) for at in day]
    assert sum(rang) == CALLER_BEFORE.in_a_row
    crowd = [porter.admits(f"{at}@bad.example", now - 86_400 + at, now) for at in day]
    assert sum(rang) + sum(crowd) == STRANGERS_BEFORE.in_a_row
    assert porter.admits("somebody@site.example", now, now)


def test_who_called_now_and_then_in_a_day_was_heard_each_time() -> None:
    porter, now = Porter(lambda _: False), 1_000_000.0
    assert all(
        porter.admits("ann@site.example", now - 3600 * hours, now) for hours in range(8, 0, -1)
    )


class Shouted(Session):
    """A session whose archive strangers filled: only who asks about one person hears of theirs."""

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        told.set_result(True)
        if peer == NEIGHBOUR and self._listener is not None:
            self._listener.heard(f"{NEIGHBOUR}/phone", Propose("the-call"), 30.0)
        return told


class Besieged(Town):
    """Somebody whose page rings, and who has a phone since a moment ago."""

    def __init__(self) -> None:
        super().__init__(replace(SETTINGS, trusted_sites=("site.example",)), given=None)
        self.redeem = self.asks

    async def asks(self, link: LaunchLink) -> Launch:
        return Launch(ACCOUNT, Invitation(link.site, "Me", NEIGHBOUR, answering="the-call"))

    async def _enter(self, account: Account) -> Session:
        return Shouted(self._exchange(), f"{account.address}/desk")


async def test_who_fills_the_archive_does_not_keep_a_call_from_being_answered() -> None:
    """The last fifty messages may be anybody's; the one who is to be answered is asked about."""
    town, watch = Besieged(), Watch()
    async with asyncio.timeout(WITHIN):
        desk = await town.open_desk(watch)
        try:
            await watch.sees(lambda view: view.ready)
            desk.follow(HOSTILE.replace("hostile", "site"))
            await watch.sees(lambda _: any(State.CONNECTING in states(one) for one in watch.views))
        finally:
            await desk.close()
            await town.close()


def test_the_archive_is_asked_about_one_person() -> None:
    said = ET.tostring(query("q", datetime(2026, 1, 1, tzinfo=UTC), NEIGHBOUR), "unicode")
    assert f'var="with"><ns1:value>{NEIGHBOUR}<' in said.replace("ns2:", "ns1:")
