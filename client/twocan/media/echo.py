"""What a person said, of what a microphone heard that also hears the loudspeaker.

``Processing`` stands between the sound card and the call: a high-pass, the echo canceller, noise
suppression and gain, each of which can be switched while it runs. The canceller is ours
(``media.canceller``, ``media.drift``); noise and gain are those of WebRTC, from pywebrtc-audio,
and where that is not installed sound goes on without them.

The sound card's thread says what it plays; that never waits. All else belongs to one thread.
"""

import logging
from collections import deque
from typing import Protocol

import numpy as np

from twocan.media.canceller import Filter, Suppressor
from twocan.media.drift import Reference, Signal
from twocan.media.sound import BLOCK, FULL_SCALE, SAMPLE_RATE, Samples

log = logging.getLogger(__name__)

_MOST_WAITING = 200
"""Played blocks that wait for the microphone: a microphone that stopped may come back."""


class _Stage(Protocol):
    def process(self, audio: Signal, /) -> Signal: ...


class _Plain:
    """What stands where the library is missing."""

    def process(self, audio: Signal, /) -> Signal:
        return audio


class Processing:
    """The room of one call. ``echo``, ``noise``, ``gain`` and ``high_pass`` are switches.

    ``problem``: what a person can be told of what is missing, or None; known at the first block.
    """

    _NOISE_LEVEL = 2
    """18 dB."""
    _MOST_GAIN_DB, _FIXED_GAIN_DB = 18.0, -6.0
    """The library makes voices as loud as can be; the fixed part leaves them room, at -20 dBFS."""

    def __init__(
        self, *, echo: bool = True, noise: bool = True, gain: bool = True, high_pass: bool = True
    ) -> None:
        self.echo, self.noise, self.gain, self.high_pass = echo, noise, gain, high_pass
        self.problem: str | None = None
        self._waiting: deque[tuple[Samples, float]] = deque(maxlen=_MOST_WAITING)
        self.reset()

    def reset(self) -> None:
        """Another microphone or loudspeaker: nothing of what was learnt holds."""
        self._waiting.clear()
        self._reference, self._filter = Reference(), Filter()
        self._suppressor, self._high_pass = Suppressor(), HighPass()
        self._stages: tuple[_Stage, _Stage] | None = None

    @property
    def skew_ppm(self) -> float:
        """How much faster the loudspeaker's clock runs than the microphone's, as it was learnt."""
        return self._reference.skew_ppm

    @property
    def realigned(self) -> int:
        """How often what is played was found elsewhere in time than it had been."""
        return self._reference.realigned

    def played(self, block: Samples, at: float) -> None:
        """What the loudspeaker will play at ``at``; on its thread. Never waits, never raises."""
        self._waiting.append((block, at))

    def clean(self, block: Samples, at: float) -> Samples:
        """A block as a person said it, of what the microphone heard at ``at``. Never raises.

        5 ms later with ``echo``, 7 ms more with ``noise``.
        """
        sound = block.astype(np.float32) / np.float32(FULL_SCALE)
        if self.high_pass:
            sound = self._high_pass.take(sound)
        if self.echo:
            sound = self._without_echo(sound, at)
        else:
            self._waiting.clear()
        if self.noise or self.gain:
            sound = self._by_library(sound)
        scaled = np.rint(sound * np.float32(FULL_SCALE))
        cleaned: Samples = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
        return cleaned

    def close(self) -> None:
        """Forget everything. What is cleaned after this is as of a new room."""
        self.reset()

    def _without_echo(self, mic: Signal, at: float) -> Signal:
        while self._waiting:
            block, then = self._waiting.popleft()
            if block.shape == (BLOCK,):
                far = block.astype(np.float32) / np.float32(FULL_SCALE)
                self._reference.played(far, then)
        played, jumped = self._reference.heard(mic, at)
        if jumped:
            self._filter.forget()
            self._suppressor.forget()
        return self._suppressor.take(*self._filter.take(mic, played))

    def _by_library(self, sound: Signal) -> Signal:
        self._stages = self._stages or self._make_stages()
        noise, gain = self._stages
        if self.noise:
            sound = noise.process(sound)
        return gain.process(sound) if self.gain else sound

    def _make_stages(self) -> tuple[_Stage, _Stage]:
        try:
            from pywebrtc_audio import GainController, NoiseSuppressor
        except ImportError as error:
            if self.problem is None:
                self.problem = "no noise suppression and no gain: install pywebrtc-audio"
                log.warning("%s (%s)", self.problem, error)
            return _Plain(), _Plain()
        return (
            NoiseSuppressor(SAMPLE_RATE, 1, self._NOISE_LEVEL),
            GainController(SAMPLE_RATE, 1, self._FIXED_GAIN_DB, max_gain_db=self._MOST_GAIN_DB),
        )


class HighPass:
    """A Butterworth high-pass of the second order at 80 Hz: no hum, no rumble. No delay.

    The recursion is one geometric series a block, which NumPy sums at once.
    """

    _CORNER_HZ = 80

    def __init__(self) -> None:
        warped = np.tan(np.pi * self._CORNER_HZ / SAMPLE_RATE)
        scale = 1 / (1 + np.sqrt(2) * warped + warped**2)
        middle = (1 - warped**2) * scale
        pole = middle + 1j * np.sqrt((1 - np.sqrt(2) * warped + warped**2) * scale - middle**2)
        self._direct = scale / abs(pole) ** 2
        self._residue = scale * (1 - 1 / pole) ** 2 / (1 - pole.conjugate() / pole)
        self._powers = pole ** np.arange(1, BLOCK + 1)
        self._state = 0j

    def take(self, sound: Signal) -> Signal:
        sums = self._powers * (self._state + np.cumsum(sound / self._powers))
        self._state = complex(sums[-1])
        passed: Signal = (self._direct * sound + 2 * (self._residue * sums).real).astype(np.float32)
        return passed
