"""From what a camera gives to I420 of the size that is wanted. Pure.

Each way touches a sample as seldom as it can: scaling, halving the chroma and going over to
limited range are one step wherever they can be. The matrix is BT.601 throughout, which is what
JFIF and the USB video class (UVC 1.5, 3.9.2.6) have unless a camera says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange

from twocan.media.pictures.picture import Plane, Shape

Planes = tuple[Plane, Plane, Plane]
"""Y, U and V; U and V of half the width and height."""

Convert = Callable[[Plane, Shape], Planes | None]
"""Makes of a camera's bytes a picture no larger than the shape; None of what is damaged."""

LARGEST = 4096
"""No camera is asked for more than 1280x720 unless somebody asks for it; wider or higher than
this is taken for damage."""

_ROUNDING = 1e-6
_STRICT_FAILURES = 10


@dataclass(frozen=True, slots=True)
class _Range:
    """How samples become ones of limited range: multiplied, then moved."""

    gain: float = 1.0
    offset: float = 0.0


_AS_IT_IS = _Range()
_FULL_LUMA = _Range(219 / 255, 16)
_FULL_CHROMA = _Range(224 / 255, 128 - 128 * 224 / 255)


def fitted(width: int, height: int, shape: Shape) -> tuple[int, int]:
    """The largest even size of these proportions within the shape, and never one above what is.

    What is odd loses a column or a row: VP8 would have to make one up.
    """
    scale = min(1.0, shape.width / width, shape.height / height)
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    return max(2, int(length + _ROUNDING) // 2 * 2)


def from_yuyv(data: Plane, width: int, height: int, shape: Shape) -> Planes | None:
    """Of YUYV (YUY2), 4:2:2 in limited range, as V4L2 delivers it: bytes in one row."""
    if data.size != width * height * 2 or width % 2 or height < 2:
        return None
    y, both = cv2.split(data.reshape(height, width, 2))
    pairs = _rows_halved(_plane(both), _AS_IT_IS).reshape(height // 2, width // 2, 2)
    u, v = cv2.split(pairs)
    return _fit((_plane(y), _plane(u), _plane(v)), shape, _AS_IT_IS, _AS_IT_IS)


def from_bgr(data: Plane, shape: Shape) -> Planes | None:
    """Of blue, green and red, which is what OpenCV makes of everything else."""
    if data.ndim != 3 or data.shape[2] != 3 or min(data.shape[:2]) < 2:
        return None
    if max(data.shape[:2]) > LARGEST:
        return None
    height, width = data.shape[0] // 2 * 2, data.shape[1] // 2 * 2
    made = cv2.cvtColor(data[:height, :width], cv2.COLOR_BGR2YUV_I420)
    samples, luma, half = _plane(made).reshape(-1), width * height, (height // 2, width // 2)
    y = samples[:luma].reshape(height, width)
    u, v = samples[luma : luma * 5 // 4].reshape(half), samples[luma * 5 // 4 :].reshape(half)
    return _fit((y, u, v), shape, _AS_IT_IS, _AS_IT_IS)


class Jpeg:
    """Motion JPEG, without going through red, green and blue.

    Against ``cv2.imdecode`` and ``cvtColor`` that takes the same time for 4:2:2 and a fifth less
    for 4:2:0, and spares the picture the way there and back.
    """

    def __init__(self) -> None:
        self._decoder = _decoder("explode")
        self._failures = 0
        self._lenient = False

    def __call__(self, data: Plane, shape: Shape) -> Planes | None:
        frame = self._decoded(data.tobytes())
        if frame is None or max(frame.width, frame.height) > LARGEST:
            self._count_failure()
            return None
        self._failures = 0
        return _from_frame(frame, shape)

    def _decoded(self, data: bytes) -> VideoFrame | None:
        if not data:
            return None
        try:
            return next(iter(self._decoder.decode(av.Packet(data))), None)
        except av.FFmpegError:
            return None

    def _count_failure(self) -> None:
        # Half a picture is worse than none, but there are cameras that never send the end of one.
        self._failures += 1
        if self._failures >= _STRICT_FAILURES and not self._lenient:
            self._lenient = True
            self._decoder = _decoder("ignore_err")


def _decoder(errors: str) -> VideoCodecContext:
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, VideoCodecContext)
    # More threads than one would keep as many pictures back.
    decoder.thread_count = 1
    decoder.options = {"err_detect": errors}
    return decoder


def _from_frame(frame: VideoFrame, shape: Shape) -> Planes | None:
    if min(frame.width, frame.height) < 2:
        return None
    if not frame.format.name.startswith(("yuvj4", "yuv4")) or len(frame.planes) != 3:
        frame = frame.reformat(format="yuv420p", dst_color_range=ColorRange.MPEG)
    y, u, v = map(_rows, frame.planes)
    if frame.color_range == ColorRange.JPEG:
        return _fit((y, u, v), shape, _FULL_LUMA, _FULL_CHROMA)
    return _fit((y, u, v), shape, _AS_IT_IS, _AS_IT_IS)


def _rows(plane: VideoPlane) -> Plane:
    # Which has the buffer protocol, whatever its types say.
    buffer = cast("memoryview[int]", plane)
    samples = np.frombuffer(buffer, np.uint8).reshape(plane.height, plane.line_size)
    rows: Plane = samples[:, : plane.width]
    return rows


def _fit(planes: Planes, shape: Shape, luma: _Range, chroma: _Range) -> Planes:
    """Planes of any subsampling, as I420 of limited range that fits the shape."""
    y, u, v = planes
    height, width = y.shape
    wide, high = fitted(width, height, shape)
    if u.shape[0] > (height + 1) // 2:
        u, v, chroma = _rows_halved(u, chroma), _rows_halved(v, chroma), _AS_IT_IS
    half = wide // 2, high // 2
    return (
        _ranged(_resized(y, wide, high), luma),
        _ranged(_resized(u, *half), chroma),
        _ranged(_resized(v, *half), chroma),
    )


def _rows_halved(samples: Plane, into: _Range) -> Plane:
    """The mean of every two rows, in the other range."""
    end, gain = samples.shape[0] // 2 * 2, into.gain / 2
    return _plane(cv2.addWeighted(samples[0:end:2], gain, samples[1:end:2], gain, into.offset))


def _ranged(samples: Plane, into: _Range) -> Plane:
    if into is _AS_IT_IS:
        return samples
    return _plane(cv2.convertScaleAbs(samples, alpha=into.gain, beta=into.offset))


def _resized(samples: Plane, wide: int, high: int) -> Plane:
    rows, columns = samples.shape
    if 0 <= rows - high <= 1 and 0 <= columns - wide <= 1:
        return samples[:high, :wide]
    # Below half the size two neighbours are no longer enough, and lines would flicker. Above it
    # the mean of areas takes five times as long, and looks the same.
    shrinks = rows >= 2 * high or columns >= 2 * wide
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return _plane(cv2.resize(samples, (wide, high), interpolation=how))


def _plane(samples: object) -> Plane:
    """What cv2 made, which is of bytes; without a copy."""
    return np.asarray(samples, np.uint8)
