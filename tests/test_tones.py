"""What a phone sounds by itself: the right pitches, at the right times, and never a click."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples
from twocan.media.tones import (
    Busy,
    Connected,
    Ended,
    Key,
    Ringback,
    Ringing,
    Rung,
    Trying,
    Tune,
    Waiting,
)

Wave = npt.NDArray[np.float64]

FIRST_SECONDS: dict[Callable[[], Tune], float] = {
    Ringing: 8.0,
    Ringback: 12.0,
    Busy: 4.0,
    Connected: 0.5,
    Ended: 0.7,
    Waiting: 10.0,
    Rung: 2.0,
    Trying: 1.2,
}


def sound(tune: Tune, seconds: float) -> Wave:
    """What it plays, full scale being 1."""
    blocks = [tune.read() for _ in range(round(seconds * 100))]
    return np.concatenate(blocks) / 32768


def whole(tune: Tune) -> Samples:
    blocks = []
    while not tune.finished:
        blocks.append(tune.read())
    return np.concatenate(blocks)


def pitches(wave: Wave, count: int) -> list[float]:
    """The loudest ``count`` pitches in Hz, the lowest first."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 8 * len(wave)))
    found = []
    for _ in range(count):
        at = int(spectrum.argmax())
        found.append(at * SAMPLE_RATE / (8 * len(wave)))
        near = round(25 * 8 * len(wave) / SAMPLE_RATE)
        spectrum[max(0, at - near) : at + near] = 0
    return sorted(found)


def at(wave: Wave, start: float, end: float) -> Wave:
    return wave[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]


def dbfs(wave: Wave) -> float:
    return float(20 * np.log10(np.abs(wave).max()))


def sounding(wave: Wave) -> list[tuple[float, float]]:
    """From when until when there is sound, in seconds, to 10 ms."""
    loud = np.abs(wave.reshape(-1, BLOCK)).max(axis=1) > 0.0005
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    return [(float(a) / 100, float(b) / 100) for a, b in edges.reshape(-1, 2)]


@pytest.mark.parametrize("kind", FIRST_SECONDS)
def test_tones_come_in_blocks_of_10_ms(kind: Callable[[], Tune]) -> None:
    block = kind().read()
    assert block.shape == (BLOCK,)
    assert block.dtype == np.int16


@pytest.mark.parametrize(
    ("kind", "loudest"),
    [
        (Ringing, -10),
        (Ringback, -24),
        (Busy, -26),
        (Connected, -20),
        (Ended, -20),
        (Waiting, -28),
        (Rung, -10),
        (Trying, -16),
    ],
)
def test_tones_are_as_loud_as_is_written(kind: Callable[[], Tune], loudest: float) -> None:
    assert dbfs(sound(kind(), FIRST_SECONDS[kind])) == pytest.approx(loudest, abs=0.05)


def test_keys_are_as_loud_as_is_written() -> None:
    assert dbfs(sound(Key("5"), 0.16)) == pytest.approx(-22, abs=0.05)


def assert_without_clicks(wave: Wave) -> None:
    # A click is a step, and a step is heard at every pitch: above 6 kHz there is to be nothing.
    taps = np.sinc(2 * 6000 / SAMPLE_RATE * (np.arange(255) - 127)) * np.hamming(255)
    low = taps / taps.sum()
    high = wave - np.convolve(wave, low, "same")
    assert np.abs(high).max() < 10 ** (-66 / 20)
    assert abs(wave[0]) < 0.001
    assert abs(wave[-1]) < 0.001


@pytest.mark.parametrize("kind", FIRST_SECONDS)
def test_no_tone_clicks(kind: Callable[[], Tune]) -> None:
    assert_without_clicks(sound(kind(), FIRST_SECONDS[kind]))


@pytest.mark.parametrize("key", "159D#")
def test_no_key_clicks(key: str) -> None:
    assert_without_clicks(sound(Key(key), 0.16))


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("1", 697, 1209),
        ("2", 697, 1336),
        ("3", 697, 1477),
        ("A", 697, 1633),
        ("4", 770, 1209),
        ("5", 770, 1336),
        ("6", 770, 1477),
        ("B", 770, 1633),
        ("7", 852, 1209),
        ("8", 852, 1336),
        ("9", 852, 1477),
        ("C", 852, 1633),
        ("*", 941, 1209),
        ("0", 941, 1336),
        ("#", 941, 1477),
        ("D", 941, 1633),
    ],
)
def test_a_key_sounds_the_two_pitches_of_q_23(key: str, low: float, high: float) -> None:
    # Q.23 allows 1.5 %.
    assert pitches(sound(Key(key), 0.16), 2) == pytest.approx([low, high], rel=0.005)


def test_a_key_sounds_for_as_long_as_it_is_pressed() -> None:
    assert sounding(sound(Key("5"), 1.0)) == [(0.0, 0.16)]
    assert sounding(sound(Key("5", seconds=0.3), 1.0)) == [(0.0, 0.3)]


def test_the_last_block_is_whole_too() -> None:
    assert len(whole(Key("5", seconds=0.1234))) == 13 * BLOCK


@pytest.mark.parametrize("key", ["", "12", "x"])
def test_what_is_no_key_has_no_sound(key: str) -> None:
    with pytest.raises(ValueError, match="is no key: give one of"):
        Key(key)


def test_ringback_is_what_callers_know() -> None:
    heard = sound(Ringback(), 12)
    assert sounding(heard) == [(0.0, 2.0), (6.0, 8.0)]
    assert pitches(at(heard, 0.5, 1.5), 2) == pytest.approx([440, 480], abs=1)


def test_busy_is_four_beats_and_then_over() -> None:
    heard = whole(Busy()) / 32768
    assert sounding(heard) == [(0.0, 0.5), (1.0, 1.5), (2.0, 2.5), (3.0, 3.5)]
    assert pitches(at(heard, 0.1, 0.4), 1) == pytest.approx([425], abs=1)


def test_ringing_is_a_chord_that_begins_softly_and_leaves_pauses() -> None:
    heard = sound(Ringing(), 12)
    assert [start for start, _ in sounding(heard)] == [0.0, 1.0, 4.0, 5.0, 8.0, 9.0]
    assert np.abs(at(heard, 1.99, 4)).max() < 0.001
    assert dbfs(at(heard, 0, 4)) == pytest.approx(dbfs(at(heard, 4, 8)) - 6, abs=0.1)
    assert np.array_equal(at(heard, 4, 8), at(heard, 8, 12))
    assert pitches(at(heard, 4.0, 5.0), 3) == pytest.approx([587.3, 740.0, 880.0], abs=2)


def test_a_call_that_waits_knocks_twice_every_five_seconds() -> None:
    heard = sound(Waiting(), 10)
    assert sounding(heard) == [(0.0, 0.2), (0.4, 0.6), (5.0, 5.2), (5.4, 5.6)]
    assert pitches(at(heard, 0.0, 0.2), 1) == pytest.approx([440], abs=2)


def test_the_ringer_is_tried_as_loud_as_it_rings() -> None:
    assert np.array_equal(whole(Rung()) / 32768, at(sound(Ringing(), 8), 4, 6))


def test_connected_rises_and_ended_falls() -> None:
    up, down = whole(Connected()) / 32768, whole(Ended()) / 32768
    assert (len(up), len(down)) == (0.5 * SAMPLE_RATE, round(0.7 * SAMPLE_RATE))
    assert pitches(at(up, 0, 0.1), 1)[0] < pitches(at(up, 0.2, 0.5), 1)[0]
    assert pitches(at(down, 0, 0.1), 1)[0] > pitches(at(down, 0.35, 0.7), 1)[0]


@pytest.mark.parametrize("kind", [Ringing, Ringback, Waiting])
def test_what_has_no_end_is_never_finished(kind: Callable[[], Tune]) -> None:
    tune = kind()
    sound(tune, 30)
    assert not tune.finished


@pytest.mark.parametrize("kind", [Busy, Connected, Ended, Rung, Trying])
def test_what_is_finished_is_silent(kind: Callable[[], Tune]) -> None:
    tune = kind()
    whole(tune)
    assert not sound(tune, 1).any()


@pytest.mark.parametrize("kind", FIRST_SECONDS)
def test_what_is_closed_is_silent_and_finished(kind: Callable[[], Tune]) -> None:
    tune = kind()
    tune.read()
    tune.close()
    assert tune.finished
    assert not sound(tune, 1).any()
