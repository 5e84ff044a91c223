"""Whether the instruments for pictures read true: what is known is coded, scored and sent.

The suite begins with it. ``python tests/bench/picture_selfcheck.py`` runs it alone.
"""

import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

import marks
import picture_number
import picture_scoring
from impairment import Bottleneck, Impairment
from picture_clip import PICTURES, RATE, Clip, ClipError, Plane, Size, make
from picture_scoring import Seen, Shown, Way
from scoring import RATE as SOUND_RATE
from scoring import Take
from selfcheck import Untrue, ends, expect, send

_LATE = 0.1
_POOREST = 150_000
_SMALLEST = (320, 180)


def check(clip: Clip) -> None:
    """Raises Untrue."""
    for one in (_numbers, _numbers_coded, _likeness):
        one(clip)
    for each in (_no_number, _late_pictures, _freezes, _sound, _bottleneck, _narrow_wire):
        each()


def _numbers(clip: Clip) -> None:
    for number in range(PICTURES):
        luma = clip.planes(number)[0]
        small = np.asarray(cv2.resize(luma, _SMALLEST, interpolation=cv2.INTER_AREA), np.uint8)
        _same("the number in a picture", picture_number.read(luma), number)
        _same("the number in a small picture", picture_number.read(small), number)


def _no_number() -> None:
    """Neither in what is grey, nor where a bit is wrong."""
    luma: Plane = np.full((720, 1280), 128, np.uint8)
    _same("the number in a grey picture", picture_number.read(luma), None)
    picture_number.paint(luma, 300)
    luma[-48:, 400:480] = 240 - luma[-48:, 400:480]
    _same("a number with a wrong bit", picture_number.read(luma), None)


def _numbers_coded(clip: Clip) -> None:
    """As poor as it gets: two seconds at 150 kb/s and a quarter of the size."""
    width, height = _SMALLEST
    coder = av.CodecContext.create("libvpx", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"
    coder.bit_rate, coder.time_base = _POOREST, Fraction(1, RATE)
    coder.options = {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    read: list[int | None] = []
    for number in range(2 * RATE):
        planes = [
            cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
            for plane, size in zip(
                clip.planes(number), [_SMALLEST, *2 * [(width // 2, height // 2)]], strict=True
            )
        ]
        whole = np.concatenate([np.asarray(plane).ravel() for plane in planes])
        frame = av.VideoFrame.from_ndarray(whole.reshape(-1, width), "yuv420p")
        frame.pts = number
        for packet in coder.encode(frame):
            shown = (
                np.asarray(coded.to_ndarray()[:height], np.uint8)
                for coded in decoder.decode(packet)
            )
            read += map(picture_number.read, shown)
    expect("numbers read at 150 kb/s, in percent", 100 * _right(read) / len(read), 100, 0)


def _right(read: list[int | None]) -> int:
    return sum(told == number for number, told in enumerate(read))


def _likeness(clip: Clip) -> None:
    kept = [(number, clip.planes(number)[0]) for number in (0, 150)]
    expect("SSIM of a perfect copy", picture_scoring.likeness(clip, kept), 1, 1e-9)
    pair = kept[0][1], kept[1][1]
    # Every other picture's strip differs; it is not to count.
    other = kept[0][1].copy()
    picture_number.paint(other, 77)
    expect("SSIM beside the strip", picture_scoring.likeness(clip, [(0, other)]), 1, 1e-9)
    _same("the SSIM of b and a", *(picture_scoring.ssim(*each) for each in (pair, pair[::-1])))
    blurred = [(0, np.asarray(cv2.GaussianBlur(kept[0][1], (0, 0), s), np.uint8)) for s in (1, 3)]
    scores = [picture_scoring.likeness(clip, [each]) for each in blurred]
    if not 0.3 < scores[1] < scores[0] - 0.03 < 0.97:
        raise Untrue(f"SSIM of blurred copies is {scores[0]:.3f} and {scores[1]:.3f}")


def _late_pictures() -> None:
    """Filmed for 25 s, shown 100 ms later, a second of it never."""
    filmed = [(i % PICTURES, 7 + i / RATE) for i in range(25 * RATE)]
    on_screen = [(n, at + _LATE, 640) for n, at in filmed if not 15 <= at < 16]
    # A screen may be given the same picture twice.
    shown = picture_scoring.shown_of([*on_screen[:10], *on_screen[9:]])
    _same("pictures that were shown", len(shown), len(on_screen))
    delays = picture_scoring.delays(Way(Seen(filmed, [], []), Seen([], shown, []), None))
    _same("pictures that were late", len(delays), len(shown))
    for _, delay in delays:
        expect("lateness of a picture in s", delay, _LATE, 1e-6)
    [frozen] = picture_scoring.freezes(shown)
    expect("seconds that a picture froze", frozen, 1 + 1 / RATE, 1e-6)


def _freezes() -> None:
    """webrtc-stats: at 30 a second a freeze begins at 150 ms more than the 33."""
    for gap, count in ((0.17, 0), (0.19, 1)):
        times = [i / RATE + (gap - 1 / RATE if i >= 60 else 0) for i in range(120)]
        shown = [Shown(i, at, 640) for i, at in enumerate(times)]
        _same(f"freezes at {gap} s", len(picture_scoring.freezes(shown)), count)


def _sound() -> None:
    """Heard 120 ms after it was said, but for half a second of it, and a bit later."""
    said = marks.say(12)
    late = round(0.12 * SOUND_RATE)
    heard = np.pad(said, (late, 0))
    for start, end in ((7.0, 7.5), (8.5, 8.6)):
        heard[round(start * SOUND_RATE) : round(end * SOUND_RATE)] = 0
    take = Take(said, 3.0, heard, 3.0)
    for _, delay in marks.delays(take):
        expect("lateness of a mark in s", delay, 0.12, 0.001)
    expect("seconds that nothing was heard", marks.longest_gap(take, 4, 14), 0.5, 0.011)
    expect("seconds of that before", marks.longest_gap(take, 4, 9), 0, 0)


def _bottleneck() -> None:
    """400 kb/s offered 2 Mb/s carry 400, and hold nothing longer than the queue is."""
    link = Bottleneck()
    _same("the delay of a link without limit", link.carry(1200, 0.0), 0.0)
    link.kbps = 400
    fates = [link.carry(972, i * 0.004) for i in range(2500)]
    through = [fate for fate in fates if fate is not None]
    expect("kb/s through a link of 400", len(through) * 8000 / 10 / 1000, 400, 15)
    expect("the longest wait in s", max(through), Bottleneck.QUEUE_SECONDS, 0.021)


def _narrow_wire() -> None:
    """The same, packet by packet: a queue's worth gets through, one after the other."""
    with ends(Impairment(0, 0), "any") as (wire, a, b):
        wire.ask({"kbps": 200})
        took = send(a, b, wire.ports["b"], packets=50, octets=968)
    # Of 200 ms that sending takes, and 300 that the queue holds, each takes 40.
    expect("packets through a narrow wire", len(took), 12, 2)
    expect("the longest wait in s", max(took.values()), Bottleneck.QUEUE_SECONDS, 0.06)


def _same(what: str, value: object, expected: object) -> None:
    if value != expected:
        raise Untrue(f"{what} reads {value} and is {expected}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.y4m"
        try:
            make(path, Size(640, 480))
            check(Clip(path))
        except (ClipError, Untrue) as error:
            sys.exit(str(error))
