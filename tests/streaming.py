"""Pictures and sound over a narrow link in virtual time: the whole loop, with a coder that is only
sizes. It does with the parts what a call does with them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from link import Hours, Link
from twocan.media.adaptation import Report
from twocan.media.pictures.picture import Shape
from twocan.media.pictures.receiving.estimate import Estimate
from twocan.media.pictures.sending.pacing import Pacer
from twocan.media.pictures.sending.rate import START, Rate
from twocan.media.pictures.sending.sizing import Sizing

_PAYLOAD, _AROUND = 1150, 30
_KEY, _NOISE = 6.0, 0.15
_FILLED = 0.95
"""What of the rate the coder fills: the rest is for repairs."""
_GIVES_UP = 0.5
_SOUND, _SOUND_EVERY = 120, 0.02


@dataclass(slots=True)
class Packet:
    """One packet of a picture."""

    sequence: int
    picture: int
    last: bool
    key: bool
    size: int
    timestamp: int

    def __len__(self) -> int:
        return self.size


@dataclass(slots=True)
class Seen:
    """What happened, and when."""

    rates: list[tuple[float, int]] = field(default_factory=list)
    shapes: list[tuple[float, Shape]] = field(default_factory=list)
    estimates: list[tuple[float, int]] = field(default_factory=list)
    came: list[tuple[float, int]] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    sound: list[tuple[float, float]] = field(default_factory=list)
    """And how long each packet had waited on the way."""
    sound_sent: int = 0

    def rate(self, since: float, until: float) -> float:
        """Of the pictures that came, in bit/s."""
        return 8 * sum(size for at, size in self.came if since <= at < until) / (until - since)

    def waits(self, since: float, until: float) -> list[float]:
        """Of the sound, in seconds."""
        return [wait for at, wait in self.sound if since <= at < until]

    def frozen(self, since: float, until: float) -> float:
        """Seconds of those gaps that count as freezes."""
        frozen, usual = 0.0, 1 / 30
        for before, shown in pairwise([*(at for at in self.shown if at < until), until]):
            gap = shown - before
            if gap > max(3 * usual, usual + 0.15) and shown >= since:
                frozen += gap
            usual += (gap - usual) / 30
        return frozen

    def when(self, height: int, since: float = 0.0) -> float:
        """How long after ``since`` pictures of this height are taken; forever if they are not."""
        found = (at for at, shape in self.shapes if at >= since and shape.height == height)
        return next(found, float("inf")) - since


class Stream:
    """One sender of pictures and sound, and who gets both. ``back``: the way that reports take.

    ``tells``: whether the far side tells estimates; ``stamps``: whether departures are told.
    """

    def __init__(
        self,
        hours: Hours,
        link: Link,
        back: Link,
        *,
        seed: int = 1,
        start: int = START,
        begins: float = 0.0,
        tells: bool = True,
        stamps: bool = True,
    ) -> None:
        self.seen = Seen()
        self.rate, self.estimate, self.sizing = Rate(start), Estimate(), Sizing()
        self.pacer: Pacer[Packet] = Pacer(start)
        self._hours, self._link, self._back = hours, link, back
        self._tells, self._stamps = tells, stamps
        self._chance = random.Random(seed)
        self._key, self._last_key = True, 0
        self._sent: list[Packet] = []
        self._of_picture: list[list[Packet]] = []
        self._waking = False
        self._got: set[int] = set()
        self._highest, self._due = -1, 0
        self._asked_at = 0.0
        for first, what in (
            (0.0, self._capture),
            (0.0, self._speak),
            (0.05, self._tell),
            (0.4, self._report),
        ):
            hours.at(begins + first, what)

    # Who sends

    def _capture(self) -> None:
        now = self._hours.now
        target = self.rate.target(now)
        self.seen.rates.append((now, target))
        shape = self._shape(target)
        self._set_pace()
        if self.pacer.overdue:
            self.pacer.forget_repairs()
            self._key = True
        if not self.pacer.behind and not self.rate.blocked(now):
            self._code(min(target, self.sizing.useful), shape.rate)
        self._hours.after(1 / shape.rate, self._capture)

    def _shape(self, target: int) -> Shape:
        before = self.seen.shapes[-1][1] if self.seen.shapes else None
        shape = self.sizing.update(self._hours.now, target, encode_seconds=0.008)
        if shape != before:
            # Another size begins with a key picture; another frame rate does not.
            self._key = self._key or before is None or before.height != shape.height
            self.seen.shapes.append((self._hours.now, shape))
        return shape

    def _set_pace(self) -> None:
        now = self._hours.now
        self.pacer.set(
            self.rate.target(now),
            pace=self.rate.pace(now),
            burst=self.rate.burst(now),
            interval=1 / self.sizing.shape.rate,
            held_until=now + self.rate.blocked(now),
        )
        self._wake()

    def _code(self, target: int, pictures: float) -> None:
        size = _FILLED * target / 8 / pictures * self._chance.uniform(1 - _NOISE, 1 + _NOISE)
        key, self._key = self._key, False
        packets = self._packets(int(size * _KEY if key else size), key=key)
        self._sent += packets
        if key:
            self._last_key = len(self._of_picture)
            self.pacer.forget_repairs()
        self._of_picture.append(packets)
        self.pacer.put(packets, self._hours.now)
        self._wake()

    def _packets(self, size: int, *, key: bool) -> list[Packet]:
        first, picture = len(self._sent), len(self._of_picture)
        timestamp = int(self._hours.now * 90_000)
        sizes = [min(_PAYLOAD, size - at) for at in range(0, size, _PAYLOAD)]
        return [
            Packet(first + k, picture, k + 1 == len(sizes), key, bytes_ + _AROUND, timestamp)
            for k, bytes_ in enumerate(sizes)
        ]

    def _wake(self) -> None:
        due = self.pacer.next_at()
        if due is not None and not self._waking:
            self._waking = True
            self._hours.at(due, self._send)

    def _send(self) -> None:
        self._waking = False
        now = self._hours.now
        stamp = int(now * (1 << 18)) % (1 << 24) if self._stamps else None
        for packet in self.pacer.take(now):
            self.rate.sent(packet.size, now)
            self._link.put(packet.size, lambda p=packet: self._arrive(p, stamp))  # type: ignore[misc]
        self._wake()

    def _speak(self) -> None:
        sent = self._hours.now
        self.seen.sound_sent += 1
        self._link.put(_SOUND, lambda: self._hear(sent))
        self._hours.after(_SOUND_EVERY, self._speak)

    def _told(self, bitrate: int) -> None:
        self.rate.told_estimate(bitrate, self._hours.now)
        self._set_pace()

    def _repair(self, missing: int) -> None:
        packet = self._sent[missing]
        if packet.picture >= self._last_key:
            self.pacer.put([packet], self._hours.now, repair=True)
            self._wake()

    def _want_key(self) -> None:
        self._key = True

    # Who gets it

    def _hear(self, sent: float) -> None:
        self.seen.sound.append((self._hours.now, self._hours.now - sent - self._link.delay))

    def _arrive(self, packet: Packet, stamp: int | None) -> None:
        now = self._hours.now
        self.seen.came.append((now, packet.size))
        self.estimate.add(stamp, packet.size, now, packet.timestamp)
        for missing in range(self._highest + 1, packet.sequence):
            self._hours.after(0.01, lambda m=missing: self._ask(m, now))  # type: ignore[misc]
        self._highest = max(self._highest, packet.sequence)
        self._got.add(packet.sequence)
        self._show(packet)
        due = self.estimate.next_at
        if due is not None and due <= now:
            self._send_estimate()

    def _show(self, packet: Packet) -> None:
        whole = [each.sequence for each in self._of_picture[packet.picture]]
        if packet.key and whole[0] > self._due and self._got.issuperset(whole):
            self._due = whole[0]
        while self._due in self._got:
            if self._sent[self._due].last:
                self.seen.shown.append(self._hours.now)
            self._due += 1

    def _ask(self, missing: int, since: float) -> None:
        now = self._hours.now
        if missing in self._got or missing < self._due:
            return
        if now - since < _GIVES_UP:
            self._back.put(50, lambda: self._repair(missing))
            again = 0.04 + 2 * self._link.delay
        else:
            self._ask_for_key(now)
            again = _GIVES_UP
        self._hours.after(again, lambda: self._ask(missing, since))

    def _ask_for_key(self, now: float) -> None:
        if now - self._asked_at > _GIVES_UP:
            self._asked_at = now
            self._back.put(50, self._want_key)

    def _tell(self) -> None:
        self._send_estimate()
        self._hours.after(0.02, self._tell)

    def _send_estimate(self) -> None:
        bitrate = self.estimate.take(self._hours.now)
        if bitrate is None:
            return
        self.seen.estimates.append((self._hours.now, bitrate))
        if self._tells:
            self._back.put(60, lambda: self._told(bitrate))

    def _report(self) -> None:
        if self._highest >= 0:
            expected = self._highest + 1
            rtt = 2 * self._link.delay + self._link.waiting
            report = Report(expected, expected - len(self._got), 0.0, rtt)
            self._back.put(100, lambda: self.rate.told_report(report, self._hours.now))
        self._hours.after(0.5, self._report)


def streams(
    rates: Sequence[tuple[float, float]],
    seconds: float,
    begins: Sequence[float] = (0.0,),
    *,
    delay: float = 0.01,
    jitter: float = 0.0,
    loss: float = 0.0,
    seed: int = 1,
    tells: bool = True,
    stamps: bool = True,
    start: int = START,
) -> list[Stream]:
    """Streams that share a link of these rates, after so many seconds. Reports take a wide way
    back, which is gone when the link is, and loses as it does."""
    hours = Hours()
    back_rates = [(since, 1e8 if rate else 0.0) for since, rate in rates]
    link = Link(hours, rates, delay=delay, jitter=jitter, loss=loss, seed=seed)
    back = Link(hours, back_rates, delay=delay, loss=loss, seed=seed + 50)
    both = [
        Stream(
            hours,
            link,
            back,
            seed=7 * seed + number,
            start=start,
            begins=at,
            tells=tells,
            stamps=stamps,
        )
        for number, at in enumerate(begins)
    ]
    hours.run(seconds)
    return both
