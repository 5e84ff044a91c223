"""Whole calls through sound devices: from a microphone to the far side's, and to a speaker.

The devices are those of a sound server of the test's own; all else is real. One side has devices,
the other says a tone and listens.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

import numpy as np
import pytest

import hearing
import room
from sound_server import Microphone, Sound, SoundServer, Speaker, sound_server
from talking import HIGH, Side, in_a_call, two
from twocan.media.devices import Devices
from twocan.media.echo import Processing
from twocan.media.ends import Chosen, DeviceRoom, Switches, clocked
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples
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
        async with in_a_call(chosen.open, within=WITHIN) as call:
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
        async with two(chosen.open, within=WITHIN) as (caller, callee):
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


async def test_another_microphone_and_another_speaker_are_chosen_in_mid_call(
    sound_server: SoundServer,
) -> None:
    room, side = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Side")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(500)
    sound_server.plug_microphone("Lapel").hum(900)
    chosen = Chosen("Desk", "Room", switches=UNTOUCHED)
    async with a_call(chosen) as (_caller, ours, callee, _theirs):
        await asyncio.gather(callee.ear.hears(500), until(plays(room, HIGH)))
        chosen.choose(microphone="Lapel")
        await callee.ear.hears(900)
        chosen.choose(speaker="Side")
        await until(plays(side, HIGH))
        # What has no device of its own waits for the next call.
        chosen.choose(microphone="tone:700", speaker="null")
        await callee.ear.hears(900)
        assert ours.call.state is State.ACTIVE
    async with a_call(chosen) as (_caller, ours, callee, _theirs):
        await callee.ear.hears(700)


async def test_what_is_done_to_the_sound_is_switched_in_mid_call(
    sound_server: SoundServer,
) -> None:
    sound_server.plug_microphone("Desk").hum(50)
    raw = Switches(echo=False, noise=False, gain=False, high_pass=False)
    chosen = Chosen("Desk", switches=raw)
    async with a_call(chosen) as (caller, _ours, _callee, _theirs):
        spoken = caller.media[0].voice.spoken

        async def hums(least: float, most: float) -> None:
            while not least < (spoken.recent or 0.0) < most:
                await asyncio.sleep(0.02)

        # Of a hum this low the high-pass takes 7 dB.
        await hums(-9.5, -8)
        chosen.choose(switches=UNTOUCHED)
        await hums(-17, -15)
        chosen.choose(switches=raw)
        await hums(-9.5, -8)


def test_a_room_is_learnt_anew_where_the_echo_is_switched_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt: list[Processing] = []
    learn = Processing.reset

    def reset(processing: Processing) -> None:
        learnt.append(processing)
        learn(processing)

    monkeypatch.setattr(Processing, "reset", reset)
    with closing(Devices()) as devices:
        room = DeviceRoom(devices.capture(), devices.playback(), Switches())
        del learnt[:]
        room.switch(Switches(noise=False, gain=False))
        assert learnt == []
        room.switch(Switches(echo=False))
        room.switch(Switches())
        assert len(learnt) == 2


async def test_a_remembered_device_that_is_not_there_costs_no_call(
    sound_server: SoundServer,
) -> None:
    sound_server.plug_microphone("Desk").hum(500)
    chosen = Chosen("Lapel", "Kitchen", switches=UNTOUCHED, strict=False)
    async with a_call(chosen) as (_caller, _ours, callee, _theirs):
        await callee.ear.hears(500)
        sound_server.plug_microphone("Lapel").hum(900)
        await callee.ear.hears(900)


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


async def test_without_any_device_a_call_comes_up_and_both_ends_keep_the_time() -> None:
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


# --- A room in which the speaker is heard ---------------------------------------------------------

ECHO_DB = -18.0
"""Of the speaker at the microphone, beside who speaks there."""
FAR_ALONE, BOTH = 8.0, 30.0
"""Seconds."""


class Walls(threading.Thread):
    """Carries what a speaker plays to a microphone, round by the walls, and a near voice as well.

    The near voice says nothing while the far side is to be heard alone.
    """

    def __init__(self, speaker: Speaker, microphone: Microphone, near: Sound) -> None:
        super().__init__()
        self.speaker, self.microphone = speaker, microphone
        self.near = near
        self.said = 0
        """How much of the near voice, in samples."""
        self.over = threading.Event()
        chance = np.random.default_rng(5)
        rings = 10 ** (-3 * np.arange(12000) / 12000)
        walls = chance.normal(0, 1, 12000) * rings
        walls[:96] = 0
        walls[24] = 3 * np.abs(walls).max()
        self._walls = walls / np.sqrt(np.square(walls).sum()) * 10 ** (ECHO_DB / 20)

    def run(self) -> None:
        tail, taken = np.zeros(self._walls.size), len(self.speaker.pieces(0))
        while not self.over.is_set():
            pieces = self.speaker.pieces(taken)
            if not pieces:
                time.sleep(0.002)
                continue
            taken += len(pieces)
            played = np.concatenate(pieces).astype(np.float64)
            size = played.size + self._walls.size
            echo = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(self._walls, size), size)
            echo[: tail.size] += tail
            tail = echo[played.size :]
            self.microphone.say(
                room.as_samples((echo[: played.size] + self._next(played.size)) / 32768)
            )

    def _next(self, count: int) -> room.Wave:
        voice = self.near[self.said :][:count].astype(np.float64)
        self.said += count
        return np.pad(voice, (0, count - voice.size))


class Recorder:
    """Says something, and keeps what it hears meanwhile."""

    def __init__(self, words: Samples) -> None:
        self._words, self._at = words, 0
        self.heard: list[Samples] = []

    @property
    def finished(self) -> bool:
        return self._at >= len(self._words)

    def read(self) -> Samples:
        block = self._words[self._at :][:BLOCK]
        self._at += BLOCK
        return np.pad(block, (0, BLOCK - len(block)))

    def write(self, samples: Samples) -> None:
        self.heard.append(samples)

    def close(self) -> None:
        pass


@pytest.mark.timeout(300)
async def test_half_a_minute_of_both_speaking_in_a_room_where_the_speaker_is_heard(
    sound_server: SoundServer,
) -> None:
    # Once more where the machine held the sound up: what jumps in time has to be learnt anew.
    for _ in range(3):
        taken_away, likeness = await both_speak(sound_server)
        if taken_away > 18 and likeness > 0.8:
            return
    pytest.fail(f"{taken_away:.0f} dB of the echo are taken away, {likeness:.2f} of the voice left")


async def both_speak(sound_server: SoundServer) -> tuple[float, float]:
    """How much of the echo is taken away, in dB, and how like itself who speaks over it is."""
    speaker = sound_server.plug_speaker("Speakers")
    speaker.make_default()
    microphone = sound_server.plug_microphone("Desk")
    silent = np.zeros(round(FAR_ALONE * SAMPLE_RATE))
    near = np.concatenate([silent, room.speech(room.NEAR, BOTH)])
    walls = Walls(speaker, microphone, room.as_samples(near))
    far = Recorder(room.as_samples(room.speech(room.FAR, FAR_ALONE + BOTH)))
    chosen = Chosen(switches=Switches(gain=False))
    try:
        async with two(
            chosen.open, lambda: clocked(far, far), within=FAR_ALONE + BOTH + WITHIN
        ) as (caller, callee):
            walls.start()
            caller.phone.dial("callee@site.example")
            (await callee.line(State.INCOMING)).answer()
            await caller.line(State.ACTIVE)
            while not far.finished:
                await asyncio.sleep(0.1)
    finally:
        walls.over.set()
        await asyncio.to_thread(walls.join)
        await asyncio.to_thread(chosen.close)
        microphone.unplug()
        speaker.unplug()

    heard = np.concatenate(far.heard) / 32768
    # The echo alone, once three seconds were there to learn it.
    spoken = 10 ** ((ECHO_DB - 26) / 20)
    rests = [rms(heard[each]) for each in windows(3.0, FAR_ALONE - 1, 0.5)]
    taken_away = 20 * np.log10(spoken / np.median(rests))
    # And who speaks over it is heard, word for word. Where the machine holds the sound up, a
    # piece may be lost; most are not.
    likeness = [likeness_of(near[each], heard, each) for each in windows(9.0, 36.0, 3.0)]
    return float(taken_away), float(np.median(likeness))


def windows(start: float, stop: float, length: float) -> list[slice]:
    starts = np.arange(start, stop - length / 2, length)
    return [slice(round(at * SAMPLE_RATE), round((at + length) * SAMPLE_RATE)) for at in starts]


def rms(sound: room.Wave) -> float:
    return float(np.sqrt(np.square(sound).mean()))


def likeness_of(piece: room.Wave, heard: room.Wave, said: slice) -> float:
    """How much of it is there within a second of when it was said."""
    near = heard[max(said.start - SAMPLE_RATE, 0) : said.stop + SAMPLE_RATE]
    there = hearing.likeness(hearing.Sound(piece, SAMPLE_RATE), hearing.Sound(near, SAMPLE_RATE))
    return there.correlation
