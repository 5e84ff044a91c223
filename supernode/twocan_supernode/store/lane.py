"""A thread that works for a loop, in batches: what was asked for meanwhile is done together.

A call costs no hop of its own. What one turn of the loop asks for is handed over at once; the
thread takes all that waits, works, and hands all answers back at once. Waiting is bounded twice:
in number, and in time, whatever the thread hangs on.
"""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from twocan_supernode.store.values import StoreAway

# How many may wait in all, and how many are done together: more would be one long turn.
MOST_WAITING = 4096
MOST_TOGETHER = 256
# An answer that takes longer is none; the database itself is given less, see `databases`.
ANSWERS_WITHIN = 6.0
_CLOSES_WITHIN = 10.0


class Request:
    """One thing that is asked for, and where its answer goes."""

    __slots__ = ("asked", "future", "kind")

    def __init__(self, kind: Any, asked: Any, future: asyncio.Future[Any]) -> None:
        self.kind = kind
        self.asked = asked
        self.future = future


# An exception among the answers is raised at whoever asked. It may itself raise: then at all.
Perform = Callable[[Sequence[Request]], Sequence[Any]]
Batch = list[Request]


class Lane:
    """The thread, and the queue before it. Belongs to the loop that made it."""

    def __init__(self, name: str, perform: Perform, end: Callable[[], None]) -> None:
        self._perform = perform
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._next: Batch = []
        self._handed: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._out: deque[tuple[float, Batch]] = deque()
        self._waiting = 0
        self._stuck = False
        self._closing = False
        self._watch: asyncio.TimerHandle | None = None
        self._ended = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, kind: Any, asked: Any) -> asyncio.Future[Any]:
        """The answer to come. Raises StoreAway where it would not come in time."""
        if self._stuck or self._waiting >= MOST_WAITING or self._closing:
            raise StoreAway(self._why())
        future = self._loop.create_future()
        if not self._next:
            self._loop.call_soon(self._hand_over)
        self._next.append(Request(kind, asked, future))
        self._waiting += 1
        return future

    async def close(self) -> None:
        """What was asked for is still done, unless the database hangs."""
        if not self._closing:
            self._closing = True
            self._hand_over()
            self._handed.put(None)
        await asyncio.wait([self._ended], timeout=_CLOSES_WITHIN)
        if self._ended.done():
            self._thread.join()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _why(self) -> str:
        if self._closing:
            return "the store is closed"
        return (
            "the database does not answer" if self._stuck else "too much is asked of the database"
        )

    # --- on the loop ---------------------------------------------------------------------

    def _hand_over(self) -> None:
        if not self._next:
            return
        asked, self._next = self._next, []
        for first in range(0, len(asked), MOST_TOGETHER):
            batch = asked[first : first + MOST_TOGETHER]
            self._out.append((self._loop.time(), batch))
            self._handed.put(batch)
        if self._watch is None:
            self._watch = self._loop.call_later(ANSWERS_WITHIN, self._look)

    def _look(self) -> None:
        """Give up what has been out for too long; look again when the next one would be."""
        self._watch = None
        now = self._loop.time()
        for since, batch in self._out:
            if since + ANSWERS_WITHIN > now:
                self._watch = self._loop.call_at(since + ANSWERS_WITHIN, self._look)
                return
            self._stuck = True
            for request in batch:
                if not request.future.done():
                    request.future.set_exception(StoreAway(self._why()))

    def _answered(self, handed: int, batch: Batch, answers: Sequence[Any]) -> None:
        """``handed`` batches were taken; ``batch`` is what of them somebody still waited for."""
        for _ in range(handed):
            self._waiting -= len(self._out.popleft()[1])
        self._stuck = False
        for request, answer in zip(batch, answers, strict=True):
            if request.future.done():
                continue
            if isinstance(answer, BaseException):
                request.future.set_exception(answer)
            else:
                request.future.set_result(answer)

    # --- in the thread -------------------------------------------------------------------

    def _run(self) -> None:
        # A loop that was closed meanwhile waits for nothing any more.
        with suppress(RuntimeError):
            going = True
            while going:
                going = self._one_batch()
        self._end()
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended.set_result, None)

    def _one_batch(self) -> bool:
        taken: list[Batch] = []
        count = 0
        going = True
        with suppress(queue.Empty):
            while going and count < MOST_TOGETHER:
                handed = self._handed.get(block=not taken)
                going = handed is not None
                if handed is not None:
                    taken.append(handed)
                    count += len(handed)
        if taken:
            self._work(taken)
        return going

    def _work(self, taken: list[Batch]) -> None:
        # Whoever gave up waiting has been told that nobody knows; better not now.
        wanted = [one for batch in taken for one in batch if not one.future.done()]
        answers: Sequence[Any] = ()
        try:
            if wanted:
                answers = self._perform(wanted)
        except Exception as error:
            answers = [error] * len(wanted)
        self._loop.call_soon_threadsafe(self._answered, len(taken), wanted, answers)
