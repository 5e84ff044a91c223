"""Proposals that a supernode kept for us while no phone of ours was there.

One that is still fresh rings. One that was taken back meanwhile must not, not even for a moment;
but a supernode gives what it kept in order, and nothing says when that was all.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from twocan.address import bare
from twocan.messages import Initiation, Propose, Retract

FOLLOWED_WITHIN = 0.25
"""Seconds that a kept proposal waits for what took it back: that was kept as well, and comes
with it."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    sender: str
    message: Propose
    age: float
    wait: asyncio.TimerHandle


class KeptProposals:
    """Holds them back for that moment; everything else is heard at once. What was taken back is
    ``missed``."""

    def __init__(
        self,
        heard: Callable[[str, Initiation, float], None],
        missed: Callable[[str, Propose, float], None],
    ) -> None:
        self._heard, self._missed = heard, missed
        self._waiting: dict[tuple[str, str], _Proposal] = {}

    def take(self, sender: str, message: Initiation, age: float | None) -> None:
        """A message came; it was kept for ``age`` seconds, None if it was not."""
        key = bare(sender), message.sid
        if isinstance(message, Propose) and age is not None:
            wait = asyncio.get_running_loop().call_later(FOLLOWED_WITHIN, self._fresh, key)
            self._waiting[key] = _Proposal(sender, message, age, wait)
            return
        if isinstance(message, Retract) and (proposal := self._waiting.pop(key, None)):
            proposal.wait.cancel()
            self._missed(proposal.sender, proposal.message, proposal.age)
        self._heard(sender, message, age or 0.0)

    def close(self) -> None:
        """Hear of none of them any more."""
        for proposal in self._waiting.values():
            proposal.wait.cancel()
        self._waiting.clear()

    def _fresh(self, key: tuple[str, str]) -> None:
        proposal = self._waiting.pop(key)
        self._heard(proposal.sender, proposal.message, proposal.age + FOLLOWED_WITHIN)
