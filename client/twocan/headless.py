"""A phone without a window: prints what happens and sees each call through to its report.

Standard output carries one JSON line per event; on a terminal, standard error shows a line
that always says how the call is.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from twocan.account import Account
from twocan.call import WAITS_AT_MOST
from twocan.cards import name_on
from twocan.desk.picking_up import COMES_WITHIN, KEPT_FOR
from twocan.media import MakeMedia
from twocan.media.pictures.figures import PictureStream
from twocan.phone import Line, Phone
from twocan.report import (
    NOT_MADE,
    NOT_SIGNED_IN,
    call_report,
    exit_code,
    no_call_report,
    opinion,
)
from twocan.ringing import Sounds
from twocan.signalling import Reach, Signalling
from twocan.states import CallView, State

T = TypeVar("T")

_REFRESH = 0.5
_AFRESH = "\r\x1b[K"
"""What clears the terminal's line."""
_EVENTS = {State.ACTIVE: "connected"}
_FIRSTS = {"first_audio": "first-audio", "first_video": "first-video"}
_WORDS = {
    State.DIALLING: "calling {}",
    State.RINGING: "it rings at {}",
    State.INCOMING: "{} is calling",
    State.CONNECTING: "connecting with {}",
    State.ACTIVE: "talking with {}",
    State.ENDED: "the call with {} ended",
}
"""How a call is, for a person."""
_QUALITY = ((4.0, "good"), (3.6, "fair"), (3.1, "poor"), (0.0, "bad"))
"""Opinion scores in a word, after the bands of ITU-T G.107 Annex B."""
_LEAST_OF_A_NAME = 8
"""Characters of an address that are shown however narrow a terminal is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a call is to be ended, and what it has to reach."""

    seconds: float | None = None
    """After it was connected."""
    min_mos: float | None = None
    report: Path | None = None
    """Where the report is to be written as well."""


class Shows(StrEnum):
    """Whether pictures are shown."""

    NOTHING = "nothing"
    CAMERA = "camera"
    """From the start of each call."""
    BACK = "back"
    """As long as the far side shows its own."""


class Headless:
    """A signed-in phone whose face is standard output.

    ``who``: whose it is now, for what sites say of people. ``sounds``: where a person hears it
    ring, None where nobody does. ``keys`` are pressed in each call once it is connected.
    """

    def __init__(
        self,
        signalling: Signalling,
        make_media: MakeMedia,
        limits: Limits,
        signed_in_ms: float,
        sounds: Sounds | None = None,
        keys: str = "",
        shows: Shows = Shows.NOTHING,
        who: Callable[[], Account] | None = None,
    ) -> None:
        self.stopping = asyncio.Event()
        """Set when this is to end: by a signal, or since nobody reads any more."""
        self._limits = limits
        self._sounds, self._keys, self._shows = sounds, keys, shows
        self._signed_in_ms = signed_in_ms
        self._views: dict[str, CallView] = {}
        self._connected = asyncio.Event()
        self._rung: asyncio.Queue[str] = asyncio.Queue()
        self._signed_out = False
        self._only: str | None = None
        """Who alone may ring, if it is not everybody."""
        self._phone = Phone(
            signalling,
            make_media,
            self._changed,
            reached=self._reach_changed,
            admits=lambda peer, _at: self._only in (None, peer),
            card=lambda: who().card if who else None,
            name_on=lambda card, peer: name_on(
                card, peer, who().names_key if who else None, time.time()
            ),
        )
        self._catch_signals()
        self.say("signed-in", address=signalling.address, ms=round(signed_in_ms, 1))

    async def call(self, peer: str, name: str | None = None) -> int:
        """Call ``peer``, a bare address that a site calls ``name``; the exit code."""
        showing = self._shows is Shows.CAMERA
        return await self._see_through(self._phone.dial(peer, showing=showing, name=name))

    async def pick_up(self, sid: str, peer: str) -> int:
        """Answer this call of ``peer``, a bare address, which rings already; the exit code."""
        self._only = peer
        self.say("picking-up", call=sid, peer=peer)
        line = await self._first(self._comes(sid))
        if line is None or line.call.state is not State.INCOMING:
            reason = "stopped" if self.stopping.is_set() else "call-over"
            report = no_call_report("not-called", reason, None) | {"peer": peer}
            self.say("report", **report)
            self._write(json.dumps(report, indent=2) + "\n")
            print("twocan: the call is over, or was taken on another device", file=sys.stderr)
            return NOT_MADE
        line.answer(showing=self._shows is Shows.CAMERA)
        return await self._see_through(line)

    async def _comes(self, sid: str) -> Line | None:
        """The line of this call, once it rings or is known to be over; None: nobody knows of it."""
        rings = asyncio.create_task(self._rings(sid))
        nothing = asyncio.create_task(self._nothing_more())
        try:
            await asyncio.wait({rings, nothing}, return_when=asyncio.FIRST_COMPLETED)
            return self._phone.line(sid)
        finally:
            for task in (rings, nothing):
                task.cancel()
            await asyncio.gather(rings, nothing, return_exceptions=True)

    async def _rings(self, sid: str) -> None:
        while await self._rung.get() != sid:
            pass

    async def _nothing_more(self) -> None:
        """Until whatever called before we were there is known here."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(COMES_WITHIN):
                knew = await self._phone.signalling.catch_up(WAITS_AT_MOST, self._only)
                await asyncio.sleep(KEPT_FOR if knew else COMES_WITHIN)

    async def answer(self, calls: int | None) -> int:
        """Answer ``calls`` calls, or all that come; the worst exit code of them."""
        self._phone.signalling.catch_up(WAITS_AT_MOST)
        self.say("ready", address=self._phone.address)
        worst = answered = 0
        while answered != calls and not self._signed_out:
            sid = await self._first(self._rung.get())
            line = self._phone.line(sid) if sid is not None else None
            if self.stopping.is_set():
                break
            if line is None or line.call.state is not State.INCOMING:
                continue
            line.answer(showing=self._shows is Shows.CAMERA)
            worst = max(worst, await self._see_through(line))
            answered += 1
        if not answered:
            reason = "signed-out" if self._signed_out else "stopped"
            self.say("report", **no_call_report("not-called", reason, None))
        if self._signed_out and answered != calls:
            print("twocan: the supernode does not let us in any more", file=sys.stderr)
            return max(worst, NOT_SIGNED_IN)
        return worst

    async def close(self) -> None:
        """Hang up whatever there is."""
        await self._phone.close()
        if self._sounds is not None:
            # Whoever stops the program does not wait for a tone.
            await self._first(self._sounds.finish())
            self._sounds.close()

    def say(self, event: str, **about: Any) -> None:
        """Print an event."""
        if sys.stdout.isatty() and sys.stderr.isatty():
            # Where the line for people may stand.
            sys.stderr.write(_AFRESH)
        try:
            print(json.dumps({"event": event, **about}), flush=True)
        except BrokenPipeError:
            self.stopping.set()

    async def _see_through(self, line: Line) -> int:
        self._connected.clear()
        showing = asyncio.create_task(self._show(line)) if sys.stderr.isatty() else None
        await self._first(self._until_over(line))
        if not line.ended.is_set():
            line.hang_up()
            await line.ended.wait()
        if showing is not None:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
        return await self._report(line)

    async def _until_over(self, line: Line) -> None:
        """Until the call ended, or has lasted as long as it may."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None) as limit:
                over = asyncio.create_task(line.ended.wait())
                try:
                    connected = asyncio.create_task(self._connected.wait())
                    await asyncio.wait({over, connected}, return_when=asyncio.FIRST_COMPLETED)
                    connected.cancel()
                    if self._keys and not line.ended.is_set():
                        line.press(self._keys)
                    if self._limits.seconds is not None:
                        loop = asyncio.get_running_loop()
                        limit.reschedule(loop.time() + self._limits.seconds)
                    await over
                finally:
                    over.cancel()

    async def _report(self, line: Line) -> int:
        view, figures = line.call.view(), await line.media.figures()
        report = call_report(view, figures, self._signed_in_ms)
        self.say("report", **report)
        self._write(json.dumps(report, indent=2) + "\n")
        return exit_code(view, figures, self._limits.min_mos)

    def _write(self, report: str) -> None:
        if self._limits.report is not None:
            try:
                self._limits.report.write_text(report, encoding="utf-8")
            except OSError as error:
                # The call was made: how it went is on standard output, and in the exit code.
                print(f"twocan: cannot write the report: {error}", file=sys.stderr)

    async def _first(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The outcome of ``work``, or None if this is to end first."""
        task = asyncio.create_task(work)
        stop = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for each in (task, stop):
                each.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers: there, Ctrl-C is a KeyboardInterrupt.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, self._stop, number)

    def _stop(self, number: signal.Signals) -> None:
        self.stopping.set()
        # Whoever asks twice does not want to wait for a polite goodbye.
        asyncio.get_running_loop().remove_signal_handler(number)

    def _reach_changed(self, reach: Reach) -> None:
        self.say(str(reach))
        if reach is Reach.SIGNED_OUT:
            self._signed_out = True
            # A call that is up needs no supernode; without one there is nothing to wait for.
            if all(line.call.state is State.ENDED for line in self._phone.lines):
                self.stopping.set()

    def _changed(self, view: CallView) -> None:
        if self._sounds is not None:
            self._sounds.show(view)
        before = self._views.get(view.sid)
        self._views[view.sid] = view
        if before is None or before.state is not view.state:
            self._entered(view)
        else:
            self._tell_difference(before, view)
        if self._shows is Shows.BACK and view.state is State.ACTIVE:
            self._show_back(view)

    def _entered(self, view: CallView) -> None:
        about: dict[str, Any] = {"call": view.sid, "peer": view.peer}
        if view.state is State.ENDED:
            del self._views[view.sid]
            about |= {"reason": view.end, "ended_by": view.ended_by}
        if view.state is State.ACTIVE:
            about |= {"verification": view.verification}
            self._connected.set()
        if view.state is State.INCOMING:
            about |= {"peer_name": view.peer_name}
        self.say(_EVENTS.get(view.state, str(view.state)), **about)
        if view.state is State.INCOMING or (view.state is State.ENDED and not view.outgoing):
            self._rung.put_nowait(view.sid)

    def _tell_difference(self, before: CallView, view: CallView) -> None:
        about: dict[str, Any] = {"call": view.sid, "peer": view.peer}
        for mark, event in _FIRSTS.items():
            if mark in view.times and mark not in before.times:
                self.say(event, **about)
        if view.camera_problem != before.camera_problem:
            self.say("camera", **about, problem=view.camera_problem)
            if view.camera_problem is not None and not sys.stderr.isatty():
                print(f"twocan: {view.camera_problem}", file=sys.stderr)
        if _flags(view) != _flags(before):
            self.say("changed", **about, **_flags(view))

    def _show_back(self, view: CallView) -> None:
        line = self._phone.line(view.sid)
        if line is not None and view.shown_by_peer != view.showing:
            # Once whoever tells of this change is done with it.
            asyncio.get_running_loop().call_soon(line.show, view.shown_by_peer)

    # The line for people

    async def _show(self, line: Line) -> None:
        try:
            while True:
                figures, view = await line.media.figures(), line.call.view()
                looks = figures.pictures.received if figures else None
                words = describe(view, opinion(figures), time.monotonic(), looks)
                sys.stderr.write(_AFRESH + _fitted(words, _who(view), _columns()))
                sys.stderr.flush()
                await asyncio.sleep(_REFRESH)
        finally:
            view = line.call.view()
            sys.stderr.write(_AFRESH + describe(view, None, time.monotonic()) + "\n")


def describe(
    view: CallView, score: float | None, now: float, looks: PictureStream | None = None
) -> str:
    """One line about a call, for a person. ``now`` is on the clock of ``view.times``; ``looks``
    is what the far side's pictures came to."""
    words = [_WORDS.get(view.state, "{}").format(_who(view))]
    if view.end is not None:
        words.append(f"({str(view.end).replace('-', ' ')})")
    since = view.times.get("connected")
    if since is not None:
        minutes, seconds = divmod(int(view.times.get("ended", now) - since), 60)
        words.append(f"{minutes}:{seconds:02}")
    if view.end is None:
        words += [name.replace("_", " ") for name, on in _sound_flags(view).items() if on]
    if score is not None:
        words.append(f"{_graded(score)} ({score:.1f})")
    if view.end is None:
        words.append(", ".join(_who_sees(view, looks)))
    return " ".join(filter(None, words))


def _who(view: CallView) -> str:
    return view.peer_name or view.peer


def _who_sees(view: CallView, looks: PictureStream | None) -> Iterator[str]:
    if view.camera_problem is not None:
        yield f"({view.camera_problem})"
    if view.state is not State.ACTIVE:
        return
    if view.showing and view.camera_problem is None:
        yield "your camera pauses" if view.paused else "they see you"
    if view.paused_by_peer:
        yield "their camera pauses"
    elif view.shown_by_peer and looks is not None and looks.quality is not None:
        yield f"you see {looks.width}x{looks.height} {_graded(looks.quality)}"
    elif view.shown_by_peer:
        yield "you see them"


def _graded(score: float) -> str:
    return next(word for least, word in _QUALITY if score >= least)


def _columns() -> int:
    """Of the terminal that shows the line; 0 where it does not say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return 0


def _fitted(line: str, peer: str, columns: int) -> str:
    """The line in one row, for what goes on in a second one cannot be cleared again: first the
    peer's address is made shorter."""
    over = len(line) - columns + 1
    if not columns or over <= 0:
        return line
    kept = max(len(peer) - over - 1, _LEAST_OF_A_NAME)
    return line.replace(peer, f"{peer[:kept]}…", 1)[: columns - 1]


def _sound_flags(view: CallView) -> dict[str, bool]:
    return {
        "held": view.held,
        "held_by_peer": view.held_by_peer,
        "muted": view.muted,
        "muted_by_peer": view.muted_by_peer,
    }


def _flags(view: CallView) -> dict[str, bool]:
    return _sound_flags(view) | {
        "showing": view.showing,
        "shown_by_peer": view.shown_by_peer,
        "paused": view.paused,
        "paused_by_peer": view.paused_by_peer,
    }
