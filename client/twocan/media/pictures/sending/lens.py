"""A camera while it is open: whatever it does, the call goes on."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from twocan.media.pictures.picture import Camera, Picture, PictureError, Shape

log = logging.getLogger(__name__)

Troubled = Callable[[str | None], None]


class Lens:
    """One camera, opened and closed as a person wants it.

    ``seen`` is called with every picture, on the camera's thread; ``troubled`` on the event loop,
    with what keeps the camera from seeing, for a person, and with None once it sees again.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera | None],
        seen: Callable[[Picture], None],
        troubled: Troubled,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._open_camera, self._seen, self._troubled = open_camera, seen, troubled
        self._camera: Camera | None = None

    @property
    def is_open(self) -> bool:
        return self._camera is not None

    @property
    def text(self) -> bool:
        """Whether what it sees is a screen."""
        return self._camera is not None and self._camera.text

    def open(self) -> bool:
        """Open it; False where that failed, after ``troubled`` was told why."""
        try:
            camera = self._open_camera()
        except PictureError as error:
            self._troubled(str(error))
            return False
        if camera is None:
            self._troubled("there is no camera: choose one")
            return False
        # Before it starts, for it may see at once.
        self._camera = camera
        try:
            camera.start(partial(self._see, camera), partial(self._tell_trouble, camera))
        except Exception as error:
            log.warning("a camera cannot be started: %r", error)
            self.close()
            self._troubled(f"the camera cannot be used ({error}): choose another")
            return False
        return True

    def ask(self, shape: Shape) -> None:
        """How pictures are to be from now on."""
        if self._camera is None:
            return
        try:
            self._camera.ask(shape)
        except Exception as error:
            log.warning("a camera does not take what is asked for: %r", error)

    def close(self) -> None:
        """Close it, if it is open: its light goes off."""
        camera, self._camera = self._camera, None
        if camera is None:
            return
        try:
            camera.close()
        except Exception as error:
            log.warning("a camera cannot be closed: %r", error)

    def _see(self, camera: Camera, picture: Picture) -> None:
        """On the camera's thread; one that was closed may not know it yet."""
        if camera is self._camera:
            self._seen(picture)

    def _tell_trouble(self, camera: Camera, error: PictureError | None) -> None:
        """On the camera's thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._hear_trouble, camera, error)

    def _hear_trouble(self, camera: Camera, error: PictureError | None) -> None:
        if camera is self._camera:
            self._troubled(str(error) if error else None)
