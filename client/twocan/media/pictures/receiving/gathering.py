"""The packets of one VP8 stream, gathered into the frames that they are parts of (RFC 7741).

Pure. Sequence numbers and timestamps here do not wrap.
"""

from dataclasses import dataclass, field

from twocan.media.pictures.vp8.payload import Descriptor

MOST_PACKETS = 2048
MOST_BYTES = 4 << 20
"""What is kept at most. A key frame of 1280x720 has 50 to 150 packets of 1200 bytes."""

_PICTURE_IDS = 1 << 7
"""RFC 7741 §4.2: a picture id has 7 or 15 bits, so that the lower 7 are always there."""


@dataclass(slots=True, eq=False)
class Partial:
    """A frame of which some packets are there, or all. ``first`` and ``last``: the numbers of its
    first and last packet, None until they are known."""

    timestamp: int
    first_arrival: float
    latest: float
    low: int
    high: int
    first: int | None = None
    last: int | None = None
    key: bool = False
    non_reference: bool = False
    picture_id: int | None = None
    pieces: dict[int, bytes] = field(default_factory=dict)
    completed_at: float | None = None

    def data(self) -> bytes:
        return b"".join(self.pieces[number] for number in sorted(self.pieces))

    def follows(self, former: "Partial") -> bool:
        """Whether by their picture ids nothing lies between the two."""
        if self.picture_id is None or former.picture_id is None:
            return False
        return (self.picture_id - former.picture_id) % _PICTURE_IDS == 1

    def check(self, now: float) -> bool:
        """Whether it became complete."""
        if self.completed_at is not None or self.first is None or self.last is None:
            return False
        if self.last - self.first + 1 != len(self.pieces):
            return False
        self.completed_at = now
        return True


class Gathering:
    """Frames in the making, bounded in packets and bytes."""

    def __init__(self) -> None:
        self._by_time: dict[int, Partial] = {}
        self._owner: dict[int, Partial] = {}
        self._starts: dict[int, Partial] = {}
        self._padding: set[int] = set()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._owner) + len(self._padding)

    @property
    def full(self) -> bool:
        return len(self) >= MOST_PACKETS or self._bytes >= MOST_BYTES

    @property
    def frames(self) -> int:
        return len(self._by_time)

    def has(self, number: int) -> bool:
        return number in self._owner or number in self._padding

    def starting(self, number: int) -> Partial | None:
        """The frame whose first packet has this number, if that is there."""
        return self._starts.get(number)

    def holding(self, number: int) -> Partial | None:
        """The frame that this packet is of, if it is there."""
        return self._owner.get(number)

    def past_padding(self, number: int) -> int:
        """The next number from this one on that is no padding."""
        while number in self._padding:
            number += 1
        return number

    def pad(self, number: int) -> None:
        """A packet without anything in it, as senders use to probe the network."""
        self._padding.add(number)

    def put(
        self, number: int, timestamp: int, descriptor: Descriptor, data: bytes, now: float
    ) -> Partial:
        """Take a packet. Whether it is the last of its frame is told with ``end``."""
        partial = self._by_time.get(timestamp)
        if partial is None:
            partial = Partial(timestamp, now, now, number, number)
            self._by_time[timestamp] = partial
        partial.pieces[number] = data
        partial.latest = now
        partial.low, partial.high = min(partial.low, number), max(partial.high, number)
        partial.non_reference = descriptor.non_reference
        partial.picture_id = descriptor.picture_id
        self._owner[number] = partial
        self._bytes += len(data)
        if descriptor.begins:
            self._start(partial, number, data)
        return partial

    def end(self, number: int, *, marker: bool) -> list[Partial]:
        """The frames of which it is now known where they end, by the marker or because the next
        one starts: some senders lose the marker."""
        partial, former, next_one = (self._owner.get(number + k) for k in (0, -1, 1))
        ended: list[Partial] = []
        if partial is None:
            return ended
        if marker or (next_one is not None and next_one.first == number + 1 != partial.first):
            partial.last = number
        if former is not None and former is not partial and partial.first == number:
            former.last = number - 1
            ended.append(former)
        ended.append(partial)
        return ended

    def remove(self, partial: Partial) -> None:
        self._by_time.pop(partial.timestamp, None)
        if partial.first is not None:
            self._starts.pop(partial.first, None)
        for number, data in partial.pieces.items():
            del self._owner[number]
            self._bytes -= len(data)

    def drop_before(self, number: int) -> int:
        """Let go of everything that begins earlier; how many frames that were."""
        gone = [partial for partial in self._by_time.values() if partial.low < number]
        for partial in gone:
            self.remove(partial)
        self._padding = {padding for padding in self._padding if padding >= number}
        return len(gone)

    def first_complete_key(self) -> Partial | None:
        """The earliest key frame that is whole."""
        keys = [
            (partial.first, partial)
            for partial in self._by_time.values()
            if partial.key and partial.first is not None and partial.completed_at is not None
        ]
        return min(keys, key=lambda key: key[0])[1] if keys else None

    def coming_key(self) -> Partial | None:
        """The latest key frame that began to come and is not whole."""
        keys = [
            (partial.first, partial)
            for partial in self._by_time.values()
            if partial.key and partial.first is not None and partial.completed_at is None
        ]
        return max(keys, key=lambda key: key[0])[1] if keys else None

    def oldest(self) -> Partial | None:
        """The frame that began to come before all others."""
        return next(iter(self._by_time.values()), None)

    def foremost(self) -> Partial | None:
        """The frame of which the earliest packet is."""
        return min(self._by_time.values(), key=lambda partial: partial.low, default=None)

    def after(self, partial: Partial) -> Partial | None:
        """The frame that follows this one, if it is known to."""
        if partial.last is not None:
            return self._starts.get(partial.last + 1)
        later = (other for other in self._by_time.values() if other.low > partial.high)
        next_one = min(later, key=lambda other: other.low, default=None)
        if next_one is None or next_one.first is None:
            return None
        return next_one if next_one.follows(partial) else None

    def _start(self, partial: Partial, number: int, data: bytes) -> None:
        if partial.first is not None:
            if partial.first <= number:
                return
            self._starts.pop(partial.first, None)
        partial.first = number
        # RFC 6386 §9.1: the lowest bit of a frame is 0 in a key frame.
        partial.key = not data[0] & 1
        self._starts[number] = partial
