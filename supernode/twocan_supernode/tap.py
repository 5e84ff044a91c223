"""Hears what people send through ejabberd, without any of it being written down.

ejabberd's mod_logxml opens one file for each site when it starts, named after the site and the
second: ``SITE-20261121T17:00:00.xml``. Here each of the names that it may choose is a link to the
site's pipe, and the node reads the pipes for as long as ejabberd runs.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from twocan_supernode.errors import SupernodeError
from twocan_supernode.heard import Heard, Listener, not_counted

_READ_AT_ONCE = 65536  # as much as a pipe holds (pipe(7))


@contextmanager
def laid(
    folder: Path,
    sites: Iterable[str],
    seconds: int,
    tell: Callable[[Heard], None],
    sent: Callable[[str, int], None] = not_counted,
) -> Iterator[None]:
    """Pipes in the folder for an ejabberd that starts within so many seconds. ``tell`` gets what
    comes out of them, and ``sent`` who sent how much, in the running loop. OSError where there can
    be no pipes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    with ExitStack() as held:
        for site in sites:
            pipe = folder / site
            os.mkfifo(pipe, mode=0o600)
            for name in _names(site, int(time.time()), seconds):
                (folder / name).symlink_to(site)
            held.enter_context(_read(pipe, Listener(sent), tell))
        yield


def settle(folder: Path) -> None:
    """Takes the names away that ejabberd, which serves by now, did not choose.

    Raises SupernodeError when it wrote into a file; the file is gone then.
    """
    strays = []
    for entry in folder.iterdir():
        if entry.is_symlink():
            entry.unlink()
        elif not entry.is_fifo():
            strays.append(entry.name)
            entry.unlink()
    if strays:
        raise SupernodeError(
            f"ejabberd chose other names than it should ({', '.join(strays)}): was the clock set "
            "while it started? Start the node again"
        )


def _names(site: str, now: int, seconds: int) -> Iterator[str]:
    # One second more on either side: ejabberd's clock runs smoothly, and may lag behind ours.
    for moment in range(now - 1, now + seconds + 2):
        yield f"{site}-{time.strftime('%Y%m%dT%H:%M:%S', time.gmtime(moment))}.xml"


@contextmanager
def _read(pipe: Path, listener: Listener, tell: Callable[[Heard], None]) -> Iterator[None]:
    # Open for writing, too (fifo(7)), so that it never ends while ejabberd is not there.
    descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    loop = asyncio.get_running_loop()

    def take() -> None:
        for heard in listener.feed(os.read(descriptor, _READ_AT_ONCE)):
            tell(heard)

    loop.add_reader(descriptor, take)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
