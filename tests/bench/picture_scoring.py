"""How good the pictures are that came out of a call, how late, and where they stood still.

Every picture has a number (``picture_number``), so that each that was shown is held against the one
that was filmed.
"""

import json
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

import marks
import picture_number
from picture_clip import Clip, Plane
from scoring import Take

_FREEZE_SECONDS = 0.15
_FREEZE_FRAMES = 30
_AROUND_MARK_SECONDS = 0.5

Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a screen: its number, when it was there, and how wide it came."""

    number: int
    at: float
    width: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What one end filmed, as numbers and times, what it showed, and the luma of what was kept."""

    filmed: Sequence[tuple[int, float]]
    shown: Sequence[Shown]
    kept: Sequence[tuple[int, Plane]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a call: what the filming end noted, what the showing one did, and what was said
    and heard, or None where that is not known. Times are of one clock."""

    filming: Seen
    showing: Seen
    take: Take | None

    @property
    def shown(self) -> Sequence[Shown]:
        return self.showing.shown

    def until(self, at: float) -> "Way":
        """What was shown before."""
        shown = [shown for shown in self.shown if shown.at < at]
        return replace(self, showing=replace(self.showing, shown=shown))

    def between(self, first: float, last: float) -> list[Shown]:
        """What was shown then."""
        return [shown for shown in self.shown if first <= shown.at < last]


def read(path: Path) -> Seen:
    """What ``Notes.write`` wrote."""
    with path.open("rb") as file:
        told = json.loads(file.readline())
        kept = [
            (number, np.frombuffer(file.read(height * width), np.uint8).reshape(height, width))
            for number, height, width in told["kept"]
        ]
    return Seen([(n, at) for n, at in told["filmed"]], shown_of(told["shown"]), kept)


def shown_of(told: Sequence[tuple[int, float, int]]) -> list[Shown]:
    """Each picture once, however often it was there."""
    every = [Shown(*each) for each in told]
    return every[:1] + [b for a, b in pairwise(every) if a.number != b.number]


def delays(way: Way) -> list[tuple[float, float]]:
    """When each picture that was shown was filmed, and how many seconds later it was there."""
    times: dict[int, list[float]] = {}
    for number, at in way.filming.filmed:
        times.setdefault(number, []).append(at)
    found = []
    for shown in way.shown:
        filmed = times.get(shown.number, [])
        # The clip comes again and again: it was the last time before.
        if before := bisect_right(filmed, shown.at):
            found.append((filmed[before - 1], shown.at - filmed[before - 1]))
    return found


def freezes(shown: Sequence[Shown]) -> list[float]:
    """The seconds of each (W3C webrtc-stats, freezeCount: a picture that stays for longer than
    three times the mean of the last 30, and than that mean and 150 ms)."""
    latest: deque[float] = deque(maxlen=_FREEZE_FRAMES)
    found = []
    for one, other in pairwise(shown):
        stayed = other.at - one.at
        mean = sum(latest) / len(latest) if latest else stayed
        if stayed >= max(3 * mean, mean + _FREEZE_SECONDS):
            found.append(stayed)
        latest.append(stayed)
    return found


def skews(way: Way) -> list[float]:
    """How many seconds later than the sound the pictures were there, at each mark."""
    if way.take is None:
        return []
    late = np.array(delays(way)).reshape(-1, 2)
    found = []
    for said_at, delay in marks.delays(way.take):
        near = late[np.abs(late[:, 0] - said_at) < _AROUND_MARK_SECONDS, 1]
        if near.size:
            found.append(float(np.median(near)) - delay)
    return found


def likeness(clip: Clip, kept: Sequence[tuple[int, Plane]]) -> float:
    """The mean SSIM of what was kept with what was filmed; what came smaller is scaled up."""
    size = (clip.size.width, clip.size.height)
    whole = [
        (clip.planes(number)[0], cv2.resize(luma, size, interpolation=cv2.INTER_CUBIC))
        for number, luma in kept
    ]
    return float(
        np.mean(
            [
                ssim(picture_number.without_strip(a), picture_number.without_strip(np.asarray(b)))
                for a, b in whole
            ]
        )
    )


def ssim(a: Plane, b: Plane) -> float:
    """Of luma, with a Gaussian window of 11 by 11 (Z. Wang et al., "Image quality assessment: from
    error visibility to structural similarity", IEEE Transactions on Image Processing 13, 2004)."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    mean_x, mean_y = _blurred(x), _blurred(y)
    var_x, var_y = _blurred(x * x) - mean_x**2, _blurred(y * y) - mean_y**2
    both = _blurred(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    near = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    alike = (2 * both + c2) / (var_x + var_y + c2)
    return float(np.mean((near * alike)[5:-5, 5:-5]))


def _blurred(plane: Real) -> Real:
    return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5), np.float64)
