"""A program that waits, made small: what only its start needed is given back to the system.

Half of what a window takes is libraries, of which a phone that waits runs next to nothing. On
Linux their pages can be let go: they stay in the system's cache, from where they come back within
microseconds each, but the system may have them as soon as it needs room. Windows does the like by
itself with whatever is minimized.
"""

import ctypes
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

log = logging.getLogger(__name__)

_HEAD = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ [1-9][0-9]* ")
"""In ``/proc/PID/smaps``, of what is mapped from a file and cannot be written: proc_pid_maps(5)."""

_UNTOUCHED = ("Anonymous:", "Private_Dirty:", "Swap:")
"""What is more than 0 kB where a page is not what the file says any more."""

_DONT_NEED = 4  # MADV_DONTNEED


RESTS_AFTER = 3000
"""Milliseconds in which nothing happened, until it is time to."""


def rest() -> None:
    """Give back what can be had again. It takes some 20 ms."""
    if sys.platform == "linux":
        try:
            _let_go()
        except (OSError, AttributeError) as error:
            log.debug("nothing is given back: %s", error)


def _let_go() -> None:
    libc = ctypes.PyDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(ctypes.c_size_t(0))
    madvise = libc.madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    # No library is ever unloaded while the program runs: what was one a moment ago still is.
    for start, end in libraries(Path("/proc/self/smaps").read_text().splitlines()):
        madvise(start, end - start, _DONT_NEED)


def libraries(smaps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where, in these lines, memory is exactly as in the file that it is of: from, and up to."""
    place: tuple[int, int] | None = None
    for line in smaps:
        name, _, rest_of_line = line.partition(" ")
        if not name.endswith(":"):
            if place is not None:
                yield place
            head = _HEAD.match(line)
            place = (int(head[1], 16), int(head[2], 16)) if head else None
        elif name in _UNTOUCHED and rest_of_line.split()[0] != "0":
            place = None
    if place is not None:
        yield place
