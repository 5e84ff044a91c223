"""Packets that are put into a pacer, and when they leave it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from twocan.media.pictures.sending.pacing import TICK, Pacer

SIZE = 1200


def packets(count: int, first: int = 0) -> list[bytes]:
    return [(first + k).to_bytes(4, "big") * (SIZE // 4) for k in range(count)]


def pacer(bitrate: int = 1_000_000, *, pace: int = 0, burst: int = 0) -> Pacer[bytes]:
    made: Pacer[bytes] = Pacer(bitrate)
    made.set(
        bitrate, pace=pace or bitrate * 5 // 4, burst=burst or bitrate * 5 // 2, interval=1 / 30
    )
    return made


def drain(made: Pacer[bytes]) -> list[tuple[float, list[bytes]]]:
    """Wake up whenever it says, until nothing waits."""
    left = []
    while (due := made.next_at()) is not None:
        taken = made.take(due)
        assert taken
        left.append((due, taken))
    return left


def test_nothing_waits_and_nothing_leaves() -> None:
    made = pacer()
    assert made.next_at() is None
    assert made.take(5.0) == []


def test_an_ordinary_picture_is_through_before_the_next_one() -> None:
    made = pacer()
    made.put(packets(3), 1.0)
    left = drain(made)
    assert left[0][0] == 1.0
    assert 1 / 80 < left[-1][0] - 1.0 < 1 / 30


def test_packets_leave_in_bunches_and_wake_nobody_more_often() -> None:
    made = pacer(8_000_000)
    made.put(packets(28), 1.0)
    left = drain(made)
    assert all(after - before >= TICK - 1e-9 for (before, _), (after, _) in pairwise(left))
    assert len(left) <= 8
    assert sum(len(bunch) for _, bunch in left) == 28


def test_evenly_packets_leave_one_by_one() -> None:
    made = pacer()
    made.set(1_000_000, pace=1_250_000, burst=2_500_000, interval=1 / 30, evenly=True)
    made.put(packets(20), 1.0)
    left = drain(made)
    assert [len(bunch) for _, bunch in left] == [1] * 20
    apart = [after - before for (before, _), (after, _) in pairwise(left)]
    assert all(SIZE * 8 / 2_500_000 - 1e-9 <= each <= SIZE * 8 / 1_000_000 for each in apart)


def test_a_key_picture_leaves_faster_than_it_was_coded_for() -> None:
    made = pacer()
    made.put(packets(20), 1.0)
    took = drain(made)[-1][0] - 1.0
    assert 0.07 < took < 0.12


def test_repairs_leave_first_and_each_once() -> None:
    made = pacer()
    pictures, repair = packets(3), packets(1, first=100)
    made.put(pictures, 1.0)
    made.put(repair, 1.0, repair=True)
    made.put(repair, 1.0, repair=True)
    assert [packet for _, bunch in drain(made) for packet in bunch] == repair + pictures


def test_while_it_is_held_nothing_leaves() -> None:
    made = pacer()
    made.put(packets(2), 1.0)
    made.set(300_000, pace=375_000, burst=400_000, interval=1 / 30, held_until=1.4)
    assert made.take(1.2) == []
    assert made.next_at() == 1.4
    assert made.take(1.4) != []


def test_what_waits_too_long_says_so() -> None:
    made = pacer(300_000)
    made.put(packets(8), 1.0)
    said = [made.behind]
    made.put(packets(4), 1.0)
    said.append(made.behind)
    drain(made)
    assert [*said, made.behind] == [False, True, False]


def test_repairs_that_cost_more_than_a_key_picture_are_forgotten_for_one() -> None:
    made = pacer(300_000)
    made.put(packets(4), 1.0, repair=True)
    said = [made.overdue]
    made.put(packets(4, first=10), 1.0, repair=True)
    assert [*said, made.overdue] == [False, True]
    made.forget_repairs()
    assert (made.overdue, made.waiting, made.delay) == (False, 0, 0)


def test_a_pause_is_not_made_up_for_by_a_burst() -> None:
    made = pacer()
    made.put(packets(1), 1.0)
    drain(made)
    made.put(packets(30), 9.0)
    assert len(made.take(9.0)) <= 2


def test_a_peer_that_asks_for_everything_again_fills_no_memory() -> None:
    made = pacer(300_000)
    for k in range(5000):
        made.put(packets(1, first=k), 1.0, repair=True)
    assert made.waiting <= 256
    assert made.dropped >= 4744


events = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 40)),
    st.tuples(st.just("repair"), st.integers(0, 40)),
    st.tuples(st.just("set"), st.integers(0, 5_000_000)),
    st.tuples(st.just("take"), st.just(0)),
)


@given(st.lists(st.tuples(st.floats(-0.05, 0.5), events), max_size=60))
def test_whatever_is_asked_nothing_is_lost_unsaid_nor_doubled(
    asked: list[tuple[float, tuple[str, int]]],
) -> None:
    made, now, put, left = pacer(), 10.0, 0, 0
    for passed, (kind, number) in asked:
        now += passed
        if kind == "set":
            made.set(number, pace=2 * number, burst=number, interval=1 / 30, held_until=now + 0.1)
        elif kind == "take":
            left += len(made.take(now))
        else:
            made.put(packets(number, first=put), now, repair=kind == "repair")
            put += number
    assert made.waiting + left + made.dropped == put
    assert sum(len(bunch) for _, bunch in drain(made)) + left + made.dropped == put
    assert made.delay == 0
