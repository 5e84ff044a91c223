"""The one figure that a window shows of pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.pictures.quality import quality

SIZES = st.sampled_from([(320, 180), (640, 360), (960, 540), (1280, 720)])
SHARES = st.floats(0, 1)
RATES = st.floats(0.1, 60)
KBPS = st.floats(1, 10000)
DELAYS = st.floats(0, 3000)


def test_a_good_picture_and_a_bad_one() -> None:
    assert quality(1280, 720, 30, 2500, 0, 0, 80) >= 4.2
    assert 3.3 <= quality(640, 360, 30, 600, 0, 0, 80) <= 4
    assert quality(320, 180, 15, 80, 0, 0, 80) <= 2.5
    assert quality(1280, 720, 30, 2500, 0.3, 0.05, 80) <= 2.5


@pytest.mark.parametrize("nothing", [(0, 720, 30, 900), (1280, 720, 0, 900), (1280, 720, 30, 0)])
def test_no_picture_is_bad(nothing: tuple[int, int, float, float]) -> None:
    assert quality(*nothing, 0, 0, 80) == 1


@given(SIZES, RATES, KBPS, SHARES, SHARES, DELAYS)
def test_it_is_an_opinion(
    size: tuple[int, int], fps: float, kbps: float, frozen: float, loss: float, delay: float
) -> None:
    assert 1 <= quality(*size, fps, kbps, frozen, loss, delay) <= 5


@given(SIZES, RATES, KBPS, SHARES, SHARES, DELAYS, st.floats(0, 5))
def test_what_is_better_is_never_worse(
    size: tuple[int, int],
    fps: float,
    kbps: float,
    frozen: float,
    loss: float,
    delay: float,
    more: float,
) -> None:
    said = quality(*size, fps, kbps, frozen, loss, delay)
    assert quality(*size, fps * (1 + more), kbps, frozen, loss, delay) >= said
    assert quality(*size, fps, kbps * (1 + more), frozen, loss, delay) >= said
    assert quality(*size, fps, kbps, frozen + more, loss, delay) <= said
    assert quality(*size, fps, kbps, frozen, loss + more, delay) <= said
    assert quality(*size, fps, kbps, frozen, loss, delay * (1 + more)) <= said


def test_each_figure_counts() -> None:
    said = quality(640, 360, 20, 400, 0.05, 0.02, 200)
    assert quality(640, 360, 30, 400, 0.05, 0.02, 200) > said + 0.02
    assert quality(640, 360, 20, 800, 0.05, 0.02, 200) > said + 0.1
    assert quality(640, 360, 20, 400, 0, 0.02, 200) > said + 0.1
    assert quality(640, 360, 20, 400, 0.05, 0, 200) > said + 0.1
    assert quality(640, 360, 20, 400, 0.05, 0.02, 100) > said + 0.02
    assert quality(1280, 720, 20, 1600, 0.05, 0.02, 200) > said + 0.2


def test_larger_pays_once_there_are_bits_for_it() -> None:
    def best(kbps: float) -> int:
        sizes = [(320, 180), (640, 360), (960, 540), (1280, 720)]
        return max((quality(w, h, 30, kbps, 0, 0, 80), h) for w, h in sizes)[1]

    assert [best(kbps) for kbps in (30, 2500)] == [180, 720]


def test_figures_out_of_bounds_count_as_the_nearest() -> None:
    assert quality(640, 360, 90, 600, -1, -1, -50) == quality(640, 360, 30, 600, 0, 0, 0)
    assert quality(640, 360, 30, 600, 7, 1, 80) == quality(640, 360, 30, 600, 1, 1, 80)
