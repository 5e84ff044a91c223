"""Python code without what only its readers need: its docstrings.

They are 2.4 of 15.6 MB of code, and 12 % of that once it is packed. Assertions stay, which
Python's own way to be rid of docstrings (``-OO``) takes out as well: libraries check with them what
others send, and what is given away is what was tested.
"""

import _imp
import dis
import marshal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import CodeType
from zipfile import ZipFile

_HEADER = 16
"""Bytes of a compiled module's file before its code (PEP 552)."""
_IS_FUNCTION = 0x2  # CO_NEWLOCALS of inspect: neither a module nor a class


def undocumented(code: CodeType) -> CodeType:
    """The same code, with None for each docstring in it, of functions and classes inside too."""
    constants = list(code.co_consts)
    for index in _docstrings(code):
        constants[index] = None
    inner = [undocumented(each) if isinstance(each, CodeType) else each for each in constants]
    return code.replace(co_consts=tuple(inner))


def _docstrings(code: CodeType) -> Iterator[int]:
    """Which constants of ``code`` are docstrings and nothing else."""
    instructions = [each for each in dis.get_instructions(code) if each.opname != "EXTENDED_ARG"]
    loaded = [each.arg for each in instructions if each.opcode in dis.hasconst]
    if code.co_flags & _IS_FUNCTION:
        # A function has its docstring first, or None; no instruction loads it.
        if isinstance(next(iter(code.co_consts), None), str) and 0 not in loaded:
            yield 0
        return
    for load, store in pairwise(instructions):
        documents = (store.opname, store.argval) == ("STORE_NAME", "__doc__")
        if documents and load.opname == "LOAD_CONST" and loaded.count(load.arg) == 1:
            yield load.arg or 0


def undocument(library: Path) -> None:
    """The same for the modules in an archive of compiled ones, as PyInstaller makes one of those
    that Python needs to start. Without those that Python's own library has in it, frozen: it takes
    them from there."""
    with ZipFile(library) as archive:
        inside = [info for info in archive.infolist() if not _imp.is_frozen(_name(info.filename))]
        modules = [(info, archive.read(info)) for info in inside]
    with ZipFile(library, "w") as archive:
        for info, data in modules:
            code = undocumented(marshal.loads(data[_HEADER:]))  # noqa: S302 - we made it just now
            archive.writestr(info, data[:_HEADER] + marshal.dumps(code))


def _name(file: str) -> str:
    return file.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")
