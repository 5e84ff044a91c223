"""Measures: ``python tests/bench [SUITE]...`` runs the named suites, or all of them.

Each prints a table and writes ``out/bench/SUITE.json``. Figures are medians.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import packaged  # noqa: E402
import pictures  # noqa: E402
import served  # noqa: E402
import setup  # noqa: E402
import sound  # noqa: E402
import window  # noqa: E402
from rows import FOLDER, Suite  # noqa: E402

SUITES = {
    "setup": setup.measure,
    "sound": sound.measure,
    "pictures": pictures.measure,
    "window": window.measure,
    "package": packaged.measure,
    "site": served.measure,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"no such suite: {', '.join(unknown)}; there is {', '.join(SUITES)}", file=sys.stderr)
        return 2
    for name in names or SUITES:
        suite = Suite(name)
        SUITES[name](suite)
        suite.write(FOLDER)
        print(suite.table())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
