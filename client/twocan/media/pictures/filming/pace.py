"""Which pictures are left out, so that no more than wanted come in a second. Pure."""

_EARLY = 0.25
"""A picture may come this part of an interval too soon: cameras are no clocks."""


class Pace:
    """Lets pictures through at a rate that may change at any time."""

    def __init__(self) -> None:
        self._due = float("-inf")

    def lets_through(self, at: float, rate: float) -> bool:
        """Whether the picture of the time ``at``, in seconds, is one of ``rate`` in a second."""
        interval = 1 / rate
        if at < self._due - _EARLY * interval and self._due - at <= 2 * interval:
            return False
        # What was missed is not made up for, and a clock that was set back does not stop pictures.
        on_time = abs(at - self._due) < interval
        self._due = (self._due if on_time else at) + interval
        return True
