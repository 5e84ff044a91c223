"""The window's calls once more on a real X server: keys, clicks, focus and painting are its own.

Qt has one platform for the whole of a process, so that this is a run of its own.
"""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path

import pytest

from own_display import XVFB, own_display

TESTS = Path(__file__).parents[1]
FILES = ("test_window.py", "test_keyboard_only.py", "test_races.py", "test_whole_calls.py")
ALIKE = ("RightToLeft", "signing_out", "session_that_is_over", "trusted_site", "be_disturbed")
"""Words in the names of what a display has no part in: not done once more."""
QUIETLY = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-k", f"not ({' or '.join(ALIKE)})")


@pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")
@pytest.mark.timeout(300)
async def test_whole_calls_races_and_the_keyboard_on_a_real_display() -> None:
    files = (str(TESTS / "window" / name) for name in FILES)
    with own_display() as display:
        process = await create_subprocess_exec(
            *(sys.executable, "-m", "pytest", *QUIETLY, *files),
            cwd=TESTS.parent,
            env=os.environ | display.environment,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
        )
        try:
            said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert process.returncode == 0, said.decode()
    assert b" passed" in said
