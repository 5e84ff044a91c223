"""A guide's snippets, and a reader who follows it: types what is typed, saves what has a name.

What stands behind the language of a fenced block says what the reader does with it:

``console``             types each line after ``$``, and compares what it prints
``console yours``       chooses values of their own for these variables
``console terminal-1``  starts this in that terminal, in the place of what runs there
``python ask.py``       saves it under that name

In what is shown ``…`` stands for anything, the guide's values of variables for the reader's own.
"""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ENDS_WITHIN = 40.0
_SESSION = ".session"
ANYTHING = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block. ``name`` is what stands behind its language, if anything."""

    language: str
    name: str
    text: str
    line: int

    @property
    def commands(self) -> list[tuple[str, str]]:
        """What is typed, and what it prints."""
        typed = re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]
        return [(one, shown) for one, _, shown in (each.partition("\n") for each in typed)]


def snippets(text: str) -> list[Snippet]:
    """Those of a guide, in their order."""
    return [
        Snippet(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
    ]


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether that is what the guide shows."""
    parts = map(re.escape, shown.strip().split(ANYTHING))
    return re.fullmatch(".*".join(parts), printed.strip(), re.DOTALL) is not None


class Terminal:
    """A program that stays, and what it says on both its outputs, line by line."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until(self, shown: str) -> str:
        """What it says until that is as shown, or until it ends."""
        said = ""
        while not is_as_shown(said, shown):
            line = self.line()
            if not line:
                break
            said += line
        return said

    def line(self) -> str:
        """The next line that it says."""
        assert self._process.stdout
        return self._process.stdout.readline()

    def end(self) -> int:
        """Ctrl-C; its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.communicate(timeout=_ENDS_WITHIN)
        finally:
            self._process.kill()
            self._process.communicate()
        return self._process.returncode


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, what the guide shows of it and what it printed."""

    line: int
    command: str
    shown: str
    printed: str


class Reader:
    """Whoever follows a guide, in a folder of their own. As a context: all of it ends."""

    def __init__(
        self, folder: Path, choices: Mapping[str, str], environment: Mapping[str, str]
    ) -> None:
        self.folder = folder
        self.terminals: dict[str, Terminal] = {}
        self._choices = choices
        self._environment = dict(environment)
        self._guides_own: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in sorted(self.terminals, reverse=True):
            self.terminals.pop(name).end()

    def follow(self, snippet: Snippet) -> Iterator[Typed]:
        """Does what it says."""
        if snippet.language != "console":
            (self.folder / snippet.name).write_text(snippet.text)
        elif snippet.name == "yours":
            self._choose(snippet)
        elif snippet.name:
            yield self._start(snippet)
        else:
            for command, shown in snippet.commands:
                yield Typed(snippet.line, command, self._ours(shown), self._type(command))

    def _choose(self, snippet: Snippet) -> None:
        """Their own values for all of the guide's variables."""
        for command, _ in snippet.commands:
            named = dict(word.split("=", 1) for word in shlex.split(command)[1:])
            assert named.keys() == self._choices.keys()
            self._guides_own |= named
        chosen = " ".join(f"{name}={shlex.quote(one)}" for name, one in self._choices.items())
        self._type(f"export {chosen}")

    def _ours(self, shown: str) -> str:
        for name, guides in self._guides_own.items():
            shown = shown.replace(guides, self._choices[name])
        return shown

    def _type(self, command: str) -> str:
        """What it prints. Variables and the umask are there for what is typed later."""
        script = f"{self._begin()}{command}\n{{ export -p; echo umask $(umask); }} >{_SESSION}"
        done = self._bash(script)
        return done.stdout if done.returncode == 0 else f"{done.stdout}exit {done.returncode}"

    def _start(self, snippet: Snippet) -> Typed:
        ((command, shown),) = snippet.commands
        if before := self.terminals.pop(snippet.name, None):
            before.end()
        words = ["bash", "-c", f"{self._begin()}exec {command}"]
        started = Terminal(words, self.folder, self._environment)
        self.terminals[snippet.name] = started
        return Typed(snippet.line, command, self._ours(shown), started.until(self._ours(shown)))

    def _begin(self) -> str:
        return f"set -ea; [ ! -e {_SESSION} ] || . ./{_SESSION}\n"

    def _bash(self, script: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-c", script],
            check=False,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_ENDS_WITHIN,
        )


def environment(folder: Path, *programs: Path) -> dict[str, str]:
    """All that a reader has: what they need within reach, and nothing of whoever runs the tests."""
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    given = {"PATH": path, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    ours = ("TWOCAN_EJABBERD", "TWOCAN_PAGE")
    return given | {name: os.environ[name] for name in ours if name in os.environ}
