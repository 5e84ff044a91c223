"""Trying out microphones, speakers, the ringer and cameras, outside a call."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from equipped import call, equipped, is_silent, peak_dbfs, plays, until
from sound_server import SoundServer, sound_server
from twocan.desk import trials as desk_trials
from twocan.desk.settings import Settings
from twocan.desk.state import Step, Trial
from twocan.desk.trials import Trials
from twocan.media.ends import Chosen
from twocan.media.pictures.chosen import ChosenSights
from twocan.media.sound import Capture, Heard, Room, SoundError
from twocan.states import State
from virtual_time import in_virtual_time, virtual_loop

__all__ = ["sound_server"]

PLAIN = Settings(echo=False, noise=False, gain=False, camera="none")
"""For tones: to a noise suppressor these are noise."""
NOTHING = Trial()


# --- With no devices, and no time -----------------------------------------------------------------


class Tried:
    """Trials with ends of their own, and what they told."""

    def __init__(self, microphone: str, volume: float) -> None:
        self.told: list[Trial] = []
        self.chosen = Chosen(microphone, "null", "null")
        self.trials = Trials(
            self.chosen,
            lambda: ChosenSights("none", "null"),
            lambda: volume,
            self.told.append,
        )

    def heard(self) -> float | None:
        return self.trials.heard.recent if self.trials.heard else None

    def played(self) -> float | None:
        return self.trials.played.recent if self.trials.played else None


@contextmanager
def tried(microphone: str = "tone:440", volume: float = 1.0) -> Iterator[Tried]:
    tried = Tried(microphone, volume)
    yield tried
    tried.trials.stop()


@in_virtual_time
async def test_five_seconds_are_recorded_and_then_played_and_then_all_is_over() -> None:
    with tried() as t:
        t.trials.record()
        assert t.told == [Trial(Step.RECORDING)]
        await asyncio.sleep(4.9)
        assert t.told == [Trial(Step.RECORDING)]
        assert t.heard() == pytest.approx(-20, abs=0.5)
        await asyncio.sleep(0.2)
        assert t.told[1:] == [Trial(Step.PLAYING)]
        assert t.heard() is None
        assert t.played() == pytest.approx(-20, abs=0.5)
        await asyncio.sleep(5.0)
        assert t.told[2:] == [NOTHING]
        assert t.played() is None
        assert virtual_loop().timers() == []


@in_virtual_time
async def test_what_is_metered_is_never_played() -> None:
    with tried() as t:
        t.trials.meter()
        await asyncio.sleep(30)
        assert t.told == [Trial(Step.METERING)]
        t.trials.stop_sound()
        assert t.told[1:] == [NOTHING]
        assert virtual_loop().timers() == []


@pytest.mark.parametrize("after", [1.0, 6.0], ids=["recording", "playing"])
@in_virtual_time
async def test_a_trial_is_stopped_at_once(after: float) -> None:
    with tried() as t:
        t.trials.record()
        await asyncio.sleep(after)
        t.trials.stop_sound()
        assert t.told[-1] == NOTHING
        assert virtual_loop().timers() == []


@in_virtual_time
async def test_one_trial_of_sound_ends_another() -> None:
    with tried() as t:
        t.trials.record()
        await asyncio.sleep(1.0)
        t.trials.sound_speaker()
        assert t.told == [Trial(Step.RECORDING), NOTHING]
        await asyncio.sleep(0.5)
        t.trials.meter()
        await asyncio.sleep(0.5)
        # One clock, that of the microphone.
        assert len(virtual_loop().timers()) == 1
        t.trials.record()
        await asyncio.sleep(5.5)
        assert t.told[2:] == [
            Trial(Step.METERING),
            Trial(Step.RECORDING),
            Trial(Step.PLAYING),
        ]


@in_virtual_time
async def test_a_microphone_that_hears_nothing_is_told_of_and_nothing_is_played() -> None:
    with tried("silence") as t:
        t.trials.record()
        await asyncio.sleep(5.5)
        problem = "the microphone hears nothing at all: is it muted, or not permitted?"
        assert t.told == [Trial(Step.RECORDING), Trial(problem=problem)]
        assert virtual_loop().timers() == []
        t.trials.meter()
        assert t.told[-1] == Trial(Step.METERING)


@in_virtual_time
async def test_a_name_that_cannot_be_is_told_of() -> None:
    with tried("tone:1") as t:
        t.trials.meter()
        [told] = t.told
        assert told.microphone is None
        assert told.problem is not None
        assert told.problem.startswith("bad tone '1'")


@in_virtual_time
async def test_a_ringer_without_volume_is_told_of() -> None:
    with tried(volume=0.0) as t:
        t.trials.sound_ringer()
        assert t.told == [Trial(problem="the ring volume is zero: turn it up")]
        assert virtual_loop().timers() == []


class Breaking:
    """A microphone that breaks after a block, if it was not closed."""

    def start(self, heard: Heard, failed: Callable[[SoundError], None]) -> None:
        heard(np.zeros(480, np.int16), 0.0)
        failed(SoundError("the microphone ended: it is broken"))

    def close(self) -> None:
        pass


class Broken(Chosen):
    def microphone(self) -> tuple[Capture, Room | None]:
        return Breaking(), None


@pytest.mark.parametrize("stopped", [False, True])
@in_virtual_time
async def test_a_microphone_that_breaks_ends_the_trial_and_is_told_of(stopped: bool) -> None:
    told: list[Trial] = []
    tried = Trials(Broken(), lambda: ChosenSights("none", "null"), lambda: 1.0, told.append)
    tried.meter()
    if stopped:
        tried.stop_sound()
    await asyncio.sleep(0.1)
    problem = None if stopped else "the microphone ended: it is broken"
    assert told == [Trial(Step.METERING), Trial(problem=problem)]


# --- The camera -----------------------------------------------------------------------------------


async def test_what_the_camera_sees_is_painted_until_it_is_switched_off() -> None:
    async with equipped(Settings(camera="pattern:160x90@30")) as watched:
        assert watched.near == []
        watched.equipment.try_camera(on=True)
        assert watched.told == [Trial(camera=True)]
        [near] = watched.near
        near.want(160, 90)
        await until(lambda: near.newest() is not None)
        watched.equipment.try_camera(on=False)
        assert watched.told[1:] == [NOTHING]
        await until(lambda: near.newest() is None)


async def test_another_camera_is_chosen_while_one_is_tried() -> None:
    async with equipped(Settings(camera="pattern:160x90@30")) as watched:
        watched.equipment.try_camera(on=True)
        [near] = watched.near
        near.want(160, 160)
        await until(lambda: near.newest() is not None and near.size == (160, 90))
        watched.equipment.apply(Settings(camera="pattern:90x160@30"))
        await until(lambda: near.newest() is not None and near.size == (90, 160))
        assert watched.told == [Trial(camera=True)]


async def test_a_camera_that_is_not_there_is_told_of() -> None:
    async with equipped(Settings(camera="none")) as watched:
        watched.equipment.try_camera(on=True)
        assert watched.told == [Trial(problem="there is no camera: choose one")]
        watched.equipment.apply(Settings(camera="pattern"))
        watched.equipment.try_camera(on=True)
        assert watched.trial == Trial(camera=True)


async def test_a_camera_and_a_microphone_are_tried_side_by_side() -> None:
    async with equipped(Settings(microphone="tone:440", camera="pattern")) as watched:
        watched.equipment.try_camera(on=True)
        watched.equipment.try_microphone(on=True)
        assert watched.trial == Trial(Step.METERING, camera=True)
        watched.equipment.try_camera(on=False)
        assert watched.trial == Trial(Step.METERING)


async def test_without_any_microphone_that_is_told_and_silence_is_metered() -> None:
    async with equipped(PLAIN) as watched:
        watched.equipment.try_microphone(on=True)
        await watched.tells(lambda trial: trial.problem)
        assert watched.trial == Trial(Step.METERING, problem="there is no microphone")


# --- On a real sound server -----------------------------------------------------------------------


async def test_a_person_records_and_hears_themselves(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_trials, "RECORDED_SECONDS", 1.0)
    room = sound_server.plug_speaker("Room")
    room.make_default()
    microphone = sound_server.plug_microphone("Desk")
    microphone.hum(500)
    async with equipped(PLAIN) as watched:
        watched.equipment.record()
        await until(microphone.is_open)
        await watched.tells(lambda trial: trial.microphone is Step.PLAYING)
        assert is_silent(room)()
        await until(lambda: not microphone.is_open())
        assert watched.trial.microphone is Step.PLAYING
        await until(plays(room, 500))
        levels = watched.equipment.levels(None)
        assert levels.microphone is None
        assert levels.speaker == pytest.approx(-8.7, abs=1)
        await watched.tells(lambda trial: trial == NOTHING)
        await until(is_silent(room))
        assert watched.told == [Trial(Step.RECORDING), Trial(Step.PLAYING), NOTHING]


async def test_what_is_metered_is_what_others_would_hear(sound_server: SoundServer) -> None:
    microphone = sound_server.plug_microphone("Desk")
    microphone.hum(1000)
    async with equipped(PLAIN) as watched:
        levels = watched.equipment.levels
        watched.equipment.try_microphone(on=True)
        await until(lambda: (levels(None).microphone or -127) > -10)
        watched.equipment.apply(Settings(echo=False, noise=True, gain=False))
        await until(lambda: (levels(None).microphone or 0) < -20)
        watched.equipment.apply(PLAIN)
        await until(lambda: (levels(None).microphone or -127) > -10)
        watched.equipment.try_microphone(on=False)
        await until(lambda: not microphone.is_open())
        assert levels(None).microphone is None


async def test_a_trial_moves_to_the_microphone_that_is_chosen(sound_server: SoundServer) -> None:
    desk, lapel = sound_server.plug_microphone("Desk"), sound_server.plug_microphone("Lapel")
    async with equipped(PLAIN) as watched:
        watched.equipment.apply(Settings(microphone="Desk"))
        watched.equipment.try_microphone(on=True)
        await until(desk.is_open)
        watched.equipment.apply(Settings(microphone="Lapel"))
        await until(lambda: lapel.is_open() and not desk.is_open())


async def test_the_speaker_and_the_ringer_are_tried(sound_server: SoundServer) -> None:
    room, bell = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Bell")
    settings = Settings(speaker="Room", ringer="Bell", ring_volume=0.5)
    async with equipped(settings) as watched:
        watched.equipment.try_speaker()
        await until(lambda: peak_dbfs(room.heard) == pytest.approx(-16, abs=0.5))
        assert peak_dbfs(bell.heard) < -60
        watched.equipment.try_ringer()
        await until(lambda: peak_dbfs(bell.heard) == pytest.approx(-22, abs=0.5))
        await until(lambda: watched.equipment.levels(None).speaker is None)
        assert peak_dbfs(bell.heard) == pytest.approx(-22, abs=0.5)
        assert watched.told == []


async def test_a_call_ends_a_trial_and_refuses_others(sound_server: SoundServer) -> None:
    microphone = sound_server.plug_microphone("Desk")
    async with equipped(PLAIN) as watched:
        equipment = watched.equipment
        equipment.try_microphone(on=True)
        await until(microphone.is_open)
        equipment.show(call(State.INCOMING), silent=True)
        assert watched.trial == NOTHING
        await until(lambda: not microphone.is_open())

        refused = Trial(problem="a call is up: try it again once that is over")
        trials: tuple[Callable[[], None], ...] = (
            lambda: equipment.try_microphone(on=True),
            equipment.record,
            equipment.try_speaker,
            equipment.try_ringer,
            lambda: equipment.try_camera(on=True),
        )
        for trial in trials:
            trial()
            assert watched.trial == refused
            equipment.try_microphone(on=False)
            assert watched.trial == NOTHING
        equipment.show(call(State.ENDED), silent=True)
        equipment.try_microphone(on=True)
        await until(microphone.is_open)
        # What was missed long ago disturbs nobody.
        equipment.show(call(State.ENDED, "call-2"), silent=True)
        assert watched.trial == Trial(Step.METERING)
