"""What the times at which packets left and came tell of the way between: how long they wait on it,
how irregularly they come, and how fast they pass.

The two clocks began at different times, so a transit (arrival minus departure) alone means
nothing; how much longer one packet takes than the fastest of late is what it waited. Pure: times
are arguments, in seconds.
"""

import itertools
from collections import deque
from dataclasses import dataclass

_ABSOLUTE = (1 << 24, 1 << 18)
"""24 bits, 18 of them after the point (draft-alvestrand-rmcat-remb, section 2.2 of its header
extension ``abs-send-time``): the values before they begin anew, and how many are a second."""
_TIMESTAMP = (1 << 32, 90_000)

_BUCKET, _BUCKETS = 2.0, 6
"""The fastest of the last 12 s: clocks that drift by 100 ppm come 1 ms apart in that."""

_FAR = 10.0
"""Seconds of waiting that no queue has: the clock of the departures was set anew."""

_LATEST = 16
_FLOOR_SECONDS, _FLOOR_COARSE = 0.04, 0.3
"""A packet in so long a time has to come through at once: more than a picture's interval, since
the packets of one picture wait for each other."""
_FEW, _NOISE_PER_PACKET, _MOST_MORE = 3, 0.003, 9
_FALLS = 0.005

_DEEP = 0.08

_PATIENCE, _AT = 0.012, 1_000_000
_PATIENCES = (0.008, 0.02)
"""Seconds that a stream of 1 Mb/s lets its packets wait; one half as large twice as long, but no
less and no more than these. Two streams on 2 Mb/s, six times: with the square root of that they
shared up to 2.3 to 1, with the same for all 2.2, with this 1.5. With a floor of 6 ms they share a
little better, and leave 10 % of 2 Mb/s unused, not 8."""
_PATIENCE_COARSE, _PATIENCE_STARTING = 0.07, 0.012
_SOME_NOISE = 0.005

_NOISE_EVERY, _NOISE_MEMORY, _MOST_NOISE = 8, 10, 0.06

_TOGETHER, _BUNCH = 0.012, 0.001
_TRAIN, _TRAIN_SECONDS = 3, 0.006

_WINDOW = 0.5


@dataclass(frozen=True, slots=True)
class Came:
    """A packet. ``total``: the bytes that came in all, with it."""

    arrival: float
    total: int
    transit: float

    @property
    def sent(self) -> float:
        """When it left, by the clock of the arrivals."""
        return self.arrival - self.transit


class Transit:
    """How long packets took, less the first's time, from the 24 bits or the RTP timestamp."""

    def __init__(self) -> None:
        self._origin: float | None = None
        self._timestamp: int | None = None

    def of(self, sent: int | None, timestamp: int | None, arrival: float) -> float | None:
        """In seconds; None where nothing tells it. A timestamp tells when a picture was taken, so
        of that only the first packet counts, and none that was sent again."""
        if sent is not None:
            return self._since(sent, arrival, *_ABSOLUTE)
        if timestamp is None or not self._is_newer(timestamp):
            return None
        self._timestamp = timestamp
        return self._since(timestamp, arrival, *_TIMESTAMP)

    def _is_newer(self, timestamp: int) -> bool:
        wrap, _ = _TIMESTAMP
        return self._timestamp is None or 0 < (timestamp - self._timestamp) % wrap < wrap // 2

    def _since(self, told: int, arrival: float, wrap: int, rate: int) -> float:
        transit = arrival * rate - told
        if self._origin is None:
            self._origin = transit
        half = wrap // 2
        return ((transit - self._origin + half) % wrap - half) / rate


class Queue:
    """How long packets wait on the way, at least, and how irregularly they come besides."""

    def __init__(self) -> None:
        self._lows: deque[tuple[float, float]] = deque(maxlen=_BUCKETS)
        self._latest: deque[Came] = deque(maxlen=_LATEST)
        self._busy: deque[Came] = deque(maxlen=200)
        self._base = 0.0
        self._unlearnt = self._learnt = 0
        self.floor = 0.0
        """What even the luckiest of the latest packets waited."""
        self.noise = 0.0
        """By how much half of the packets come later than those, when there is no queue."""
        self.falling = False
        """Whether they already wait less than a moment ago."""
        self.coarse = False
        """Whether departures are told by RTP timestamps, which are before any pacing."""

    @property
    def deep(self) -> bool:
        """Whether sound that takes the same way is about to have gaps."""
        return self.floor > _DEEP + self.noise

    def is_full(self, bitrate: float, *, starting: bool) -> bool:
        """Whether the packets of a stream of ``bitrate`` wait longer than it should let them.

        The larger a stream, the less it waits: of two that share a queue the larger then gives
        way first, and they come to share alike.
        """
        least, most = _PATIENCES
        patience = min(max(_PATIENCE * _AT / bitrate, least), most)
        patience += _PATIENCE_COARSE * self.coarse + _PATIENCE_STARTING * starting
        return self.floor > patience + max(self.noise - _SOME_NOISE, 0.0)

    def add(self, came: Came) -> None:
        if abs(came.transit - self._base) > _FAR:
            self._lows.clear()
            self._latest.clear()
            self._busy.clear()
        self._latest.append(came)
        self._busy.append(came)
        self.since(came.arrival - _WINDOW)
        self._lower(came)
        before, self.floor = self.floor, self._low() - self._base
        # A machine that was held up finds several packets, each of which waited less.
        lately = self._latest[max(len(self._latest) - 3, 0)].transit
        self.falling = self.floor < before or lately > came.transit + _FALLS
        self._unlearnt += 1
        if self._unlearnt >= _NOISE_EVERY and not self.deep:
            self._learn()

    def waited(self, came: Came) -> float:
        """How much longer a packet took than the fastest of late."""
        return came.transit - self._base

    def passing(self, few: int) -> float:
        """In bit/s, what comes while the narrowest place has always something to send.

        Of packets that came after one another within the time that they waited. 0 where there
        are not ``few`` of them.
        """
        size, spent, count = 0, 0.0, 0
        for before, came in itertools.pairwise(self._busy):
            interval = came.arrival - before.arrival
            if interval < min(self.waited(came), self.waited(before) + 0.002):
                size, spent, count = size + came.total - before.total, spent + interval, count + 1
        return 8 * size / spent if count >= few and spent > 0 else 0.0

    def since(self, arrival: float) -> None:
        """What came before this tells nothing of what passes now."""
        while self._busy and self._busy[0].arrival < arrival:
            self._busy.popleft()

    def rebase(self) -> None:
        """It is no queue that makes packets slow: the way itself is longer now."""
        self._base += self.floor
        self._lows.clear()
        self._lows.append((self._latest[-1].arrival, self._base))
        self.floor = 0.0

    def _lower(self, came: Came) -> None:
        if not self._lows or came.arrival - self._lows[-1][0] > _BUCKET:
            self._lows.append((came.arrival, came.transit))
        elif came.transit < self._lows[-1][1]:
            self._lows[-1] = (self._lows[-1][0], came.transit)
        self._base = min(low for _, low in self._lows)

    def _low(self) -> float:
        few = _FEW + min(int(self.noise / _NOISE_PER_PACKET), _MOST_MORE)
        seconds = _FLOOR_COARSE if self.coarse else _FLOOR_SECONDS
        newest = low = self._latest[-1].transit
        since = self._latest[-1].arrival - seconds
        for count, came in enumerate(reversed(self._latest)):
            if count >= few and came.arrival < since:
                break
            low = min(low, came.transit)
        return min(low, newest)

    def _learn(self) -> None:
        waits = sorted(came.transit for came in self._latest)
        spread = min(waits[len(waits) // 2] - waits[0], _MOST_NOISE)
        self._unlearnt = 0
        self._learnt += 1
        self.noise += (spread - self.noise) / min(self._learnt, _NOISE_MEMORY)


class Train:
    """Packets that left close together: how fast they come is what the way bears for a moment."""

    def __init__(self) -> None:
        self._first: Came | None = None
        self._last: Came | None = None
        self._began = 0.0
        self._packets = 0

    def add(self, came: Came) -> None:
        first, last = self._first, self._last
        if first is None or last is None or not -_BUNCH <= came.sent - last.sent < _TOGETHER:
            self._first, self._began, self._packets = came, came.sent, 0
        elif came.sent - self._began < _BUNCH:
            # Of the first bunch only the last counts: nothing tells when the others would have.
            self._first = came
        else:
            self._packets += 1
        self._last = came

    def proven(self, noise: float) -> float:
        """In bit/s; 0 where the train is too short to tell, beside ``noise`` seconds."""
        if self._packets < _TRAIN or self._first is None or self._last is None:
            return 0.0
        size = self._last.total - self._first.total
        came = self._last.arrival - self._first.arrival
        span = max(came, self._last.sent - self._first.sent)
        return 8 * size / span if span > _TRAIN_SECONDS + 4 * noise else 0.0


class Received:
    """What came in the last half second."""

    def __init__(self) -> None:
        self._packets: deque[tuple[float, int]] = deque(maxlen=2000)
        """When each came, and the bytes in all with it."""

    def add(self, arrival: float, total: int) -> None:
        self._packets.append((arrival, total))
        while arrival - self._packets[0][0] > _WINDOW:
            self._packets.popleft()

    def clear(self) -> None:
        self._packets.clear()

    def rate(self, least: float) -> float:
        """In bit/s; 0 where less than ``least`` seconds are known."""
        if not self._packets:
            return 0.0
        (since, before), (until, total) = self._packets[0], self._packets[-1]
        return 8 * (total - before) / (until - since) if until - since >= least else 0.0

    def rate_within(self, seconds: float, least: float) -> float:
        """The same of the last ``seconds``."""
        if not self._packets:
            return 0.0
        until, total = self._packets[-1]
        since, before = next(p for p in self._packets if until - p[0] <= seconds)
        return 8 * (total - before) / (until - since) if until - since >= least else 0.0
