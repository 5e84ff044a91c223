"""Small downloads for tests: real files that unpack themselves.

The program in them is a few lines of C. It says how it was started, and then ends with code 7.
"""

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from packed_tree import Entry
from packing import QUICK, assemble, compressed
from stub_program import missing, stub_program

NEEDS_TOOLS = pytest.mark.skipif(bool(missing()) and "CI" not in os.environ, reason=missing())
"""For tests that compile: only where nobody decides by them may they be left out."""

PROBE = r"""
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv) {
    const char *into = getenv("PROBE_INTO");
    FILE *out = into ? fopen(into, "wbe") : stdout;
    for (int i = 0; i < argc; i++) fprintf(out, "a%s%c", argv[i], 0);
    for (char **entry = environ; *entry; entry++) fprintf(out, "e%s%c", *entry, 0);
    for (int fd = 0; fd < 64; fd++) {
        char path[64], target[4096];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(path, target, sizeof target);
        if (size >= 0 && fd != fileno(out)) fprintf(out, "f%d %.*s%c", fd, (int)size, target, 0);
    }
    struct stat self;
    stat("/proc/self/exe", &self);
    fprintf(out, "i%lu%c", (unsigned long)self.st_ino, 0);
    fprintf(out, "u%o%c", (unsigned)umask(0), 0);
    fflush(out);
    if (argc > 1 && !strcmp(argv[1], "linger")) while (getchar() != EOF) {}
    return 7;
}
"""
TOLD = 7
"""The exit code of the program, by which its start is known."""


def built(folder: Path) -> Path:
    """The program, compiled."""
    program = folder / "twocan"
    source = folder / "probe.c"
    source.write_text(PROBE)
    subprocess.run(["cc", "-O1", "-o", str(program), str(source)], check=True)
    source.unlink()
    return program


def small_tree(folder: Path, program: Path) -> Path:
    """A program's folder as freezing makes one: code, data, links, an empty folder."""
    inside = folder / "_internal"
    (inside / "lib").mkdir(parents=True)
    (inside / "empty").mkdir()
    shutil.copy(program, folder / "twocan")
    shutil.copy(program, inside / "lib" / "libprobe.so.1")
    (inside / "lib" / "libprobe.so").symlink_to("libprobe.so.1")
    (inside / "up.so").symlink_to("lib/libprobe.so.1")
    (inside / "lib" / "data").symlink_to("../data.txt")
    (inside / "data.txt").write_text("data\n" * 1000)
    (inside / "nothing").touch()
    return folder


def as_read(folder: Path) -> dict[str, object]:
    """Every name in a tree, with contents, target, or whether it can be executed."""
    found: dict[str, object] = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = path.readlink()
        elif path.is_file():
            found[name] = (path.read_bytes(), os.access(path, os.X_OK))
        else:
            found[name] = None
    return found


def download(
    file: Path, tars: Sequence[bytes], found: Iterable[Entry] = (), *, sanitized: bool = False
) -> Path:
    """A file that carries these tars, whatever is in them, and says that it holds ``found``."""
    return carrying(file, [compressed(tar, QUICK) for tar in tars], found, sanitized=sanitized)


def carrying(
    file: Path, sections: Sequence[bytes], found: Iterable[Entry], *, sanitized: bool = False
) -> Path:
    """A file that carries these .xz streams, whatever they are."""
    _, contents = assemble(_stub(sanitized), sections, "1.0", list(found))
    file.write_bytes(contents)
    file.chmod(0o755)
    return file


@functools.cache
def _stub(sanitized: bool) -> bytes:
    return stub_program(sanitized=sanitized).read_bytes()


@dataclass(frozen=True, slots=True)
class Told:
    """How the program was started."""

    code: int
    arguments: list[bytes]
    environment: dict[str, str]
    descriptors: dict[int, str]
    inode: int
    umask: int
    errors: str


class Home:
    """A home folder of nobody's, and what is started in it, which ends with the block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begun: list[subprocess.Popen[bytes]] = []
        path.mkdir(exist_ok=True)
        self.environment = {"HOME": str(path), "PATH": "/usr/bin:/bin"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._begun:
            process.kill()
            process.communicate()

    @property
    def programs(self) -> Path:
        return self.path / ".local" / "share" / "twocan" / "program"

    def kept(self) -> list[str]:
        """What stands in the folder of programs, save for its lock and its list of folders."""
        if not self.programs.is_dir():
            return []
        names = {path.name for path in self.programs.iterdir()}
        return sorted(names - {".lock", ".made"})

    def begin(self, file: Path, *arguments: str | bytes, **more: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [file, *arguments],
            env={**self.environment, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._begun.append(process)
        return process

    def start(self, file: Path, *arguments: str | bytes, **more: str) -> Told:
        return told(self.begin(file, *arguments, **more))


def told(process: "subprocess.Popen[bytes]", within: float = 50.0) -> Told:
    """What the program said, once it ended."""
    said, errors = process.communicate(timeout=within)
    return parsed(process.returncode, said, errors.decode())


def parsed(code: int, said: bytes, errors: str) -> Told:
    records = said.split(b"\0")[:-1]
    marked = {mark: [r[1:] for r in records if r[:1] == mark] for mark in (b"a", b"e", b"f")}
    pairs = [entry.decode().partition("=") for entry in marked[b"e"]]
    opened = [entry.decode().partition(" ") for entry in marked[b"f"]]
    last = [int(r[1:]) for r in records if r[:1] == b"i"]
    mask = [int(r[1:], 8) for r in records if r[:1] == b"u"]
    environment: Mapping[str, str] = {name: value for name, _, value in pairs}
    return Told(
        code,
        marked[b"a"],
        dict(environment),
        {int(number): target for number, _, target in opened},
        last[0] if last else 0,
        mask[0] if mask else -1,
        errors,
    )
