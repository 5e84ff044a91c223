"""When to ask the far side again: for packets that did not come, and for a key frame.

What is missing is asked for by number (generic NACK, RFC 4585 §6.2.1) as long as an answer can
come in time. Where it cannot, only a key frame helps (picture loss indication, RFC 4585 §6.3.1).
Pure: time is an argument. Sequence numbers here do not wrap.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

ASK_AT_MOST = 10
"""How often one packet is asked for."""

MOST_MISSING = 100
"""Packets that are asked for together at most: 0.3 s of 2.5 Mb/s. To send more of them again takes
longer than to send a key frame."""

_DEFAULT_RTT = 0.1
_SOONEST, _LATEST = 0.015, 0.5
"""Seconds between two requests for one packet, whatever was learnt of answers."""

_LONGEST_WAIT = 0.03
"""Seconds that a packet is given to turn up by itself, at most."""

_RECENT = 5.0
_FEW = 3
"""Packets overtaken within the last 5 s, below which no more are expected to be."""

_KEY_EVERY = 0.25
_KEY_AT_ONCE = 4
"""Requests for a key frame before they become rarer."""

_KEY_RAREST = 5.0


@dataclass(slots=True)
class _Gap:
    since: float
    due: float
    asked_at: float = 0.0
    times: int = 0


class Gaps:
    """The packets that did not come.

    A packet that others overtook needs no request, and one that was lost needs it soon. So what is
    missing is left alone for as long as 19 in 20 of the packets took that were overtaken of late:
    no time at all where the network keeps their order.
    """

    def __init__(self) -> None:
        self._missing: dict[int, _Gap] = {}
        self._overtaken: deque[tuple[float, float]] = deque(maxlen=50)
        """When a packet came that others had overtaken, and by how much."""
        self._rtt: float | None = None
        self._answer: float | None = None
        self._deviation = 0.0
        self.noticed = self.asked = self.overtaken = self.repaired = 0

    def __len__(self) -> int:
        return len(self._missing)

    def miss(self, numbers: Iterable[int], now: float) -> None:
        """These were sent, since a later one is there."""
        due = now + self._patience(now)
        for number in numbers:
            self._missing[number] = _Gap(now, due)
            self.noticed += 1

    def came(self, number: int, now: float, *, repaired: bool) -> None:
        """A packet is there. ``repaired``: it came as an answer, by what it says itself."""
        gap = self._missing.pop(number, None)
        if gap is None:
            return
        away = now - gap.asked_at
        if not repaired and (not gap.times or away < (self._rtt or 0.0) / 2):
            self.overtaken += 1
            self._overtaken.append((now, now - gap.since))
            return
        self.repaired += 1
        if gap.times == 1:
            # Of a packet that was asked for twice nobody knows which request this answers.
            self._learn(away)

    def forget(self, before: int) -> None:
        """What was sent earlier is not needed any more."""
        for number in [number for number in self._missing if number < before]:
            del self._missing[number]

    def due(self, now: float, rtt: float | None) -> list[int]:
        """What to ask for now, the lowest first; it is taken to be asked for."""
        self._rtt = rtt if rtt is not None else self._rtt
        asked = [number for number, gap in self._missing.items() if gap.due <= now]
        for number in asked:
            gap = self._missing[number]
            gap.due = now + self._interval()
            gap.asked_at = now
            gap.times += 1
        self.asked += len(asked)
        return sorted(asked)

    def hopeless(self, now: float, budget: float) -> int | None:
        """The last of those that did not come within ``budget`` seconds or after so many requests
        that they never will; None if all may."""
        return max(
            (
                number
                for number, gap in self._missing.items()
                if now >= gap.since + budget or (gap.times >= ASK_AT_MOST and gap.due <= now)
            ),
            default=None,
        )

    def budget(self, rtt: float | None = None) -> float:
        """Seconds for which it pays to wait for a packet: a key frame would be there by then."""
        known = rtt if rtt is not None else self._rtt
        return min(0.25 + 2 * (_DEFAULT_RTT if known is None else known), 1.0)

    def next_at(self, budget: float | None = None) -> float | None:
        """When something is due or hopeless, None if nothing will be. ``budget``: as it is where
        nothing is asked for."""
        if budget is not None:
            return min((gap.since + budget for gap in self._missing.values()), default=None)
        budget = self.budget()
        return min(
            (min(gap.due, gap.since + budget) for gap in self._missing.values()), default=None
        )

    def forget_all(self) -> None:
        self._missing.clear()

    def _patience(self, now: float) -> float:
        recent = sorted(late for at, late in self._overtaken if now - at < _RECENT)
        if len(recent) < _FEW:
            return 0.0
        return min(recent[len(recent) * 19 // 20], _LONGEST_WAIT)

    def _learn(self, answer: float) -> None:
        """As TCP learns when to send again (RFC 6298 §2)."""
        if self._answer is None:
            self._answer, self._deviation = answer, answer / 4
            return
        self._deviation += (abs(answer - self._answer) - self._deviation) / 4
        self._answer += (answer - self._answer) / 8

    def _interval(self) -> float:
        rtt = self._rtt
        if self._answer is not None:
            expected = max(self._answer + self._deviation, rtt or 0.0)
        else:
            expected = 1.2 * (_DEFAULT_RTT if rtt is None else rtt)
        return min(max(expected, _SOONEST), _LATEST)


class KeyRequests:
    """Requests for a key frame: one now, and again for as long as none comes, ever more rarely."""

    def __init__(self) -> None:
        self._due: float | None = None
        self._last: float | None = None
        self._times = 0
        self.sent = 0

    def need(self, now: float, patience: float = 0.0) -> None:
        """Nothing but a key frame will do, unless one comes within ``patience`` seconds."""
        if self._due is None:
            soonest = now if self._last is None else self._last + _KEY_EVERY
            self._due = max(now + patience, soonest)

    def came(self) -> None:
        """A key frame is there."""
        self._due = None
        self._times = 0

    def due(self, now: float, rtt: float | None) -> bool:
        """Whether to ask now; it is taken to be asked."""
        if self._due is None or now < self._due:
            return False
        answer = max(_KEY_EVERY, 1.5 * (_DEFAULT_RTT if rtt is None else rtt))
        rarer = 2.0 ** max(min(self._times - _KEY_AT_ONCE + 1, 10), 0)
        self._due = now + max(min(answer * rarer, _KEY_RAREST), answer)
        self._last = now
        self._times += 1
        self.sent += 1
        return True

    def next_at(self) -> float | None:
        return self._due
