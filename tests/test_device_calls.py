"""Whole calls through sound devices: from a microphone to the far side's, and to a speaker.

The devices are those of a sound server of the test's own; all else is real. One side has devices,
the other says a tone and listens.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from sound_server import Sound, SoundServer, Speaker, sound_server
from talking import HIGH, Side, in_a_call, two
from twocan.media.ends import Chosen, Switches
from twocan.phone import Line
from twocan.selftest import hears
from twocan.states import State

__all__ = ["sound_server"]

WITHIN = 40.0
LISTENS = 9600
"""Samples: the last 0.2 s of what a speaker played."""

UNTOUCHED = Switches(echo=False, noise=False, gain=False)
"""For tones: to a noise suppressor these are noise."""


@asynccontextmanager
async def a_call(chosen: Chosen) -> AsyncIterator[tuple[Side, Line, Side, Line]]:
    try:
        async with in_a_call(chosen.open, WITHIN) as call:
            yield call
    finally:
        await asyncio.to_thread(chosen.close)


async def until(condition: Callable[[], object]) -> None:
    while not await asyncio.to_thread(condition):
        await asyncio.sleep(0.02)


def plays(speaker: Speaker, pitch: float) -> Callable[[], bool]:
    """Whether the last thing that it played is that tone."""
    return lambda: hears([latest(speaker.heard)], pitch)


def latest(sound: Sound) -> Sound:
    return sound[-LISTENS:] if len(sound) >= LISTENS else np.zeros(LISTENS, np.int16)


async def test_what_a_microphone_hears_comes_out_far_away_and_what_comes_back_out_of_the_speaker(
    sound_server: SoundServer,
) -> None:
    speaker = sound_server.plug_speaker("Speakers")
    speaker.make_default()
    microphone = sound_server.plug_microphone("Desk")
    microphone.hum(700)
    async with a_call(Chosen(switches=UNTOUCHED)) as (_caller, _ours, callee, _theirs):
        await asyncio.gather(callee.ear.hears(700), until(plays(speaker, HIGH)))


async def test_the_microphone_opens_when_both_agreed_and_closes_with_the_call(
    sound_server: SoundServer,
) -> None:
    microphone = sound_server.plug_microphone("Desk")
    chosen = Chosen()
    chosen.warm()
    try:
        async with two(chosen.open, WITHIN) as (caller, callee):
            ours = caller.phone.dial("callee@site.example")
            theirs = await callee.line(State.INCOMING)
            await caller.line(State.RINGING)
            await asyncio.sleep(0.3)
            assert not microphone.is_open()

            theirs.answer()
            await caller.line(State.ACTIVE)
            await until(microphone.is_open)
            ours.hang_up()
            await ours.ended.wait()
            await until(lambda: not microphone.is_open())
    finally:
        await asyncio.to_thread(chosen.close)


async def test_a_headset_that_is_plugged_in_takes_the_call_over_and_gives_it_back(
    sound_server: SoundServer,
) -> None:
    room = sound_server.plug_speaker("Speakers")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(500)
    async with a_call(Chosen(switches=UNTOUCHED)) as (_caller, ours, callee, _theirs):
        await asyncio.gather(callee.ear.hears(500), until(plays(room, HIGH)))

        worn = sound_server.plug_speaker("USB Headset", form="headset")
        microphone = sound_server.plug_microphone("USB Headset", form="headset")
        microphone.hum(900)
        await asyncio.gather(callee.ear.hears(900), until(plays(worn, HIGH)))

        worn.unplug()
        microphone.unplug()
        await asyncio.gather(callee.ear.hears(500), until(plays(room, HIGH)))
        assert ours.call.state is State.ACTIVE


async def test_a_call_outlives_the_sound_server(sound_server: SoundServer) -> None:
    speaker = sound_server.plug_speaker("Speakers")
    speaker.make_default()
    async with a_call(Chosen(switches=UNTOUCHED)) as (caller, ours, callee, _theirs):
        await until(plays(speaker, HIGH))
        await asyncio.to_thread(sound_server.kill)
        await callee.ear.hears_silence()
        await caller.received(50)
        assert ours.call.state is State.ACTIVE

        await asyncio.to_thread(sound_server.start)
        speaker = sound_server.plug_speaker("Speakers")
        speaker.make_default()
        await until(plays(speaker, HIGH))


async def test_without_any_device_a_call_comes_up_and_both_ends_keep_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("pcm.none { type hw card 31 }\nctl.none { type hw card 31 }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    async with a_call(Chosen()) as (caller, ours, callee, _theirs):
        await callee.ear.hears_silence()
        while not (await caller.figures()).heard_seconds > 0.5:
            await asyncio.sleep(0.02)
        assert ours.call.state is State.ACTIVE


async def test_mute_is_at_the_source_and_the_far_side_hears_nothing(
    sound_server: SoundServer,
) -> None:
    sound_server.plug_microphone("Desk").hum(700)
    async with a_call(Chosen(switches=UNTOUCHED)) as (caller, ours, callee, _theirs):
        await callee.ear.hears(700)
        ours.mute(True)
        await callee.ear.hears_silence()
        spoken = caller.media[0].voice.spoken
        while (spoken.recent or 0.0) > -100:
            await asyncio.sleep(0.02)
        ours.mute(False)
        await callee.ear.hears(700)
