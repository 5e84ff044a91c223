"""A link that is too narrow, in time that passes at once: it queues, delays, trembles and loses."""

import heapq
import itertools
import random
from collections.abc import Callable, Sequence

FOREVER = float("inf")


class Hours:
    """What happens next, and when: time leaps to it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._next, (max(when, self.now), next(self._order), what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        self.at(self.now + seconds, what)

    def run(self, until: float) -> None:
        while self._next and self._next[0][0] <= until:
            self.now, _, what = heapq.heappop(self._next)
            what()
        self.now = until


class Link:
    """One way of a link. All that it carries waits in one queue, first come, first served.

    ``rates``: bit/s, each from a second on; 0 carries nothing. What would wait longer than
    ``queue`` seconds is dropped. ``jitter``: up to so many seconds more, for each packet anew, so
    that packets overtake each other; ``loss``: the part that is lost besides.
    """

    def __init__(
        self,
        hours: Hours,
        rates: Sequence[tuple[float, float]],
        *,
        queue: float = 0.25,
        delay: float = 0.01,
        jitter: float = 0.0,
        loss: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.delay = delay
        self._hours = hours
        self._rates = [*rates, (FOREVER, rates[-1][1])]
        self._queue, self._jitter, self._loss = queue, jitter, loss
        self._chance = random.Random(seed)
        self._free_at = 0.0

    @property
    def waiting(self) -> float:
        """Seconds that a packet put now would wait."""
        return max(self._free_at - self._hours.now, 0.0)

    def put(self, size: int, came: Callable[[], None]) -> None:
        """A packet of ``size`` bytes sets out; ``came`` is called if it arrives."""
        now = self._hours.now
        lost = self._chance.random() < self._loss
        if lost or self.waiting > self._queue or self._rate(now) == 0:
            return
        self._free_at = self._through(max(self._free_at, now), 8 * size)
        trembling = self._chance.uniform(0, self._jitter)
        self._hours.at(self._free_at + self.delay + trembling, came)

    def _rate(self, when: float) -> float:
        return next(rate for since, rate in reversed(self._rates) if since <= when)

    def _through(self, start: float, bits: float) -> float:
        """When ``bits`` that begin at ``start`` are through, across changes of the rate."""
        for (since, rate), (until, _) in itertools.pairwise(self._rates):
            if until <= start:
                continue
            begin = max(start, since)
            if rate * (until - begin) >= bits:
                return begin + bits / rate
            bits -= rate * (until - begin)
        return FOREVER
