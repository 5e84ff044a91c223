"""Sound from tones and nowhere, to nowhere and back again, by the names that a person gives."""

import asyncio
from collections import deque
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds import level_of, opened, pitch_of, sine, take
from twocan.media.audio import (
    Echo,
    Null,
    Silence,
    Tone,
    is_sink,
    is_source,
    open_sink,
    open_source,
)
from twocan.media.clock import ClockedCapture, ClockedPlayback
from twocan.media.files import SoundFile, WaveFile
from twocan.media.sound import BLOCK, Samples, SoundError
from virtual_time import in_virtual_time, virtual_loop

# Names


@pytest.mark.parametrize("spec", ["silence", "tone:440", "tone:", "tone:a", "a.wav", "b/A.FLAC"])
def test_these_names_are_of_sources(spec: str) -> None:
    assert is_source(spec)


@pytest.mark.parametrize("spec", ["null", "a.wav", "b/A.WAV"])
def test_these_names_are_of_sinks(spec: str) -> None:
    assert is_sink(spec)


@pytest.mark.parametrize("spec", ["", "default", "speech.txt", "silence:", "tone", "wav", "hw:1,0"])
def test_any_other_name_is_that_of_a_device(spec: str) -> None:
    assert not is_source(spec)
    assert not is_sink(spec)


@pytest.mark.parametrize("spec", ["a.mp3", "tone:440", "silence"])
def test_what_can_only_be_heard_is_no_sink(spec: str) -> None:
    assert is_source(spec)
    assert not is_sink(spec)


def test_a_name_opens_what_it_says(tmp_path: Path) -> None:
    assert isinstance(open_source("silence"), Silence)
    assert isinstance(open_source("tone:440"), Tone)
    assert isinstance(open_sink("null"), Null)
    with closing(WaveFile(tmp_path / "a.wav")) as file:
        file.write(np.ones(BLOCK, np.int16))
    with opened(tmp_path / "a.wav") as source:
        assert isinstance(source, SoundFile)


# Sources and sinks


def test_a_tone_is_at_its_pitch_at_minus_20_dbfs_and_starts_without_a_click() -> None:
    with opened("tone:440") as tone:
        sound = take(tone, 100)
        assert not tone.finished
    assert sound.dtype == np.int16
    assert pitch_of(sound) == 440
    assert level_of(sound) == pytest.approx(-20, abs=0.5)
    steepest = np.abs(np.diff(sound[2 * BLOCK :].astype(int))).max()
    assert sound[0] == 0
    assert np.abs(np.diff(sound.astype(int))).max() == steepest
    assert np.abs(np.diff(sound[:100].astype(int))).max() < steepest / 3


@pytest.mark.parametrize("pitch", [20, 999.5, 20000])
def test_a_tone_of_any_audible_pitch_runs_on_from_block_to_block(pitch: float) -> None:
    with opened(f"tone:{pitch}") as tone:
        take(tone, 1)
        sound = take(tone, 200)
    expected = 32768 * sine(48000, 2.01, pitch)[BLOCK:]
    assert np.abs(sound - expected).max() <= 1


@pytest.mark.parametrize("pitch", ["", "19.9", "20001", "-440", "nan", "inf", "a", "440Hz", "4:4"])
def test_a_bad_tone_is_refused_in_words(pitch: str) -> None:
    with pytest.raises(SoundError, match=r"^bad tone .*20 to 20000 Hz, such as tone:440$"):
        open_source(f"tone:{pitch}")


def test_silence_is_silent_and_has_no_end() -> None:
    with opened("silence") as silence:
        assert not take(silence, 3).any()
        assert not silence.finished


def test_null_takes_everything() -> None:
    sink = open_sink("null")
    sink.write(np.ones(BLOCK, np.int16))
    sink.close()


@pytest.mark.parametrize("spec", ["silence", "tone:440"])
def test_what_has_nothing_to_close_is_closed_as_often_as_one_likes(spec: str) -> None:
    source = open_source(spec)
    source.close()
    source.close()


def test_a_speaker_with_a_name_of_a_file_is_that_file(tmp_path: Path) -> None:
    open_sink(str(tmp_path / "A.WAV")).close()
    assert (tmp_path / "A.WAV").stat().st_size == 44


# Echo


def numbered(number: int) -> Samples:
    return np.full(BLOCK, number, np.int16)


def test_an_echo_gives_back_what_it_heard_and_silence_after_it() -> None:
    echo = Echo()
    block = numbered(7)
    echo.write(block)
    block[:] = 9  # whoever wrote it may use the array again
    assert (echo.read() == 7).all()
    assert not echo.read().any()
    assert not echo.finished


def test_a_closed_echo_has_forgotten() -> None:
    echo = Echo()
    echo.write(numbered(1))
    echo.close()
    echo.close()
    assert not echo.read().any()


@given(
    depth=st.integers(1, 5), steps=st.lists(st.one_of(st.none(), st.integers(1, 999)), max_size=60)
)
def test_an_echo_keeps_order_and_only_the_newest(depth: int, steps: list[int | None]) -> None:
    echo = Echo(depth)
    model: deque[int] = deque(maxlen=depth)
    for step in steps:  # a number is written, None is a read
        if step is None:
            assert (echo.read() == (model.popleft() if model else 0)).all()
        else:
            echo.write(numbered(step))
            model.append(step)
    left = [echo.read()[0] for _ in range(depth + 1)]
    assert left == [*model, *[0] * (depth + 1 - len(model))]


@given(st.lists(st.booleans(), max_size=600))
def test_an_echo_never_goes_back_in_time_nor_falls_behind(reads: list[bool]) -> None:
    echo, written, before = Echo(), 0, 0
    for read in reads:
        if not read:
            written += 1
            echo.write(numbered(written))
        elif number := int(echo.read()[0]):
            assert before < number
            assert written - number < 4
            before = number


def behind(echo: Echo, turns: int) -> list[int]:
    """By how many blocks the echo is behind, turn by turn of a write and a read."""
    late = []
    for turn in range(1, turns + 1):
        echo.write(numbered(turn))
        late.append(turn - int(echo.read()[0]))
    return late


def test_an_echo_of_even_pace_is_not_behind() -> None:
    assert set(behind(Echo(), 1000)) == {0}


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_what_waits_without_need_is_gone_within_two_seconds(ahead: int) -> None:
    echo = Echo()
    for _ in range(ahead):
        echo.write(numbered(0))
    late = behind(echo, 200)
    assert late[:4] == [*range(1, ahead + 1), *[ahead] * (4 - ahead)]
    assert late[-1] == 0
    assert sorted(late[ahead:], reverse=True) == late[ahead:]  # nothing was left out but once


def test_what_is_needed_now_and_then_goes_on_waiting() -> None:
    echo, heard, written = Echo(), [], 0
    for turn in range(1000):
        # Every half second the reader is first, and twice in a row.
        for _ in range({49: 0, 50: 2}.get(turn % 51, 1)):
            written += 1
            echo.write(numbered(written))
        heard.append(int(echo.read()[0]))
    first = heard.index(0)
    # After it was once found wanting, one block waits, and nothing is left out any more.
    assert 0 not in heard[first + 1 :]
    assert heard[first + 1 :] == [*range(heard[first + 1], heard[first + 1] + 999 - first)]


def unexpected(error: SoundError) -> None:
    raise error


@in_virtual_time
async def test_between_two_clocks_it_catches_up_again_after_every_stall() -> None:
    echo, told, said = Echo(), list[tuple[int, int]](), 0
    random = np.random.default_rng(1)

    def give(at: float) -> Samples:
        nonlocal said
        said += 1
        if said % 20 == 0 and said < 1000:
            virtual_loop().hold_up(random.uniform(0.05, 0.6))
        return numbered(said)

    def heard(block: Samples, at: float) -> None:
        told.append((said, int(block[0])))
        # What takes its time makes this clock leap further than the other now and then.
        virtual_loop().hold_up(random.uniform(0, 0.008))

    playback, capture = ClockedPlayback(echo), ClockedCapture(echo)
    playback.start(give, unexpected)
    capture.start(heard, unexpected)
    await asyncio.sleep(35)
    capture.close()
    playback.close()
    late = [said - heard for said, heard in told if heard]
    assert (min(late), max(late)) in {(0, 1), (0, 2), (0, 3)}
    assert set(late[-100:]) == {0}
