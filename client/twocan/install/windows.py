"""How Windows knows us: the person's part of the registry, and a shortcut in the start menu.

The scheme is a class with ``URL Protocol`` ("Registering an Application to a URI Scheme"), and a
capability besides, so that it can be chosen among the default apps ("Default Programs"); ``Run``
belongs to ``desk.autostart``. What is to be there is data; the thin part that writes it is given
``winreg``. No administrator is asked: programs lie in a folder of the person's own, see
``windows_programs``.
"""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from twocan import __version__
from twocan.install.programs import outward

CLASS = r"Software\Classes\twocan"
CAPABILITIES = r"Software\Twocan\Capabilities"
OURS = r"Software\Twocan"
REGISTERED = r"Software\RegisteredApplications"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Twocan"
TREES = (CLASS, OURS, UNINSTALL)
"""Keys that are ours with all that is below them."""

EXECUTABLE = "twocan.exe"
_WITHIN = 30.0
_HIDDEN_WINDOW = 0x08000000
"""``CREATE_NO_WINDOW``."""

_SHORTCUT = """
$made = (New-Object -ComObject WScript.Shell).CreateShortcut($env:TWOCAN_SHORTCUT)
$made.TargetPath = $env:TWOCAN_PROGRAM
$made.WorkingDirectory = $env:USERPROFILE
$made.Description = 'Call people on the sites you use'
$made.Save()
"""
_FAREWELL = """
Wait-Process -Id $env:TWOCAN_PROCESS -Timeout 60 -ErrorAction SilentlyContinue
Remove-Item -LiteralPath $env:TWOCAN_FOLDER -Recurse -Force
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the registry below ``HKEY_CURRENT_USER``; ``name`` "": the key's own."""

    key: str
    name: str
    value: str | int


def entries(executable: PurePath, version: str = __version__) -> tuple[Entry, ...]:
    """All that the registry is to say of this program."""
    opens, icon = f'"{executable}" "%1"', f'"{executable}",0'
    # Without questions: Windows has asked already, and this program has no console to ask on.
    uninstall = f'"{executable}" uninstall --quiet'
    return (
        Entry(CLASS, "", "URL:Twocan"),
        Entry(CLASS, "URL Protocol", ""),
        Entry(rf"{CLASS}\DefaultIcon", "", icon),
        Entry(rf"{CLASS}\shell\open\command", "", opens),
        Entry(rf"{OURS}\Link", "", "Twocan link"),
        Entry(rf"{OURS}\Link\shell\open\command", "", opens),
        Entry(CAPABILITIES, "ApplicationName", "Twocan"),
        Entry(CAPABILITIES, "ApplicationDescription", "Call people on the sites you use"),
        Entry(CAPABILITIES, "ApplicationIcon", icon),
        Entry(rf"{CAPABILITIES}\URLAssociations", "twocan", "twocan"),
        Entry(REGISTERED, "Twocan", CAPABILITIES),
        Entry(UNINSTALL, "DisplayName", "Twocan"),
        Entry(UNINSTALL, "DisplayVersion", version),
        Entry(UNINSTALL, "DisplayIcon", icon),
        Entry(UNINSTALL, "InstallLocation", str(executable.parent)),
        Entry(UNINSTALL, "UninstallString", uninstall),
        Entry(UNINSTALL, "QuietUninstallString", uninstall),
        Entry(UNINSTALL, "NoModify", 1),
        Entry(UNINSTALL, "NoRepair", 1),
    )


class Registry:
    """``winreg``: the module. ``executable``: the program that is to be known. ``shortcut``: the
    file in the start menu, which ``shorten`` makes."""

    def __init__(
        self,
        winreg: Any,
        executable: PurePath,
        shortcut: Path,
        shorten: Callable[[Path, PurePath], None] | None = None,
    ) -> None:
        self._winreg, self._executable, self._shortcut = winreg, executable, shortcut
        self._shorten = shorten or make_shortcut

    @classmethod
    def of_this_person(cls, executable: PurePath) -> "Registry":
        import winreg

        return cls(winreg, executable, shortcut(os.environ))

    def is_right(self) -> bool:
        right = all(self._said(each) == each.value for each in entries(self._executable))
        return right and self._shortcut.is_file()

    def repair(self, *, take: bool = False) -> list[OSError]:
        """Whom Windows has open links when several can is the person's choice in its settings, and
        nothing a program may make: ``take`` changes nothing."""
        troubles: list[OSError] = []
        for each in entries(self._executable):
            with _kept(troubles):
                self._say(each)
        with _kept(troubles):
            self._shorten(self._shortcut, self._executable)
        return troubles

    def remove(self) -> list[OSError]:
        troubles: list[OSError] = []
        for tree in TREES:
            with _kept(troubles):
                self._remove_tree(tree)
        with (
            _kept(troubles),
            contextlib.suppress(FileNotFoundError),
            self._opened(REGISTERED, self._winreg.KEY_SET_VALUE) as key,
        ):
            self._winreg.DeleteValue(key, "Twocan")
        with _kept(troubles):
            self._shortcut.unlink(missing_ok=True)
        return troubles

    def _opened(self, key: str, access: int) -> Any:
        return self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, key, 0, access)

    def _said(self, entry: Entry) -> object:
        with (
            contextlib.suppress(FileNotFoundError),
            self._opened(entry.key, self._winreg.KEY_READ) as key,
        ):
            said: object = self._winreg.QueryValueEx(key, entry.name)[0]
            return said
        return None

    def _say(self, entry: Entry) -> None:
        winreg = self._winreg
        kind = winreg.REG_DWORD if isinstance(entry.value, int) else winreg.REG_SZ
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, entry.key) as key:
            winreg.SetValueEx(key, entry.name, 0, kind, entry.value)

    def _remove_tree(self, tree: str) -> None:
        # Windows removes a key only once nothing is below it.
        with contextlib.suppress(FileNotFoundError):
            with self._opened(tree, self._winreg.KEY_READ) as key:
                below = list(_below(self._winreg, key))
            for each in below:
                self._remove_tree(rf"{tree}\{each}")
            self._winreg.DeleteKey(self._winreg.HKEY_CURRENT_USER, tree)


def shortcut(environment: Mapping[str, str]) -> Path:
    """The file in the person's start menu ("FOLDERID_Programs")."""
    named = environment.get("APPDATA")
    base = Path(named) if named else Path.home() / "AppData" / "Roaming"
    return base / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Twocan.lnk"


def make_shortcut(path: Path, executable: PurePath) -> None:
    """Write a shortcut, which only Windows itself knows how to. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"TWOCAN_SHORTCUT": str(path), "TWOCAN_PROGRAM": str(executable)}
    try:
        done = subprocess.run(
            shell_words(_SHORTCUT),
            env=outward(os.environ) | said,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WITHIN,
            check=False,
            creationflags=_HIDDEN_WINDOW,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError("the start menu did not take a shortcut in time") from None
    if done.returncode:
        raise OSError("the start menu did not take a shortcut")


def shell_words(script: str) -> list[str]:
    """What has PowerShell do this. Paths go through the environment: nothing in one is code."""
    one = "; ".join(line for line in script.splitlines() if line)
    return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", one]


def remove_after_us(folder: Path) -> None:
    """Remove a folder once this process has ended: what runs cannot be removed. Raises OSError."""
    said = {"TWOCAN_PROCESS": str(os.getpid()), "TWOCAN_FOLDER": str(folder)}
    subprocess.Popen(
        shell_words(_FAREWELL),
        env=outward(os.environ) | said,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=_HIDDEN_WINDOW,
    )


@contextlib.contextmanager
def _kept(troubles: list[OSError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        troubles.append(error)


def _below(winreg: Any, key: Any) -> Iterator[str]:
    """The names of the keys right below this one."""
    for number in range(winreg.QueryInfoKey(key)[0]):
        yield winreg.EnumKey(key, number)
