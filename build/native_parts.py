"""Makes the slim native parts of the download: `python build/native_parts.py [PART...]`.

Each part has a recipe, build/recipes/<part>.sh, a script for bash that finds these variables:

    SOURCE   its source, freshly unpacked; the working folder
    VERSION  of its source, as sources.toml says it; empty where that is a part of our own
    FILES    the folder of everything that sources.toml names
    RECIPES  the folder of what belongs to the recipe, build/recipes/<part>.*
    PREFIX   what the parts that it needs have installed; it installs into the same
    WHEELS   where its wheels go
    PYTHON   a Python that has its `tools`
    JOBS     how many compilers may run at once
    CFLAGS, CXXFLAGS, LDFLAGS, LD_RUN_PATH   what is right for most
    PKG_CONFIG_PATH   leads into PREFIX

What it has made is kept in <cache>/<part>-<key>/ (prefix/, wheels/, licences/). A part is there
whole or not at all, and the key changes with whatever it was made from. A part that cannot be made
stops only those that need it: the stock wheels serve in its place, bigger and as good.
"""

import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from native_making import Job, PartError, make
from native_plan import Part, PlanError, beside, keys, read, with_needs
from native_sources import SourceError

RECIPES = Path(__file__).parent / "recipes"
CACHE = Path(__file__).parents[1] / ".cache/native"
_SONAME = re.compile(r"lib[^/]+\.so\.\d+")

Say = Callable[[str], None]


@dataclass
class Built:
    """What is there now, and what is not.

    `libraries` are the shared libraries by the name that programs load them by; they take the place
    of the system's and of the wheels' in the program. `licences` are their texts, by part.
    """

    prefixes: dict[str, Path] = field(default_factory=dict)
    wheels: list[Path] = field(default_factory=list)
    libraries: dict[str, Path] = field(default_factory=dict)
    licences: dict[str, list[Path]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, part: str, store: Path) -> None:
        self.prefixes[part] = store / "prefix"
        self.wheels += sorted((store / "wheels").glob("*.whl"))
        self.licences[part] = sorted((store / "licences").iterdir())
        for library in sorted((store / "prefix/lib").glob("*.so.*")):
            if _SONAME.fullmatch(library.name):
                self.libraries[library.name] = library.resolve()


def build_parts(
    cache: Path,
    jobs: int,
    wanted: Sequence[str] = (),
    recipes: Path = RECIPES,
    say: Say = lambda line: print(line, file=sys.stderr),
) -> Built:
    """Make all parts (or the `wanted` ones and what they need) that `cache` does not hold yet.

    `jobs` compilers run at once.

    Raises:
        PlanError: the list of sources is wrong, or names no such part.
    """
    files = {file.name: file.read_bytes() for file in recipes.iterdir() if file.is_file()}
    parts = read((recipes / "sources.toml").read_text())
    made = keys(parts, files, _machine())
    built = Built()
    for part in with_needs(parts, wanted or list(parts)):
        try:
            needs = _prefixes(with_needs(parts, part.needs), built)
            job = Job(part, beside(part, files), needs, cache.resolve(), made[part.name], jobs)
            _make_once(job, say)
        except (PartError, SourceError, OSError) as error:
            built.failed[part.name] = str(error)
            say(f"{part.name}: not made: {error}")
        else:
            built.add(part.name, job.store)
    return built


def _prefixes(needs: list[Part], built: Built) -> list[Path]:
    if fallen := [need.name for need in needs if need.name in built.failed]:
        raise PartError(f"it needs {' and '.join(fallen)}")
    return [built.prefixes[need.name] for need in needs]


def _make_once(job: Job, say: Say) -> None:
    name = job.part.name
    if job.store.is_dir():
        say(f"{name}: there")
        return
    with _alone(job.cache / f".{name}.lock", lambda: say(f"{name}: somebody else is making it")):
        if job.store.is_dir():
            say(f"{name}: there")
            return
        say(f"{name}: being made")
        started = time.monotonic()
        make(job)
        say(f"{name}: made in {time.monotonic() - started:.0f} s")


def _machine() -> list[str]:
    """What a part depends on beside its recipe and source: compiler, C library, Python."""
    compiler = ""
    if cc := shutil.which("cc"):
        compiler = subprocess.check_output([cc, "--version"], text=True).partition("\n")[0]
    return [compiler, *platform.libc_ver(), platform.machine(), sys.version]


@contextmanager
def _alone(lock: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Two builds at once: the second waits, after `wait`, and finds what the first has made."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Make the named parts, or all; 1 where one could not be made."""
    started = time.monotonic()
    try:
        built = build_parts(CACHE, len(os.sched_getaffinity(0)), arguments)
    except (PlanError, OSError) as error:
        print(f"native_parts: {error}", file=sys.stderr)
        return 2
    without = f"; without {', '.join(built.failed)}" if built.failed else ""
    print(
        f"{len(built.prefixes)} parts with {len(built.libraries)} libraries and"
        f" {len(built.wheels)} wheels in {time.monotonic() - started:.1f} s{without}",
        file=sys.stderr,
    )
    return 1 if built.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
