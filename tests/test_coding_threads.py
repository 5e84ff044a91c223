"""The threads that code and decode: the newest picture and never a queue, what cannot be coded or
decoded, and their end."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from sights import SIZE, picture, until
from twocan.media.pictures.picture import Coded, Picture
from twocan.media.pictures.receiving import decoding as decoding_module
from twocan.media.pictures.receiving.assembled import Frame
from twocan.media.pictures.receiving.decoding import Decoding, Shown
from twocan.media.pictures.sending.encoding import Encoded, Encoding
from twocan.media.pictures.vp8.codec import Coding, Encoder, is_key
from twocan.media.pictures.vp8.libvpx import Vp8Error
from twocan.media.sound import Samples

CODING = Coding(*SIZE, 300_000, 60)


class Coder:
    """A coder, and what it gave."""

    def __init__(self, coding: Coding = CODING) -> None:
        self.got: list[Encoded] = []
        self.failures: list[Vp8Error] = []
        self.encoding = Encoding(coding, self.got.append, self.failures.append)

    async def after(self, pictures: int) -> list[Encoded]:
        await until(lambda: len(self.got) >= pictures)
        return self.got

    async def end(self) -> None:
        self.encoding.close()
        await asyncio.to_thread(self.encoding.join)
        assert not self.encoding.running


async def test_pictures_come_out_coded_with_when_they_were_seen() -> None:
    coder = Coder()
    first = picture(0)
    coder.encoding.take(first)
    [coded] = await coder.after(1)
    assert coded.key
    assert (coded.at, coded.width, coded.height) == (first.at, *SIZE)
    assert is_key(coded.data)
    assert coded.seconds > 0
    await coder.end()


async def test_the_newest_takes_the_place_of_the_one_that_waits() -> None:
    late = [picture(number) for number in range(1, 5)]
    for _ in range(10):
        coder = Coder(replace(CODING, rate=4))
        coder.encoding.take(picture(0))
        await coder.after(1)
        # It takes no other for an eighth of a second.
        for each in late:
            coder.encoding.take(each)
        await until(lambda coder=coder: coder.got[-1].at == late[-1].at)  # type: ignore[misc]
        await coder.end()
        assert len(coder.got) + coder.encoding.replaced == 5
        if len(coder.got) == 2:
            return
    raise AssertionError("never did one take the place of another")


async def test_a_key_frame_is_made_where_one_is_wanted() -> None:
    coder = Coder()
    for number in range(4):
        if number == 2:
            coder.encoding.key()
        coder.encoding.take(picture(number))
        await coder.after(number + 1)
    assert [coded.key for coded in coder.got] == [True, False, True, False]
    await coder.end()


async def test_a_key_frame_that_is_wanted_survives_what_is_no_picture() -> None:
    coder = Coder()
    coder.encoding.take(picture(0))
    await coder.after(1)
    coder.encoding.key()
    none = picture(1)
    coder.encoding.take(replace(none, u=none.u[:1]))
    coder.encoding.take(picture(2))
    assert [coded.key for coded in await coder.after(2)] == [True, True]
    assert coder.encoding.unfit == 1
    await coder.end()


async def test_what_is_held_or_waits_is_left_out() -> None:
    coder = Coder()
    coder.encoding.hold(time.monotonic() + 60)
    coder.encoding.take(picture(0))
    coder.encoding.hold(0.0)
    coder.encoding.wait(on=True)
    coder.encoding.take(picture(1))
    coder.encoding.wait(on=False)
    wanted = picture(2)
    coder.encoding.take(wanted)
    assert [coded.at for coded in await coder.after(1)] == [wanted.at]
    await coder.end()


async def test_nothing_comes_of_what_was_taken_before_the_end() -> None:
    coder = Coder()
    coder.encoding.take(picture(0))
    # It is coded, and on its way to a loop that does not run.
    threading.Event().wait(0.1)
    coder.encoding.close()
    coder.encoding.take(picture(6))
    await coder.end()
    await asyncio.sleep(0.01)
    assert coder.got == []


async def test_what_cannot_be_coded_is_told_once_and_ends_the_thread() -> None:
    coder = Coder(replace(CODING, width=1 << 15))
    await until(lambda: bool(coder.failures))
    coder.encoding.take(picture(0))
    await coder.end()
    assert len(coder.failures) == 1


async def test_a_failure_of_one_that_is_closed_is_nobodys() -> None:
    coder = Coder(replace(CODING, width=1 << 15))
    coder.encoding.join()
    coder.encoding.close()
    await asyncio.sleep(0.01)
    assert coder.failures == []


def test_a_coder_that_outlives_its_loop_ends_quietly() -> None:
    async def begin() -> Encoding:
        return Encoding(CODING, lambda _coded: None, lambda _error: None)

    encoding = asyncio.run(begin())
    encoding.take(picture(0))
    encoding.close()
    encoding.join()


# Decoding


class Sink:
    """A screen that keeps the sizes of what it was shown."""

    def __init__(self, does: Callable[[], object] = lambda: None) -> None:
        self.sizes: list[tuple[int, int]] = []
        self._does = does

    def hear(self, block: Samples, at: float) -> None: ...

    def show(self, picture: Picture, coded: Coded) -> None:
        self._does()
        self.sizes.append((picture.width, picture.height))

    def close(self) -> None: ...


class Seen:
    """A decoder, and what it told."""

    def __init__(self, does: Callable[[], object] = lambda: None) -> None:
        self.screen = Sink(does)
        self.shown: list[Shown] = []
        self.broken = 0
        self.decoding = Decoding(self.screen, self.shown.append, self._break)

    def _break(self) -> None:
        self.broken += 1

    async def end(self) -> None:
        self.decoding.close()
        await asyncio.to_thread(self.decoding.join)
        await asyncio.sleep(0)


def frames(count: int, *sizes: tuple[int, int]) -> list[Frame]:
    """Coded pictures, each of the next of these sizes."""
    made = []
    with closing(Encoder(CODING)) as encoder:
        for number in range(count):
            size = sizes[number % len(sizes)] if sizes else SIZE
            coded = encoder.encode(picture(number, *size))
            assert coded is not None
            at = number / 30
            made.append(Frame(coded.data, number * 3000, coded.key, at, at, 1))
    return made


async def test_all_are_decoded_and_the_last_of_a_bunch_is_shown() -> None:
    seen = Seen()
    film = frames(6)
    assert seen.decoding.put(film[:2])
    assert seen.decoding.put(film[2:])
    await until(lambda: len(seen.shown) == 2)
    assert [shown.timestamp for shown in seen.shown] == [3000, 15000]
    assert (seen.broken, seen.decoding.undecodable) == (0, 0)
    await seen.end()


async def test_another_size_with_every_picture_is_shown() -> None:
    sizes = [(16, 16), (640, 360), (1, 1), (33, 257)]
    seen = Seen()
    for frame in frames(12, *sizes):
        assert seen.decoding.put([frame])
    await until(lambda: len(seen.shown) == 12)
    assert seen.screen.sizes == 3 * sizes
    await seen.end()


KEY, *INTER = (frame.data for frame in frames(4))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        KEY[:9],
        KEY[:20],
        KEY[:6] + b"\xff\x3f\xff\x3f" + KEY[10:],  # 16383x16383
        KEY[:6] + b"\x00\x1e\xe0\x10" + KEY[10:],  # 7680x4320
        KEY[:6] + b"\x00\x00\x00\x00" + KEY[10:],
        INTER[0],
        bytes(1000),
        b"\xff" * 1000,
    ],
    ids=["empty", "a-byte", "header", "cut", "huge", "8K", "0x0", "no-key", "zeros", "ones"],
)
async def test_what_is_no_picture_asks_for_a_key_frame_and_does_no_harm(data: bytes) -> None:
    seen = Seen()
    lie = Frame(data, 0, True, 0.0, 0.0, 1)
    seen.decoding.put([lie])
    await until(lambda: seen.broken == 1)
    assert seen.decoding.undecodable == 1
    assert seen.shown == []
    seen.decoding.put(frames(2))
    await until(lambda: len(seen.shown) == 1)
    assert seen.broken == 1
    await seen.end()


async def test_a_decoder_that_is_held_up_is_given_no_more_than_so_many() -> None:
    goes_on = threading.Event()
    seen = Seen(lambda: goes_on.wait(10))
    [frame] = frames(1)
    taken = sum(seen.decoding.put([frame]) for _ in range(200))
    assert decoding_module._MOST_WAITING <= taken <= decoding_module._MOST_WAITING + 1
    goes_on.set()
    await until(lambda: len(seen.shown) == taken)
    assert seen.decoding.put([frame])
    await seen.end()


async def test_a_decoder_that_is_held_up_is_given_no_more_than_so_many_bytes() -> None:
    goes_on = threading.Event()
    seen = Seen(lambda: goes_on.wait(10))
    [frame] = frames(1)
    large = replace(frame, data=frame.data + bytes(4 << 20))
    taken = sum(seen.decoding.put([large]) for _ in range(20))
    assert taken * len(large.data) <= decoding_module._MOST_BYTES
    assert taken > 1
    goes_on.set()
    await until(lambda: seen.decoding.put([large]))
    await seen.end()


async def test_it_ends_however_much_waits() -> None:
    goes_on = threading.Event()
    seen = Seen(lambda: goes_on.wait(10))
    [frame] = frames(1)
    while seen.decoding.put([frame]):
        pass
    seen.decoding.close()
    goes_on.set()
    await seen.end()
    assert len(seen.screen.sizes) <= 1
