"""Video files as cameras: in time, upright, square, in a loop, and refused where they are none."""

import shutil
import struct
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.video.stream import VideoStream

from filmed import looking_at
from twocan.media.pictures.filming.pattern import Mark, draw, read
from twocan.media.pictures.filming.video_files import VideoFile
from twocan.media.pictures.picture import PictureError, Shape

RATE = 50

FORMATS = {
    "film.mp4": ("mpeg4", "yuv420p"),
    "film.webm": ("libvpx", "yuv420p"),
    "film.mkv": ("ffv1", "yuv444p"),
    "film.avi": ("mjpeg", "yuvj422p"),
    "film.y4m": ("wrapped_avframe", "yuv420p"),
    "film.mov": ("qtrle", "rgb24"),
}

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file of the pattern, whose picture n is of the time n / RATE."""

    def write(
        name: str = "film.mkv",
        count: int = 15,
        size: tuple[int, int] = (320, 180),
        aspect: Fraction | None = None,
    ) -> Path:
        path = tmp_path / name
        codec, pixels = FORMATS[name]
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, RATE)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = *size, pixels
            stream.codec_context.qmin, stream.codec_context.bit_rate = 2, 4_000_000
            if aspect is not None:
                stream.codec_context.sample_aspect_ratio = aspect
            for number in range(count):
                container.mux(stream.encode(drawn(number, size, pixels)))
            container.mux(stream.encode(None))
        return path

    return write


def drawn(number: int, size: tuple[int, int], pixels: str) -> av.VideoFrame:
    width, height = (length // 2 * 2 for length in size)
    picture = draw(Mark(number, number / RATE), width, height)
    planes = np.concatenate([p.ravel() for p in (picture.y, picture.u, picture.v)])
    frame = av.VideoFrame.from_ndarray(planes.reshape(height * 3 // 2, width), "yuv420p")
    frame = frame.reformat(*size, pixels)
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    return frame


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_plays_in_time_and_begins_again_at_its_end(
    written: Written, name: str
) -> None:
    # Once is enough: the machine may hold up the others.
    assert any(plays_in_time(written(name)) for _ in range(10))


def plays_in_time(path: Path) -> bool:
    """Whether a film of 15 pictures does, where nothing held it up; it never leaves out any."""
    with looking_at(VideoFile(path), Shape(320, 180, RATE)) as audience:
        pictures = audience.first(25)
    marks = [read(picture) for picture in pictures]
    assert [mark.frame for mark in marks if mark] == [n % 15 for n in range(25)]
    assert not any(audience.troubles)
    gaps = [after.at - before.at for before, after in pairwise(pictures)]
    assert min(gaps) > 1 / RATE - 0.002
    begins_again = gaps.pop(14)  # what lies between is the time that it takes to open a file
    return begins_again < 5 / RATE and gaps == pytest.approx([1 / RATE] * 23, abs=0.002)


def test_no_more_pictures_come_than_are_asked_for(written: Written) -> None:
    path = written(count=30)

    def shown() -> list[int]:
        with looking_at(VideoFile(path), Shape(320, 180, RATE / 2)) as audience:
            marks = [read(picture) for picture in audience.first(12)]
        return [mark.frame for mark in marks if mark]

    # Once is enough: where the machine held it up for long, its clock begins anew.
    assert any(shown() == list(range(0, 24, 2)) for _ in range(10))


def test_the_shape_that_is_asked_for_is_kept_to_in_mid_file(written: Written) -> None:
    camera = VideoFile(written())
    with looking_at(camera, Shape(1280, 720, RATE)) as audience:
        audience.wait_for_size(320, 180)
        camera.ask(Shape(160, 160, RATE))
        assert read(audience.wait_for_size(160, 90)) is not None


@pytest.mark.parametrize("size", [(321, 181), (255, 145)])
def test_odd_sizes_become_even(written: Written, size: tuple[int, int]) -> None:
    with looking_at(VideoFile(written(size=size))) as audience:
        picture = audience.first(1)[0]
    assert picture.y.shape == ((size[1] - 1), (size[0] - 1))
    assert picture.u.shape == picture.v.shape == ((size[1] - 1) // 2, (size[0] - 1) // 2)
    assert read(picture) is not None


@pytest.mark.parametrize(
    ("aspect", "size"), [(Fraction(4, 3), (426, 180)), (Fraction(1, 2), (320, 360))]
)
def test_pixels_become_square(written: Written, aspect: Fraction, size: tuple[int, int]) -> None:
    with looking_at(VideoFile(written("film.mp4", aspect=aspect))) as audience:
        picture = audience.first(1)[0]
    assert (picture.width, picture.height) == size


ONE = 1 << 16
Turn = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]]
MATRICES: dict[str, tuple[tuple[int, int, int, int], Turn]] = {
    "as it is": ((ONE, 0, 0, ONE), lambda y: y),
    "a quarter to the right": ((0, ONE, -ONE, 0), lambda y: np.rot90(y, -1)),
    "a quarter to the left": ((0, -ONE, ONE, 0), lambda y: np.rot90(y)),
    "on its head": ((-ONE, 0, 0, -ONE), lambda y: np.rot90(y, 2)),
    "mirrored": ((-ONE, 0, 0, ONE), lambda y: y[:, ::-1]),
}


@pytest.mark.parametrize("turn", MATRICES)
def test_a_telephone_that_was_held_upright_shows_upright_pictures(
    written: Written, turn: str
) -> None:
    path = written("film.mp4")
    with looking_at(VideoFile(path)) as audience:
        straight = audience.first(1)[0]
    (a, b, c, d), turned = MATRICES[turn]
    turn_over(path, (a, b, 0, c, d, 0, 0, 0, 1 << 30))
    with looking_at(VideoFile(path)) as audience:
        picture = audience.first(1)[0]
    expected = turned(straight.y)
    assert np.array_equal(picture.y, expected)
    assert np.array_equal(picture.u, turned(straight.u))
    assert picture.y.strides[1] == 1


def turn_over(path: Path, matrix: tuple[int, ...]) -> None:
    """Put another matrix into the header of the track (ISO 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    assert struct.unpack_from(">9i", data, at) == (ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30)
    struct.pack_into(">9i", data, at, *matrix)
    path.write_bytes(data)


def test_the_colours_are_those_of_bt601_in_the_limited_range(tmp_path: Path) -> None:
    path = tmp_path / "red.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "bgr0"
        red = np.zeros((48, 64, 3), np.uint8)
        red[:, :, 0] = 255
        container.mux(stream.encode(av.VideoFrame.from_ndarray(red, "rgb24")))
        container.mux(stream.encode(None))
    with looking_at(VideoFile(path)) as audience:
        picture = audience.first(1)[0]
    middle = [int(plane[10, 10]) for plane in (picture.y, picture.u, picture.v)]
    assert middle == pytest.approx([81, 90, 240], abs=2)  # BT.601, table of colour bars


def test_planes_are_views_of_what_was_decoded(written: Written) -> None:
    with looking_at(VideoFile(written("film.y4m"))) as audience:
        picture = audience.first(1)[0]
    assert picture.y.base is not None
    assert not picture.y.flags.owndata


# --- what cannot be shown ------------------------------------------------------------------------


def test_no_file_is_a_word(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"there is no file .*nothing\.mp4"):
        VideoFile(tmp_path / "nothing.mp4")


@pytest.mark.parametrize("content", [b"", b"not a film at all" * 100, bytes(4096)])
def test_a_file_that_is_no_video_is_a_word(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(PictureError, match="cannot be read as a video file") as caught:
        VideoFile(path)
    assert "\n" not in str(caught.value)


def test_so_is_one_of_sound_alone() -> None:
    with pytest.raises(PictureError, match="has no pictures in it"):
        VideoFile(Path(__file__).with_name("other_speech.wav"))


def test_and_one_in_a_code_that_nobody_here_knows(written: Written) -> None:
    path = written("film.webm")
    # Matroska says V_VP8 of it (draft-ietf-cellar-codec, section 4).
    path.write_bytes(path.read_bytes().replace(b"V_VP8", b"V_XYZ"))
    with pytest.raises(PictureError, match=r"coded in a way .* give WebM, .* VP8, VP9 or Motion"):
        VideoFile(path)


def test_and_one_whose_pictures_are_all_damaged(written: Written) -> None:
    path = written("film.avi")
    damage(path, range(15))
    with pytest.raises(PictureError, match="shows nothing"):
        VideoFile(path)


def test_damage_in_the_middle_is_left_out(written: Written) -> None:
    path = written("film.avi")
    damage(path, [4])
    with looking_at(VideoFile(path), Shape(320, 180, RATE)) as audience:
        marks = [read(picture) for picture in audience.first(14)]
    assert [mark.frame for mark in marks if mark] == [0, 1, 2, 3, *range(5, 15)]


def damage(path: Path, numbers: Iterable[int]) -> None:
    """Overwrite the pictures of these numbers with nothing."""
    with av.open(str(path)) as container:
        places = [(packet.pos or 0, packet.size) for packet in container.demux(video=0)]
    data = bytearray(path.read_bytes())
    for number in numbers:
        at, size = places[number]
        data[at : at + size] = bytes(size)
    path.write_bytes(data)


def test_a_file_that_goes_away_is_trouble_until_it_is_back(written: Written) -> None:
    path = written()
    kept = path.with_suffix(".kept")
    with looking_at(VideoFile(path), Shape(320, 180, RATE)) as audience:
        audience.wait_for(1)
        path.rename(kept)
        audience.wait(lambda: len(audience.troubles) == 1)
        assert "there is no file" in str(audience.troubles[0])
        shutil.copy(kept, path)
        audience.wait(lambda: len(audience.troubles) == 2)
        audience.wait_for(2)
    assert audience.troubles[1] is None
