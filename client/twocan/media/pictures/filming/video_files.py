"""A camera that films what a video file shows: at the file's own speed, over and over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

import av
import numpy as np
from av.container import InputContainer
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideData
from av.video.stream import VideoStream

from twocan.media.pictures.filming.filming import Filming, fit
from twocan.media.pictures.filming.frames import Framing
from twocan.media.pictures.filming.pace import Pace
from twocan.media.pictures.picture import Picture, PictureError, Plane

SUFFIXES = (".mp4", ".webm", ".mkv", ".avi", ".y4m", ".mov", ".m4v")

_RETRY_SECONDS = 1.0
_USUAL_RATE = 25


class VideoFile(Filming):
    """A video file, of any format that FFmpeg reads, as a camera."""

    def __init__(self, path: Path) -> None:
        """Raises PictureError of a file that shows nothing."""
        super().__init__()
        self._path = path
        with _opened(path) as stream:
            if next(_frames(stream), None) is None:
                raise PictureError(f"{path} shows nothing: not a single picture of it is whole")

    def film(self) -> None:
        show = _Show(self)
        while not show.over:
            try:
                with _opened(self._path) as stream:
                    shown = show.run(stream)
            except PictureError as error:
                shown = None
                self.trouble(error)
            else:
                if not shown and not show.over:
                    self.trouble(PictureError(f"{self._path} is damaged: it shows nothing"))
            if not shown:
                show.over |= not self.wait(time.monotonic() + _RETRY_SECONDS)


class _Show:
    """One file shown again and again, from beginning to end."""

    _LATE, _LONG = 0.5, 10.0
    """Seconds: a file that falls behind further is not caught up with, and no gap between two
    pictures is waited for longer, for then the file's clock leapt."""

    def __init__(self, camera: Filming) -> None:
        self._camera = camera
        self._framing = Framing()
        self._pace = Pace()
        self._offset: float | None = None
        """``time.monotonic`` at the file's second 0; None before its first picture."""
        self._next = 0.0
        """When the next picture is due where the file does not say."""
        self.over = False

    def run(self, stream: VideoStream) -> int:
        """Show it once. How many pictures could be decoded."""
        interval = 1 / float(stream.average_rate or _USUAL_RATE)
        self._offset = None
        count = 0
        for frame in _frames(stream):
            count += 1
            at = self._due(frame.time)
            self._next = at + interval
            if not self._camera.wait(at):
                self.over = True
                break
            if self._pace.lets_through(at, self._camera.shape.rate):
                self._camera.give(self._picture(stream, frame, at))
        return count

    def _due(self, seconds: float | None) -> float:
        """When to show the picture of that second of the file."""
        now = time.monotonic()
        at = self._next
        if self._offset is None:
            at = max(at, now)
        elif seconds is not None:
            at = self._offset + seconds
        if not now - self._LATE <= at <= now + self._LONG:
            at = now
        if seconds is not None:
            self._offset = at - seconds
        return at

    def _picture(self, stream: VideoStream, frame: av.VideoFrame, at: float) -> Picture:
        turn = _Turn.of(frame)
        width, height = _square(stream, frame)
        if turn.aside:
            height, width = fit(height, width, self._camera.shape)
        else:
            width, height = fit(width, height, self._camera.shape)
        return turn.applied(self._framing.picture(frame, width, height, at))


@contextmanager
def _opened(path: Path) -> Iterator[VideoStream]:
    """The file's moving pictures. Raises PictureError where it has none."""
    if not path.is_file():
        raise PictureError(f"there is no file {path}: give the path of a video file")
    try:
        # A name with a colon in it is no address.
        container = av.open(f"file:{path}")
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{path} cannot be read as a video file: {reason}") from error
    with container:
        yield _moving(container, path)


def _moving(container: InputContainer, path: Path) -> VideoStream:
    """The first of its streams of pictures that is no cover of a record."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return _playable(stream, path)
    raise PictureError(f"{path} has no pictures in it: give a video file")


def _playable(stream: VideoStream, path: Path) -> VideoStream:
    """FFmpeg as it is in the download knows few codes; of a stream in another it has no codec."""
    if stream.codec_context is None:
        raise PictureError(
            f"{path} is coded in a way that this program does not play: give WebM, Matroska, AVI"
            " or Y4M with VP8, VP9 or Motion JPEG"
        )
    return stream


def _frames(stream: VideoStream) -> Iterator[av.VideoFrame]:
    """Its frames; what is damaged is left out."""
    assert isinstance(stream.container, InputContainer)
    packets = stream.container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        yield from (frame for frame in frames if not frame.is_corrupt)


def _square(stream: VideoStream, frame: av.VideoFrame) -> tuple[int, int]:
    """The frame's size with square pixels: one side is made longer, neither is made shorter."""
    aspect = stream.sample_aspect_ratio or 1
    if aspect >= 1:
        return round(frame.width * aspect), frame.height
    return frame.width, round(frame.height / aspect)


@dataclass(frozen=True, slots=True)
class _Turn:
    """How a frame is turned to be upright: the display matrix of ISO 14496-12 (6.2.2)."""

    aside: bool = False
    """Whether rows become columns, before it is mirrored."""
    upside_down: bool = False
    mirrored: bool = False

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Self:
        matrix = _matrix(frame)
        if matrix is None:
            return cls()
        # A sample at (p, q) is shown at (a p + c q, b p + d q).
        a, b, _, c, d = np.frombuffer(matrix, np.int32)[:5].tolist()
        if abs(b) > abs(a):
            return cls(aside=True, upside_down=b < 0, mirrored=c < 0)
        return cls(upside_down=d < 0, mirrored=a < 0)

    def applied(self, picture: Picture) -> Picture:
        if self == _Turn():
            return picture
        y, u, v = map(self._plane, (picture.y, picture.u, picture.v))
        return Picture(y, u, v, picture.at)

    def _plane(self, plane: Plane) -> Plane:
        turned = plane.T if self.aside else plane
        rows, columns = (-1 if turn else 1 for turn in (self.upside_down, self.mirrored))
        return np.ascontiguousarray(turned[::rows, ::columns])


def _matrix(frame: av.VideoFrame) -> memoryview | None:
    sides = cast(SideDataContainer, frame.side_data)
    try:
        return next(memoryview(side) for side in sides if side.type is SideData.DISPLAYMATRIX)
    except StopIteration:
        return None
    except ValueError:
        return None  # PyAV has no name for some kind of data beside this frame
