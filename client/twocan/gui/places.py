"""Where the files are that the window reads: icons, sounds, translations."""

from pathlib import Path

from twocan import places


def assets() -> Path:
    """The folder of assets: the repository's, or the one inside a frozen program."""
    return Path(places.assets())
