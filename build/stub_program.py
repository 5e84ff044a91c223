"""The small program in front of the download's payload: build/stub, compiled when it is needed.

It is kept in .cache, under a name made of everything that it depends on.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packed_tree import PackingError

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "build" / "stub"
CACHE = ROOT / ".cache" / "stub"
ART = (ROOT / "build" / "stub_art.py", ROOT / "assets" / "twocan.svg")
"""What the picture in its window is drawn by, and of."""

_CC = os.environ.get("CC", "cc")
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wstrict-prototypes", "-Werror")
HARDENED = (
    "-O2",
    "-fPIE",
    "-pie",
    "-fstack-protector-strong",
    "-fstack-clash-protection",
    "-fcf-protection",
    "-U_FORTIFY_SOURCE",
    "-D_FORTIFY_SOURCE=2",
    "-Wl,-z,relro,-z,now,-z,noexecstack,--as-needed,--build-id=none,--gc-sections",
    "-ffunction-sections",
    "-s",
)
SANITIZED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
LANGUAGE = ("-std=gnu11", "-D_GNU_SOURCE", "-fno-math-errno", "-pthread")


def stub_program(*, sanitized: bool = False) -> Path:
    """The compiled stub; ``sanitized``: one that watches its own memory, for tests.

    Raises:
        PackingError: a tool is missing, or it does not compile.
    """
    if lacks := missing():
        raise PackingError(lacks)
    library = _lzma(_CC)
    flags = (*LANGUAGE, *WARNINGS, *(SANITIZED if sanitized else HARDENED))
    key = _key(flags, (*_sources(), *ART, library))
    kept = CACHE / key / "stub"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _draw(Path(folder))
            made = _compile(Path(folder), flags, library)
            made.replace(kept)
    return kept


def _sources() -> list[Path]:
    return sorted(path for path in SOURCES.iterdir() if path.suffix in (".c", ".h", ".S"))


def missing() -> str:
    """What has to be installed before it can be compiled, in words; empty: nothing."""
    compiler = shutil.which(_CC)
    if compiler is None:
        return "there is no C compiler: install gcc"
    if not _lzma(compiler).is_absolute():
        return "liblzma.a is missing: install liblzma-dev"
    for header, package in (("lzma.h", "liblzma-dev"), ("xcb/xcb.h", "libxcb1-dev")):
        command = [compiler, "-E", "-include", header, "-x", "c", os.devnull]
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            return f"{header} is missing: install {package}"
    return ""


def _lzma(compiler: str) -> Path:
    """The static library: the machine that the download runs on need not have it."""
    return Path(_output([compiler, "-print-file-name=liblzma.a"]).strip())


def _key(flags: tuple[str, ...], files: tuple[Path, ...]) -> str:
    said = [_output([_CC, "--version"]), *flags]
    parts = [text.encode() for text in said] + [path.read_bytes() for path in files]
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(digests).hexdigest()[:16]


def _draw(folder: Path) -> None:
    _output([sys.executable, str(ART[0]), str(folder / "art.xz")])


def _compile(folder: Path, flags: tuple[str, ...], library: Path) -> Path:
    made = folder / "stub"
    sources = [path.name for path in _sources() if path.suffix != ".h"]
    command = [_CC, *flags, f"-Wa,-I,{folder}", *sources, str(library), "-o", str(made)]
    _output(command, SOURCES)
    return made


def _output(command: list[str], folder: Path | None = None) -> str:
    ended = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if ended.returncode != 0:
        raise PackingError(f"{Path(command[0]).name} failed: {ended.stderr.strip()}")
    return ended.stdout
