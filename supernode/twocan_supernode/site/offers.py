"""The downloads that a launch's answer names: looked for once in some seconds, not for each."""

from twocan_supernode.site import pages
from twocan_supernode.site.parts import Parts

_LOOK_AGAIN = 5_000
"""Milliseconds."""


class Offers:
    def __init__(self, parts: Parts) -> None:
        self._where = parts.where
        self._clock = parts.clock
        self._looked: int | None = None
        self._found: dict[str, dict[str, str | int]] = {}

    def now(self) -> dict[str, dict[str, str | int]]:
        """By platform: URL and size in bytes."""
        now = self._clock()
        if self._looked is None or not 0 <= now - self._looked < _LOOK_AGAIN:
            self._found = pages.downloads(self._where.downloads, self._where.url)
            self._looked = now
        return self._found
