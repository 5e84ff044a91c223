"""Files that are whole at any moment: the old or the new one, whatever happens meanwhile."""

import contextlib
import os
import tempfile
from pathlib import Path

from twocan.desk.folders import made


def replace(path: Path, content: bytes) -> None:
    """Have ``content`` in the file ``path``, and that last. Raises ``OSError``."""
    made(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    # The new name is in the folder, and lasts once the folder does. Windows has no such thing.
    if hasattr(os, "O_DIRECTORY"):
        with contextlib.suppress(OSError):
            _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
