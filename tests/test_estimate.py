"""What comes over a link, and what its receiver tells the sender that the link bears."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import Hours, Link
from streaming import streams
from twocan.media.pictures.receiving.estimate import Estimate, Phase

SIZE = 1200
WRAP = 1 << 24


class Sender:
    """Sends packets evenly over a link, whatever it is told; the estimates are kept with their
    times."""

    def __init__(
        self,
        rates: Sequence[tuple[float, float]],
        *,
        jitter: float = 0.0,
        clock: float = 0.0,
        pictures: bool = False,
    ) -> None:
        self.hours = Hours()
        self.estimate = Estimate()
        self.told: list[tuple[float, int]] = []
        self._link = Link(self.hours, rates, jitter=jitter, queue=5.0)
        self._clock, self._pictures = clock, pictures

    def send(self, bitrate: int, seconds: float) -> list[tuple[float, int]]:
        """What is told while this is sent."""
        until, before = self.hours.now + seconds, len(self.told)
        interval = 8 * SIZE / bitrate
        for k in range(int(seconds / interval)):
            self.hours.at(self.hours.now + k * interval, self._put)
        self.hours.run(until)
        return self.told[before:]

    def _put(self) -> None:
        left = self.hours.now + self._clock
        stamp = None if self._pictures else int(left * (1 << 18)) % WRAP
        timestamp = int(left * 30) * 3000
        self._link.put(SIZE, lambda: self._came(stamp, timestamp))

    def _came(self, stamp: int | None, timestamp: int) -> None:
        now = self.hours.now
        self.estimate.add(stamp, SIZE, now, timestamp)
        due = self.estimate.next_at
        if due is not None and due <= now:
            bitrate = self.estimate.take(now)
            assert bitrate is not None
            self.told.append((now, bitrate))


def test_nothing_is_told_of_nothing() -> None:
    estimate = Estimate()
    assert estimate.next_at is None
    assert estimate.take(5.0) is None


def test_a_fall_of_the_link_is_told_within_three_packets() -> None:
    sender = Sender([(0, 2e6), (3, 4e5)])
    sender.send(1_600_000, 3.0)
    at, bitrate = next((at, told) for at, told in sender.send(1_600_000, 0.3) if told < 1_000_000)
    assert at - 3.0 < 0.01 + 4 * 8 * SIZE / 4e5
    assert 0.7 * 4e5 < bitrate < 4e5


def test_a_hiccup_of_the_receiver_is_no_fall() -> None:
    estimate = Estimate()
    for k in range(400):
        arrival = 0.006 * k
        # What came in the meantime is seen when this machine is awake again.
        arrival = 1.25 if 1.2 < arrival < 1.25 else arrival
        estimate.add(int(0.006 * k * (1 << 18)), SIZE, arrival)
        estimate.take(arrival)
    assert estimate.phase is Phase.START


def test_a_queue_that_fills_slowly_is_seen_before_sound_waits() -> None:
    sender = Sender([(0, 1e6)])
    told = sender.send(1_100_000, 2.0)
    assert told[-1][1] < 1_000_000
    first = next(at for at, bitrate in told if bitrate < 1_000_000)
    assert 0.1 * first < 0.06


def test_while_packets_wait_it_is_told_again_and_again_since_one_may_be_lost() -> None:
    sender = Sender([(0, 2e6), (3, 4e5)])
    sender.send(1_600_000, 3.0)
    told = [at for at, bitrate in sender.send(1_600_000, 1.0) if bitrate < 1_000_000]
    assert len(told) >= 6


def test_all_is_well_and_it_grows_as_far_as_what_comes_proves() -> None:
    sender = Sender([(0, 1e7)])
    told = sender.send(600_000, 5.0)
    assert 600_000 < told[-1][1] < 1.6 * 600_000
    assert [at for at, _ in told] == sorted(at for at, _ in told)


def test_a_train_of_packets_proves_more_than_came() -> None:
    estimate = Estimate()
    for k in range(12):
        at = k * 0.004
        estimate.add(int(at * (1 << 18)), SIZE, at)
    bitrate = estimate.take(0.05)
    assert bitrate is not None
    assert 1_900_000 < bitrate < 2_400_000


def test_jitter_is_no_queue() -> None:
    sender = Sender([(0, 1e7)], jitter=0.03)
    told = sender.send(1_500_000, 10.0)
    assert all(bitrate > 1_500_000 for at, bitrate in told if at > 1.0)


def test_the_clock_of_24_bits_may_begin_anew() -> None:
    sender = Sender([(0, 1e7)], clock=62.0)
    told = sender.send(1_000_000, 4.0)
    assert sender.estimate.phase is Phase.START
    assert told[-1][1] > 1_000_000


def test_a_longer_way_is_no_queue_for_ever() -> None:
    estimate = Estimate()
    for k in range(1100):
        arrival = 0.01 * k
        longer = 0.05 if arrival > 5 else 0.0
        estimate.add(int(arrival * (1 << 18)) % WRAP, SIZE, arrival + longer)
    assert estimate.waiting < 0.01


def test_what_comes_after_a_silence_is_told_at_once() -> None:
    sender = Sender([(0, 2e6)])
    sender.send(1_000_000, 2.1)
    sender.hours.run(8.0)
    while (due := sender.estimate.next_at) is not None:
        sender.estimate.take(due)
        assert due < 3.2
    since = sender.hours.now
    at, bitrate = sender.send(1_000_000, 0.2)[0]
    assert at - since < 0.02
    assert bitrate > 900_000


def test_rtp_timestamps_stand_for_what_was_not_negotiated() -> None:
    sender = Sender([(0, 2e6), (5, 4e5)], pictures=True)
    assert sender.send(1_600_000, 5.0)[-1][1] > 1_500_000
    assert sender.send(1_600_000, 1.0)[-1][1] < 700_000


def test_a_packet_that_is_sent_again_bears_an_old_timestamp_and_tells_nothing() -> None:
    estimate = Estimate()
    for k in range(200):
        estimate.add(None, SIZE, k / 30, 3000 * k)
    for k in range(40):
        estimate.add(None, SIZE, 200 / 30 + k / 100, 3000 * (150 + k))
    assert estimate.waiting < 0.001
    assert estimate.phase is Phase.START


# The whole loop


@pytest.mark.parametrize("bitrate", [400_000, 2_000_000])
def test_a_link_is_used_well_and_its_queue_stays_short(bitrate: int) -> None:
    (stream,) = streams([(0, bitrate)], 25.0)
    sound = 48_000
    assert 0.85 < (stream.seen.rate(10, 25) + sound) / bitrate < 0.98
    waits = sorted(stream.seen.waits(10, 25))
    assert waits[int(0.95 * len(waits))] < 0.06


def test_two_that_share_a_link_share_alike() -> None:
    one, other = streams([(0, 2e6)], 60.0, begins=(0.0, 5.0), delay=0.05)
    shares = [stream.seen.rate(30, 60) for stream in (one, other)]
    assert max(shares) < 2 * min(shares)


# Hostile senders


def anything() -> Iterator[st.SearchStrategy[object]]:
    yield st.none() | st.integers(-(1 << 40), 1 << 40)
    yield st.integers(0, 65_535)
    yield st.floats(-1.0, 3.0)
    yield st.none() | st.integers(0, (1 << 32) - 1)


@given(st.lists(st.tuples(*anything()), max_size=200))
def test_whatever_the_stamps_say_the_estimate_stays_within_bounds(
    packets: list[tuple[int | None, int, float, int | None]],
) -> None:
    estimate, now = Estimate(), 100.0
    for sent, size, passed, timestamp in packets:
        now += passed
        estimate.add(sent, size, now, timestamp)
        told = estimate.take(now)
        assert told is None or 30_000 <= told <= 20_000_000
