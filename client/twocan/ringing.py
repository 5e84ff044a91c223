"""What a phone sounds around a call: it rings, it is called, the call begins and is over."""

import asyncio
import logging
from collections.abc import Callable

from twocan.media.sound import Playback, Samples, SoundError
from twocan.media.tones import Busy, Connected, Ended, Ringback, Ringing, Tune
from twocan.states import CallView, End, State

log = logging.getLogger(__name__)

OpenPlayback = Callable[[], Playback]

_IN_VAIN = {End.BUSY, End.DECLINED, End.NO_ANSWER, End.UNREACHABLE, End.FORBIDDEN}
_SILENT = {End.CANCELLED, End.ANSWERED_ELSEWHERE, End.DECLINED_ELSEWHERE, End.REPLACED}
"""Ends that a person brought about here, or that another phone of theirs tells of."""


class Sounds:
    """Sounds what ``show`` is shown of calls.

    ``ringer`` opens where it rings, ``speaker`` where all else is heard.
    """

    def __init__(self, speaker: OpenPlayback, ringer: OpenPlayback) -> None:
        self._speaker, self._ringer = speaker, ringer
        self._states: dict[str, State] = {}
        self._sounding: dict[str, _Sounding] = {}

    def show(self, view: CallView) -> None:
        """Sound what this call is now, and no more what it was."""
        before = self._states.get(view.sid)
        if before is view.state:
            return
        self._states[view.sid] = view.state
        if view.state is State.ENDED:
            del self._states[view.sid]
        if sounding := self._sounding.pop(view.sid, None):
            sounding.close()
        if tune := _tune(view):
            opened = self._ringer if view.state is State.INCOMING else self._speaker
            self._sounding[view.sid] = _Sounding(tune, opened)

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


class _Sounding:
    """One tune on one speaker."""

    def __init__(self, tune: Tune, opened: OpenPlayback) -> None:
        self._tune = tune
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._playback: Playback | None = None
        try:
            self._playback = opened()
            self._playback.start(self._give, self._fail)
        except SoundError as error:
            self._give_up(error)

    async def finish(self) -> None:
        if self._tune.ends:
            await self._over.wait()

    def close(self) -> None:
        self._over.set()
        if self._playback is not None:
            playback, self._playback = self._playback, None
            playback.close()

    def _give(self, _at: float) -> Samples:
        # On the sound card's thread. What is given now is heard a little later: the end of a tune
        # is told one block after its last.
        if self._tune.finished:
            self._loop.call_soon_threadsafe(self.close)
        return self._tune.read()

    def _fail(self, error: SoundError) -> None:
        self._loop.call_soon_threadsafe(self._give_up, error)

    def _give_up(self, error: SoundError) -> None:
        # A call goes on without its tones.
        log.warning("%s", error)
        self.close()


def _tune(view: CallView) -> Tune | None:
    match view.state:
        case State.RINGING:
            return Ringback()
        case State.INCOMING:
            return Ringing()
        case State.ACTIVE:
            return Connected()
        case State.ENDED if view.end in _IN_VAIN and view.outgoing:
            return Busy()
        case State.ENDED if "connected" in view.times and view.end not in _SILENT:
            return Ended()
    return None
