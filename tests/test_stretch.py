"""Sound made shorter and longer, and pieces of it joined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media import stretch
from twocan.media.sound import SAMPLE_RATE, Samples


def buzz(pitch: float, count: int, start: int = 0) -> Samples:
    """Like a voice: a pitch and its harmonics."""
    time = np.arange(start, start + count) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * pitch * k * time + k * k) / k for k in range(1, 8))
    return np.asarray(wave * 4000).astype(np.int16)


def steepest(sound: Samples) -> int:
    return int(np.abs(np.diff(sound.astype(int))).max())


@pytest.mark.parametrize("pitch", [80, 125, 200, 320])
def test_a_voice_repeats_itself_after_its_period(pitch: int) -> None:
    period = SAMPLE_RATE / pitch
    match = stretch.repeats_ahead(buzz(pitch, 1920))
    assert match.likeness > 0.95
    assert match.lag % period == pytest.approx(0, abs=6) or match.lag % period > period - 6


@pytest.mark.parametrize("pitch", [80, 125, 200, 320])
def test_a_voice_did_the_same_a_period_ago(pitch: int) -> None:
    period = SAMPLE_RATE / pitch
    match = stretch.repeats_behind(buzz(pitch, 720), buzz(pitch, 960, 720))
    assert match.likeness > 0.95
    assert match.lag % period == pytest.approx(0, abs=6) or match.lag % period > period - 6


def test_noise_does_not_repeat_itself() -> None:
    noise = np.random.default_rng(1).normal(0, 3000, 1920).astype(np.int16)
    assert stretch.repeats_ahead(noise).likeness < 0.6


def test_a_period_is_left_out_and_no_one_can_tell() -> None:
    sound = buzz(125, 1920)
    shorter = stretch.without(sound, 384)
    assert len(shorter) == 1920 - 384
    assert np.abs(shorter.astype(int) - sound[: len(shorter)]).max() <= 2


def test_a_period_is_said_twice_and_no_one_can_tell() -> None:
    whole = buzz(125, 3000)
    longer = stretch.twice(whole[:720], whole[720:1680], 384)
    assert len(longer) == 960 + 384
    assert np.abs(longer.astype(int) - whole[720 : 720 + len(longer)]).max() <= 2


def test_what_follows_a_stretch_is_untouched() -> None:
    sound = buzz(210, 1920)
    assert (stretch.without(sound, 300)[stretch.FADE :] == sound[300 + stretch.FADE :]).all()
    longer = stretch.twice(buzz(99, 720), sound, 300)
    assert (longer[300:] == sound).all()


def test_two_pieces_are_joined_where_they_are_alike() -> None:
    tail, sound = buzz(125, 480, 100), buzz(125, 1920)
    joined, left = stretch.join(tail, sound, stretch.LONGEST)
    assert (left - 100) % 384 == pytest.approx(0, abs=6) or (left - 100) % 384 > 378
    assert steepest(joined) <= steepest(sound) * 1.2
    assert len(joined) == len(sound) - left


def test_a_join_without_reach_leaves_nothing_out_and_begins_as_the_tail_would_go_on() -> None:
    tail, sound = buzz(125, 480), -buzz(125, 960)
    joined, left = stretch.join(tail, sound, 0)
    assert left == 0
    assert joined[0] == tail[0]
    assert (joined[stretch.FADE :] == sound[stretch.FADE :]).all()


@given(st.integers(0, 2000), st.integers(1, 3000), st.integers(0, 2**32 - 1))
def test_any_two_pieces_can_be_joined(reach: int, length: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(-32768, 32768, length + 480).astype(np.int16)
    joined, left = stretch.join(noise[:480], noise[480:], reach)
    assert len(joined) == length - left
    assert 0 <= left <= reach


def test_the_loudest_sound_does_not_overflow() -> None:
    loud = np.where(np.arange(1920) % 400 < 200, 32767, -32768).astype(np.int16)
    longer = stretch.twice(loud[:800], loud[800:], 400)
    assert set(np.sign(longer[:200])) == {1} or set(np.sign(longer[:200])) == {-1}
    assert set(np.sign(stretch.without(loud, 400)[:200])) == {1}


def test_silence_is_like_silence() -> None:
    nothing = np.zeros(1920, np.int16)
    assert stretch.repeats_ahead(nothing).likeness == 0
    assert not stretch.without(nothing, 480).any()
