"""How loud sound is."""

import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sounds import level_of
from twocan.media.sound import (
    BLOCK,
    BLOCK_SECONDS,
    SAMPLE_RATE,
    SILENCE,
    Level,
    Samples,
    dbfs,
    energy_of,
)


def test_a_block_is_10_ms() -> None:
    assert (SAMPLE_RATE, BLOCK, BLOCK_SECONDS) == (48000, 480, 0.01)


def test_silence_is_a_block_that_nobody_can_write_into() -> None:
    assert SILENCE.shape == (BLOCK,)
    assert SILENCE.dtype == np.int16
    assert not SILENCE.any()
    with pytest.raises(ValueError, match="read-only"):
        SILENCE[0] = 1


def test_a_level_is_rms_against_full_scale() -> None:
    assert level_of(np.full(BLOCK, -32768, np.int16)) == 0
    assert level_of(np.full(BLOCK, 3277, np.int16)) == pytest.approx(-20, abs=0.01)
    assert level_of((32767 * np.sin(np.arange(48000) / 10)).astype(np.int16)) == pytest.approx(
        -3.01, abs=0.01
    )
    assert level_of(np.zeros(BLOCK, np.int16)) == -127


def test_a_level_of_nothing_is_none() -> None:
    assert Level().dbfs is None
    assert Level().recent is None
    assert dbfs(0, 0) is None


def test_a_level_has_a_floor() -> None:
    sound = np.zeros(20 * BLOCK, np.int16)
    sound[0] = 1
    assert level_of(sound) == -127


def test_energy_is_the_sum_of_the_squares_and_does_not_overflow() -> None:
    assert energy_of(np.array([3, -4], np.int16)) == 25
    assert energy_of(np.full(BLOCK, -32768, np.int16)) == BLOCK * 32768**2
    assert energy_of(np.zeros(0, np.int16)) == 0


def test_the_recent_level_forgets_what_is_older_than_a_third_of_a_second() -> None:
    level = Level()
    for _ in range(30):
        level.add(np.full(BLOCK, 32767, np.int16))
    for _ in range(30):
        assert level.recent is not None
        assert level.recent > -20
        level.add(np.zeros(BLOCK, np.int16))
    assert level.recent == -127
    assert level.dbfs == pytest.approx(-3.01, abs=0.01)


@given(st.lists(arrays.arrays(np.int16, st.integers(0, 2000)), max_size=20))
def test_a_level_is_always_a_level(blocks: list[Samples]) -> None:
    level = Level()
    for block in blocks:
        level.add(block)
    known = any(block.size for block in blocks)
    assert (level.dbfs is not None) == known
    for figure in filter(None, (level.dbfs, level.recent)):
        assert -127 <= figure <= 0


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_a_level_can_be_asked_while_another_thread_adds() -> None:
    level = Level()
    block = np.full(BLOCK, 3277, np.int16)

    def add() -> None:
        for _ in range(3000):
            level.add(block)

    adding = threading.Thread(target=add)
    adding.start()
    asked = []
    while adding.is_alive():
        asked.append(level.recent)
    adding.join()
    assert level.recent == pytest.approx(-20, abs=0.01)
    assert all(figure is None or figure == pytest.approx(-20, abs=0.01) for figure in asked)
