"""The microphone, the speaker and the ringer that a person chose, opened for each call.

A name is ``default``, that of a device, or of something that stands for one: see ``media.audio``.
Another one may be chosen while a call is up: a device then gives way to the other device. What
stands for one is there for the next call.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twocan.media import audio
from twocan.media.clock import ClockedCapture, ClockedPlayback
from twocan.media.sound import Capture, Ends, Playback, Room, Samples, Sink, SoundError, Source

if TYPE_CHECKING:
    from twocan.media.devices import Capture as Microphone
    from twocan.media.devices import Devices, Line
    from twocan.media.devices import Playback as Speaker

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Switches:
    """What is done to the sound of a microphone."""

    echo: bool = True
    """Whether what the speaker plays is taken out of it; never done with a headset."""
    noise: bool = True
    gain: bool = True
    high_pass: bool = True


def clocked(source: Source, sink: Sink) -> Ends:
    """Ends that run by the event loop's clock."""
    return Ends(ClockedCapture(source), ClockedPlayback(sink))


def echo() -> Ends:
    """Ends that give back what they take."""
    both = audio.Echo()
    return clocked(both, both)


class Chosen:
    """What a person chose. Sound devices are loaded when the first is needed.

    Not ``strict``, a device that is not there now is not refused: until it is plugged in, the
    system's default takes its place.
    """

    def __init__(
        self,
        microphone: str = DEFAULT,
        speaker: str = DEFAULT,
        ringer: str = DEFAULT,
        switches: Switches = Switches(),
        *,
        strict: bool = True,
    ) -> None:
        self._microphone, self._speaker, self._ringer = microphone, speaker, ringer
        self._switches, self._strict = switches, strict
        self._devices: Devices | None = None
        self._microphones: list[Line] = []
        self._speakers: list[Line] = []
        self._ringers: list[Line] = []
        self._rooms: list[DeviceRoom] = []
        """All that is open, and some that was."""

    @property
    def is_heard(self) -> bool:
        """Whether there is a speaker in a room, where a person may be."""
        return not audio.is_sink(self._speaker)

    def check(self) -> None:
        """Raises SoundError where one of them cannot be: what is wrong, and what there is."""
        same = Path(self._microphone).absolute() == Path(self._speaker).absolute()
        if same and audio.is_sink(self._speaker):
            raise SoundError(f"{self._speaker!r} cannot be both the microphone and the speaker")
        self._capture(strict=True).close()
        for name in {self._speaker, self._ringer}:
            self._playback(name, [], strict=True).close()

    def choose(
        self,
        microphone: str | None = None,
        speaker: str | None = None,
        ringer: str | None = None,
        switches: Switches | None = None,
    ) -> None:
        """Others from now on, in calls that are up as well; None leaves what is.

        Devices go by whole names.
        """
        self._microphone = _led(self._microphones, self._microphone, microphone, audio.is_source)
        self._speaker = _led(self._speakers, self._speaker, speaker, audio.is_sink)
        self._ringer = _led(self._ringers, self._ringer, ringer, audio.is_sink)
        if switches is not None and switches != self._switches:
            self._switches = switches
            for room in self._rooms:
                room.switch(switches)

    @property
    def problem(self) -> str | None:
        """Why a microphone or a speaker that is open has no device, for a person: one line."""
        lines = (*self._microphones, *self._speakers)
        return next((line.problem for line in lines if not line.closed and line.problem), None)

    def devices(self) -> "Devices":
        """The sound devices, which are closed with this."""
        return self._load()

    def warm(self) -> None:
        """Load what opening a device takes a moment for. No microphone is opened."""
        if not (audio.is_source(self._microphone) and audio.is_sink(self._speaker)):
            self._load().warm()

    def open(self) -> Ends:
        """Open both for a call. Raises SoundError."""
        capture = self._capture(self._strict)
        try:
            playback = self._playback(self._speaker, self._speakers, self._strict)
        except SoundError:
            capture.close()
            raise
        return Ends(capture, playback, self._room(capture, playback))

    def microphone(self) -> tuple[Capture, Room | None]:
        """The microphone as a call has it, and what is done to its sound. Raises SoundError."""
        capture = self._capture(self._strict)
        return capture, self._room(capture, None)

    def speaker(self) -> Playback:
        """Where tones are heard; what is written to a file is the call alone. Raises SoundError."""
        if not self.is_heard:
            return ClockedPlayback(audio.Null())
        return self._playback(self._speaker, self._speakers, self._strict)

    def ringer(self) -> Playback:
        """Where it rings. Raises SoundError."""
        if self._ringer == self._speaker and not self.is_heard:
            return ClockedPlayback(audio.Null())
        return self._playback(self._ringer, self._ringers, self._strict)

    def close(self) -> None:
        """Close what is open."""
        if self._devices is not None:
            self._devices.close()

    def _capture(self, strict: bool) -> Capture:
        if audio.is_source(self._microphone):
            return ClockedCapture(audio.open_source(self._microphone))
        line = self._load().capture(self._microphone, strict=strict)
        _keep(self._microphones, line)
        return line

    def _playback(self, name: str, kept: "list[Line]", strict: bool) -> Playback:
        if audio.is_sink(name):
            return ClockedPlayback(audio.open_sink(name))
        line = self._load().playback(name, strict=strict)
        _keep(kept, line)
        return line

    def _load(self) -> "Devices":
        if self._devices is None:
            # PortAudio is loaded here, and nowhere where it is not needed.
            from twocan.media.devices import Devices

            self._devices = Devices()
        return self._devices

    def _room(self, capture: Capture, playback: Playback | None) -> Room | None:
        if audio.is_source(self._microphone):
            return None
        from twocan.media import devices

        assert isinstance(capture, devices.Capture)
        speaker = playback if isinstance(playback, devices.Playback) else None
        room = DeviceRoom(capture, speaker, self._switches)
        self._rooms = [*(each for each in self._rooms if not each.closed), room]
        return room


def _keep(kept: "list[Line]", line: "Line") -> None:
    kept[:] = [*(each for each in kept if not each.closed), line]


def _led(
    lines: "list[Line]", name: str, wanted: str | None, stands_in: Callable[[str], bool]
) -> str:
    """The name that is chosen, to which the lines are led if it is a device's."""
    if wanted is None:
        return name
    if not stands_in(wanted):
        for line in lines:
            line.choose(wanted)
    return wanted


class DeviceRoom:
    """The room that a microphone is in, and its speaker, if that is a device as well.

    Both may become others while the call goes on: then all is learnt anew.
    """

    def __init__(
        self, microphone: "Microphone", speaker: "Speaker | None", switches: Switches
    ) -> None:
        from twocan.media.echo import Processing

        self._microphone, self._speaker = microphone, speaker
        self._switches = switches
        self._processing: Processing = Processing(**asdict(switches))
        self._between = self._names()
        self.closed = False

    def switch(self, switches: Switches) -> None:
        """Have other things done to the sound from now on; on the thread that cleans it."""
        if switches.echo != self._switches.echo:
            # What was learnt of the room until it was switched off need not hold any more.
            self._processing.reset()
        self._processing.noise, self._processing.gain = switches.noise, switches.gain
        self._processing.high_pass = switches.high_pass
        self._switches = switches

    def played(self, block: Samples, at: float) -> None:
        self._processing.played(block, at)

    def clean(self, block: Samples, at: float) -> Samples:
        if (between := self._names()) != self._between:
            self._between = between
            self._processing.reset()
        # Of a headset nothing is heard in the room, and cancelling hurts who speaks at once.
        heard = self._speaker is not None and not self._speaker.headset
        self._processing.echo = self._switches.echo and heard
        return self._processing.clean(block, at)

    def close(self) -> None:
        self.closed = True
        self._processing.close()

    def _names(self) -> tuple[str | None, str | None]:
        return self._microphone.device, self._speaker.device if self._speaker else None
