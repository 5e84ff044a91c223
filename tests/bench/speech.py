"""What is said in every measured call: recorded sentences of a woman and a man, in turns.

Speech comes in turns of the same length, one sentence of each voice and a pause behind each, so
that a turn is judged by itself and its edges are in pauses.
"""

import subprocess
import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

RATE = 48000
LEAD_SECONDS = 1.0
"""Silence before the first turn."""
TURN_SECONDS = 7.0
LEVEL_DBOV = -26.0
"""Of the active speech, as ITU-T P.800 has it."""

Sound = npt.NDArray[np.int16]
Signal = npt.NDArray[np.float64]

_ROOT = Path(__file__).parent.parent.parent
_UNPACKED = _ROOT / ".venv" / "opt" / "speech"
_PACKAGES = ("asterisk-core-sounds-en-g722", "asterisk-core-sounds-it-g722")
"""Debian's."""
_SOUNDS = Path("usr/share/asterisk/sounds")
_WOMAN, _MAN = "en_US_f_Allison", "it_IT_m_Carlo"
_TURNS = (
    ("pls-hold-while-try", "conf-onlyperson"),
    ("something-terribly-wrong", "pls-hold-while-try"),
    ("vm-nobodyavail", "vm-tohearenv"),
    ("conf-onlyone", "cannot-complete-as-dialed"),
    ("vm-sorry", "vm-nonumber"),
)
SECONDS = LEAD_SECONDS + TURN_SECONDS * len(_TURNS)
_RATE_RECORDED = 16000
_AUDIBLE = 300


class SpeechError(Exception):
    """The speech cannot be had: one line, what is wrong and what to do."""


def turns() -> list[slice]:
    """Where each turn is in ``say()``."""
    lead, turn = int(LEAD_SECONDS * RATE), int(TURN_SECONDS * RATE)
    return [slice(lead + i * turn, lead + (i + 1) * turn) for i in range(len(_TURNS))]


def say() -> Sound:
    """``SECONDS`` of it, 48 kHz, mono. Raises SpeechError where the recordings cannot be had."""
    _fetch()
    half = int(TURN_SECONDS * _RATE_RECORDED / 2)
    said = [np.zeros(int(LEAD_SECONDS * _RATE_RECORDED))]
    for woman, man in _TURNS:
        said += [_sentence(_WOMAN, woman, half), _sentence(_MAN, man, half)]
    wide = resample_poly(np.concatenate(said), RATE, _RATE_RECORDED)
    sound: Sound = np.rint(wide.clip(-32768, 32767)).astype(np.int16)
    return sound


def write(path: Path, sound: Sound) -> None:
    """As a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.astype("<i2").tobytes())


def read(path: Path) -> Sound:
    """A WAV file that ``write`` wrote."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def _fetch() -> None:
    command: list[str | Path] = [_ROOT / "build" / "unpack", _UNPACKED, *_PACKAGES]
    fetched = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if fetched.returncode:
        raise SpeechError(f"the recorded speech cannot be had: {fetched.stderr.strip()}")


def _sentence(voice: str, name: str, length: int) -> Signal:
    """One recording at the level that all have, and silence up to ``length`` samples."""
    path = _UNPACKED / _SOUNDS / voice / f"{name}.g722"
    try:
        with av.open(str(path), format="g722") as file:
            frames = [frame.to_ndarray()[0] for frame in file.decode(audio=0)]
    except OSError as error:
        raise SpeechError(f"cannot read {path}: {error.strerror}; remove {_UNPACKED}") from error
    heard = np.concatenate(frames).astype(np.float64)
    active = heard[np.abs(heard) > _AUDIBLE]
    heard *= 32768 * 10 ** (LEVEL_DBOV / 20) / np.sqrt(np.mean(active**2))
    if heard.size > length:
        raise SpeechError(f"{path} is longer than half a turn: remove {_UNPACKED}")
    return np.pad(heard, (0, length - heard.size))
