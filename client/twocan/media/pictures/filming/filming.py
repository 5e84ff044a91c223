"""The thread that a camera films on, in time and in the shape that a call asks for."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from twocan.media.pictures.picture import Picture, PictureError, Seen, Shape

FIRST_SHAPE = Shape(1280, 720, 30)
"""What is filmed before a call asks for anything."""


def fit(width: int, height: int, shape: Shape) -> tuple[int, int]:
    """The size at which a picture of ``width`` and ``height`` is no larger than ``shape``.

    It keeps its proportions as far as even numbers allow, and is never made larger. Even, for
    then every sample of chroma has four of luma, as coders like it.
    """
    scale = min(1.0, shape.width / width, shape.height / height)
    return _even(width * scale, shape.width), _even(height * scale, shape.height)


def _even(length: float, most: int) -> int:
    # A hair more, for the scale is rounded.
    return max(2, min(int(length / 2 + 0.001), most // 2) * 2)


class Beat:
    """Times that are a constant interval apart, and do not drift. Times in seconds.

    Those that were missed are left out, so that no burst follows a stall.
    """

    def __init__(self, start: float) -> None:
        self._at = start
        self.number = 0
        """How many intervals there were before ``next``'s answer."""

    def next(self, now: float, rate: float) -> float:
        """The time that is ``1 / rate`` after the last one, or later where that is long over."""
        missed = max(0, int((now - self._at) * rate) - 1)
        self.number += 1 + missed
        self._at += (1 + missed) / rate
        return self._at


class Filming(ABC):
    """A camera with a thread of its own, on which ``film`` runs until it is closed."""

    text = False

    def __init__(self) -> None:
        self._shape = FIRST_SHAPE
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: Seen = _unseen
        self._troubled: Callable[[PictureError | None], None] = _untold
        self._trouble: PictureError | None = None

    @abstractmethod
    def film(self) -> None:
        """Give pictures, in the shape that is asked for, until ``wait`` says that it is over."""

    @property
    def shape(self) -> Shape:
        """What is asked for."""
        return self._shape

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        self._seen, self._troubled = seen, troubled
        name = f"twocan-{type(self).__name__.lower()}"
        self._thread = threading.Thread(target=self.film, name=name, daemon=True)
        self._thread.start()

    def ask(self, shape: Shape) -> None:
        self._shape = shape

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def wait(self, until: float) -> bool:
        """Wait until that time of ``time.monotonic``; False once the camera is closed."""
        return not self._closed.wait(max(0.0, until - time.monotonic()))

    def give(self, picture: Picture) -> None:
        """Hand a picture to the call."""
        if not self._closed.is_set():
            self.trouble(None)
            self._seen(picture)

    def trouble(self, error: PictureError | None) -> None:
        """Tell what keeps pictures from coming, once, and once that they come again."""
        if self._closed.is_set() or str(error) == str(self._trouble):
            return
        self._trouble = error
        self._troubled(error)


def _unseen(picture: Picture) -> None:
    """Nobody looks yet."""


def _untold(error: PictureError | None) -> None:
    """Nobody listens yet."""
