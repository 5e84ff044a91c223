"""Where a decoder's thread and the thread that draws meet, without either waiting for the other.

A picture becomes what a screen shows (BGRX, which Qt calls RGB32) on the thread that brings it,
in the size in which it is drawn, and only while somebody looks. That is the one copy there is: the
page that was painted is drawn as it stands. Three pages go around, so that the one that is being
drawn is never painted on, and none is made anew for every picture.

Scaling and colours by OpenCV, for twice the price by swscale where there is none. Neither is
loaded before the first picture comes.
"""

import logging
import threading
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twocan.media.pictures.painting import Painter
    from twocan.media.pictures.picture import Picture, Plane

log = logging.getLogger(__name__)

LARGEST = 2560 * 1440
"""Pixels beyond which a picture is not made larger here: three pages of it take 44 MB. Who draws
does the rest."""

_NOBODY = (0, 0)

_Page = tuple["Plane", tuple[int, int]]
"""What was painted, and how large the picture was before it was scaled."""


class Canvas:
    """Takes pictures from one thread at a time, and gives the newest to one that draws.

    ``news`` is called on the thread that paints, once for each picture that follows one that was
    taken: who was told and did not look yet is not told again.
    """

    def __init__(self, news: Callable[[], None] | None = None) -> None:
        self._news = news or _untold
        self._wanted = _NOBODY
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Whoever paints holds this; who draws never does."""
        self._painter: Painter | None = None
        self._free: list[Plane] = []
        self._fresh: _Page | None = None
        """Painted, and not taken yet."""
        self._drawn: _Page | None = None
        """Taken: it belongs to who draws."""
        self._source: object = None
        self._failed = False

    @property
    def size(self) -> tuple[int, int]:
        """How large the newest picture is by itself, whatever it is scaled to; 0 x 0: there is
        none."""
        page = self._fresh or self._drawn
        return page[1] if page else _NOBODY

    def tell(self, news: Callable[[], None]) -> None:
        """Call this from now on when there is a new picture, and now if there is one."""
        with self._lock:
            self._news = news
            waits = self._fresh is not None
        if waits:
            news()

    def want(self, width: int, height: int) -> None:
        """How large pictures are drawn, in pixels; 0 x 0: nobody looks, and nothing is painted."""
        self._wanted = (width, height) if width > 0 and height > 0 else _NOBODY

    def show(self, picture: "Picture", source: object = None) -> None:
        """Paint this, if somebody looks; it is not needed any more when this returns.

        ``source``: who shows it, which is asked for by ``clear``.
        """
        wanted = self._wanted
        self._source = source
        if wanted == _NOBODY or not (picture.width and picture.height):
            return
        with self._turn:
            size = drawn_size(picture.width, picture.height, wanted)
            page = self._painted(picture, size)
            if page is not None:
                self._publish((page, (picture.width, picture.height)))

    def newest(self) -> "Plane | None":
        """The newest picture, shape ``(height, width, 4)``, blue first, its rows without a gap.

        It is the caller's until it asks again. None: there is none.
        """
        with self._lock:
            if self._fresh is not None:
                if self._drawn is not None:
                    self._free.append(self._drawn[0])
                self._drawn, self._fresh = self._fresh, None
            return self._drawn[0] if self._drawn else None

    def clear(self, source: object = None) -> None:
        """Show nothing any more, until the next picture; unless it is another ``source`` that
        shows. What was taken stays good until ``newest`` is asked for again."""
        with self._turn, self._lock:
            if source is not None and source is not self._source:
                return
            self._fresh = self._drawn = None
            self._free.clear()
            news = self._news
        news()

    def _painted(self, picture: "Picture", size: tuple[int, int]) -> "Plane | None":
        if self._painter is None:
            from twocan.media.pictures.painting import new_painter

            self._painter = new_painter()
        with self._lock:
            page = self._free.pop() if self._free else None
        try:
            return self._painter.paint(picture, size, page)
        except Exception:
            # What cannot be painted costs its picture, and not who decodes.
            if not self._failed:
                log.exception("a picture cannot be painted")
            self._failed = True
            return None

    def _publish(self, page: "_Page") -> None:
        with self._lock:
            told = self._fresh is not None
            if self._fresh is not None:
                self._free.append(self._fresh[0])
            self._fresh = page
            news = self._news
        if not told:
            news()


def drawn_size(width: int, height: int, wanted: tuple[int, int]) -> tuple[int, int]:
    """How large a picture is painted that is to fit into ``wanted``: in even numbers, rounded up,
    its proportions kept as far as these allow, and made larger up to ``LARGEST`` only."""
    scale = min(wanted[0] / width, wanted[1] / height)
    if scale > 1:
        scale = min(scale, max(1.0, (LARGEST / (width * height)) ** 0.5))
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    # A pixel more rather than less, so that no line of what is behind is left. A hair less, for
    # the scale is rounded.
    return max(2, ceil(length / 2 - 0.001) * 2)


def _untold() -> None:
    """Nobody draws yet."""
