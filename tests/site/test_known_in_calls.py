"""What others see of a phone in a call, and what it shows of who calls."""

import asyncio
import json
from dataclasses import replace

from cans import Person, World, in_a_call
from sitting import signed_in
from town import ACCOUNT, ME, NEIGHBOUR, Town
from twocan.call import WAITS_AT_MOST
from twocan.cards import KIND, name_on
from twocan.jws import new_key, public_half, sign
from twocan.messages import Propose, Retract
from twocan.states import End, State
from virtual_time import in_virtual_time

CALLER, CALLEE = "caller@site.example/desk", "callee@site.example/desk"
SITE = new_key()
NAMES_KEY = json.dumps(public_half(SITE))
NEVER = 4e9


def card(address: str, name: str) -> str:
    return sign({"typ": KIND}, {"sub": address, "name": name, "exp": NEVER}, SITE)


def known(card: str, sender: str) -> str | None:
    return name_on(card, sender, NAMES_KEY, 0.0)


def two() -> tuple[World, Person, Person]:
    world = World()
    return world, world.person(CALLER), world.person(CALLEE)


# --- Being in a call ----------------------------------------------------------------------------


@in_virtual_time
async def test_who_calls_and_who_answered_is_in_a_call_and_who_is_rung_is_not() -> None:
    world, caller, callee = two()

    def engaged() -> list[bool]:
        return [each.signalling.engaged for each in (caller, callee)]

    assert engaged() == [False, False]
    ours = caller.phone.dial(callee.bare)
    theirs = await callee.line(State.INCOMING)
    assert engaged() == [True, False]
    theirs.answer()
    assert engaged() == [True, True]
    await caller.line(State.ACTIVE)
    ours.hang_up()
    await asyncio.gather(caller.quiet(), callee.quiet())
    assert engaged() == [False, False]
    await world.close()


@in_virtual_time
async def test_it_is_said_once_and_the_last_of_two_calls_ends_it() -> None:
    world, caller, _ = two()
    world.person("third@site.example/desk")
    caller.phone._calls = 2
    said: list[bool] = []
    caller.signalling.engage = said.append  # type: ignore[method-assign,assignment]
    one, other = (caller.phone.dial(f"{who}@site.example") for who in ("callee", "third"))
    one.hang_up()
    await one.ended.wait()
    assert said == [True]
    other.hang_up()
    await world.close()
    assert said == [True, False]


@in_virtual_time
async def test_a_missed_call_of_the_past_is_no_call_of_now() -> None:
    world, caller, callee = two()
    await in_a_call(caller, callee)
    ann = "ann@site.example/phone"
    callee.phone.missed(ann, Propose("a"), 60.0)
    callee.phone.missed(ann, Propose("a"), 60.0)
    callee.phone.heard(ann, Propose("a"), 60.25)
    callee.phone.heard(ann, Retract("b"), 50.0)
    callee.phone.missed(ann, Propose("b"), 60.0)
    callee.phone.missed(CALLEE, Propose("c"), 60.0)
    callee.phone.heard(ann, Propose("d"), WAITS_AT_MOST)
    missed = [view for view in callee.seen if view.peer == "ann@site.example"]
    assert [(view.sid, view.end) for view in missed] == [
        ("a", End.NO_ANSWER),
        ("d", End.NO_ANSWER),
    ]
    assert len(callee.active) == 1
    await world.close()


# --- Names --------------------------------------------------------------------------------------


@in_virtual_time
async def test_the_answerer_has_the_callers_name_and_only_if_the_site_says_so() -> None:
    world, caller, callee = two()
    caller.phone._card = lambda: card(caller.bare, "Demo Ann")
    callee.phone._name_on = known
    line = caller.phone.dial(callee.bare, name="Demo Ben")
    assert (await callee.line(State.INCOMING)).call.view().peer_name == "Demo Ann"
    assert line.call.view().peer_name == "Demo Ben"
    line.hang_up()
    await callee.quiet()
    caller.phone._card = lambda: card("somebody@site.example", "Demo Mallory")
    line = caller.phone.dial(callee.bare)
    assert (await callee.line(State.INCOMING)).call.view().peer_name is None
    await world.close()


async def test_the_desk_shows_and_keeps_the_name_of_a_caller() -> None:
    town = Town(given=replace(ACCOUNT, names_key=NAMES_KEY))
    async with signed_in(town) as (_, desk, watch):
        side = town.move_in()
        side.phone._card = lambda: card(NEIGHBOUR, "Demo Ann")
        line = side.phone.dial(ME)
        await watch.call(State.INCOMING)
        [rings] = [view for view in watch.views if len(view.calls) == 1][:1]
        assert rings.name(NEIGHBOUR) == "Demo Ann"
        line.hang_up()
        view = await watch.sees(lambda view: view.past and view.names)
        assert view.name(view.past[0].peer) == "Demo Ann"
        # Only by calling, nobody becomes somebody whom the person knows.
        assert not desk._knows(NEIGHBOUR)
    assert town.history.names() == {}


async def test_the_desk_puts_its_own_card_into_what_it_proposes() -> None:
    mine = card(ME, "Demo Me")
    town = Town(given=replace(ACCOUNT, card=mine))
    async with signed_in(town) as (_, desk, _):
        side = town.move_in()
        side.phone._name_on = known
        desk.dial(NEIGHBOUR)
        assert (await side.line(State.INCOMING)).call.view().peer_name == "Demo Me"
