"""Telephone keys on their way, counted by the samples that are sent beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.keypad import Keypad, checked
from twocan.media.sound import BLOCK
from twocan.media.telephone_event import KEYS, USUAL, Packet, Pressed

STREAM_ENDS_AT = 1 << 32


def sent(keypad: Keypad, blocks: int, start: int = 0) -> tuple[str, list[Packet]]:
    """The keys that began and the packets that went out in so many blocks."""
    begun = ""
    packets: list[Packet] = []
    for now in range(start, start + blocks * BLOCK, BLOCK):
        begun += keypad.begin(now) or ""
        packets += keypad.due(now)
    return begun, packets


def test_nothing_is_sent_while_nothing_is_pressed() -> None:
    assert sent(Keypad(), 100) == ("", [])


def test_a_key_begins_at_once_and_is_over_after_its_time_with_two_repeats() -> None:
    keypad = Keypad()
    keypad.press("5")
    begun, packets = sent(keypad, 100, start=9600)
    assert begun == keypad.sent == "5"
    assert {packet.timestamp for packet in packets} == {9600}
    assert [packet.marker for packet in packets] == [True] + [False] * (len(packets) - 1)
    # The end bit of the volume byte: the last packet, and twice more (RFC 4733 §2.5.1.4).
    assert [bool(packet.payload[1] & 0x80) for packet in packets][-4:] == [False, True, True, True]


def test_two_alike_are_two_keys_with_a_pause_between_them() -> None:
    keypad = Keypad()
    keypad.press("11")
    begun, packets = sent(keypad, 100)
    assert begun == "11"
    first, second = sorted({packet.timestamp for packet in packets})
    assert second - first >= USUAL + 0.04 * 48000


def test_keys_that_are_pressed_later_wait_for_those_before() -> None:
    keypad = Keypad()
    keypad.press("1")
    keypad.begin(0)
    keypad.press("2")
    assert keypad.begin(BLOCK) is None
    assert keypad.sent == "1"


@pytest.mark.parametrize("keys", ["x", "1 2", "12!", "é", "\0"])
def test_what_is_no_key_is_named_and_nothing_of_it_is_pressed(keys: str) -> None:
    keypad = Keypad()
    with pytest.raises(ValueError, match="is no key: give digits"):
        keypad.press(keys)
    assert sent(keypad, 10) == ("", [])


@pytest.mark.parametrize("blocks", [1, 7, 16, 24, 25, 50, 140])
def test_none_is_lost_where_samples_leap(blocks: int) -> None:
    keypad, pressed, heard = Keypad(), Pressed(), ""
    keypad.press("15#*0")
    for now in range(0, 160 * BLOCK * blocks, BLOCK * blocks):
        keypad.begin(now)
        for packet in keypad.due(now):
            heard += pressed.put(packet.timestamp, packet.payload) or ""
    assert heard == "15#*0"


def test_letters_may_be_small() -> None:
    assert checked("12ad*#") == "12AD*#"


@given(st.text(KEYS, max_size=8), st.integers(0, 1 << 33))
def test_what_is_pressed_here_is_what_was_pressed_there(keys: str, start: int) -> None:
    keypad, pressed = Keypad(), Pressed()
    keypad.press(keys)
    _, packets = sent(keypad, 30 * len(keys) + 10, start)
    heard = [pressed.put(p.timestamp % STREAM_ENDS_AT, p.payload) for p in packets]
    assert "".join(key for key in heard if key) == keys
