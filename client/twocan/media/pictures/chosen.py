"""The camera and the screen that a person chose, opened for each call.

What can be chosen says ``media.pictures.sources``.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from twocan.media.pictures import sources
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.picture import (
    Camera,
    Coded,
    Picture,
    PictureError,
    Screen,
    Seen,
    Shape,
    Sights,
)
from twocan.media.pictures.teed import FarScreen, OneCamera, TeedCamera
from twocan.media.sound import Samples

if TYPE_CHECKING:
    from twocan.media.pictures.cameras import Cameras

log = logging.getLogger(__name__)


class ChosenSights:
    """A camera and a screen by their names.

    ``complain``: told, on any thread, where what is recorded cannot be written any further; else
    it is logged. ``near`` and ``far``: canvases on which the pictures of the camera and of the far
    side are seen as well.
    """

    def __init__(
        self,
        camera: str,
        screen: str,
        complain: Callable[[PictureError], None] | None = None,
        *,
        near: Canvas | None = None,
        far: Canvas | None = None,
    ) -> None:
        self._camera, self._screen = camera, screen
        self._complain = complain or _complain
        self._cameras: Cameras | None = None
        self._far = far
        self._one = OneCamera(self._open, near) if near is not None else None

    @property
    def shows(self) -> bool:
        """Whether there is a camera."""
        return self._camera != sources.NONE

    def check(self) -> None:
        """Raise PictureError where one of them cannot be: what is wrong, and what there is."""
        camera = self.camera()
        if camera is not None:
            camera.close()
        self.screen().close()

    def sights(self) -> Sights:
        """For a call."""
        return Sights(self.camera, self.screen)

    def camera(self) -> Camera | None:
        """Raises PictureError."""
        one = self._one
        if one is None:
            return self._open()
        # What films already is opened once: a device has room for one only.
        camera = None if one.films else self._open()
        if camera is None and not one.films:
            return None
        return TeedCamera(one, camera)

    def screen(self) -> Screen:
        """Raises PictureError."""
        screen = sources.open_screen(self._screen, self._complain)
        return screen if self._far is None else FarScreen(screen, self._far)

    def choose(self, *, camera: str) -> None:
        """This camera from now on, or the ``screen``; where there is a canvas for it, also for the
        calls that show one. What keeps it from coming is told to these, as with any camera."""
        if camera == self._camera:
            return
        self._camera = camera
        if self._one is not None:
            self._one.change()

    def close(self) -> None:
        """Let go of what is open."""
        if self._one is not None:
            self._one.close()
        if self._cameras is not None:
            self._cameras.close()

    def _open(self) -> Camera | None:
        return sources.open_camera(self._camera, self._load)

    def _load(self) -> "Cameras":
        if self._cameras is None:
            # OpenCV is loaded here, and nowhere where it is not needed.
            from twocan.media.pictures.cameras import Cameras

            self._cameras = Cameras()
        return self._cameras


def _complain(error: PictureError) -> None:
    log.warning("%s", error)


class Mirror:
    """A camera and a screen in one, which gives back what it is shown."""

    text = False

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._lock = threading.Lock()

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        with self._lock:
            self._seen = seen

    def ask(self, shape: Shape) -> None:
        """Pictures come in the size that the far side chose, and no oftener than it sends them."""

    def hear(self, block: Samples, at: float) -> None:
        """Sound is given back by others."""

    def show(self, picture: Picture, coded: Coded) -> None:
        with self._lock:
            if self._seen is not None:
                # The decoder's planes are gone with the next picture.
                y, u, v = (plane.copy() for plane in (picture.y, picture.u, picture.v))
                self._seen(Picture(y, u, v, picture.at))

    def close(self) -> None:
        with self._lock:
            self._seen = None


def mirrored() -> Sights:
    """For a call that gives its pictures back."""
    mirror = Mirror()
    return Sights(lambda: mirror, lambda: mirror)
