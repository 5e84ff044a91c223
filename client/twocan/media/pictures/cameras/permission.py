"""Whether this person's program may use a camera, and why one does not open, as far as it is told.

OpenCV says only that a camera did not open.
"""

import errno
import os
import sys
import threading
from importlib import import_module
from typing import Any

from twocan.media.pictures.cameras import troubles
from twocan.media.pictures.cameras.listing import CameraDevice
from twocan.media.pictures.picture import PictureError


def why_closed(device: CameraDevice, opened: bool) -> PictureError | None:
    """What keeps the camera from opening; None where nothing is known to.

    ``opened``: OpenCV tried, and could not.
    """
    match sys.platform:
        case "linux":
            return _linux(device) if opened else None
        case "win32":
            return troubles.forbidden(device.name) if _windows_denies() else None
        case "darwin":
            return _macos(device)
    return None


def _linux(device: CameraDevice) -> PictureError | None:
    try:
        os.close(os.open(device.path, os.O_RDWR | os.O_NONBLOCK))
    except OSError as error:
        match error.errno:
            case errno.EACCES | errno.EPERM:
                return troubles.forbidden(device.name)
            case errno.ENOENT | errno.ENODEV | errno.ENXIO:
                return troubles.unplugged(device.name)
            case errno.EBUSY:
                return troubles.busy(device.name)
        return troubles.failed(device.name, OSError(error.strerror))
    return None


_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


def _windows_denies() -> bool:
    """Whether the person switched cameras off: for all programs, or for those of the desktop."""
    winreg: Any = import_module("winreg")
    for key in (_CONSENT, _CONSENT + r"\NonPackaged"):
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                if winreg.QueryValueEx(opened, "Value")[0] == "Deny":
                    return True
        except OSError:
            continue
    return False


_UNDECIDED, _AUTHORIZED = 0, 3
"""AVAuthorizationStatus: not determined, (restricted, denied,) authorized."""
_asked = threading.Event()


def _macos(device: CameraDevice) -> PictureError | None:
    try:
        foundation: Any = import_module("AVFoundation")
    except ModuleNotFoundError:
        return None
    device_class, video = foundation.AVCaptureDevice, foundation.AVMediaTypeVideo
    status = device_class.authorizationStatusForMediaType_(video)
    if status == _UNDECIDED:
        if not _asked.is_set():
            _asked.set()
            device_class.requestAccessForMediaType_completionHandler_(video, lambda _granted: None)
        return troubles.undecided()
    return None if status == _AUTHORIZED else troubles.forbidden(device.name, "darwin")
