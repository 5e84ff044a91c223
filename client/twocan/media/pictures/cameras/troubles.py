"""What keeps a camera from giving pictures, in words that tell a person what to do. Pure."""

import sys

from twocan.media.pictures.picture import PictureError

_FORBIDDEN = {
    "win32": "Windows keeps the camera from Twocan: allow desktop apps to use it in Settings, "
    "Privacy & security, Camera",
    "darwin": "macOS keeps the camera from Twocan: allow it in System Settings, "
    "Privacy & Security, Camera",
}


def none_there() -> PictureError:
    return PictureError("there is no camera: plug one in")


def unplugged(name: str) -> PictureError:
    return PictureError(f"{name} is unplugged: plug it in again, or choose another camera")


def busy(name: str) -> PictureError:
    return PictureError(f"{name} does not open: close the other program that uses it")


def forbidden(name: str, system: str = sys.platform) -> PictureError:
    return PictureError(
        _FORBIDDEN.get(
            system,
            f"{name} is kept from this account: add it to the group 'video' and sign in again",
        )
    )


def undecided() -> PictureError:
    return PictureError("macOS asks whether Twocan may use the camera: allow it")


def slow(name: str) -> PictureError:
    return PictureError(f"{name} takes long to open: unplug it and plug it in again")


def stalled(name: str) -> PictureError:
    return PictureError(f"{name} gives no pictures: unplug it and plug it in again")


def unreadable(name: str) -> PictureError:
    return PictureError(
        f"{name} gives pictures that cannot be read: unplug it and plug it in again, "
        "or choose another camera"
    )


def failed(name: str, error: Exception) -> PictureError:
    return PictureError(f"{name} failed: {str(error) or type(error).__name__}".splitlines()[0])
