"""Whether the stand-in for ICU has all that Qt asks of ICU: `python icu.py FOLDER`.

FOLDER holds the stand-in's libraries; Qt is that of this Python, which is the one that is packed.
"""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_FUNCTION = re.compile(r"u[a-z]*_\w+|U[A-Z]+_\w+")
_SONAME = re.compile(r"libicu\w+\.so\.\d+")


class StandInError(Exception):
    """Qt would not start with the stand-in; the words say what it lacks."""


def check(qt: Path, stand_in: Path) -> None:
    """See that Qt's libQt6Core at `qt` finds in the folder `stand_in` what it asks of ICU.

    Raises:
        StandInError: a library is missing there, a function, or the program that looks for them.
    """
    needed = set(_SONAME.findall(_told("readelf", "--dynamic", "--wide", str(qt))))
    if missing := {name for name in needed if not (stand_in / name).exists()}:
        raise StandInError(f"{qt.name} needs {_listed(missing)}: build/recipes/icu.sh makes others")
    offered: set[str] = set()
    for name in needed:
        offered |= _functions(stand_in / name, "--defined-only")
    if missing := _functions(qt, "--undefined-only") - offered:
        raise StandInError(f"{qt.name} asks ICU for {_listed(missing)}: add to build/recipes/icu.c")


def qt_of_this_python() -> Path:
    """The libQt6Core of PySide6.

    Raises:
        StandInError: there is none.
    """
    found = find_spec("PySide6")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        for library in Path(folder).glob("Qt/lib/libQt6Core.so.*"):
            return library
    raise StandInError(f"{sys.executable} has no PySide6 with a libQt6Core, which this is made for")


def _functions(library: Path, which: str) -> set[str]:
    told = _told("nm", "--dynamic", "--format=just-symbols", which, str(library))
    names = (line.partition("@")[0] for line in told.splitlines())
    return {name for name in names if _FUNCTION.fullmatch(name) and re.search(r"_\d+$", name)}


def _told(*command: str) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise StandInError(f"there is no {command[0]}, which is in Debian's package binutils")
    ended = subprocess.run([program, *command[1:]], check=False, capture_output=True, text=True)
    if ended.returncode != 0:
        raise StandInError(f"{command[0]} cannot read {command[-1]}: {ended.stderr.strip()}")
    return ended.stdout


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def main(arguments: list[str]) -> int:
    try:
        check(qt_of_this_python(), Path(*arguments))
    except StandInError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
