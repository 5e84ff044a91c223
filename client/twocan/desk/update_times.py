"""When to ask for a new version next. Pure: seconds since 1970 in, and out.

At most once a day where somebody answers, and hours later where nobody does. All who start in the
same minute, because a supernode is there again, are spread by ``chance``, from 0 to 1. When to ask
next is written down, so a program that runs for minutes at a time comes to it as well.
"""

HOUR = 3600.0
DAY = 24 * HOUR
FIRST_WITHIN = HOUR
"""After the first start."""
SPREAD = 4 * HOUR
"""Added to what follows, at most."""
AGAIN_AFTER = 4 * HOUR
"""Where nobody answered."""
LONGEST = DAY + SPREAD


def first(now: float, chance: float) -> float:
    """For who never asked."""
    return now + FIRST_WITHIN * chance


def after(now: float, chance: float, *, answered: bool) -> float:
    """After an asking that ended now. ``answered``: the domain said something, if only that it
    knows of no releases."""
    return now + (DAY if answered else AGAIN_AFTER) + SPREAD * chance


def heeded(due: float, now: float) -> float:
    """``due`` as it was written down, or sooner: a clock that was wrong and is set back must not
    keep anybody waiting for years."""
    return min(due, now + LONGEST)
