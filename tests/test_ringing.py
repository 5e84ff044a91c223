"""What a phone sounds around a call, and where."""

import asyncio
from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import pytest

from twocan.media.clock import ClockedPlayback
from twocan.media.sound import BLOCK_SECONDS, Give, Playback, Samples, SoundError
from twocan.media.tones import Connected, Ringing
from twocan.ringing import Manner, Sounding, Sounds
from twocan.states import CallView, End, State
from virtual_time import in_virtual_time


class Speaker:
    """A sink that keeps what it heard since it was last asked."""

    def __init__(self) -> None:
        self.opened = self.closed = 0
        self._heard: list[Samples] = []

    def open(self) -> Playback:
        self.opened += 1
        return ClockedPlayback(self)

    def write(self, samples: Samples) -> None:
        self._heard.append(samples)

    def close(self) -> None:
        self.closed += 1

    def heard(self) -> Samples:
        heard, self._heard = self._heard, []
        return np.concatenate(heard) if heard else np.zeros(0, np.int16)

    @property
    def is_open(self) -> bool:
        return self.opened > self.closed


class Room:
    """A phone's sounds with a speaker and a ringer."""

    def __init__(self, volume: float = 1.0) -> None:
        self.speaker, self.ringer = Speaker(), Speaker()
        self.sounds = Sounds(self.speaker.open, self.ringer.open, volume)

    async def after(self, seconds: float) -> tuple[bool, bool]:
        """Whether the speaker, and whether the ringer, sounded in that time."""
        await asyncio.sleep(seconds)
        return bool(self.speaker.heard().any()), bool(self.ringer.heard().any())

    async def rings_at(self, seconds: float) -> float:
        """How loud the ringer is at its loudest in that time, as a peak in dBFS."""
        await asyncio.sleep(seconds)
        return float(20 * np.log10(np.abs(self.ringer.heard()).max() / 32768))


def call(
    state: State,
    end: End | None = None,
    *,
    outgoing: bool = True,
    sid: str = "call-1",
    **times: float,
) -> CallView:
    return CallView(
        sid=sid,
        peer="callee@site.example",
        outgoing=outgoing,
        state=state,
        end=end,
        ended_by=None,
        held=False,
        held_by_peer=False,
        muted=False,
        muted_by_peer=False,
        verification=None,
        times=MappingProxyType(times),
    )


@in_virtual_time
async def test_who_calls_hears_it_ring_then_the_call_begin_and_end_and_nothing_else() -> None:
    room = Room()
    room.sounds.show(call(State.DIALLING))
    assert await room.after(1.0) == (False, False)
    room.sounds.show(call(State.RINGING))
    assert await room.after(6.5) == (True, False)
    room.sounds.show(call(State.CONNECTING))
    assert await room.after(0.1) == (False, False)
    room.sounds.show(call(State.ACTIVE, connected=1.0))
    assert await room.after(1.0) == (True, False)
    # The call itself has the speaker now.
    assert not room.speaker.is_open
    room.sounds.show(call(State.ENDED, End.HUNG_UP, connected=1.0))
    assert await room.after(1.5) == (True, False)
    assert not room.speaker.is_open
    assert room.ringer.opened == 0


@in_virtual_time
async def test_who_is_called_hears_it_ring_on_the_ringer_until_it_is_answered() -> None:
    room = Room()
    room.sounds.show(call(State.INCOMING, outgoing=False))
    assert await room.after(5.0) == (False, True)
    room.sounds.show(call(State.CONNECTING, outgoing=False))
    assert await room.after(0.1) == (False, False)
    assert not room.ringer.is_open


@in_virtual_time
async def test_a_view_that_says_nothing_new_does_not_begin_the_tune_again() -> None:
    room = Room()
    room.sounds.show(call(State.INCOMING, outgoing=False))
    await room.after(1.0)
    room.sounds.show(call(State.INCOMING, outgoing=False))
    await room.after(0.1)
    assert room.ringer.opened == 1
    room.sounds.close()
    assert not room.ringer.is_open


@pytest.mark.parametrize(("volume", "peak"), [(1.0, -10), (0.5, -22), (0.1, -50)])
@in_virtual_time
async def test_it_rings_as_loud_as_a_person_set_it(volume: float, peak: float) -> None:
    room = Room(volume)
    room.sounds.show(call(State.INCOMING, outgoing=False))
    assert await room.rings_at(8.0) == pytest.approx(peak, abs=0.3)
    room.sounds.close()


@in_virtual_time
async def test_the_volume_is_turned_while_it_rings() -> None:
    room = Room()
    room.sounds.show(call(State.INCOMING, outgoing=False))
    await room.rings_at(4.0)
    loud = await room.rings_at(4.0)
    room.sounds.volume = 0.5
    await room.rings_at(0.02)
    assert await room.rings_at(4.0) == pytest.approx(loud - 12, abs=0.3)
    assert room.ringer.opened == 1
    room.sounds.close()


@in_virtual_time
async def test_the_volume_of_tones_that_are_not_rung_is_their_own() -> None:
    room = Room(volume=0.0)
    room.sounds.show(call(State.RINGING))
    await asyncio.sleep(1.0)
    assert np.abs(room.speaker.heard()).max() / 32768 == pytest.approx(10 ** (-24 / 20), rel=0.01)
    room.sounds.close()


@in_virtual_time
async def test_a_volume_of_zero_opens_nothing_until_it_is_turned_up() -> None:
    room = Room(volume=0.0)
    room.sounds.show(call(State.INCOMING, outgoing=False))
    assert await room.after(5.0) == (False, False)
    assert room.ringer.opened == 0
    room.sounds.volume = 0.3
    assert await room.after(1.0) == (False, True)
    room.sounds.volume = 0.0
    assert not room.ringer.is_open
    room.sounds.show(call(State.ENDED, End.CANCELLED, outgoing=False))
    room.sounds.volume = 1.0
    assert not room.ringer.is_open


@in_virtual_time
async def test_a_second_call_knocks_on_the_speaker_and_rings_once_it_may() -> None:
    room = Room()
    second = call(State.INCOMING, outgoing=False, sid="call-2")
    room.sounds.show(second, Manner.KNOCK)
    assert await room.after(5.0) == (True, False)
    room.sounds.show(second, Manner.RING)
    assert await room.after(5.0) == (False, True)
    room.sounds.show(second, Manner.QUIET)
    assert await room.after(5.0) == (False, False)
    assert not room.speaker.is_open
    assert not room.ringer.is_open


@pytest.mark.parametrize("end", [End.BUSY, End.DECLINED, End.NO_ANSWER, End.UNREACHABLE])
@in_virtual_time
async def test_a_call_in_vain_sounds_busy_to_who_made_it(end: End) -> None:
    room = Room()
    room.sounds.show(call(State.RINGING))
    await room.after(1.0)
    room.sounds.show(call(State.ENDED, end))
    beeps = [await room.after(0.5) for _ in range(9)]
    assert beeps[0] == beeps[2] == (True, False)
    assert beeps[-1] == (False, False)
    assert not room.speaker.is_open


@pytest.mark.parametrize(
    ("end", "outgoing"),
    [(End.CANCELLED, True), (End.ANSWERED_ELSEWHERE, False), (End.DECLINED, False)],
)
@in_virtual_time
async def test_an_end_that_a_person_made_happen_here_or_elsewhere_is_silent(
    end: End, outgoing: bool
) -> None:
    room = Room()
    room.sounds.show(call(State.RINGING if outgoing else State.INCOMING, outgoing=outgoing))
    await room.after(0.5)
    room.sounds.show(call(State.ENDED, end, outgoing=outgoing))
    assert await room.after(1.0) == (False, False)
    assert not room.speaker.is_open
    assert not room.ringer.is_open


@in_virtual_time
async def test_what_has_an_end_is_sounded_to_its_end_before_a_program_stops() -> None:
    room = Room()
    room.sounds.show(call(State.ENDED, End.HUNG_UP, connected=1.0))
    began = asyncio.get_running_loop().time()
    await room.sounds.finish()
    assert 0.5 < asyncio.get_running_loop().time() - began < 2.0
    assert not room.speaker.is_open


@in_virtual_time
async def test_ringing_has_no_end_that_a_program_could_wait_for() -> None:
    room = Room()
    room.sounds.show(call(State.INCOMING, outgoing=False))
    await room.sounds.finish()
    assert not room.ringer.is_open


class Broken:
    """A speaker that is pulled out."""

    closed = False

    def start(self, give: Give, failed: Callable[[SoundError], None]) -> None:
        give(0.0)
        failed(SoundError("the speaker is gone"))

    def close(self) -> None:
        self.closed = True


@in_virtual_time
async def test_what_was_sounded_to_its_end_is_told_of_and_what_was_stopped_is_not() -> None:
    speaker, told = Speaker(), list[str | None]()
    Sounding(Ringing(), speaker.open, told=told.append).close()
    assert told == []
    sounding = Sounding(Connected(), speaker.open, told=told.append)
    await asyncio.wait_for(sounding.finish(), 1.0)
    assert (told, sounding.over, speaker.is_open) == ([None], True, False)


class Hasty:
    """A speaker that asks for a whole second at once."""

    def start(self, give: Give, failed: Callable[[SoundError], None]) -> None:
        for _ in range(100):
            give(0.0)

    def close(self) -> None:
        pass


@in_virtual_time
async def test_what_is_over_is_told_of_once() -> None:
    told: list[str | None] = []
    await asyncio.wait_for(Sounding(Connected(), Hasty, told=told.append).finish(), 1.0)
    await asyncio.sleep(1.0)
    assert told == [None]


@pytest.mark.expects_log
@in_virtual_time
async def test_a_speaker_that_cannot_be_opened_is_told_of() -> None:
    def none() -> Playback:
        raise SoundError("there is no speaker")

    told: list[str | None] = []
    assert Sounding(Connected(), none, told=told.append).over
    assert told == ["there is no speaker"]


@pytest.mark.expects_log
@in_virtual_time
async def test_a_speaker_that_fails_costs_the_tone_and_nothing_else() -> None:
    broken = Broken()

    def none() -> Playback:
        raise SoundError("there is no speaker")

    for opened in (none, lambda: broken):
        sounds = Sounds(opened, opened)
        sounds.show(call(State.ENDED, End.HUNG_UP, connected=1.0))
        await asyncio.wait_for(sounds.finish(), BLOCK_SECONDS)
    assert broken.closed
