"""Calls that are only drawn, and a view that is shown them: for tests of the views of calls."""

from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from twocan.desk.state import DeskView
from twocan.gui.parts import Words
from twocan.states import CallView, State

ANA, BO = "ana@site.example", "bo@other.example"
NAMES = MappingProxyType({ANA: "Demo friend", BO: "Bo Demo"})


class View(Protocol):
    def show_desk(self, view: DeskView) -> None: ...


V = TypeVar("V", bound=QWidget)
Q = TypeVar("Q", bound=QWidget)


def a_call(sid: str = "one", state: State = State.ACTIVE, **what: Any) -> CallView:
    """A call with somebody, up and plain but for ``what``."""
    times = {"connected": 100.0} if state is State.ACTIVE else {}
    plain: dict[str, Any] = {
        "peer": ANA,
        "outgoing": True,
        "end": None,
        "ended_by": None,
        "held": False,
        "held_by_peer": False,
        "muted": False,
        "muted_by_peer": False,
        "verification": "048 215",
        "times": MappingProxyType(times),
    }
    return CallView(sid=sid, state=state, **(plain | what))


def seen(sid: str = "one", **what: Any) -> CallView:
    """A call in which both are seen."""
    times = MappingProxyType({"connected": 100.0, "first_video": 101.0})
    pictures: dict[str, Any] = {
        "pictures": True,
        "showing": True,
        "shown_by_peer": True,
        "times": times,
    }
    return a_call(sid, **(pictures | what))


def put(view: V, drawn: Drawn, qtbot: QtBot, size: tuple[int, int] = (400, 660)) -> V:
    """On the screen, with the keyboard, and told of every change."""
    qtbot.addWidget(view)
    drawn.changed.connect(view.show_desk)  # type: ignore[attr-defined]
    drawn.show(names=NAMES)
    view.setMinimumSize(320, 440)
    view.resize(*size)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    return view


def running(view: QWidget) -> list[QTimer]:
    """The timers below it that run."""
    return [timer for timer in view.findChildren(QTimer) if timer.isActive()]


def settle() -> None:
    """Lay out and paint all that was changed."""
    QApplication.processEvents()


def fits(view: QWidget, *parts: QWidget) -> bool:
    """Whether these parts are whole within the view, and none lies on another, once all that was
    changed is laid out."""
    settle()
    rects = [part.rect().translated(part.mapTo(view, part.rect().topLeft())) for part in parts]
    apart = all(not a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])
    return apart and all(view.rect().contains(rect) for rect in rects)


def button(view: QWidget, name: str) -> QAbstractButton:
    """The button of this name that is shown."""
    buttons = (each for each in view.findChildren(QAbstractButton) if each.isVisibleTo(view))
    return next(each for each in buttons if each.accessibleName() == name)


def texts(view: QWidget) -> list[str]:
    """What is to be read, but for what is hidden."""
    words = (each for each in view.findChildren(Words) if each.isVisibleTo(view))
    return [each.text() for each in words if each.text()]


def the(view: QWidget, kind: type[Q]) -> Q:
    """The part of this kind."""
    found = view.findChild(kind)
    assert found is not None, f"no {kind.__name__}"
    return found


def focused(view: QWidget) -> QWidget:
    """What the keyboard is at."""
    at: QWidget | None = view.focusWidget()
    return view if at is None else at
