"""Looking at cameras in tests: what they filmed, and what troubled them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from twocan.media.pictures.picture import Camera, Picture, PictureError, Shape

PATIENCE = 30.0
"""Seconds after which a test that waits for a picture fails."""


class Audience:
    """Everybody who looks at one camera."""

    def __init__(self) -> None:
        self.seen: list[Picture] = []
        self.troubles: list[PictureError | None] = []
        self._changed = threading.Condition()

    def see(self, picture: Picture) -> None:
        with self._changed:
            self.seen.append(picture)
            self._changed.notify_all()

    def hear(self, trouble: PictureError | None) -> None:
        with self._changed:
            self.troubles.append(trouble)
            self._changed.notify_all()

    def wait(self, until: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(until, PATIENCE), "it never came to that"

    def first(self, count: int) -> list[Picture]:
        """The first so many pictures."""
        self.wait(lambda: len(self.seen) >= count)
        return self.seen[:count]

    def wait_for(self, count: int) -> list[Picture]:
        """The next so many pictures."""
        since = len(self.seen)
        self.wait(lambda: len(self.seen) >= since + count)
        return self.seen[since : since + count]

    def wait_for_size(self, width: int, height: int) -> Picture:
        def is_there() -> bool:
            latest = self.seen[-1:]
            return any((at.width, at.height) == (width, height) for at in latest)

        self.wait(is_there)
        return self.seen[-1]


@contextmanager
def looking_at(camera: Camera, shape: Shape | None = None) -> Iterator[Audience]:
    audience = Audience()
    if shape is not None:
        camera.ask(shape)
    camera.start(audience.see, audience.hear)
    try:
        yield audience
    finally:
        camera.close()
