"""Where things are on each system: a person's files of ours, and the files that come with us.

As texts, and with nothing imported that a start has to wait for: ``pathlib`` alone takes longer to
load than all of a second start.
"""
# ruff: noqa: PTH100, PTH111, PTH117, PTH118, PTH120

import os
import sys
from collections.abc import Mapping


def assets() -> str:
    """The folder of icons, sounds and translations: the one inside a frozen program, or the
    repository's."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    return os.path.join(bundle or os.path.dirname(_client()), "assets")


def _client() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def data_folder(environment: Mapping[str, str], system: str = sys.platform) -> str:
    """Where the history is, and the programs that were downloaded. It need not exist."""
    match system:
        case "win32":
            return _windows(environment, "LOCALAPPDATA", "Local")
        case "darwin":
            return _macos(environment)
        case _:
            return _xdg(environment, "XDG_DATA_HOME", ".local/share")


def config_folder(environment: Mapping[str, str], system: str = sys.platform) -> str:
    """Where the settings are. It need not exist."""
    match system:
        case "win32":
            return _windows(environment, "APPDATA", "Roaming")
        case "darwin":
            return _macos(environment)
        case _:
            return _xdg(environment, "XDG_CONFIG_HOME", ".config")


def _xdg(environment: Mapping[str, str], variable: str, default: str) -> str:
    # "All paths set in these environment variables must be absolute. If an implementation
    # encounters a relative path [...] it should consider the path invalid and ignore it."
    named = environment.get(variable, "")
    base = named if os.path.isabs(named) else os.path.join(_home(environment), default)
    return os.path.normpath(os.path.join(base, "twocan"))


def _windows(environment: Mapping[str, str], variable: str, default: str) -> str:
    named = environment.get(variable)
    base = named or os.path.join(os.path.expanduser("~"), "AppData", default)
    return os.path.normpath(os.path.join(base, "Twocan"))


def _macos(environment: Mapping[str, str]) -> str:
    return os.path.normpath(
        os.path.join(_home(environment), "Library", "Application Support", "Twocan")
    )


def _home(environment: Mapping[str, str]) -> str:
    return environment.get("HOME") or os.path.expanduser("~")
