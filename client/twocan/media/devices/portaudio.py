"""PortAudio: its lifetime, what it finds, and its streams. Only here is sounddevice imported.

PortAudio is not made for threads: whoever has a ``PortAudio`` calls it from one thread. Only its
streams' callbacks come on others; these belong to the sound card, and nothing there waits.
"""

import ctypes.util
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from twocan.media.devices.choosing import Direction
from twocan.media.sound import BLOCK, BLOCK_SECONDS, SAMPLE_RATE, Samples, SoundError

LATENCIES = (0.03, 0.04, 0.06, 0.1)
"""What is asked of a device, in seconds, each next one after the one before it ran dry. ALSA
makes three periods of one block of the first; two, which is 0.02, run dry beside a busy thread."""

_FORMAT = "int16"
_SILLY_SECONDS = 2.0
_CALLS_TO_FILL = 10
_DRY_TIMES, _DRY_SECONDS = 3, 10.0


@contextmanager
def _ours_first() -> Iterator[None]:
    """Have sounddevice take the library that lies beside a frozen program.

    It asks ctypes, which knows the system's folders alone: there may be another one, or none.
    """
    ours = Path(getattr(sys, "_MEIPASS", ""), "libportaudio.so.2")
    by_the_system = ctypes.util.find_library

    def found(name: str) -> str | None:
        is_here = name == "portaudio" and ours.is_absolute() and ours.is_file()
        return str(ours) if is_here else by_the_system(name)

    ctypes.util.find_library = found
    try:
        yield
    finally:
        ctypes.util.find_library = by_the_system


@dataclass(frozen=True, slots=True)
class Port:
    """A device as PortAudio lists it."""

    index: int
    name: str
    host: str
    """The host API: ALSA, Core Audio, Windows WASAPI, ..."""
    inputs: int
    outputs: int
    default_input: bool
    default_output: bool


class PortAudio:
    """The library, from its initialisation, which looks at every device, to ``close``.

    It is one for the whole process. Raises SoundError where it is not there.
    """

    def __init__(self) -> None:
        loaded = "sounddevice" in sys.modules
        try:
            with _ours_first():
                import sounddevice  # type: ignore[import-untyped]
        except ImportError as error:
            raise SoundError("no sound devices: install sounddevice") from error
        except OSError as error:
            raise SoundError(f"no sound devices: install PortAudio ({error})") from error
        self._library: Any = sounddevice
        if loaded:  # importing it initialised it
            sounddevice._initialize()

    def restart(self) -> None:
        """See what was plugged in since: PortAudio looks only when it is initialised.

        No stream may be open.
        """
        self._library._terminate()
        self._library._initialize()

    def close(self) -> None:
        self._library._terminate()

    def ports(self) -> list[Port]:
        """Every device that PortAudio found."""
        hosts = self._library.query_hostapis()
        return [
            Port(
                index,
                port["name"],
                hosts[port["hostapi"]]["name"],
                port["max_input_channels"],
                port["max_output_channels"],
                hosts[port["hostapi"]]["default_input_device"] == index,
                hosts[port["hostapi"]]["default_output_device"] == index,
            )
            for index, port in enumerate(self._library.query_devices())
        ]

    def open(
        self, port: Port, direction: Direction, turn: Callable[..., object], latency: float
    ) -> "Stream":
        """Open and start a stream. Raises SoundError.

        ``turn(stream, samples, at)`` fills or takes each block on the sound card's thread.
        """
        try:
            return self._open(port, direction, turn, latency)
        except self._library.PortAudioError as error:
            raise SoundError(f"cannot use {port.name!r} at 48 kHz: {_said(error)}") from error

    def _open(
        self, port: Port, direction: Direction, turn: Callable[..., object], latency: float
    ) -> "Stream":
        try:
            return Stream(self._library, port, direction, turn, latency, channels=1)
        except self._library.PortAudioError:
            most = port.inputs if direction is Direction.MICROPHONE else port.outputs
            if most < 2:
                raise
            return Stream(self._library, port, direction, turn, latency, channels=2)


class Stream:
    """One running stream, blocks of 10 ms mono whatever the device has.

    ``last``: when its callback last ran, None before it did. ``ended``: PortAudio gave it up.
    """

    def __init__(
        self,
        library: Any,
        port: Port,
        direction: Direction,
        turn: Callable[..., object],
        latency: float,
        channels: int,
    ) -> None:
        capturing = direction is Direction.MICROPHONE
        self.port = port
        self.since = time.monotonic()
        self.last: float | None = None
        self.ended = False
        self._calls = 0
        self._dry: deque[float] = deque(maxlen=_DRY_TIMES)
        self.latency = latency
        self._turn = turn
        self._channels = channels
        self._clock, self._way = Clock(), Way()
        make = library.RawInputStream if capturing else library.RawOutputStream
        self._stream = make(
            device=port.index,
            samplerate=SAMPLE_RATE,
            blocksize=BLOCK,
            channels=channels,
            dtype=_FORMAT,
            latency=latency,
            extra_settings=_settings(library, port),
            callback=self._heard if capturing else self._asked,
            finished_callback=self._finished,
        )
        self._patience = max(self._stream.latency, latency)
        try:
            self._stream.start()
        except library.PortAudioError:
            self._stream.close()
            raise

    @property
    def running(self) -> bool:
        """Whether the device asks by itself, and not only to fill what it holds at the start."""
        return self._calls > _CALLS_TO_FILL

    @property
    def runs_dry(self) -> bool:
        """Whether callbacks came too late again and again of late."""
        dry = list(self._dry)
        return len(dry) == _DRY_TIMES and dry[-1] - dry[0] < _DRY_SECONDS

    def close(self) -> None:
        """Stop at once, without playing what waits."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    # On the sound card's thread

    def _heard(self, data: Any, _count: int, times: Any, status: Any) -> None:
        at = self._at(times.inputBufferAdcTime - times.currentTime, -1, times, status)
        samples = np.frombuffer(data, np.int16)
        if self._channels > 1:
            mixed = samples.reshape(-1, self._channels).astype(np.int32).sum(axis=1)
            samples = (mixed // self._channels).astype(np.int16)
        else:
            samples = samples.copy()  # PortAudio uses the buffer again
        self._turn(self, samples, at)

    def _asked(self, data: Any, _count: int, times: Any, status: Any) -> None:
        at = self._at(times.outputBufferDacTime - times.currentTime, 1, times, status)
        samples: Samples = np.empty(BLOCK, np.int16)
        self._turn(self, samples, at)
        data[:] = (samples if self._channels == 1 else samples.repeat(self._channels)).tobytes()

    def _at(self, offset: float, sign: int, times: Any, status: Any) -> float:
        now = time.monotonic()
        late = self.last is not None and now - self.last > self._patience
        # ALSA's plugins hide that they ran dry, which a callback that came too late tells.
        if late or status.output_underflow or status.input_overflow:
            self._dry.append(now)
        self.last = now
        self._calls += 1
        # Some plugins leave the times at zero, or far from anything that can be.
        if not times.currentTime or not -BLOCK_SECONDS <= sign * offset < _SILLY_SECONDS:
            offset = sign * self.latency
        self.latency = abs(self._way.hold(offset))
        return self._clock.tell(now + sign * self.latency)

    def _finished(self) -> None:
        self.ended = True


class Way:
    """How long sound takes between a callback and the air, in seconds.

    Sound servers reckon it anew each time, and their figures wander by 5 ms within seconds while
    the callbacks themselves are steady to a tenth of that. An echo canceller would take the wander
    for two quartzes that differ by a thousand parts per million. So one figure is held until
    another has been true for half a second.
    """

    _SETTLES = 10
    _OTHER_SECONDS = 0.015
    _LASTS = 50

    def __init__(self) -> None:
        self._held = 0.0
        self._count = self._others = 0

    def hold(self, said: float) -> float:
        """What is held, after a callback that said so."""
        self._count += 1
        other = abs(said - self._held) > self._OTHER_SECONDS
        self._others = self._others + 1 if other else 0
        if self._count <= self._SETTLES or self._others == self._LASTS:
            self._held, self._others = said, 0
        return self._held


class Clock:
    """A device's clock, from what each callback says the time is.

    It is led by the middle of the last few, so that no late callback shakes it; it follows a
    quartz of its own slowly, and goes at once where sound was lost or held up.
    """

    _RECENT = 9
    _STEP_SECONDS = 0.001

    def __init__(self) -> None:
        self._count = 0
        self._recent: deque[float] = deque(maxlen=self._RECENT)
        self._held = 0.0

    def tell(self, at: float) -> float:
        """When the block's first sample is in the air, in ``time.monotonic``'s seconds."""
        since = self._count * BLOCK_SECONDS
        self._count += 1
        self._recent.append(at - since)
        off = sorted(self._recent)[len(self._recent) // 2] - self._held
        self._held += off if abs(off) > self._STEP_SECONDS else off / 16
        return since + self._held


def _settings(library: Any, port: Port) -> Any:
    # A device that is shared runs at what its owner set, often 44.1 kHz: let Windows convert.
    # Core Audio, PulseAudio and ALSA's "plug" devices do so by themselves.
    return library.WasapiSettings(auto_convert=True) if "WASAPI" in port.host else None


def _said(error: Exception) -> str:
    return str(error.args[0]) if error.args else str(error)
