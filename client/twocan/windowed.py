"""The window as testers start it: ``twocan call ADDRESS --window``, ``twocan answer --window``.

It takes the options of the headless phone and prints as that does: one JSON line per event on
standard output, a report for each call, and an exit code that means something. Nothing that it
does is kept.
"""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twocan.account import Account
from twocan.desk.settings import DEFAULT, NO_CAMERA, Settings
from twocan.desk.state import DeskView, Standing
from twocan.report import NOT_MADE, NOT_SIGNED_IN, call_report, exit_code, no_call_report
from twocan.states import CallView, State

if TYPE_CHECKING:
    from twocan.desk.desk import Desk
    from twocan.media.figures import Figures
    from twocan.media.pictures.canvas import Canvas


class Windowed:
    """One run of the window. ``peer``: whom to call, None to wait for calls. ``age``: gives the
    seconds since the process began."""

    def __init__(
        self, account: Account, options: Namespace, peer: str | None, age: Callable[[], float]
    ) -> None:
        self._account, self._options, self._peer, self._age = account, options, peer, age
        self._signed_in_ms: float | None = None
        self._states: dict[str, State] = {}
        self._reported = False
        self._refused = False
        self._worst = 0
        self._desk: Desk | None = None

    @property
    def settings(self) -> Settings:
        """What was typed, as settings."""
        o = self._options
        return Settings(
            microphone=o.microphone,
            speaker=o.speaker,
            ringer=o.ringer or o.speaker,
            # Not shown from the start; the person may still show it.
            camera=o.camera if o.camera != NO_CAMERA else DEFAULT,
            echo="echo" in o.processing,
            noise="noise" in o.processing,
            gain="gain" in o.processing,
            told_of_closing=True,
        )

    def run(self) -> int:
        """Show the window until it is closed, or its one call is over. The exit code."""
        from twocan.gui.opening import hurry

        hurry()
        from twocan.gui.app import Start, run

        run(Start(self._open, self.settings, lasting=False, over=lambda: self._is_over))
        if not self._reported:
            reason = "not-signed-in" if self._refused else "stopped"
            self._say("report", **no_call_report("not-called", reason, self._peer))
            return NOT_SIGNED_IN if self._refused else NOT_MADE if self._peer else 0
        return self._worst

    @property
    def _is_over(self) -> bool:
        return self._peer is not None and self._reported

    async def _open(
        self,
        tell: Callable[[DeskView], None],
        far: Callable[["Canvas"], None],
        near: Callable[["Canvas"], None],
    ) -> "Desk":
        from twocan.desk.accounts import Accounts
        from twocan.desk.history import History
        from twocan.desk.opening import furnish
        from twocan.desk.settings_file import SettingsFile

        def told(view: DeskView) -> None:
            self._watch(view)
            tell(view)

        settings = SettingsFile(None)
        settings.save(self.settings)
        self._desk = await furnish(
            told,
            far,
            near,
            settings=settings,
            history=History(None),
            given=self._account,
            accounts=lambda: Accounts(None),
            over=self._over,
        )
        if self._peer is not None:
            self._desk.dial(self._peer, showing=self._options.camera != NO_CAMERA)
        return self._desk

    # --- On the phone's thread ----------------------------------------------------------------

    def _watch(self, view: DeskView) -> None:
        if view.standing is Standing.ONLINE and self._signed_in_ms is None:
            self._signed_in_ms = self._age() * 1000
            self._say("signed-in", address=self._account.address, ms=round(self._signed_in_ms, 1))
            if self._peer is None:
                self._say("ready", address=self._account.address)
        refused = view.standing is Standing.REFUSED
        if refused and not self._refused and view.problem is not None:
            print(f"twocan: {view.problem.detail or view.problem.trouble}", file=sys.stderr)
        self._refused = refused
        for call in view.calls:
            if self._states.get(call.sid) is not call.state:
                self._states[call.sid] = call.state
                self._entered(call)

    def _entered(self, call: CallView) -> None:
        event = "connected" if call.state is State.ACTIVE else str(call.state)
        self._say(event, call=call.sid, peer=call.peer)
        if call.state is not State.ACTIVE or self._desk is None:
            return
        if self._options.keys:
            self._desk.press(call.sid, self._options.keys)
        if self._options.seconds is not None:
            later = asyncio.get_running_loop().call_later
            later(self._options.seconds, self._desk.hang_up, call.sid)

    def _over(self, view: CallView, figures: "Figures | None") -> None:
        report = call_report(view, figures, self._signed_in_ms or 0.0)
        self._say("ended", call=view.sid, peer=view.peer, reason=view.end, ended_by=view.ended_by)
        self._say("report", **report)
        self._worst = max(self._worst, exit_code(view, figures, self._options.min_mos))
        self._reported = True
        file: Path | None = self._options.report
        if file is not None:
            file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        if self._is_over and self._options.seconds is not None and self._desk is not None:
            # Nobody is there to read how it ended.
            self._desk.dismiss()

    def _say(self, event: str, **about: Any) -> None:
        print(json.dumps({"event": event, **about}), flush=True)
