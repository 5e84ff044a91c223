"""VP8 as libvpx makes and takes it: every size, every rate, and everything that is no frame."""

import ctypes.util
import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan.media.pictures.picture import Coded, Picture, Plane
from twocan.media.pictures.vp8 import libvpx
from twocan.media.pictures.vp8.codec import (
    LARGEST,
    Coding,
    Decoder,
    Encoder,
    dimensions,
    is_key,
)
from twocan.media.pictures.vp8.libvpx import Vp8Error

CODING = Coding(160, 96, 300_000, 30)


def filmed(number: int, width: int = 160, height: int = 96, rate: float = 30) -> Picture:
    """The picture of a camera that turns over coarse cloth, with some noise, the same each time."""
    rng = np.random.default_rng(number)
    across, down = np.meshgrid(np.arange(width) + 3 * number, np.arange(height) + number)
    cloth = 110 + 50 * np.sin(across / 9) * np.cos(down / 7) + 20 * np.sin(across / 2.5)
    y = (cloth + rng.normal(0, 2, cloth.shape)).astype(np.uint8)
    half = ((height + 1) // 2, (width + 1) // 2)
    return Picture(y, np.full(half, 90, np.uint8), np.full(half, 160, np.uint8), number / rate)


def coded(encoder: Encoder, pictures: Sequence[Picture]) -> list[Coded]:
    return [one for picture in pictures if (one := encoder.encode(picture))]


FILM = [filmed(number) for number in range(30)]
with closing(Encoder(CODING)) as _encoder:
    FRAMES = [one.data for one in coded(_encoder, FILM)]


def far_off(seen: Plane, sent: Plane) -> float:
    return float(np.abs(seen.astype(np.int16) - sent).mean())


def kbps(frames: Sequence[Coded], seconds: float) -> float:
    return 8 * sum(len(frame.data) for frame in frames) / seconds / 1000


# A picture, there and back


@pytest.mark.parametrize(
    ("width", "height"),
    [(640, 360), (641, 359), (1, 1), (16, 16), (17, 15), (2, 200), (333, 1), (360, 640)],
)
def test_pictures_of_any_size_come_back_as_they_were(width: int, height: int) -> None:
    coding = Coding(width, height, 3_000_000, 30)
    with closing(Encoder(coding)) as encoder, closing(Decoder()) as decoder:
        for number in range(3):
            sent = filmed(number, width, height)
            frame = encoder.encode(sent)
            assert frame is not None
            assert frame.key is (number == 0)
            seen = decoder.decode(frame.data, 7.5)
            assert seen is not None
            assert (seen.width, seen.height, seen.at) == (width, height, 7.5)
            assert seen.u.shape == seen.v.shape == sent.u.shape
            assert far_off(seen.y, sent.y) < 6
            assert far_off(seen.u, sent.u) < 8
            assert far_off(seen.v, sent.v) < 8


def test_another_decoder_of_vp8_sees_the_same() -> None:
    other = av.CodecContext.create("vp8", "r")
    with closing(Decoder()) as decoder:
        for data in FRAMES:
            ours = decoder.decode(data)
            (theirs,) = other.decode(av.Packet(data))
            assert ours is not None
            assert isinstance(theirs, av.VideoFrame)
            seen = theirs.to_ndarray()
            assert np.array_equal(seen[:96], ours.y)
            assert np.array_equal(seen[96:120].reshape(48, 80), ours.u)
            assert np.array_equal(seen[120:].reshape(48, 80), ours.v)


def padded(plane: Plane) -> Plane:
    """The same samples, with the rows further apart."""
    wide = np.full((plane.shape[0], plane.shape[1] + 13), 255, np.uint8)
    wide[:, : plane.shape[1]] = plane
    return wide[:, : plane.shape[1]]


def backwards(plane: Plane) -> Plane:
    """The same samples, with the rows from the bottom up."""
    return np.array(plane[::-1])[::-1]


def sparse(plane: Plane) -> Plane:
    """The same samples, each beside one of another plane."""
    return np.stack([plane, 255 - plane], axis=-1)[:, :, 0]


@pytest.mark.parametrize("size", [(160, 96), (161, 95), (1, 1)])
@pytest.mark.parametrize("laid", [padded, backwards, sparse])
@pytest.mark.parametrize("planes", ["y", "u", "v", "yuv"])
def test_it_does_not_matter_how_the_planes_lie_in_memory(
    laid: npt.NDArray[np.uint8], planes: str, size: tuple[int, int]
) -> None:
    assert callable(laid)
    plain = [filmed(number, *size) for number in range(3)]
    strewn = [replace(p, **{name: laid(getattr(p, name)) for name in planes}) for p in plain]
    with closing(Encoder(CODING)) as one, closing(Encoder(CODING)) as other:
        assert coded(one, plain) == coded(other, strewn)


def test_planes_that_may_not_be_written_to_will_do() -> None:
    picture = filmed(0)
    for plane in (picture.y, picture.u, picture.v):
        plane.flags.writeable = False
    with closing(Encoder(CODING)) as encoder:
        assert encoder.encode(picture) is not None


def test_the_timestamp_is_the_cameras_time_at_90_khz() -> None:
    with closing(Encoder(CODING)) as encoder:
        for at in (0.0, 1.0, 100_000.5):
            frame = encoder.encode(replace(FILM[0], at=at), key=True)
            assert frame is not None
            assert frame.timestamp == round(at * 90000) % 2**32


def test_what_is_seen_is_the_decoders_own_memory_and_not_to_be_written_to() -> None:
    with closing(Decoder()) as decoder:
        seen = decoder.decode(FRAMES[0])
        assert seen is not None
        for plane in (seen.y, seen.u, seen.v):
            assert not plane.flags.owndata
            assert not plane.flags.writeable
            assert plane.strides[0] > plane.shape[1]  # the borders that motion may point to


def test_a_decoder_stays_for_as_long_as_somebody_looks_at_its_picture() -> None:
    decoder = Decoder()
    alive = weakref.ref(decoder)
    seen = decoder.decode(FRAMES[0])
    assert seen is not None
    chroma = seen.u
    del decoder, seen
    gc.collect()
    assert alive() is not None
    assert far_off(chroma, FILM[0].u) < 3
    del chroma
    gc.collect()
    assert alive() is None


# Key frames


def test_the_first_frame_is_a_key_frame_and_no_other_that_nobody_asked_for() -> None:
    assert [is_key(data) for data in FRAMES] == [True] + [False] * (len(FRAMES) - 1)
    assert len(FRAMES) == len(FILM)


def test_a_key_frame_comes_when_it_is_asked_for_and_with_that_picture() -> None:
    with closing(Encoder(CODING)) as encoder:
        frames = [encoder.encode(picture, key=n in {4, 5, 9}) for n, picture in enumerate(FILM)]
    assert [n for n, frame in enumerate(frames) if frame and frame.key] == [0, 4, 5, 9]
    with closing(Decoder()) as decoder:
        for frame in frames[9:]:
            assert frame is not None
            assert decoder.decode(frame.data) is not None


def test_a_key_frame_that_was_asked_for_is_never_left_out() -> None:
    with closing(Encoder(replace(CODING, bitrate=1000))) as encoder:
        for number in range(40):
            frame = encoder.encode(filmed(number), key=number > 20)
            assert frame is not None or number <= 20


def test_a_key_frame_does_not_burst() -> None:
    """At 30 a second it may be as large as five others, and half as much again where it errs."""
    coding = Coding(320, 180, 300_000, 30)
    with closing(Encoder(coding)) as encoder:
        sizes = []
        for number in range(90):
            frame = encoder.encode(filmed(number, 320, 180), key=number % 30 == 0)
            sizes.append(len(frame.data) if frame else 0)
    assert max(sizes) < 1.5 * 5 * 300_000 / 8 / 30


# How it is coded


def test_the_bit_rate_is_followed_from_the_next_picture_on_without_a_key_frame() -> None:
    size, at = (320, 180), 0
    with closing(Encoder(Coding(*size, 300_000, 30))) as encoder:
        for wanted in (300, 600, 150, 400):
            encoder.tune(Coding(*size, wanted * 1000, 30))
            frames = coded(encoder, [filmed(n, *size) for n in range(at, at + 60)])
            assert not any(frame.key for frame in frames[at == 0 :])
            assert 0.8 * wanted < kbps(frames[15:], (len(frames) - 15) / 30) < 1.15 * wanted
            at += 60


@pytest.mark.parametrize("told", [15, 30])
def test_a_camera_that_is_slower_than_was_said_gets_all_the_bits(told: float) -> None:
    size = (320, 180)
    with closing(Encoder(Coding(*size, 300_000, told))) as encoder:
        frames = coded(encoder, [filmed(n, *size, rate=15) for n in range(75)])
    assert 250 < kbps(frames[30:], (len(frames) - 30) / 15) < 350


def test_another_rate_may_be_said_at_any_time_and_costs_no_key_frame() -> None:
    with closing(Encoder(CODING)) as encoder:
        frames = []
        for number, rate in enumerate([30, 15, 60, 20, 30] * 6):
            encoder.tune(replace(CODING, rate=rate))
            frames += coded(encoder, [filmed(number)])
    assert [frame.key for frame in frames] == [True] + [False] * 29


def test_jitter_of_the_camera_does_not_make_some_frames_large() -> None:
    size, rng = (320, 180), np.random.default_rng(1)
    pictures = [filmed(n, *size) for n in range(75)]
    shaken = [replace(p, at=p.at + rng.uniform(-0.012, 0.012)) for p in pictures]
    with closing(Encoder(Coding(*size, 300_000, 30))) as encoder:
        sizes = [len(frame.data) for frame in coded(encoder, shaken)][15:]
    assert max(sizes) < 1.6 * np.mean(sizes)


def test_times_that_stand_still_or_go_back_are_coded_like_others() -> None:
    with closing(Encoder(CODING)) as encoder:
        for at in (5.0, 5.0, 4.0, 500.0, 499.0, -3.0, 0.0):
            assert encoder.encode(replace(FILM[0], at=at)) is not None


def test_with_too_few_bits_pictures_are_left_out() -> None:
    coding = replace(CODING, bitrate=5000)
    with closing(Encoder(coding)) as encoder:
        frames = [encoder.encode(filmed(n)) for n in range(60)]
    assert None in frames
    assert sum(frame is not None for frame in frames) > 2


def test_text_stays_sharp_where_a_camera_would_stay_smooth() -> None:
    def error(*, text: bool) -> float:
        rng = np.random.default_rng(4)
        page = np.repeat(np.repeat(rng.integers(0, 2, (60, 80)) * 219 + 16, 3, 0), 3, 1)
        coding, errors = Coding(240, 180, 60_000, 15, text=text), []
        with closing(Encoder(coding)) as encoder, closing(Decoder()) as decoder:
            for number in range(45):
                y = np.roll(page, -number // 5, 0).astype(np.uint8)
                frame = encoder.encode(replace(filmed(number, 240, 180, 15), y=y))
                if frame and (seen := decoder.decode(frame.data)):
                    errors.append(far_off(seen.y, y))
        return float(np.mean(errors))

    assert error(text=True) < 0.7 * error(text=False)


@pytest.mark.parametrize("speed", [1, 16])
def test_any_speed_may_be_asked_for(speed: int) -> None:
    with closing(Encoder(replace(CODING, speed=speed))) as encoder, closing(Decoder()) as decoder:
        for frame in coded(encoder, FILM):
            assert decoder.decode(frame.data) is not None


@pytest.mark.parametrize("bitrate", [-5, 0, 1, 10**13])
def test_any_bit_rate_gets_a_first_picture(bitrate: int) -> None:
    with closing(Encoder(replace(CODING, bitrate=bitrate))) as encoder:
        assert encoder.encode(FILM[0]) is not None


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_no_pictures_at_all_cannot_be_coded(rate: float) -> None:
    with pytest.raises(Vp8Error, match=rf"^{rate} pictures a second cannot be coded: close"):
        replace(CODING, rate=rate)


@pytest.mark.parametrize(("width", "height"), [(0, 96), (160, 0), (16384, 96), (160, 16384)])
def test_a_size_that_vp8_does_not_have_is_refused_in_words(width: int, height: int) -> None:
    with pytest.raises(Vp8Error, match=r"^libvpx: .*g_[wh] out of range"):
        Encoder(Coding(width, height, 300_000, 30))
    chroma = np.zeros((48, 80), np.uint8)
    picture = Picture(np.zeros((height, width), np.uint8), chroma, chroma, 0)
    with closing(Encoder(CODING)) as encoder:
        with pytest.raises(Vp8Error, match=r"^libvpx: .*g_[wh] out of range"):
            encoder.encode(picture)
        frame = encoder.encode(FILM[0])
        assert frame is not None
        assert frame.key


# Sizes that change


def test_a_new_size_is_a_key_frame_and_is_only_coded_once_a_picture_has_it() -> None:
    small = replace(CODING, width=80, height=48)
    with closing(Encoder(CODING)) as encoder, closing(Decoder()) as decoder:
        seen = []
        for number in range(12):
            if number == 4:
                encoder.tune(small)  # two pictures of the old size are still on their way
            if number == 9:
                encoder.tune(CODING)
            size = (80, 48) if 6 <= number < 9 else (160, 96)
            frame = encoder.encode(filmed(number, *size))
            assert frame is not None
            picture = decoder.decode(frame.data)
            assert picture is not None
            assert (picture.width, picture.height) == size
            assert dimensions(frame.data) == (size if frame.key else None)
            seen.append(frame.key)
    assert [number for number, key in enumerate(seen) if key] == [0, 6, 9]


def test_each_picture_of_another_size_is_coded_and_seen_in_its_own() -> None:
    sizes = [(16 * n % 233 + 1, 23 * n % 167 + 1) for n in range(60)]
    with closing(Encoder(CODING)) as encoder, closing(Decoder()) as decoder:
        for number, size in enumerate(sizes):
            frame = encoder.encode(filmed(number, *size))
            assert frame is not None
            seen = decoder.decode(frame.data)
            assert seen is not None
            assert (seen.width, seen.height) == size


def test_what_was_tuned_holds_for_the_new_size_too() -> None:
    with closing(Encoder(Coding(160, 96, 100_000, 30))) as encoder:
        encoder.tune(Coding(320, 180, 400_000, 30))
        frames = coded(encoder, [filmed(n, 320, 180) for n in range(60)])
    assert 300 < kbps(frames[15:], 1.5) < 500


# Headers


def header(width: int, height: int, *, scaling: int = 0) -> bytes:
    """Of a key frame (RFC 6386 §9.1), whose first partition is said to have 100 bytes."""
    sizes = (width | scaling << 14).to_bytes(2, "little") + (height | scaling << 14).to_bytes(
        2, "little"
    )
    return (100 << 5 | 1 << 4).to_bytes(3, "little") + b"\x9d\x01\x2a" + sizes


def test_a_header_says_whether_it_is_a_key_frame_and_how_large() -> None:
    assert [dimensions(data) for data in FRAMES[:2]] == [(160, 96), None]
    assert dimensions(header(16383, 1)) == (16383, 1)
    assert dimensions(header(640, 360, scaling=3)) == (640, 360)
    assert not is_key(b"")
    assert is_key(b"\x10")
    assert not is_key(b"\x11")
    assert dimensions(header(640, 360)[:9]) is None
    assert dimensions(header(640, 360).replace(b"\x2a", b"\x2b")) is None


def peak() -> int:
    """Kilobytes that this process has at most had at once."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


@pytest.mark.parametrize(
    ("width", "height"), [(16383, 16383), (4096, 2305), (8192, 4320), (0, 0), (0, 360), (640, 0)]
)
def test_a_size_that_lies_is_refused_before_any_memory_is_given_to_it(
    width: int, height: int
) -> None:
    with closing(Decoder()) as decoder:
        decoder.decode(FRAMES[0])
        before = peak()
        with pytest.raises(Vp8Error, match=rf"^a picture of {width}x{height} is not decoded: "):
            decoder.decode(header(width, height) + FRAMES[0][10:])
        assert peak() - before < 10_000
        assert decoder.decode(FRAMES[0]) is not None


@pytest.mark.parametrize(("width", "height"), [(4096, 2304), (2304, 4096), (16383, 576)])
def test_the_largest_size_is_tried_and_given_back(width: int, height: int) -> None:
    assert width * height <= LARGEST
    with closing(Decoder()) as decoder:
        with pytest.raises(Vp8Error):
            decoder.decode(header(width, height) + FRAMES[0][10:])
        seen = decoder.decode(FRAMES[0])
    assert seen is not None
    assert (seen.width, seen.height) == (160, 96)


# What is no frame, or half of one

LEANS = r"^a frame that leans on what was never decoded: ask for a key frame$"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", r"^a frame of no bytes: drop it$"),
        (b"\x00", r"^a key frame without its header: ask for another$"),
        (header(160, 96)[:9], r"^a key frame without its header"),
        (FRAMES[0].replace(b"\x9d\x01\x2a", b"\x9d\x01\x2b"), r"^a key frame without its header"),
        (header(160, 96), r"^libvpx: .*Truncated packet or corrupt partition 0 length"),
        (FRAMES[0][:300], r"^libvpx: |^a frame that ends too early"),
        (FRAMES[0][: len(FRAMES[0]) // 2], r"^a frame that ends too early: ask for a key frame$"),
        (FRAMES[1][: len(FRAMES[1]) // 2], r"^a frame that ends too early: ask for a key frame$"),
        (b"\x01\x00\x00", r"^a frame that ends too early|^libvpx: "),
        (b"\x01", r"^a frame that ends too early|^libvpx: "),
    ],
)
def test_what_is_no_frame_is_refused_in_words_until_the_next_key_frame(
    data: bytes, words: str
) -> None:
    with closing(Decoder()) as decoder:
        assert decoder.decode(FRAMES[0]) is not None
        with pytest.raises(Vp8Error, match=words):
            decoder.decode(data)
        with pytest.raises(Vp8Error, match=LEANS):
            decoder.decode(FRAMES[1])
        for frame in FRAMES:
            assert decoder.decode(frame) is not None


def test_what_leans_on_a_key_frame_that_never_came_is_refused() -> None:
    with closing(Decoder()) as decoder:
        for frame in FRAMES[1:4]:
            with pytest.raises(Vp8Error, match=LEANS):
                decoder.decode(frame)


def damaged(frame: bytes, kept: int, at: int, junk: bytes) -> bytes:
    at %= len(frame)
    return (frame[:at] + junk + frame[at + len(junk) :])[: max(1, kept)]


ANYTHING = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(FRAMES),
    st.builds(
        damaged,
        st.sampled_from(FRAMES[:3]),
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.binary(max_size=12),
    ),
    st.builds(
        lambda width, height, rest: header(width, height) + rest,
        st.integers(0, 400),
        st.integers(0, 400),
        st.sampled_from([FRAMES[0][10:], b"", bytes(200), b"\xff" * 500]),
    ),
)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """One for all bytes there are: what came before must not matter."""
    with closing(Decoder()) as decoder:
        yield decoder


@settings(max_examples=300, deadline=None)
@given(film=st.lists(ANYTHING, max_size=8))
def test_any_bytes_are_decoded_or_refused_and_the_next_key_frame_is_seen(
    decoder: Decoder, film: list[bytes]
) -> None:
    for data in film:
        with suppress(Vp8Error):
            seen = decoder.decode(data)
            size = dimensions(data)
            assert seen is None or size in {None, (seen.width, seen.height)}
            assert seen is None or int(seen.y[-1, -1]) + int(seen.u[-1, -1]) >= 0
    seen = decoder.decode(FRAMES[0])
    assert seen is not None
    assert far_off(seen.y, FILM[0].y) < 6


# What is closed, and what two do at once


def test_what_is_closed_refuses_and_may_be_closed_again() -> None:
    encoder, decoder = Encoder(CODING), Decoder()
    for _ in range(2):
        encoder.close()
        decoder.close()
    for use in (
        lambda: encoder.encode(FILM[0]),
        lambda: encoder.tune(replace(CODING, bitrate=1)),
        lambda: decoder.decode(FRAMES[0]),
    ):
        with pytest.raises(Vp8Error, match=r"^it was closed: make another$"):
            use()


def test_what_nobody_closed_gives_its_memory_back() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def use() -> None:
        encoder, decoder = Encoder(CODING), Decoder()
        for number, size in enumerate([(160, 96), (320, 180), (64, 64)]):
            frame = encoder.encode(filmed(number, *size))
            assert frame is not None
            assert decoder.decode(frame.data) is not None

    for _ in range(5):
        use()
    before = resident()
    for _ in range(60):
        use()  # two megabytes
    assert resident() - before < 20_000_000


def test_two_in_two_threads_do_as_each_does_alone() -> None:
    results: dict[int, list[Coded]] = {}

    def work(which: int) -> None:
        pictures = [filmed(100 * which + n) for n in range(30)]
        with closing(Encoder(CODING)) as encoder, closing(Decoder()) as decoder:
            results[which] = coded(encoder, pictures)
            for frame in results[which]:
                assert decoder.decode(frame.data) is not None

    threads = [threading.Thread(target=work, args=(which,)) for which in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = dict(results)
    for which in (1, 2):
        work(which)
    assert together == results
    assert together[1] != together[2]


# The library


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What was found of libvpx before is forgotten, and what is found here after."""
    libvpx.library.cache_clear()
    yield
    libvpx.library.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_without_a_library_it_is_said_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "libvpx.so.12").write_bytes(b"not a library")
    other = ctypes.util.find_library("c") or ""  # a library, but of something else
    tried = [str(tmp_path / "libvpx.so.12"), str(tmp_path / "missing"), other]
    monkeypatch.setattr(libvpx, "candidates", lambda: iter(tried))
    for use in (lambda: Encoder(CODING), Decoder, libvpx.version):
        with pytest.raises(Vp8Error, match=r"^libvpx was not found: it comes with PyAV's wheels; "):
            use()


def test_a_library_of_another_build_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libvpx, "ENCODER_VERSIONS", (1, 2))
    monkeypatch.setattr(libvpx, "DECODER_VERSION", 1)
    for use in (lambda: Encoder(CODING), Decoder):
        with pytest.raises(Vp8Error, match=r"^libvpx v[\d.]+\S* is not known here: use the one"):
            use()


def test_the_library_is_the_one_that_pyav_brings() -> None:
    first = Path(next(libvpx.candidates()))
    assert Path(av.__file__).parent.parent in first.parents
    assert libvpx.version().startswith("v1.")
