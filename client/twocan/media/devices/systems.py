"""The devices as PortAudio finds them, and what shows cheaply that they may have changed."""

import ctypes
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from twocan.media.devices.choosing import Device, Direction, is_worn, named_apart
from twocan.media.devices.portaudio import Port, PortAudio, Stream


class System(Protocol):
    """Where devices come from."""

    restarts: bool
    """Whether PortAudio must be initialised again to see what changed."""

    def changed(self) -> bool:
        """Whether devices may have changed since this was last asked. Cheap."""

    def devices(self) -> tuple[Device, ...]:
        """Every device there is now."""

    def open(self, device: Device, stream: Callable[[Port], Stream]) -> Stream:
        """Have ``stream`` open the port that leads to the device. Raises SoundError."""

    def lead(self, stream: Stream, device: Device) -> bool:
        """Lead an open stream to another device. False: it must be opened anew."""

    def close(self) -> None: ...


class Listed:
    """PortAudio's own list: Windows, macOS, and ALSA without a sound server.

    ``signs`` gives another value whenever devices may have changed; it is asked ``every`` so many
    seconds.
    """

    restarts = True

    def __init__(self, library: PortAudio, signs: Callable[[], object], every: float = 0.2) -> None:
        self._library = library
        self._every = every
        self._signs = signs
        self._known = self._latest = signs()
        self._asked_at = time.monotonic()

    def changed(self) -> bool:
        """True once signs have changed and stayed so for a moment: drivers take one to settle."""
        now = time.monotonic()
        if now - self._asked_at < self._every:
            return False
        self._asked_at = now
        latest, self._latest = self._latest, self._signs()
        if latest != self._latest or latest == self._known:
            return False
        self._known = latest
        return True

    def devices(self) -> tuple[Device, ...]:
        return listed(self._library.ports())

    def open(self, device: Device, stream: Callable[[Port], Stream]) -> Stream:
        ports = self._library.ports()
        return stream(next(port for port in ports if _key(port) == device.key))

    def lead(self, stream: Stream, device: Device) -> bool:
        return False

    def close(self) -> None:
        pass


_WINDOWS_HOST = "Windows WASAPI"
"""PortAudio lists every Windows device once for each of four interfaces; this is today's."""

_PLUMBING = re.compile(
    r"(a52|center_lfe|dmix|dsnoop|front|hdmi|iec958|jack|lavrate|modem|null|oss|phoneline|rear|"
    r"samplerate|side|spdif|speex|speexrate|surround|sysdefault|upmix|usbstream|vdownmix)\d*$"
)
"""What ALSA defines on every machine, and nobody would choose."""


def listed(ports: list[Port]) -> tuple[Device, ...]:
    """Devices from PortAudio's list: one host API's, without ALSA's plumbing."""
    hosts = {port.host for port in ports}
    if _WINDOWS_HOST in hosts:
        ports = [port for port in ports if port.host == _WINDOWS_HOST]
    ports = [port for port in ports if not _PLUMBING.match(port.name)]
    microphones = [
        Device(Direction.MICROPHONE, p.name, _key(p), p.default_input, is_worn(p.name))
        for p in ports
        if p.inputs
    ]
    speakers = [
        Device(Direction.SPEAKER, p.name, _key(p), p.default_output, is_worn(p.name))
        for p in ports
        if p.outputs
    ]
    return named_apart(microphones + speakers)


def _key(port: Port) -> str:
    return f"{port.host}: {port.name}"


# --- signs of a change, for each system ------------------------------------------------------


def signs_here() -> Callable[[], object]:
    """The signs of the system that this runs on."""
    match sys.platform:
        case "win32":
            return windows_signs
        case "darwin":
            return macos_signs
    return alsa_signs


def alsa_signs(cards: Path = Path("/proc/asound/cards")) -> object:
    """The sound cards, and whether there is a sound server by now."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    server = (runtime / "pulse" / "native").exists()
    return (cards.read_text() if cards.exists() else ""), server


def windows_signs() -> object:
    """The names that winmm gives, in its order: the default comes first."""
    winmm: Any = ctypes.WinDLL("winmm")  # type: ignore[attr-defined,unused-ignore]
    return wave_names(winmm, "waveIn"), wave_names(winmm, "waveOut")


def wave_names(winmm: Any, kind: str) -> tuple[str, ...]:
    # WAVEINCAPSW and WAVEOUTCAPSW begin alike: two WORDs, a UINT, and 32 wide characters.
    capabilities = ctypes.create_string_buffer(256)
    names = []
    for index in range(getattr(winmm, f"{kind}GetNumDevs")()):
        getattr(winmm, f"{kind}GetDevCapsW")(ctypes.c_size_t(index), capabilities, 84)
        names.append(capabilities.raw[8:72].decode("utf-16-le", "replace").partition("\0")[0])
    return tuple(names)


class _Address(ctypes.Structure):
    """AudioObjectPropertyAddress."""

    _fields_ = (
        ("selector", ctypes.c_uint32),
        ("scope", ctypes.c_uint32),
        ("element", ctypes.c_uint32),
    )


_SYSTEM_OBJECT = 1


def macos_signs() -> object:
    """Core Audio's devices and defaults, by their numbers."""
    framework = "/System/Library/Frameworks/CoreAudio.framework/CoreAudio"
    core_audio = ctypes.CDLL(framework)
    return tuple(macos_property(core_audio, selector) for selector in (b"dev#", b"dIn ", b"dOut"))


def macos_property(core_audio: Any, selector: bytes) -> bytes:
    address = _Address(int.from_bytes(selector, "big"), int.from_bytes(b"glob", "big"), 0)
    size = ctypes.c_uint32()
    ask = (_SYSTEM_OBJECT, ctypes.byref(address), 0, None, ctypes.byref(size))
    core_audio.AudioObjectGetPropertyDataSize(*ask)
    value = ctypes.create_string_buffer(size.value)
    core_audio.AudioObjectGetPropertyData(*ask, value)
    return value.raw[: size.value]
