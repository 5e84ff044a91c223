"""The finished download, which some tests try out, and the homes that they do it in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import frozen
from trial_rooms import Room


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
