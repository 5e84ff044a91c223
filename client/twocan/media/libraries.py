"""The C libraries that PyAV brings, where they are and how they are opened.

Each wheel of PyAV carries libopus and libvpx on all three systems. Reached by ctypes, they do what
PyAV's own codecs hide.
"""

import ctypes
import ctypes.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Signatures = Mapping[str, tuple[Any, tuple[Any, ...]]]
"""What each function gives back and takes, by its name."""


def candidates(name: str) -> Iterator[str]:
    """Where lib``name`` may be, likeliest first: beside PyAV, in a frozen program, the system's."""
    import av

    package = Path(av.__file__).parent
    # Where the repair tools of Linux and Windows, and of macOS, put a wheel's libraries.
    folders = [package.parent / "av.libs", package / ".dylibs", package.parent]
    if frozen := getattr(sys, "_MEIPASS", None):
        folders += [Path(frozen) / "av.libs", Path(frozen) / "av" / ".dylibs", Path(frozen)]
    for folder in dict.fromkeys(folders):
        for pattern in (f"lib{name}[-.]*", f"{name}*.dll"):
            yield from map(str, sorted(folder.glob(pattern)))
    if system := ctypes.util.find_library(name):
        yield system


def opened(
    paths: Iterable[str], signatures: Signatures, kind: type[ctypes.CDLL] = ctypes.CDLL
) -> ctypes.CDLL | None:
    """The first of ``paths`` that is a library with all these functions, or None.

    ``kind`` says whether Python's lock is let go during a call (CDLL) or held (PyDLL).
    """
    for path in paths:
        try:
            return _declared(kind(path), signatures)
        except (OSError, AttributeError):
            continue
    return None


def _declared(library: ctypes.CDLL, signatures: Signatures) -> ctypes.CDLL:
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
