"""A camera to plug in and out, without one: a named pipe that ``cv2.VideoCapture`` really reads.

What stands in is the socket: who opens it gets a stream of MJPG or YUYV, thirty pictures a second,
that can stall, send garbage and end. Waiting for it blocks, as a driver's wait does.
"""

import os
import queue
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream

from twocan.media.pictures.cameras import CameraDevice, Cameras, capture, troubles
from twocan.media.pictures.picture import Picture, PictureError

WIDTH, HEIGHT = 160, 120
RATE = 30
PATIENCE = 30.0

_PROBED = 25
"""So many pictures are read before a stream counts as opened."""


class Socket:
    """One camera, plugged in or not. ``light``: how many have it open."""

    def __init__(self, folder: Path, name: str, index: int, fourcc: str) -> None:
        self.device = CameraDevice(name, f"/dev/video{index}", index)
        self.fourcc = fourcc
        self.plugged = True
        self.refusal: PictureError | None = None
        self.light = 0
        self.went_out = threading.Event()
        self.opened_on: list[str] = []
        """The names of the threads that opened it."""
        self.asked: dict[int, float] = {}
        self.shade = 40
        self.damaged = False
        self.fetching, self.may_fetch = threading.Event(), threading.Event()
        self.may_fetch.set()
        self._folder = folder
        self._pumps: list[Pump] = []

    def open(self) -> "PipedCapture":
        self.opened_on.append(threading.current_thread().name)
        if self.refusal:
            raise self.refusal
        if not self.plugged:
            raise troubles.unplugged(self.device.name)
        self.went_out.clear()
        pump = Pump(self, self._folder / f"{self.device.index}-{len(self._pumps)}.nut")
        self._pumps.append(pump)
        capture = PipedCapture(self, pump)
        self.light += 1
        return capture

    def stall(self) -> None:
        for pump in self._pumps:
            pump.flows.clear()

    def flow(self) -> None:
        for pump in self._pumps:
            pump.flows.set()

    def unplug(self) -> None:
        self.plugged = False
        for pump in self._pumps:
            pump.end()

    def plug_in(self, index: int | None = None) -> None:
        self.plugged = True
        if index is not None:
            self.device = CameraDevice(self.device.name, f"/dev/video{index}", index)

    def went_dark(self, pump: "Pump") -> None:
        pump.end()
        self.light -= 1
        self.went_out.set()

    def end(self) -> None:
        self.unplug()
        for pump in self._pumps:
            pump.join(PATIENCE)
            assert not pump.is_alive()


class Pump(threading.Thread):
    """Writes a stream into a named pipe until it is ended or nobody reads it."""

    def __init__(self, socket: Socket, path: Path) -> None:
        super().__init__(name="pump", daemon=True)
        self.path = path
        self.flows = threading.Event()
        self.flows.set()
        self._socket = socket
        self._ended = threading.Event()
        os.mkfifo(path)
        both = os.open(path, os.O_RDWR)
        self._pipe = os.open(path, os.O_WRONLY)
        self._until_read = [both]
        self.start()

    def read(self) -> None:
        """Somebody reads from now on: nobody else keeps the pipe open."""
        os.close(self._until_read.pop())

    def end(self) -> None:
        self._ended.set()
        self.flows.set()

    def write(self, data: bytes) -> int:
        # An error here would not come back through FFmpeg in one piece.
        try:
            written = 0
            while written < len(data):
                written += os.write(self._pipe, data[written:])
        except BrokenPipeError:
            self.end()
        return len(data)

    def run(self) -> None:
        self._write_all()
        os.close(self._pipe)

    def _write_all(self) -> None:
        with av.open(self, "w", format="nut", options={"flush_packets": "1"}) as container:
            stream = _stream(container, self._socket.fourcc)
            for number in range(10**6):
                if number >= _PROBED:
                    self._ended.wait(1 / RATE)
                    self.flows.wait()
                if self._ended.is_set():
                    return
                packet = av.Packet(self._bytes())
                packet.stream, packet.pts, packet.dts = stream, number, number
                packet.time_base, packet.is_keyframe = Fraction(1, RATE), True
                container.mux(packet)

    def _bytes(self) -> bytes:
        picture = (yuyv if self._socket.fourcc == "YUYV" else jpeg)(self._socket.shade)
        return bytes(len(picture)) if self._socket.damaged else picture


def _stream(container: Any, fourcc: str) -> VideoStream:
    stream: VideoStream = container.add_stream(
        "rawvideo" if fourcc == "YUYV" else "mjpeg", rate=RATE
    )
    stream.width, stream.height = WIDTH, HEIGHT
    stream.pix_fmt = "yuyv422" if fourcc == "YUYV" else "yuvj420p"
    return stream


class PipedCapture:
    """OpenCV on the pipe, which says of itself what V4L2 says, and hands over what was sent."""

    def __init__(self, socket: Socket, pump: Pump) -> None:
        self._capture = cv2.VideoCapture(str(pump.path), cv2.CAP_FFMPEG)
        pump.read()
        self._socket = socket
        self._pump = pump
        self.isOpened = self._capture.isOpened
        self.grab = self._capture.grab
        if socket.fourcc != "BGR":
            assert self._capture.set(cv2.CAP_PROP_FORMAT, -1)

    def getBackendName(self) -> str:  # noqa: N802, its name in OpenCV
        return "MSMF" if self._socket.fourcc == "BGR" else "V4L2"

    def get(self, prop: int) -> float:
        if prop == cv2.CAP_PROP_FOURCC:
            return cv2.VideoWriter.fourcc(*self._socket.fourcc)
        return self._capture.get(prop)

    def set(self, prop: int, value: float) -> bool:
        self._socket.asked[prop] = value
        return True

    def ready(self, seconds: float) -> bool:
        return True

    def retrieve(self) -> tuple[bool, Any]:
        self._socket.fetching.set()
        self._socket.may_fetch.wait(PATIENCE)
        return self._capture.retrieve()

    def release(self) -> None:
        self._capture.release()
        self._socket.went_dark(self._pump)


class Bus:
    """All sockets of a computer, and what a call sees and hears of a camera."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sockets: list[Socket] = []
        self.looks = 0
        self.cameras = Cameras(self.find, self.open)
        self.pictures: queue.Queue[Picture] = queue.Queue()
        self.troubles: queue.Queue[str | None] = queue.Queue()

    def plug_in(self, name: str, fourcc: str = "MJPG") -> Socket:
        socket = Socket(self._folder, name, len(self.sockets), fourcc)
        self.sockets.append(socket)
        return socket

    def find(self) -> tuple[CameraDevice, ...]:
        self.looks += 1
        return tuple(socket.device for socket in self.sockets if socket.plugged)

    def open(self, device: CameraDevice) -> PipedCapture:
        return next(s for s in self.sockets if s.device == device).open()

    def seen(self, picture: Picture) -> None:
        self.pictures.put(picture)

    def troubled(self, error: PictureError | None) -> None:
        self.troubles.put(None if error is None else str(error))

    def picture(self) -> Picture:
        """The next picture that comes."""
        with self.pictures.mutex:
            self.pictures.queue.clear()
        return self.pictures.get(timeout=PATIENCE)

    def trouble(self) -> str | None:
        """The next word about trouble."""
        return self.troubles.get(timeout=PATIENCE)

    def end(self) -> None:
        ours = [t for t in threading.enumerate() if t.name.startswith(("twocan-camera", "pump"))]
        self.cameras.close()
        for socket in self.sockets:
            socket.end()
        for thread in ours:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        # A thread that was joined is still the system's for a moment.
        deadline = time.monotonic() + PATIENCE
        while any(Path(f"/proc/self/task/{thread.native_id}").exists() for thread in ours):
            assert time.monotonic() < deadline
            time.sleep(0.001)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """No camera is plugged in yet. Troubles are noticed sooner than a person needs it.

    Silence is none of them until a test wants that: on a busy machine there is some.
    """
    monkeypatch.setattr(capture, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(capture, "SILENT_SECONDS", PATIENCE)
    made = Bus(tmp_path)
    yield made
    made.end()


def jpeg(shade: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A grey picture; ``shade`` of 255."""
    return bytes(cv2.imencode(".jpg", np.full((height, width, 3), shade, np.uint8))[1])


def yuyv(shade: int) -> bytes:
    """A grey picture whose luma is ``shade``."""
    return bytes([shade, 128]) * (WIDTH * HEIGHT)
