"""What goes into the frozen program and what stays out: names in, names out."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import freezing
from linking import HOST, Slim, lacking, linked, needed, needs, reached, replaced
from stand_ins import STAND_INS

ROOT = Path(__file__).parents[2]


def library(name: str, source: str = "/lib/it") -> tuple[str, str, str]:
    return name, source, "BINARY"


# --- Modules -------------------------------------------------------------------------------------


def test_the_stores_for_passwords_are_inside_though_nothing_imports_them() -> None:
    assert "keyring.backends.SecretService" in freezing.named("linux")
    assert "keyring.backends.Windows" in freezing.named("win32")
    assert "keyring.backends.macOS" in freezing.named("darwin")


def test_the_stores_of_other_systems_are_not() -> None:
    stores = {"keyring.backends.macOS", "keyring.backends.Windows"}
    assert stores <= set(freezing.excluded("linux"))


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_nothing_is_asked_for_and_left_out(platform: str) -> None:
    asked, out = freezing.named(platform), set(freezing.excluded(platform))
    parents = {name[:end] for name in asked for end in range(len(name) + 1)}
    assert not out & (set(asked) | parents)


@pytest.mark.parametrize(
    "module",
    [
        "pytest",
        "hypothesis",
        "mypy",
        "ruff",
        "tkinter",
        "unittest",
        "pygments",
        "PySide6.QtNetwork",
    ],
)
def test_what_a_phone_does_not_need_is_left_out(module: str) -> None:
    assert module in freezing.excluded(sys.platform)


@pytest.mark.parametrize("module", ["sqlite3", "_sqlite3", "dns.zone", "numpy.fft", "numpy.ma"])
def test_what_only_looks_unused_is_inside(module: str) -> None:
    assert module not in freezing.excluded(sys.platform)


INSIDE = """
import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.util import find_spec, spec_from_file_location, spec_from_loader
from pathlib import Path

opencv = Path(find_spec("cv2").origin).with_name("cv2.abi3.so")
sys.modules.update(dict.fromkeys(set(sys.argv[1].split()) - set(sys.modules)))


class StandIns(MetaPathFinder, InspectLoader):
    def find_spec(self, name, path, target=None):
        if name == "cv2":  # without its loader, which asks for numpy.core
            return spec_from_file_location(name, opencv)
        return spec_from_loader(name, self, is_package=False) if name in STAND_INS else None

    def get_source(self, name):
        return STAND_INS[name]


from stand_ins import STAND_INS

for name in STAND_INS:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, StandIns())
"""
"""A Python that has no more than the frozen program."""

SOUND = """
import numpy as np

from twocan.media.echo import Processing

sound = np.ones(480, np.int16)
print(Processing().clean(sound, 1.0).shape, np.median([3.0, 1.0, 2.0]), np.unique([2, 1, 2]))
"""

EVERYTHING = """
from importlib import import_module
from pkgutil import walk_packages

import twocan

others = ("twocan.install.macos", "twocan.install.windows", "twocan.__main__")
names = [each.name for each in walk_packages(twocan.__path__, "twocan.")]
for name in (*names, *sys.argv[2].split()):
    if not name.startswith(others):
        import_module(name)
print("all of it")
"""


def inside(code: str) -> tuple[str, str]:
    """What the code says, and what is wrong, where only that is which is in the program."""
    words = " ".join(freezing.excluded("linux")), " ".join(freezing.named("linux"))
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("build", "client"))
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-c", INSIDE + code, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def test_what_is_done_to_sound_needs_nothing_that_is_left_out() -> None:
    assert inside(SOUND) == ("(480,) 2.0 [1 2]\n", "")


def test_everything_that_is_inside_can_be_imported_without_what_is_left_out() -> None:
    assert inside(EVERYTHING) == ("all of it\n", "")


def test_what_stands_in_for_another_refuses_what_it_cannot_do() -> None:
    said, wrong = inside("import decimal; decimal.Decimal(1)")
    assert not said
    assert wrong.endswith("NotImplementedError: there are no decimal numbers inside\n")


def test_our_own_code_asks_for_nothing_that_is_left_out_or_stood_in_for() -> None:
    systems = {"twocan.install.macos", "twocan.install.windows", "twocan.install.windows_programs"}
    absent = {*freezing.excluded("linux"), *STAND_INS} - systems
    codes = [ast.parse(file.read_text()) for file in (ROOT / "client").rglob("*.py")]
    assert {name for code in codes for name in imported(code)} & absent == set()
    assert {name for code in codes for name in asked_of("html", code)} == {"escape"}


def asked_of(module: str, code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=asked) if name == module:
                yield asked


def imported(code: ast.AST) -> Iterator[str]:
    """The modules that are asked for, and what is asked for out of them, which may be one too."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_of_slixmpps_plugins_only_ours_are_inside() -> None:
    found = freezing.unused_plugins(["base", "xep_0030", "xep_0198", "xep_0454"])
    assert found == ["slixmpp.plugins.xep_0030", "slixmpp.plugins.xep_0454"]


def test_the_plugins_that_are_inside_are_those_that_are_registered() -> None:
    stream = (ROOT / "client/twocan/xmpp/stream.py").read_text()
    registered = set(re.findall(r'register_plugin\("(\w+)"\)', stream))
    assert {f"slixmpp.plugins.{each}" for each in registered} <= set(freezing.named("linux"))


def test_no_hook_runs_before_the_program_on_linux() -> None:
    assert freezing.runs("__main__", "linux")
    assert not freezing.runs("pyi_rth_pyside6", "linux")
    assert freezing.runs("pyi_rth_pyside6", "win32")
    assert not freezing.runs("pyi_rth_inspect", "win32")


# --- Files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("PySide6/Qt/translations/qtbase_fr.qm", "language"),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "plugin"),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "plugin"),
        ("libX11.so.6", "every desktop"),
        ("libstdc++.so.6", "every desktop"),
        ("libc.so.6", "every desktop"),
        ("numpy-2.4.6.dist-info/METADATA", "keyring"),
        ("keyring-25.7.0.dist-info/RECORD", "installed"),
        ("cv2/config.py", "loader"),
        ("av/frame.pyi", "compilers"),
    ],
)
def test_it_stays_out_and_says_why(name: str, why: str) -> None:
    assert why in (freezing.reason(name, "linux") or "")


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "av.libs/libopus-114e2b1a.so.0.11.1",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "assets/twocan.svg",
        "libxcb-cursor.so.0",
        "libpython3.11.so.1.0",
        "libexpat.so.1",  # Debian's own Python needs it, also where there is no desktop
        "some.libs/libX11-0a1b2c3d.so.6",
    ],
)
def test_it_is_inside(name: str) -> None:
    assert freezing.reason(name, "linux") is None


def test_names_of_windows_are_understood() -> None:
    files = [
        ("PySide6\\opengl32sw.dll", "C:\\it", "BINARY"),
        ("PySide6\\Qt6Gui.dll", "C:\\g", "BINARY"),
    ]
    assert freezing.chosen(files, "win32") == files[1:]


def test_opencvs_library_is_the_module_itself() -> None:
    files = [("cv2/cv2.abi3.so", "/it", "EXTENSION"), ("cv2/__init__.py", "/i", "DATA")]
    assert freezing.chosen(files, "linux") == [("cv2.abi3.so", "/it", "EXTENSION")]


def test_every_asset_that_the_program_reads_is_inside(tmp_path: Path) -> None:
    key = tmp_path / "release.pub"
    found = {(Path(source).name, folder) for source, folder in freezing.assets(ROOT, key)}
    assert {
        ("twocan.svg", "assets"),
        ("tray-online.svg", "assets"),
        ("twocan.desktop", "assets"),
        ("call.svg", "assets/icons"),
        ("twocan_zh_CN.qm", "assets/translations"),
        ("release.pub", "assets"),
    } <= found
    assert not {name for name, _ in found if name.endswith((".ts", ".png", ".wav"))}
    assert "release.pub" not in {Path(source).name for source, _ in freezing.assets(ROOT, None)}


def test_what_others_made_is_told_from_what_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("link").touch()
    ours, theirs = tmp_path / "ours" / "a.py", tmp_path / "theirs" / "b.py"
    for each in (ours, theirs):
        each.parent.mkdir()
        each.touch()
    inside = [
        ("a", str(ours), "PYMODULE"),
        ("b", str(theirs), "PYMODULE"),
        ("l", "link", "SYMLINK"),
    ]
    assert freezing.of_others(inside, [ours.parent]) == [theirs]


# --- Libraries -----------------------------------------------------------------------------------


def test_a_library_is_inside_as_long_as_something_inside_needs_it() -> None:
    files = [
        ("PySide6/QtGui.abi3.so", "/g", "EXTENSION"),
        library("PySide6/Qt/plugins/platforms/libqxcb.so"),
        library("PySide6/Qt/lib/libQt6Gui.so.6"),
        library("libxcb-cursor.so.0"),
        library("libgtk-3.so.0"),
        library("libpango-1.0.so.0"),
        library("libportaudio.so.2"),
    ]
    wants = {
        "PySide6/QtGui.abi3.so": ["libQt6Gui.so.6", "libc.so.6"],
        "PySide6/Qt/plugins/platforms/libqxcb.so": ["libxcb-cursor.so.0"],
        "libgtk-3.so.0": ["libpango-1.0.so.0"],
    }
    kept = [name for name, _, _ in reached(files, wants)]
    assert "libxcb-cursor.so.0" in kept
    assert "PySide6/Qt/lib/libQt6Gui.so.6" in kept
    assert "libportaudio.so.2" in kept  # opened by name
    assert not {"libgtk-3.so.0", "libpango-1.0.so.0"} & set(kept)


def test_a_link_stays_with_what_it_leads_to() -> None:
    here = library("av.libs/libopus-1.so.0")
    links = [("libopus-1.so.0", here[0], "SYMLINK"), ("libgone.so", "a.libs/libgone.so", "SYMLINK")]
    assert linked([*links, ("assets/a.svg", "/a", "DATA")], [here]) == [
        links[0],
        ("assets/a.svg", "/a", "DATA"),
    ]


def test_a_library_that_would_be_missed_is_named() -> None:
    files = [("_x.so", "/x", "EXTENSION"), library("liba.so.1")]
    wants = {"_x.so": ["liba.so.1", "libc.so.6"], "liba.so.1": ["libX11.so.6", "libodd.so.3"]}
    assert lacking(files, wants) == ["liba.so.1 needs libodd.so.3"]


def test_slim_libraries_take_the_place_of_others_and_lie_beside_them() -> None:
    files = [
        library("PySide6/Qt/lib/libicuuc.so.73", "/qt/icu"),
        ("libicuuc.so.73", "PySide6/Qt/lib/libicuuc.so.73", "SYMLINK"),
        library("libssl.so.3", "/system/ssl"),
        library("libffi.so.8", "/system/ffi"),
    ]
    slim = {"libicuuc.so.73": Path("/own/icu"), "libssl.so.3": Path("/own/ssl")}
    assert replaced(files, slim | {"libopus.so.0": Path("/own/opus")}) == [
        library("libffi.so.8", "/system/ffi"),
        library("PySide6/Qt/lib/libicuuc.so.73", "/own/icu"),
        library("libssl.so.3", "/own/ssl"),
        library("libopus.so.0", "/own/opus"),
    ]


def test_what_was_built_small_survives_being_written_down(tmp_path: Path) -> None:
    slim = Slim({"libssl.so.3": Path("/own/ssl")}, {"openssl": Path("/own")})
    (tmp_path / "parts.json").write_text(slim.written())
    assert Slim.read(tmp_path / "parts.json") == slim
    assert Slim.read(None) == Slim({}, {})


def test_a_library_says_itself_what_it_needs() -> None:
    told = "Dynamic Section:\n  NEEDED               libm.so.6\n  SONAME  libx.so\n  NEEDED  a.so\n"
    assert needed(told) == ["libm.so.6", "a.so"]


@pytest.mark.skipif(sys.platform != "linux", reason="its libraries are ELF")
def test_python_itself_needs_what_every_desktop_has() -> None:
    import _ctypes

    files = [("_ctypes.so", _ctypes.__file__, "EXTENSION"), ("l", "x/liba.so", "SYMLINK")]
    found = needs(files)
    assert "libc.so.6" in found["_ctypes.so"]
    assert found["l"] == ["liba.so"]


@pytest.mark.parametrize(
    "name", ["libcrypto.so.3", "libsqlite3.so.0", "libxcb-xkb.so.1", "libQt6Gui.so.6"]
)
def test_what_desktops_have_in_different_versions_is_brought(name: str) -> None:
    assert not HOST.fullmatch(name)
