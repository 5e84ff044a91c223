"""Runs ``twocan`` as it is, and counts on the way what cannot be seen from outside.

It takes the same arguments. Orders come as JSON lines on standard input, and each answer is one
more event on standard output, ``{"event": "answer", "answer": …}``:

``["counted"]``   what ``Counted`` holds, ``now``, the size in which pictures come, ``picture``,
                  and in which they are drawn, ``size``
``["call"]``      what the sound that is received came to so far, as in a report
``["mute"]``      where the button is that mutes: its middle, on the screen; null: it is hidden
"""

import asyncio
import json
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from twocan.__main__ import main
from twocan.gui import bridge as bridges
from twocan.gui.in_call.controls import ControlBar
from twocan.gui.pictures.picture_view import PictureView
from twocan.media.devices import portaudio
from twocan.media.outgoing import Outgoing
from twocan.media.pictures.canvas import Canvas


@dataclass
class Counted:
    """So far. Times are ``time.monotonic``, ``converting`` seconds of CPU."""

    painted: int = 0
    """Pictures that were drawn into the window."""
    converting: float = 0.0
    """Spent on what decoders brought becoming what a screen shows."""
    underflows: int = 0
    """Times that a sound device was served too late, or said so."""
    voice_at: float = 0.0
    """When the last frame that was not all silent left the encoder for the wire."""


counted = Counted()


def _count() -> None:
    """Have everything counted from now on."""
    paint, show = PictureView.paintEvent, Canvas.show
    take, at = Outgoing.take, portaudio.Stream._at
    spoken: list[bool] = []

    def painted(self: PictureView, event: Any) -> None:
        paint(self, event)
        counted.painted += self.picture_size.isValid() and not self.picture_size.isEmpty()

    def shown(self: Canvas, *arguments: Any) -> None:
        began = time.thread_time()
        show(self, *arguments)
        counted.converting += time.thread_time() - began

    def taken(self: Outgoing, block: Any) -> Any:
        spoken.append(bool(np.any(block)))
        frame = take(self, block)
        if frame:
            if any(spoken):
                counted.voice_at = time.monotonic()
            spoken.clear()
        return frame

    def asked(self: portaudio.Stream, *arguments: Any) -> float:
        before = self._dry[-1] if self._dry else None
        answer = at(self, *arguments)
        counted.underflows += bool(self._dry) and self._dry[-1] != before
        return answer

    PictureView.paintEvent = painted  # type: ignore[method-assign]
    Canvas.show = shown  # type: ignore[assignment,method-assign]
    Outgoing.take = taken  # type: ignore[method-assign]
    portaudio.Stream._at = asked  # type: ignore[assignment,method-assign]


# --- Orders --------------------------------------------------------------------------------------


class Orders(QObject):
    """Answers on Qt's thread what is asked on standard input."""

    came = Signal(list)

    def __init__(self, bridge: bridges.Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self.came.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self.came.emit(json.loads(line))

    def _obey(self, order: list[str]) -> None:
        obey = {"counted": self._counted, "call": self._call, "mute": self._mute}
        answer = obey[order[0]]()
        print(json.dumps({"event": "answer", "answer": answer}), flush=True)

    def _counted(self) -> dict[str, Any]:
        view = next((view for view in _shown(PictureView) if not view.picture_size.isEmpty()), None)
        size = [view.width(), view.height()] if view is not None else None
        picture = list(self._bridge.far.picture_size())
        return asdict(counted) | {"size": size, "picture": picture, "now": time.monotonic()}

    def _call(self) -> dict[str, Any] | None:
        desk, loop = self._bridge._desk, self._bridge._loop
        if desk is None or loop is None or not self._bridge.view.calls:
            return None
        asked: Future[Any] = asyncio.run_coroutine_threadsafe(
            desk.figures(self._bridge.view.calls[0].sid), loop
        )
        figures = asked.result(5.0)
        return None if figures is None else figures.received.as_dict()

    def _mute(self) -> list[int] | None:
        bar = next(iter(_shown(ControlBar)), None)
        if bar is None or not bar.mute.isVisible():
            return None
        middle = bar.mute.mapToGlobal(bar.mute.rect().center())
        return [middle.x(), middle.y()]


def _shown(kind: type) -> list[Any]:
    return [each for each in QApplication.allWidgets() if type(each) is kind and each.isVisible()]


def _listen() -> None:
    """Take orders as soon as there is a bridge."""
    make = bridges.Bridge.__init__

    def made(self: bridges.Bridge, *arguments: Any) -> None:
        make(self, *arguments)
        Orders(self)

    bridges.Bridge.__init__ = made  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    _count()
    _listen()
    sys.exit(main())
