"""A window that others cover paints nothing: on an X display of its own, with real windows.

The window under test and those that cover it are those of a program, which is this file run by
itself: it does what it reads, and says what is seen.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from twocan.gui.bridge import Pane
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.theme import Application
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.picture import Picture

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A display that nobody sees, on any free number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        process.terminate()


class Program:
    """The program with the windows."""

    def __init__(self, display: str) -> None:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, order: str) -> str:
        """Have it do this; what it says then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> int:
        """Its exit code."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            return self._process.wait()


@pytest.fixture
def program(display: str) -> Iterator[Program]:
    program = Program(display)
    yield program
    assert program.close() == 0


def test_pictures_are_painted_while_a_window_covers_only_a_part(program: Program) -> None:
    assert program("show red") == "red, 1 painted"
    assert program("cover 200 150") == "seen"
    assert program("show blue") == "blue, 1 painted"


def test_what_is_covered_is_not_even_converted_and_goes_on_at_once(program: Program) -> None:
    assert program("show red") == "red, 1 painted"
    assert program("cover 640 480") == "covered"
    assert program("show blue") == "red, 0 painted"
    assert program("show blue") == "red, 0 painted"
    assert program("uncover") == "seen"
    assert program("show blue") == "blue, 1 painted"


def test_two_windows_together_cover_it(program: Program) -> None:
    assert program("cover 200 480") == "seen"
    assert program("cover 440 480 200") == "covered"
    assert program("uncover") == "seen"


def test_a_window_that_is_hidden_and_shown_again_is_still_followed(program: Program) -> None:
    assert program("hide") == "covered"
    assert program("show red") == "stage, 0 painted"
    assert program("unhide") == "seen"
    assert program("show red") == "red, 1 painted"
    assert program("cover 640 480") == "covered"


def test_one_that_appears_under_another_is_covered_from_the_start(program: Program) -> None:
    assert program("cover 640 480") == "covered"
    assert program("hide") == "covered"
    assert program("unhide_under") == "covered"
    assert program("show red") == "stage, 0 painted"
    assert program("uncover") == "seen"
    assert program("show red") == "red, 1 painted"


def test_a_new_native_window_is_followed_as_well(program: Program) -> None:
    assert program("renew") == "seen"
    assert program("cover 640 480") == "covered"


# --- the program -------------------------------------------------------------------------------


COVER = Qt.WindowType.X11BypassWindowManagerHint


class Scene:
    """A window with a picture, and windows over it."""

    def __init__(self) -> None:
        self._pane, self._canvas = Pane(), Canvas()
        self._pane.attach(self._canvas)
        self._painted = 0
        self._pane.came.connect(self._count)
        self._window = QWidget()
        self._window.setGeometry(20, 20, 320, 240)
        self._view = PictureView(self._pane, self._window)
        self._view.resize(320, 240)
        self._over: list[QWidget] = []
        self.unhide()

    def cover(self, width: str, height: str, x: str = "0") -> str:
        window = QWidget(None, COVER)
        window.setGeometry(int(x), 0, int(width), int(height))
        self._over.append(window)
        return self._appear(window)

    def uncover(self) -> str:
        self._over.pop().hide()
        return self._standing()

    def show(self, colour: str) -> str:
        self._canvas.show(red() if colour == "red" else blue())
        self._standing()
        pixel = self._view.grab().toImage().pixelColor(160, 120)
        name = "red" if pixel.red() > 200 else "blue" if pixel.blue() > 200 else "stage"
        count, self._painted = self._painted, 0
        return f"{name}, {count} painted"

    def hide(self) -> str:
        self._window.hide()
        return self._standing()

    def unhide(self) -> str:
        return self._appear(self._window)

    def unhide_under(self) -> str:
        self._window.windowHandle().lower()
        self.unhide()
        self._window.windowHandle().lower()
        return self._standing()

    def renew(self) -> str:
        """The same widget gets a new window of the X server's."""
        self._window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._window.destroy()
        return self._appear(self._window)

    def _appear(self, window: QWidget) -> str:
        window.show()
        assert QTest.qWaitForWindowExposed(window)
        return self._standing()

    def _standing(self) -> str:
        # The server does one thing after the other, and tells of it before it answers this.
        QGuiApplication.primaryScreen().grabWindow(0, 0, 0, 1, 1)
        for _ in range(3):
            QGuiApplication.processEvents()
        return "seen" if self._view.looked_at else "covered"

    def _count(self) -> None:
        self._painted += 1


def red() -> Picture:
    return flat(90, 240)


def blue() -> Picture:
    return flat(240, 110)


def flat(u: int, v: int) -> Picture:
    y, half = np.full((240, 320), 81, np.uint8), np.full((120, 160), u, np.uint8)
    return Picture(y, half, np.full_like(half, v), 0.0)


def main() -> None:
    application = Application([])
    scene = Scene()
    for order in sys.stdin:
        verb, *rest = order.split()
        sys.stdout.write(getattr(scene, verb)(*rest) + "\n")
        sys.stdout.flush()
    del scene
    application.processEvents()


if __name__ == "__main__":
    main()
