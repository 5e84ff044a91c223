"""Calls with pictures with phones that are not ours: aiortc as it comes, over real ICE, DTLS and
SRTP on loopback, which codes, repairs and asks in its own ways.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from aiortc import RTCRtpSender

from stranger import Stranger, every, is_of, met
from talking import HIGH
from twocan import events
from twocan.messages import Content, Description, PayloadType

OUR_VP8, OUR_RTX = 96, 97
THEIR_VP8, THEIR_RTX = 97, 98
"""The payload types of who offers."""


@pytest.mark.parametrize("we_offer", [True, False], ids=["we-offer", "they-offer"])
@pytest.mark.parametrize("bundled", [True, False], ids=["bundled", "apart"])
async def test_pictures_and_sound_go_both_ways(we_offer: bool, bundled: bool) -> None:
    async with met(we_offer=we_offer, bundled=bundled) as (ours, stranger):
        seen, *_ = await asyncio.gather(
            stranger.sees(10), ours.eye.sees(10), stranger.hears(), ours.ear.hears(HIGH)
        )
        assert [mark.frame for mark in seen] == sorted({mark.frame for mark in seen})
        assert events.PicturesUp() in ours.events
        assert len({path.pair[0].port for path in ours.paths if path.pair}) == 2 - bundled


def without_feedback(kind: str, content: Content) -> Content:
    def left(codec: PayloadType) -> PayloadType:
        return replace(codec, feedback=tuple(f for f in codec.feedback if f.type != kind))

    return of_pictures(
        content, lambda of: replace(of, payload_types=tuple(map(left, of.payload_types)))
    )


def without_rtx(content: Content) -> Content:
    return of_pictures(
        content,
        lambda of: replace(
            of,
            payload_types=tuple(codec for codec in of.payload_types if codec.name != "rtx"),
            source_groups=(),
            sources=of.sources[:1],
        ),
    )


def without_send_time(content: Content) -> Content:
    return of_pictures(
        content,
        lambda of: replace(
            of, extensions=tuple(each for each in of.extensions if "send-time" not in each.uri)
        ),
    )


def of_pictures(content: Content, left: Callable[[Description], Description]) -> Content:
    described = content.description
    if described is None or described.media != "video":
        return content
    return replace(content, description=left(described))


untold = partial(without_feedback, "goog-remb")
"""aiortc begins anew with a key picture whenever it is told another bit rate."""


# --- Losses ---------------------------------------------------------------------------------------


async def test_what_a_stranger_misses_is_sent_again() -> None:
    async with met() as (ours, stranger):
        await stranger.sees()
        ours.lose(every(5, is_of(OUR_VP8)))
        await stranger.sees(40)
        sent = (await ours.figures()).sent
        assert sent.repaired >= 6
        assert sent.key_frames == 1


async def test_what_a_stranger_sends_and_we_miss_is_asked_for() -> None:
    async with met(we_offer=False, changed=untold) as (ours, stranger):
        await ours.eye.sees()
        stranger.lose(every(5, is_of(THEIR_VP8)))
        await ours.eye.sees(40)
        received = (await ours.figures()).received
        assert received.repaired >= 6
        assert received.key_frames == 1


async def test_where_there_is_no_rtx_packets_are_sent_again_as_they_were() -> None:
    async with met(changed=without_rtx) as (ours, stranger):
        await asyncio.gather(ours.eye.sees(), stranger.sees())
        ours.lose(every(5, is_of(OUR_VP8)))
        stranger.lose(every(5, is_of(OUR_VP8)))
        await asyncio.gather(ours.eye.sees(30), stranger.sees(30))
        pictures = await ours.figures()
        assert pictures.sent.repaired >= 4
        assert pictures.received.repaired >= 4


async def test_a_stranger_that_asks_for_a_key_picture_gets_one() -> None:
    async with met() as (ours, stranger):
        await stranger.sees()
        before = (await ours.figures()).sent.key_frames
        # One is sent so soon after another only once.
        await asyncio.sleep(0.5)
        await stranger.ask_for_key_picture()
        while (await ours.figures()).sent.key_frames == before:
            await stranger.sees()
        assert (await ours.figures()).sent.key_frames == before + 1


async def test_who_has_no_rtx_gets_a_key_picture_more_once_something_came() -> None:
    # Dino takes nothing before its own path is up, and does not ask for what it missed.
    async with met(changed=without_rtx) as (ours, stranger):
        while (await ours.figures()).sent.key_frames < 2:
            await stranger.sees()
        await stranger.sees(20)
        assert (await ours.figures()).sent.key_frames == 2


async def test_what_cannot_be_repaired_begins_anew_with_a_key_picture_of_the_stranger() -> None:
    async with met(we_offer=False, changed=untold) as (ours, stranger):
        await ours.eye.sees()
        lost = asyncio.Event()
        stranger.lose(lambda data: not lost.is_set() and is_of(THEIR_VP8, THEIR_RTX)(data))
        filmed = stranger.camera.filmed
        while stranger.camera.filmed < filmed + 20:
            await stranger.sees()
        lost.set()
        await ours.eye.sees(10)
        assert (await ours.figures()).received.key_frames >= 2


# --- What is agreed on ----------------------------------------------------------------------------


async def test_an_offer_with_pictures_of_another_kind_is_answered_with_sound_alone() -> None:
    def speaks_h264(stranger: Stranger) -> None:
        codecs = RTCRtpSender.getCapabilities("video").codecs
        stranger.pictures.setCodecPreferences([c for c in codecs if c.mimeType == "video/H264"])

    async with met(we_offer=False, prepared=speaks_h264) as (ours, stranger):
        await asyncio.gather(stranger.hears(), ours.ear.hears(HIGH))
        assert events.PicturesUp() not in ours.events
        assert stranger.pictures.currentDirection == "inactive"
        assert not ours.lenses


@pytest.mark.parametrize("we_offer", [True, False], ids=["we-offer", "they-offer"])
@pytest.mark.parametrize(
    "changed",
    [
        untold,
        partial(without_feedback, "nack"),
        without_rtx,
        without_send_time,
    ],
    ids=["goog-remb", "nack", "rtx", "abs-send-time"],
)
async def test_pictures_flow_without(changed: Callable[[Content], Content], we_offer: bool) -> None:
    async with met(we_offer=we_offer, changed=changed) as (ours, stranger):
        await asyncio.gather(stranger.sees(5), ours.eye.sees(5))
