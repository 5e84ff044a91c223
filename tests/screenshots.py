"""Takes pictures of every view: ``python tests/screenshots.py``, or ``make screenshots``.

They go to out/screenshots/LANGUAGE-SCHEME/, one file for each scene and size, and onto a contact
sheet for each language and scheme. Needs no screen.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

SIZES = {"small": (320, 480), "usual": (400, 660), "large": (1024, 720), "full": (1920, 1080)}
LANGUAGES = ("en", "ar", "de", "es", "zh_CN")
SCHEMES = ("light", "dark")


def main(arguments: Sequence[str]) -> int:
    """Take what was asked for; the exit code."""
    chosen = _parser().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    # The settings name the folders of whoever looks at them.
    os.environ["XDG_DATA_HOME"] = "/home/demo/.local/share"
    os.environ["XDG_CONFIG_HOME"] = "/home/demo/.config"
    from shots.session import readme, take_all

    if chosen.readme:
        readme(chosen.into)
    else:
        take_all(chosen, SIZES)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Takes pictures of every view of the window.")
    parser.add_argument("--into", type=Path, default=Path("out/screenshots"), metavar="FOLDER")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=["en", "ar"])
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["small", "usual", "large"])
    parser.add_argument("--only", default="", metavar="TEXT", help="scenes with this in their name")
    parser.add_argument("--scale", type=float, default=1.0, help="pixels of the screen a pixel")
    parser.add_argument("--readme", action="store_true", help="the few pictures of the README")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
