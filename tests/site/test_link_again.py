"""The same link comes again, as buttons try once more where a phone takes its time to start."""

from sitting import LINK, at_the_desk, signed_in, talks_with, went_wrong
from town import ACCOUNT, NEIGHBOUR, OTHER, Town
from twocan.account import Account
from twocan.desk.redeeming import Launch, RedeemError
from twocan.desk.state import Invitation, Trouble
from twocan.links import LaunchLink
from twocan.states import State


class Site:
    """Whose codes are good once."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.away = False

    async def redeem(self, link: LaunchLink) -> Launch:
        if self.away:
            raise RedeemError(Trouble.SITE_AWAY, "try again later")
        if link.code in self.codes:
            raise RedeemError(Trouble.LINK_USED, "click the button again")
        self.codes.append(link.code)
        return Launch(ACCOUNT, Invitation(link.site, "Demo person", NEIGHBOUR))


def town_with(site: Site, given: Account | None = None) -> Town:
    town = Town(given=given)
    town.redeem = site.redeem
    return town


async def test_while_it_is_asked_about_it_is_asked_about_still() -> None:
    site = Site()
    town = town_with(site)
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        desk.follow(LINK)
        view = await watch.sees(lambda view: view.invitation)
        seen = len(watch.views)
        desk.follow(LINK)
        assert all(later.invitation == view.invitation for later in watch.views[seen:])
        desk.accept_invitation()
        await neighbour.line(State.INCOMING)
    assert len(site.codes) == 1
    assert all(went_wrong(view) is None for view in watch.views)


async def test_while_its_call_is_made_and_is_up_it_changes_nothing() -> None:
    site = Site()
    town = town_with(site)
    async with at_the_desk(town) as (desk, watch):
        neighbour = town.move_in()
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.accept_invitation()
        desk.follow(LINK)
        line = await neighbour.line(State.INCOMING)
        line.answer()
        await watch.sees(lambda view: [call.state for call in view.calls] == [State.ACTIVE])
        desk.follow(LINK)
        assert len(watch.now.calls) == 1
        assert not watch.now.opening_link
        line.hang_up()
        await watch.sees(lambda view: view.ended)
        assert all(went_wrong(view) is None for view in watch.views)
        desk.follow(LINK)
        await watch.sees(lambda view: went_wrong(view) is Trouble.LINK_USED)


async def test_whose_call_was_not_made_it_is_opened_again() -> None:
    site = Site()
    town = town_with(site, Account(OTHER, "a token", is_token=True))
    async with signed_in(town) as (_, desk, watch):
        await talks_with(desk, watch, town.move_in())
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.accept_invitation()
        await watch.sees(lambda view: went_wrong(view) is Trouble.IN_CALL)
        desk.follow(LINK)
        await watch.sees(lambda view: went_wrong(view) is Trouble.LINK_USED)


async def test_what_was_refused_is_opened_again_and_found_used() -> None:
    site = Site()
    async with at_the_desk(town_with(site)) as (desk, watch):
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.refuse_invitation()
        desk.follow(LINK)
        await watch.sees(lambda view: went_wrong(view) is Trouble.LINK_USED)


async def test_what_came_to_nothing_is_tried_again() -> None:
    site = Site()
    async with at_the_desk(town_with(site)) as (desk, watch):
        site.away = True
        desk.follow(LINK)
        await watch.sees(lambda view: went_wrong(view) is Trouble.SITE_AWAY)
        site.away = False
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)


async def test_no_link_takes_the_place_of_a_question() -> None:
    async with at_the_desk(town_with(Site())) as (desk, watch):
        desk.follow(LINK)
        await watch.sees(lambda view: view.invitation)
        desk.follow("twocan:launch?code=0123456789abcdef")
        assert watch.now.invitation is None
        assert went_wrong(watch.now) is Trouble.BAD_LINK
