"""How good a call is, in figures: what a stream carried, and the E-model's opinion of it.

Pure arithmetic: counters come in as numbers, whoever counted them.

The E-model is ITU-T G.107 (06/2015) for the telephone band, with the defaults of its Table 3
for everything that a phone cannot measure. Its scale ends at 4.41: it gives no credit for the
wider band that Opus carries. Loss needs two figures for each codec, and G.113 Appendix I has
none for Opus. Those here are an assumption, not a measurement: ``Ie`` 0, since at a call's bit
rates Opus loses nothing within the telephone band; ``Bpl`` 10, which G.113 gives to GSM-EFR, a
codec with packets of 20 ms and a concealment of its own, as Opus has.
"""

import math
from dataclasses import asdict, dataclass

_IE = 0.0
_BPL = 10.0

# What the defaults of G.107 Table 3 come to: noise in dBm0p, ratings in points of R.
_NO = -61.179
_RO = 94.769
_IS = 1.414
_RLR = 2.0
_TELR = 65.0
_WEPL = 110.0


@dataclass(frozen=True, slots=True)
class Stream:
    """What one direction of one medium carried. None: not known, or not of this medium."""

    packets: int
    bytes: int
    lost: int | None = None
    jitter_ms: float | None = None
    bitrate_kbps: float | None = None
    concealed_ms: float | None = None
    playout_delay_ms: float | None = None
    level_dbfs: float | None = None
    late: int | None = None
    """Packets that came when their time was over."""
    repaired: int | None = None
    """Frames that were lost and made whole from what other packets carried of them."""
    stretched_ms: float | None = None
    """By how much the sound was made longer and shorter, in all."""

    def as_dict(self) -> dict[str, int | float | None]:
        """The figures by name, to a tenth: more digits would pretend to an accuracy."""
        return {name: _tenths(figure) for name, figure in asdict(self).items()}


def bitrate_kbps(octets: int, seconds: float) -> float | None:
    """The mean bit rate in kbit/s; None where no time has passed."""
    return octets * 8 / 1000 / seconds if seconds > 0 else None


def jitter_ms(units: float, clockrate: int) -> float:
    """The interarrival jitter of RFC 3550 §6.4.1 from units of the RTP clock (in Hz)."""
    return units * 1000 / clockrate


def loss(lost: int, received: int) -> float:
    """The fraction of what was sent that was lost, 0 to 1.

    Duplicates make ``lost`` negative (RFC 3550 §6.4.1): that is no loss.
    """
    expected = lost + received
    return _within(lost / expected, 0, 1) if expected > 0 else 0.0


def mos(delay_ms: float, loss: float, burst: float = 1.0) -> float:
    """The mean opinion score, 1 to 4.41, that the E-model expects, to a hundredth.

    ``delay_ms`` is one way, mouth to ear; ``loss`` a fraction, 0 to 1. Figures outside those
    bounds, which clocks and counters in doubt do give, count as the nearest bound. ``burst`` is
    G.107's BurstR: 1 for scattered loss, 2 for runs twice as long as chance would make them.
    """
    return round(opinion(rating(delay_ms, loss, burst)), 2)


def rating(delay_ms: float, loss: float, burst: float = 1.0) -> float:
    """The transmission rating R (G.107 §7.1): 93.2 for a call without delay and loss."""
    return _RO - _IS - _delay(max(0.0, delay_ms)) - _equipment(_within(loss, 0, 1), burst)


def opinion(rating: float) -> float:
    """The mean opinion score of a rating (G.107 Annex B), 1 to 4.5."""
    r = _within(rating, 0, 100)
    # The cubic dips under the worst opinion that there is where 0 < R < 6.5.
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def _delay(t: float) -> float:
    # Id, G.107 §7.4. A packet call is one path: T = Ta, and the round trip Tr is twice that.
    return _talker_echo(t) + _listener_echo(2 * t) + _absolute_delay(t)


def _talker_echo(t: float) -> float:
    if t < 1:
        return 0.0
    terv = _TELR - 40 * math.log10((1 + t / 10) / (1 + t / 150)) + 6 * math.exp(-0.3 * t**2)
    half = (-1.5 * (_NO - _RLR) - (80 + 2.5 * (terv - 14))) / 2
    return (half + math.sqrt(half**2 + 100) - 1) * (1 - math.exp(-t))


def _listener_echo(tr: float) -> float:
    half = (_RO - 10.5 * (_WEPL + 7) * math.pow(tr + 1, -0.25)) / 2
    return half + math.sqrt(half**2 + 169)


def _absolute_delay(ta: float) -> float:
    if ta <= 100:
        return 0.0
    x = math.log2(ta / 100)
    return 25 * (math.pow(1 + x**6, 1 / 6) - 3 * math.pow(1 + (x / 3) ** 6, 1 / 6) + 2)


def _equipment(loss: float, burst: float) -> float:
    # Ie,eff, G.107 §7.5.
    ppl = 100 * loss
    return _IE + (95 - _IE) * ppl / (ppl / burst + _BPL)


def _within(figure: float, low: float, high: float) -> float:
    return min(max(figure, low), high)


def _tenths(figure: float | None) -> float | None:
    return round(figure, 1) if isinstance(figure, float) else figure
