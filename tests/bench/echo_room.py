"""How well echo, noise and gain are dealt with, in a simulated room: figures for each case."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from pesq import PesqError, pesq
from pystoi import stoi
from scipy.signal import correlate, resample_poly

from room import FAR, NEAR, Outcome, Scene, Sounds, Wave, erle_db, live, sounds, speech
from twocan.media.echo import Processing
from twocan.media.sound import SAMPLE_RATE, Room

_BASE = Scene(far_alone=12, both=10, near_alone=8)
SCENES = {
    "echo": _BASE,
    "echo +100 ppm": replace(_BASE, drift_ppm=100, jitter_ms=1),
    "echo -100 ppm": replace(_BASE, drift_ppm=-100, jitter_ms=1),
    "echo 18 dB under": replace(_BASE, echo_db=-18, drift_ppm=100, jitter_ms=1),
    "echo 40 ms late": replace(_BASE, delay_ms=40),
    "echo 80 ms late": replace(_BASE, delay_ms=80),
    "echo 120 ms late": replace(_BASE, delay_ms=120),
    "echo jumps 60 to 120 ms": replace(_BASE, delay_ms=60, jump=(6, 120)),
    "echo undistorted": replace(_BASE, distorts=False),
}
SETTLED_SECONDS = 3.0


def quiet() -> Room:
    """Everything but gain, which would count as echo."""
    return Processing(gain=False)


def figures(
    make: Callable[[], Room] = quiet, far: Path = FAR, near: Path = NEAR
) -> dict[str, dict[str, float]]:
    """The metrics of each case. The voices are 16 bit mono WAV files, 48 kHz or a part of it."""
    voices = speech(far, _BASE.seconds), speech(near, _BASE.seconds)
    told = {name: echo_figures(make(), scene, *voices) for name, scene in SCENES.items()}
    told["white noise"] = noise_figures(make(), voices[1])
    return told


def echo_figures(room: Room, scene: Scene, far: Wave, near: Wave) -> dict[str, float]:
    said = sounds(scene, far, near)
    outcome = _lived(room, scene, said)
    alone, both = scene.far_alone, scene.far_alone + scene.both
    delay = _delay(said, outcome.cleaned, both, scene.seconds)
    return {
        "erle_db": erle_db(said, outcome.cleaned, SETTLED_SECONDS, alone),
        "erle_first_db": erle_db(said, outcome.cleaned, 0.2, SETTLED_SECONDS),
        "double_talk_stoi": _scores(said, outcome.cleaned, delay, alone, both)[1],
        "double_talk_raw_stoi": _scores(said, said.heard, 0, alone, both)[1],
        "near_pesq": _scores(said, outcome.cleaned, delay, both, scene.seconds)[0],
        "near_stoi": _scores(said, outcome.cleaned, delay, both, scene.seconds)[1],
        "added_delay_ms": delay / SAMPLE_RATE * 1000,
        "cpu_us_per_block": outcome.cpu_us,
    }


def noise_figures(room: Room, near: Wave) -> dict[str, float]:
    """White noise 15 dB under a voice, of which 3 s are left out: by how much it is quieter."""
    scene = Scene(far_alone=0, both=0, near_alone=_BASE.seconds)
    near = near.copy()
    near[-3 * SAMPLE_RATE :] = 0
    noise = np.random.default_rng(scene.seed).normal(0, 10 ** (-41 / 20), near.size)
    said = Sounds(np.zeros_like(near), near, near + noise)
    outcome = _lived(room, scene, said)
    end = scene.seconds
    delay = _delay(said, outcome.cleaned, 3, end - 3)
    return {
        "noise_reduction_db": erle_db(said, outcome.cleaned, end - 2, end - 0.1),
        "near_pesq": _scores(said, outcome.cleaned, delay, 3, end - 3)[0],
        "near_raw_pesq": _scores(said, said.heard, 0, 3, end - 3)[0],
    }


def _lived(room: Room, scene: Scene, said: Sounds) -> Outcome:
    try:
        return live(room, scene, said)
    finally:
        room.close()


def _delay(said: Sounds, cleaned: Wave, start: float, stop: float) -> int:
    span = slice(round(start * SAMPLE_RATE), round(stop * SAMPLE_RATE))
    near, out = said.near[span], cleaned[span]
    return max(int(correlate(out, near, "full", "fft").argmax()) - near.size + 1, 0)


def _scores(
    said: Sounds, cleaned: Wave, delay: int, start: float, stop: float
) -> tuple[float, float]:
    """PESQ and STOI of the near voice."""
    near = said.near[round(start * SAMPLE_RATE) : round(stop * SAMPLE_RATE)]
    out = cleaned[round(start * SAMPLE_RATE) + delay :][: near.size]
    clean, judged = (resample_poly(sound, 1, 3) for sound in (near[: out.size], out))
    try:
        mos = float(pesq(16000, clean.astype(np.float32), judged.astype(np.float32), "wb"))
    except PesqError:
        mos = 1.0
    return mos, float(stoi(clean, judged, 16000))
