"""The bit rate of the pictures that are sent, from what the far side tells of the way to it.

Estimates of the far side (REMB, ``estimate``) are obeyed, losses beside them: up to 4 % change
nothing, up to 10 % hold the rate where it is, and more cut it by half of what is lost. A peer that
tells no estimates leaves receiver reports: there the round trip tells of queues, and the rate is
cut to what came through, and grows by 15 % a second. One that tells nothing at all is sent
``START``. Once it had told something and then is silent for 2 s, the way is gone: what is sent
then, 100 kb/s, shows when it is back, and the former rate is taken up at the first word.

The start: 500 kb/s, but each picture leaves at twice the rate, the first one, a key picture, at
2.5 times. It is its own probe: at its end the far side has seen what passes, and tells. Padding
would find no more. In virtual time, for a start at (kb/s): when the first picture came, ms; what
sound waited at most, ms, and for how long over 60 ms, s; and when pictures were 720p, s:

    | start | 300 kb/s, 20 ms rtt | 1 Mb/s, 100 ms  | 3.2 Mb/s, 20 ms | 10 Mb/s, 200 ms |
    |-------|---------------------|-----------------|-----------------|-----------------|
    | 300   | 203, 204, 0.8       | 120, 54, 0      | 75, 35, 1.6     | 164, 2, 2.1     |
    | 500   | 323, 248, 0.7       | 144, 57, 0      | 74, 39, 0.6     | 168, 3, 0.9     |
    | 800   | 1110, 243, 1.9      | 198, 109, 0.5   | 77, 48, 0.5     | 175, 3, 0.6     |
    | 1000  | 1243, 253, 1.7      | 234, 166, 2.0   | 100, 11, 0      | 176, 2, 0       |

Sound goes first: where the estimate falls at once, the narrowest place still holds what was sent
before that was seen and told. For as long as it takes to pass (``blocked``) nothing else is sent.

Pure: times are arguments, in seconds; rates are bit/s of whole RTP packets, as ``estimate`` has
them.
"""

import math
from collections import deque

from twocan.media.adaptation import Report

START = 500_000
CEILING = 2_500_000
"""What 1280x720 is of use with (``sizing``)."""
FLOOR = 50_000
_LOW = 100_000
_MOST_KNOWN = 4

_SHARP = 0.8
_UNSEEN = 0.07
"""Seconds until the far side has seen that less passes: three packets at 400 kb/s."""
_MOST_BLOCKED = 0.6
_LEFT = 0.02

_PACE, _BURST, _MOST_FOLD = 1.25, 2.5, 5.0
_OF_KNOWN, _BURST_OF_KNOWN = 0.9, 1.1
_PROBING, _PROBING_SECONDS = 2.0, 2.0

_SILENCE = 2.0
_FRESH = 3.0
"""Seconds until a far side that reports, but no longer tells estimates, is taken to tell none."""

_LOSS_HOLD, _LOSS_CUT = 0.04, 0.10
"""In 25 packets of a way that loses 2 % there is one lost in the most likely case."""
_FEW = 20
_SETTLE = 0.6
"""Seconds for which reports still tell of what was sent before a cut."""
_LEAP, _LEAP_EVERY = 2.0, 0.025
_GROWTH, _GROWTH_TOLD, _NEAR_GROWTH = 0.15, 1.0, 20_000
_BORE = (0.8, 1.3)
_QUEUE, _SOME_QUEUE = 0.08, 0.04
_BACK_OFF = 0.85


class Rate:
    """How much may be sent, and when nothing. ``ceiling``: what more would be of no use."""

    def __init__(self, start: int = START, ceiling: int = CEILING) -> None:
        self._ceiling = max(ceiling, FLOOR)
        self._limit = float(min(start, self._ceiling))
        """By everything but estimates."""
        self._estimate: float | None = None
        self._estimated_at = -math.inf
        self._bore = 0.0
        """What the limit was last cut to."""
        self._was_cut = self._was_narrow = False
        self._heard_at: float | None = None
        self._began: float | None = None
        self._outlet, self._losses, self._trips = _Outlet(), _Losses(), _Trips()
        self._settled_at = -math.inf
        self._judged_at: float | None = None

    @property
    def ceiling(self) -> int:
        return self._ceiling

    @ceiling.setter
    def ceiling(self, bitrate: int) -> None:
        self._ceiling = max(bitrate, FLOOR)

    def sent(self, size: int, now: float) -> None:
        """A packet of ``size`` bytes left: pictures, repairs and all."""
        if self._began is None:
            self._began = now
        self._outlet.sent(size, now)

    def told_estimate(self, bitrate: float, now: float) -> None:
        """A REMB came. It may say anything."""
        if not bitrate >= 0:
            return
        before = self._wanted(now)
        self._hear(now)
        self._estimate = min(max(float(bitrate), FLOOR), float(_MOST_KNOWN * self._ceiling))
        self._leap(now)
        self._estimated_at = now
        self._outlet.widen(self._estimate)
        if self._estimate < _SHARP * before:
            self._was_narrow = True
            self._outlet.narrow(self._estimate, self._trips.least + _UNSEEN, now)
            self._settled_at = now + self._trips.least + _SETTLE

    def told_report(self, report: Report, now: float) -> None:
        """A receiver report on the pictures came. It may say anything."""
        lost = self._losses.add(report)
        if self._losses.advanced:
            self._hear(now)
        if report.rtt is not None:
            self._trips.add(report.rtt, now)
        if self._estimate is not None and now - self._estimated_at > _FRESH:
            self._limit, self._estimate = min(self._limit, self._estimate), None
        if lost is None or now < self._settled_at:
            return
        passed = 0.0 if self._judged_at is None else min(max(now - self._judged_at, 0.0), 1.0)
        self._judged_at = now
        judge = self._judge_untold if self._estimate is None else self._judge_told
        judge(lost, passed, now)

    def told_sound(self, rtt: float, now: float) -> None:
        """The round trip of the sound, which waits where pictures do."""
        self._trips.add(rtt, now)

    def target(self, now: float) -> int:
        """The bit rate for pictures and repairs together."""
        return int(self._wanted(now))

    def pace(self, now: float) -> int:
        """How fast the packets of an ordinary picture leave."""
        wanted = self._wanted(now)
        if self.is_probing(now):
            return int(_PROBING * wanted)
        known = _OF_KNOWN * (self._estimate or 0.0)
        return int(max(_PACE * wanted, min(known, _MOST_FOLD * wanted)))

    def burst(self, now: float) -> int:
        """How fast those of a key picture leave, and of pictures that were held up.

        No faster than the way is known to bear, once that is known: sound waits behind them.
        """
        wanted = self._wanted(now)
        if self._estimate is None:
            return int(_BURST * wanted)
        return int(max(wanted, min(_BURST_OF_KNOWN * self._estimate, _MOST_FOLD * wanted)))

    def blocked(self, now: float) -> float:
        """For how many seconds nothing should be sent: the way still has enough to carry."""
        return self._outlet.blocked(now)

    def is_probing(self, now: float) -> bool:
        """Whether the far side is to see, from how packets arrive, what passes."""
        long_ago = self._began is not None and now - self._began > _PROBING_SECONDS
        return not long_ago and not self._was_narrow

    def _wanted(self, now: float) -> float:
        wanted = min(self._limit, self._ceiling)
        if self._estimate is not None:
            wanted = min(wanted, self._estimate)
        if self._heard_at is not None and now - self._heard_at > _SILENCE:
            wanted = min(wanted, _LOW)
        return max(wanted, FLOOR)

    def _hear(self, now: float) -> None:
        if self._heard_at is not None and now - self._heard_at > _SILENCE:
            # What was lost meanwhile tells nothing of the way as it is now.
            self._settled_at = now + _SETTLE
        self._heard_at = now

    def _leap(self, now: float) -> None:
        """Until too much was lost estimates are believed, though never twice the rate at once."""
        if not self._was_cut and now - self._estimated_at > _LEAP_EVERY:
            self._limit = min(_LEAP * self._limit, float(self._ceiling))

    def _judge_told(self, lost: float, passed: float, now: float) -> None:
        if lost > _LOSS_CUT:
            self._cut(self._wanted(now) * (1 - lost / 2), now)
        elif lost < _LOSS_HOLD:
            self._rise(_GROWTH_TOLD * self._limit * passed)

    def _judge_untold(self, lost: float, passed: float, now: float) -> None:
        waiting = self._trips.waiting
        if waiting > _QUEUE:
            # What is lost while round trips grow did not fit in a queue.
            passing = self._outlet.rate(now) * (1 - lost)
            self._cut(min(_BACK_OFF * passing, self._wanted(now)), now)
            self._outlet.hold(waiting, self._limit, now)
        elif lost > _LOSS_CUT:
            self._cut(self._wanted(now) * (1 - lost / 2), now)
        elif lost < _LOSS_HOLD and waiting < _SOME_QUEUE:
            least, most = _BORE
            near = least * self._bore < self._limit < most * self._bore
            self._rise((_NEAR_GROWTH if near else _GROWTH * self._limit) * passed)

    def _rise(self, by: float) -> None:
        self._limit = min(self._limit + by, float(self._ceiling))

    def _cut(self, to: float, now: float) -> None:
        self._limit = self._bore = max(to, FLOOR)
        self._was_cut = True
        self._settled_at = now + self._trips.least


class _Outlet:
    """What was sent in the last second, and how much of it the narrowest place still holds."""

    _BIN, _SECOND = 0.005, 1.0

    def __init__(self) -> None:
        self._bins: deque[list[float]] = deque(maxlen=int(self._SECOND / self._BIN))
        """When, and how many bytes."""
        self._held = 0.0
        self._drain = 0.0
        """Bytes a second; 0 as long as the way is not too narrow."""
        self._at = 0.0

    def sent(self, size: int, now: float) -> None:
        if not self._bins or now - self._bins[-1][0] > self._BIN:
            self._bins.append([now, 0.0])
        self._bins[-1][1] += size
        if self._drain:
            self._leak(now)
            self._held += size

    def rate(self, now: float) -> float:
        """In bit/s, of the last second."""
        return 8 * self._within(self._SECOND, now) / self._SECOND

    def narrow(self, bitrate: float, seconds: float, now: float) -> None:
        """The way bears only ``bitrate``, and has for ``seconds`` borne no more."""
        self._leak(now)
        self._drain = bitrate / 8
        unpassed = self._within(seconds, now) - self._drain * seconds
        self._held = min(max(self._held, unpassed, 0.0), _MOST_BLOCKED * self._drain)

    def hold(self, seconds: float, bitrate: float, now: float) -> None:
        """What the way holds takes ``seconds`` at ``bitrate``."""
        self._leak(now)
        self._drain = bitrate / 8
        self._held = min(seconds, _MOST_BLOCKED) * self._drain

    def widen(self, bitrate: float) -> None:
        """It is known better now what the way bears, which still holds something."""
        if self._drain:
            self._drain = max(self._drain, bitrate / 8)

    def blocked(self, now: float) -> float:
        if not self._drain:
            return 0.0
        self._leak(now)
        if not self._held:
            self._drain = 0.0
            return 0.0
        return max(self._held / self._drain - _LEFT, 0.0)

    def _within(self, seconds: float, now: float) -> float:
        return sum(size for at, size in self._bins if now - at <= seconds)

    def _leak(self, now: float) -> None:
        self._held = max(self._held - self._drain * max(now - self._at, 0.0), 0.0)
        self._at = max(now, self._at)


class _Losses:
    """What part of the packets of late was lost."""

    def __init__(self) -> None:
        self._last: Report | None = None
        self._expected = self._lost = 0
        self.advanced = False
        """Whether the last report told of packets that the one before did not know."""

    def add(self, report: Report) -> float | None:
        """The part, 0 to 1, of those since it was last known; None while they are few."""
        last, self._last = self._last, report
        self.advanced = last is None or report.expected != last.expected
        if last is None or report.expected < last.expected:
            self._expected = self._lost = 0
            return None
        self._expected += report.expected - last.expected
        self._lost += report.lost - last.lost
        if self._expected < _FEW:
            return None
        part = min(max(self._lost / self._expected, 0.0), 1.0)
        self._expected = self._lost = 0
        return part


class _Trips:
    """Round trips of the last half minute."""

    _UNKNOWN, _MOST, _KEPT = 0.1, 1.0, 30.0

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=150)

    @property
    def least(self) -> float:
        """That of a packet that waits nowhere."""
        return min((rtt for _, rtt in self._recent), default=self._UNKNOWN)

    @property
    def waiting(self) -> float:
        """How much longer the last one took."""
        return self._recent[-1][1] - self.least if self._recent else 0.0

    def add(self, rtt: float, now: float) -> None:
        if not rtt >= 0:
            return
        self._recent.append((now, min(rtt, self._MOST)))
        while now - self._recent[0][0] > self._KEPT:
            self._recent.popleft()
