"""Chooses a face. The window comes before the command line where there is one."""

import sys


def main() -> int:
    """Run ``twocan`` and give the exit code."""
    from twocan.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
