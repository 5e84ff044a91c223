"""Where the scripts of the call button are, for whoever serves them to browsers.

They are made of what is beside this file, and of strophe.js, which is fetched: `build/setup page`
puts them into one folder, each as one small file.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from twocan_supernode.errors import SupernodeError

VARIABLE = "TWOCAN_PAGE"
NAMES = ("call-button.js", "incoming-call.js", "strophe.js")


def scripts(environ: Mapping[str, str] = os.environ) -> dict[str, Path]:
    """The file of each script, by its name on the web, where all of them are in one folder.

    They are in the folder that TWOCAN_PAGE names, else in ours. Raises SupernodeError when one of
    them is missing.
    """
    chosen = environ.get(VARIABLE)
    folder = Path(chosen) if chosen else Path(sys.prefix) / "opt/page"
    found = {name: folder / name for name in NAMES}
    if missing := [name for name, file in found.items() if not file.is_file()]:
        raise SupernodeError(
            f"there is no {' and no '.join(missing)} in {folder}: make the scripts of the call "
            f"button with `build/setup page`, or name their folder with {VARIABLE}=FOLDER"
        )
    return found
