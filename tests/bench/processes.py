"""Programs that are measured: talked to in JSON lines, their CPU time counted, ended with us."""

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_ENDS_WITHIN = 5.0


class Failed(Exception):
    """A program ended, or said nothing in time: one line."""


class Talker:
    """A Python program that reads and writes JSON lines. Its session is its own: Ctrl-C is ours."""

    def __init__(
        self, program: Path, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self._name = " ".join([program.stem, *arguments[:1]])
        self._buffer = b""
        self._process = subprocess.Popen(
            [sys.executable, program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - no threads here
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, told: Any, within: float) -> Any:
        """Tell it something and hear its answer, in at most ``within`` seconds."""
        self.tell(told)
        return self.hear(within)

    def tell(self, told: Any) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Failed(f"{self._name} ended before its time") from error

    def hear(self, within: float) -> Any:
        assert self._process.stdout is not None
        line, self._buffer = read_until(
            self._process.stdout.fileno(), b"\n", self._buffer, within, self._name
        )
        return json.loads(line)

    def end(self) -> None:
        """It ends when there is no more to read, or is ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_ENDS_WITHIN)
        finally:
            end_group(self._process)
            self._process.stdout.close()


def read_until(
    pipe: int, mark: bytes, buffer: bytes, within: float, name: str
) -> tuple[bytes, bytes]:
    """What is before the next ``mark``, and what was read behind it. Raises Failed."""
    parts, last = [buffer], time.monotonic() + within
    while mark not in parts[-1]:
        if not select.select([pipe], [], [], max(last - time.monotonic(), 0))[0]:
            raise Failed(f"{name} said nothing for {within:.0f} s")
        if not (part := os.read(pipe, 1 << 20)):
            raise Failed(f"{name} ended before its time")
        parts.append(part)
    before, _, behind = parts[-1].partition(mark)
    return b"".join([*parts[:-1], before]), behind


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask a process that leads a group to end, and end all of the group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_ENDS_WITHIN)


def wait_for_end(pids: Sequence[int]) -> None:
    """Of processes that are ending; what has not ended in good time is killed."""
    last = time.monotonic() + _ENDS_WITHIN
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        if time.monotonic() > last:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.02)


def end_with_parent() -> Callable[[], None]:
    """For ``preexec_fn``: even a parent that is killed takes this program with it."""
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return ask


def alone_on(core: int) -> Callable[[], None]:
    """For ``preexec_fn``: `end_with_parent`, and the program runs on that core only."""
    ending = end_with_parent()

    def ask() -> None:
        os.sched_setaffinity(0, {core})
        ending()

    return ask


@contextlib.contextmanager
def one_core_free() -> Iterator[int]:
    """A core on which neither this process runs meanwhile, nor what it starts, unless it is put
    there (``alone_on``). Raises Failed where there is but one."""
    cores = os.sched_getaffinity(0)
    free = max(cores)
    if cores == {free}:
        raise Failed("it takes two cores: one for what is measured, one for whoever measures")
    os.sched_setaffinity(0, cores - {free})
    try:
        yield free
    finally:
        os.sched_setaffinity(0, cores)


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of processes so far, what they waited for included."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            # proc(5): utime, stime, cutime, cstime are fields 14 to 17; the 3rd is first here.
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    pids = [pid]
    for each in pids:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
    return pids
