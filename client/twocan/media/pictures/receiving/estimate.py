"""What the network bears, seen from where the pictures arrive: what a REMB tells their sender.

The estimate grows as long as packets come through at once, and is cut where they begin to wait:

    START ── packets wait ──► NEAR ── far beyond what was too much, and nothing waits ──► FAST
      doubles in a second,     ▲  creeps: 40 kb/s in a second, faster the longer it goes    │
      or leaps to what a       │  well                             0.4 times more a second   │
      train of packets proves  └───────────────────── packets wait ─────────────────────────┘

A cut goes a little below what passes while packets wait, which is what the way bears. Where that
fell far at once, so that even three packets show it, it is told within a packet's time: at
400 kb/s they come 24 ms apart, and every further 10 ms of 2 Mb/s are 40 ms that sound waits.

Where the header extension abs-send-time was not negotiated the RTP timestamps stand for it. They
tell when a picture was taken, not when its packets left: pacing looks like a queue then, so only
what waits for 80 ms and more is believed, and falls are seen a few tenths of a second later.

Measured in virtual time, with what is in ``rate`` and ``pacing`` as the sender, against aiortc's
RemoteBitrateEstimator (an early Google congestion control), medians of six runs. ``step``: 2 Mb/s,
400 kb/s after 20 s, 2 Mb/s after 20 more, a queue of 250 ms that drops what is beyond:

    |                                            | this  | aiortc   | this without _fallen |
    |--------------------------------------------|-------|----------|--------------------|
    | step, 20 ms rtt: sound waits, at most, ms  | 248   | 252      | 252                |
    |   sound waits longer than 60 ms, s         | 0.31  | 3.87     | 1.10               |
    |   sound packets lost                       | 0-1   | 54       | 21                 |
    |   frozen at the step down, s               | 0.45  | 1.46     | 1.26               |
    |   720p again after, s                      | 5.6   | half not in 20 | 5.0              |
    | step, 100 ms rtt: over 60 ms / frozen, s   | 0.38, 0.74 | 4.0, 1.5 | 0.84, 1.21    |
    | in use of 2 Mb/s, 1 Mb/s, 400 kb/s, %      | 92, 92, 95 | 83, 91, 92 |             |
    | 3.2 Mb/s: 900 kb/s after, s                | 0.07  | not in 8 |                    |
    | 3 Mb/s, 2 % lost, 30 ms jitter: of 2.5 Mb/s| 92-100 % | 25 %  |                    |
    | two on 2 Mb/s: the one to the other        | 1.0-1.5 | 1.0-1.8 |                   |

Hence our own. aiortc's creeps by 8 % a second, takes jitter for a queue, and its cut comes a
second late since it is of what came in the last second.

Pure: times are arguments, in seconds.
"""

from collections import deque
from enum import StrEnum

from twocan.media.pictures.receiving.arriving import Came, Queue, Received, Train, Transit

_EVERY, _WHILE_FULL, _AT_ONCE = 0.5, 0.1, 0.03
"""Seconds between two REMBs: usually; while packets wait, since one may be lost; at least."""
_TELLING_UP, _TELLING_DOWN, _TELLING_BETTER = 1.25, 0.8, 0.1
"""What part of what was told makes a change worth telling at once."""

_FLOOR, _MOST = 30_000, 20_000_000

_START_GROWTH = 1.0
_FAST_GROWTH = 0.4
_BACK_GROWTH = 0.1
"""Of the estimate in a second."""
_NEAR, _BEYOND = 0.93, 1.12
"""Of what was too much: where it begins to creep, and where it is plain that more passes now."""
_CREEP, _CREEP_PART, _CALM = 40_000, 0.08, 3.0
"""bit/s in a second, but no more than this part. Half of both made the step up 1.5 s slower, and
two streams share up to 2.5 to 1; twice as much of both let sound wait 74 ms, not 57, at 400 kb/s.
After 3 s of calm it is twice as fast."""
_HEADROOM, _HEADROOM_BITS = 1.5, 10_000
"""Beyond what comes, which alone proves that more would."""

_BACK_OFF, _DRAIN, _MOST_CUT = 0.87, 0.65, 0.7
"""Of what passes: where packets wait, and where they wait for long; and the most at once, since
what passes is not what the way bears where the sender rests. 0.8 left 12 % of a way unused."""
_HOLD = 0.3
"""Seconds after a cut until its effect can be seen."""
_LONGER_WAY = 3.0
"""Seconds of waiting, whatever is cut, after which it is no queue that is waited in."""

_SHARP, _SHARP_RISE, _SHARP_WAIT = 0.75, 0.015, 0.02
_EVENLY = 0.2
"""A hiccup, of a radio or of this machine, makes one packet late and has those after it come right
behind it, less late each: in a queue that fills, each waits longer than the one before."""
_NOISY = 0.006
"""Seconds of irregularity beyond which three packets prove nothing."""
_REFINED = 0.5
_SOME = 5

_SILENCE = 1.0


class Phase(StrEnum):
    """How the estimate grows."""

    START = "start"
    NEAR = "near"
    FAST = "fast"


class Estimate:
    """The bit rate that a stream may have: RTP packets whole, repairs included."""

    def __init__(self) -> None:
        self._transit, self._queue = Transit(), Queue()
        self._train, self._received = Train(), Received()
        self._last: deque[Came] = deque(maxlen=3)
        self._total = 0
        self._phase = Phase.START
        self._bitrate: float | None = None
        self._congested = 0.0
        """What passed when packets last waited."""
        self._full = False
        self._full_since: float | None = None
        self._fell_at: float | None = None
        self._grown_at = self._held_until = 0.0
        self._arrival: float | None = None
        self._told = self._told_at = 0.0
        self._urgent = False

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def waiting(self) -> float:
        """Seconds that packets now wait on the way."""
        return self._queue.floor

    @property
    def next_at(self) -> float | None:
        """When ``take`` has something to tell, which may be now: ask after each packet that came.

        None as long as nothing comes, which no estimate could be of.
        """
        if self._arrival is None or self._bitrate is None:
            return None
        if self._urgent:
            return self._told_at + _AT_ONCE
        due = self._told_at + (_WHILE_FULL if self._full else _EVERY)
        return due if due - self._arrival < _SILENCE else None

    def add(
        self, sent: int | None, size: int, arrival: float, timestamp: int | None = None
    ) -> None:
        """A packet of ``size`` bytes came, at ``arrival``, repairs and padding included.

        ``sent``: its abs-send-time, 24 bits, or None; ``timestamp``: its RTP timestamp.
        """
        if self._arrival is not None and arrival - self._arrival > _SILENCE:
            self._resume(arrival)
        self._arrival = arrival
        self._total += size
        self._received.add(arrival, self._total)
        transit = self._transit.of(sent, timestamp, arrival)
        if transit is None:
            return
        came = Came(arrival, self._total, transit)
        self._queue.coarse = sent is None
        self._last.append(came)
        self._queue.add(came)
        self._train.add(came)
        self._judge(came)

    def take(self, now: float) -> int | None:
        """What to tell the sender now, in bit/s; None where there is nothing to tell."""
        due = self.next_at
        if due is None or now < due or self._bitrate is None:
            return None
        self._told, self._told_at, self._urgent = self._bitrate, now, False
        return int(self._bitrate)

    def _resume(self, now: float) -> None:
        """Something comes again: the sender, which heard nothing either, waits to be told."""
        self._urgent = True
        self._received.clear()
        self._last.clear()
        self._train = Train()
        self._held_until, self._grown_at = now + _HOLD, now

    def _judge(self, came: Came) -> None:
        if self._bitrate is None:
            self._begin(came.arrival)
            return
        self._full = self._queue.is_full(self._bitrate, starting=self._phase is Phase.START)
        rate = self._fallen(self._bitrate)
        if rate is not None:
            self._fall(rate, came.arrival)
        elif self._full:
            self._refine(came.arrival)
            self._ease(came.arrival)
        else:
            self._full_since = None
            self._grow(self._bitrate, came.arrival)

    def _begin(self, now: float) -> None:
        proven = self._train.proven(self._queue.noise)
        rate = self._received.rate(0.2)
        if proven or rate:
            self._bitrate = _bounded(max(proven * _BACK_OFF, rate))
            self._grown_at, self._urgent = now, True

    # Less passes

    def _fallen(self, bitrate: float) -> float | None:
        """The rate at which the last packets passed, if that is far below the estimate at once."""
        if len(self._last) < 3 or self._queue.coarse or self._queue.noise > _NOISY:
            return None
        first, second, third = self._last
        waits = (second.transit - first.transit, third.transit - second.transit)
        overtaken = min(second.sent - first.sent, third.sent - second.sent) < -0.001
        rise = sum(waits)
        if overtaken or min(waits) < _EVENLY * rise:
            return None
        if rise < _SHARP_RISE + 3 * self._queue.noise or self._queue.waited(third) < _SHARP_WAIT:
            return None
        # Behind a packet that waited itself there was no gap.
        behind = third.arrival - second.arrival
        since = second if waits[1] > behind / 2 > 0 else first
        rate = 8 * (third.total - since.total) / max(third.arrival - since.arrival, 0.001)
        return rate if rate < _SHARP * bitrate else None

    def _fall(self, rate: float, now: float) -> None:
        self._cut(rate, _BACK_OFF, now)
        self._queue.since(self._last[1].arrival)
        self._fell_at, self._urgent = now, True

    def _refine(self, now: float) -> None:
        """What was read from three packets is read better from those that follow."""
        if self._fell_at is None or now - self._fell_at > _REFINED:
            return
        if rate := self._queue.passing(_SOME):
            self._bitrate, self._congested = _bounded(rate * _BACK_OFF), rate
            self._urgent = abs(self._bitrate - self._told) > _TELLING_BETTER * self._told

    def _ease(self, now: float) -> None:
        """Packets wait: let less come than passes, so that those that wait get through."""
        assert self._bitrate is not None
        if self._full_since is None:
            self._full_since = now
        if now < self._held_until or self._queue.falling:
            return
        if now - self._full_since > _LONGER_WAY:
            self._queue.rebase()
            self._full_since = None
        rate = max(self._passing(self._bitrate), _MOST_CUT * self._bitrate)
        self._cut(rate, _DRAIN if self._queue.deep else _BACK_OFF, now)
        self._urgent = self._urgent or self._bitrate < _TELLING_DOWN * self._told

    def _passing(self, bitrate: float) -> float:
        busy = self._queue.passing(_SOME) if self._queue.noise < _NOISY else 0.0
        seconds = 0.15 if self._queue.deep else 0.4
        return busy or self._received.rate_within(seconds, 0.05) or bitrate

    def _cut(self, rate: float, factor: float, now: float) -> None:
        assert self._bitrate is not None
        self._bitrate = _bounded(min(self._bitrate, rate * factor))
        self._congested = rate
        self._phase = Phase.NEAR
        self._held_until, self._grown_at = now + _HOLD, now

    # More passes

    def _grow(self, bitrate: float, now: float) -> None:
        passed, self._grown_at = min(max(now - self._grown_at, 0.0), 0.1), now
        if now < self._held_until:
            return
        if self._phase is Phase.NEAR and bitrate > _BEYOND * self._congested:
            self._phase = Phase.FAST
        grown = bitrate + passed * self._growth(bitrate, now)
        proven = self._train.proven(self._queue.noise) * _BACK_OFF
        if self._phase is Phase.START:
            # Later not: beside another stream a train shows the whole way, not a share of it.
            grown = max(grown, proven)
        most = max(_HEADROOM * self._received.rate(0.2) + _HEADROOM_BITS, proven)
        self._bitrate = _bounded(max(bitrate, min(grown, most)))
        self._urgent = self._urgent or self._bitrate > _TELLING_UP * self._told

    def _growth(self, bitrate: float, now: float) -> float:
        """In bit/s a second."""
        match self._phase:
            case Phase.START:
                return _START_GROWTH * bitrate
            case Phase.FAST:
                return _FAST_GROWTH * bitrate
            case Phase.NEAR if bitrate < _NEAR * self._congested:
                return _BACK_GROWTH * bitrate
            case Phase.NEAR:
                calm = (now - self._held_until) / _CALM
                return min(_CREEP, _CREEP_PART * bitrate) * (1 + calm * calm)


def _bounded(bitrate: float) -> float:
    return min(max(bitrate, _FLOOR), _MOST)
