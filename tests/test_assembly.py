"""Packets of pictures through networks that lose, delay, repeat and lie, and what is asked for."""

import random
from dataclasses import replace
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coded_pictures import Call, Way, number_of, payloads, stream
from twocan.media.pictures.receiving.asking import Gaps
from twocan.media.pictures.receiving.assembly import Assembly, Frame, Packet, Wants
from twocan.media.pictures.receiving.gathering import MOST_BYTES, MOST_PACKETS
from twocan.media.pictures.vp8.payload import parse

TICK = 0.003


def flat(frames: list[list[Packet]]) -> list[Packet]:
    return list(chain.from_iterable(frames))


class Desk:
    """An assembly that is given a packet every 3 ms, and whatever came of it."""

    def __init__(self, *, nackable: bool = True, rtt: float | None = 0.05) -> None:
        self.assembly = Assembly(nackable=nackable)
        self.now = 50.0
        self.rtt = rtt
        self.frames: list[Frame] = []
        self.asked: list[tuple[float, tuple[int, ...]]] = []
        self.keys: list[float] = []

    def put(self, packets: list[Packet]) -> "Desk":
        for packet in packets:
            self.now += TICK
            self.assembly.put(packet, self.now)
            self._look()
        return self

    def wait(self, seconds: float) -> "Desk":
        """Do what ``next_at`` asks for, and nothing else, until that time has passed."""
        until = self.now + seconds
        while (at := self.assembly.next_at(self.now)) is not None and at <= until:
            self.now = max(at, self.now + 1e-6)
            self._look()
        self.now = until
        return self

    @property
    def numbers(self) -> list[int]:
        return [number_of(frame) for frame in self.frames]

    def _look(self) -> None:
        self.frames += self.assembly.frames(self.now)
        wants = self.assembly.wants(self.now, self.rtt)
        if wants.missing:
            self.asked.append((self.now, wants.missing))
        if wants.key:
            self.keys.append(self.now)
        following = self.assembly.next_at(self.now)
        assert following is None or following > self.now


# A network that does nothing.


def test_frames_come_out_as_soon_as_their_last_packet_is_there() -> None:
    desk = Desk()
    for number, frame in enumerate(stream(4)):
        desk.put(frame[:-1])
        assert len(desk.frames) == number
        desk.put(frame[-1:])
        assert desk.numbers[-1] == number
    first = desk.frames[0]
    assert (first.key, first.packets, first.timestamp % 2**32) == (True, 3, 0)
    assert first.complete_at - first.first_arrival == pytest.approx(2 * TICK)
    assert not desk.frames[1].key
    assert (desk.asked, desk.keys) == ([], [])
    assert desk.assembly.next_at(desk.now) is None


def test_sequence_numbers_timestamps_and_picture_ids_wrap() -> None:
    # So many frames that a picture id of 15 bits wraps, and a sequence number many times.
    desk = Desk()
    for frame in stream(33000, parts=1, sequence=65530, timestamp=2**32 - 9000):
        desk.put(frame)
    assert desk.numbers == list(range(33000))
    steps = {b.timestamp - a.timestamp for a, b in pairwise(desk.frames)}
    assert steps == {3000}
    assert desk.assembly.counters.missing == 0


def test_a_marker_that_is_missing_is_no_loss() -> None:
    frames = [[replace(p, marker=False) for p in frame] for frame in stream(5)]
    desk = Desk().put(flat(frames))
    assert desk.numbers == [0, 1, 2, 3]
    assert Desk().put(list(reversed(flat(frames)))).numbers == [0, 1, 2, 3]


def test_padding_between_frames_is_no_part_of_them() -> None:
    first, second = stream(2)
    probe = Packet(5, 3, first[-1].timestamp, False, b"")
    moved = [replace(p, sequence=p.sequence + 1) for p in second]
    assert Desk().put([*first, probe, *moved]).numbers == [0, 1]
    assert Desk().put([*first, *moved, probe]).numbers == [0, 1]


def test_padding_is_not_kept() -> None:
    desk = Desk()
    for number, frame in enumerate(stream(1200)):
        moved = [replace(p, sequence=(p.sequence + 2 * number) % 65536) for p in frame]
        ends = moved[-1]
        probes = [replace(ends, sequence=(ends.sequence + k) % 65536, payload=b"") for k in (1, 2)]
        # Nothing says which frame it is.
        desk.put([replace(p, payload=_without_picture_id(p.payload)) for p in moved])
        desk.put([replace(probe, marker=False) for probe in probes])
    assert len(desk.frames) == 1200
    assert len(desk.assembly._gathering) <= 2


def _without_picture_id(payload: bytes) -> bytes:
    descriptor, data = parse(payload)
    return bytes(replace(descriptor, picture_id=None)) + data


def test_padding_that_was_lost_keeps_nothing_back() -> None:
    first, second = stream(2)
    desk = Desk().put([*first, *(replace(p, sequence=p.sequence + 5) for p in second)])
    assert desk.numbers == [0, 1]
    assert desk.wait(1).keys == []


# What is lost, and asked for.


def test_what_is_missing_is_asked_for_at_once_and_given_in_order_once_it_is_there() -> None:
    everything = flat(stream(6))
    lost = everything.pop(7)
    desk = Desk().put(everything)
    assert desk.numbers == [0, 1]
    assert desk.asked == [(50.0 + 8 * TICK, (7,))]
    desk.put([replace(lost, repaired=True)])
    assert desk.numbers == [0, 1, 2, 3, 4, 5]
    assert {frame.complete_at for frame in desk.frames[2:]} == {desk.now}
    assert (desk.assembly.counters.repaired, desk.assembly.counters.dropped) == (1, 0)
    assert desk.wait(5).keys == []


def test_it_is_asked_for_again_while_there_is_time_and_then_a_key_frame_is() -> None:
    everything = flat(stream(6))
    del everything[7]
    desk = Desk().put(everything).wait(0.3)
    times = [at for at, numbers in desk.asked]
    assert {numbers for at, numbers in desk.asked} == {(7,)}
    assert 4 <= len(times) <= 7
    assert min(b - a for a, b in pairwise(times)) >= 0.05
    assert desk.keys == []
    desk.wait(0.1)
    assert len(desk.keys) == 1
    asked = len(desk.asked)
    desk.wait(0.2)
    assert len(desk.asked) == asked


def test_a_network_that_answers_slowly_is_not_asked_all_the_time() -> None:
    everything = flat(stream(6))
    del everything[7]
    assert len(Desk(rtt=0.3).put(everything).wait(1).asked) <= 3
    assert len(Desk(rtt=None).put(everything).wait(0.4).asked) <= 4


def test_a_packet_is_asked_for_ten_times_at_most() -> None:
    everything = flat(stream(6))
    del everything[7]
    desk = Desk(rtt=0.001).put(everything).wait(3)
    assert 3 <= len(desk.asked) <= 10


def test_an_outage_is_not_mended_packet_by_packet() -> None:
    frames = stream(30, parts=1)
    desk = Desk().put(flat(frames[:5])).put(flat(frames[20:]))
    assert desk.asked == []
    assert desk.keys[0] == pytest.approx(50.0 + 6 * TICK)
    # As many packets that were lost at once are.
    assert len(Desk().put([*flat(frames[:5]), *flat(frames[11:])]).asked) == 1


def test_how_long_answers_take_is_learnt() -> None:
    gaps = Gaps()
    for k in range(10):
        gaps.miss([k], k)
        assert gaps.due(k, 0.05) == [k]
        gaps.came(k, k + 0.2, repaired=True)
    gaps.miss([99], 20)
    assert gaps.due(20, 0.05) == [99]
    assert gaps.due(20.15, 0.05) == []
    assert gaps.due(20.3, 0.05) == [99]


def test_where_packets_overtake_each_other_they_are_waited_for() -> None:
    frames = stream(300)
    swapped = [p for a, b, c in frames for p in (b, a, c)]
    desk = Desk().put(swapped)
    assert desk.numbers == list(range(300))
    assert len(desk.asked) <= 3
    assert desk.assembly.counters.overtaken >= 297


def test_where_nobody_answers_a_nack_a_key_frame_is_asked_for() -> None:
    everything = flat(stream(40))
    del everything[20]
    desk = Desk(nackable=False).put(everything)
    assert desk.asked == []
    assert desk.keys[0] == pytest.approx(50 + 21 * TICK + 0.03, abs=TICK + 1e-6)
    assert desk.numbers == list(range(6))


def test_a_key_frame_beyond_a_hole_ends_the_waiting() -> None:
    everything = flat(stream(9, keys=(0, 5)))
    del everything[7]
    desk = Desk().put(everything)
    assert desk.numbers == [0, 1, 5, 6, 7, 8]
    assert desk.assembly.counters.dropped == 3
    assert desk.wait(2).keys == []


def test_the_hole_may_be_in_the_key_frame() -> None:
    frames = stream(9, keys=(5,), parts=6)
    everything = flat(frames)
    lost = everything.pop(5 * 6 + 3)
    desk = Desk().put(everything)
    assert desk.frames == []
    assert len(desk.keys) <= 1
    desk.put([replace(lost, repaired=True)])
    assert desk.numbers == [5, 6, 7, 8]


def test_no_key_frame_is_asked_for_while_one_is_coming() -> None:
    desk = Desk()
    first = flat(stream(1, parts=150))
    for packet in first:
        desk.wait(0.01).put([packet])
    assert desk.keys == []
    assert desk.numbers == [0]
    stalled = Desk().put(first[:100])
    assert stalled.wait(0.25).keys == []
    assert len(stalled.wait(0.2).keys) == 1


def test_frames_that_nobody_needs_may_be_missing() -> None:
    frames = stream(8, non_reference=(2, 5))
    everything = [p for p in flat(frames) if p.sequence not in (7, 15)]
    desk = Desk().put(everything).wait(0.1)
    assert desk.numbers == [0, 1, 3, 4, 6, 7]
    assert desk.keys == []
    # What was only overtaken is not left out.
    overtaken = [p for p in flat(frames[:4]) if p.sequence != 7]
    assert Desk().put([*overtaken, flat(frames)[7]]).numbers == [0, 1, 2, 3]
    # The whole of it may be missing, but then nobody knows that it was not needed.
    whole = [p for p in flat(frames) if p.sequence not in (6, 7, 8)]
    assert Desk().put(whole).wait(0.1).numbers == [0, 1]


def test_a_frame_that_is_needed_may_not() -> None:
    everything = [p for p in flat(stream(8, non_reference=(3,))) if p.sequence != 7]
    assert Desk().put(everything).wait(0.1).numbers == [0, 1]


# Key frames.


def test_a_stream_that_is_joined_in_its_middle_is_asked_for_a_key_frame() -> None:
    frames = stream(40, keys=(20,))
    desk = Desk().put(flat(frames[3:15]))
    assert desk.frames == []
    assert desk.keys == [pytest.approx(50.03, abs=2 * TICK)]
    desk.put(flat(frames[15:]))
    assert desk.numbers == list(range(20, 40))
    assert len(desk.keys) == 1


def test_requests_for_a_key_frame_become_rarer_where_none_ever_comes() -> None:
    desk = Desk().put(flat(stream(30, keys=())))
    desk.wait(60)
    gaps = [b - a for a, b in pairwise(desk.keys)]
    assert min(gaps) >= 0.25
    assert max(gaps[:3]) <= 0.3
    assert gaps == sorted(gaps)
    assert 10 <= len(gaps) <= 20


def test_what_waits_for_a_key_frame_in_vain_is_not_kept() -> None:
    desk = Desk()
    for frame in stream(300, keys=()):
        desk.put(frame).wait(0.02)
        assert desk.assembly._gathering.frames <= 1 / 0.029 + 2


def test_a_decoder_that_failed_gets_a_key_frame_next() -> None:
    frames = stream(20, keys=(0, 12))
    desk = Desk().put(flat(frames[:5]))
    desk.assembly.broken(desk.now)
    assert desk.assembly.wants(desk.now, 0.05) == Wants(key=True)
    desk.put(flat(frames[5:]))
    assert desk.numbers == [0, 1, 2, 3, 4, *range(12, 20)]
    assert desk.keys == []


def test_a_decoder_that_always_fails_asks_no_more_than_four_times_a_second() -> None:
    desk = Desk()
    for number, frame in enumerate(stream(300, keys=tuple(range(0, 300, 12)))):
        desk.put(frame)
        if number % 12 == 0:
            desk.assembly.broken(desk.now)
    assert len(desk.frames) == 25
    assert len(desk.keys) >= 5
    assert min(b - a for a, b in pairwise(desk.keys)) >= 0.25


# Other streams.


def test_a_new_ssrc_is_a_new_stream() -> None:
    old, new = stream(10), stream(6, ssrc=9, sequence=777, timestamp=12345678)
    desk = Desk().put(flat(old[:5]))
    desk.put(flat(new[:1]))
    # Stragglers of the old one change nothing any more.
    desk.put(flat(old[5:7]))
    desk.put(flat(new[1:]))
    assert desk.numbers == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5]
    assert [frame.stream for frame in desk.frames] == [1] * 5 + [2] * 6
    assert desk.frames[5].timestamp % 2**32 == 12345678
    assert desk.assembly.counters.strays == 7


def test_what_an_old_stream_lacked_is_not_asked_of_a_new_one() -> None:
    old = flat(stream(5, sequence=777))
    desk = Desk().put([*old[:8], *old[9:]])
    asked = len(desk.asked)
    desk.put(flat(stream(3, ssrc=9, sequence=1))).wait(0.3)
    assert len(desk.asked) == asked
    assert desk.numbers == [0, 1, 0, 1, 2]


def test_one_stray_packet_is_no_stream() -> None:
    strays = [Packet(100 + k, 5, 5, True, payloads(0, key=True, parts=1)[0]) for k in range(20)]
    mixed = [p for pair in zip(flat(stream(20))[:20], strays, strict=True) for p in pair]
    desk = Desk().put(mixed)
    assert desk.numbers == [0, 1, 2, 3, 4, 5]
    assert desk.assembly.counters.strays == 20


def test_a_sender_that_begins_anew_is_followed() -> None:
    before = stream(5, sequence=100, timestamp=90000)
    after = stream(5, sequence=40000, timestamp=5)
    desk = Desk().put(flat(before)).put(flat(after))
    assert desk.numbers == [0, 1, 2, 3, 4] * 2
    assert desk.frames[-1].stream == 2


def test_a_camera_that_was_off_for_an_hour_goes_on() -> None:
    frames = stream(10)
    later = [
        [replace(p, timestamp=p.timestamp + 3600 * 90000) for p in frame] for frame in frames[5:]
    ]
    desk = Desk().put(flat(frames[:5])).wait(3600).put(flat(later))
    assert desk.numbers == list(range(10))
    assert (desk.asked, desk.keys) == ([], [])


# Whole calls. The network answers after 60 ms, of which packets lie in wait up to 30 more.


@pytest.mark.parametrize("seed", range(3))
def test_with_losses_and_jitter_nobody_sees_a_freeze(seed: int) -> None:
    call = Call(Way(0.03, 0.03, 0.02), Way(0.03), seed=seed).run(60)
    counted = call.assembly.counters
    assert sum(interval > 0.2 for interval in call.intervals()) <= 1
    assert counted.repaired >= 200
    assert counted.nacks <= 0.09 * counted.received
    assert counted.plis <= 2


@pytest.mark.parametrize("seconds", [0.1, 0.25, 0.4, 1.0, 5.0])
def test_after_an_outage_the_picture_is_back_within_half_a_second(seconds: float) -> None:
    down = (5.0, 5.0 + seconds)
    call = Call(Way(down=down), Way(down=down)).run(15)
    back = next(shown for shown in call.shown if shown.at > down[1] and shown.captured > down[0])
    assert back.at - down[1] < 0.5
    late = [shown.at - shown.captured for shown in call.shown if shown.at > down[1] + 3]
    assert max(late) < 0.1


def test_a_request_for_a_key_frame_may_be_lost_too() -> None:
    call = Call(Way(down=(5, 7)), Way(down=(5, 7.1))).run(12)
    back = next(shown.at for shown in call.shown if shown.at > 7)
    assert back < 7.5


def test_without_answers_key_frames_restore_the_picture() -> None:
    call = Call(Way(loss=0.003), answers=False, seed=4).run(30)
    assert call.assembly.counters.keys >= 10
    assert len(call.shown) > 600
    assert call.shown[-1].number >= 890


def test_a_peer_that_never_sends_a_key_frame_is_not_pressed() -> None:
    call = Call(Way(down=(5, 7)), Way(down=(5, 7)), gives_keys=False).run(60)
    assert len(call.keys_asked) <= 20
    assert call.shown[-1].at < 5.1


# What can be said of every stream.


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(0, 65535), st.integers(0, 2**32 - 1))
def test_no_order_and_no_duplicate_changes_what_comes_out(
    chance: random.Random, sequence: int, timestamp: int
) -> None:
    frames = stream(6, sequence=sequence, timestamp=timestamp)
    first, *others = flat(frames)
    shuffled = [*others, *chance.sample(others, 10)]
    chance.shuffle(shuffled)
    # Of the first nobody could know, were it last, that there had been one before.
    desk = Desk().put([first, *shuffled])
    assert desk.numbers == list(range(6))
    assert desk.assembly.counters.duplicates == 10


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(1, 59)), st.integers(0, 65535))
def test_whatever_is_lost_and_sent_again_all_frames_come_out(lost: set[int], since: int) -> None:
    everything = flat(stream(20, sequence=since))
    kept = [p for k, p in enumerate(everything) if k not in lost or k == 59]
    desk = Desk().put(kept)
    by_sequence = {p.sequence: p for p in everything}
    asked = sorted({number for _, numbers in desk.asked for number in numbers})
    desk.put([replace(by_sequence[number], repaired=True) for number in asked])
    if len(lost) <= 8:
        assert desk.numbers == list(range(20))
    assert desk.numbers == sorted(desk.numbers)


PAYLOADS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b"\x10", b"\xff" * 1500, bytes(70000)]),
    st.builds(
        lambda number, key, part: payloads(number, key=key, parts=4)[part],
        st.integers(0, 9),
        st.booleans(),
        st.integers(0, 3),
    ),
)
PACKETS = st.builds(
    Packet,
    ssrc=st.integers(1, 2),
    sequence=st.integers(0, 30) | st.integers(0, 65535),
    timestamp=st.integers(0, 9).map(lambda k: k * 3000) | st.integers(0, 2**32 - 1),
    marker=st.booleans(),
    payload=PAYLOADS,
    repaired=st.booleans(),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PACKETS | st.floats(0, 1), max_size=80), st.booleans())
def test_nothing_that_arrives_does_harm(steps: list[Packet | float], nackable: bool) -> None:
    desk = Desk(nackable=nackable)
    for step in steps:
        if isinstance(step, Packet):
            desk.put([step])
        else:
            desk.wait(step)
    counted = desk.assembly.counters
    assert counted.received == sum(isinstance(step, Packet) for step in steps)
    assert counted.frames == len(desk.frames)
    assert counted.nacks == sum(len(numbers) for _, numbers in desk.asked)
    assert len(desk.asked) <= 10 * 80 * 10
    desk.wait(30)
    # However it ended, a key frame makes it good again.
    desk.put(flat(stream(3, ssrc=77, sequence=4, timestamp=9)))
    assert [number_of(frame) for frame in desk.frames[-3:]] == [0, 1, 2]


def test_a_flood_is_not_kept() -> None:
    desk = Desk()
    part = payloads(1, parts=9)[4]
    for k in range(3 * MOST_PACKETS):
        desk.assembly.put(Packet(5, k % 65536, k * 9, False, part), 1.0)
        assert len(desk.assembly._gathering) <= MOST_PACKETS
    large = part[:4] + bytes(60000)
    for k in range(200):
        desk.assembly.put(Packet(5, k + 3 * MOST_PACKETS, k * 9, False, large), 1.0)
        assert desk.assembly._gathering._bytes <= MOST_BYTES + len(large)
    assert len(desk.assembly._known) <= 1024
    assert len(desk.assembly._gaps) <= 100


def test_a_frame_that_cannot_be_whole_is_given_up() -> None:
    frames = stream(60)
    broken = replace(frames[2][1], payload=b"\x80")
    everything = [broken if p is frames[2][1] else p for p in flat(frames)]
    desk = Desk()
    for packet in everything:
        desk.put([packet]).wait(0.01)
    assert desk.numbers == [0, 1]
    assert desk.assembly.counters.malformed == 1
    assert desk.asked == []
    assert 1 <= len(desk.keys) <= 6


def test_what_comes_after_it_was_given_up_is_late() -> None:
    frames = stream(9, keys=(0, 5))
    everything = flat(frames)
    lost = everything.pop(7)
    desk = Desk().put(everything).put([lost])
    assert desk.assembly.counters.late == 1
    assert desk.numbers == [0, 1, 5, 6, 7, 8]
