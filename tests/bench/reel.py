"""A camera that films a clip, and a screen that notes what it shows.

The camera is exact and costs next to nothing: a picture is a view into the clip, given when it is
due. Where a smaller one is asked for it is scaled as a camera's would have to be.
"""

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np

from picture_clip import RATE, Clip, Plane
from picture_notes import Notes
from twocan.media.pictures.picture import Coded, Picture, PictureError, Seen, Shape
from twocan.media.sound import Samples


class Reel:
    """``picture.Camera`` that films a clip."""

    text = False

    def __init__(self, clip: Clip, notes: Notes) -> None:
        self._clip = clip
        self._notes = notes
        self._shape = Shape(clip.size.width, clip.size.height, RATE)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(seen,), name="reel", daemon=True)
        self._thread.start()

    def ask(self, shape: Shape) -> None:
        self._shape = shape

    def close(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, seen: Seen) -> None:
        began, count = time.monotonic(), 0
        while not self._ending.wait(max(began + count / RATE - time.monotonic(), 0)):
            if self._is_wanted(count):
                number = count % len(self._clip.pictures)
                planes = self._fit(self._clip.planes(number))
                self._notes.filmed(number)
                seen(Picture(*planes, at=time.monotonic()))
            count += 1

    def _is_wanted(self, count: int) -> bool:
        rate = min(self._shape.rate / RATE, 1.0)
        return int((count + 1) * rate) > int(count * rate)

    def _fit(self, planes: tuple[Plane, Plane, Plane]) -> tuple[Plane, Plane, Plane]:
        size, shape = self._clip.size, self._shape
        scale = min(shape.width / size.width, shape.height / size.height)
        if scale >= 1:
            return planes
        width, height = (round(length * scale / 2) for length in (size.width, size.height))
        y, u, v = (
            np.asarray(cv2.resize(plane, fitting, interpolation=cv2.INTER_AREA), np.uint8)
            for plane, fitting in zip(
                planes, [(2 * width, 2 * height), (width, height), (width, height)], strict=True
            )
        )
        return y, u, v


class NotingScreen:
    """``picture.Screen`` that notes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def hear(self, block: Samples, at: float) -> None:
        """The card keeps what is played."""

    def show(self, picture: Picture, coded: Coded) -> None:
        # A window would hold it until then.
        self._notes.shown(picture.y, max(picture.at, time.monotonic()))

    def close(self) -> None:
        """Nothing is open."""
