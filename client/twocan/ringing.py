"""What a phone sounds around a call: it rings, it is called, the call begins and is over."""

import asyncio
import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import numpy as np

from twocan.media.sound import Playback, Samples, SoundError
from twocan.media.tones import Busy, Connected, Ended, Ringback, Ringing, Tune, Waiting
from twocan.states import CallView, End, State

log = logging.getLogger(__name__)

OpenPlayback = Callable[[], Playback]

_IN_VAIN = {End.BUSY, End.DECLINED, End.NO_ANSWER, End.UNREACHABLE, End.FORBIDDEN}
_SILENT = {End.CANCELLED, End.ANSWERED_ELSEWHERE, End.DECLINED_ELSEWHERE, End.REPLACED}
"""Ends that a person brought about here, or that another phone of theirs tells of."""


class Manner(StrEnum):
    """How a person is told that somebody calls."""

    RING = "ring"
    KNOCK = "knock"
    """Softly, where the person hears the call that they are in."""
    QUIET = "quiet"


class Melody(Protocol):
    """What can be sounded."""

    @property
    def ends(self) -> bool:
        """Whether it ever will be finished."""

    @property
    def finished(self) -> bool: ...

    def read(self) -> Samples:
        """The next 10 ms; silence once it is finished."""


class Sounds:
    """Sounds what ``show`` is shown of calls.

    ``ringer`` opens where it rings, ``speaker`` where all else is heard. ``volume``: of the
    ringer, as in the property.
    """

    def __init__(self, speaker: OpenPlayback, ringer: OpenPlayback, volume: float = 1.0) -> None:
        self._speaker, self._ringer = speaker, ringer
        self._volume = volume
        self._shown: dict[str, tuple[State, Manner | None]] = {}
        self._sounding: dict[str, Sounding] = {}

    @property
    def volume(self) -> float:
        """How loud it rings: from 0, when nothing is opened at all, to 1. It may change at any
        time."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        was, self._volume = self._volume, volume
        if bool(was) is bool(volume):
            return
        for sid, shown in self._shown.items():
            if shown == (State.INCOMING, Manner.RING):
                self._sound(sid, self._call(Manner.RING))

    def show(self, view: CallView, manner: Manner = Manner.RING) -> None:
        """Sound what this call is now, and no more what it was; ``manner``: if it comes in."""
        shown = (view.state, manner if view.state is State.INCOMING else None)
        if self._shown.get(view.sid) == shown:
            return
        self._shown[view.sid] = shown
        if view.state is State.ENDED:
            del self._shown[view.sid]
        if view.state is State.INCOMING:
            self._sound(view.sid, self._call(manner))
        else:
            tune = _tune(view)
            self._sound(view.sid, Sounding(tune, self._speaker) if tune else None)

    async def finish(self) -> None:
        """Wait until what has an end was sounded to its end, and stop the rest."""
        for sounding in self._sounding.values():
            await sounding.finish()
        self.close()

    def close(self) -> None:
        """Be silent."""
        for sounding in self._sounding.values():
            sounding.close()
        self._sounding.clear()

    def _call(self, manner: Manner) -> "Sounding | None":
        """Somebody calls."""
        if manner is Manner.KNOCK:
            return Sounding(Waiting(), self._speaker)
        if manner is Manner.RING and self._volume:
            return Sounding(Ringing(), self._ringer, gain=lambda: gain(self._volume))
        return None

    def _sound(self, sid: str, sounding: "Sounding | None") -> None:
        """This and nothing else for this call."""
        if before := self._sounding.pop(sid, None):
            before.close()
        self._sounding = {sid: each for sid, each in self._sounding.items() if not each.over}
        if sounding is not None:
            self._sounding[sid] = sounding


def gain(volume: float) -> float:
    """The factor of a volume from 0 to 1: its square, for half of it is to sound half as loud."""
    return volume**2


class Sounding:
    """One melody on one speaker, closed once it is finished.

    ``gain``: the factor by which it is louder, asked for every block. ``told``: called once it is
    over by itself, with what kept it from being heard, for a person, or None.
    """

    def __init__(
        self,
        melody: Melody,
        opened: OpenPlayback,
        *,
        gain: Callable[[], float] = lambda: 1.0,
        told: Callable[[str | None], None] = lambda _problem: None,
    ) -> None:
        self._melody, self._told = melody, told
        self._gain, self._factor = gain, gain()
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._playback: Playback | None = None
        try:
            self._playback = opened()
            self._playback.start(self._give, self._fail)
        except SoundError as error:
            self._give_up(error)

    @property
    def over(self) -> bool:
        """Whether nothing is open any more."""
        return self._over.is_set()

    async def finish(self) -> None:
        """Wait for its end, if it has one."""
        if self._melody.ends:
            await self._over.wait()

    def close(self) -> None:
        """Stop it where it is."""
        self._over.set()
        if self._playback is not None:
            playback, self._playback = self._playback, None
            playback.close()

    def _give(self, _at: float) -> Samples:
        # On the sound card's thread. What is given now is heard a little later: the end of a tune
        # is told one block after its last.
        if self._melody.finished:
            self._loop.call_soon_threadsafe(self._end)
        return self._louder(self._melody.read())

    def _louder(self, block: Samples) -> Samples:
        before, self._factor = self._factor, self._gain()
        if before == self._factor == 1.0:
            return block
        # From one loudness to the other without a click.
        ramp = np.linspace(before, self._factor, len(block))
        louder: Samples = np.rint(block * ramp).astype(np.int16)
        return louder

    def _fail(self, error: SoundError) -> None:
        self._loop.call_soon_threadsafe(self._give_up, error)

    def _give_up(self, error: SoundError) -> None:
        # A call goes on without its tones.
        log.warning("%s", error)
        self._end(str(error))

    def _end(self, problem: str | None = None) -> None:
        if not self.over:
            # A device that is missing fails nothing, but nobody heard it.
            problem = problem or getattr(self._playback, "problem", None)
            self.close()
            self._told(problem)


def _tune(view: CallView) -> Tune | None:
    match view.state:
        case State.RINGING:
            return Ringback()
        case State.ACTIVE:
            return Connected()
        case State.ENDED if view.end in _IN_VAIN and view.outgoing:
            return Busy()
        case State.ENDED if "connected" in view.times and view.end not in _SILENT:
            return Ended()
    return None
