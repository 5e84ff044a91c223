"""How VP8 travels in RTP: the descriptor before each part of a frame (RFC 7741 §4.2).

Pure: bytes in, values out, and back.
"""

from dataclasses import dataclass
from itertools import pairwise

LARGEST = 1180
"""Bytes of payload in a packet, the descriptor included, unless told. With RTP and its extensions,
RTX, SRTP, TURN, UDP and IPv6 around it, it fits the 1,280 bytes that every link of IPv6 carries."""

_EXTENDED, _NON_REFERENCE, _START, _PARTITION = 0x80, 0x20, 0x10, 0x07
_HAS_ID, _HAS_TL0PICIDX, _HAS_TID, _HAS_KEYIDX = 0x80, 0x40, 0x20, 0x10
_LONG, _SYNC = 0x80, 0x20


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What the VP8 payload descriptor says; None is what it does not say."""

    start: bool = False
    """S: whether a partition begins with this packet."""
    partition: int = 0
    """PID: which one the first byte is of; a frame begins where partition 0 does."""
    non_reference: bool = False
    """N: whether the frame can be thrown away without harm to any other."""
    picture_id: int | None = None
    """One more with each frame, modulo 128 or 32768 as ``picture_bits`` says."""
    picture_bits: int = 15
    """7 or 15."""
    tl0picidx: int | None = None
    """One more with each frame of the lowest temporal layer, modulo 256."""
    tid: int | None = None
    """The temporal layer, 0 to 3."""
    layer_sync: bool = False
    """Y: whether the frame needs nothing but the lowest layer. Said with ``tid`` only."""
    keyidx: int | None = None
    """Which key frame this one leans on, modulo 32."""

    @property
    def begins(self) -> bool:
        """Whether a frame begins with this packet."""
        return self.start and self.partition == 0

    def __bytes__(self) -> bytes:
        """As it is sent."""
        first = _START * self.start | _NON_REFERENCE * self.non_reference | self.partition
        said, fields = self._optional()
        return bytes((first | _EXTENDED, said)) + fields if said else bytes((first,))

    def _optional(self) -> tuple[int, bytes]:
        said, fields = 0, bytearray()
        if self.picture_id is not None:
            said |= _HAS_ID
            size, mark = (2, _LONG << 8) if self.picture_bits == 15 else (1, 0)
            fields += (mark | self.picture_id).to_bytes(size, "big")
        if self.tl0picidx is not None:
            said |= _HAS_TL0PICIDX
            fields.append(self.tl0picidx)
        if self.tid is not None or self.keyidx is not None:
            said |= _HAS_TID * (self.tid is not None) | _HAS_KEYIDX * (self.keyidx is not None)
            fields.append((self.tid or 0) << 6 | _SYNC * self.layer_sync | (self.keyidx or 0))
        return said, bytes(fields)


def parse(payload: bytes) -> tuple[Descriptor, bytes]:
    """What the descriptor of a packet says, and the part of the frame that it carries.

    Raises ValueError for what ends too early. Reserved bits are passed over, as §4.2 has it.
    """
    rest = _Bytes(payload)
    first = rest.take()
    said = rest.take() if first & _EXTENDED else 0
    picture_id, bits = _picture_id(rest) if said & _HAS_ID else (None, 15)
    tl0picidx = rest.take() if said & _HAS_TL0PICIDX else None
    # One byte holds both, whichever is there; what is not said of it is to be ignored.
    layer = rest.take() if said & (_HAS_TID | _HAS_KEYIDX) else 0
    descriptor = Descriptor(
        start=bool(first & _START),
        partition=first & _PARTITION,
        non_reference=bool(first & _NON_REFERENCE),
        picture_id=picture_id,
        picture_bits=bits,
        tl0picidx=tl0picidx,
        tid=layer >> 6 if said & _HAS_TID else None,
        layer_sync=bool(said & _HAS_TID and layer & _SYNC),
        keyidx=layer & 0x1F if said & _HAS_KEYIDX else None,
    )
    if rest.at == len(payload):
        raise ValueError("a VP8 packet that carries nothing of a frame: drop it")
    return descriptor, payload[rest.at :]


def packets(data: bytes, picture_id: int, largest: int = LARGEST) -> list[bytes]:
    """The payloads of a frame's packets, in order; the marker belongs on the last.

    No packet is longer than ``largest`` bytes, and none is more than a byte longer than another: a
    last one of a few bytes would be paced, lost and sent again like a whole one, and parts of one
    size leave evenly.
    """
    later = bytes(Descriptor(picture_id=picture_id & 0x7FFF))
    first = bytes(Descriptor(start=True, picture_id=picture_id & 0x7FFF))
    room = largest - len(first)
    if room < 1:
        raise ValueError(f"packets of {largest} bytes hold no picture: give {len(first) + 1}")
    count = -(-len(data) // room)
    cuts = [len(data) * number // count for number in range(count + 1)] if count else []
    return [(later if begin else first) + data[begin:end] for begin, end in pairwise(cuts)]


class _Bytes:
    """Bytes taken one at a time."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self.at = 0

    def take(self) -> int:
        if self.at == len(self._payload):
            raise ValueError(f"a VP8 descriptor cut off after {self.at} bytes: drop the packet")
        self.at += 1
        return self._payload[self.at - 1]


def _picture_id(rest: _Bytes) -> tuple[int, int]:
    first = rest.take()
    if first & _LONG:
        return (first & ~_LONG) << 8 | rest.take(), 15
    return first, 7
