"""What a person does to the call that is shown, as the desk is told it."""

from collections.abc import Callable

from twocan.gui.bridge import Bridge
from twocan.states import CallView


class Verbs:
    """``shown``: the call on the screen. Each verb names the call that it is meant for: what is
    switched over is the state of that call as it is seen now."""

    def __init__(self, bridge: Bridge, shown: Callable[[], CallView | None]) -> None:
        self._bridge, self._shown = bridge, shown

    def mute(self, sid: str) -> None:
        """Mute, or unmute."""
        if (call := self._this(sid)) is not None:
            on = not call.muted
            self._bridge.do(lambda desk: desk.mute(sid, on))

    def camera(self, sid: str) -> None:
        """Be seen, or no more."""
        if (call := self._this(sid)) is not None:
            on = not call.showing
            self._bridge.do(lambda desk: desk.show(sid, on))

    def show(self, sid: str) -> None:
        """Try once more to be seen."""
        self._bridge.do(lambda desk: desk.show(sid, on=True))

    def share(self, sid: str) -> None:
        """Show the screen in the camera's place, or the camera again."""
        on = not self._bridge.view.sharing
        self._bridge.do(lambda desk: desk.share(sid, on))

    def hold(self, sid: str) -> None:
        """Put on hold, or resume."""
        if (call := self._this(sid)) is not None:
            on = not call.held
            self._bridge.do(lambda desk: desk.hold(sid, on))

    def resume(self, sid: str) -> None:
        """Talk again; whoever else is up is held."""
        self._bridge.do(lambda desk: desk.hold(sid, on=False))

    def hang_up(self, sid: str) -> None:
        self._bridge.do(lambda desk: desk.hang_up(sid))

    def press(self, sid: str, key: str) -> None:
        """Press a telephone key."""
        self._bridge.do(lambda desk: desk.press(sid, key))

    def _this(self, sid: str) -> CallView | None:
        call = self._shown()
        return call if call is not None and call.sid == sid else None
