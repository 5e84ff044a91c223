"""The thread that decodes the far side's pictures, and shows those that are due."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twocan.media.pictures.picture import Coded, Picture, Screen
from twocan.media.pictures.receiving.assembly import Frame
from twocan.media.pictures.vp8.codec import Decoder
from twocan.media.pictures.vp8.libvpx import Vp8Error

log = logging.getLogger(__name__)

_MOST_WAITING = 64
_MOST_BYTES = 16 << 20
"""Bunches of frames that wait for a decoder that is held up: with more of them, it is behind for
good, and a key frame is cheaper."""

_LETS_GO = 2.0
"""Seconds in which a screen is done with a picture, or never will be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was shown, at ``at``. ``timestamp``: of its RTP packets, unwrapped."""

    width: int
    height: int
    timestamp: int
    at: float


class Decoding:
    """Decodes until it is closed. ``shown`` and ``broken`` are called on the loop.

    ``broken``: what came cannot be decoded, and nothing will be before a key frame.
    """

    def __init__(
        self,
        screen: Screen,
        shown: Callable[[Shown], None],
        broken: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._screen = screen
        self._shown, self._broken = shown, broken
        self._inbox: queue.Queue[Sequence[Frame] | None] = queue.Queue(_MOST_WAITING)
        self._put_bytes = self._taken_bytes = 0
        """The one belongs to the loop, the other to the thread."""
        self.undecodable = 0
        self.unshown = 0
        """Pictures that the screen refused."""
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="decoding", daemon=True)
        self._thread.start()

    def put(self, frames: Sequence[Frame]) -> bool:
        """Decode and show these, of which the last counts; False where too many wait already."""
        size = _size(frames)
        if self._put_bytes - self._taken_bytes + size > _MOST_BYTES:
            return False
        try:
            self._inbox.put_nowait(frames)
        except queue.Full:
            return False
        self._put_bytes += size
        return True

    def close(self) -> None:
        """Decode nothing more. The thread ends with the pictures that it is at."""
        self._closed = True
        try:
            self._inbox.put_nowait(None)
        except queue.Full:
            log.debug("the decoder is behind: it ends at its next look")

    def join(self) -> None:
        """Wait for the thread's end, a few pictures away, but not for a screen that hangs."""
        self._thread.join(_LETS_GO)
        if self._thread.is_alive():
            log.warning("the screen does not finish a picture: it is left alone with it")

    def _run(self) -> None:
        try:
            decoder = Decoder()
        except Vp8Error:
            log.exception("pictures cannot be decoded")
            return
        try:
            while (frames := self._inbox.get()) is not None and not self._closed:
                self._decode(decoder, frames)
                self._taken_bytes += _size(frames)
        finally:
            decoder.close()

    def _decode(self, decoder: Decoder, frames: Sequence[Frame]) -> None:
        for frame in frames:
            try:
                picture = decoder.decode(frame.data, time.monotonic())
            except Vp8Error as error:
                log.debug("%s", error)
                self.undecodable += 1
                self._tell(self._broken)
                return
            if picture is not None:
                # Whoever records needs all of them: what is left out, others are decoded from.
                self._show(picture, frame, newest=frame is frames[-1])

    def _show(self, picture: Picture, frame: Frame, *, newest: bool) -> None:
        try:
            self._screen.show(picture, Coded(frame.data, frame.timestamp, frame.key))
        except Exception:
            # A screen's mistake costs its picture, and not the call.
            if not self.unshown:
                log.exception("a picture could not be shown")
            self.unshown += 1
            return
        if not newest:
            return
        width, height = picture.width, picture.height
        self._tell(self._shown, Shown(width, height, frame.timestamp, picture.at))

    def _tell(self, whom: Callable[..., None], *what: object) -> None:
        try:
            self._loop.call_soon_threadsafe(whom, *what)
        except RuntimeError:
            log.debug("a picture was shown for nobody")


def _size(frames: Sequence[Frame]) -> int:
    return sum(len(frame.data) for frame in frames)
