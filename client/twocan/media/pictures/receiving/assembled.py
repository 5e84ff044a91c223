"""What goes into the assembly of pictures and what comes out of it, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet of a VP8 stream. ``repaired``: it was lost, and came again (RFC 4588)."""

    ssrc: int
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One coded picture, complete, to be decoded after all those given out before it.

    ``timestamp`` does not wrap, and its lower 32 bits are those of the packets. ``complete_at`` is
    when it could first be decoded, those before it being there too. ``stream`` grows by one
    whenever the sender began anew, with timestamps that have nothing to do with those before.
    """

    data: bytes
    timestamp: int
    key: bool
    first_arrival: float
    complete_at: float
    packets: int
    stream: int = 0


@dataclass(frozen=True, slots=True)
class Wants:
    """What to ask of the far side now: packets by their sequence numbers, and a key frame."""

    missing: tuple[int, ...] = ()
    key: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """What was counted since the beginning.

    Of packets: ``missing`` were not there when a later one was, of which ``overtaken`` came by
    themselves and ``repaired`` because they were asked for; ``late`` came when nobody waited for
    them any more. ``nacks``: numbers asked for, each time counted. ``dropped``: frames that were
    begun and never given out.
    """

    received: int
    malformed: int
    duplicates: int
    late: int
    strays: int
    missing: int
    overtaken: int
    repaired: int
    nacks: int
    plis: int
    frames: int
    keys: int
    dropped: int
    streams: int
