"""How good the far side's pictures look, as one figure that a window can show.

The form is that of ITU-T G.1070 (opinion model for video telephony), §11.2: an opinion from 1 to 5,
1 + 4 x coding x frame rate x transmission, where what coding gives grows with the bit rate as
x^n / (1 + x^n), frames that are too few cost by a bell curve over the logarithm of the frame rate,
and loss costs exponentially. Freezes count by their share of the time, exponentially too, as
stalling does in ITU-T P.1203.3; delay beyond the 150 ms of ITU-T G.114.

G.1070 gives its coefficients for MPEG-4 at up to VGA, and says that others are to be found by
experiment. Those here were chosen, not found: take the figure for a bar that rises and falls where
a person would say so, and not for a measurement.
"""

from math import exp, log

_QVGA = 320 * 240
_HALF_KBPS = 60.0
"""The bit rate at which VP8 gives half of what can be had at QVGA; 184 for MPEG-4 in G.1070."""
_HALF_GROWS = 0.75
"""Twice as many pixels need less than twice as many bits."""
_STEEPNESS = 1.161

_SMALL = 80_000
"""Pixels of a picture in which half of the detail is missing that a window could show."""

_BEST_RATE = 30.0
_RATE_WIDTH = 1.446

_LOSS = 0.2
"""The loss that leaves 1/e. G.1070 has 0.03 to 0.2, without any repair."""
_FREEZES = 0.25
"""The share of time frozen that leaves 1/e: in a call nothing of it can be seen later."""
_FREE_DELAY_MS, _DELAY_MS = 150.0, 1000.0


def quality(
    width: int,
    height: int,
    fps: float,
    bitrate_kbps: float,
    freeze_share: float,
    loss: float,
    delay_ms: float,
) -> float:
    """The opinion to expect, 1 (bad) to 5 (excellent), to a hundredth.

    ``freeze_share`` and ``loss`` are fractions, 0 to 1; ``delay_ms`` is from the camera to the
    screen. Figures outside their bounds count as the nearest bound; no picture at all is 1.
    """
    pixels = max(width, 0) * max(height, 0)
    if not pixels or fps <= 0 or bitrate_kbps <= 0:
        return 1.0
    late = max(delay_ms - _FREE_DELAY_MS, 0.0)
    kept = exp(-_share(loss) / _LOSS - _share(freeze_share) / _FREEZES - late / _DELAY_MS)
    return round(1 + 4 * _detail(pixels, bitrate_kbps) * _movement(fps) * kept, 2)


def _detail(pixels: int, bitrate_kbps: float) -> float:
    half: float = _HALF_KBPS * (pixels / _QVGA) ** _HALF_GROWS
    gained: float = 1 - 1 / (1 + (bitrate_kbps / half) ** _STEEPNESS)
    return gained * pixels / (pixels + _SMALL)


def _movement(fps: float) -> float:
    missing = log(_BEST_RATE / min(fps, _BEST_RATE))
    return exp(-(missing**2) / (2 * _RATE_WIDTH**2))


def _share(fraction: float) -> float:
    return min(max(fraction, 0.0), 1.0)
