"""What the cameras of measured calls see: a person before a tree, ten seconds over and over.

Both are photographs from Debian's packages. The camera sways a little, the person moves as people
do who talk, and every picture has noise of its own, as a camera's have, so that nothing of it can
be had cheaper than from a camera. In each its number can be read (``picture_number``). A seed makes
it: all who are measured send the same pixels.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

import picture_number

RATE = 30
SECONDS = 10
PICTURES = RATE * SECONDS

Plane = npt.NDArray[np.uint8]
Real = npt.NDArray[np.float32]

_ROOT = Path(__file__).parent.parent.parent
_UNPACKED = _ROOT / ".venv" / "opt" / "photographs"
_PACKAGES = ("lomiri-wallpapers-20.04", "python-matplotlib-data")
"""Debian's."""
_TREE = Path("usr/share/backgrounds/Kleiber_by_Lukas_Baubkus.jpg")
"""By Lukas Baubkus, CC BY-SA 3.0."""
_PERSON = Path("usr/share/matplotlib/mpl-data/sample_data/grace_hopper.jpg")
"""Grace Hopper, by the United States Navy: in the public domain."""
_OUTLINE = (
    (214, 36), (265, 22), (310, 28), (336, 60), (352, 95), (350, 160), (342, 190), (335, 240),
    (318, 304), (317, 327), (358, 350), (460, 385), (493, 412), (502, 600), (20, 600), (30, 412),
    (53, 390), (118, 358), (185, 327), (188, 304), (165, 276), (158, 202), (144, 170), (142, 100),
)  # fmt: skip
"""Of the person in the photograph."""
_SEED = 4
_NOISE = 2.0
"""Its standard deviation in steps of luma: a webcam's in a lit room."""
_MARGIN = 32
_HEADER = b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420mpeg2\n"
_FRAME = b"FRAME\n"


class ClipError(Exception):
    """The clip cannot be had: one line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of pictures, in pixels. Both are even."""

    width: int
    height: int


class Clip:
    """A clip that ``make`` wrote. Its pictures are views into the file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            header = file.readline()
        words = {word[:1]: word[1:] for word in header.split()[1:]}
        self.size = Size(int(words[b"W"]), int(words[b"H"]))
        octets = self.size.width * self.size.height * 3 // 2
        # Aiortc hands frames on to what could write; it writes to memory of its own if it does.
        pixels = np.memmap(path, np.uint8, "c", len(header)).reshape(-1, len(_FRAME) + octets)
        self.pictures = pixels[:, len(_FRAME) :]
        """Each row is one, in I420."""

    def planes(self, number: int) -> tuple[Plane, Plane, Plane]:
        """The luma and both chromas of a picture."""
        whole, (width, height) = self.pictures[number], (self.size.width, self.size.height)
        luma, quarter = width * height, width * height // 4
        half = (height // 2, width // 2)
        return (
            whole[:luma].reshape(height, width),
            whole[luma : luma + quarter].reshape(half),
            whole[luma + quarter :].reshape(half),
        )


def make(path: Path, size: Size) -> None:
    """Write the clip, as Y4M. Raises ClipError where the photographs cannot be had."""
    tree, person, outline = _photographs(size)
    with path.open("wb") as file:
        file.write(_HEADER % (size.width, size.height, RATE))
        for number, noise in enumerate(_noises(size)):
            seen = _seen(tree, person, outline, number / PICTURES)
            file.write(_FRAME + _as_i420(seen, noise, number).tobytes())


def _photographs(size: Size) -> tuple[Real, Real, Real]:
    """The tree, larger than the picture; the person as large as it, and where in it they are."""
    command: list[str | Path] = [_ROOT / "build" / "unpack", _UNPACKED, *_PACKAGES]
    fetched = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if fetched.returncode:
        raise ClipError(f"the photographs cannot be had: {fetched.stderr.strip()}")
    tree = cv2.resize(
        _read(_TREE), (size.width + 2 * _MARGIN, size.height + 2 * _MARGIN), interpolation=3
    )
    photograph = _read(_PERSON)
    mask = np.zeros(photograph.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.array(_OUTLINE, np.int32)], (1.0,))
    # As tall as nine tenths of the picture, at its lower edge, in its middle.
    scale = 0.9 * size.height / photograph.shape[0]
    place = np.array(
        [
            [scale, 0, (size.width - scale * photograph.shape[1]) / 2],
            [0, scale, 0.1 * size.height],
        ]
    )
    whole = (size.width, size.height)
    person = cv2.warpAffine(
        photograph, place, whole, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    outline = cv2.GaussianBlur(cv2.warpAffine(mask, place, whole), (0, 0), 2.0)
    return tree.astype(np.float32), person.astype(np.float32), np.asarray(outline, np.float32)


def _read(path: Path) -> Plane:
    read = cv2.imread(str(_UNPACKED / path))
    if read is None:
        raise ClipError(f"cannot read {_UNPACKED / path}: remove {_UNPACKED}")
    return np.asarray(read, np.uint8)


def _noises(size: Size) -> Iterator[npt.NDArray[np.int16]]:
    """For every picture, cut at random from a field that is larger."""
    dice = np.random.default_rng(_SEED)
    field = np.rint(dice.normal(0, _NOISE, (size.height + 256, size.width + 256))).astype(np.int16)
    for _ in range(PICTURES):
        down, across = dice.integers(0, 256, 2)
        yield field[down : down + size.height, across : across + size.width]


def _seen(tree: Real, person: Real, outline: Real, phase: float) -> Plane:
    """What the camera sees. ``phase``: 0 to 1, through the clip; at both ends it sees the same."""
    height, width = person.shape[:2]
    sway = np.array(
        [
            [1, 0, _MARGIN + 0.004 * width * _wave(phase, 1)],
            [0, 1, _MARGIN + 0.003 * width * _wave(phase, 2)],
        ]
    )
    behind = cv2.warpAffine(
        tree, sway, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    tilt = 2.0 * _wave(phase, 3) + 0.7 * _wave(phase, 11)
    moves = cv2.getRotationMatrix2D((width / 2, float(height)), tilt, 1 + 0.01 * _wave(phase, 2))
    moves[:, 2] += 0.02 * width * _wave(phase, 2), 0.006 * height * (_wave(phase, 7) + 1)
    before = cv2.warpAffine(person, moves, (width, height), borderMode=cv2.BORDER_REPLICATE)
    where = cv2.warpAffine(outline, moves, (width, height), borderMode=cv2.BORDER_REPLICATE)
    seen: Plane = (behind + where[:, :, np.newaxis] * (before - behind)).clip(0, 255).astype("u1")
    return seen


def _wave(phase: float, cycles: int) -> float:
    return float(np.sin(2 * np.pi * (cycles * phase + 0.1 * cycles)))


def _as_i420(seen: Plane, noise: npt.NDArray[np.int16], number: int) -> Plane:
    height, width = seen.shape[:2]
    picture = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2YUV_I420), np.uint8)
    luma, chroma = picture[:height], picture[height:].reshape(2, height // 2, width // 2)
    luma[:] = (luma + noise).clip(16, 235)
    picture_number.paint(luma, number)
    chroma[:, -(height // picture_number.STRIP) // 2 :] = 128
    return picture
