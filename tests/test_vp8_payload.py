"""RFC 7741 §4.2 to the bit, and frames cut into packets and put together again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.pictures.vp8.payload import LARGEST, Descriptor, packets, parse


@pytest.mark.parametrize(
    ("sent", "descriptor"),
    [
        ("10", Descriptor(start=True)),
        ("00", Descriptor()),
        ("20", Descriptor(non_reference=True)),
        ("17", Descriptor(start=True, partition=7)),
        ("90 80 11", Descriptor(start=True, picture_id=17, picture_bits=7)),
        # The examples of RFC 7741 §4.5, whose picture is number 4711.
        ("90 80 92 67", Descriptor(start=True, picture_id=4711)),
        ("80 80 92 67", Descriptor(picture_id=4711)),
        ("80 80 ff ff", Descriptor(picture_id=32767)),
        ("80 80 80 00", Descriptor(picture_id=0)),
        ("80 40 ff", Descriptor(tl0picidx=255)),
        ("80 20 c0", Descriptor(tid=3)),
        ("80 20 60", Descriptor(tid=1, layer_sync=True)),
        ("80 10 1f", Descriptor(keyidx=31)),
        ("80 30 5f", Descriptor(tid=1, keyidx=31)),
        (
            "b3 f0 92 67 08 a5",
            Descriptor(True, 3, True, 4711, 15, 8, 2, True, 5),
        ),
    ],
)
def test_each_bit_is_where_the_rfc_has_it(sent: str, descriptor: Descriptor) -> None:
    assert bytes(descriptor) == bytes.fromhex(sent)
    assert parse(bytes.fromhex(sent) + b"frame") == (descriptor, b"frame")


@pytest.mark.parametrize(
    ("sent", "descriptor"),
    [
        ("58", Descriptor(start=True)),  # both R bits of the first byte
        ("90 0f", Descriptor(start=True)),  # the reserved ones of the second
        ("80 10 e1", Descriptor(keyidx=1)),  # TID and Y without T
        ("80 20 9f", Descriptor(tid=2)),  # KEYIDX without K
    ],
)
def test_what_is_reserved_or_not_said_is_passed_over(sent: str, descriptor: Descriptor) -> None:
    assert parse(bytes.fromhex(sent) + b"frame") == (descriptor, b"frame")


WHOLE = bytes(Descriptor(True, 3, True, 4711, 15, 8, 2, True, 5))


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_descriptor_that_ends_too_early_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=rf"^a VP8 descriptor cut off after {length} bytes"):
        parse(WHOLE[:length])


@pytest.mark.parametrize("descriptor", [b"\x10", b"\x80\x80\x11", WHOLE])
def test_a_packet_without_anything_of_a_frame_is_refused(descriptor: bytes) -> None:
    with pytest.raises(ValueError, match=r"^a VP8 packet that carries nothing of a frame"):
        parse(descriptor)


@pytest.mark.parametrize(
    ("descriptor", "begins"),
    [
        (Descriptor(start=True), True),
        (Descriptor(), False),
        (Descriptor(start=True, partition=1), False),
        (Descriptor(partition=1), False),
    ],
)
def test_a_frame_begins_where_its_first_partition_does(
    descriptor: Descriptor, begins: bool
) -> None:
    assert descriptor.begins is begins


@st.composite
def descriptors(draw: st.DrawFn) -> Descriptor:
    bits = draw(st.sampled_from([7, 15]))
    tid = draw(st.none() | st.integers(0, 3))
    picture_id = draw(st.none() | st.integers(0, (1 << bits) - 1))
    return Descriptor(
        start=draw(st.booleans()),
        partition=draw(st.integers(0, 7)),
        non_reference=draw(st.booleans()),
        picture_id=picture_id,
        picture_bits=15 if picture_id is None else bits,
        tl0picidx=draw(st.none() | st.integers(0, 255)),
        tid=tid,
        layer_sync=tid is not None and draw(st.booleans()),
        keyidx=draw(st.none() | st.integers(0, 31)),
    )


@given(descriptor=descriptors(), data=st.binary(min_size=1, max_size=20))
def test_what_is_sent_is_what_is_read(descriptor: Descriptor, data: bytes) -> None:
    assert parse(bytes(descriptor) + data) == (descriptor, data)


@given(payload=st.binary(max_size=20))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    with suppress(ValueError):
        descriptor, data = parse(payload)
        assert data
        assert payload.endswith(data)
        # Whatever was passed over, what was understood is said again in as many bytes or fewer.
        assert parse(bytes(descriptor) + data) == (descriptor, data)
        assert len(bytes(descriptor)) + len(data) <= len(payload)


FRAMES = st.integers(1, 20000).map(lambda size: bytes(n * 7 % 251 for n in range(size)))


@given(data=FRAMES, picture_id=st.integers(0, 32767), largest=st.integers(5, 1500))
def test_a_frame_is_put_together_again(data: bytes, picture_id: int, largest: int) -> None:
    parts = [parse(packet) for packet in packets(data, picture_id, largest)]
    assert b"".join(part for _, part in parts) == data
    assert [descriptor.begins for descriptor, _ in parts] == [True] + [False] * (len(parts) - 1)
    assert {descriptor.picture_id for descriptor, _ in parts} == {picture_id}


@given(data=FRAMES, largest=st.integers(5, 1500))
def test_packets_are_no_longer_than_told_no_more_than_needed_and_of_one_size(
    data: bytes, largest: int
) -> None:
    sizes = [len(packet) for packet in packets(data, 1, largest)]
    assert max(sizes) <= largest
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == -(-len(data) // (largest - 4))


def test_a_packet_goes_through_any_link_of_ipv6() -> None:
    assert LARGEST + 12 + 12 + 2 + 10 + 4 + 8 + 40 <= 1280
    assert max(map(len, packets(bytes(9000), 1))) <= LARGEST


def test_a_frame_that_fits_is_one_packet_and_one_of_a_byte_more_is_two_halves() -> None:
    assert [len(packet) for packet in packets(bytes(1176), 1)] == [1180]
    assert [len(packet) for packet in packets(bytes(1177), 1)] == [592, 593]


def test_of_nothing_there_is_nothing_to_send() -> None:
    assert packets(b"", 1) == []


def test_picture_numbers_go_round() -> None:
    assert packets(bytes(3000), 32768) == packets(bytes(3000), 0)


def test_packets_without_room_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"^packets of 4 bytes hold no picture: give 5$"):
        packets(b"x", 1, 4)
