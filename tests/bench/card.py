"""A sound card for measuring: what it captures is known, and what it plays is kept.

It is exact. A block of the microphone is handed over when its last sample was in the air, and a
block for the speaker is asked for when its first sample has to be there. So what a call takes from
capture to playout is all its own, and nothing of a device's buffers is in it.
"""

import threading
import time
from collections.abc import Callable

import numpy as np

from speech import RATE, Sound

BLOCK = RATE // 100
_SECONDS = BLOCK / RATE
_SILENCE: Sound = np.zeros(BLOCK, np.int16)
_TOO_LATE_SECONDS = 0.2


class Card:
    """Both ways on one thread, as sound cards have it. Times are ``time.monotonic``'s."""

    def __init__(self) -> None:
        self.microphone = Microphone()
        self.speaker = Speaker()
        self.failure: str | None = None
        """Why what was measured is worth nothing, if so."""
        self.cost = 0.0
        """CPU seconds that the card itself took, and not the call on the card's thread. A real card
        wakes its thread by hardware; here that is half of all."""
        self._ending = threading.Event()
        self._of_call = 0.0
        self._thread = threading.Thread(target=self._run, name="card", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ending.wait(max(due - time.monotonic(), 0)):
            took = self.microphone.turn(due) + self.speaker.turn(due)
            self._of_call += took
            self.cost = time.thread_time() - self._of_call
            due += _SECONDS
            if (late := time.monotonic() - due) > _TOO_LATE_SECONDS:
                self.failure = f"this machine is too busy to measure: {late:.2f} s late"


class Microphone:
    """Hears silence until it is given what to say."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: Callable[[Sound, float], None] | None = None
        self._saying = np.zeros(0, np.int16)
        self._next: int | None = None
        self.said_at = 0.0
        """When the first sample of what it was given was in the air."""

    def start(self, heard: Callable[[Sound, float], None], failed: object = None) -> None:
        self._heard = heard

    def close(self) -> None:
        """Once this returned, nothing is handed over any more."""
        with self._lock:
            self._heard = None

    def say(self, sound: Sound) -> None:
        """From the next block on, once."""
        self._saying = np.pad(sound, (0, -sound.size % BLOCK))
        self._next = 0

    def turn(self, now: float) -> float:
        """The block that ends now. What the call did with it took so many CPU seconds."""
        at = now - _SECONDS
        block = self._block(at)
        with self._lock:
            began = time.thread_time()
            if self._heard is not None:
                self._heard(block, at)
            return time.thread_time() - began

    def _block(self, at: float) -> Sound:
        start = self._next
        if start is None or start >= self._saying.size:
            return _SILENCE
        if start == 0:
            self.said_at = at
        self._next = start + BLOCK
        return self._saying[start : start + BLOCK].copy()


class Speaker:
    """Keeps what it plays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._give: Callable[[float], Sound] | None = None
        self._played: list[Sound] = []
        self.heard_at: float | None = None
        """When the first sample that it kept was in the air."""

    @property
    def heard(self) -> Sound:
        return np.concatenate([*self._played, _SILENCE])

    def start(self, give: Callable[[float], Sound], failed: object = None) -> None:
        self._give = give

    def close(self) -> None:
        """Once this returned, nothing is asked for any more."""
        with self._lock:
            self._give = None

    def turn(self, now: float) -> float:
        """The block that begins now. The call took so many CPU seconds for it."""
        if self.heard_at is None:
            self.heard_at = now
        with self._lock:
            began = time.thread_time()
            block = self._give(now) if self._give is not None else _SILENCE
            took = time.thread_time() - began
            self._played.append(block.copy())
            return took
