"""From mouth to ear: calls through devices, by way of a sound server without hardware.

Everything that a person would have is in it: PortAudio, the sound server, its buffers, and echo
cancelling. Mouth and ear are recorded alike, so that what recording takes cancels out.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

import processes
import speech
from peers import Described, hand_shake
from scoring import Sound, Take, from_the_start
from sound_server import Helper, SoundServer, Speaker

_HERE = Path(__file__).parent
_WITHIN = 20.0
UNSAID_SECONDS = 0.5
"""What the sound server is given, and has still to say, when ``say`` returns: about."""


def missing() -> str | None:
    """What is not installed, if anything is."""
    programs = ("pulseaudio", "pacat", "parec")
    return next((name for name in programs if shutil.which(name) is None), None)


@contextmanager
def rooms(folder: Path) -> Iterator["Rooms"]:
    """Two rooms, and a sound server for both. Raises Failed where it does not come up."""
    try:
        with SoundServer(folder, cables=0) as server:
            yield Rooms(server)
    except pytest.fail.Exception as error:
        raise processes.Failed(str(error)) from error


class Rooms:
    """Each has a microphone and a speaker. What is said in the first can be listened to."""

    def __init__(self, server: SoundServer) -> None:
        self.environment = server.environment
        # Before a microphone is what stands for a mouth: a speaker that it hears.
        self.mouth = server.plug_speaker("Mouth A")
        self.microphone = server.plug_microphone("Microphone A", before=self.mouth)
        server.plug_microphone("Microphone B", before=server.plug_speaker("Mouth B"))
        server.plug_speaker("Ear A")
        self.ear = server.plug_speaker("Ear B")


class DevicePair:
    """``peers.Pair`` of Twocan with devices. Only the first end says something."""

    def __init__(self, rooms: Rooms, said: Sound) -> None:
        self._rooms, self._said = rooms, said
        self._before = {s: len(_recording(s)) for s in (rooms.mouth, rooms.ear)}
        self._stack = ExitStack()
        self._ends = self._start("A"), self._start("B")

    def __enter__(self) -> "DevicePair":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def offer(self) -> Described:
        described: Described = self._ends[0].ask(["offer"], _WITHIN)
        return described

    def answer(self, offer: Described) -> Described:
        described: Described = self._ends[1].ask(["answer", offer], _WITHIN)
        return described

    def connect(self, answer: Described) -> None:
        hand_shake(*self._ends, answer)

    def say(self) -> None:
        """Returns when about half a second is still to be said."""
        self._rooms.microphone.say(self._said)

    def stop(self) -> Take:
        said, said_at = self._recorded(self._rooms.mouth)
        heard, heard_at = self._recorded(self._rooms.ear)
        return from_the_start(Take(said, said_at, heard, heard_at), self._said)

    def cpu_seconds(self) -> float:
        return sum(processes.cpu_seconds([end.pid]) for end in self._ends) / 2

    def _start(self, room: str) -> processes.Talker:
        names = json.dumps([f"Microphone {room}", f"Ear {room}"])
        end = processes.Talker(
            _HERE / "end.py", "devices", names, environment=self._rooms.environment
        )
        self._stack.callback(end.end)
        return end

    def _recorded(self, speaker: Speaker) -> tuple[Sound, float]:
        """What it played in this call, and when its first sample was recorded."""
        chunks = _recording(speaker)[self._before[speaker] :]
        counts = np.cumsum([sound.size for _, sound in chunks])
        # A chunk may come late, but never early.
        began = min(at - n / speech.RATE for (at, _), n in zip(chunks, counts, strict=True))
        return np.concatenate([sound for _, sound in chunks]), float(began)


def _recording(speaker: Speaker) -> list[tuple[float, Sound]]:
    ear: Helper = speaker._ear
    return ear.heard
