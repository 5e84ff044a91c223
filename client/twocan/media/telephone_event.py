"""Keys of a telephone as RTP payloads: named telephone events (RFC 4733).

An event is a row of packets with one timestamp, that of its start, and a duration that grows.
Pure: says when each packet is due, counted in samples; whoever sends them has the clock.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

KEYS = "0123456789*#ABCD"
"""The events that are keys, at their numbers (RFC 4733 §3.2, Table 3)."""

CLOCKRATE = 48000
"""That of the sound beside it, which RFC 4733 §2.1 asks for."""

STEP = CLOCKRATE // 50
"""A packet tells of it every 20 ms, as often as there are packets of sound."""

SHORTEST = CLOCKRATE * 40 // 1000
USUAL = CLOCKRATE * 160 // 1000
LONGEST = CLOCKRATE * 10
"""How long a key is held, in samples. Below 40 ms a receiver may take it for speech (Q.24)."""

VOLUME = 10
"""In dBm0 with the sign dropped (RFC 4733 §2.3.4)."""

_SEGMENT = 0xFFFF // STEP * STEP
_REPEATS = 2
_MOST_VOLUME = 63
_END = 0x80
_TIMESTAMPS = 1 << 32


@dataclass(frozen=True, slots=True)
class Event:
    """What a payload says. ``duration`` so far, in samples; ``volume`` 0 to 63, 0 the loudest."""

    key: str
    ended: bool
    volume: int
    duration: int

    def pack(self) -> bytes:
        """The payload (RFC 4733 §2.3)."""
        flags = (_END if self.ended else 0) | self.volume
        return struct.pack("!BBH", KEYS.index(self.key), flags, self.duration)


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet to be, but for its header. Times are in samples from the start of the event."""

    due: int
    timestamp: int
    marker: bool
    payload: bytes


def parse(payload: bytes) -> Event:
    """Read a payload; what follows its four bytes is ignored. Raises ValueError for what is no key.

    Other events, such as those of modems, are not for people.
    """
    if len(payload) < 4:
        raise ValueError(f"a telephone event of {len(payload)} bytes: there must be 4")
    event, flags, duration = struct.unpack_from("!BBH", payload)
    if event >= len(KEYS):
        raise ValueError(f"telephone event {event} is no key")
    return Event(KEYS[event], bool(flags & _END), flags & _MOST_VOLUME, duration)


def press(key: str, duration: int = USUAL, volume: int = VOLUME) -> Iterator[Packet]:
    """The packets of one key, held for ``duration`` samples, in the order in which they are due.

    The length is rounded to steps of 20 ms, from 40 ms to 10 s. Raises ValueError for what is no
    key or no volume.
    """
    if len(key) != 1 or key not in KEYS:
        raise ValueError(f"{key!r} is no key: give one of {KEYS}")
    if not 0 <= volume <= _MOST_VOLUME:
        raise ValueError(f"bad volume {volume}: give 0 to {_MOST_VOLUME}, in dB below 0 dBm0")
    return _packets(key, _rounded(duration), volume)


class Pressed:
    """Makes keys of the packets that arrive: each key once, however often it is told of."""

    def __init__(self) -> None:
        self._latest: int | None = None
        self._key = ""
        self._until = 0

    def put(self, timestamp: int, payload: bytes) -> str | None:
        """The key, if this packet is the first to tell of it. Raises ValueError as ``parse``."""
        event = parse(payload)
        known = self._knows(timestamp, event)
        if self._latest is None or _after(timestamp, self._latest) >= 0:
            self._latest, self._key = timestamp, event.key
            self._until = (timestamp + event.duration) % _TIMESTAMPS
        return None if known else event.key

    def _knows(self, timestamp: int, event: Event) -> bool:
        if self._latest is None:
            return False
        # Of an event that is over, late; or of a long one, a further part (§2.5.1.3).
        further = event.key == self._key and timestamp == self._until
        return _after(timestamp, self._latest) <= 0 or further


def _packets(key: str, duration: int, volume: int) -> Iterator[Packet]:
    for due in range(STEP, duration + STEP, STEP):
        # A duration has 16 bits. What lasts longer goes on as another event, which begins where
        # the one before reached its end, and without a marker (RFC 4733 §2.5.1.3).
        start = (due - 1) // _SEGMENT * _SEGMENT
        last = due == duration
        payload = Event(key, last, volume, due - start).pack()
        yield Packet(due, start, marker=due == STEP, payload=payload)
    # The end is what must not be lost (RFC 4733 §2.5.1.4).
    for again in range(1, _REPEATS + 1):
        yield Packet(duration + again * STEP, start, marker=False, payload=payload)


def _rounded(duration: int) -> int:
    return round(min(max(duration, SHORTEST), LONGEST) / STEP) * STEP


def _after(timestamp: int, other: int) -> int:
    half = _TIMESTAMPS // 2
    return (timestamp - other + half) % _TIMESTAMPS - half
