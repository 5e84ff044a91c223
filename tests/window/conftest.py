"""The window under test: a real one, offscreen, or under Xvfb where ``QT_QPA_PLATFORM`` says so."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from twocan.gui.theme import Application

if TYPE_CHECKING:
    from house import House
    from town import Town

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Nobody's desktop is rung; under X11 Qt would even start a daemon of its own.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application that pytest-qt makes."""
    return Application


class Patient(QtBot):
    """Waits longer than pytest-qt's 5 s where nobody says how long: it costs nothing, but where
    something never comes."""

    def waitUntil(  # noqa: N802 - pytest-qt's name
        self, callback: Callable[[], bool | None], *, timeout: int = 40_000
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = 40_000, **how: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: Application, request: pytest.FixtureRequest) -> QtBot:
    """A patient one in place of pytest-qt's own."""
    return Patient(request)


@pytest.fixture(scope="session", autouse=True)
def first_window(qapp: Application) -> None:
    """Qt opens what it needs of the display with the first window, and keeps it open."""
    window = QWidget()
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.close()


@pytest.fixture(autouse=True)
def no_button_stays_pressed(first_window: None) -> Iterator[None]:
    """A window does not scroll below a pressed pointer: later tests would see that one is."""
    yield
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton


@pytest.fixture
def drawn(qtbot: QtBot) -> Iterator[Drawn]:
    """A bridge whose desk is drawn by the test."""
    bridge = Drawn()
    yield bridge
    bridge.deleteLater()


@pytest.fixture
def live_in(qtbot: QtBot) -> Iterator[Callable[["Town"], "House"]]:
    """Opens the whole window before a town; it is closed at the end."""
    from house import House

    houses: list[House] = []

    def live(town: "Town") -> House:
        houses.append(House(qtbot, town))
        return houses[-1]

    yield live
    for house in houses:
        house.leave()


@pytest.fixture
def house(live_in: Callable[["Town"], "House"]) -> "House":
    """The whole window, with somebody signed in."""
    from town import Town

    return live_in(Town()).signed_in()
