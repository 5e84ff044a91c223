"""The microphone, the speaker and the ringer that a person chose, opened for each call.

A name is ``default``, that of a device, or of something that stands for one: see ``media.audio``.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twocan.media import audio
from twocan.media.clock import ClockedCapture, ClockedPlayback
from twocan.media.sound import Capture, Ends, Playback, Room, Samples, Sink, SoundError, Source

if TYPE_CHECKING:
    from twocan.media.devices import Capture as Microphone
    from twocan.media.devices import Devices
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
    """What a person chose. Sound devices are loaded when the first is needed."""

    def __init__(
        self,
        microphone: str = DEFAULT,
        speaker: str = DEFAULT,
        ringer: str = DEFAULT,
        switches: Switches = Switches(),
    ) -> None:
        self._microphone, self._speaker, self._ringer = microphone, speaker, ringer
        self._switches = switches
        self._devices: Devices | None = None

    @property
    def is_heard(self) -> bool:
        """Whether there is a speaker in a room, where a person may be."""
        return not audio.is_sink(self._speaker)

    def check(self) -> None:
        """Raises SoundError where one of them cannot be: what is wrong, and what there is."""
        same = Path(self._microphone).absolute() == Path(self._speaker).absolute()
        if same and audio.is_sink(self._speaker):
            raise SoundError(f"{self._speaker!r} cannot be both the microphone and the speaker")
        self.capture().close()
        for name in {self._speaker, self._ringer}:
            self.playback(name).close()

    def warm(self) -> None:
        """Load what opening a device takes a moment for. No microphone is opened."""
        if not (audio.is_source(self._microphone) and audio.is_sink(self._speaker)):
            self._load().warm()

    def open(self) -> Ends:
        """Open both for a call. Raises SoundError."""
        capture = self.capture()
        try:
            playback = self.playback(self._speaker)
        except SoundError:
            capture.close()
            raise
        return Ends(capture, playback, self._room(capture, playback))

    def speaker(self) -> Playback:
        """Where tones are heard."""
        return self.playback(self._speaker)

    def ringer(self) -> Playback:
        """Where it rings."""
        return self.playback(self._ringer)

    def capture(self) -> Capture:
        """Raises SoundError."""
        if audio.is_source(self._microphone):
            return ClockedCapture(audio.open_source(self._microphone))
        return self._load().capture(self._microphone)

    def playback(self, name: str) -> Playback:
        """Raises SoundError."""
        if audio.is_sink(name):
            return ClockedPlayback(audio.open_sink(name))
        return self._load().playback(name)

    def close(self) -> None:
        """Close what is open."""
        if self._devices is not None:
            self._devices.close()

    def _load(self) -> "Devices":
        if self._devices is None:
            # PortAudio is loaded here, and nowhere where it is not needed.
            from twocan.media.devices import Devices

            self._devices = Devices()
        return self._devices

    def _room(self, capture: Capture, playback: Playback) -> Room | None:
        if audio.is_source(self._microphone):
            return None
        from twocan.media import devices

        assert isinstance(capture, devices.Capture)
        speaker = playback if isinstance(playback, devices.Playback) else None
        return DeviceRoom(capture, speaker, self._switches)


class DeviceRoom:
    """The room that a microphone is in, and its speaker, if that is a device as well.

    Both may become others while the call goes on: then all is learnt anew.
    """

    def __init__(
        self, microphone: "Microphone", speaker: "Speaker | None", switches: Switches
    ) -> None:
        from twocan.media.echo import Processing

        self._microphone, self._speaker = microphone, speaker
        self._echo = switches.echo and speaker is not None
        self._processing: Processing = Processing(**asdict(switches))
        self._between = self._names()

    def played(self, block: Samples, at: float) -> None:
        self._processing.played(block, at)

    def clean(self, block: Samples, at: float) -> Samples:
        if (between := self._names()) != self._between:
            self._between = between
            self._processing.reset()
        # Of a headset nothing is heard in the room, and cancelling hurts who speaks at once.
        worn = self._speaker is not None and self._speaker.headset
        self._processing.echo = self._echo and not worn
        return self._processing.clean(block, at)

    def close(self) -> None:
        self._processing.close()

    def _names(self) -> tuple[str | None, str | None]:
        return self._microphone.device, self._speaker.device if self._speaker else None
