"""Redundant audio (RFC 2198): a payload that repeats what earlier packets carried."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_OFFSET = (1 << 14) - 1
LARGEST_BLOCK = (1 << 10) - 1
"""What fits into the header of a redundant block (RFC 2198 §3), in samples and in bytes."""

_FOLLOWED = 0x80
_MOST_BLOCKS = 32


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``offset``: how much earlier than its packet it begins, in samples."""

    payload_type: int
    offset: int
    data: bytes


def pack(primary: Block, redundant: Sequence[Block]) -> bytes:
    """A payload of ``primary`` and what is repeated, the oldest first.

    What does not fit into the header of a redundant block is left out.
    """
    fitting = [
        b for b in redundant if 0 <= b.offset <= LARGEST_OFFSET and len(b.data) <= LARGEST_BLOCK
    ]
    headers = [
        struct.pack("!I", 0x80000000 | b.payload_type << 24 | b.offset << 10 | len(b.data))
        for b in fitting
    ]
    last = bytes([primary.payload_type])
    return b"".join([*headers, last, *(b.data for b in fitting), primary.data])


def unpack(payload: bytes) -> list[Block]:
    """The blocks of a payload, the primary one last. Raises ValueError where lengths lie."""
    headers: list[tuple[int, int, int]] = []
    at = 0
    while at < len(payload) and payload[at] & _FOLLOWED:
        if at + 4 > len(payload) or len(headers) == _MOST_BLOCKS:
            raise ValueError("the headers of redundant audio do not end")
        (header,) = struct.unpack_from("!I", payload, at)
        headers.append((header >> 24 & 0x7F, header >> 10 & LARGEST_OFFSET, header & LARGEST_BLOCK))
        at += 4
    if at >= len(payload):
        raise ValueError("redundant audio without a primary block")
    primary = payload[at]
    at += 1
    blocks = []
    for payload_type, offset, length in headers:
        if at + length > len(payload):
            raise ValueError("redundant audio that is shorter than it says")
        blocks.append(Block(payload_type, offset, payload[at : at + length]))
        at += length
    return [*blocks, Block(primary, 0, payload[at:])]
