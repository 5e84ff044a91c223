"""What pictures came to, as the report says it, also where they were begun more than once."""

import pytest

from twocan.media.pictures.figures import NO_PICTURES, PictureStream, SightFigures, together

SENT = PictureStream(
    packets=10, bytes=5000, lost=1, frames=30, key_frames=1, width=1280, height=720, seconds=2.0
)
RECEIVED = PictureStream(
    packets=9,
    bytes=4000,
    frames=20,
    key_frames=1,
    width=640,
    height=360,
    seconds=1.0,
    repaired=2,
    freezes=1,
    freeze_ms=250.0,
    glass_to_glass_ms=80.04,
    av_skew_ms=-3.0,
)


def test_rates_are_of_the_time_in_which_there_were_to_be_pictures() -> None:
    assert SENT.fps == 15
    assert SENT.bitrate_kbps == 20
    assert PictureStream(frames=3, bytes=5).fps == 0
    assert PictureStream(frames=3, bytes=5).bitrate_kbps == 0


def test_figures_are_said_to_a_tenth_and_what_a_direction_has_not_is_left_out() -> None:
    said = RECEIVED.as_dict()
    assert said["glass_to_glass_ms"] == 80.0
    assert said["fps"] == 20
    assert said["freezes"] == 1
    assert said["jitter_ms"] is None
    assert "seconds" not in said
    assert not {"freezes", "freeze_ms", "glass_to_glass_ms", "av_skew_ms"} & set(SENT.as_dict())


def test_a_call_without_pictures_says_that_there_were_none() -> None:
    assert together(()) == NO_PICTURES
    assert NO_PICTURES.received.as_dict()["freezes"] == 0
    assert NO_PICTURES.sent.as_dict()["frames"] == 0


def test_pictures_that_were_begun_anew_are_added_up() -> None:
    whole = together((SightFigures(SENT, RECEIVED), SightFigures(SENT, RECEIVED)))
    assert whole.sent.frames == 60
    assert whole.sent.seconds == 4
    assert whole.sent.fps == 15
    assert whole.received.repaired == 4
    assert (whole.received.freezes, whole.received.freeze_ms) == (2, 500.0)
    assert whole.received.width == 640


@pytest.mark.parametrize(("latest", "said"), [(5.0, 5.0), (0.0, 0.0), (None, -3.0)])
def test_of_what_cannot_be_added_up_the_latest_is_said(latest: float | None, said: float) -> None:
    later = SightFigures(PictureStream(), PictureStream(av_skew_ms=latest))
    whole = together((SightFigures(SENT, RECEIVED), later))
    assert whole.received.av_skew_ms == said
    # There was no picture yet that could have another size.
    assert (whole.received.width, whole.received.height) == (640, 360)
