"""A camera that films a moving pattern, which says of itself when it was filmed.

Four rows of large black and white cells run across the top: the picture's number, the time at
which it was in front of the camera, and a checksum of both. They are read back from the pixels
of what arrived, however it was scaled and coded, so that what is lost, repeated or late on the
way from glass to glass can be told by anyone who sees the pictures.

The time is that of ``time.monotonic`` in whole milliseconds. All processes on a machine share it
(CLOCK_MONOTONIC on Linux, mach_absolute_time on macOS, QueryPerformanceCounter on Windows), and
nobody sets it; between two machines it says nothing.

Below them something like a person before a wall: a wall with gradients and texture that stands
still, and before it a textured window that moves, in which the texture moves as well; all with
the noise of a camera. Of a mark and a size the same picture can always be drawn again: it is what
a received one is held against.
"""

import time
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import pi, sin

import numpy as np
import numpy.typing as npt

from twocan.media.pictures.filming.filming import Beat, Filming, fit
from twocan.media.pictures.picture import Picture, PictureError, Plane

COLUMNS, ROWS = 20, 4
"""Cells of the code. They are square: a twentieth of the picture's width. That is a macroblock
of VP8 at 320x180, so that a change of a cell costs little."""
_FRAME_BYTES, _TIME_BYTES, _CHECK_BYTES = 3, 5, 2
_BLACK, _WHITE = 40, 216
_MIDDLE = (_BLACK + _WHITE) // 2

_LEAST_WIDTH = 80
_LARGEST = 4096
_WIDEST = 3.0
"""Width by height: of a wider picture the code would leave nothing."""
_FASTEST = 120.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a picture of the pattern says of itself. ``at``: seconds of ``time.monotonic``, to
    the millisecond."""

    frame: int
    at: float


_SAYS_WITHIN = 0.002


class Pattern(Filming):
    """The pattern as a camera of this size, in pixels, and rate, in pictures a second.

    A picture that is asked for in a smaller size is drawn in that size, not scaled.
    """

    def __init__(self, width: int = 1280, height: int = 720, rate: float = 30.0) -> None:
        """Raises PictureError of a size in which there can be no pattern."""
        super().__init__()
        largest = max(width, height) <= _LARGEST and width <= _WIDEST * height
        if width < _LEAST_WIDTH or not largest or not 1 <= rate <= _FASTEST:
            raise PictureError(
                f"no pattern of {width}x{height}@{rate:g}: give {_LEAST_WIDTH} to {_LARGEST} wide,"
                f" at most {_WIDEST:g} times as wide as high, 1 to {_FASTEST:g} a second"
            )
        self._width, self._height, self._rate = width, height, rate

    def film(self) -> None:
        # Who starts a camera says right after it what is asked of it.
        self.wait(time.monotonic() + _SAYS_WITHIN)
        _scene(*(size := self._size))
        beat = Beat(time.monotonic())
        while self.wait(at := beat.next(time.monotonic(), min(self._rate, self.shape.rate))):
            self.give(draw(Mark(beat.number - 1, at), *size))
            # What a new size needs is made between two pictures, so that none is late.
            _scene(*(size := self._size))

    @property
    def _size(self) -> tuple[int, int]:
        return fit(self._width, self._height, self.shape)


def draw(mark: Mark, width: int, height: int) -> Picture:
    """The picture of this mark; always the same one, but for the part of a millisecond of its
    ``at``, which only the picture's own ``at`` has."""
    scene = _scene(width, height)
    ms = round(mark.at * 1000)
    y, u, v = (plane.copy() for plane in scene.walls[mark.frame * _STRIDE % _NOISES])
    _show_window(scene, scene.cloths[mark.frame % _NOISES], ms, (y, u, v))
    levels = _levels(mark.frame, ms)[:, scene.column]
    for row, line in enumerate(levels):
        y[scene.edges[row] : scene.edges[row + 1]] = line
    return Picture(y, u, v, mark.at)


def read(picture: Picture) -> Mark | None:
    """What the picture says of itself; None where it says nothing, or cannot be read."""
    if picture.width < _LEAST_WIDTH or picture.width > picture.height * COLUMNS / ROWS:
        return None
    samples = picture.y[_probes(picture.width)].reshape(ROWS, _PROBES, COLUMNS, _PROBES)
    bits = samples.sum(axis=(1, 3), dtype=np.uint32) > _MIDDLE * _PROBES**2
    code = np.packbits(bits).tobytes()
    body, check = code[:-_CHECK_BYTES], code[-_CHECK_BYTES:]
    if _check(body) != check:
        return None
    frame, ms = body[:_FRAME_BYTES], body[_FRAME_BYTES:]
    return Mark(int.from_bytes(frame, "big"), int.from_bytes(ms, "big") / 1000)


# --- the code ----------------------------------------------------------------------------------

_PROBES = 4
"""A cell is judged by so many points in either direction, all of them well inside."""


def _levels(frame: int, ms: int) -> Plane:
    """The cells' luma, of the shape ``(ROWS, COLUMNS)``."""
    body = (frame % 2 ** (8 * _FRAME_BYTES)).to_bytes(_FRAME_BYTES, "big")
    body += (ms % 2 ** (8 * _TIME_BYTES)).to_bytes(_TIME_BYTES, "big")
    bits = np.unpackbits(np.frombuffer(body + _check(body), np.uint8)).reshape(ROWS, COLUMNS)
    return np.where(bits, np.uint8(_WHITE), np.uint8(_BLACK))


def _check(body: bytes) -> bytes:
    """CRC-16; it starts with ones, so that an all black picture has no valid code."""
    return crc_hqx(body, 0xFFFF).to_bytes(_CHECK_BYTES, "big")


@lru_cache(maxsize=16)
def _probes(width: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The rows and columns of the points by which the cells are judged."""
    inside = np.linspace(0.3, 0.7, _PROBES)
    points = ((np.arange(COLUMNS)[:, None] + inside).ravel() * width / COLUMNS).astype(np.intp)
    return points[: ROWS * _PROBES, None], points[None, :]


# --- the scene ---------------------------------------------------------------------------------

_WINDOW = (0.45, 0.75)
"""Of the width, and of the height below the code."""
_SWAY = ((7.0, 0.0), (4.3, 1.0))
"""Seconds and phase of the window's way, across and down."""
_DRIFT = ((5.1, 0.5), (3.7, 2.0))
"""The same of the texture in it."""


_NOISES = 5
"""So many are made beforehand: one for every picture would cost ten times what all else does."""
_STRIDE = 2
"""The wall's noises come in another order than the window's."""
_NOISE = 2.0
"""How strong it is, as a standard deviation of luma: a good web camera by day."""

_Planes = tuple[Plane, Plane, Plane]


@dataclass(frozen=True, slots=True)
class _Scene:
    walls: list[_Planes]
    """The same one with different noise, as the next."""
    cloths: list[_Planes]
    """What is seen through the window: larger than it."""
    window: tuple[int, int]
    """Its width and height."""
    room: tuple[int, int]
    """How far it can go across and down."""
    slack: tuple[int, int]
    """How far the cloth can."""
    column: npt.NDArray[np.intp]
    """For every column of the picture the cell that it belongs to."""
    edges: tuple[int, ...]
    """The first row of every row of cells, and of what is below them."""


@lru_cache(maxsize=4)
def _scene(width: int, height: int) -> _Scene:
    edges = tuple(round(row * width / COLUMNS) for row in range(ROWS + 1))
    top = edges[-1]
    window = _even(width * _WINDOW[0]), _even((height - top) * _WINDOW[1])
    slack = _even(window[0] * 0.12), _even(window[1] * 0.12)
    walls = _textured(width, height, seed=1, deep=26.0)
    for _, u, v in walls:
        u[: (top + 1) // 2], v[: (top + 1) // 2] = 128, 128
    return _Scene(
        walls=walls,
        cloths=_textured(window[0] + slack[0], window[1] + slack[1], seed=2, deep=36.0),
        window=window,
        room=(width - window[0], height - top - window[1]),
        slack=slack,
        column=np.arange(width) * COLUMNS // width,
        edges=edges,
    )


def _show_window(scene: _Scene, cloth: _Planes, ms: int, planes: _Planes) -> None:
    """Put the cloth's part that the window shows now where the window is now."""
    x, y = _swayed(ms, _SWAY, scene.room)
    left, up = _swayed(ms, _DRIFT, scene.slack)
    y += scene.edges[-1] + scene.edges[-1] % 2
    for plane, texture, part in zip(planes, cloth, (1, 2, 2), strict=True):
        width, height = scene.window[0] // part, scene.window[1] // part
        shown = texture[up // part :, left // part :][:height, :width]
        place = plane[y // part :, x // part :][:height, :width]
        place[:] = shown[: place.shape[0]]


def _swayed(
    ms: int, ways: tuple[tuple[float, float], ...], room: tuple[int, int]
) -> tuple[int, int]:
    """How far across and down, in whole samples of chroma."""
    across, down = (
        _even(free * (0.5 + 0.5 * sin(2 * pi * ms / 1000 / seconds + phase)))
        for free, (seconds, phase) in zip(room, ways, strict=True)
    )
    return across, down


class _Chance:
    """Random to the eye, and the same in each run. NumPy's own are 2 MB of libraries, which the
    download does without."""

    _MEAN, _DEVIATION = np.float32(4 * 255 / 2), np.float32((4 * (256**2 - 1) / 12) ** 0.5)
    """Of the sum of four bytes, which is near enough to a normal distribution."""

    def __init__(self, seed: int) -> None:
        self._drawn = seed << 24

    def normal(self, rows: int, columns: int) -> npt.NDArray[np.float32]:
        """So many of mean 0 and standard deviation 1."""
        count = rows * columns
        numbers = _mixed(np.arange(self._drawn, self._drawn + count, dtype=np.uint32))
        self._drawn += count
        pairs = (numbers & 0xFF00FF) + (numbers >> 8 & 0xFF00FF)
        total = ((pairs & 0xFFFF) + (pairs >> 16)).astype(np.float32)
        return ((total - self._MEAN) / self._DEVIATION).reshape(rows, columns)


def _mixed(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Of each number one that has nothing to do with the next one's (lowbias32 of C. Wellons'
    hash-prospector)."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        numbers = (numbers ^ (numbers >> np.uint32(shift))) * np.uint32(factor)
    return numbers ^ (numbers >> np.uint32(16))


def _textured(width: int, height: int, seed: int, deep: float) -> list[_Planes]:
    """A surface with a gradient and a texture of all scales, as natural ones have: the coarser
    the stronger. ``deep``: how far its luma goes up and down. With every noise once."""
    chance = _Chance(seed)
    half = (width + 1) // 2, (height + 1) // 2
    y = 120 + 45 * _slope(width, height) + deep * _rough(chance, width, height, 8)
    u = 124 + 16 * _slope(*half) + 10 * _rough(chance, *half, 3)
    v = 132 - 18 * _slope(*half) + 10 * _rough(chance, *half, 3)
    return [(luma, _samples(u), _samples(v)) for luma in _noisy(chance, y)]


def _noisy(chance: _Chance, y: npt.NDArray[np.float32]) -> Iterator[Plane]:
    """The same with every noise: one that is shifted, for drawing it takes longest."""
    height, width = y.shape
    size = (height + 2 * _NOISES, width + 2 * _NOISES)
    noise = np.float32(_NOISE) * chance.normal(*size)
    for shift in range(0, 2 * _NOISES, 2):
        yield _samples(y + noise[shift:, shift:][:height, :width])


def _slope(width: int, height: int) -> npt.NDArray[np.float32]:
    """-1 in the left upper corner to 1 in the right lower."""
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    return ((across[None, :] + down[:, None]) / 2).astype(np.float32)


_FALL = 0.65
"""How strong an octave of the texture is, of the coarser one above it."""


def _rough(chance: _Chance, width: int, height: int, octaves: int) -> npt.NDArray[np.float32]:
    """Noise of several octaves, each weaker than the one above it. It depends on the
    proportions, not on the size: a smaller picture shows the same."""
    # On its side, for whole rows are had faster than columns.
    total = np.zeros((width, height), np.float32)
    for octave in range(octaves):
        cells = 4 << octave
        grid = np.float32(_FALL**octave) * chance.normal(cells + 1, cells + 1)
        total += _stretched(_stretched(grid, height).T, width)
    return total.T


def _stretched(grid: npt.NDArray[np.float32], length: int) -> npt.NDArray[np.float32]:
    """As many rows as ``length``, each between two of the grid's."""
    at = (np.arange(length, dtype=np.float32) + np.float32(0.5)) * ((len(grid) - 1) / length)
    above = at.astype(np.intp)
    part = (at - above).astype(np.float32)[:, None]
    steps = np.diff(grid, axis=0)
    return np.asarray(grid[above] + steps[above] * part, np.float32)


def _samples(values: npt.NDArray[np.float32]) -> Plane:
    return np.asarray(np.clip(values, 16, 235), np.uint8)


def _even(length: float) -> int:
    return int(length) // 2 * 2
