"""Opus as libopus itself makes and takes it: every packet, and everything that is none."""

import ctypes
import ctypes.util
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sounds import level_of, pitch_of, tone
from twocan.media import opus
from twocan.media.opus import (
    LONGEST,
    STEP,
    Application,
    Bandwidth,
    Coding,
    Decoder,
    Encoder,
    OpusError,
    candidates,
    duration,
    has_fec,
)
from twocan.media.sound import SAMPLE_RATE, SILENCE, Samples

FRAME = SAMPLE_RATE // 50
CODING = Coding(32000)


def voice(seconds: float) -> Samples:
    """A hum with harmonics that comes and goes, which libopus takes for speech."""
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 140 * n * at + n) / n for n in range(1, 12))
    loudness = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)
    return np.rint(4000 * loudness * hum).astype(np.int16)


def encoded(
    sound: Samples,
    coding: Coding = CODING,
    frame: int = FRAME,
    application: Application = Application.VOIP,
) -> list[bytes]:
    with closing(Encoder(coding, application)) as encoder:
        return [encoder.encode(sound[at : at + frame]) for at in range(0, len(sound), frame)]


def decoded(packets: list[bytes]) -> Samples:
    with closing(Decoder()) as decoder:
        return np.concatenate([decoder.decode(packet) for packet in packets])


# There and back


@pytest.mark.parametrize("frame", [120, 240, 480, 960, 1920, 2880])
def test_sound_goes_there_and_back_in_frames_of_every_length(frame: int) -> None:
    packets = encoded(tone(0.96), Coding(64000), frame, Application.AUDIO)
    assert {duration(packet) for packet in packets} == {frame}
    sound = decoded(packets)
    assert sound.dtype == np.int16
    assert sound.size == 46080
    assert pitch_of(sound[SAMPLE_RATE // 4 :]) == pytest.approx(440, abs=2)
    assert level_of(sound[SAMPLE_RATE // 4 :]) == pytest.approx(-20, abs=0.5)


def test_a_part_of_an_array_is_coded_as_it_sounds() -> None:
    both = np.repeat(tone(0.02), 2)
    assert encoded(both[::2]) == encoded(tone(0.02))


def test_what_was_decoded_stays_what_it_was() -> None:
    packets = encoded(voice(0.1))
    with closing(Decoder()) as decoder:
        sounds = [decoder.decode(packet) for packet in packets]
        kept = [sound.copy() for sound in sounds]
        decoder.conceal(FRAME)
    assert np.array_equal(sounds, kept)


def test_two_of_each_do_not_disturb_each_other() -> None:
    packets = encoded(voice(0.2))
    with closing(Decoder()) as one, closing(Decoder()) as other:
        halves = [(one.decode(packet), other.decode(packet)) for packet in packets]
    for mine, yours in halves:
        assert np.array_equal(mine, yours)


def test_a_decoder_may_work_on_a_thread_that_did_not_make_it() -> None:
    packets, sounds = encoded(voice(0.2)), list[Samples]()
    with closing(Decoder()) as decoder:
        thread = threading.Thread(target=lambda: sounds.extend(map(decoder.decode, packets)))
        thread.start()
        thread.join()
    assert np.array_equal(np.concatenate(sounds), decoded(packets))


def test_the_library_says_who_it_is() -> None:
    assert opus.version().startswith("libopus ")


# What is lost

WITH_FEC = Coding(32000, fec=True, expected_loss=20)


def test_a_lost_frame_is_recovered_from_the_packet_after_it() -> None:
    sound = voice(1)
    packets = encoded(sound, WITH_FEC)
    whole = decoded(packets)
    # libopus finds that not every frame is worth being carried twice.
    lost = next(at for at in range(20, 40) if has_fec(packets[at + 1]))
    with closing(Decoder()) as decoder, closing(Decoder()) as other:
        for packet in packets[:lost]:
            decoder.decode(packet)
            other.decode(packet)
        recovered = decoder.recover(packets[lost + 1], FRAME)
        concealed = other.conceal(FRAME)
    expected = whole[lost * FRAME : (lost + 1) * FRAME].astype(float)
    assert recovered.size == concealed.size == FRAME
    error = np.square(recovered - expected).mean()
    assert error < np.square(expected).mean() / 4
    assert error < np.square(concealed - expected).mean()


def test_more_than_one_lost_frame_is_concealed_and_the_last_of_them_recovered() -> None:
    packets = encoded(voice(0.4), WITH_FEC)
    with closing(Decoder()) as decoder:
        for packet in packets[:10]:
            decoder.decode(packet)
        assert decoder.recover(packets[13], 3 * FRAME).size == 3 * FRAME


def test_what_carries_nothing_of_the_frame_before_it_is_concealed_all_the_same() -> None:
    packets = encoded(voice(0.4), Coding(32000))
    assert not any(map(has_fec, packets))
    with closing(Decoder()) as decoder:
        for packet in packets[:10]:
            decoder.decode(packet)
        recovered = decoder.recover(packets[11], FRAME)
    assert recovered.size == FRAME
    assert recovered.any()


def test_concealment_goes_on_and_fades() -> None:
    with closing(Decoder()) as decoder:
        for packet in encoded(voice(0.5)):
            before = decoder.decode(packet)
        levels = [level_of(decoder.conceal(FRAME)) for _ in range(50)]
    assert levels[0] == pytest.approx(level_of(before), abs=6)
    assert levels[0] is not None
    assert levels[-1] is not None
    assert levels[-1] < levels[0] - 20


@pytest.mark.parametrize("count", [STEP, 480, 960, 1200, LONGEST])
def test_as_much_is_concealed_as_was_asked_for(count: int) -> None:
    with closing(Decoder()) as decoder:
        assert not decoder.conceal(count).any()  # of nothing heard, nothing
        for packet in encoded(voice(0.1)):
            decoder.decode(packet)
        assert decoder.conceal(count).size == count


@pytest.mark.parametrize("count", [0, -STEP, 1, STEP - 1, 441, LONGEST + STEP, 1 << 40])
def test_a_count_that_cannot_be_decoded_is_refused_in_words(count: int) -> None:
    packet = encoded(voice(0.02), WITH_FEC)[0]
    words = f"^{count} samples cannot be decoded: give a multiple of 120$"
    with closing(Decoder()) as decoder:
        with pytest.raises(OpusError, match=words):
            decoder.conceal(count)
        with pytest.raises(OpusError, match=words):
            decoder.recover(packet, count)
        assert decoder.decode(packet).size == FRAME


@pytest.mark.parametrize("count", [0, 1, 479, 961, 5760, SAMPLE_RATE])
def test_what_is_no_frame_is_refused_in_words(count: int) -> None:
    with (
        closing(Encoder(CODING)) as encoder,
        pytest.raises(OpusError, match=f"^{count} samples are no frame: give 10 or 20 ms$"),
    ):
        encoder.encode(np.zeros(count, np.int16))


def test_a_frame_of_another_shape_is_judged_by_its_samples() -> None:
    with closing(Encoder(CODING)) as encoder:
        with pytest.raises(OpusError, match=r"^0 samples are no frame"):
            encoder.encode(np.zeros((480, 0), np.int16))
        assert duration(encoder.encode(np.zeros((480, 2), np.int16))) == FRAME


# How it is coded


def kbps(packets: list[bytes], seconds: float) -> float:
    return 8 * sum(map(len, packets)) / seconds / 1000


def test_the_bit_rate_may_change_from_one_frame_to_the_next() -> None:
    sound, rates = voice(1), []
    with closing(Encoder(Coding(16000))) as encoder:
        for bitrate in (16000, 64000, 24000):
            encoder.tune(Coding(bitrate))
            packets = [
                encoder.encode(sound[at : at + FRAME]) for at in range(0, SAMPLE_RATE, FRAME)
            ]
            rates.append(kbps(packets, 1))
    assert 8 < rates[0] < 20
    assert 2 * rates[0] < rates[1] < 70
    assert 8 < rates[2] < rates[1] / 2


def test_what_is_carried_of_earlier_frames_may_change_too() -> None:
    sound = voice(0.6)
    with closing(Encoder(CODING)) as encoder:

        def carrying() -> int:
            parts = [sound[at : at + FRAME] for at in range(0, len(sound), FRAME)]
            return sum(has_fec(encoder.encode(part)) for part in parts)

        assert carrying() == 0
        encoder.tune(WITH_FEC)
        assert carrying() > 10
        encoder.tune(CODING)
        assert carrying() <= 1  # what was put by before


@pytest.mark.parametrize("bandwidth", Bandwidth)
def test_no_pitch_above_the_bandwidth_is_coded(bandwidth: Bandwidth) -> None:
    noise = np.random.default_rng(1).normal(0, 3000, SAMPLE_RATE).astype(np.int16)
    sound = decoded(encoded(noise, Coding(64000, bandwidth=bandwidth)))
    power = np.abs(np.fft.rfft(sound[SAMPLE_RATE // 4 :])) ** 2
    reach = {Bandwidth.WIDE: 8000, Bandwidth.SUPER_WIDE: 12000, Bandwidth.FULL: 20000}[bandwidth]
    pitches = np.fft.rfftfreq(sound.size - SAMPLE_RATE // 4, 1 / SAMPLE_RATE)
    above = power[pitches > reach * 1.1].mean()
    below = power[(pitches > reach * 0.7) & (pitches < reach * 0.85)].mean()
    assert above < below / 1000


def test_silence_is_packets_of_a_byte_or_two_after_a_while() -> None:
    silence = np.tile(SILENCE, 100)
    packets = encoded(silence)
    assert {duration(packet) for packet in packets} == {FRAME}
    small = [len(packet) <= 2 for packet in packets]
    assert not small[0]
    assert sum(small[-25:]) >= 20
    assert not any(len(packet) <= 2 for packet in encoded(silence, Coding(32000, dtx=False)))


def test_after_silence_sound_is_coded_at_once() -> None:
    with closing(Encoder(CODING)) as encoder:
        for _ in range(50):
            encoder.encode(np.tile(SILENCE, 2))
        assert len(encoder.encode(voice(0.02))) > 20


def test_what_was_decoded_of_silence_is_silent() -> None:
    sound = decoded(encoded(np.tile(SILENCE, 100)))
    level = level_of(sound)
    assert level is not None
    assert level < -90


BAD_CODINGS = [
    Coding(-5),
    Coding(32000, expected_loss=101),
    Coding(32000, complexity=11),
    Coding(64000, complexity=-1),
]


@pytest.mark.parametrize("coding", BAD_CODINGS)
def test_a_coding_that_libopus_refuses_is_refused_in_its_words(coding: Coding) -> None:
    with pytest.raises(OpusError, match=r"^libopus: invalid argument$"):
        Encoder(coding)
    with closing(Encoder(CODING)) as encoder:
        with pytest.raises(OpusError, match=r"^libopus: invalid argument$"):
            encoder.tune(coding)
        assert duration(encoder.encode(voice(0.02))) == FRAME


def test_a_coding_half_refused_does_not_pass_for_the_one_before_it() -> None:
    with closing(Encoder(Coding(16000))) as encoder:
        with pytest.raises(OpusError):
            encoder.tune(Coding(96000, complexity=11))
        encoder.tune(Coding(16000))
        sound = voice(1)
        packets = [encoder.encode(sound[at : at + FRAME]) for at in range(0, SAMPLE_RATE, FRAME)]
    assert kbps(packets, 1) < 24


# What is closed


def test_what_is_closed_refuses_and_may_be_closed_again() -> None:
    encoder, decoder = Encoder(CODING), Decoder()
    packet = encoder.encode(voice(0.02))
    for _ in range(2):
        encoder.close()
        decoder.close()
    for use in (
        lambda: encoder.encode(voice(0.02)),
        lambda: encoder.tune(Coding(16000)),
        lambda: decoder.decode(packet),
        lambda: decoder.conceal(FRAME),
        lambda: decoder.recover(packet, FRAME),
    ):
        with pytest.raises(OpusError, match=r"^it was closed: make another$"):
            use()


def test_what_nobody_closed_gives_its_memory_back() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    for _ in range(10):
        Encoder(CODING), Decoder()
    before = resident()
    for _ in range(1000):
        Encoder(CODING), Decoder()  # 60 kB together
    assert resident() - before < 8_000_000


# Any bytes at all

PACKETS = encoded(voice(0.4), WITH_FEC) + encoded(np.tile(SILENCE, 40))
PACKETS += encoded(voice(0.12), Coding(64000), 2880, Application.AUDIO)


def damaged(packet: bytes, kept: int, at: int, junk: bytes) -> bytes:
    at %= len(packet)
    return (packet[:at] + junk + packet[at + len(junk) :])[:kept]


ANYTHING = st.one_of(
    st.binary(max_size=60),
    st.binary(min_size=1200, max_size=1600),
    st.builds(
        damaged,
        st.sampled_from(PACKETS),
        st.integers(0, 1500),
        st.integers(0, 1500),
        st.binary(max_size=12),
    ),
)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """One for all bytes there are: what came before must not matter."""
    with closing(Decoder()) as decoder:
        yield decoder


@settings(max_examples=1000, deadline=None)
@given(packet=ANYTHING)
def test_any_bytes_are_decoded_for_as_long_as_they_say_or_refused(
    decoder: Decoder, packet: bytes
) -> None:
    with suppress(OpusError):
        samples = duration(packet)
        assert 0 < samples <= LONGEST
        assert samples % STEP == 0
        sound = decoder.decode(packet)
        assert sound.shape == (samples,)
        assert sound.dtype == np.int16
    assert decoder.conceal(480).size == 480


@settings(max_examples=1000, deadline=None)
@given(packet=ANYTHING, steps=st.integers(1, LONGEST // STEP))
def test_any_bytes_recover_as_much_as_was_asked_for_or_are_refused(
    decoder: Decoder, packet: bytes, steps: int
) -> None:
    with suppress(OpusError):
        assert has_fec(packet) in {True, False}
    with suppress(OpusError):
        assert decoder.recover(packet, steps * STEP).shape == (steps * STEP,)
    assert decoder.conceal(480).size == 480


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (b"", "invalid argument"),
        (b"\x03\x00", "corrupted stream"),  # no frames
        (b"\xff", "corrupted stream"),  # code 3 without a count of frames
        (b"\xff\x3f", "corrupted stream"),  # 63 frames of 20 ms
        (b"\x1f\x04", "corrupted stream"),  # 4 frames of 60 ms
    ],
)
def test_what_is_no_packet_is_refused_in_words(packet: bytes, words: str) -> None:
    with pytest.raises(OpusError, match=rf"^libopus: {words}$"):
        duration(packet)
    with closing(Decoder()) as decoder:
        with pytest.raises(OpusError, match=rf"^libopus: {words}$"):
            decoder.decode(packet)
        with pytest.raises(OpusError, match=rf"^libopus: {words}$"):
            decoder.recover(packet, FRAME)


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"\x78", 960),  # RFC 6716 §3.1: configuration 15 is 20 ms
        (b"\x18", 2880),
        (b"\xe0", 120),
        (b"\x79", 1920),  # two frames of one length
        (b"\x1b\x02", 5760),  # 2 frames of 60 ms are the 120 ms that are allowed
    ],
)
def test_the_duration_is_read_from_the_first_two_bytes(packet: bytes, samples: int) -> None:
    assert duration(packet) == samples


# Where the library is


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nowhere is libopus found, and what was found before is forgotten."""
    opus._library.cache_clear()
    monkeypatch.setattr(opus, "candidates", lambda: iter(()))
    yield
    opus._library.cache_clear()


@pytest.mark.usefixtures("no_library")
def test_without_a_library_it_is_said_what_to_do() -> None:
    words = r"^libopus was not found: it comes with PyAV's wheels; .*install libopus"
    for use in (lambda: Encoder(CODING), Decoder, lambda: duration(b"\x78"), opus.version):
        with pytest.raises(OpusError, match=words):
            use()


def test_what_is_no_library_of_opus_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_library: None
) -> None:
    real = [path for path in candidates() if Path(path).is_absolute()]
    (tmp_path / "libopus.so.0").write_bytes(b"not a library")
    other = ctypes.util.find_library("c") or ""  # a library, but of something else
    tried = [str(tmp_path / "libopus.so.0"), str(tmp_path / "missing"), other, *real]
    monkeypatch.setattr(opus, "candidates", lambda: iter(tried))
    assert opus.version().startswith("libopus ")
    monkeypatch.setattr(opus, "candidates", lambda: iter(tried[:3]))
    opus._library.cache_clear()
    with pytest.raises(OpusError, match="not found"):
        opus.version()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty site-packages with nothing but PyAV in it, on a system without libopus."""
    (tmp_path / "site" / "av").mkdir(parents=True)
    monkeypatch.setattr(av, "__file__", str(tmp_path / "site" / "av" / "__init__.py"))
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    return tmp_path / "site"


def put(folder: Path, *names: str) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return [str(folder / name) for name in names]


def test_nowhere_is_no_place(site: Path) -> None:
    assert list(candidates()) == []


def test_on_linux_it_is_beside_pyav(site: Path) -> None:
    found = put(site / "av.libs", "libopus-114e2b1a.so.0.11.1")
    put(site / "av.libs", "libopusfile-1a2b.so.0", "libvpx-1a2b.so.9", "libvorbis.so")
    assert list(candidates()) == found


def test_on_windows_it_is_beside_pyav_under_one_of_two_names(site: Path) -> None:
    found = put(site / "av.libs", "libopus-0-a1b2.dll", "opus-a1b2c3.dll")
    put(site / "av.libs", "avcodec-62.dll", "libvpx-1.dll")
    assert list(candidates()) == found


def test_on_macos_it_is_within_pyav(site: Path) -> None:
    found = put(site / "av" / ".dylibs", "libopus.0.dylib")
    put(site / "av" / ".dylibs", "libopusenc.0.dylib", "libavcodec.62.dylib")
    assert list(candidates()) == found


def test_the_one_of_the_system_is_the_last_resort(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", {"opus": "libopus.so.0"}.get)
    assert list(candidates()) == ["libopus.so.0"]
    found = put(site / "av.libs", "libopus-114e2b1a.so.0.11.1")
    assert list(candidates()) == [*found, "libopus.so.0"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("av.libs", "libopus-114e2b1a.so.0.11.1"),
        ("av.libs", "libopus-0-a1b2.dll"),
        ("av/.dylibs", "libopus.0.dylib"),
        (".", "libopus-114e2b1a.so.0.11.1"),
        (".", "libopus.0.dylib"),
        (".", "opus.dll"),
    ],
)
def test_a_frozen_program_finds_its_own_before_the_one_of_the_system(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, name: str
) -> None:
    frozen = tmp_path / "frozen"
    (frozen / "av").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(frozen), raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", {"opus": "libopus.so.0"}.get)
    found = put(frozen / folder, name)
    assert list(candidates()) == [*found, "libopus.so.0"]
    # PyAV itself may be frozen with it, or not be a file any more.
    monkeypatch.setattr(av, "__file__", str(frozen / "av" / "__init__.pyc"))
    assert list(candidates()) == [*found, "libopus.so.0"]


def test_here_the_one_that_pyav_brings_comes_first() -> None:
    first = Path(next(candidates()))
    assert Path(av.__file__).parent.parent in first.parents
    ctypes.CDLL(str(first))
