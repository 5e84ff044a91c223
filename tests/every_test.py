"""What `make test` runs: every test, or those that pytest's arguments choose.

Tests that run in real time have the machine for themselves. The others come in as many processes as
there are cores to run them: each file's in one of them, in the order that they were shuffled into.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

_MOST = 4
_INTERRUPTED, _NOTHING_CHOSEN = 2, 5
"""Exit codes of pytest: somebody stopped it; its arguments choose no test."""


def main(arguments: Sequence[str]) -> int:
    """The exit code of the first half that failed; 5 if nothing was chosen in either."""
    cores = min(_MOST, len(os.sched_getaffinity(0)))
    beside = ("-n", str(cores), "--dist", "loadfile", "--no-loadscope-reorder")
    codes: list[int] = []
    for half in (("-m", "real_time"), ("-m", "not real_time", *beside)):
        codes.append(_run([*half, *arguments]))
        if codes[-1] == _INTERRUPTED:
            return _INTERRUPTED
    if set(codes) == {_NOTHING_CHOSEN}:
        return _NOTHING_CHOSEN
    return next((code for code in codes if code not in (0, _NOTHING_CHOSEN)), 0)


def _run(arguments: Sequence[str]) -> int:
    with subprocess.Popen([sys.executable, "-m", "pytest", *arguments]) as tests:
        while True:
            # Ctrl-C is for the tests as well: they end what they started, and that is waited for.
            with suppress(KeyboardInterrupt):
                return tests.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
