"""I420 to what a screen shows: four bytes a pixel, blue, green, red and one that is full.

By OpenCV, or by swscale where OpenCV is not installed. Measured for 1280x720, in milliseconds of
CPU a picture:

| | 1280x720 | 960x540 | 640x360 | 480x270 | 1920x1080 |
|---|---|---|---|---|---|
| OpenCV: planes scaled, then colours | 0.4 | 0.7 | 0.2 | 0.3 | 2.2 |
| OpenCV: colours, then scaled | 0.5 | 1.3 | 0.7 | 0.85 | 3.3 |
| swscale, bilinear | 0.3 | 1.3 | 0.6 | 0.5 | 2.0 |

swscale gives new memory for each picture, and needs a copy of its planes; OpenCV takes both as
they are. Neither holds Python's lock meanwhile.
"""

import logging
from typing import Protocol

import numpy as np
from av import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from twocan.media.pictures.picture import Picture, Plane

try:
    import cv2
except ModuleNotFoundError:
    _OPENCV = False
else:
    _OPENCV = True

log = logging.getLogger(__name__)

Size = tuple[int, int]
"""Width and height."""


class Painter(Protocol):
    def paint(self, picture: Picture, size: Size, page: Plane | None) -> Plane:
        """The picture in that size, which is even, of the shape ``(height, width, 4)``; on
        ``page`` where that fits."""


def new_painter() -> Painter:
    """For one thread at a time."""
    if _OPENCV:
        # Its helpers spin between pictures, for more than the pictures cost.
        cv2.setNumThreads(1)
        return Planes()
    log.info("pictures are painted by swscale, for there is no OpenCV")
    return Swscale()


def _fitting(page: Plane | None, shape: tuple[int, ...]) -> Plane:
    return page if page is not None and page.shape == shape else np.empty(shape, np.uint8)


class Planes:
    """Scales each plane, and then mixes them, by OpenCV."""

    def __init__(self) -> None:
        self._pages: dict[str, Plane] = {}
        """What is made on the way, by how it is made."""

    def paint(self, picture: Picture, size: Size, page: Plane | None) -> Plane:
        width, height = size
        half = width // 2, height // 2
        y = self._scaled("y", picture.y, size)
        u, v = self._scaled("u", picture.u, half), self._scaled("v", picture.v, half)
        chroma = self._page("uv", (half[1], half[0], 2))
        cv2.merge((u, v), chroma)
        page = _fitting(page, (height, width, 4))
        cv2.cvtColorTwoPlane(y, chroma, cv2.COLOR_YUV2BGRA_NV12, page)
        return page

    def _scaled(self, name: str, plane: Plane, size: Size) -> Plane:
        """Halved as often as it goes, and the rest by the two nearest samples either way: these
        alone would leave out lines, so that what is fine flickers. A mean over blocks of any other
        size costs ten times as much."""
        while plane.shape[0] >= 2 * size[1] and plane.shape[1] >= 2 * size[0]:
            name += "/2"
            rows, columns = plane.shape[0] // 2, plane.shape[1] // 2
            halved = self._page(name, (rows, columns))
            whole = plane[: rows * 2, : columns * 2]
            cv2.resize(whole, (columns, rows), halved, interpolation=cv2.INTER_AREA)
            plane = halved
        if plane.shape == (size[1], size[0]):
            return plane
        page = self._page(name + " as drawn", (size[1], size[0]))
        cv2.resize(plane, size, page, interpolation=cv2.INTER_LINEAR)
        return page

    def _page(self, name: str, shape: tuple[int, ...]) -> Plane:
        page = self._pages[name] = _fitting(self._pages.get(name), shape)
        return page


class Swscale:
    """The same by FFmpeg's scaler, which PyAV has."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def paint(self, picture: Picture, size: Size, page: Plane | None) -> Plane:
        width, height = size
        frame = self._reformatter.reformat(
            _framed(picture),
            width,
            height,
            "bgra",
            src_colorspace=Colorspace.ITU601,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
        page = _fitting(page, (height, width, 4))
        page.reshape(height, width * 4)[:] = _rows(frame.planes[0])[:height, : width * 4]
        return page


def _framed(picture: Picture) -> VideoFrame:
    frame = VideoFrame(picture.width, picture.height, "yuv420p")
    for plane, samples in zip(frame.planes, (picture.y, picture.u, picture.v), strict=True):
        _rows(plane)[: samples.shape[0], : samples.shape[1]] = samples
    return frame


def _rows(plane: VideoPlane) -> Plane:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
