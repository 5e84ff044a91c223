"""What Windows and macOS are told of the program, and its icon there."""

import plistlib
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage, QImageReader

import bundles
import icon_files
import twocan

ROOT = Path(__file__).parents[2]
DRAWING = ROOT / "assets" / "twocan.svg"


# --- Windows -------------------------------------------------------------------------------------


def built(kind: str) -> Callable[..., Any]:
    """A stand-in for one of PyInstaller's classes, that keeps what it is given."""
    return lambda *given, **named: {"kind": kind, "given": given, **named}


KINDS = (
    *("VSVersionInfo", "FixedFileInfo", "StringFileInfo"),
    *("StringTable", "StringStruct", "VarFileInfo", "VarStruct"),
)


def understood(text: str) -> Any:
    """A version resource, read as PyInstaller does it."""
    return eval(text, {"__builtins__": {}, **{kind: built(kind) for kind in KINDS}})  # noqa: S307


def test_the_version_that_windows_shows() -> None:
    resource = understood(bundles.version_resource("1.2.3"))
    assert resource["ffi"]["filevers"] == resource["ffi"]["prodvers"] == (1, 2, 3, 0)
    table = resource["kids"][0]["given"][0][0]["given"]
    assert table[0] == "040904B0"
    said = dict(each["given"] for each in table[1])
    assert said["ProductVersion"] == said["FileVersion"] == "1.2.3"
    assert said["FileDescription"] == said["ProductName"] == "Twocan"
    assert said["OriginalFilename"] == "twocan.exe"
    assert resource["kids"][1]["given"][0][0]["given"] == ("Translation", [0x0409, 0x04B0])


def test_the_console_program_has_its_own_name(tmp_path: Path) -> None:
    file = bundles.version_file(tmp_path, "0.1.0", "twocan-console.exe")
    assert "'OriginalFilename', 'twocan-console.exe'" in Path(file).read_text()
    assert file != bundles.version_file(tmp_path, "0.1.0")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", (0, 1, 0, 0)), ("2", (2, 0, 0, 0)), ("1.2.3.4", (1, 2, 3, 4)), ("0", (0, 0, 0, 0))],
)
def test_windows_has_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert bundles.version_numbers(version) == numbers


@pytest.mark.parametrize("version", ["", "1.2.dev0", "1.65536", "1.2.3.4.5", "'+x"])
def test_a_version_that_windows_cannot_have(version: str) -> None:
    with pytest.raises(ValueError, match="version"):
        bundles.version_resource(version)


# --- macOS ---------------------------------------------------------------------------------------


def test_macos_is_told_whom_links_are_for() -> None:
    (kind,) = bundles.info_plist("0.1.0")["CFBundleURLTypes"]
    assert kind["CFBundleURLSchemes"] == ["twocan"]
    assert kind["CFBundleTypeRole"] == "Viewer"


def test_macos_is_told_why_devices_are_asked_for() -> None:
    plist = bundles.info_plist("0.1.0")
    for device in ("Camera", "Microphone", "LocalNetwork"):
        words = plist[f"NS{device}UsageDescription"]
        assert words.endswith(".")
        assert len(words) < 100


def test_an_info_plist_can_be_written_and_says_this_version() -> None:
    plist = bundles.info_plist(twocan.__version__)
    assert plistlib.loads(plistlib.dumps(plist)) == plist
    assert plist["CFBundleShortVersionString"] == plist["CFBundleVersion"] == twocan.__version__
    assert plist["CFBundleIdentifier"] == "twocan.phone"
    assert plist["LSMultipleInstancesProhibited"] is True
    with pytest.raises(ValueError, match="version"):
        bundles.info_plist("1.0-beta")


def test_a_hardened_program_may_use_devices_and_other_libraries_and_no_more() -> None:
    rights = plistlib.loads((ROOT / "build" / "entitlements.plist").read_bytes())
    assert rights == {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.device.camera": True,
        "com.apple.security.network.client": True,
        "com.apple.security.network.server": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


# --- Icons ---------------------------------------------------------------------------------------


def test_the_icon_for_windows_has_all_sizes(tmp_path: Path) -> None:
    file = Path(icon_files.ico(DRAWING, tmp_path / "twocan.ico"))
    data = file.read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind, count) == (0, 1, len(icon_files.WINDOWS))
    end = 6 + 16 * count
    for index, size in enumerate(icon_files.WINDOWS):
        width, height, *_, length, at = struct.unpack_from("<BBBBHHII", data, 6 + 16 * index)
        assert (width or 256, height or 256, at) == (size, size, end)
        image = QImage.fromData(data[at : at + length])
        assert (image.width(), image.height()) == (size, size)
        assert looks_like_the_logo(image)
        end = at + length
    assert end == len(data)


def test_the_icon_for_macos_has_all_kinds(tmp_path: Path) -> None:
    data = Path(icon_files.icns(DRAWING, tmp_path / "twocan.icns")).read_bytes()
    assert (data[:4], struct.unpack_from(">I", data, 4)[0]) == (b"icns", len(data))
    found, at = {}, 8
    while at < len(data):
        kind, length = data[at : at + 4], struct.unpack_from(">I", data, at + 4)[0]
        image = QImage.fromData(data[at + 8 : at + length])
        found[kind] = image.width()
        assert image.pixelColor(image.width() // 16, image.height() // 2).alpha() == 0
        assert looks_like_the_logo(image)
        at += length
    assert found == icon_files.MACOS


@pytest.mark.parametrize(("suffix", "made"), [("ico", icon_files.ico), ("icns", icon_files.icns)])
def test_qt_reads_the_icons(tmp_path: Path, suffix: str, made: Callable[[Path, Path], str]) -> None:
    reader = QImageReader(made(DRAWING, tmp_path / f"twocan.{suffix}"))
    assert reader.canRead()
    assert not reader.read().isNull()


def test_what_is_no_drawing_makes_no_icon(tmp_path: Path) -> None:
    (tmp_path / "broken.svg").write_text("<svg")
    with pytest.raises(ValueError, match="no drawing"):
        icon_files.ico(tmp_path / "broken.svg", tmp_path / "twocan.ico")


def looks_like_the_logo(image: QImage) -> bool:
    """It is clear in the corners, and green above the cans."""
    green = image.pixelColor(image.width() // 2, image.height() * 3 // 16)
    return image.pixelColor(0, 0).alpha() == 0 and green.green() > green.red() + 40
