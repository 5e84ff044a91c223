"""Whether the instruments read true: known sound is scored, known packets are sent.

The suite begins with it, for what an instrument that is off would say of anybody means nothing.
``python tests/bench/selfcheck.py`` runs it alone.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from statistics import fmean, median

import numpy as np

import speech
from impairment import Impairment
from peers import Wire
from scoring import Sound, Take, Unheard, judge

_PACKETS, _EVERY_SECONDS, _LAST_SECONDS = 400, 0.004, 0.4
_MEDIA = bytes([0x80, 111])
_BEST_PESQ = 4.64
_LATE_MS = 5.0
"""What the event loop of the wire may add in the median, on a busy machine."""


class Untrue(Exception):
    """An instrument does not read true: one line."""


def check(said: Sound) -> None:
    """Raises Untrue."""
    for one in (_a_copy, _a_delayed_copy, _a_copy_with_gaps, _silence):
        one(said)
    _the_dice()
    _the_wire()


def _a_copy(said: Sound) -> None:
    score = judge(Take(said, 0.0, said, 0.0), speech.turns())
    expect("PESQ of a perfect copy", score.pesq_wb, _BEST_PESQ, 0.01)
    expect("STOI of a perfect copy", score.stoi, 1.0, 0.001)
    expect("delay of a perfect copy", score.delay_ms, 0.0, 0.0)
    expect("silence in a perfect copy", score.silence_ms, 0.0, 0.0)


def _a_delayed_copy(said: Sound) -> None:
    """Its recording began 40 ms before what was said; the delay is 123.5 ms."""
    late = round(0.1635 * speech.RATE)
    score = judge(Take(said, 7.04, np.pad(said, (late, 0)), 7.0), speech.turns())
    expect("PESQ of a delayed copy", score.pesq_wb, _BEST_PESQ, 0.01)
    expect("delay of a delayed copy", score.delay_ms, 123.5, 0.05)


def _a_copy_with_gaps(said: Sound) -> None:
    """The loudest 100 ms of each turn are missing."""
    heard, gap = said.copy(), speech.RATE // 10
    for turn in speech.turns():
        energy = np.add.reduceat(said[turn].astype(np.float64) ** 2, range(0, 7 * speech.RATE, gap))
        loudest = turn.start + int(np.argmax(energy)) * gap
        heard[loudest : loudest + gap] = 0
    score = judge(Take(said, 0.0, heard, 0.0), speech.turns())
    expect("silence in a copy with gaps", score.silence_ms, 500, 50)
    if not 1 < score.pesq_wb < _BEST_PESQ - 0.2:
        raise Untrue(f"a copy with gaps has a PESQ of {score.pesq_wb:.2f}")


def _silence(said: Sound) -> None:
    try:
        judge(Take(said, 0.0, np.zeros_like(said), 0.0), speech.turns())
    except Unheard:
        return
    raise Untrue("silence was taken for speech")


def _the_dice() -> None:
    for burst in (None, 3.0):
        fates = list(islice(Impairment(5, 30, burst).fates("any"), 100_000))
        lost = [fate.lost for fate in fates]
        begun = sum(now and not before for before, now in zip([False, *lost], lost, strict=False))
        expect("loss in percent", 100 * fmean(lost), 5, 0.4)
        expect("packets lost in a row", sum(lost) / begun, burst or 1.05, 0.1)
        expect("jitter in ms", 1000 * fmean(fate.delay for fate in fates), 15, 0.2)


def _the_wire() -> None:
    """Every packet of media meets the fate that is its own."""
    impairment = Impairment(20, 30)
    fates = list(islice(impairment.fates("any a RTP"), _PACKETS))
    with ends(impairment, "any") as (wire, a, b):
        took = send(a, b, wire.ports["b"], _PACKETS)
    arrived = [not fate.lost for fate in fates]
    if [number in took for number in range(_PACKETS)] != arrived:
        raise Untrue("the wire lost other packets than its dice said")
    late = [1000 * (took[n] - fate.delay) for n, fate in enumerate(fates) if not fate.lost]
    expect("lateness of the wire in ms", median(late), 0.0, _LATE_MS)


@contextmanager
def ends(impairment: Impairment, seed: str) -> Iterator[tuple[Wire, socket.socket, socket.socket]]:
    """A wire with nothing but a socket at either end."""
    with (
        Wire(impairment, seed) as wire,
        socket.socket(type=socket.SOCK_DGRAM) as a,
        socket.socket(type=socket.SOCK_DGRAM) as b,
    ):
        for end in (a, b):
            end.bind(("127.0.0.1", 0))
        wire.ask({"a": a.getsockname(), "b": b.getsockname()})
        yield wire, a, b


def send(
    a: socket.socket, b: socket.socket, port: int, packets: int, octets: int = 0
) -> dict[int, float]:
    """How long each packet of media took from a to b, in seconds, by its number."""
    took: dict[int, float] = {}
    sent: dict[int, float] = {}
    for number in range(packets):
        sent[number] = time.monotonic()
        a.sendto(_MEDIA + number.to_bytes(2, "big") + bytes(octets), ("127.0.0.1", port))
        _take(b, _EVERY_SECONDS, sent, took)
    _take(b, _LAST_SECONDS, sent, took)
    return took


def _take(b: socket.socket, seconds: float, sent: dict[int, float], took: dict[int, float]) -> None:
    """What comes within that time."""
    last = time.monotonic() + seconds
    while (left := last - time.monotonic()) > 0:
        b.settimeout(left)
        try:
            data = b.recv(100)
        except TimeoutError:
            return
        number = int.from_bytes(data[2:4], "big")
        took[number] = time.monotonic() - sent[number]


def expect(what: str, value: float, expected: float, tolerance: float) -> None:
    if not abs(value - expected) <= tolerance:
        raise Untrue(f"{what} reads {value:.3f} and is {expected:g}")


if __name__ == "__main__":
    check(speech.say())
