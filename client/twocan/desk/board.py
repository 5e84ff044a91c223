"""The board on which a desk shows what there is to see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from twocan.desk.state import DeskView, Problem, Trouble


class Board:
    """``tell`` is called with every new view; it must return at once."""

    def __init__(self, tell: Callable[[DeskView], None], view: DeskView) -> None:
        self._tell = tell
        self.view = view
        tell(view)

    def show(self, **changes: Any) -> None:
        """Show the view with these changes, if they are any."""
        view = replace(self.view, **changes)
        if view != self.view:
            self.view = view
            self._tell(view)

    def trouble(self, trouble: Trouble, detail: str = "") -> None:
        """Something that was wanted did not work."""
        self.show(problem=Problem(trouble, detail))
