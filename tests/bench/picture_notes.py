"""What an end filmed and saw, and when; now and then a picture of it whole, to be judged."""

import json
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

import picture_number

Plane = npt.NDArray[np.uint8]

KEEPS_AFTER_SECONDS = 8.0
"""From the first picture on: before, a sender is still finding out what the network bears."""
KEEPS_EVERY = 30
KEEPS = 30


class Notes:
    """Of one end. Times are ``time.monotonic``'s."""

    def __init__(self) -> None:
        self.cost = 0.0
        """CPU seconds that noting took, and not the call."""
        self._filmed: list[tuple[int, float]] = []
        self._shown: list[tuple[int, float, int]] = []
        self._kept: list[tuple[int, Plane]] = []

    def filmed(self, number: int) -> None:
        """It was in front of the camera just now."""
        self._filmed.append((number, time.monotonic()))

    def shown(self, luma: Plane, at: float) -> None:
        """It is on the screen at that time."""
        began = time.thread_time()
        if (number := picture_number.read(luma)) is not None:
            self._shown.append((number, at, luma.shape[1]))
            if self._keeps(number, at):
                self._kept.append((number, luma.copy()))
        self.cost += time.thread_time() - began

    def write(self, path: Path) -> None:
        """For ``picture_scoring.read``: JSON, and behind it the pictures that were kept."""
        kept = [(number, *luma.shape) for number, luma in self._kept]
        told = {"filmed": self._filmed, "shown": self._shown, "kept": kept}
        with path.open("wb") as file:
            file.write(json.dumps(told).encode() + b"\n")
            for _, luma in self._kept:
                file.write(luma.tobytes())

    def _keeps(self, number: int, at: float) -> bool:
        begun = at - self._shown[0][1] > KEEPS_AFTER_SECONDS
        return begun and number % KEEPS_EVERY == 0 and len(self._kept) < KEEPS
