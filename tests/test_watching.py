"""The far side's pictures on their way in, over a way that loses: all of them where they are sent
again, and always again some where they are not."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    is_rtcp,
)

from peace import in_peace
from sights import Hand, two, until
from talking import Eye, Lens
from twocan import events
from twocan.media.descriptions import PICTURES_OFFERED, PLI, VP8, PictureCodecs
from twocan.media.pictures.filming.pattern import Mark, draw
from twocan.media.pictures.picture import Coded, Picture
from twocan.media.sound import Samples

ONLY_PLI = PictureCodecs(replace(VP8, feedback=(PLI,)))
NOTHING = PictureCodecs(replace(VP8, feedback=()))


def every(nth: int, after: int = 0) -> Callable[[bytes], bool]:
    """Loses each so many of the packets of pictures, but not what is sent again."""
    seen: dict[tuple[int, int], int] = {}

    def loses(data: bytes) -> bool:
        if is_rtcp(data):
            return False
        packet = RtpPacket.parse(data)
        name = packet.payload_type, packet.sequence_number
        if packet.payload_type != VP8.id or name in seen:
            return False
        seen[name] = len(seen) + 1
        return seen[name] > after and seen[name] % nth == 0

    return loses


async def test_pictures_are_seen_in_order_and_all_of_them() -> None:
    async with two(Lens) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        marks = await screen_end.screen.sees(20)
        assert [mark.frame for mark in marks] == sorted({mark.frame for mark in marks})
        assert screen_end.received.lost == 0
        assert camera_end.sent.key_frames == 1
        assert screen_end.feedback(RtcpPsfbPacket, RTCP_PSFB_APP) > 0
        assert [e for e in screen_end.events if isinstance(e, events.FirstPicture)] == [
            events.FirstPicture()
        ]
        assert screen_end.received.glass_to_glass_ms is not None


@pytest.mark.parametrize(
    "codecs", [PICTURES_OFFERED, PictureCodecs(VP8)], ids=["as-rtx", "as-it-was"]
)
async def test_what_is_lost_comes_again_and_no_picture_is_missing(codecs: PictureCodecs) -> None:
    async def key_frames() -> tuple[int, int]:
        """How many were sent, and asked for."""
        async with two(Lens, codecs=codecs, loses=every(6)) as (camera_end, screen_end):
            camera_end.show()
            assert isinstance(screen_end.screen, Eye)
            await screen_end.screen.sees(25)
            assert screen_end.received.repaired
            assert screen_end.received.repaired >= 3
            assert camera_end.sent.repaired
            sent, assembly = camera_end.sent.frames, screen_end.sight._watching._assembly
            await until(lambda: assembly.counters.frames >= sent)
            asked = screen_end.feedback(RtcpPsfbPacket, RTCP_PSFB_PLI)
            return camera_end.sent.key_frames, asked

    # Without RTX, one more for those who do not ask.
    most = 1 if codecs.rtx else 2
    # What is held up for long is given up: a key frame is there sooner.
    sent, asked = await in_peace(key_frames, lambda keys: keys[0] <= most and not keys[1])
    assert (sent <= most, asked) == (True, 0)


async def test_without_negative_acknowledgements_key_frames_are_asked_for() -> None:
    async with two(Lens, codecs=ONLY_PLI, loses=every(12, after=8)) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        await screen_end.screen.sees(10)
        assert screen_end.feedback(RtcpRtpfbPacket, RTCP_RTPFB_NACK) == 0
        assert screen_end.feedback(RtcpPsfbPacket, RTCP_PSFB_PLI) > 0
        await until(lambda: camera_end.sent.key_frames > 2)
        assert camera_end.sent.repaired == 0


async def test_who_understands_nothing_is_asked_nothing() -> None:
    async with two(Lens, codecs=NOTHING) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        await screen_end.screen.sees(10)
        camera_end.wire.loses = lambda _data: True
        await asyncio.sleep(0.1)
        camera_end.wire.loses = lambda _data: False
        await asyncio.sleep(0.5)
        for fmt in (RTCP_PSFB_APP, RTCP_PSFB_PLI):
            assert screen_end.feedback(RtcpPsfbPacket, fmt) == 0
        assert camera_end.sent.key_frames <= 2


async def test_pictures_are_back_after_the_way_was_gone() -> None:
    async with two(Lens) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        await screen_end.screen.sees(10)
        camera_end.wire.loses = screen_end.wire.loses = lambda _data: True
        await asyncio.sleep(0.5)
        camera_end.wire.loses = screen_end.wire.loses = lambda _data: False
        marks = await screen_end.screen.sees(10)
        assert [mark.frame for mark in marks] == sorted({mark.frame for mark in marks})


async def test_what_is_not_to_be_watched_is_not_shown_and_goes_on_later() -> None:
    async with two(Lens) as (camera_end, screen_end):
        camera_end.show()
        eye = screen_end.screen
        assert isinstance(eye, Eye)
        await eye.sees(5)
        screen_end.sight.flow(showing=False, watching=False)
        # What is just being decoded.
        before = -1
        while before != (before := len(eye.sizes)):
            await asyncio.sleep(0.05)
        shown, frames = len(eye.sizes), screen_end.received.frames
        await asyncio.sleep(0.2)
        assert len(eye.sizes) == shown
        assert screen_end.received.frames == frames
        assert screen_end.received.freezes == 0
        screen_end.sight.flow(showing=False, watching=True)
        await eye.sees(3)
        assert camera_end.sent.key_frames == 1


class Bad:
    """A screen that fails, or is held up, at each picture."""

    def __init__(self, does: Callable[[], object]) -> None:
        self._does = does
        self.shown = 0

    def hear(self, block: Samples, at: float) -> None: ...

    def show(self, picture: Picture, coded: Coded) -> None:
        self.shown += 1
        self._does()

    def close(self) -> None: ...


@pytest.mark.expects_log
async def test_a_screen_that_fails_is_shown_the_next_picture(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("no window")

    screen = Bad(fail)
    async with two(Lens, screen=screen) as (camera_end, screen_end):
        camera_end.show()
        await until(lambda: screen.shown > 10)
        assert screen_end.received.frames == 0
    # What goes on being wrong is said once.
    assert caplog.text.count("could not be shown") == 1


async def test_a_screen_that_is_slow_holds_up_nobody_but_itself() -> None:
    goes_on, held_up = threading.Event(), []

    def wait() -> None:
        held_up.append(not goes_on.wait(10))
        if screen.shown < 4:
            goes_on.clear()

    screen = Bad(wait)
    async with two(Lens, screen=screen) as (camera_end, screen_end):
        camera_end.show()
        for shown in range(1, 5):
            await until(lambda: screen.shown == shown)  # noqa: B023
            # While it is at that picture, others are sent.
            frames = camera_end.sent.frames
            await until(lambda: camera_end.sent.frames > frames)  # noqa: B023
            assert screen.shown == shown
            goes_on.set()
        await until(lambda: len(held_up) >= 4)
        assert not any(held_up)
        assert screen_end.sight._watching._decoding is not None


@pytest.mark.expects_log
async def test_a_screen_that_hangs_does_not_keep_a_call_from_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("twocan.media.pictures.receiving.decoding._LETS_GO", 0.1)
    goes_on = threading.Event()
    screen = Bad(lambda: goes_on.wait(60))
    async with two(Lens, screen=screen) as (camera_end, _screen_end):
        camera_end.show()
        await until(lambda: screen.shown == 1)
    assert not goes_on.is_set()
    goes_on.set()


async def test_nothing_is_asked_for_after_the_end() -> None:
    camera = Hand()
    async with two(lambda: camera, loses=every(3)) as (camera_end, screen_end):
        camera_end.show()
        await camera.film(10)
        await screen_end.sight.close()
        said = len(screen_end.wire.said)
        screen_end.sight._watching._broken()
        await camera.film(5)
        await asyncio.sleep(0.2)
        assert len(screen_end.wire.said) == said


async def test_it_is_closed_in_every_state() -> None:
    camera = Hand()
    async with two(lambda: camera) as (camera_end, screen_end):
        await screen_end.sight.close()
        camera_end.show()
        await camera.film(3)
        await camera_end.sight.close()
        assert camera.closed == 1


async def test_the_voice_no_longer_waits_for_pictures_that_are_over() -> None:
    async with two(Lens) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        await screen_end.screen.sees(3)
        await screen_end.sight.close()
        assert screen_end.voice_waits[-1] == 0.0


async def test_a_test_picture_of_another_clock_tells_no_delay() -> None:
    class Elsewhere(Lens):
        """A pattern on a machine whose clock began at another time."""

        def give(self, picture: Picture) -> None:
            super().give(replace(elsewhere, at=picture.at))

    elsewhere = draw(Mark(1, time.monotonic() + 1e6), 160, 90)
    async with two(Elsewhere) as (camera_end, screen_end):
        camera_end.show()
        assert isinstance(screen_end.screen, Eye)
        await screen_end.screen.sees(3)
        assert screen_end.received.glass_to_glass_ms is None
