"""The figures of a suite: one row each, as JSON for programs and as a table for people."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_HEAD: tuple[str, ...] = ("case", "who", "metric", "median", "unit", "runs", "budget", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the median of ``runs`` values. ``budget`` is what it must not exceed."""

    case: str
    who: str
    metric: str
    value: float
    unit: str
    runs: int
    budget: float | None = None


class Suite:
    """Collects the rows of one suite."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []

    def add(
        self,
        case: str,
        who: str,
        metric: str,
        values: Sequence[float],
        unit: str,
        budget: float | None = None,
    ) -> None:
        """Add the median of ``values``."""
        value = round(statistics.median(values), 2)
        self.rows.append(Row(case, who, metric, value, unit, len(values), budget))

    def write(self, folder: Path) -> None:
        """Write ``SUITE.json`` into ``folder``, which is made if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = [asdict(row) for row in self.rows]
        told = {"suite": self.name, "machine": machine(), "rows": rows}
        (folder / f"{self.name}.json").write_text(json.dumps(told, indent=2) + "\n")

    def table(self) -> str:
        """The rows for a person."""
        lines: list[tuple[str, ...]] = [
            ("case", "who", "metric", "median", "unit", "runs", "budget", "")
        ]
        lines += [_cells(row) for row in self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def machine() -> dict[str, str | int | None]:
    """What it was measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _cells(row: Row) -> tuple[str, ...]:
    budget = "" if row.budget is None else f"{row.budget:g}"
    verdict = "" if row.budget is None else "ok" if row.value <= row.budget else "over"
    return (
        row.case,
        row.who,
        row.metric,
        f"{row.value:g}",
        row.unit,
        str(row.runs),
        budget,
        verdict,
    )
