"""The camera and the screen of a call, opened by what a person calls them.

A camera is ``default`` or a device's name, or what stands for one: ``pattern``, a video file, the
``screen``, a ``window``; or ``none``. A screen is ``null`` or a file to write.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from twocan.media.pictures import webm
from twocan.media.pictures.filming.pattern import Pattern
from twocan.media.pictures.filming.video_files import SUFFIXES, VideoFile
from twocan.media.pictures.picture import Camera, PictureError, Screen

if TYPE_CHECKING:
    from twocan.media.pictures.cameras import Cameras

NONE = "none"
NULL = "null"

_PATTERN = re.compile(r"pattern(?::(\d{1,5})x(\d{1,5})(?:@(\d{1,3}(?:\.\d+)?))?)?")
_SCREEN = re.compile(r"screen(?::(\d{1,2}))?")
_WINDOW = "window:"


def is_device(spec: str) -> bool:
    """Whether this names a camera that is a device, and not what stands for one."""
    return not (
        spec == NONE or spec.partition(":")[0] == "pattern" or is_shared(spec) or _is_file(spec)
    )


def is_shared(spec: str) -> bool:
    """Whether this names a screen to share, or a window of it."""
    return _SCREEN.fullmatch(spec) is not None or spec.startswith(_WINDOW)


def open_camera(spec: str, cameras: Callable[[], "Cameras"]) -> Camera | None:
    """The camera of this name, which does not film yet; None of ``none``.

    ``cameras``: gives the devices; it is asked for them only if a device is named. Raises
    PictureError where there is no such camera: what is wrong, and what to do.
    """
    if spec == NONE:
        return None
    if spec.partition(":")[0] == "pattern":
        return _pattern(spec)
    if is_shared(spec):
        return _shared(spec)
    if _is_file(spec):
        return VideoFile(Path(spec))
    return cameras().open(spec)


def is_screen(spec: str) -> bool:
    """Whether this names a screen: ``null``, or ``FILE.webm``."""
    return spec == NULL or Path(spec).suffix.lower() == webm.SUFFIX


def open_screen(spec: str, troubled: Callable[[PictureError], None]) -> Screen:
    """``FILE.webm``, written anew, or ``null``.

    ``troubled``: told, on any thread and once, where the file cannot be written any further.
    Raises PictureError where it cannot be written at all.
    """
    if spec == NULL:
        return webm.NoScreen()
    if not is_screen(spec):
        raise PictureError(f"bad screen {spec!r}: give null, or a file to write such as call.webm")
    return webm.WebmFile(Path(spec), troubled)


def _is_file(spec: str) -> bool:
    """Whether this is a path: by its suffix, or because there is such a file."""
    return Path(spec).suffix.lower() in SUFFIXES or Path(spec).is_file()


def _pattern(spec: str) -> Pattern:
    said = _PATTERN.fullmatch(spec)
    if said is None:
        raise PictureError(f"bad pattern {spec!r}: give pattern, or such as pattern:640x480@30")
    width, height, rate = said.groups()
    if width is None:
        return Pattern()
    return Pattern(int(width), int(height), float(rate or 30))


def _shared(spec: str) -> Camera:
    # What takes pictures of a screen is loaded here, and nowhere where it is not needed.
    from twocan.media.pictures.filming import screens

    if spec.startswith(_WINDOW):
        return screens.open_window(spec.removeprefix(_WINDOW))
    said = _SCREEN.fullmatch(spec)
    assert said is not None
    return screens.open_screen(int(said[1] or 1))
