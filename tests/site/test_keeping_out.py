"""Who was deleted is kept out for ten minutes, whatever becomes of the node meanwhile."""

import logging
from dataclasses import dataclass

import pytest

from site_api import SITE, SiteApi, problem
from twocan_supernode.site.keeping_out import KeepingOut

ANN = {"person": "ann", "name": "Ann"}


@dataclass
class Node:
    """What is known of a node. ``started``: which start it was."""

    started: int | None = None

    def __call__(self) -> int | None:
        return self.started


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def keeping(api: SiteApi, node: Node) -> KeepingOut:
    return KeepingOut(api.store, api.people, node, api.clock)


async def delete(api: SiteApi, *people: str) -> list[str]:
    for person in people:
        assert (await api.ask("DELETE", f"/v1/shadow-accounts/{person}")).status_code == 204
    api.people.ended.clear()
    return [api.address_of(person) for person in people]


async def test_a_node_that_starts_is_told_of_everybody(
    api: SiteApi, node: Node, keeping: KeepingOut
) -> None:
    early = await delete(api, "ann", "ben")
    api.clock.advance(minutes=10, seconds=-1)
    late = await delete(api, "cat")
    await keeping.look()
    assert (api.people.ended, api.people.readmitted) == ([], [])  # there is none

    for node.started in (1, 2):
        for _ in range(3):
            await keeping.look()
        assert sorted(api.people.ended) == sorted(early + late)
        api.people.ended.clear()

    api.clock.advance(seconds=1)
    node.started = 3
    await keeping.look()
    assert api.people.ended == late
    assert sorted(api.people.readmitted) == sorted(early)


async def test_after_ten_minutes_everybody_is_let_in_once(
    api: SiteApi, node: Node, keeping: KeepingOut
) -> None:
    node.started = 1
    await keeping.look()
    gone = await delete(api, "ann")
    api.clock.advance(minutes=10, seconds=-1)
    await keeping.look()
    assert api.people.readmitted == []

    api.clock.advance(seconds=1)
    for _ in range(3):
        await keeping.look()

    assert api.people.readmitted == gone
    assert api.people.ended == []


async def test_what_the_node_missed_it_is_told_when_it_answers(
    api: SiteApi, node: Node, keeping: KeepingOut, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "twocan_supernode.site.keeping_out")
    node.started, api.people.away = 1, True
    assert problem(await api.ask("DELETE", "/v1/shadow-accounts/ann")) == (503, "away")
    for _ in range(3):
        await keeping.look()

    api.people.away = False
    await keeping.look()

    assert api.people.ended == [api.address_of("ann")]


async def test_who_is_deleted_while_they_are_let_in_stays_out(
    api: SiteApi, node: Node, keeping: KeepingOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.started = 1
    (ann,) = await delete(api, "ann")
    api.clock.advance(minutes=10)
    readmit = api.people.readmit

    async def late(address: str) -> None:
        monkeypatch.undo()
        await delete(api, "ann")
        await readmit(address)

    monkeypatch.setattr(api.people, "readmit", late)
    await keeping.look()

    assert (api.people.readmitted, api.people.ended) == ([ann], [ann])


async def test_a_deletion_is_forgotten_with_the_last_token_of_before(api: SiteApi) -> None:
    await delete(api, "ann")
    for days, kept in ((30, True), (1, False)):
        api.clock.advance(days=days)
        await api.store.purge(api.clock.now)
        assert (await api.store.revoked(api.address_of("ann")) is not None) is kept
    answer = await api.post("/v1/shadow-accounts", ANN)
    assert answer.json()["address"].endswith(SITE)
