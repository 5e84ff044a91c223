"""What `twocan devices` prints, and what its test hears, on a real sound server."""

import json
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from sound_server import SoundServer, sound_server, until
from twocan.media.pictures.cameras import CameraDevice
from twocan.media.pictures.picture import PictureError
from twocan.media.sound import SAMPLE_RATE, Samples
from twocan.report import MEDIA_FAILED, OK, USAGE
from twocan.soundcheck import (
    SWEEP_SECONDS,
    Finding,
    check_sound,
    describe,
    list_devices,
    match,
    sweep,
)

__all__ = ["sound_server"]


def test_devices_are_listed_for_people_and_for_programs(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    sound_server.plug_speaker("Room").make_default()
    sound_server.plug_speaker("USB Headset", form="headset")

    assert list_devices(find=tuple) == OK

    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert lines[-1] == {
        "event": "device",
        "direction": "speaker",
        "name": "USB Headset",
        "default": False,
        "headset": True,
    }
    assert printed.err.splitlines() == [
        "  speaker     Cable1",
        "  speaker     Cable2",
        "* speaker     Room",
        "  speaker     USB Headset  (headset)",
        "no microphone",
        "no camera",
    ]


def test_cameras_are_listed_after_them(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    cameras = (CameraDevice("Desk", "/dev/video0", 0), CameraDevice("Door", "/dev/video2", 2))

    assert list_devices(find=lambda: cameras) == OK

    printed = capsys.readouterr()
    assert [json.loads(line) for line in printed.out.splitlines()][-2:] == [
        {"event": "device", "direction": "camera", "name": "Desk", "default": True},
        {"event": "device", "direction": "camera", "name": "Door", "default": False},
    ]
    assert printed.err.splitlines()[-2:] == ["* camera      Desk", "  camera      Door"]


def test_a_system_that_cannot_be_asked_for_cameras_still_lists_the_rest(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    def find() -> tuple[CameraDevice, ...]:
        raise PictureError("cameras cannot be listed: install twocan[camera]")

    sound_server.plug_speaker("Room")

    assert list_devices(find=find) == OK

    err = capsys.readouterr().err.splitlines()
    assert "speaker     Room" in err[2]
    assert err[-1] == "no camera: cameras cannot be listed: install twocan[camera]"


def test_on_a_terminal_only_people_read(
    sound_server: SoundServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound_server.plug_speaker("Room").make_default()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert list_devices() == OK

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "* speaker     Room" in printed.err


def test_a_tone_that_comes_back_is_heard(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    room = sound_server.plug_speaker("Room")
    sound_server.plug_microphone("Desk", before=room)

    assert check_sound("desk", "room") == OK

    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert (said["microphone"], said["speaker"], said["came_back"]) == ("Desk", "Room", True)
    assert said["quiet_dbfs"] == -127
    assert said["heard_dbfs"] == pytest.approx(-23, abs=1)
    assert 0 < said["latency_ms"] < 1000
    assert printed.err.startswith("Desk heard -23 dBFS of Room: the tone came back after ")


def test_a_tone_that_does_not_come_back_is_missed(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    room = sound_server.plug_speaker("Room")
    sound_server.plug_microphone("Desk").hum(440)

    assert check_sound("Desk", "Room") == MEDIA_FAILED

    printed = capsys.readouterr()
    assert json.loads(printed.out)["latency_ms"] is None
    assert "of Room, but not the tone: turn the speaker up" in printed.err
    until(lambda: match(room.heard) is not None)


def test_a_name_that_nobody_has_is_wrong_usage(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str]
) -> None:
    sound_server.plug_microphone("Desk")

    assert check_sound("lapel") == USAGE

    assert capsys.readouterr() == (
        "",
        "twocan: there is no microphone 'lapel': give default, or one of 'Desk'\n",
    )


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            Finding(None, "Room", None, -127.0, False, None),
            "there is no microphone: plug one in",
        ),
        (
            Finding("Desk", None, -60.0, -60.0, False, None),
            "there is no speaker: plug one in",
        ),
        (
            Finding("Desk", "Room", -127.0, -127.0, False, None),
            "Desk hears nothing at all: is it muted, or not permitted?",
        ),
        (
            Finding("Desk", "Room", -70.0, -31.4, True, 46.7),
            "Desk heard -31 dBFS of Room: the tone came back after 47 ms",
        ),
    ],
)
def test_what_was_heard_is_said_in_words(finding: Finding, words: str) -> None:
    assert describe(finding) == words


@pytest.fixture(params=["white", "brown", "silence"])
def noise(request: pytest.FixtureRequest) -> Iterator[Samples]:
    """A second and a half of it, at about -30 dBFS."""
    steps = np.random.default_rng(1).normal(0, 1000, SAMPLE_RATE * 3 // 2)
    match request.param:
        case "white":
            yield steps.astype(np.int16)
        case "brown":
            yield (np.cumsum(steps) / 100).astype(np.int16)
        case _:
            yield np.zeros(steps.size, np.int16)


def test_the_sweep_is_found_in_noise_and_nowhere_else(noise: Samples) -> None:
    faint = np.zeros(noise.size)
    faint[5000 : 5000 + round(SWEEP_SECONDS * SAMPLE_RATE)] = sweep() * 300

    assert match(noise) is None
    assert match(noise + faint.astype(np.int16)) == 5000
