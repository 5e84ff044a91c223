"""What a call's pictures came to, as the report says it. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from twocan.media.stats import bitrate_kbps


@dataclass(frozen=True, slots=True)
class PictureStream:
    """What one direction of the pictures carried. None: not known, or not of this direction."""

    packets: int = 0
    bytes: int = 0
    lost: int = 0
    jitter_ms: float | None = None
    frames: int = 0
    key_frames: int = 0
    width: int = 0
    """Of the last picture, as ``height``."""
    height: int = 0
    seconds: float = 0.0
    """For which there were to be pictures."""
    repaired: int | None = None
    """Packets that were lost and sent again."""
    freezes: int | None = None
    freeze_ms: float | None = None
    glass_to_glass_ms: float | None = None
    """From one camera to the other's screen; known of a test picture that carries its time."""
    av_skew_ms: float | None = None
    """How much later than the voice the lips were seen, mean; negative: sooner."""
    quality: float | None = None
    """How good they look, 1 to 5 (``pictures.quality``)."""

    @property
    def fps(self) -> float:
        return self.frames / self.seconds if self.seconds else 0.0

    @property
    def bitrate_kbps(self) -> float:
        return bitrate_kbps(self.bytes, self.seconds) or 0.0

    def as_dict(self) -> dict[str, int | float | None]:
        """The figures by name, to a tenth; what this direction has not is left out."""
        figures = asdict(self)
        del figures["seconds"]
        figures |= {"fps": self.fps, "bitrate_kbps": self.bitrate_kbps}
        return {
            name: round(figure, 1) if isinstance(figure, float) else figure
            for name, figure in figures.items()
            if figure is not None or name not in _ONE_WAY
        }


_ONE_WAY = {
    "repaired",
    "freezes",
    "freeze_ms",
    "glass_to_glass_ms",
    "av_skew_ms",
    "quality",
}
_SUMMED = {
    "packets",
    "bytes",
    "lost",
    "frames",
    "key_frames",
    "seconds",
    "repaired",
    "freezes",
    "freeze_ms",
}
_SIZES = {"width", "height"}
"""Which are 0 before the first picture."""


@dataclass(frozen=True, slots=True)
class SightFigures:
    """The pictures of one call, both ways."""

    sent: PictureStream
    received: PictureStream


NO_PICTURES = SightFigures(
    PictureStream(repaired=0), PictureStream(repaired=0, freezes=0, freeze_ms=0.0)
)
"""Of a call without any."""


def together(parts: Iterable[SightFigures]) -> SightFigures:
    """What pictures came to that were begun anew, in all: sums, and of the rest the latest."""
    whole = NO_PICTURES
    for part in parts:
        whole = SightFigures(_sum(whole.sent, part.sent), _sum(whole.received, part.received))
    return whole


def _sum(one: PictureStream, other: PictureStream) -> PictureStream:
    figures = {}
    for field in fields(PictureStream):
        before, after = getattr(one, field.name), getattr(other, field.name)
        if field.name in _SUMMED and None not in (before, after):
            figures[field.name] = before + after
        else:
            unknown = (None, 0) if field.name in _SIZES else (None,)
            figures[field.name] = before if after in unknown else after
    return PictureStream(**figures)
