"""The event loop's clock, lent to sources and sinks that have none of their own.

A loop that was held up catches up with a few blocks at once; after more than 200 ms it goes on
with the present instead, and the times that it tells show the gap.

Who takes and gives the blocks may close the ends while doing so.
"""

import asyncio
from collections.abc import Callable

from twocan.media.sound import BLOCK_SECONDS, Give, Heard, Sink, SoundError, Source

_TOO_LATE_SECONDS = 0.2


class ClockedCapture:
    """A source as a microphone: 10 ms of it each 10 ms. It closes the source with itself."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._clock = _Clock()

    def start(self, heard: Heard, failed: Callable[[SoundError], None]) -> None:
        self._clock.start(lambda at: heard(self._source.read(), at), failed)

    def close(self) -> None:
        self._clock.stop()
        self._source.close()


class ClockedPlayback:
    """A sink as a speaker: 10 ms into it each 10 ms. It closes the sink with itself."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._clock = _Clock()

    def start(self, give: Give, failed: Callable[[SoundError], None]) -> None:
        def play(at: float) -> None:
            block = give(at)
            if self._clock.runs:
                self._sink.write(block)

        self._clock.start(play, failed)

    def close(self) -> None:
        """Raises SoundError where a file could not be ended."""
        self._clock.stop()
        self._sink.close()


class _Clock:
    """Ticks every 10 ms without drift until it is stopped, or a tick fails."""

    def __init__(self) -> None:
        self._next: asyncio.Handle | None = None

    @property
    def runs(self) -> bool:
        return self._next is not None

    def start(self, tick: Callable[[float], None], failed: Callable[[SoundError], None]) -> None:
        loop = asyncio.get_running_loop()

        def turn(due: float) -> None:
            self._run(tick, due, failed)
            if self.runs:
                due = _after(due, loop.time())
                self._next = loop.call_at(due, turn, due)

        self._next = loop.call_soon(turn, loop.time())

    def _run(
        self, tick: Callable[[float], None], due: float, failed: Callable[[SoundError], None]
    ) -> None:
        try:
            tick(due)
        except SoundError as error:
            self._fail(error, failed)
        except Exception:
            # Ours to mend, and logged by the loop; but no call goes on without a word or a sound.
            self._fail(SoundError("sound ended by a fault of this program: see its log"), failed)
            raise

    def _fail(self, error: SoundError, failed: Callable[[SoundError], None]) -> None:
        if self.runs:
            self.stop()
            failed(error)

    def stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None


def _after(due: float, now: float) -> float:
    """When the next tick is due."""
    due += BLOCK_SECONDS
    late = now - due
    return due + late // BLOCK_SECONDS * BLOCK_SECONDS if late > _TOO_LATE_SECONDS else due
