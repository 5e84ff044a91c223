"""Which libraries a Linux program needs, which it brings, and which the system has.

What is left out of the plugins and modules leaves libraries that nobody needs any more; what is
left in needs libraries that have to be somewhere. Both are found in what each library says of
itself, so that no list of names goes stale. Pure but for ``needs``.
"""

import json
import os
import re
import subprocess
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

Entry = tuple[str, str, str]
"""One file inside: its name in the program's folder, where it is from, and PyInstaller's kind."""

HOST = re.compile(
    r"(ld-linux-x86-64|lib(c|m|dl|rt|pthread|util|resolv|mvec|anl|nsl)"  # glibc
    r"|lib(stdc\+\+|gcc_s|z|zstd|bz2|lzma)"  # what every system's own tools stand on
    r"|lib(X11|xcb|GL|EGL|GLX|GLdispatch|OpenGL|drm|gbm|fontconfig|freetype)"  # any desktop
    r"|lib(wayland-[a-z]+|asound|dbus-1|glib-2\.0|gthread-2\.0))\.so(\.\d+)*"
)
"""Libraries of the system that the program runs on. They go with its kernel, drivers, fonts and
sound, or are so old and steady that all desktops have them (AppImage leaves out the same)."""

OPENED = re.compile(r"lib(portaudio|opus|vpx|python3)\b")
"""What is opened by name: by sounddevice, by ctypes (twocan.media.libraries), by the program."""

Needs = Mapping[str, Collection[str]]
"""The names of the libraries that each file needs, by the file's name inside."""


class LinkingError(Exception):
    """The program would not run: one line, what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Slim:
    """What was built small, to be inside instead of what comes from elsewhere.

    ``libraries``: by the name that they are loaded by. ``parts``: the folder of each part's result.
    """

    libraries: Mapping[str, Path]
    parts: Mapping[str, Path]

    @classmethod
    def read(cls, file: Path | None) -> Self:
        """From the JSON of ``written``; of nothing where there is no file."""
        said = json.loads(file.read_text()) if file else {"libraries": {}, "parts": {}}
        libraries, parts = (
            {name: Path(path) for name, path in said[kind].items()}
            for kind in ("libraries", "parts")
        )
        return cls(libraries, parts)

    def written(self) -> str:
        both = {"libraries": self.libraries, "parts": self.parts}
        return json.dumps({kind: dict(each) for kind, each in both.items()}, default=str)


def settled(files: Collection[Entry], slim: Mapping[str, Path]) -> list[Entry]:
    """The libraries of a Linux program: slim ones where there are, and none that nobody needs.

    Raises LinkingError: some library would not find another one where the program runs.
    """
    files = replaced(files, slim)
    wants = needs(files)
    kept = reached(files, wants)
    if absent := lacking(kept, wants):
        raise LinkingError(
            f"{'; '.join(absent)}: install it here, or name it in HOST of build/linking.py"
            " if every desktop has it"
        )
    return kept


def replaced(files: Iterable[Entry], slim: Mapping[str, Path]) -> list[Entry]:
    """With slim libraries in the place of others of their names, and beside them."""
    rest = [entry for entry in files if PurePosixPath(entry[0]).name not in slim]
    taken = {
        name for name, _, kind in files if PurePosixPath(name).name in slim and kind == "BINARY"
    }
    places = {PurePosixPath(name).name: name for name in sorted(taken)}
    return rest + [
        (places.get(name, name), str(library), "BINARY") for name, library in slim.items()
    ]


def reached(files: Collection[Entry], needs: Needs) -> list[Entry]:
    """All but the libraries that were there for a plugin or module that stays out."""
    inside: dict[str, list[str]] = {}
    for name, _, _ in files:
        inside.setdefault(PurePosixPath(name).name, []).append(name)
    ahead = [name for name, _, kind in files if _is_root(name, kind)]
    seen = set(ahead)
    while ahead:
        for library in needs.get(ahead.pop(), ()):
            found = [name for name in inside.get(library, ()) if name not in seen]
            seen.update(found)
            ahead.extend(found)
    return [entry for entry in files if entry[0] in seen]


def linked(links: Iterable[Entry], files: Iterable[Entry]) -> list[Entry]:
    """Of what else is inside, all but the links to libraries that are not any more."""
    inside = {name for name, _, _ in files}
    return [entry for entry in links if entry[2] != "SYMLINK" or entry[1] in inside]


def _is_root(name: str, kind: str) -> bool:
    base = PurePosixPath(name).name
    return kind == "EXTENSION" or "/plugins/" in name or bool(OPENED.match(base))


def lacking(files: Collection[Entry], needs: Needs) -> list[str]:
    """What libraries inside need that is neither inside nor on every desktop."""
    inside = {PurePosixPath(name).name for name, _, _ in files}
    return sorted(
        f"{name} needs {library}"
        for name, _, _ in files
        for library in needs.get(name, ())
        if library not in inside and not HOST.fullmatch(library)
    )


def needs(files: Iterable[Entry]) -> dict[str, list[str]]:
    """What each library needs by its own word (``objdump``), and a link what it points to."""
    found = {}
    for name, source, kind in files:
        if kind == "SYMLINK":
            found[name] = [PurePosixPath(source).name]
        elif kind in ("BINARY", "EXTENSION"):
            command = ["objdump", "-p", source]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found[name] = needed(told)
    return found


def needed(told: str) -> list[str]:
    """The libraries that are named in what ``objdump -p`` tells of one."""
    return re.findall(r"^  NEEDED +(\S+)$", told, re.MULTILINE)


def static(name: str) -> Path:
    """A static library of this machine's, as ``liblzma.a``: what the stub has in it."""
    command = [os.environ.get("CC", "cc"), f"-print-file-name={name}"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
