"""A microphone that hears the loudspeaker, in a simulated room: what goes on the wire then."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from room import (
    Scene,
    Sounds,
    Wave,
    as_samples,
    erle_db,
    likeness,
    live,
    sounds,
    without_far,
)
from twocan.media.drift import Clock, Line, Reference
from twocan.media.echo import HighPass, Processing
from twocan.media.sound import BLOCK, BLOCK_SECONDS, SAMPLE_RATE, SILENCE, Samples

LATER = 240
"""Samples by which the canceller's sound is later."""

ALONE = Scene(far_alone=8, both=0.5, near_alone=0.5, noise_db=-85)
DOUBLE = Scene(far_alone=5, both=4, near_alone=3)


def canceller() -> Processing:
    """Only that; a high-pass would turn phases, by which likeness is measured."""
    return Processing(noise=False, gain=False, high_pass=False)


def cleaned(scene: Scene, said: Sounds, room: Processing | None = None) -> Wave:
    return live(room or canceller(), scene, said).cleaned


# --- the far side is not sent its own voice --------------------------------------------------


@pytest.mark.parametrize("drift_ppm", [-100, 0, 100])
def test_an_echo_is_gone_after_three_seconds_though_clocks_drift(drift_ppm: float) -> None:
    scene = replace(ALONE, drift_ppm=drift_ppm, jitter_ms=1)
    said, room = sounds(scene), canceller()

    heard = cleaned(scene, said, room)

    assert erle_db(said, heard, 3, 8) > 35
    assert room.skew_ppm == pytest.approx(-drift_ppm, abs=30)


@pytest.mark.parametrize("delay_ms", [40, 80, 120])
def test_an_echo_that_comes_later_than_the_sound_cards_tell_is_found(delay_ms: float) -> None:
    scene = replace(ALONE, delay_ms=delay_ms)
    said = sounds(scene)

    assert erle_db(said, cleaned(scene, said), 3, 8) > 35


def test_an_echo_that_comes_before_its_time_is_found() -> None:
    scene = replace(ALONE, told_ms=40)
    said, room = sounds(scene), canceller()

    assert erle_db(said, cleaned(scene, said, room), 6, 8) > 30
    assert room.realigned


def test_an_echo_is_found_again_where_it_jumps() -> None:
    scene = replace(ALONE, delay_ms=60, jump=(4, 120))
    said = sounds(scene)

    assert erle_db(said, cleaned(scene, said), 6, 8) > 30


# --- and hears who is in the room ------------------------------------------------------------


def test_both_may_talk_at_once() -> None:
    scene = replace(DOUBLE, echo_db=-18, drift_ppm=100, jitter_ms=1)
    said = sounds(scene)

    heard = cleaned(scene, said)

    assert likeness(said, heard, LATER, 5.5, 9) > 0.97


def test_a_voice_that_an_echo_is_nearly_as_loud_as_comes_out_clearer_than_it_went_in() -> None:
    said = sounds(DOUBLE)

    heard = cleaned(DOUBLE, said)

    assert likeness(said, heard, LATER, 5.5, 9) > 0.95 > likeness(said, said.heard, 0, 5.5, 9)


def test_after_an_echo_a_voice_is_not_touched() -> None:
    said = sounds(DOUBLE)

    heard = cleaned(DOUBLE, said)

    assert likeness(said, heard, LATER, 10, 11.5) > 0.99


def test_with_the_loudspeaker_silent_a_voice_is_not_touched() -> None:
    scene, said = without_far(DOUBLE, sounds(DOUBLE))

    heard = cleaned(scene, said)

    assert likeness(said, heard, LATER, 5, 11) > 0.999


def test_with_nothing_played_the_microphone_is_heard_5_ms_later_and_no_different() -> None:
    said = as_samples(sounds(DOUBLE).near)[5 * SAMPLE_RATE :][: 200 * BLOCK]
    room = Processing(noise=False, gain=False, high_pass=False)

    heard = np.concatenate([room.clean(block, at) for at, block in timed(said)])

    assert np.abs(heard[LATER:].astype(int) - said[:-LATER]).max() <= 1


# --- blocks are lost, devices change ---------------------------------------------------------


def timed(sound: Samples) -> list[tuple[float, Samples]]:
    return [(i * BLOCK_SECONDS, sound[i * BLOCK :][:BLOCK]) for i in range(len(sound) // BLOCK)]


def run(room: Processing, said: Sounds, lost: range, side: str) -> Wave:
    """As `live`, but the blocks of a stretch get lost on one side; what is cleaned is silent there.

    The far side's are never played either, so that no echo of theirs is heard.
    """
    played, heard = timed(as_samples(said.far)), timed(as_samples(said.heard))
    out = []
    for turn, (at, block) in enumerate(heard):
        ahead = turn + 4
        if ahead < len(played) and not (side == "played" and ahead in lost):
            room.played(played[ahead][1], played[ahead][0])
        gone = side == "heard" and turn in lost
        out.append(SILENCE if gone else room.clean(block, at))
    return np.concatenate(out) / 32768


@pytest.mark.parametrize("side", ["played", "heard"])
def test_lost_blocks_cost_a_moment_and_no_more(side: str) -> None:
    said, room = sounds(ALONE), canceller()

    heard = run(room, said, range(400, 430), side)

    assert erle_db(said, heard, 6, 8) > 35
    assert room.realigned == 1


def test_after_a_reset_the_room_is_learnt_anew() -> None:
    said, room = sounds(ALONE), canceller()
    cleaned(ALONE, said, room)

    room.reset()

    assert room.skew_ppm == 0
    assert erle_db(said, cleaned(ALONE, said, room), 3, 8) > 35


def test_a_microphone_that_stopped_keeps_no_more_than_seconds_of_what_is_played() -> None:
    room = canceller()
    for at, block in timed(np.ones(1000 * BLOCK, np.int16)):
        room.played(block, at)

    assert room.clean(SILENCE, 10.0).shape == (BLOCK,)


# --- switches --------------------------------------------------------------------------------


def test_on_a_headset_nothing_is_cancelled_and_nothing_comes_later() -> None:
    room = Processing(echo=False, noise=False, gain=False, high_pass=False)
    block = np.arange(-240, 240, dtype=np.int16) * 100
    room.played(block, 0.0)

    assert (room.clean(block, 0.01) == block).all()


def test_cancelling_is_switched_while_it_runs() -> None:
    said, room = sounds(ALONE), canceller()
    room.echo = False
    assert erle_db(said, cleaned(ALONE, said, room), 3, 8) == pytest.approx(0, abs=0.5)

    room.echo = True
    assert erle_db(said, cleaned(ALONE, said, room), 3, 8) > 35


def test_the_high_pass_takes_out_rumble_and_leaves_voices() -> None:
    times = np.arange(SAMPLE_RATE) / SAMPLE_RATE

    def passed(pitch: float) -> float:
        sound = np.cos(2 * np.pi * pitch * times).astype(np.float32)
        high_pass = HighPass()
        out = np.concatenate([high_pass.take(block) for block in np.split(sound, 100)])
        return float(np.abs(out[SAMPLE_RATE // 2 :]).max())

    assert passed(0) < 1e-3
    assert passed(20) < 0.1
    assert passed(80) == pytest.approx(0.707, abs=0.01)
    assert passed(300) == pytest.approx(1, abs=0.01)


def test_noise_is_suppressed_and_a_quiet_voice_raised() -> None:
    pytest.importorskip("pywebrtc_audio")
    scene, said = without_far(DOUBLE, sounds(DOUBLE))
    chance = np.random.default_rng(1)
    quiet = 0.1 * np.roll(said.near, 5 * SAMPLE_RATE)
    noise = replace(said, heard=chance.normal(0, 0.003, said.near.size))

    assert erle_db(noise, cleaned(scene, noise, Processing(gain=False)), 6, 11) > 8
    heard = replace(said, near=quiet, heard=quiet)
    assert erle_db(heard, cleaned(scene, heard, Processing(noise=False)), 4, 7) < -6


@pytest.mark.expects_log
def test_without_the_library_a_call_goes_on_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    said, room = sounds(ALONE), Processing()

    assert erle_db(said, cleaned(ALONE, said, room), 3, 8) > 35
    room.reset()
    room.clean(SILENCE, 9.0)

    assert room.problem == "no noise suppression and no gain: install pywebrtc-audio"
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [room.problem]


# --- whatever comes --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_no_sound_and_no_time_is_too_odd(seed: int) -> None:
    chance, room = np.random.default_rng(seed), canceller()
    odd = [0.0, 1e9, -1e9, float("nan"), float("inf")]
    for turn in range(200):
        block = chance.integers(-32768, 32768, BLOCK).astype(np.int16)
        late, early = chance.choice([turn / 100, *odd], 2, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
        room.played(block[: chance.choice([0, 7, BLOCK, BLOCK])], float(early))
        out = room.clean(block, float(late))
        assert out.dtype == np.int16
        assert out.shape == (BLOCK,)

    room.close()

    assert not room.clean(SILENCE, 0.0).any()


# --- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ppm", [-300, -20, 0, 100])
def test_a_clock_is_learnt_from_times_that_jitter(ppm: float) -> None:
    clock, chance = Clock(), np.random.default_rng(5)
    for turn in range(3000):
        clock.add(7 + turn * BLOCK_SECONDS * (1 + ppm * 1e-6) + chance.uniform(-0.002, 0.002))

    assert clock.skew * 1e6 == pytest.approx(ppm, abs=5)
    assert clock.time(3000 * BLOCK) == pytest.approx(7 + 30 * (1 + ppm * 1e-6), abs=0.0015)
    assert clock.index(clock.time(12345)) == pytest.approx(12345)


def test_a_clock_follows_a_gap_and_no_single_wrong_time() -> None:
    clock = Clock()
    for turn in range(500):
        clock.add(turn * BLOCK_SECONDS + (0.3 if turn == 100 else 0) + (0.05 if turn > 300 else 0))
        if turn == 110:
            assert clock.time(0) == pytest.approx(0)

    assert clock.time(0) == pytest.approx(0.05)
    assert clock.skew == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("off", [-0.02, 0.02])
def test_no_clock_is_as_far_off_as_times_that_are_wrong(off: float) -> None:
    """A sound server that starts anew tells such times; the sound goes on."""
    reference = Reference()
    silence = np.zeros(BLOCK, np.float32)
    for number in range(1000):
        reference.played(silence, number * BLOCK_SECONDS)
        played, _ = reference.heard(silence, number * BLOCK_SECONDS * (1 + off))
        assert played is None or played.size == BLOCK
    assert abs(reference.skew_ppm) <= 1000


def test_what_was_played_is_read_between_its_samples() -> None:
    times = np.arange(100 * BLOCK)
    line = Line()
    for block in np.split(np.sin(times * 0.5).astype(np.float32), 100):
        line.append(block)

    read = line.read(20000.25, 1.0001)

    assert read is not None
    assert np.abs(read - np.sin((20000.25 + np.arange(BLOCK) * 1.0001) * 0.5)).max() < 2e-3
    assert line.read(line.end - BLOCK, 1) is None
    assert line.read(-5.0, 1) is None


def test_times_that_creep_at_first_and_step_later_are_no_skew() -> None:
    # As a sound server told them: 3 ms of creep while it filled its buffers, then a step of 2.5 ms.
    clock = Clock()
    for block in range(1500):
        creep = 0.003 * min(block / 40, 1)
        clock.add(block * 0.01 + creep + (0.0025 if block > 400 else 0))
        assert abs(clock.skew) < 20e-6
