"""Programs with a window, as the bench starts them: on a screen, a bus and a home of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import processes
from desktop_bus import DesktopBus
from running import Supernode
from window_screen import Screen, own_screen

_HERE = Path(__file__).parent
TWOCAN = (sys.executable, "-m", "twocan")
COUNTED = (sys.executable, str(_HERE / "window_counted.py"))
"""The same, and it counts what it does (``window_counted.py``)."""

_NOT_OURS = ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_STYLE_OVERRIDE", "TWOCAN_ACCOUNT")
_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Desktop:
    """What all programs of one run of the bench have in common."""

    folder: Path
    screen: Screen
    node: Supernode
    environment: Mapping[str, str]

    def account(self, person: str) -> tuple[Path, str]:
        """The account file of a person of the supernode's, and their address."""
        minted = self.node.mint(person)
        file = self.folder / f"{person}.json"
        file.write_text(json.dumps(minted))
        return file, str(minted["address"])


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """A screen, a session bus, a home and a supernode, for as long as this lasts."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    with ExitStack() as stack:
        screen = stack.enter_context(own_screen())
        bus = stack.enter_context(DesktopBus(folder))
        node = stack.enter_context(Supernode(folder / "state"))
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        own = {
            "DISPLAY": screen.name,
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
        }
        yield Desktop(folder, screen, node, inherited | own)


class Program:
    """One run of a program. As a context it is gone at the end.

    ``began``: when it was started (``time.monotonic``).
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, spoken_to: bool = False
    ) -> None:
        self._name = Path(command[0]).name if len(command) == 1 else " ".join(command[1:3])
        self._buffer = b""
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.PIPE if spoken_to else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=processes.end_with_parent(),  # noqa: PLW1509 - no threads here
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def event(self, name: str, within: float = _WITHIN) -> dict[str, Any]:
        """The next event of that name that it prints. Raises Failed."""
        last = time.monotonic() + within
        while True:
            left = max(last - time.monotonic(), 0.0)
            line = self._line(left)
            said: dict[str, Any] = json.loads(line)
            if said.get("event") == name:
                return said
            if said.get("event") == "report":
                raise processes.Failed(f"{self._name} ended its call: {said.get('reason')}")

    def ask(self, *order: Any, within: float = _WITHIN) -> Any:
        """Have it do something, and hear what comes of it (``window_counted.py``)."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return self.event("answer", within)["answer"]

    def end(self) -> None:
        """Ask it to end, and see to it that it does."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        processes.end_group(self._process)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _line(self, within: float) -> bytes:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        line, self._buffer = processes.read_until(pipe, b"\n", self._buffer, within, self._name)
        return line


# --- What a process takes ------------------------------------------------------------------------


def pss_mb(pid: int) -> float:
    """Memory, what it shares with others counted in parts, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise processes.Failed("the kernel does not tell what memory a process takes")


def wakeups(pid: int) -> int:
    """How many times threads of it waited for something and were woken, so far."""
    return sum(_field(task / "status", "voluntary_ctxt_switches:") for task in _tasks(pid))


def seconds_of(pid: int, *, threads: Sequence[int] | None = None) -> float:
    """CPU time of a process so far, or of some of its threads, to the nanosecond."""
    return sum(
        int((task / "schedstat").read_text().split()[0]) / 1e9
        for task in _tasks(pid)
        if threads is None or int(task.name) in threads
    )


def threads_of(pid: int, names: Sequence[str]) -> list[int]:
    """The first thread of a process, and those of these names."""
    return [
        int(task.name)
        for task in _tasks(pid)
        if int(task.name) == pid or (task / "comm").read_text().strip() in names
    ]


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").iterdir())


def _field(file: Path, name: str) -> int:
    lines = file.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
