"""What a desk works at beside its calls: each piece to its end, and no failure unheard."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Work:
    """Tasks that live no longer than the desk."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Work at something. What fails is logged, and is the end of it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def finish(self) -> None:
        """Wait until all of it is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("something around the calls failed", exc_info=error)


class Aside:
    """A thread of its own for what waits: a disk, a keyring. One thing after the other, in the
    order in which they were given."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, name)

    def do(self, wait: Callable[[], T]) -> Awaitable[T]:
        """Have it done there. The answer, or what it raised, comes to whoever awaits it."""
        return asyncio.get_running_loop().run_in_executor(self._thread, wait)

    def close(self) -> None:
        self._thread.shutdown()
