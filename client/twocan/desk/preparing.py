"""Having a new version unpack itself beside this one: ``<file> install --quiet --next``.

It is a program of its own, which waits for all others, takes no longer than it may, and leaves the
old version or the new one, whenever it is stopped.
"""

import asyncio
import logging
import os
import subprocess
from pathlib import Path

from twocan.desk.downloading import UpdateError
from twocan.desk.state import Finding
from twocan.install.programs import outward

log = logging.getLogger(__name__)

ARGUMENTS = ("install", "--quiet", "--next")

_NICE = 10
_STOPS_WITHIN = 2.0
_SHOWN = 200


async def prepare(program: Path, *, within: float) -> None:
    """Run it. ``within``: seconds. Raises ``UpdateError``."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *ARGUMENTS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=outward(os.environ),
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        log.info("the new version cannot be started: %s", error.strerror)
        raise UpdateError(Finding.NOT_PREPARED) from None
    _be_nice(process.pid)
    try:
        async with asyncio.timeout(within):
            _, said = await process.communicate()
    except TimeoutError:
        log.info("the new version takes too long to unpack")
        raise UpdateError(Finding.NOT_PREPARED) from None
    finally:
        await _stopped(process)
    if process.returncode:
        lines = said.decode(errors="replace").splitlines() or [""]
        log.info("the new version was not unpacked: %d %.*s", process.returncode, _SHOWN, lines[-1])
        raise UpdateError(Finding.NOT_PREPARED)


def _be_nice(process: int) -> None:
    if hasattr(os, "setpriority"):
        try:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, process, max(own, _NICE))
        except OSError:
            log.debug("it is over already")


async def _stopped(process: asyncio.subprocess.Process) -> None:
    """Once it is over; it is asked to be."""
    if process.returncode is not None:
        return
    try:
        process.terminate()
        async with asyncio.timeout(_STOPS_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    except ProcessLookupError:
        await process.wait()
