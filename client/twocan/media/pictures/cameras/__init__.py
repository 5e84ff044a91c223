"""Cameras: naming, choosing, opening and following them, through OpenCV."""

import atexit
from typing import TYPE_CHECKING

from twocan.media.pictures.cameras.listing import (
    DEFAULT,
    CameraDevice,
    Find,
    choose,
    find_cameras,
)
from twocan.media.pictures.picture import PictureError

if TYPE_CHECKING:
    from twocan.media.pictures.cameras.capture import LiveCamera
    from twocan.media.pictures.cameras.feeds import OpenCapture

__all__ = ["DEFAULT", "CameraDevice", "Cameras", "find_cameras"]

_LETS_GO_SECONDS = 2.0


class Cameras:
    """The cameras of this computer. Listing them loads nothing of OpenCV on Linux."""

    def __init__(
        self, find: Find = find_cameras, open_capture: "OpenCapture | None" = None
    ) -> None:
        self._find = find
        self._open_capture = open_capture
        self._opened: list[LiveCamera] = []

    def list(self) -> tuple[CameraDevice, ...]:
        """Every camera that is plugged in, the default one first. Raises PictureError where this
        system cannot be asked."""
        return self._find()

    def open(self, name: str = DEFAULT) -> "LiveCamera":
        """The camera of that name, or a part of it, or ``default``; it is off until its ``start``.

        Raises PictureError where there is none of that name, which names those that there are.
        ``default`` waits for one to be plugged in.
        """
        full = choose(name, self._find())
        try:
            from twocan.media.pictures.cameras.capture import LiveCamera
            from twocan.media.pictures.cameras.feeds import open_system_camera
        except ModuleNotFoundError as error:
            raise PictureError(f"a camera needs {error.name}: install twocan[camera]") from None
        # A thread that is inside OpenCV while Python ends would abort the process (on Linux, before
        # Python 3.14: it is unwound through C++ that forbids it).
        atexit.register(self.close)
        camera = LiveCamera(full, self._find, self._open_capture or open_system_camera)
        self._opened = [*(opened for opened in self._opened if not opened.over), camera]
        return camera

    def close(self) -> None:
        """Close every camera that was opened here, and give the system a moment to let go."""
        for camera in self._opened:
            camera.close()
        for camera in self._opened:
            camera.join(_LETS_GO_SECONDS)
        self._opened.clear()
        atexit.unregister(self.close)
