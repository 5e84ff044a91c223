"""Whether, where and how softly it rings, when there may be several calls at once.

A call that comes in rings; beside a call that the person is in it knocks on the speaker instead,
and rings once that is over. Of two that come in at once, the older rings. Who is not to be
disturbed hears neither, but goes on hearing what becomes of their own calls.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from twocan.desk.settings import Settings
from twocan.states import CallView, State

if TYPE_CHECKING:
    from twocan.media.ends import Chosen
    from twocan.ringing import Manner, Sounds


class Bell:
    """``chosen`` gives the speaker and the ringer; it is asked with the first call."""

    def __init__(self, settings: Settings, chosen: Callable[[], "Chosen"]) -> None:
        self._settings, self._chosen = settings, chosen
        self._sounds: Sounds | None = None
        self.calls: dict[str, CallView] = {}
        """Those that are not over, the oldest first."""
        self._quiet: set[str] = set()
        """Those that are not to ring."""

    def apply(self, settings: Settings) -> None:
        """Go by these from now on, for what rings as well."""
        self._settings = settings
        if self._sounds is not None:
            self._sounds.volume = settings.ring_volume
        self._ring()

    def show(self, view: CallView, *, silent: bool) -> None:
        """Sound what this call is now: it rings, is called, begins, ends.

        ``silent``: it is not to ring, whatever else happens; unless that is said only because of
        another call, or of the settings, which may change.
        """
        passing = self._settings.do_not_disturb or self._in_another(view)
        if silent and not passing and view.state is State.INCOMING:
            self._quiet.add(view.sid)
        elif not silent or view.state is not State.INCOMING:
            self._quiet.discard(view.sid)
        if view.state is State.ENDED:
            self.calls.pop(view.sid, None)
            self._loaded().show(view)
        else:
            self.calls[view.sid] = view
        self._ring()

    def close(self) -> None:
        """Be silent."""
        if self._sounds is not None:
            self._sounds.close()

    def _ring(self) -> None:
        for view in [*self.calls.values()]:
            self._loaded().show(view, self._manner(view))

    def _manner(self, view: CallView) -> "Manner":
        from twocan.ringing import Manner

        if self._settings.do_not_disturb or view.sid in self._quiet:
            return Manner.QUIET
        if view.state is State.INCOMING and self._rings_before(view):
            return Manner.QUIET
        return Manner.KNOCK if self._in_another(view) else Manner.RING

    def _in_another(self, view: CallView) -> bool:
        """Whether the person is in another call, or makes one."""
        others = (call for call in self.calls.values() if call.sid != view.sid)
        return any(call.state is not State.INCOMING for call in others)

    def _rings_before(self, view: CallView) -> bool:
        """Whether an older call rings, which is enough to be heard."""
        ringing = (
            sid
            for sid, call in self.calls.items()
            if call.state is State.INCOMING and sid not in self._quiet
        )
        return next(ringing, view.sid) != view.sid

    def _loaded(self) -> "Sounds":
        if self._sounds is None:
            from twocan.ringing import Sounds

            chosen = self._chosen()
            self._sounds = Sounds(chosen.speaker, chosen.ringer, self._settings.ring_volume)
        return self._sounds
