"""A sound server for tests: a private PulseAudio whose devices are plugged in at will.

A speaker can be listened to and a microphone can be spoken into. Everything is in one folder and
no sound card is needed; the machine's own server, if it has one, is not touched.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pulsectl
import pytest

RATE = 48000
FORMAT = ["--raw", f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=10"]

Sound = npt.NDArray[np.int16]

# Where the system has none, there is one beside Python.
_PATH = f"{os.environ['PATH']}:{Path(sys.executable).parent}"
_WITHIN = 40.0
_EVERY = 0.01


class SoundServer:
    """The server. As a context it runs at once, and is gone at the end.

    ``cables`` are laid for microphones that are plugged in later. To whoever looks, a cable is
    a speaker, too.
    """

    def __init__(self, folder: Path, cables: int = 2) -> None:
        self._folder = folder
        self._cables = cables
        self._free: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._helpers: list[Helper] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to use this server, through ALSA or by itself."""
        return {
            "PULSE_SERVER": f"unix:{self._folder}/native",
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self._folder}/asound.conf",
        }

    def __enter__(self) -> "SoundServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns once it answers, without any devices but cables."""
        program = shutil.which("pulseaudio", path=_PATH)
        if program is None or shutil.which("pacat", path=_PATH) is None:
            pytest.fail("there is no PulseAudio here: `build/setup soundserver` unpacks one")
        self._folder.mkdir(parents=True, exist_ok=True)
        self.write_alsa()
        self._process = subprocess.Popen(
            [
                program,
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--disable-shm=yes",
                "--high-priority=no",
                "--realtime=no",
                f"--log-target=file:{self._folder}/log",
                "-L",
                f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1",
            ],
            env=self._private(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)
        self._free = [f"cable{number}" for number in range(1, self._cables + 1)]
        for cable in self._free:
            self._load_sink(cable, cable.capitalize())

    def stop(self) -> None:
        """Ends it, and everything that was started with it."""
        if self._process is not None:
            self._process.terminate()
            self._process.send_signal(signal.SIGCONT)
        self._gone()

    def kill(self) -> None:
        """It dies without a word."""
        assert self._process
        self._process.kill()
        self._gone()

    def hang(self) -> None:
        """It lives, and answers nobody."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def plug_speaker(self, name: str, form: str = "speaker") -> "Speaker":
        """A new speaker. ``form`` as in PulseAudio: speaker, headset, headphone, ..."""
        key = _key(name)
        module = self._load_sink(key, name, form)
        ear = self._help(["parec", f"--device={key}.monitor"])
        self.anchor()
        until(lambda: ear.heard)
        return Speaker(self, key, module, ear)

    def plug_microphone(
        self, name: str, form: str = "microphone", before: "Speaker | None" = None
    ) -> "Microphone":
        """A new microphone, on the next free cable, or before a speaker, which it hears."""
        key = _key(name) + "-mic"
        cable = before.key if before else self._free.pop(0)
        properties = _properties("source", name, form)
        module = self._load(
            "module-remap-source", f"source_name={key} master={cable}.monitor", properties
        )
        feed = self._help(["pacat", "--playback", f"--device={cable}"])
        self.anchor()
        return Microphone(self, key, module, feed, cable)

    @contextmanager
    def control(self) -> Iterator[Any]:
        """The server's own interface."""
        with pulsectl.Pulse("a test", server=self.environment["PULSE_SERVER"]) as server:
            yield server

    def anchor(self) -> None:
        """Take every helper back to its device: the server moves whoever was on the old default."""
        with self.control() as server:
            for streams, found, move in (
                (server.sink_input_list, server.get_sink_by_name, server.sink_input_move),
                (server.source_output_list, server.get_source_by_name, server.source_output_move),
            ):
                devices = {str(helper.pid): helper.device for helper in self._helpers}
                for stream in streams():
                    device = devices.get(stream.proplist.get("application.process.id", ""))
                    if device is not None:
                        move(stream.index, found(device).index)

    def unload(self, module: int) -> None:
        with self.control() as server:
            server.module_unload(module)

    def load(self, module: str, arguments: str) -> int:
        with self.control() as server:
            index: int = server.module_load(module, arguments)
            return index

    def dismiss(self, helper: "Helper") -> None:
        helper.stop()
        self._helpers.remove(helper)

    def give_back(self, cable: str) -> None:
        self._free.append(cable)

    def _load(self, module: str, arguments: str, properties: str) -> int:
        return self.load(module, f"{arguments} rate={RATE} channels=1 {properties}")

    def _load_sink(self, key: str, name: str, form: str = "") -> int:
        properties = _properties("sink", name, form)
        # A null sink that rewinds works up to 2 s ahead, and hears a new stream only after these.
        return self._load(
            "module-null-sink", f"sink_name={key} format=s16le norewinds=1", properties
        )

    def _help(self, command: list[str]) -> "Helper":
        helper = Helper([*command, *FORMAT], self._private() | self.environment)
        self._helpers.append(helper)
        return helper

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait(_WITHIN)
            self._process = None
        for helper in self._helpers:
            helper.stop()
        self._helpers.clear()

    def _answers(self) -> bool:
        assert self._process
        if self._process.poll() is not None:
            pytest.fail(f"the sound server ended: {(self._folder / 'log').read_text()}")
        with suppress(pulsectl.PulseError), self.control():
            return True
        return False

    @property
    def alsa(self) -> Path:
        """The file that says what ALSA has."""
        return self._folder / "asound.conf"

    def write_alsa(self, **ways: str) -> None:
        """Have ALSA know the server, and by names of their own some of its speakers.

        Written out, rather than left to what the machine's ALSA has: that may lead elsewhere.
        """
        server = f'type pulse server "{self.environment["PULSE_SERVER"]}"'
        names = ("pcm.!default", "pcm.pulse", "ctl.!default", "ctl.pulse")
        lines = [f"{name} {{ {server} }}" for name in names]
        lines += [f'pcm.{name} {{ {server} device "{key}" }}' for name, key in ways.items()]
        self.alsa.write_text("\n".join(lines) + "\n")

    def _private(self) -> dict[str, str]:
        """No folder, no session bus and no settings of the person who runs this."""
        here = str(self._folder)
        folders = ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH")
        bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        return {"PATH": _PATH, **dict.fromkeys(folders, here), **bus}


class Helper:
    """A program that plays into a device what it is given, or records what it hears there."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.device = command[-len(FORMAT) - 1].partition("=")[2]
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._heard: list[tuple[float, bytes]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def heard(self) -> list[tuple[float, Sound]]:
        """What was recorded, with the time at which it came."""
        return [(at, np.frombuffer(data, "<i2")) for at, data in [*self._heard]]

    def pieces(self, start: int) -> list[Sound]:
        """What was recorded as it came, from that piece on."""
        return [np.frombuffer(data, "<i2") for _, data in self._heard[start:]]

    def play(self, sound: Sound) -> None:
        assert self._process.stdin
        self._process.stdin.write(sound.astype("<i2").tobytes())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_WITHIN)
        self._reader.join()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        odd = b""
        while data := self._process.stdout.read(960):
            data, odd = odd + data, b""
            if len(data) % 2:
                data, odd = data[:-1], data[-1:]
            self._heard.append((time.monotonic(), data))


class Plugged:
    """What speakers and microphones have in common."""

    def __init__(self, server: SoundServer, key: str, module: int) -> None:
        self.key = key
        self._server = server
        self._module = module

    def unplug(self) -> None:
        self._server.unload(self._module)

    def make_default(self) -> None:
        with self._server.control() as server:
            server.default_set(self._found(server))
        self._server.anchor()

    def sleep(self, asleep: bool) -> None:
        """Stop it: nothing is asked of its streams, and nothing said to them."""
        with self._server.control() as server:
            suspend = server.sink_suspend if isinstance(self, Speaker) else server.source_suspend
            suspend(self._found(server).index, asleep)

    def _found(self, server: Any) -> Any:
        raise NotImplementedError


class Speaker(Plugged):
    """A speaker that can be listened to."""

    def __init__(self, server: SoundServer, key: str, module: int, ear: Helper) -> None:
        super().__init__(server, key, module)
        self._ear = ear

    @property
    def heard(self) -> Sound:
        """What it played since it was plugged in."""
        return np.concatenate([np.zeros(0, np.int16), *(sound for _, sound in self._ear.heard)])

    def pieces(self, start: int) -> list[Sound]:
        """What it played as it came, from that piece on."""
        return self._ear.pieces(start)

    def loud_at(self, threshold: int = 500) -> list[float]:
        """The times at which it was not silent, to about 10 ms."""
        return [at for at, sound in self._ear.heard if np.abs(sound).max(initial=0) > threshold]

    def unplug(self) -> None:
        # A recording of a device that goes would be led on to another one.
        self._server.dismiss(self._ear)
        super().unplug()
        self._server.anchor()

    def _found(self, server: Any) -> Any:
        return server.get_sink_by_name(self.key)


class Microphone(Plugged):
    """A microphone that can be spoken into."""

    def __init__(
        self,
        server: SoundServer,
        key: str,
        module: int,
        mouth: Helper,
        cable: str,
    ) -> None:
        super().__init__(server, key, module)
        self._mouth = mouth
        self._cable = cable

    def say(self, sound: Sound) -> None:
        """48 kHz mono. Waits while more than about half a second is unsaid."""
        self._mouth.play(sound)

    def hum(self, pitch: int) -> None:
        """A sine that does not end."""
        self._server.load("module-sine", f"sink={self._cable} frequency={pitch}")

    def is_open(self) -> bool:
        """Whether anybody listens to it."""
        with self._server.control() as server:
            mine = self._found(server).index
            return any(output.source == mine for output in server.source_output_list())

    def unplug(self) -> None:
        self._server.dismiss(self._mouth)
        super().unplug()
        if self._cable.startswith("cable"):
            self._server.give_back(self._cable)

    def _found(self, server: Any) -> Any:
        return server.get_source_by_name(self.key)


def until(condition: Callable[[], object], within: float = _WITHIN) -> None:
    """Wait for what other processes and threads do."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"it did not come to that within {within:.0f} s")
        time.sleep(_EVERY)


def _key(name: str) -> str:
    return name.lower().replace(" ", "-")


def _properties(kind: str, name: str, form: str) -> str:
    return f'{kind}_properties=\'device.description="{name}" device.form_factor="{form}"\''


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A running server which this process, and what it starts, takes for the machine's own."""
    with SoundServer(tmp_path / "sound") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
