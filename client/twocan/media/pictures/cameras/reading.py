"""The thread that has a camera open: from opening it to letting go of it."""

import logging
import threading
import time
from collections.abc import Callable

from twocan.media.pictures.cameras import troubles
from twocan.media.pictures.cameras.feeds import Feed, OpenCapture
from twocan.media.pictures.cameras.listing import CameraDevice
from twocan.media.pictures.filming.pace import Pace
from twocan.media.pictures.picture import Picture, PictureError, Shape

log = logging.getLogger(__name__)

_SLICE_SECONDS = 0.1
"""How long a thread that waits for a picture takes to see that it is not wanted any more."""
_AT_ONCE_SECONDS = 0.5
"""A picture that fails sooner was never waited for: the camera is gone."""
LOST_SECONDS = 10.0
"""After so long without a picture a camera is opened anew, which cures some."""


class Reading(threading.Thread):
    """One opening of one camera. It is a thread of its own, since it may not come back from the
    system for long, or ever: whoever started it then leaves it behind.

    ``give`` takes every picture with this object, ``asked`` says how they are to be now, ``ended``
    is told when it is over.
    """

    def __init__(
        self,
        device: CameraDevice,
        open_capture: OpenCapture,
        largest: Shape,
        asked: Callable[[], Shape],
        give: Callable[["Reading", Picture], None],
        ended: Callable[[], None],
    ) -> None:
        super().__init__(name="twocan-camera", daemon=True)
        self.device = device
        self.error: PictureError | None = None
        """Why it ended, unless it was told to."""
        self.over = False
        self.opened = False
        self.damaged = False
        """Whether the latest picture could not be read."""
        self.alive_at = time.monotonic()
        """When it began, was opened, or gave the latest picture that was whole."""
        self._open_capture = open_capture
        self._largest = largest
        self._asked = asked
        self._give = give
        self._ended = ended
        self._pace = Pace()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Have it let go of the camera as soon as the system returns. Does not wait."""
        self._stopped.set()

    def run(self) -> None:
        try:
            self._open_and_read()
        except PictureError as error:
            self.error = error
        except Exception as error:
            log.exception("%s failed", self.device.name)
            self.error = troubles.failed(self.device.name, error)
        finally:
            self.over = True
            self._ended()

    def _open_and_read(self) -> None:
        if self._stopped.is_set():
            return
        capture = self._open_capture(self.device)
        try:
            if self._stopped.is_set():
                return
            feed = Feed(capture, self._largest)
            self.opened, self.alive_at = True, time.monotonic()
            while not self._stopped.is_set():
                self._read(feed)
        finally:
            capture.release()

    def _read(self, feed: Feed) -> None:
        began = time.monotonic()
        if began - self.alive_at > LOST_SECONDS:
            raise self.silence()
        if not feed.wait(_SLICE_SECONDS):
            return
        at = feed.grab()
        if at is None:
            if time.monotonic() - began < _AT_ONCE_SECONDS:
                raise troubles.stalled(self.device.name)
            return
        self._convert(feed, at)

    def _convert(self, feed: Feed, at: float) -> None:
        asked = self._asked()
        if not self._pace.lets_through(at, asked.rate):
            feed.drop()
            return
        planes = feed.picture(asked)
        self.damaged = planes is None
        if planes is not None:
            self.alive_at = time.monotonic()
            self._give(self, Picture(*planes, at=at))

    def silence(self) -> PictureError:
        """What to say of a camera that has given nothing for long."""
        name = self.device.name
        if not self.opened:
            return troubles.slow(name)
        return troubles.unreadable(name) if self.damaged else troubles.stalled(name)
