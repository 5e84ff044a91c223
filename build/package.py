"""What `make package` runs: freezes Twocan, makes one file of it, measures it and tries it out.

    python build/package.py [--fast] [--dist FOLDER] [--key FILE] [--accept]

The program is made of slim native libraries that are built first (native_parts.py; only what
changed since), or with --fast of the stock wheels that are installed here already. What cannot be
built is taken from the stock wheel: the size report says so, and that is then no reason to stop,
however big it is. Only what was tried out gets to FOLDER, under its final name at once: a failed
build leaves there what was there before.
"""

import argparse
import base64
import binascii
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import size
from linking import Slim
from native_parts import Built, build_parts
from native_plan import PlanError
from packed_tree import PackingError
from packing import Packed, pack
from recipes import icu
from stripping import strip
from trial import TrialError, try_out
from twocan import __version__

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
BUDGET = ROOT / "build" / "size-budget.json"
KEY_BYTES = 32  # an Ed25519 public key (RFC 8032)
EXTRAS = "window,devices,camera,package"


class PackageError(Exception):
    """The file could not be made: one line, why and what to do."""


FAULTS = (PackageError, PackingError, PlanError, icu.StandInError, size.SizeError, TrialError)
"""What the steps raise, with one line or a few for the person."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made. ``key``: whose releases the program believes."""

    fast: bool
    dist: Path
    key: Path | None
    accept: bool

    @property
    def variant(self) -> str:
        return "fast" if self.fast else "slim"

    @property
    def folder(self) -> Path:
        return CACHE / "package" / self.variant


@dataclass(frozen=True, slots=True)
class Kit:
    """What is frozen: by this Python with its packages, with these parts in the place of others."""

    python: Path
    built: Built = field(default_factory=Built)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 the file is there and works, 1 it could not be made."""
    try:
        file = make(_order(arguments))
    except (*FAULTS, OSError, subprocess.SubprocessError) as error:
        say(f"No package was made: {error}")
        return 1
    say(f"{file} is ready")
    return 0


def make(order: Order) -> Path:
    """The finished file, tried out. Raises one of the errors above."""
    key = checked_key(order.key) if order.key else None
    with alone(order.folder):
        kit = Kit(Path(sys.executable)) if order.fast else slim_kit()
        if order.accept and kit.built.failed:
            names = ", ".join(kit.built.failed)
            raise PackageError(f"what has stock libraries in it is no budget: {names} failed")
        tree = freeze(kit, order.folder, key)
        if stand_in := kit.built.prefixes.get("icu"):
            # Where Qt misses a function of it, it would end at the first call.
            icu.check(tree / "_internal/PySide6/Qt/lib/libQt6Core.so.6", stand_in / "lib")
        strip(tree / "_internal")
        file = order.folder / "twocan"
        say("Packing it")
        packed = pack(tree, file, __version__, quick=order.fast)
        weigh(order, kit, tree, packed)
        say("Trying it out")
        try_out(file, quick=order.fast)
        return handed_out(file, order.dist)


# --- Its parts -----------------------------------------------------------------------------------


def slim_kit() -> Kit:
    """An environment of its own, where what was built small is over what comes from elsewhere."""
    built = build_parts(CACHE / "native", len(os.sched_getaffinity(0)))
    venv = CACHE / "package" / "venv"
    python = venv / "bin" / "python"
    stamp, wanted = venv / ".installed", _wanted(built)
    if not stamp.exists() or stamp.read_text() != wanted:
        say("Installing Python packages for the package")
        shutil.rmtree(venv, ignore_errors=True)
        run(sys.executable, "-m", "venv", venv)
        pip = (python, "-m", "pip", "install", "--quiet", "--no-input")
        constraints = str(ROOT / "constraints.txt")
        names = dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), constraints)
        run(*pip, "--editable", f".[{EXTRAS}]", **names)
        if built.wheels:
            run(*pip, "--no-deps", "--force-reinstall", *built.wheels)
        stamp.write_text(wanted)
    return Kit(python, built)


def _wanted(built: Built) -> str:
    said = [sys.version, *map(str, built.wheels)]
    said += [(ROOT / name).read_text() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def checked_key(file: Path) -> bytes:
    """The public key that is in ``file``, in base64. Raises PackageError."""
    try:
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except (OSError, binascii.Error) as error:
        raise PackageError(f"RELEASE_KEY={file} cannot be read: {error}") from error
    if len(key) != KEY_BYTES:
        raise PackageError(f"RELEASE_KEY={file} has to be {KEY_BYTES} bytes in base64, one line")
    return base64.b64encode(key)


# --- The program, as a folder --------------------------------------------------------------------


def freeze(kit: Kit, folder: Path, key: bytes | None) -> Path:
    """The folder that PyInstaller makes of the program. ``key``: in base64."""
    say("Freezing Twocan")
    work = folder / "work"
    for old in (work, folder / "tree"):
        shutil.rmtree(old, ignore_errors=True)
    libraries = work / "libraries"
    libraries.mkdir(parents=True)
    for name, library in kit.built.libraries.items():
        (libraries / name).symlink_to(library)
    parts = {name: prefix.parent for name, prefix in kit.built.prefixes.items()}
    (work / "parts.json").write_text(Slim(kit.built.libraries, parts).written())
    options: list[str | Path] = ["--parts", work / "parts.json"]
    if key:
        (work / "release.pub").write_bytes(key + b"\n")
        options += ["--key", work / "release.pub"]
    run(
        *(kit.python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--workpath", work, "--distpath", folder / "tree", ROOT / "installer.spec"),
        *("--", *options),
        LD_LIBRARY_PATH=str(libraries),
        PYINSTALLER_CONFIG_DIR=str(folder / "config"),
        # Modules are compressed with all the rest, and better than each by itself.
        PYINSTALLER_ZLIB_COMPRESSION_LEVEL="0",
        # Where a line has gone wrong is told, but not in which columns of it: a third of all code.
        PYTHONNODEBUGRANGES="1",
        PYTHONHASHSEED="1",  # the same order in sets each time, so the same bytes
    )
    return folder / "tree" / "twocan"


# --- The program, as a file ----------------------------------------------------------------------


def weigh(order: Order, kit: Kit, tree: Path, packed: Packed) -> None:
    """Say what is how big, and compare with the budget.

    Raises SizeError: something grew, and not because stock libraries had to serve.
    """
    sizes = size.measured(tree, packed, order.variant, __version__, slim_parts(kit.built))
    say(size.table(sizes))
    for part, why in kit.built.failed.items():
        say(f"{part} could not be built small: {why}")
    report = ROOT / "out" / "size.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(size.as_json(sizes))
    said = BUDGET.read_text() if BUDGET.exists() else ""
    if order.accept:
        BUDGET.write_text(size.with_budget(said, sizes))
    else:
        compare(sizes, size.budget_of(said, order.variant), kit.built.failed)


def compare(sizes: size.Sizes, budget: size.Sizes | None, failed: Collection[str]) -> None:
    """Raises SizeError: something is too big, and nothing failed that explains it."""
    try:
        size.within(sizes, budget)
    except size.SizeError as error:
        if not failed:
            raise
        names = ", ".join(failed)
        found = str(error).removesuffix(f"\n{size.WHAT_TO_DO}")
        say(f"Too big, as stock libraries are in it instead of {names}:\n{found}")


def slim_parts(built: Built) -> set[str]:
    """The parts of the size report that have something in them that was built small."""
    wheels = (wheel.name.partition("-")[0] + "/" for wheel in built.wheels)
    return {size.part_of(name) for name in (*wheels, *built.libraries)}


def handed_out(file: Path, dist: Path) -> Path:
    """Put the file where it is asked for, at once."""
    dist.mkdir(parents=True, exist_ok=True)
    new = dist / f".twocan.new-{os.getpid()}"
    try:
        shutil.copy2(file, new)
        return new.rename(dist / "twocan")
    finally:
        new.unlink(missing_ok=True)


# --- How it is run -------------------------------------------------------------------------------


def run(*command: str | Path, **environment: str) -> None:
    """Run it in the repository's folder. Raises PackageError."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False)
    if done.returncode:
        said = " ".join([Path(words[0]).name, *words[1:4]])
        raise PackageError(f"{said} ... ended with {done.returncode}")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two builds at once in one folder would make neither; the second waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _order(arguments: Sequence[str]) -> Order:
    asked = argparse.ArgumentParser(prog="package.py", description="Makes dist/twocan.")
    asked.add_argument("--fast", action="store_true", help="of stock libraries, quickly packed")
    asked.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the file goes")
    asked.add_argument("--key", type=Path, help="the public key that releases are signed with")
    asked.add_argument("--accept", action="store_true", help="take today's sizes as the budget")
    options = asked.parse_args(arguments)
    return Order(options.fast, options.dist, options.key, options.accept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
