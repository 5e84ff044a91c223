"""An X screen of one's own, and what can be seen and done on it from outside, through libX11.

Nothing of Qt: whoever is measured does not share a line of code with whoever measures.
"""

import ctypes
import ctypes.util
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from dataclasses import dataclass
from functools import cache

from processes import Failed, end_with_parent, read_until

ROOT_COLOUR = 0x00FF00FF
"""What the bare screen is: no program paints its window like that."""

_EVERY = 0.002
_SIZE = "1600x1000x24"
_STARTS_WITHIN = 10.0
_VIEWABLE = 2  # IsViewable, of X.h
_Z_PIXMAP = 2
_TO_PARENT, _NOW = 2, 0  # RevertToParent, CurrentTime
_ALL_PLANES = 0xFFFFFFFF
_SMALLEST = 50
"""Points across: smaller windows are icons of a tray and the like."""


class _Attributes(Structure):
    """XWindowAttributes of Xlib.h."""

    _fields_ = (
        ("x", c_int),
        ("y", c_int),
        ("width", c_int),
        ("height", c_int),
        ("border_width", c_int),
        ("depth", c_int),
        ("visual", c_void_p),
        ("root", c_ulong),
        ("class_", c_int),
        ("bit_gravity", c_int),
        ("win_gravity", c_int),
        ("backing_store", c_int),
        ("backing_planes", c_ulong),
        ("backing_pixel", c_ulong),
        ("save_under", c_int),
        ("colormap", c_ulong),
        ("map_installed", c_int),
        ("map_state", c_int),
        ("all_event_masks", c_long),
        ("your_event_mask", c_long),
        ("do_not_propagate_mask", c_long),
        ("override_redirect", c_int),
        ("screen", c_void_p),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A window on the screen, in points of it."""

    window: int
    x: int
    y: int
    width: int
    height: int


class Screen:
    """The display of this name (``:99``), seen from outside. Closed by ``close``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._x, self._test = _libraries()
        self._display = self._x.XOpenDisplay(name.encode())
        if not self._display:
            raise Failed(f"the display {name} cannot be opened")
        self._root = self._x.XDefaultRootWindow(self._display)

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)

    def clear(self) -> None:
        """Have the bare screen in ``ROOT_COLOUR``."""
        self._x.XSetWindowBackground(self._display, self._root, ROOT_COLOUR)
        self._x.XClearWindow(self._display, self._root)
        self._x.XSync(self._display, 0)

    def windows(self) -> list[Place]:
        """All that are shown on the bare screen, the lowest first, but for the smallest."""
        root, parent, count = c_ulong(), c_ulong(), c_uint()
        children = POINTER(c_ulong)()
        self._x.XQueryTree(
            self._display,
            self._root,
            byref(root),
            byref(parent),
            byref(children),
            byref(count),
        )
        try:
            places = [self._place(children[n]) for n in range(count.value)]
        finally:
            self._x.XFree(children)
        return [place for place in places if place is not None]

    def is_painted(self, place: Place) -> bool:
        """Whether anything but the bare screen is in the middle of this window."""
        image = self._x.XGetImage(
            self._display,
            self._root,
            place.x + place.width // 2,
            max(place.y, 0),
            1,
            place.height,
            _ALL_PLANES,
            _Z_PIXMAP,
        )
        if not image:
            return False
        try:
            bare: int = sum(
                self._x.XGetPixel(image, 0, y) & 0xFFFFFF == ROOT_COLOUR
                for y in range(0, place.height, 8)
            )
            return bare * 8 < place.height // 2
        finally:
            self._x.XDestroyImage(image)

    def until_painted(self, within: float, running: Callable[[], bool]) -> float:
        """When a window had been painted (``time.monotonic``). Raises Failed.

        ``running``: whether the program that is to paint it still runs.
        """
        last = time.monotonic() + within
        while time.monotonic() < last:
            if any(map(self.is_painted, self.windows())):
                return time.monotonic()
            if not running():
                raise Failed("it ended before it painted anything")
            time.sleep(_EVERY)
        raise Failed(f"it painted nothing within {within:.0f} s")

    def until_bare(self, within: float) -> None:
        """Until no window is shown any more. Raises Failed."""
        last = time.monotonic() + within
        while self.windows():
            if time.monotonic() > last:
                raise Failed("a window stays on the screen")
            time.sleep(_EVERY)

    def until_window(self, within: float) -> Place:
        """The uppermost window, once there is one. Raises Failed."""
        last = time.monotonic() + within
        while time.monotonic() < last:
            if places := self.windows():
                return places[-1]
            time.sleep(_EVERY)
        raise Failed(f"no window came within {within:.0f} s")

    def move(self, window: int, x: int, y: int, width: int, height: int) -> None:
        """Have a window elsewhere and in another size."""
        self._x.XMoveResizeWindow(self._display, window, x, y, width, height)
        self._x.XSync(self._display, 0)

    def focus(self, window: int) -> None:
        """Have the keyboard speak to this window, which makes it the active one."""
        self._x.XSetInputFocus(self._display, window, _TO_PARENT, _NOW)
        self._x.XSync(self._display, 0)

    def click(self, x: int, y: int, *, dwell: float = 0.0) -> float:
        """Move the mouse there, and press and let go its first button. When it was let go."""
        self.point(x, y)
        self._test.XTestFakeButtonEvent(self._display, 1, 1, 0)
        self._x.XSync(self._display, 0)
        time.sleep(dwell)
        self._test.XTestFakeButtonEvent(self._display, 1, 0, 0)
        released = time.monotonic()
        self._x.XSync(self._display, 0)
        return released

    def point(self, x: int, y: int) -> None:
        """Move the mouse there."""
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x.XSync(self._display, 0)

    def _place(self, window: int) -> Place | None:
        attributes = _Attributes()
        if not self._x.XGetWindowAttributes(self._display, window, byref(attributes)):
            return None
        if attributes.map_state != _VIEWABLE:
            return None
        if min(attributes.width, attributes.height) < _SMALLEST:
            return None
        return Place(window, attributes.x, attributes.y, attributes.width, attributes.height)


@contextmanager
def own_screen() -> Iterator[Screen]:
    """A display of one's own, without a window manager, for as long as this lasts."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SIZE, "-nolisten", "tcp"]
    server = subprocess.Popen(
        command,
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent(),  # noqa: PLW1509 - no threads here
    )
    os.close(writing)
    try:
        number, _ = read_until(reading, b"\n", b"", _STARTS_WITHIN, "Xvfb")
        screen = Screen(f":{number.decode()}")
        try:
            screen.clear()
            yield screen
        finally:
            screen.close()
    finally:
        os.close(reading)
        server.terminate()
        server.wait()


# --- libX11 and libXtst ------------------------------------------------------------------------

_ErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)

_X11: Mapping[str, tuple[object, tuple[object, ...]]] = {
    "XOpenDisplay": (c_void_p, (c_char_p,)),
    "XCloseDisplay": (c_int, (c_void_p,)),
    "XDefaultRootWindow": (c_ulong, (c_void_p,)),
    "XSetErrorHandler": (c_void_p, (_ErrorHandler,)),
    "XSetWindowBackground": (c_int, (c_void_p, c_ulong, c_ulong)),
    "XClearWindow": (c_int, (c_void_p, c_ulong)),
    "XSync": (c_int, (c_void_p, c_int)),
    "XQueryTree": (c_int, (c_void_p, c_ulong, *(c_void_p,) * 4)),
    "XFree": (c_int, (c_void_p,)),
    "XGetWindowAttributes": (c_int, (c_void_p, c_ulong, c_void_p)),
    "XGetImage": (
        c_void_p,
        (c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_ulong, c_int),
    ),
    "XGetPixel": (c_ulong, (c_void_p, c_int, c_int)),
    "XDestroyImage": (c_int, (c_void_p,)),
    "XSetInputFocus": (c_int, (c_void_p, c_ulong, c_int, c_ulong)),
    "XMoveResizeWindow": (c_int, (c_void_p, c_ulong, c_int, c_int, c_uint, c_uint)),
}
_XTEST: Mapping[str, tuple[object, tuple[object, ...]]] = {
    "XTestFakeMotionEvent": (c_int, (c_void_p, c_int, c_int, c_int, c_ulong)),
    "XTestFakeButtonEvent": (c_int, (c_void_p, c_uint, c_int, c_ulong)),
}


@_ErrorHandler  # type: ignore[untyped-decorator]
def _unheeded(_display: int | None, _error: int | None) -> int:
    """A window may be gone by the time that it is asked about: that is no reason to end."""
    return 0


@cache
def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """Raises Failed where they are not there."""
    x, test = (_library(name, all_of) for name, all_of in (("X11", _X11), ("Xtst", _XTEST)))
    x.XSetErrorHandler(_unheeded)
    return x, test


def _library(name: str, functions: Mapping[str, tuple[object, tuple[object, ...]]]) -> ctypes.CDLL:
    found = ctypes.util.find_library(name)
    if found is None:
        raise Failed(f"lib{name} is not installed")
    library = ctypes.CDLL(found)
    for function, (result, arguments) in functions.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library
