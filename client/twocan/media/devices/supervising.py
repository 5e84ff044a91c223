"""A phone's sound devices: finds them, opens them for calls, and follows what becomes of them.

One thread does it all. Whenever something happened, and ten times a second while a line is open,
it compares every line with what should be, and takes the step that is missing: open, move, close,
or have the time kept. So a lost event is never more than a tenth of a second of silence.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from twocan.media.devices.choosing import DEFAULT, Device, Following, choose
from twocan.media.devices.lines import SILENT_SECONDS, Capture, Line, Playback
from twocan.media.devices.portaudio import LATENCIES, PortAudio
from twocan.media.devices.pulse import Pulse
from twocan.media.devices.systems import Listed, System, signs_here
from twocan.media.sound import SoundError

log = logging.getLogger(__name__)

AnyLine = TypeVar("AnyLine", bound=Line)
FindSystem = Callable[[PortAudio], System]

_TICK_SECONDS = 0.1
_DEAD_SECONDS = SILENT_SECONDS + 0.15
"""Closing a dead stream may hang: by then the other lines have somebody to stand in, too."""
_IDLE_SECONDS = 0.5
_STARTS_SECONDS = 3.0
"""Servers that had put a device to sleep take up to 2 s until it asks for sound."""
_RETRY_SECONDS = 0.5
_LOOKS_SECONDS = 10.0
_ENDS_SECONDS = 5.0
_SWITCH_SECONDS = 0.0005
"""How long a busy Python thread may keep the sound card waiting for the interpreter; Python's own
5 ms, waited for a few times, is more than the device holds."""


def find_system(library: PortAudio) -> System:
    """A sound server where one answers, else what PortAudio lists by itself."""
    if sys.platform == "linux":
        try:
            return Pulse(library)
        except SoundError as error:
            log.info("no sound server: %s", error)
    return Listed(library, signs_here())


class Devices:
    """The sound devices of one phone. ``changed`` is told, on a thread of its own, when devices
    came, went, or another one is the default.

    Nothing is loaded, and nothing watched, before ``warm`` or anything that needs it.
    """

    def __init__(
        self,
        changed: Callable[[], None] | None = None,
        find: FindSystem = find_system,
    ) -> None:
        self._tell = changed
        self._find = find
        self._library: PortAudio | None = None
        self._system: System | None = None
        self._devices: tuple[Device, ...] = ()
        self._lines: list[Line] = []
        self._problem: str | None = None
        self._looked = threading.Event()
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._switched: float | None = None

    # --- for everybody, on any thread ---------------------------------------------------------

    @property
    def problem(self) -> str | None:
        """Why there are no devices at all, for a person."""
        return self._problem

    def warm(self) -> None:
        """Load and initialise PortAudio in the background. No microphone is opened."""
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(target=self._run, name="twocan-devices", daemon=True)
            self._thread.start()

    def list(self) -> list[Device]:
        """Every device there is now. The first time it waits until they were looked for."""
        self.warm()
        self._looked.wait(_LOOKS_SECONDS)
        return [*self._devices]

    def capture(self, name: str = DEFAULT, *, strict: bool = True) -> Capture:
        """A microphone by its name, or a part of it. Raises SoundError where none has it.

        Not ``strict``, it goes by its whole name, and by ``default`` until there is one of that
        name; nothing is waited for. It is opened when it is started. A missing ``default`` hears
        silence until there is one.
        """
        return self._line(Capture, name, strict)

    def playback(self, name: str = DEFAULT, *, strict: bool = True) -> Playback:
        """A speaker by its name, as ``capture``; as many at once as are wanted."""
        return self._line(Playback, name, strict)

    def close(self) -> None:
        """Close what is open, and end. Waits for it: some 20 ms."""
        self._closing = True
        for line in [*self._lines]:
            line.close()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_ENDS_SECONDS)

    def _line(self, kind: type[AnyLine], name: str, strict: bool) -> AnyLine:
        if name != DEFAULT and strict:
            known = self.list()
            if self._problem:
                raise SoundError(self._problem)
            name = choose(name, known, kind.direction)
        self.warm()
        line = kind(name, self._wake.set)
        self._lines.append(line)
        return line

    # --- the supervising thread ---------------------------------------------------------------

    def _run(self) -> None:
        self._begin()
        self._looked.set()
        while not self._closing:
            try:
                # A server that hangs holds up whatever comes after this.
                for line in self._lines:
                    self._keep_time(line)
                self._look()
                for line in [*self._lines]:
                    self._tend(line)
                self._switch()
            except Exception:
                # Whatever this was, calls that are up are worth another try.
                log.exception("sound devices")
            self._wake.wait(_TICK_SECONDS if self._lines else _IDLE_SECONDS)
            self._wake.clear()
        self._end()

    def _begin(self) -> None:
        try:
            self._library = PortAudio()
            self._system = self._find(self._library)
            self._devices = self._system.devices()
        except SoundError as error:
            self._problem = str(error)

    def _end(self) -> None:
        for line in [*self._lines]:
            self._close_stream(line)
            line.end()
        self._lines.clear()
        self._switch()
        if self._system is not None:
            self._system.close()
        if self._library is not None:
            self._library.close()

    def _look(self) -> None:
        """See what came and went."""
        if self._system is None or not self._system.changed():
            return
        if self._system.restarts:
            self._restart()
        before, self._devices = self._devices, self._system.devices()
        if before == self._devices:
            return
        for line in self._lines:
            line.following = line.following.seen(before, self._devices)
            line.retry_at = 0.0
        if self._tell is not None:
            self._tell()

    def _restart(self) -> None:
        """Initialise PortAudio again, which no stream survives. A sound server may be new."""
        assert self._library is not None
        assert self._system is not None
        for line in self._lines:
            if line.stream is not None:
                line.dismiss()
                line.stand_in()
        for line in self._lines:
            self._close_stream(line)
        self._system.close()
        self._library.restart()
        self._system = self._find(self._library)

    def _tend(self, line: Line) -> None:
        """Bring a line one step nearer to what it should be."""
        if line.closed:
            self._close_stream(line)
            line.end()
            line.complain()
            self._lines.remove(line)
            return
        if not line.started:
            return
        line.tended = True
        if line.wanted != line.following.wanted:
            # A person's word is later than whatever was plugged in before it.
            line.following, line.retry_at = Following(line.direction, line.wanted), 0.0
        target = line.following.target(self._devices)
        self._check(line)
        if line.stream is not None and (target is None or line.target != target.key):
            self._change(line, target)
        if line.stream is None and target is not None and time.monotonic() >= line.retry_at:
            self._open(line, target)
        if target is None:
            line.device, line.headset = None, False
            line.problem = self._problem or f"there is no {line.direction}"
            line.stand_in()

    def _keep_time(self, line: Line) -> None:
        """Have somebody stand in for a stream that is missing, or has said nothing of late."""
        opening = line.stream and time.monotonic() - line.stream.since < SILENT_SECONDS
        if line.started and line.tended and not line.flowing and not opening:
            line.stand_in()

    def _check(self, line: Line) -> None:
        """Close a stream that died, said or unsaid, or that the device does not keep up with."""
        stream = line.stream
        if stream is None:
            return
        now = time.monotonic()
        silent = now - max(stream.since, stream.last or 0.0)
        if stream.ended or silent > (_DEAD_SECONDS if stream.running else _STARTS_SECONDS):
            log.info("%s died: opening it again", line.device)
            line.dismiss()
            line.stand_in()
            self._close_stream(line)
        elif isinstance(line, Playback) and stream.runs_dry and line.step + 1 < len(LATENCIES):
            line.step += 1
            log.info("%s runs dry: %.0f ms from now on", line.device, line.asked_latency * 1000)
            self._close_stream(line)

    def _change(self, line: Line, target: Device | None) -> None:
        assert line.stream is not None
        assert self._system is not None
        if target is not None and self._system.lead(line.stream, target):
            self._reached(line, target)
        else:
            self._close_stream(line)

    def _open(self, line: Line, target: Device) -> None:
        assert self._system is not None
        assert self._library is not None
        open_port = partial(
            self._library.open,
            direction=line.direction,
            turn=line.turn,
            latency=line.asked_latency,
        )
        try:
            line.stream = self._system.open(target, open_port)
        except SoundError as error:
            log.info("%s", error)
            line.problem = str(error)
            line.device, line.headset = None, False
            line.retry_at = time.monotonic() + _RETRY_SECONDS
            line.stand_in()
            return
        self._switch()
        line.admit(line.stream)
        self._reached(line, target)

    def _reached(self, line: Line, target: Device) -> None:
        line.target, line.device, line.headset = target.key, target.name, target.headset
        line.problem = None

    def _close_stream(self, line: Line) -> None:
        line.dismiss()
        if line.stream is not None:
            stream, line.stream = line.stream, None
            stream.close()

    def _switch(self) -> None:
        """Have Python's threads take shorter turns while a stream is open."""
        streaming = any(line.stream for line in self._lines)
        if streaming and self._switched is None and sys.getswitchinterval() > _SWITCH_SECONDS:
            self._switched = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH_SECONDS)
        elif not streaming and self._switched is not None:
            sys.setswitchinterval(self._switched)
            self._switched = None
