"""An equipment to test with, and what it tells."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import MappingProxyType

import numpy as np

from sound_server import Sound, Speaker
from twocan.desk.equipment import Equipment
from twocan.desk.settings import Settings
from twocan.desk.state import Trial
from twocan.media.pictures.canvas import Canvas
from twocan.selftest import hears
from twocan.states import CallView, End, State

WITHIN = 30.0
_LISTENS = 9600
"""Samples: the last 0.2 s of what a speaker played."""


class Watched:
    """An equipment, the trials that it told of, and the canvases that it gave."""

    def __init__(self, settings: Settings) -> None:
        self.told: list[Trial] = []
        self.far: list[Canvas] = []
        self.near: list[Canvas] = []
        self._news = asyncio.Event()
        self.equipment = Equipment(
            settings, far=self.far.append, near=self.near.append, changed=self._changed
        )

    @property
    def trial(self) -> Trial:
        """How it goes now."""
        return self.told[-1] if self.told else Trial()

    async def tells(self, is_so: Callable[[Trial], object]) -> None:
        while not is_so(self.trial):
            self._news.clear()
            await self._news.wait()

    def _changed(self, trial: Trial) -> None:
        self.told.append(trial)
        self._news.set()


@asynccontextmanager
async def equipped(settings: Settings) -> AsyncIterator[Watched]:
    watched = Watched(settings)
    async with asyncio.timeout(WITHIN):
        try:
            yield watched
        finally:
            await watched.equipment.close()


async def until(condition: Callable[[], object]) -> None:
    """Asked on a thread, for some conditions take their time."""
    while not await asyncio.to_thread(condition):
        await asyncio.sleep(0.02)


def plays(speaker: Speaker, pitch: float) -> Callable[[], bool]:
    """Whether the last thing that it played is that tone."""
    return lambda: hears([_latest(speaker.heard)], pitch)


def is_silent(speaker: Speaker) -> Callable[[], bool]:
    """Whether the last thing that it played is nothing."""
    return lambda: not _latest(speaker.heard).any()


def _latest(sound: Sound) -> Sound:
    return sound[-_LISTENS:] if len(sound) >= _LISTENS else np.zeros(_LISTENS, np.int16)


def peak_dbfs(sound: Sound) -> float:
    return float(20 * np.log10(np.abs(sound.astype(float)).max(initial=1e-3) / 32768))


def call(
    state: State, sid: str = "call-1", *, outgoing: bool = False, end: End | None = None
) -> CallView:
    return CallView(
        sid=sid,
        peer="demo@site.example",
        outgoing=outgoing,
        state=state,
        end=end,
        ended_by=None,
        held=False,
        held_by_peer=False,
        muted=False,
        muted_by_peer=False,
        verification=None,
        times=MappingProxyType({"started": time.monotonic()}),
    )
