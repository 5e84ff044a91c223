"""What a picture is to a call: three planes, where they come from and where they go.

Pure: no clock, no camera, no codec. Every picture is I420, upright, and has square pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twocan.media.sound import Samples

Plane = npt.NDArray[np.uint8]
"""Rows of samples, shape ``(height, width)``. Rows may be further apart than they are wide; the
samples of a row are next to each other."""


class PictureError(ValueError):
    """Pictures that cannot be had or shown: one line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large pictures are, and how many there are in a second."""

    width: int
    height: int
    rate: float


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture in I420 (BT.601, limited range). ``at``: seconds of ``time.monotonic``, when it
    was in front of the camera, or when it is shown.

    The chroma planes have half the width and height, rounded up.
    """

    y: Plane
    u: Plane
    v: Plane
    at: float

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded picture. ``timestamp``: of its RTP packets, 90 kHz."""

    data: bytes
    timestamp: int
    key: bool


Seen = Callable[[Picture], None]
"""Takes a picture of the camera. The planes are never written to again."""


class Camera(Protocol):
    """A camera, or what stands for one."""

    @property
    def text(self) -> bool:
        """Whether it shows text, which is to stay sharp whatever the frame rate: a screen."""

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        """Hand every picture to ``seen`` from now on, on any one thread: it must not wait.

        ``troubled`` is told what keeps pictures from coming, and None once they come again. It
        returns at once: a camera takes a second to open, and a broken one never does.
        """

    def ask(self, shape: Shape) -> None:
        """Give pictures no larger and no more often than this, of the proportions that they have,
        from now on; said from any thread. Before it is said they are 1280x720, 30 a second."""

    def close(self) -> None:
        """Let go of the camera; its light goes off. Once this returned, nothing is called."""


class Screen(Protocol):
    """What shows the pictures of the far side, or stands for it."""

    def hear(self, block: Samples, at: float) -> None:
        """What is played with the pictures: a block of sound, and when its first sample is in the
        air. Said on the sound card's thread; it must not wait, and not raise."""

    def show(self, picture: Picture, coded: Coded) -> None:
        """Show this. Its planes belong to the decoder and are good until this returns.

        Said on the decoder's thread; it must not wait, and not raise.
        """

    def close(self) -> None: ...


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Sights:
    """Where a call's pictures come from and where they are shown.

    ``camera`` is called each time that a person shows pictures, ``screen`` once a call. None:
    there is none. Both may raise PictureError.
    """

    camera: Callable[[], Camera | None] = _nothing
    screen: Callable[[], Screen | None] = _nothing
