"""Trying the devices out between calls: how loud the microphone is, how one sounds to others, where
the speaker is and where it rings, what the camera sees.

The microphone and the speaker are tried one at a time, and the camera beside them. What was tried
is closed before the next is opened, and nothing stays open when a trial is over: a microphone's
light says what is true.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from twocan.desk.state import Step, Trial
from twocan.media.ends import Chosen
from twocan.media.pictures.chosen import ChosenSights
from twocan.media.pictures.picture import Shape
from twocan.media.pictures.sending.lens import Lens
from twocan.media.sound import BLOCK_SECONDS, SILENCE, Level, Samples, SoundError
from twocan.media.tones import Rung, Trying
from twocan.ringing import Melody, OpenPlayback, Sounding, gain

RECORDED_SECONDS = 5.0

SEEN = Shape(1280, 720, 30)
"""What is asked of a camera: what a call may come to."""

_NOTHING_DBFS = -100.0
"""Below this not even a microphone's own noise is left."""
_HEARS_NOTHING = "the microphone hears nothing at all: is it muted, or not permitted?"
_NO_VOLUME = "the ring volume is zero: turn it up"


class Trials:
    """``volume`` gives that of the ringer, from 0 to 1; ``changed`` is told how it goes."""

    def __init__(
        self,
        chosen: Chosen,
        sights: Callable[[], ChosenSights],
        volume: Callable[[], float],
        changed: Callable[[Trial], None],
    ) -> None:
        self._chosen, self._sights = chosen, sights
        self._volume, self._changed = volume, changed
        self._told = Trial()
        self._step: Step | None = None
        self._listening: Listening | None = None
        self._sounding: Sounding | None = None
        self._recorded: list[Samples] = []
        self._lens: Lens | None = None
        self._sound_problem: str | None = None
        self._camera_problem: str | None = None
        self.heard: Level | None = None
        """Of the microphone, while it is open."""
        self.played: Level | None = None
        """Of the speaker or the ringer, while it is open."""

    def meter(self) -> None:
        """Listen, and tell only how loud it is."""
        self._listen(Step.METERING)

    def record(self) -> None:
        """Keep five seconds, as others would hear them, and play them on the speaker."""
        self._recorded = []
        self._listen(Step.RECORDING)

    def sound_speaker(self) -> None:
        """Sound something on the speaker, once."""
        self._quieten()
        self._sound(Trying(), self._chosen.speaker)
        self._tell()

    def sound_ringer(self) -> None:
        """Ring once."""
        self._quieten()
        if self._volume():
            self._sound(Rung(), self._chosen.ringer, lambda: gain(self._volume()))
        else:
            self._sound_problem = _NO_VOLUME
        self._tell()

    def film(self) -> None:
        """Have the camera see."""
        self._darken()
        lens = Lens(self._sights().camera, lambda _picture: None, self._camera_troubled)
        if lens.open():
            lens.ask(SEEN)
            self._lens = lens
        self._tell()

    def stop_sound(self) -> None:
        """Close the microphone, or what sounds."""
        self._quieten()
        self._tell()

    def stop_camera(self) -> None:
        self._darken()
        self._tell()

    def stop(self) -> None:
        """Close everything."""
        self._quieten()
        self._darken()
        self._tell()

    def refuse(self, problem: str) -> None:
        """It cannot be tried now."""
        self._sound_problem = problem
        self._tell()

    def _tell(self) -> None:
        problem = self._sound_problem or self._camera_problem
        trial = Trial(self._step, self._lens is not None, problem)
        if trial != self._told:
            self._told = trial
            self._changed(trial)

    # --- The microphone -----------------------------------------------------------------------

    def _listen(self, step: Step) -> None:
        self._quieten()
        try:
            self._listening = Listening(self._chosen, self._take, self._broke)
        except SoundError as error:
            self._sound_problem = str(error)
        else:
            self._step, self.heard = step, self._listening.level
        self._tell()

    def _take(self, block: Samples) -> None:
        assert self._listening is not None
        # Where there is no device, silence is heard until there is one.
        self._sound_problem = self._listening.problem
        self._tell()
        if self._step is Step.RECORDING:
            self._recorded.append(block)
            if len(self._recorded) * BLOCK_SECONDS >= RECORDED_SECONDS:
                self._play()

    def _play(self) -> None:
        assert self._listening is not None
        problem, loud = self._listening.problem, self._listening.raw.dbfs
        self._quieten()
        if problem or loud is None or loud < _NOTHING_DBFS:
            self._sound_problem = problem or _HEARS_NOTHING
        else:
            self._step = Step.PLAYING
            self._sound(Recorded(self._recorded), self._chosen.speaker)
        self._recorded = []
        self._tell()

    def _broke(self, problem: str) -> None:
        self._quieten()
        self._sound_problem = problem
        self._tell()

    # --- What sounds --------------------------------------------------------------------------

    def _sound(
        self,
        melody: Melody,
        opened: OpenPlayback,
        factor: Callable[[], float] = lambda: 1.0,
    ) -> None:
        metered = Metered(melody)
        self.played = metered.level
        sounding = Sounding(metered, opened, gain=factor, told=self._sounded)
        if not sounding.over:
            self._sounding = sounding

    def _sounded(self, problem: str | None) -> None:
        self._quieten()
        self._sound_problem = problem
        self._tell()

    def _quieten(self) -> None:
        listening, self._listening = self._listening, None
        sounding, self._sounding = self._sounding, None
        if listening is not None:
            listening.close()
        if sounding is not None:
            sounding.close()
        self.heard = self.played = self._step = self._sound_problem = None

    # --- The camera ---------------------------------------------------------------------------

    def _camera_troubled(self, problem: str | None) -> None:
        self._camera_problem = problem
        self._tell()

    def _darken(self) -> None:
        lens, self._lens = self._lens, None
        if lens is not None:
            lens.close()
        self._camera_problem = None


class Listening:
    """The microphone as others would hear it. Open until ``close``.

    ``heard`` is given every block, ``broke`` why no more can come. Raises SoundError.
    """

    def __init__(
        self, chosen: Chosen, heard: Callable[[Samples], None], broke: Callable[[str], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard, self._broke = heard, broke
        self._waiting: deque[tuple[Samples, float]] = deque()
        self._closed = False
        self.level, self.raw = Level(), Level()
        """Of what others would hear, and of what the microphone gave."""
        self._capture, self._room = chosen.microphone()
        self._capture.start(self._hear, self._fail)

    @property
    def problem(self) -> str | None:
        """What keeps the microphone from being heard, for a person."""
        problem: str | None = getattr(self._capture, "problem", None)
        return problem

    def close(self) -> None:
        self._closed = True
        self._capture.close()
        if self._room is not None:
            self._room.close()

    def _hear(self, block: Samples, at: float) -> None:
        # On the sound card's thread, which does not wait for what is done to the sound.
        self._waiting.append((block, at))
        self._loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        while self._waiting and not self._closed:
            block, at = self._waiting.popleft()
            self.raw.add(block)
            clean = self._room.clean(block, at) if self._room is not None else block
            self.level.add(clean)
            self._heard(clean)

    def _fail(self, error: SoundError) -> None:
        self._loop.call_soon_threadsafe(self._broken, error)

    def _broken(self, error: SoundError) -> None:
        if not self._closed:
            self._broke(str(error))


class Recorded:
    """What was recorded, as a melody."""

    ends = True

    def __init__(self, blocks: list[Samples]) -> None:
        self._blocks = deque(blocks)

    @property
    def finished(self) -> bool:
        return not self._blocks

    def read(self) -> Samples:
        return self._blocks.popleft() if self._blocks else SILENCE


class Metered:
    """A melody of which it is known how loud it is."""

    def __init__(self, melody: Melody) -> None:
        self._melody = melody
        self.level = Level()

    @property
    def ends(self) -> bool:
        return self._melody.ends

    @property
    def finished(self) -> bool:
        return self._melody.finished

    def read(self) -> Samples:
        block = self._melody.read()
        self.level.add(block)
        return block
