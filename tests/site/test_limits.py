"""How often somebody may ask: rates, bursts, waits that are true, and a bounded memory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan_supernode.site import limits
from twocan_supernode.site.limits import Limiter, Rate

TWICE_A_MINUTE = Rate(count=2, seconds=60, burst=3)


def test_a_burst_goes_and_then_one_waits() -> None:
    limiter = Limiter(TWICE_A_MINUTE)
    assert [limiter.take("ann", 0.0) for _ in range(4)] == [0, 0, 0, 30]


def test_after_the_wait_one_goes_and_no_more() -> None:
    limiter = Limiter(TWICE_A_MINUTE)
    for _ in range(3):
        limiter.take("ann", 0.0)
    assert limiter.take("ann", 29.0) == 1
    assert limiter.take("ann", 30.0) == 0
    assert limiter.take("ann", 30.0) == 30


def test_to_ask_in_vain_costs_nothing() -> None:
    limiter = Limiter(TWICE_A_MINUTE)
    waits = [limiter.take("ann", 0.0) for _ in range(100)]
    assert waits[3:] == [30] * 97


def test_who_rests_has_the_burst_again_and_not_more() -> None:
    limiter = Limiter(TWICE_A_MINUTE)
    for _ in range(3):
        limiter.take("ann", 0.0)
    assert [limiter.take("ann", 86_400.0) for _ in range(4)] == [0, 0, 0, 30]


def test_one_does_not_pay_for_another() -> None:
    limiter = Limiter(Rate(count=1, seconds=60, burst=1))
    assert [limiter.take(who, 0.0) for who in ("ann", "ben", "ann")] == [0, 0, 60]


def test_an_asker_may_have_a_rate_of_its_own() -> None:
    limiter = Limiter(Rate(count=1, seconds=60, burst=1))
    assert [limiter.take("ann", 0.0, TWICE_A_MINUTE) for _ in range(4)] == [0, 0, 0, 30]


def test_the_memory_is_bounded_and_forgets_who_rested_longest() -> None:
    limiter = Limiter(Rate(count=1, seconds=60, burst=1), most=2)
    for who in ("ann", "ben", "cy"):
        limiter.take(who, 0.0)
    assert len(limiter) == 2
    assert [limiter.take(who, 1.0) for who in ("cy", "ben", "ann")] == [59, 59, 0]


def test_who_asks_again_is_not_who_rested_longest() -> None:
    limiter = Limiter(Rate(count=2, seconds=60, burst=2), most=2)
    for who in ("ann", "ben", "ann", "cy"):
        limiter.take(who, 0.0)
    assert limiter.take("ann", 0.0) == 30


def test_a_clock_that_stands_still_or_starts_late_is_a_clock() -> None:
    limiter = Limiter(Rate(count=3, seconds=1, burst=3))
    for now in (1e9, 1e9 + 1):
        assert [limiter.take("ann", now) > 0 for _ in range(4)] == [False, False, False, True]


rates = st.builds(
    Rate, st.integers(1, 3_000), st.integers(1, 3_600), st.integers(1, 50)
)  # fmt: skip


@settings(deadline=None)
@given(rates, st.lists(st.floats(0, 120), max_size=200))
def test_never_more_than_the_rate_in_any_stretch_of_time(rate: Rate, steps: list[float]) -> None:
    limiter, now, taken = Limiter(rate), 0.0, []
    for step in steps:
        now += step
        if not limiter.take("ann", now):
            taken.append(now)
    for number, since in enumerate(taken):
        for count, until in enumerate(taken[number:], start=1):
            assert count <= rate.burst + (until - since) / rate.every + 1e-3


@settings(deadline=None)
@given(rates, st.lists(st.floats(0, 120), max_size=50))
def test_who_waits_as_told_goes(rate: Rate, steps: list[float]) -> None:
    limiter, now = Limiter(rate), 0.0
    for step in steps:
        now += step
        if wait := limiter.take("ann", now):
            assert limiter.take("ann", now + wait) == 0
            now += wait


@pytest.mark.parametrize(
    "numbers", [(0, 60, 1), (1, 0, 1), (1, 60, 0), (-1, 60, 1), (10**9, 1, 1), (1, 10**400, 1)]
)
def test_a_rate_that_makes_no_sense_is_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="from 1 to"):
        Rate(*numbers)


def test_a_site_key_is_good_for_what_the_bench_asks() -> None:
    limiter = Limiter(limits.SITE_KEY)
    assert not any(limiter.take("key", number / 3_000) for number in range(9_000))


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("127.3.2.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", None),
        ("testclient", None),
    ],
)
def test_who_asks_from_an_address(address: str, who: str | None) -> None:
    assert limits.network(address) == who
