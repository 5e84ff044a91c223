"""What a bad network does to a stream, packet by packet, the same each time it is asked.

Loss and delay of a packet follow from the seed and from its place in the stream alone, so that
every peer meets the same network, whatever it sends and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Impairment:
    """A network. ``burst`` is the mean number of packets that are lost in a row (Gilbert's
    model), or None where each is lost for itself."""

    loss_percent: float
    jitter_ms: float
    burst: float | None = None

    @property
    def case(self) -> str:
        """Its name in tables."""
        burst = "" if self.burst is None else f" burst {self.burst:g}"
        return f"{self.loss_percent:g}/{self.jitter_ms:g}{burst}"

    def fates(self, seed: str) -> Iterator["Fate"]:
        """What happens to the first packet of a stream, the second, and so on, without end."""
        dice = Random(seed)
        lost = False
        while True:
            lost = dice.random() < self._chance_of_loss(lost)
            yield Fate(lost, dice.uniform(0, self.jitter_ms / 1000))

    def _chance_of_loss(self, after_loss: bool) -> float:
        mean = self.loss_percent / 100
        if self.burst is None:
            return mean
        # Gilbert: a burst goes on with 1 - 1/length, and begins as often as keeps the mean.
        return 1 - 1 / self.burst if after_loss else mean / (1 - mean) / self.burst


@dataclass(frozen=True, slots=True)
class Fate:
    """Of one packet. ``delay`` is in seconds."""

    lost: bool
    delay: float


class Bottleneck:
    """A link that carries so much and no more, and has a queue before it that drops what is too
    much (RFC 8867 §5: drop-tail, 300 ms)."""

    QUEUE_SECONDS = 0.3
    _HEADERS = 28
    """Octets of IPv4 and UDP."""

    def __init__(self) -> None:
        self.kbps: float | None = None
        """None: no packet waits."""
        self._free_at = 0.0

    def carry(self, octets: int, now: float) -> float | None:
        """How many seconds a packet takes to get through; None where it is dropped."""
        if self.kbps is None:
            return 0.0
        begins = max(self._free_at, now)
        if begins - now > self.QUEUE_SECONDS:
            return None
        self._free_at = begins + (octets + self._HEADERS) * 8 / 1000 / self.kbps
        return self._free_at - now
