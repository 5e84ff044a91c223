"""A room with a loudspeaker and a microphone in it, in virtual time and from a seed.

The loudspeaker distorts, the walls ring for a quarter of a second, the two sound cards' clocks
differ and tell their times with jitter. First the far side speaks alone, then both, then only
who is in the room.
"""

import wave
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time

import numpy as np
import numpy.typing as npt

from twocan.media.sound import BLOCK, BLOCK_SECONDS, SAMPLE_RATE, Room, Samples

Wave = npt.NDArray[np.float64]

HERE = Path(__file__).parent
FAR, NEAR = HERE.parent / "assets" / "speech.wav", HERE / "other_speech.wav"

_SPEECH_DBFS = -26.0
_RINGS_SECONDS = 0.25
_EPOCH = 1000.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens in the room. Levels in dB: the echo beside the near voice, the noise full scale.

    ``delay_ms`` is what the sound cards do not tell of, ``told_ms`` what they tell wrongly: how
    much later than it is. ``jump``: from which second on the delay is another, in ms.
    """

    far_alone: float = 6.0
    both: float = 4.0
    near_alone: float = 4.0
    echo_db: float = -6.0
    noise_db: float = -70.0
    delay_ms: float = 5.0
    told_ms: float = 0.0
    drift_ppm: float = 0.0
    jitter_ms: float = 0.0
    distorts: bool = True
    jump: tuple[float, float] | None = None
    seed: int = 3

    @property
    def seconds(self) -> float:
        return self.far_alone + self.both + self.near_alone


@dataclass(frozen=True, slots=True)
class Sounds:
    """Full scale being 1; ``heard`` is by the microphone's clock, and so is ``near``."""

    far: Wave
    near: Wave
    heard: Wave


@dataclass(frozen=True, slots=True)
class Outcome:
    """``cpu_us``: of the thread, for a block."""

    cleaned: Wave
    cpu_us: float


def speech(path: Path, seconds: float) -> Wave:
    """A voice for that long, at 48 kHz, as loud as voices are."""
    with wave.open(str(path)) as file:
        said = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        times = SAMPLE_RATE // file.getframerate()
    bins = np.fft.rfft(said) * times
    said = np.fft.irfft(bins, said.size * times)
    frames = np.square(said[: said.size // BLOCK * BLOCK].reshape(-1, BLOCK)).mean(1)
    loud = frames[frames > frames.max() * 1e-3].mean()
    return np.resize(said * 10 ** (_SPEECH_DBFS / 20) / np.sqrt(loud), round(seconds * SAMPLE_RATE))


def sounds(scene: Scene, far: Wave | None = None, near: Wave | None = None) -> Sounds:
    """What is played, said and heard. The voices are the given ones, or recorded ones."""
    ends = _at(scene.far_alone), _at(scene.far_alone + scene.both), _at(scene.seconds)
    far = (speech(FAR, scene.seconds) if far is None else far)[: ends[2]].copy()
    near = (speech(NEAR, scene.seconds) if near is None else near)[: ends[2]].copy()
    far[ends[1] :], near[: ends[0]] = 0, 0
    chance = np.random.default_rng(scene.seed)
    echo = _echo(scene, far, chance)
    echo *= 10 ** (scene.echo_db / 20) * _rms(near[ends[0] : ends[1]]) / _rms(echo[: ends[0]])
    noise = chance.normal(0, 10 ** (scene.noise_db / 20), far.size)
    return Sounds(far, near, _drifted(echo, scene.drift_ppm) + near + noise)


def live(room: Room, scene: Scene, said: Sounds) -> Outcome:
    """Play and hear all of it block by block, as two sound cards would."""
    played, heard = as_samples(said.far), as_samples(said.heard)
    chance = np.random.default_rng(scene.seed)
    jitter = chance.uniform(-1, 1, (2, len(heard) // BLOCK)) * scene.jitter_ms / 1000
    pace = BLOCK_SECONDS / (1 + scene.drift_ppm * 1e-6)
    cleaned, given, cpu = [], 0, 0.0
    for turn, off in enumerate(jitter[0]):
        while given < jitter.shape[1] and given * BLOCK_SECONDS < turn * pace + 0.05:
            told = _EPOCH + given * BLOCK_SECONDS + jitter[1, given] + scene.told_ms / 1000
            room.played(played[given * BLOCK :][:BLOCK], told)
            given += 1
        before = thread_time()
        cleaned.append(room.clean(heard[turn * BLOCK :][:BLOCK], _EPOCH + turn * pace + off))
        cpu += thread_time() - before
    return Outcome(np.concatenate(cleaned) / 32768, cpu / len(cleaned) * 1e6)


def as_samples(sound: Wave) -> Samples:
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)


def erle_db(said: Sounds, cleaned: Wave, start: float, stop: float) -> float:
    """The echo's return loss enhancement: by how much what is heard is quieter for it."""
    span = slice(_at(start), _at(stop))
    return float(20 * np.log10(_rms(said.heard[span]) / max(_rms(cleaned[span]), 1e-7)))


def likeness(said: Sounds, cleaned: Wave, delay: int, start: float, stop: float) -> float:
    """The correlation of what came out with what was said near: 1 if it is that and no more."""
    near = said.near[_at(start) : _at(stop)]
    out = cleaned[_at(start) + delay :][: near.size]
    return float(near @ out / (np.linalg.norm(near) * np.linalg.norm(out) + 1e-12))


def without_far(scene: Scene, said: Sounds) -> tuple[Scene, Sounds]:
    """The same room with the loudspeaker off."""
    return replace(scene, echo_db=-200), Sounds(np.zeros_like(said.far), said.near, said.near)


def _echo(scene: Scene, far: Wave, chance: np.random.Generator) -> Wave:
    walls = chance.normal(0, 1, _at(_RINGS_SECONDS))
    walls *= 10 ** (-3 * np.arange(walls.size) / walls.size)
    walls[: _at(0.002)] = 0
    walls[_at(0.0005)] = 3 * np.abs(walls).max()
    loud = 2 * far
    if scene.distorts:
        loud = np.tanh(2.5 * loud) / 2.5
        loud = loud + 0.2 * loud**2
    size = far.size + walls.size
    echo = np.fft.irfft(np.fft.rfft(loud, size) * np.fft.rfft(walls, size), size)[: far.size]
    later = _delayed(echo, scene.delay_ms)
    if scene.jump:
        start, delay_ms = scene.jump
        later[_at(start) :] = _delayed(echo, delay_ms)[_at(start) :]
    return later


def _delayed(sound: Wave, ms: float) -> Wave:
    count = _at(ms / 1000)
    return np.concatenate([np.zeros(count), sound[: sound.size - count]])


def _drifted(sound: Wave, ppm: float) -> Wave:
    """As a clock hears it that runs faster by ``ppm``: four times finer, then along lines."""
    if not ppm:
        return sound
    fine = np.fft.irfft(np.fft.rfft(sound) * 4, sound.size * 4)
    places = np.arange(sound.size) / (1 + ppm * 1e-6)
    return np.interp(places, np.arange(fine.size) / 4, fine)


def _at(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _rms(sound: Wave) -> float:
    return float(np.sqrt(np.square(sound).mean()))
