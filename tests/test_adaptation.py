"""What the far end reports, and what is sent because of it."""

import random
from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.adaptation import Adaptation, Network, Plan, Report
from twocan.media.opus import Bandwidth, Coding

SECOND = 50
"""Packets."""


class Way:
    """A way to the far end which is told packet by packet what is lost, and reports."""

    def __init__(self, adaptation: Adaptation, *, tells_runs: bool = False) -> None:
        self._adaptation = adaptation
        self._tells_runs = tells_runs
        self._expected = self._lost = self._runs = 0
        self._broken = False

    def carry(self, lost: Iterable[bool], rtt: float | None = None, jitter: float = 0.0) -> Network:
        """A report's worth of packets, and what is thought of the way because of it."""
        for gone in lost:
            self._expected += 1
            self._lost += gone
            self._runs += gone and not self._broken
            self._broken = gone
        runs = self._runs if self._tells_runs else None
        self._adaptation.told(Report(self._expected, self._lost, jitter, rtt, runs))
        return self._adaptation.network


def all_well(packets: int = SECOND) -> list[bool]:
    return [False] * packets


def every(nth: int, packets: int = SECOND, row: int = 1) -> list[bool]:
    """``row`` packets in a row lost of every ``nth``."""
    return [k % nth < row for k in range(packets)]


def scattered(fraction: float, packets: int, seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < fraction for _ in range(packets)]


def in_runs(fraction: float, mean: float, packets: int, seed: int) -> Iterator[bool]:
    """Gilbert's way: a run ends at each packet with one chance in ``mean``."""
    chance = random.Random(seed)
    bad = False
    for _ in range(packets):
        more = 1 - 1 / mean if bad else fraction / mean / (1 - fraction)
        bad = chance.random() < more
        yield bad


def seconds(lost: Iterable[bool]) -> Iterator[list[bool]]:
    whole = list(lost)
    return (whole[at : at + SECOND] for at in range(0, len(whole), SECOND))


# The way a call goes


def test_a_call_begins_with_a_little_redundancy_and_ends_it_where_the_way_is_clean() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    assert (adaptation.network, adaptation.plan.copies) == (Network.UNKNOWN, (1,))
    assert way.carry(all_well()) is Network.UNKNOWN
    assert way.carry(all_well()) is Network.CLEAN
    assert adaptation.plan.copies == ()
    assert not adaptation.plan.coding.fec
    assert adaptation.plan.coding.bandwidth is Bandwidth.FULL


def test_one_lost_packet_is_no_reason_for_anything() -> None:
    way = Way(Adaptation(redundancy=True))
    way.carry(all_well())
    way.carry(all_well())
    assert way.carry(every(SECOND)) is Network.CLEAN


@pytest.mark.parametrize("clean", [0, 30], ids=["at once", "after half a minute"])
def test_losses_are_answered_within_two_reports(clean: int) -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    for _ in range(clean):
        way.carry(all_well())
    way.carry(every(20))
    assert way.carry(every(20)) is Network.LOSSY
    assert adaptation.plan.copies == (1,)
    assert adaptation.plan.coding.bandwidth is Bandwidth.WIDE


def test_many_losses_are_answered_two_generations_deep() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    way.carry(every(5))
    assert way.carry(every(5)) is Network.LOSSIER
    assert adaptation.plan.copies == (1, 2)


def test_losses_in_a_row_are_answered_by_a_copy_that_lies_beyond_the_row() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation, tells_runs=True)
    way.carry(every(25, row=3))
    assert way.carry(every(25, row=3)) is Network.BURSTY
    assert adaptation.plan.copies == (3,)
    assert adaptation.plan.coding.fec


def test_redundancy_is_let_go_ten_seconds_after_the_last_need_for_it() -> None:
    way = Way(Adaptation(redundancy=True))
    way.carry(every(10))
    thought = [way.carry(all_well()) for _ in range(20)]
    kept = thought.index(Network.CLEAN)
    # Five seconds until the losses are no longer recent, and ten of calm.
    assert thought == [Network.LOSSY] * kept + [Network.CLEAN] * (20 - kept)
    assert 12 <= kept <= 16


def test_what_was_bad_gets_better_by_one_step_at_a_time() -> None:
    way = Way(Adaptation(redundancy=True))
    way.carry(every(5))
    thought = [way.carry(all_well()) for _ in range(40)]
    steps = [now for before, now in zip(["", *thought], thought, strict=False) if before != now]
    assert steps == [Network.LOSSIER, Network.LOSSY, Network.CLEAN]


def test_losses_in_a_row_that_end_are_let_go_too() -> None:
    way = Way(Adaptation(redundancy=True), tells_runs=True)
    way.carry(every(25, row=3))
    assert way.carry(every(25, row=3)) is Network.BURSTY
    thought = [way.carry(all_well()) for _ in range(30)]
    assert thought[-1] is Network.CLEAN
    assert thought.count(Network.BURSTY) >= 10


def test_losses_that_cease_to_come_in_rows_are_scattered_again() -> None:
    way = Way(Adaptation(redundancy=True), tells_runs=True)
    way.carry(every(25, row=3))
    assert way.carry(every(25, row=3)) is Network.BURSTY
    assert [way.carry(every(25)) for _ in range(10)][-1] is not Network.BURSTY


# What is taken for what


@pytest.mark.parametrize("fraction", [0.02, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("tells_runs", [True, False])
def test_chance_is_hardly_ever_taken_for_rows(fraction: float, tells_runs: bool) -> None:
    thought = [
        way.carry(part)
        for seed in range(20)
        for way in [Way(Adaptation(redundancy=True), tells_runs=tells_runs)]
        for part in seconds(scattered(fraction, 30 * SECOND, seed))
    ]
    assert thought.count(Network.BURSTY) / len(thought) < 0.05


def test_two_that_are_lost_side_by_side_are_no_row_yet() -> None:
    adaptation = Adaptation(redundancy=True)
    adaptation.told(Report(SECOND, lost=3, jitter=0, runs=2))
    assert adaptation.network is Network.LOSSY


@pytest.mark.parametrize("told", [[2, 2, 2], [0, 1, 2]], ids=["before", "after"])
def test_a_run_may_be_told_of_before_or_after_it_is_certain(told: list[int]) -> None:
    adaptation = Adaptation(redundancy=True)
    for number, (lost, runs) in enumerate(zip([0, 4, 8], told, strict=True), start=1):
        adaptation.told(Report(number * SECOND, lost, jitter=0, runs=runs))
    assert adaptation.network is Network.BURSTY


def test_rows_of_long_ago_are_forgotten() -> None:
    way = Way(Adaptation(redundancy=True), tells_runs=True)
    for _ in range(3):
        way.carry(every(25, row=3))
    # One by one, and too few to outweigh all those rows by themselves.
    thought = [way.carry(every(SECOND)) for _ in range(25)]
    assert (thought[0], thought[-1]) == (Network.BURSTY, Network.LOSSY)


@pytest.mark.parametrize("tells_runs", [True, False])
def test_reports_while_nothing_is_said_change_nothing(tells_runs: bool) -> None:
    way = Way(Adaptation(redundancy=True), tells_runs=tells_runs)
    way.carry(every(10))
    assert {way.carry([]) for _ in range(1000)} == {Network.LOSSY}
    assert way.carry(every(25)) is Network.LOSSY


def test_losses_of_which_nothing_is_told_are_not_taken_for_one_long_run() -> None:
    adaptation = Adaptation(redundancy=True)
    adaptation.told(Report(2 * SECOND, lost=5, jitter=0, runs=0))
    assert adaptation.network is Network.LOSSY


def rows_noticed(tells_runs: bool) -> float:
    """The fraction of half a minute for which rows with a mean of 3 were known."""
    thought = [
        way.carry(part)
        for seed in range(20)
        for way in [Way(Adaptation(redundancy=True), tells_runs=tells_runs)]
        for part in seconds(in_runs(0.05, 3, 30 * SECOND, seed))
    ]
    return thought.count(Network.BURSTY) / len(thought)


def test_rows_are_noticed_soon_where_the_far_end_tells_of_them() -> None:
    assert rows_noticed(tells_runs=True) > 0.75


def test_rows_are_noticed_at_length_from_how_losses_vary() -> None:
    assert rows_noticed(tells_runs=False) > 0.25


@given(
    overtaken=st.lists(st.integers(0, 3), min_size=5, max_size=60),
    jitter=st.floats(0.015, 0.05),
)
def test_packets_that_are_overtaken_are_not_taken_for_lost(
    overtaken: list[int], jitter: float
) -> None:
    adaptation = Adaptation(redundancy=True)
    for number, missing in enumerate(overtaken, start=1):
        # Each report finds others still on their way; none ever stays away for good.
        late = missing if number % 2 else 0
        adaptation.told(Report(number * SECOND, late, jitter))
    assert adaptation.network is Network.CLEAN


def test_more_missing_than_jitter_explains_is_lost_at_once() -> None:
    adaptation = Adaptation(redundancy=True)
    adaptation.told(Report(SECOND, lost=10, jitter=0.02))
    assert adaptation.network in (Network.LOSSY, Network.LOSSIER)


@pytest.mark.parametrize("expected", [100, 50], ids=["with more sent", "with nothing more sent"])
def test_what_is_still_missing_a_report_later_is_lost(expected: int) -> None:
    adaptation = Adaptation(redundancy=True)
    adaptation.told(Report(SECOND, lost=2, jitter=0.02))
    adaptation.told(Report(expected, lost=2, jitter=0.02))
    adaptation.told(Report(2 * SECOND, lost=2, jitter=0.02))
    assert adaptation.network is Network.LOSSY


def test_duplicates_are_no_losses() -> None:
    adaptation = Adaptation(redundancy=True)
    for number in range(1, 5):
        adaptation.told(Report(number * SECOND, lost=-3 * number, jitter=0))
    assert adaptation.network is Network.CLEAN


def test_a_far_end_that_counts_anew_has_lost_nothing() -> None:
    adaptation = Adaptation(redundancy=True)
    for number in range(1, 5):
        adaptation.told(Report(100 * SECOND * number, lost=0, jitter=0))
    adaptation.told(Report(SECOND, lost=40, jitter=0))
    assert adaptation.told(Report(2 * SECOND, lost=40, jitter=0)).copies == ()
    assert adaptation.told(Report(3 * SECOND, lost=42, jitter=0)).copies == (1,)


# Peers that take no redundancy


def test_a_peer_without_redundancy_gets_fec_as_strong_as_the_losses() -> None:
    adaptation = Adaptation(redundancy=False)
    way = Way(adaptation)
    assert adaptation.plan.coding.fec
    talk(way, [None, None], all_well())
    assert adaptation.plan == Plan(Coding(28_000))
    talk(way, [None] * 8, every(10))
    assert adaptation.plan == Plan(
        Coding(29_000, fec=True, expected_loss=10, bandwidth=Bandwidth.WIDE)
    )


# Congestion


def talk(way: Way, rtts: Sequence[float | None], lost: list[bool], jitter: float = 0.0) -> None:
    for rtt in rtts:
        way.carry(lost, rtt, jitter)


def test_losses_while_the_round_trip_grows_lower_the_bit_rate_and_end_redundancy() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    talk(way, [0.03] * 5, every(20))
    before = adaptation.plan
    talk(way, [0.2, 0.25, 0.3], every(10))
    after = adaptation.plan
    assert (before.copies, after.copies) == ((1,), ())
    assert after.bitrate < before.bitrate / 2
    talk(way, [0.4] * 20, every(10))
    assert adaptation.plan.bitrate == 12_000


def test_the_bit_rate_rises_again_by_little_steps_and_redundancy_comes_last() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    talk(way, [0.03, *[0.3] * 10], every(10))
    assert adaptation.plan.bitrate == 12_000
    rates = []
    for _ in range(30):
        talk(way, [0.03], every(10))
        rates.append(adaptation.plan.bitrate)
    assert rates == sorted(rates)
    assert rates[1] - rates[0] == 3_000
    assert adaptation.plan.copies == (1, 2)


def test_a_round_trip_that_grows_without_losses_changes_nothing() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    talk(way, [0.03, 0.03, 0.03], all_well())
    before = adaptation.plan
    talk(way, [0.4] * 10, all_well())
    assert adaptation.plan == before


def test_the_bit_rate_does_not_rise_while_the_queue_stands() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    talk(way, [0.03, *[0.3] * 10], every(10))
    talk(way, [0.3] * 10, all_well())
    assert adaptation.plan.bitrate == 12_000


def test_a_round_trip_that_cannot_be_is_not_believed() -> None:
    adaptation = Adaptation(redundancy=True)
    talk(Way(adaptation), [-5.0, *[0.3] * 5], every(20))
    assert adaptation.plan.copies == (1,)


def test_losses_on_a_long_but_steady_way_are_answered_by_redundancy() -> None:
    adaptation = Adaptation(redundancy=True)
    talk(Way(adaptation), [0.6] * 5, every(20))
    assert adaptation.plan.copies == (1,)


def test_one_slow_report_is_no_congestion() -> None:
    adaptation = Adaptation(redundancy=True)
    talk(Way(adaptation), [0.03, 0.03, 0.5, 0.03, 0.03], every(20))
    assert adaptation.plan.copies == (1,)


def test_jitter_in_the_round_trip_is_no_congestion() -> None:
    adaptation = Adaptation(redundancy=True)
    talk(Way(adaptation), [0.02, 0.12, 0.14, 0.09, 0.13, 0.14], every(10), jitter=0.02)
    assert adaptation.plan.copies == (1, 2)


def test_a_way_that_has_become_longer_for_good_is_got_used_to() -> None:
    adaptation = Adaptation(redundancy=True)
    way = Way(adaptation)
    talk(way, [0.02] * 5, every(20))
    talk(way, [0.3] * 80, every(20))
    assert adaptation.plan.copies == (1,)


# Whatever is reported

REPORTS = st.lists(
    st.builds(
        Report,
        expected=st.integers(-(2**33), 2**33) | st.integers(0, 2000),
        lost=st.integers(-(2**24), 2**24) | st.integers(0, 200),
        jitter=st.floats(-1, 1e6) | st.floats(0, 0.1),
        rtt=st.none() | st.floats(-1, 1e6) | st.floats(0, 1),
        runs=st.none() | st.integers(-(2**33), 2**33) | st.integers(0, 200),
    ),
    max_size=60,
)


@given(reports=REPORTS, redundancy=st.booleans())
def test_plans_keep_within_bounds_whatever_is_reported(
    reports: list[Report], redundancy: bool
) -> None:
    adaptation = Adaptation(redundancy=redundancy)
    for report in reports:
        plan = adaptation.told(report)
        assert plan == adaptation.plan
        assert 12_000 <= plan.coding.bitrate <= 32_000
        assert 12_000 <= plan.bitrate <= 64_000
        assert 0 <= plan.coding.expected_loss <= 20
        assert plan.copies in ((), (1,), (1, 2), (3,))
        assert redundancy or not plan.copies


@given(
    losses=st.lists(st.integers(0, 20), min_size=1, max_size=40),
    more=st.lists(st.integers(0, 20), min_size=40, max_size=40),
)
def test_more_losses_never_bring_fewer_copies(losses: list[int], more: list[int]) -> None:
    fewer, worse = Adaptation(redundancy=True), Adaptation(redundancy=True)
    expected = lost = worse_lost = 0
    for once, extra in zip(losses, more, strict=False):
        expected, lost, worse_lost = expected + SECOND, lost + once, worse_lost + once + extra
        # One by one: each is a run of its own.
        fewer.told(Report(expected, lost, 0.0, runs=lost))
        worse.told(Report(expected, worse_lost, 0.0, runs=worse_lost))
        if fewer.network is not Network.UNKNOWN:
            assert len(worse.plan.copies) >= len(fewer.plan.copies)
        assert Network.BURSTY not in (fewer.network, worse.network)
