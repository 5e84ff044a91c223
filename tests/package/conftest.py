"""The finished download, which some tests try out, and the homes that they do it in.

It takes a minute to make. That is begun beside the other tests, and who tries it out comes last.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import frozen
from trial_rooms import Room

_MAKING = pytest.StashKey["subprocess.Popen[bytes]"]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After whoever shuffled them. Whole files, since one process has all of a file; and first the
    one with most of them, so that it is not still at it when the others have nothing left."""
    files = Counter(item.path for item in items if _tries_it_out(item))
    items.sort(key=lambda item: (item.path in files, -files[item.path]))


def pytest_runtestloop(session: pytest.Session) -> None:
    wanted = any(map(_tries_it_out, session.items)) and not session.config.option.collectonly
    if wanted and not frozen.why_not():
        # Of what goes wrong here the fixture tells: it then makes it itself.
        session.stash[_MAKING] = subprocess.Popen(
            ["nice", sys.executable, frozen.__file__],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (making := session.stash.get(_MAKING, None)) and making.poll() is None:
        os.killpg(making.pid, signal.SIGTERM)
        making.wait()


def _tries_it_out(item: pytest.Item) -> bool:
    return "finished" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def finished() -> Path:
    """The frozen program as one file."""
    if why_not := frozen.why_not():
        pytest.skip(why_not)
    return frozen.download()


@pytest.fixture(scope="session")
def newer(finished: Path) -> Iterator[Path]:
    """The same as a version that is newer."""
    with tempfile.TemporaryDirectory(prefix="twocan-") as folder:
        file = Path(folder) / "newer"
        frozen.variant(finished, file, "9.0.0")
        yield file


@pytest.fixture
def room(finished: Path) -> Iterator[Room]:
    """Somebody who has nothing yet. In a folder with a short name, since a socket's has to be."""
    with tempfile.TemporaryDirectory(prefix="twocan-") as folder:
        room = Room("test", Path(folder) / "room", finished)
        room.furnish()
        yield room
