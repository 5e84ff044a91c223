"""Whether the phone starts when the person logs in: each system's own way, for this person alone.

Linux: a file in the autostart folder (Desktop Application Autostart Specification). Windows: a
value of the registry's ``Run`` key. macOS: a launch agent. Nothing of it needs an administrator.
"""

import contextlib
import os
import plistlib
import sys
from pathlib import Path
from typing import Any

from twocan.desk.folders import config_folder
from twocan.install import desktop_entry, writing
from twocan.install.programs import Programs
from twocan.install.registration import record, words

NAME = "twocan"
HIDDEN = "--hidden"
"""Starts the phone without its window."""

_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_OURS = "X-Twocan-Autostart=true"
"""Marks a file that we wrote, and may take away."""


def is_on() -> bool:
    """Whether the phone starts at log-in."""
    match sys.platform:
        case "win32":
            return _run_value() is not None
        case "darwin":
            return agent_path().exists()
        case _:
            return _starts(_read(entry_path()))


def turn(on: bool) -> None:
    """Have the phone start at log-in, or no more. Raises OSError."""
    match sys.platform:
        case "win32":
            _set_run_value(windows_value(command()) if on else None)
        case "darwin":
            _put(agent_path(), agent(command()) if on else None)
        case _:
            _turn_entry(on)


def remove() -> None:
    """Have nothing of ours start at log-in, and leave alone what others wrote. Raises OSError."""
    match sys.platform:
        case "win32":
            _set_run_value(None)
        case "darwin":
            writing.put(agent_path(), None)
        case _:
            if _OURS in _read(entry_path()):
                writing.put(entry_path(), None)


def command() -> list[str]:
    """What starts the current program, whichever that is then, without its window."""
    return [*words(Programs.of_this_person()), HIDDEN]


# --- Linux, BSD ------------------------------------------------------------------------------


def entry_path() -> Path:
    """The person's autostart entry of ours (Desktop Application Autostart Specification)."""
    return config_folder(system="linux").parent / "autostart" / f"{NAME}.desktop"


def entry(words: list[str]) -> str:
    """The autostart entry that runs these words."""
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Twocan",
            f"Exec={desktop_entry.command_line(words)}",
            "Icon=twocan",
            "Terminal=false",
            "NoDisplay=true",
            "X-GNOME-Autostart-enabled=true",
            _OURS,
            "",
        )
    )


def _turn_entry(on: bool) -> None:
    path = entry_path()
    found = _read(path)
    if on:
        if not _starts(found) or _OURS in found:
            _put(path, entry(command()).encode())
    elif _OURS in found:
        _put(path, None)
    elif _starts(found):
        # Somebody else's: it is kept, and says no by the key that is there for it.
        _put(path, _hidden(found).encode())


def _starts(text: str) -> bool:
    """Whether this entry starts a program here and now. Empty: there is none."""
    keys = dict(desktop_entry.keys(text))
    if not keys or keys.get("Hidden") == "true":
        return False
    if keys.get("X-GNOME-Autostart-enabled") == "false":
        return False
    here = set(filter(None, os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")))
    only, never = (
        set(desktop_entry.listed(keys.get(key, ""))) for key in ("OnlyShowIn", "NotShowIn")
    )
    return not (here & never) and (not only or bool(here & only))


def _hidden(text: str) -> str:
    lines = [line for line in text.splitlines() if line.partition("=")[0].strip() != "Hidden"]
    at = next(at for at, line in enumerate(lines, 1) if line.strip() == desktop_entry.GROUP)
    return "\n".join((*lines[:at], "Hidden=true", *lines[at:], ""))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


# --- Windows ---------------------------------------------------------------------------------


def windows_value(words: list[str]) -> str:
    """The command line of these words, as ``CommandLineToArgvW`` takes it apart."""
    from subprocess import list2cmdline

    # The program always in quotes: a path with a space would be tried in parts without them.
    return f'"{words[0]}" {list2cmdline(words[1:])}'


def _run_value() -> str | None:
    winreg = _winreg()
    with contextlib.suppress(FileNotFoundError), winreg.OpenKey(_user(winreg), _RUN) as key:
        return str(winreg.QueryValueEx(key, NAME)[0])
    return None


def _set_run_value(value: str | None) -> None:
    winreg = _winreg()
    with winreg.CreateKey(_user(winreg), _RUN) as key:
        if value is not None:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, value)
            return
        with contextlib.suppress(FileNotFoundError):
            winreg.DeleteValue(key, NAME)


def _user(winreg: Any) -> Any:
    return winreg.HKEY_CURRENT_USER


def _winreg() -> Any:
    import winreg

    return winreg


# --- macOS -----------------------------------------------------------------------------------


def agent_path() -> Path:
    """The person's launch agent of ours."""
    return Path.home() / "Library" / "LaunchAgents" / f"{NAME}.plist"


def agent(words: list[str]) -> bytes:
    """The launch agent that runs these words once, at log-in (launchd.plist)."""
    return plistlib.dumps(
        {
            "Label": NAME,
            "ProgramArguments": words,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
    )


def _put(path: Path, content: bytes | None) -> None:
    """Write the file whole or not at all; None: away with it."""
    if content is not None:
        record(Programs.of_this_person()).make(path.parent)
    writing.put(path, content)
