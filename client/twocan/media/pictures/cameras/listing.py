"""Which cameras there are, and which of them is meant by a name.

Linux tells by itself. Windows and macOS are asked through ``cv2_enumerate_cameras``, which lists
cameras in the order in which OpenCV numbers them.
"""

import ctypes
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from twocan.media.pictures.picture import PictureError

DEFAULT = "default"
"""The name of the first camera that there is."""


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """One camera that is plugged in."""

    name: str
    """What a person reads and types, and what is remembered; no two are alike."""
    path: str
    """What the system calls it."""
    index: int
    """What OpenCV calls it, until something is plugged in or out."""


Find = Callable[[], tuple[CameraDevice, ...]]


def find_cameras() -> tuple[CameraDevice, ...]:
    """Every camera that is plugged in, the first one first. It opens none of them for pictures.

    Raises PictureError where this system cannot be asked.
    """
    return v4l_cameras() if sys.platform == "linux" else listed_cameras()


def choose(name: str, devices: Iterable[CameraDevice]) -> str:
    """The full name of the camera that a person named, or ``default``.

    ``name`` is a whole name, a part that only one has, in capitals or not, or a path. Raises
    PictureError, which names those that there are.
    """
    devices = list(devices)
    names = [device.name for device in devices]
    if name == DEFAULT or name in names:
        return name
    found = [d.name for d in devices if name.casefold() in d.name.casefold() or name == d.path]
    if len(found) == 1:
        return found[0]
    if found:
        raise PictureError(f"{name!r} could be several cameras: give more of {_quoted(found)}")
    if not names:
        raise PictureError(f"there is no camera {name!r}, nor any other: plug one in")
    raise PictureError(f"there is no camera {name!r}: give {DEFAULT}, or one of {_quoted(names)}")


def meant(name: str, devices: Sequence[CameraDevice]) -> CameraDevice | None:
    """The camera of that full name, or the first one for ``default``; None while it is gone."""
    return next((device for device in devices if name in (DEFAULT, device.name)), None)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


# --- Windows and macOS ------------------------------------------------------------------------

_BACKENDS = {"win32": 1400, "darwin": 1200}
"""``CAP_MSMF`` and ``CAP_AVFOUNDATION``: the orders of two backends differ."""


def listed_cameras() -> tuple[CameraDevice, ...]:
    try:
        library = import_module("cv2_enumerate_cameras")
        found = library.enumerate_cameras(_BACKENDS.get(sys.platform, 0))
    except ModuleNotFoundError:
        raise PictureError("cameras cannot be listed: install twocan[camera]") from None
    except (NotImplementedError, OSError) as error:
        raise PictureError(f"cameras cannot be listed: {error}") from error
    return _named_apart(
        [CameraDevice(_tidy(i.name), str(i.path or i.index), i.index) for i in found]
    )


# --- Linux ------------------------------------------------------------------------------------

_CLASS = Path("/sys/class/video4linux")
_DEV = Path("/dev")

_CAN_CAPTURE = 0x00000001 | 0x00001000
"""V4L2_CAP_VIDEO_CAPTURE, V4L2_CAP_VIDEO_CAPTURE_MPLANE. A camera's node for metadata, a decoder
and a loop that nobody feeds have neither."""


class _Capability(ctypes.Structure):
    """``struct v4l2_capability`` of <linux/videodev2.h>."""

    _fields_ = (
        ("driver", ctypes.c_char * 16),
        ("card", ctypes.c_char * 32),
        ("bus_info", ctypes.c_char * 32),
        ("version", ctypes.c_uint32),
        ("capabilities", ctypes.c_uint32),
        ("device_caps", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 3),
    )


_VIDIOC_QUERYCAP = 0x80685600
_HAS_DEVICE_CAPS = 0x80000000


def v4l_cameras(folder: Path = _CLASS, nodes: Path = _DEV) -> tuple[CameraDevice, ...]:
    """The cameras of a ``/sys/class/video4linux``, in the order of their numbers."""
    numbered = sorted((int(number[1]), entry) for number, entry in _entries(folder))
    found = [(n, entry) for n, entry in numbered if _captures(nodes / entry.name, entry)]
    # Two of one make keep their names for as long as each stays at its plug, whatever their numbers
    by_plug = sorted(found, key=lambda item: str((item[1] / "device").resolve()))
    devices = [
        CameraDevice(_tidy(_line(entry / "name") or entry.name), str(nodes / entry.name), number)
        for number, entry in by_plug
    ]
    return tuple(sorted(_named_apart(devices), key=lambda device: device.index))


def _entries(folder: Path) -> Iterator[tuple[re.Match[str], Path]]:
    with suppress(OSError):
        for entry in list(folder.iterdir()):
            if number := re.fullmatch(r"video(\d+)", entry.name):
                yield number, entry


def _captures(node: Path, entry: Path) -> bool:
    """Whether pictures come from it. Where it may not be asked, its first node is taken for it."""
    capabilities = _capabilities(node)
    if capabilities is None:
        return _line(entry / "index") in ("", "0")
    return bool(capabilities & _CAN_CAPTURE)


def _capabilities(node: Path) -> int | None:
    """What a node can do; None where it does not say. This does not switch a camera on."""
    import fcntl  # not on Windows

    answer = _Capability()
    try:
        with node.open("rb", buffering=0) as opened:
            fcntl.ioctl(opened, _VIDIOC_QUERYCAP, answer)
    except OSError:
        return None
    told = answer.capabilities & _HAS_DEVICE_CAPS
    return int(answer.device_caps if told else answer.capabilities)


def _line(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


# --- names ------------------------------------------------------------------------------------


def _tidy(name: str) -> str:
    """A camera's name on one line. Many say it twice, the second time cut off: "Webcam: Webc"."""
    words = " ".join(name.split()) or "camera"
    first, _, second = words.partition(": ")
    return first if second and first.startswith(second) else words


def _named_apart(devices: Iterable[CameraDevice]) -> tuple[CameraDevice, ...]:
    """The same; two of one make become "Webcam" and "Webcam (2)"."""
    seen: Counter[str] = Counter()
    apart = []
    for device in devices:
        seen[device.name] += 1
        count = seen[device.name]
        name = device.name if count == 1 else f"{device.name} ({count})"
        apart.append(replace(device, name=name))
    return tuple(apart)
