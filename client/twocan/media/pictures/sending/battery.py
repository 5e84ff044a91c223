"""How full the battery is, where pictures are paid for from one."""

import logging
import time

log = logging.getLogger(__name__)

_EVERY = 30.0
"""Seconds between two looks: the system is asked, which takes a millisecond."""


class Battery:
    """A battery that is asked rarely."""

    def __init__(self) -> None:
        self._level: float | None = None
        self._asked_at = float("-inf")

    def level(self, now: float | None = None) -> float | None:
        """From 0 to 1; None on mains, and where there is no battery or nobody can tell.

        ``now``: seconds of ``time.monotonic``.
        """
        now = time.monotonic() if now is None else now
        if now - self._asked_at >= _EVERY:
            self._asked_at = now
            self._level = _ask()
        return self._level


def _ask() -> float | None:
    try:
        # It comes with the extra that brings cameras.
        import psutil
    except ImportError:
        return None
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, ValueError, RuntimeError) as error:
        # FreeBSD aside, it depends on files and drivers of all kinds.
        log.debug("the battery cannot be read: %s", error)
        return None
    if battery is None or battery.power_plugged or battery.percent is None:
        return None
    return float(min(max(battery.percent / 100, 0.0), 1.0))
