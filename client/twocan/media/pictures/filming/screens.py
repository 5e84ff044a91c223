"""Sharing the screen, or a window of it, instead of a camera.

Only what changed is sent, and everything once in a while: text is to be sharp, and a screen
stands still most of the time. The mouse is shown where the system lets it be seen.
"""

import os
import sys
import time
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

import av
import numpy as np
from av.video.reformatter import Interpolation

from twocan.media.pictures.filming.filming import Beat, Filming, fit
from twocan.media.pictures.filming.frames import Framing
from twocan.media.pictures.filming.windows import Windows, named
from twocan.media.pictures.picture import PictureError, Plane

if TYPE_CHECKING:
    import mss


class View(Protocol):
    """What is seen of a screen."""

    def grab(self) -> Plane:
        """What it shows now: BGRA, of the shape ``(height, width, 4)``. Raises PictureError."""

    def close(self) -> None: ...


class SharedScreen(Filming):
    """A view as a camera."""

    text = True

    _KEEP_ALIVE = 1.0
    """Seconds after which a picture is sent though nothing changed."""
    _RETRY = 0.5

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        # Sharper than others where text is made smaller, and a tenth dearer.
        self._framing = Framing(Interpolation.BICUBIC)

    def film(self) -> None:
        beat = Beat(time.monotonic())
        last, due = _NOTHING, 0.0
        while self.wait(at := beat.next(time.monotonic(), self.shape.rate)):
            try:
                pixels = self._view.grab()
            except PictureError as error:
                last = _NOTHING
                self.trouble(error)
                self.wait(time.monotonic() + self._RETRY)
                continue
            if at >= due or not _same(pixels, last):
                self._share(pixels, at)
                last, due = pixels, at + self._KEEP_ALIVE
        self._view.close()

    def close(self) -> None:
        started = self._thread is not None
        super().close()
        if not started:
            self._view.close()

    def _share(self, pixels: Plane, at: float) -> None:
        height, width = pixels.shape[:2]
        frame = av.VideoFrame.from_numpy_buffer(pixels, "bgra")
        self.give(self._framing.picture(frame, *fit(width, height, self.shape), at))


_NOTHING: Plane = np.zeros((0, 0, 4), np.uint8)


def _same(pixels: Plane, others: Plane) -> bool:
    """Whether both show the same. By whole pixels: three times as fast as by their bytes."""
    return np.array_equal(pixels.view(np.uint32), others.view(np.uint32))


class ScreenView:
    """A whole screen, by number from 1, by mss."""

    def __init__(self, number: int) -> None:
        """Raises PictureError."""
        self._mss = _load_mss()
        self._number = number
        self._shot: mss.MSS | None = None
        # So that what is wrong is said before anybody is called; it is opened anew by the thread
        # that films, for on some systems a connection belongs to a thread.
        self._connect()
        self.close()

    def grab(self) -> Plane:
        if self._shot is None:
            self._connect()
        assert self._shot is not None
        try:
            shot = self._shot.grab(self._area)
        except self._mss.ScreenShotError as error:
            # The screen's size changed, or another was plugged in.
            self.close()
            raise PictureError(f"the screen cannot be seen: {error}") from error
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)

    def close(self) -> None:
        if self._shot is not None:
            self._shot.close()
            self._shot = None

    def _connect(self) -> None:
        try:
            self._shot = self._mss.MSS(**_CURSOR)
            # Number 0 is all of them side by side.
            areas = self._shot.monitors[1:] or self._shot.monitors
        except (self._mss.ScreenShotError, OSError) as error:
            self.close()
            raise PictureError(f"the screen cannot be reached: {error}") from error
        if not 1 <= self._number <= len(areas):
            self.close()
            raise PictureError(f"there is no screen {self._number}; there are {len(areas)}")
        self._area = areas[self._number - 1]


class WindowView:
    """The window whose title has ``title`` in it, in whatever case. It may move and grow."""

    def __init__(self, title: str) -> None:
        """Raises PictureError."""
        self._windows = Windows()
        try:
            self._window = named(title, self._windows.all())
        except PictureError:
            self.close()
            raise
        self._windows.keep(self._window)

    def grab(self) -> Plane:
        return self._windows.grab(self._window)

    def close(self) -> None:
        self._windows.close()


def open_screen(number: int = 1) -> SharedScreen:
    """The screen of this number, from 1; it does not film yet. Raises PictureError."""
    _check_display()
    return SharedScreen(ScreenView(number))


def open_window(title: str) -> SharedScreen:
    """The window whose title has this in it; it does not film yet. Raises PictureError."""
    if sys.platform != "linux":
        raise PictureError("only whole screens can be shared on this system: give screen")
    _check_display()
    return SharedScreen(WindowView(title))


def _check_display() -> None:
    """Raises PictureError where no display lets itself be seen."""
    if sys.platform != "linux":
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        # XWayland would answer, and show its own windows on black.
        raise PictureError(
            "Wayland lets no program see the screen but by the desktop portal and PipeWire, which"
            " Twocan does not speak: log in to an X11 session"
        )
    if not os.environ.get("DISPLAY"):
        raise PictureError("there is no display to share: DISPLAY is not set")


_CURSOR = {"with_cursor": True} if sys.platform == "linux" else {}
"""Only there mss knows it; macOS and Windows leave the mouse out."""


def _load_mss() -> ModuleType:
    try:
        return import_module("mss")
    except ImportError:
        raise PictureError("screens are shared by mss: install twocan[camera]") from None
