"""What one call's media came to, as the session counts it and the report says it."""

from dataclasses import dataclass

from twocan.media.pictures.figures import NO_PICTURES, SightFigures
from twocan.media.stats import Stream


@dataclass(frozen=True, slots=True)
class Path:
    """The two ends of the media's path, each ``host:port``, and how it goes."""

    local: str
    remote: str
    protocol: str
    relayed: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The sound and the pictures of one call, both ways."""

    sent: Stream
    received: Stream
    rtt_ms: float | None
    path: Path | None
    heard_seconds: float
    """How much sound of the far side was played."""
    keys_sent: str = ""
    keys_heard: str = ""
    """Telephone keys that were pressed here, and there."""
    pictures: SightFigures = NO_PICTURES
