"""Chooses a face: the window, or the command line."""

import sys
from collections.abc import Sequence

HIDDEN = "--hidden"


def main() -> int:
    """Run ``twocan`` and give the exit code."""
    arguments = sys.argv[1:]
    if is_window(arguments):
        from twocan.gui.opening import open_window

        return open_window(arguments)
    from twocan.cli import run

    return run(arguments)


def is_window(arguments: Sequence[str]) -> bool:
    """Whether this is for the window: nothing, a link, or to wait in the tray.

    What begins as a link is never an option, whatever it goes on with.
    """
    return all(each.startswith("twocan:") or each == HIDDEN for each in arguments)


if __name__ == "__main__":
    sys.exit(main())
