"""Pictures that are seen here as well as by whom they are for.

A call knows of a camera and a screen and of nothing else. These stand between: ``FarScreen`` shows
on a canvas what the call's screen is shown, and ``TeedCamera`` is a call's camera whose pictures
are seen on a canvas too. All that look at a camera at once share one (``OneCamera``), so that a
call goes on from a trial without the light going out, and so that another one, or a screen, can
take its place under a call that shows it: nothing is agreed anew, and nobody has to wait for more
than the new one's opening.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial

from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.picture import Camera, Coded, Picture, PictureError, Screen, Seen, Shape
from twocan.media.sound import Samples

log = logging.getLogger(__name__)

Open = Callable[[], Camera | None]
Troubled = Callable[[PictureError | None], None]

_LETS_GO = 2.0
"""Seconds in which a device is let go of, or never will be."""


class FarScreen:
    """The screen of a call, seen on a canvas as well."""

    def __init__(self, screen: Screen, canvas: Canvas) -> None:
        self._screen, self._canvas = screen, canvas

    def hear(self, block: Samples, at: float) -> None:
        self._screen.hear(block, at)

    def show(self, picture: Picture, coded: Coded) -> None:
        # The file first: it only queues what the canvas paints.
        self._screen.show(picture, coded)
        self._canvas.show(picture, self)

    def close(self) -> None:
        self._canvas.clear(self)
        self._screen.close()


class TeedCamera:
    """A look at the one camera, for a call."""

    def __init__(self, one: "OneCamera", camera: Camera | None) -> None:
        """``camera``: the one to begin with, if none films yet."""
        self._one, self._camera = one, camera
        self.seen: Seen = _unseen
        self.troubled: Troubled = _untold
        self.shape: Shape | None = None

    @property
    def text(self) -> bool:
        return self._camera.text if self._camera is not None else self._one.text

    def start(self, seen: Seen, troubled: Troubled) -> None:
        self.seen, self.troubled = seen, troubled
        camera, self._camera = self._camera, None
        self._one.join(self, camera)

    def ask(self, shape: Shape) -> None:
        self.shape = shape
        self._one.ask()

    def close(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
        self._one.leave(self)


class OneCamera:
    """The camera that is open, for all that look at it, and for the canvas.

    ``open_camera`` opens the one that is chosen now. Every method returns at once, and may be
    called on any thread.
    """

    def __init__(self, open_camera: Open, near: Canvas) -> None:
        self._open, self._near = open_camera, near
        # Whoever calls a looker holds this. Being told may lead to `leave` on that thread. No
        # camera is closed under it, for a camera waits for whoever it is just calling.
        self._turn = threading.RLock()
        self._lookers: list[TeedCamera] = []
        self._camera: Camera | None = None
        self._trouble: PictureError | None = None
        self._changing: threading.Thread | None = None
        self._change_again = False

    @property
    def films(self) -> bool:
        """Whether a camera is open, or about to be."""
        return self._camera is not None or self._changing is not None

    @property
    def text(self) -> bool:
        camera = self._camera
        return camera is not None and camera.text

    def join(self, looker: TeedCamera, camera: Camera | None) -> None:
        """Hand it every picture from now on. ``camera`` films if none does; else it is closed."""
        with self._turn:
            self._lookers.append(looker)
            if camera is not None and not self.films:
                self._begin(camera)
                return
            if self._changing is not None or self._camera is None:
                self._change_soon()
            elif self._trouble is not None:
                looker.troubled(self._trouble)
        if camera is not None:
            camera.close()
        self.ask()

    def leave(self, looker: TeedCamera) -> None:
        """Hand it no more; once this returned, it is not called. With the last one the camera is
        closed."""
        with self._turn:
            if looker not in self._lookers:
                return
            self._lookers.remove(looker)
            camera = None if self._lookers else self._take()
        if camera is not None:
            camera.close()
        self.ask()

    def ask(self) -> None:
        """Somebody asks for another shape: nobody gets more than was asked for."""
        with self._turn:
            camera = self._camera
            shapes = [looker.shape for looker in self._lookers if looker.shape is not None]
        if camera is not None and shapes:
            least = min(shapes, key=lambda shape: shape.width * shape.height)
            rate = min(shape.rate for shape in shapes)
            camera.ask(Shape(least.width, least.height, rate))

    def change(self) -> None:
        """Another one is chosen: it takes the place of what films."""
        with self._turn:
            if self._lookers:
                self._change_soon()

    def close(self) -> None:
        """Wait until nothing is being opened any more."""
        thread = self._changing
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LETS_GO)

    def _take(self) -> Camera | None:
        """What filmed, which nobody looks at from now on."""
        camera, self._camera = self._camera, None
        self._trouble = None
        self._near.clear(self)
        return camera

    def _begin(self, camera: Camera) -> None:
        self._camera = camera
        try:
            camera.start(partial(self._see, camera), partial(self._hear, camera))
        except Exception:
            self._camera = None
            # It calls nobody yet, so that nothing is waited for.
            camera.close()
            raise

    # In the place of another, on a thread of its own: that a device is let go of takes its time

    def _change_soon(self) -> None:
        self._change_again = True
        if self._changing is None:
            name = "twocan-camera-change"
            self._changing = threading.Thread(target=self._change, name=name, daemon=True)
            self._changing.start()

    def _change(self) -> None:
        while self._is_to_change():
            with self._turn:
                old, self._camera = self._camera, None
            if old is not None:
                _let_go(old)
            try:
                self._replace(self._open())
            except PictureError as error:
                self._fail(error)
            except Exception as error:
                log.warning("a camera cannot be started: %r", error)
                self._fail(PictureError(f"the camera cannot be used ({error}): choose another"))

    def _is_to_change(self) -> bool:
        with self._turn:
            again, self._change_again = self._change_again, False
            if not (again and self._lookers):
                self._changing = None
            return self._changing is not None

    def _replace(self, camera: Camera | None) -> None:
        if camera is None:
            raise PictureError("there is no camera: choose one")
        with self._turn:
            wanted = bool(self._lookers) and not self._change_again
            if wanted:
                self._begin(camera)
        if wanted:
            self.ask()
        else:
            camera.close()

    def _fail(self, error: PictureError) -> None:
        with self._turn:
            self._near.clear(self)
            self._tell(error)

    # On the camera's threads

    def _see(self, camera: Camera, picture: Picture) -> None:
        with self._turn:
            if camera is not self._camera:
                return
            if self._trouble is not None:
                self._tell(None)
            for looker in tuple(self._lookers):
                looker.seen(picture)
            if camera is self._camera:
                self._near.show(picture, self)

    def _hear(self, camera: Camera, error: PictureError | None) -> None:
        with self._turn:
            if camera is self._camera:
                self._tell(error)

    def _tell(self, error: PictureError | None) -> None:
        self._trouble = error
        for looker in tuple(self._lookers):
            looker.troubled(error)


def _let_go(camera: Camera) -> None:
    """Close it, and give a device the time that it needs: the next one may be the same."""
    try:
        camera.close()
    except Exception as error:
        log.warning("a camera cannot be closed: %r", error)
    join = getattr(camera, "join", None)
    if join is not None:
        join(_LETS_GO)


def _unseen(picture: Picture) -> None:
    """Nobody looks yet."""


def _untold(error: PictureError | None) -> None:
    """Nobody listens yet."""
