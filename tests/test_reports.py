"""What a receiver says of a stream (RFC 3550 §A.1, §A.3, §A.8)."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.media.reports import Received, Reported

CLOCKRATE = 48000
FRAME = 960


def received(*sequences: int | Iterable[int]) -> Received:
    """After packets of 20 ms, of which each came when it was due."""
    reception = Received(CLOCKRATE)
    more(reception, *sequences)
    return reception


def more(reception: Received, *sequences: int | Iterable[int]) -> None:
    for part in sequences:
        for sequence in [part] if isinstance(part, int) else part:
            reception.add(sequence % 65536, sequence * FRAME % (1 << 32), sequence * 0.02)


def wrapping(start: int, count: int) -> list[int]:
    return [sequence % 65536 for sequence in range(start, start + count)]


# Loss


def test_nothing_was_expected_before_anything_came() -> None:
    reception = received()
    assert reception.report() == Reported(fraction_lost=0, lost=0, highest=0, jitter=0)
    assert (reception.received, reception.lost, reception.jitter) == (0, 0, 0)


def test_of_a_whole_stream_nothing_is_lost() -> None:
    reception = received(range(1000, 1100))
    assert (reception.received, reception.lost) == (100, 0)
    assert reception.report() == Reported(fraction_lost=0, lost=0, highest=1099, jitter=0)


def test_what_is_missing_is_lost() -> None:
    reception = received(range(10, 15), range(20, 30))
    assert (reception.received, reception.lost) == (15, 5)
    assert reception.report().lost == 5


def test_the_fraction_is_of_what_was_expected_since_the_last_report() -> None:
    reception = received(range(100))
    assert reception.report().fraction_lost == 0
    more(reception, range(100, 200, 4), 199)  # 26 of 100 came
    assert reception.report() == Reported(74 * 256 // 100, 74, 199, 0)
    more(reception, range(200, 300))
    assert reception.report().fraction_lost == 0
    assert reception.report().fraction_lost == 0


def test_without_a_packet_since_the_last_report_nothing_was_expected() -> None:
    reception = received(range(100), 150)
    assert reception.report().fraction_lost == 50 * 256 // 151
    again = reception.report()
    assert (again.fraction_lost, again.lost) == (0, 50)


def test_all_but_one_lost_is_not_more_than_can_be_said() -> None:
    reception = received(0)
    reception.report()
    more(reception, 2999)
    assert reception.report().fraction_lost == 255


def test_what_comes_twice_makes_up_for_what_was_lost_as_the_standard_has_it() -> None:
    reception = received(range(10), range(5, 10))
    assert (reception.received, reception.lost) == (15, -5)
    assert reception.report() == Reported(fraction_lost=0, lost=-5, highest=9, jitter=0)


def test_duplicates_in_an_interval_are_not_a_negative_fraction() -> None:
    reception = received(range(10))
    reception.report()
    more(reception, 9, 9, 9, 10)
    assert reception.report().fraction_lost == 0


def test_what_comes_late_was_not_lost() -> None:
    reception = received(1, 3, 5)
    assert reception.report().lost == 2
    more(reception, 2, 4)
    assert (reception.received, reception.lost) == (5, 0)
    assert reception.report().highest == 5


def test_what_comes_before_the_first_is_counted_without_harm() -> None:
    reception = received(100, 99, 101)
    assert (reception.received, reception.lost) == (3, -1)
    assert reception.report().highest == 101


# Sequence numbers that begin again


def test_sequence_numbers_wrap_and_the_turns_are_counted() -> None:
    reception = received(wrapping(65500, 100))
    assert (reception.received, reception.lost) == (100, 0)
    assert reception.report().highest == (1 << 16) + 63


def test_over_many_turns_everything_is_counted() -> None:
    reception = Received(CLOCKRATE)
    for turn in range(0, 200_000, 100):
        reception.add(turn % 65536, 0, 0.0)
    assert (reception.received, reception.lost) == (2000, 197_901)
    assert reception.report().highest == 199_900


def test_what_comes_late_over_the_wrap_turns_nothing_back() -> None:
    reception = received(65534, 0, 65535, 1)
    assert (reception.received, reception.lost) == (4, 0)
    assert reception.report().highest == (1 << 16) + 1


def test_timestamps_wrap_without_jitter() -> None:
    reception = Received(CLOCKRATE)
    for turn in range(10):
        reception.add(turn, ((1 << 32) - 5 * FRAME + turn * FRAME) % (1 << 32), turn * 0.02)
    assert reception.jitter == 0


# Leaps (§A.1: MAX_DROPOUT 3000, MAX_MISORDER 100)


@pytest.mark.parametrize("gap", [1, 100, 2999])
def test_a_gap_is_loss(gap: int) -> None:
    reception = received(range(10), 9 + gap)
    assert (reception.received, reception.lost) == (11, gap - 1)


@pytest.mark.parametrize("gap", [3000, 20_000, 65436])
def test_a_leap_of_one_packet_is_a_stray(gap: int) -> None:
    reception = received(range(10), 9 + gap, range(10, 20))
    assert (reception.received, reception.lost) == (20, 0)
    assert reception.report().highest == 19


@pytest.mark.parametrize("back", [1, 50, 99])
def test_a_little_back_is_late_and_not_a_leap(back: int) -> None:
    reception = received(range(200), 199 - back)
    assert reception.received == 201
    assert reception.report().highest == 199


def test_a_leap_of_two_in_a_row_is_a_sender_that_began_anew() -> None:
    reception = received(range(10), range(30_000, 30_010))
    # The first is not counted, neither as having come nor as expected.
    assert (reception.received, reception.lost) == (19, 0)
    assert reception.report().highest == 30_009
    more(reception, 30_011)
    assert reception.lost == 1


def test_what_was_lost_before_a_leap_stays_lost() -> None:
    reception = received(range(10), range(15, 20), range(40_000, 40_003), 40_005)
    assert (reception.received, reception.lost) == (18, 7)
    assert reception.report() == Reported(7 * 256 // 25, 7, 40_005, reception.report().jitter)


def test_a_leap_backward_over_the_beginning_counts_as_well() -> None:
    reception = received(range(500, 510), range(100, 110))
    assert (reception.received, reception.lost) == (19, 0)


def test_strays_that_are_not_in_a_row_change_nothing() -> None:
    reception = received(range(10), 30_000, 10, 30_001, 11, 45_000, 30_002, 12)
    assert (reception.received, reception.lost) == (13, 0)
    assert reception.report().highest == 12


def test_a_leap_to_where_the_numbers_wrap_is_found_as_well() -> None:
    reception = received(range(10), 30_000, 30_001, 65535, 65536, 65537)
    assert (reception.received, reception.lost) == (13, 0)
    assert reception.report().highest == 1


def test_a_leap_whose_second_packet_is_lost_is_found_with_the_next_two() -> None:
    reception = received(range(10), 30_000, 30_002, 30_003, 30_004)
    assert (reception.received, reception.lost) == (12, 0)
    assert reception.report().highest == 30_004


# Jitter


def test_jitter_is_as_it_is_computed_by_hand() -> None:
    """§A.8 at 8 kHz: D is how much the transit time changed, J moves to it by a sixteenth.

    | sent | came | transit | D   | J                            |
    | 0    | 800  | 800     |     | 0                            |
    | 160  | 960  | 800     | 0   | 0                            |
    | 320  | 1200 | 880     | 80  | 80 / 16 = 5                  |
    | 480  | 1280 | 800     | -80 | 5 + (80 - 5) / 16 = 9.6875   |
    | 640  | 1440 | 800     | 0   | 9.6875 * 15 / 16 = 9.08203.. |
    """
    reception, seen = Received(8000), []
    for turn, came in enumerate([800, 960, 1200, 1280, 1440]):
        reception.add(turn, turn * 160, came / 8000)
        seen.append(reception.jitter)
    assert seen == [0, 0, 5, 9.6875, 9.08203125]
    assert reception.report().jitter == 9


def test_jitter_nears_that_of_the_network() -> None:
    reception = Received(CLOCKRATE)
    for turn in range(400):
        # Every other packet is 5 ms late: the transit time changes by 5 ms with each.
        reception.add(turn, turn * FRAME, turn * 0.02 + turn % 2 * 0.005)
    assert reception.jitter == pytest.approx(240, abs=1)


def test_where_the_clocks_begin_does_not_matter() -> None:
    for origin in (0, 1 << 31, (1 << 32) - 1):
        for began in (0.0, 1e6, 89_478.485):
            reception = Received(CLOCKRATE)
            for turn in range(50):
                timestamp = (origin + turn * FRAME) % (1 << 32)
                reception.add(turn, timestamp, began + turn * 0.02)
            assert reception.jitter <= 1  # an arrival between two ticks is rounded


def test_a_silence_that_the_timestamps_tell_of_is_no_jitter() -> None:
    reception = received(range(50))
    for turn in range(50, 100):
        reception.add(turn, (turn + 3000) * FRAME, (turn + 3000) * 0.02)
    assert reception.jitter == 0


def test_timestamps_that_begin_anew_are_no_jitter() -> None:
    reception = received(range(50))
    for turn in range(50, 100):
        reception.add(turn, 3_000_000_000 + turn * FRAME, turn * 0.02)
    assert reception.jitter == 0


def test_a_stray_packet_has_no_part_in_the_jitter() -> None:
    reception = received(range(50))
    reception.add(20_000, 50 * FRAME, 50 * 0.02 + 1)
    more(reception, range(50, 60))
    assert reception.jitter == 0


# Anything at all

PACKETS = st.tuples(
    st.integers(0, 65535), st.integers(0, (1 << 32) - 1), st.floats(0, 1e9, allow_nan=False)
)
NEARLY = st.lists(st.tuples(st.integers(-3, 5), st.integers(0, 3000), st.floats(0, 0.3))).map(
    lambda steps: [
        (sum(step for step, _, _ in steps[:n]) % 65536, n * FRAME + off, n * 0.02 + late)
        for n, (_, off, late) in enumerate(steps)
    ]
)


@given(st.one_of(NEARLY, st.lists(PACKETS)), st.integers(1, 10))
def test_whatever_comes_the_report_fits_its_fields(
    packets: list[tuple[int, int, float]], every: int
) -> None:
    reception = Received(CLOCKRATE)
    for turn, packet in enumerate(packets):
        reception.add(*packet)
        if turn % every == 0:
            fits(reception.report())
    fits(reception.report())
    assert 0 <= reception.received <= len(packets)


def fits(said: Reported) -> None:
    assert 0 <= said.fraction_lost <= 255
    assert -(1 << 23) <= said.lost < 1 << 23
    assert 0 <= said.highest < 1 << 32
    assert 0 <= said.jitter < 1 << 32


@given(st.lists(st.booleans(), min_size=1), st.integers(0, 65535))
def test_in_order_loss_is_counted_exactly_wherever_the_numbers_begin(
    comes: list[bool], start: int
) -> None:
    numbers = [0, *(n for n, came in enumerate(comes, 1) if came)]
    reception = received([start + n for n in numbers])
    assert reception.received == len(numbers)
    assert reception.lost == sum(after - before - 1 for before, after in pairwise(numbers))


@given(st.permutations(range(20)), st.integers(0, 65535))
def test_in_any_order_nothing_of_what_came_is_lost(order: list[int], start: int) -> None:
    reception = received(start, [start + 1 + n for n in order])
    assert (reception.received, reception.lost) == (21, 0)


@given(st.lists(st.lists(st.integers(1, 40), max_size=10), max_size=10))
def test_the_fractions_of_all_reports_come_to_what_was_lost(intervals: list[list[int]]) -> None:
    reception, at, expected = received(0), 0, 0
    reception.report()
    for gaps in intervals:
        before = at
        for gap in gaps:
            at += gap
            more(reception, at)
        due = at - before
        fraction = (due - len(gaps)) * 256 // due if due else 0
        assert reception.report().fraction_lost == fraction
        expected += due - len(gaps)
    assert reception.report().lost == expected


def test_what_cannot_be_said_is_the_most_that_can() -> None:
    reception = received(0)
    for turn in range(1, 3000):
        reception.add(turn * 2999 % 65536, 0, 0.0)
    assert reception.lost > 1 << 23
    assert reception.report().lost == (1 << 23) - 1
