"""Pictures out of the frames of FFmpeg: one pass, and no copy besides.

A frame of any pixel format becomes I420 of the size that is wanted by one run of swscale, or by
none where it is that already. The picture's planes are views into the frame's own memory.
"""

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from twocan.media.pictures.picture import Picture, Plane

_UNKNOWN = 2
_BT601 = (_UNKNOWN, 5, 6)
"""H.273, MatrixCoefficients: not said, which FFmpeg takes for BT.601, and its two names."""
_BT709 = 1
_FULL_RANGE = 2


class Framing:
    """Makes pictures of frames. For one thread: it keeps what swscale prepares for a size."""

    def __init__(self, interpolation: Interpolation = Interpolation.BILINEAR) -> None:
        self._reformatter = VideoReformatter()
        self._interpolation = interpolation

    def picture(self, frame: av.VideoFrame, width: int, height: int, at: float) -> Picture:
        """The frame as a picture of that size, seen ``at``; not turned."""
        if not _is_picture(frame, width, height):
            frame = self._reformatter.reformat(
                frame,
                width,
                height,
                "yuv420p",
                src_colorspace=Colorspace.ITU709 if frame.colorspace == _BT709 else None,
                dst_colorspace=Colorspace.ITU601,
                dst_color_range=ColorRange.MPEG,
                interpolation=self._interpolation,
                threads=1,
            )
        half = (width + 1) // 2, (height + 1) // 2
        y, u, v = frame.planes
        return Picture(_view(y, width, height), _view(u, *half), _view(v, *half), at)


def _is_picture(frame: av.VideoFrame, width: int, height: int) -> bool:
    """Whether it is one as it stands."""
    same_size = (frame.width, frame.height) == (width, height)
    narrow = frame.color_range != _FULL_RANGE and frame.colorspace in _BT601
    return same_size and narrow and frame.format.name == "yuv420p"


def _view(plane: VideoPlane, width: int, height: int) -> Plane:
    samples = np.frombuffer(memoryview(plane), np.uint8)
    return samples.reshape(-1, plane.line_size)[:height, :width]
