"""Which packets were lost, from who missed them to who sent them."""

from aiortc.rtp import RtcpPacket, RtcpRtpfbPacket
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.losses import Missed, Runs

ROUND = 1 << 16


def after(numbers: list[int]) -> Missed:
    missed = Missed()
    for number in numbers:
        missed.add(number % ROUND)
    return missed


def without(*lost: int, count: int = 50, start: int = 0) -> list[int]:
    return [start + k for k in range(count) if k not in lost]


def test_where_everything_came_nothing_is_told() -> None:
    assert Missed().take() == []
    assert after(without()).take() == []


def test_each_lost_packet_is_told_twice() -> None:
    missed = after(without(10, 11, 30))
    assert missed.take() == [10, 11, 30]
    assert missed.take() == [10, 11, 30]
    assert missed.take() == []


def test_what_was_overtaken_is_not_lost() -> None:
    order = without(10)
    order.insert(14, 10)
    assert after(order).take() == []


def test_what_may_yet_come_is_not_told_yet() -> None:
    missed = after(without(10, 45, count=50))
    assert missed.take() == [10]
    for number in range(50, 60):
        missed.add(number)
    assert missed.take() == [10, 45]


def test_numbers_begin_again_after_65535() -> None:
    missed = after(without(10, 30, start=ROUND - 20))
    assert missed.take() == [10, ROUND - 10]


def test_a_gap_of_seconds_is_not_told_packet_by_packet() -> None:
    assert after([*range(50), *range(1000, 1050)]).take() == []


@given(numbers=st.lists(st.integers(0, ROUND - 1), max_size=200))
def test_whatever_arrives_what_is_told_can_be_sent_and_read(numbers: list[int]) -> None:
    lost = after(numbers).take()
    assert len(lost) <= 250
    assert lost == sorted(set(lost))
    nack = RtcpRtpfbPacket(fmt=1, ssrc=1, media_ssrc=2, lost=lost)
    (read,) = RtcpPacket.parse(bytes(nack))
    assert isinstance(read, RtcpRtpfbPacket)
    assert read.lost == lost


def test_runs_are_counted_over_all_that_is_told() -> None:
    runs = Runs()
    runs.add([10, 11, 12, 30])
    assert runs.count == 2
    runs.add([31, 40])
    assert runs.count == 3


def test_what_is_told_again_is_not_counted_again() -> None:
    runs = Runs()
    runs.add([10, 11, 30])
    runs.add([10, 11, 30, 60])
    assert runs.count == 3


def test_a_run_over_the_last_number_is_one_run() -> None:
    runs = Runs()
    runs.add([ROUND - 1])
    runs.add([0, 1])
    assert runs.count == 1


@given(lost=st.lists(st.lists(st.integers(-5, 2 * ROUND))))
def test_there_are_never_more_runs_than_were_told_of(lost: list[list[int]]) -> None:
    runs = Runs()
    for told in lost:
        runs.add(told)
    assert runs.count <= sum(map(len, lost))
