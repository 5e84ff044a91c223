"""Who sends more than calls need is kept out until it is paid for; nobody else notices."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from running import Supernode
from twocan_supernode.errors import SupernodeError
from twocan_supernode.flooding import AT_ONCE, GROUP, RATE, Flooding, Sums
from xmpp_stream import Refused, connected, signed_in

ANN, BEN = "ann@site.example", "ben@site.example"
BODY = "x" * 30_000


def test_what_a_day_of_calls_takes_is_never_too_much() -> None:
    sums = Sums()
    assert not any(sums.sent(ANN, 6_000, minute * 60.0) for minute in range(24 * 60))


def test_nor_is_an_afternoon_of_calls_at_once() -> None:
    sums = Sums()
    assert not any(sums.sent(ANN, 6_000, 0.0) for _ in range(150))


def test_too_much_is_paid_for_to_the_last_byte() -> None:
    sums = Sums()
    assert not sums.sent(ANN, AT_ONCE, 5.0)
    assert sums.sent(ANN, RATE, 5.0)
    assert sums.paid_in(ANN, 5.0) == pytest.approx(AT_ONCE / RATE + 1)
    assert sums.paid_in(ANN, 1e9) == 0
    assert not sums.sent(BEN, AT_ONCE, 5.0)
    assert sums.paid_in("nobody@site.example", 5.0) == 0


def test_who_rested_may_not_send_more_than_others_at_once() -> None:
    sums = Sums()
    sums.sent(ANN, RATE, 0.0)
    assert sums.sent(ANN, AT_ONCE + RATE, 1e6)


def test_the_memory_is_bounded_and_forgets_who_was_silent_longest() -> None:
    sums = Sums(most=2)
    for person in ("one", "two", "one", "three"):
        sums.sent(person, RATE, 0.0)
    assert [sums.paid_in(person, 0.0) for person in ("one", "two", "three")] == [2.0, 0.0, 1.0]


@given(st.lists(st.tuples(st.integers(1, 50_000), st.floats(0, 900)), max_size=50))
def test_whatever_is_sent_while_it_is_not_too_much_is_bounded(
    sent: list[tuple[int, float]],
) -> None:
    sums, now, total = Sums(), 0.0, 0
    for size, later in sent:
        now += later
        if sums.sent(ANN, size, now):
            break
        total += size
    assert total <= AT_ONCE + RATE * now + 1


# --- keeping out


class Node:
    """Notes what it was asked for. ``away``: it cannot be."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self.away = False

    async def end(self, address: str, group: str, /) -> None:
        if self.away:
            self.away = False
            raise SupernodeError("the node does not answer")
        self.asked.put_nowait(("end", address, group))

    async def readmit(self, address: str, group: str, /) -> None:
        self.asked.put_nowait(("readmit", address, group))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.expects_log
async def test_whose_sum_runs_over_is_out_until_it_is_paid(
    caplog: pytest.LogCaptureFixture,
) -> None:
    node, clock = Node(), Clock()
    flooding = Flooding(Sums(), clock)
    running = asyncio.create_task(flooding.keeping_out(node))
    try:
        flooding.sent(BEN, AT_ONCE)
        for _ in range(3):
            flooding.sent(ANN, AT_ONCE)
        assert await node.asked.get() == ("end", ANN, GROUP)
        assert f"{ANN} sent too much, and is kept out for 100 min" in caplog.text
        flooding.sent(ANN, RATE)  # what was on its way
        flooding.sent(BEN, RATE)
        assert await node.asked.get() == ("end", BEN, GROUP)
        clock.now = 4 * AT_ONCE / RATE
        assert await node.asked.get() == ("readmit", ANN, GROUP)
        assert await node.asked.get() == ("readmit", BEN, GROUP)
        flooding.sent(ANN, 2 * AT_ONCE)
        assert await node.asked.get() == ("end", ANN, GROUP)
        assert node.asked.empty()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.expects_log
async def test_who_was_let_in_by_another_node_is_out_again() -> None:
    node, clock = Node(), Clock()
    flooding = Flooding(Sums(), clock)
    running = asyncio.create_task(flooding.keeping_out(node))
    try:
        flooding.sent(ANN, 2 * AT_ONCE)
        assert await node.asked.get() == ("end", ANN, GROUP)
        clock.now = 60.0
        flooding.sent(ANN, 1)
        assert await node.asked.get() == ("end", ANN, GROUP)
        assert node.asked.empty()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.expects_log
async def test_it_is_seen_to_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan_supernode.flooding._LOOKS_EVERY", 3600.0)
    node = Node()
    flooding = Flooding(Sums(), Clock())
    running = asyncio.create_task(flooding.keeping_out(node))
    try:
        await asyncio.sleep(0)
        flooding.sent(ANN, 2 * AT_ONCE)
        async with asyncio.timeout(30):
            assert await node.asked.get() == ("end", ANN, GROUP)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.expects_log
async def test_a_node_that_is_away_is_asked_again_and_one_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    node = Node()
    node.away = True
    flooding = Flooding(Sums(), Clock())
    flooding.sent(ANN, 2 * AT_ONCE)
    flooding.sent(BEN, 2 * AT_ONCE)
    running = asyncio.create_task(flooding.keeping_out(node))
    try:
        assert [(await node.asked.get())[1] for _ in range(2)] == [BEN, ANN]
        assert "not kept out for now: the node does not answer" in caplog.text
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _floods(node: Supernode, person: str, to: str) -> None:
    """Until they are ended; on new streams, each with a new burst."""
    account = node.mint(person)
    ended = asyncio.Event()
    while not ended.is_set():
        async with connected(account) as stream:
            try:
                await stream.authenticate(account["address"], account["token"])
                await stream.bind("one")
                for _ in range(3):
                    stream.send(f"<message to='{to}' type='chat'><body>{BODY}</body></message>")
                await stream.ask("<ping xmlns='urn:xmpp:ping'/>")
            except (Refused, EOFError, ConnectionError):
                ended.set()


@pytest.mark.parametrize("to", ["person@elsewhere.example", ""], ids=["elsewhere", "oneself"])
async def test_a_real_node_lets_in_no_more_who_floods_it(supernode: Supernode, to: str) -> None:
    person = f"floods-{to}"
    async with asyncio.timeout(30), signed_in(supernode.mint("calm")) as calm:
        await _floods(supernode, person, to or supernode.mint(person)["address"])
        account = supernode.mint(person)
        async with connected(account) as stream:
            await stream.authenticate(account["address"], account["token"])
            with pytest.raises(Refused):
                await stream.bind("again")
        assert await calm.messages_so_far() == []


async def test_a_stanza_that_no_call_needs_ends_its_stream(supernode: Supernode) -> None:
    account = supernode.mint("long-winded")
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind("one")
        stream.send(f"<message to='{account['address']}'><body>{'x' * 66_000}</body></message>")
        error = await stream.until(lambda element: element.tag.endswith("}error"))
        assert error.find("{urn:ietf:params:xml:ns:xmpp-streams}policy-violation") is not None
