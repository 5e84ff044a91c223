"""Coded pictures on their way to the wire: in packets, each in time, and again if one is lost."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twocan.media.descriptions import PictureCodecs
from twocan.media.pictures.picture_rtp import PictureRtp, Repairs
from twocan.media.pictures.sending.encoding import Encoded
from twocan.media.pictures.sending.pacing import Pacer
from twocan.media.pictures.sending.rate import START, Rate
from twocan.media.pictures.vp8.payload import packets
from twocan.media.rtp import Outbound

CLOCK_RATE = 90_000
"""RFC 7741 §4.1."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A packet that waits for its time. ``again``: the number of one that was sent before."""

    size: int
    outbound: Outbound | None = None
    again: int | None = None
    begins: bool = False
    """Whether it is the first of a key frame."""

    def __len__(self) -> int:
        return self.size


class Outlet:
    """Packs pictures and sends them, while it is open, as fast as ``rate`` says.

    ``behind`` is told whenever something left: whether so much waits that the next picture is
    better left out. ``key_wanted`` is told where a key frame is cheaper than what was lost.
    """

    def __init__(
        self,
        rtp: PictureRtp,
        rate: Rate,
        behind: Callable[[bool], None],
        key_wanted: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time
        self._rtp, self._rate = rtp, rate
        self._behind, self._key_wanted = behind, key_wanted
        self._codecs: PictureCodecs | None = None
        self._open = False
        self._pacer: Pacer[_Waiting] = Pacer(START)
        self._repairs = Repairs()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._picture_id = random.getrandbits(15)
        self._origin: float | None = None
        self._timestamp = -1
        self._key_from: int | None = None
        """The number of the latest key frame's first packet."""

    def start(self, codecs: PictureCodecs) -> None:
        """There is a way."""
        self._codecs = codecs
        self._task = asyncio.create_task(self._send())

    def open(self, on: bool) -> None:
        """Send what comes, or nothing any more, not even what waits."""
        self._open = on
        if not on:
            self._pacer.clear()

    async def close(self) -> None:
        """Send nothing more."""
        self.open(on=False)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def pace(self, interval: float) -> float:
        """Follow the rate as it is now. ``interval``: seconds between two pictures.

        When the next picture may be coded, in seconds of ``time.monotonic``; 0 for at once.
        """
        now = self._now()
        blocked = self._rate.blocked(now)
        self._pacer.set(
            self._rate.target(now),
            pace=self._rate.pace(now),
            burst=self._rate.burst(now),
            interval=interval,
            held_until=now + blocked,
            evenly=self._rate.is_probing(now),
        )
        self._news.set()
        return now + blocked if blocked > 0 else 0.0

    def put(self, encoded: Encoded) -> None:
        """Send a picture."""
        if self._codecs is None or not self._open:
            return
        if encoded.key:
            self._pacer.forget_repairs()
        self._picture_id = (self._picture_id + 1) % (1 << 15)
        payloads = packets(encoded.data, self._picture_id)
        timestamp, codec = self._timestamp_of(encoded.at), self._codecs.vp8.id
        outbound = (
            Outbound(codec, payload, timestamp, encoded.at, marker=number == len(payloads))
            for number, payload in enumerate(payloads, 1)
        )
        self._pacer.put(
            [
                _Waiting(self._rtp.size(each.payload), each, begins=encoded.key and number == 0)
                for number, each in enumerate(outbound)
            ],
            self._now(),
        )
        self._news.set()

    def missed(self, sequences: Sequence[int]) -> None:
        """Send these again, as far as they are known and the rate allows."""
        # Nothing of what was seen leaves once it is not shown any more.
        if not self._open:
            return
        now = self._now()
        useful = (sequence for sequence in sequences if not self._is_before_key(sequence))
        sizes = ((sequence, self._rtp.resend_size(sequence)) for sequence in useful)
        known = {sequence: size for sequence, size in sizes if size is not None}
        again = self._repairs.take(known, self._rate.target(now), now)
        if again:
            self._pacer.put([_Waiting(known[each], again=each) for each in again], now, repair=True)
            self._news.set()
        if self._pacer.overdue:
            self._pacer.forget_repairs()
        elif len(again) == len(known):
            return
        self._key_wanted()

    def _is_before_key(self, sequence: int) -> bool:
        """Whether a packet is of a picture that nobody needs any more."""
        first = self._key_from
        return first is not None and 0 < (first - sequence) % (1 << 16) < 1 << 15

    def _timestamp_of(self, at: float) -> int:
        if self._origin is None:
            self._origin = at
        # Never the same for two pictures, and never ahead, whatever a camera says of its times.
        ticks = round((min(at, self._now()) - self._origin) * CLOCK_RATE)
        self._timestamp = max(ticks, self._timestamp + 1)
        return self._timestamp

    async def _send(self) -> None:
        while True:
            now = self._now()
            for packet in self._pacer.take(now):
                if not self._open:
                    break
                await self._put(packet)
                self._rate.sent(len(packet), now)
            self._behind(self._pacer.behind)
            await self._wait(self._pacer.next_at())

    async def _put(self, packet: _Waiting) -> None:
        if packet.again is not None:
            await self._rtp.resend(packet.again)
        elif packet.outbound is not None:
            sequence = await self._rtp.send(packet.outbound)
            if packet.begins:
                self._key_from = sequence

    async def _wait(self, until: float | None) -> None:
        timer = None if until is None else self._loop.call_at(until, self._news.set)
        await self._news.wait()
        self._news.clear()
        if timer is not None:
            timer.cancel()
