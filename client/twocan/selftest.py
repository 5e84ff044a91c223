"""A whole call within one process: two phones, real ICE, DTLS, SRTP, Opus and VP8 over loopback.

Only the signalling is in memory. It runs wherever the program runs, also inside the frozen
file: what is missing there is missed here.
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import Sequence

import numpy as np

from twocan.media import audio
from twocan.media.echo import Processing
from twocan.media.ends import clocked
from twocan.media.figures import Figures
from twocan.media.pictures.filming.pattern import Pattern, read
from twocan.media.pictures.picture import Coded, Picture, Sights
from twocan.media.session import CallMedia
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples
from twocan.phone import Line, Phone
from twocan.report import MEDIA_FAILED, OK
from twocan.signalling import Exchange
from twocan.states import CallView, State

CALLER, CALLEE = "caller@selftest.invalid/a", "callee@selftest.invalid/b"
PITCHES = (440.0, 660.0)
"""What each side says, in Hz."""
LISTENS = 0.6
SIZE = (320, 180)
PICTURES = 5
SEEN_WITHIN = 5.0
WITHIN = 15.0
CLEANS = 200
"""Blocks: two seconds, after which the canceller looks where in the sound the echo is."""
MOMENT = 20
"""Blocks: 200 ms of a tone are heard. Where a machine under load bridged a gap its phase is another
before and after, which is no fault."""
MOST = 0.8
"""Of the energy of what is heard: a tone, and what coding makes of it."""


class Listener:
    """A sink that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []

    def write(self, samples: Samples) -> None:
        self.heard.append(samples.copy())

    def close(self) -> None:
        pass


class Viewer:
    """A screen that counts the pictures in which it reads what a test camera wrote there."""

    def __init__(self) -> None:
        self.seen = asyncio.Semaphore(0)
        self._loop = asyncio.get_running_loop()

    def hear(self, block: Samples, at: float) -> None:
        pass

    def show(self, picture: Picture, coded: Coded) -> None:
        if read(picture) is not None:
            self._loop.call_soon_threadsafe(self.seen.release)

    def close(self) -> None:
        pass


class _Side:
    """One of the two phones, with its tone and its ear, its camera and its eye."""

    def __init__(self, exchange: Exchange, address: str, pitch: float) -> None:
        self.ear, self.eye = Listener(), Viewer()
        sights = Sights(lambda: Pattern(*SIZE), lambda: self.eye)
        self.views: asyncio.Queue[CallView] = asyncio.Queue()
        self.phone = Phone(
            exchange.join(address),
            lambda report: CallMedia(report, lambda: clocked(audio.Tone(pitch), self.ear), sights),
            self.views.put_nowait,
        )

    async def sees(self) -> bool:
        """Whether the far side's camera is seen, before long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SEEN_WITHIN):
                for _ in range(PICTURES):
                    await self.eye.seen.acquire()
                return True
        return False

    async def until(self, state: State) -> CallView:
        """Wait until a call of this phone is in ``state``."""
        while True:
            view = await self.views.get()
            if view.state is state:
                return view
            if view.state is State.ENDED:
                raise SelfTestError(f"the call ended as {view.end} before it was {state}")


class SelfTestError(Exception):
    """What did not work."""


async def selftest() -> int:
    """Make the call, print what came of it, and give the exit code."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(WITHIN):
            lines = await _whole_call()
    except TimeoutError:
        lines = [f"no: it took longer than {WITHIN:.0f} s"]
    except SelfTestError as error:
        lines = [f"no: {error}"]
    failed = any(line.startswith("no") for line in lines)
    took = time.perf_counter() - started
    with contextlib.suppress(BrokenPipeError):
        print("\n".join(lines), file=sys.stderr if failed else sys.stdout)
        print(f"selftest {'failed' if failed else 'passed'} in {took:.2f} s", flush=True)
    return MEDIA_FAILED if failed else OK


async def _whole_call() -> list[str]:
    exchange = Exchange(asyncio.get_running_loop().call_later)
    caller = _Side(exchange, CALLER, PITCHES[0])
    callee = _Side(exchange, CALLEE, PITCHES[1])
    try:
        line = caller.phone.dial(CALLEE.partition("/")[0], showing=True)
        answering = _line(callee.phone, (await callee.until(State.INCOMING)).sid)
        answering.answer(showing=True)
        views = [await caller.until(State.ACTIVE), await callee.until(State.ACTIVE)]
        await asyncio.sleep(LISTENS)
        seen = await asyncio.gather(caller.sees(), callee.sees())
        line.hang_up()
        await asyncio.gather(line.ended.wait(), answering.ended.wait())
        figures = await line.media.figures()
        return _verdict(caller, callee, views, seen, figures)
    finally:
        await caller.phone.close()
        await callee.phone.close()


def _line(phone: Phone, sid: str) -> Line:
    line = phone.line(sid)
    if line is None:
        raise SelfTestError("the call was lost between ringing and answering")
    return line


def _verdict(
    caller: _Side,
    callee: _Side,
    views: list[CallView],
    seen: Sequence[bool],
    figures: Figures | None,
) -> list[str]:
    one, other = views
    path = figures.path if figures else None
    checks = {
        "the callee heard the caller": _heard(callee.ear.heard, PITCHES[0]),
        "the caller heard the callee": _heard(caller.ear.heard, PITCHES[1]),
        "each saw the other": all(seen),
        "a microphone's sound is cleaned": _cleaned(),
        "both read the same code": one.verification == other.verification is not None,
        f"over {path.protocol} from {path.local} to {path.remote}" if path else "a path": bool(
            path
        ),
    }
    return [f"{'ok' if passed else 'no'}: {what}" for what, passed in checks.items()]


def _cleaned() -> bool:
    """Whether echo, noise and gain work; where what they need was not installed, the echo's do."""
    room = Processing()
    block = np.full(BLOCK, 1000, np.int16)
    for number in range(CLEANS):
        room.played(block, number / 100)
        if room.clean(block, number / 100).shape != block.shape:
            return False
    return room.problem is None or not hasattr(sys, "_MEIPASS")


def _heard(blocks: list[Samples], pitch: float) -> bool:
    """Whether there was a moment of that tone."""
    starts = range(0, len(blocks) - MOMENT + 1, MOMENT)
    return any(hears(blocks[at : at + MOMENT], pitch) for at in starts)


def hears(blocks: list[Samples], pitch: float, share: float = MOST) -> bool:
    """Whether ``share`` of the sound, or more, is a tone of ``pitch``."""
    if not blocks:
        return False
    sound = np.concatenate(blocks).astype(np.float64)
    at = np.arange(sound.size)
    tone = abs(np.exp(-2j * np.pi * pitch * at / SAMPLE_RATE) @ sound) ** 2 * 2 / sound.size
    return bool(tone > share * np.square(sound).sum() > 0)
