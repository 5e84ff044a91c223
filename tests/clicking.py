"""Somebody who looks at the phone's window on a display, and clicks on what it offers there."""

import os
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from own_display import Display
from twocan.gui.tokens import LIGHT
from twocan.media.pictures.filming.windows import Window, Windows, Wire
from twocan.media.pictures.picture import PictureError

_TITLE = "Twocan"
_WIDE = 100
"""Points across that a button has at least which is in the colour of what is offered first."""
_WARP, _EXTENSION, _FAKE_INPUT = 41, 98, 2
_PRESS, _RELEASE, _FIRST_BUTTON = 4, 5, 1
"""X protocol, and its XTEST extension, version 2.2."""
_XTEST = struct.pack("=H2x", 5) + b"XTEST".ljust(8, b"\0")

Place = tuple[int, int, int]
"""A window, and a point in it."""


class Onlooker:
    """Sees and clicks by way of ``windows`` and ``wire``, which are of one display."""

    def __init__(self, windows: Windows, wire: Wire) -> None:
        self._windows, self._wire = windows, wire
        answer = wire.ask(_EXTENSION, 0, _XTEST)
        assert answer is not None
        self._xtest = answer[9]

    def offer(self) -> Place | None:
        """The middle of the button that is offered first; None: none is to be seen yet."""
        for window in self._windows.all():
            if window.title == _TITLE and (middle := _button(self._picture(window))):
                return window.id, *middle
        return None

    def click(self, place: Place) -> None:
        """Move the mouse there, and press and let go its first button."""
        self._wire.order(_WARP, 0, struct.pack("=IIhhHHhh", 0, place[0], 0, 0, 0, 0, *place[1:]))
        for kind in (_PRESS, _RELEASE):
            body = struct.pack("=BB30x", kind, _FIRST_BUTTON)
            self._wire.order(self._xtest, _FAKE_INPUT, body)
        self._wire.ask(_EXTENSION, 0, _XTEST)  # is answered in turn: then all of it happened

    def _picture(self, window: Window) -> NDArray[np.uint8]:
        try:
            self._windows.keep(window)
            return self._windows.grab(window)
        except PictureError:  # it came or went just now
            return np.empty((0, 0, 4), np.uint8)


@contextmanager
def before(display: Display) -> Iterator[Onlooker]:
    """Somebody in front of this display."""
    with patch.dict(os.environ, {"DISPLAY": display.name}):
        windows, wire = Windows(), Wire()
    with closing(windows), closing(wire):
        yield Onlooker(windows, wire)


def _button(picture: NDArray[np.uint8]) -> tuple[int, int] | None:
    """The middle of the topmost button in the accent's colour, across and down."""
    blue_first = bytes.fromhex(LIGHT.accent.removeprefix("#"))[::-1]
    accent = np.all(picture[..., :3] == list(blue_first), axis=2)
    rows = np.flatnonzero(accent.sum(axis=1) >= _WIDE)
    if not rows.size:
        return None
    ends = [int(row) for row, following in pairwise(rows) if following > row + 1]
    bottom = ends[0] if ends else int(rows[-1])
    columns = np.flatnonzero(accent[rows[0]])
    return int(columns.mean()), (int(rows[0]) + bottom) // 2
