"""What the far side tells, and what is sent because of it: first told by hand, then over links."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming import streams
from twocan.media.adaptation import Report
from twocan.media.pictures.sending.rate import CEILING, FLOOR, START, Rate

STEP = [(0.0, 2e6), (15.0, 4e5), (30.0, 2e6)]


def report(expected: int, lost: int, rtt: float | None = 0.02) -> Report:
    return Report(expected, lost, jitter=0.0, rtt=rtt)


def told_for(rate: Rate, seconds: int, lost: float, since: float = 0.0, rtt: float = 0.02) -> float:
    """Reports, two a second, on 100 packets each; what time it is then."""
    for k in range(2 * seconds + 1):
        expected = int(200 * since) + 100 * (k + 1)
        rate.told_report(report(expected, int(lost * expected), rtt), since + k / 2)
    return since + seconds


# Told by hand


def test_before_anything_is_told_it_starts_and_stays() -> None:
    rate = Rate()
    assert rate.target(0.0) == rate.target(60.0) == START


def test_an_estimate_is_obeyed_and_what_is_more_than_twice_the_rate_comes_in_steps() -> None:
    rate = Rate()
    rate.told_estimate(2_000_000, 0.1)
    assert rate.target(0.1) == 2 * START
    rate.told_estimate(2_000_000, 0.2)
    assert rate.target(0.2) == 2_000_000
    rate.told_estimate(300_000, 0.3)
    assert rate.target(0.3) == 300_000


def test_no_estimate_takes_it_beyond_what_is_of_use() -> None:
    rate = Rate(ceiling=1_000_000)
    for k in range(10):
        rate.told_estimate(1e12, k / 10)
    assert rate.target(1.0) == 1_000_000
    rate.ceiling = 600_000
    assert rate.target(1.0) == 600_000


def test_after_a_fall_nothing_is_sent_until_the_way_has_carried_what_it_holds() -> None:
    rate = Rate()
    for k in range(5):
        rate.told_estimate(2_000_000, k / 10)
    for k in range(100):
        rate.sent(1250, 0.5 + k * 0.005)
    assert rate.blocked(1.0) == 0
    rate.told_report(report(100, 0), 1.0)
    rate.told_estimate(400_000, 1.0)
    # 90 ms of 2 Mb/s are 22,500 bytes, of which 4,500 have passed.
    assert rate.blocked(1.0) == pytest.approx(18_000 / 50_000, abs=0.05)
    assert 0 < rate.blocked(1.2) < rate.blocked(1.0) + 1e-9
    assert rate.blocked(1.5) == 0


def test_a_little_less_blocks_nothing() -> None:
    rate = Rate()
    for k in range(5):
        rate.told_estimate(1_000_000, k / 10)
        rate.sent(12_500, k / 10)
    rate.told_estimate(870_000, 0.5)
    assert rate.blocked(0.5) == 0


@pytest.mark.parametrize(
    ("lost", "least", "most"), [(0.02, 1.0, 1.0), (0.07, 1.0, 1.0), (0.2, 0.0, 0.8)]
)
def test_losses_beside_an_estimate(lost: float, least: float, most: float) -> None:
    rate = Rate()
    for k in range(8):
        rate.told_estimate(2_000_000, k / 2)
        rate.told_report(report(100 * (k + 1), int(lost * 100 * (k + 1))), k / 2)
    assert least * 2_000_000 <= rate.target(4.0) <= most * 2_000_000


def test_where_no_estimates_are_told_it_grows_with_the_reports() -> None:
    rate = Rate()
    now = told_for(rate, 5, lost=0.0)
    assert 1.5 * START < rate.target(now) < 3 * START
    assert rate.target(told_for(rate, 30, lost=0.0, since=now)) == CEILING


def test_where_no_estimates_are_told_round_trips_tell_of_queues() -> None:
    rate = Rate()
    now = told_for(rate, 10, lost=0.0)
    for k in range(200):
        rate.sent(rate.target(now) // 8 // 200, now + k / 200)
    before = rate.target(now)
    rate.told_report(report(3000, 0, rtt=0.25), now + 1)
    assert rate.target(now + 1) < 0.9 * before
    assert 0.1 < rate.blocked(now + 1) < 0.4


def test_a_far_side_that_tells_no_estimates_any_more_is_not_sent_more_at_once() -> None:
    rate = Rate()
    for k in range(5):
        rate.told_estimate(400_000, k / 10)
    now = told_for(rate, 4, lost=0.0, since=1.0)
    assert rate.target(now) < 600_000


def test_the_far_side_falls_silent_and_speaks_again() -> None:
    rate = Rate()
    for k in range(5):
        rate.told_estimate(2_000_000, k / 10)
    assert rate.target(2.0) == 2_000_000
    assert rate.target(3.0) == 100_000
    rate.told_estimate(2_000_000, 8.0)
    assert rate.target(8.0) == 2_000_000
    rate.told_report(report(900, 0), 8.1)
    rate.told_report(report(1900, 600), 8.2)
    assert rate.target(8.2) == 2_000_000


def test_reports_that_know_of_nothing_new_are_silence() -> None:
    rate = Rate()
    for k in range(10):
        rate.told_report(report(100, 0), k / 2)
    assert rate.target(5.0) == 100_000


def test_a_key_picture_leaves_no_faster_than_the_way_is_known_to_bear() -> None:
    rate = Rate()
    assert rate.burst(0.0) == 2.5 * START
    for k in range(5):
        rate.told_estimate(600_000, k / 10)
    assert rate.burst(0.5) <= 1.15 * 600_000


told = st.one_of(
    st.tuples(st.just("estimate"), st.floats()),
    st.tuples(
        st.just("report"),
        st.builds(
            Report,
            st.integers(-(1 << 40), 1 << 40),
            st.integers(-(1 << 40), 1 << 40),
            st.floats(),
            st.none() | st.floats(),
        ),
    ),
    st.tuples(st.just("sound"), st.floats()),
    st.tuples(st.just("sent"), st.integers(0, 65_535)),
)


@given(st.lists(st.tuples(st.floats(-0.1, 3.0), told), max_size=100))
def test_whatever_a_peer_tells_the_rate_stays_within_bounds(
    events: list[tuple[float, tuple[str, float | Report | int]]],
) -> None:
    rate, now = Rate(), 50.0
    for passed, (kind, what) in events:
        now += passed
        match kind, what:
            case "estimate", float():
                rate.told_estimate(what, now)
            case "report", Report():
                rate.told_report(what, now)
            case "sound", float():
                rate.told_sound(what, now)
            case "sent", int():
                rate.sent(what, now)
        assert FLOOR <= rate.target(now) <= CEILING
        assert rate.target(now) <= rate.burst(now) <= 5 * CEILING
        assert 0 <= rate.blocked(now) <= 2.0 + 100 * 65_535 / (FLOOR / 8)
        assert math.isfinite(rate.pace(now))


# Over links


@pytest.mark.parametrize("delay", [0.01, 0.05])
def test_it_starts_within_a_second_and_no_queue_fills(delay: float) -> None:
    (stream,) = streams([(0, 3.2e6)], 5.0, delay=delay)
    assert stream.seen.when(720) < 1.0
    assert max(stream.seen.waits(0, 5)) < 0.1
    assert stream.rate.target(5.0) == CEILING


def test_a_step_down_leaves_sound_late_for_a_moment_and_a_step_up_brings_720p_back() -> None:
    (stream,) = streams(STEP, 45.0)
    late = [wait for wait in stream.seen.waits(15, 30) if wait > 0.06]
    assert 0.02 * len(late) < 0.7
    assert stream.seen.frozen(15, 45) <= 1.0
    assert stream.seen.when(720, since=30) < 10.0


def test_the_same_far_away() -> None:
    (stream,) = streams(STEP, 45.0, delay=0.05)
    late = [wait for wait in stream.seen.waits(15, 30) if wait > 0.06]
    assert 0.02 * len(late) < 0.7
    assert stream.seen.frozen(15, 30) <= 1.6
    assert stream.seen.when(720, since=30) < 10.0


def test_losses_and_jitter_do_not_bring_it_down() -> None:
    (stream,) = streams([(0, 3e6)], 15.0, jitter=0.03, loss=0.02)
    rates = [rate for at, rate in stream.seen.rates if at > 3]
    assert sum(rates) / len(rates) > 0.85 * CEILING


def test_the_link_is_gone_and_pictures_come_within_half_a_second_of_its_return() -> None:
    (stream,) = streams([(0, 2e6), (5, 0), (10, 2e6)], 13.0)
    assert min(at for at in stream.seen.shown if at > 10) < 10.5
    assert max(after - at for at, after in pairwise(stream.seen.shown) if at > 10.5) < 0.5
    assert any(rate > 1_000_000 for at, rate in stream.seen.rates if 10 < at < 10.5)


def test_a_narrow_link_carries_pictures_all_the_same() -> None:
    (stream,) = streams([(0, 3e5)], 15.0)
    assert stream.seen.shown[0] < 1.0
    assert stream.seen.frozen(1, 15) < 1.0


def test_a_far_side_that_tells_no_estimates_loses_its_pictures_for_a_while_only() -> None:
    (stream,) = streams(STEP, 45.0, tells=False)
    assert stream.seen.frozen(15, 30) < 4.0
    assert stream.seen.rate(20, 30) > 200_000
