"""The event loop of the process: uvloop's where there is one."""

import asyncio
import sys
from collections.abc import Callable, Coroutine

if sys.platform == "win32":
    new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None
else:
    from uvloop import new_event_loop as new_loop


def run_in_loop(main: Coroutine[object, object, None]) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main)
