"""What a person does on the pages of the settings, and what a test reads there."""

from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindowStateChangeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from twocan.states import CallView, State


def verbs(drawn: Drawn) -> list[str]:
    """What was wanted, but for the question what is plugged in."""
    return [verb for verb, _, _ in drawn.wanted.verbs if verb != "devices"]


def last(drawn: Drawn) -> tuple[str, tuple[object, ...], dict[str, object]]:
    """What was wanted last, but for that question."""
    return [wanted for wanted in drawn.wanted.verbs if wanted[0] != "devices"][-1]


def texts(choice: QComboBox) -> list[str]:
    return [choice.itemText(at) for at in range(choice.count())]


def choose(choice: QComboBox, text: str) -> None:
    """By the keyboard, from the first one on."""
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Home)
    while choice.currentText() != text:
        before = choice.currentText()
        QTest.keyClick(choice, Qt.Key.Key_Down)
        assert choice.currentText() != before, f"there is no {text}"


def on_screen(widget: QWidget, qtbot: QtBot, size: tuple[int, int] = (400, 660)) -> None:
    """Show this in the window that the keyboard is at."""
    qtbot.addWidget(widget)
    widget.resize(*size)
    with qtbot.waitActive(widget):
        widget.show()
        # Where no window manager runs, nobody else does it.
        widget.activateWindow()


def minimise(widget: QWidget, *, back: bool = False) -> None:
    """Minimise its window, or bring it back; and tell it so where no window manager runs."""
    before = widget.windowState()
    widget.showNormal() if back else widget.showMinimized()
    window = widget.windowHandle()
    assert window is not None
    QApplication.sendEvent(window, QWindowStateChangeEvent(before))


def tab_order(page: QWidget) -> list[QWidget]:
    """The controls of a page that is shown, as the tab key comes to them."""
    order = []
    at = page.nextInFocusChain()
    while at is not None and at is not page:
        tabbed = bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus) and at.focusProxy() is None
        if tabbed and page.isAncestorOf(at) and at.isVisibleTo(page) and at.isEnabled():
            order.append(at)
        at = at.nextInFocusChain()
    return order


def talking(sid: str = "one", *, showing: bool = False, problem: str | None = None) -> CallView:
    """A call that is up."""
    return CallView(
        sid=sid,
        peer="somebody@site.example",
        outgoing=True,
        state=State.ACTIVE,
        end=None,
        ended_by=None,
        held=False,
        held_by_peer=False,
        muted=False,
        muted_by_peer=False,
        verification=None,
        times=MappingProxyType({"started": 0.0}),
        pictures=showing,
        showing=showing,
        camera_problem=problem,
    )
