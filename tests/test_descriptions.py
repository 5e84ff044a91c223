"""What is taken of pictures that are offered, whatever else stands beside them."""

from dataclasses import replace

import pytest

from twocan.media import descriptions
from twocan.media.descriptions import (
    FIR,
    NACK,
    PICTURE_EXTENSIONS,
    PICTURES_OFFERED,
    PLI,
    REMB,
    RTX,
    VIDEO,
    VP8,
    PictureCodecs,
    common,
    picture_codecs,
    pictures,
)
from twocan.messages import Content, Description, Feedback, HeaderExtension, PayloadType

H264 = PayloadType(102, "H264", 90000, feedback=(NACK, PLI))
THEIR_VP8 = replace(VP8, id=100)
THEIR_RTX = replace(RTX, id=101, parameters=(("apt", "100"),))


def offered(
    *codecs: PayloadType, media: str = VIDEO, feedback: tuple[Feedback, ...] = ()
) -> Content:
    return Content(
        "video",
        "initiator",
        description=Description(media, payload_types=codecs, feedback=feedback),
    )


def taken(*codecs: PayloadType, feedback: tuple[Feedback, ...] = ()) -> PictureCodecs | None:
    return picture_codecs(offered(*codecs, feedback=feedback))


def test_what_we_offer_is_what_we_take() -> None:
    assert taken(*PICTURES_OFFERED.all) == PICTURES_OFFERED


def test_their_numbers_are_used() -> None:
    codecs = taken(H264, THEIR_RTX, THEIR_VP8)
    assert codecs is not None
    assert (codecs.vp8.id, codecs.rtx and codecs.rtx.id) == (100, 101)
    assert codecs.rtx is not None
    assert dict(codecs.rtx.parameters) == {"apt": "100"}


@pytest.mark.parametrize(
    "codecs",
    [(), (H264,), (RTX,), (replace(VP8, clockrate=48000),), (replace(VP8, name="VP80"),)],
    ids=["nothing", "H264", "only-rtx", "another-clock", "another-name"],
)
def test_without_vp8_there_are_no_pictures(codecs: tuple[PayloadType, ...]) -> None:
    assert taken(*codecs) is None


def test_sound_and_nothing_at_all_are_no_pictures() -> None:
    assert picture_codecs(offered(VP8, media="audio")) is None
    assert picture_codecs(Content("video", "initiator")) is None


def test_names_are_the_same_however_they_are_written() -> None:
    assert taken(replace(VP8, name="vp8"), replace(RTX, name="RTX")) == PICTURES_OFFERED


@pytest.mark.parametrize(
    "rtx",
    [
        replace(RTX, parameters=()),
        replace(RTX, parameters=(("apt", "102"),)),
        replace(RTX, parameters=(("apt", "many"),)),
        replace(RTX, id=VP8.id),
        replace(RTX, clockrate=8000),
    ],
    ids=["of-nothing", "of-another", "of-nonsense", "of-its-own-number", "of-another-clock"],
)
def test_what_repairs_something_else_is_not_taken(rtx: PayloadType) -> None:
    codecs = taken(VP8, rtx)
    assert codecs is not None
    assert codecs.rtx is None
    assert codecs.all == (VP8,)


def test_without_acknowledgements_nothing_is_sent_again() -> None:
    codecs = taken(replace(VP8, feedback=(PLI, REMB)), RTX)
    assert codecs == PictureCodecs(replace(VP8, feedback=(PLI, REMB)))


def test_only_feedback_that_both_know_is_taken() -> None:
    odd = Feedback("transport-cc")
    codecs = taken(replace(VP8, feedback=(odd, PLI, Feedback("nack", "rpsi"))))
    assert codecs is not None
    assert codecs.vp8.feedback == (PLI,)


def test_feedback_beside_the_codecs_is_of_all_of_them() -> None:
    codecs = taken(replace(VP8, feedback=(PLI,)), RTX, feedback=(NACK, FIR))
    assert codecs is not None
    assert codecs.vp8.feedback == (NACK, PLI, FIR)
    assert codecs.rtx == RTX


def test_of_many_the_first_counts() -> None:
    many = [replace(VP8, id=number, feedback=()) for number in range(96, 126)]
    codecs = taken(*many)
    assert codecs is not None
    assert codecs.vp8.id == 96


def test_header_extensions_have_their_numbers_and_those_we_do_not_know_are_left_out() -> None:
    mid, sent = PICTURE_EXTENSIONS
    theirs = (
        HeaderExtension(9, sent.uri),
        HeaderExtension(3, "urn:example:other"),
        HeaderExtension(4, mid.uri),
    )
    description = Description(VIDEO, extensions=theirs)
    assert common(description, PICTURE_EXTENSIONS) == (theirs[0], theirs[2])
    assert common(None, PICTURE_EXTENSIONS) == ()


def test_both_our_streams_are_announced_and_which_repairs_which() -> None:
    said = pictures(PICTURES_OFFERED, PICTURE_EXTENSIONS, 5, 6, "cname")
    assert [source.ssrc for source in said.sources] == [5, 6]
    [group] = said.source_groups
    assert (group.semantics, group.ssrcs) == ("FID", (5, 6))
    assert said.rtcp_mux


def test_without_rtx_there_is_one_stream() -> None:
    said = pictures(PictureCodecs(VP8), (), 5, 6, "cname")
    assert [source.ssrc for source in said.sources] == [5]
    assert said.source_groups == ()
    content = Content("video", "initiator", description=said)
    assert descriptions.ssrcs(content) == (5,)
    assert descriptions.ssrcs(Content("video", "initiator")) == ()
