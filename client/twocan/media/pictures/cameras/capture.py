"""A camera as a call has it: pictures while there are any, whatever becomes of the device.

Two threads a camera. One reads (``reading``); the other, here, looks after it: it tells what is
wrong, finds the camera again once it is back, and is never inside the system for long.
"""

import logging
import threading
import time
from collections.abc import Callable

from twocan.media.pictures.cameras import troubles
from twocan.media.pictures.cameras.feeds import OpenCapture
from twocan.media.pictures.cameras.listing import DEFAULT, CameraDevice, Find, meant
from twocan.media.pictures.cameras.reading import Reading
from twocan.media.pictures.picture import Picture, PictureError, Seen, Shape

log = logging.getLogger(__name__)

UNASKED = Shape(1280, 720, 30)

LOOK_SECONDS = 1.0
"""How often a camera that is missing is looked for."""
SILENT_SECONDS = 2.0
"""Without a picture for so long, something is wrong."""
_OPENS_SECONDS = 5.0

Troubled = Callable[[PictureError | None], None]


class LiveCamera:
    """A camera by its full name, or ``default``. It opens at ``start``, and not before.

    What is asked before ``start`` is what the device is asked for. What is asked in mid-run is
    made of what it gives, since to change that its light would have to go out for a second.
    """

    text = False

    def __init__(self, wanted: str, find: Find, open_capture: OpenCapture) -> None:
        self.device: str | None = None
        """The name of the camera that gives pictures; None while none does."""
        self._wanted = wanted
        self._find = find
        self._open_capture = open_capture
        self._asked: Shape | None = None
        self._largest = UNASKED
        self._reading: Reading | None = None
        self._told: str | None = None
        self._last = wanted if wanted != DEFAULT else None
        self._closed = False
        # Whoever calls the call's side holds this. Being told may lead to `close` on that thread.
        self._turn = threading.RLock()
        self._wake = threading.Event()
        self._tending: threading.Thread | None = None

    def start(self, seen: Seen, troubled: Troubled) -> None:
        """Hand every picture to ``seen`` and every trouble to ``troubled``, each on one of the
        camera's threads, never both at once. Returns at once."""
        self._seen, self._troubled = seen, troubled
        self._tending = threading.Thread(target=self._tend, name="twocan-cameras", daemon=True)
        self._tending.start()

    def ask(self, shape: Shape) -> None:
        """Give pictures no larger and no more often than this, in even sizes, from the next on."""
        if self._tending is None:
            self._largest = shape
        elif shape.width * shape.height > self._largest.width * self._largest.height:
            # For whenever it is opened again.
            self._largest = shape
        self._asked = shape

    def close(self) -> None:
        """Let go of the camera. Once this returned, nothing is called.

        It waits for nobody but who is just being called. The camera's own thread lets go of the
        device: within a tenth of a second on Linux, elsewhere with the next picture.
        """
        with self._turn:
            self._closed = True
            reading = self._reading
        if reading is not None:
            reading.stop()
        self._wake.set()

    @property
    def over(self) -> bool:
        """Whether it was closed, and the device is let go of."""
        threads = (self._tending, self._reading)
        return self._closed and not any(thread and thread.is_alive() for thread in threads)

    def join(self, seconds: float) -> None:
        """Wait, for so long at most, until the device was let go of. After ``close``."""
        deadline = time.monotonic() + seconds
        for thread in (self._tending, self._reading):
            if thread is not None and thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))

    # On the thread that looks after it

    def _tend(self) -> None:
        while not self._closed:
            try:
                self._look()
            except PictureError as error:
                self._tell(error)
            except Exception as error:
                log.exception("looking after %s failed", self._wanted)
                self._tell(troubles.failed(self._wanted, error))
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _look(self) -> None:
        reading = self._reading
        if reading is None:
            self._begin()
        elif reading.over:
            self._leave()
            self._explain(reading.device, reading.error or reading.silence())
        elif time.monotonic() - reading.alive_at > self._patience(reading):
            self._explain(reading.device, reading.silence())

    def _patience(self, reading: Reading) -> float:
        return SILENT_SECONDS if reading.opened else _OPENS_SECONDS

    def _begin(self) -> None:
        device = meant(self._wanted, self._find())
        if device is None:
            raise self._missing()
        reading = Reading(
            device, self._open_capture, self._largest, self._shape, self._give, self._wake.set
        )
        with self._turn:
            if self._closed:
                return
            self._reading = reading
        self._last = device.name
        reading.start()

    def _missing(self) -> PictureError:
        return troubles.unplugged(self._last) if self._last else troubles.none_there()

    def _explain(self, device: CameraDevice, error: PictureError) -> None:
        """Tell what is wrong with a camera that gives nothing: that it is gone, if it is."""
        if device in self._find():
            self._tell(error)
        else:
            self._leave()
            raise troubles.unplugged(device.name)

    def _leave(self) -> None:
        """Go on without a thread that has ended, or may never end."""
        with self._turn:
            reading, self._reading, self.device = self._reading, None, None
        if reading is not None:
            reading.stop()

    def _tell(self, error: PictureError) -> None:
        with self._turn:
            self.device = None
            if self._closed or self._told == str(error):
                return
            self._told = str(error)
            log.info("%s", error)
            self._troubled(error)

    # On the thread that reads

    def _shape(self) -> Shape:
        return self._asked or UNASKED

    def _give(self, reading: Reading, picture: Picture) -> None:
        with self._turn:
            if self._closed or reading is not self._reading:
                return
            self.device = reading.device.name
            if self._told is not None:
                self._told = None
                self._troubled(None)
            if not self._closed:
                self._seen(picture)
