"""What a network does to the packets that are sent, and what is sent because of it.

Reports of the far end (RFC 3550 §6.4) come in, a plan comes out: how to code, and which earlier
frames each packet repeats. Pure: time is counted in packets, of which speech has 50 a second.

    UNKNOWN ── 75 packets, hardly any lost ──► CLEAN
       │                                         │
       └────────────────── losses ───────────────┴──► LOSSY ◄──► LOSSIER
                                                        ▲           ▲
                                  losses come in a row  │           │  or no more
                                                        ▼           ▼
                                                        └── BURSTY ─┘

Worse is believed at once, better only after ten seconds without worse, a step at a time. Beside
that stands a ceiling on the bit rate. Losses while the round trip grows are those of a full
queue: there, repeating makes it worse, so the ceiling comes down, and what does not fit under it
is left out, the repeats first. It rises again by little steps.

The plans were chosen by measuring a minute of two voices: PESQ-WB, and what goes over the wire in
kb/s, RTP and SRTP included. Cases are losses in per cent / jitter in ms; in the last one losses
come three in a row on average. Sound is played 10, 30, 54, 84, 60 and 94 ms after a frame is
complete, which is what each case may have.

    | plan                              | 0/0  | 1/0  | 5/30 | 10/60 | 20/0 | 5/30 row | kb/s |
    |-----------------------------------|------|------|------|-------|------|----------|------|
    | 28 kb/s, all bands (CLEAN)        | 4.32 | 3.93 | 2.70 | 1.96  | 1.42 | 2.97     | 38   |
    | 29, FEC (a peer that takes no RED)| 4.28 | 4.23 | 4.00 | 3.57  | 2.60 | 3.33     | 37   |
    | 20, one frame back (UNKNOWN)      | 4.26 | 4.26 | 4.17 | 3.83  | 2.84 | 3.35     | 49   |
    | 31, one back (LOSSY)              | 4.47 | 4.47 | 4.36 | 3.98  | 2.93 | 3.49     | 69   |
    | 21, one and two back (LOSSIER)    | 4.31 | 4.30 | 4.23 | 4.08  | 3.95 | 3.68     | 71   |
    | 32, three back, and FEC (BURSTY)  | 4.34 | 4.30 | 4.06 | 3.81  | 2.64 | 4.04     | 70   |
    | 32, three back, without FEC       | 4.47 | 4.05 | 2.81 | 2.45  | 1.45 | 4.03     | 71   |
    | 32, two back, and FEC             | 4.34 | 4.30 | 4.16 | 4.04  | 3.88 | 3.94     | 70   |
    | 32, two back, without FEC         | 4.47 | 4.05 | 3.30 | 3.18  | 3.18 | 3.80     | 71   |
    | 21, one and three back            | 4.31 | 4.30 | 4.21 | 3.98  | 2.86 | 3.92     | 71   |
    | 16, one, two and three back       | 4.08 | 4.08 | 4.02 | 3.92  | 3.75 | 3.73     | 74   |

One copy three frames back mends runs of three at the rate of one copy; FEC is what still helps
where the receiver does not wait for it. Two back with FEC is nearly as good in a row, and better
where sound is played 84 ms or less after its frame: 3.88 against 3.78.

While frames are repeated the band ends at 8 kHz: what lies above costs a tenth of PESQ and 4 kb/s
there, and losses are heard more than it is.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, lgamma, log

from twocan.media.opus import Bandwidth, Coding


@dataclass(frozen=True, slots=True)
class Report:
    """What the far end has told of what was sent to it, all counts since the call began."""

    expected: int
    """Packets that were sent up to the last one it has seen: highest - first + 1."""
    lost: int
    """Of those, how many did not come. Fewer than none where some came twice."""
    jitter: float
    """RFC 3550's, in seconds."""
    rtt: float | None = None
    """The round trip in seconds, None where it is not known."""
    runs: int | None = None
    """How many unbroken runs those were in (``media.losses``), None where it is not told."""


class Network(StrEnum):
    """What is thought of the way to the far end."""

    UNKNOWN = "unknown"
    CLEAN = "clean"
    LOSSY = "lossy"
    LOSSIER = "lossier"
    BURSTY = "bursty"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to code, and how many frames back lie those that a packet repeats."""

    coding: Coding
    copies: tuple[int, ...] = ()

    @property
    def bitrate(self) -> int:
        """Of the frames and their copies together, in bit/s."""
        return self.coding.bitrate * (1 + len(self.copies))


_PLANS = {
    # Nobody has reported yet: two seconds of this are hardly a bit more in half a minute.
    Network.UNKNOWN: Plan(Coding(20_000, expected_loss=5, bandwidth=Bandwidth.WIDE), (1,)),
    Network.CLEAN: Plan(Coding(28_000)),
    Network.LOSSY: Plan(Coding(31_000, expected_loss=10, bandwidth=Bandwidth.WIDE), (1,)),
    Network.LOSSIER: Plan(Coding(21_000, expected_loss=10, bandwidth=Bandwidth.WIDE), (1, 2)),
    Network.BURSTY: Plan(Coding(32_000, fec=True, expected_loss=5, bandwidth=Bandwidth.WIDE), (3,)),
}

_GRADES = (Network.UNKNOWN, Network.CLEAN, Network.LOSSY, Network.LOSSIER)
"""From good to bad, where losses come one by one."""

_FRAME_SECONDS = 0.02

_RECENT = 250
_LONG = 750
_KNOWN = 75
_CALM = 500
"""Packets: what losses are judged by, and their runs; until CLEAN; until better is believed."""

_LOSSY = 2
_LOSSIER, _LOSSIER_FRACTION = 8, 0.075
"""Lost of the recent packets: one alone says nothing."""

_TELLING = 3
"""Lost packets, at least, before anything is read from how they lie."""
_RUN = 3.0
"""The mean length of the runs that the network is asked about."""
_BURSTY, _SCATTERED = 3.0, -2.0
"""Logarithms of the odds that losses come in such runs: to believe it, and to give it up."""

_CEILING = max(plan.bitrate for plan in _PLANS.values())
_FLOOR = 12_000
_LOWER, _HIGHER = 0.75, 3_000
_QUEUE_SECONDS = 0.08
"""By how much the round trip grows, beyond what jitter does, where a queue is full."""


class Adaptation:
    """Makes a plan of each report. ``redundancy``: whether the peer takes repeated frames."""

    def __init__(self, *, redundancy: bool) -> None:
        self._redundancy = redundancy
        self._memory = _Memory()
        self._path = _Path()
        self._grade = 0
        self._bursty = False
        self._calm = 0
        self._ceiling = _CEILING
        self._plan = self._choose()

    @property
    def network(self) -> Network:
        return Network.BURSTY if self._bursty else _GRADES[self._grade]

    @property
    def plan(self) -> Plan:
        return self._plan

    def told(self, report: Report) -> Plan:
        """The plan from now on. Reports may say anything at all: a peer writes them."""
        spell = self._memory.add(report)
        self._limit(lossy=spell.lost > 0, congested=self._path.add(report))
        self._judge(spell.packets)
        self._plan = self._choose()
        return self._plan

    def _judge(self, packets: int) -> None:
        seen = _GRADES.index(self._memory.sees())
        self._calm = self._calm + packets if seen < self._grade else 0
        if self._calm >= _CALM:
            self._grade, self._calm = self._grade - 1, 0
        self._grade = max(self._grade, seen)
        losing = _GRADES[self._grade] in (Network.LOSSY, Network.LOSSIER)
        odds = self._memory.burst_odds()
        self._bursty = losing and odds > (_SCATTERED if self._bursty else _BURSTY)

    def _limit(self, *, lossy: bool, congested: bool) -> None:
        if lossy and congested:
            self._ceiling = max(_FLOOR, int(min(self._ceiling, self._plan.bitrate) * _LOWER))
        elif not congested:
            self._ceiling = min(_CEILING, self._ceiling + _HIGHER)

    def _choose(self) -> Plan:
        plan = _PLANS[self.network]
        if plan.copies and (not self._redundancy or plan.bitrate > self._ceiling):
            plan = self._mended_in_band()
        bitrate = min(plan.coding.bitrate, self._ceiling)
        return replace(plan, coding=replace(plan.coding, bitrate=bitrate))

    def _mended_in_band(self) -> Plan:
        expected = min(max(round(100 * self._memory.loss()), 5), 20)
        coding = Coding(29_000, fec=True, expected_loss=expected, bandwidth=Bandwidth.WIDE)
        return Plan(coding)


@dataclass(frozen=True, slots=True)
class _Spell:
    """What happened between two reports."""

    packets: int
    lost: int
    runs: int
    """Told of; none where none are told."""


class _Memory:
    """The losses that are certain, newest last, of the last 15 seconds of speech."""

    def __init__(self) -> None:
        self._spells: deque[_Spell] = deque()
        self._last = Report(expected=0, lost=0, jitter=0.0)
        self._certain = 0

    def add(self, report: Report) -> _Spell:
        last, self._last = self._last, report
        packets = report.expected - last.expected
        if packets < 0:
            # A peer that counts anew.
            self._certain = report.lost
            return _Spell(0, 0, 0)
        certain = max(self._certain, self._certainly(last, report))
        lost = min(certain - self._certain, packets)
        self._certain += lost
        spell = _Spell(packets, lost, max((report.runs or 0) - (last.runs or 0), 0))
        if packets:
            self._spells.append(spell)
            self._forget()
        return spell

    def _forget(self) -> None:
        while sum(s.packets for s in self._spells) - self._spells[0].packets >= _LONG:
            self._spells.popleft()

    def sees(self) -> Network:
        """What the recent packets alone tell."""
        packets, lost = _sum(self._last_ones(_RECENT))
        if lost >= max(_LOSSIER, _LOSSIER_FRACTION * packets):
            return Network.LOSSIER
        if lost >= _LOSSY:
            return Network.LOSSY
        return Network.CLEAN if packets >= _KNOWN else Network.UNKNOWN

    def loss(self) -> float:
        """The fraction of the recent packets that was lost, 0 to 1."""
        packets, lost = _sum(self._last_ones(_RECENT))
        return lost / packets if packets else 0.0

    def burst_odds(self) -> float:
        """How much likelier, as a logarithm, the losses are if they come in runs than if not."""
        spells = self._lossy_ones()
        packets, lost = _sum(spells)
        if lost < _TELLING:
            return 0.0
        chance = min(max(lost / packets, 0.01), 0.5)
        if self._last.runs is None:
            return sum(_odds_by_count(spell, chance) for spell in spells)
        # A run may be told of a report before or after it is certain: only the sums agree.
        runs = min(sum(spell.runs for spell in self._spells), lost)
        return _odds_by_runs(runs, lost, chance) if runs else 0.0

    def _lossy_ones(self) -> list[_Spell]:
        # A way that was clean until now, or is now, is no way that loses in rows.
        lossy = [at for at, spell in enumerate(self._spells) if spell.lost]
        return list(self._spells)[lossy[0] : lossy[-1] + 1] if lossy else []

    def _last_ones(self, packets: int) -> Iterable[_Spell]:
        for spell in reversed(self._spells):
            yield spell
            packets -= spell.packets
            if packets <= 0:
                return

    @staticmethod
    def _certainly(last: Report, now: Report) -> int:
        # What overtook others makes them seem lost; they may come yet. What was missing a report
        # ago and still is, or is more than jitter explains, is lost.
        overtaken = ceil(3 * min(max(now.jitter, 0.0), 1.0) / _FRAME_SECONDS)
        return max(min(last.lost, now.lost), now.lost - overtaken)


class _Path:
    """The round trip, and whether a queue stands in the way."""

    def __init__(self) -> None:
        # The shortest of half a minute is the way itself: ways change.
        self._recent: deque[float] = deque(maxlen=30)

    def add(self, report: Report) -> bool:
        """Whether the round trip has grown for two reports by more than jitter explains."""
        if report.rtt is None or report.rtt < 0:
            return False
        self._recent.append(report.rtt)
        usual = min(self._recent) + 3 * min(max(report.jitter, 0.0), 1.0) + _QUEUE_SECONDS
        return min(list(self._recent)[-2:]) > usual


def _sum(spells: Iterable[_Spell]) -> tuple[int, int]:
    packets = lost = 0
    for spell in spells:
        packets, lost = packets + spell.packets, lost + spell.lost
    return packets, lost


def _odds_by_runs(runs: int, lost: int, chance: float) -> float:
    # Runs are geometric either way: with a mean of _RUN, or of what chance alone makes.
    end = 1 / _RUN
    return runs * log(end / (1 - chance)) + (lost - runs) * log((1 - end) / chance)


def _odds_by_count(spell: _Spell, chance: float) -> float:
    # Scattered losses vary from report to report as Poisson's do; runs with a mean of _RUN make
    # the variance 2 * _RUN - 1 times that: a negative binomial.
    mean, wide = spell.packets * chance, 2 * _RUN - 1
    size = mean / (wide - 1)
    runs = lgamma(spell.lost + size) - lgamma(size) - size * log(wide)
    return runs + spell.lost * log((wide - 1) / wide) - spell.lost * log(mean) + mean
