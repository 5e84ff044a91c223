"""When to ask for a new version next, whatever the clock does."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from twocan.desk.update_times import (
    AGAIN_AFTER,
    DAY,
    FIRST_WITHIN,
    HOUR,
    LONGEST,
    SPREAD,
    after,
    first,
    heeded,
)

NOW = st.floats(0, 1e10)
CHANCE = st.floats(0, 1)
NEARLY = 1e-3


@given(NOW, CHANCE)
def test_who_never_asked_does_so_within_an_hour(now: float, chance: float) -> None:
    assert now <= first(now, chance) <= now + FIRST_WITHIN


@given(NOW, CHANCE)
def test_an_answer_is_good_for_a_day(now: float, chance: float) -> None:
    assert DAY - NEARLY <= after(now, chance, answered=True) - now <= LONGEST + NEARLY


@given(NOW, CHANCE)
def test_nobody_who_fails_is_asked_before_hours_have_passed(now: float, chance: float) -> None:
    waits = after(now, chance, answered=False) - now
    assert AGAIN_AFTER - NEARLY <= waits <= AGAIN_AFTER + SPREAD + NEARLY
    assert AGAIN_AFTER >= HOUR


@given(NOW, st.lists(CHANCE, min_size=2, max_size=2, unique=True))
def test_a_crowd_that_starts_at_once_does_not_ask_at_once(now: float, chances: list[float]) -> None:
    one, other = sorted(chances)
    assert first(now, one) <= first(now, other)
    for answered in (True, False):
        assert after(now, one, answered=answered) <= after(now, other, answered=answered)
    assert first(now, 1.0) - first(now, 0.0) >= FIRST_WITHIN - NEARLY
    assert after(now, 1.0, answered=True) - after(now, 0.0, answered=True) >= SPREAD - NEARLY


@given(st.floats(allow_nan=False), NOW)
def test_whatever_is_written_down_nobody_waits_longer_than_a_day_and_some(
    due: float, now: float
) -> None:
    assert heeded(due, now) <= now + LONGEST
    assert heeded(due, now) <= due


@given(NOW, CHANCE, st.booleans())
def test_a_clock_that_is_right_changes_nothing(now: float, chance: float, answered: bool) -> None:
    due = after(now, chance, answered=answered)
    assert heeded(due, now) == min(due, now + LONGEST)
    assert heeded(due, due) == due


@given(st.lists(st.tuples(st.floats(0, 3 * DAY), st.booleans(), CHANCE), max_size=50))
def test_no_two_answers_lie_within_a_day(starts: list[tuple[float, bool, float]]) -> None:
    """The program is started at these times after one another, and runs for a moment."""
    now, due, answers = 0.0, first(0.0, 0.0), list[float]()
    for passed, answered, chance in starts:
        now += passed
        due = heeded(due, now)
        if now >= due:
            due = after(now, chance, answered=answered)
            answers += [now] if answered else []
    assert all(later - one >= DAY - NEARLY for one, later in pairwise(answers))
