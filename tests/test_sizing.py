"""What there is to spend, and how large the pictures are and how many because of it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.pictures.picture import Shape
from twocan.media.pictures.sending.sizing import Sizing


def spend(
    sizing: Sizing,
    rate: int,
    seconds: float,
    since: float = 0.0,
    encode: float | None = 0.005,
    battery: float | None = None,
) -> tuple[Shape, float]:
    """The shape after so long, and when that is."""
    shape = sizing.shape
    for k in range(int(30 * seconds)):
        shape = sizing.update(since + k / 30, rate, encode, battery)
    return shape, since + seconds


@pytest.mark.parametrize(
    ("rate", "shape"),
    [
        (2_500_000, Shape(1280, 720, 30)),
        (600_000, Shape(960, 540, 30)),
        (300_000, Shape(640, 360, 30)),
        (160_000, Shape(640, 360, 20)),
        (60_000, Shape(320, 180, 20)),
        (10_000, Shape(320, 180, 15)),
    ],
)
def test_what_a_rate_is_spent_on(rate: int, shape: Shape) -> None:
    assert Sizing().update(0.0, rate) == shape


def test_pictures_keep_the_proportions_of_their_camera() -> None:
    assert Sizing(640, 480).update(0.0, 2_000_000) == Shape(640, 480, 30)
    assert Sizing(640, 480).update(0.0, 200_000) == Shape(480, 360, 30)
    assert Sizing(854, 480).update(0.0, 2_000_000) == Shape(854, 480, 30)
    assert Sizing(720, 1280).update(0.0, 600_000) == Shape(540, 960, 30)
    assert Sizing(1920, 1080).update(0.0, 2_000_000) == Shape(1280, 720, 30)
    assert Sizing(160, 120).update(0.0, 2_000_000) == Shape(160, 120, 30)


def test_far_less_is_believed_at_once_and_a_little_less_after_a_moment() -> None:
    sizing = Sizing()
    _, now = spend(sizing, 2_000_000, 5.0)
    assert sizing.update(now, 850_000).height == 720
    assert sizing.update(now + 0.6, 850_000).height == 540
    assert sizing.update(now + 0.7, 100_000).height == 180


def test_a_dip_changes_nothing() -> None:
    sizing = Sizing()
    _, now = spend(sizing, 2_000_000, 5.0)
    assert sizing.update(now, 800_000).height == 720
    assert sizing.update(now + 0.2, 1_000_000).height == 720
    assert sizing.update(now + 0.4, 800_000).height == 720


def test_more_has_to_last() -> None:
    sizing = Sizing()
    _, now = spend(sizing, 300_000, 5.0)
    shape, now = spend(sizing, 2_000_000, 1.0, now)
    assert shape.height == 360
    shape, now = spend(sizing, 2_000_000, 1.0, now)
    assert shape.height == 720


def test_at_the_start_it_is_believed_sooner() -> None:
    sizing = Sizing()
    sizing.update(0.0, 500_000)
    shape, _ = spend(sizing, 2_000_000, 0.6, 0.1)
    assert shape.height == 720


def test_between_two_rungs_it_stays_on_either() -> None:
    for before, height in ((2_000_000, 720), (600_000, 540)):
        sizing = Sizing()
        _, now = spend(sizing, before, 5.0)
        shape, _ = spend(sizing, 950_000, 20.0, now)
        assert shape.height == height


def test_a_network_that_never_lets_a_step_up_last_is_asked_less_and_less_often() -> None:
    sizing, now, changes, before = Sizing(), 0.0, 0, 540
    _, now = spend(sizing, 600_000, 5.0)
    for _ in range(60 * 30):
        # Whatever is larger does not fit.
        shape = sizing.update(now, 800_000 if before == 720 else 1_200_000)
        changes, before, now = changes + (shape.height != before), shape.height, now + 1 / 30
    assert changes <= 12


def test_a_machine_that_codes_too_slowly_gets_less_to_code() -> None:
    sizing = Sizing()
    shape, now = spend(sizing, 2_500_000, 5.0, encode=0.028)
    assert shape.height < 720
    shape, now = spend(sizing, 2_500_000, 5.0, now, encode=0.012)
    height = shape.height
    shape, now = spend(sizing, 2_500_000, 30.0, now, encode=0.004)
    assert shape.height == 720 > height


def test_a_machine_that_codes_fast_enough_at_540_is_not_asked_for_720_again() -> None:
    sizing, now = Sizing(), 0.0
    heights = []
    for _ in range(30 * 60):
        took = 0.028 * sizing.shape.width * sizing.shape.height / (1280 * 720)
        heights.append(sizing.update(now, 2_500_000, took).height)
        now += 1 / 30
    assert heights[-1] == 540
    assert sum(a != b for a, b in pairwise(heights)) == 1


def test_an_empty_battery_is_spared() -> None:
    sizing = Sizing()
    assert spend(sizing, 2_500_000, 3.0, battery=0.8)[0].height == 720
    assert spend(sizing, 2_500_000, 3.0, 3.0, battery=0.2)[0].height == 540
    assert spend(sizing, 2_500_000, 3.0, 6.0, battery=0.05)[0] == Shape(640, 360, 20)
    assert spend(sizing, 2_500_000, 6.0, 9.0)[0].height == 720


def test_text_stays_sharp_and_comes_less_often() -> None:
    sizing = Sizing(2560, 1440, text=True)
    assert sizing.update(0.0, 2_500_000) == Shape(1920, 1080, 15)
    shape, now = spend(sizing, 900_000, 3.0, 1.0)
    assert shape == Shape(1920, 1080, 10)
    assert spend(sizing, 100_000, 3.0, now)[0] == Shape(1920, 1080, 5)


def test_another_camera_begins_where_the_last_one_was() -> None:
    sizing = Sizing()
    _, now = spend(sizing, 600_000, 5.0)
    sizing.resize(640, 480)
    assert sizing.shape == Shape(640, 480, 30)
    sizing.resize(1280, 720)
    assert sizing.update(now, 600_000).height == 540


@given(
    st.integers(1, 8000),
    st.integers(1, 8000),
    st.booleans(),
    st.lists(
        st.tuples(
            st.floats(-1.0, 20.0),
            st.integers(0, 10_000_000),
            st.none() | st.floats(0, 2),
            st.none() | st.floats(0, 1),
        ),
        max_size=40,
    ),
)
def test_whatever_happens_pictures_are_no_larger_than_they_may_be(
    width: int,
    height: int,
    text: bool,
    moments: list[tuple[float, int, float | None, float | None]],
) -> None:
    sizing, now = Sizing(width, height, text=text), 0.0
    for passed, rate, encode, battery in moments:
        now += passed
        shape = sizing.update(now, rate, encode, battery)
        assert shape.width % 2 == shape.height % 2 == 0
        assert 2 <= min(shape.width, shape.height) <= (1080 if text else 720)
        assert shape.rate in (30, 20, 15, 10, 5)
        assert sizing.useful >= 150_000
