"""Our pictures on their way out: only while they are shown, as large as the network bears, with a
key frame where one is asked for and none besides; and cameras that do what no camera should."""

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from aiortc import RTCDtlsTransport

from rtp_wire import Wire
from sights import SIZE, End, Hand, picture, two, until
from twocan.media.adaptation import Report
from twocan.media.descriptions import PICTURE_EXTENSIONS, PICTURES_OFFERED
from twocan.media.pictures.picture import Camera, Picture, PictureError, Seen, Shape
from twocan.media.pictures.picture_rtp import Arrived, PictureRtp, Repairs
from twocan.media.pictures.sending.sending import Sending
from virtual_time import in_virtual_time

PIXELS = SIZE[0] * SIZE[1]


def keys(end: End) -> int:
    return end.sent.key_frames


# Only while they are shown


async def test_nothing_is_filmed_before_it_is_shown() -> None:
    opened: list[Hand] = []

    def open_camera() -> Hand:
        opened.append(Hand())
        return opened[-1]

    async with two(open_camera) as (camera_end, _screen_end):
        await asyncio.sleep(0.05)
        assert not opened
        assert not camera_end.packets


async def test_a_camera_that_is_warm_is_not_seen() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.sight.warm()
        await camera.film(5)
        assert not camera_end.packets
        camera_end.show()
        await camera.film(5)
        await until(lambda: len(camera_end.packets) > 0)
    assert camera.closed == 1


async def test_nothing_leaves_once_it_is_not_shown_any_more() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        await camera.film(10)
        await until(lambda: camera_end.sent.frames > 5)
        camera_end.show(on=False)
        assert camera.closed == 1
        said = [packet.sequence_number for packet in camera_end.packets]
        camera.seen(picture(1))  # as a camera may that is just being closed
        camera_end.sight.missed(said)
        assert camera_end.sight._sending._outlet._pacer.waiting == 0
        camera_end.sight.key_wanted()
        camera_end.sight.estimated(3_000_000)
        await asyncio.sleep(0.1)
        assert len(camera_end.packets) == len(said)


async def test_what_a_closed_camera_sees_is_not_shown_by_the_next_one() -> None:
    first, second = Hand(), Hand()
    cameras = iter((first, second))
    async with two(lambda: next(cameras)) as (camera_end, _screen_end):
        camera_end.show()
        camera_end.show(on=False)
        camera_end.show()
        first.seen(picture(1))
        first.troubled(PictureError("it is gone: plug it in"))
        await asyncio.sleep(0.05)
        assert camera_end.sent.frames == 0
        assert camera_end.problems == []
        await second.film(2)
        await until(lambda: camera_end.sent.frames > 0)


async def test_the_last_wish_counts_however_often_it_changes() -> None:
    cameras: list[Hand] = []

    def open_camera() -> Hand:
        cameras.append(Hand())
        return cameras[-1]

    before = threading.active_count()
    async with two(open_camera) as (camera_end, _screen_end):
        for _ in range(200):
            camera_end.show()
            camera_end.show(on=False)
        assert len(cameras) == 200
        assert all(camera.closed == 1 for camera in cameras)
        camera_end.show()
        await cameras[-1].film(3)
        await until(lambda: camera_end.sent.frames > 0)
        assert cameras[-1].closed == 0
        await until(lambda: threading.active_count() <= before + 4)
    assert cameras[-1].closed == 1


async def test_to_show_what_is_shown_changes_nothing() -> None:
    cameras: list[Hand] = []

    def open_camera() -> Hand:
        cameras.append(Hand())
        return cameras[-1]

    async with two(open_camera) as (camera_end, _screen_end):
        camera_end.show()
        camera_end.show()
        assert len(cameras) == 1


async def test_it_is_closed_in_every_state() -> None:
    untouched, started, shown, hidden, warm = (alone(Hand()) for _ in range(5))
    for sending in (started, shown, hidden):
        sending.start(PICTURES_OFFERED)
    for sending in (shown, hidden):
        sending.show(on=True)
    hidden.show(on=False)
    warm.warm()
    for sending in (untouched, started, shown, hidden, warm):
        await sending.close()
        await sending.close()
        sending.show(on=True)
        sending.key_wanted()
        sending.missed([1])
        sending.estimated(1)
        await sending._rtp.close()


class Deaf:
    """Who wants to know nothing (picture_rtp.Listener)."""

    def arrived(self, arrived: Arrived) -> None: ...

    def reported(self, report: Report) -> None: ...

    def missed(self, sequences: Sequence[int]) -> None: ...

    def key_wanted(self) -> None: ...

    def estimated(self, bitrate: int) -> None: ...


def alone(camera: Hand) -> Sending:
    """Who sends this into nowhere."""
    wire = Wire(0)
    wire.loses = lambda _data: True
    rtp = PictureRtp("cname", Deaf())
    rtp.begin(cast(RTCDtlsTransport, wire), "video", PICTURES_OFFERED, PICTURE_EXTENSIONS, ())
    return Sending(rtp, lambda: camera, lambda _problem: None)


# Key frames


async def test_there_is_one_key_frame_and_another_where_one_is_asked_for() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        await camera.film(40)
        await until(lambda: camera_end.sent.frames > 0)
        assert keys(camera_end) == 1
        camera_end.sight.key_wanted()
        await camera.film(5)
        await until(lambda: keys(camera_end) == 2)
        await camera.film(40)
        assert keys(camera_end) == 2


async def test_a_thousand_requests_a_second_are_answered_as_a_few() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        began = asyncio.get_running_loop().time()
        for number in range(100):
            for _ in range(10):
                camera_end.sight.key_wanted()
            camera.seen(picture(number))
            await asyncio.sleep(0.01)
        lasted = asyncio.get_running_loop().time() - began
        assert 2 <= keys(camera_end) <= 2 + lasted / 0.4


async def test_a_key_frame_answers_all_who_asked_before_it() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        camera_end.sight.key_wanted()
        await camera.film(40)
        await until(lambda: camera_end.sent.frames > 0)
        assert keys(camera_end) == 1


async def test_pictures_of_another_size_begin_with_a_key_frame() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        await camera.film(3)
        await until(lambda: camera_end.sent.frames > 0)
        camera.seen(picture(4, 80, 48))
        await until(lambda: keys(camera_end) == 2)
        await until(lambda: screen_end.received.width == 80)


# As large as the network bears


async def ended(sending: Sending) -> None:
    """Close it in virtual time, in which a thread takes none."""
    sending.show(on=False)
    while any(encoding.running for encoding in sending._retired):
        await asyncio.sleep(0.01)
    await sending.close()
    await sending._rtp.close()


@in_virtual_time
async def test_pictures_become_smaller_and_larger_with_what_the_far_side_tells() -> None:
    camera = Hand()
    sending = alone(camera)
    sending.start(PICTURES_OFFERED)
    sending.show(on=True)

    async def tell(bitrate: int, seconds: float) -> Shape:
        for _ in range(int(seconds / 0.1)):
            sending.estimated(bitrate)
            await asyncio.sleep(0.1)
        return camera.asked[-1]

    assert camera.asked[0].height == 540
    assert (await tell(3_000_000, 2.0)).height == 720
    assert (await tell(300_000, 0.2)).height == 360
    assert (await tell(60_000, 0.7)).height == 180
    assert (await tell(3_000_000, 8.0)).height == 720
    await ended(sending)


@in_virtual_time
async def test_a_screen_in_the_cameras_place_keeps_its_size_and_comes_less_often() -> None:
    camera = Hand()
    sending = alone(camera)
    sending.start(PICTURES_OFFERED)
    sending.show(on=True)

    async def asked(text: bool) -> Shape:
        camera.text = text
        for _ in range(5):
            sending.estimated(300_000)
            await asyncio.sleep(0.1)
        return camera.asked[-1]

    filmed, shared, filmed_again = await asked(False), await asked(True), await asked(False)
    assert filmed.height == filmed_again.height < 540
    assert shared.height == 1080
    assert shared.rate < filmed.rate
    await ended(sending)


@pytest.mark.parametrize("bitrate", [0, 1, 1 << 81])
@in_virtual_time
async def test_estimates_that_are_nonsense_are_obeyed_within_reason(bitrate: int) -> None:
    camera = Hand()
    sending = alone(camera)
    sending.start(PICTURES_OFFERED)
    sending.show(on=True)
    for _ in range(1000):
        sending.estimated(bitrate)
        await asyncio.sleep(0.001)
    assert sending._coding is not None
    assert 40_000 <= sending._coding.bitrate <= 2_500_000
    assert len(camera.asked) < 10
    await ended(sending)


# What is sent again


async def test_who_asks_for_all_there_was_again_and_again_gets_a_part_of_the_rate() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        began, most = asyncio.get_running_loop().time(), 0
        for number in range(50):
            everything = [packet.sequence_number for packet in camera_end.packets]
            for _ in range(20):
                camera_end.sight.missed([*everything, *range(1000)])
            now = asyncio.get_running_loop().time()
            most = max(most, camera_end.sight._sending._rate.target(now))
            camera.seen(picture(number))
            await asyncio.sleep(0.02)
        lasted = asyncio.get_running_loop().time() - began
        _own, rtx = camera_end.sight.ssrcs
        again = [len(bytes(p.payload)) for p in camera_end.packets if p.ssrc == rtx]
        assert again
        assert 8 * sum(again) <= most * (0.2 + 0.5 * lasted)
        # The pictures themselves go on.
        await until(lambda: camera_end.sent.frames > 10)


def test_what_is_sent_again_is_a_part_of_the_rate_and_more_for_a_moment() -> None:
    repairs = Repairs()
    sizes = dict.fromkeys(range(100), 1000)
    assert len(repairs.take(sizes, 1_000_000, 5.0)) == 25
    assert len(repairs.take(sizes, 1_000_000, 5.0)) == 0
    assert len(repairs.take(sizes, 1_000_000, 5.1)) == 6
    assert len(repairs.take(sizes, 1_000_000, 50.0)) == 25


async def test_what_was_before_a_key_frame_is_not_sent_again() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        await camera.film(3)
        await until(lambda: camera_end.sent.frames > 0)
        old = [packet.sequence_number for packet in camera_end.packets]
        camera.seen(picture(4, 80, 48))
        await until(lambda: keys(camera_end) == 2 and len(camera_end.packets) > len(old))
        camera_end.sight.missed(old)
        await asyncio.sleep(0.05)
        assert camera_end.sent.repaired == 0


# Cameras that do what no camera should


def strange() -> dict[str, Picture]:
    """Pictures that are none."""
    good = picture(0)
    wide = np.zeros((2, 20_000), np.uint8)
    return {
        "flat": replace(good, y=good.y.ravel()),
        "deep": replace(good, y=np.zeros((96, 160, 3), np.uint8)),
        "of-words": replace(good, y=good.y.astype(np.uint16)),
        "empty": replace(good, y=good.y[:0]),
        "little-chroma": replace(good, u=good.u[:2, :2]),
        "chroma-apart": replace(good, v=good.v[:, :-1]),
        "5000x3000": picture(0, 5000, 3000),
        "20000x2": Picture(wide, wide[:1, ::2], wide[:1, ::2], good.at),
        "at-no-time": replace(good, at=math.nan),
        "at-the-end-of-time": replace(good, at=math.inf),
    }


@pytest.mark.parametrize("name", strange())
async def test_what_is_no_picture_is_left_out(name: str) -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        bad = strange()[name]
        camera.seen(bad)
        await camera.film(3)
        camera.seen(bad)
        await camera.film(3)
        encoding = camera_end.sight._sending._encoding
        assert encoding is not None
        assert encoding.unfit == 2
        await until(lambda: screen_end.received.frames > 0)
        assert screen_end.received.width == SIZE[0]
        assert keys(camera_end) == 1


@pytest.mark.parametrize("at", [-1e9, 0.0, 1e9])
async def test_the_time_that_a_camera_tells_does_no_harm(at: float) -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        began = asyncio.get_running_loop().time()
        await camera.film(2)
        for number in range(5):
            camera.seen(replace(picture(number), at=at))
            await asyncio.sleep(0.02)
        before = camera_end.sent.frames
        await camera.film(5)
        await until(lambda: camera_end.sent.frames > before)
        # As much later as it is, and not the least that there is.
        lasted = asyncio.get_running_loop().time() - began
        times = dict.fromkeys(packet.timestamp for packet in camera_end.packets)
        before_last, last = [*times][-2:]
        assert 500 < (last - before_last) % (1 << 32) < 90_000 * lasted
        await until(lambda: screen_end.received.frames > 2)


async def test_sizes_and_strides_that_are_odd_are_pictures() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        upside_down = picture(1)
        odd = (
            replace(upside_down, y=upside_down.y[::-1], u=upside_down.u[::-1]),
            replace(picture(2), u=np.full((80, 48), 90, np.uint8).T),
            replace(picture(3), y=np.broadcast_to(np.uint8(7), (96, 160))),
            picture(4, 1, 1),
            picture(5, 1, 300),
            picture(6, 301, 1),
        )
        for each in odd:
            before = camera_end.sent.frames
            camera.seen(replace(each, at=picture(0).at))
            await until(lambda: camera_end.sent.frames > before)  # noqa: B023
            await asyncio.sleep(0.02)
        size = odd[-1].width, odd[-1].height
        await until(lambda: (screen_end.received.width, screen_end.received.height) == size)


async def test_another_size_with_every_picture_is_survived() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        for number in range(40):
            camera.seen(picture(number, 16 + 7 * number % 90, 16 + 11 * number % 70))
            await asyncio.sleep(0.02)
        await camera.film(10)
        await until(lambda: (screen_end.received.width, screen_end.received.height) == SIZE)


async def test_a_camera_that_floods_does_not_get_the_coder_for_itself() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(1000):
            camera.seen(picture(number))
            await asyncio.sleep(0)
        await until(lambda: loop.time() > began + 0.5 and camera_end.sent.frames > 2)
        rate = camera.asked[-1].rate
        assert camera_end.sent.frames <= 2 * rate * (loop.time() - began) + 2


class Broken(Hand):
    """A camera that fails at what it is told."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        super().start(seen, troubled)
        self._fail("start")

    def ask(self, shape: Shape) -> None:
        super().ask(shape)
        self._fail("ask")

    def close(self) -> None:
        super().close()
        self._fail("close")

    def _fail(self, at: str) -> None:
        if at == self._at:
            raise OSError(f"no {at}")


@pytest.mark.expects_log
async def test_a_camera_that_cannot_be_started_is_closed_and_told_of() -> None:
    camera = Broken("start")
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        assert camera.closed == 1
        [problem] = camera_end.problems
        assert "no start" in (problem or "")
        camera.seen(picture(0))
        await asyncio.sleep(0.02)
        assert not camera_end.packets
        camera_end.show(on=False)


@pytest.mark.expects_log
@pytest.mark.parametrize("at", ["ask", "close"])
async def test_a_camera_that_fails_later_is_used_as_far_as_it_goes(at: str) -> None:
    camera = Broken(at)
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        camera_end.sight.estimated(60_000)
        await camera.film(5)
        await until(lambda: screen_end.received.frames > 0)
        camera_end.show(on=False)
        assert camera.closed == 1
        said = len(camera_end.packets)
        camera.seen(picture(0))
        await asyncio.sleep(0.02)
        assert len(camera_end.packets) == said


async def test_trouble_is_told_while_the_camera_is_shown() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, _screen_end):
        camera_end.show()
        camera.troubled(PictureError("it is gone: plug it in"))
        camera.troubled(None)
        await until(lambda: len(camera_end.problems) == 2)
        assert camera_end.problems == ["it is gone: plug it in", None]
        camera_end.show(on=False)
        camera.troubled(PictureError("it is gone: plug it in"))
        await asyncio.sleep(0.02)
        assert len(camera_end.problems) == 2


async def test_without_a_camera_a_person_is_told_to_choose_one() -> None:
    def none() -> Camera | None:
        return None

    async with two(none) as (camera_end, _screen_end):
        camera_end.show()
        assert camera_end.problems == ["there is no camera: choose one"]


async def test_a_camera_that_says_nothing_for_long_goes_on_as_if_nothing_were() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        camera_end.show()
        await camera.film(5)
        await asyncio.sleep(1.2)
        shown = screen_end.received.frames
        await camera.film(5)
        await until(lambda: screen_end.received.frames > shown)
        assert keys(camera_end) == 1
