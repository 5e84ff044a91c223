"""What is inside the program, and under which licences: ``twocan --licenses``."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from twocan import places

UNKNOWN = "see its text"
_LONGEST = 80


def show() -> int:
    """Print the licences of everything inside; from a checkout, which packages are installed.

    Gives the exit code.
    """
    # Names of people have letters that some terminals do not.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    is_frozen = hasattr(sys, "_MEIPASS")
    try:
        text = _inside() if is_frozen else "\n".join(installed(distributions()))
    except OSError as error:
        sys.stderr.write(f"twocan: {error.filename} cannot be read: {error.strerror}\n")
        return 1
    # Who has read enough of it closes the pipe.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    return 0


def _inside() -> str:
    return Path(places.assets(), "licenses.txt").read_text("utf-8")


def installed(packages: Iterable[Distribution]) -> Iterator[str]:
    """A line for each package: its name, its version and its licence."""
    named = {each.metadata["Name"]: each for each in packages}
    for name in sorted(named, key=str.lower):
        package = named[name]
        yield f"{f'{name} {package.version}':<40}  {expression(package)}"


def expression(package: Distribution) -> str:
    """What a package says its licence is, in a few words (PEP 639, and what was before it)."""
    about = package.metadata
    for field in ("License-Expression", "License"):
        said: str = next(iter(about.get_all(field) or ()), "")
        if said and "\n" not in said and len(said) <= _LONGEST:
            return said
    classifiers = about.get_all("Classifier") or []
    kinds = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    return " AND ".join(kinds) or UNKNOWN
