"""How long the voice waits for the lips, look by look."""

import pytest

from twocan.media.pictures.receiving.patience import EVERY, MOST, TOLERATED, Patience


def after(*shorts: float) -> Patience:
    """Patience that looked so often, and found that much."""
    patience = Patience(0.0)
    for number, short in enumerate(shorts, 1):
        assert patience.is_due(number * EVERY)
        patience.look(short, number * EVERY)
    return patience


def test_it_looks_twice_a_second() -> None:
    patience = after(0.0)
    assert not patience.is_due(EVERY + 0.4)
    assert patience.is_due(2 * EVERY)


def test_lips_that_are_hardly_late_cost_no_delay() -> None:
    assert after(*[TOLERATED] * 30).seconds == 0


def test_the_first_seconds_say_nothing() -> None:
    assert after(*[0.3] * 7).seconds == 0
    assert after(*[0.3] * 8).seconds > 0


def test_lips_that_stay_late_are_waited_for_step_by_step_and_not_for_ever() -> None:
    assert after(*[0.3] * 10).seconds == pytest.approx(0.06)
    assert after(*[0.3] * 100).seconds == MOST


def test_a_moment_is_not_waited_for() -> None:
    assert after(*[0.0] * 8, *[0.3, 0.3, 0.3, 0.0] * 10).seconds == 0


def test_what_is_not_needed_any_more_is_given_back() -> None:
    assert after(*[0.3] * 20, *[-0.05] * 30).seconds == 0
