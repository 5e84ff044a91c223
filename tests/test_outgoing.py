"""Blocks of sound in, RTP payloads out."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.adaptation import Report
from twocan.media.opus import Bandwidth, Decoder, duration, has_fec
from twocan.media.outgoing import FRAME, Frame, Outgoing, level
from twocan.media.red import Block, unpack
from twocan.media.sound import BLOCK, SAMPLE_RATE, SILENCE, Samples

OPUS, RED = 111, 63


@pytest.fixture
def outgoing() -> Iterator[Outgoing]:
    sender = Outgoing(OPUS, RED)
    yield sender
    sender.close()


def humming(seconds: float, pitch: float = 150) -> Samples:
    """Something like a voice: a pitch that wavers, with overtones, at -20 dBFS or so."""
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * (pitch * at + 2 * np.sin(2 * np.pi * 2 * at))
    tones = sum(np.sin(k * phase) / k for k in range(1, 12))
    breath = np.random.default_rng(1).standard_normal(at.size)
    return np.asarray(3000 * tones + 100 * breath).astype(np.int16)


def blocks(sound: Samples) -> Iterator[Samples]:
    return (sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK))


def say(outgoing: Outgoing, sound: Iterable[Samples]) -> list[Frame]:
    return [frame for block in sound if (frame := outgoing.take(block))]


def silence(seconds: float) -> Iterator[Samples]:
    return (SILENCE for _ in range(round(seconds * 100)))


def spread(lost: int, of: int) -> Report:
    return Report(of, lost, jitter=0.0, runs=lost)


def copies(frame: Frame) -> list[Block]:
    assert frame.payload_type == RED
    *redundant, primary = unpack(frame.payload)
    assert (primary.payload_type, primary.offset) == (OPUS, 0)
    return redundant


def opus_of(frame: Frame) -> bytes:
    return unpack(frame.payload)[-1].data if frame.payload_type == RED else frame.payload


# The way of the sound


def test_two_blocks_make_a_frame(outgoing: Outgoing) -> None:
    first, second, third, fourth = blocks(humming(0.04))
    assert outgoing.take(first) is None
    frame = outgoing.take(second)
    assert frame is not None
    assert (frame.payload_type, frame.timestamp, frame.duration) == (OPUS, 0, FRAME)
    assert duration(frame.payload) == FRAME
    assert outgoing.take(third) is None
    later = outgoing.take(fourth)
    assert later is not None
    assert later.timestamp == FRAME


def test_what_was_said_is_what_is_heard(outgoing: Outgoing) -> None:
    said = humming(1.0)
    decoder = Decoder()
    heard = np.concatenate([decoder.decode(opus_of(f)) for f in say(outgoing, blocks(said))])
    decoder.close()
    # Opus looks 6.5 ms ahead.
    late = 312
    likeness = np.corrcoef(said[: SAMPLE_RATE - late], heard[late:])[0, 1]
    assert likeness > 0.7


@given(sizes=st.lists(st.integers(0, FRAME), max_size=40))
def test_blocks_of_any_length_lose_nothing(sizes: list[int]) -> None:
    outgoing = Outgoing(OPUS)
    frames = say(outgoing, (humming(0.02)[:size] for size in sizes))
    outgoing.close()
    assert [frame.timestamp for frame in frames] == [k * FRAME for k in range(sum(sizes) // FRAME)]


def test_a_block_that_is_longer_than_a_frame_is_refused(outgoing: Outgoing) -> None:
    with pytest.raises(ValueError, match="a block of 961 samples: give 960 at most"):
        outgoing.take(np.zeros(961, np.int16))


def test_the_level_is_that_of_each_frame(outgoing: Outgoing) -> None:
    loud, soft = humming(0.4), humming(0.4) // 10
    levels = [frame.level for frame in say(outgoing, blocks(np.concatenate([loud, soft])))]
    assert levels[5] == level(loud[5 * FRAME : 6 * FRAME])
    assert 18 <= levels[25] - levels[5] <= 22


@pytest.mark.parametrize(
    ("sample", "dbov"), [(-32768, 0), (32767, 0), (16384, 6), (3277, 20), (1, 90), (0, 127)]
)
def test_a_level_is_told_in_db_below_overload(sample: int, dbov: int) -> None:
    assert level(np.full(FRAME, sample, np.int16)) == dbov


# Silence


def test_in_silence_hardly_anything_is_sent_and_the_timestamps_go_on(outgoing: Outgoing) -> None:
    say(outgoing, blocks(humming(1)))
    say(outgoing, silence(1))
    comfort = say(outgoing, silence(4))
    assert 8 <= len(comfort) <= 12
    steps = np.diff([frame.timestamp for frame in comfort])
    assert set(steps) == {21 * FRAME}
    assert all(frame.level == 127 for frame in comfort)


def test_the_first_packet_after_a_pause_is_marked(outgoing: Outgoing) -> None:
    spoken = say(outgoing, blocks(humming(1)))
    assert [frame.marker for frame in spoken] == [True] + [False] * 49
    say(outgoing, silence(3.01))
    again = say(outgoing, blocks(humming(1)))
    assert [frame.marker for frame in again[:3]] == [True, False, False]
    assert again[0].timestamp >= 4 * SAMPLE_RATE


def test_nothing_that_was_silent_is_repeated(outgoing: Outgoing) -> None:
    say(outgoing, blocks(humming(1)))
    *_, before = say(outgoing, silence(3.01))
    first, second, *_ = say(outgoing, blocks(humming(1)))
    assert first.timestamp - before.timestamp > FRAME
    assert first.payload_type == OPUS
    assert [block.data for block in copies(second)] == [opus_of(first)]


def test_while_held_the_timestamps_jump_and_nothing_old_is_repeated(outgoing: Outgoing) -> None:
    *_, last = say(outgoing, blocks(humming(0.5)))
    assert last.payload_type == RED
    outgoing.skip(60 * SAMPLE_RATE)
    first, second, *_ = say(outgoing, blocks(humming(0.5)))
    assert first.timestamp == last.timestamp + FRAME + 60 * SAMPLE_RATE
    assert (first.marker, first.payload_type) == (True, OPUS)
    assert (second.marker, second.payload_type) == (False, RED)


def test_half_a_frame_before_a_hold_is_passed_over_too(outgoing: Outgoing) -> None:
    outgoing.take(humming(0.01))
    outgoing.skip(BLOCK)
    first, second = blocks(humming(0.02))
    assert outgoing.take(first) is None
    frame = outgoing.take(second)
    assert frame is not None
    assert frame.timestamp == 2 * BLOCK


# What the network asks for


def test_redundancy_repeats_what_was_said_before(outgoing: Outgoing) -> None:
    first, second, third, *_ = say(outgoing, blocks(humming(0.1)))
    assert first.payload_type == OPUS
    assert copies(second) == [Block(OPUS, FRAME, opus_of(first))]
    assert copies(third) == [Block(OPUS, FRAME, opus_of(second))]


def test_a_clean_way_gets_opus_alone(outgoing: Outgoing) -> None:
    outgoing.told(spread(0, of=50))
    outgoing.told(spread(0, of=100))
    assert {frame.payload_type for frame in say(outgoing, blocks(humming(0.5)))} == {OPUS}


def test_many_losses_get_two_copies_the_older_one_first(outgoing: Outgoing) -> None:
    outgoing.told(spread(20, of=100))
    frames = say(outgoing, blocks(humming(0.5)))
    assert copies(frames[10]) == [
        Block(OPUS, 2 * FRAME, opus_of(frames[8])),
        Block(OPUS, FRAME, opus_of(frames[9])),
    ]


def test_losses_in_a_row_get_the_frame_three_back_and_fec(outgoing: Outgoing) -> None:
    outgoing.told(Report(100, 9, jitter=0.0, runs=3))
    frames = say(outgoing, blocks(humming(1)))
    assert copies(frames[20]) == [Block(OPUS, 3 * FRAME, opus_of(frames[17]))]
    assert any(has_fec(opus_of(frame)) for frame in frames)


def test_a_peer_that_takes_no_redundancy_never_gets_any() -> None:
    outgoing = Outgoing(OPUS)
    sent = say(outgoing, blocks(humming(0.5)))
    outgoing.told(Report(100, 20, jitter=0.0, runs=5))
    sent += say(outgoing, blocks(humming(0.5)))
    outgoing.close()
    assert {frame.payload_type for frame in sent} == {OPUS}
    assert has_fec(sent[-1].payload)


def test_reports_change_the_bit_rate_of_the_next_frame_on(outgoing: Outgoing) -> None:
    outgoing.told(spread(0, of=100))
    clean = say(outgoing, blocks(humming(2)))
    for number in range(2, 12):
        outgoing.told(Report(100 * number, 5 * number, jitter=0.0, rtt=0.02 if number < 4 else 0.4))
    assert outgoing.plan.coding.bitrate == 12_000
    congested = say(outgoing, blocks(humming(2)))
    assert sum(map(size, congested)) < 0.6 * sum(map(size, clean))


def size(frame: Frame) -> int:
    return len(frame.payload)


def rate(frames: list[Frame]) -> float:
    """In kb/s of UDP payload: RTP's header and extension and SRTP's tag are 30 bytes."""
    seconds = len(frames) * FRAME / SAMPLE_RATE
    return sum(size(frame) + 30 for frame in frames) * 8 / 1000 / seconds


@pytest.mark.parametrize(
    ("report", "most"),
    [
        (spread(0, of=100), 40),
        (spread(4, of=100), 75),
        (spread(20, of=100), 75),
        (Report(100, 9, jitter=0.0, runs=3), 75),
    ],
    ids=["clean", "lossy", "lossier", "bursty"],
)
def test_even_a_voice_that_never_pauses_stays_within_40_and_75_kbps(
    outgoing: Outgoing, report: Report, most: float
) -> None:
    outgoing.told(report)
    assert rate(say(outgoing, blocks(humming(5)))) < most


def test_changing_plans_does_not_click(outgoing: Outgoing) -> None:
    # A pure tone betrays what speech hides.
    at = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (6000 * np.sin(2 * np.pi * 300 * at)).astype(np.int16)
    reports = [spread(0, of=100), spread(3, of=200), spread(30, of=400), Report(500, 60, 0, None)]
    decoder, heard, bands = Decoder(), [], set()
    for number, block in enumerate(blocks(tone)):
        if number % 80 == 79 and reports:
            outgoing.told(reports.pop(0))
        bands.add(outgoing.plan.coding.bandwidth)
        if frame := outgoing.take(block):
            heard.append(decoder.decode(opus_of(frame)))
    decoder.close()
    assert bands == {Bandwidth.WIDE, Bandwidth.FULL}
    bend = np.abs(np.diff(np.concatenate(heard[5:]).astype(np.int32), 2))
    # The tone itself bends by 9 at most, and Opus roughens it a little.
    assert bend.max() < 40
