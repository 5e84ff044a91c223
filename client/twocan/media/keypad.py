"""The keys that are pressed in a call: one after the other, each as its packets are due.

Pure and clocked by the samples that are sent.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from twocan.media import telephone_event
from twocan.media.telephone_event import KEYS, USUAL, Packet

_PAUSE = USUAL // 2
"""Samples between two keys: who counts them must tell two alike apart (ITU-T Q.24: 40 ms)."""


def checked(keys: str) -> str:
    """The keys as they are sent. Raises ValueError for what is no key."""
    if strange := [key for key in keys if key.upper() not in KEYS]:
        raise ValueError(f"{strange[0]!r} is no key: give digits, *, # and A to D")
    return keys.upper()


class Keypad:
    """Keys on their way."""

    def __init__(self) -> None:
        self.sent = ""
        """The keys that were begun so far."""
        self._waiting: deque[str] = deque()
        self._packets: deque[Packet] = deque()
        self._start = 0
        self._free_from = 0

    def press(self, keys: str) -> None:
        """Raises ValueError for what is no key."""
        self._waiting.extend(checked(keys))

    def begin(self, now: int) -> str | None:
        """The key that begins at ``now``, in samples since the stream's first."""
        # Where the samples leap, since the machine was held up, the key before is still told of.
        if not self._waiting or self._packets or now < self._free_from:
            return None
        key = self._waiting.popleft()
        self._start, self._free_from = now, now + USUAL + _PAUSE
        self._packets.extend(telephone_event.press(key))
        self.sent += key
        return key

    def due(self, now: int) -> Iterator[Packet]:
        """The packets to be sent by ``now``; their timestamps are on the stream's clock."""
        while self._packets and self._start + self._packets[0].due <= now:
            packet = self._packets.popleft()
            yield replace(packet, timestamp=self._start + packet.timestamp)
