"""How often somebody may ask: the generic cell rate algorithm (ITU-T I.371 annex A, GCRA). Pure.

Of each asker one number is kept, the time at which all that they took would be paid for. It says
exactly how long to wait, allows a burst, and knows no windows whose borders let the double through.
Kept in the memory of one process: several nodes allow as many times as much.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

ASKERS_KEPT = 100_000
"""Some 20 MB. Beyond, who has not asked for the longest is forgotten, and starts anew."""


_MOST = 1_000_000
_RATE = re.compile(r"([0-9]{1,7})/([0-9]{1,7})s(?::([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` times in so many seconds in the long run, and ``burst`` times at once."""

    count: int
    seconds: int
    burst: int

    def __post_init__(self) -> None:
        if not all(0 < number <= _MOST for number in (self.count, self.seconds, self.burst)):
            raise ValueError(f"the numbers of a rate are from 1 to {_MOST}")

    @property
    def every(self) -> float:
        """Seconds that one costs."""
        return self.seconds / self.count


SITE_KEY = Rate(count=3_000, seconds=1, burst=6_000)
"""Twice what one process serves, so that a site is bounded by the machine; a loop gone wild at one
site leaves half of a machine with several processes to the others."""
LAUNCHES = Rate(count=30, seconds=60, burst=10)
"""Of one person. Nobody dials every two seconds; whom nobody answers clicks a few times."""
TOKENS = Rate(count=60, seconds=60, burst=30)
"""Of one person. A page needs one in five minutes, and a person may have ten pages open that all
come back at once when the network does."""
CALL_EVENTS = Rate(count=60, seconds=60, burst=60)
"""Of one person: what the site is told because of what their phones say. A call has four events; a
phone that makes up calls does not drown the site in them."""
REDEMPTIONS = Rate(count=60, seconds=60, burst=30)
"""Of one network address. A code cannot be guessed, so this is about load: a household or a small
office behind one address redeems one now and then."""
REFRESHES = Rate(count=60, seconds=60, burst=30)
"""Of one network address. A phone asks every ten minutes: enough for six hundred behind one."""


def rate(text: str) -> Rate:
    """A rate as it is typed: 30/60s:10, or 30/60s, which is 30 at once. Raises ValueError."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError("a rate is such as 30/60s:10")
    return Rate(int(match[1]), int(match[2]), int(match[3] or match[1]))


class Limiter:
    """A rate for each asker. ``now`` is in seconds, of any clock that does not go back."""

    def __init__(self, rate: Rate, most: int = ASKERS_KEPT) -> None:
        self.rate = rate
        self._most = most
        self._paid_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        """The askers kept."""
        return len(self._paid_at)

    def take(self, asker: Hashable, now: float, rate: Rate | None = None) -> float:
        """0, and it is taken; or the seconds to wait before asking again, and nothing is.

        ``rate`` is for an asker whose own differs from the others'.
        """
        rate = rate or self.rate
        paid_at = max(self._paid_at.get(asker, now), now) + rate.every
        wait = paid_at - now - rate.burst * rate.every
        # Sums of fractions: what is less than a microsecond is no wait.
        if wait > 1e-6:
            return wait
        self._paid_at[asker] = paid_at
        self._paid_at.move_to_end(asker)
        if len(self._paid_at) > self._most:
            self._paid_at.popitem(last=False)
        return 0.0


def network(address: str) -> str | None:
    """Who asks from that IP address: itself, or for IPv6 its /64, which is what one customer has.

    None is not limited: loopback, and what is no IP address (a local socket). Whoever asks from
    there is at this machine, or is a reverse proxy that does not say for whom it asks, and to limit
    that would be to limit all people as one.
    """
    try:
        asked_from = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(asked_from, IPv6Address):
        asked_from = asked_from.ipv4_mapped or asked_from
    if asked_from.is_loopback:
        return None
    if isinstance(asked_from, IPv6Address):
        return f"{IPv6Address(int(asked_from) >> 64 << 64)}/64"
    return str(asked_from)
