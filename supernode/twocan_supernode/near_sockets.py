"""Unix sockets in a node's folder: how its processes on one machine speak with each other.

Who may open the folder may use them, and nobody else: it is for its owner alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# unix(7): a socket's whole path has 107 bytes at most. What is inside the folder has some 20.
_LONGEST = 80


@contextmanager
def short_name(folder: Path) -> Iterator[Path]:
    """A name of the folder by which sockets in it can be named, for as long as it is held."""
    if len(os.fsencode(folder)) <= _LONGEST:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
