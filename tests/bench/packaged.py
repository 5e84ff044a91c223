"""What the download costs: its size, its starts, its links, and the speed of what is inside.

It measures what `make package` made, or the file that ``TWOCAN_FILE`` names. It makes none itself.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import coding_speed
import packaged_links
import packaged_starts
import processes
from rows import Suite
from window_programs import Desktop, desktop

CODING_ROUNDS = 9
SLOWER_AT_MOST = 1.1
"""Times what the stock libraries take."""

_ROOT = Path(__file__).parents[2]
_MB = 1e6
_NONE = "{file} is not there: `make package` makes it, TWOCAN_FILE=... names another"


@dataclass(frozen=True, slots=True)
class Download:
    """``file``: what people get. ``home``: where it was installed, with an environment for it."""

    file: Path
    home: packaged_starts.Home

    @property
    def tree(self) -> Path:
        """The program, unpacked."""
        return self.home.current.parent.resolve()


def measure(suite: Suite) -> None:
    """Fill ``suite``."""
    wanted, file = _wanted(os.environ.get("CASES", "")), the_file(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with desktop(Path(folder)) as around:
                home = packaged_starts.Home.new(around, "installed")
                packaged_starts.install(file, home)
                for name in wanted:
                    _run(name, suite, around, Download(file, home))
        except processes.Failed as error:
            sys.exit(f"package: {error}")


def the_file(environment: Mapping[str, str]) -> Path:
    """The download. SystemExit where there is none."""
    file = Path(environment.get("TWOCAN_FILE") or _ROOT / "dist" / "twocan").absolute()
    if not file.is_file():
        sys.exit(_NONE.format(file=file))
    return file


def _wanted(said: str) -> Sequence[str]:
    names = [name.strip() for name in said.split(",") if name.strip()]
    if unknown := [name for name in names if name not in CASES]:
        sys.exit(f"CASES: there is no {', '.join(unknown)}; there is {', '.join(CASES)}")
    return names or list(CASES)


def _run(name: str, suite: Suite, around: Desktop, download: Download) -> None:
    try:
        CASES[name](suite, around, download)
    except processes.Failed as error:
        print(f"{name}: {error}", file=sys.stderr)


# --- What it is ----------------------------------------------------------------------------------


def file(suite: Suite, _: Desktop, download: Download) -> None:
    """The file that people download."""
    suite.add("file", "twocan", "size_mb", [download.file.stat().st_size / _MB], "MB", 30)


def unpacked(suite: Suite, _: Desktop, download: Download) -> None:
    """What it makes of itself at its first start."""
    suite.add("unpacked", "twocan", "size_mb", [bytes_in(download.tree) / _MB], "MB", 100)


def bytes_in(tree: Path) -> int:
    """All files in it, as long as they are; what has several names counts once."""
    found = (each.lstat() for each in tree.rglob("*") if each.is_file() and not each.is_symlink())
    return sum({each.st_ino: each.st_size for each in found}.values())


# --- How fast it codes ---------------------------------------------------------------------------


def coding(suite: Suite, _: Desktop, download: Download) -> None:
    """The libraries inside it beside those of PyAV's wheel, which take turns."""
    import av

    copies = {
        "twocan": libraries_in(download.tree / "_internal"),
        "stock": libraries_in(Path(av.__file__).parents[1]),
    }
    # The first round warms what both use.
    rounds = [_coded(copies, number) for number in range(CODING_ROUNDS + 1)][1:]
    for metric in rounds[0]["stock"]:
        for who in copies:
            suite.add("coding", who, f"{metric}_us", [each[who][metric] for each in rounds], "us")
        # Of the same moment: what else the machine does is in both.
        times = [each["twocan"][metric] / each["stock"][metric] for each in rounds]
        suite.add("coding", "twocan", f"{metric}_times_stock", times, "", SLOWER_AT_MOST)


def _coded(
    copies: Mapping[str, coding_speed.Copy], number: int
) -> Mapping[str, Mapping[str, float]]:
    """What each takes in this round. Each is first in every other one."""
    turns = list(copies) if number % 2 else list(copies)[::-1]
    return {who: coding_speed.measure(*copies[who]) for who in turns}


def libraries_in(folder: Path) -> coding_speed.Copy:
    """The libopus and the libvpx there that calls use: PyAV's own, else those beside it. Raises
    Failed."""
    return _library(folder, "opus"), _library(folder, "vpx")


def _library(folder: Path, name: str) -> Path:
    for place in (folder / "av.libs", folder):
        if found := sorted(place.glob(f"lib{name}[-.]*")):
            return found[0].resolve()
    raise processes.Failed(f"there is no lib{name} in {folder}")


Case = Callable[[Suite, Desktop, Download], None]


def _first_run(suite: Suite, around: Desktop, download: Download) -> None:
    packaged_starts.first_run(suite, around, download.file)


def _with_home(
    case: Callable[[Suite, Desktop, packaged_starts.Home], None],
    suite: Suite,
    around: Desktop,
    download: Download,
) -> None:
    case(suite, around, download.home)


CASES: dict[str, Case] = {
    "file": file,
    "unpacked": unpacked,
    "first-run": _first_run,
    "start": partial(_with_home, packaged_starts.start),
    "hand-over": partial(_with_home, packaged_links.hand_over),
    "click-to-ring": partial(_with_home, packaged_links.click_to_ring),
    "coding": coding,
}
