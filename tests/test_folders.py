"""Where files are, on each system, and how a file makes way."""

import os
from pathlib import Path

import pytest

from twocan.desk.folders import config_folder, data_folder, made, set_aside

HOME = {"HOME": "/home/somebody"}
SHARE, CONFIG = Path("/home/somebody/.local/share/twocan"), Path("/home/somebody/.config/twocan")


# --- Where --------------------------------------------------------------------------------------


def test_a_desktop_that_says_nothing() -> None:
    assert data_folder(HOME, "linux") == SHARE
    assert config_folder(HOME, "linux") == CONFIG


def test_a_desktop_that_says_where() -> None:
    said = {**HOME, "XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/config"}
    assert data_folder(said, "linux") == Path("/data/twocan")
    assert config_folder(said, "linux") == Path("/config/twocan")


@pytest.mark.parametrize("relative", ["", ".", "data", "~/data"])
def test_what_is_not_absolute_is_not_heeded(relative: str) -> None:
    said = {**HOME, "XDG_DATA_HOME": relative, "XDG_CONFIG_HOME": relative}
    assert data_folder(said, "linux") == SHARE
    assert config_folder(said, "freebsd14") == CONFIG


def test_windows(tmp_path: Path) -> None:
    said = {"LOCALAPPDATA": str(tmp_path / "local"), "APPDATA": str(tmp_path / "roaming")}
    assert data_folder(said, "win32") == tmp_path / "local" / "Twocan"
    assert config_folder(said, "win32") == tmp_path / "roaming" / "Twocan"


def test_windows_that_says_nothing() -> None:
    assert data_folder({}, "win32") == Path.home() / "AppData" / "Local" / "Twocan"
    assert config_folder({"APPDATA": ""}, "win32") == Path.home() / "AppData/Roaming/Twocan"


def test_macos() -> None:
    both = Path("/home/somebody/Library/Application Support/Twocan")
    assert data_folder(HOME, "darwin") == config_folder(HOME, "darwin") == both


def test_without_a_home_in_the_environment_the_system_knows_it() -> None:
    assert data_folder({}, "linux").is_relative_to(Path.home())


# --- Made ---------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_what_is_made_is_the_persons_alone(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "twocan"

    assert made(folder) == folder

    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_what_was_there_is_let_be(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    folder.chmod(0o755)

    made(folder)

    assert mode(folder) == 0o755


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "share").touch()
    with pytest.raises(OSError, match="share"):
        made(tmp_path / "share" / "twocan")


# --- Set aside ----------------------------------------------------------------------------------


def test_what_is_set_aside_replaces_nothing(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        (tmp_path / "file.json").write_text(text)
        set_aside(tmp_path / "file.json")

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "file.json.broken": "one",
        "file.json.broken-2": "two",
        "file.json.broken-3": "three",
    }
