"""The loop's clock as the clock of sources and sinks."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sounds import opened, sine, take_all, wav
from twocan.media.audio import Silence, open_sink, open_source
from twocan.media.clock import ClockedCapture, ClockedPlayback
from twocan.media.sound import BLOCK, Capture, Playback, Samples, SoundError
from virtual_time import in_virtual_time, virtual_loop

STEP = 1e-6
"""By how much a moment of virtual time may be off, in seconds."""


class Counting:
    """A source whose blocks are numbered from 1."""

    finished = False

    def __init__(self) -> None:
        self.blocks = 0
        self.closed = 0

    def read(self) -> Samples:
        assert not self.closed
        self.blocks += 1
        return np.full(BLOCK, self.blocks, np.int16)

    def close(self) -> None:
        self.closed += 1


class Kept:
    """A sink that keeps what it takes, and can fail at the nth block."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.blocks: list[Samples] = []
        self.closed = 0
        self._fails_at = fails_at

    def write(self, samples: Samples) -> None:
        assert not self.closed
        assert samples.shape == (BLOCK,)
        assert samples.dtype == np.int16
        if len(self.blocks) == self._fails_at:
            raise SoundError("the sink is full")
        self.blocks.append(samples.copy())

    def close(self) -> None:
        self.closed += 1


class Listener:
    """Hears a capture: the number of each block, its time, and when it was handed over."""

    def __init__(self, capture: Capture) -> None:
        self._began = virtual_loop().time()
        self.numbers: list[int] = []
        self.times: list[float] = []
        self.handed: list[float] = []
        self.failures: list[str] = []
        self.then: Callable[[int], None] = lambda number: None
        capture.start(self._hear, lambda error: self.failures.append(str(error)))

    def _hear(self, block: Samples, at: float) -> None:
        assert block.shape == (BLOCK,)
        assert block.dtype == np.int16
        self.numbers.append(int(block[0]))
        self.times.append(at - self._began)
        self.handed.append(virtual_loop().time() - self._began)
        self.then(len(self.numbers))


class Speech:
    """Gives a playback blocks that are numbered from 1, and keeps the time of each."""

    def __init__(self, playback: Playback) -> None:
        self._began = virtual_loop().time()
        self.times: list[float] = []
        self.failures: list[str] = []
        self.then: Callable[[int], None] = lambda number: None
        playback.start(self._give, lambda error: self.failures.append(str(error)))

    def _give(self, at: float) -> Samples:
        self.times.append(at - self._began)
        self.then(len(self.times))
        return np.full(BLOCK, len(self.times), np.int16)


def hundredths(*turns: int) -> object:
    return pytest.approx([turn / 100 for turn in turns], abs=STEP)


# The pace


@in_virtual_time
async def test_a_block_is_heard_each_10_ms_without_drift() -> None:
    capture = ClockedCapture(Counting())
    listener = Listener(capture)
    busy = np.random.default_rng(1).uniform(0, 0.009, 4000)
    listener.then = lambda number: virtual_loop().hold_up(busy[number])
    await asyncio.sleep(29.995)
    capture.close()
    assert listener.numbers == [*range(1, 3001)]
    assert listener.times == hundredths(*range(3000))
    assert listener.handed == pytest.approx(listener.times, abs=1e-4)


@in_virtual_time
async def test_a_block_is_played_each_10_ms_and_its_time_is_told() -> None:
    kept = Kept()
    playback = ClockedPlayback(kept)
    speech = Speech(playback)
    await asyncio.sleep(0.995)
    playback.close()
    assert [block[0] for block in kept.blocks] == [*range(1, 101)]
    assert speech.times == hundredths(*range(100))
    assert kept.closed == 1


@in_virtual_time
async def test_the_first_block_comes_at_once_but_not_while_it_is_started() -> None:
    capture, kept = ClockedCapture(Counting()), Kept()
    playback = ClockedPlayback(kept)
    listener, speech = Listener(capture), Speech(playback)
    assert (listener.numbers, speech.times) == ([], [])
    await asyncio.sleep(0)
    assert (listener.numbers, speech.times) == ([1], hundredths(0))
    capture.close()
    playback.close()


async def test_it_keeps_time_on_a_real_loop() -> None:
    loop = asyncio.get_running_loop()
    began, came = loop.time(), asyncio.Event()
    times: list[float] = []

    def heard(block: Samples, at: float) -> None:
        times.append(at)
        if len(times) == 21:
            came.set()

    capture = ClockedCapture(Silence())
    capture.start(heard, refuse)
    await came.wait()
    capture.close()
    assert loop.time() - began >= 0.199
    assert times[0] >= began
    assert times[20] - times[0] >= 0.199


def refuse(error: SoundError) -> None:
    raise error


@in_virtual_time
async def test_what_is_heard_goes_into_a_file_block_by_block() -> None:
    kept, waiting = Kept(), list[Samples]()
    capture, playback = ClockedCapture(open_source("tone:440")), ClockedPlayback(kept)
    capture.start(lambda block, at: waiting.append(block), refuse)
    playback.start(lambda at: waiting.pop(0), refuse)
    await asyncio.sleep(0.995)
    capture.close()
    playback.close()
    with opened("tone:440") as tone:
        assert np.array_equal(kept.blocks, [tone.read() for _ in range(100)])


def test_after_the_end_of_a_file_silence_is_heard(tmp_path: Path) -> None:
    @in_virtual_time
    async def scene() -> None:
        capture = ClockedCapture(open_source(str(wav(tmp_path / "a.wav", sine(48000, 0.02)))))
        loud = list[bool]()
        capture.start(lambda block, at: loud.append(bool(block.any())), refuse)
        await asyncio.sleep(0.045)
        capture.close()
        assert loud == [True, True, False, False, False]

    scene()


# Hold-ups


@in_virtual_time
async def test_after_a_short_hold_up_it_catches_up_and_nothing_is_missing() -> None:
    capture = ClockedCapture(Counting())
    listener = Listener(capture)
    await asyncio.sleep(0)
    virtual_loop().hold_up(0.19)
    await asyncio.sleep(0.015)
    capture.close()
    assert listener.numbers == [*range(1, 22)]
    assert listener.times == hundredths(*range(21))
    assert listener.handed[1:20] == pytest.approx([0.19] * 19, abs=STEP)
    assert listener.handed[20] == pytest.approx(0.2, abs=STEP)


@in_virtual_time
async def test_while_it_catches_up_others_have_their_turn() -> None:
    capture = ClockedCapture(Counting())
    listener = Listener(capture)
    await asyncio.sleep(0)
    virtual_loop().hold_up(0.1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(listener.numbers) < 5
    capture.close()


@in_virtual_time
async def test_after_a_long_hold_up_it_goes_on_with_the_present() -> None:
    capture = ClockedCapture(Counting())
    listener = Listener(capture)
    await asyncio.sleep(0)
    virtual_loop().hold_up(1.005)
    await asyncio.sleep(0.02)
    capture.close()
    # What was due is told as it was due, and then the times leap.
    assert listener.times == hundredths(0, 1, 100, 101, 102)
    # A file goes on where it was: what was not heard is not lost.
    assert listener.numbers == [1, 2, 3, 4, 5]


@in_virtual_time
async def test_a_hold_up_within_a_block_is_noticed_at_once() -> None:
    playback = ClockedPlayback(Kept())
    speech = Speech(playback)
    speech.then = lambda number: virtual_loop().hold_up(1.005 if number == 2 else 0)
    await asyncio.sleep(1.025)
    playback.close()
    assert speech.times == hundredths(0, 1, 101, 102)


@in_virtual_time
async def test_it_never_runs_ahead_nor_behind_by_more_than_200_ms() -> None:
    capture = ClockedCapture(Counting())
    listener = Listener(capture)
    stalls = np.random.default_rng(2).exponential(0.03, 5000)
    listener.then = lambda number: virtual_loop().hold_up(stalls[number])
    await asyncio.sleep(20)
    capture.close()
    steps = np.diff(listener.times)
    late = np.array(listener.handed) - listener.times
    assert steps.min() == pytest.approx(0.01, abs=STEP)
    assert (np.abs(steps * 100 - np.rint(steps * 100)) < 100 * STEP).all()
    assert late.min() > -STEP
    assert late.max() < 0.2 + STEP
    assert steps.max() > 0.2


# Closing


@in_virtual_time
async def test_closed_it_is_silent_and_what_it_was_lent_to_is_closed() -> None:
    counting, kept = Counting(), Kept()
    capture, playback = ClockedCapture(counting), ClockedPlayback(kept)
    listener, speech = Listener(capture), Speech(playback)
    await asyncio.sleep(0.025)
    capture.close()
    playback.close()
    assert virtual_loop().timers() == []
    await asyncio.sleep(1)
    assert (listener.numbers, len(speech.times), len(kept.blocks)) == ([1, 2, 3], 3, 3)
    assert (counting.closed, kept.closed) == (1, 1)


@in_virtual_time
async def test_closed_before_its_first_block_it_hears_nothing() -> None:
    counting = Counting()
    capture = ClockedCapture(counting)
    listener = Listener(capture)
    capture.close()
    await asyncio.sleep(1)
    assert (listener.numbers, counting.blocks, counting.closed) == ([], 0, 1)


@in_virtual_time
async def test_closed_without_a_start_it_closes_what_it_has() -> None:
    counting, kept = Counting(), Kept()
    ClockedCapture(counting).close()
    ClockedPlayback(kept).close()
    assert (counting.closed, kept.closed) == (1, 1)


@pytest.mark.parametrize("name", ["silence", "tone:440", "a.wav"])
def test_closing_twice_is_closing_once(tmp_path: Path, name: str) -> None:
    wav(tmp_path / "a.wav", sine(48000, 0.1))

    @in_virtual_time
    async def scene() -> None:
        spec = str(tmp_path / name) if name.endswith("wav") else name
        capture = ClockedCapture(open_source(spec))
        playback = ClockedPlayback(open_sink(str(tmp_path / "b.wav")))
        Listener(capture)
        Speech(playback)
        await asyncio.sleep(0.025)
        for _ in range(2):
            capture.close()
            playback.close()

    scene()
    with opened(tmp_path / "b.wav") as source:
        assert take_all(source).size == 3 * BLOCK


@in_virtual_time
async def test_a_listener_that_closes_the_capture_hears_no_more() -> None:
    counting = Counting()
    capture = ClockedCapture(counting)
    listener = Listener(capture)
    listener.then = lambda number: capture.close() if number == 3 else None
    await asyncio.sleep(1)
    assert (listener.numbers, listener.failures, counting.closed) == ([1, 2, 3], [], 1)


@in_virtual_time
async def test_a_speaker_that_is_closed_while_it_asks_plays_no_more() -> None:
    kept = Kept()
    playback = ClockedPlayback(kept)
    speech = Speech(playback)
    speech.then = lambda number: playback.close() if number == 3 else None
    await asyncio.sleep(1)
    assert (len(speech.times), len(kept.blocks), kept.closed) == (3, 2, 1)
    assert speech.failures == []


# Failing


@in_virtual_time
async def test_a_sink_that_fails_is_told_once_and_nothing_is_asked_any_more() -> None:
    kept = Kept(fails_at=2)
    playback = ClockedPlayback(kept)
    speech = Speech(playback)
    await asyncio.sleep(1)
    assert speech.failures == ["the sink is full"]
    assert (len(speech.times), len(kept.blocks), kept.closed) == (3, 2, 0)
    playback.close()
    assert kept.closed == 1


@in_virtual_time
async def test_who_is_told_of_a_failure_may_close() -> None:
    kept = Kept(fails_at=0)
    playback = ClockedPlayback(kept)
    playback.start(lambda at: np.zeros(BLOCK, np.int16), lambda error: playback.close())
    await asyncio.sleep(1)
    assert kept.closed == 1


@pytest.mark.expects_log
def test_a_fault_of_ours_is_logged_once_and_told_as_a_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @in_virtual_time
    async def scene() -> None:
        capture = ClockedCapture(Counting())
        listener = Listener(capture)

        def divide(number: int) -> None:
            assert 1 / (3 - number)

        listener.then = divide
        await asyncio.sleep(1)
        assert listener.numbers == [1, 2, 3]
        assert listener.failures == ["sound ended by a fault of this program: see its log"]
        capture.close()

    scene()
    assert [type(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        ZeroDivisionError
    ]


@pytest.mark.expects_log
def test_a_fault_after_closing_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    @in_virtual_time
    async def scene() -> None:
        capture = ClockedCapture(Counting())
        listener = Listener(capture)

        def close_and_fail(number: int) -> None:
            capture.close()
            raise ZeroDivisionError

        listener.then = close_and_fail
        await asyncio.sleep(1)
        assert (listener.numbers, listener.failures) == ([1], [])

    scene()
    assert len(caplog.records) == 1


def test_without_a_loop_it_cannot_be_started() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        ClockedCapture(Silence()).start(lambda block, at: None, refuse)
