"""What is wrong with a microphone, a speaker or a camera, in the person's language.

Below the window a device complains in one English line (``media.devices``, ``media.pictures``,
``desk.trials``).
Those lines are known here by their shape; one that is not is passed on as it is. A test makes
every complaint and looks that it is known.
"""

import re

from PySide6.QtCore import QCoreApplication

from twocan.gui.words.marking import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_WINDOWS_CAMERA = QT_TRANSLATE_NOOP(
    "words",
    "Windows keeps the camera from Twocan. Allow desktop apps to use it in Settings, "
    "Privacy & security, Camera.",
)
_MACOS_CAMERA = QT_TRANSLATE_NOOP(
    "words",
    "macOS keeps the camera from Twocan. Allow it in System Settings, Privacy & Security, Camera.",
)
_NO_CAMERA = QT_TRANSLATE_NOOP("words", "There is no camera. Plug one in.")
_OTHER_CAMERA = QT_TRANSLATE_NOOP(
    "words", "There is no camera {device}. Plug it in, or choose another one in the settings."
)
_CAMERA_PARTS = QT_TRANSLATE_NOOP(
    "words", "Twocan was installed without what cameras need. Install it again."
)

_SCREEN_PARTS = QT_TRANSLATE_NOOP(
    "words", "Twocan was installed without what sharing the screen needs. Install it again."
)
_NO_SCREEN = QT_TRANSLATE_NOOP("words", "There is no screen that can be shared.")
_NO_SOUND_SERVER = QT_TRANSLATE_NOOP(
    "words", "The sound of this computer does not answer. Log in again, or restart it."
)

_IN_CALL = (
    r"a call is up: .*",
    QT_TRANSLATE_NOOP("words", "You are in a call. Try it again when it is over."),
)
"""Nothing is tried out meanwhile."""

_CAMERAS = (
    _IN_CALL,
    (
        r"there is no camera: choose one",
        QT_TRANSLATE_NOOP("words", "No camera is chosen. Choose one in the settings."),
    ),
    (r"there is no camera: .*", _NO_CAMERA),
    (r"there is no camera '.*', nor any other: .*", _NO_CAMERA),
    (r"there is no camera '(?P<device>.*?)': .*", _OTHER_CAMERA),
    (
        r"'(?P<device>.*?)' could be several cameras: .*",
        QT_TRANSLATE_NOOP(
            "words", "{device} could be several cameras. Choose one in the settings."
        ),
    ),
    (
        r"(?P<device>.+) is unplugged: .*",
        QT_TRANSLATE_NOOP(
            "words", "{device} is unplugged. Plug it in again, or choose another camera."
        ),
    ),
    (
        r"(?P<device>.+) does not open: .*",
        QT_TRANSLATE_NOOP("words", "{device} does not open. Close the other program that uses it."),
    ),
    (r"Windows keeps the camera .*", _WINDOWS_CAMERA),
    (r"macOS keeps the camera .*", _MACOS_CAMERA),
    (
        r"(?P<device>.+) is kept from this account: .*",
        QT_TRANSLATE_NOOP(
            "words",
            "This computer keeps {device} from your account. Add the account to the group "
            "'video', then log in again.",
        ),
    ),
    (
        r"macOS asks whether .*",
        QT_TRANSLATE_NOOP("words", "macOS asks whether Twocan may use the camera. Allow it."),
    ),
    (
        r"(?P<device>.+) takes long to open: .*",
        QT_TRANSLATE_NOOP("words", "{device} takes long to open. Unplug it and plug it in again."),
    ),
    (
        r"(?P<device>.+) gives no pictures: .*",
        QT_TRANSLATE_NOOP("words", "{device} gives no pictures. Unplug it and plug it in again."),
    ),
    (
        r"(?P<device>.+) gives pictures that cannot be read: .*",
        QT_TRANSLATE_NOOP(
            "words",
            "The pictures of {device} cannot be read. Unplug it and plug it in again, "
            "or choose another camera.",
        ),
    ),
    (r"a camera needs .+: install .*", _CAMERA_PARTS),
    (r"cameras cannot be listed: install .*", _CAMERA_PARTS),
    (
        r"cameras cannot be listed: (?P<detail>.*)",
        QT_TRANSLATE_NOOP("words", "This computer does not say which cameras there are: {detail}"),
    ),
    (
        r"the camera cannot be used \((?P<detail>.*)\): .*",
        QT_TRANSLATE_NOOP("words", "The camera cannot be used ({detail}). Choose another one."),
    ),
    (
        r"the window '(?P<device>.*)' was closed: .*",
        QT_TRANSLATE_NOOP("words", "The window {device} was closed. Share another one."),
    ),
    (
        r"the window '(?P<device>.*)' is minimised: .*",
        QT_TRANSLATE_NOOP("words", "The window {device} is minimised. Show it again."),
    ),
    (
        r"Wayland lets no program see the screen .*",
        QT_TRANSLATE_NOOP(
            "words", "Wayland does not let Twocan share the screen. Log in to an X11 session."
        ),
    ),
    (r"(?:there is no display to share: .*|there is no screen \d+; .*)", _NO_SCREEN),
    (r"screens are shared by mss: install .*", _SCREEN_PARTS),
    (
        r"the screen cannot be (?:seen|reached): (?P<detail>.*)",
        QT_TRANSLATE_NOOP("words", "The screen cannot be shared: {detail}"),
    ),
    (
        r"(?P<device>.+?) failed: (?P<detail>.*)",
        QT_TRANSLATE_NOOP(
            "words", "{device} failed ({detail}). Unplug it, or choose another camera."
        ),
    ),
)

_SOUND = (
    _IN_CALL,
    (
        r"the microphone hears nothing at all: .*",
        QT_TRANSLATE_NOOP(
            "words",
            "Your microphone hears nothing at all. It may be muted, or Twocan may not use it.",
        ),
    ),
    (
        r"the ring volume is zero: .*",
        QT_TRANSLATE_NOOP("words", "The ring volume is zero. Turn it up."),
    ),
    (
        r"the microphone ended: (?P<detail>.*)",
        QT_TRANSLATE_NOOP("words", "The microphone stopped ({detail}). Try it again."),
    ),
    (
        r"the speaker ended: (?P<detail>.*)",
        QT_TRANSLATE_NOOP("words", "The speaker stopped ({detail}). Try it again."),
    ),
    (
        r"sound ended by a fault of this program: .*",
        QT_TRANSLATE_NOOP("words", "The sound stopped by a mistake of Twocan. Try it again."),
    ),
    (
        r"there is no microphone(?: '.*', nor any other: .*)?",
        QT_TRANSLATE_NOOP("words", "There is no microphone. Plug one in."),
    ),
    (
        r"there is no microphone '(?P<device>.*?)': .*",
        QT_TRANSLATE_NOOP(
            "words",
            "There is no microphone {device}. Plug it in, or choose another one in the settings.",
        ),
    ),
    (
        r"there is no speaker(?: '.*', nor any other: .*)?",
        QT_TRANSLATE_NOOP("words", "There is no speaker. Plug in a speaker or headphones."),
    ),
    (
        r"there is no speaker '(?P<device>.*?)': .*",
        QT_TRANSLATE_NOOP(
            "words",
            "There is no speaker {device}. Plug it in, or choose another one in the settings.",
        ),
    ),
    (
        r"'(?P<device>.*?)' could be several (?:microphones|speakers): .*",
        QT_TRANSLATE_NOOP(
            "words", "{device} could be several devices. Choose one in the settings."
        ),
    ),
    (
        r"cannot use '(?P<device>.*)' at 48 kHz: (?P<detail>.*)",
        QT_TRANSLATE_NOOP(
            "words",
            "{device} does not open ({detail}). Close the other program that uses it, "
            "or choose another device.",
        ),
    ),
    (
        r"no sound devices: .*",
        QT_TRANSLATE_NOOP(
            "words", "Twocan was installed without what sound devices need. Install it again."
        ),
    ),
    (
        r"ALSA has no way to a sound server: .*",
        QT_TRANSLATE_NOOP(
            "words", "Sound does not reach this computer's devices. Install the plugins of ALSA."
        ),
    ),
    (
        r"(?:no sound server answers|the sound server went away|cannot ask a sound server: .*)",
        _NO_SOUND_SERVER,
    ),
    (r"the devices do not ask for sound: .*", _NO_SOUND_SERVER),
)


def camera_problem(text: str) -> str:
    """Why pictures of a camera or a screen are not seen, and what to do: for one line of
    ``CallView.camera_problem``, or of a trial of the camera."""
    return _told(text, _CAMERAS)


def microphone_problem(text: str) -> str:
    """Why a microphone or a speaker is silent, and what to do: for one line of
    ``media.devices``."""
    return _told(text, _SOUND)


def _told(text: str, known: tuple[tuple[str, str], ...]) -> str:
    for shape, words in known:
        if found := re.fullmatch(shape, text):
            return translate("words", words).format(**found.groupdict())
    return text
