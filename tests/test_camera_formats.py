"""What cameras send, made I420 of limited range: against libswscale, and against damage."""

from collections.abc import Callable
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from hypothesis import given
from hypothesis import strategies as st

from camera_feed import jpeg
from twocan.media.pictures.cameras.formats import Jpeg, Planes, fitted, from_bgr, from_yuyv
from twocan.media.pictures.filming.pace import Pace
from twocan.media.pictures.picture import Plane, Shape

HD = Shape(1280, 720, 30)

# --- formats ---------------------------------------------------------------------------------


def scene(width: int, height: int) -> Plane:
    """Colours that change slowly, as blue, green and red."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    channels = np.stack([x, y, 1 - x * y], axis=-1)
    made: Plane = np.rint(channels * 255).astype(np.uint8)
    return made


def reference(picture: Plane, wide: int, high: int) -> Planes:
    """What libswscale makes of it: BT.601 in limited range."""
    frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
    made = frame.reformat(
        width=wide, height=high, format="yuv420p", dst_colorspace="ITU601", dst_color_range="MPEG"
    ).to_ndarray()
    flat, luma = made.reshape(-1).astype(np.uint8), wide * high
    y, u, v = flat[:luma], flat[luma : luma * 5 // 4], flat[luma * 5 // 4 :]
    half = (high // 2, wide // 2)
    return y.reshape(high, wide), u.reshape(half), v.reshape(half)


def compressed(picture: Plane, layout: str) -> Plane:
    """Motion JPEG of a camera: full range, in the subsampling of the layout."""
    codec = av.CodecContext.create("mjpeg", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.height, codec.width = picture.shape[:2]
    codec.pix_fmt, codec.time_base = layout, Fraction(1, 30)
    codec.options = {"qmin": "1", "qmax": "1"}
    frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(
        format=layout, dst_colorspace="ITU601", dst_color_range="JPEG"
    )
    packets = [*codec.encode(frame), *codec.encode(None)]
    return np.frombuffer(b"".join(map(bytes, packets)), np.uint8).reshape(1, -1)


def raw(picture: Plane) -> Plane:
    """YUYV as V4L2 delivers it."""
    height, width = picture.shape[:2]
    frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(
        format="yuyv422", dst_colorspace="ITU601", dst_color_range="MPEG"
    )
    samples = np.frombuffer(bytes(frame.planes[0]), np.uint8).reshape(height, -1)
    return samples[:, : width * 2].reshape(1, -1)


def by_jpeg(layout: str) -> Callable[[Plane, Shape], Planes | None]:
    return lambda picture, shape: Jpeg()(compressed(picture, layout), shape)


def by_yuyv(picture: Plane, shape: Shape) -> Planes | None:
    height, width = picture.shape[:2]
    return from_yuyv(raw(picture), width, height, shape)


WAYS = {
    "bgr": from_bgr,
    "yuyv": by_yuyv,
    "420": by_jpeg("yuvj420p"),
    "422": by_jpeg("yuvj422p"),
    "444": by_jpeg("yuvj444p"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [(640, 360), (480, 270), (320, 180), (160, 90)])
def test_every_format_becomes_the_same_picture_in_every_size(
    way: str, size: tuple[int, int]
) -> None:
    picture = scene(640, 360)

    got = WAYS[way](picture, Shape(*size, 30))

    assert got is not None
    expected = reference(picture, size[0], size[1] // 2 * 2)
    for plane, right in zip(got, expected, strict=True):
        assert plane.shape == right.shape
        assert plane.dtype == np.uint8
        assert plane.strides[1] == 1
        assert np.abs(plane.astype(int) - right).max() <= 4
        assert np.abs(plane.astype(int) - right).mean() < 1.5


@pytest.mark.parametrize("way", WAYS)
def test_black_and_white_are_of_limited_range(way: str) -> None:
    picture = np.zeros((32, 64, 3), np.uint8)
    picture[:, 32:] = 255

    got = WAYS[way](picture, HD)

    assert got is not None
    y, u, v = got
    assert np.abs(y[:, :24].astype(int) - 16).max() <= 1
    assert np.abs(y[:, 40:].astype(int) - 235).max() <= 1
    assert {int(s) for s in u.ravel()} | {int(s) for s in v.ravel()} <= {127, 128, 129}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [(64, 47), (66, 33)])
def test_of_an_odd_size_the_last_row_is_left_out(way: str, size: tuple[int, int]) -> None:
    picture = scene(*size)

    got = WAYS[way](picture, HD)

    assert got is not None
    expected = reference(picture[: size[1] // 2 * 2], size[0], size[1] // 2 * 2)
    for plane, right in zip(got, expected, strict=True):
        assert plane.shape == right.shape
        assert np.abs(plane.astype(int) - right).max() <= 12


@pytest.mark.parametrize("way", ["bgr", "420", "422", "444"])
def test_of_an_odd_width_the_last_column_is_left_out(way: str) -> None:
    got = WAYS[way](scene(65, 49), HD)

    assert got is not None
    assert [plane.shape for plane in got] == [(48, 64), (24, 32), (24, 32)]


def test_a_grey_jpeg_is_a_picture() -> None:
    made = cv2.imencode(".jpg", np.full((48, 64), 255, np.uint8))[1]

    got = Jpeg()(np.asarray(made, np.uint8), HD)

    assert got is not None
    assert abs(int(got[0][0, 0]) - 235) <= 1
    assert np.abs(got[1].astype(int) - 128).max() <= 1


def test_the_chroma_of_yuyv_is_the_mean_of_two_rows() -> None:
    samples = np.full((4, 8, 2), 100, np.uint8)
    samples[1::2, :, 1] = 140

    got = from_yuyv(samples.reshape(1, -1), 8, 4, HD)

    assert got is not None
    assert {int(s) for plane in got[1:] for s in plane.ravel()} == {120}


def test_the_planes_of_one_picture_outlive_the_next() -> None:
    decode = Jpeg()
    first = decode(np.frombuffer(jpeg(50), np.uint8), HD)
    assert first is not None
    before = [plane.copy() for plane in first]

    for shade in range(0, 250, 10):
        decode(np.frombuffer(jpeg(shade), np.uint8), HD)

    assert all(np.array_equal(*pair) for pair in zip(first, before, strict=True))


def test_what_is_damaged_is_no_picture() -> None:
    whole = np.frombuffer(jpeg(100), np.uint8)
    assert Jpeg()(whole, HD) is not None
    assert Jpeg()(whole[: whole.size * 2 // 3], HD) is None
    assert Jpeg()(np.zeros(1000, np.uint8), HD) is None
    assert Jpeg()(np.zeros(0, np.uint8), HD) is None
    assert from_yuyv(np.zeros((1, 100), np.uint8), 64, 48, HD) is None
    assert from_bgr(np.zeros((48, 64), np.uint8), HD) is None
    assert from_bgr(np.zeros((1, 64, 3), np.uint8), HD) is None
    assert from_bgr(np.zeros((4, 5000, 3), np.uint8), HD) is None


def test_a_camera_that_never_ends_its_jpegs_is_believed_after_a_while() -> None:
    decode = Jpeg()
    whole = np.frombuffer(jpeg(100), np.uint8)
    cut = whole[: whole.size * 2 // 3]

    got = [decode(cut, HD) is not None for _ in range(20)]

    assert got[:10] == [False] * 10
    assert all(got[11:])


@given(st.binary(max_size=3000), st.integers(0, 2000))
def test_no_bytes_break_the_decoder(garbage: bytes, at: int) -> None:
    spoiled = bytearray(jpeg(90))
    spoiled[at : at + len(garbage)] = garbage
    decode = Jpeg()
    for data in (garbage, bytes(spoiled)):
        got = decode(np.frombuffer(data, np.uint8), Shape(320, 180, 30))
        assert got is None or got[0].shape[1] <= 320
    assert decode(np.frombuffer(jpeg(90), np.uint8), HD) is not None


@given(st.integers(2, 4096), st.integers(2, 4096), st.integers(160, 1920), st.integers(90, 1080))
def test_a_picture_fits_and_keeps_its_proportions(
    width: int, height: int, wide: int, high: int
) -> None:
    w, h = fitted(width, height, Shape(wide, high, 30))

    assert w % 2 == h % 2 == 0
    assert w <= max(2, min(width, wide))
    assert h <= max(2, min(height, high))
    scale = min(1, wide / width, high / height)
    assert abs(w - width * scale) <= 2
    assert abs(h - height * scale) <= 2


@pytest.mark.parametrize(
    ("native", "asked", "fits"),
    [
        ((1280, 720), (960, 540), (960, 540)),
        ((1920, 1080), (1280, 720), (1280, 720)),
        ((640, 480), (640, 360), (480, 360)),
        ((640, 480), (1280, 720), (640, 480)),
    ],
)
def test_the_sizes_of_a_call(
    native: tuple[int, int], asked: tuple[int, int], fits: tuple[int, int]
) -> None:
    assert fitted(*native, Shape(*asked, 30)) == fits


# --- pace ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("native", "wanted", "got"),
    [(30, 30, 30), (30, 20, 20), (30, 15, 15), (25, 20, 20), (60, 30, 30), (15, 30, 15)],
)
def test_pictures_are_dropped_down_to_the_rate(native: int, wanted: int, got: int) -> None:
    pace, jitter = Pace(), np.random.default_rng(1)
    times = np.arange(native * 10) / native + jitter.uniform(-0.004, 0.004, native * 10)

    through = sum(pace.lets_through(at, wanted) for at in times)

    assert abs(through / 10 - got) <= 0.3


def test_a_stall_is_not_made_up_for_and_a_clock_may_be_set_back() -> None:
    pace = Pace()
    assert pace.lets_through(0, 10)
    assert [pace.lets_through(5 + n / 30, 10) for n in range(4)] == [True, False, False, True]
    assert pace.lets_through(1, 10)
