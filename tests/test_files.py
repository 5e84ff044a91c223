"""Sound files of every kind as a source, and WAV as a sink."""

import os
import resource
import struct
import wave
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sounds import (
    ENCODINGS,
    level_of,
    opened,
    pitch_of,
    raw_wav,
    refusal,
    sine,
    take,
    take_all,
    tone,
    wav,
)
from twocan.media.audio import open_sink
from twocan.media.files import SUFFIXES, SoundFile, WaveFile
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples, SoundError


def encoded(path: Path, codec: str, layout: str = "mono", rate: int = SAMPLE_RATE) -> Path:
    mono = (sine(rate, 0.5) * 32768).astype(np.int16)
    samples = np.repeat(mono, 2 if layout == "stereo" else 1)[np.newaxis]
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return path


# Files as a source


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_a_wav_of_any_rate_channels_and_samples_sounds_the_same(
    tmp_path: Path, rate: int, channels: int, encoding: str
) -> None:
    path = wav(tmp_path / "tone.WAV", sine(rate, 0.5), rate, channels, encoding)
    with opened(path) as source:
        sound = take_all(source)
    assert abs(sound.size - SAMPLE_RATE // 2) <= BLOCK
    assert pitch_of(sound[: SAMPLE_RATE // 2]) == 440
    assert level_of(sound[: SAMPLE_RATE // 2]) == pytest.approx(-20, abs=0.5)


def test_both_channels_are_heard(tmp_path: Path) -> None:
    right = np.zeros((24000, 2))
    right[:, 1] = sine(48000, 0.5)
    path = raw_wav(tmp_path / "right.wav", (right * 32767).astype("<i2").tobytes(), channels=2)
    with opened(path) as source:
        assert level_of(take_all(source)) == pytest.approx(-26, abs=0.5)


def test_a_file_without_resampling_is_given_sample_by_sample(tmp_path: Path) -> None:
    written = (np.arange(3 * BLOCK) % 30000).astype("<i2")
    with opened(raw_wav(tmp_path / "count.wav", written.tobytes())) as source:
        assert np.array_equal(take_all(source), written)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.flac", "flac"), ("a.opus", "libopus"), ("a.ogg", "libopus"), ("a.m4a", "aac")],
)
def test_other_sound_files_are_read_too(tmp_path: Path, name: str, codec: str) -> None:
    encoded(tmp_path / name, codec)
    with opened(tmp_path / name) as source:
        sound = take_all(source)
    assert sound.size == pytest.approx(
        SAMPLE_RATE / 2, abs=6 * BLOCK
    )  # AAC adds a start and an end
    assert pitch_of(sound[: SAMPLE_RATE // 2]) == 440
    assert level_of(sound[: SAMPLE_RATE // 2]) == pytest.approx(-20, abs=1)


def test_a_file_is_finished_with_its_last_block_and_silent_after_it(tmp_path: Path) -> None:
    with opened(wav(tmp_path / "a.wav", sine(48000, 0.025))) as source:
        finished = []
        for _ in range(3):
            block = source.read()
            finished.append(source.finished)
        assert finished == [False, False, True]
        assert block.shape == (BLOCK,)
        assert block[: BLOCK // 2].any()
        assert not block[BLOCK // 2 :].any()
        assert not take(source, 2).any()


def test_a_closed_file_is_silent(tmp_path: Path) -> None:
    with opened(wav(tmp_path / "a.wav", sine(48000, 1))) as source:
        source.close()
        assert source.finished
        assert not source.read().any()
        source.close()


def test_a_file_is_decoded_as_it_is_read(tmp_path: Path) -> None:
    length = 2**31 - 100  # six hours, of which the disk holds only the header
    path = raw_wav(tmp_path / "long.wav", b"\0\0")
    with path.open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", length))
        file.truncate(44 + length)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with opened(path) as source:
        take(source, 100)
        assert not source.finished
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_file_cut_short_is_said_as_far_as_it_goes(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", sine(48000, 1))
    os.truncate(path, 44 + SAMPLE_RATE)
    with opened(path) as source:
        assert take_all(source).size == SAMPLE_RATE // 2


def test_a_title_in_an_old_encoding_does_not_matter(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", sine(48000, 0.1))
    title = b"INFOINAM" + struct.pack("<I", 6) + "Grüße\0".encode("latin-1")[:6]
    with path.open("ab") as file:
        file.write(b"LIST" + struct.pack("<I", len(title)) + title)
    whole = path.read_bytes()
    path.write_bytes(b"RIFF" + struct.pack("<I", len(whole) - 8) + whole[8:])
    with opened(path) as source:
        assert take_all(source).size == 10 * BLOCK


def test_a_damaged_stretch_is_left_out_and_the_file_goes_on(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.mp3", "libmp3lame")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(content)
    with opened(path) as source:
        sound = take_all(source)
    assert 0.7 < sound.size / (SAMPLE_RATE / 2) < 0.99
    assert pitch_of(sound[-8 * BLOCK : -2 * BLOCK]) == pytest.approx(440, abs=20)


@pytest.mark.expects_log
def test_a_file_that_breaks_off_is_said_so_far_and_then_finished(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Two Ogg files one after the other are legal, but FFmpeg does not decode Opus across them
    # where the channels change.
    parts = [encoded(tmp_path / f"{name}.opus", "libopus", name) for name in ("mono", "stereo")]
    (tmp_path / "both.opus").write_bytes(b"".join(part.read_bytes() for part in parts))
    with opened(tmp_path / "both.opus") as source:
        said = take_all(source)
        assert not source.read().any()
    with opened(parts[0]) as source:
        assert np.array_equal(said, take_all(source)[: said.size])
    assert said.size > 0.9 * SAMPLE_RATE / 2
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "both.opus breaks off: " in caplog.text


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "no-bytes.wav": (b"", "is empty"),
    "text.wav": (b"Hello. This is a letter.\n" * 100, "is not sound"),
    "header-cut.wav": (b"RIFF\x24\0\0\0WAVEfmt \x10\0", "is not sound"),
    "noise.mp3": (np.random.default_rng(1).bytes(20000), "is not sound"),
    "names\na line.wav": (b"text", "is not sound"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_not_sound_is_refused_in_words(tmp_path: Path, name: str) -> None:
    content, words = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    assert words in refusal(tmp_path / name)


def test_who_gives_something_else_is_told_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("Hello. This is a letter.\n" * 100)
    assert "; give WAV, FLAC, MP3, Ogg or Opus" in refusal(tmp_path / "text.wav")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"data": b""}, "is empty"),
        ({"data": b"\0" * 999, "rate": 0}, "is not sound"),
        ({"data": b"\0" * 999, "channels": 0}, "is not sound"),
        ({"data": b"\0" * 999, "tag": 0x7777}, "is not sound"),
    ],
)
def test_a_wav_that_says_nonsense_is_refused_in_words(
    tmp_path: Path, form: dict[str, bytes | int], words: str
) -> None:
    path = raw_wav(tmp_path / "a.wav", **form)  # type: ignore[arg-type]  # a table of keywords
    assert words in refusal(path)


def test_a_file_that_names_another_is_not_followed(tmp_path: Path) -> None:
    wav(tmp_path / "other.wav", sine(48000, 0.1))
    (tmp_path / "list.wav").write_text("ffconcat version 1.0\nfile other.wav\n")
    assert "is not sound" in refusal(tmp_path / "list.wav")


def test_what_is_not_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is not a file" in refusal(tmp_path / "folder.wav")
    assert "is not a file" in refusal(tmp_path / "pipe.wav")
    assert "No such file" in refusal(tmp_path / "missing.wav")
    assert "cannot read" in refusal(tmp_path / "nul\0.wav")


@given(
    samples=arrays.arrays(np.int16, st.integers(1, 5 * BLOCK)),
    channels=st.integers(1, 2),
)
def test_a_file_of_any_length_is_cut_into_blocks_and_filled_up_with_silence(
    tmp_path_factory: pytest.TempPathFactory, samples: Samples, channels: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.wav"
    with opened(raw_wav(path, np.repeat(samples, channels).tobytes(), channels=channels)) as source:
        sound = take_all(source)
    assert sound.size == -(-samples.size // BLOCK) * BLOCK
    assert np.array_equal(sound[: samples.size], samples)
    assert not sound[samples.size :].any()


def test_frames_that_are_no_multiple_of_a_block_come_out_sample_by_sample(tmp_path: Path) -> None:
    encoded(tmp_path / "a.flac", "flac")
    with av.open(str(tmp_path / "a.flac")) as file:
        assert {frame.samples % BLOCK for frame in file.decode(audio=0)} != {0}
    with opened(tmp_path / "a.flac") as source:
        assert np.array_equal(take_all(source), tone(0.5))


@pytest.mark.parametrize("channels", [3, 6, 8])
def test_more_channels_than_two_are_heard_as_one(tmp_path: Path, channels: int) -> None:
    path = wav(tmp_path / "a.wav", sine(48000, 0.5), channels=channels)
    with opened(path) as source:
        sound = take_all(source)
    assert sound.size == SAMPLE_RATE // 2
    assert pitch_of(sound) == 440


def test_a_file_that_changes_its_rate_and_its_channels_is_said_on(tmp_path: Path) -> None:
    narrow = encoded(tmp_path / "narrow.mp3", "libmp3lame", "mono", 16000)
    wide = encoded(tmp_path / "wide.mp3", "libmp3lame", "stereo")
    (tmp_path / "both.mp3").write_bytes(narrow.read_bytes() + wide.read_bytes())
    with opened(tmp_path / "both.mp3") as source:
        sound = take_all(source)
    assert sound.size == pytest.approx(SAMPLE_RATE, rel=0.2)
    assert pitch_of(sound[10 * BLOCK : 40 * BLOCK]) == pytest.approx(440, abs=2)
    assert pitch_of(sound[-40 * BLOCK : -10 * BLOCK]) == pytest.approx(440, abs=2)
    assert level_of(sound[10 * BLOCK : 40 * BLOCK]) == pytest.approx(-20, abs=1)
    assert level_of(sound[-40 * BLOCK : -10 * BLOCK]) == pytest.approx(-20, abs=1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A short file of each kind."""
    folder = tmp_path_factory.mktemp("whole")
    codecs = {".flac": "flac", ".mp3": "libmp3lame", ".m4a": "aac", ".ogg": "libopus"}
    files = [wav(folder / "a.wav", sine(48000, 0.1))]
    files += [encoded(folder / f"a{suffix}", codec) for suffix, codec in codecs.items()]
    return {file.suffix: file.read_bytes() for file in files}


@pytest.mark.expects_log
@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != ".opus"])
@settings(max_examples=60, deadline=None)
@given(
    damage=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6),
    kept=st.floats(0, 1),
)
def test_a_damaged_file_is_refused_in_words_or_said_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory,
    whole: dict[str, bytes],
    suffix: str,
    damage: list[tuple[float, bytes]],
    kept: float,
) -> None:
    content = bytearray(whole[suffix])
    for place, junk in damage:
        at = int(place * len(content))
        content[at : at + len(junk)] = junk
    path = tmp_path_factory.mktemp("damaged") / f"a{suffix}"
    path.write_bytes(content[: round(kept * len(content))])
    with suppress(SoundError), closing(SoundFile(path)) as source:
        for _ in range(200):
            block = source.read()
            assert block.shape == (BLOCK,)
            assert block.dtype == np.int16
        assert source.finished


# Files as a sink


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    sink = open_sink(str(tmp_path / "a.wav"))
    with opened("tone:440") as tone:
        written = [tone.read() for _ in range(10)]
    for block in written:
        sink.write(block)
    sink.close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:4] == (1, 2, SAMPLE_RATE, 10 * BLOCK)
        assert file.readframes(10 * BLOCK) == np.concatenate(written).tobytes()


def test_a_file_fits_its_header_after_every_write(tmp_path: Path) -> None:
    sink = open_sink(str(tmp_path / "a.wav"))
    for blocks in range(3):
        with wave.open(str(tmp_path / "a.wav")) as file:
            assert file.getnframes() == blocks * BLOCK
        assert (tmp_path / "a.wav").stat().st_size == 44 + blocks * BLOCK * 2
        sink.write(np.ones(BLOCK, np.int16))
    sink.close()
    sink.close()


def test_an_older_file_is_written_anew(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", sine(48000, 1))
    open_sink(str(tmp_path / "a.wav")).close()
    assert (tmp_path / "a.wav").stat().st_size == 44


def test_a_file_that_cannot_be_made_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "file").touch()
    assert "No such file or directory" in refusal(tmp_path / "missing" / "a.wav", open_sink)
    assert "Is a directory" in refusal(tmp_path / "folder.wav", open_sink)
    assert "Not a directory" in refusal(tmp_path / "file" / "a.wav", open_sink)
    assert "cannot write" in refusal(tmp_path / "nul\0.wav", open_sink)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed_when_the_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("/dev/full")
    assert "No space left" in refusal(tmp_path / "a.wav", open_sink)


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_up_is_told_and_leaves_a_file_that_plays(tmp_path: Path) -> None:
    sink = WaveFile(tmp_path / "a.wav")
    with files_limited_to(44 + 3 * BLOCK * 2):
        for _ in range(3):
            sink.write(np.ones(BLOCK, np.int16))
        with pytest.raises(SoundError, match=r"^cannot write .*a\.wav.*: File too large; give an"):
            sink.write(np.ones(BLOCK, np.int16))
        sink.close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == 3 * BLOCK


def test_a_part_of_an_array_is_written_as_it_sounds(tmp_path: Path) -> None:
    sink = WaveFile(tmp_path / "a.wav")
    both = np.arange(2 * BLOCK, dtype=np.int16)
    sink.write(both[::2])
    sink.close()
    with opened(tmp_path / "a.wav") as source:
        assert np.array_equal(take_all(source), both[::2])
