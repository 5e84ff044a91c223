"""What a camera is asked for, and which of its pictures is taken when."""

import time
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from twocan.media.pictures.cameras import feeds
from twocan.media.pictures.cameras.feeds import Feed
from twocan.media.pictures.picture import Shape

HD = Shape(1280, 720, 30)


class Wired:
    """A camera of V4L2 as OpenCV 5.0 shows it, which has the sizes and rates of the table."""

    def __init__(self, rates: dict[tuple[str, int, int], float]) -> None:
        self.rates = rates
        self.fourcc, self.size, self.asked_rate = next(iter(rates))[0], (640, 480), 30.0
        self.properties: dict[int, float] = {}
        self.stamps: list[float] = []
        self.fetched = 0
        self.grabbed = 0

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def getBackendName(self) -> str:  # noqa: N802
        return "V4L2"

    def get(self, prop: int) -> float:
        match prop:
            case cv2.CAP_PROP_FOURCC:
                return cv2.VideoWriter.fourcc(*self.fourcc)
            case cv2.CAP_PROP_FPS:
                return min(self.asked_rate, self.rates[(self.fourcc, *self.size)])
            case cv2.CAP_PROP_FRAME_WIDTH:
                return self.size[0]
            case cv2.CAP_PROP_FRAME_HEIGHT:
                return self.size[1]
            case cv2.CAP_PROP_POS_MSEC:
                return self.stamps[0] * 1000
        raise AssertionError(prop)

    def set(self, prop: int, value: float) -> bool:
        self.properties[prop] = value
        if prop == cv2.CAP_PROP_FOURCC:
            name = int(value).to_bytes(4, "little").decode()
            self.fourcc = name if any(name == f for f, *_ in self.rates) else self.fourcc
        if prop == cv2.CAP_PROP_FPS:
            self.asked_rate = value
        if prop in (cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FOURCC):
            self._resize()
        return True

    def _resize(self) -> None:
        wanted = self.properties.get(cv2.CAP_PROP_FRAME_WIDTH, 640)
        sizes = [(w, h) for f, w, h in self.rates if f == self.fourcc]
        self.size = min(sizes, key=lambda size: abs(size[0] - wanted))

    def ready(self, seconds: float) -> bool:
        return len(self.stamps) > 1

    def grab(self) -> bool:
        # Until it is fetched, the same one is grabbed again.
        if self.grabbed > self.fetched and len(self.stamps) > 1:
            self.grabbed -= 1
        self.grabbed += 1
        return bool(self.stamps)

    def retrieve(self) -> tuple[bool, Any]:
        self.fetched += 1
        del self.stamps[0]
        return True, np.zeros((1, self.size[0] * self.size[1] * 2), np.uint8)

    def release(self) -> None:
        raise AssertionError("whoever opened it releases it")


USB2 = {
    ("YUYV", 640, 480): 30.0,
    ("YUYV", 1280, 720): 10.0,
    ("MJPG", 640, 480): 30.0,
    ("MJPG", 1280, 720): 30.0,
}


@pytest.mark.parametrize(
    ("rates", "shape", "fourcc", "size"),
    [
        (USB2, HD, "MJPG", (1280, 720)),
        (USB2, Shape(640, 360, 30), "YUYV", (640, 480)),
        ({("YUYV", 640, 480): 30.0, ("YUYV", 1280, 720): 10.0}, HD, "YUYV", (640, 480)),
        ({("YUYV", 640, 480): 30.0, ("YUYV", 1280, 720): 30.0}, HD, "YUYV", (1280, 720)),
        ({("YUYV", 640, 480): 15.0, ("MJPG", 640, 480): 30.0}, HD, "MJPG", (640, 480)),
        # It is told its rate last, and anew whenever its format changes.
        (USB2, Shape(1280, 720, 5), "MJPG", (1280, 720)),
    ],
)
def test_a_camera_is_asked_for_what_it_does_natively(
    rates: dict[tuple[str, int, int], float], shape: Shape, fourcc: str, size: tuple[int, int]
) -> None:
    wired = Wired(rates)

    Feed(wired, shape)

    assert (wired.fourcc, wired.size, wired.asked_rate) == (fourcc, size, shape.rate)
    assert wired.properties[cv2.CAP_PROP_CONVERT_RGB] == 0
    assert wired.properties[cv2.CAP_PROP_BUFFERSIZE] == 2


def test_what_has_no_format_that_we_know_is_left_to_opencv() -> None:
    wired = Wired({("NV12", 640, 480): 30.0})
    feed = Feed(wired, HD)
    assert cv2.CAP_PROP_CONVERT_RGB not in wired.properties

    wired.stamps = [time.monotonic()]
    feed.grab()
    assert feed.picture(HD) is None


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> float:
    """A moment that lasts as long as the test."""
    moment = time.monotonic()
    monkeypatch.setattr(feeds, "time", SimpleNamespace(monotonic=lambda: moment))
    return moment


def test_a_picture_has_the_time_of_the_driver_if_that_makes_sense(now: float) -> None:
    wired = Wired(USB2)
    feed = Feed(wired, HD)

    for stamp in (now - 0.02, now - 500, now + 500, 0.0):
        wired.stamps = [stamp]
        at = feed.grab()
        assert at is not None
        assert at == pytest.approx(stamp if stamp == now - 0.02 else now)
        feed.drop()


def test_it_begins_with_the_first_wait_and_takes_what_is_there_already(now: float) -> None:
    wired = Wired(USB2)
    feed = Feed(wired, HD)
    assert wired.grabbed == 0
    wired.stamps = [now]

    assert feed.wait(0.1)
    assert feed.grab() == pytest.approx(wired.stamps[0])

    assert wired.grabbed == 1


def test_of_pictures_that_waited_the_newest_is_taken(now: float) -> None:
    wired = Wired(USB2)
    feed = Feed(wired, HD)

    wired.stamps = [now - 0.3, now - 0.2, now - 0.01]

    assert feed.grab() == pytest.approx(now - 0.01)
    assert wired.fetched == 2


def test_an_old_picture_is_better_than_none(now: float) -> None:
    wired = Wired(USB2)
    feed = Feed(wired, HD)
    wired.stamps = [now - 0.3]
    assert feed.grab() == pytest.approx(now - 0.3)
