"""A machine that is let be: for what cannot be while it stops for a second, or serves others."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

TRIES = 4

T = TypeVar("T")


async def in_peace(attempt: Callable[[], Awaitable[T]], is_so: Callable[[T], bool]) -> T:
    """What came of the first attempt of which that is so, or else of the last.

    A busy machine spoils one or another of them, but not all. Where the first is as it should be,
    there is no other.
    """
    for _ in range(TRIES):
        if is_so(outcome := await attempt()):
            break
    return outcome
