"""Code without its docstrings does what it did."""

import py_compile
import sys
from pathlib import Path
from types import CodeType
from typing import Any
from zipfile import ZipFile

import pytest

from code_objects import undocument, undocumented

SOURCE = '''
"""Of the module."""
import inspect
class A:
    """Of the class."""
    text = "kept"
    def method(self):
        """Of the method."""
        return "Of the method."
    def other(self):
        """Of the other."""
        assert self, "kept as well"
        return ["first" for each in (1, 2)]
def plain():
    return "no docstring"
say = lambda: "said"
def same():
    """The same."""
    return "The same."
B = "twice"
class C:
    """twice"""
    also = "twice"
'''


def run(code: CodeType) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made_up"}
    exec(code, names)  # noqa: S102 - the source is above
    return names


def test_docstrings_are_gone() -> None:
    made = run(undocumented(compile(SOURCE, "made_up.py", "exec")))
    assert made["__doc__"] is None
    assert made["A"].__doc__ is None
    assert made["A"].other.__doc__ is None


def test_everything_else_is_as_it_was() -> None:
    made = run(undocumented(compile(SOURCE, "made_up.py", "exec")))
    assert made["A"]().method() == "Of the method."
    assert made["A"]().other() == ["first", "first"]
    assert made["A"].text == "kept"
    assert made["plain"]() == "no docstring"
    assert made["say"]() == "said"
    assert made["same"]() == "The same."
    assert made["C"].also == "twice"


def test_assertions_stay() -> None:
    other = run(undocumented(compile(SOURCE, "made_up.py", "exec")))["A"].other
    with pytest.raises(AssertionError, match="kept as well"):
        other(None)


def test_an_archive_of_modules_is_imported_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "base_library.zip"
    with ZipFile(archive, "w") as written:
        for name, source in (("made_up/__init__", SOURCE), ("made_up/part", '"""Of it."""')):
            written.writestr(f"{name}.pyc", compiled(tmp_path, source))
    undocument(archive)
    monkeypatch.syspath_prepend(str(archive))
    try:
        import made_up.part  # type: ignore[import-not-found]

        assert made_up.__doc__ is made_up.part.__doc__ is None
        assert made_up.A().method() == "Of the method."
    finally:
        sys.modules.pop("made_up.part", None)
        sys.modules.pop("made_up", None)


def test_what_python_has_in_itself_is_not_in_the_archive_as_well(tmp_path: Path) -> None:
    archive = tmp_path / "base_library.zip"
    with ZipFile(archive, "w") as written:
        for name in ("os", "heapq", "collections/__init__", "importlib/util"):
            written.writestr(f"{name}.pyc", compiled(tmp_path, SOURCE))
    undocument(archive)
    assert ZipFile(archive).namelist() == ["heapq.pyc", "collections/__init__.pyc"]


def compiled(folder: Path, source: str) -> bytes:
    plain = folder / "plain.py"
    plain.write_text(source)
    # Without a time or size of the source: there is none beside it.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    return Path(
        str(py_compile.compile(str(plain), doraise=True, invalidation_mode=mode))
    ).read_bytes()
