"""The ear of `make call`: the same speech passes, coded and delayed; nothing else does."""

from pathlib import Path

import av
import numpy as np
import pytest

import hearing
from hearing import Samples, Sound

ROOT = Path(__file__).parent.parent
OPUS_RATE = 48000
SPEECH = hearing.read_wav(ROOT / "assets" / "speech.wav")
OTHER_SPEECH = hearing.read_wav(ROOT / "tests" / "other_speech.wav")


def test_opus_at_a_low_rate_late_and_quiet_is_the_same_speech() -> None:
    coded = through_opus(SPEECH, bits_per_second=12_000)

    found = hearing.likeness(SPEECH, Sound(late(0.7, coded.samples * 0.1), coded.rate))

    assert found.same
    assert found.correlation > 0.8
    assert found.delay == pytest.approx(0.7, abs=0.02)


def test_a_start_that_was_cut_off_is_the_same_speech() -> None:
    found = hearing.likeness(SPEECH, Sound(SPEECH.samples[SPEECH.rate // 2 :], SPEECH.rate))

    assert found.same
    assert found.delay == pytest.approx(-0.5, abs=0.001)


def test_a_lost_packet_that_shifts_the_rest_is_the_same_speech() -> None:
    before, after = np.split(SPEECH.samples, [SPEECH.rate * 2])
    heard = np.concatenate([before, np.zeros(SPEECH.rate * 60 // 1000), after])

    assert hearing.likeness(SPEECH, Sound(heard, SPEECH.rate)).same


def test_half_of_the_speech_is_not_all_of_it() -> None:
    half = SPEECH.samples[: len(SPEECH.samples) // 2]

    assert not hearing.likeness(SPEECH, Sound(half, SPEECH.rate)).same


def seconds(count: float) -> Samples:
    return np.arange(int(count * SPEECH.rate)) / SPEECH.rate


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param(np.zeros(0), id="nothing"),
        pytest.param(np.zeros(SPEECH.rate * 5), id="silence"),
        pytest.param(SPEECH.samples * 1e-3, id="a trace too faint to hear"),
        pytest.param(0.3 * np.sin(2 * np.pi * 120 * seconds(10)), id="a tone"),
        pytest.param(0.3 * np.sign(np.sin(2 * np.pi * 110 * seconds(10))), id="a buzz"),
        pytest.param(np.random.default_rng(1).normal(0, 0.1, SPEECH.rate * 10), id="noise"),
        pytest.param(SPEECH.samples[::-1], id="the speech backwards"),
        pytest.param(SPEECH.samples[: SPEECH.rate // 4], id="a snippet"),
    ],
)
def test_anything_else_is_not_the_speech(heard: Samples) -> None:
    assert not hearing.likeness(SPEECH, Sound(heard, SPEECH.rate)).same


def test_another_speech_is_not_the_speech() -> None:
    assert hearing.likeness(SPEECH, OTHER_SPEECH).correlation < hearing.SAME_SPEECH / 2
    assert hearing.likeness(OTHER_SPEECH, OTHER_SPEECH).same


def test_a_file_that_holds_no_sound_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("not sound")

    with pytest.raises(ValueError, match=r"text\.wav cannot be read as a wav file"):
        hearing.read_wav(text)


def late(seconds: float, samples: Samples) -> Samples:
    return np.concatenate([np.zeros(int(seconds * OPUS_RATE)), samples])


def through_opus(sound: Sound, bits_per_second: int) -> Sound:
    """`sound` as the far end of a call hears it."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=OPUS_RATE)
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = OPUS_RATE, "mono", "s16"
    encoder.bit_rate = bits_per_second
    decoder = av.AudioCodecContext.create("opus", "r")
    decoded = [
        frame.to_ndarray()[0]
        for raw in resampler.resample(as_frame(sound))
        for packet in encoder.encode(raw)
        for frame in decoder.decode(packet)
    ]
    return Sound(np.concatenate(decoded).astype(float), OPUS_RATE)


def as_frame(sound: Sound) -> av.AudioFrame:
    samples = (sound.samples * 32767).astype("<i2").reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate = sound.rate
    return frame
