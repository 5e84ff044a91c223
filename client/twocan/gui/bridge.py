"""The only place where Qt's thread and the phone's meet.

The window lives on Qt's thread, the desk with its phone on a second one, which runs asyncio. What
the person wants goes over as a function of the desk (``do``, ``ask``); what there is to see comes
back as a frozen ``DeskView`` (``changed``). Views come faster than a screen is drawn: only the
newest waits. Pictures do not pass through the event loops at all: a ``Pane`` is painted into by
whoever decodes them, and read by whoever draws.

Nothing of asyncio is imported before the thread starts, so that the window is there first.
"""

import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from twocan.desk.state import DeskView

if TYPE_CHECKING:
    import asyncio

    from twocan.desk.desk import Desk
    from twocan.desk.equipment import Levels
    from twocan.media.pictures.canvas import Canvas

T = TypeVar("T")

log = logging.getLogger(__name__)


class MakeDesk(Protocol):
    """Loads and opens the desk, on its own thread. It is told what watches it."""

    def __call__(
        self,
        tell: Callable[[DeskView], None],
        far: Callable[["Canvas"], None],
        near: Callable[["Canvas"], None],
    ) -> Coroutine[Any, Any, "Desk"]: ...


class Pane(QObject):
    """Where pictures come to the window: those of the far side, or one's own."""

    came = Signal()
    """There is a new picture, or none any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self._lookers: dict[object, tuple[int, int]] = {}
        self._asking = threading.Lock()
        self._held: object = None

    def attach(self, canvas: "Canvas") -> None:
        """Show what is painted on this canvas. Said on any thread."""
        self._canvas = canvas
        self._ask()
        canvas.tell(self.came.emit)

    def want(self, width: int, height: int, looker: object = None) -> None:
        """How large pictures are drawn, in pixels of the screen; 0 x 0 while nobody looks, when
        nothing is painted at all. Of several ``looker``, who looks at the largest decides."""
        if width > 0 and height > 0:
            self._lookers[looker] = (width, height)
        else:
            self._lookers.pop(looker, None)
        self._ask()

    def picture(self) -> QImage | None:
        """The newest picture, which is the caller's until the next is asked for. None: there is
        none."""
        painted = self._canvas.newest() if self._canvas is not None else None
        # An image does not keep the memory that it shows.
        self._held = painted
        if painted is None:
            return None
        height, width = painted.shape[:2]
        return QImage(painted.data, width, height, painted.strides[0], QImage.Format.Format_RGB32)

    def picture_size(self) -> tuple[int, int]:
        """How large the newest picture is by itself, in its own pixels; 0 x 0: there is none."""
        return self._canvas.size if self._canvas is not None else (0, 0)

    def _ask(self) -> None:
        # Who attaches and who wants are on two threads: whoever comes second knows of both.
        with self._asking:
            sizes = tuple(self._lookers.values())
            if self._canvas is not None:
                self._canvas.want(*max(sizes, key=lambda size: size[0] * size[1], default=(0, 0)))


class Bridge(QObject):
    """The desk, as the window sees it.

    ``make``: loads and opens the desk.
    """

    changed = Signal(object)
    """There is a new ``view``: it comes along."""
    failed = Signal(str)
    """The desk could not be opened: one line."""

    _came = Signal()
    _answered = Signal(object)

    def __init__(self, make: MakeDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = DeskView()
        """What there is to see, as of the last ``changed``."""
        self.far, self.near = Pane(self), Pane(self)
        """The far side's pictures, and one's own."""
        self._make = make
        self._newest: DeskView | None = None
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._desk: Desk | None = None
        self._waiting: list[Callable[[Desk], object]] = []
        self._stop: asyncio.Event | None = None
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)

    # What the window does

    def start(self) -> None:
        """Begin to load the desk. Once the window is painted."""
        self._thread = threading.Thread(target=self._run, name="phone")
        self._thread.start()

    def do(self, verb: Callable[["Desk"], object]) -> None:
        """Have the desk do this, as soon as it is there."""
        with self._lock:
            if self._desk is None or self._loop is None:
                self._waiting.append(verb)
                return
            loop, desk = self._loop, self._desk
        _post(loop, lambda: _done(verb, desk))

    def ask(
        self,
        question: Callable[["Desk"], Awaitable[T]],
        answer: Callable[[T], None],
        owner: QObject,
    ) -> None:
        """Ask the desk, and have ``answer`` called with what it says, on Qt's thread.

        Not called if ``owner`` is gone by then, or the question failed, which is logged.
        """

        def deliver(said: T) -> None:
            if shiboken6.isValid(owner):
                answer(said)

        async def asked(desk: "Desk") -> None:
            try:
                said = await question(desk)
            except Exception:
                log.exception("a question to the desk failed")
                return
            self._answered.emit(lambda: deliver(said))

        self.do(lambda desk: desk.spawn(asked(desk)))

    def levels(self) -> "Levels | None":
        """How loud it is now; to be polled. None: nothing is open."""
        desk = self._desk
        return desk.levels() if desk is not None else None

    def quality(self) -> float | None:
        """How good the call is that is up, as an opinion score, 1 to 5; to be polled. None:
        nothing is known."""
        desk = self._desk
        return desk.quality() if desk is not None else None

    def stop(self) -> None:
        """Hang up, close the desk, and wait until its thread is over. Once; from Qt's thread."""
        with self._lock:
            self._stopped = True
            loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            _post(loop, stop.set)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _take(self) -> None:
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is not None:
            self.view = newest
            self.changed.emit(newest)

    # On the phone's thread

    def _run(self) -> None:
        import asyncio

        try:
            asyncio.run(self._live())
        except Exception as error:
            log.exception("the desk failed")
            self.failed.emit(str(error) or type(error).__name__)

    async def _live(self) -> None:
        import asyncio

        with self._lock:
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            if self._stopped:
                return
        desk = await self._make(self._tell, self.far.attach, self.near.attach)
        try:
            with self._lock:
                self._desk, waiting = desk, self._waiting
                self._waiting = []
            for verb in waiting:
                _done(verb, desk)
            await self._stop.wait()
        finally:
            with self._lock:
                self._desk = self._loop = None
            await desk.close()

    def _tell(self, view: DeskView) -> None:
        with self._lock:
            waits, self._newest = self._newest is not None, view
        if not waits:
            self._came.emit()


def _done(verb: Callable[["Desk"], object], desk: "Desk") -> None:
    try:
        verb(desk)
    except Exception:
        log.exception("the desk could not do what was asked")


def _post(loop: "asyncio.AbstractEventLoop", call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        # The loop ended meanwhile, and with it whatever was wanted of it.
        log.debug("the phone's thread is over")
