"""The E-model against the figures that ITU-T publishes, and the arithmetic of counters."""

import json
from math import exp, log10, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media import stats

DELAYS = st.floats(0, 5000)
LOSSES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("rating", "score"),
    [(100, 4.5), (93.2, 4.41), (90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58), (0, 1)],
)
def test_a_rating_means_the_score_of_g_107_annex_b(rating: float, score: float) -> None:
    # The table is printed with two digits: 80 and 50 are 4.024 and 2.575.
    assert stats.opinion(rating) == pytest.approx(score, abs=0.0065)


@pytest.mark.parametrize("rating", [-50, -0.1, 3, 6.4])
def test_no_rating_is_worse_than_the_worst_score(rating: float) -> None:
    assert stats.opinion(rating) == 1


def test_no_rating_is_better_than_the_best_score() -> None:
    assert stats.opinion(130) == stats.opinion(100) == pytest.approx(4.5)


def test_a_call_without_delay_and_loss_has_the_published_rating() -> None:
    assert stats.rating(0, 0) == pytest.approx(93.2, abs=0.01)
    assert stats.mos(0, 0) == 4.41


def test_the_basic_signal_to_noise_ratio_follows_from_g_107_table_3() -> None:
    slr, rlr, ds, dr, stmr, ps, pr, nc, nfor = 8, 2, 3, 3, 15, 35, 35, -70, -64
    nos = ps - slr - ds - 100 + 0.004 * (ps - (slr + rlr) - ds - 14) ** 2
    pre = pr + 10 * log10(1 + 10 ** ((10 - (stmr + dr)) / 10))
    nor = rlr - 121 + pre + 0.008 * (pre - 35) ** 2
    no = 10 * log10(sum(10 ** (noise / 10) for noise in (nc, nos, nor, nfor + rlr)))
    assert no == pytest.approx(stats._NO, abs=0.001)
    assert 15 - 1.5 * (slr + no) == pytest.approx(stats._RO, abs=0.001)


def test_delay_alone_costs_what_g_107_says_term_by_term() -> None:
    # At 200 ms X is 1, which leaves the absolute delay's term in round numbers.
    absolute = 25 * (2 ** (1 / 6) - 3 * (730 / 729) ** (1 / 6) + 2)
    terv = 65 - 40 * log10(21 / (1 + 200 / 150))
    half = (94.769 - (80 + 2.5 * (terv - 14))) / 2
    talker = (half + sqrt(half**2 + 100) - 1) * (1 - exp(-200))
    half = (94.769 - 10.5 * 117 / 401**0.25) / 2
    listener = half + sqrt(half**2 + 169)
    expected = 94.769 - 1.414 - absolute - talker - listener
    assert stats.rating(200, 0) == pytest.approx(expected, abs=0.001)
    assert stats.rating(200, 0) == pytest.approx(85.8, abs=0.1)


@pytest.mark.parametrize(
    ("delay", "score"), [(50, 4.38), (100, 4.35), (150, 4.33), (250, 3.99), (400, 3.22)]
)
def test_what_delay_alone_leaves(delay: float, score: float) -> None:
    assert stats.mos(delay, 0) == score


def test_loss_alone_costs_what_g_107_says_of_a_codec_with_bpl_10() -> None:
    assert stats.rating(0, 0.10) == pytest.approx(93.2 - 95 / 2, abs=0.01)
    assert stats.rating(0, 0.01) == pytest.approx(93.2 - 95 / 11, abs=0.01)


def test_lost_in_bursts_costs_more_than_the_same_loss_scattered() -> None:
    assert stats.rating(0, 0.02, burst=2) == pytest.approx(93.2 - 95 * 2 / 11, abs=0.01)
    assert stats.mos(0, 0.02, burst=2) < stats.mos(0, 0.02)


@given(delay=st.floats(-1e6, 1e6), loss=st.floats(-10, 10), burst=st.floats(0.5, 10))
def test_a_score_is_always_one_to_4_41(delay: float, loss: float, burst: float) -> None:
    assert 1 <= stats.mos(delay, loss, burst) <= 4.41


@given(delays=st.tuples(DELAYS, DELAYS), losses=st.tuples(LOSSES, LOSSES))
def test_more_delay_or_more_loss_never_sounds_better(
    delays: tuple[float, float], losses: tuple[float, float]
) -> None:
    assert stats.mos(max(delays), max(losses)) <= stats.mos(min(delays), min(losses))


def test_the_bit_rate_of_a_second_of_opus() -> None:
    assert stats.bitrate_kbps(4000, 1.0) == 32.0
    assert stats.bitrate_kbps(4000, 0.5) == 64.0


def test_there_is_no_bit_rate_before_time_has_passed() -> None:
    assert stats.bitrate_kbps(4000, 0.0) is None


def test_jitter_in_units_of_the_rtp_clock() -> None:
    assert stats.jitter_ms(480, 48000) == 10.0
    assert stats.jitter_ms(900, 90000) == 10.0


@pytest.mark.parametrize(
    ("lost", "received", "fraction"),
    [(0, 100, 0), (5, 95, 0.05), (7, 0, 1), (0, 0, 0), (-3, 100, 0), (-3, 3, 0)],
)
def test_the_fraction_that_was_lost(lost: int, received: int, fraction: float) -> None:
    assert stats.loss(lost, received) == fraction


def test_a_stream_reports_tenths_and_null_where_it_does_not_know() -> None:
    stream = stats.Stream(packets=50, bytes=4000, lost=0, jitter_ms=1.26, level_dbfs=-20.04)
    assert json.loads(json.dumps(stream.as_dict())) == {
        "packets": 50,
        "bytes": 4000,
        "lost": 0,
        "jitter_ms": 1.3,
        "bitrate_kbps": None,
        "concealed_ms": None,
        "playout_delay_ms": None,
        "level_dbfs": -20.0,
        "late": None,
        "repaired": None,
        "stretched_ms": None,
    }
