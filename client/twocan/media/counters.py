"""What is counted on the way of sound from the network to the ear."""

from dataclasses import dataclass

from twocan.media.sound import SAMPLE_RATE

_MS = SAMPLE_RATE // 1000


@dataclass(slots=True)
class Tally:
    """What was counted of packets."""

    received: int = 0
    duplicate: int = 0
    reordered: int = 0
    late: int = 0
    undecodable: int = 0
    dropped: int = 0
    stray: int = 0
    streams: int = 0


@dataclass(frozen=True, slots=True)
class Counters:
    """What was received and how it was played, since the beginning.

    ``delay_ms`` is from the arrival of a frame to the playing of its first sample, of the latest
    and in the mean; ``behind_ms`` is the same against the fastest frames, and ``target_ms`` what
    it should be. None before there was anything.
    """

    received: int
    lost: int
    late: int
    duplicate: int
    reordered: int
    undecodable: int
    dropped: int
    stray: int
    streams: int
    fec: int
    red: int
    played_ms: float
    concealed_ms: float
    comfort_ms: float
    accelerated_ms: float
    expanded_ms: float
    skipped_ms: float
    delay_ms: float | None
    mean_delay_ms: float | None
    behind_ms: float | None
    target_ms: float | None


@dataclass(slots=True)
class Played:
    """What was counted of sound: samples, except what counts frames."""

    fec: int = 0
    red: int = 0
    frames: int = 0
    sound: int = 0
    concealed: int = 0
    comfort: int = 0
    accelerated: int = 0
    expanded: int = 0
    skipped: int = 0
    delay: float = 0.0
    delays: float = 0.0
    behind: float = 0.0


def summed(tally: Tally, played: Played, *, lost: int, target: float | None) -> Counters:
    """All of it as one value. ``target`` in samples."""
    some = played.frames > 0
    return Counters(
        received=tally.received,
        lost=lost,
        late=tally.late,
        duplicate=tally.duplicate,
        reordered=tally.reordered,
        undecodable=tally.undecodable,
        dropped=tally.dropped,
        stray=tally.stray,
        streams=tally.streams,
        fec=played.fec,
        red=played.red,
        played_ms=played.sound / _MS,
        concealed_ms=played.concealed / _MS,
        comfort_ms=played.comfort / _MS,
        accelerated_ms=played.accelerated / _MS,
        expanded_ms=played.expanded / _MS,
        skipped_ms=played.skipped / _MS,
        delay_ms=played.delay / _MS if some else None,
        mean_delay_ms=played.delays / played.frames / _MS if some else None,
        behind_ms=played.behind / _MS if some else None,
        target_ms=None if target is None else target / _MS,
    )
