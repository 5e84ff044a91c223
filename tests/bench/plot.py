"""The figures of a suite as a picture: one panel a metric, bars side by side, budgets as lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rows import Row, is_minimum

COLOURS = {"twocan": "#0b6bcb", "chromium": "#e08e0b", "aiortc": "#9aa3ad"}

_PANEL_WIDTH, _PANEL_HEIGHT = 480, 240
_LEFT, _TOP, _BOTTOM, _GAP = 16, 62, 24, 40
_HEADER = 74
_LEGEND = 104
_PER_ROW = 2
_GRID_LINES = 4
_CEILINGS = (0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8, 1)


@dataclass(frozen=True, slots=True)
class Panel:
    """A metric as it is drawn. Its axis goes from ``floor`` to ``ceiling``, or to the largest
    value where that is None."""

    metric: str
    title: str
    floor: float = 0.0
    ceiling: float | None = None
    digits: int = 0


def draw(title: str, note: str, panels: Sequence[Panel], rows: Sequence[Row]) -> str:
    """An SVG document. Cases and peers come in the order in which ``rows`` first name them."""
    shown = [row for row in rows if any(row.metric == panel.metric for panel in panels)]
    cases = list(dict.fromkeys(row.case for row in shown))
    whos = [who for who in COLOURS if any(row.who == who for row in shown)]
    lines = -(-len(panels) // _PER_ROW)
    width = _PER_ROW * (_PANEL_WIDTH + _GAP) + _GAP
    height = _HEADER + lines * (_PANEL_HEIGHT + _GAP)
    body = [
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(_GAP, 34, title, "font-size:20px;font-weight:600"),
        _text(_GAP, 56, note, "font-size:12px;fill:#667"),
        *_legend(whos, width),
    ]
    for index, panel in enumerate(panels):
        x = _GAP + index % _PER_ROW * (_PANEL_WIDTH + _GAP)
        y = _HEADER + index // _PER_ROW * (_PANEL_HEIGHT + _GAP)
        mine = [row for row in shown if row.metric == panel.metric]
        body.append(f'<g transform="translate({x},{y})">')
        body += _panel(panel, mine, cases, whos)
        body.append("</g>")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" '
            'style="font-family:system-ui,DejaVu Sans,sans-serif;fill:#223">',
            *body,
            "</svg>\n",
        ]
    )


def _legend(whos: Sequence[str], width: int) -> Iterator[str]:
    x = width - _GAP - _LEGEND * (len(whos) + 1)
    for who in whos:
        yield f'<rect x="{x}" y="23" width="12" height="12" rx="2" fill="{COLOURS[who]}"/>'
        yield _text(x + 18, 34, who, "font-size:13px")
        x += _LEGEND
    yield f'<path d="M{x} 29h16" {_BUDGET_STYLE}/>'
    yield _text(x + 22, 34, "budget", "font-size:13px")


_BUDGET_STYLE = 'stroke="#c22" stroke-width="2" fill="none"'
# The halo keeps a figure readable where a budget's line runs through it.
_LABEL_STYLE = "font-size:9px;fill:#334;paint-order:stroke;stroke:#fff;stroke-width:2.5px"


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to a place on the panel, where more is higher up."""

    floor: float
    ceiling: float

    def y(self, value: float) -> float:
        share = (value - self.floor) / (self.ceiling - self.floor)
        return _PANEL_HEIGHT - _BOTTOM - max(share, 0.0) * (_PANEL_HEIGHT - _BOTTOM - _TOP)


def _panel(
    panel: Panel, rows: Sequence[Row], cases: Sequence[str], whos: Sequence[str]
) -> Iterator[str]:
    most = max((max(row.value, row.budget or 0) for row in rows), default=1.0)
    scale = _Scale(panel.floor, panel.ceiling or _round_up(most))
    better = "higher is better" if is_minimum(panel.metric) else "lower is better"
    unit = rows[0].unit if rows else ""
    yield _text(0, 20, panel.title, "font-size:15px;font-weight:600")
    yield _text(0, 38, f"{unit}, {better}".lstrip(", "), "font-size:12px;fill:#667")
    yield from _grid(scale)
    slot = (_PANEL_WIDTH - _LEFT) / max(len(cases), 1)
    for place, case in enumerate(cases):
        left = _LEFT + place * slot
        yield _text(left + slot / 2, _PANEL_HEIGHT - 6, case, "font-size:12px", "middle")
        yield from _bars(panel, scale, [r for r in rows if r.case == case], whos, left, slot)


def _grid(scale: _Scale) -> Iterator[str]:
    for i in range(_GRID_LINES + 1):
        value = scale.floor + i * (scale.ceiling - scale.floor) / _GRID_LINES
        y = scale.y(value)
        yield f'<path d="M{_LEFT} {y:.1f}H{_PANEL_WIDTH}" stroke="#e3e6ea"/>'
        style = "font-size:10px;fill:#889"
        yield _text(_LEFT - 4, y + 3, f"{value:g}", style, "end")


def _bars(
    panel: Panel,
    scale: _Scale,
    rows: Sequence[Row],
    whos: Sequence[str],
    left: float,
    slot: float,
) -> Iterator[str]:
    width = slot * 0.86 / max(len(whos), 1)
    for row in rows:
        x = left + slot * 0.07 + whos.index(row.who) * width
        y, bottom = scale.y(row.value), scale.y(scale.floor)
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width - 2:.1f}" '
            f'height="{max(bottom - y, 0.5):.1f}" rx="1.5" fill="{COLOURS[row.who]}"/>'
        )
        if row.budget is not None:
            at = scale.y(row.budget)
            yield f'<path d="M{x - 2:.1f} {at:.1f}h{width + 2:.1f}" {_BUDGET_STYLE}/>'
        label = f"{row.value:.{panel.digits}f}"
        yield _text(x + width / 2 - 1, y - 4, label, _LABEL_STYLE, "middle")


def _round_up(value: float) -> float:
    """To a ceiling whose quarters, at which the grid's lines are, read well."""
    power = 1.0
    while power < value:
        power *= 10
    return next(step * power for step in _CEILINGS if value <= step * power)


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} style="{style}">{escape(text)}</text>'
