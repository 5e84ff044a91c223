"""The thread that decodes the far side's pictures, and shows the newest of those that are due."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twocan.media.pictures.assembly import Frame
from twocan.media.pictures.libvpx import Vp8Error
from twocan.media.pictures.picture import Coded, Picture, Screen
from twocan.media.pictures.vp8 import Decoder

log = logging.getLogger(__name__)

_MOST_WAITING = 64
"""Bunches of frames that wait for a decoder that is held up: with more of them, it is behind for
good, and a key frame is cheaper."""


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
        self.undecodable = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="decoding", daemon=True)
        self._thread.start()

    def put(self, frames: Sequence[Frame]) -> bool:
        """Decode these, and show the last of them; False where too many are waiting already."""
        try:
            self._inbox.put_nowait(frames)
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Decode nothing more. The thread ends with the pictures that it is at."""
        self._closed = True
        try:
            self._inbox.put_nowait(None)
        except queue.Full:
            log.debug("the decoder is behind: it ends at its next look")

    def join(self) -> None:
        """Wait for the thread's end, a few pictures away."""
        self._thread.join()

    def _run(self) -> None:
        try:
            decoder = Decoder()
        except Vp8Error:
            log.exception("pictures cannot be decoded")
            return
        try:
            while (frames := self._inbox.get()) is not None and not self._closed:
                self._decode(decoder, frames)
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
            if picture is not None and frame is frames[-1]:
                self._show(picture, frame)

    def _show(self, picture: Picture, frame: Frame) -> None:
        try:
            self._screen.show(picture, Coded(frame.data, frame.timestamp, frame.key))
        except Exception:
            # A screen's mistake costs its picture, and not the call.
            log.exception("a picture could not be shown")
        width, height = picture.width, picture.height
        self._tell(self._shown, Shown(width, height, frame.timestamp, picture.at))

    def _tell(self, whom: Callable[..., None], *what: object) -> None:
        try:
            self._loop.call_soon_threadsafe(whom, *what)
        except RuntimeError:
            log.debug("a picture was shown for nobody")
