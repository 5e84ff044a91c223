"""The figures of a suite: one row each, as JSON for programs and as a table for people."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_HEAD: tuple[str, ...] = ("case", "who", "metric", "median", "unit", "runs", "budget", "")

FOLDER = Path(__file__).parent.parent.parent / "out" / "bench"
"""Where suites are written."""

_MINIMA = frozenset(
    {"pesq_wb", "stoi", "erle_db", "double_talk_stoi", "ssim", "painted_fps", "per_second"}
)


def is_minimum(metric: str) -> bool:
    """Whether the budget of a metric is the least that it may be, and not the most."""
    return metric in _MINIMA


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the median of ``runs`` values. ``budget`` is what it must not exceed, or of a
    minimum (``is_minimum``) what it must reach."""

    case: str
    who: str
    metric: str
    value: float
    unit: str
    runs: int
    budget: float | None = None


Machine = dict[str, str | int | float | None]


class Suite:
    """Collects the rows of one suite. ``machine``: what it was measured on, to which a suite may
    add what its figures depend on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []
        self.machine = machine()

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
        value = statistics.median(values)
        value = round(value, 2 if abs(value) >= 1 else 4)
        self.rows.append(Row(case, who, metric, value, unit, len(values), budget))

    def write(self, folder: Path) -> None:
        """Write ``SUITE.json`` into ``folder``, which is made if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = [asdict(row) for row in self.rows]
        told = {"suite": self.name, "machine": self.machine, "rows": rows}
        (folder / f"{self.name}.json").write_text(json.dumps(told, indent=2) + "\n")

    def table(self) -> str:
        """The rows for a person."""
        lines = [_HEAD, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def machine() -> Machine:
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
    return (
        row.case,
        row.who,
        row.metric,
        f"{row.value:g}",
        row.unit,
        str(row.runs),
        budget,
        _verdict(row),
    )


def _verdict(row: Row) -> str:
    if row.budget is None:
        return ""
    if is_minimum(row.metric):
        return "ok" if row.value >= row.budget else "under"
    return "ok" if row.value <= row.budget else "over"
