"""The whole window on Qt's thread, over a desk in a town that lives on the phone's.

A test does what a person does: presses what it finds by its name, types, and looks. Its neighbours
act on their own thread. Keys and clicks go to the window as a desktop sends them, so that focus,
shortcuts and what lies on top are as real as the calls.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from talking import HIGH, Side
from town import ME, NEIGHBOUR, PITCH, Town
from twocan.desk.desk import Desk
from twocan.desk.state import DeskView, Standing
from twocan.gui.app import Face, Start
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.theme import Application
from twocan.gui.window import Page
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.filming.pattern import Mark, read
from twocan.media.pictures.picture import Picture
from twocan.phone import Line
from twocan.states import CallView, State

T = TypeVar("T")
P = TypeVar("P", bound=QWidget)

WITHIN_MS = 40_000
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
WIDE_BY_HIGH = 16 / 9
"""The shape of a neighbour's pictures."""


class House:
    """The window with all that is around it, before a town. ``leave`` closes all of it.

    It speaks English, unless the town's settings say otherwise. ``hidden``: it waits in the tray.
    """

    def __init__(self, qtbot: QtBot, town: Town | None = None, *, hidden: bool = False) -> None:
        self.qtbot, self.town = qtbot, town or Town()
        settings = self.town.settings.load()
        self.town.settings.save(replace(settings, language=settings.language or "en"))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._locale = QLocale()
        self._left = False
        application = QApplication.instance()
        assert isinstance(application, Application)
        self.application = application
        start = Start(self._open, self.town.settings.load(), hidden=hidden)
        self.face = Face(application, start)
        self.bridge, self.window = self.face.bridge, self.face.window
        for button in (LEFT, Qt.MouseButton.RightButton):
            # After a double click QTest takes the button to be down for good.
            QTest.mouseRelease(QWidget(), button)
        if not hidden:
            self.window.activateWindow()
            qtbot.waitUntil(self.window.isActiveWindow, timeout=WITHIN_MS)

    async def _open(
        self,
        tell: Callable[[DeskView], None],
        far: Callable[[Canvas], None],
        near: Callable[[Canvas], None],
    ) -> Desk:
        desk = await self.town.open_desk(tell, far, near)
        close = desk.close

        async def close_all() -> None:
            # The neighbours hear of our end before they are gone themselves.
            await close()
            await self.town.hangs_up()
            await self.town.close()

        desk.close = close_all  # type: ignore[method-assign]
        self._loop = asyncio.get_running_loop()
        return desk

    def leave(self) -> None:
        """Close the desk, the neighbours' phones and the window, and speak as before. Once."""
        if self._left:
            return
        self._left = True
        self.face.close()
        self.face.bridge.deleteLater()
        self.face.deleteLater()
        for translator in self.face._language._translators:
            QCoreApplication.removeTranslator(translator)
        QLocale.setDefault(self._locale)
        self.application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # --- What there is to see -----------------------------------------------------------------

    @property
    def view(self) -> DeskView:
        return self.bridge.view

    @property
    def call(self) -> CallView:
        """The one call that there is."""
        [call] = self.view.calls
        return call

    @property
    def ended_call(self) -> CallView:
        """The call whose end is shown."""
        assert self.view.ended is not None
        return self.view.ended

    def waits(self, is_so: Callable[[], object]) -> None:
        """Until it is so, while the window lives."""
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=WITHIN_MS)

    def sees(self, is_so: Callable[[DeskView], object]) -> DeskView:
        """Until the window was shown that."""
        self.waits(lambda: is_so(self.view))
        return self.view

    def turns_to(self, page: Page) -> None:
        """Until the window shows that page."""
        try:
            self.waits(lambda: self.window.page is page)
        except Exception as error:
            error.add_note(f"it shows {self.window.page}: {self.view}")
            raise

    def signed_in(self) -> "House":
        self.sees(lambda view: view.standing is Standing.ONLINE)
        return self

    def part(self, kind: type[P]) -> P:
        """The part of the page of this kind, once one is to be seen."""
        self.waits(lambda: self.parts(kind))
        [found] = self.parts(kind)
        return found

    def parts(self, kind: type[P]) -> list[P]:
        """Those of this kind that are to be seen now."""
        return [each for each in self.window.findChildren(kind) if each.isVisible()]

    @property
    def at(self) -> QWidget | None:
        """What the keyboard is at."""
        return QApplication.focusWidget()

    def button(self, name: str) -> QAbstractButton:
        """The button that a person, or a screen reader, knows by this name, once it is there."""
        self.waits(lambda: self._buttons(name))
        return self._buttons(name)[0]

    def _buttons(self, name: str) -> list[QAbstractButton]:
        every = self.window.findChildren(QAbstractButton)
        return [each for each in every if each.isVisible() and spoken(each) == name]

    # --- What a person does -------------------------------------------------------------------

    def clicks(self, name: str) -> None:
        """Click the button of this name."""
        button = self.button(name)
        self.presses_down(button)
        self.lets_go(button)

    def presses_down(self, on: QWidget, at: QPoint | None = None) -> None:
        """Press the mouse's button down on the middle of this."""
        QTest.mousePress(self._native, LEFT, PLAIN, self._point(on, at))

    def lets_go(self, on: QWidget, at: QPoint | None = None) -> None:
        """Let it go there."""
        QTest.mouseRelease(self._native, LEFT, PLAIN, self._point(on, at))

    def types(self, text: str) -> None:
        """Type this where the keyboard is."""
        for character in text:
            key = Qt.Key(ord(character.upper()))
            QTest.sendKeyEvent(QTest.KeyAction.Click, self._native, key, character, PLAIN)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press this key, wherever the keyboard is."""
        QTest.keyClick(self._native, key, modifiers)

    def goes_to(self, name: str) -> None:
        """By the tabulator to the button, or the field, of this name."""
        seen: list[str] = []
        while not seen or seen.count(seen[-1]) < 3:
            if self.at is not None and self.at.isVisible() and spoken(self.at) == name:
                return
            self.key(Qt.Key.Key_Tab)
            seen.append(spoken(self.at) if self.at else "nothing")
        raise AssertionError(f"the keyboard does not come to {name}, only to {seen}")

    @property
    def _native(self) -> QWindow:
        native = self.window.windowHandle()
        assert native is not None
        return native

    def _point(self, on: QWidget, at: QPoint | None) -> QPoint:
        return on.mapTo(self.window, at if at is not None else on.rect().center())

    # --- What others do -----------------------------------------------------------------------

    def beside(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Have this done on the phone's thread, and wait for it while the window lives."""
        done = self.begins(work)
        self.waits(done.done)
        return done.result()

    def settles(self) -> None:
        """Until what was asked of the desk so far is done, and shown."""

        async def nothing() -> None:
            """Begun after all of it: what is handed to a thread's loop is done in turn."""

        self.beside(nothing)
        QApplication.processEvents()

    def begins(self, work: Callable[[], Coroutine[Any, Any, T]]) -> "Future[T]":
        """Have this begun on the phone's thread."""
        self.waits(lambda: self._loop is not None)
        assert self._loop
        return asyncio.run_coroutine_threadsafe(work(), self._loop)

    def neighbour(self, address: str = NEIGHBOUR, pitch: float = HIGH) -> Side:
        """Somebody who moved in."""

        async def move_in() -> Side:
            return self.town.move_in(address, pitch)

        return self.beside(move_in)

    def rings_at(self, side: Side) -> Line:
        """The call that rings there, once it does."""
        return self.beside(lambda: side.line(State.INCOMING))

    def answers(self, side: Side, *, showing: bool = False) -> Line:
        """The neighbour takes the call that rings there, once it does."""

        async def answer() -> Line:
            line = await side.line(State.INCOMING)
            line.answer(showing=showing)
            return line

        return self.beside(answer)

    def calls_us(self, side: Side, *, showing: bool = False) -> Line:
        """The neighbour calls, and it rings there."""

        async def dial() -> Line:
            line = side.phone.dial(ME, showing=showing)
            await side.line(State.RINGING)
            return line

        return self.beside(dial)

    def hears(self, side: Side, pitch: float = PITCH) -> None:
        """The neighbour hears us, in the call that came up last."""

        async def hear() -> None:
            await side.line(State.ACTIVE)
            await side.ear.hears(pitch)

        self.beside(hear)

    def hears_silence(self, side: Side) -> None:
        """The neighbour hears nothing any more."""
        self.beside(lambda: side.ear.hears_silence())

    def hangs_up(self, side: Side) -> None:
        """The neighbour ends every call of theirs."""

        async def hang_up() -> None:
            for line in side.phone.live:
                line.hang_up()

        self.beside(hang_up)

    def ended(self, line: Line) -> CallView:
        """How this call ended there, once it is over."""

        async def end() -> CallView:
            await line.ended.wait()
            return line.call.view()

        return self.beside(end)

    # --- Both ---------------------------------------------------------------------------------

    def talks_with(self, side: Side, *, showing: bool = False) -> Line:
        """We are in a call with the neighbour, who called. Their line."""
        line = self.calls_us(side, showing=showing)
        self.turns_to(Page.INCOMING)
        self.key(Qt.Key.Key_Space)
        self.turns_to(Page.IN_CALL)
        self.sees(lambda view: any(call.state is State.ACTIVE for call in view.calls))
        return line


def spoken(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def field_at(house: House) -> QLineEdit:
    """The field that the keyboard is at."""
    assert isinstance(house.at, QLineEdit), f"the keyboard is at {house.at}"
    return house.at


def mark_in(view: PictureView, *, mirrored: bool = False) -> Mark | None:
    """What the picture that is seen there says of itself, if it can be read."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(-1, image.bytesPerLine())
    grey = rows[:, : image.width()]
    height, width = grey.shape
    high, wide = min(height, round(width / WIDE_BY_HIGH)), min(width, round(height * WIDE_BY_HIGH))
    top, left = (height - high) // 2, (width - wide) // 2
    seen = grey[top : top + high, left : left + wide]
    if mirrored:
        seen = seen[:, ::-1]
    # Black is 16 and white is 235 of a camera's luma (BT.601).
    luma = (seen.astype(np.float32) * (219 / 255) + 16).astype(np.uint8)
    half = np.full(((high + 1) // 2, (wide + 1) // 2), 128, np.uint8)
    return read(Picture(luma, half, half, 0.0))
