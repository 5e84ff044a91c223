"""The thread between a loop and a database: what goes together, and what is not waited for."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from twocan_supernode.store import StoreAway, lane
from twocan_supernode.store.lane import Lane, Request


class Desk:
    """Answers with what was asked, when it is let; keeps what was asked together."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []
        self.open = threading.Event()
        self.open.set()
        self.busy = threading.Event()
        self.ended = False

    def __call__(self, requests: Sequence[Request]) -> list[object]:
        self.busy.set()
        self.open.wait(60)
        self.batches.append([request.asked for request in requests])
        return [
            ValueError("odd") if request.asked == "odd" else request.asked for request in requests
        ]

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def ask(desk: Desk) -> AsyncIterator[Callable[[object], asyncio.Future[object]]]:
    made = Lane("a lane", desk, desk.end)
    yield lambda asked: made.ask(None, asked)
    desk.open.set()
    await made.close()
    assert desk.ended


Ask = Callable[[object], asyncio.Future[object]]


async def kept_busy(ask: Ask, desk: Desk) -> asyncio.Future[object]:
    """The first request, which the desk has before it and does not answer."""
    desk.open.clear()
    first = ask("first")
    while not desk.busy.is_set():
        await asyncio.sleep(0.001)
    return first


async def test_what_one_turn_asks_goes_together(ask: Ask, desk: Desk) -> None:
    assert await asyncio.gather(*map(ask, range(50))) == list(range(50))
    assert desk.batches == [list(range(50))]


async def test_what_is_asked_meanwhile_goes_together(ask: Ask, desk: Desk) -> None:
    first = await kept_busy(ask, desk)
    later = []
    for number in range(5):
        later.append(ask(number))
        await asyncio.sleep(0)
    desk.open.set()
    assert await asyncio.gather(first, *later) == ["first", 0, 1, 2, 3, 4]
    assert desk.batches == [["first"], [0, 1, 2, 3, 4]]


async def test_one_turn_is_never_too_long(ask: Ask, desk: Desk) -> None:
    await asyncio.gather(*map(ask, range(lane.MOST_TOGETHER * 2 + 1)))
    assert max(map(len, desk.batches)) <= lane.MOST_TOGETHER
    assert sum(map(len, desk.batches)) == lane.MOST_TOGETHER * 2 + 1


async def test_an_error_is_for_whoever_asked(ask: Ask) -> None:
    answers = await asyncio.gather(ask(1), ask("odd"), ask(2), return_exceptions=True)
    assert [answers[0], answers[2]] == [1, 2]
    assert isinstance(answers[1], ValueError)


async def test_nobody_asks_for_a_caller_who_went_away(ask: Ask, desk: Desk) -> None:
    first = await kept_busy(ask, desk)
    gone, stays = ask("gone"), ask("stays")
    gone.cancel()
    desk.open.set()
    assert list(await asyncio.gather(first, stays)) == ["first", "stays"]
    assert desk.batches == [["first"], ["stays"]]


async def test_too_many_at_once_are_refused_and_the_others_are_not(
    ask: Ask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "MOST_WAITING", 10)
    first = await kept_busy(ask, desk)
    others = [ask(number) for number in range(9)]
    with pytest.raises(StoreAway, match="too much"):
        ask("one more")
    desk.open.set()
    await asyncio.gather(first, *others)
    assert await ask("now there is room") == "now there is room"


async def test_whoever_waits_too_long_is_told_and_the_next_at_once(
    ask: Ask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "ANSWERS_WITHIN", 0.05)
    first = await kept_busy(ask, desk)
    with pytest.raises(StoreAway, match="does not answer"):
        await asyncio.wait_for(first, 20)
    with pytest.raises(StoreAway, match="does not answer"):
        ask("next")
    desk.open.set()
    while True:
        try:
            assert await ask("back") == "back"
        except StoreAway:
            await asyncio.sleep(0.001)
        else:
            break
