"""Whether the phone starts at log-in: each system's own way, and what others wrote is respected."""

import errno
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twocan.desk import autostart
from twocan.desk.settings import LANGUAGES
from twocan.install import desktop_entry

VALIDATE = shutil.which("desktop-file-validate")
"""Of Debian's package ``desktop-file-utils``."""
OURS = [sys.executable, "-m", "twocan", "--hidden"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    return tmp_path


@pytest.fixture
def entry(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "platform", "linux")
    return home / "config" / "autostart" / "twocan.desktop"


def write(entry: Path, *lines: str) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text("\n".join(("[Desktop Entry]", "Type=Application", *lines, "")))


# --- Linux -----------------------------------------------------------------------------------


def test_it_is_off_until_it_is_turned_on_and_off_again_after(entry: Path) -> None:
    assert not autostart.is_on()
    autostart.turn(True)
    assert autostart.is_on()
    assert run_by(entry.read_text()) == OURS
    autostart.turn(False)
    assert not autostart.is_on()
    assert list(entry.parent.iterdir()) == []
    autostart.turn(False)


def test_it_is_written_anew_when_the_program_has_moved(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autostart.turn(True)
    monkeypatch.setattr(sys, "executable", "/opt/new place/twocan")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    autostart.turn(True)
    assert run_by(entry.read_text()) == ["/opt/new place/twocan", "--hidden"]


def test_a_downloaded_program_starts_whichever_is_the_current_one(
    entry: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = home / "data" / "twocan" / "program"
    mine = programs / "1.2-0123456789abcdef"
    mine.mkdir(parents=True)
    monkeypatch.setattr(sys, "executable", str(mine / "twocan"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    autostart.turn(True)
    assert run_by(entry.read_text()) == [str(programs / "current" / "twocan"), "--hidden"]


def test_what_others_wrote_is_not_removed_with_us(entry: Path) -> None:
    write(entry, "Exec=/opt/twocan/twocan", "X-Mine=yes")
    before = entry.read_text()
    autostart.remove()
    assert entry.read_text() == before
    entry.unlink()
    autostart.turn(True)
    autostart.remove()
    assert not entry.exists()


def test_the_desktop_agrees_that_it_is_an_entry(entry: Path) -> None:
    autostart.turn(True)
    keys = dict(line.split("=", 1) for line in entry.read_text().splitlines() if "=" in line)
    assert entry.read_text().startswith("[Desktop Entry]\n")
    assert (keys["Type"], keys["Name"], keys["Icon"]) == ("Application", "Twocan", "twocan")


def test_an_entry_of_somebody_else_that_starts_it_is_left_alone(entry: Path) -> None:
    write(entry, "Exec=/opt/twocan/twocan --hidden", "X-Mine=yes")
    before = entry.read_text()
    assert autostart.is_on()
    autostart.turn(True)
    assert entry.read_text() == before


def test_an_entry_of_somebody_else_is_hidden_and_not_lost(entry: Path) -> None:
    write(entry, "Exec=/opt/twocan/twocan", "X-Mine=yes", "Hidden=false")
    autostart.turn(False)
    assert not autostart.is_on()
    text = entry.read_text()
    assert "X-Mine=yes" in text
    assert text.count("Hidden=") == 1


@pytest.mark.parametrize(
    ("line", "desktop", "on"),
    [
        ("Hidden=true", "", False),
        ("Hidden=false", "", True),
        ("X-GNOME-Autostart-enabled=false", "GNOME", False),
        ("OnlyShowIn=GNOME;Unity;", "ubuntu:GNOME", True),
        ("OnlyShowIn=GNOME;", "KDE", False),
        ("OnlyShowIn=GNOME;", "", False),
        ("NotShowIn=KDE;", "KDE", False),
        ("NotShowIn=KDE;", "GNOME", True),
        ("# Hidden=true", "", True),
        ("\n[Desktop Action x]\nHidden=true", "", True),
    ],
)
def test_an_entry_says_where_it_starts(
    entry: Path, monkeypatch: pytest.MonkeyPatch, line: str, desktop: str, on: bool
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    write(entry, "Exec=/opt/twocan/twocan", line)
    assert autostart.is_on() is on


def test_an_entry_that_starts_nothing_here_is_replaced(entry: Path) -> None:
    write(entry, "Exec=/opt/twocan/twocan", "Hidden=true")
    autostart.turn(True)
    assert autostart.is_on()


def test_a_folder_that_is_not_absolute_is_not_meant(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert autostart.entry_path() == home / ".config" / "autostart" / "twocan.desktop"


def test_a_folder_that_cannot_be_written_says_so_and_leaves_nothing(
    entry: Path, home: Path
) -> None:
    (home / "config").mkdir()
    (home / "config" / "autostart").write_text("a file, not a folder")
    with pytest.raises(OSError, match="autostart"):
        autostart.turn(True)


def test_a_write_that_fails_loses_nothing(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autostart.turn(True)
    before = entry.read_text()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    monkeypatch.setattr(sys, "executable", "/elsewhere/python")
    with pytest.raises(OSError, match="no space"):
        autostart.turn(True)
    assert entry.read_text() == before
    assert [each.name for each in entry.parent.iterdir()] == ["twocan.desktop"]


def run_by(text: str) -> list[str]:
    """The words of an entry's Exec line, as the specification takes it apart: a string first, then
    words, quoted or not, then field codes."""
    (line,) = (each for each in text.split("\n") if each.startswith("Exec="))
    string = line.removeprefix("Exec=").replace("\\\\", "\\")
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^\s"\'\\><~|&;$*?#()`]+)', string)
    assert " ".join(plain if plain else f'"{quoted}"' for quoted, plain in found) == string
    assert not re.search(r"(?<!\\)(\\\\)*[`$]", "".join(quoted for quoted, _ in found))
    words = (plain or re.sub(r"\\(.)", r"\1", quoted) for quoted, plain in found)
    return [word.replace("%%", "%") for word in words]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
@example('a "quoted" $HOME `id` \\ 100% %u path')
def test_any_path_can_be_started(word: str) -> None:
    assert run_by(f"Exec={desktop_entry.quoted(word)}") == [word]
    assert run_by(f"Exec={desktop_entry.word(word)}") == [word]


def test_a_plain_path_is_not_quoted_which_a_machine_without_a_desktop_would_not_understand() -> (
    None
):
    assert desktop_entry.word("/home/Zoë/.local/share/a-b_1.2/twocan") == (
        "/home/Zoë/.local/share/a-b_1.2/twocan"
    )


@pytest.mark.parametrize("word", ["/opt/new\nline", "/opt/no\udcffutf-8"])
def test_a_path_that_no_entry_can_hold_is_refused(word: str) -> None:
    with pytest.raises(OSError, match="no menu can hold"):
        desktop_entry.word(word)


# --- Windows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ([r"C:\Twocan\twocan.exe", "--hidden"], r'"C:\Twocan\twocan.exe" --hidden'),
        (
            [r"C:\Program Files\Python\pythonw.exe", "-m", "twocan", "--hidden"],
            r'"C:\Program Files\Python\pythonw.exe" -m twocan --hidden',
        ),
    ],
)
def test_a_value_of_the_registry_quotes_the_program(words: list[str], value: str) -> None:
    assert autostart.windows_value(words) == value


class Registry:
    """What ``winreg`` does for one key, without Windows."""

    HKEY_CURRENT_USER, REG_SZ = object(), 1

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.opened: list[tuple[object, str]] = []

    def OpenKey(self, root: object, path: str) -> Any:  # noqa: N802
        self.opened.append((root, path))
        return self

    CreateKey = OpenKey

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None: ...

    def QueryValueEx(self, _key: object, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in self.values:
            raise FileNotFoundError(name)
        return self.values[name], self.REG_SZ

    def SetValueEx(  # noqa: N802
        self, _key: object, name: str, _reserved: int, _kind: int, value: str
    ) -> None:
        self.values[name] = value

    def DeleteValue(self, _key: object, name: str) -> None:  # noqa: N802
        if self.values.pop(name, None) is None:
            raise FileNotFoundError(name)


def test_windows_has_a_value_for_this_person_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert not autostart.is_on()
    autostart.turn(False)
    autostart.turn(True)
    assert autostart.is_on()
    assert registry.values == {"twocan": autostart.windows_value(OURS)}
    autostart.turn(False)
    assert not autostart.is_on()
    assert {root for root, _ in registry.opened} == {registry.HKEY_CURRENT_USER}


# --- macOS -----------------------------------------------------------------------------------


def test_macos_has_a_launch_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not autostart.is_on()
    autostart.turn(True)
    (agent,) = (home / "Library" / "LaunchAgents").iterdir()
    said = plistlib.loads(agent.read_bytes())
    assert said["ProgramArguments"] == OURS
    assert said["RunAtLoad"] is True
    assert agent.name == f"{said['Label']}.plist"
    autostart.turn(False)
    assert not autostart.is_on()


# --- the menu entry --------------------------------------------------------------------------


MENU_ENTRY = Path(__file__).parent.parent / "assets" / "twocan.desktop"


def test_the_menu_entry_speaks_every_language_of_the_window() -> None:
    lines = MENU_ENTRY.read_text(encoding="utf-8").splitlines()
    keys = dict(line.split("=", 1) for line in lines if "=" in line)
    for key in ("GenericName", "Comment", "Keywords"):
        said = {keys[key], *(keys[f"{key}[{code}]"] for code in LANGUAGES if code != "en")}
        assert len(said) == len(LANGUAGES)
    # A click on a link of a site comes here.
    assert keys["MimeType"] == "x-scheme-handler/twocan;"
    assert keys["Exec"] == "twocan %u"


@pytest.mark.skipif(VALIDATE is None, reason="desktop-file-validate is not installed")
def test_the_entries_are_valid(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", '/opt/a "b" $HOME `x` \\ 100%/python')
    autostart.turn(True)
    assert VALIDATE is not None
    subprocess.run([VALIDATE, MENU_ENTRY, entry], check=True)
