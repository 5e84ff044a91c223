"""Sound from files, tones and nowhere, to files and nowhere, at the pace of a call."""

import asyncio
import os
import resource
import selectors
import struct
import wave
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import sqrt
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from twocan.media.audio import (
    FRAME,
    SAMPLE_RATE,
    Echo,
    Level,
    Microphone,
    Samples,
    Silence,
    Sink,
    SoundError,
    Source,
    Speaker,
    open_sink,
    open_source,
)

Wave = npt.NDArray[np.float64]

PEAK = 0.1 * sqrt(2)
"""Of a sine at -20 dBFS, full scale being 1."""


def sine(rate: int, seconds: float, pitch: float = 440) -> Wave:
    return PEAK * np.sin(2 * np.pi * pitch * np.arange(round(rate * seconds)) / rate)


def as_24_bit(sound: Wave) -> bytes:
    return (sound * 2**31).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()


ENCODINGS: dict[str, tuple[int, int, Callable[[Wave], bytes]]] = {
    "8-bit": (1, 8, lambda sound: np.rint(sound * 127 + 128).astype(np.uint8).tobytes()),
    "16-bit": (1, 16, lambda sound: np.rint(sound * 32767).astype("<i2").tobytes()),
    "24-bit": (1, 24, as_24_bit),
    "32-bit": (1, 32, lambda sound: (sound * 2**31).astype("<i4").tobytes()),
    "float": (3, 32, lambda sound: sound.astype("<f4").tobytes()),
}
"""How samples are written in a WAV: format tag, bits, and the bytes of sound within -1 to 1."""


def wav(
    path: Path, sound: Wave, rate: int = 48000, channels: int = 1, encoding: str = "16-bit"
) -> Path:
    tag, bits, encode = ENCODINGS[encoding]
    return raw_wav(path, encode(np.repeat(sound, channels)), rate, channels, bits, tag)


def raw_wav(
    path: Path, data: bytes, rate: int = 48000, channels: int = 1, bits: int = 16, tag: int = 1
) -> Path:
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    path.write_bytes(
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt "
        + struct.pack("<I", len(form))
        + form
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )
    return path


def encoded(path: Path, codec: str, layout: str = "mono") -> Path:
    sound = (sine(48000, 0.5) * 32768).astype(np.int16)
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=48000, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame = stereo(sound) if layout == "stereo" else of_shape(mono(sound), "s16", "mono", 48000)
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return path


@contextmanager
def opened(spec: str | Path) -> Iterator[Source]:
    source = open_source(str(spec))
    try:
        yield source
    finally:
        source.close()


def take(source: Source, blocks: int) -> Samples:
    return np.concatenate([source.read() for _ in range(blocks)])


def take_all(source: Source) -> Samples:
    blocks = []
    while not source.finished:
        blocks.append(source.read())
    return np.concatenate(blocks)


def pitch_of(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / sound.size


def level_of(sound: Samples) -> float | None:
    level = Level()
    level.add(sound)
    return level.dbfs


# Sources


def test_a_tone_is_at_its_pitch_at_minus_20_dbfs_and_starts_without_a_click() -> None:
    with opened("tone:440") as tone:
        sound = take(tone, 50)
        assert not tone.finished
    assert sound.dtype == np.int16
    assert pitch_of(sound) == 440
    assert level_of(sound) == pytest.approx(-20, abs=0.5)
    steepest = np.abs(np.diff(sound[FRAME:].astype(int))).max()
    assert sound[0] == 0
    assert np.abs(np.diff(sound.astype(int))).max() == steepest
    assert np.abs(np.diff(sound[:100].astype(int))).max() < steepest / 3


@pytest.mark.parametrize("pitch", [20, 999.5, 20000])
def test_a_tone_of_any_audible_pitch_runs_on_from_block_to_block(pitch: float) -> None:
    with opened(f"tone:{pitch}") as tone:
        take(tone, 1)
        sound = take(tone, 100)
    expected = 32768 * np.append(sine(48000, 0.02, pitch), sine(48000, 2.02, pitch)[FRAME:])
    assert np.abs(sound - expected[FRAME:]).max() <= 1


@pytest.mark.parametrize("pitch", ["", "19.9", "20001", "-440", "nan", "inf", "a", "440Hz", "4:4"])
def test_a_bad_tone_is_refused_in_words(pitch: str) -> None:
    with pytest.raises(SoundError, match=r"^bad tone .*20 to 20000 Hz, such as tone:440$"):
        open_source(f"tone:{pitch}")


def test_silence_is_silent_and_has_no_end() -> None:
    with opened("silence") as silence:
        assert not take(silence, 3).any()
        assert not silence.finished


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_a_wav_of_any_rate_channels_and_samples_sounds_the_same(
    tmp_path: Path, rate: int, channels: int, encoding: str
) -> None:
    path = wav(tmp_path / "tone.WAV", sine(rate, 0.5), rate, channels, encoding)
    with opened(path) as source:
        sound = take_all(source)
    assert abs(sound.size - SAMPLE_RATE // 2) <= FRAME
    assert pitch_of(sound[: SAMPLE_RATE // 2]) == 440
    assert level_of(sound[: SAMPLE_RATE // 2]) == pytest.approx(-20, abs=0.5)


def test_both_channels_are_heard(tmp_path: Path) -> None:
    right = np.zeros((24000, 2))
    right[:, 1] = sine(48000, 0.5)
    path = raw_wav(tmp_path / "right.wav", (right * 32767).astype("<i2").tobytes(), channels=2)
    with opened(path) as source:
        assert level_of(take_all(source)) == pytest.approx(-26, abs=0.5)


def test_a_file_without_resampling_is_given_sample_by_sample(tmp_path: Path) -> None:
    written = (np.arange(3 * FRAME) % 30000).astype("<i2")
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
        SAMPLE_RATE / 2, abs=3 * FRAME
    )  # AAC adds a start and an end
    assert pitch_of(sound[: SAMPLE_RATE // 2]) == 440
    assert level_of(sound[: SAMPLE_RATE // 2]) == pytest.approx(-20, abs=1)


def test_a_file_is_finished_with_its_last_block_and_silent_after_it(tmp_path: Path) -> None:
    with opened(wav(tmp_path / "a.wav", sine(48000, 0.05))) as source:
        finished = []
        for _ in range(3):
            block = source.read()
            finished.append(source.finished)
        assert finished == [False, False, True]
        assert block.shape == (FRAME,)
        assert block[: FRAME // 2].any()
        assert not block[FRAME // 2 :].any()
        assert not take(source, 2).any()


def test_a_closed_file_is_silent(tmp_path: Path) -> None:
    with opened(wav(tmp_path / "a.wav", sine(48000, 1))) as source:
        source.close()
        assert not source.read().any()


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
        assert take_all(source).size == 5 * FRAME


def test_a_damaged_stretch_is_left_out_and_the_file_goes_on(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.mp3", "libmp3lame")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(content)
    with opened(path) as source:
        sound = take_all(source)
    assert 0.7 < sound.size / (SAMPLE_RATE / 2) < 0.99
    assert pitch_of(sound[-FRAME * 4 : -FRAME]) == pytest.approx(440, abs=20)


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


@pytest.mark.parametrize("spec", ["", "default", "speech.txt", "http://a/b", "silence:", "null"])
def test_an_unknown_microphone_is_told_what_is_known(spec: str) -> None:
    assert refusal(spec).startswith(f"unknown microphone {spec!r}: give ")
    assert "tone:HZ or silence" in refusal(spec)


def refusal(spec: str | Path, opener: Callable[[str], object] = open_source) -> str:
    with pytest.raises(SoundError) as caught:
        opener(str(spec))
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Sinks


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    sink = open_sink(str(tmp_path / "a.wav"))
    with opened("tone:440") as tone:
        written = [tone.read() for _ in range(10)]
    for block in written:
        sink.write(block)
    sink.close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:4] == (1, 2, SAMPLE_RATE, 10 * FRAME)
        assert file.readframes(10 * FRAME) == np.concatenate(written).tobytes()


def test_a_file_fits_its_header_after_every_write(tmp_path: Path) -> None:
    sink = open_sink(str(tmp_path / "a.wav"))
    for blocks in range(3):
        with wave.open(str(tmp_path / "a.wav")) as file:
            assert file.getnframes() == blocks * FRAME
        assert (tmp_path / "a.wav").stat().st_size == 44 + blocks * FRAME * 2
        sink.write(np.ones(FRAME, np.int16))
    sink.close()
    sink.close()


def test_an_older_file_is_written_anew(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", sine(48000, 1))
    open_sink(str(tmp_path / "a.wav")).close()
    assert (tmp_path / "a.wav").stat().st_size == 44


def test_null_takes_everything() -> None:
    sink = open_sink("null")
    sink.write(np.ones(FRAME, np.int16))
    sink.close()


@pytest.mark.parametrize("spec", ["", "default", "a.mp3", "tone:440", "wav"])
def test_an_unknown_speaker_is_told_what_is_known(spec: str) -> None:
    assert refusal(spec, open_sink) == f"unknown speaker {spec!r}: give FILE.wav or null"


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


async def test_a_disk_that_fills_up_ends_the_playing_and_leaves_a_file_that_plays(
    tmp_path: Path,
) -> None:
    sink = open_sink(str(tmp_path / "a.wav"))
    speaker = Speaker(sink, lambda: None)
    with (
        files_limited_to(44 + 3 * FRAME * 2),
        pytest.raises(SoundError, match=r"cannot write .*a\.wav.*: File too large; give another"),
    ):
        await speaker.play(Track([stereo(tone_block(n)) for n in range(9)]))
    sink.close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == 3 * FRAME


# Echo and level


def test_an_echo_gives_back_what_it_heard_and_silence_after_it() -> None:
    echo = Echo()
    block = np.full(FRAME, 7, np.int16)
    echo.write(block)
    block[:] = 9  # whoever wrote it may use the array again
    assert (echo.read() == 7).all()
    assert not echo.read().any()
    assert not echo.finished


def test_a_closed_echo_has_forgotten() -> None:
    echo = Echo()
    echo.write(np.ones(FRAME, np.int16))
    echo.close()
    assert not echo.read().any()


@given(
    depth=st.integers(1, 5), steps=st.lists(st.one_of(st.none(), st.integers(1, 999)), max_size=60)
)
def test_an_echo_keeps_order_and_only_the_newest(depth: int, steps: list[int | None]) -> None:
    echo = Echo(depth)
    model: deque[int] = deque(maxlen=depth)
    for step in steps:  # a number is written, None is a read
        if step is None:
            assert (echo.read() == (model.popleft() if model else 0)).all()
        else:
            echo.write(np.full(FRAME, step, np.int16))
            model.append(step)
    left = [echo.read()[0] for _ in range(depth + 1)]
    assert left == [*model, *[0] * (depth + 1 - len(model))]


def test_a_level_is_rms_against_full_scale() -> None:
    assert level_of(np.full(FRAME, -32768, np.int16)) == 0
    assert level_of(np.full(FRAME, 3277, np.int16)) == pytest.approx(-20, abs=0.01)
    assert level_of((32767 * np.sin(np.arange(48000) / 10)).astype(np.int16)) == pytest.approx(
        -3.01, abs=0.01
    )
    assert level_of(np.zeros(FRAME, np.int16)) == -127


def test_a_level_of_nothing_is_none() -> None:
    assert Level().dbfs is None
    assert Level().recent is None


def test_a_level_has_a_floor() -> None:
    sound = np.zeros(10 * FRAME, np.int16)
    sound[0] = 1
    assert level_of(sound) == -127


def test_the_recent_level_forgets_what_is_older_than_a_third_of_a_second() -> None:
    level = Level()
    for _ in range(15):
        level.add(np.full(FRAME, 32767, np.int16))
    for _ in range(15):
        assert level.recent is not None
        assert level.recent > -20
        level.add(np.zeros(FRAME, np.int16))
    assert level.recent == -127
    assert level.dbfs == pytest.approx(-3.01, abs=0.01)


@given(st.lists(arrays.arrays(np.int16, st.integers(0, 2000)), max_size=20))
def test_a_level_is_always_a_level(blocks: list[Samples]) -> None:
    level = Level()
    for block in blocks:
        level.add(block)
    known = any(block.size for block in blocks)
    assert (level.dbfs is not None) == known
    for figure in filter(None, (level.dbfs, level.recent)):
        assert -127 <= figure <= 0


# The microphone


class ClockLoop(asyncio.SelectorEventLoop):
    """A loop that jumps to the next thing due instead of waiting for it."""

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__(_Jump(self))

    def time(self) -> float:
        return self.now


class _Jump(selectors.DefaultSelector):
    def __init__(self, loop: ClockLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "nothing is due, ever"
        self._loop.now += timeout
        return super().select(0)


class Clock:
    """What a test sees of the loop's clock: seconds since it began, and a way to hold it up."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, ClockLoop)
        self._loop = loop
        self._began = loop.now

    @property
    def seconds(self) -> float:
        return self._loop.now - self._began

    def hold_up(self, seconds: float) -> None:
        self._loop.now += seconds


def at_once(scene: Callable[[Clock], Coroutine[None, None, None]]) -> None:
    async def main() -> None:
        await scene(Clock())

    with asyncio.Runner(loop_factory=ClockLoop) as runner:
        runner.run(main())


class Counting:
    """A source whose blocks are numbered from 1."""

    finished = False

    def __init__(self) -> None:
        self.blocks = 0
        self.closed = False

    def read(self) -> Samples:
        assert not self.closed
        self.blocks += 1
        return np.full(FRAME, self.blocks, np.int16)

    def close(self) -> None:
        self.closed = True


def number(frame: av.AudioFrame) -> int:
    return int(frame.to_ndarray()[0][0])


def test_a_microphone_sends_a_frame_each_20_ms_without_drift() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        busy = np.random.default_rng(1).uniform(0, 0.019, 2000)
        for turn in range(2000):
            frame = await microphone.recv()
            assert number(frame) == turn + 1
            assert frame.pts == turn * FRAME
            assert clock.seconds == pytest.approx(turn * 0.02, abs=1e-6)
            clock.hold_up(busy[turn])

    at_once(scene)


def test_a_frame_is_what_aiortc_encodes() -> None:
    async def scene(clock: Clock) -> None:
        frame = await Microphone(Counting()).recv()
        assert (frame.format.name, frame.layout.name) == ("s16", "stereo")
        assert (frame.samples, frame.sample_rate) == (FRAME, SAMPLE_RATE)
        assert frame.time_base == Fraction(1, SAMPLE_RATE)
        assert len(bytes(frame.planes[0])) == FRAME * 2 * 2

    at_once(scene)


def test_after_a_short_hold_up_it_catches_up_and_nothing_is_missing() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        await microphone.recv()
        clock.hold_up(0.19)
        frames = [await microphone.recv() for _ in range(9)]
        assert clock.seconds == pytest.approx(0.19)
        frames.append(await microphone.recv())
        assert clock.seconds == pytest.approx(0.2)
        assert [frame.pts for frame in frames] == [n * FRAME for n in range(1, 11)]

    at_once(scene)


def test_after_a_long_hold_up_it_goes_on_with_the_present() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        await microphone.recv()
        clock.hold_up(1.005)
        frames = [await microphone.recv() for _ in range(3)]
        assert [frame.pts for frame in frames] == [50 * FRAME, 51 * FRAME, 52 * FRAME]
        assert clock.seconds == pytest.approx(1.04)
        # A file goes on where it was: what was not sent is not lost.
        assert [number(frame) for frame in frames] == [2, 3, 4]

    at_once(scene)


def test_a_hold_up_while_it_waits_is_noticed_too() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        await microphone.recv()
        asyncio.get_running_loop().call_later(0.01, clock.hold_up, 1.0)
        frame = await microphone.recv()
        assert frame.pts == 50 * FRAME
        assert clock.seconds == pytest.approx(1.01)

    at_once(scene)


def test_muted_it_sends_silence_while_the_source_runs_on() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        assert number(await microphone.recv()) == 1
        level = microphone.level.dbfs
        microphone.muted = True
        assert [number(await microphone.recv()) for _ in range(2)] == [0, 0]
        assert microphone.level.dbfs != level
        microphone.muted = False
        assert number(await microphone.recv()) == 4

    at_once(scene)


def test_after_the_end_of_a_file_it_sends_silence(tmp_path: Path) -> None:
    async def scene(clock: Clock) -> None:
        with opened(wav(tmp_path / "a.wav", sine(48000, 0.04))) as source:
            microphone = Microphone(source)
            frames = [await microphone.recv() for _ in range(5)]
        assert [frame.to_ndarray().any() for frame in frames] == [True, True, False, False, False]
        assert frames[-1].pts == 4 * FRAME

    at_once(scene)


def test_cancelled_while_it_waits_it_loses_nothing() -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(Counting())
        await microphone.recv()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await microphone.recv()
        frame = await microphone.recv()
        assert (number(frame), frame.pts) == (2, FRAME)
        assert clock.seconds == pytest.approx(0.02)

    at_once(scene)


def test_stopped_it_ends_leaves_the_source_open_and_reads_it_no_more() -> None:
    async def scene(clock: Clock) -> None:
        source = Counting()
        microphone = Microphone(source)
        await microphone.recv()
        asyncio.get_running_loop().call_later(0.01, microphone.stop)
        with pytest.raises(MediaStreamError):
            await microphone.recv()
        with pytest.raises(MediaStreamError):
            await microphone.recv()
        assert (source.blocks, source.closed) == (1, False)

    at_once(scene)


async def test_it_keeps_time_on_a_real_loop() -> None:
    microphone = Microphone(Silence())
    loop = asyncio.get_running_loop()
    began = loop.time()
    frames = [await microphone.recv() for _ in range(11)]
    assert loop.time() - began >= 0.199
    assert frames[-1].pts is not None
    assert frames[-1].pts >= 10 * FRAME


# The speaker


class Track(MediaStreamTrack):
    """A track of these frames, which then ends or, if ``open``, says no more."""

    kind = "audio"

    def __init__(self, frames: Iterable[av.AudioFrame], *, stays_open: bool = False) -> None:
        super().__init__()
        self._frames = deque(frames)
        self._stays_open = stays_open
        self.said_all = asyncio.Event()

    async def recv(self) -> av.AudioFrame:
        if self._frames:
            return self._frames.popleft()
        self.said_all.set()
        if self._stays_open:
            await asyncio.Event().wait()
        raise MediaStreamError


class Heard:
    """A sink that keeps what it takes, and can fail at the nth block."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.blocks: list[Samples] = []
        self.closed = False
        self._fails_at = fails_at

    def write(self, samples: Samples) -> None:
        assert samples.shape == (FRAME,)
        assert samples.dtype == np.int16
        if len(self.blocks) == self._fails_at:
            raise SoundError("the sink is full")
        self.blocks.append(samples.copy())

    def close(self) -> None:
        self.closed = True

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.blocks)


def mono(samples: Samples) -> Samples:
    return samples[np.newaxis]


def of_shape(array: npt.NDArray[np.int16], form: str, layout: str, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(array, format=form, layout=layout)
    frame.sample_rate = rate
    return frame


def stereo(samples: Samples, rate: int = SAMPLE_RATE) -> av.AudioFrame:
    """As aiortc's Opus decoder gives it: packed, both channels alike."""
    return of_shape(mono(np.repeat(samples, 2)), "s16", "stereo", rate)


def tone_block(number: int) -> Samples:
    sound = (sine(SAMPLE_RATE, 0.02 * (number + 1)) * 32768).astype(np.int16)
    return sound[number * FRAME : (number + 1) * FRAME]


def speaker_for(sink: Sink) -> Speaker:
    return Speaker(sink, lambda: None)


async def test_a_speaker_plays_stereo_frames_as_mono_blocks() -> None:
    heard = Heard()
    speaker = speaker_for(heard)
    await speaker.play(Track([stereo(tone_block(n)) for n in range(25)]))
    assert np.array_equal(heard.sound, np.concatenate([tone_block(n) for n in range(25)]))
    assert speaker.frames == 25
    assert speaker.seconds == pytest.approx(0.5)
    assert speaker.level.dbfs == pytest.approx(-20, abs=0.1)
    assert not heard.closed


@pytest.mark.parametrize("size", [120, 480, 1000, 2880])
async def test_frames_of_any_size_come_out_as_blocks(size: int) -> None:
    heard = Heard()
    sound = np.arange(6000, dtype=np.int16)
    frames = [stereo(sound[at : at + size]) for at in range(0, 6000, size)]
    await speaker_for(heard).play(Track(frames))
    assert len(heard.blocks) == 7
    assert np.array_equal(heard.sound[:6000], sound)
    assert not heard.sound[6000:].any()


async def test_a_codec_that_changes_in_the_call_is_played_on() -> None:
    heard = Heard()
    narrow = (sine(8000, 0.5) * 32768).astype(np.int16)
    frames = [stereo(tone_block(n)) for n in range(25)]
    frames += [of_shape(mono(part), "s16", "mono", 8000) for part in np.split(narrow, 25)]
    frames += [stereo(tone_block(n)) for n in range(25)]
    speaker = speaker_for(heard)
    await speaker.play(Track(frames))
    assert len(heard.blocks) == pytest.approx(75, abs=1)
    assert pitch_of(heard.sound[FRAME * 26 : FRAME * 49]) == pytest.approx(440, abs=2)
    assert speaker.level.dbfs == pytest.approx(-20, abs=0.2)
    assert speaker.seconds == pytest.approx(1.5)


async def test_on_hold_nothing_is_heard_or_counted() -> None:
    heard = Heard()
    speaker = speaker_for(heard)
    speaker.hearing = False
    await speaker.play(Track([stereo(tone_block(n)) for n in range(5)]))
    assert (heard.blocks, speaker.frames, speaker.seconds) == ([], 0, 0)
    assert speaker.level.dbfs is None
    speaker.hearing = True
    await speaker.play(Track([stereo(tone_block(1))]))
    assert np.array_equal(heard.sound, tone_block(1))


async def test_the_first_frame_is_told_once_over_all_tracks() -> None:
    told = []
    speaker = Speaker(Heard(), lambda: told.append(speaker.frames))
    await speaker.play(Track([]))
    assert told == []
    await speaker.play(Track([stereo(tone_block(n)) for n in range(3)]))
    await speaker.play(Track([stereo(tone_block(n)) for n in range(3)]))
    assert told == [0]
    assert speaker.frames == 6


async def test_a_sink_that_fails_ends_the_playing() -> None:
    heard = Heard(fails_at=2)
    with pytest.raises(SoundError, match="the sink is full"):
        await speaker_for(heard).play(Track([stereo(tone_block(n)) for n in range(9)]))
    assert len(heard.blocks) == 2


async def test_playing_can_be_cancelled_and_the_sink_stays_open() -> None:
    heard = Heard()
    track = Track([stereo(tone_block(0))], stays_open=True)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        playing = group.create_task(speaker_for(heard).play(track))
        await track.said_all.wait()
        playing.cancel()
    assert playing.cancelled()
    assert np.array_equal(heard.sound, tone_block(0))
    assert not heard.closed


def test_a_tone_goes_through_opus_into_a_file(tmp_path: Path) -> None:
    async def scene(clock: Clock) -> None:
        microphone = Microphone(open_source("tone:440"))
        sink = open_sink(str(tmp_path / "a.wav"))
        frames = [frame async for frame in over_opus(microphone, 50)]
        await speaker_for(sink).play(Track(frames))
        sink.close()

    at_once(scene)
    with opened(tmp_path / "a.wav") as source:
        sound = take_all(source)
    assert sound.size == SAMPLE_RATE
    assert pitch_of(sound) == 440
    # Mono would lose 3 dB in aiortc's encoder at each end of an echo.
    assert level_of(sound) == pytest.approx(-20, abs=0.5)


async def over_opus(microphone: Microphone, frames: int) -> AsyncIterator[av.AudioFrame]:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    for turn in range(frames):
        packets, timestamp = encoder.encode(await microphone.recv())
        assert timestamp == turn * FRAME
        for packet in packets:
            for frame in decoder.decode(JitterFrame(packet, timestamp)):
                assert isinstance(frame, av.AudioFrame)
                yield frame
