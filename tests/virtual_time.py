"""Time that passes at once: a loop that leaps to its next timer instead of waiting for it."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

P = ParamSpec("P")

_TICK = 1e-9


class _Leaping(selectors.DefaultSelector):
    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is left that could ever happen")
        self._leap(max(timeout, 0.0))
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock begins at 0. Nothing outside of it is waited for."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Leaping(self._leap))

    def time(self) -> float:
        # Two timers for the same moment would run out in any order; a clock always moves on.
        self._now += _TICK
        return self._now

    def timers(self) -> list[asyncio.TimerHandle]:
        """The timers that are still to run out."""
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return [timer for timer in scheduled if not timer.cancelled()]

    def hold_up(self, seconds: float) -> None:
        """Let time pass as if a callback took that long."""
        self._leap(seconds)

    def _leap(self, seconds: float) -> None:
        self._now += seconds


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in a ``VirtualLoop`` of its own; no task and no timer may outlive it."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(_clean(test(*args, **kwargs)))

    return run


def virtual_loop() -> VirtualLoop:
    """The loop that the test runs in."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


async def _clean(test: Coroutine[Any, Any, None]) -> None:
    loop = virtual_loop()
    await test
    for _ in range(10):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert loop.timers() == []
