"""The thread that codes our pictures: the camera's newest one, and never a queue of them.

The camera's thread hands pictures over and goes on; the event loop says how to code and gets what
was coded. A picture that comes while another one is being coded takes the place of the one that
waits.
"""

import asyncio
import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from twocan.media.pictures.picture import Picture
from twocan.media.pictures.vp8.codec import LARGEST, Coding, Encoder
from twocan.media.pictures.vp8.libvpx import Vp8Error

log = logging.getLogger(__name__)

_SOONEST = 0.5
"""Of the time between two pictures as asked for: a camera that gives more of them than that would
have the coder for itself, and a processor with it."""

_LONGEST_SIDE = (1 << 14) - 1
"""RFC 6386 §9.1: 14 bits."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture that was coded. ``at``: when it was in front of the camera."""

    data: bytes
    key: bool
    at: float
    width: int
    height: int
    seconds: float
    """What coding it took of the processor."""


class Encoding:
    """Codes pictures until it is closed. ``encoded`` and ``failed`` are called on the loop."""

    def __init__(
        self,
        coding: Coding,
        encoded: Callable[[Encoded], None],
        failed: Callable[[Vp8Error], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._encoded, self._failed = encoded, failed
        self._coding = coding
        self._tuned = coding
        self._key = True
        self._held_until = 0.0
        self._free_at = 0.0
        self._waits = False
        self._closed = False
        self._waiting: Picture | None = None
        self._news = threading.Condition()
        self.replaced = 0
        """Pictures whose place a newer one took."""
        self.unfit = 0
        """What a camera gave that was no picture."""
        self.left_out = 0
        """Pictures that were not coded, or not to the end, to save bits."""
        self._thread = threading.Thread(target=self._run, name="encoding", daemon=True)
        self._thread.start()

    def take(self, picture: Picture) -> None:
        """Code this one next; said on any thread."""
        with self._news:
            if self._closed:
                return
            if self._waits or picture.at < self._held_until:
                self.left_out += 1
                return
            if not _is_codable(picture):
                self.unfit += 1
                return
            self.replaced += self._waiting is not None
            self._waiting = picture
            self._news.notify()

    def tune(self, coding: Coding) -> None:
        """Code so from the next picture on."""
        with self._news:
            self._coding = coding

    def key(self) -> None:
        """Make the next picture a key frame."""
        with self._news:
            self._key = True

    def hold(self, until: float) -> None:
        """Leave out pictures of before that time of ``time.monotonic``: the way is full."""
        self._held_until = until

    def wait(self, on: bool) -> None:
        """Leave out pictures for the moment: what was coded already has to leave first."""
        self._waits = on

    def close(self) -> None:
        """Code nothing more. The thread ends with the picture that it is at."""
        with self._news:
            self._closed = True
            self._news.notify()

    @property
    def running(self) -> bool:
        """Whether the thread is still at work."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for the thread's end, a coded picture away."""
        self._thread.join()

    def _run(self) -> None:
        if self._closed:
            # Before it took the memory of a coder.
            return
        try:
            with closing(Encoder(self._coding)) as encoder:
                while (work := self._next()) is not None:
                    picture, coding, key = work
                    if coding is not None:
                        encoder.tune(coding)
                    self._code(encoder, picture, key=key)
        except Vp8Error as error:
            self._tell(self._give_up, error)

    def _next(self) -> tuple[Picture, Coding | None, bool] | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or self._waiting is not None)
            if (early := self._free_at - time.monotonic()) > 0:
                self._news.wait_for(lambda: self._closed, early)
            self._free_at = time.monotonic() + _SOONEST / self._coding.rate
            picture, self._waiting = self._waiting, None
            if self._closed or picture is None:
                return None
            coding = self._coding if self._coding is not self._tuned else None
            self._tuned = self._coding
            key, self._key = self._key, False
            return picture, coding, key

    def _code(self, encoder: Encoder, picture: Picture, *, key: bool) -> None:
        began = time.thread_time()
        coded = encoder.encode(picture, key=key)
        seconds = time.thread_time() - began
        if coded is None:
            self.left_out += 1
            return
        encoded = Encoded(coded.data, coded.key, picture.at, picture.width, picture.height, seconds)
        self._tell(self._hand_over, encoded)

    def _hand_over(self, encoded: Encoded) -> None:
        # What is coded after this was closed leans on pictures that nobody else has.
        if not self._closed:
            self._encoded(encoded)

    def _give_up(self, error: Vp8Error) -> None:
        if not self._closed:
            self._failed(error)

    def _tell(self, whom: Callable[..., None], what: object) -> None:
        try:
            self._loop.call_soon_threadsafe(whom, what)
        except RuntimeError:
            # The loop is closed, and with it everything that could want this.
            log.debug("a picture was coded for nobody")


def _is_codable(picture: Picture) -> bool:
    """Whether a picture is one. libvpx reads its memory by what is said of it, and beyond its end
    where that is a lie."""
    planes = (picture.y, picture.u, picture.v)
    if not all(plane.ndim == 2 and plane.dtype == np.uint8 for plane in planes):
        return False
    half = ((picture.height + 1) // 2, (picture.width + 1) // 2)
    fits = 0 < picture.y.size <= LARGEST and max(picture.y.shape) <= _LONGEST_SIDE
    return fits and picture.u.shape == picture.v.shape == half and math.isfinite(picture.at)
