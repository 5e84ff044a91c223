"""What every test is held to: it leaves nothing open, and no complaint in the log.

A test fails that leaves behind an asyncio task, a socket, a thread or a child process which was
not there before it, or during which Twocan or asyncio logged a warning or an error (unless it is
marked `expects_log`). What fixtures of a wider scope keep running was there before, and is let be.
"""

import asyncio
import inspect
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Set
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REAL_TIME = {
    "site/test_browser_calls.py",
    "site/test_guide.py",
    "site/test_site_whole.py",
    "supernode/test_turn.py",
    "test_cameras.py",
    "test_cli.py",
    "test_device_calls.py",
    "test_echo.py",
    "test_first_call.py",
    "test_media.py",
    "test_picture_calls.py",
    "test_picture_strangers.py",
    "test_screens.py",
    "test_sending.py",
    "test_sound_devices.py",
    "test_soundcheck.py",
    "test_trials.py",
    "test_voice.py",
    "test_watching.py",
    "whole",
    "window/test_at_rest.py",
    "window/test_whole_calls.py",
}
"""Where sound and pictures are heard and seen as they come, and what comes late is amiss."""

SETTLE_SECONDS = 10.0  # closing is often finished by another thread, or by the kernel
WATCHED_LOGGERS = {"twocan", "twocan_supernode", "asyncio"}


def pytest_configure() -> None:
    """Let SIGTERM end a run as Ctrl-C does, so that fixtures stop what they started.

    And leave the devices and the phone of whoever runs this alone: nobody is rung up by a test.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Where a shell started this in the background, it and all that it starts would ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["ALSA_CONFIG_PATH"] = str(Path(__file__).with_name("no_devices.conf"))
    os.environ["PULSE_SERVER"] = "unix:/nonexistent"
    # How long an example takes says something of the machine.
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("patient", patient)
    settings.load_profile("patient")
    # Phones of tests meet below their own folders, not where those of this person do.
    os.environ.pop("XDG_RUNTIME_DIR", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before any are chosen by their marks."""
    here = Path(__file__).parent
    for item in items:
        names = item.path.relative_to(here).parts if item.path.is_relative_to(here) else ()
        if {"/".join(names[: count + 1]) for count in range(len(names))} & REAL_TIME:
            item.add_marker("real_time")


# --- the log ---------------------------------------------------------------------------------


class Complaints(logging.Handler):
    """Keeps the warnings and errors of the loggers that we answer for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in WATCHED_LOGGERS:
            self.seen.append(f"{record.name}: {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_complaint(request: pytest.FixtureRequest) -> Iterator[None]:
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    yield
    logging.getLogger().removeHandler(complaints)
    if complaints.seen and request.node.get_closest_marker("expects_log") is None:
        pytest.fail("logged: " + "; ".join(complaints.seen), pytrace=False)


# --- sockets, threads, processes -------------------------------------------------------------


def sockets() -> set[str]:
    """This process's sockets, as the kernel names them: `socket:[inode]`."""
    return {name for name in map(_target, Path("/proc/self/fd").glob("*")) if "socket:" in name}


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:  # the one that listed the folder
        return ""


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def processes() -> set[str]:
    """The ids of this process's children, those included that ended and were not waited for."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in _children(task)}


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except FileNotFoundError:
        # A thread that ended meanwhile; its children are another one's.
        return []


@pytest.fixture(autouse=True)
def nothing_left_open(no_complaint: None) -> Iterator[None]:
    kinds: tuple[Callable[[], Set[object]], ...] = (sockets, threads, processes)
    before = [kind() for kind in kinds]
    yield
    deadline = time.monotonic() + SETTLE_SECONDS
    for kind, known in zip(kinds, before, strict=True):
        while (left := kind() - known) and time.monotonic() < deadline:
            time.sleep(0.01)
        if left:
            pytest.fail(f"{kind.__name__} left open: {', '.join(map(str, left))}", pytrace=False)


# --- tasks -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_task_left(request: pytest.FixtureRequest, nothing_left_open: None) -> None:
    """Only a test in a loop has tasks; its loop then ends before sockets are looked at."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("tasks_end")


@pytest.fixture
async def tasks_end() -> AsyncIterator[None]:
    """Look while the loop is open, since closing it cancels every task without a word."""
    yield
    deadline = time.monotonic() + SETTLE_SECONDS
    ours = {asyncio.current_task()}
    while (left := asyncio.all_tasks() - ours) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    if left:
        pytest.fail(f"tasks left running: {', '.join(map(repr, left))}", pytrace=False)
