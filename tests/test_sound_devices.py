"""Microphones and speakers that come, go, sleep and die, on a real server without hardware."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from ctypes import Array, addressof, c_char, memmove
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sound_server import SoundServer, sound_server, until
from twocan.media.devices import Device, Devices, Direction
from twocan.media.devices.choosing import Following, choose, is_worn, named_apart
from twocan.media.devices.portaudio import Clock, Port, PortAudio, Stream, Way
from twocan.media.devices.systems import (
    Listed,
    alsa_signs,
    listed,
    macos_property,
    wave_names,
)
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples, SoundError

__all__ = ["sound_server"]

MICROPHONE, SPEAKER = Direction

# --- choosing --------------------------------------------------------------------------------


def speakers(*names: str, default: str = "") -> tuple[Device, ...]:
    return tuple(Device(SPEAKER, name, name.lower(), name == default) for name in names)


ROOM = speakers("Speakers", "Speakers of the Screen", "Headset Left", "Headset Right")


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("default", "default"),
        ("Speakers", "Speakers"),
        ("headset left", "Headset Left"),
        ("RIGHT", "Headset Right"),
    ],
)
def test_a_device_is_chosen_by_its_name_or_a_part_that_only_it_has(typed: str, chosen: str) -> None:
    assert choose(typed, ROOM, SPEAKER) == chosen


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (
            "headset",
            "'headset' could be several speakers: give more of 'Headset Left', 'Headset Right'",
        ),
        (
            "gramophone",
            "there is no speaker 'gramophone': give default, or one of 'Speakers', "
            "'Speakers of the Screen', 'Headset Left', 'Headset Right'",
        ),
    ],
)
def test_a_name_that_is_not_there_or_not_clear_names_those_that_are(
    typed: str, complaint: str
) -> None:
    with pytest.raises(SoundError, match=f"^{complaint}$"):
        choose(typed, ROOM, SPEAKER)


def test_a_speaker_is_no_microphone() -> None:
    with pytest.raises(SoundError, match="no microphone 'Speakers', nor any other: plug one in"):
        choose("Speakers", ROOM, MICROPHONE)


def test_devices_of_one_make_are_told_apart() -> None:
    one = Device(SPEAKER, "Headset", "usb1")
    both = named_apart(
        (one, Device(MICROPHONE, "Headset", "usb1"), Device(SPEAKER, "Headset", "usb2"))
    )
    assert [device.name for device in both] == ["Headset", "Headset", "Headset (2)"]


def follow(wanted: str, *stages: tuple[Device, ...]) -> list[str | None]:
    """Which device a line uses, stage by stage."""
    line = Following(SPEAKER, wanted)
    used = []
    for before, now in pairwise((stages[0], *stages)):
        line = line.seen(before, now)
        target = line.target(now)
        used.append(target.name if target else None)
    return used


def test_a_device_that_is_plugged_in_is_used_and_the_default_once_it_went() -> None:
    alone = speakers("Speakers", default="Speakers")
    both = speakers("Speakers", "Headset", default="Speakers")

    assert follow("default", alone, both, alone) == ["Speakers", "Headset", "Speakers"]


def test_a_default_that_changes_is_the_last_word() -> None:
    alone = speakers("Speakers", default="Speakers")
    plugged = speakers("Speakers", "Headset", "Radio", default="Speakers")
    changed = speakers("Speakers", "Headset", "Radio", default="Headset")

    assert follow("default", alone, plugged, changed) == ["Speakers", "Radio", "Headset"]


def test_a_screen_is_no_headset() -> None:
    alone = speakers("Speakers", default="Speakers")
    both = speakers("Speakers", "Screen (HDMI 2)", default="Speakers")

    assert follow("default", alone, both) == ["Speakers", "Speakers"]


def test_a_chosen_device_that_went_is_used_again_once_it_is_back() -> None:
    alone = speakers("Speakers", default="Speakers")
    both = speakers("Speakers", "Headset", default="Speakers")
    more = speakers("Speakers", "Headset", "Radio", default="Radio")

    used = follow("Headset", both, alone, (), both, more)

    assert used == ["Headset", "Speakers", None, "Headset", "Headset"]


@pytest.mark.parametrize(
    ("words", "worn"),
    [
        (("USB Audio", "headset"), True),
        (("Jabra Headset Analog Stereo",), True),
        (("AirPods",), True),
        (("Built-in", "", "analog-output-headphones"), True),
        (("Built-in", "internal", "analog-output-speaker"), False),
        (("Overhead HDMI",), False),
    ],
)
def test_what_is_worn_is_known_by_its_names(words: tuple[str, ...], worn: bool) -> None:
    assert is_worn(*words) is worn


# --- what PortAudio lists --------------------------------------------------------------------


def port(name: str, host: str = "ALSA", inputs: int = 2, outputs: int = 2) -> Port:
    return Port(0, name, host, inputs, outputs, name == "default", name == "default")


def test_of_four_lists_of_windows_one_is_shown() -> None:
    hosts = ("MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS")
    found = listed([port("Headset", host, inputs=0) for host in hosts])
    assert [device.key for device in found] == ["Windows WASAPI: Headset"]


def test_what_alsa_has_on_every_machine_is_not_shown() -> None:
    names = ("default", "sysdefault", "surround51", "dmix", "HDA Intel: Analog (hw:0,0)", "kitchen")
    found = listed([port(name, inputs=0) for name in names])
    assert [d.name for d in found] == ["default", "HDA Intel: Analog (hw:0,0)", "kitchen"]
    assert [d.default for d in found] == [True, False, False]


def test_signs_count_once_they_have_settled() -> None:
    signs = iter([1, 1, 2, 3, 3, 3])
    system = Listed(SimpleNamespace(), lambda: next(signs), every=0.0)  # type: ignore[arg-type]
    assert [system.changed() for _ in range(5)] == [False, False, False, True, False]


def test_cards_are_signs_on_alsa(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    none = alsa_signs(cards)
    cards.write_text(" 0 [Headset]: USB-Audio")
    assert alsa_signs(cards) != none


def test_names_are_signs_on_windows() -> None:
    class Winmm:
        names = ("Headset".ljust(32, "\0"), "Lautsprecher für alle, im Wohnraum")

        def waveOutGetNumDevs(self) -> int:  # noqa: N802
            return len(self.names)

        def waveOutGetDevCapsW(self, index: Any, into: Array[c_char], size: int) -> None:  # noqa: N802
            memmove(addressof(into) + 8, self.names[index.value].encode("utf-16-le"), 64)
            assert size == 84

    assert wave_names(Winmm(), "waveOut") == ("Headset", "Lautsprecher für alle, im Wohnra")


def test_numbers_are_signs_on_macos() -> None:
    class CoreAudio:
        def AudioObjectGetPropertyDataSize(self, *ask: Any) -> None:  # noqa: N802
            assert ask[0] == 1
            ask[4]._obj.value = 8

        def AudioObjectGetPropertyData(self, *ask: Any) -> None:  # noqa: N802
            assert ask[1]._obj.selector == int.from_bytes(b"dev#", "big")
            ask[5][0:8] = b"\1\0\0\0\2\0\0\0"

    assert macos_property(CoreAudio(), b"dev#") == b"\1\0\0\0\2\0\0\0"


# --- the clock -------------------------------------------------------------------------------


@given(
    late=st.lists(st.floats(0, 0.1), min_size=20, max_size=40),
    which=st.integers(0, 8),
)
def test_late_callbacks_do_not_shake_the_clock(late: list[float], which: int) -> None:
    clock = Clock()
    told = [clock.tell(block * 0.01) for block in range(20)]
    # Every third one is late; half of the last few would be a step.
    offs = [off if (block + which) % 3 == 0 else 0.0 for block, off in enumerate(late)]
    told += [clock.tell((20 + block) * 0.01 + off) for block, off in enumerate(offs)]
    assert all(later - at == pytest.approx(0.01) for at, later in pairwise(told))


def test_a_device_with_a_quartz_of_its_own_leads_the_clock() -> None:
    clock = Clock()
    fast = 0.01 * (1 - 500e-6)
    told = [clock.tell(block * fast) for block in range(10_000)]
    assert abs(told[-1] - 9999 * fast) < 0.0005


def test_the_clock_jumps_where_sound_did_as_soon_as_most_callbacks_say_so() -> None:
    clock = Clock()
    told = [clock.tell(block * 0.01 + (0.5 if block >= 50 else 0.0)) for block in range(60)]
    assert told[53] == pytest.approx(0.53)
    assert told[54:] == pytest.approx([0.54 + 0.5 + block * 0.01 for block in range(6)])


def test_a_step_of_a_few_milliseconds_is_a_step_and_no_slope() -> None:
    # What a slope would be: a canceller would take it for a quartz that is off.
    clock = Clock()
    told = [clock.tell(block * 0.01 + (0.004 if block > 100 else 0)) for block in range(200)]
    assert sum(abs(after - before - 0.01) > 1e-6 for before, after in pairwise(told)) == 1
    assert told[-1] == pytest.approx(1.994)


def test_the_way_to_the_air_is_held_while_what_is_said_of_it_wanders() -> None:
    way = Way()
    said = [0.03, 0.034, 0.04, *[0.035] * 7, *(0.035 + 0.005 * np.sin(np.arange(300) / 50))]
    held = [way.hold(each) for each in said]
    assert set(held[10:]) == {0.035}


def test_a_way_that_has_been_another_for_half_a_second_is_believed() -> None:
    way = Way()
    held = [way.hold(0.03) for _ in range(20)] + [way.hold(0.08) for _ in range(60)]
    assert held[20:69] == [0.03] * 49
    assert held[69:] == [0.08] * 11


# --- on a real sound server ------------------------------------------------------------------


_HELD_UP_SECONDS = 0.01


class Ear:
    """What a call would do with a microphone: keep what it hears, and when."""

    def __init__(self) -> None:
        self.blocks: list[tuple[float, float, Samples]] = []
        self.failures: list[SoundError] = []

    def heard(self, block: Samples, at: float) -> None:
        self.blocks.append((time.monotonic(), at, block))

    @property
    def latest(self) -> Samples:
        return self.blocks[-1][2]

    def hears(self, pitch: int) -> bool:
        """Whether the last tenth of a second is mostly a sine of that pitch."""
        sound = np.concatenate([np.zeros(0), *(block for _, _, block in self.blocks[-10:])])
        return loudest_pitch(sound) == pitch

    @property
    def longest_gap(self) -> float:
        return max(later[0] - before[0] for before, later in pairwise(self.blocks))


class Mouth:
    """Gives a sine at about -14 dBFS, and keeps when it was asked."""

    def __init__(self, pitch: int = 1000) -> None:
        self.asked: list[tuple[float, float]] = []
        self.failures: list[SoundError] = []
        at = np.arange(BLOCK) / SAMPLE_RATE
        self._block: Samples = np.rint(9000 * np.sin(2 * np.pi * pitch * at)).astype(np.int16)

    def give(self, at: float) -> Samples:
        self.asked.append((time.monotonic(), at))
        return self._block


def loudest_pitch(sound: npt.NDArray[Any]) -> int | None:
    """In Hz, to 10; None of silence."""
    if sound.size < SAMPLE_RATE // 10 or np.abs(sound).max() < 500:
        return None
    spectrum = np.abs(np.fft.rfft(sound[-SAMPLE_RATE // 10 :]))
    return int(np.argmax(spectrum)) * 10


@pytest.fixture
def devices(sound_server: SoundServer) -> Iterator[Devices]:
    with closing(Devices()) as devices:
        yield devices


@pytest.fixture
def stops() -> Iterator[list[float]]:
    """Seconds for which the machine did not let us run, so far: nobody plays on meanwhile."""
    stops: list[float] = []
    over = threading.Event()

    def watch() -> None:
        last = time.monotonic()
        while not over.wait(0.01):
            now = time.monotonic()
            if now - last > 0.05:
                stops.append(now - last)
            last = now

    thread = threading.Thread(target=watch)
    thread.start()
    yield stops
    over.set()
    thread.join()


@pytest.fixture
def closed_later() -> Iterator[ExitStack]:
    """What has to be closed whatever becomes of the test."""
    with ExitStack() as stack:
        yield stack


def listen(line: Any) -> Ear:
    ear = Ear()
    line.start(ear.heard, ear.failures.append)
    return ear


def speak(line: Any, pitch: int = 1000) -> Mouth:
    mouth = Mouth(pitch)
    line.start(mouth.give, mouth.failures.append)
    return mouth


def names(devices: Devices, direction: Direction) -> list[str]:
    return [device.name for device in devices.list() if device.direction is direction]


def test_the_servers_devices_are_listed_under_their_own_names(
    sound_server: SoundServer, devices: Devices
) -> None:
    sound_server.plug_speaker("Speakers").make_default()
    sound_server.plug_speaker("USB Headset", form="headset")
    sound_server.plug_microphone("USB Headset", form="headset")

    found = devices.list()

    assert names(devices, MICROPHONE) == ["USB Headset"]
    assert names(devices, SPEAKER) == ["Cable1", "Cable2", "Speakers", "USB Headset"]
    assert [(d.name, d.direction) for d in found if d.default] == [
        ("USB Headset", MICROPHONE),
        ("Speakers", SPEAKER),
    ]
    assert [d.headset for d in found] == [True, False, False, False, True]


def test_what_is_said_is_heard_and_what_is_given_is_played(
    sound_server: SoundServer, devices: Devices
) -> None:
    speaker = sound_server.plug_speaker("Speakers")
    speaker.make_default()
    sound_server.plug_microphone("Desk").hum(440)
    capture, playback = devices.capture(), devices.playback()

    ear, mouth = listen(capture), speak(playback)

    until(lambda: ear.hears(440))
    until(lambda: loudest_pitch(speaker.heard) == 1000)
    assert (capture.device, playback.device) == ("Desk", "Speakers")
    assert (ear.latest.shape, str(ear.latest.dtype)) == ((BLOCK,), "int16")
    assert 0 < capture.latency < 0.5
    assert 0 < playback.latency < 0.5
    assert not ear.failures + mouth.failures


def test_times_are_those_of_the_sound_in_the_air(
    sound_server: SoundServer, devices: Devices
) -> None:
    speaker = sound_server.plug_speaker("Speakers")
    speaker.make_default()
    sound_server.plug_microphone("Desk", before=speaker)
    click = np.zeros(BLOCK, np.int16)
    click[0] = 20000
    clicked: list[float] = []
    ear = listen(devices.capture())
    asked = iter(range(10**6))

    def give(at: float) -> Samples:
        if next(asked) % 50 != 49:
            return np.zeros(BLOCK, np.int16)
        clicked.append(at)
        return click

    devices.playback().start(give, ear.failures.append)
    until(lambda: len(clicked) > 5)

    blocks = [(at, int(np.argmax(b))) for _, at, b in [*ear.blocks] if b.max() > 5000]
    heard = [at + index / SAMPLE_RATE for at, index in blocks]
    assert len(heard) >= 3
    assert np.median([min(abs(h - c) for c in clicked) for h in heard]) < 0.02


def test_a_microphone_is_open_from_start_to_close_and_no_longer(
    sound_server: SoundServer, devices: Devices
) -> None:
    microphone = sound_server.plug_microphone("Desk")
    devices.warm()
    capture = devices.capture("desk")
    until(lambda: names(devices, MICROPHONE) == ["Desk"])
    assert not microphone.is_open()

    ear = listen(capture)
    until(lambda: microphone.is_open() and ear.blocks)

    capture.close()
    heard = len(ear.blocks)
    until(lambda: not microphone.is_open())
    assert len(ear.blocks) == heard


def test_a_line_that_is_closed_at_once_opens_nothing(
    sound_server: SoundServer, devices: Devices
) -> None:
    microphone = sound_server.plug_microphone("Desk")
    capture = devices.capture()
    capture.close()
    ear = listen(capture)
    devices.list()
    assert not microphone.is_open()
    assert not ear.blocks


def test_a_device_is_chosen_by_name_and_it_rings_elsewhere_meanwhile(
    sound_server: SoundServer, devices: Devices
) -> None:
    loud, worn = sound_server.plug_speaker("Loudspeaker"), sound_server.plug_speaker("USB Headset")
    worn.make_default()

    speak(devices.playback("headset"), 600)
    speak(devices.playback("Loudspeaker"), 900)

    until(lambda: loudest_pitch(loud.heard) == 900)
    until(lambda: loudest_pitch(worn.heard) == 600)


def test_a_name_that_no_device_has_names_those_that_there_are(
    sound_server: SoundServer, devices: Devices
) -> None:
    sound_server.plug_microphone("Desk")
    with pytest.raises(SoundError, match="no microphone 'lapel': give default, or one of 'Desk'"):
        devices.capture("lapel")
    with pytest.raises(SoundError, match="several speakers: give more of 'Cable1', 'Cable2'"):
        devices.playback("cable")


def test_a_headset_that_is_plugged_in_or_out_is_followed_within_a_second(
    sound_server: SoundServer, closed_later: ExitStack, stops: list[float]
) -> None:
    changes: list[float] = []
    devices = closed_later.enter_context(closing(Devices(lambda: changes.append(time.monotonic()))))
    room = sound_server.plug_speaker("Speakers")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(440)
    capture, playback = devices.capture(), devices.playback()
    ear, mouth = listen(capture), speak(playback)
    until(lambda: ear.hears(440) and room.loud_at())

    worn = sound_server.plug_speaker("USB Headset", form="headset")
    until(lambda: worn.loud_at())
    gap_in = worn.loud_at()[0] - room.loud_at()[-1]
    microphone = sound_server.plug_microphone("USB Headset", form="headset")
    microphone.hum(880)
    until(lambda: ear.hears(880))
    assert (capture.device, playback.device) == ("USB Headset", "USB Headset")
    assert capture.headset
    assert playback.headset

    went = time.monotonic()
    worn.unplug()
    microphone.unplug()
    until(lambda: ear.hears(440) and room.loud_at()[-1] > went)
    gap_out = next(at for at in room.loud_at() if at > went) - went
    until(lambda: (capture.device, playback.device) == ("Desk", "Speakers"))
    assert changes
    devices.close()  # that its figures stand still

    soon = 1 + sum(stops)
    assert gap_in < soon
    assert gap_out < soon
    assert ear.longest_gap < soon
    assert max(later[0] - at[0] for at, later in pairwise(mouth.asked)) < soon


def test_another_default_is_followed(sound_server: SoundServer, devices: Devices) -> None:
    room, kitchen = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Kitchen")
    room.make_default()
    playback = devices.playback()
    speak(playback)
    until(lambda: room.loud_at())

    kitchen.make_default()

    until(lambda: kitchen.loud_at() and playback.device == "Kitchen")


def test_a_chosen_device_that_went_is_used_again_when_it_is_back_on_the_server(
    sound_server: SoundServer, devices: Devices
) -> None:
    room, worn = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Headset")
    room.make_default()
    playback = devices.playback("Headset")
    speak(playback)
    until(lambda: worn.loud_at())

    worn.unplug()
    until(lambda: room.loud_at() and playback.device == "Room")

    worn = sound_server.plug_speaker("Headset")
    until(lambda: worn.loud_at() and playback.device == "Headset")


def test_another_device_is_chosen_while_a_line_is_open(
    sound_server: SoundServer, devices: Devices, stops: list[float]
) -> None:
    room, side = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Side")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(440)
    sound_server.plug_microphone("Lapel").hum(880)
    capture, playback = devices.capture("Desk"), devices.playback()
    ear, mouth = listen(capture), speak(playback)
    until(lambda: ear.hears(440) and room.loud_at())

    capture.choose("Lapel")
    playback.choose("Side")
    until(lambda: ear.hears(880) and side.loud_at())
    assert (capture.device, playback.device) == ("Lapel", "Side")

    playback.choose("default")
    since = time.monotonic()
    until(lambda: room.loud_at()[-1] > since + 0.2)
    assert playback.device == "Room"
    devices.close()
    soon = 1 + sum(stops)
    assert ear.longest_gap < soon
    assert max(later[0] - at[0] for at, later in pairwise(mouth.asked)) < soon


def test_a_chosen_name_is_a_later_word_than_a_headset_that_was_plugged_in(
    sound_server: SoundServer, devices: Devices
) -> None:
    room, side = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Side")
    room.make_default()
    playback = devices.playback("Side")
    speak(playback)
    until(side.loud_at)
    side.unplug()
    worn = sound_server.plug_speaker("USB Headset", form="headset")
    until(worn.loud_at)

    playback.choose("default")

    until(lambda: playback.device == "Room" and room.loud_at())


def test_who_does_not_insist_on_a_device_has_the_default_until_it_is_there(
    sound_server: SoundServer, devices: Devices
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    playback = devices.playback("Kitchen", strict=False)
    speak(playback)
    until(lambda: room.loud_at() and playback.device == "Room")

    kitchen = sound_server.plug_speaker("Kitchen")
    until(lambda: kitchen.loud_at() and playback.device == "Kitchen")
    playback.choose("Attic")
    until(lambda: playback.device == "Room")


def test_a_device_that_falls_silent_is_stood_in_for_until_it_wakes(
    sound_server: SoundServer, devices: Devices, stops: list[float]
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    mouth = speak(devices.playback())
    until(lambda: room.loud_at())

    room.sleep(True)
    asleep = len(mouth.asked)
    until(lambda: len(mouth.asked) > asleep + 150)
    assert max(later[0] - at[0] for at, later in pairwise(mouth.asked)) < 1.5 + sum(stops)

    room.sleep(False)
    woken = time.monotonic()
    until(lambda: room.loud_at()[-1] > woken + 0.2)


def test_a_call_survives_the_death_of_the_sound_server_and_is_back_with_it(
    sound_server: SoundServer, devices: Devices
) -> None:
    sound_server.plug_speaker("Room").make_default()
    sound_server.plug_microphone("Desk").hum(440)
    capture, playback = devices.capture(), devices.playback()
    ear, mouth = listen(capture), speak(playback)
    until(lambda: ear.hears(440) and len(mouth.asked) > 50)

    sound_server.kill()
    until(lambda: not ear.latest.any() and capture.device is None and playback.device is None)
    assert capture.problem == "there is no microphone"
    heard, asked = len(ear.blocks), len(mouth.asked)
    until(lambda: len(ear.blocks) > heard + 50 and len(mouth.asked) > asked + 50)

    sound_server.start()
    room = sound_server.plug_speaker("Room")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(550)
    until(lambda: ear.hears(550) and room.loud_at() and capture.problem is None)
    assert not ear.failures + mouth.failures


def test_a_call_survives_a_sound_server_that_hangs(
    sound_server: SoundServer, devices: Devices
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(440)
    ear, mouth = listen(devices.capture()), speak(devices.playback())
    until(lambda: ear.hears(440) and room.loud_at())

    sound_server.hang()
    hung = time.monotonic()
    heard, asked = len(ear.blocks), len(mouth.asked)
    until(lambda: len(ear.blocks) > heard + 100 and len(mouth.asked) > asked + 100)
    assert not ear.latest.any()

    sound_server.go_on()
    until(lambda: ear.hears(440) and room.loud_at()[-1] > hung + 1)


def test_a_stream_that_was_made_anew_is_led_back_to_the_chosen_device(
    sound_server: SoundServer, devices: Devices
) -> None:
    room, side = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Side")
    room.make_default()
    speak(devices.playback("side"))
    until(side.loud_at)

    # After running dry, ALSA makes another stream, which begins at the default device.
    sound_server.hang()
    hung = time.monotonic()
    until(lambda: time.monotonic() > hung + 0.3)
    sound_server.go_on()
    until(lambda: side.loud_at()[-1] > hung + 0.5)
    since = time.monotonic()
    until(lambda: side.loud_at()[-1] > since + 0.5)
    assert [at for at in room.loud_at() if at > since + 0.1] == []


def test_a_device_that_runs_dry_is_given_more_time(
    sound_server: SoundServer, devices: Devices
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    playback = devices.playback()
    mouth = Mouth()
    at_first = playback.asked_latency

    def give(at: float) -> Samples:
        if playback.asked_latency == at_first:
            time.sleep(0.06)
        return mouth.give(at)

    playback.start(give, mouth.failures.append)

    until(lambda: playback.asked_latency > at_first)
    until(lambda: loudest_pitch(room.heard) == 1000)


def test_who_has_no_device_at_all_hears_silence_until_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SoundServer(tmp_path / "bare", cables=0) as server, closing(Devices()) as devices:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        capture, playback = devices.capture(), devices.playback()
        ear, mouth = listen(capture), speak(playback)

        until(lambda: len(ear.blocks) > 100 and len(mouth.asked) > 100)
        assert not any(block.any() for _, _, block in ear.blocks)
        assert (capture.device, playback.problem) == (None, "there is no speaker")
        on_the_clock = ear.blocks[-1][1] - ear.blocks[-101][1]
        assert on_the_clock == pytest.approx(1, abs=0.25)

        room = server.plug_speaker("Room")
        until(lambda: bool(room.loud_at()))
        server.plug_microphone("Desk", before=room)
        until(lambda: ear.hears(1000))


def test_without_a_sound_server_and_a_card_a_call_still_has_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "alsa.conf"
    nothing.write_text("pcm.nothing { type hw card 99 }")
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    with closing(Devices()) as devices:
        ear, mouth = listen(devices.capture()), speak(devices.playback())
        until(lambda: len(ear.blocks) > 20 and len(mouth.asked) > 20)
        assert devices.list() == []


def test_where_portaudio_is_missing_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with closing(Devices()) as devices:
        ear = listen(devices.capture())
        until(lambda: len(ear.blocks) > 20)
        assert devices.problem == "no sound devices: install sounddevice"
        with pytest.raises(SoundError, match="no sound devices: install sounddevice"):
            devices.capture("Desk")


def test_beside_a_busy_thread_nothing_runs_dry_for_half_a_minute(
    sound_server: SoundServer, devices: Devices
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    playback = devices.playback()
    steady = np.full(BLOCK, 5000, np.int16)
    playback.start(lambda at: steady, lambda error: None)
    until(lambda: room.heard.max(initial=0) == 5000)

    with busy_thread() as held_up:
        time.sleep(30)
        sound = room.heard

    sound = sound[int(np.argmax(sound != 0)) :]
    dry = np.count_nonzero(sound == 0) / SAMPLE_RATE
    assert sound.size > (29 - sum(held_up)) * SAMPLE_RATE
    # Where other programs take the processor, nobody plays on: not ours to answer for.
    assert dry <= sum(held_up)


@contextmanager
def busy_thread() -> Iterator[list[float]]:
    """Python that computes without a pause. Gives the seconds for which the machine held it up."""
    held_up: list[float] = []
    over = threading.Event()

    def compute() -> None:
        last = time.monotonic()
        while not over.is_set():
            sum(range(1000))
            now = time.monotonic()
            if now - last > _HELD_UP_SECONDS:
                held_up.append(now - last)
            last = now

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield held_up
    finally:
        over.set()
        thread.join()


def test_turns_are_short_only_while_a_stream_is_open(
    sound_server: SoundServer, devices: Devices
) -> None:
    usual = sys.getswitchinterval()
    sound_server.plug_speaker("Room")
    playback = devices.playback()
    speak(playback)
    until(lambda: sys.getswitchinterval() == pytest.approx(0.0005))
    playback.close()
    until(lambda: sys.getswitchinterval() == pytest.approx(usual))


@pytest.mark.expects_log
def test_a_call_that_cannot_take_a_block_is_told_once(
    sound_server: SoundServer, devices: Devices, caplog: pytest.LogCaptureFixture
) -> None:
    microphone = sound_server.plug_microphone("Desk")
    failures: list[SoundError] = []

    def heard(_block: Samples, _at: float) -> None:
        raise RuntimeError("the wire is cut")

    devices.capture().start(heard, failures.append)

    until(lambda: failures)
    until(lambda: not microphone.is_open())
    assert [str(failure) for failure in failures] == ["the microphone ended: the wire is cut"]
    assert "the microphone's sound failed" in caplog.text


def test_a_device_of_two_channels_gets_and_gives_one(sound_server: SoundServer) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(440)
    library = PortAudio()
    way = next(port for port in library.ports() if port.name == "pulse")
    mouth, ear = Mouth(), Ear()

    def fill(_stream: Stream, samples: Samples, at: float) -> None:
        samples[:] = mouth.give(at)

    def take(_stream: Stream, samples: Samples, at: float) -> None:
        ear.heard(samples, at)

    sides = ((MICROPHONE, take), (SPEAKER, fill))
    with closing(library), ExitStack() as streams:
        for direction, turn in sides:
            stream = Stream(library._library, way, direction, turn, 0.03, channels=2)
            streams.enter_context(closing(stream))
        until(lambda: ear.hears(440) and loudest_pitch(room.heard) == 1000)


LOADING = """
import ctypes.util, sys
found = ctypes.util.find_library
sys._MEIPASS = sys.argv[1]
from twocan.media.devices.portaudio import PortAudio
PortAudio().close()
assert ctypes.util.find_library is found
print(*{line.split()[-1] for line in open("/proc/self/maps") if "portaudio" in line})
"""


def test_a_frozen_program_takes_the_portaudio_that_it_brings(tmp_path: Path) -> None:
    with_ours, without = tmp_path / "ours", tmp_path / "none"
    for folder in (with_ours, without):
        folder.mkdir()
    systems = Path(loaded_portaudio(without))
    assert not systems.is_relative_to(tmp_path)
    ours = with_ours / "libportaudio.so.2"
    ours.write_bytes(systems.read_bytes())

    assert loaded_portaudio(with_ours) == str(ours)


def loaded_portaudio(beside: Path) -> str:
    """Which one a program loads whose own libraries are in that folder."""
    command = [sys.executable, "-c", LOADING, str(beside)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_device_that_cannot_be_opened_says_why_and_is_tried_again(
    sound_server: SoundServer, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    really = PortAudio._open

    def refuse(library: PortAudio, *_: Any, **__: Any) -> Stream:
        raise library._library.PortAudioError("Device unavailable")

    monkeypatch.setattr(PortAudio, "_open", refuse)
    playback = devices.playback()
    mouth = speak(playback)
    until(lambda: playback.problem and len(mouth.asked) > 20)
    assert playback.problem == "cannot use 'pulse' at 48 kHz: Device unavailable"

    monkeypatch.setattr(PortAudio, "_open", really)
    until(lambda: room.loud_at() and playback.problem is None)


def test_without_a_server_to_ask_portaudio_is_initialised_again_to_see_a_headset(
    sound_server: SoundServer, closed_later: ExitStack, stops: list[float]
) -> None:
    room, worn = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Headset")
    room.make_default()
    devices = closed_later.enter_context(
        closing(Devices(find=lambda library: Listed(library, sound_server.alsa.read_text)))
    )
    playback = devices.playback()
    mouth = speak(playback)
    until(lambda: room.loud_at())
    assert names(devices, SPEAKER) == ["pulse", "default"]

    sound_server.write_alsa(usb=worn.key)
    until(lambda: worn.loud_at())
    gap_in = worn.loud_at()[0] - room.loud_at()[-1]
    assert playback.device == "usb"

    went = time.monotonic()
    sound_server.write_alsa()
    until(lambda: room.loud_at()[-1] > went)
    until(lambda: playback.device == "default")
    gap_out = next(at for at in room.loud_at() if at > went) - worn.loud_at()[-1]
    devices.close()

    soon = 1 + sum(stops)
    assert gap_in < soon
    assert gap_out < soon
    assert max(later[0] - at[0] for at, later in pairwise(mouth.asked)) < soon


def test_lines_end_with_the_devices(sound_server: SoundServer) -> None:
    microphone = sound_server.plug_microphone("Desk")
    with closing(Devices()) as devices:
        ear = listen(devices.capture())
        until(lambda: ear.blocks)
    heard = len(ear.blocks)
    assert not microphone.is_open()
    assert len(ear.blocks) == heard
    devices.close()
