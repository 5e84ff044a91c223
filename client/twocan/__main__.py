"""Chooses a face: the window, or the command line.

Of the window there is one for a person. A start finds that it is the second before anything heavy
is loaded, and is over then; so nothing is imported here that it can do without.
"""

import os
import sys
from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twocan.handover import Claim

HIDDEN = "--hidden"


def main() -> int:
    """Run ``twocan`` and give the exit code."""
    arguments = sys.argv[1:]
    if getattr(sys, "frozen", False):
        from twocan.install.holding import hold

        hold()
    if arguments == ["--version"]:
        # The command line takes ten times as long to load.
        from twocan import __version__

        if sys.stdout is not None:
            sys.stdout.write(f"twocan {__version__}\n")
        return 0
    if is_window(arguments):
        return _show_window(arguments)
    if arguments[0].startswith("twocan:"):
        # Not even to be complained about in the words of it: there is a code in it.
        if sys.stderr is not None:
            sys.stderr.write("twocan: a link goes alone: nothing was done\n")
        return 2
    from twocan.cli import run

    return run(arguments)


def is_window(arguments: Sequence[str]) -> bool:
    """Whether this is for the window: nothing, a link, or to wait in the tray.

    What begins as a link is never an option, whatever it goes on with.
    """
    return all(each.startswith("twocan:") or each == HIDDEN for each in arguments)


def _show_window(arguments: Sequence[str]) -> int:
    links = tuple(each for each in arguments if each != HIDDEN)
    try:
        return _one_of_many(arguments, links)
    except Exception as error:
        # Whoever double-clicked sees no traceback, and could do nothing with one.
        from twocan.gui.telling import tell, unexpected

        return tell(unexpected(error, links), 1, quietly=HIDDEN in arguments)


def _one_of_many(arguments: Sequence[str], links: tuple[str, ...]) -> int:
    """Have the right one of several downloaded programs run, and only one phone."""
    if not getattr(sys, "frozen", False) or _is_current():
        return _begin(arguments, links)
    # Somebody started another one than the menu and the links do.
    from twocan.gui.opening import settle

    code = settle(arguments)
    return _begin(arguments, links, instead=_is_current()) if code is None else code


def _is_current() -> bool:
    """Whether this frozen program is what the menu and the links start: see ``install.programs``,
    which takes longer to load than all of a second start."""
    from twocan.places import data_folder

    try:
        current = os.readlink(data_folder(os.environ) + "/program/current")  # noqa: PTH115
    except OSError:
        return False
    return current == os.path.basename(os.path.dirname(sys.executable))  # noqa: PTH119, PTH120


def _begin(arguments: Sequence[str], links: tuple[str, ...], *, instead: bool = False) -> int:
    from twocan.handover import NotHanded, Unusable, begin

    hidden = HIDDEN in arguments
    claim: Claim | None = None
    try:
        claim = begin(links, os.environ, hidden=hidden, instead=instead)
    except NotHanded as error:
        from twocan.gui.telling import tell

        return tell(str(error), 1, quietly=hidden)
    except Unusable as error:
        # A phone that others cannot find is better than none.
        if sys.stderr is not None:
            sys.stderr.write(f"twocan: each start is a phone of its own, because {error}\n")
    else:
        if claim is None:
            return 0
    from twocan.gui.opening import open_window, settle

    try:
        # An update that waits is taken now, when nobody uses what it takes the place of.
        code = settle(arguments) if getattr(sys, "frozen", False) and not instead else None
        return open_window(arguments, claim) if code is None else code
    finally:
        if claim is not None:
            claim.close()


if __name__ == "__main__":
    sys.exit(main())
