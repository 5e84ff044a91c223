"""Webhooks, from the store to a site's real endpoint, and what the site makes of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan_supernode.site import webhooks
from twocan_supernode.site.calls import CallEvent
from twocan_supernode.site.settings import Webhook, new_secret
from twocan_supernode.site.webhook_signing import TOLERANCE, WebhookError, sign, verify
from twocan_supernode.site.webhooks import Deliverer, wait_after
from twocan_supernode.store import Hook, Store, StoreAway, url_of
from webhook_receiver import Receiver

START = 1_800_000_000_000
SECOND = 1_000
SITE, OTHER = "site.example", "other.example"
ANN, BEN = f"ann@{SITE}", f"ben@{SITE}"
SECRET = new_secret()
WebhookOf = Callable[[str], Webhook | None]


def event(call: str = "1", site: str = SITE) -> CallEvent:
    people = (f"ann@{site}", f"ben@{site}")
    return CallEvent("call.started", site, call, START, people, *people)


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


class Outbox:
    """A real store that says what became of each webhook, and can be away or broken."""

    def __init__(self, store: Store) -> None:
        self.fault: Exception | None = None
        self.claimed = asyncio.Event()
        self.claims = 0
        self.became: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._store = store

    async def next(self) -> tuple[str, int]:
        """What was next: ("delivered", 0), or ("again", its time in ms)."""
        async with asyncio.timeout(30):
            return await self.became.get()

    async def post(self, hook: Hook) -> None:
        await self._store.post(hook)

    async def claim(self, now: int, until: int, limit: int) -> tuple[Hook, ...]:
        if self.fault:
            self.became.put_nowait(("away", 0))
            raise self.fault
        claimed = await self._store.claim(now, until, limit)
        self.claimed.set()
        self.claims += len(claimed)
        return claimed

    async def delivered(self, name: str) -> None:
        await self._store.delivered(name)
        self.became.put_nowait(("delivered", 0))

    async def again(self, name: str, due: int) -> None:
        await self._store.again(name, due)
        self.became.put_nowait(("again", due))


class Town:
    """One store, the endpoints of two sites, and as many deliverers as are asked for."""

    def __init__(
        self, stack: AsyncExitStack, store: Store, site: Receiver, other: Receiver
    ) -> None:
        self.clock = Clock()
        self.outbox = Outbox(store)
        self.site, self.other = site, other
        self.webhooks = {SITE: Webhook(site.url, SECRET), OTHER: Webhook(other.url, new_secret())}
        self._stack = stack

    async def deliverer(self, webhook_of: WebhookOf | None = None) -> Deliverer:
        """One that works until the test ends."""
        return await self._stack.enter_async_context(await self.idle(webhook_of))

    async def hasty(self) -> Deliverer:
        """One that waits for no answer longer than it has to, and is still to be entered."""
        return await self.idle(answers_within=0.3)

    async def idle(
        self, webhook_of: WebhookOf | None = None, answers_within: float = 60.0
    ) -> Deliverer:
        """One that is still to be entered. It waits for an answer as long as a test lasts."""
        client = await self._stack.enter_async_context(webhooks.new_client())
        asked = webhook_of or self.webhooks.get
        return Deliverer(self.outbox, asked, client, self.clock, answers_within)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        store = await Store.open(url_of(tmp_path))
        stack.push_async_callback(store.close)
        receivers = [await stack.enter_async_context(Receiver()) for _ in range(2)]
        yield Town(stack, store, *receivers)


# --- telling


async def test_an_event_is_told_at_once_and_signed(town: Town) -> None:
    deliverer = await town.deliverer()
    await deliverer.post(event())
    received = await town.site.next()
    assert received.headers["content-type"] == "application/json"
    assert received.event == event().id
    assert verify(SECRET, received.headers, received.body, START) == event().payload()
    assert await town.outbox.next() == ("delivered", 0)


async def test_an_event_that_two_report_is_told_once(town: Town) -> None:
    deliverer = await town.deliverer()
    for call in ("1", "1", "2"):
        await deliverer.post(event(call))
        await asyncio.sleep(0)
    assert {(await town.site.next()).event for _ in range(2)} == {event("1").id, event("2").id}
    for _ in range(2):
        await town.outbox.next()
    await deliverer.post(event("1"))
    await deliverer.post(event("3"))
    assert (await town.site.next()).event == event("3").id


async def test_what_was_posted_before_it_began_is_told(town: Town) -> None:
    idle = await town.idle()
    await idle.post(event())
    async with idle:
        assert (await town.site.next()).event == event().id


async def test_what_another_node_posts_is_told_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody wakes this one: it looks by itself."""
    monkeypatch.setattr(webhooks, "LOOKS_EVERY", 0.05)
    await town.deliverer()
    await town.outbox.claimed.wait()
    await (await town.idle()).post(event())
    assert (await town.site.next()).event == event().id


async def test_a_site_without_a_webhook_has_nothing_waiting(town: Town) -> None:
    del town.webhooks[SITE]
    await (await town.deliverer()).post(event())
    assert await town.outbox.claim(START, START, 10) == ()


async def test_what_waits_for_a_webhook_that_was_taken_away_is_dropped(town: Town) -> None:
    idle = await town.idle()
    await idle.post(event())
    del town.webhooks[SITE]
    async with idle:
        assert await town.outbox.next() == ("delivered", 0)
    assert town.site.received.empty()


async def test_a_status_counts_whatever_becomes_of_the_rest(town: Town) -> None:
    town.site.answer = "stall"
    deliverer = await town.deliverer()
    await deliverer.post(event())
    assert await town.outbox.next() == ("delivered", 0)


@pytest.mark.expects_log
async def test_a_fault_of_ours_costs_the_other_sites_nothing(town: Town) -> None:
    def webhook_of(site: str) -> Webhook | None:
        if site == SITE:
            raise ZeroDivisionError
        return town.webhooks[site]

    idle = await town.idle()
    for site in (SITE, OTHER):
        await idle.post(event(site=site))
    await town.deliverer(webhook_of)
    assert (await town.other.next()).event == event(site=OTHER).id


async def test_connections_are_used_again(town: Town) -> None:
    deliverer = await town.deliverer()
    town.site.answer = 200
    for call in range(5):
        await deliverer.post(event(str(call)))
        await town.outbox.next()
    assert town.site.connections == 1


# --- telling again


@pytest.mark.parametrize("answer", [400, 404, 429, 500, 503, 301, 302, 307, 308, "hang", "drip"])
async def test_whoever_does_not_take_it_is_told_again_in_five_seconds(
    town: Town, answer: int | str
) -> None:
    town.site.answers.append(answer)
    endless = answer in ("hang", "drip")
    async with await (town.hasty() if endless else town.idle()) as deliverer:
        await deliverer.post(event())
        first = await town.site.next()
        became, due = await town.outbox.next()
    assert became == "again"
    assert 4.5 * SECOND <= due - START <= 5.5 * SECOND
    # Where it was sent on to was not asked.
    assert town.site.received.empty()

    town.clock.now = due
    await town.deliverer()
    second = await town.site.next()
    assert second.target == first.target
    assert (second.event, second.body) == (first.event, first.body)
    assert verify(SECRET, second.headers, second.body, due) == event().payload()
    assert await town.outbox.next() == ("delivered", 0)


async def test_nobody_is_told_before_the_wait_is_over(town: Town) -> None:
    town.site.answers.append(500)
    deliverer = await town.deliverer()
    await deliverer.post(event())
    await town.site.next()
    _, due = await town.outbox.next()
    town.clock.now = due - 1
    await deliverer.post(event("2"))
    assert (await town.site.next()).event == event("2").id
    await town.outbox.next()
    assert town.site.received.empty()


async def test_a_site_that_was_down_is_told_when_it_is_back(town: Town) -> None:
    await town.site.go()
    deliverer = await town.deliverer()
    await deliverer.post(event())
    _, due = await town.outbox.next()
    await town.site.come()
    town.clock.now = due
    deliverer.wake()
    assert (await town.site.next()).event == event().id


@pytest.mark.expects_log
async def test_after_a_day_nobody_is_told_any_more(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.site.answer = 500
    deliverer = await town.deliverer()
    await deliverer.post(event())
    waits = []
    while (became := await town.outbox.next())[0] == "again":
        waits.append(became[1] - town.clock.now)
        town.clock.now = became[1]
        deliverer.wake()
    assert became == ("delivered", 0)
    assert town.site.received.qsize() == 10
    for wait, meant in zip(waits, webhooks.WAITS, strict=True):
        assert 0.9 <= wait / (meant * SECOND) <= 1.1
    assert "no try of 24 hours came through" in caplog.text


async def test_a_site_that_says_gone_is_not_told_that_again(town: Town) -> None:
    town.site.answer = 410
    deliverer = await town.deliverer()
    await deliverer.post(event())
    await town.site.next()
    assert await town.outbox.next() == ("delivered", 0)


def test_the_waits_grow_and_make_a_day() -> None:
    assert list(webhooks.WAITS) == sorted(webhooks.WAITS)
    assert sum(webhooks.WAITS) == 24 * 3600


@settings(deadline=None)
@given(st.integers(1, 20), st.floats(0, 1))
def test_a_wait_differs_by_a_tenth_at_most(tries: int, chance: float) -> None:
    wait = wait_after(tries, chance)
    if tries > len(webhooks.WAITS):
        assert wait is None
    else:
        assert wait is not None
        assert 0.9 <= wait / (webhooks.WAITS[tries - 1] * SECOND) <= 1.1


# --- many, and others


async def test_a_site_that_hangs_holds_up_itself_alone(town: Town) -> None:
    town.site.answer = "hang"
    idle = await town.idle()
    for call in range(3 * webhooks.CLAIMED_TOGETHER):
        await idle.post(event(str(call)))
    await idle.post(event("last", OTHER))
    async with idle:
        assert (await town.other.next()).event == event("last", OTHER).id
        assert town.site.received.qsize() <= webhooks.AT_ONCE


async def test_two_nodes_on_one_database_tell_each_event_once(database: str) -> None:
    events = [event(str(call)) for call in range(60)]
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(Receiver())
        nodes = []
        for _ in range(2):
            store = await Store.open(database)
            stack.push_async_callback(store.close)
            nodes.append(Town(stack, store, receiver, receiver))
        both = [await node.idle() for node in nodes]
        await asyncio.gather(*(both[0].post(each) for each in events))
        for node in both:
            await stack.enter_async_context(node)
        told = [(await receiver.next()).event for _ in events]
        async with asyncio.timeout(30):
            while sum(node.outbox.became.qsize() for node in nodes) < len(events):
                await asyncio.sleep(0.005)
        assert sorted(told) == sorted(each.id for each in events)
        assert receiver.received.empty()


async def test_what_waited_for_longer_than_its_lease_is_left_to_whoever_has_it_now(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 1)
    town.site.answers.append("hang")
    async with await town.idle() as slow:
        for call in ("1", "2"):
            await slow.post(event(call))
        await town.site.next()
        town.clock.now += webhooks.LEASE
        async with await town.idle():
            told = {(await town.site.next()).event for _ in range(2)}
            assert told == {event("1").id, event("2").id}
            assert [await town.outbox.next() for _ in told] == [("delivered", 0)] * 2
        town.site.let_go()
        await slow.post(event("3"))
        assert (await town.site.next()).event == event("3").id


async def test_more_than_a_site_may_have_waiting_is_told_after_a_lease(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "WAITING_MOST", 2)
    monkeypatch.setattr(webhooks, "AT_ONCE", 1)
    events = {event(str(call)).id for call in range(10)}
    idle = await town.idle()
    for call in range(10):
        await idle.post(event(str(call)))
    async with idle:
        told = {(await town.site.next()).event for _ in range(2)}
        await town.outbox.claimed.wait()
        while told != events:
            town.clock.now += webhooks.LEASE
            idle.wake()
            told.add((await town.site.next()).event)


async def test_what_is_in_hand_is_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "CLAIMED_TOGETHER", 5)
    monkeypatch.setattr(webhooks, "IN_HAND_MOST", 9)
    town.site.answer = "hang"
    idle = await town.idle()
    for call in range(30):
        await idle.post(event(str(call)))
    async with idle:
        for _ in range(webhooks.AT_ONCE):
            await town.site.next()
        for _ in range(3):
            town.outbox.claimed.clear()
            idle.wake()
            await asyncio.sleep(0)
        assert town.outbox.claims <= 10


async def test_what_was_in_hand_at_the_end_is_told_by_the_next_at_once(town: Town) -> None:
    town.site.answer = "hang"
    events = [event(str(call)) for call in range(2 * webhooks.AT_ONCE)]
    async with await town.idle() as first:
        for each in events:
            await first.post(each)
        for _ in range(webhooks.AT_ONCE):
            await town.site.next()
    town.site.answer = 204
    await town.deliverer()
    assert {(await town.site.next()).event for _ in events} == {each.id for each in events}


async def test_what_a_node_that_died_had_in_hand_is_told_by_another(town: Town) -> None:
    await (await town.idle()).post(event())
    (lost,) = await town.outbox.claim(START, START + webhooks.LEASE, 10)
    deliverer = await town.deliverer()
    town.clock.now = START + webhooks.LEASE
    deliverer.wake()
    assert (await town.site.next()).event == lost.id


@pytest.mark.expects_log
async def test_a_store_that_breaks_does_not_end_it(town: Town) -> None:
    idle = await town.idle()
    await idle.post(event())
    town.outbox.fault = ZeroDivisionError()
    async with idle:
        await town.outbox.next()
        town.outbox.fault = None
        idle.wake()
        assert (await town.site.next()).event == event().id


@pytest.mark.expects_log
async def test_a_store_that_is_away_is_asked_again(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    deliverer = await town.deliverer()
    town.outbox.fault = StoreAway("the database does not answer")
    for _ in range(2):
        deliverer.wake()
        assert await town.outbox.next() == ("away", 0)
    town.outbox.fault = None
    await deliverer.post(event())
    assert (await town.site.next()).event == event().id
    assert caplog.text.count("webhooks wait") == 1


# --- what is not told


async def test_the_log_names_a_host_and_a_status_and_no_more(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    town.site.answers.extend([500, "hang", 204])
    for call, open_one in enumerate((town.idle, town.hasty, town.idle)):
        async with await open_one() as deliverer:
            await deliverer.post(event(str(call)))
            await town.outbox.next()
    messages = [record.getMessage() for record in caplog.records if "webhook" in record.name]
    assert messages == [
        "webhook to 127.0.0.1: 500",
        "webhook to 127.0.0.1: TimeoutError",
        "webhook to 127.0.0.1: 204",
    ]
    assert not any("hidden" in record.getMessage() for record in caplog.records)


# --- what a receiver does

BODY = b'{"type": "call.started"}'
HEADERS = sign(Webhook("https://site.example", SECRET), "call_1", BODY, START)


def test_the_signature_is_the_one_that_was_published() -> None:
    """The test vector of Standard Webhooks' own libraries."""
    webhook = Webhook("https://site.example", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = sign(
        webhook, "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', 1_614_265_330_000
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_was_signed_is_believed() -> None:
    assert verify(SECRET, HEADERS, BODY, START) == {"type": "call.started"}


def test_however_headers_are_written() -> None:
    shouted = {name.title(): value for name, value in HEADERS.items()}
    assert verify(SECRET, shouted, BODY, START)


def test_a_secret_can_be_changed_at_the_receivers_own_moment() -> None:
    new = new_secret()
    headers = sign(Webhook("https://site.example", new, SECRET), "call_1", BODY, START)
    assert verify(SECRET, headers, BODY, START) == verify(new, headers, BODY, START)


@pytest.mark.parametrize("late", [-TOLERANCE, TOLERANCE])
def test_clocks_may_differ(late: int) -> None:
    assert verify(SECRET, HEADERS, BODY, START + late)


LIES: dict[str, tuple[str, dict[str, str], bytes, int]] = {
    "another body": (SECRET, {}, BODY + b" ", START),
    "another event": (SECRET, {"webhook-id": "call_2"}, BODY, START),
    "another time": (SECRET, {"webhook-timestamp": str(START // 1000 + 1)}, BODY, START),
    "another secret": (new_secret(), {}, BODY, START),
    "no signature": (SECRET, {"webhook-signature": ""}, BODY, START),
    "another scheme": (SECRET, {"webhook-signature": "v1a,AAAA"}, BODY, START),
    "letters that are none": (SECRET, {"webhook-signature": "v1,\u00fc"}, BODY, START),
    "of yesterday": (SECRET, {}, BODY, START + 86_400_000),
    "of tomorrow": (SECRET, {}, BODY, START - 86_400_000),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_not_believed(lie: str) -> None:
    secret, changed, body, now = LIES[lie]
    with pytest.raises(WebhookError) as refused:
        verify(secret, {**HEADERS, **changed}, body, now)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("missing", HEADERS)
def test_nothing_is_believed_without(missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    with pytest.raises(WebhookError):
        verify(SECRET, headers, BODY, START)


def test_an_event_without_a_name_is_not_believed() -> None:
    headers = sign(Webhook("https://site.example", SECRET), "", BODY, START)
    with pytest.raises(WebhookError):
        verify(SECRET, headers, BODY, START)
