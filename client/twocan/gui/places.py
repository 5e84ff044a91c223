"""Where the files are that the window reads: icons, sounds, translations."""

import sys
from pathlib import Path


def assets() -> Path:
    """The folder of assets: the repository's, or the one inside a frozen program."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    return Path(bundle) / "assets" if bundle else Path(__file__).parents[3] / "assets"
