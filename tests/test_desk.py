"""The desk: a person's phone with everything around its calls, among neighbours in memory."""

import asyncio

import pytest

from sitting import LINK, at_the_desk, signed_in, talks_with, went_wrong
from town import ACCOUNT, ME, NEIGHBOUR, OTHER, SETTINGS, Town
from twocan.account import Account
from twocan.desk.redeeming import Launch, RedeemError
from twocan.desk.state import Invitation, Known, Outcome, Standing, Trouble
from twocan.links import LaunchLink
from twocan.media.figures import Figures
from twocan.signalling import Reach
from twocan.states import CallView, End, State
from twocan.xmpp import Hindrance, SignInError

# --- Being signed in ----------------------------------------------------------------------------


async def test_a_given_account_is_signed_in_and_not_kept() -> None:
    async with signed_in() as (town, _, watch):
        view = await watch.sees(lambda view: view.past == ())
        assert (view.account, view.accounts) == (Known(ME), ())
        assert town.accounts.list() == ()
        assert town.settings.load().account is None


async def test_without_an_account_nobody_is_signed_in() -> None:
    town = Town(given=None)
    async with at_the_desk(town) as (_, watch):
        view = await watch.sees(lambda view: view.ready)
        assert view.standing is Standing.NOBODY
        assert town.entered == []


async def test_what_is_typed_is_kept_once_it_proved_right() -> None:
    town = Town(given=None)
    async with at_the_desk(town) as (desk, watch):
        desk.sign_in(f" {ME} ", "a password", "127.0.0.1", 5222)
        await watch.sees(lambda view: view.entering)
        view = await watch.sees(lambda view: view.accounts)
        assert (view.entering, view.standing) == (False, Standing.ONLINE)
        await watch.sees(lambda view: view.settings.account == ME)
        [account] = town.entered
        assert (account.host, account.port, account.is_token) == ("127.0.0.1", 5222, False)
        assert town.accounts.load(ME) == account


async def test_a_wrong_password_is_said_and_not_kept() -> None:
    town = Town(given=None)
    town.hindrances = [SignInError("refused", Hindrance.REFUSED)]
    async with at_the_desk(town) as (desk, watch):
        desk.sign_in(ME, "a wrong password")
        view = await watch.sees(lambda view: view.standing is Standing.REFUSED)
        assert went_wrong(view) is Trouble.WRONG_SECRET
        assert view.entering
        desk.sign_in(ME, "the right password")
        await watch.sees(lambda view: view.accounts)
        assert town.accounts.load(ME).secret == "the right password"


async def test_what_is_no_address_is_said_at_once() -> None:
    async with at_the_desk(Town(given=None)) as (desk, watch):
        desk.sign_in("no address", "a password")
        assert went_wrong(watch.now) is Trouble.BAD_ADDRESS
        desk.dismiss()
        assert watch.now.problem is None


async def test_a_network_that_fails_signs_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.desk.staying.FIRST_WAIT", 0.01)
    town = Town()
    town.hindrances = [SignInError("cannot be reached")] * 3
    async with at_the_desk(town) as (_, watch):
        view = await watch.sees(lambda view: view.standing is Standing.OFFLINE)
        assert went_wrong(view) is Trouble.NO_NETWORK
        assert view.account == Known(ME)
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        assert (watch.now.problem, town.hindrances) == (None, [])


async def test_a_person_who_is_there_does_not_wait_for_the_next_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("twocan.desk.staying.FIRST_WAIT", 3600.0)
    town = Town()
    town.hindrances = [SignInError("cannot be reached")]
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.standing is Standing.OFFLINE)
        desk.try_again()
        await watch.sees(lambda view: view.standing is Standing.ONLINE)


async def test_the_supernode_goes_and_comes_back() -> None:
    async with signed_in() as (town, _, watch):
        assert town.session
        town.session.reached(Reach.OFFLINE)
        view = await watch.sees(lambda view: view.standing is Standing.OFFLINE)
        assert went_wrong(view) is Trouble.NO_NETWORK
        town.session.reached(Reach.ONLINE)
        view = await watch.sees(lambda view: view.standing is Standing.ONLINE)
        assert view.problem is None


async def test_a_token_that_is_over_is_said_and_the_account_stays() -> None:
    async with signed_in() as (town, _, watch):
        assert town.session
        town.session.reached(Reach.SIGNED_OUT)
        view = await watch.sees(lambda view: view.standing is Standing.REFUSED)
        assert went_wrong(view) is Trouble.EXPIRED
        assert view.account == Known(ME)


async def test_who_was_signed_in_last_is_signed_in_again() -> None:
    town = Town(given=None)
    town.accounts.keep(ACCOUNT, site="site.example", name="Demo person")
    town.accounts.keep(Account(OTHER, "another token", is_token=True))
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: len(view.accounts) == 2)
        desk.use(ME)
        await watch.sees(lambda view: view.settings.account == ME)
    again = Town(town.settings.load(), given=None)
    again.accounts = town.accounts
    async with signed_in(again) as (_, _, watch):
        assert watch.now.account == Known(ME, "site.example", "Demo person")
        assert again.entered == [ACCOUNT]


async def test_signing_out_forgets_the_account_and_ends_its_call() -> None:
    town = Town(given=None)
    town.accounts.keep(ACCOUNT)
    async with at_the_desk(town) as (desk, watch):
        await watch.sees(lambda view: view.accounts)
        desk.use(ME)
        await watch.sees(lambda view: view.standing is Standing.ONLINE)
        neighbour = town.move_in()
        await talks_with(desk, watch, neighbour)
        desk.sign_out(ME)
        view = await watch.sees(lambda view: not view.accounts)
        assert (view.standing, view.account, view.calls) == (Standing.NOBODY, None, ())
        assert town.accounts.list() == ()
        for line in neighbour.phone.lines:
            await line.ended.wait()


# --- Calls --------------------------------------------------------------------------------------


async def test_a_call_is_made_shown_and_written_down() -> None:
    async with signed_in() as (town, desk, watch):
        neighbour = town.move_in()
        sid = await talks_with(desk, watch, neighbour)
        await neighbour.ear.hears(440.0)
        desk.hang_up(sid)
        view = await watch.sees(lambda view: view.ended and view.past)
        assert view.calls == ()
        assert view.ended is not None
        assert (view.ended.sid, view.ended.end) == (sid, End.HUNG_UP)
        view = await watch.sees(lambda view: view.past[0].outcome is Outcome.ANSWERED)
        assert (view.past[0].sid, view.past[0].peer, view.past[0].outgoing) == (
            sid,
            NEIGHBOUR,
            True,
        )
        desk.dismiss()
        assert watch.now.ended is None


async def test_what_a_call_came_to_is_told_once_it_is_over() -> None:
    town = Town()
    over: list[tuple[End | None, bool]] = []
    town.over = lambda view, figures: over.append((view.end, figures is not None))
    async with signed_in(town) as (_, desk, watch):
        sid = await talks_with(desk, watch, town.move_in())
        desk.hang_up(sid)
    assert over == [(End.HUNG_UP, True)]


async def test_a_call_that_nobody_took_is_missed_until_the_person_saw_it() -> None:
    async with signed_in() as (town, desk, watch):
        neighbour = town.move_in()
        line = neighbour.phone.dial(ME)
        await watch.call(State.INCOMING)
        line.hang_up()
        view = await watch.sees(lambda view: view.missed)
        assert (view.missed, view.ended) == (1, None)
        assert view.past[0].outcome is Outcome.MISSED
        desk.saw_missed()
        view = await watch.sees(lambda view: not view.missed)
        assert view.past[0].outcome is Outcome.MISSED


async def test_who_declines_missed_nothing() -> None:
    async with signed_in() as (town, desk, watch):
        line = town.move_in().phone.dial(ME)
        desk.decline(await watch.call(State.INCOMING))
        await line.ended.wait()
        view = await watch.sees(lambda view: view.past and not view.calls)
        view = await watch.sees(lambda view: view.past[0].outcome is Outcome.DECLINED)
        assert (view.missed, view.ended) == (0, None)


async def test_a_second_call_is_answered_and_the_first_one_held() -> None:
    async with signed_in() as (town, desk, watch):
        first, second = town.move_in(), town.move_in(OTHER, 880.0)
        sid = await talks_with(desk, watch, first)
        second.phone.dial(ME)
        knocking = await watch.call(State.INCOMING)
        assert len(watch.now.calls) == 2
        desk.answer(knocking)
        await watch.sees(lambda view: [c.state for c in view.calls] == [State.ACTIVE] * 2)
        assert {c.sid: c.held for c in watch.now.calls} == {sid: True, knocking: False}
        await first.sees(lambda view: view.held_by_peer)
        await second.ear.hears(440.0)
        await first.ear.hears_silence()

        desk.hold(sid, False)
        await watch.sees(
            lambda view: {c.sid: c.held for c in view.calls} == {sid: False, knocking: True}
        )
        await first.ear.hears(440.0)
        await second.ear.hears_silence()


async def test_a_third_caller_finds_it_busy() -> None:
    async with signed_in() as (town, desk, watch):
        await talks_with(desk, watch, town.move_in())
        town.move_in(OTHER).phone.dial(ME)
        await watch.call(State.INCOMING)
        third = town.move_in("third@site.example").phone.dial(ME)
        await third.ended.wait()
        assert third.call.view().end is End.BUSY
        assert len(watch.now.calls) == 2


async def test_who_answers_gives_up_the_call_that_nobody_took_yet() -> None:
    async with signed_in() as (town, desk, watch):
        there, caller = town.move_in(), town.move_in(OTHER)
        desk.dial(NEIGHBOUR)
        await there.line(State.INCOMING)
        caller.phone.dial(ME)
        desk.answer(await watch.call(State.INCOMING))
        view = await watch.sees(lambda view: [c.state for c in view.calls] == [State.ACTIVE])
        assert view.calls[0].peer == OTHER


async def test_a_call_to_oneself_or_to_nothing_is_no_call() -> None:
    async with signed_in() as (_, desk, watch):
        for wrong in (ME, "", "no address", "a@b@c"):
            desk.dismiss()
            desk.dial(wrong)
            assert went_wrong(watch.now) is Trouble.BAD_ADDRESS
        assert watch.now.calls == ()


async def test_a_call_waits_until_the_phone_is_signed_in() -> None:
    town = Town()
    town.hindrances = [SignInError("cannot be reached")]
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        await watch.sees(lambda view: view.standing is Standing.OFFLINE)
        desk.dial(NEIGHBOUR)
        await neighbour.line(State.INCOMING)


async def test_without_an_account_a_call_says_why_it_is_none() -> None:
    async with at_the_desk(Town(given=None)) as (desk, watch):
        desk.dial(NEIGHBOUR)
        view = await watch.sees(lambda view: view.problem)
        assert went_wrong(view) is Trouble.NO_NETWORK


async def test_what_is_wanted_of_a_call_that_is_gone_does_nothing() -> None:
    async with signed_in() as (_, desk, watch):
        before = watch.now
        for verb in (desk.answer, desk.decline, desk.hang_up):
            verb("gone")
        for switch in (desk.hold, desk.mute, desk.show, desk.share, desk.pause):
            switch("gone", True)
        desk.press("gone", "1")
        assert await desk.figures("gone") is None
        assert watch.now == before


async def test_a_call_is_muted_held_and_seen() -> None:
    async with signed_in() as (town, desk, watch):
        neighbour = town.move_in()
        sid = await talks_with(desk, watch, neighbour)
        desk.mute(sid, True)
        await neighbour.ear.hears_silence()
        desk.mute(sid, False)
        await neighbour.ear.hears(440.0)
        desk.show(sid, True)
        await neighbour.eye.sees()
        assert watch.now.calls[0].showing


async def test_how_good_a_call_is_can_be_read_while_it_lasts() -> None:
    async with signed_in() as (town, desk, watch):
        assert desk.quality() is None
        neighbour = town.move_in()
        sid = await talks_with(desk, watch, neighbour)
        await neighbour.received(10)
        # Good at last, where the machine held it up at first.
        while not 3.5 < (score := desk.quality() or 0.0) <= 4.5:
            assert score <= 4.5
            await asyncio.sleep(0.05)
        levels = desk.levels()
        assert levels is not None
        assert levels.microphone is not None
        desk.hang_up(sid)
        await watch.sees(lambda view: view.ended)
        while desk.quality() is not None:
            await asyncio.sleep(0.05)


async def test_who_called_before_being_signed_in_is_shown_to_be_so_first() -> None:
    town = Town()
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        desk.dial(NEIGHBOUR)
        await neighbour.line(State.INCOMING)
        first = next(view for view in watch.views if view.calls)
        assert first.standing is Standing.ONLINE


@pytest.mark.parametrize(("ours", "theirs"), [("one", "two"), ("two", "one")])
async def test_two_who_call_each_other_at_once_are_in_one_call(
    monkeypatch: pytest.MonkeyPatch, ours: str, theirs: str
) -> None:
    sids = iter((ours, theirs))
    monkeypatch.setattr("twocan.phone.uuid.uuid4", lambda: next(sids))
    async with signed_in() as (town, desk, watch):
        neighbour = town.move_in()
        town.delay(0.05)
        desk.dial(NEIGHBOUR)
        neighbour.phone.dial(ME)
        await watch.sees(lambda view: State.ACTIVE in [call.state for call in view.calls])
        assert [call.state for call in watch.now.calls] == [State.ACTIVE]
        await neighbour.line(State.ACTIVE)
        await neighbour.ear.hears(440.0)
        desk.hang_up(watch.now.calls[0].sid)
        view = await watch.sees(lambda view: view.past and view.past[0].seconds)
        assert [(past.peer, past.outcome) for past in view.past] == [(NEIGHBOUR, Outcome.ANSWERED)]


# --- Links --------------------------------------------------------------------------------------


def launches(town: Town, *, showing: bool = False) -> list[LaunchLink]:
    """Have every link be for a call from us to the neighbour. Which links were opened."""
    opened: list[LaunchLink] = []

    async def redeem(link: LaunchLink) -> Launch:
        opened.append(link)
        invitation = Invitation(
            link.site, "Demo caller", NEIGHBOUR, "Demo neighbour", showing, "Demo reason"
        )
        return Launch(ACCOUNT, invitation)

    town.redeem = redeem
    return opened


async def test_a_link_asks_and_then_signs_in_and_calls() -> None:
    town = Town(given=None)
    opened = launches(town)
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        desk.follow(LINK)
        assert watch.now.opening_link
        view = await watch.sees(lambda view: view.invitation)
        assert view.invitation is not None
        assert view.invitation.site == "site.example"
        assert (view.opening_link, town.entered, len(opened)) == (False, [], 1)

        desk.accept_invitation()
        (await neighbour.line(State.INCOMING)).answer()
        await watch.sees(lambda view: [c.state for c in view.calls] == [State.ACTIVE])
        view = await watch.sees(lambda view: view.accounts and view.names)
        assert view.invitation is None
        assert view.account == Known(ME, "site.example", "Demo caller")
        assert view.name(NEIGHBOUR) == "Demo neighbour"
        assert view.settings.trusted_sites == ()


async def test_a_site_that_is_trusted_is_not_asked_about_again() -> None:
    town = Town(given=None)
    launches(town, showing=True)
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.accept_invitation(trust=True)
        line = await neighbour.line(State.INCOMING)
        assert watch.now.settings.trusted_sites == ("site.example",)
        assert not line.call.view().pictures
        line.decline()
        await watch.sees(lambda view: not view.calls and view.ended)

        seen = len(watch.views)
        desk.follow(LINK)
        line = await neighbour.line(State.INCOMING)
        assert line.call.view().pictures
        assert all(view.invitation is None for view in watch.views[seen:])
        assert len(town.entered) == 1


async def test_a_link_that_is_refused_leaves_everything_as_it_was() -> None:
    town = Town(given=None)
    launches(town)
    async with at_the_desk(town) as (desk, watch):
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.refuse_invitation()
        desk.accept_invitation(trust=True)
        assert (watch.now.invitation, watch.now.opening_link) == (None, False)
        assert town.entered == []
        assert watch.now.settings == SETTINGS


async def test_a_person_need_not_wait_for_a_site() -> None:
    town = Town(given=None)
    asked, never = asyncio.Event(), asyncio.Event()

    async def redeem(link: LaunchLink) -> Launch:
        asked.set()
        await never.wait()
        raise AssertionError

    town.redeem = redeem
    async with at_the_desk(town) as (desk, watch):
        desk.follow(LINK)
        await asked.wait()
        desk.refuse_invitation()
        assert not watch.now.opening_link


@pytest.mark.parametrize(
    ("link", "trouble"),
    [
        ("twocan:", Trouble.BAD_LINK),
        ("https://site.example/", Trouble.BAD_LINK),
        (LINK, Trouble.LINK_USED),
    ],
)
async def test_a_link_that_does_not_work_says_why(link: str, trouble: Trouble) -> None:
    town = Town()

    async def redeem(link: LaunchLink) -> Launch:
        raise RedeemError(Trouble.LINK_USED, "the code was used")

    town.redeem = redeem
    async with signed_in(town) as (_, desk, watch):
        desk.follow(link)
        view = await watch.sees(lambda view: view.problem)
        assert went_wrong(view) is trouble
        assert not view.opening_link


async def test_a_link_for_another_account_does_not_end_the_call_that_is_up() -> None:
    town = Town(given=Account(OTHER, "a token", is_token=True))
    launches(town)
    async with signed_in(town) as (_, desk, watch):
        await talks_with(desk, watch, town.move_in())
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.accept_invitation()
        view = await watch.sees(lambda view: view.problem)
        assert went_wrong(view) is Trouble.IN_CALL
        assert [call.state for call in view.calls] == [State.ACTIVE]


# --- Settings and the end -----------------------------------------------------------------------


async def test_settings_last() -> None:
    async with signed_in() as (town, desk, watch):
        desk.change(ring_volume=0.25, do_not_disturb=True)
        assert watch.now.settings.ring_volume == 0.25
    assert town.settings.load().do_not_disturb


async def test_closing_the_desk_ends_its_calls_and_leaves_nothing() -> None:
    async with signed_in() as (town, desk, watch):
        neighbour = town.move_in()
        await talks_with(desk, watch, neighbour)
        line = neighbour.phone.lines[0]
    await line.ended.wait()
    assert line.call.view().end is End.HUNG_UP


async def test_a_call_that_ends_with_the_desk_is_told_of_as_any_other() -> None:
    town = Town()
    told: list[tuple[CallView, Figures | None]] = []
    town.over = lambda view, figures: told.append((view, figures))
    async with signed_in(town) as (_, desk, watch):
        neighbour = town.move_in()
        await talks_with(desk, watch, neighbour)
        await neighbour.received(10)
    [(view, figures)] = told
    assert (view.end, view.ended_by) == (End.HUNG_UP, "us")
    assert figures
    assert figures.sent.packets >= 10
