"""A microphone or a speaker as a call has it: blocks every 10 ms, whatever becomes of devices.

A line's blocks come from the sound card, on its thread. Where there is none, or while it says
nothing, a stand-in thread keeps the time: a microphone then hears silence and a speaker's sound
is lost. Only one of both is let in at a time, and neither waits for the other.
"""

import logging
import threading
import time
from collections.abc import Callable

import numpy as np

from twocan.media.devices.choosing import Direction, Following
from twocan.media.devices.portaudio import LATENCIES, Stream
from twocan.media.sound import BLOCK_SECONDS, SILENCE, Give, Heard, Samples, SoundError

log = logging.getLogger(__name__)

SILENT_SECONDS = 0.5
"""Without a callback for so long, a device counts as dead."""

_TOO_LATE_SECONDS = 0.2
_IN_FLIGHT_SECONDS = 0.2

Failed = Callable[[SoundError], None]


class Line:
    """What a microphone and a speaker have in common.

    ``device``: the name of the device in use; None while there is none. ``problem``: why, for a
    person. ``headset``: whether the device is worn. ``wanted``: the name that it goes by.
    """

    direction: Direction

    def __init__(self, wanted: str, tend: Callable[[], None]) -> None:
        self.device: str | None = None
        self.headset = False
        self.problem: str | None = None
        self.closed = False
        self.wanted = wanted
        self.following = Following(self.direction, wanted)
        # The supervisor's:
        self.tended = False
        self.stream: Stream | None = None
        self.target: str | None = None
        self.retry_at = 0.0
        self.step = 0
        self._tend = tend
        self._failed: Failed | None = None
        self._broken_by: Exception | None = None
        self._admitted: Stream | None = None
        self._turn = threading.Lock()
        self._stand_in: StandIn | None = None
        self.standing_in = False

    @property
    def latency(self) -> float:
        """Seconds between the air and the blocks, as the device says; 0 while there is none."""
        stream = self._admitted
        return stream.latency if stream else 0.0

    @property
    def started(self) -> bool:
        return self._failed is not None and not self.closed

    @property
    def asked_latency(self) -> float:
        return LATENCIES[self.step]

    def choose(self, name: str) -> None:
        """Go by another name from now on: the whole one of a device, or ``default``.

        The sound moves there within moments, or, where there is no such device, to the one that
        the system has as its default until it is plugged in.
        """
        self.wanted = name
        self._tend()

    def close(self) -> None:
        """Stop: no block is handed over any more, and the device is closed within moments."""
        self.closed = True
        # Whoever is just handing a block over does so without waiting for anybody.
        if self._turn.acquire(timeout=_IN_FLIGHT_SECONDS):
            self._turn.release()
        self._tend()

    # For the supervisor

    def admit(self, stream: Stream) -> None:
        """Let this stream's blocks in: it is connected to the right device."""
        self._admitted = stream

    def dismiss(self) -> None:
        """Let no stream's blocks in."""
        self._admitted = None

    @property
    def flowing(self) -> bool:
        """Whether an admitted stream runs, and has called within the last half second."""
        stream = self._admitted
        return (
            stream is not None
            and stream.running
            and time.monotonic() - (stream.last or 0.0) < SILENT_SECONDS
        )

    def stand_in(self) -> None:
        """Have the time kept until a stream does."""
        if self._stand_in is None or not self._stand_in.is_alive():
            self.standing_in = True
            self._stand_in = StandIn(self)
            self._stand_in.start()

    def end(self) -> None:
        """Wait for the stand-in, after ``close``."""
        if self._stand_in is not None:
            self._stand_in.join()

    def complain(self) -> None:
        """Say that what the blocks are for failed: that is final, unlike whatever devices do."""
        error, self._broken_by = self._broken_by, None
        if error is not None and self._failed is not None:
            log.error("the %s's sound failed", self.direction, exc_info=error)
            self._failed(SoundError(f"the {self.direction} ended: {error}"))

    # On the sound card's thread, or the stand-in's

    def turn(self, stream: Stream | None, samples: Samples, at: float) -> None:
        """Hand over or fill one block."""
        if not self._lets_in(stream) or self.closed or not self._turn.acquire(blocking=False):
            samples[:] = 0
            return
        try:
            self._exchange(samples, at)
        except Exception as error:
            samples[:] = 0
            self._break(error)
        finally:
            self._turn.release()

    def _lets_in(self, stream: Stream | None) -> bool:
        if stream is None:
            return True
        # Until a new stream runs by itself, whoever stands in for it goes on.
        return stream is self._admitted and (stream.running or not self.standing_in)

    def _exchange(self, samples: Samples, at: float) -> None:
        raise NotImplementedError

    def _break(self, error: Exception) -> None:
        # No word of it here: logging would make a Python thread of the sound card's for good.
        self.closed = True
        self._broken_by = error
        self._tend()

    def _begin(self, failed: Failed) -> None:
        self._failed = failed
        self._tend()


class Capture(Line):
    """A microphone. It opens at ``start``, and not before."""

    direction = Direction.MICROPHONE

    def start(self, heard: Heard, failed: Failed) -> None:
        """Hand every block to ``heard``, on the sound card's thread: it must not wait.

        A device that goes is no failure. ``failed`` is told where ``heard`` raised something.
        """
        self._heard = heard
        self._begin(failed)

    def _exchange(self, samples: Samples, at: float) -> None:
        self._heard(samples, at)


class Playback(Line):
    """A speaker."""

    direction = Direction.SPEAKER

    def start(self, give: Give, failed: Failed) -> None:
        """Ask ``give`` for every block, on the sound card's thread: it must not wait.

        A device that goes is no failure. ``failed`` is told where ``give`` raised something.
        """
        self._give = give
        self._begin(failed)

    def _exchange(self, samples: Samples, at: float) -> None:
        samples[:] = self._give(at)


class StandIn(threading.Thread):
    """Keeps a line's time until a stream does, or the line is closed."""

    def __init__(self, line: Line) -> None:
        super().__init__(name=f"twocan-{line.direction}-stand-in", daemon=True)
        self._line = line

    def run(self) -> None:
        due = time.monotonic()
        while self._line.started and not self._line.flowing:
            self._line.turn(None, np.array(SILENCE), due)
            due += BLOCK_SECONDS
            now = time.monotonic()
            if now - due > _TOO_LATE_SECONDS:
                due = now
            time.sleep(max(0.0, due - now))
        self._line.standing_in = False
