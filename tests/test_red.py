"""Redundant audio (RFC 2198): what is packed is unpacked, and lengths that lie are found out."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twocan.media.red import LARGEST_BLOCK, LARGEST_OFFSET, Block, pack, unpack

TYPES = st.integers(0, 127)
PRIMARIES = st.builds(Block, TYPES, st.just(0), st.binary(max_size=1500))
REDUNDANT = st.builds(
    Block, TYPES, st.integers(0, LARGEST_OFFSET), st.binary(max_size=LARGEST_BLOCK)
)

# RFC 2198 §4: F, block PT (7 bits), timestamp offset (14), block length (10), then 0 and the
# primary's PT. Here 5 is repeated from 160 samples before, in 3 bytes, and 0 is the primary.
#
#   F  PT       offset          length      F  PT        repeated  primary
#   1 0000101  00000010100000  0000000011   0 0000000   61 62 63   41 42
ONE_REPEATED = bytes([0b10000101, 0b00000010, 0b10000000, 0b00000011, 0b00000000]) + b"abcAB"


def test_one_repeated_block_is_as_the_standard_draws_it() -> None:
    blocks = [Block(5, 160, b"abc"), Block(0, 0, b"AB")]
    assert unpack(ONE_REPEATED) == blocks
    assert pack(blocks[1], blocks[:1]) == ONE_REPEATED


def test_two_repeated_blocks_keep_their_order() -> None:
    # 1 1101111 00011110000000 0000000010: 111, 1920 samples, 2 bytes
    # 1 1101111 00001111000000 0000000001: 111,  960 samples, 1 byte
    # 0 1101111
    payload = bytes.fromhex("ef1e0002 ef0f0001 6f") + b"xx" + b"y" + b"zzz"
    blocks = [Block(111, 1920, b"xx"), Block(111, 960, b"y"), Block(111, 0, b"zzz")]
    assert unpack(payload) == blocks
    assert pack(blocks[2], blocks[:2]) == payload


def test_a_primary_alone_has_one_byte_before_it() -> None:
    assert pack(Block(111, 0, b"zzz"), []) == b"\x6fzzz"
    assert unpack(b"\x6fzzz") == [Block(111, 0, b"zzz")]


def test_the_largest_offset_and_length_fill_their_fields() -> None:
    largest = Block(127, 16383, bytes(1023))
    payload = pack(Block(127, 0, b""), [largest])
    assert payload == b"\xff\xff\xff\xff\x7f" + bytes(1023)
    assert unpack(payload) == [largest, Block(127, 0, b"")]


@pytest.mark.parametrize(
    "block",
    [
        Block(5, LARGEST_OFFSET + 1, b"a"),
        Block(5, 1 << 32, b"a"),
        Block(5, -960, b"a"),
        Block(5, 960, bytes(LARGEST_BLOCK + 1)),
    ],
)
def test_what_does_not_fit_its_header_is_left_out(block: Block) -> None:
    fits, primary = Block(5, 480, b"b"), Block(0, 0, b"c")
    assert unpack(pack(primary, [block, fits])) == [fits, primary]


def test_a_primary_may_be_longer_than_what_is_repeated() -> None:
    primary = Block(111, 0, bytes(1400))
    assert unpack(pack(primary, [])) == [primary]


def test_where_its_packet_begins_a_primary_begins() -> None:
    assert unpack(pack(Block(111, 960, b"a"), [])) == [Block(111, 0, b"a")]


@given(primary=PRIMARIES, redundant=st.lists(REDUNDANT, max_size=5))
def test_what_is_packed_is_unpacked(primary: Block, redundant: list[Block]) -> None:
    assert unpack(pack(primary, redundant)) == [*redundant, primary]


def test_as_many_blocks_as_anybody_sends_are_unpacked_and_no_endless_ones() -> None:
    header = struct.pack("!I", 0x80000000)
    assert len(unpack(header * 32 + b"\x00")) == 33
    with pytest.raises(ValueError, match=r"^the headers of redundant audio do not end$"):
        unpack(header * 33 + b"\x00")


# Lies


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "without a primary block"),
        (ONE_REPEATED[:1], "do not end"),
        (ONE_REPEATED[:3], "do not end"),
        (ONE_REPEATED[:4], "without a primary block"),
        (ONE_REPEATED[:5], "shorter than it says"),
        (ONE_REPEATED[:7], "shorter than it says"),
        (b"\xff" * 4, "without a primary block"),
        (b"\xff" * 1200, "do not end"),
        (bytes.fromhex("ef1e0002 ef0f0001 6f") + b"xx", "shorter than it says"),
        (bytes.fromhex("ef1e03ff 6f") + bytes(1022), "shorter than it says"),
    ],
)
def test_a_payload_that_lies_is_refused_in_words(payload: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        unpack(payload)


def test_what_says_exactly_what_it_has_is_taken() -> None:
    assert unpack(bytes.fromhex("ef1e03ff 6f") + bytes(1023))[1] == Block(111, 0, b"")
    assert unpack(ONE_REPEATED[:8]) == [Block(5, 160, b"abc"), Block(0, 0, b"")]


HEADERS = st.integers(0, (1 << 31) - 1).map(lambda bits: struct.pack("!I", 0x80000000 | bits))
PAYLOADS = st.one_of(
    st.binary(max_size=80),
    st.builds(
        lambda headers, rest: b"".join(headers) + rest,
        st.lists(HEADERS, max_size=40),
        st.binary(max_size=1500),
    ),
)


@given(PAYLOADS)
@example(ONE_REPEATED)
def test_any_bytes_are_blocks_or_a_value_error(payload: bytes) -> None:
    try:
        blocks = unpack(payload)
    except ValueError:
        return
    # Every byte is in one block, and in none twice.
    assert b"".join(block.data for block in blocks) == payload[4 * (len(blocks) - 1) + 1 :]
    assert all(0 <= block.payload_type <= 127 for block in blocks)
    assert all(0 <= block.offset <= LARGEST_OFFSET for block in blocks)
    assert blocks[-1].offset == 0
    assert pack(blocks[-1], blocks[:-1]) == payload
