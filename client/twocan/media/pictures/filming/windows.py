"""The windows of an X display, and what each of them shows, through libxcb.

A window is taken from where the server keeps its contents (the Composite extension), not from
the screen: what lies over it belongs to somebody else and is not shown. The mouse is not in it.
"""

import ctypes
import struct
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_void_p
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from twocan.media.pictures.picture import PictureError, Plane


class _Core(IntEnum):
    """Requests of the X protocol, version 11, by their major opcodes."""

    GET_WINDOW_ATTRIBUTES = 3
    GET_GEOMETRY = 14
    QUERY_TREE = 15
    INTERN_ATOM = 16
    GET_PROPERTY = 20
    FREE_PIXMAP = 54
    GET_IMAGE = 73
    QUERY_EXTENSION = 98


class _Composite(IntEnum):
    """Requests of the Composite extension, by their minor opcodes."""

    QUERY_VERSION = 0
    REDIRECT_WINDOW = 1
    NAME_WINDOW_PIXMAP = 6


_COMPOSITE = b"Composite"
_COMPOSITE_VERSION = struct.pack("=II", 0, 4)
_AUTOMATIC = 0
"""How a window is redirected: it stays visible."""
_ONLY_IF_EXISTS = 1
_Z_PIXMAP = 2
_ALL_PLANES = 0xFFFFFFFF
_VIEWABLE = 2
_HEADER = 32
"""Bytes of an answer before what is of variable length."""
_LONGEST = 4096
"""Of a property, in words of four bytes."""


@dataclass(frozen=True, slots=True)
class Window:
    """``id``: its number at the X server."""

    id: int
    title: str


class Windows:
    """The windows of the X display that DISPLAY names. For one thread at a time."""

    def __init__(self) -> None:
        """Raises PictureError."""
        self._wire = Wire()
        self._composite = 0
        try:
            self._composite = self._find_composite()
        except PictureError:
            self.close()
            raise

    def close(self) -> None:
        self._wire.close()

    def all(self) -> list[Window]:
        """Those that have a title, the topmost last."""
        root = self._wire.root()
        listed = self._property(root, b"_NET_CLIENT_LIST_STACKING")
        if not listed:
            # Nobody manages the windows, so they are where their programs put them.
            tree = self._wire.ask(_Core.QUERY_TREE, 0, struct.pack("=I", root))
            listed = tree[_HEADER:] if tree else b""
        ids = struct.unpack(f"={len(listed) // 4}I", listed[: len(listed) // 4 * 4])
        windows = (Window(number, self._title(number)) for number in ids)
        return [window for window in windows if window.title]

    def keep(self, window: Window) -> None:
        """Have the server keep the window's contents, also where it is covered, from now on."""
        body = struct.pack("=IB3x", window.id, _AUTOMATIC)
        self._wire.order(self._composite, _Composite.REDIRECT_WINDOW, body)

    def grab(self, window: Window) -> Plane:
        """What a window that is kept shows: BGRA, of the shape ``(height, width, 4)``.

        Raises PictureError.
        """
        number = struct.pack("=I", window.id)
        attributes = self._wire.ask(_Core.GET_WINDOW_ATTRIBUTES, 0, number)
        geometry = self._wire.ask(_Core.GET_GEOMETRY, 0, number)
        if attributes is None or geometry is None:
            raise PictureError(f"the window {window.title!r} was closed: share another")
        if attributes[26] != _VIEWABLE:
            raise PictureError(f"the window {window.title!r} is minimised: show it again")
        width, height, border = struct.unpack_from("=HHH", geometry, 16)
        image = self._image(window, border, width, height)
        if image is None or len(image) != _HEADER + width * height * 4:
            raise PictureError(f"the window {window.title!r} cannot be seen: share the screen")
        return np.frombuffer(image, np.uint8, offset=_HEADER).reshape(height, width, 4)

    def _image(self, window: Window, border: int, width: int, height: int) -> bytes | None:
        # The contents get a new name with every change of the window's size.
        pixmap = self._wire.new_id()
        name = struct.pack("=II", window.id, pixmap)
        self._wire.order(self._composite, _Composite.NAME_WINDOW_PIXMAP, name)
        area = struct.pack("=IhhHHI", pixmap, border, border, width, height, _ALL_PLANES)
        image = self._wire.ask(_Core.GET_IMAGE, _Z_PIXMAP, area)
        self._wire.order(_Core.FREE_PIXMAP, 0, struct.pack("=I", pixmap))
        return image

    def _find_composite(self) -> int:
        """The extension's major opcode."""
        asked = _counted(_COMPOSITE)
        answer = self._wire.ask(_Core.QUERY_EXTENSION, 0, asked)
        if answer is None or not answer[8]:
            raise PictureError("this X server has no Composite extension: share the whole screen")
        self._wire.ask(answer[9], _Composite.QUERY_VERSION, _COMPOSITE_VERSION)
        return answer[9]

    def _title(self, window: int) -> str:
        name = self._property(window, b"_NET_WM_NAME")
        if name:
            return name.decode("utf-8", "replace")
        return self._property(window, b"WM_NAME").decode("latin-1")

    def _property(self, window: int, name: bytes) -> bytes:
        """Empty where there is none."""
        atom = self._wire.ask(_Core.INTERN_ATOM, _ONLY_IF_EXISTS, _counted(name))
        number = struct.unpack_from("=I", atom, 8)[0] if atom else 0
        body = struct.pack("=IIIII", window, number, 0, 0, _LONGEST)
        answer = self._wire.ask(_Core.GET_PROPERTY, 0, body) if number else None
        if answer is None:
            return b""
        size, (count,) = answer[1] // 8, struct.unpack_from("=I", answer, 16)
        return answer[_HEADER : _HEADER + size * count]


def _counted(name: bytes) -> bytes:
    """A name as a request has it: its length, and bytes up to a whole word."""
    return struct.pack(f"=H2x{(len(name) + 3) // 4 * 4}s", len(name), name)


def named(title: str, windows: list[Window]) -> Window:
    """The topmost window of this title, or else that has it in its own. Raises PictureError."""
    wanted = title.casefold()
    for window in reversed(windows):
        if window.title.casefold() == wanted:
            return window
    for window in reversed(windows):
        if wanted and wanted in window.title.casefold():
            return window
    there = ", ".join(repr(window.title) for window in windows) or "none"
    raise PictureError(f"there is no window {title!r}; there are: {there}")


# --- the wire ----------------------------------------------------------------------------------


class _Part(ctypes.Structure):
    """An iovec."""

    _fields_ = (("base", c_char_p), ("length", c_size_t))


class _Request(ctypes.Structure):
    """An xcb_protocol_request_t."""

    _fields_ = (("parts", c_size_t), ("ext", c_void_p), ("opcode", c_uint8), ("mute", c_uint8))


class _Screens(ctypes.Structure):
    """An xcb_screen_iterator_t. ``first``: its first word is the root window."""

    _fields_ = (("first", POINTER(c_uint32)), ("rest", c_int), ("index", c_int))


_CHECKED = 1

_FUNCTIONS = {
    "xcb_connect": (c_void_p, (c_char_p, c_void_p)),
    "xcb_connection_has_error": (c_int, (c_void_p,)),
    "xcb_disconnect": (None, (c_void_p,)),
    "xcb_discard_reply": (None, (c_void_p, c_uint32)),
    "xcb_generate_id": (c_uint32, (c_void_p,)),
    "xcb_get_setup": (c_void_p, (c_void_p,)),
    "xcb_send_request": (c_uint32, (c_void_p, c_int, POINTER(_Part), POINTER(_Request))),
    "xcb_setup_roots_iterator": (_Screens, (c_void_p,)),
    "xcb_wait_for_reply": (c_void_p, (c_void_p, c_uint32, POINTER(c_void_p))),
}


class Wire:
    """A connection to the X server, by which any request goes."""

    def __init__(self) -> None:
        """Raises PictureError."""
        try:
            self._xcb = ctypes.CDLL("libxcb.so.1")
        except OSError:
            raise PictureError("windows cannot be shared without libxcb: install it") from None
        for name, (answer, given) in _FUNCTIONS.items():
            function = getattr(self._xcb, name)
            function.restype, function.argtypes = answer, given
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = (c_void_p,)
        self._connection = c_void_p(self._xcb.xcb_connect(None, None))
        if self._is_broken():
            self.close()
            raise PictureError("the X server cannot be reached: check DISPLAY and XAUTHORITY")

    def close(self) -> None:
        self._xcb.xcb_disconnect(self._connection)

    def new_id(self) -> int:
        return int(self._xcb.xcb_generate_id(self._connection))

    def root(self) -> int:
        """The root window of the first screen, which is the only one by now."""
        setup = self._xcb.xcb_get_setup(self._connection)
        return int(self._xcb.xcb_setup_roots_iterator(setup).first[0])

    def ask(self, opcode: int, detail: int, body: bytes) -> bytes | None:
        """The answer to a request, or None where the server refused it. Raises PictureError."""
        sequence = self._send(opcode, detail, body, mute=False)
        error = c_void_p()
        wait = self._xcb.xcb_wait_for_reply
        answer = wait(self._connection, sequence, ctypes.byref(error))
        self._free(error)
        if answer is None:
            if self._is_broken():
                raise PictureError("the X server is gone: start it again")
            return None
        try:
            words = c_uint32.from_address(answer + 4).value
            return ctypes.string_at(answer, _HEADER + 4 * words)
        finally:
            self._free(answer)

    def order(self, opcode: int, detail: int, body: bytes) -> None:
        """A request that is not answered. What comes of it, the next answer shows."""
        sequence = self._send(opcode, detail, body, mute=True)
        self._xcb.xcb_discard_reply(self._connection, sequence)

    def _send(self, opcode: int, detail: int, body: bytes, *, mute: bool) -> int:
        # xcb writes the opcode and the length into the first four bytes, and needs two parts of
        # its own before the first.
        data = ctypes.create_string_buffer(struct.pack("=BBH", opcode, detail, 0) + body)
        parts = (_Part * 3)()
        parts[2] = _Part(ctypes.cast(data, c_char_p), 4 + len(body))
        request = _Request(1, None, opcode, mute)
        first = ctypes.cast(ctypes.byref(parts, 2 * ctypes.sizeof(_Part)), POINTER(_Part))
        send = self._xcb.xcb_send_request
        return int(send(self._connection, _CHECKED, first, ctypes.byref(request)))

    def _is_broken(self) -> bool:
        return bool(self._xcb.xcb_connection_has_error(self._connection))
