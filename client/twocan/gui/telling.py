"""Tells a person why there is no window: on standard error, and on the screen of whoever started
it by a click, who sees nothing of that.

Nothing but Python's own is taken for granted here.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

_SHOWN = 200

_PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
}
"""What Qt takes from the system, and the packages that it is in: of Debian's kin, of Fedora's."""


def tell(words: str, code: int, *, quietly: bool = False) -> int:
    """Say why there is no window; ``code``, to end with.

    ``quietly``: nobody waits for it, as after log-in.
    """
    if sys.stderr is not None:
        sys.stderr.write(f"twocan: {words}\n")
    by_click = sys.stderr is None or not sys.stderr.isatty()
    if by_click and not quietly and has_screen(os.environ):
        _show(words)
    return code


def has_screen(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether there is a screen that somebody may look at."""
    if system in ("win32", "darwin"):
        return True
    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return False
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def can_show(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether Qt has something to show a window on; else it would abort the program."""
    return has_screen(environment, system) or bool(environment.get("QT_QPA_PLATFORM"))


def missing(error: ImportError) -> str:
    """What the window lacks: a part of Python's, or a library of the system's."""
    if isinstance(error, ModuleNotFoundError):
        return f"the window needs {error.name}: install twocan[window], or see twocan --help"
    # The loader's words: "libEGL.so.1: cannot open shared object file: No such file or directory".
    library = str(error).partition(":")[0][:_SHOWN]
    if ".so" not in library:
        return f"the window cannot be loaded: {str(error)[:_SHOWN]}"
    where = ""
    if library in _PACKAGES:
        debian, fedora = _PACKAGES[library]
        where = f" ({debian} in Debian and Ubuntu, {fedora} in Fedora)"
    return f"the window needs {library}, which this system lacks: install it{where}"


def unexpected(error: Exception, links: Sequence[str]) -> str:
    """Words for an error that nobody thought of. Where it happened is written to a file, which
    they name, without the ``links``: they hold codes."""
    why = _without(links, f"{type(error).__name__}: {error}".strip(": "))
    words = f"Twocan cannot start: {why[:_SHOWN]}"
    try:
        return f"{words} (more is in {_write(error, links)})"
    except OSError:
        return words


def _write(error: Exception, links: Sequence[str]) -> str:
    import traceback

    from twocan import __version__
    from twocan.desk.folders import data_folder, made

    file = made(data_folder()) / "trouble.txt"
    about = "".join(traceback.format_exception(error))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8", errors="replace") as out:  # noqa: PTH123
        out.write(f"twocan {__version__}, Python {sys.version}\n{_without(links, about)}")
    return str(file)


def _without(links: Sequence[str], text: str) -> str:
    for link in links:
        text = text.replace(link, "twocan:…").replace(repr(link)[1:-1], "twocan:…")
    return text


def _show(words: str) -> None:
    try:
        from PySide6.QtWidgets import QMessageBox

        from twocan.gui.words.starting import in_a_box
    except ImportError:
        _show_otherwise(words)
        return
    # Named, so that it lives as long as the box.
    application = _application()
    application.setApplicationName("Twocan")
    QMessageBox.critical(None, "Twocan", in_a_box(words))


def _application() -> "QCoreApplication":
    """Which speaks the person's language, unless that is what does not work."""
    from PySide6.QtWidgets import QApplication

    if there := QApplication.instance():
        return there
    try:
        return _speaking()
    except Exception:
        return QApplication.instance() or QApplication(["twocan"])


def _speaking() -> "QCoreApplication":
    from twocan.desk.folders import config_folder
    from twocan.desk.settings_file import SettingsFile
    from twocan.gui.languages import Language
    from twocan.gui.theme import Application

    application = Application(["twocan"])
    Language(application).speak(SettingsFile(config_folder() / "settings.json").load().language)
    return application


def _show_otherwise(words: str) -> None:
    """By a program that desktops have, where Qt is what is missing."""
    import shutil
    import subprocess

    commands = (
        ("zenity", "--error", "--no-markup", "--text", words),
        ("kdialog", "--error", words),
        ("xmessage", words),
    )
    for command in commands:
        if found := shutil.which(command[0]):
            subprocess.run([found, *command[1:]], check=False, env=_as_started(os.environ))
            return


def _as_started(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as it was before a frozen program was told to use its own libraries."""
    kept = {name: value for name, value in environment.items() if name != "LD_LIBRARY_PATH"}
    if "LD_LIBRARY_PATH_ORIG" in environment:
        kept["LD_LIBRARY_PATH"] = environment["LD_LIBRARY_PATH_ORIG"]
    return kept
