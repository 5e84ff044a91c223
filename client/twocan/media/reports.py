"""What arrives of an RTP stream, in the figures of a receiver report (RFC 3550 §6.4.1).

Pure: times are arguments.
"""

from dataclasses import dataclass

_SEQUENCES = 1 << 16
_TIMESTAMPS = 1 << 32
_MOST_MISSING = 3000
_MOST_MISORDERED = 100
_MOST_LOST = (1 << 23) - 1


@dataclass(frozen=True, slots=True)
class Reported:
    """One report block, in the units of the wire."""

    fraction_lost: int
    """Since the report before, in 256ths."""
    lost: int
    """In all; less than nothing where packets came twice."""
    highest: int
    """The last sequence number, and in the upper 16 bits how often they began again."""
    jitter: int
    """In units of the RTP clock."""


class Received:
    """Counts the packets of one stream whose clock runs at ``clockrate`` Hz."""

    def __init__(self, clockrate: int) -> None:
        self._clockrate = clockrate
        self._base: int | None = None
        self._highest = 0
        self._received = 0
        self._leapt_to: int | None = None
        self._before = (0, 0)
        """Expected and received when it was last reported."""
        self._transit: int | None = None
        self._jitter = 0.0
        self._earlier = (0, 0)
        """Expected and received of what came before the sequence numbers leapt."""

    @property
    def received(self) -> int:
        return self._earlier[1] + self._received

    @property
    def lost(self) -> int:
        """What was expected and did not come."""
        return self._expected - self.received

    @property
    def jitter(self) -> float:
        """Of the times between arrivals, in units of the RTP clock."""
        return self._jitter

    def add(self, sequence: int, timestamp: int, arrival: float) -> None:
        """A packet came; ``arrival`` in seconds."""
        if not self._place(sequence):
            return
        self._received += 1
        transit = (round(arrival * self._clockrate) - timestamp) % _TIMESTAMPS
        if self._transit is not None:
            change = (transit - self._transit) % _TIMESTAMPS
            change = min(change, _TIMESTAMPS - change)
            # A sender that begins its timestamps anew is no network that trembles.
            if change < 2 * self._clockrate:
                self._jitter += (change - self._jitter) / 16
        self._transit = transit

    def report(self) -> Reported:
        """What happened; the fraction is of what was expected since this was last asked."""
        expected, received = self._expected, self.received
        due, came = expected - self._before[0], received - self._before[1]
        self._before = (expected, received)
        lost = due - came
        fraction = (lost << 8) // due if due > 0 and lost > 0 else 0
        return Reported(
            fraction_lost=min(fraction, 255),
            lost=max(-_MOST_LOST - 1, min(expected - received, _MOST_LOST)),
            highest=self._highest % (1 << 32),
            jitter=min(int(self._jitter), (1 << 32) - 1),
        )

    @property
    def _expected(self) -> int:
        if self._base is None:
            return self._earlier[0]
        return self._earlier[0] + self._highest - self._base + 1

    def _place(self, sequence: int) -> bool:
        """Whether a packet belongs to the stream as it goes on (RFC 3550 §A.1)."""
        if self._base is None:
            self._begin(sequence)
            return True
        ahead = (sequence - self._highest) % _SEQUENCES
        if ahead < _MOST_MISSING:
            self._highest += ahead
        elif ahead <= _SEQUENCES - _MOST_MISORDERED:
            # A leap: one packet may be stray, two in a row are a sender that began anew.
            if sequence != self._leapt_to:
                self._leapt_to = (sequence + 1) % _SEQUENCES
                return False
            self._earlier = (self._expected, self.received)
            self._received = 0
            self._begin(sequence)
        self._leapt_to = None
        return True

    def _begin(self, sequence: int) -> None:
        self._base = self._highest = sequence
