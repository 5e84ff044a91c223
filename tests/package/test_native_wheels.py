"""What the slim OpenCV and the stand-in for ICU leave out, neither the client nor Qt asks for.

Reads sources and what is installed; of what takes long to build nothing is built.
"""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from recipes import icu

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "client/twocan"
RECIPES = ROOT / "build/recipes"
SONAMES = ("libicudata.so.73", "libicui18n.so.73", "libicuuc.so.73")

needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("cc", "nm", "readelf"))), reason="needs a compiler and binutils"
)


def attributes_of(whole: str, code: str) -> Iterator[str]:
    """What is taken out of `whole` in the code, as it is written there."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)).startswith(f"{whole}."):
            yield name.removeprefix(f"{whole}.")


def offered() -> set[str]:
    return set((RECIPES / "opencv.functions").read_text().split())


def there_anyway(name: str) -> bool:
    """All constants are, and folders of functions that are."""
    inside = any(other.startswith(f"{name}.") for other in offered())
    return inside or name.rpartition(".")[2].isupper() or name == "cv.error"


def test_the_slim_opencv_has_all_functions_that_the_client_calls() -> None:
    codes = [path.read_text() for path in CLIENT.rglob("*.py")]
    used = {f"cv.{name}" for code in codes for name in attributes_of("cv2", code)}
    assert {"cv.resize", "cv.VideoCapture", "cv.INTER_AREA"} <= used
    assert {name for name in used - offered() if not there_anyway(name)} == set()


def test_the_slim_opencv_has_all_that_is_asked_of_a_camera() -> None:
    feeds = (CLIENT / "media/pictures/cameras/feeds.py").read_text()
    used = {f"cv.VideoCapture.{name}" for name in attributes_of("self._capture", feeds)}
    assert "cv.VideoCapture.grab" in used
    # That one is our own wrapper's.
    assert used - {"cv.VideoCapture.ready"} - offered() == set()


def made(folder: Path, source: str) -> Path:
    """A stand-in of that source, as its recipe makes it."""
    (folder / "icu.c").write_text(source)
    compiler = shutil.which("cc") or "cc"
    for name in SONAMES:
        command = [compiler, "-shared", "-fPIC", "-o", str(folder / name), str(folder / "icu.c")]
        subprocess.run(command, check=True)
    return folder


@pytest.fixture
def source() -> str:
    return (RECIPES / "icu.c").read_text()


@needs_tools
def test_qt_finds_in_the_stand_in_all_that_it_asks_of_icu(tmp_path: Path, source: str) -> None:
    icu.check(icu.qt_of_this_python(), made(tmp_path, source))


@needs_tools
def test_a_function_that_the_stand_in_lacks_is_named(tmp_path: Path, source: str) -> None:
    stand_in = made(tmp_path, source.replace("ICU(ucol_open)", "ICU(ucol_close_open)"))
    with pytest.raises(icu.StandInError, match=r"asks ICU for ucol_open_73: add to .*icu\.c"):
        icu.check(icu.qt_of_this_python(), stand_in)


@needs_tools
def test_a_newer_icu_is_named(tmp_path: Path, source: str) -> None:
    stand_in = made(tmp_path, source)
    (stand_in / "libicuuc.so.73").rename(stand_in / "libicuuc.so.74")
    with pytest.raises(icu.StandInError, match=r"needs libicuuc\.so\.73: build/recipes/icu\.sh"):
        icu.check(icu.qt_of_this_python(), stand_in)


@needs_tools
def test_what_is_no_library_is_refused(tmp_path: Path) -> None:
    (tmp_path / "libQt6Core.so.6").write_text("no library")
    with pytest.raises(icu.StandInError, match=r"readelf cannot read .*libQt6Core"):
        icu.check(tmp_path / "libQt6Core.so.6", tmp_path)
