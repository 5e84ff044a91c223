"""When each packet of the pictures leaves, so that no picture bursts the way that sound takes too.

An ordinary picture is spread over most of the time until the next one, or less where the way is
known to bear it (``rate``). A key picture is six of those: it leaves at the rate that the way
bears, and pictures wait behind it, or are left out (``behind``). Repairs leave before pictures,
since a far side that misses a packet shows nothing until it has come.

To wake up costs 0.1 ms of CPU, so packets leave in bunches: once some left none leave for
``TICK``, and then all that were due by then: at 2.5 Mb/s three packets. Half of that costs 2 % of a
core more. At the start they leave one by one all the same (``evenly``): browsers take evenly spaced
packets of the first two seconds for a probe, and believe at once what they show of the way. Of
bunches they see nothing, and are 9 s later at 720p.

Pure: times are arguments, in seconds; rates are bit/s.
"""

from collections import deque
from collections.abc import Sequence, Sized
from typing import Generic, TypeVar

TICK = 0.01
"""Seconds between two bunches, at least."""
_SINGLY = 0.001

_STEADY, _BURST = 1.25, 2.5
_LARGE = 1.6
"""So many times what a picture has on average is a key picture, or several that wait."""

_BEHIND = 0.3
_KEY_SECONDS = 0.2
_MOST_SECONDS, _MOST_REPAIRS, _MOST_PACKETS = 3.0, 256, 2000

P = TypeVar("P", bound=Sized)


class Pacer(Generic[P]):
    """Packets wait here until they may leave: whatever has a length in bytes.

    Where there are too many the oldest go, repairs before pictures.
    """

    def __init__(self, bitrate: int) -> None:
        self._pictures: deque[P] = deque()
        self._repairs: deque[P] = deque()
        self._bytes = self._repair_bytes = 0
        self._interval = 1 / 30
        self._bitrate = float(max(bitrate, 1))
        self._steady, self._burst = _STEADY * self._bitrate, _BURST * self._bitrate
        self._free_at = 0.0
        """When what left has passed, at its pace."""
        self._taken_at: float | None = None
        self._held_until = 0.0
        self._tick = TICK
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Packets."""
        return len(self._pictures) + len(self._repairs)

    @property
    def delay(self) -> float:
        """Seconds that what waits takes at the stream's own rate."""
        return 8 * self._bytes / self._bitrate

    @property
    def behind(self) -> bool:
        """Whether the next picture is better left out than queued here."""
        return self.delay > _BEHIND

    @property
    def overdue(self) -> bool:
        """Whether the repairs that wait take longer than a key picture, which makes them needless:
        then ``forget_repairs``, and code one."""
        return 8 * self._repair_bytes / self._bitrate > _KEY_SECONDS

    def set(
        self,
        bitrate: int,
        *,
        pace: int,
        burst: int,
        interval: float,
        held_until: float = 0.0,
        evenly: bool = False,
    ) -> None:
        """How fast from now on: the stream's ``bitrate``, how fast an ordinary picture leaves
        (``pace``), and how fast a large one (``burst``). ``interval``: seconds between pictures.
        Nothing leaves before ``held_until``. ``evenly``: one by one, and not in bunches."""
        self._bitrate = float(max(bitrate, 1))
        self._steady, self._burst = (max(float(rate), self._bitrate) for rate in (pace, burst))
        self._interval = interval
        self._held_until = held_until
        self._tick = _SINGLY if evenly else TICK

    def put(self, packets: Sequence[P], now: float, *, repair: bool = False) -> None:
        """Packets of one picture, or repairs of earlier ones: what already waits to be sent again
        is not sent twice. With a key picture goes ``forget_repairs``."""
        if repair:
            packets = [packet for packet in packets if packet not in self._repairs]
            self._repair_bytes += _size(packets)
        (self._repairs if repair else self._pictures).extend(packets)
        self._bytes += _size(packets)
        self._free_at = max(self._free_at, now)
        self._bound()

    def take(self, now: float) -> list[P]:
        """Those that may leave now."""
        leaving: list[P] = []
        due = self.next_at()
        if due is None or now < due:
            return leaving
        self._free_at = max(self._free_at, now - self._tick, self._held_until)
        pace = self._pace()
        while self.waiting and self._free_at <= now:
            leaving.append(self._pop())
            self._free_at += 8 * len(leaving[-1]) / pace
        self._taken_at = now
        return leaving

    def next_at(self) -> float | None:
        """When ``take`` has something to give; None while nothing waits."""
        if not self.waiting:
            return None
        earliest = self._taken_at + self._tick if self._taken_at is not None else 0.0
        return max(self._free_at, earliest, self._held_until)

    def forget_repairs(self) -> None:
        """A key picture comes: nothing before it needs to be mended."""
        self._bytes -= self._repair_bytes
        self._repair_bytes = 0
        self._repairs.clear()

    def clear(self) -> None:
        """Forget all that waits."""
        self.forget_repairs()
        self._pictures.clear()
        self._bytes = 0

    def _pace(self) -> float:
        return self._burst if self.delay > _LARGE * self._interval else self._steady

    def _pop(self) -> P:
        if not self._repairs:
            packet = self._pictures.popleft()
        else:
            packet = self._repairs.popleft()
            self._repair_bytes -= len(packet)
        self._bytes -= len(packet)
        return packet

    def _bound(self) -> None:
        while self._repairs and self._has_too_much:
            self._pop()
            self.dropped += 1
        while self.waiting > _MOST_PACKETS:
            self._pop()
            self.dropped += 1

    @property
    def _has_too_much(self) -> bool:
        return len(self._repairs) > _MOST_REPAIRS or self.delay > _MOST_SECONDS


def _size(packets: Sequence[Sized]) -> int:
    return sum(len(packet) for packet in packets)
