"""Makes one native part: runs its recipe in a folder of its own, and keeps what came of it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from native_plan import Part
from native_sources import fetched

TAIL_LINES = 15
_PIP = "pip==26.3"
"""Debian's own takes one setting of each kind alone, and knows no -C."""
_MADE = ("made/prefix", "made/wheels", "made/licences")
_LICENCE = re.compile(r"(copying|licen[cs]e|notice|authors|patents)", re.IGNORECASE)


class PartError(Exception):
    """A part could not be made; the words say why."""


@dataclass(frozen=True)
class Job:
    """One part to be made: out of what, on top of what, and where."""

    part: Part
    recipe: Mapping[str, bytes]
    needs: list[Path]
    """The prefixes of all parts that it needs."""
    cache: Path
    key: str
    compilers: int

    @property
    def store(self) -> Path:
        return self.cache / f"{self.part.name}-{self.key}"

    @property
    def work(self) -> Path:
        return self.cache / ".work" / self.part.name

    @property
    def log(self) -> Path:
        return self.cache / f"{self.part.name}.log"


def make(job: Job) -> None:
    """Put the part into its store, whole.

    Raises:
        PartError: the recipe failed, or what it made is not fit to be given away.
        SourceError: the source cannot be had.
    """
    work = job.work
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("recipe", "source", "prefix", "tmp", *_MADE):
        (work / folder).mkdir(parents=True)
    # What runs is what the key was made of, whatever is edited meanwhile.
    for name, data in job.recipe.items():
        (work / "recipe" / name).write_bytes(data)
    if job.part.source:
        _unpack(fetched(job.part.source, job.cache / "sources")[0], work / "source")
    for need in job.needs:
        shutil.copytree(need, work / "prefix", symlinks=True, dirs_exist_ok=True)
    inherited = set(_files(work / "prefix"))
    _run_recipe(job)
    _collect(work, inherited)
    _refuse_paths(work / "made", [str(job.cache), *_pythons_own()])
    (work / "made").rename(job.store)
    shutil.rmtree(work)


def _unpack(archive: Path, folder: Path) -> None:
    tar = shutil.which("tar") or "/bin/tar"
    command = [tar, "-xf", str(archive), "-C", str(folder), "--strip-components=1"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode != 0:
        raise PartError(f"{archive.name} cannot be unpacked: {ended.stderr.strip()[-200:]}")


# --- the recipe ------------------------------------------------------------------------------


def _run_recipe(job: Job) -> None:
    recipe = job.work / "recipe" / f"{job.part.name}.sh"
    if not recipe.exists():
        raise PartError(f"there is no recipe build/recipes/{recipe.name}")
    with job.log.open("wb") as log:
        environment = _environment(job, _python(job, log))
        ended = _logged(["/bin/bash", str(recipe)], job.work / "source", environment, log)
    if ended != 0:
        raise PartError(f"its recipe ended with {ended}; the end of {job.log}:\n{_tail(job.log)}")


def _python(job: Job, log: BinaryIO) -> str:
    """One that has the tools that this part is made with, and nothing besides."""
    if not job.part.tools:
        return sys.executable
    python = str(job.work / "tools/bin/python")
    pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(job.work / "tools")],
        [python, *pip, _PIP, *job.part.tools],
    ):
        if _logged(command, job.work, dict(os.environ), log) != 0:
            raise PartError(
                f"its tools cannot be installed; the end of {job.log}:\n{_tail(job.log)}"
            )
    return python


def _environment(job: Job, python: str) -> dict[str, str]:
    work = job.work
    # What files would say of this machine's folders is of no use to anybody.
    flags = f"-O2 -g0 -fPIC -ffunction-sections -fdata-sections -ffile-prefix-map={work}=."
    return {
        **os.environ,
        "SOURCE": str(work / "source"),
        "VERSION": job.part.source.version if job.part.source else "",
        "FILES": str(job.cache / "sources"),
        "RECIPES": str(work / "recipe"),
        "PREFIX": str(work / "prefix"),
        "WHEELS": str(work / "made/wheels"),
        "PYTHON": python,
        "JOBS": str(job.compilers),
        "CFLAGS": flags,
        "CXXFLAGS": flags,
        "LDFLAGS": "-Wl,--gc-sections -Wl,--as-needed -Wl,-O1 -Wl,-s",
        # In the program all libraries lie in one folder, where they find each other.
        "LD_RUN_PATH": "$ORIGIN",
        "PKG_CONFIG_PATH": str(work / "prefix/lib/pkgconfig"),
        "PATH": f"{Path(python).parent}:{os.environ['PATH']}",
        "TMPDIR": str(work / "tmp"),
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "1767225600",  # any, as long as two builds make the same
    }


def _logged(command: list[str], folder: Path, environment: dict[str, str], log: BinaryIO) -> int:
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    ).returncode


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])


# --- what came of it -------------------------------------------------------------------------


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def _collect(work: Path, inherited: set[Path]) -> None:
    """What is new in the prefix goes into work/made, freed of where it was made."""
    for path in sorted(set(_files(work / "prefix")) - inherited):
        if path.suffix == ".la":  # libtool's, full of paths, needed by nobody
            continue
        if path.suffix == ".pc":
            said = path.read_text()
            path.write_text(said.replace(str(work / "prefix"), "${pcfiledir}/../.."))
        kept = work / "made/prefix" / path.relative_to(work / "prefix")
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept)
    for path in (work / "source").iterdir():
        if path.is_file() and _LICENCE.match(path.name):
            shutil.copyfile(path, work / "made/licences" / path.name)


def _refuse_paths(made: Path, paths: Sequence[str]) -> None:
    """No library that people get may tell the folders of the machine that made it."""
    for name, data in _binaries(made):
        for path in paths:
            if (at := data.find(path.encode())) >= 0:
                told = re.split(rb"[\0\n]", data[at : at + 120])[0].decode(errors="replace")
                raise PartError(f"{name} tells a path of this machine: {told}")


def _pythons_own() -> list[str]:
    """The folder of a Python that is not the system's: its own compiler options name it."""
    return [] if sys.base_prefix in ("/usr", "/usr/local") else [sys.base_prefix]


def _binaries(made: Path) -> Iterator[tuple[str, bytes]]:
    for library in (made / "prefix").rglob("*.so*"):
        if not library.is_symlink():
            yield library.name, library.read_bytes()
    for wheel in (made / "wheels").glob("*.whl"):
        with zipfile.ZipFile(wheel) as members:
            for name in members.namelist():
                if ".so" in name:
                    yield f"{name} in {wheel.name}", members.read(name)
