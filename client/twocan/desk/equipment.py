"""The microphones, speakers, bell, cameras and screens of a desk, by what the person has chosen.

It lives as long as the desk, on asyncio's thread, and serves each of its calls. Nothing of sound or
of pictures is loaded before the first call, or before a person looks at the devices: a phone that
waits is light. What a call needs is then loaded while it rings: first what sounds, last pictures.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twocan.desk.bell import Bell
from twocan.desk.settings import Settings
from twocan.desk.state import Trial
from twocan.events import Event
from twocan.media.pictures.canvas import Canvas
from twocan.states import CallView, State

if TYPE_CHECKING:
    from twocan.desk.trials import Trials
    from twocan.media.ends import Chosen, Switches
    from twocan.media.identity import Identity
    from twocan.media.late import LateMedia
    from twocan.media.pictures.chosen import ChosenSights
    from twocan.media.session import CallMedia
    from twocan.phone import Line

SCREEN = "screen"
"""What stands for a camera while the screen is shared."""

RINGS_FIRST = 2.5
"""Seconds until what is loaded does not disturb the ring: it pauses then, for the first time."""

RINGS_AT_ONCE = 0.02
"""Seconds that what is said of a call has to leave, before what it needs is loaded."""

_IN_CALL = "a call is up: try it again once that is over"


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud it is, in dBFS, over the last 0.3 s; None where nothing is known."""

    microphone: float | None = None
    speaker: float | None = None
    problem: str | None = None
    """Why one of them has no device: one line."""


@dataclass(frozen=True, slots=True)
class Equipped:
    """What devices there are, by their names, and why there are none or not all, in one line."""

    microphones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    sound_problem: str | None = None
    camera_problem: str | None = None


class Equipment:
    """``far`` and ``near`` are given the canvas on which the far side's pictures, and one's own,
    come to be seen, with the first call or trial that may have any. ``changed`` is told how a
    trial of the devices goes.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        far: Callable[[Canvas], None],
        near: Callable[[Canvas], None],
        changed: Callable[[Trial], None],
    ) -> None:
        self._settings = settings
        self._far, self._near, self._changed = far, near, changed
        self._sharing = False
        self._bell = Bell(settings, self._sound)
        self._chosen: Chosen | None = None
        self._sights: ChosenSights | None = None
        self._trials: Trials | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._loading: asyncio.Future[None] | None = None
        self._sounding: asyncio.Future[None] | None = None
        """What calls need to be heard is being loaded, or was."""
        self._unheard: list[tuple[CallView, bool]] = []
        """What was to be sounded of calls until it was."""

    def apply(self, settings: Settings) -> None:
        """Go by these from now on. Calls that are up move to the devices that they name."""
        self._settings = settings
        if self._chosen is not None:
            self._chosen.choose(
                settings.microphone, settings.speaker, settings.ringer, _switches(settings)
            )
        self._aim()
        self._bell.apply(settings)

    # --- Calls --------------------------------------------------------------------------------

    def make_media(self, report: Callable[[Event], None]) -> "LateMedia":
        """The media of a call. The first time, all that they take is loaded while it rings."""
        from twocan.media.late import LateMedia

        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(RINGS_FIRST, self._load_pictures)

        async def load() -> "Callable[[Identity], CallMedia]":
            if not self._can_sound():
                await asyncio.shield(self._load_sound())
            # Sound devices are found on a thread of their own meanwhile.
            self._sound().warm()
            return lambda identity: self._call_media(report, identity)

        return LateMedia(load)

    def _call_media(self, report: Callable[[Event], None], identity: "Identity") -> "CallMedia":
        from twocan.media.pictures.picture import Sights
        from twocan.media.session import CallMedia

        sights = Sights(
            lambda: self._pictures().camera(),
            lambda: self._pictures().screen(),
        )
        return CallMedia(report, self._sound().open, sights, identity)

    def show(self, view: CallView, *, silent: bool) -> None:
        """Sound what this call is now: it rings, is called, begins, ends.

        Not ``silent``, a call that comes in rings, or knocks softly beside one that is up. Trials
        end when a call comes up.
        """
        if not self._can_sound():
            if self._trials is not None:
                self._trials.stop()
            self._unheard.append((view, silent))
            self._load_sound()
            return
        before = tuple(self._bell.calls)
        self._bell.show(view, silent=silent)
        if self._trials is not None and tuple(self._bell.calls) != before:
            self._trials.stop()
        if not self._bell.calls:
            # The next one does not begin with the screen.
            self.share(on=False)

    def share(self, on: bool) -> None:
        """Show the screen in the camera's place, or the camera again; until calls are over."""
        self._sharing = on
        self._aim()

    def levels(self, line: "Line | None") -> Levels:
        """How loud it is: in that call, or else in a trial. From any thread."""
        if line is not None and line.call.state is State.ACTIVE:
            voice = _media(line).voice
            spoken = None if line.call.view().held else voice.spoken.recent
            problem = self._chosen.problem if self._chosen is not None else None
            return Levels(spoken, voice.played.recent, problem)
        if self._trials is None:
            return Levels()
        heard, played = self._trials.heard, self._trials.played
        return Levels(heard.recent if heard else None, played.recent if played else None)

    def looks(self, line: "Line") -> float | None:
        """How good the far side's pictures look now, 1 to 5; None: there are none."""
        sight = _media(line).sight
        return sight.quality if sight is not None else None

    # --- Devices ------------------------------------------------------------------------------

    async def devices(self) -> Equipped:
        """What devices there are now. It may take a moment the first time."""
        from twocan.media.devices import Direction
        from twocan.media.devices.choosing import of

        devices = self._sound().devices()
        found, cameras = await asyncio.gather(
            asyncio.to_thread(devices.list), asyncio.to_thread(_find_cameras)
        )
        microphones, speakers = (
            tuple(device.name for device in of(found, direction)) for direction in Direction
        )
        problem = devices.problem
        if problem is None and not (microphones and speakers):
            problem = "there is no speaker" if microphones else "there is no microphone"
        return Equipped(microphones, speakers, cameras[0], problem, cameras[1])

    def try_microphone(self, on: bool) -> None:
        """Open the microphone, to see how loud it is; or end whatever is tried of sound."""
        if not on:
            self._try(lambda trials: trials.stop_sound(), always=True)
        else:
            self._try(lambda trials: trials.meter())

    def record(self) -> None:
        """Record five seconds, as others would hear them, and play them."""
        self._try(lambda trials: trials.record())

    def try_speaker(self) -> None:
        """Sound something on the speaker, once."""
        self._try(lambda trials: trials.sound_speaker())

    def try_ringer(self) -> None:
        """Ring once, as loud as a call would."""
        self._try(lambda trials: trials.sound_ringer())

    def try_camera(self, on: bool) -> None:
        """Show what the camera sees; or close it."""
        if not on:
            self._try(lambda trials: trials.stop_camera(), always=True)
        else:
            self._try(lambda trials: trials.film())

    async def close(self) -> None:
        """Be silent, and close what is open."""
        if self._trials is not None:
            self._trials.stop()
        self._bell.close()
        if self._soon is not None:
            self._soon.cancel()
        for loading in (self._sounding, self._loading):
            if loading is not None:
                await loading
        self._unheard.clear()
        for part in (self._chosen, self._sights):
            if part is not None:
                await asyncio.to_thread(part.close)

    # --- What is loaded when it is needed -----------------------------------------------------

    def _sound(self) -> "Chosen":
        if self._chosen is None:
            from twocan.media.ends import Chosen

            s = self._settings
            self._chosen = Chosen(s.microphone, s.speaker, s.ringer, _switches(s), strict=False)
        return self._chosen

    def _pictures(self) -> "ChosenSights":
        if self._sights is None:
            from twocan.media.pictures.chosen import ChosenSights

            far, near = Canvas(), Canvas()
            self._sights = ChosenSights(self._camera, "null", near=near, far=far)
            self._far(far)
            self._near(near)
        return self._sights

    def _can_sound(self) -> bool:
        if self._sounding is None:
            return sys.modules.keys() >= _SOUNDING
        return self._sounding.done()

    def _load_sound(self) -> "asyncio.Future[None]":
        """Load what calls need to be heard, once; then sound what there is of them by now."""
        if self._sounding is None:
            self._sounding = asyncio.ensure_future(self._loaded_sound())
        return self._sounding

    async def _loaded_sound(self) -> None:
        await asyncio.sleep(RINGS_AT_ONCE)
        await asyncio.to_thread(_import_sound)
        asyncio.get_running_loop().call_soon(self._catch_up)

    def _catch_up(self) -> None:
        unheard, self._unheard = self._unheard, []
        for view, silent in unheard:
            self.show(view, silent=silent)

    def _load_pictures(self) -> None:
        self._loading = asyncio.ensure_future(asyncio.to_thread(_import_pictures))

    def _try(self, what: Callable[["Trials"], None], *, always: bool = False) -> None:
        if self._trials is None:
            if always:
                return
            from twocan.desk.trials import Trials

            self._trials = Trials(
                self._sound(), self._pictures, lambda: self._settings.ring_volume, self._changed
            )
        if self._bell.calls and not always:
            self._trials.refuse(_IN_CALL)
        else:
            what(self._trials)

    # --- The camera ---------------------------------------------------------------------------

    @property
    def _camera(self) -> str:
        return SCREEN if self._sharing else self._settings.camera

    def _aim(self) -> None:
        if self._sights is not None:
            self._sights.choose(camera=self._camera)


def _switches(settings: Settings) -> "Switches":
    from twocan.media.ends import Switches

    return Switches(echo=settings.echo, noise=settings.noise, gain=settings.gain)


def _media(line: "Line") -> "CallMedia":
    """The media of a line are of our making, and loaded once it is active."""
    from twocan.media.late import LateMedia

    assert isinstance(line.media, LateMedia)
    assert line.media.loaded is not None
    return line.media.loaded


_SOUNDING = {"twocan.media.ends", "twocan.media.session", "twocan.ringing"}


def _import_sound() -> None:
    """What it takes to ring, to be heard, and to have a path."""
    import twocan.media.ends
    import twocan.media.pictures.picture
    import twocan.media.session
    import twocan.ringing  # noqa: F401


def _import_pictures() -> None:
    """What the pictures of a call take, which is much."""
    import twocan.media.pictures.chosen
    import twocan.media.pictures.sight  # noqa: F401


def _find_cameras() -> tuple[tuple[str, ...], str | None]:
    """Their names, or why there are none."""
    from twocan.media.pictures.cameras import Cameras
    from twocan.media.pictures.picture import PictureError

    try:
        names = tuple(camera.name for camera in Cameras().list())
    except PictureError as error:
        return (), str(error)
    return names, None if names else "there is no camera: plug one in"
