"""The history on the board: written on a thread of its own, and read again after each writing."""

from collections.abc import Callable
from types import MappingProxyType

from twocan.address import bare
from twocan.desk.board import Board
from twocan.desk.history import History
from twocan.desk.state import Past
from twocan.desk.work import Aside
from twocan.states import CallView, End, State

_KNOWN = {End.REPLACED, End.ANSWERED_ELSEWHERE, End.DECLINED_ELSEWHERE}
"""Ends of calls that rang here which the person knows of from another phone."""


class Records:
    """``wall``: seconds since 1970."""

    def __init__(self, history: History, board: Board, wall: Callable[[], float]) -> None:
        self._history, self._board, self._wall = history, board, wall
        self._aside = Aside("history")
        self.introduced: frozenset[str] = frozenset()
        """Whom sites named in links that the person followed."""

    async def read(self) -> None:
        """Show what is written."""
        past, names, self.introduced = await self._aside.do(self._recent)
        self._board.show(past=past, names=MappingProxyType(names))

    async def write(self, view: CallView, clock: float) -> None:
        """Write down how a call is. ``clock``: now, on the clock of its times."""
        at = self._wall() - (clock - view.times["started"])
        seen = not is_missed(view)
        await self._rewrite(lambda: self._history.write(view, at, seen=seen))

    async def learn(self, peer: str, name: str | None, site: str | None = None) -> None:
        """Remember what somebody is called. ``site``: of whose link it is; None: of their card."""
        if name:
            await self._rewrite(lambda: self._history.name(peer, name, site))

    async def saw_missed(self) -> None:
        """The person knows of all missed calls."""
        await self._rewrite(self._history.saw_missed)

    async def since_here(self, address: str) -> float | None:
        """Seconds since whoever has this address was signed in here; None: nobody knows."""
        here = await self._aside.do(lambda: self._history.was_here(bare(address)))
        return None if here is None else max(self._wall() - here, 0.0)

    async def here(self, address: str) -> None:
        """Whoever has this address is signed in here now."""
        at = self._wall()
        await self._aside.do(lambda: self._history.here(bare(address), at))

    async def clear(self) -> None:
        await self._rewrite(self._history.clear)

    async def close(self) -> None:
        await self._aside.do(self._history.close)
        self._aside.close()

    async def _rewrite(self, write: Callable[[], object]) -> None:
        await self._aside.do(write)
        await self.read()

    def _recent(self) -> tuple[tuple[Past, ...], dict[str, str], frozenset[str]]:
        return self._history.recent(), self._history.names(), self._history.introduced()


def is_missed(view: CallView) -> bool:
    """Whether the call rang here in vain, and nobody knows of it."""
    return (
        view.state is State.ENDED
        and not view.outgoing
        and "answered" not in view.times
        and view.ended_by != "us"
        and view.end not in _KNOWN
    )
