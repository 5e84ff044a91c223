"""When pictures are shown: evenly, early, and together with the voice."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coded_pictures import Call, Way
from twocan.media.pictures.receiving.assembly import Frame
from twocan.media.pictures.receiving.showing import Showing, Voice

CLOCK = 3.9e9
"""What the far side's clock shows when ours shows 0: an NTP time."""
BEGUN = 2**32 + 2**32 - 45000
"""The timestamp then. It wraps after half a second."""


def frame(at: float, came: float, *, key: bool = False, stream: int = 1, size: int = 10) -> Frame:
    """The frame that was taken at ``at`` and is there at ``came``."""
    return Frame(bytes(size), BEGUN + round(at * 90000), key, came, came, 1, stream)


def delays(seconds: float, delay: Callable[[float], float]) -> list[Frame]:
    """30 frames a second, so long on their way, in order."""
    frames: list[Frame] = []
    for k in range(int(seconds * 30)):
        came = k / 30 + delay(k / 30)
        frames.append(frame(k / 30, max(came, frames[-1].complete_at if frames else 0), key=k == 0))
    return frames


def jittered(delay: float, jitter: float, seed: int = 1) -> Callable[[float], float]:
    chance = random.Random(seed)
    return lambda at: delay + chance.random() * jitter


class Theatre:
    """Who takes frames when they are due, and the voice that is heard meanwhile."""

    def __init__(
        self,
        frames: Sequence[Frame],
        voice: Callable[[float], float | None] = lambda now: None,
        *,
        reports: bool = True,
        stalled: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self.showing = Showing(lead=0.0)
        self.taken: list[Frame] = []
        self.shown: list[tuple[float, float]] = []
        """When each picture was shown, and when it was taken."""
        self.skews: list[tuple[float, float | None]] = []
        events: list[tuple[float, Callable[[], object]]] = [
            (f.complete_at, partial(self.showing.put, f)) for f in frames
        ]
        for k in range(int(frames[-1].complete_at * 10)):
            now = k / 10 + 0.001
            events.append((now, partial(self._hear, now, voice(now))))
            if reports and k % 7 == 3:
                events.append((now, partial(self._report, now)))
        for now, happens in sorted(events, key=lambda event: event[0]):
            self._until(now, stalled)
            happens()
            self._take(now, stalled)
        self._until(float("inf"), stalled)

    def behind(self, since: float = 0.0) -> list[float]:
        return [at - taken for at, taken in self.shown if taken >= since]

    def unevenness(self, since: float = 0.0) -> float:
        """How much longer than another an interval is at most, against what it should be."""
        return max(abs((b - a) - (d - c)) for (a, c), (b, d) in pairwise(self.shown) if c >= since)

    def _hear(self, now: float, delay: float | None) -> None:
        self.showing.heard(None if delay is None else CLOCK + now - delay, now)

    def _report(self, now: float) -> None:
        self.showing.told_video(CLOCK + now, (BEGUN + round(now * 90000)) % 2**32)

    def _until(self, now: float, stalled: tuple[float, float]) -> None:
        while (due := self.showing.next_at()) is not None and due < now:
            if stalled[0] <= due < stalled[1]:
                due = stalled[1]
                if due >= now:
                    return
            self._take(due, stalled)

    def _take(self, now: float, stalled: tuple[float, float]) -> None:
        if stalled[0] <= now < stalled[1]:
            return
        due = self.showing.take(now)
        self.taken += due
        if due:
            self.shown.append((now, (due[-1].timestamp - BEGUN) / 90000))
            self.skews.append((now, self.showing.skew))


# Without a voice.


def test_the_first_picture_is_shown_at_once() -> None:
    theatre = Theatre(delays(1, lambda at: 0.08), voice=lambda now: 0.3)
    assert theatre.shown[0][0] == pytest.approx(0.08)


def test_on_a_network_that_does_nothing_pictures_hardly_wait() -> None:
    theatre = Theatre(delays(5, lambda at: 0.03))
    assert max(theatre.behind()) <= 0.03 + 0.005
    # Who shows is not punctual either.
    assert min(theatre.behind(since=3)) >= 0.03 + 0.002
    assert theatre.unevenness() < 0.005
    assert theatre.skews[-1][1] is None
    assert theatre.showing.short == 0


def test_with_jitter_pictures_are_even_and_wait_no_longer_than_that_takes() -> None:
    theatre = Theatre(delays(20, jittered(0.03, 0.03)))
    assert theatre.unevenness(since=3) <= 0.012
    assert max(theatre.behind(since=3)) <= 0.03 + 0.03 + 0.005
    assert len(theatre.shown) >= 595


def test_the_delay_falls_again_and_nobody_sees_it() -> None:
    chance = random.Random(5)
    theatre = Theatre(delays(40, lambda at: 0.03 + (chance.random() * 0.1 if at < 10 else 0)))
    assert max(theatre.behind(since=30)) <= 0.036
    assert theatre.unevenness(since=13) <= 0.005


def test_a_stall_is_not_carried_along() -> None:
    theatre = Theatre(delays(20, lambda at: max(0.03, 10.0 - at) if 8 < at < 10 else 0.03))
    assert max(theatre.behind(since=11)) <= 0.04
    assert len(theatre.taken) == 600


def test_frames_of_a_long_stall_are_gone_through_at_once() -> None:
    theatre = Theatre(delays(20, lambda at: max(0.03, 10.0 - at) if 5 < at < 10 else 0.03))
    assert max(at for at, taken in theatre.shown if taken < 9.95) <= 10.001
    assert max(theatre.behind(since=11)) <= 0.04


def test_a_slow_key_frame_at_the_beginning_is_not_waited_for_ever() -> None:
    theatre = Theatre(delays(10, lambda at: 0.2 if at == 0 else 0.03))
    assert theatre.shown[0][0] == pytest.approx(0.2)
    assert max(theatre.behind(since=1.5)) <= 0.036


def test_the_network_makes_pictures_wait_half_a_second_at_most() -> None:
    theatre = Theatre(delays(30, jittered(0.03, 1.5)))
    assert theatre.showing.held <= 0.5


@pytest.mark.parametrize("drift", [300e-6, -300e-6])
def test_clocks_may_drift(drift: float) -> None:
    theatre = Theatre(delays(120, lambda at: 0.05 + at * drift), reports=False)
    assert max(late - drift * 120 for late in theatre.behind(since=110)) <= 0.06
    assert theatre.unevenness() < 0.006


@pytest.mark.parametrize("jump", [1000.0, -1000.0, 5.0, -5.0])
def test_timestamps_that_jump_are_followed(jump: float) -> None:
    before, after = delays(5, lambda at: 0.03), delays(5, jittered(0.03, 0.03))
    moved = [frame(k / 30 + jump + 5, f.complete_at + 5) for k, f in enumerate(after)]
    theatre = Theatre([*before, *moved], reports=False)
    behind = [at - taken + jump for at, taken in theatre.shown[-60:]]
    assert max(behind) <= 0.03 + 0.03 + 0.005
    assert max(behind) - min(behind) <= 0.012
    assert len(theatre.taken) == 300


def test_another_stream_begins_at_once() -> None:
    other = [frame(k / 30 + 6, k / 30 + 5, key=k == 0, stream=2) for k in range(30)]
    theatre = Theatre([*delays(5, lambda at: 0.03), *other])
    shown_at = [at for at, _ in theatre.shown]
    assert shown_at[-30] == pytest.approx(5, abs=0.01)


# With a voice.


@pytest.mark.parametrize("delay", [0.06, 0.12, 0.3, 1.2])
def test_pictures_wait_for_the_voice(delay: float) -> None:
    theatre = Theatre(delays(20, jittered(0.03, 0.02)), voice=lambda now: delay)
    assert theatre.behind(since=15) == pytest.approx([delay] * 150, abs=0.002)
    assert theatre.showing.skew == pytest.approx(0, abs=0.002)
    # What the pictures need themselves: the network, its jitter, and a little.
    assert theatre.showing.short == pytest.approx(0.055 - delay, abs=0.01)


def test_lips_and_voice_are_together_after_the_first_second() -> None:
    theatre = Theatre(delays(5, lambda at: 0.03), voice=lambda now: 0.15)
    behind = theatre.behind(since=1.5)
    assert max(abs(late - 0.15) for late in behind) <= 0.045
    assert theatre.unevenness() <= 0.25 / 30 + 1e-3


def test_a_voice_that_is_ahead_is_told_how_long_to_wait() -> None:
    frames = delays(20, jittered(0.1, 0.05))
    theatre = Theatre(frames, voice=lambda now: 0.06)
    showing = theatre.showing
    assert showing.short == pytest.approx(0.15 - 0.06, abs=0.01)
    assert showing.skew is not None
    assert 0.045 < showing.skew < 0.08
    obeyed = Theatre(frames, voice=lambda now: 0.06 + showing.short)
    assert abs(obeyed.showing.short) <= 0.001
    assert all(-0.045 < skew < 0.045 for at, skew in obeyed.skews if at > 2 and skew is not None)
    assert obeyed.unevenness(since=3) < 0.015


def test_a_voice_whose_delay_changes_is_followed_without_a_jump() -> None:
    theatre = Theatre(delays(30, lambda at: 0.03), voice=lambda now: 0.1 if now < 15 else 0.2)
    assert theatre.unevenness(since=3) <= 0.1 / 30 + 1e-3
    assert theatre.behind(since=25) == pytest.approx([0.2] * 150, abs=0.002)


def test_a_voice_that_is_far_away_is_met_at_once() -> None:
    theatre = Theatre(delays(10, lambda at: 0.03), voice=lambda now: 0.1 if now < 5 else 1.0)
    behind = theatre.behind(since=5.5)
    assert behind == pytest.approx([1.0] * len(behind), abs=0.01)


def test_what_is_said_of_a_voice_need_not_be_exact() -> None:
    voice = Voice()
    voice.told(CLOCK, 0, 0)
    for k in range(60):
        voice.heard(CLOCK - 0.12 - 0.06 * (k % 2) + k / 10, k / 10)
        transit = voice.transit(k / 10)
        assert transit is not None
        assert k < 20 or abs(transit - 0.15) < 0.015


def test_a_far_clock_that_is_set_is_followed() -> None:
    voice = Voice()
    for k in range(5):
        voice.told(CLOCK + k, k * 90000, 0)
    voice.heard(CLOCK + 5 - 0.1, 5)
    assert voice.transit(5) == pytest.approx(0.1, abs=1e-3)
    voice.told(CLOCK + 3606, 6 * 90000, 0)
    voice.heard(CLOCK + 3606 - 0.1, 6)
    assert voice.transit(6) == pytest.approx(0.1, abs=1e-3)


def test_a_voice_that_nobody_speaks_of_any_more_is_not_known() -> None:
    voice = Voice()
    voice.told(CLOCK, 0, 0)
    voice.heard(CLOCK, 0.1)
    assert voice.transit(5.0) == pytest.approx(0.1, abs=1e-3)
    assert voice.transit(5.2) is None


def test_a_voice_that_ends_is_waited_for_no_longer() -> None:
    theatre = Theatre(delays(30, lambda at: 0.03), voice=lambda now: 0.15 if now < 15 else None)
    assert theatre.behind(since=25) == pytest.approx([0.03] * 150, abs=0.006)
    assert theatre.skews[-1][1] is None


def test_without_reports_nothing_is_known_of_the_voice() -> None:
    theatre = Theatre(delays(10, lambda at: 0.03), voice=lambda now: 0.15, reports=False)
    assert max(theatre.behind()) <= 0.036
    assert theatre.skews[-1][1] is None


@pytest.mark.parametrize("delay", [-5.0, 3.0, 1e9, -1e9])
def test_a_voice_that_cannot_be_of_this_picture_does_not_stop_it(delay: float) -> None:
    theatre = Theatre(delays(10, lambda at: 0.03), voice=lambda now: delay)
    assert max(theatre.behind()) <= 0.036
    assert theatre.showing.short == 0


def test_reports_that_come_before_the_first_frame_count() -> None:
    showing = Showing()
    showing.told_video(CLOCK, BEGUN % 2**32)
    showing.heard(CLOCK - 0.1, 0.0)
    showing.put(frame(0, 0.03, key=True))
    showing.take(0.03)
    assert showing.skew == pytest.approx(0.03 + showing.lead - 0.1, abs=0.001)


def test_who_decodes_is_given_time_to() -> None:
    showing = Showing(lead=0.01)
    for k in range(100):
        showing.put(frame(k / 30, k / 30 + 0.03 + 0.02 * (k % 2)))
        showing.take(k / 30 + 0.0001)
    due = showing.next_at()
    assert due is not None
    showing.lead = 0.003
    assert showing.next_at() == pytest.approx(due + 0.007)


# Who shows stalls.


def test_after_a_stall_everything_is_decoded_and_only_the_latest_shown() -> None:
    theatre = Theatre(delays(10, lambda at: 0.03), stalled=(4.0, 5.5))
    assert len(theatre.taken) == 300
    assert [f.timestamp for f in theatre.taken] == sorted(f.timestamp for f in theatre.taken)
    assert 253 <= len(theatre.shown) <= 256
    assert max(theatre.behind(since=6)) <= 0.036


def test_who_is_two_seconds_behind_is_given_all_there_is() -> None:
    showing = Showing()
    for f in delays(4, lambda at: 0.03):
        showing.put(f)
    assert len(showing.take(1.0)) < 40
    assert len(showing.take(3.2)) == 120 - 31 + 1 or showing.next_at() is None
    assert showing.next_at() is None


def test_what_nobody_takes_is_not_kept_for_ever() -> None:
    showing = Showing()
    kept = [showing.put(frame(k / 30, k / 30, key=k in (0, 200))) for k in range(320)]
    assert all(kept)
    assert showing.dropped == 200
    assert showing.take(99)[0].key
    kept = [showing.put(frame(k / 30, k / 30, key=k == 650)) for k in range(330, 700)]
    assert kept.count(False) == 20
    assert [f.key for f in showing.take(99)] == [True, *[False] * 49]


def test_large_frames_are_bounded_too() -> None:
    showing = Showing()
    told = [showing.put(frame(k / 30, k / 30, key=k == 0, size=1 << 20)) for k in range(20)]
    assert told == [True] * 16 + [False] * 4


# What can be said of every stream.

FRAMES = st.builds(
    Frame,
    data=st.just(b""),
    timestamp=st.integers(0, 2**34) | st.integers(0, 200).map(lambda k: 2**32 + 3000 * k),
    key=st.booleans(),
    first_arrival=st.just(0.0),
    complete_at=st.just(0.0),
    packets=st.just(1),
    stream=st.integers(1, 2),
)
STEPS = st.lists(
    FRAMES
    | st.floats(0, 3)
    | st.tuples(st.sampled_from([CLOCK, 0.0, 1e12]), st.integers(0, 2**32 - 1))
    | st.sampled_from([CLOCK, 0.0, 1e12]).map(lambda ntp: (ntp,)),
    max_size=60,
)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_whatever_comes_every_frame_goes_in_order_and_soon(steps: list[object]) -> None:
    showing, now = Showing(), 10.0
    put: list[Frame] = []
    taken: list[Frame] = []
    for step in steps:
        match step:
            case Frame():
                came = Frame(b"", step.timestamp, step.key, now, now, 1, step.stream)
                put.append(came)
                showing.put(came)
            case float():
                now += step
                taken += showing.take(now)
            case (float() as ntp, int() as timestamp):
                showing.told_video(ntp, timestamp)
            case (float() as ntp,):
                showing.heard(ntp, now)
    # 2 s for a voice that is that late, and what was waited for before it was known.
    taken += showing.take(now + 5)
    assert [id(f) for f in taken] == [id(f) for f in put]


# Whole calls.


def test_with_losses_lips_and_voice_are_together_where_the_voice_waits() -> None:
    call = Call(Way(0.03, 0.03, 0.02), Way(0.03), sound=lambda now: 0.17).run(30)
    skews = [shown.skew for shown in call.shown if shown.skew is not None and shown.at > 2]
    assert len(skews) > 800
    assert max(map(abs, skews)) < 0.045
    assert call.freezes.figures(30).count == 0
