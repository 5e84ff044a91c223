"""A bridge to a desk that is only drawn: a test says what there is to see, and reads what was
wanted. For tests of single views; whole calls are made with a real desk."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject

from twocan.desk.desk import Desk
from twocan.desk.equipment import Levels
from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge

T = TypeVar("T")


class Wanted:
    """Writes down what a desk is asked for: ``("dial", ("a@site.example",), {"showing": True})``"""

    def __init__(self) -> None:
        self.verbs: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        """What a question is answered with, by its name."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        assert hasattr(Desk, name), f"a desk has no {name}"

        def wanted(*args: Any, **about: Any) -> Any:
            self.verbs.append((name, args, about))
            return self.answers.get(name)

        return wanted


class Drawn(Bridge):
    """Shows what it is told to show."""

    def __init__(self) -> None:
        super().__init__(_never)
        self.wanted = Wanted()
        self.heard: Levels | None = None
        self.score: float | None = None

    def show(self, view: DeskView | None = None, **changes: Any) -> None:
        """Have the window draw this."""
        self.view = replace(view or self.view, ready=True, **changes)
        self.changed.emit(self.view)

    def do(self, verb: Callable[[Desk], object]) -> None:
        verb(cast("Desk", self.wanted))

    def ask(
        self,
        question: Callable[[Desk], Awaitable[T]],
        answer: Callable[[T], None],
        owner: QObject,
    ) -> None:
        """Answered at once, with what ``wanted.answers`` holds."""
        answer(cast("T", question(cast("Desk", self.wanted))))

    def levels(self) -> Levels | None:
        return self.heard

    def quality(self) -> float | None:
        return self.score

    @property
    def last(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """What was wanted last."""
        return self.wanted.verbs[-1]


async def _never(tell: object, far: object, near: object) -> Desk:
    raise AssertionError("a desk that is drawn is never opened")
