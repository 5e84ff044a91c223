"""An X display of a test's own, and a keyboard at it."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from unittest.mock import patch

from twocan.media.pictures.filming.windows import Wire

XVFB = shutil.which("Xvfb")


class Key(IntEnum):
    """Codes of keys, as every PC's keyboard has them under X (Linux's, and 8)."""

    ESCAPE = 9
    TAB = 23
    Q = 24
    ENTER = 36
    CONTROL = 37
    D = 40
    M = 58
    SPACE = 65


_GET_ATTRIBUTES, _QUERY_TREE, _SET_FOCUS, _QUERY_EXTENSION = 3, 15, 42, 98
_VIEWABLE, _TO_PARENT = 2, 2
_FAKE_INPUT, _PRESS, _RELEASE = 2, 2, 3
"""X protocol, and its XTEST extension, version 2.2."""


class Display:
    """``name`` is what ``DISPLAY`` says of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        with patch.dict(os.environ, {"DISPLAY": name}):
            self._wire = Wire()
        asked = b"XTEST"
        body = struct.pack("=H2x", len(asked)) + asked.ljust(8, b"\0")
        answer = self._wire.ask(_QUERY_EXTENSION, 0, body)
        assert answer is not None
        self._xtest = answer[9]

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to be seen here, and heard of nowhere else."""
        return {
            "DISPLAY": self.name,
            "WAYLAND_DISPLAY": "",
            "QT_QPA_PLATFORM": "xcb",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }

    def press(self, *keys: Key) -> None:
        """Press these together, in the window that is there, and let them go."""
        self.give_focus()
        for key in keys:
            self._fake(_PRESS, key)
        for key in reversed(keys):
            self._fake(_RELEASE, key)
        self._windows()  # is answered in turn: then all of it happened

    def give_focus(self) -> None:
        """Give the keyboard to the window that is there, as a window manager does."""
        for window in self._windows():
            shown = self._wire.ask(_GET_ATTRIBUTES, 0, struct.pack("=I", window))
            if shown is not None and shown[26] == _VIEWABLE:
                self._wire.order(_SET_FOCUS, _TO_PARENT, struct.pack("=II", window, 0))

    def _windows(self) -> tuple[int, ...]:
        tree = self._wire.ask(_QUERY_TREE, 0, struct.pack("=I", self._wire.root()))
        assert tree is not None
        [count] = struct.unpack_from("=H", tree, 16)
        return struct.unpack_from(f"={count}I", tree, 32)

    def close(self) -> None:
        self._wire.close()

    def _fake(self, kind: int, key: Key) -> None:
        self._wire.order(self._xtest, _FAKE_INPUT, struct.pack("=BB30x", kind, key))


@contextmanager
def own_display(width: int = 1280, height: int = 1024) -> Iterator[Display]:
    """A display of this size that nobody sees, on any free number."""
    assert XVFB is not None
    read, write = os.pipe()
    screen = ["-screen", "0", f"{width}x{height}x24"]
    command = [XVFB, "-displayfd", str(write), *screen, "-noreset", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        display = Display(f":{number}")
        try:
            yield display
        finally:
            display.close()
            process.terminate()
