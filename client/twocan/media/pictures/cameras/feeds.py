"""A camera that has been opened: what it is asked for, and its pictures one by one.

V4L2 hands over what the camera sends. Media Foundation and AVFoundation decode by themselves, and
OpenCV makes blue, green and red of it.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

import cv2
import numpy as np

from twocan.media.pictures.cameras import troubles
from twocan.media.pictures.cameras.formats import Convert, Jpeg, Planes, from_bgr, from_yuyv
from twocan.media.pictures.cameras.listing import CameraDevice
from twocan.media.pictures.cameras.permission import why_closed
from twocan.media.pictures.picture import Plane, Shape

log = logging.getLogger(__name__)

_MJPG = cv2.VideoWriter.fourcc(*"MJPG")
_YUYV = cv2.VideoWriter.fourcc(*"YUYV")

_BUFFERS = 2
"""With one, the driver has nowhere to put a picture while the last one is read: a UVC camera then
gives every other picture only, and OpenCV, which returns a buffer just before it copies it, torn
ones. With more, old pictures wait behind older ones."""

_USB2_RAW = 640 * 480
"""Above so many samples, raw pictures do not fit through USB 2 thirty times a second."""
_SLOW = 0.6
"""What gives less than this part of the rate that was asked for is not what was asked for."""
_STALE_SECONDS = 0.05
_NEVER = 1.0
"""A time of capture that is further than this from now is of another clock."""

_BACKENDS = {
    "linux": cv2.CAP_V4L2,
    "win32": cv2.CAP_MSMF,
    "darwin": cv2.CAP_AVFOUNDATION,
}
_SETTINGS = {
    # In seconds. It would be 10, and for so long nobody could let go of a camera that stalls. We
    # wait by ourselves, before we grab.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "0",
    # With these some cameras take half a minute to open.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # Without, only the main thread may open a camera. We ask the person by ourselves.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
}


class Capture(Protocol):
    """What is used of ``cv2.VideoCapture``, and one thing that it lacks."""

    def isOpened(self) -> bool: ...  # noqa: N802, its name in OpenCV
    def getBackendName(self) -> str: ...  # noqa: N802
    def get(self, prop: int, /) -> float: ...
    def set(self, prop: int, value: float, /) -> bool: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Any]: ...
    def release(self) -> None: ...

    def ready(self, seconds: float) -> bool:
        """Wait for so long at most for ``grab`` not to have to. True where that cannot be said."""


OpenCapture = Callable[[CameraDevice], Capture]
"""Opens a camera. Takes its time, and raises PictureError."""


class SystemCamera:
    """A camera of this system. Not a ``cv2.VideoCapture`` by inheritance: OpenCV 5.0 frees objects
    of a derived class as if they were not the garbage collector's, and memory is overwritten."""

    def __init__(self, index: int, backend: int) -> None:
        self._capture = cv2.VideoCapture(index, backend)
        self.isOpened = self._capture.isOpened
        self.getBackendName = self._capture.getBackendName
        self.get = self._capture.get
        self.set = self._capture.set
        self.grab = self._capture.grab
        self.retrieve = self._capture.retrieve
        self.release = self._capture.release

    def ready(self, seconds: float) -> bool:
        if self.getBackendName() != "V4L2":
            return True
        try:
            return bool(cv2.VideoCapture.waitAny([self._capture], int(seconds * 1e9))[0])
        except cv2.error:
            # It was unplugged: `grab` will say so.
            return True


def open_system_camera(device: CameraDevice) -> Capture:
    """Raises PictureError where the camera is busy, forbidden or gone."""
    _prepare()
    if error := why_closed(device, opened=False):
        raise error
    capture = SystemCamera(device.index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
    if not capture.isOpened():
        capture.release()
        raise why_closed(device, opened=True) or troubles.busy(device.name)
    return capture


def _prepare() -> None:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    # What goes wrong is told by us. Who wants to see OpenCV's own words sets the variable.
    if "OPENCV_LOG_LEVEL" not in os.environ:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    # Its helpers spin between pictures, for more than the pictures cost.
    cv2.setNumThreads(1)


class Feed:
    """A camera that gives pictures. Everything of it is said on one thread."""

    def __init__(self, capture: Capture, shape: Shape) -> None:
        self._capture = capture
        self._native = capture.getBackendName() == "V4L2"
        self._begun = self._grabbed = False
        self._convert = self._negotiate(shape)

    def wait(self, seconds: float) -> bool:
        """Whether ``grab`` will not have to wait. True where the system does not say."""
        if self._native and not self._begun:
            # With this the camera begins. It has a picture already only if it always does.
            self._begun = True
            self._grabbed = self._capture.grab()
        return self._grabbed or self._capture.ready(seconds)

    def grab(self) -> float | None:
        """Take the newest picture; the time at which it was in front of the camera, in seconds of
        ``time.monotonic``. None where there was none: the camera stalls, or is gone."""
        if not self._grabbed and not self._capture.grab():
            return None
        self._grabbed = False
        at = self._at()
        # What waited while this thread did something else is old, and the next one is there.
        for _ in range(_BUFFERS):
            if time.monotonic() - at < _STALE_SECONDS or not self._capture.ready(0.001):
                break
            self.drop()
            if not self._capture.grab():
                return None
            at = self._at()
        return at

    def drop(self) -> None:
        """Do without what was grabbed."""
        # Until it is fetched, which is a mere copy here, V4L2 grabs the same one again.
        if self._native:
            self._capture.retrieve()

    def picture(self, shape: Shape) -> Planes | None:
        """What was grabbed, no larger than the shape; None where it is damaged."""
        given, data = self._capture.retrieve()
        if not given or not isinstance(data, np.ndarray) or data.dtype != np.uint8:
            return None
        return self._convert(data, shape)

    def release(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def _at(self) -> float:
        now = time.monotonic()
        if not self._native:
            return now
        # UVC stamps its pictures by the clock that is `time.monotonic` on Linux.
        at = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return at if now - _NEVER < at <= now else now

    def _negotiate(self, shape: Shape) -> Convert:
        if not self._native:
            self._size(shape.width, shape.height, shape.rate)
            return from_bgr
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, _BUFFERS)
        small = shape.width * shape.height <= _USB2_RAW
        native = [(_YUYV, shape), (_MJPG, shape)] if small else [(_MJPG, shape), (_YUYV, shape)]
        for fourcc, asked in [*native, (_YUYV, Shape(640, 480, shape.rate))]:
            if self._gives(fourcc, asked):
                return self._raw(fourcc)
        log.info("this camera gives neither MJPG nor YUYV at %g pictures a second", shape.rate)
        return from_bgr

    def _gives(self, fourcc: int, shape: Shape) -> bool:
        self._capture.set(cv2.CAP_PROP_FOURCC, fourcc)
        # A camera has the nearest size that it knows.
        self._size(shape.width, shape.height, shape.rate)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        given = int(self._capture.get(cv2.CAP_PROP_FOURCC))
        return given == fourcc and (rate <= 0 or rate >= _SLOW * min(shape.rate, 30))

    def _size(self, width: int, height: int, rate: float) -> None:
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        self._capture.set(cv2.CAP_PROP_FPS, rate)

    def _raw(self, fourcc: int) -> Convert:
        self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
        if fourcc == _MJPG:
            return Jpeg()
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))

        def convert(data: Plane, shape: Shape) -> Planes | None:
            return from_yuyv(data, width, height, shape)

        return convert
