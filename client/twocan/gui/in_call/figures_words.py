"""What a call came to so far, in words for people, and in one line for experts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from twocan.gui.parts.text import left_to_right

if TYPE_CHECKING:
    from twocan.media.figures import Figures, Path
    from twocan.media.pictures.figures import PictureStream
    from twocan.media.stats import Stream


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and under it what is known: names and figures."""

    heading: str
    rows: tuple[tuple[str, str], ...]


def sections(figures: "Figures") -> tuple[Section, ...]:
    """All that is known, in the order that people ask for it. What is not known is left out."""
    translate = QCoreApplication.translate
    parts = [
        Section(translate("figures", "The way between you"), _way(figures)),
        Section(translate("figures", "Sound that you hear"), _sound(figures.received)),
        Section(translate("figures", "Sound that you send"), _sound(figures.sent)),
        Section(translate("figures", "Pictures that you see"), _sight(figures.pictures.received)),
        Section(translate("figures", "Pictures that you send"), _sight(figures.pictures.sent)),
    ]
    return tuple(part for part in parts if part.rows)


def expert(figures: "Figures") -> str:
    """The same for who knows what it means: one line, in no language."""
    parts = [_expert_path(figures.path), _expert("rtt", figures.rtt_ms, "ms")]
    for name, stream in (("rx", figures.received), ("tx", figures.sent)):
        parts += [f"audio {name} {stream.packets} pkts", _lost(stream.lost)]
        parts += [_expert("jitter", stream.jitter_ms, "ms"), _expert("late", stream.late, "")]
    for name, sight in (("rx", figures.pictures.received), ("tx", figures.pictures.sent)):
        if sight.packets:
            parts += [f"video {name} {sight.packets} pkts", _lost(sight.lost)]
            parts += [f"key {sight.key_frames}", _expert("jitter", sight.jitter_ms, "ms")]
    return " · ".join(part for part in parts if part)


def as_text(figures: "Figures") -> str:
    """All of it to be copied: lines of ``name: figure``."""
    lines = []
    for section in sections(figures):
        lines += [section.heading, *(f"  {name}: {figure}" for name, figure in section.rows)]
    return "\n".join([*lines, expert(figures)])


def _way(figures: "Figures") -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    rows: list[tuple[str, str | None]] = [
        (translate("figures", "There and back"), _ms(figures.rtt_ms))
    ]
    if figures.path is not None:
        # Whether a third computer passes everything on is what people can do something about.
        relayed = translate("figures", "through a relay")
        direct = translate("figures", "directly")
        goes = relayed if figures.path.relayed else direct
        rows.insert(0, (translate("figures", "Goes"), goes))
    return _known(rows)


def _sound(stream: "Stream") -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    rows: list[tuple[str, str | None]] = [
        (translate("figures", "Rate"), _rate(stream.bitrate_kbps)),
        (translate("figures", "Lost"), _share(stream.lost, stream.packets)),
        (translate("figures", "Uneven arrival"), _ms(stream.jitter_ms)),
        (translate("figures", "Kept back"), _ms(stream.playout_delay_ms)),
        (translate("figures", "Filled in"), _ms(stream.concealed_ms)),
    ]
    return _known(rows) if stream.packets else ()


def _sight(stream: "PictureStream") -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    size = left_to_right(f"{stream.width}\u00d7{stream.height}") if stream.width else None
    rows: list[tuple[str, str | None]] = [
        (translate("figures", "Size"), size),
        (translate("figures", "Pictures/s"), _number(stream.fps)),
        (translate("figures", "Rate"), _rate(stream.bitrate_kbps)),
        (translate("figures", "Lost"), _share(stream.lost, stream.packets)),
        (translate("figures", "Uneven arrival"), _ms(stream.jitter_ms)),
        (translate("figures", "Stood still"), _ms(stream.freeze_ms)),
    ]
    return _known(rows) if stream.packets else ()


def _known(rows: list[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, figure) for name, figure in rows if figure is not None)


def _ms(figure: float | None) -> str | None:
    if figure is None:
        return None
    if figure >= 10_000:
        seconds = QLocale().toString(figure / 1000, "f", 0)
        return QCoreApplication.translate("figures", "{seconds} s").format(seconds=seconds)
    return QCoreApplication.translate("figures", "{figure} ms").format(
        figure=QLocale().toString(figure, "f", 0)
    )


def _rate(kbps: float | None) -> str | None:
    if kbps is None:
        return None
    if kbps >= 1000:
        return QCoreApplication.translate("figures", "{figure} Mbit/s").format(
            figure=QLocale().toString(kbps / 1000, "f", 1)
        )
    return QCoreApplication.translate("figures", "{figure} kbit/s").format(
        figure=QLocale().toString(kbps, "f", 0)
    )


def _share(lost: int | None, came: int) -> str | None:
    # Duplicates make the count negative (RFC 3550 §6.4.1): that is no loss.
    if lost is None:
        return None
    share = 100 * max(0, lost) / max(1, max(0, lost) + came)
    return QCoreApplication.translate("figures", "{figure} %").format(
        figure=QLocale().toString(share, "f", 1)
    )


def _number(figure: float) -> str:
    return QLocale().toString(figure, "f", 0)


def _expert_path(path: "Path | None") -> str:
    if path is None:
        return ""
    kind = "relay" if path.relayed else "direct"
    return f"{path.protocol} {kind} {path.local} → {path.remote}"


def _expert(name: str, figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{name} {figure:.0f} {unit}".rstrip()


def _lost(lost: int | None) -> str:
    return "" if lost is None else f"lost {lost}"
