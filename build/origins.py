"""Whose a file is: what a frozen program is made of, traced back to where each file came from.

A file belongs to the first of these that has it: a Python package (its RECORD says so), a native
part that was built from source, Python itself, a package of the system (dpkg says so), ourselves.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]

_OURS = ("client", "assets", "build")
_NOT_PYTHONS = {"site-packages", "dist-packages"}


class Kind(StrEnum):
    PACKAGE = "package"
    NATIVE = "native part"
    PYTHON = "Python"
    SYSTEM = "package of the system"
    OURS = "ours"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """``name``: of the package or part; empty where there is but one."""

    kind: Kind
    name: str = ""


class Origins:
    """``natives``: the name of each native part, and the folder of what was made: its libraries are
    in ``prefix/lib`` there, and are known by their names wherever they were copied to.
    ``path``: where Python packages are, as ``sys.path``."""

    def __init__(self, natives: Mapping[str, Path], path: Iterable[str] | None = None) -> None:
        self._natives = {name: folder.resolve() for name, folder in natives.items()}
        self._path = list(sys.path if path is None else path)

    def of(self, files: Iterable[Path]) -> tuple[dict[Origin, set[Path]], list[Path]]:
        """The files of each origin, and those that are nobody's."""
        found: dict[Origin, set[Path]] = {}
        rest = []
        for file in files:
            if origin := self._of(file):
                found.setdefault(origin, set()).add(file)
            else:
                rest.append(file)
        packages = owners(rest)
        for file, package in packages.items():
            found.setdefault(Origin(Kind.SYSTEM, package), set()).add(file)
        return found, [file for file in rest if file not in packages]

    @cached_property
    def distributions(self) -> dict[str, Distribution]:
        """The Python packages that are installed, by their names in one spelling."""
        # The first on the path is the one that is imported.
        found = reversed(list(distributions(path=self._path)))
        return {spelled(each.metadata["Name"]): each for each in found}

    @cached_property
    def _recorded(self) -> dict[Path, str]:
        return {
            Path(str(each.locate_file(file))).resolve(): name
            for name, each in self.distributions.items()
            for file in each.files or ()
        }

    @cached_property
    def _libraries(self) -> dict[str, str]:
        return {
            library.name: name
            for name, folder in self._natives.items()
            for library in (folder / "prefix" / "lib").glob("*.so*")
        }

    @cached_property
    def _pythons(self) -> list[Path]:
        named = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
        folders = [Path(name).resolve() for name in named]
        # Where Python is not part of a system it has all of its folder.
        if Path(sys.base_prefix).resolve() != Path("/usr").resolve():
            folders.append(Path(sys.base_prefix).resolve())
        # What Windows lends it, the runtime of its compiler, is in Python's licence there.
        if windows := os.environ.get("SYSTEMROOT"):
            folders.append(Path(windows).resolve())
        return folders

    def _of(self, file: Path) -> Origin | None:
        real = file.resolve()
        if name := self._recorded.get(real):
            return Origin(Kind.PACKAGE, name)
        if name := self._native(file, real):
            return Origin(Kind.NATIVE, name)
        if _NOT_PYTHONS.isdisjoint(real.parts) and any(map(real.is_relative_to, self._pythons)):
            return Origin(Kind.PYTHON)
        ours = (ROOT / folder for folder in _OURS)
        return Origin(Kind.OURS) if any(map(real.is_relative_to, ours)) else None

    def _native(self, file: Path, real: Path) -> str | None:
        inside = (name for name, folder in self._natives.items() if real.is_relative_to(folder))
        by_name = self._libraries.get(file.name) or self._libraries.get(real.name)
        return next(inside, by_name)


def spelled(name: str) -> str:
    """A Python package's name in one spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def owners(files: Iterable[Path]) -> dict[Path, str]:
    """Debian's packages that installed these files, as far as it did; none on other systems."""
    asked: dict[str, Path] = {}
    for file in files:
        # Which of the two a package says is a matter of its age: /lib is a link to /usr/lib now.
        for path in (str(file), str(file.resolve())):
            asked[path] = asked[path.removeprefix("/usr")] = file
    told = _dpkg("--search", *asked)
    found = {}
    for line in told.splitlines():
        packages, _, path = line.rpartition(": ")
        if path in asked and not packages.startswith("diversion "):
            found[asked[path]] = packages.partition(",")[0].partition(":")[0]
    return found


def version_of(package: str) -> str:
    """The version of one of Debian's packages."""
    return _dpkg("--show", "--showformat", "${Version}", package)


def _dpkg(*arguments: str) -> str:
    """What dpkg-query prints; nothing on other systems."""
    query = shutil.which("dpkg-query")
    if query is None:
        return ""
    return subprocess.run([query, *arguments], capture_output=True, text=True, check=False).stdout
