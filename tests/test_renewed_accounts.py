"""A desk whose tokens are renewed by a real site, and what it keeps of that."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from call_site import CallSite
from sitting import at_the_desk
from town import ACCOUNT, ME, SETTINGS, Town
from twocan.account import Account, Refresh
from twocan.desk.redeeming import redeem
from twocan.desk.state import Problem, Standing, Trouble
from twocan.jws import new_key, public_half

NEW = "a-new-token"


@pytest.fixture
async def site() -> AsyncIterator[CallSite]:
    async with CallSite.serving() as site:
        site.renews = {"token": NEW, "refresh_token": "refresh-2", "card": "a-card"}
        yield site


def over(site: CallSite) -> Account:
    """An account of the site's, whose token is over."""
    key = new_key()
    site.keys.append(public_half(key))
    return replace(ACCOUNT, expires=0.0, refresh=Refresh(site.refresh, "refresh-1", key))


def kept(account: Account) -> Town:
    """Where this account was signed in last."""
    town = Town(replace(SETTINGS, account=ME), given=None)
    town.accounts.keep(account)
    return town


async def test_who_was_signed_in_weeks_ago_is_signed_in_with_a_new_token(site: CallSite) -> None:
    before = over(site)
    town = kept(before)
    async with at_the_desk(town) as (_, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE)

    assert before.refresh is not None
    renewed = replace(before.refresh, token="refresh-2")
    now = replace(before, secret=NEW, expires=None, refresh=renewed, card="a-card")
    assert town.entered == [now]
    assert town.accounts.load(ME) == now
    assert site.refreshed == ["refresh-1"]


async def test_a_given_account_is_renewed_and_not_kept(site: CallSite) -> None:
    town = Town(given=over(site))
    async with at_the_desk(town) as (_, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
    assert [account.secret for account in town.entered] == [NEW]
    assert town.accounts.list() == ()


async def test_a_given_account_changes_nothing_about_one_that_is_kept(site: CallSite) -> None:
    town, before = Town(given=over(site)), over(site)
    town.accounts.keep(before)
    async with at_the_desk(town) as (_, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE and view.accounts)
    assert town.accounts.load(ME) == before


async def test_who_was_deleted_is_told_to_sign_in_at_the_site(site: CallSite) -> None:
    town = kept(over(site))
    site.renews = None
    async with at_the_desk(town) as (_, watch):
        view = await watch.sees(lambda view: view.standing is Standing.REFUSED)
        assert isinstance(view.problem, Problem)
        assert view.problem.trouble is Trouble.EXPIRED
        assert "sign in again on the site" in view.problem.detail
    assert town.entered == []


async def test_who_signs_out_is_not_known_again_by_a_new_token(site: CallSite) -> None:
    town = kept(over(site))
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        desk.sign_out(ME)
        await watch.sees(lambda view: view.account is None and not view.accounts)
    assert town.accounts.list() == ()


async def test_what_a_link_brings_goes_to_whoever_is_signed_in(site: CallSite) -> None:
    town = kept(over(site))
    town.redeem = redeem
    new = {"address": ME, "token": "of-the-link", "card": "of-the-link"}
    refresh = {"url": site.refresh, "token": "of-the-link"}
    site.says = {
        "account": {**new, "refresh": refresh},
        "caller": {},
        "callee": {"address": "somebody@site.example"},
    }
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        desk.follow(site.link)
        await watch.sees(lambda view: view.invitation)
        desk.accept_invitation()
        await watch.sees(lambda view: view.calls or view.ended)
        assert town.session is not None
        assert town.session.renew is not None
        assert (await town.session.renew(None)).card == "of-the-link"

    assert len(town.entered) == 1
    account = town.accounts.load(ME)
    assert account.refresh is not None
    assert (account.secret, account.refresh.token) == ("of-the-link", "of-the-link")
    assert public_half(account.refresh.key) == site.keys[-1]
    assert json.loads(account.refresh.key)["d"] not in repr(account)
