"""A sender of coded pictures, a network that loses and delays, and who receives them: all in
virtual time. The pictures are no VP8 but look like it to whoever only puts packets together."""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

from twocan.media.pictures.receiving.assembly import Assembly, Frame, Packet
from twocan.media.pictures.receiving.freezes import Freezes
from twocan.media.pictures.receiving.showing import Showing
from twocan.media.pictures.vp8.payload import Descriptor

PART = 1100


def payloads(
    number: int, *, key: bool = False, parts: int = 3, non_reference: bool = False
) -> list[bytes]:
    """The payloads of a frame that says which it is."""
    descriptors = [
        Descriptor(start=k == 0, picture_id=number % 32768, non_reference=non_reference)
        for k in range(parts)
    ]
    begin = bytes([0 if key else 1]) + number.to_bytes(4, "big")
    return [
        bytes(descriptor) + (begin if k == 0 else b"").ljust(PART, bytes([k % 256]))
        for k, descriptor in enumerate(descriptors)
    ]


def number_of(frame: Frame) -> int:
    """Which frame it is; raises AssertionError where its parts are not its own or in disorder."""
    expected = [bytes([k % 256]) for k in range(frame.packets)]
    assert [frame.data[PART * k - 1 :][:1] for k in range(1, frame.packets + 1)] == expected
    return int.from_bytes(frame.data[1:5], "big")


def stream(
    count: int,
    *,
    keys: tuple[int, ...] = (0,),
    parts: int = 3,
    sequence: int = 0,
    timestamp: int = 0,
    ssrc: int = 5,
    non_reference: tuple[int, ...] = (),
) -> list[list[Packet]]:
    """The packets of so many frames, 30 a second, frame by frame."""
    frames = []
    for number in range(count):
        said = payloads(
            number, key=number in keys, parts=parts, non_reference=number in non_reference
        )
        frames.append(
            [
                Packet(
                    ssrc,
                    (sequence + number * parts + k) % (1 << 16),
                    (timestamp + number * 3000) % (1 << 32),
                    k == parts - 1,
                    payload,
                )
                for k, payload in enumerate(said)
            ]
        )
    return frames


@dataclass
class Way:
    """One direction of a network. ``down``: from when to when nothing gets through."""

    delay: float = 0.03
    jitter: float = 0.0
    loss: float = 0.0
    down: tuple[float, float] = (0.0, 0.0)

    def arrival(self, now: float, chance: random.Random) -> float | None:
        if chance.random() < self.loss or self.down[0] <= now < self.down[1]:
            return None
        return now + self.delay + chance.random() * self.jitter


@dataclass
class Shown:
    """What a person sees: when, and which frame."""

    at: float
    number: int
    captured: float
    skew: float | None


@dataclass
class Call:
    """A camera, a network, and a screen. ``sound``: how long after it was said the voice is heard;
    None where nobody speaks."""

    there: Way = field(default_factory=Way)
    back: Way = field(default_factory=Way)
    seed: int = 1
    nackable: bool = True
    answers: bool = True
    gives_keys: bool = True
    parts: int = 8
    key_parts: int = 45
    spacing: float = 0.001
    sound: Callable[[float], float | None] = lambda now: None
    offset: float = 1e9
    """What the far side's clock shows at the beginning."""
    clock: float = 0.0
    rtt: float | None = 0.06

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.assembly = Assembly(nackable=self.nackable)
        self.showing = Showing()
        self.freezes = Freezes()
        self.shown: list[Shown] = []
        self.decoded: list[int] = []
        self.nacked = 0
        self.keys_asked: list[float] = []
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0
        self._history: dict[int, Packet] = {}
        self._sequence = 60000
        self._sent_until = 0.0
        self._key_due = True
        self._poll_at = float("inf")

    def run(self, seconds: float) -> "Call":
        for k in range(int(seconds * 30)):
            self._at(k / 30, partial(self._capture, k))
        for k in range(int(seconds / 0.5)):
            self._at(k / 2 + 0.3, self._report)
        for k in range(int(seconds / 0.1)):
            self._at(k / 10 + 0.05, self._hear)
        while self._events and self._events[0][0] <= seconds:
            at, _, happens = heapq.heappop(self._events)
            happens(at)
        return self

    def intervals(self) -> Iterator[float]:
        return (b.at - a.at for a, b in pairwise(self.shown))

    def _at(self, at: float, happens: Callable[[float], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (at, self._count, happens))

    def _over(self, way: Way, now: float, happens: Callable[[float], None]) -> None:
        arrival = way.arrival(now, self.chance)
        if arrival is not None:
            self._at(arrival, happens)

    # The far side

    def _capture(self, number: int, now: float) -> None:
        key, self._key_due = self._key_due, False
        parts = self.key_parts if key else self.parts
        for k, payload in enumerate(payloads(number, key=key, parts=parts)):
            packet = Packet(
                5, self._sequence % 65536, number * 3000 % 2**32, k == parts - 1, payload
            )
            self._history[packet.sequence] = packet
            self._sequence += 1
            self._sent_until = max(now + 0.01, self._sent_until + self.spacing)
            self._at(self._sent_until, partial(self._send, packet))

    def _send(self, packet: Packet, now: float) -> None:
        self._over(self.there, now, partial(self._arrive, packet))

    def _report(self, now: float) -> None:
        said = self.offset + now, int(now * 90000) % 2**32
        self._over(self.there, now, lambda now: self.showing.told_video(*said))

    def _answer(self, missing: tuple[int, ...], now: float) -> None:
        for k, number in enumerate(missing):
            if number in self._history and self.answers:
                again = replace(self._history[number], repaired=True)
                self._at(now + k * 0.0005, partial(self._send, again))

    def _asked_for_key(self, now: float) -> None:
        self._key_due = self.gives_keys

    # This side

    def _hear(self, now: float) -> None:
        delay = self.sound(now)
        self.showing.heard(None if delay is None else self.offset + now - delay, now)

    def _arrive(self, packet: Packet, now: float) -> None:
        self.assembly.put(packet, now)
        self._poll(now)

    def _poll(self, now: float) -> None:
        for frame in self.assembly.frames(now):
            self.showing.put(frame)
        wants = self.assembly.wants(now, self.rtt)
        self.nacked += len(wants.missing)
        if wants.missing:
            self._over(self.back, now, partial(self._answer, wants.missing))
        if wants.key:
            self.keys_asked.append(now)
            self._over(self.back, now, self._asked_for_key)
        self._show(now)
        times = [t for t in (self.assembly.next_at(now), self.showing.next_at()) if t is not None]
        if times and (min(times) < self._poll_at or self._poll_at <= now):
            self._poll_at = max(min(times), now + 1e-6)
            self._at(self._poll_at, self._wake)

    def _wake(self, now: float) -> None:
        if now >= self._poll_at:
            self._poll_at = float("inf")
        self._poll(now)

    def _show(self, now: float) -> None:
        due = self.showing.take(now)
        self.decoded += [number_of(frame) for frame in due]
        if due:
            self.freezes.shown(now)
            number = self.decoded[-1]
            self.shown.append(Shown(now, number, number / 30, self.showing.skew))
