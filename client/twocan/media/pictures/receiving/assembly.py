"""The pictures of a call as they come off the wire: RTP packets in, coded frames in order out.

One rule decides what is given out: a frame that can be decoded. That is a key frame, or one whose
every predecessor since the last key frame was given out. Where a packet is missing, the frames
after it wait until it came again, until it turns out not to matter, or until a key frame makes
them useless. Which of these to hope for is ``asking``'s matter.

Pure: time is an argument. No packet can make it raise, and what it keeps is bounded.
"""

from twocan.media.pictures.receiving.asking import MOST_MISSING, Gaps, KeyRequests
from twocan.media.pictures.receiving.assembled import Counters, Frame, Packet, Wants
from twocan.media.pictures.receiving.gathering import Gathering, Partial
from twocan.media.pictures.vp8.payload import parse

__all__ = ["Assembly", "Counters", "Frame", "Packet", "Wants"]

_SEQUENCES = 1 << 16
_TIMESTAMPS = 1 << 32

_REACH = 3000
"""Packets by which one may be ahead of all others, or behind, and be of the same stream: 10 s."""

_SWITCH_AFTER = 2
"""Packets in a row of another stream, after which the old one is over."""

_STRAGGLE = 1.0
"""Seconds for which packets of a stream that is over still come."""

_LONG_GAP = 90000 // 4
_SMALL_GAP = 8
"""A gap of a quarter second and more than 8 packets was an outage: the frames in it would come too
late to be looked at, and would be in the way of those that are sent now."""

_SETTLE = 0.03
"""Seconds for a key frame to show that it comes, where a stream begins with something else."""

_KEY_STALLS = 0.3
"""Seconds without another packet of a key frame, after which it is not being sent any more."""

_STUCK = 0.5
"""Seconds for which nothing can be given out although nothing is missing: the sender's packets
make no frames."""

_USELESS = 1.0
"""Seconds after which nothing more comes of a frame that waits for a key frame before it."""

_WITHOUT_NACK = 0.03
"""Seconds for a packet that nobody can be asked for: it may only have been overtaken."""

_KNOWN = 1024


class Assembly:
    """Puts together what one sender sends. ``nackable``: whether it answers a NACK."""

    def __init__(self, *, nackable: bool) -> None:
        self._nackable = nackable
        self._gaps, self._requests = Gaps(), KeyRequests()
        self._ssrc: int | None = None
        self._retired: tuple[int, float] | None = None
        self._candidates: list[Packet] = []
        self._received = self._malformed = self._duplicates = self._late = self._strays = 0
        self._frames = self._keys = self._dropped = self._streams = 0
        self._begin_stream()

    @property
    def counters(self) -> Counters:
        """What was counted until now."""
        gaps = self._gaps
        return Counters(
            received=self._received,
            malformed=self._malformed,
            duplicates=self._duplicates,
            late=self._late,
            strays=self._strays,
            missing=gaps.noticed,
            overtaken=gaps.overtaken,
            repaired=gaps.repaired,
            nacks=gaps.asked,
            plis=self._requests.sent,
            frames=self._frames,
            keys=self._keys,
            dropped=self._dropped,
            streams=self._streams,
        )

    def put(self, packet: Packet, now: float) -> None:
        """Take a packet, whatever it is, that came at ``now`` in seconds of a monotonic clock."""
        self._received += 1
        if self._ssrc is None:
            self._adopt([packet], now)
        elif self._continues(packet):
            self._candidates.clear()
            self._take(packet, now)
        elif self._retired is None or not self._is_straggler(packet, self._retired, now):
            self._consider(packet, now)
        else:
            self._strays += 1

    def frames(self, now: float) -> list[Frame]:
        """The frames that can be decoded by now and were not given out before, in order."""
        given: list[Frame] = []
        while (partial := self._next_decodable(now)) is not None:
            given.append(self._give(partial))
        return given

    def wants(self, now: float, rtt: float | None) -> Wants:
        """What to ask for now; it counts as asked. ``rtt``: of RTCP's reports, in seconds."""
        patience = self._gaps.budget(rtt) if self._nackable else _WITHOUT_NACK
        stuck_at = self._stuck_at()
        if (lost := self._gaps.hopeless(now, patience)) is not None:
            self._abandon(lost + 1, now)
        elif stuck_at is not None and stuck_at <= now:
            self._abandon(self._highest + 1, now)
        missing = self._gaps.due(now, rtt) if self._nackable else []
        key_at = self._key_at()
        key = key_at is not None and key_at <= now and self._requests.due(now, rtt)
        return Wants(tuple(number % _SEQUENCES for number in missing), key)

    def next_at(self, now: float) -> float | None:
        """When ``wants`` is to be asked again at the latest, None for not before a packet came."""
        gaps = self._gaps.next_at(None if self._nackable else _WITHOUT_NACK)
        times = [time for time in (gaps, self._stuck_at(), self._key_at()) if time is not None]
        return max(min(times), now) if times else None

    def broken(self, now: float) -> None:
        """What was given out could not be decoded: go on with a key frame."""
        if self._next is not None:
            self._abandon(self._next, now)
        self._requests.need(now)

    # Which stream

    def _begin_stream(self) -> None:
        self._gathering = Gathering()
        self._known: dict[int, None] = {}
        """The numbers that came of late, in the order in which they came."""
        self._highest = 0
        self._newest = 0
        """The timestamp of the packet with the highest number."""
        self._next: int | None = None
        """The number that the next frame begins with; None while only a key frame will do."""
        self._given: Partial | None = None
        self._progress = 0.0
        self._fresh_key = False

    def _adopt(self, packets: list[Packet], now: float) -> None:
        """Begin anew with these, the first packets of another stream."""
        if self._ssrc is not None:
            self._retired = (self._ssrc, now)
            self._dropped += self._gathering.frames
        self._begin_stream()
        self._gaps.forget_all()
        self._streams += 1
        first = packets[0]
        self._ssrc = first.ssrc
        # Far from where it could become negative by what comes late.
        self._highest = first.sequence + _SEQUENCES
        self._newest = first.timestamp + _TIMESTAMPS
        self._requests.need(now, _SETTLE)
        self._candidates.clear()
        for packet in packets:
            self._take(packet, now)

    def _continues(self, packet: Packet) -> bool:
        return packet.ssrc == self._ssrc and abs(self._ahead(packet)) < _REACH

    def _ahead(self, packet: Packet) -> int:
        return _wrapped(packet.sequence - self._highest, _SEQUENCES)

    def _is_straggler(self, packet: Packet, retired: tuple[int, float], now: float) -> bool:
        ssrc, since = retired
        return packet.ssrc == ssrc != self._ssrc and now - since < _STRAGGLE

    def _consider(self, packet: Packet, now: float) -> None:
        """One packet of another stream proves nothing; some in a row do (RFC 3550 §A.1)."""
        former = self._candidates[-1] if self._candidates else packet
        apart = abs(_wrapped(packet.sequence - former.sequence, _SEQUENCES))
        if former.ssrc != packet.ssrc or apart >= _REACH:
            self._candidates.clear()
        self._candidates.append(packet)
        if len(self._candidates) == _SWITCH_AFTER:
            self._adopt(list(self._candidates), now)
        else:
            self._strays += 1

    # What comes

    def _take(self, packet: Packet, now: float) -> None:
        number = self._highest + self._ahead(packet)
        if number in self._known:
            self._duplicates += 1
            return
        self._remember(number)
        timestamp = self._newest + _wrapped(packet.timestamp - self._newest, _TIMESTAMPS)
        self._notice(number, timestamp, now)
        self._gaps.came(number, now, repaired=packet.repaired)
        if self._next is not None and number < self._next:
            self._late += 1
            return
        self._make_room(now)
        self._keep(packet, number, timestamp, now)

    def _remember(self, number: int) -> None:
        self._known[number] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def _notice(self, number: int, timestamp: int, now: float) -> None:
        """What was sent before this and is not there."""
        if number <= self._highest:
            return
        gap = range(self._highest + 1, number)
        outage = timestamp - self._newest >= _LONG_GAP and len(gap) > _SMALL_GAP
        self._highest, self._newest = number, timestamp
        if outage or len(self._gaps) + len(gap) > MOST_MISSING:
            self._abandon(number, now)
        else:
            self._gaps.miss(gap, now)

    def _make_room(self, now: float) -> None:
        while self._next is None and (oldest := self._gathering.oldest()) is not None:
            # It stays for as long as it may yet turn out to be, or to follow, a key frame.
            if now - oldest.latest < _USELESS:
                break
            self._gathering.remove(oldest)
            self._dropped += 1
        if self._gathering.full:
            self._dropped += self._gathering.frames
            self._gathering = Gathering()
            self._abandon(self._highest, now)

    def _keep(self, packet: Packet, number: int, timestamp: int, now: float) -> None:
        if not packet.payload:
            self._gathering.pad(number)
            return
        try:
            descriptor, data = parse(packet.payload)
        except ValueError:
            self._malformed += 1
            return
        self._gathering.put(number, timestamp, descriptor, data, now)
        for partial in self._gathering.end(number, marker=packet.marker):
            if partial.check(now):
                self._fresh_key |= partial.key

    # What goes

    def _next_decodable(self, now: float) -> Partial | None:
        if self._next is not None:
            self._next = self._gathering.past_padding(self._next)
            partial = self._gathering.starting(self._next) or self._following()
            if partial is not None and partial.completed_at is not None:
                return partial
            if (partial := self._beyond_one_not_needed(now)) is not None:
                return partial
        if not self._fresh_key:
            return None
        self._fresh_key = False
        return self._gathering.first_complete_key()

    def _following(self) -> Partial | None:
        """The frame that is next by its picture id, whatever packets were lost before it: they
        were padding."""
        foremost = self._gathering.foremost()
        if foremost is None or self._given is None or foremost.first is None:
            return None
        return foremost if foremost.follows(self._given) else None

    def _beyond_one_not_needed(self, now: float) -> Partial | None:
        """The frame after one that is incomplete and that no other needs (N of RFC 7741 §4.2)."""
        skipped = self._gathering.foremost()
        if skipped is None or not skipped.non_reference or self._next is None:
            return None
        follows = self._given is not None and skipped.follows(self._given)
        after = self._gathering.after(skipped)
        if not (follows or skipped.first == self._next) or after is None:
            return None
        # What was overtaken may still come; to wait for what was lost would be a pause.
        if after.completed_at is None or now - after.completed_at < _SETTLE:
            return None
        self._progress = now
        return after

    def _give(self, partial: Partial) -> Frame:
        assert partial.first is not None
        assert partial.last is not None
        assert partial.completed_at is not None
        self._gathering.remove(partial)
        self._next = partial.last + 1
        self._forget_before(self._next)
        self._given = partial
        self._progress = max(self._progress, partial.completed_at)
        self._frames += 1
        if partial.key:
            self._keys += 1
            self._requests.came()
        return Frame(
            data=partial.data(),
            timestamp=partial.timestamp,
            key=partial.key,
            first_arrival=partial.first_arrival,
            complete_at=self._progress,
            packets=len(partial.pieces),
            stream=self._streams,
        )

    # What is given up

    def _abandon(self, before: int, now: float) -> None:
        """Wait no more for what was sent earlier, and go on with a key frame."""
        self._forget_before(before)
        self._next = self._given = None
        self._requests.need(now)

    def _forget_before(self, number: int) -> None:
        self._gaps.forget(number)
        self._dropped += self._gathering.drop_before(number)

    def _stuck_at(self) -> float | None:
        """When to give up frames that are not whole although nothing is missing."""
        if self._next is None or len(self._gaps):
            return None
        foremost = self._gathering.foremost()
        if foremost is None or foremost.high >= self._highest:
            return None
        return max(self._progress, foremost.latest) + _STUCK

    def _key_at(self) -> float | None:
        """When to ask for a key frame: not while one is coming."""
        due = self._requests.next_at()
        coming = self._gathering.coming_key() if due is not None else None
        return due if due is None or coming is None else max(due, coming.latest + _KEY_STALLS)


def _wrapped(difference: int, modulus: int) -> int:
    """The least of all differences that are alike but for what wrapped."""
    return (difference + modulus // 2) % modulus - modulus // 2
