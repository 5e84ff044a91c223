"""Keys of a telephone on the wire: RFC 4733."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.telephone_event import KEYS, LONGEST, STEP, Event, Packet, Pressed, parse, press

ROUND = 1 << 32


def take(packets: list[Packet], start: int = 0, pressed: Pressed | None = None) -> list[str]:
    """The keys that a receiver makes of packets whose event began at ``start``."""
    receiver = Pressed() if pressed is None else pressed
    heard = (receiver.put((start + p.timestamp) % ROUND, p.payload) for p in packets)
    return [key for key in heard if key]


def test_a_key_is_told_of_every_20_ms_and_its_end_three_times() -> None:
    packets = list(press("5", duration=3840))
    assert [p.due for p in packets] == [960, 1920, 2880, 3840, 4800, 5760]
    assert [p.marker for p in packets] == [True, False, False, False, False, False]
    assert {p.timestamp for p in packets} == {0}
    assert [parse(p.payload) for p in packets] == [
        Event("5", ended=False, volume=10, duration=960),
        Event("5", ended=False, volume=10, duration=1920),
        Event("5", ended=False, volume=10, duration=2880),
        *[Event("5", ended=True, volume=10, duration=3840)] * 3,
    ]


def test_a_payload_is_as_rfc_4733_draws_it() -> None:
    assert Event("0", ended=False, volume=0, duration=960).pack() == bytes.fromhex("000003c0")
    assert Event("#", ended=True, volume=10, duration=800).pack() == bytes.fromhex("0b8a0320")


def test_the_keys_have_the_numbers_of_rfc_4733() -> None:
    numbers = {key: next(press(key)).payload[0] for key in KEYS}
    assert [numbers[digit] for digit in "0123456789"] == list(range(10))
    assert (numbers["*"], numbers["#"]) == (10, 11)
    assert [numbers[letter] for letter in "ABCD"] == [12, 13, 14, 15]


@pytest.mark.parametrize("key", ["", "12", "E", "a", "½", "\n"])
def test_what_is_no_key_is_not_pressed(key: str) -> None:
    with pytest.raises(ValueError, match=r"is no key: give one of 0123456789\*#ABCD"):
        press(key)


@pytest.mark.parametrize("volume", [-1, 64])
def test_a_volume_that_cannot_be_told_is_refused(volume: int) -> None:
    with pytest.raises(ValueError, match="give 0 to 63"):
        press("1", volume=volume)


@pytest.mark.parametrize(
    ("asked", "held"),
    [(-5, 1920), (0, 1920), (1920, 1920), (7680, 7680), (8000, 7680), (10**9, LONGEST)],
)
def test_a_key_is_held_for_at_least_40_ms_and_at_most_10_s(asked: int, held: int) -> None:
    end = next(p for p in press("1", asked) if parse(p.payload).ended)
    assert end.due == held


def test_a_key_that_is_held_long_goes_on_in_segments() -> None:
    packets = list(press("9", duration=3 * 48000))
    starts = sorted({p.timestamp for p in packets})
    assert starts == [0, 65280, 130560]
    assert sum(p.marker for p in packets) == 1
    for packet in packets[:-2]:
        assert packet.timestamp + parse(packet.payload).duration == packet.due
    # A segment has no end of its own: it is full, and the next one begins where it stops.
    assert sum(parse(p.payload).ended for p in packets) == 3


@given(key=st.sampled_from(KEYS), duration=st.integers(0, LONGEST), start=st.integers(0, ROUND - 1))
def test_a_key_arrives_once(key: str, duration: int, start: int) -> None:
    assert take(list(press(key, duration)), start) == [key]


@given(data=st.data(), key=st.sampled_from(KEYS), start=st.integers(0, ROUND - 1))
def test_a_key_arrives_once_as_long_as_any_packet_does(
    data: st.DataObject, key: str, start: int
) -> None:
    packets = list(press(key))
    some = data.draw(st.lists(st.sampled_from(packets), min_size=1))
    assert take(some, start) == [key]


def test_the_same_key_twice_is_two_keys() -> None:
    pressed = Pressed()
    packets = list(press("7"))
    assert take(packets, ROUND - 4000, pressed) == ["7"]
    assert take(packets, 20000, pressed) == ["7"]


def test_the_end_of_a_key_that_comes_after_the_next_key_is_not_a_third() -> None:
    pressed = Pressed()
    first, second = list(press("1")), list(press("2"))
    assert take(first[:-1], 0, pressed) == ["1"]
    assert take(second[:2], 20000, pressed) == ["2"]
    assert take(first[-1:], 0, pressed) == []
    assert take(second[2:], 20000, pressed) == []


@pytest.mark.parametrize("payload", [b"", b"\1", b"\1\2\3"])
def test_a_payload_that_is_too_short_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=f"of {len(payload)} bytes: there must be 4"):
        parse(payload)


@pytest.mark.parametrize("event", [16, 32, 255])
def test_events_that_are_no_keys_are_refused(event: int) -> None:
    with pytest.raises(ValueError, match=f"telephone event {event} is no key"):
        parse(bytes([event, 0, 0, STEP % 256]))


@given(packets=st.lists(st.tuples(st.integers(0, ROUND - 1), st.binary(max_size=12))))
def test_anything_at_all_may_arrive(packets: list[tuple[int, bytes]]) -> None:
    pressed = Pressed()
    for timestamp, payload in packets:
        try:
            key = pressed.put(timestamp, payload)
        except ValueError:
            continue
        assert key is None or key == KEYS[payload[0]]


@given(payload=st.binary(min_size=4, max_size=4))
def test_what_can_be_read_can_be_written_again(payload: bytes) -> None:
    try:
        event = parse(payload)
    except ValueError:
        return
    # But for the reserved bit, which is to be ignored (RFC 4733 §2.3.3).
    assert event.pack() == bytes([payload[0], payload[1] & 0xBF, *payload[2:]])
