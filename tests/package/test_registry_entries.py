"""How Windows and macOS know us, as far as that can be tried elsewhere: entries, copies, words."""

import os
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from twocan.install import macos, windows, windows_programs
from twocan.install.windows import Entry, Registry, entries
from twocan.install.windows_programs import copied, is_newest, programs_folder, source, sweep

PROGRAM = PureWindowsPath(r"C:\Users\Zoë B\AppData\Local\Programs\Twocan\1.0\twocan.exe")


class Winreg:
    """What ``winreg`` does for one person's keys, without Windows."""

    HKEY_CURRENT_USER = object()
    KEY_READ, KEY_SET_VALUE, REG_SZ, REG_DWORD = 1, 2, 1, 4

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, tuple[object, int]]] = {}
        self.refused: set[str] = set()

    def CreateKey(self, root: object, path: str) -> "Key":  # noqa: N802
        assert root is self.HKEY_CURRENT_USER, "nothing for all people of a computer"
        if path in self.refused:
            raise PermissionError(13, "Access is denied", path)
        parts = path.split("\\")
        for depth in range(1, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:depth]), {})
        return Key(path)

    def OpenKey(self, root: object, path: str, _reserved: int, _access: int) -> "Key":  # noqa: N802
        assert root is self.HKEY_CURRENT_USER
        if path not in self.keys:
            raise FileNotFoundError(path)
        return Key(path)

    def SetValueEx(self, key: "Key", name: str, _reserved: int, kind: int, value: Any) -> None:  # noqa: N802
        assert isinstance(value, int if kind == self.REG_DWORD else str)
        self.keys[key.path][name] = value, kind

    def QueryValueEx(self, key: "Key", name: str) -> tuple[object, int]:  # noqa: N802
        if name not in self.keys[key.path]:
            raise FileNotFoundError(name)
        return self.keys[key.path][name]

    def DeleteValue(self, key: "Key", name: str) -> None:  # noqa: N802
        if self.keys[key.path].pop(name, None) is None:
            raise FileNotFoundError(name)

    def QueryInfoKey(self, key: "Key") -> tuple[int, int, int]:  # noqa: N802
        return len(self.below(key.path)), len(self.keys[key.path]), 0

    def EnumKey(self, key: "Key", number: int) -> str:  # noqa: N802
        return self.below(key.path)[number]

    def DeleteKey(self, root: object, path: str) -> None:  # noqa: N802
        assert root is self.HKEY_CURRENT_USER
        assert not self.below(path), "Windows refuses that"
        del self.keys[path]

    def below(self, path: str) -> list[str]:
        inside = (each.removeprefix(path + "\\") for each in self.keys if each.startswith(path))
        return sorted(each for each in inside if each != path and "\\" not in each)


class Key:
    """An open key."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def winreg() -> Winreg:
    winreg = Winreg()
    for path in (r"Software\RegisteredApplications", r"Software\Classes\http"):
        winreg.CreateKey(winreg.HKEY_CURRENT_USER, path)
    winreg.keys[r"Software\RegisteredApplications"]["Other"] = "somewhere", winreg.REG_SZ
    return winreg


@pytest.fixture
def registry(winreg: Winreg, tmp_path: Path) -> Registry:
    return Registry(winreg, PROGRAM, tmp_path / "Twocan.lnk", shorten)


def shorten(path: Path, executable: object) -> None:
    path.write_text(str(executable))


# --- Entries ---------------------------------------------------------------------------------


def said(key: str, name: str) -> object:
    (value,) = (each.value for each in entries(PROGRAM) if (each.key, each.name) == (key, name))
    return value


def test_a_link_is_one_argument_of_a_program_in_quotes() -> None:
    opens = rf'"{PROGRAM}" "%1"'
    assert said(r"Software\Classes\twocan\shell\open\command", "") == opens
    assert said(r"Software\Twocan\Link\shell\open\command", "") == opens


def test_the_scheme_is_one() -> None:
    assert said(r"Software\Classes\twocan", "") == "URL:Twocan"
    assert said(r"Software\Classes\twocan", "URL Protocol") == ""


def test_what_the_capability_names_is_there() -> None:
    where = said(r"Software\RegisteredApplications", "Twocan")
    kind = said(rf"{where}\URLAssociations", "twocan")
    assert isinstance(kind, str)
    assert f"Software\\Classes\\{kind}" in {each.key for each in entries(PROGRAM)}


def test_windows_can_remove_it_without_an_administrator_or_a_question() -> None:
    assert said(windows.UNINSTALL, "UninstallString") == rf'"{PROGRAM}" uninstall --quiet'
    assert said(windows.UNINSTALL, "InstallLocation") == str(PROGRAM.parent)


def test_all_of_it_is_below_keys_that_are_removed() -> None:
    for each in entries(PROGRAM):
        ours = any(each.key == tree or each.key.startswith(tree + "\\") for tree in windows.TREES)
        assert ours or (each.key, each.name) == (windows.REGISTERED, "Twocan")
    assert len({(each.key, each.name) for each in entries(PROGRAM)}) == len(entries(PROGRAM))


def test_the_folder_of_capabilities_holds_no_class_of_its_own() -> None:
    classes = {each.key.split("\\")[2] for each in entries(PROGRAM) if "Classes" in each.key}
    assert classes == {"twocan"}


# --- Writing them ----------------------------------------------------------------------------


def test_what_is_written_is_right_until_any_of_it_is_lost(
    winreg: Winreg, registry: Registry
) -> None:
    assert not registry.is_right()
    assert registry.repair() == []
    assert registry.is_right()
    for each in entries(PROGRAM):
        del winreg.keys[each.key][each.name]
        assert not registry.is_right(), each
        registry.repair()
        assert registry.is_right()


def test_a_program_of_another_version_is_not_right(
    winreg: Winreg, registry: Registry, tmp_path: Path
) -> None:
    registry.repair()
    moved = PROGRAM.parent.with_name("1.1") / PROGRAM.name
    assert not Registry(winreg, moved, tmp_path / "Twocan.lnk", shorten).is_right()


def test_removing_leaves_what_others_have(winreg: Winreg, registry: Registry) -> None:
    before = {path: dict(values) for path, values in winreg.keys.items()}
    registry.repair()
    assert registry.remove() == []
    made = {r"Software\Microsoft\Windows\CurrentVersion\Uninstall"}
    parents = {"\\".join(each.split("\\")[:depth]) for each in made for depth in range(1, 9)}
    assert {path: values for path, values in winreg.keys.items() if path not in parents} == {
        path: values for path, values in before.items() if path not in parents
    }
    assert not registry.is_right()
    assert registry.remove() == [], "twice does no harm"


def test_a_key_that_cannot_be_written_is_told_and_the_rest_is(
    winreg: Winreg, registry: Registry
) -> None:
    winreg.refused = {windows.UNINSTALL}
    troubles = registry.repair()
    assert troubles
    assert all("Access is denied" in str(each) for each in troubles)
    assert winreg.keys[windows.CLASS][""] == ("URL:Twocan", winreg.REG_SZ)


def test_paths_are_no_part_of_what_powershell_runs() -> None:
    *options, script = windows.shell_words("$a = $env:TWOCAN_SHORTCUT\n$b\n")
    assert options[-1] == "-Command"
    assert script == "$a = $env:TWOCAN_SHORTCUT; $b"


def test_a_start_menu_that_does_not_work_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "shell_words", lambda script: ["false"])
    monkeypatch.setattr(windows, "_HIDDEN_WINDOW", 0)
    with pytest.raises(OSError, match="did not take a shortcut"):
        windows.make_shortcut(tmp_path / "menu" / "Twocan.lnk", PROGRAM)


# --- The programs of a person on Windows -----------------------------------------------------


def downloaded(folder: Path) -> Path:
    (folder / "_internal").mkdir(parents=True)
    (folder / "twocan.exe").write_bytes(b"MZ")
    (folder / "_internal" / "python.dll").write_bytes(b"MZ")
    return folder


def test_a_folder_is_copied_whole(tmp_path: Path) -> None:
    download = downloaded(tmp_path / "download")
    where = source(download / "twocan.exe", download / "_internal")
    installed = copied(where, tmp_path / "programs", "1.0")
    assert installed == tmp_path / "programs" / "1.0" / "twocan.exe"
    assert (installed.parent / "_internal" / "python.dll").read_bytes() == b"MZ"


def test_one_file_is_copied_without_what_lies_beside_it(tmp_path: Path) -> None:
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    (downloads / "twocan (1).exe").write_bytes(b"MZ")
    (downloads / "letters.txt").touch()
    where = source(downloads / "twocan (1).exe", tmp_path / "Temp" / "_MEI1")
    installed = copied(where, tmp_path / "programs", "1.0")
    assert [each.name for each in installed.parent.iterdir()] == ["twocan.exe"]


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    download = downloaded(tmp_path / "download")

    def full(source: Path, to: Path) -> None:
        to.mkdir(parents=True)
        (to / "twocan.exe").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(windows_programs, "_copy", full)
    with pytest.raises(OSError, match="No space"):
        copied(download, tmp_path / "programs", "1.0")
    assert list((tmp_path / "programs").iterdir()) == []


def test_versions_are_compared_as_numbers(tmp_path: Path) -> None:
    assert is_newest(tmp_path / "none", "1.0")
    for name in ("1.9", "not one", ".new-7"):
        (tmp_path / name).mkdir()
    assert is_newest(tmp_path, "1.10")
    assert is_newest(tmp_path, "1.9")
    assert not is_newest(tmp_path, "1.8")


def test_other_versions_are_swept_away_but_not_what_is_no_version(tmp_path: Path) -> None:
    for name in ("1.9", "1.10", "notes", ".old-7", ".new-8"):
        (tmp_path / name / "inside").mkdir(parents=True)
    sweep(tmp_path, "1.10")
    assert {each.name for each in tmp_path.iterdir()} == {"1.10", "notes"}


def test_what_windows_does_not_rename_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.9").mkdir()

    def runs(self: Path, target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "rename", runs)
    sweep(tmp_path, "1.10")
    assert (tmp_path / "1.9").is_dir()


def test_it_installs_itself_and_gives_way_to_a_newer_one(
    tmp_path: Path, winreg: Winreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = downloaded(tmp_path / "download")
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(windows, "make_shortcut", shorten)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(download / "twocan.exe"))
    monkeypatch.setattr(sys, "_MEIPASS", str(download / "_internal"), raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    windows.shortcut(os.environ).parent.mkdir(parents=True)

    assert windows_programs.install() == []
    folder = programs_folder(os.environ)
    (program,) = folder.iterdir()
    assert winreg.keys[windows.UNINSTALL]["InstallLocation"] == (str(program), winreg.REG_SZ)

    (folder / "999.0").mkdir()
    assert windows_programs.install() is None
    assert windows_programs.install(older=True) == []
    assert list(folder.iterdir()) == [program]


def test_entries_say_their_kind() -> None:
    assert {type(each.value) for each in entries(PROGRAM)} == {str, int}
    assert Entry(windows.UNINSTALL, "NoModify", 1) in entries(PROGRAM)


# --- macOS -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("/Applications/Twocan.app/Contents/MacOS", None),
        ("/Users/zoe/Applications/Twocan.app/Contents/MacOS", None),
        ("/Volumes/Twocan/Twocan.app/Contents/MacOS", "move Twocan into the folder Applications"),
        (
            "/private/var/folders/x/AppTranslocation/Y/d/Twocan.app/Contents/MacOS",
            "move Twocan into the folder Applications",
        ),
        ("/Users/zoe/twocan", "start that"),
        (None, "build one"),
    ],
)
def test_a_bundle_has_to_lie_where_it_stays(program: str | None, why: str | None) -> None:
    bundle = macos.Bundle(Path(program) if program else None)
    assert bundle.is_right() is (why is None)
    troubles = bundle.repair()
    assert len(troubles) == (why is not None)
    assert all(why in str(each) for each in troubles if why is not None)


def test_the_bundle_itself_is_left_to_the_person() -> None:
    bundle = macos.Bundle(Path("/Applications/Twocan.app/Contents/MacOS"))
    (left,) = bundle.remove()
    assert "/Applications/Twocan.app" in str(left)
    assert macos.Bundle(None).remove() == []
