"""A number in the pixels of a picture, which survives coding and scaling.

The lowest fifteenth of a picture is a strip of 16 cells of luma: one dark and one bright, to tell
the others by, then ten bits of the number and four that check them. The number is in Gray code, so
that from one picture to the next two cells change: the strip costs a coder next to nothing.
"""

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]

BITS = 10
_CHECK_BITS = 4
CELLS = 2 + BITS + _CHECK_BITS
STRIP = 15
"""The strip's height is one in so many of the picture's."""
_DARK, _BRIGHT = 40, 200
_LEAST_CONTRAST = 60
_INSIDE = np.array([0.3, 0.45, 0.55, 0.7])
"""Where in a cell it is read: away from its edges."""


def paint(luma: Plane, number: int) -> None:
    """Write ``number`` (below 1024) into the strip."""
    height, width = luma.shape
    bits = np.array([0, 1, *_code(number)], bool)
    cells = np.arange(width) * CELLS // width
    luma[height - height // STRIP :] = np.where(bits[cells], _BRIGHT, _DARK)


def read(luma: Plane) -> int | None:
    """The number in the strip; None where there is none to be read."""
    levels = _levels(luma)
    dark, bright = levels[:2]
    if bright - dark < _LEAST_CONTRAST:
        return None
    bits = levels[2:] > (dark + bright) / 2
    number = _gray_to_number(int(sum(int(bit) << i for i, bit in enumerate(bits[:BITS]))))
    return number if list(bits) == _code(number) else None


def without_strip(luma: Plane) -> Plane:
    """What is above the strip."""
    height = luma.shape[0]
    return luma[: height - height // STRIP]


def _levels(luma: Plane) -> npt.NDArray[np.float64]:
    height, width = luma.shape
    columns = ((np.arange(CELLS)[:, np.newaxis] + _INSIDE) * width / CELLS).astype(int)
    strip = height // STRIP
    rows = [height - strip * 2 // 3, height - strip // 2, height - strip // 3]
    levels: npt.NDArray[np.float64] = luma[rows][:, columns].mean(axis=(0, 2))
    return levels


def _code(number: int) -> list[bool]:
    gray = number ^ number >> 1
    # A flipped bit of the number flips one of these.
    check = (gray ^ gray >> 4 ^ gray >> 8) & 15
    return [bool((gray | check << BITS) >> i & 1) for i in range(BITS + _CHECK_BITS)]


def _gray_to_number(gray: int) -> int:
    for shift in (1, 2, 4, 8):
        gray ^= gray >> shift
    return gray
