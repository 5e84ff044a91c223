"""What the slim native parts are made from, in which order, and when one must be made anew (pure).

The list is build/recipes/sources.toml, a table for each part:

    [opus]
    debian = "opus"                 # the name of Debian's source package, or:  pypi = "av"
    version = "1.6.1-1"
    needs = ["another"]             # parts that are made before, and lie in its PREFIX
    tools = ["setuptools==84.2.1"]  # Python packages that its PYTHON has
    [opus.files]                    # what is used, with its sha256; the first is unpacked
    "opus_1.6.1.orig.tar.xz" = "001a…"

A part of our own has neither `debian` nor `pypi`: its source lies beside its recipe. Everything
called `<part>.*` in build/recipes belongs to it.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

_KNOWN = {"debian", "pypi", "version", "files", "needs", "tools"}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class PlanError(Exception):
    """The list of sources is wrong; the words say where."""


@dataclass(frozen=True)
class Source:
    """A release of somebody else: `origin` is "debian" or "pypi", `files` are sha256 by name."""

    origin: str
    package: str
    version: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """Something that one recipe makes."""

    name: str
    source: Source | None
    needs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


def read(text: str) -> dict[str, Part]:
    """The parts in sources.toml's `text`, by name, each after all that it needs.

    Raises:
        PlanError: it is not TOML, a table lacks something, or parts need each other in a ring.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"sources.toml: {error}") from None
    parts = {name: _part(name, table) for name, table in tables.items()}
    return {name: parts[name] for name in _ordered(parts)}


def with_needs(parts: Mapping[str, Part], wanted: Sequence[str]) -> list[Part]:
    """The `wanted` parts and all that they need, in the order of making.

    Raises:
        PlanError: one of them does not exist.
    """
    found: set[str] = set()
    rest = list(wanted)
    while rest:
        name = rest.pop()
        if name not in parts:
            raise PlanError(f"there is no part {name!r}; there are {', '.join(parts)}")
        if name not in found:
            found.add(name)
            rest += parts[name].needs
    return [part for name, part in parts.items() if name in found]


def keys(
    parts: Mapping[str, Part], recipes: Mapping[str, bytes], machine: Sequence[str]
) -> dict[str, str]:
    """For each part 16 hex digits that change with whatever it is made from.

    `recipes` is what lies in build/recipes, by file name; `machine` tells what makes it: compiler,
    Python, C library.
    """
    made: dict[str, str] = {}
    for name, part in parts.items():
        own = [f"{file} {data!r}" for file, data in sorted(beside(part, recipes).items())]
        needs = [made[need] for need in part.needs]
        made[name] = _digest([repr(part.source), repr(part.tools), *machine, *needs, *own])
    return made


def beside(part: Part, recipes: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of what lies in build/recipes, the recipe of this part and what belongs to it."""
    return {file: data for file, data in recipes.items() if file.startswith(f"{part.name}.")}


def _digest(said: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


def _ordered(parts: Mapping[str, Part]) -> Iterator[str]:
    for part in parts.values():
        if missing := set(part.needs) - set(parts):
            raise PlanError(f"sources.toml: {part.name} needs {missing.pop()}, which is no part")
    try:
        yield from TopologicalSorter({p.name: p.needs for p in parts.values()}).static_order()
    except CycleError as error:
        ring = " and ".join(error.args[1][1:])
        raise PlanError(f"sources.toml: these need each other: {ring}") from None


def _part(name: str, table: Any) -> Part:
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise PlanError(f"sources.toml: {name!r} is no table of a part")
    if unknown := set(table) - _KNOWN:
        raise PlanError(f"sources.toml: {name} says {unknown.pop()!r}, which means nothing here")
    needs, tools = (_words(name, table, key) for key in ("needs", "tools"))
    return Part(name, _source(name, table), needs, tools)


def _words(name: str, table: dict[str, Any], key: str) -> tuple[str, ...]:
    words = table.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise PlanError(f"sources.toml: {key} of {name} must be a list of words")
    return tuple(words)


def _source(name: str, table: dict[str, Any]) -> Source | None:
    origins = [origin for origin in ("debian", "pypi") if origin in table]
    if not origins:
        return None
    if len(origins) > 1:
        raise PlanError(f"sources.toml: {name} comes from debian or from pypi, not from both")
    version, files = table.get("version"), table.get("files")
    if not isinstance(version, str) or not isinstance(files, dict) or not files:
        raise PlanError(f"sources.toml: {name} must say its version and its files")
    for file, sha256 in files.items():
        if "/" in file or not _SHA256.fullmatch(str(sha256)):
            raise PlanError(f"sources.toml: {file!r} of {name} must be a file name with its sha256")
    return Source(origins[0], str(table[origins[0]]), version, dict(files))
