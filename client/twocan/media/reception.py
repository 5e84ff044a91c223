"""The packets of one sender, put in order as they arrive: what came, what did not, what is next.

Sequence numbers count packets and timestamps samples (RFC 3550 §5.1); both wrap and are unwrapped
here. Frames are kept by their timestamp, whichever packet brought them: their own, a later one
that repeats them (RFC 2198), or a later one that holds them in coarse (RFC 6716 §2.1.7).
"""

from collections import deque
from dataclasses import dataclass

from twocan.media.arrivals import Arrivals
from twocan.media.counters import Tally
from twocan.media.opus import OpusError, duration, has_fec
from twocan.media.sound import SAMPLE_RATE

REACH = 2 * SAMPLE_RATE
"""How far a timestamp may be from where the clock says that it should be, before it is taken to
be of another stream: 2 s."""

MOST_FRAMES = 256
"""Frames that are kept for later, at most; the oldest go first."""

_LARGEST_PAYLOAD = 3 * 1275 + 7
_KNOWN = 512
_BEHIND = 128
_ALL_LATE = 10
"""Packets in a row that are too late by far: the sender's clock was set back."""

_MOST_EXPECTED = 20
"""Lost frames from which it is learnt at once what a new way to mend them will take."""

_SEQUENCES = 1 << 16
_TIMESTAMPS = 1 << 32


@dataclass(frozen=True, slots=True)
class Arrival:
    """One RTP packet: ``payload`` is one Opus packet.

    ``redundant`` is what the packet repeats: how much earlier than its own timestamp, in samples,
    and the Opus packet.
    """

    ssrc: int
    sequence: int
    timestamp: int
    payload: bytes
    redundant: tuple[tuple[int, bytes], ...] = ()
    marker: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound that is in hand; ``start`` and ``length`` in samples of the sender's clock.

    ``sequence`` is None for what was repeated. ``coarse``: ``payload`` is that of the frame after
    this one, which holds it. ``after_pause``: the sender says that it was silent before.
    """

    start: int
    length: int
    payload: bytes
    arrived: float
    sequence: int | None = None
    coarse: bool = False
    after_pause: bool = False

    @property
    def end(self) -> int:
        return self.start + self.length


class Reception:
    """One stream: an SSRC whose timestamps go with the clock."""

    def __init__(self, arrival: Arrival, now: float, tally: Tally) -> None:
        self.ssrc = arrival.ssrc
        self.arrivals = Arrivals(now * SAMPLE_RATE - arrival.timestamp)
        self._tally = tally
        self._first = self._highest = arrival.sequence
        self._newest = arrival.timestamp
        self._seen = 0
        self._unique = 0
        self._frames: dict[int, Frame] = {}
        self._known: dict[int, bool] = {}
        """When each frame of late starts, and whether it was had from another packet first."""
        self._transits: deque[float] = deque(maxlen=_MOST_EXPECTED)
        self._position: int | None = None
        self._begin = arrival.timestamp
        self._late_run = 0
        self._mended = 0
        self._depth = 0

    @property
    def lost(self) -> int:
        """Packets that were sent and never came, by their sequence numbers."""
        return max(self._highest - self._first + 1 - self._unique, 0)

    def continues(self, arrival: Arrival, now: float) -> bool:
        """Whether a packet can be one of this stream."""
        if arrival.ssrc != self.ssrc or self._late_run >= _ALL_LATE:
            return False
        transit = now * SAMPLE_RATE - self._unwrapped(arrival.timestamp)
        return abs(transit - self.arrivals.fastest) <= REACH

    def is_old(self, arrival: Arrival) -> bool:
        """Whether a packet was sent a little before what came already."""
        return (
            arrival.ssrc == self.ssrc
            and 0 <= (self._highest - arrival.sequence) % _SEQUENCES < _BEHIND
        )

    def put(self, arrival: Arrival, now: float) -> None:
        """Take a packet of this stream."""
        sequence = self._sequence(arrival.sequence)
        if sequence is None:
            return
        start = self._unwrapped(arrival.timestamp)
        self._newest = max(self._newest, start)
        self._keep(start, arrival.payload, now, sequence, after_pause=arrival.marker)
        self._expect(min((offset for offset, _ in arrival.redundant), default=0))
        for offset, payload in arrival.redundant:
            if offset > 0 and payload:
                self._repair(start - offset, payload, now)
        while len(self._frames) > MOST_FRAMES:
            del self._frames[min(self._frames)]
            self._tally.dropped += 1

    def first(self, position: int | None) -> Frame | None:
        """The first frame in hand that is not over at ``position``, None if there is none.

        What is over is let go. A frame that a later one holds in coarse counts as in hand.
        """
        self._position = position
        if position is not None:
            exact = self._frames.get(position)
            if exact is not None:
                return exact
            for start in [s for s, frame in self._frames.items() if frame.end <= position]:
                del self._frames[start]
        if not self._frames:
            return None
        frame = self._frames[min(self._frames)]
        if position is None or frame.start <= position:
            return frame
        return self._coarse(frame) or frame

    def take(self, frame: Frame) -> None:
        """Remove a frame that is about to be played."""
        if not frame.coarse:
            self._frames.pop(frame.start, None)

    def _coarse(self, frame: Frame) -> Frame | None:
        if frame.after_pause or not _holds_former(frame.payload):
            return None
        start = frame.start - frame.length
        return Frame(start, frame.length, frame.payload, frame.arrived, coarse=True)

    def _keep(
        self, start: int, payload: bytes, now: float, sequence: int, *, after_pause: bool
    ) -> None:
        length = _length(payload)
        if not length:
            self._tally.undecodable += 1
            return
        known = start in self._known
        if self._known.get(start):
            # It was only overtaken by what repeats it.
            self._known[start] = False
            self._mended -= 1
        if self._position is not None and start + length <= self._position:
            self._tally.late += not known
            self._late_run += 1
        else:
            self._late_run = 0
            self._frames[start] = Frame(
                start, length, payload, now, sequence, after_pause=after_pause
            )
        self._came(start, now)
        former = start - length
        if former >= self._begin and former not in self._known and _holds_former(payload):
            self._came(former, now, repaired=True)

    def _expect(self, depth: int) -> None:
        """Learn from a packet that repeats what lies ``depth`` back, further than any before, and
        nothing nearer.

        The sender does so because of losses: those that nothing mended until now count as mended
        in this way, for it is how the next ones will be.
        """
        if depth <= self._depth or depth > REACH:
            return
        self._depth = depth
        unmended = min(self.lost - self._mended, _MOST_EXPECTED)
        transits = list(self._transits)[-unmended:] if unmended > 0 else []
        for transit in transits:
            self.arrivals.came(transit + depth, repaired=True)

    def _repair(self, start: int, payload: bytes, now: float) -> None:
        if start < self._begin:
            return
        length = _length(payload)
        if not length:
            self._tally.undecodable += 1
            return
        if start in self._known and start not in self._frames and self._is_over(start, length):
            return
        if start not in self._frames and not self._is_over(start, length):
            self._frames[start] = Frame(start, length, payload, now)
        self._came(start, now, repaired=True)

    def _is_over(self, start: int, length: int) -> bool:
        return self._position is not None and start + length <= self._position

    def _came(self, start: int, now: float, *, repaired: bool = False) -> None:
        """The frame at ``start`` can be played from now on."""
        if start in self._known:
            return
        self._known[start] = repaired
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]
        transit = now * SAMPLE_RATE - start
        self._mended += repaired
        if not repaired:
            self._transits.append(transit)
        self.arrivals.came(transit, repaired=repaired)

    def _sequence(self, number: int) -> int | None:
        """Unwrapped, and counted; None for a duplicate."""
        ahead = (number - self._highest + _SEQUENCES // 2) % _SEQUENCES - _SEQUENCES // 2
        if ahead > 0:
            self._seen = self._seen << min(ahead, _BEHIND) & (1 << _BEHIND) - 1
            self._highest += ahead
            self._seen |= 1
        else:
            if -ahead < _BEHIND and self._seen >> -ahead & 1:
                self._tally.duplicate += 1
                return None
            self._seen |= 1 << min(-ahead, _BEHIND)
            self._tally.reordered += ahead < 0
            self._first = min(self._first, self._highest + ahead)
        self._unique += 1
        return self._highest + ahead if ahead <= 0 else self._highest

    def _unwrapped(self, timestamp: int) -> int:
        ahead = (timestamp - self._newest + _TIMESTAMPS // 2) % _TIMESTAMPS - _TIMESTAMPS // 2
        return self._newest + ahead


def _length(payload: bytes) -> int:
    """Samples in an Opus packet; 0 if it is none."""
    if len(payload) > _LARGEST_PAYLOAD:
        return 0
    try:
        return duration(payload)
    except OpusError:
        return 0


def _holds_former(payload: bytes) -> bool:
    try:
        return has_fec(payload)
    except OpusError:
        return False
