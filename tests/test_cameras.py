"""Cameras in a call: opened, followed, broken and closed, with OpenCV reading real streams."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import pytest

from camera_feed import HEIGHT, PATIENCE, WIDTH, Bus, bus
from twocan.media.pictures.cameras import CameraDevice, Cameras, capture, reading, troubles
from twocan.media.pictures.picture import Shape

__all__ = ["bus"]

HD = Shape(1280, 720, 30)


@pytest.mark.parametrize("fourcc", ["MJPG", "YUYV", "BGR"])
def test_pictures_come_once_it_is_started_and_its_light_goes_out_when_it_is_closed(
    bus: Bus, fourcc: str
) -> None:
    desk = bus.plug_in("Desk", fourcc)
    camera = bus.cameras.open("desk")
    assert desk.light == 0

    began = time.monotonic()
    camera.start(bus.seen, bus.troubled)
    picture = bus.picture()

    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert picture.u.shape == (HEIGHT // 2, WIDTH // 2)
    assert abs(float(picture.y.mean()) - (40 if fourcc == "YUYV" else 50)) < 2
    assert began <= picture.at <= time.monotonic()
    assert desk.opened_on == ["twocan-camera"]
    assert (desk.light, camera.device) == (1, "Desk")

    camera.close()

    assert desk.went_out.wait(PATIENCE)
    assert desk.light == 0
    assert bus.troubles.empty()


def test_size_and_rate_follow_what_is_asked_in_mid_run(bus: Bus) -> None:
    bus.plug_in("Desk")
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    assert bus.picture().width == 160

    camera.ask(Shape(100, 60, 10))
    bus.picture()
    pictures = [bus.pictures.get(timeout=PATIENCE) for _ in range(4)]

    assert [(p.width, p.height) for p in pictures] == [(80, 60)] * 4
    steps = [b.at - a.at for a, b in pairwise(pictures)]
    assert sum(steps) >= 0.2

    camera.ask(HD)
    assert any(bus.picture().width == 160 for _ in range(5))
    assert len(bus.sockets[0].opened_on) == 1


def test_the_device_is_asked_for_what_was_asked_before_the_start(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open()
    camera.ask(Shape(640, 360, 15))
    camera.start(bus.seen, bus.troubled)
    bus.picture()
    assert desk.asked[cv2.CAP_PROP_FRAME_WIDTH] == 640
    assert desk.asked[cv2.CAP_PROP_FPS] == 15


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called on, a camera without a picture is soon told of."""
    return lambda: monkeypatch.setattr(capture, "SILENT_SECONDS", 0.4)


def test_nothing_is_called_after_close_though_a_read_is_under_way(
    bus: Bus, impatient: Callable[[], None]
) -> None:
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    bus.picture()
    desk.stall()
    impatient()
    assert bus.trouble() == "Desk gives no pictures: unplug it and plug it in again"

    began = time.monotonic()
    camera.close()
    assert time.monotonic() - began < PATIENCE / 10

    # The read goes on, since nothing flows.
    assert desk.light == 1
    with bus.pictures.mutex:
        bus.pictures.queue.clear()
    desk.flow()
    assert desk.went_out.wait(PATIENCE)
    assert bus.pictures.empty()
    assert bus.troubles.empty()


def test_a_camera_may_be_closed_by_who_sees_its_picture_or_its_trouble(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open()
    seen = []

    def see(picture: object) -> None:
        seen.append(picture)
        camera.close()

    camera.start(see, bus.troubled)
    assert desk.went_out.wait(PATIENCE) or desk.opened_on == []
    assert len(seen) == 1

    desk.refusal = troubles.busy("Desk")
    other, told = bus.cameras.open(), threading.Event()

    def hear(_error: object) -> None:
        other.close()
        told.set()

    other.start(bus.seen, hear)
    assert told.wait(PATIENCE)


def test_a_camera_that_is_closed_while_it_opens_lets_go_of_the_device(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    opening, go_on = threading.Event(), threading.Event()
    really = bus.open

    def slow(device: CameraDevice) -> Any:
        capture = really(device)
        opening.set()
        go_on.wait(PATIENCE)
        return capture

    camera = Cameras(bus.find, slow).open()
    camera.start(bus.seen, bus.troubled)
    assert opening.wait(PATIENCE)
    camera.close()
    go_on.set()
    assert desk.went_out.wait(PATIENCE)
    assert bus.pictures.empty()
    assert desk.asked == {}


def test_a_camera_that_is_closed_while_it_is_looked_for_is_not_opened(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    looking, go_on = threading.Event(), threading.Event()

    def slow() -> tuple[CameraDevice, ...]:
        looking.set()
        go_on.wait(PATIENCE)
        return bus.find()

    go_on.set()
    camera = Cameras(slow, bus.open).open()
    go_on.clear()
    looking.clear()
    camera.start(bus.seen, bus.troubled)
    assert looking.wait(PATIENCE)
    camera.close()
    assert not camera.over
    go_on.set()
    until(lambda: camera.over)
    assert desk.opened_on == []


def test_nothing_is_called_after_close_though_a_picture_is_just_being_made(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    desk.may_fetch.clear()
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    assert desk.fetching.wait(PATIENCE)

    camera.close()
    desk.may_fetch.set()

    assert desk.went_out.wait(PATIENCE)
    assert bus.pictures.empty()


def test_who_closes_it_when_told_that_it_is_well_again_sees_no_picture(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    desk.refusal = troubles.busy("Desk")
    camera, told = bus.cameras.open(), threading.Event()

    def hear(error: object) -> None:
        told.set()
        if error is None:
            camera.close()

    camera.start(bus.seen, hear)
    assert told.wait(PATIENCE)
    desk.refusal = None
    until(lambda: camera.over)
    assert bus.pictures.empty()


def test_what_went_wrong_is_told_at_once(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "LOOK_SECONDS", 600)
    bus.plug_in("Desk").refusal = troubles.busy("Desk")
    bus.cameras.open().start(bus.seen, bus.troubled)
    assert "close the other program" in (bus.trouble() or "")


def test_unplugged_and_plugged_in_again_at_another_index_it_goes_on(bus: Bus) -> None:
    bus.plug_in("Door")
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open("Desk")
    camera.start(bus.seen, bus.troubled)
    bus.picture()

    desk.unplug()
    assert bus.trouble() == "Desk is unplugged: plug it in again, or choose another camera"
    assert desk.went_out.wait(PATIENCE)

    desk.plug_in(index=7)
    desk.shade = 200
    assert bus.trouble() is None
    assert bus.picture().y.mean() > 150
    assert bus.troubles.empty()


def test_a_plug_that_is_pulled_while_a_read_hangs_is_noticed_and_does_not_matter(
    bus: Bus, impatient: Callable[[], None]
) -> None:
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    bus.picture()

    desk.stall()
    desk.plugged = False
    impatient()
    assert bus.trouble() == "Desk is unplugged: plug it in again, or choose another camera"
    looks = bus.looks
    until(lambda: bus.looks > looks + 2)
    assert bus.troubles.empty()

    desk.plug_in(index=3)
    assert bus.trouble() is None
    bus.picture()
    assert desk.light == 2
    desk.flow()


def test_default_goes_on_with_another_camera(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    bus.plug_in("Door").shade = 200
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    assert bus.picture().y.mean() < 100

    desk.unplug()

    assert bus.trouble() == "Desk is unplugged: plug it in again, or choose another camera"
    assert bus.trouble() is None
    assert bus.picture().y.mean() > 150
    assert camera.device == "Door"


def test_default_waits_for_a_camera(bus: Bus) -> None:
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    assert bus.trouble() == "there is no camera: plug one in"
    bus.plug_in("Desk")
    assert bus.trouble() is None
    bus.picture()


def test_a_busy_camera_is_tried_again_and_complained_of_once(bus: Bus) -> None:
    desk = bus.plug_in("Desk")
    desk.refusal = troubles.busy("Desk")
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    assert bus.trouble() == "Desk does not open: close the other program that uses it"
    until(lambda: len(desk.opened_on) >= 2)
    assert bus.troubles.empty()

    desk.refusal = None

    assert bus.trouble() is None
    bus.picture()


def test_garbage_is_told_and_forgiven(bus: Bus, impatient: Callable[[], None]) -> None:
    desk = bus.plug_in("Desk")
    camera = bus.cameras.open()
    camera.start(bus.seen, bus.troubled)
    bus.picture()

    camera.ask(Shape(1280, 720, 15))
    desk.damaged = True
    impatient()
    assert (bus.trouble() or "").startswith("Desk gives pictures that cannot be read: unplug it")
    desk.damaged = False

    assert bus.trouble() is None
    bus.picture()
    assert len(desk.opened_on) == 1


def test_a_camera_that_gives_nothing_for_long_is_opened_anew(
    bus: Bus, impatient: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = bus.plug_in("Desk")
    bus.cameras.open().start(bus.seen, bus.troubled)
    bus.picture()
    desk.damaged = True
    impatient()
    assert (bus.trouble() or "").startswith("Desk gives pictures that cannot be read")
    monkeypatch.setattr(reading, "LOST_SECONDS", 0.6)
    until(lambda: len(desk.opened_on) >= 2)
    desk.damaged = False
    assert bus.trouble() is None


@pytest.mark.expects_log
def test_a_fault_of_ours_is_told_and_ends_neither_the_camera_nor_anybody(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    bus.plug_in("Desk")
    camera = bus.cameras.open()
    faults = [ZeroDivisionError("oh")]

    def see(picture: Any) -> None:
        if faults:
            raise faults.pop()
        bus.seen(picture)

    camera.start(see, bus.troubled)
    assert bus.trouble() == "Desk failed: oh"
    assert bus.trouble() is None
    bus.picture()
    assert [r.levelno for r in caplog.records if r.levelno > logging.INFO] == [logging.ERROR]


def test_a_process_may_end_with_a_camera_open(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from camera_feed import Bus
bus = Bus(Path(sys.argv[1]))
bus.plug_in("Desk")
bus.cameras.open().start(bus.seen, bus.troubled)
print(bus.picture().width)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "160\n", "")


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
