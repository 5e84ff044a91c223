"""What devices there are, and whether sound goes out and comes back: ``twocan devices``.

Standard output carries one JSON line per device or finding, for programs; standard error says the
same to people. On a terminal only people read.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from twocan.media.devices import DEFAULT, Capture, Device, Devices, Direction, Playback
from twocan.media.pictures.cameras import CameraDevice, find_cameras
from twocan.media.pictures.picture import PictureError
from twocan.media.sound import (
    BLOCK,
    BLOCK_SECONDS,
    FULL_SCALE,
    SAMPLE_RATE,
    SILENCE,
    Level,
    Samples,
    SoundError,
)
from twocan.report import MEDIA_FAILED, OK, USAGE

SWEEP_SECONDS = 0.5
_QUIET_SECONDS = 0.5
_LISTENS_SECONDS = 1.5
"""From the first block of the sweep: with it, what returns within a second is found."""
_WITHIN_SECONDS = 10.0

_LOWEST, _HIGHEST = 300.0, 4000.0
_PEAK = 0.1
_FADE = 0.02

_CLEAR = 12.0
"""How far the sweep's best match must stand out of all others. Noise reaches 5, speech 10."""
_NOTHING_DBFS = -100.0
"""Below this not even a microphone's own noise is left."""

MakeDevices = Callable[[], Devices]
FindCameras = Callable[[], tuple[CameraDevice, ...]]


def list_devices(make: MakeDevices = Devices, find: FindCameras = find_cameras) -> int:
    """Print every microphone, speaker and camera, the default ones marked. The exit code."""
    devices = make()
    try:
        found, problem = devices.list(), devices.problem
    finally:
        devices.close()
    for device in found:
        _say({"event": "device", **_shown(device)}, _line(device))
    for direction in Direction:
        if not any(device.direction is direction for device in found):
            _tell(f"no {direction}" + (f": {problem}" if problem else ""))
    _list_cameras(find)
    return OK


def _list_cameras(find: FindCameras) -> None:
    try:
        found = find()
    except PictureError as error:
        _tell(f"no camera: {error}")
        return
    for number, camera in enumerate(found):
        first = number == 0
        said = {"event": "device", "direction": "camera", "name": camera.name, "default": first}
        _say(said, _marked(first, "camera", camera.name))
    if not found:
        _tell("no camera")


def _shown(device: Device) -> dict[str, object]:
    """All but the key, which only the system understands."""
    return {name: value for name, value in asdict(device).items() if name != "key"}


def _line(device: Device) -> str:
    worn = "  (headset)" if device.headset else ""
    return _marked(device.default, device.direction, device.name + worn)


def _marked(default: bool, direction: str, name: str) -> str:
    return f"{'*' if default else ' '} {direction:10}  {name}"


def check_sound(
    microphone: str = DEFAULT, speaker: str = DEFAULT, make: MakeDevices = Devices
) -> int:
    """Play, record, and say what was heard. The exit code: 0 if what was played came back."""
    devices = make()
    try:
        finding = listen(devices, microphone, speaker)
    except SoundError as error:
        _tell(f"twocan: {error}")
        return USAGE
    finally:
        devices.close()
    _say({"event": "sound", **asdict(finding)}, describe(finding))
    return OK if finding.came_back else MEDIA_FAILED


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a sweep. A device is None where there was none."""

    microphone: str | None
    speaker: str | None
    quiet_dbfs: float | None
    """What the microphone heard before the sweep."""
    heard_dbfs: float | None
    """What it heard at the loudest, over the length of a sweep."""
    came_back: bool
    latency_ms: float | None
    """From handing the sweep to the speaker to having it from the microphone."""


def describe(finding: Finding) -> str:
    """A finding in words for people."""
    if finding.microphone is None or finding.speaker is None:
        missing = Direction.MICROPHONE if finding.microphone is None else Direction.SPEAKER
        return f"there is no {missing}: plug one in"
    words = f"{finding.microphone} heard {finding.heard_dbfs:.0f} dBFS of {finding.speaker}"
    if finding.came_back:
        return f"{words}: the tone came back after {finding.latency_ms:.0f} ms"
    if finding.heard_dbfs is not None and finding.heard_dbfs < _NOTHING_DBFS:
        return f"{finding.microphone} hears nothing at all: is it muted, or not permitted?"
    return (
        f"{words}, but not the tone: turn the speaker up, or hold the headset's "
        "microphone to its ear"
    )


def listen(devices: Devices, microphone: str, speaker: str) -> Finding:
    """Play a sweep and record. Takes about two seconds. Raises SoundError for unknown names."""
    capture = devices.capture(microphone)
    try:
        playback = devices.playback(speaker)
        try:
            return _listen(capture, playback)
        finally:
            playback.close()
    finally:
        capture.close()


def _listen(capture: Capture, playback: Playback) -> Finding:
    mouth, ear = _Mouth(), _Ear()
    capture.start(ear.heard, ear.failed)
    playback.start(mouth.give, ear.failed)
    # A device has been opened, or is known to be missing, long before the quiet is over.
    if not ear.until(lambda: mouth.began and time.monotonic() > mouth.began + _LISTENS_SECONDS):
        raise SoundError("the devices do not ask for sound: is the sound server well?")
    quiet, heard, found = ear.judge(mouth)
    return Finding(
        capture.device,
        playback.device,
        _tenth(quiet),
        _tenth(heard),
        found is not None,
        None if found is None else _tenth(found * 1000),
    )


def sweep() -> npt.NDArray[np.float64]:
    """What is played: a swept sine, 300 to 4000 Hz, peak 1. Nothing else resembles it."""
    t = np.arange(round(SWEEP_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * (_LOWEST * t + (_HIGHEST - _LOWEST) * t**2 / (2 * SWEEP_SECONDS))
    fade = np.minimum(1, np.minimum(t, SWEEP_SECONDS - t) / _FADE)
    shaped: npt.NDArray[np.float64] = fade * np.sin(phase)
    return shaped


class _Mouth:
    """Plays quiet, then the sweep, then quiet for ever."""

    def __init__(self) -> None:
        self.began: float | None = None
        loud = np.rint(sweep() * _PEAK * FULL_SCALE).astype(np.int16)
        quiet = [SILENCE] * round(_QUIET_SECONDS / BLOCK_SECONDS)
        self._blocks = iter([*quiet, *loud.reshape(-1, BLOCK)])
        self._quiet = len(quiet)

    def give(self, _at: float) -> Samples:
        self._quiet -= 1
        if self._quiet == -1:
            self.began = time.monotonic()
        return next(self._blocks, SILENCE)


class _Ear:
    """Keeps what was heard, and when it came."""

    def __init__(self) -> None:
        self._blocks: list[tuple[float, Samples]] = []
        self._problem: SoundError | None = None
        self._came = threading.Event()

    def heard(self, block: Samples, _at: float) -> None:
        self._blocks.append((time.monotonic(), block))
        self._came.set()

    def failed(self, error: SoundError) -> None:
        self._problem = error
        self._came.set()

    def until(self, over: Callable[[], object]) -> bool:
        deadline = time.monotonic() + _WITHIN_SECONDS
        while not over() and time.monotonic() < deadline:
            self._came.wait(1.0)
            self._came.clear()
            if self._problem:
                raise self._problem
        return bool(over())

    def judge(self, mouth: _Mouth) -> tuple[float | None, float | None, float | None]:
        """The levels before and at the loudest, and the seconds after which the sweep came."""
        began = mouth.began or 0.0
        quiet, loudest = Level(), Level()
        for came, block in self._blocks:
            if came < began:
                quiet.add(block)
        after = [(came, block) for came, block in self._blocks if came >= began]
        sound = np.concatenate([block for _, block in after])
        length = round(SWEEP_SECONDS * SAMPLE_RATE)
        start = match(sound)
        loudest.add(sound if start is None else sound[start : start + length])
        if start is None:
            return quiet.dbfs, loudest.dbfs, None
        return quiet.dbfs, loudest.dbfs, after[start // BLOCK][0] - began


def match(sound: Samples) -> int | None:
    """The sample at which the sweep begins in what was heard; None where it is not in it."""
    pattern = sweep()
    size = sound.size + pattern.size
    spectrum = np.fft.rfft(sound.astype(np.float64), size)
    likeness = np.abs(np.fft.irfft(spectrum * np.conj(np.fft.rfft(pattern, size)), size))
    likeness = likeness[: max(1, sound.size - pattern.size)]
    usual = float(np.sqrt(np.mean(likeness**2)))
    best = int(np.argmax(likeness))
    return best if usual and likeness[best] / usual >= _CLEAR else None


def _tenth(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 1)


def _say(event: dict[str, object], words: str) -> None:
    if not sys.stdout.isatty():
        print(json.dumps(event), flush=True)
    _tell(words)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
