"""What is heard of a sender, over networks that lose, delay, repeat and lie, in virtual time."""

import random
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twocan.media.arrivals import Arrivals
from twocan.media.opus import Coding, Decoder, Encoder
from twocan.media.playout import Arrival, Counters, Playout
from twocan.media.reception import MOST_FRAMES
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples

Spectra = npt.NDArray[np.float64]


@cache
def speech(seconds: int = 12) -> Samples:
    """Like speech: a gliding pitch with harmonics in syllables, and pauses between words."""
    time = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    pitch = 130 + 30 * np.sin(2 * np.pi * 0.7 * time) + 15 * np.sin(2 * np.pi * 2.3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    wave = sum(np.sin(k * phase + k * k) / k for k in range(1, 16))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time) + 0.4, 0, 1)
    words = np.clip(8 * np.sin(2 * np.pi * 0.61 * time) + 5, 0, 1)
    hiss = np.random.default_rng(1).normal(0, 12, len(time))
    return np.asarray(wave * syllables * words * 4000 + hiss).astype(np.int16)


@cache
def packets(length: int = 960, *, fec: bool = False, bitrate: int = 32000) -> list[bytes]:
    coding = Coding(bitrate, fec=fec, expected_loss=10 if fec else 0, dtx=False)
    encoder = Encoder(coding)
    sound = speech()
    return [encoder.encode(sound[i : i + length]) for i in range(0, len(sound), length)]


@cache
def said() -> Samples:
    """The speech as Opus has it, where nothing happens on the way."""
    decoder = Decoder()
    return np.concatenate([decoder.decode(payload) for payload in packets()])


@dataclass
class Packet:
    at: float
    arrival: Arrival


def sent(
    payloads: Sequence[bytes], length: int = 960, repeats: Sequence[int] = (), since: int = 0
) -> list[Packet]:
    """Every payload as a packet that arrives when its last sample was said."""
    return [
        Packet(
            (k + 1) * length / SAMPLE_RATE,
            Arrival(
                ssrc=7,
                sequence=(since + k) & 0xFFFF,
                timestamp=(since + k) * length & 0xFFFFFFFF,
                payload=payload,
                redundant=tuple((d * length, payloads[k - d]) for d in repeats if k >= d),
            ),
        )
        for k, payload in enumerate(payloads)
    ]


def jittered(packets: Iterable[Packet], ms: float, seed: int = 1) -> list[Packet]:
    chance = random.Random(seed)
    return [replace(p, at=p.at + chance.random() * ms / 1000) for p in packets]


def thinned(packets: Iterable[Packet], share: float, seed: int = 2) -> list[Packet]:
    chance = random.Random(seed)
    return [p for k, p in enumerate(packets) if k < 5 or chance.random() >= share]


@dataclass(repr=False)
class Heard:
    """What came out, block after block, and what was counted meanwhile."""

    playout: Playout = field(default_factory=Playout)
    blocks: list[Samples] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    positions: list[tuple[int, int]] = field(default_factory=list)

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.blocks)

    @property
    def counters(self) -> Counters:
        return self.playout.counters


def play(packets: Iterable[Packet], seconds: float = 12, count: int = BLOCK) -> Heard:
    """Ask for ``count`` samples whenever that time has passed, 1.3 ms after the packets' grid."""
    heard = Heard()
    waiting = deque(sorted(packets, key=lambda packet: packet.at))
    asked = 0
    while asked < seconds * SAMPLE_RATE:
        now = asked / SAMPLE_RATE + 0.0013
        while waiting and waiting[0].at <= now:
            packet = waiting.popleft()
            heard.playout.put(packet.arrival, packet.at)
        heard.blocks.append(heard.playout.get(count, now))
        asked += count
        heard.behind.append(heard.playout._played.behind / 48)
        position = heard.playout._position
        if position is not None:
            heard.positions.append((heard.playout._tally.streams, position))
    heard.playout.close()
    return heard


def lag_ms(heard: Samples, start: float, seconds: float = 1.0) -> float:
    """How much later than it was said, Opus' own delay aside, that piece was heard."""
    first, count = int(start * SAMPLE_RATE), int(seconds * SAMPLE_RATE)
    told = said()[first : first + count].astype(float)
    heard = heard[first : first + count + SAMPLE_RATE // 2].astype(float)
    size = len(heard) + count
    alike = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(told, size)), size)
    return int(alike[: SAMPLE_RATE // 2].argmax()) / SAMPLE_RATE * 1000


def likeness(heard: Samples, start: float = 1, seconds: float = 10) -> float:
    """1 where the spectrum of what is heard is that of what was said, each second where it fits
    best: neither a delay nor its changes count."""
    both = [_pieces(heard, piece) for piece in np.arange(start, start + seconds)]
    product = sum(float((a * b).sum()) for a, b in both)
    powers = sum(float((a**2).sum()) for a, _ in both), sum(float((b**2).sum()) for _, b in both)
    return product / float(np.sqrt(powers[0] * powers[1]))


def _pieces(heard: Samples, start: float) -> tuple[Spectra, Spectra]:
    first, lag = int(start * SAMPLE_RATE), round(lag_ms(heard, start) * SAMPLE_RATE / 1000)
    return _spectra(said()[first:]), _spectra(heard[first + lag :])


def _spectra(sound: Samples) -> Spectra:
    blocks = sound[:SAMPLE_RATE].reshape(-1, 480) * np.hanning(480)
    return np.asarray(np.abs(np.fft.rfft(blocks)))


def steepest(sound: Samples) -> int:
    return int(np.abs(np.diff(sound.astype(int))).max())


# A network that does nothing.


def test_the_first_packet_is_heard_at_once() -> None:
    heard = play(sent(packets()), 0.2)
    assert heard.counters.played_ms > 0
    first = int(np.flatnonzero(heard.sound)[0])
    assert first < 0.020 * SAMPLE_RATE + BLOCK + 60


def test_a_clean_network_costs_a_packet_and_a_block() -> None:
    heard = play(sent(packets()))
    assert lag_ms(heard.sound, 8) <= 20 + 10
    assert likeness(heard.sound) > 0.97
    counted = heard.counters
    assert counted.received == len(packets()) - 1
    assert (counted.lost, counted.late, counted.duplicate, counted.reordered) == (0, 0, 0, 0)
    assert counted.concealed_ms == counted.skipped_ms == 0
    assert counted.mean_delay_ms is not None
    assert counted.mean_delay_ms < 12


def test_nothing_is_asked_for_before_anything_came() -> None:
    playout = Playout()
    assert not playout.get(480, 5.0).any()
    counted = playout.counters
    assert (counted.delay_ms, counted.mean_delay_ms, counted.target_ms) == (None, None, None)


@pytest.mark.parametrize(
    ("length", "count"),
    [(480, 480), (480, 1024), (960, 128), (960, 1024), (1920, 480), (2880, 480)],
)
def test_frames_and_blocks_of_any_length_go_together(length: int, count: int) -> None:
    heard = play(sent(packets(length), length), 7, count)
    assert {len(block) for block in heard.blocks} == {count}
    assert heard.counters.concealed_ms <= 60
    assert likeness(heard.sound, seconds=5) > 0.9


def test_the_length_of_frames_changes_in_mid_stream() -> None:
    short, long = packets(480), packets(1920)
    first = sent(short, 480)[:400]
    second = [
        Packet(p.at, replace(p.arrival, sequence=400 + k))
        for k, p in enumerate(sent(long, 1920)[100:])
    ]
    heard = play(first + second)
    assert heard.counters.lost == 0
    # The longer ones come 30 ms later, which takes a few of them to learn.
    assert heard.counters.concealed_ms <= 150
    assert likeness(heard.sound) > 0.9


# A network that loses and delays.


def test_jitter_is_waited_for_and_no_longer() -> None:
    heard = play(jittered(sent(packets()), 40))
    assert heard.counters.late <= 2
    assert heard.counters.reordered > 50
    assert 30 <= np.median(heard.behind[600:]) <= 40 + 10 + 6
    assert likeness(heard.sound, 3, 8) > 0.95


def test_what_was_repeated_replaces_what_was_lost() -> None:
    heard = play(thinned(sent(packets(), repeats=[1]), 0.1))
    counted = heard.counters
    assert counted.lost > 40
    assert counted.red >= 0.8 * counted.lost
    assert counted.concealed_ms < 0.25 * 20 * counted.lost
    assert likeness(heard.sound, 3, 8) > 0.95
    assert lag_ms(heard.sound, 9) <= 20 + 20 + 20


def test_two_generations_bridge_a_burst() -> None:
    gone = {k + j for k in range(100, 590, 40) for j in range(3)}
    everything = sent(packets(), repeats=[2, 3])
    heard = play([p for k, p in enumerate(everything) if k not in gone])
    assert heard.counters.lost == 39
    assert heard.counters.red >= 36
    assert heard.counters.concealed_ms <= 120


def test_a_packet_holds_the_one_before_in_coarse() -> None:
    heard = play(thinned(sent(packets(fec=True, bitrate=24000)), 0.1))
    assert heard.counters.fec >= 0.35 * heard.counters.lost
    assert likeness(heard.sound, 3, 8) > 0.9


def test_a_repair_is_not_waited_for_where_none_comes() -> None:
    heard = play(thinned(sent(packets()), 0.1))
    assert heard.counters.red == heard.counters.fec == 0
    assert lag_ms(heard.sound, 9) <= 20 + 12
    assert heard.counters.concealed_ms == pytest.approx(20 * heard.counters.lost, rel=0.3)


def test_losses_and_jitter_do_not_click() -> None:
    clean = steepest(play(sent(packets())).sound)
    heard = play(jittered(thinned(sent(packets(), repeats=[1]), 0.15), 50))
    assert steepest(heard.sound) <= 1.5 * clean


def test_what_is_gone_fades_to_silence_and_comes_back_at_once() -> None:
    heard = play([p for p in sent(packets()) if not 4 < p.at < 6])
    sound = heard.sound
    gone = sound[int(4.5 * SAMPLE_RATE) : int(5.9 * SAMPLE_RATE)]
    assert not gone.any()
    assert sound[int(6.03 * SAMPLE_RATE) : int(6.2 * SAMPLE_RATE)].any()
    assert 1900 <= heard.counters.concealed_ms <= 2040
    assert np.median(heard.behind[-100:]) <= 13


def test_a_spike_is_heard_in_full_and_the_delay_falls_again() -> None:
    late = [replace(p, at=4.3) if 4 < p.at < 4.3 else p for p in sent(packets())]
    heard = play(late)
    assert max(heard.behind) > 150
    assert np.median(heard.behind[-200:]) <= 13
    assert heard.counters.late == 0
    assert heard.counters.accelerated_ms > 150


def test_one_straggler_costs_its_own_time_and_no_delay() -> None:
    late = [replace(p, at=p.at + 0.015) if k == 300 else p for k, p in enumerate(sent(packets()))]
    heard = play(late)
    assert max(heard.behind[310:]) <= 20.5
    assert heard.counters.skipped_ms >= 10
    assert heard.counters.concealed_ms <= 30
    assert steepest(heard.sound) <= 1.2 * steepest(said())


def test_what_comes_late_leaves_the_delay_as_it_was() -> None:
    everything = jittered(sent(packets()), 8)
    heard = play([replace(p, at=p.at + 0.012) if k == 300 else p for k, p in enumerate(everything)])
    assert heard.counters.skipped_ms == 10
    assert heard.counters.accelerated_ms == 0
    assert len({round(behind) for behind in heard.behind[200:]}) == 1


def test_a_sender_that_repeats_further_back_is_waited_for_from_then_on() -> None:
    gone = {k + j for k in (100, 170, 240, 400, 470) for j in range(3)}
    before, after = sent(packets())[:300], sent(packets(), repeats=[3])[300:]
    heard = play([p for k, p in enumerate(before + after) if k not in gone])
    assert heard.counters.lost == 15
    assert heard.counters.red == 6
    assert heard.counters.concealed_ms <= 9 * 20 + 20


def test_a_second_that_comes_at_once_is_not_carried_along() -> None:
    late = [replace(p, at=5.0) if 4 < p.at < 5 else p for p in sent(packets())]
    heard = play(late)
    assert heard.counters.skipped_ms > 300
    assert np.median(heard.behind[-200:]) <= 13


def test_a_slower_network_is_followed_and_a_faster_one_too() -> None:
    slower = [replace(p, at=p.at + 0.1) if p.at > 4 else p for p in sent(packets())]
    heard = play(slower)
    assert heard.counters.late <= 10
    assert likeness(heard.sound, 6, 5) > 0.95
    faster = [replace(p, at=p.at + 0.1) if p.at < 4 else p for p in sent(packets() * 2)]
    assert np.median(play(faster, 24).behind[-200:]) <= 13


@pytest.mark.parametrize("drift", [500e-6, -500e-6])
def test_the_delay_stays_bounded_while_clocks_drift(drift: float) -> None:
    payloads = packets() * 8
    heard = play([replace(p, at=p.at * (1 + drift)) for p in sent(payloads)], 95)
    waits = np.array(heard.behind)
    assert waits[500:].max() <= 45
    assert heard.counters.concealed_ms <= 200
    assert heard.counters.accelerated_ms + heard.counters.expanded_ms >= 20


# What senders do.


def test_a_pause_that_is_not_sent_is_no_loss() -> None:
    told = [p for k, p in enumerate(sent(packets())) if k % 100 < 60]
    told = [replace(p, arrival=replace(p.arrival, sequence=k)) for k, p in enumerate(told)]
    counted = play(told).counters
    assert (counted.lost, counted.late) == (0, 0)
    assert counted.concealed_ms <= 20
    assert counted.comfort_ms > 3000


def test_a_sender_may_say_that_it_pauses() -> None:
    quiet = bytes([packets()[0][0]])
    told = [quiet if k % 100 >= 60 else payload for k, payload in enumerate(packets())]
    counted = play(sent(told)).counters
    assert counted.undecodable == 0
    assert counted.concealed_ms == 0


@pytest.mark.parametrize("frozen", [True, False])
def test_a_sender_that_is_gone_for_a_minute_is_heard_at_once_again(frozen: bool) -> None:
    before, after = sent(packets())[:200], sent(packets())[200:]
    ticks = 0 if frozen else 60 * SAMPLE_RATE
    after = [
        Packet(p.at + 60, replace(p.arrival, timestamp=p.arrival.timestamp + ticks)) for p in after
    ]
    heard = play([*before, *after], 72)
    assert heard.counters.concealed_ms < 100
    assert not heard.sound[6 * SAMPLE_RATE : 63 * SAMPLE_RATE].any()
    assert heard.counters.played_ms == pytest.approx(11980, abs=20)
    assert np.median(heard.behind[-300:]) <= 13


@pytest.mark.parametrize("jump", [10.0, -10.0, 1.0, -1.0])
def test_timestamps_that_jump_are_followed(jump: float) -> None:
    ticks = int(jump * SAMPLE_RATE)
    everything = [
        Packet(p.at, replace(p.arrival, timestamp=(p.arrival.timestamp + ticks) & 0xFFFFFFFF))
        if k >= 200
        else p
        for k, p in enumerate(sent(packets()))
    ]
    heard = play(everything)
    assert likeness(heard.sound, 7, 4) > 0.95
    assert np.median(heard.behind[-200:]) <= 13


def test_sequence_numbers_and_timestamps_wrap() -> None:
    length = 960
    for since in (65536 - 300, (1 << 32) // length - 300):
        counted = play(jittered(sent(packets(), since=since), 20)).counters
        assert counted.streams == 1
        assert (counted.lost, counted.duplicate) == (0, 0)
        assert counted.played_ms > 11900


def test_a_new_ssrc_is_a_new_stream_and_stragglers_of_the_old_are_not() -> None:
    everything = sent(packets())
    changed = [
        replace(p, arrival=replace(p.arrival, ssrc=9, timestamp=p.arrival.timestamp + 12345))
        for p in everything[300:]
    ]
    stragglers = [replace(p, at=6.101) for p in everything[295:300]]
    heard = play([*everything[:295], *stragglers, *changed])
    assert heard.counters.streams == 2
    assert likeness(heard.sound, 7, 4) > 0.95
    assert heard.counters.concealed_ms < 200


def test_another_stream_has_to_come_twice_in_a_row() -> None:
    others = [Packet(p.at + 0.001, replace(p.arrival, ssrc=99, sequence=k)) for k, p in _every(3)]
    heard = play([*sent(packets()), *others])
    assert heard.counters.streams == 1
    assert heard.counters.concealed_ms == 0


def test_strays_are_counted_and_kill_nothing() -> None:
    strays = [Packet(p.at + 0.001, replace(p.arrival, ssrc=k)) for k, p in _every(50)]
    jumps = [Packet(p.at + 0.002, replace(p.arrival, timestamp=k * 10**6)) for k, p in _every(70)]
    heard = play([*sent(packets()), *strays, *jumps])
    assert heard.counters.streams == 1
    assert heard.counters.concealed_ms == 0
    assert likeness(heard.sound) > 0.97


def _every(step: int) -> list[tuple[int, Packet]]:
    return [(k, p) for k, p in enumerate(sent(packets())) if k and k % step == 0]


def test_duplicates_are_counted_and_not_heard() -> None:
    twice = [q for p in sent(packets()) for q in (p, replace(p, at=p.at + 0.005))]
    heard = play(twice)
    assert heard.counters.duplicate == pytest.approx(len(packets()), abs=2)
    assert likeness(heard.sound) > 0.97


def test_losses_are_told_from_duplicates_and_from_a_first_packet_that_came_second() -> None:
    everything = sent(packets())
    kept = [p for k, p in enumerate(everything[:500]) if k % 10 != 5]
    kept[0] = replace(kept[0], at=kept[1].at + 0.001)
    counted = play([q for p in kept for q in (p, replace(p, at=p.at + 0.005))]).counters
    assert counted.duplicate == len(kept)
    assert counted.lost == 50
    assert counted.reordered == 1


def test_what_comes_too_late_is_counted_and_not_heard() -> None:
    late = [replace(p, at=p.at + 0.3) if k == 300 else p for k, p in enumerate(sent(packets()))]
    counted = play(late).counters
    assert (counted.late, counted.lost) == (1, 0)
    assert counted.concealed_ms == 20


def test_what_was_heard_from_a_repeat_is_not_late_when_it_comes_itself() -> None:
    everything = sent(packets(), repeats=[1])
    late = [replace(p, at=p.at + 0.3) if k % 50 == 7 else p for k, p in enumerate(everything)]
    counted = play(late).counters
    assert counted.red >= 9
    assert counted.late <= 3
    assert counted.lost == 0


# What can be said of every stream.

PAYLOADS = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(packets()[100:120]),
    st.sampled_from(packets()[100:120]).map(lambda payload: payload[: len(payload) // 2]),
    st.sampled_from([b"", b"\x03", b"\xff" * 1500, bytes(5000)]),
)
STEPS = st.lists(
    st.one_of(
        st.integers(1, 3000),
        st.builds(
            Arrival,
            ssrc=st.integers(1, 3),
            sequence=st.integers(0, 40) | st.integers(0, 65535),
            timestamp=st.integers(0, 40).map(lambda k: k * 960) | st.integers(0, 2**32 - 1),
            payload=PAYLOADS,
            redundant=st.lists(st.tuples(st.integers(-5, 20000), PAYLOADS), max_size=3).map(tuple),
            marker=st.booleans(),
        ),
    ),
    max_size=60,
)


@settings(deadline=None, max_examples=100)
@given(STEPS)
@example([Arrival(1, 0, 0, packets()[100]), 480, Arrival(1, 1, 960, packets()[101], ((480, b""),))])
def test_nothing_that_arrives_does_harm(steps: list[int | Arrival]) -> None:
    first, second = Playout(), Playout()
    now, stream, position = 100.0, 0, 0
    for step in steps:
        now += 0.004
        if isinstance(step, Arrival):
            first.put(step, now)
            second.put(step, now)
            continue
        sound = first.get(step, now)
        assert sound.shape == (step,)
        assert sound.dtype == np.int16
        assert (sound == second.get(step, now)).all()
        if first._position is not None and first.counters.streams == stream:
            assert first._position >= position
        stream, position = first.counters.streams, first._position or 0
    assert first.counters == second.counters
    assert first.counters.received == sum(isinstance(step, Arrival) for step in steps)
    assert len(first._rest) <= 5760 + 720


def test_time_never_goes_back_within_a_stream() -> None:
    for seed in range(5):
        heard = play(jittered(thinned(sent(packets(), repeats=[2]), 0.2, seed), 120, seed), 6)
        assert all(
            later >= earlier
            for (a, earlier), (b, later) in zip(heard.positions, heard.positions[1:], strict=False)
            if a == b
        )


def test_a_flood_is_not_kept() -> None:
    playout = Playout()
    payload = packets()[100]
    for k in range(3 * MOST_FRAMES):
        playout.put(Arrival(1, k & 0xFFFF, k * 120, payload, ((60, payload),)), 1.0)
    assert playout._stream is not None
    assert len(playout._stream._frames) <= MOST_FRAMES
    assert len(playout._stream._known) <= 512
    assert playout.counters.dropped >= 2 * MOST_FRAMES
    assert playout.get(480, 1.0).shape == (480,)


def test_what_was_handed_out_is_the_callers_own() -> None:
    everything = sent(packets())[:100]
    plain, spoilt = Playout(), Playout()
    for packet in everything:
        for playout in (plain, spoilt):
            playout.put(packet.arrival, packet.at)
        block = spoilt.get(960, packet.at)
        assert (block == plain.get(960, packet.at)).all()
        block[:] = 0


# What is learnt of arrivals.


def test_waiting_pays_for_one_in_ten_and_not_for_one_in_a_thousand() -> None:
    for every, waits in ((10, True), (700, False)):
        arrivals = Arrivals(0.0)
        for k in range(1, 1500):
            arrivals.came(2400.0 if k % every == 0 else 0.0)
        assert (arrivals.target >= 2400) == waits


def test_a_bad_minute_is_forgotten() -> None:
    arrivals = Arrivals(0.0)
    for k in range(600):
        arrivals.came(k % 20 * 240.0)
    assert arrivals.target >= 3600
    for _ in range(800):
        arrivals.came(0.0)
    assert arrivals.target <= 400


def test_how_losses_are_mended_is_remembered_for_longer() -> None:
    arrivals = Arrivals(0.0)
    for k in range(600):
        arrivals.came(2880.0 if k % 20 == 0 else 0.0, repaired=k % 20 == 0)
    for frames, waits in ((1000, True), (1500, False)):
        for _ in range(frames):
            arrivals.came(0.0)
        assert (arrivals.target >= 2880) == waits


def test_of_few_frames_the_slowest_is_not_taken_for_the_limit() -> None:
    few, many = Arrivals(0.0), Arrivals(0.0)
    for _ in range(400):
        many.came(0.0)
    for arrivals, count in ((few, 8), (many, 300)):
        for k in range(count):
            arrivals.came(k % 4 * 480.0)
    assert 1440 <= many.target <= 1440 + 96 + 192
    assert few.target > many.target


def test_the_fastest_is_known() -> None:
    arrivals = Arrivals(1e9)
    for k in range(50):
        arrivals.came(1e9 + k % 7 * 500 - 2000)
    assert arrivals.fastest == pytest.approx(1e9 - 2000, abs=96)


def test_a_clock_that_is_slow_for_long_is_followed() -> None:
    arrivals = Arrivals(0.0)
    for k in range(5000):
        arrivals.came(k * 20.0)
    assert arrivals.fastest == pytest.approx(4250 * 20, abs=2000)
    assert 5000 * 20 <= arrivals.target <= 5000 * 20 + 500
