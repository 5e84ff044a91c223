"""What counts as a freeze, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.pictures.receiving.freezes import Figures, Freezes


def watched(intervals: list[float], since: float = 100.0) -> tuple[Freezes, float]:
    """What came of frames that were so far apart, and when the last one was shown."""
    freezes, now = Freezes(), since
    freezes.shown(now)
    for interval in intervals:
        now += interval
        freezes.shown(now)
    return freezes, now


SMOOTH = [1 / 30] * 60


def test_even_pictures_do_not_freeze() -> None:
    freezes, now = watched(SMOOTH)
    figures = freezes.figures(now)
    assert (figures.frames, figures.count, figures.seconds) == (61, 0, 0)
    assert figures.watched == pytest.approx(2.0)
    assert freezes.fps == pytest.approx(30)
    assert freezes.figures(now).fps == pytest.approx(30)


@pytest.mark.parametrize(
    ("rate", "interval", "counts"),
    [(30, 0.185, False), (30, 0.195, True), (5, 0.6, False), (5, 0.7, True), (10, 0.3, False)],
)
def test_a_freeze_is_three_intervals_long_and_150_ms_longer_than_one(
    rate: float, interval: float, counts: bool
) -> None:
    # The interval is one of the 30 of which the mean is taken: at 30 a second it takes 188 ms.
    freezes, _ = watched([*[1 / rate] * 60, interval, *[1 / rate] * 5])
    assert freezes.count == counts
    assert freezes.seconds == pytest.approx(interval * counts)


def test_freezes_add_up_and_the_longest_is_known() -> None:
    freezes, now = watched([*SMOOTH, 0.5, *SMOOTH, 2.0, *SMOOTH])
    assert freezes.count == 2
    assert freezes.seconds == pytest.approx(2.5)
    assert freezes.longest == pytest.approx(2.0)
    assert freezes.figures(now).share == pytest.approx(2.5 / 8.5)


def test_a_freeze_counts_while_it_goes_on_and_only_once() -> None:
    freezes, now = watched(SMOOTH)
    assert freezes.figures(now + 0.1).count == 0
    assert freezes.figures(now + 0.7).seconds == pytest.approx(0.7)
    assert freezes.figures(now + 0.8).longest == pytest.approx(0.8)
    assert freezes.count == 0
    freezes.shown(now + 1)
    figures = freezes.figures(now + 1)
    assert figures.count == 1
    assert figures.seconds == pytest.approx(1.0)


def test_a_camera_that_is_off_is_no_freeze() -> None:
    freezes, now = watched(SMOOTH)
    freezes.paused(now + 0.05)
    assert freezes.figures(now + 60).count == 0
    freezes.shown(now + 60)
    freezes.shown(now + 60.033)
    figures = freezes.figures(now + 60.033)
    assert figures.count == 0
    assert figures.watched == pytest.approx(2.083)


def test_what_was_frozen_before_it_was_switched_off_counts() -> None:
    freezes, now = watched(SMOOTH)
    freezes.paused(now + 1)
    freezes.paused(now + 9)
    assert freezes.count == 1
    assert freezes.seconds == pytest.approx(1.0)


def test_of_the_first_frames_nobody_can_say_how_many_were_meant() -> None:
    assert watched([0.03, 0.03, 0.03, 0.9])[0].count == 0
    assert watched([0.03, 0.03, 0.03, 0.03, 0.9])[0].count == 1


def test_before_anything_was_shown_there_is_nothing() -> None:
    freezes = Freezes()
    freezes.paused(5)
    assert freezes.figures(10) == Figures()
    assert (freezes.fps, Figures().fps, Figures().share) == (0, 0, 0)


def test_a_slower_camera_freezes_no_more_than_a_fast_one() -> None:
    slow = [*SMOOTH, *[1 / 15] * 60, *[1 / 5] * 60]
    assert watched(slow)[0].count <= 1
    assert watched([*slow, 0.55])[0].count == watched(slow)[0].count


@given(st.lists(st.floats(0, 5), max_size=80), st.floats(0, 5))
def test_figures_are_those_of_a_frame_that_was_shown(intervals: list[float], more: float) -> None:
    freezes, now = watched(intervals)
    before, said = freezes.figures(now), freezes.figures(now + more)
    freezes.shown(now + more)
    after = freezes.figures(now + more)
    assert (said.count, said.seconds, said.longest) == (after.count, after.seconds, after.longest)
    assert before.count <= after.count
    assert after.longest <= after.seconds + 1e-9 <= after.watched + 2e-9
