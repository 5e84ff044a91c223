"""A person's home with downloaded programs in it, for tests of what is installed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twocan.install.programs import Programs

ASSETS = Path(__file__).parent.parent / "assets"

RECORDER = """#!/bin/sh
printf '%s\\0' "$0" "$@" > "$TWOCAN_RECORD"
"""
"""A program that writes down how it was started."""

# A downloaded program as far as ``twocan.install`` goes: it says what PyInstaller does.
_PRETEND = """
import sys
executable, name, *arguments = sys.argv[1:]
sys.frozen, sys.executable, sys.argv = True, executable, [name, *arguments]
sys._MEIPASS = executable.removesuffix("twocan") + "_internal"
"""

Tree = dict[str, tuple[str, int, str]]


class Home:
    """``folder``: HOME, which exists. Nothing else of the system's is seen from here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data, self.config = folder / ".local" / "share", folder / ".config"
        self.programs = Programs(self.data / "twocan" / "program")
        self.record = folder.parent / "record"
        run = folder.parent / "run"
        folder.mkdir(parents=True, exist_ok=True)
        run.mkdir(mode=0o700, exist_ok=True)
        self.environment = {
            "HOME": str(folder),
            "XDG_DATA_DIRS": str(folder.parent / "system"),
            "XDG_CONFIG_DIRS": str(folder.parent / "etc"),
            "XDG_RUNTIME_DIR": str(run),
            "PATH": os.environ["PATH"],
            "TWOCAN_RECORD": str(self.record),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have this process be at home here, too."""
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP", "TWOCAN_ACCOUNT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    def unpack(self, version: str, seed: str = "") -> str:
        """A downloaded program, as the stub leaves it: its ID."""
        name = f"{version}-{hashlib.sha256((version + seed).encode()).hexdigest()[:16]}"
        folder = self.programs.folder / name
        (folder / "_internal").mkdir(parents=True)
        shutil.copytree(ASSETS, folder / "_internal" / "assets", ignore=_only_ours)
        (folder / "twocan").write_text(RECORDER)
        (folder / "twocan").chmod(0o755)
        return name

    def make_current(self, program: str) -> None:
        with self.programs.locked():
            self.programs.make_current(program)

    def be(self, monkeypatch: pytest.MonkeyPatch, program: str, started_as: str = "") -> None:
        """Have this process be that program, as far as it can tell."""
        folder = self.programs.folder / program
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(folder / "twocan"))
        monkeypatch.setattr(sys, "_MEIPASS", str(folder / "_internal"), raising=False)
        monkeypatch.setattr(sys, "argv", [started_as or str(folder / "twocan")])

    def run(self, program: str, code: str, *arguments: str, started_as: str = "") -> str:
        """What a process says that is this program, and runs this code with ``arguments``."""
        done = subprocess.run(
            self.words(program, code, *arguments, started_as=started_as),
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout + done.stderr

    def command(self, program: str, *arguments: str) -> tuple[int, str, str]:
        """``twocan`` with these arguments, as that program ("": from a checkout): the exit code,
        and what it said on standard output and standard error."""
        words = [sys.executable, "-m", "twocan", *arguments]
        if program:
            words = self.words(program, "from twocan.cli import run; sys.exit(run(arguments))")
            words += arguments
        done = subprocess.run(
            words,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def words(self, program: str, code: str, *arguments: str, started_as: str = "") -> list[str]:
        """What starts such a process."""
        executable = str(self.programs.folder / program / "twocan")
        name = started_as or executable
        return [sys.executable, "-c", _PRETEND + code, executable, name, *arguments]

    def started(self) -> list[str] | None:
        """How a recorder was started since this was asked last; None: none was."""
        if not self.record.exists():
            return None
        words = self.record.read_bytes().split(b"\0")[:-1]
        self.record.unlink()
        return [os.fsdecode(word) for word in words]

    def tree(self) -> Tree:
        """All that is in this home: of each path its kind, its mode, and what is in it."""
        return tree(self.folder)


def tree(folder: Path) -> Tree:
    """All that is in a folder: of each path its kind, its mode, and what is in it."""
    return {str(each.relative_to(folder)): _about(each) for each in sorted(folder.rglob("*"))}


def _about(path: Path) -> tuple[str, int, str]:
    mode = path.lstat().st_mode
    if path.is_symlink():
        return "link", mode, os.readlink(path)  # noqa: PTH115
    if path.is_dir():
        return "folder", mode, ""
    return "file", mode, json.dumps(path.read_bytes().decode("latin-1"))


def _only_ours(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name not in {"twocan.desktop", "twocan.svg"}}
