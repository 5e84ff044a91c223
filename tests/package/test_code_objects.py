"""Code without its docstrings does what it did."""

from types import CodeType
from typing import Any

import pytest

from code_objects import undocumented

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
