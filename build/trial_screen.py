"""A display that nobody sees, and a look at what a program shows there."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from programs import Program, ProgramError
from twocan.media.pictures.filming.windows import Windows
from twocan.media.pictures.picture import PictureError

Grabbed = NDArray[np.uint8]
"""Blue, green, red and nothing, of the shape (height, width, 4)."""

PHONE = 300
"""Pixels of a phone's height, at least; what shows how far a first start is has half as many."""
COLOURS = 40
"""That a picture with text has at least: letters have soft edges."""
INK = 90
"""Of 255: what is darker is black, with a little light on it."""
LETTER = 8
"""Pixels of a large letter's height, at least."""
_STARTS_WITHIN = 20.0
_LOOKS_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Screen:
    """``name`` is what DISPLAY says of it."""

    name: str

    async def phone(self, within: float) -> Grabbed:
        """What a phone's window shows, once that is painted. Raises ProgramError."""
        try:
            async with asyncio.timeout(within):
                while (picture := self.look()) is None or not is_painted(picture):
                    await asyncio.sleep(_LOOKS_EVERY)
                return picture
        except TimeoutError:
            seen = "never came" if self.look() is None else "stayed empty"
            raise ProgramError(f"the window {seen}, in {within:.0f} s") from None

    def look(self) -> Grabbed | None:
        """What a phone's window shows; None: there is none."""
        return next((each for each in self.all() if len(each) >= PHONE), None)

    def all(self) -> list[Grabbed]:
        """What all windows of ours show: also those that ask something, or tell how far it is."""
        found = []
        with self._windows() as windows:
            for window in windows.all():
                with contextlib.suppress(PictureError):
                    windows.keep(window)
                    if window.title == "Twocan":
                        found.append(windows.grab(window))
        return found

    @contextmanager
    def _windows(self) -> Iterator[Windows]:
        before = dict(os.environ)
        os.environ["DISPLAY"] = self.name
        try:
            windows = Windows()
        finally:
            os.environ.clear()
            os.environ.update(before)
        with contextlib.closing(windows):
            yield windows


class _Server(Program):
    """An X server, which says its number once it serves."""

    async def number(self) -> int:
        assert self._process.stdout
        async with asyncio.timeout(_STARTS_WITHIN):
            said = (await self._process.stdout.readline()).strip()
        if not said.isdigit():
            raise ProgramError("Xvfb did not start")
        return int(said)


@asynccontextmanager
async def own_screen() -> AsyncIterator[Screen]:
    """A screen on any free number. Raises ProgramError."""
    server = shutil.which("Xvfb")
    if server is None:
        raise ProgramError("the window needs a display to be tried on: install xvfb")
    how = ("-displayfd", "1", "-screen", "0", "1280x1024x24", "-noreset", "-nolisten", "tcp")
    async with _Server.running(server, *how, log=Path(os.devnull)) as running:
        yield Screen(f":{await running.number()}")


def is_painted(picture: Grabbed) -> bool:
    """Whether it is a phone's first page: more than one colour, and three words in large letters,
    the last of which is our name."""
    pixels = np.ascontiguousarray(picture[..., :3]).reshape(-1, 3)
    return len(np.unique(pixels, axis=0)) >= COLOURS and _is_greeting(title(picture))


def title(picture: Grabbed) -> list[list[int]]:
    """How wide the letters are of each of three words: of the first line that is almost black,
    taken apart where the widest gaps are."""
    ink = picture[..., :3].max(axis=2) < INK
    line = next((rows for rows in _runs(ink.any(axis=1)) if len(rows) >= LETTER), range(0))
    letters = _runs(ink[line.start : line.stop].any(axis=0))
    gaps = [after.start - before.stop for before, after in pairwise(letters)]
    widest = sorted(range(len(gaps)), key=gaps.__getitem__)[-2:]
    first, last = sorted(gap + 1 for gap in widest) if len(widest) == 2 else (0, 0)
    words = letters[:first], letters[first:last], letters[last:]
    return [[len(letter) for letter in word] for word in words]


def _is_greeting(words: list[list[int]]) -> bool:
    """Whether it may be "Welcome to Twocan", in any font that has more than boxes: letters may
    touch each other, but are not all as wide."""
    welcome, to, name = words
    letters = [*welcome, *to, *name]
    is_like = len(welcome) >= 5 and len(to) <= 2 and len(name) >= 4
    return is_like and max(letters) > 2 * min(letters)


def _runs(marked: NDArray[np.bool_]) -> list[range]:
    """Where marks follow each other."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=0, append=0))
    return [range(begin, end) for begin, end in edges.reshape(-1, 2).tolist()]


def save(picture: Grabbed, file: Path) -> None:
    """Keep it, as PNG."""
    file.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(file), picture[..., :3])
